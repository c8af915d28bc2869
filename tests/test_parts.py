"""A program too large for one piece: parts, prices of what ties them, plans put together, and who solves them."""

import os
import signal
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import networkx as nx
import numpy as np
import pytest
from scipy import sparse
from small_programs import knapsack_cover
from small_province import CUT, run, write_scenario
from test_certificate import certificate_of, rewritten

from models import parts as parts_module
from models.answer import Answer, Limits, LpAnswer
from models.block_proof import bounds_by_block, spanning_worth
from models.certificate import proved_bound, rounded
from models.engine import Means, SolveInterrupter, relax, solve
from models.errands import Errand, Relaxing
from models.in_one_piece import one_by_one
from models.parts import parts_if_worth, parts_of
from models.passes import Passes, relax_by_parts
from models.program import Cover, Program, Rows, row
from planner.frames import program_arrays, program_from
from planner.part_workers import PartWorkers
from planner.solver import Solver

FOREVER = 1e9


def provinces(count: int, *, cut: int) -> Program:
    """Provinces of six units in a row. Neighbours may merge, which costs 1, 2, 3, 4, 5; `cut` mergers are asked for.

    Choices of a province: six units left alone, then five mergers of neighbours. Three mergers at most in a province.
    """
    alone = np.eye(6, dtype=np.int64)
    merged = np.array([[1 if unit in (pair, pair + 1) else 0 for pair in range(5)] for unit in range(6)])
    one = np.hstack([alone, merged])
    cover = Cover(sparse.csr_array(sparse.block_diag([one] * count, dtype=np.int64)), np.ones(6 * count, dtype=bool))
    mergers = np.array([0] * 6 + [1] * 5, dtype=np.int64)
    at_most = Rows(
        "work",
        tuple(map(str, range(count))),
        sparse.csr_array(sparse.block_diag([mergers.reshape(1, -1)] * count, dtype=np.int64)),
        np.zeros(count, dtype=np.int64),
        np.full(count, 3, dtype=np.int64),
    )
    costs = np.tile(np.array([0] * 6 + [1, 2, 3, 4, 5], dtype=np.int64), count)
    return Program(cover, (at_most, row("cut", np.tile(mergers, count), at_least=cut)), costs)


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of some dozen columns, where provinces of thousands are meant."""
    for name, size in (("PAYS_FROM", 50), ("LARGEST", 40), ("WORTH", 11)):
        monkeypatch.setattr(parts_module, name, size)
    monkeypatch.setattr("models.part_plans.FREED", (11, 22, 44))


@pytest.mark.usefixtures("small")
def test_makes_every_province_a_part_with_its_own_rows_inside() -> None:
    found = parts_of(provinces(10, cut=5))
    assert found.count == 10 and found.largest == 11
    assert found.of_column.tolist() == [part for part in range(10) for _ in range(11)]
    assert found.spanning.tolist() == [70], "sixty units, ten rows of work, and the cut between them"
    assert parts_if_worth(provinces(10, cut=5)) is not None


@pytest.mark.usefixtures("small")
def test_puts_small_blocks_together_until_they_are_worth_an_errand(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts_module, "WORTH", 35)
    monkeypatch.setattr(parts_module, "FEWEST", 3)
    found = parts_of(provinces(10, cut=5))
    assert np.bincount(found.of_column).tolist() == [33, 33, 33, 11]


@pytest.mark.usefixtures("small")
def test_leaves_a_program_alone_that_is_small_or_held_together_by_many_rows(monkeypatch: pytest.MonkeyPatch) -> None:
    assert parts_if_worth(provinces(4, cut=5)) is None
    monkeypatch.setattr(parts_module, "MOST_SPANNING", 0)
    assert parts_if_worth(provinces(10, cut=5)) is not None, "one row between parts, as a nation has"
    monkeypatch.setattr(parts_module, "VERY_LARGE", 110)
    assert parts_if_worth(provinces(10, cut=5)) is None


@pytest.mark.usefixtures("small")
def test_divides_a_program_with_more_rows_between_parts_than_a_nation_only_where_it_is_very_large(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(parts_module, "NATIONAL", 0)
    assert parts_if_worth(provinces(10, cut=5)) is None
    monkeypatch.setattr(parts_module, "VERY_LARGE", 110)
    assert parts_if_worth(provinces(10, cut=5)) is not None


@pytest.mark.usefixtures("small")
def test_a_nation_stays_one_when_further_plans_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """One row between parts; three plans found before add one each, and the solver process hears of it."""
    monkeypatch.setattr(parts_module, "NATIONAL", 1)
    program = provinces(10, cut=5)
    spanning = np.ones(program.columns, dtype=np.int64)
    later = program.with_rows([row("not-1", spanning, at_most=59)])
    later = later.with_rows([row(f"not-{rank}", spanning, at_most=59) for rank in (2, 3)])
    for asked in (later, later.with_costs(spanning), program_from(program_arrays(later))):
        assert asked.added == 3 and parts_if_worth(asked) is not None
    stated = replace(program, rows=(*program.rows, row("other", spanning, at_most=59)))
    assert parts_if_worth(stated) is None, "two rows of the scenario"


@pytest.mark.usefixtures("small")
def test_finds_by_passes_what_one_merger_more_is_worth() -> None:
    """Ten provinces, 15 mergers. Ten cost 1 each; a province that makes two takes 1 + 3, so five more cost 3 each."""
    parts = parts_of(provinces(10, cut=15))
    passes = Passes(parts, one_by_one(Means()), FOREVER)
    found = passes.relaxed(gap=0.0)
    assert relax(parts.whole).score == pytest.approx(25)
    assert found.score == pytest.approx(25)
    assert found.duals[70] == pytest.approx(3, abs=1e-3)
    assert found.values @ parts.whole.costs == pytest.approx(25)
    proof = rounded(parts.whole, found.duals, 20)
    assert 24.5 < proved_bound(parts.whole, proof) <= 25
    assert spanning_worth(parts, proof) + sum(bounds_by_block(parts, proof)) <= 25 * proof.denominator


@pytest.mark.usefixtures("small")
def test_a_row_that_holds_by_itself_costs_nothing() -> None:
    found = relax_by_parts(parts_of(provinces(10, cut=0)), one_by_one(Means()), gap=0.0, until=FOREVER)
    assert (found.status, found.score, found.duals[70]) == ("optimal", 0.0, 0.0)


@pytest.mark.usefixtures("small")
def test_says_that_a_part_has_no_solution() -> None:
    program = provinces(10, cut=5)
    one = np.eye(110, dtype=np.int64)
    program = program.with_rows([row("both", one[0] + one[1] + one[6], at_least=3)])
    found = relax_by_parts(parts_of(program), one_by_one(Means()), gap=0.0, until=FOREVER)
    assert found.status == "infeasible"
    assert solve(program, limits=Limits(60), engine="decompose").status == "infeasible"


@pytest.mark.usefixtures("small")
def test_a_solvers_word_alone_ends_no_search() -> None:
    """Part 3 is said to have no solution, and has one: its certificate fails, so the whole is searched in one piece."""
    program, here = provinces(10, cut=15), one_by_one(Means())

    def wrong(errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        for number, errand in enumerate(errands):
            for answer in here([errand]):
                lies = number == 3 and isinstance(answer, LpAnswer)
                yield replace(answer, status="infeasible") if lies else answer

    assert relax_by_parts(parts_of(program), wrong, gap=0.0, until=FOREVER).status == "unknown"
    found = solve(program, limits=Limits(60), engine="decompose", means=Means(spread=wrong))
    assert (found.status, found.score, found.bound) == ("optimal", 25, 25)


@pytest.mark.parametrize("cut", [0, 7, 15, 23, 30])
@pytest.mark.usefixtures("small")
def test_finds_the_best_plan_of_ten_provinces(cut: int) -> None:
    """By hand: the first ten mergers cost 1 each, the next ten 3 each, the last ten 5 each."""
    best = min(cut, 10) + 3 * min(max(cut - 10, 0), 10) + 5 * max(cut - 20, 0)
    found = solve(provinces(10, cut=cut), limits=Limits(60), engine="decompose")
    assert (found.status, found.score, found.bound) == ("optimal", best, best)


@pytest.mark.usefixtures("small")
def test_says_that_31_mergers_of_30_cannot_be() -> None:
    assert solve(provinces(10, cut=31), limits=Limits(60), engine="decompose").status == "infeasible"


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.usefixtures("small")
def test_never_proves_more_than_the_best_and_never_gives_a_plan_that_breaks_a_row(seed: int) -> None:
    """Provinces with costs, work and pooled rows drawn; HiGHS solves the same in one piece."""
    program, draw = provinces(10, cut=12), np.random.default_rng(seed)
    costs = draw.integers(-30, 60, program.columns)
    pooled = row("money", draw.integers(0, 9, program.columns), at_most=int(draw.integers(150, 260)))
    program = program.with_rows([pooled]).with_costs(costs)
    whole = solve(program, limits=Limits(60))
    assert parts_if_worth(program) is not None
    for gap in (0.0, 20.0):
        found = solve(program, limits=Limits(60, gap), engine="decompose")
        assert (found.status == "infeasible") == (whole.status == "infeasible")
        if whole.score is not None:
            assert found.score is not None and found.bound is not None and found.plan is not None
            assert found.bound <= whole.score <= found.score <= found.bound + gap
            assert not program.violated(found.plan).size


# Who solves the parts


@pytest.mark.usefixtures("small")
def test_gives_the_same_plan_whether_one_process_solves_the_parts_or_two() -> None:
    program = provinces(10, cut=17)
    draw = np.random.default_rng(5)
    program = program.with_costs(program.costs + draw.integers(0, 2, program.columns))
    here = solve(program, limits=Limits(60), engine="decompose")
    workers = PartWorkers(2)
    try:
        there = solve(program, limits=Limits(60), engine="decompose", means=Means(spread=workers))
        assert len(workers.pids) == 2
    finally:
        workers.close()
    assert here.plan is not None and there.plan is not None
    assert here.plan.tolist() == there.plan.tolist()
    assert (here.score, here.bound, here.repeatable) == (there.score, there.bound, there.repeatable)


def test_a_program_for_the_solver_process_may_ask_for_two_workers() -> None:
    with Solver() as solver:
        found = solver.solve(provinces(3, cut=4), limits=Limits(60), engine="decompose", workers=2)
        priced = solver.price(provinces(3, cut=4), time_s=60, gap=0.0, workers=2)
    assert (found.status, found.score) == ("optimal", 6), "three mergers at 1, one at 3"
    assert (priced.status, round(priced.score, 6)) == ("optimal", 6)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="POSIX signals")
@pytest.mark.usefixtures("small")
def test_goes_on_when_a_worker_dies() -> None:
    program = provinces(10, cut=15)
    workers = PartWorkers(2)
    try:
        assert [answer.status for answer in workers(Relaxing(program, 60.0) for _ in range(4))] == ["optimal"] * 4
        for pid in workers.pids:
            os.kill(pid, signal.SIGKILL)
        found = solve(program, limits=Limits(60), engine="decompose", means=Means(spread=workers))
    finally:
        workers.close()
    assert (found.status, found.score) == ("optimal", 25)


@pytest.mark.parametrize("lost", ["a relaxation", "a plan"])
@pytest.mark.usefixtures("small")
def test_stays_honest_when_a_part_is_never_answered(lost: str) -> None:
    """Part 3 is lost every time; the whole is then searched without it, or in one piece."""
    program = provinces(10, cut=15)
    whole, here = solve(program, limits=Limits(60)), one_by_one(Means())

    def losing(errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        for number, errand in enumerate(errands):
            for answer in here([errand]):
                if number == 3 and isinstance(answer, LpAnswer) and lost == "a relaxation":
                    yield replace(answer, status="unknown")
                elif number == 3 and isinstance(answer, Answer) and lost == "a plan":
                    yield replace(answer, status="unknown", values=None, score=None, bound=None, repeatable=False)
                else:
                    yield answer

    found = solve(program, limits=Limits(60), engine="decompose", means=Means(spread=losing))
    assert found.score == whole.score == 25 and found.bound == 25
    assert found.repeatable == (lost == "a relaxation")


@pytest.mark.usefixtures("small")
def test_ends_with_the_best_plan_when_it_is_asked_to_stop() -> None:
    """Somebody stops the search as soon as there is a plan: the plan and the bound of the parts stand."""
    program, stop = provinces(10, cut=15).with_costs(np.random.default_rng(3).integers(0, 90, 110)), SolveInterrupter()

    def heard(score: int | None, _bound: int | None, _values: object) -> None:
        if score is not None:
            stop.interrupt()

    whole = solve(program, limits=Limits(60))
    found = solve(program, limits=Limits(60), engine="decompose", on_progress=heard, means=Means(interrupter=stop))
    assert found.score is not None and found.bound is not None and whole.score is not None
    assert found.bound <= whole.score <= found.score


# One part is all there is


def test_bounds_a_hundred_units_that_may_all_merge_with_each_other() -> None:
    """Every two of 120 units may merge: 7,140 pairs in one component, no part of it by itself.

    The best is a dearest matching, which networkx finds by another algorithm.
    """
    draw, units = np.random.default_rng(11), 120
    pairs = list(combinations(range(units), 2))
    saved = draw.integers(1, 1000, len(pairs))
    matrix = np.zeros((units, len(pairs)), dtype=np.int64)
    for column, pair in enumerate(pairs):
        matrix[list(pair), column] = 1
    program = Program(Cover(sparse.csr_array(matrix), np.zeros(units, dtype=bool)), (), -saved)
    graph = nx.Graph()
    graph.add_weighted_edges_from((*pair, int(worth)) for pair, worth in zip(pairs, saved, strict=True))
    best = -sum(graph.edges[pair]["weight"] for pair in nx.max_weight_matching(graph))
    assert parts_if_worth(program) is None
    found = solve(program, limits=Limits(60), engine="decompose")
    assert (found.status, found.score, found.bound) == ("optimal", best, best)
    rough = solve(program, limits=Limits(60, gap=500), engine="decompose")
    assert rough.score is not None and rough.bound is not None
    assert rough.bound <= best <= rough.score <= rough.bound + 500


def test_says_how_far_a_component_is_from_proved_when_its_work_is_limited() -> None:
    """Fourteen towns under three budgets, one component; the gap that a single node leaves holds the best score."""
    program = knapsack_cover(3, items=14, choices=60, budgets=3)
    whole = solve(program, limits=Limits(60))
    found = solve(program, limits=Limits(60, nodes=1), engine="decompose")
    assert found.bound is not None and whole.score is not None and whole.bound is not None
    assert found.bound <= whole.score
    if found.score is not None:
        assert whole.bound <= found.score and found.status in ("feasible", "optimal")


# In a run folder


@pytest.fixture
def proved(tmp_path: Path) -> Path:
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 3}])
    out = tmp_path / "run"
    asked = ("--plans", 1, "--engine", "decompose", "--set", "search.workers=2", "--out", out)
    assert run("solve", place, *asked).exit_code == 0
    return out


def test_verify_refuses_a_bound_above_what_the_multipliers_prove(proved: Path) -> None:
    """One million VND above what is proved, in certificate and manifest alike, and still below the score."""
    assert run("verify", proved).exit_code == 0
    forged = certificate_of(proved)["bound_mvnd"] + 1
    assert "certificate.json: bound_mvnd" in rewritten(proved, bound_mvnd=forged)


def test_verify_refuses_a_multiplier_that_was_raised(proved: Path) -> None:
    stated = certificate_of(proved)
    rows = [{**found, "multiplier": 3 * found["multiplier"]} for found in stated["multipliers"]]
    assert any(where.startswith("certificate.json") for where in rewritten(proved, multipliers=rows))
