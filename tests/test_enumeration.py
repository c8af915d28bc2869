"""The search finds what trying every plan finds: the same best plans in the same order, and the same different ones."""

from collections import Counter
from collections.abc import Hashable, Sequence
from functools import cache

import numpy as np
import pytest
from drawn_cases import drawn_case, seven_units
from enumeration import Province, Whole, best_of_each_kind, first_of, repeated, units_in_events
from in_process import solve_here

from models.candidates import list_options
from models.columns import Columns
from models.decide import decisions_of
from models.exact import Integers
from models.items import OPEN, ORDER, SLIM
from models.plan import Decision
from models.prepared import prepare
from models.ranked import RankedPlan, Ranking
from models.rules import ROSTER
from models.search import rank

SMALL = [(seed, 4) for seed in range(30)] + [(seed, 3) for seed in range(30, 50)]
SEVEN = range(8)
LONG = (3, 6, 7)  # of the seven units, those that take longest
BEST, DIFFERENT = 6, 4
LISTS = {"best": BEST, "plans": DIFFERENT, "gap_percent": 0, "different_percent": 40, "within_percent": 60}
every_small_case = pytest.mark.parametrize(("seed", "count"), SMALL)


@cache
def province(seed: int, count: int) -> Province:
    return Province(*drawn_case(seed, count, search=LISTS))


@cache
def ranking(seed: int, count: int) -> Ranking:
    return rank(prepare(*drawn_case(seed, count, search=LISTS)), solve_here)


@every_small_case
def test_ranks_the_best_plans_as_trying_every_plan_does(seed: int, count: int) -> None:
    agree_on_the_best(province(seed, count), ranking(seed, count))


@every_small_case
def test_finds_the_cheapest_plan_that_differs_enough_from_every_earlier_one(seed: int, count: int) -> None:
    agree_on_different_ones(province(seed, count), ranking(seed, count))


@pytest.mark.parametrize(
    "seed", [pytest.param(seed, marks=pytest.mark.long) if seed in LONG else seed for seed in SEVEN]
)
def test_ranks_as_trying_every_way_to_merge_seven_units_does(seed: int) -> None:
    case = seven_units(seed, search=LISTS)
    tried, ranked = Province(*case, mergers_only=True), rank(prepare(*case), solve_here)
    assert len(tried.plans) > 50, "enough ways to merge"
    agree_on_the_best(tried, ranked)
    agree_on_different_ones(tried, ranked)


@every_small_case
def test_lists_exactly_the_options_that_can_be_carried_out(seed: int, count: int) -> None:
    """Who may merge, who hosts, in which stages, with which raise: read once from the docs, once from the listing."""
    tried = province(seed, count)
    listed = {steps_of(row) for row in rows_of_options(columns_of(tried))}
    assert {steps_of(part.decisions) for part in tried.parts} == listed


@every_small_case
def test_rows_admit_exactly_the_plans_that_measure_accepts(seed: int, count: int) -> None:
    for rule, by_rows, by_measure, whole in both_roads(seed, count):
        assert by_rows == by_measure, f"{rule}: {whole.decisions}"


def test_small_cases_hold_and_break_every_family_of_rules() -> None:
    """A family that no plan breaks, or that none holds, would compare nothing; so would cases without a plan."""
    held: Counter[str] = Counter()
    broken: Counter[str] = Counter()
    for seed, count in SMALL:
        families = {rule.id: rule.rule for rule in province(seed, count).scenario.demands}
        for rule, by_rows, *_ in both_roads(seed, count):
            (held if by_rows else broken)[families[rule]] += 1
    wanted = {family.model_fields["rule"].default for family in ROSTER} | {"pin"}
    assert set(held) == wanted
    assert set(broken) == wanted - {"no_new_budget_posts"}, "the arithmetic of successors only takes posts away"


def test_small_cases_mostly_have_plans_with_every_kind_of_decision() -> None:
    rankings = [ranking(seed, count) for seed, count in SMALL]
    plans = [plan for found in rankings for plan in found.plans]
    fates = {decision.fate for plan in plans for decision in plan.plan.decisions}
    assert {
        "merge",
        "dissolve",
        "equitize",
        "convert",
        "raise",
        "slim",
        "order",
        "keep",
        "transfer",
        "create",
        "split",
    } == fates
    assert sum(1 for found in rankings if found.plans) > len(SMALL) // 2
    assert sum(1 for found in rankings if len(found.of("different")) > 1) > len(SMALL) // 5


@pytest.mark.long
@pytest.mark.parametrize("seed", range(1000, 1400))
def test_agrees_with_trying_every_plan_in_a_long_campaign(seed: int) -> None:
    count = 3 if seed % 4 == 0 else 4
    agree_on_the_best(province(seed, count), ranking(seed, count))
    agree_on_different_ones(province(seed, count), ranking(seed, count))
    test_lists_exactly_the_options_that_can_be_carried_out(seed, count)
    test_rows_admit_exactly_the_plans_that_measure_accepts(seed, count)


def agree_on_the_best(tried: Province, ranked: Ranking) -> None:
    """The same scores in the same order; of plans that cost the same, any may come first."""
    kinds = best_of_each_kind(tried.plans, BEST)
    found = [(plan.score, kind_of(tried, plan)) for plan in ranked.of("best")]
    assert [score for score, _ in found] == [score for score, _ in kinds][:BEST]
    assert set(found) <= set(kinds) and len(set(found)) == len(found)
    assert all(plan.proved_best for plan in ranked.of("best"))
    enough = len(kinds) >= BEST
    assert ranked.stops["best"] == ("found" if enough else "no_further" if kinds else "infeasible")


