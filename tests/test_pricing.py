"""Options that are too many to be listed go by in parts, are priced, and stay out where no better plan holds them."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import cache
from itertools import count
from math import ceil
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from drawn_cases import ANYWHERE, drawn_case, seven_units
from enumeration import Province
from in_process import solve_here
from small_parts import make_parts_small
from worlds import scenario_of, unit, units_of

from models import priced as pricing
from models.answer import Answer
from models.candidates import list_options
from models.certificate import Certificate
from models.columns import Columns
from models.multipliers import Multipliers, common_divisors, divisors_of, limits_of
from models.multipliers import rows_of as stated_rows
from models.option import Paths
from models.prepared import LeftOut, prepare
from models.priced import PricedIn, price_in, proved_again, streamed, unpriced_key
from models.program import row
from models.ranked import Ranking
from models.relaxation import relax
from models.scenario import Scenario
from models.search import rank
from models.stream import Stream
from models.stream_pricing import Cheapest, Picked
from models.unit import Units

Case = tuple[Scenario, Units]
LISTS = {"best": 2, "plans": 2, "gap_percent": 0}
SEEDS = [seed for seed in range(12) if seed not in (3, 8)]  # these two have a unit that is yet to come


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    make_parts_small(monkeypatch)


def case_of(seed: int) -> Case:
    return drawn_case(seed, 4, search=LISTS) if seed % 2 else seven_units(seed, search=LISTS)


@cache
def whole(seed: int) -> Ranking:
    return rank(prepare(*case_of(seed)), solve_here)


def never() -> bool:
    return False


def priced(case: Case, over: Callable[[], bool] = never) -> PricedIn:
    return price_in(Stream.of(*case), relax, solve_here, over)


def marks(paths: Paths) -> Iterator[tuple[object, ...]]:
    """Everything that every option says."""
    for option in range(len(paths)):
        span = slice(int(paths.starts[option]), int(paths.starts[option + 1]))
        entries = zip(*(getattr(paths, name)[span].tolist() for name in ("members", "joins", "dissolved", "closed")),
                      strict=True)  # fmt: skip
        own = (int(getattr(paths, name)[option]) for name in ("raised", "leaves", "exits", "consolidated"))
        yield (frozenset(entries), *own)


@pytest.mark.parametrize("seed", range(24))
def test_hands_out_every_option_of_the_listing_once(seed: int) -> None:
    case = drawn_case(seed, 3 + seed % 5)
    stream, listed = Stream.of(*case), list_options(*case)
    handed = Counter(mark for part in stream.parts() for mark in marks(part))
    assert handed == Counter(marks(listed.paths))
    assert set(handed.values()) == {1}
    assert stream.options == len(listed.paths)
    assert stream.unlisted == replace(listed.unlisted, larger_groups=None)


def test_counts_six_units_of_one_kind_by_hand() -> None:
    """Six units, groups up to four, one stage, merging alone: 6 stay, 15 pairs, 20 triples, 15 fours."""
    tables = {"stages": [{"year": 2025, "effect": 2026}], "actions": {"merge": True}, "merging": [ANYWHERE]}
    case = scenario_of(**tables), units_of([unit(f"u{n}") for n in range(6)])
    assert Stream.of(*case).options == 6 + 15 + 20 + 15
    assert Stream.of(*case).passes(55)
    assert not Stream.of(*case).passes(56)


@pytest.mark.parametrize("seed", [*SEEDS, 3, 8])
def test_states_the_same_rows_whatever_options_there_are(seed: int) -> None:
    """Multiplied by what each part's entries have in common, the parts' rows put together are the whole's."""
    case = case_of(seed)
    together = Columns.build(*case, list_options(*case).paths)
    entries = dict(zip(marks(together.paths), stated_matrix(together), strict=True))
    for part in Stream.of(*case).parts():
        columns = Columns.build(*case, part)
        for mark, mine in zip(marks(columns.paths), stated_matrix(columns), strict=True):
            assert mine == entries[mark]
        for one, other in zip(stated_rows(columns), stated_rows(together), strict=True):
            assert (one.rule, one.labels) == (other.rule, other.labels)
            assert all(map(np.array_equal, limits_of(one), limits_of(other)))


