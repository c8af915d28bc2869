"""Every engine, one answer: what one proves best the others prove best, and no bound stands above the truth."""

from functools import cache

import numpy as np
import pytest
from drawn_cases import drawn_case
from scipy import optimize

from models import part_plans, parts
from models.answer import Answer, Engine, Limits
from models.engine import solve
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW
from models.prepared import prepare
from models.program import Program

ENGINES: tuple[Engine, ...] = ("highs", "scip", "cpsat", "decompose", "options_first")
PROVINCES = range(200, 250)


@cache
def program(seed: int) -> Program:
    """Six to nine units, with the rules, pins and amounts that the seed draws."""
    return prepare(*drawn_case(seed, 6 + seed % 4)).program


@cache
def answer(engine: Engine, seed: int) -> Answer:
    return solve(program(seed), limits=Limits(time_s=60), engine=engine)


@pytest.mark.parametrize("seed", PROVINCES)
def test_all_engines_prove_the_same_best_score(seed: int) -> None:
    answers = [answer(engine, seed) for engine in ENGINES]
    assert len({(told.status, told.score) for told in answers}) == 1
    for told in answers:
        if told.plan is not None:
            assert told.status == "optimal" and told.bound == told.score == program(seed).score(told.plan)
            assert not program(seed).violated(told.plan).size


@pytest.mark.parametrize("seed", PROVINCES[::3])
def test_agrees_with_a_solver_that_shares_no_code_with_the_engines(seed: int) -> None:
    """scipy carries its own HiGHS, reached without MathOpt, scaling or hints."""
    assert score_by_scipy(program(seed)) == answer("highs", seed).score


@pytest.mark.parametrize("seed", PROVINCES[::10])
@pytest.mark.parametrize("engine", ENGINES)
def test_a_bound_that_is_not_a_proof_yet_stays_below_the_best_score(engine: Engine, seed: int) -> None:
    """Asked to stop 500 million short of a proof, an engine may stop early; its bound still holds."""
    rough = solve(program(seed), limits=Limits(time_s=60, gap=500), engine=engine)
    best = answer(engine, seed)
    assert (rough.score is None) == (best.score is None)
    if rough.score is not None and rough.bound is not None and best.score is not None:
        assert rough.bound <= best.score <= rough.score <= rough.bound + 500


@pytest.mark.parametrize("seed", PROVINCES[::2])
def test_parts_put_together_give_the_same_best_score(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A province of some units taken for a nation: parts of a few dozen columns, priced, planned and put together."""
    sizes = {"PAYS_FROM": 10, "VERY_LARGE": 10, "FEWEST": 2, "LARGEST": program(seed).columns // 2, "WORTH": 20}
    for name, size in sizes.items():
        monkeypatch.setattr(parts, name, size)
    monkeypatch.setattr(part_plans, "FREED", (30, 60, 10_000))
    told, best = solve(program(seed), limits=Limits(time_s=60), engine="decompose"), answer("highs", seed)
    assert (told.status, told.score) == (best.status, best.score)
    assert best.score is None or told.bound == best.bound


def test_the_fifty_provinces_hold_both_kinds_and_are_worth_solving() -> None:
    solved = [seed for seed in PROVINCES if answer("highs", seed).status == "optimal"]
    assert 15 < len(solved) < len(PROVINCES), "some without any plan"
    assert sum(program(seed).columns for seed in PROVINCES) > 5000


def score_by_scipy(problem: Program) -> int | None:
    """The best score by scipy.optimize.milp; None where there is no plan."""
    low = np.where(problem.at_least == NO_LIMIT_BELOW, -np.inf, problem.at_least.astype(float))
    high = np.where(problem.at_most == NO_LIMIT_ABOVE, np.inf, problem.at_most.astype(float))
    found = optimize.milp(
        problem.costs.astype(float),
        integrality=np.ones(problem.columns, dtype=np.int64),
        bounds=optimize.Bounds(0, problem.upper.astype(float)),
        constraints=optimize.LinearConstraint(problem.matrix.astype(float), low, high),
        options={"mip_rel_gap": 0},
    )
    if found.x is None:
        return None
    values = np.rint(found.x).astype(np.int64)
    assert not problem.violated(values).size
    return problem.score(values)
