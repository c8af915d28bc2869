"""The State's cash, year by year: parts that add up to the net, and present values that add up to the criterion."""

from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pytest
from decided import into, plan_of
from drawn_cases import drawn_case, drawn_tables
from random_plans import random_values
from worlds import part_of, scenario_of, unit

from models.candidates import list_options
from models.cash import KINDS, SAVING, Cash, cash_of
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.exact import Integers
from models.plan import Decision, Plan

WORLDS, PLANS = (*range(20), 28, 38), 6  # the last two with a unit that duty creates
NOWHERE = ("",)
EXACT: dict[str, Any] = {"discount_percent": 0}
PLAIN_SAVINGS: dict[str, Any] = {
    "early_percent": 50, "early_years": 2, "merger_setup_mvnd": 150, "site_closing_mvnd": 100,
    "order_handling_percent": 3, "order_setup_mvnd": 20,
}  # fmt: skip


@cache
def world(seed: int, *, exact: bool) -> Columns:
    """A drawn case; `exact` takes away everything that is rounded: no discounting, handling in whole amounts."""
    drawn = drawn_tables(seed, 5)
    tables: dict[str, Any] = {}
    if exact:
        tables = {"money": drawn["money"] | EXACT, "savings": drawn["savings"] | {"order_handling_percent": 100}}
    scenario, units = drawn_case(seed, 5, **tables)
    return Columns.build(scenario, units, list_options(scenario, units).paths)


def worlds(*, exact: bool) -> Iterator[tuple[str, Columns, Integers, Plan]]:
    """Random plans of the drawn worlds, whether or not they reach any target."""
    for seed in WORLDS:
        columns, draw = world(seed, exact=exact), np.random.default_rng([seed, 7])
        for number in range(PLANS):
            values = random_values(columns, draw)
            found = check(columns.scenario, columns.units, decisions_of(columns, values))
            assert not found.refusals
            yield f"world {seed}, plan {number}", columns, values, found.plan


def test_the_parts_of_every_year_add_up_to_its_net() -> None:
    """And the sources of a saving, found one by one, are what outlay falls by, less the handling of orders."""
    for place, _, _, plan in worlds(exact=False):
        cash = cash_of(plan)
        of = {line: cash.of(line) for line in KINDS}
        for year in plan.scenario.years:
            fell = of["outlay_before"][year] - of["outlay_after"][year]
            parts = [of[line][year] for line in SAVING]
            once = [of[line][year] for line, kind in KINDS.items() if kind == "one_off"]
            assert sum(parts) == fell + of["order_handling"][year] == of["saving"][year], (place, year)
            assert sum(once) == of["one_off"][year], (place, year)
            assert of["net"][year] == of["saving"][year] + of["one_off"][year], (place, year)
            assert of["cumulated"][year] == sum(net for when, net in of["net"].items() if when <= year), (place, year)


def test_present_values_add_up_to_the_criterion() -> None:
    """Rounding is no place to hide in: half a million for each figure that either way rounds."""
    for place, columns, values, plan in worlds(exact=False):
        worth = {line: [row.present_value_mvnd for row in cash_of(plan).lines if row.line == line] for line in KINDS}
        assert sum(worth["net"]) == worth["cumulated"][-1] == plan.criteria["state_saving"], place
        years, items = len(plan.scenario.years), values[len(columns.paths) :]
        figures = 2 * years * len(columns.units) + int(items.sum()) + years * len(KINDS)
        assert 2 * abs(sum(worth["rounding"])) <= figures, place


def test_without_anything_to_round_nothing_is_left_as_rounding() -> None:
    """No discounting, and orders whose handling is a whole amount: the lines alone are the criterion."""
    moved = set()
    for place, _, _, plan in worlds(exact=True):
        cash = cash_of(plan)
        assert sum(cash.of("net").values()) == plan.criteria["state_saving"], place
        assert not any(row.present_value_mvnd for row in cash.lines if row.line == "rounding"), place
        moved |= {row.line for row in cash.lines if row.amount_mvnd}
    rare = {"rounding", "equitize"}  # a unit that pays for itself gets a grant by exception: see below
    assert moved - rare == set(KINDS) - rare, "every line is tried"


def test_direct_spending_and_one_off_costs_are_those_of_the_option_table() -> None:
    for place, columns, values, plan in worlds(exact=False):
        cash, scenario = cash_of(plan), columns.scenario
        paid = {stage.effect: columns.one_off(stage.year, NOWHERE) @ values for stage in scenario.stages}
        for year in scenario.years:
            direct = int((columns.direct_spending(year, NOWHERE) @ values)[0])
            assert cash.of("direct_spending_after")[year] == direct == plan.direct_spending(year, NOWHERE)[""], place
            assert -cash.of("one_off")[year] == int(paid.get(year, [0])[0]), (place, year)


def cash_with(rows: list[dict[str, Any]], decisions: list[Decision], **tables: Any) -> Cash:
    """The cash of decisions written down by hand, in three years from 2026 on, without discounting."""
    money = {"discount_percent": 0, "horizon": 2029}
    plain = {"savings": PLAIN_SAVINGS, "staffing": {"severance_payer": "state"}}
    return cash_of(plan_of(scenario_of(money=money, **(plain | tables)), rows, decisions))


PAID = {"avg_pay_vnd_month": 10_000_000, "avg_insured_months": 180, "shared_posts": 1, "support_posts": 1}


