"""The frontier of a program holds what is published for it, and what trying every plan finds."""

import tomllib
from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise, product
from pathlib import Path

import numpy as np
import pytest
from in_process import solve_here
from scipy import sparse
from small_programs import random_program

from models.answer import Answer
from models.exact import Integers
from models.frontier import Criterion, Extent, Frontier, trace
from models.frontier_shape import knee, representatives
from models.program import Cover, Program, row

Costs = tuple[int, ...]
SWEEP = Extent(spread=1)
PUBLISHED = tomllib.loads(Path(__file__).with_name("published_fronts.toml").read_text(encoding="utf-8"))
KNAPSACK = ((566, 611, 506, 180, 817, 184, 585, 423, 26, 317), (62, 84, 977, 979, 874, 54, 269, 93, 881, 563),
            (664, 982, 962, 140, 224, 215, 12, 869, 332, 537))  # fmt: skip
WEIGHTS = (557, 898, 148, 63, 78, 964, 246, 662, 386, 272)
KNAPSACK_FRONT = {
    (2518, 3866, 3191), (2706, 3857, 3304), (2854, 3570, 3714), (2854, 4636, 3076), (2997, 3539, 3509),
    (3042, 4627, 3189), (3394, 3817, 3408),
}  # fmt: skip
ASSIGNMENT = (
    ((6, 1, 20, 2, 3), (2, 6, 9, 10, 18), (1, 6, 20, 5, 9), (6, 8, 6, 9, 6), (7, 10, 10, 6, 2)),
    ((17, 20, 8, 8, 20), (10, 13, 1, 10, 15), (4, 11, 1, 13, 1), (19, 13, 7, 18, 17), (15, 3, 5, 1, 11)),
    ((10, 7, 1, 19, 12), (2, 15, 12, 10, 3), (11, 20, 16, 12, 9), (10, 15, 20, 11, 7), (1, 9, 20, 7, 6)),
)
ASSIGNMENT_FRONT = {
    (16, 61, 47), (17, 43, 71), (18, 47, 67), (20, 52, 54), (22, 37, 63), (22, 54, 47), (23, 43, 44), (24, 39, 45),
    (28, 33, 58), (28, 66, 39), (29, 29, 59), (34, 60, 42), (35, 38, 56), (35, 49, 39), (37, 55, 36), (38, 33, 53),
    (39, 43, 41), (40, 47, 37), (43, 51, 31), (45, 33, 34), (50, 40, 32),
}  # fmt: skip


@pytest.mark.parametrize("name", ["didactic", "sppnw41"])
def test_finds_the_published_fronts_of_set_partitioning_in_two_criteria(name: str) -> None:
    """Sources in published_fronts.toml; 2K + 1 solves for K points where no middle is asked."""
    program, criteria = published(name)
    front = [tuple(point) for point in PUBLISHED[name]["front"]]
    found = trace(program, criteria, solve_here, extent=SWEEP)
    assert costs_of(found) == front
    assert (found.status, found.solves) == ("complete", 2 * len(front) + 1)
    assert all(point.proved for point in found.points)


def test_finds_the_published_front_of_a_knapsack_in_three_criteria() -> None:
    """Ten things of which weights up to 2,137 fit: MultiObjectiveAlgorithms.jl, test/problems.jl, `knapsack_max_p3`."""
    criteria = [Criterion(f"gain {n}", -np.array(gains)) for n, gains in enumerate(KNAPSACK)]
    found = trace(knapsack(), criteria, solve_here)
    assert {tuple(-cost for cost in costs) for costs in costs_of(found)} == KNAPSACK_FRONT
    assert found.status == "complete"