def agree_on_different_ones(tried: Province, ranked: Ranking) -> None:
    """Each plan of the list costs what the cheapest costs that is unlike all those before it, and so does its end."""
    plans = ranked.of("different")
    outlay = int(tried.units.state_outlay_mvnd.sum())
    earlier: list[Whole] = []
    for plan in (*plans, None):
        best = cheapest_unlike(tried, earlier)
        if plan is None:
            break
        assert best is not None and plan.score == best.score
        earlier.append(whole_of(tried, plan))
        assert unlike(earlier[-1], earlier[:-1]) and earlier[-1].feasible
    first = plans[0].score if plans else 0
    dear = best is not None and 100 * (best.score - first) > int(LISTS["within_percent"]) * outlay
    idle = any(units_in_events(whole) == 0 for whole in earlier)
    reason = "found" if len(plans) == DIFFERENT else "nothing_differs" if idle else "too_dear" if dear else "no_further"
    assert ranked.stops["different"] == (reason if plans else "infeasible")
    assert reason != "no_further" or best is None


def cheapest_unlike(tried: Province, earlier: Sequence[Whole]) -> Whole | None:
    if any(units_in_events(whole) == 0 for whole in earlier):
        return None
    return first_of(tried.plans, lambda whole: unlike(whole, earlier))


def unlike(whole: Whole, earlier: Sequence[Whole]) -> bool:
    """At least the asked share of every earlier plan's event units is not in the same event again."""
    kept = 100 - int(LISTS["different_percent"])
    return all(100 * repeated(before, whole) <= kept * units_in_events(before) for before in earlier)


def whole_of(tried: Province, plan: RankedPlan) -> Whole:
    """The enumerated plan with the same steps and amounts; there is exactly one."""
    wanted = steps_of(plan.plan.decisions, amounts=True)
    (found,) = [w for w in tried.plans if w.score == plan.score and steps_of(w.decisions, amounts=True) == wanted]
    return found


def kind_of(tried: Province, plan: RankedPlan) -> frozenset[Hashable]:
    return whole_of(tried, plan).mark


def steps_of(decisions: Sequence[Decision], *, amounts: bool = False) -> frozenset[Hashable]:
    """What is decided, without names and legal grounds; slimming and orders only where asked for."""
    untold = ("transfer", "split", *(() if amounts else ("slim", "order")))
    told = [row for row in decisions if row.fate not in untold]
    return frozenset(
        (
            row.unit_id, row.fate, row.form, row.year, row.site,
            "" if row.fate == "create" else row.host_id or row.receiver_id,
            row.posts_slimmed, row.orders_mvnd if row.fate == "order" else 0,
        )
        for row in told
    )  # fmt: skip


@cache
def columns_of(tried: Province) -> Columns:
    return Columns.build(tried.scenario, tried.units, list_options(tried.scenario, tried.units).paths)


def rows_of_options(columns: Columns) -> list[tuple[Decision, ...]]:
    """What every listed option alone decides."""
    chosen = np.eye(len(columns.paths), len(columns), dtype=np.int64)
    return [decisions_of(columns, values) for values in chosen]


@cache
def both_roads(seed: int, count: int) -> list[tuple[str, bool, bool, Whole]]:
    """(rule, held by its rows, held by its readings, plan) for up to sixty of all plans and every rule and pin."""
    tried = province(seed, count)
    columns = columns_of(tried)
    places = {steps_of(row): place for place, row in enumerate(rows_of_options(columns))}
    blocks = [(rule, rule.rows(columns)) for rule in tried.scenario.demands]
    found = []
    for whole in tried.plans[:: max(1, len(tried.plans) // 60)]:
        values = values_of(columns, places, whole)
        assert all((rows.matrix @ values <= rows.at_most).all() for rows in columns.linking)
        for rule, rows in blocks:
            reached = rows.matrix @ values
            by_rows = bool(((reached >= rows.at_least) & (reached <= rows.at_most)).all())
            found.append((rule.id, by_rows, rule.id not in whole.broken(), whole))
    return found


def values_of(columns: Columns, places: dict[frozenset[Hashable], int], whole: Whole) -> Integers:
    """The enumerated plan as 0/1 per option and an amount per item."""
    values = np.zeros(len(columns), dtype=np.int64)
    items, first = columns.items, len(columns.paths)
    for part in whole.parts:
        values[places[steps_of(part.decisions)]] = 1
        for row in part.decisions:
            if row.fate in ("slim", "order") and row.year is not None:
                unit, stage = columns.units.positions[row.unit_id], columns.scenario.stage_of(row.year)
                mine = (items.unit == unit) & (items.stage == stage)
                amount = row.posts_slimmed or row.orders_mvnd // int(columns.levers.order_step[unit])
                values[first + np.flatnonzero(mine & (items.kind == (SLIM if row.fate == "slim" else ORDER)))] = amount
                if row.fate == "order":
                    values[first + np.flatnonzero(mine & (items.kind == OPEN))] = 1
    return columns.tidy(values)
