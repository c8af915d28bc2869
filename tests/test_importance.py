"""The price of refusing and of insisting, on published cases and against every plan of small programs."""

import numpy as np
import pytest
from in_process import solve_here, solved_by
from scipy import sparse
from small_programs import best_by_trying, random_program

from models.importance import Price, Pricing, insisting, refusing, replacement_costs
from models.program import Cover, Program, row


def choosing(costs: list[int], amounts: list[list[int]], targets: list[int]) -> Program:
    """Choices that cover nothing and must together reach every target: a conservation problem as a program."""
    nothing = Cover(sparse.csr_array((0, len(costs)), dtype=np.int64), np.zeros(0, dtype=bool))
    rows = [
        row(f"spp{at}", np.array(amount), at_least=target)
        for at, (amount, target) in enumerate(zip(amounts, targets, strict=True), start=1)
    ]
    return Program(nothing, tuple(rows), np.array(costs, dtype=np.int64))


def never(program: Program) -> bool:
    """SCIP as the second engine."""
    answer = solved_by("scip")(program, hint=None, gap=0.0, share=1)  # type: ignore[arg-type]
    return answer.status == "infeasible"


def costs_of(program: Program, chosen: list[int]) -> list[Price]:
    """The replacement cost of every single choice against a solution."""
    values = np.array(chosen, dtype=np.int64)
    groups = [np.arange(len(chosen)) == at for at in range(len(chosen)) if chosen[at]]
    return replacement_costs(program, values, groups, solve_here, never)


def test_finds_the_published_replacement_costs_of_three_planning_units() -> None:
    """prioritizr on GitHub, tests/testthat/test_eval_replacement_importance.R: units cost 10, 2 and 3, species 1 lives
    in the third alone, species 2 in all (10, 5, 6), 1 and 10 are wanted, and the second and third are chosen.
    Published: 8 for the second, infinite for the third. (Its unit without a cost cannot be chosen and is left out.)
    """
    program = choosing([10, 2, 3], [[0, 0, 1], [10, 5, 6]], [1, 10])
    second, third = costs_of(program, [0, 1, 1])
    assert (second.lower, second.upper, second.impossible) == (8, 8, False)
    assert third.impossible
    assert third.confirmed
    assert second.kind(nothing=0) == "costly"
    assert third.kind(nothing=0) == "irreplaceable"


def test_finds_the_published_replacement_costs_of_two_zones() -> None:
    """The same file, "multiple zones": eight units in two zones, each unit in one zone at most; wanted are 1 of
    species 1 and 1 of species 2 in zone 1 and 1 of species 1 in zone 2. Chosen are unit 1 and 4 in zone 1 and unit 5 in
    zone 2. Published: 1, infinite and 6. (Left out are cells without a cost: unit 3 in zone 1 and all of unit 7.)"""
    first = {1: (1, 1, 0), 2: (2, 2, 0), 4: (3, 0, 1), 5: (100, 0, 0), 6: (100, 0, 0), 8: (100, 0, 0)}
    second = {1: (10, 1), 2: (10, 0), 3: (10, 0), 4: (10, 0), 5: (4, 1), 6: (1, 0), 8: (10, 1)}
    units = [*first, *second]
    cover = np.array([[int(unit == mine) for mine in units] for unit in sorted({*units})])
    zone_1, zone_2 = list(first.values()), list(second.values())
    amounts = [
        [cell[1] for cell in zone_1] + [0] * len(second),
        [cell[2] for cell in zone_1] + [0] * len(second),
        [0] * len(first) + [cell[1] for cell in zone_2],
    ]
    costs = [cell[0] for cell in (*zone_1, *zone_2)]
    program = choosing(costs, amounts, [1, 1, 1])
    program = Program(Cover(sparse.csr_array(cover), np.zeros(len(cover), dtype=bool)), program.rows, program.costs)
    chosen = [1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0]
    one, four, five = costs_of(program, chosen)
    assert (one.lower, one.upper) == (1, 1)
    assert four.impossible
    assert (five.lower, five.upper) == (6, 6)


WITHOUT_A_PLAN = (13, 15, 19, 20, 29, 44)  # of the programs drawn from seeds 0 to 45


@pytest.mark.parametrize("seed", WITHOUT_A_PLAN)
def test_has_nothing_to_price_where_trying_finds_no_plan(seed: int) -> None:
    program = random_program(seed)
    assert best_by_trying(program) is None
    assert solve_here(program, hint=None, gap=0.0, share=1).status == "infeasible"  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", sorted({*range(46)} - {*WITHOUT_A_PLAN}))
def test_prices_every_group_as_trying_every_plan_does(seed: int) -> None:
    """Groups of one and of two choices, refused and insisted on, in drawn programs with amounts and side rows."""
    program = random_program(seed)
    best = solve_here(program, hint=None, gap=0.0, share=1).plan  # type: ignore[arg-type]
    assert best is not None
    pricing = Pricing(program.score(best), solve_here, never, pool=[best])
    for first in range(program.choices):
        group = np.isin(np.arange(program.choices), [first, (first + 3) % program.choices])
        for changed in (refusing(program, group), insisting(program, group)):
            truth, known = best_by_trying(changed), pricing.bounded(changed)
            found = pricing.exact(changed, known, 1)  # type: ignore[arg-type]
            assert found.proved
            if truth is None:
                assert found.impossible
                continue
            price = truth - program.score(best)
            assert (found.lower, found.upper) == (price, price)
            assert known.lower is None or known.lower <= price
            assert known.upper is None or known.upper >= price


def test_says_open_where_neither_end_settles_a_price() -> None:
    assert Price(lower=-2, upper=40).kind(nothing=10) == "open"
    assert Price(lower=11, upper=40).kind(nothing=10) == "costly"
    assert Price(lower=-2, upper=10).kind(nothing=10) == "free"
    assert Price(lower=3, upper=None).kind(nothing=10) == "open"


def test_answers_from_a_known_plan_without_solving() -> None:
    """Two ways to cover one item at the same cost: refusing the one is free, and the other is known already."""
    cover = Cover(sparse.csr_array(np.array([[1, 1]])), np.array([True]))
    program = Program(cover, (), np.array([5, 5], dtype=np.int64))

    def nobody(*_: object, **__: object) -> None:
        raise AssertionError("nothing has to be solved")

    pricing = Pricing(5, nobody, never, pool=[np.array([1, 0]), np.array([0, 1])])  # type: ignore[arg-type]
    known = pricing.bounded(refusing(program, np.array([True, False])))
    assert pricing.settled(known)
    assert (known.lower, known.upper) == (0, 0)