@pytest.mark.parametrize("first", [0, 1, 2])
def test_finds_the_published_front_of_an_assignment_in_three_criteria_whichever_leads(first: int) -> None:
    """Five to five, a set partitioning: MultiObjectiveAlgorithms.jl, test/problems.jl, `assignment_min_p3`."""
    order = [first, *(n for n in range(3) if n != first)]
    found = trace(assignment(), [Criterion(str(n), np.ravel(ASSIGNMENT[n])) for n in order], solve_here, extent=SWEEP)
    assert {tuple(costs[order.index(n)] for n in range(3)) for costs in costs_of(found)} == ASSIGNMENT_FRONT


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("count", [2, 3])
def test_finds_every_point_that_trying_every_plan_finds(seed: int, count: int) -> None:
    program, criteria = drawn(seed, count)
    tried = every_cost(program, criteria)
    found = trace(program, criteria, solve_here)
    assert costs_of(found) == best_of(tried)
    assert found.status == ("complete" if tried else "infeasible")
    assert all(criterion.of(point.values) == cost for point in found.points
               for criterion, cost in zip(criteria, point.costs, strict=True))  # fmt: skip


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("steps", [(1, 7), (9, 4), (1, 6, 3), (8, 5, 10)])
def test_leaves_no_plan_a_full_step_below_every_point(seed: int, steps: Costs) -> None:
    program, criteria = drawn(seed, len(steps), steps)
    tried = every_cost(program, criteria)
    found = trace(program, criteria, solve_here)
    points = costs_of(found)
    assert set(points) <= tried
    assert all(any(within_a_step(point, plan, steps) for point in points) for plan in tried)
    assert len(points) <= len(best_of(tried))
    assert found.status == ("complete_at_step" if tried else "infeasible")
    for point in found.points:
        beaten = any(
            all(mine <= its for mine, its in zip(plan, point.costs, strict=True))
            and any(mine <= its - step for mine, its, step in zip(plan, point.costs, steps, strict=True))
            for plan in tried
        )
        assert not (point.proved and beaten)


def test_spreads_the_points_that_a_small_number_leaves_it() -> None:
    """Twenty posts, each saved for its own price 1 to 20: seven points, no gap above a quarter of the whole."""
    prices = np.arange(1, 21)
    program = Program(nothing_to_cover(20), (), np.zeros(20, np.int64))
    criteria = [Criterion("price", prices), Criterion("posts kept", -np.ones(20, np.int64))]
    found = trace(program, criteria, solve_here, extent=Extent(points=7))
    kept = sorted(costs[1] for costs in costs_of(found))
    assert (found.status, found.ended, len(kept)) == ("partial", "points", 7)
    assert (kept[0], kept[-1]) == (-20, 0)
    assert max(after - before for before, after in pairwise(kept)) <= 5


def test_says_partial_and_keeps_its_points_when_time_runs_out() -> None:
    """An engine that answers nothing any more after nine questions; what it found till then is on the front."""
    program, criteria = published("sppnw41")
    front = {tuple(point) for point in PUBLISHED["sppnw41"]["front"]}
    found = trace(program, criteria, tiring(9, "clock"))
    assert (found.status, found.ended) == ("partial", "limit")
    assert {point.costs for point in found.points if point.proved} <= front
    assert len(found.points) >= 3


def test_keeps_the_points_found_when_somebody_interrupts() -> None:
    program, criteria = published("didactic")
    found = trace(program, criteria, tiring(4, "interrupted"))
    assert (found.status, found.ended) == ("partial", "interrupted")
    assert found.points


def test_says_nothing_of_a_program_that_was_not_answered() -> None:
    program, criteria = published("didactic")
    found = trace(program, criteria, tiring(0, "clock"))
    assert (found.status, found.ended, found.points) == ("partial", "limit", ())


def test_takes_for_the_knee_the_point_with_the_least_losses_together() -> None:
    """Of 0-100, 20-30, 60-20, 100-0 the second loses 20% and 30%; on a straight line the ends lose no more."""
    assert knee([(0, 100), (20, 30), (60, 20), (100, 0)]) == 1
    assert knee([(0, 100), (60, 90), (100, 0)]) is None
    assert knee([(0, 100), (100, 0)]) is None