def stated_matrix(columns: Columns) -> list[list[int]]:
    """The entries of every option in all rows, as the rules state them."""
    parts = [rows.matrix.toarray() * divisors_of(rows)[:, None] for rows in stated_rows(columns)]
    table = np.concatenate([*parts, np.zeros((1, len(columns)), np.int64)])
    found: list[list[int]] = table[:, : len(columns.paths)].T.tolist()
    return found


@pytest.mark.parametrize("seed", SEEDS)
def test_finds_the_best_of_all_plans_that_can_be_tried(seed: int) -> None:
    case = case_of(seed)
    tried = Province(*case, mergers_only=not seed % 2)
    scores = sorted(plan.score for plan in tried.plans if plan.feasible)
    found = priced(case)
    plans = rank(found.problem, solve_here).plans
    assert bool(plans) == bool(scores)
    if plans:
        assert (plans[0].score, plans[0].gap) == (scores[0], 0), "the best of all, and proved"
        assert found.proof is not None
        assert ceil(found.proof.bound) <= scores[0], "no plan lies below what the prices say"


@pytest.mark.parametrize("seed", range(200, 216))
def test_finds_exactly_the_optimum_of_the_whole_listing(seed: int) -> None:
    """Other drawn provinces, some with units that are yet to come and some without any plan; a gap of nothing."""
    case = drawn_case(seed, 5, search={"best": 1, "plans": 0, "gap_percent": 0})
    alone, found = rank(prepare(*case), solve_here), priced(case)
    best = rank(found.problem, solve_here)
    assert [(plan.score, plan.gap) for plan in best.plans] == [(plan.score, 0) for plan in alone.plans]
    assert best.plans or best.stops == alone.stops


@pytest.mark.parametrize("seed", SEEDS)
def test_tells_bounds_that_hold_for_the_whole_listing_in_every_place(seed: int) -> None:
    alone, found = whole(seed), priced(case_of(seed))
    assert (found.streamed, found.sound) == (len(alone.problem.listing.paths), len(alone.problem.columns.paths))
    for place in rank(found.problem, solve_here).plans:
        same = [plan for plan in alone.of(place.list) if plan.rank == place.rank]
        assert place.bound is not None
        assert same
        assert place.bound <= same[0].score
        if place.proved_best:
            assert place.score == same[0].score


def test_leaves_something_out_in_most_cases() -> None:
    left_out = [seed for seed in SEEDS if priced(case_of(seed)).problem.left_out is not None]
    assert len(left_out) >= 3, "else the tests of what is left out say nothing"


@pytest.mark.parametrize("seed", SEEDS)
def test_leaves_out_only_options_whose_plans_cost_at_least_what_it_says(seed: int) -> None:
    case = case_of(seed)
    found, problem = priced(case), prepare(*case)
    if found.problem.left_out is None:
        return
    kept = set(marks(found.problem.columns.paths))
    missing = np.zeros(problem.program.columns, dtype=np.int64)
    missing[: len(problem.columns.paths)] = [mark not in kept for mark in marks(problem.columns.paths)]
    assert missing.sum() == found.problem.left_out.options
    with_some = solve_here(
        problem.program.with_rows([row("some", missing, at_least=1)]), hint=None, gap=0, share=Fraction(1)
    )
    least = found.problem.left_out.costs_at_least
    assert least is not None
    assert with_some.score is None or with_some.score >= least


@pytest.mark.parametrize("seed", SEEDS)
def test_proves_the_same_again_from_the_multipliers_alone(seed: int) -> None:
    case = case_of(seed)
    found = priced(case)
    if found.proof is None:
        return
    again = proved_again(Stream.of(*case), found.proof.multipliers.certificate, found.proof.under)
    assert again.proof is not None
    assert again.proof.bound == found.proof.bound
    assert again.problem.left_out == found.problem.left_out
    assert list(marks(again.problem.columns.paths)) == list(marks(found.problem.columns.paths))


