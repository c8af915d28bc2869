"""Bounds and what they rest on, reckoned by hand: one wrong sign or rounding would prove what is not true."""

from collections.abc import Iterable, Iterator
from fractions import Fraction
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from test_parts import provinces

from models.answer import Answer, Limits, LpAnswer
from models.between import Between
from models.block_proof import (
    BlockProof,
    Leaf,
    Split,
    bounds_by_block,
    leaf_bound,
    proved_by_blocks,
    split_rows,
    tree_bound,
)
from models.blocks import SPANNING, Blocks
from models.certificate import Certificate
from models.engine import Means
from models.errands import Errand
from models.guards import Guard, Shortfall, _Target
from models.in_one_piece import one_by_one
from models.option import options_of
from models.part_plans import PartPlans, _first
from models.passes import Passes
from models.program import Cover, Extra, Program, row
from models.stream_pricing import Cheapest, Picked, _common, price, proved

FOREVER = 1e9


def amounts(costs: list[int], upper: list[int], *, whole: bool = True) -> Program:
    """No choices, only amounts; what they must come to is added by each test."""
    nobody = Cover(sparse.csr_array((0, 0), dtype=np.int64), np.zeros(0, dtype=bool))
    return Program(nobody, (), np.array(costs), Extra(np.array(upper), np.full(len(upper), whole)))


def test_splits_an_amount_so_that_every_value_lies_on_one_side() -> None:
    below, above = split_rows(amounts([1], [5]), 0, 2)
    assert (below.at_most.tolist(), above.at_least.tolist()) == ([2], [3])
    with pytest.raises(ValueError, match="column"):
        split_rows(amounts([1], [5], whole=False), 0, 2)  # 2.5 lies on neither side


def test_calls_empty_only_what_holds_nothing() -> None:
    """At least 7 of threes, and two threes at most: 7 - 6 = 1 is missing. Of 6 nothing is, for two threes are 6."""
    threes = amounts([6], [5])
    for asked, found in ((7, None), (6, "not empty")):
        program = threes.with_rows([row("asked", np.array([3]), at_least=asked), row("two", np.array([1]), at_most=2)])
        empty = Leaf({0: 1, 1: -3}, empty=True)
        if found is None:
            assert leaf_bound(program, empty) is None
        else:
            with pytest.raises(ValueError, match="leaf"):
                leaf_bound(program, empty)


def test_proves_by_a_tree_what_multipliers_leave_open() -> None:
    """7 by threes at 6 each: 14 by multipliers. Two threes are too few, so three at least: 18.

    An amount beside it, a block of its own, brings in 4 a piece, five at most: 20 less.
    """
    program = amounts([6, -4], [5, 5]).with_rows([row("asked", np.array([3, 0]), at_least=7)])
    blocks = Blocks(program, np.array([0, 1]), np.array([0]))
    rows = Certificate({0: 2}, 1)
    assert bounds_by_block(blocks, rows) == [14, -20]
    tree = Split(0, 2, Leaf({0: 1, 1: -3}, empty=True), Leaf({1: 6}))
    assert proved_by_blocks(program, BlockProof(rows, {}, Fraction(0))) == 14 - 20
    worse = Split(0, 3, Leaf({0: 2}), Leaf({1: 6}))
    found = {name: _of_tree(program, one) for name, one in (("tree", tree), ("worse", worse))}
    assert found == {"tree": 18, "worse": 14}, "of two ends the lower one counts"


def _of_tree(program: Program, tree: Split) -> Fraction | None:
    blocks = Blocks(program, np.array([0, 1]), np.array([0]))
    return tree_bound(blocks.program(0, [6]), tree)


def test_reserves_the_worst_and_half_of_the_next_in_whole_numbers() -> None:
    """Units fall short of 5, 3 and 2 steps of 10; one and a half of them: 5 + 3/2 steps, 65, in a row taken twice."""
    savings = sparse.csr_array(np.diag([5, 3, 2]))
    guard = Guard("cut", "", savings, np.array([5, 3, 2]), times=2, step=10, budget=Fraction(3, 2))
    reserve = guard.reached(np.array([1, 1, 1]))
    assert reserve.tolist() == [3, 2, 0, 0]
    assert (guard.most.tolist(), guard.weights.tolist()) == ([5, 5, 3, 2], [30, 20, 20, 20])
    assert int(guard.weights @ reserve) == 2 * 65
    rows = guard.rows(first=3, width=7)
    assert rows.matrix.toarray().tolist() == [[-5, 0, 0, 1, 1, 0, 0], [0, -3, 0, 1, 0, 1, 0], [0, 0, -2, 1, 0, 0, 1]]
    assert rows.at_least.tolist() == [0, 0, 0]