def test_a_merger_pays_back_when_its_savings_have_paid_for_it() -> None:
    """Three posts of 120 and a site of 40 a year; in 2026 and 2027 half of the 400 is booked.

    All places are filled: three people are paid 25.5 months, 765, beside 150 + 100. Cumulated: 200 - 1015 = -815,
    -615, -215, and 185 in 2029.
    """
    rows = [unit("a", **PAID), unit("b", posts_budget=10, site_cost_mvnd=40, **PAID)]
    cash = cash_with(rows, into("a", "b", site="closed"))
    assert cash.of("merge") == {2026: 360, 2027: 360, 2028: 360, 2029: 360}
    assert cash.of("site") == {2026: 40, 2027: 40, 2028: 40, 2029: 40}
    assert cash.of("early_years") == {2026: -200, 2027: -200, 2028: 0, 2029: 0}
    assert (cash.of("severance")[2026], cash.of("merger_setup")[2026], cash.of("site_closing")[2026]) == (
        -765, -150, -100,
    )  # fmt: skip
    assert list(cash.of("cumulated").values()) == [-815, -615, -215, 185]
    assert cash.payback_year == 2029


def test_says_that_nothing_pays_back_up_to_the_horizon() -> None:
    """Without a site to give up and with a set-up of 300: 180 + 180 + 360 + 360 of 765 + 300 + 100."""
    rows = [unit("a", **PAID), unit("b", posts_budget=10, **PAID)]
    cash = cash_with(rows, into("a", "b", site="closed"), savings=PLAIN_SAVINGS | {"merger_setup_mvnd": 300})
    assert list(cash.of("cumulated").values()) == [180 - 1165, 360 - 1165, 720 - 1165, 1080 - 1165]
    assert cash.payback_year is None


def test_pays_back_only_where_it_stays_so() -> None:
    """Slimming gives 120 in 2026 and 2027; the exit of 2030 costs 800 in 2028: above nothing twice, then below."""
    company = unit("c", sector="economic", function="market", autonomy_group=2, revenue_mvnd=4000, state_grant_mvnd=0,
                   posts_budget=0, posts_own=20, equitization_listed=1, land_plan_approved=1,
                   state_capital_mvnd=900)  # fmt: skip
    decisions = [
        Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=1),
        Decision(unit_id="c", fate="equitize", year=2030),
    ]
    cash = cash_with([unit("a", present_budget=18, **PAID), company], decisions)
    assert list(cash.of("cumulated").values()) == [120, 240, -440, -320]
    assert cash.payback_year is None


def test_a_plan_that_costs_nothing_has_paid_back_from_the_first_year() -> None:
    assert cash_with([unit("a")], []).payback_year == 2026


def test_an_order_saves_nothing_and_costs_its_handling() -> None:
    """Two steps of 200 and 12 of handling: 3% of 400; direct spending falls by 400, outlay by nothing."""
    order = Decision(unit_id="a", fate="order", year=2030, orders_mvnd=400)
    cash = cash_with([unit("a", orderable_mvnd=500, **PAID)], [order])
    assert cash.of("order_handling") == {2026: 0, 2027: 0, 2028: -12, 2029: -12}
    assert cash.of("order_setup") == {2026: 0, 2027: 0, 2028: -20, 2029: 0}
    assert cash.of("direct_spending_after") == {2026: 3500, 2027: 3500, 2028: 3100, 2029: 3100}
    assert set(cash.of("outlay_after").values()) == {3500}


def test_handling_is_rounded_once_a_year_for_the_whole_plan() -> None:
    """3% of 200 + 3% of 203 is 12.09: 12, not 6 + 7 beside one another."""
    orders = [Decision(unit_id=name, fate="order", year=2030, orders_mvnd=step) for name, step in (("a", 200),
              ("b", 203))]  # fmt: skip
    rows = [unit("a", orderable_mvnd=200, **PAID), unit("b", orderable_mvnd=203, recurrent_mvnd=4060, **PAID)]
    assert cash_with(rows, orders).of("order_handling")[2029] == -12


def test_what_a_legal_duty_creates_stands_apart_and_a_split_costs_nothing() -> None:
    """A new unit of 1,166 (a third of 3,500) from 2028 on; split off from the old one it takes its money along."""
    rows = [unit("a"), part_of(unit("a"), "n", "2026-01-01")]
    created = [Decision(unit_id="n", fate="create", year=2030)]
    cash = cash_with(rows, created)
    assert cash.of("create") == {2026: 0, 2027: 0, 2028: -1166, 2029: -1166}
    assert cash.of("outlay_before")[2029] == 3500 and cash.of("outlay_after")[2029] == 4666
    split = [*created, Decision(unit_id="a", fate="split", year=2030)]
    pins = [{"unit": "a", "fate": "split", "into": ["n"]}]
    apart = cash_with(rows, [*split, Decision(unit_id="a", fate="keep")], pins=pins)
    assert set(apart.of("create").values()) == {0}
    assert apart.of("outlay_after")[2029] == 3500


@pytest.mark.parametrize("fate", ["convert", "equitize"])
def test_the_grant_of_what_leaves_ends_and_its_orders_go_on(fate: str) -> None:
    """A unit with a grant of 300 and orders of 90: 390 before, 90 after, 800 once."""
    leaving = unit("a", sector="economic", function="market", autonomy_group=2, revenue_mvnd=4000, orders_mvnd=90,
                   state_grant_mvnd=300, equitization_listed=1, land_plan_approved=1, state_capital_mvnd=9)  # fmt: skip
    cash = cash_with([leaving], [Decision(unit_id="a", fate=fate, year=2025)])
    assert cash.of(fate) == dict.fromkeys(range(2026, 2030), 300)
    assert (cash.of("outlay_before")[2026], cash.of("outlay_after")[2026]) == (390, 90)
    assert cash.of("net") == {2026: -500, 2027: 300, 2028: 300, 2029: 300}