def test_gives_no_bound_to_multipliers_that_promise_too_much() -> None:
    """Each unit's multiplier a thousand million higher: every option is then priced below nothing, and counted so."""
    case = case_of(4)
    found = priced(case)
    assert found.proof is not None
    honest = found.proof.multipliers
    boasting = Multipliers(honest.denominator, honest.cover + 1000 * honest.denominator, honest.rows)
    again = proved_again(Stream.of(*case), boasting.certificate, found.proof.under)
    assert again.proof is not None
    assert again.proof.bound < found.proof.bound


def forged(found: PricedIn, change: Callable[[Multipliers], Multipliers]) -> Certificate:
    assert found.proof is not None
    return change(found.proof.multipliers).certificate


def of_cover(multipliers: Multipliers) -> Multipliers:
    """Two units that become one pay 2**62 each: together nothing, in 64 bits."""
    return replace(multipliers, cover=np.full_like(multipliers.cover, 2**62))


def of_rows(multipliers: Multipliers) -> Multipliers:
    """Rows whose entries have four in common pay four times 2**62: nothing, in 64 bits."""
    *others, payroll, last = multipliers.rows
    assert len(payroll) == len(last) == 1, "the case has another rule last"
    return replace(multipliers, rows=(*others, np.zeros_like(payroll), np.full_like(last, 2**62)))


def of_costs(multipliers: Multipliers) -> Multipliers:
    """Every cost that is a multiple of four is nothing, in 64 bits, when it is taken 2**62 times."""
    return replace(multipliers, denominator=2**62)


@pytest.mark.parametrize(("seed", "change"), [(4, of_cover), (11, of_rows), (4, of_costs)])
def test_refuses_multipliers_that_prove_something_only_where_numbers_leave_64_bits(
    seed: int, change: Callable[[Multipliers], Multipliers]
) -> None:
    case = case_of(seed)
    found = priced(case)
    with pytest.raises(ValueError, match="64 bits"):
        proved_again(Stream.of(*case), forged(found, change), None)


def test_sizes_what_it_pays_before_it_pays() -> None:
    """Costs of four, 2**62 times: the product in 64 bits is nothing at all."""
    found = priced(case_of(4))
    columns = found.problem.columns
    nothing = tuple(np.zeros(len(rows.labels), dtype=np.int64) for rows in stated_rows(columns))
    multipliers = Multipliers(2**62, np.zeros(len(columns.units), dtype=np.int64), nothing)
    with pytest.raises(OverflowError):
        multipliers.left(columns, np.full(len(columns), 4, dtype=np.int64))


def test_ends_before_anything_was_priced() -> None:
    """A time limit that is over, or Ctrl-C, while the options of single units are still being listed."""
    case = case_of(4)
    found = price_in(Stream.of(*case), relax, solve_here, lambda: True)
    assert not found.complete and found.proof is None and len(found.problem.columns.paths)


def test_ends_early_with_a_bound_for_all_where_all_were_priced_once() -> None:
    """Two looks at the clock for every part of the first way, then time is up: kept is what that way found."""
    case = case_of(4)
    parts = len(list(Stream.of(*case).parts()))
    looks = count()
    found = priced(case, lambda: next(looks) > 2 * parts)
    assert not found.complete
    for plan in rank(found.problem, solve_here).plans:
        same = [other for other in whole(4).of(plan.list) if other.rank == plan.rank]
        assert plan.bound is None or plan.bound <= same[0].score


def test_tells_no_bound_where_time_ends_before_all_were_priced() -> None:
    case = case_of(4)
    looks = count()
    found = priced(case, lambda: next(looks) > 1)
    assert (found.complete, found.proof, found.problem.left_out) == (False, None, LeftOut(None, None))
    assert [plan.bound for plan in rank(found.problem, solve_here).plans] in ([], [None, None, None, None])


def test_does_not_call_impossible_what_options_left_out_may_allow() -> None:
    """Two units must go but pairs alone are listed: of three units only one can; a triple that is left out does it."""
    two_fewer = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 2}
    case = (
        scenario_of(rules=[two_fewer], merging=[ANYWHERE], actions={"merge": True}, search=LISTS),
        units_of([unit(f"u{n}") for n in range(3)]),
    )
    problem = pricing.smallest_problem(Stream.of(*case))
    assert rank(problem, solve_here).stops == {"best": "infeasible", "different": "infeasible"}
    unsure = replace(problem, left_out=LeftOut(None, None))
    assert rank(unsure, solve_here).stops == {"best": "left_out", "different": "left_out"}
    found = priced(case)
    assert [plan.plan.units_after(2025) for plan in rank(found.problem, solve_here).plans][:1] == [1]


