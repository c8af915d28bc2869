"""A program too large for one piece: parts, prices of what ties them, plans put together, and who solves them."""

import numpy as np
import pytest
from scipy import sparse

from models import parts as parts_module
from models.answer import Limits
from models.block_proof import bounds_by_block, spanning_worth
from models.certificate import proved_bound, rounded
from models.engine import Means, relax, solve
from models.errands import one_by_one
from models.parts import parts_of, worth_parts
from models.passes import Passes, relax_by_parts
from models.program import Cover, Program, Rows, row

FOREVER = 1e9


def provinces(count: int, *, cut: int) -> Program:
    """Provinces of six units in a row. Neighbours may merge: 1, 2, 3, 4, 5 billion dearer than left alone; `cut` of them.

    Choices of a province: six units left alone, then five mergers of neighbours. A province makes three mergers at most.
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


def test_makes_every_province_a_part_with_its_own_rows_inside(small: None) -> None:
    found = parts_of(provinces(10, cut=5))
    assert found.count == 10 and found.largest == 11
    assert found.of_column.tolist() == [part for part in range(10) for _ in range(11)]
    assert found.spanning.tolist() == [70], "sixty units, ten rows of work, and the cut between them"
    assert worth_parts(found)


def test_puts_small_blocks_together_until_they_are_worth_an_errand(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts_module, "WORTH", 35)
    monkeypatch.setattr(parts_module, "FEWEST", 3)
    found = parts_of(provinces(10, cut=5))
    assert np.bincount(found.of_column).tolist() == [33, 33, 33, 11]


def test_leaves_a_program_alone_that_is_small_or_held_together_by_many_rows(
    small: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not worth_parts(parts_of(provinces(4, cut=5)))
    monkeypatch.setattr(parts_module, "MOST_SPANNING", 0)
    assert not worth_parts(parts_of(provinces(10, cut=5)))


def test_finds_by_passes_what_one_merger_more_is_worth(small: None) -> None:
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


def test_a_row_that_holds_by_itself_costs_nothing(small: None) -> None:
    found = relax_by_parts(parts_of(provinces(10, cut=0)), one_by_one(Means()), gap=0.0, until=FOREVER)
    assert (found.status, found.score, found.duals[70]) == ("optimal", 0.0, 0.0)


def test_says_that_a_part_has_no_solution(small: None) -> None:
    program = provinces(10, cut=5)
    program = program.with_rows(
        [row("both", np.eye(110, dtype=np.int64)[:2].sum(axis=0) + np.eye(110, dtype=np.int64)[6], at_least=3)]
    )
    found = relax_by_parts(parts_of(program), one_by_one(Means()), gap=0.0, until=FOREVER)
    assert found.status == "infeasible"
    assert solve(program, limits=Limits(60), engine="decompose").status == "infeasible"


@pytest.mark.parametrize("cut", [0, 7, 15, 23, 30])
def test_finds_the_best_plan_of_ten_provinces(small: None, cut: int) -> None:
    """By hand: the first ten mergers cost 1 each, the next ten 3 each, the last ten 5 each."""
    best = min(cut, 10) + 3 * min(max(cut - 10, 0), 10) + 5 * max(cut - 20, 0)
    found = solve(provinces(10, cut=cut), limits=Limits(60), engine="decompose")
    assert (found.status, found.score, found.bound) == ("optimal", best, best)


def test_says_that_31_mergers_of_30_cannot_be(small: None) -> None:
    assert solve(provinces(10, cut=31), limits=Limits(60), engine="decompose").status == "infeasible"


@pytest.mark.parametrize("seed", range(12))
def test_never_proves_more_than_the_best_and_never_gives_a_plan_that_breaks_a_row(small: None, seed: int) -> None:
    """Provinces with costs, work and pooled rows drawn; HiGHS solves the same in one piece."""
    program, draw = provinces(10, cut=12), np.random.default_rng(seed)
    costs = draw.integers(-30, 60, program.columns)
    pooled = row("money", draw.integers(0, 9, program.columns), at_most=int(draw.integers(150, 260)))
    program = program.with_rows([pooled]).with_costs(costs)
    whole = solve(program, limits=Limits(60))
    assert worth_parts(parts_of(program))
    for gap in (0.0, 20.0):
        found = solve(program, limits=Limits(60, gap), engine="decompose")
        assert (found.status == "infeasible") == (whole.status == "infeasible")
        if whole.score is not None:
            assert found.score is not None and found.bound is not None and found.plan is not None
            assert found.bound <= whole.score <= found.score <= found.bound + gap
            assert not program.violated(found.plan).size