def test_holds_all_that_a_unit_can_fall_short_of() -> None:
    """The first unit's options save 6 or cost 9, and it slims three times 2: 12 at most, all in common 1."""
    savings, sources = np.array([6, -9, 10, 2]), np.array([0, 0, 1, 0])
    upper = np.array([1, 1, 1, 3])
    target = _Target("cut", "", savings, sources, upper, options=3, units=3, parts=1, budget=Fraction(1))
    short = target.shortfall
    assert (short.most.tolist(), short.common.tolist()) == ([12, 10, 0], [1, 10, 0])
    guard = target.guard(short)
    assert guard is not None
    assert (guard.step, guard.upper.tolist()) == (1, [12, 10])
    assert guard.savings.toarray().tolist() == [[6, -9, 0, 2], [0, 0, 10, 0]]
    coarse = target.guard(Shortfall(np.array([0, 30, 0]), np.array([0, 10, 0])))
    assert coarse is not None
    assert (coarse.step, coarse.upper.tolist(), coarse.savings.toarray().tolist()) == (10, [3], [[0, 0, 1, 0]])
    assert target.guard(Shortfall(np.zeros(3, np.int64), np.ones(3, np.int64))) is None


def parts_of_pairs(left: list[int]) -> Any:
    """Units that stay alone at no price, then pairs (0, 1), (1, 2), (2, 3) with something left of their costs."""
    alone = options_of(np.arange(4).reshape(-1, 1), never=1)
    pairs = options_of(np.array([[0, 1], [1, 2], [2, 3]])[: len(left)], never=1, joins=0)
    columns = [
        SimpleNamespace(paths=alone, left=np.zeros(4, np.int64)),
        SimpleNamespace(paths=pairs, left=np.array(left)),
    ]
    return SimpleNamespace(stream=SimpleNamespace(units=range(4)), parts=lambda: iter(columns))


def test_takes_from_units_what_a_price_below_nothing_lacks_rounded_up() -> None:
    """A pair five below nothing takes three of each of its units, one that is two below nothing takes one."""
    multipliers: Any = SimpleNamespace(left=lambda columns, _: columns.left)
    found = price(parts_of_pairs([-5, -2, 7]), multipliers, most=9, cost=lambda _: np.zeros(0, np.int64))
    assert (found.lacking.tolist(), found.below) == ([3, 3, 1, 0], -7)
    assert (found.negative.places.tolist(), found.cheapest.places.tolist()) == ([4, 5], [4, 5, 6])
    assert (len(found.own.paths), found.left_out) == (4, None)
    some = price(parts_of_pairs([-5, -2, 7]), multipliers, most=9, under=-2, cost=lambda _: np.zeros(0, np.int64))
    assert (some.cheapest.places.tolist(), some.left_out) == ([4], -2), "at the limit is not under it"


def test_remembers_the_least_of_all_that_it_drops() -> None:
    """Under 4: of 5, 1 and 6 the five is the least dropped, then of 4 and 2 the four; nine changes nothing."""
    cheapest = Cheapest(most=9, under=4)
    paths = options_of(np.arange(3).reshape(-1, 1), never=1)
    for values, least in (([5, 1, 6], 5), ([4, 2, 3], 4), ([9, 8, 7], 4)):
        cheapest.add(np.array(values), Picked(np.arange(3), paths))
        assert cheapest.left_out == least


def test_proves_no_more_than_limits_less_what_is_below_nothing() -> None:
    """Limits are worth 100; options lie 5 below nothing; an amount of at most 4 lies 2 below: 87 eighths."""
    left = np.array([9, -2, 3])
    multipliers: Any = SimpleNamespace(left=lambda *_: left, worth=lambda *_: 100, denominator=8)
    columns: Any = SimpleNamespace(paths=[None], extra=SimpleNamespace(upper=np.array([4, 7])))
    sound: Any = SimpleNamespace(divisors=[])
    assert proved(sound, multipliers, -5, columns, cost=lambda _: left) == Fraction(87, 8)


