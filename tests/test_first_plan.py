"""A first plan near the linear relaxation: what prices decide, what they leave in doubt; no bound rests on it."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from small_programs import best_by_trying, random_program
from test_decompose import side_by_side

from models.answer import Limits, LpAnswer
from models.blocks import SPANNING, blocks_of
from models.engine import relax, solve
from models.first_plan import Undecided, in_doubt, undecided
from models.incumbent import Incumbent
from models.program import Cover, Extra, Program, Rows, row
from models.relaxation import relax_large

OPEN = np.iinfo(np.int64).min
KEEP_A, KEEP_B, KEEP_C, KEEP_D, AB, CD, POSTS_AB, POSTS_CD, SHARE = range(9)


def two_mergers(money: int = 4) -> Program:
    """Units A to D: A and B merge for 3 of the money and save 10, C and D for 2 and save 2.

    Either merged unit may slim two posts, each worth 4; a share costs 5 and helps nothing.
    """
    items = np.array([[1, 0, 0, 0, 1, 0], [0, 1, 0, 0, 1, 0], [0, 0, 1, 0, 0, 1], [0, 0, 0, 1, 0, 1]], dtype=np.int64)
    slim = np.zeros((2, 9), dtype=np.int64)
    slim[0, [AB, POSTS_AB]] = slim[1, [CD, POSTS_CD]] = -2, 1
    slims = Rows("slim", ("AB", "CD"), sparse.csr_array(slim), np.full(2, OPEN), np.zeros(2, dtype=np.int64))
    paid = row("money", np.array([0, 0, 0, 0, 3, 2, 0, 0, 0], dtype=np.int64), at_most=money)
    return Program(
        Cover(sparse.csr_array(items), np.ones(4, dtype=bool)),
        (slims, paid),
        np.array([0, 0, 0, 0, -10, -2, -4, -4, 5], dtype=np.int64),
        Extra(np.array([2, 2, 1], dtype=np.int64), np.ones(3, dtype=bool)),
    )


def cut_in_pieces(program: Program) -> LpAnswer:
    """The relaxation by hand: A and B merge, C and D by half, 18 + 5 saved.

    With its posts C and D's merger is worth 10 for 2 of the money, 5 each; the other is worth 18 for 3 of it, 3 more
    than these cost: A, which covers it, takes off 3.
    """
    values = np.array([0, 0, 0.5, 0.5, 1, 0.5, 2, 1, 0])
    duals = np.array([-3.0, 0, 0, 0, -4, -4, -5])
    return LpAnswer("optimal", -23.0, values, duals, program.costs - program.matrix.T @ duals)


def test_decides_what_has_one_way_left_and_the_posts_that_go_with_it() -> None:
    """Keeping A costs 3, so below 2 A and B merge and slim both posts; C and D, and what they slim, stay in doubt."""
    program = two_mergers()
    relaxed, blocks = cut_in_pieces(program), blocks_of(program)
    assert relax(program).score == pytest.approx(-23) and relaxed.reduced_costs.tolist() == [3, 0, 0, 0, 0, 0, 0, 0, 5]
    assert blocks.of_row.tolist() == [0, 0, 1, 1, 0, 1, SPANNING]
    left = undecided(blocks, relaxed, price=2.0)
    assert left.decided.tolist() == [0, 0, 0, 0, 1, 0, 2, 0, 0]
    assert left.free.tolist() == [KEEP_B, KEEP_C, KEEP_D, CD, POSTS_CD]


def test_a_dearer_price_leaves_the_other_way_in_doubt_too() -> None:
    """Below 4 A may be kept; then the posts of A and B are in doubt with it."""
    program = two_mergers()
    left = undecided(blocks_of(program), cut_in_pieces(program), price=4.0)
    assert left.decided.tolist() == [0] * 9
    assert left.free.tolist() == [KEEP_A, KEEP_B, KEEP_C, KEEP_D, AB, CD, POSTS_AB, POSTS_CD]


def test_halves_the_price_where_too_much_would_be_in_doubt(monkeypatch: pytest.MonkeyPatch) -> None:
    """At 4 eight columns are in doubt, at 2 five; with room for four none will do, for the relaxation cuts those."""
    program = two_mergers()
    asked = blocks_of(program), cut_in_pieces(program), 4.0
    assert len(in_doubt(*asked).free) == 8  # type: ignore[union-attr]
    monkeypatch.setattr("models.first_plan.LARGEST", 7)
    assert in_doubt(*asked).free.tolist() == [KEEP_B, KEEP_C, KEEP_D, CD, POSTS_CD]  # type: ignore[union-attr]
    monkeypatch.setattr("models.first_plan.LARGEST", 4)
    assert in_doubt(*asked) is None


def test_solves_what_is_left_and_gives_a_plan_of_the_whole() -> None:
    """1 of the money is left, too little for C and D: both are kept; 10 saved by the merger and 8 by its posts."""
    program = two_mergers()
    left = undecided(blocks_of(program), cut_in_pieces(program), price=2.0)
    assert left.program is not None
    told = solve(left.program, limits=Limits(60))
    assert told.values is not None
    plan = left.extended(told.values)
    assert plan.tolist() == [0, 0, 1, 1, 1, 0, 2, 0, 0]
    best = Incumbent(program)
    best.offer(plan)
    assert best.score == -18 == best_by_trying(program)


def test_knows_no_plan_where_what_is_decided_breaks_a_row_of_its_own() -> None:
    """Money for 2, and A with B decided, nothing left in doubt that could give any back."""
    decided = np.array([0, 0, 1, 1, 1, 0, 0, 0, 0], dtype=np.int64)
    assert Undecided(two_mergers(money=2), decided, np.array([SHARE])).program is None
    assert Undecided(two_mergers(money=3), decided, np.array([SHARE])).program is not None


@pytest.mark.parametrize("seed", range(25))
def test_gives_plans_of_the_whole_whatever_the_price(seed: int) -> None:
    for program in (random_program(seed), side_by_side(seed, 2)):
        relaxed, best = relax(program), best_by_trying(program)
        if relaxed.status != "optimal":
            continue
        for price in (0.5, 5.0, 500.0):
            left = undecided(blocks_of(program), relaxed, price)
            told = None if left.program is None else solve(left.program, limits=Limits(60))
            if told is None or told.values is None:
                continue
            found = Incumbent(program)
            assert not found.offer(left.extended(told.values)).size
            assert best is not None and found.score is not None and found.score >= best


@pytest.mark.parametrize("seed", range(25))
def test_bound_and_plan_hold_the_best_between_them_for_every_gap(seed: int) -> None:
    """Two villages whose plans score between some tens below and above nothing."""
    program = side_by_side(seed, 2)
    best = best_by_trying(program)
    for gap in (0.5, 2.0, 7.0, 40.0):
        found = solve(program, limits=Limits(60, gap), engine="decompose")
        if best is None:
            assert found.status == "infeasible"
            continue
        assert found.score is not None and found.bound is not None
        assert found.bound <= best <= found.score <= found.bound + gap


@pytest.mark.parametrize("seed", range(10))
def test_a_plan_known_before_leaves_the_answer_as_it_is(seed: int) -> None:
    program = side_by_side(seed, 2)
    whole = solve(program, limits=Limits(60))
    dear = solve(replace(program, costs=-program.costs), limits=Limits(60))
    if whole.values is not None:
        found = solve(program, limits=Limits(60), hint=dear.values, engine="decompose")
        assert (found.status, found.score, found.bound) == ("optimal", whole.score, whole.score)


@pytest.mark.parametrize("seed", range(10))
def test_both_simplexes_find_the_same_relaxation(seed: int) -> None:
    program = random_program(seed)
    one, other = relax(program), relax_large(program)
    assert one.status == other.status
    if one.status == "optimal":
        assert other.score == pytest.approx(one.score, abs=1e-6)
