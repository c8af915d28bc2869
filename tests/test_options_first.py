"""Options in whole numbers first, amounts after: what is looser bounds from below, what is fixed is a plan."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse
from small_programs import best_by_trying, random_program

from models.answer import Limits
from models.engine import solve
from models.options_first import loosened, with_options_of
from models.program import Cover, Extra, Program, row

PROVE = Limits(30)


def two_schools(posts_to_save: int = 5) -> Program:
    """Two schools, merged (saves 3 posts for 10 million) or each kept; a post slimmed costs 4 million, a place 2 posts.

    Slimming comes in twos: an amount is one class closed, two posts fewer for 8 million, three classes at most.
    """
    cover = Cover(sparse.csr_array(np.array([[1, 0, 1], [0, 1, 1]], dtype=np.int64)), np.ones(2, dtype=bool))
    posts = np.array([0, 0, 3, 2], dtype=np.int64)
    costs = np.array([0, 0, 10, 8], dtype=np.int64)
    fewer = row("posts", posts, at_least=posts_to_save)
    return Program(cover, (fewer,), costs, Extra(np.array([3]), np.ones(1, dtype=bool)))


def test_proves_the_best_plan_with_whole_amounts() -> None:
    """Five posts: merging and one class, 10 + 8; three classes alone would be 24."""
    found = solve(two_schools(), limits=PROVE, engine="options_first")
    assert (found.status, found.score, found.bound, found.engine) == ("optimal", 18, 18, "options_first")
    assert found.plan is not None and found.plan.tolist() == [0, 0, 1, 1]


def test_goes_on_where_other_options_are_better_once_amounts_are_whole() -> None:
    """Four posts: with fractions, merging and half a class for 14; whole, two classes alone for 16 are best."""
    program = two_schools(posts_to_save=4)
    loose = solve(loosened(program), limits=PROVE)
    assert loose.score == 14
    assert solve(with_options_of(program, np.array([0, 0, 1, 0.5])), limits=PROVE).score == 18
    found = solve(program, limits=PROVE, engine="options_first")
    assert (found.status, found.score, found.bound) == ("optimal", 16, 16)


def test_stops_as_near_as_it_was_asked_to() -> None:
    """Within 5 million of 14 is 18 already; the bound of fractions is rounded down."""
    found = solve(two_schools(posts_to_save=4), limits=replace(PROVE, gap=5), engine="options_first")
    assert (found.status, found.ended_by, found.score, found.bound) == ("feasible", "gap", 18, 13)


def test_begins_with_the_plan_that_it_is_given() -> None:
    program = two_schools(posts_to_save=4)
    found = solve(program, limits=PROVE, engine="options_first", hint=np.array([1, 1, 0, 2]))
    assert (found.status, found.score) == ("optimal", 16)


def test_says_impossible_of_what_is() -> None:
    """Merging and three classes save nine posts: ten are too many, even in fractions."""
    assert solve(two_schools(posts_to_save=10), limits=PROVE, engine="options_first").status == "infeasible"


def test_says_impossible_of_what_only_whole_amounts_make_impossible() -> None:
    """Exactly four posts with the merger is merging and half a class."""
    program = two_schools()
    exactly = row("exactly", program.rows[0].matrix.toarray()[0], at_least=4, at_most=4)
    merged = row("merged", np.array([0, 0, 1, 0]), at_least=1)
    none = replace(program, rows=(exactly, merged))
    assert solve(loosened(none), limits=PROVE).score == 14
    assert solve(none, limits=PROVE, engine="options_first").status == "infeasible"


@pytest.mark.parametrize("seed", range(40))
def test_finds_what_trying_every_plan_finds(seed: int) -> None:
    program = random_program(seed)
    assert solve(program, limits=PROVE, engine="options_first").score == best_by_trying(program)


def test_keeps_bounds_below_and_plans_above_while_it_searches() -> None:
    told = []
    solve(two_schools(4), limits=PROVE, engine="options_first", on_progress=lambda s, b, _: told.append((s, b)))
    assert told[-1] == (16, 16)
    assert all(score is None or score >= 16 for score, _ in told)
    assert all(bound is None or bound <= 16 for _, bound in told)