def test_finds_what_parts_have_in_common() -> None:
    """Entries of 6 in one part and of 4 in the next have 2 in common; a row that is empty in one has the other's."""
    one, other = [np.array([6, 0])], [np.array([4, 3])]
    assert [common.tolist() for common in _common([one], other)] == [[2, 3]]
    assert [common.tolist() for common in _common([], other)] == [[4, 3]]


def two_provinces() -> Blocks:
    """Three mergers asked of two provinces of six units, in which they cost 1, 2, 3, 4, 5: 1 + 1 + 3."""
    program = provinces(2, cut=3)
    of_row = np.array([0] * 6 + [1] * 6 + [0, 1, SPANNING])
    return Blocks(program, np.repeat([0, 1], 11), of_row)


def test_bounds_by_a_pass_what_three_mergers_cost() -> None:
    """At 2 a merger they are worth 6, and each province makes one for 1: 6 - 1 - 1. At 3 they are worth 9 - 2 - 2.

    At 6 they are worth 18, and each province makes three, for 1, 3 and 5: 18 - 9 - 9. What its rows and bounds are
    worth by the duals is the same.
    """
    blocks = two_provinces()
    passes = Passes(blocks, one_by_one(Means()), FOREVER)
    for wanted, bound in ((2.0, 4.0), (3.0, 5.0), (6.0, 0.0)):
        found = passes.at(np.array([wanted]))
        assert found is not None
        assert found.bound == pytest.approx(bound)
        assert len(found.columns) == 2
        assert found.duals[-1] == pytest.approx(wanted)
        whole = blocks.whole
        left = whole.costs - whole.matrix.T @ found.duals
        limits = np.where(found.duals > 0, whole.at_least, whole.at_most)
        assert found.duals @ limits + left[left < 0].sum() == pytest.approx(bound)
    assert passes.taken == 3
    best = Passes(blocks, one_by_one(Means()), FOREVER).relaxed(gap=0.0)
    assert best.score == pytest.approx(5)


class Told:
    """What is told of the whole: bounds and plans."""

    def __init__(self) -> None:
        self.bounds: list[int] = []
        self.plans: list[Any] = []

    def keep_bound(self, bound: int) -> None:
        self.bounds.append(bound)

    def offer(self, plan: Any) -> None:
        self.plans.append(plan)


def searched(spread: Any) -> Told:
    told: Any = Told()
    PartPlans(two_provinces(), spread, told, Limits(60)).search(np.array([2.5]), lambda: bool(told.plans))
    found: Told = told
    return found


def test_bounds_by_plans_of_parts_and_puts_them_together() -> None:
    """At 2.5 a merger three are worth 7.5, each province makes one for 1: 7.5 - 1.5 - 1.5 = 4.5, so 5 in whole."""
    told = searched(one_by_one(Means()))
    assert told.bounds[0] == 5
    program = two_provinces().whole
    assert [program.score(plan) for plan in told.plans] == [5]
    assert not program.violated(told.plans[0]).size


def test_tells_no_bound_where_one_part_has_none() -> None:
    def spread(errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        for place, _ in enumerate(errands):
            yield Answer(
                "unknown", None, None, None if place else 7, 0.0, "clock", repeatable=False, engine="", version=""
            )

    assert searched(spread).bounds == []


def test_frees_as_many_parts_as_have_room_and_one_at_least() -> None:
    sizes = np.array([5, 4, 3])
    assert [_first([2, 0, 1], sizes, room) for room in (1, 3, 7, 8, 12)] == [[2], [2], [2], [0, 2], [0, 1, 2]]


def test_what_is_left_over_counts_what_others_bring() -> None:
    """Two mergers of the first province are fixed: one of three is left to the second."""
    fixed = np.zeros(22, dtype=np.int64)
    fixed[[6, 8]] = 1
    rows = Between(two_provinces()).left_over(np.arange(11, 22), fixed)
    assert rows.at_least.tolist() == [1]