def test_lets_seven_points_with_ends_and_knee_stand_for_all() -> None:
    """Of 101 points of a straight line, one per percent, the ends and the points that halve the widest gaps."""
    line = [(number, 100 - number) for number in range(101)]
    assert representatives(line) == (0, 12, 25, 37, 50, 75, 100)
    assert representatives(line[:7]) == tuple(range(7))


def published(name: str) -> tuple[Program, list[Criterion]]:
    """An instance as a program, with its two cost vectors."""
    lines = [list(map(int, line.split())) for line in PUBLISHED[name]["columns"].split("\n") if line]
    matrix = np.zeros((PUBLISHED[name]["rows"], len(lines)), dtype=np.int64)
    for column, (_, _, count, *rows) in enumerate(lines):
        assert len(rows) == count
        matrix[np.array(rows) - 1, column] = 1
    cover = Cover(sparse.csr_array(matrix), np.ones(len(matrix), dtype=bool))
    criteria = [Criterion(f"cost {n + 1}", np.array([line[n] for line in lines])) for n in range(2)]
    return Program(cover, (), np.zeros(len(lines), dtype=np.int64)), criteria


def knapsack() -> Program:
    return Program(
        nothing_to_cover(10), (row("weight", np.array(WEIGHTS), at_most=2137),), np.zeros(10, dtype=np.int64)
    )


def assignment() -> Program:
    matrix = np.zeros((10, 25), dtype=np.int64)
    for here, there in product(range(5), range(5)):
        matrix[[here, 5 + there], 5 * here + there] = 1
    return Program(Cover(sparse.csr_array(matrix), np.ones(10, dtype=bool)), (), np.zeros(25, dtype=np.int64))


def nothing_to_cover(columns: int) -> Cover:
    return Cover(sparse.csr_array((0, columns), dtype=np.int64), np.zeros(0, dtype=bool))


def drawn(seed: int, count: int, steps: Sequence[int] = (1, 1, 1)) -> tuple[Program, list[Criterion]]:
    """A small program with cost vectors of both signs."""
    program, draw = random_program(seed), np.random.default_rng(1000 + seed)
    vectors = [draw.integers(-20, 40, program.columns) for _ in range(count)]
    return program, [Criterion(f"c{n}", vector, steps[n]) for n, vector in enumerate(vectors)]


def every_cost(program: Program, criteria: Sequence[Criterion]) -> set[Costs]:
    """The costs of every plan there is."""
    plans = np.indices(program.upper + 1).reshape(program.columns, -1)
    reached = program.matrix @ plans
    holds = ((reached >= program.at_least[:, None]) & (reached <= program.at_most[:, None])).all(axis=0)
    vectors = np.array([one.costs for one in criteria])
    return set(map(tuple, (vectors @ plans[:, holds]).T.tolist()))


def best_of(tried: set[Costs]) -> list[Costs]:
    """Those that no other is at least as good as in everything."""
    return sorted(
        plan for plan in tried
        if not any(other != plan and all(a <= b for a, b in zip(other, plan, strict=True)) for other in tried)
    )  # fmt: skip


def within_a_step(point: Costs, plan: Costs, steps: Costs) -> bool:
    return all(mine < its + step for mine, its, step in zip(point, plan, steps, strict=True))


def costs_of(found: Frontier) -> list[Costs]:
    return [point.costs for point in found.points]


class tiring:  # noqa: N801
    """An engine that gives up for good after so many answers."""

    def __init__(self, answers: int, ending: str) -> None:
        self.left, self.ending = answers, ending

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        self.left -= 1
        if self.left < 0:
            return Answer("unknown", None, None, None, 0.0, self.ending, False, "none", "")  # type: ignore[arg-type]
        return solve_here(program, hint=hint, gap=gap, share=share)