def test_proves_that_no_choice_of_all_options_meets_the_targets() -> None:
    """Three units, groups up to three: at least one remains, so three fewer is impossible."""
    all_gone = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 3}
    case = (
        scenario_of(rules=[all_gone], merging=[ANYWHERE], actions={"merge": True}),
        units_of([unit(f"u{n}") for n in range(3)]),
    )
    found = priced(case)
    assert found.impossible
    assert rank(found.problem, solve_here).stops["different"] == "infeasible"


def test_keeps_the_cheapest_in_the_order_of_the_stream_however_it_is_cut() -> None:
    """Of 5, 1, 4, 1, 3, 2 the three cheapest are 1, 1, 2; what is left out costs 3 at least."""
    values = np.array([5, 1, 4, 1, 3, 2])
    paths = list_options(*case_of(4)).paths.take(np.arange(6))
    for size in (1, 2, 6):
        cheapest = Cheapest(most=3, under=None)
        for start in range(0, 6, size):
            here = np.arange(start, min(6, start + size))
            cheapest.add(values[here], Picked(here, paths.take(here)))
        found, picked = cheapest.found
        assert (found.tolist(), picked.places.tolist(), cheapest.left_out) == ([1, 1, 2], [1, 3, 5], 3)


def test_finds_what_entries_have_in_common_only_where_there_are_any() -> None:
    columns = Columns.build(*case_of(5), list_options(*case_of(5)).paths)
    for rows, common in zip(stated_rows(columns), common_divisors(columns), strict=True):
        for entries, divisor in zip((rows.matrix.toarray() * divisors_of(rows)[:, None]).tolist(), common, strict=True):
            assert all(entry % divisor == 0 for entry in entries if entry) if divisor else not any(entries)


def test_brings_limits_inwards_to_what_entries_have_in_common() -> None:
    """Entries of 2 and 4: a sum of 3 or more is 4 or more, and one of 7 or less 6 or less; five times each."""
    blocks = [row("least", np.array([2, 4]), at_least=3), row("most", np.array([2, 4]), at_most=7)]
    columns: Any = SimpleNamespace(linking=blocks, scenario=SimpleNamespace(demands=()))
    pairs = [np.array([2]), np.array([2])]

    def worth(least: int, most: int) -> int:
        return Multipliers(1, np.array([0]), (np.array([least]), np.array([most]))).worth(columns, pairs)

    assert (worth(5, 0), worth(0, -5), worth(5, -5)) == (20, -30, -10)
    with pytest.raises(ValueError, match="most"):
        worth(0, 5)  # no lower limit to lean on


@pytest.mark.parametrize(
    ("tables", "key"),
    [
        ({"objective": {"order": ["staff_moved"]}}, "objective.order"),
        ({"objective": {"order": ["staff_moved"], "worst_commune_m": 1}}, "objective.order"),
        ({"staffing": {"redeploy_km": 15}}, "staffing.redeploy_km"),
        ({"objective": {"worst_commune_m": 1}}, None),
        ({"robust": {"budget": 2}}, None),
        ({}, None),
    ],
)
def test_lists_whole_what_it_cannot_price(tables: dict[str, object], key: str | None) -> None:
    scenario = scenario_of(merging=[ANYWHERE], actions={"merge": True}, search={"list_at_most": 1}, **tables)
    assert unpriced_key(scenario) == key
    assert (streamed(scenario, units_of([unit("u0"), unit("u1")])) is None) == (key is not None)


def test_never_tells_a_bound_above_what_options_left_out_allow() -> None:
    problem = replace(prepare(*case_of(4)), left_out=LeftOut(7, 100))
    answer = Answer("optimal", None, 250, 240, 0.0, "proof", repeatable=True, engine="highs", version="")
    assert problem.beside_left_out(answer).bound == 100
    assert replace(problem, left_out=None).beside_left_out(answer).bound == 240
