"""Prices: the base salary of the years, history at the prices of today or as it was paid, plans at nominal prices."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from random_plans import random_values
from test_beside_readings import Row, columns_of, facts, plan_of, reading
from test_rules_by_hand import block_of
from worlds import random_rows, scenario_of, unit, units_of

from models.candidates import list_options
from models.carried import carried_of
from models.cash import TOTALS, cash_of
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.objective import costs
from models.plan import Decision, Plan
from models.prices import BaseSalary, base_salary_of, base_salary_on, history_factor, price_level, year_level
from models.recount_prices import risen
from models.scenario import Scenario
from planner.price_checks import price_problems, price_warnings
from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

SALARIES: list[Row] = [
    {"id": "old", "vnd_month": 1_490_000, "in_force_from": date(2019, 7, 1), "in_force_until": date(2023, 6, 30)},
    {"id": "mid", "vnd_month": 1_800_000, "in_force_from": date(2023, 7, 1), "in_force_until": date(2024, 6, 30)},
    {"id": "new", "vnd_month": 2_340_000, "in_force_from": date(2024, 7, 1)},
]
DOUBLED: list[Row] = [
    {"id": "low", "vnd_month": 1_000_000, "in_force_from": date(2020, 1, 1)},
    {"id": "high", "vnd_month": 2_000_000, "in_force_from": date(2027, 1, 1)},
]
"""A salary that doubles on the first day of 2027, two and a half years after the figures of 2024."""
CUT: Row = {"id": "money", "rule": "spending_cut", "at_least_percent": 10, "period": [2026, 2030],
            "baseline_period": [2021, 2025]}  # fmt: skip
PERIOD = (2021, 2025)


def priced(salaries: list[Row] = SALARIES, **money: Any) -> dict[str, Any]:
    return {"base_salary": salaries, "money": money}


def scenario(**tables: Any) -> Scenario:
    return scenario_of(**tables)


# The base salary


@pytest.mark.parametrize(
    ("year", "mean"), [(2021, 1_490_000), (2022, 1_490_000), (2023, 1_645_000), (2024, 2_070_000), (2025, 2_340_000)]
)
def test_weighs_the_half_years_of_a_base_salary(year: int, mean: int) -> None:
    """Changed on 1 July: half of 1.49 and half of 1.80 million; half of 1.80 and half of 2.34."""
    assert base_salary_of(scenario(base_salary=SALARIES).base_salary, year) == mean


def test_the_national_rule_sets_carry_these_salaries() -> None:
    for name in ("national-2024", "national-2025"):
        path = rule_set(name)
        assert path is not None
        stated = [BaseSalary.model_validate(entry) for entry in resolved_tables(path).tables["base_salary"]]
        assert [(entry.vnd_month, entry.in_force_from) for entry in stated] == [
            (entry["vnd_month"], entry["in_force_from"]) for entry in SALARIES
        ]
        assert all(entry.source and entry.certainty == "read" for entry in stated)


def test_knows_no_salary_before_the_first_entry_and_the_last_one_for_ever() -> None:
    entries = scenario(base_salary=SALARIES).base_salary
    assert base_salary_on(entries, date(2019, 6, 30)) is None and base_salary_of(entries, 2019) is None
    assert base_salary_on(entries, date(2019, 7, 1)) == 1_490_000
    assert base_salary_on(entries, date(2023, 6, 30)) == 1_490_000
    assert base_salary_of(entries, 2099) == 2_340_000


def test_a_later_entry_ends_one_that_states_no_end() -> None:
    made = scenario(**priced(DOUBLED[::-1], prices="nominal"))
    assert [base_salary_of(made.base_salary, year) for year in (2026, 2027)] == [1_000_000, 2_000_000]
    assert [(year_level(made, year), risen(made, year)) for year in (2026, 2027)] == [(1, 1), (2, 2)]


# History


def test_lifts_what_was_paid_to_the_prices_of_the_price_year() -> None:
    """1.807 million on average in 2021-2025, 2.07 in 2024: of 1,807 a year 2,070 become, which the unit gets today."""
    rows = [unit("a", state_grant_mvnd=2070, state_grant_2021_2025_mvnd=1807)]
    found = reading(plan_of([CUT], rows, **priced(price_year=2024)))
    assert (found.numerator, found.denominator, found.reached, found.baseline) == (0, 5 * 2070, 0, "")
    assert facts(plan_of([CUT], rows, **priced()))["history_factor", 2025, ""] == (Fraction(2070, 1807), 2070, 1807)
    block, weights = block_of(CUT, rows, ("a",), **priced(price_year=2024))
    assert (weights, block.at_most.tolist()) == ([[5]], [4])  # 10,350 x <= 9,315, both divided by 2,070


def test_lifts_each_unit_by_itself_and_rounds_half_up() -> None:
    """1,000 and 1 as paid: 1,145.55 and 1.146, so 1,146 and 1."""
    rows = [unit("a", state_grant_2021_2025_mvnd=1000), unit("b", state_grant_2021_2025_mvnd=1)]
    assert reading(plan_of([CUT], rows, **priced())).denominator == 5 * (1146 + 1)


def test_lifts_only_the_part_that_is_pay() -> None:
    """Four fifths follow the base salary: 0.2 + 0.8 x 1,807 / 2,070 = 0.89836 of today's prices were paid."""
    rows = [unit("a", state_grant_2021_2025_mvnd=1000)]
    assert reading(plan_of([CUT], rows, **priced(pay_percent=80))).denominator == 5 * 1113  # 1,113.14


@pytest.mark.parametrize(
    ("money", "mean"),
    [
        ({}, 1146),  # as paid, wanted at prices of 2024: x 2,070 / 1,807 = 1,145.55
        ({"history_prices": "price_year"}, 1000),
        ({"prices": "nominal"}, 1000),
        ({"prices": "nominal", "history_prices": "price_year"}, 873),  # x 1,807 / 2,070 = 872.95
        ({"price_year": 2025}, 1295),  # x 2,340 / 1,807 = 1,294.96
    ],
)
def test_scales_history_once_or_not_at_all(money: Row, mean: int) -> None:
    rows = [unit("a", state_grant_2021_2025_mvnd=1000)]
    assert reading(plan_of([CUT], rows, **priced(**money))).denominator == 5 * mean
    stated = CUT | {"baseline_mvnd": 1000}
    assert reading(plan_of([stated], rows, **priced(**money))).denominator == 5 * mean


@pytest.mark.parametrize(("prices", "mean"), [("constant", 2070), ("nominal", 1807)])
def test_takes_todays_grant_at_the_pay_of_the_period_for_a_mean_that_nobody_states(prices: str, mean: int) -> None:
    """At constant prices it is scaled back and forth; nominal prices show what 2,070 of today were then."""
    made = scenario(rules=[CUT], **priced(prices=prices))
    units = units_of([unit("a", state_grant_mvnd=2070), unit("b")])
    units.assumed["state_grant_2021_2025_mvnd"][0] = True
    units.figures["state_grant_2021_2025_mvnd"][:] = (7, 0)  # what a reader filled in counts for nothing
    plan = check(made, units, [Decision(unit_id=name, fate="keep") for name in "ab"]).plan
    found = next(reading for reading in plan.readings if reading.id == "money")
    assert (found.denominator, found.baseline) == (5 * mean, "assumed")
    assert facts(plan)["assumed_history", 2025, ""] == (100, mean, mean)


def test_without_a_base_salary_no_price_moves() -> None:
    made = scenario(money={"prices": "nominal"})
    assert price_level(made, (1999, 2044)) == year_level(made, 2044) == risen(made, 2044) == 1
    assert history_factor(scenario(), PERIOD) == 1


def test_orders_of_today_stand_for_those_of_the_period_at_its_pay() -> None:
    """Orders of 207 count on both sides: 180.7 then, so 181; 234 a year in the plan's years."""
    rows = [unit("a", state_grant_mvnd=0, state_grant_2021_2025_mvnd=0, orders_mvnd=207)]
    tables = priced(prices="nominal") | {"counting": {"orders_are_direct_spending": True}}
    found = reading(plan_of([CUT], rows, **tables))
    assert (found.denominator, found.denominator - found.numerator) == (5 * 181, 5 * 234)


# Plans at nominal prices


def test_reckons_every_year_of_a_plan_at_its_own_base_salary() -> None:
    """2,070 at the pay of 2024 are 2,340 from 2025 on: 11,700 in five years against 9,035, 29.5% more."""
    rows = [unit("a", state_grant_mvnd=2070, state_grant_2021_2025_mvnd=1807)]
    found = reading(plan_of([CUT], rows, **priced(prices="nominal", price_year=2024)))
    assert (found.denominator, found.numerator) == (9035, 9035 - 11700)
    assert found.reached == Fraction(100 * (9035 - 11700), 9035) and not found.met


def test_weighs_every_year_of_a_plan_in_the_rows() -> None:
    """10 in 2026 and twice that in the four years after, 90 in all; nine tenths of 5 x 41 are 184.5.

    Leaving in 2028 costs 30: 90 x + 30 y <= 184, divided by 30.
    """
    rows = [unit("a", state_grant_mvnd=10, state_grant_2021_2025_mvnd=41)]
    block, weights = block_of(CUT, rows, ("a",), **priced(DOUBLED, prices="nominal"))
    assert (weights, block.at_most.tolist()) == ([[3]], [6])
    assert reading(plan_of([CUT], rows, **priced(DOUBLED, prices="nominal"))).numerator == 205 - 90


def test_weighs_years_by_whole_numbers_where_a_level_is_a_fraction() -> None:
    """At 26/23 of the pay of 2024 a grant of 1 costs 5 x 26/23. Nine tenths of 5 x 7, times 23, are 724.5.

    130 x + 52 y <= 724 with y for leaving in 2028, divided by 26.
    """
    rows = [unit("a", state_grant_mvnd=1, state_grant_2021_2025_mvnd=7)]
    block, weights = block_of(CUT, rows, ("a",), **priced(prices="nominal"))
    assert (weights, block.at_most.tolist()) == ([[5]], [27])


def test_takes_a_nominal_cut_apart_to_the_million() -> None:
    """Two posts of 120 lapse from 2026: 240 in that year, 480 in each of the four that follow; `before` is the rest."""
    rows = [unit("a", state_grant_mvnd=3500, state_grant_2021_2025_mvnd=3500, avg_pay_vnd_month=10_000_000,
                 present_budget=18)]  # fmt: skip
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=2)
    plan = plan_of([CUT], rows, slim, **priced(DOUBLED, prices="nominal"))
    gave = {row.lever: row.amount for row in carried_of(plan)}
    assert gave == {"before": 5 * 3500 - 9 * 3500, "slim": 9 * 240}
    assert reading(plan).numerator == sum(gave.values())


def test_cash_and_score_follow_the_same_prices() -> None:
    """The same two posts, to 2028: 240, 480, 480, on grants of 3,500, 7,000, 7,000; nothing is discounted."""
    rows = [unit("a", avg_pay_vnd_month=10_000_000, present_budget=18)]
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=2)
    tables = priced(DOUBLED, prices="nominal", discount_percent=0, horizon=2028)
    plan = plan_of([], rows, slim, **tables)
    cash = cash_of(plan)
    assert list(cash.of("saving").values()) == [240, 480, 480] == list(cash.of("net").values())
    assert list(cash.of("outlay_before").values()) == [3500, 7000, 7000]
    assert list(cash.of("direct_spending_after").values()) == [3260, 6520, 6520]
    assert plan.criteria["state_saving"] == 1200 == cash.of("cumulated")[2028]
    assert plan.criteria["work_lost"] == 1200


def test_pays_once_at_the_prices_of_the_year_of_effect() -> None:
    """A raise in 2030 takes effect in 2028, at twice the prices: its set-up of 50 comes to 100."""
    rows = [unit("a", revenue_mvnd=1900, recurrent_mvnd=2000, state_grant_mvnd=100, fee_room_mvnd=100)]
    rule = {"id": "once", "rule": "one_off_budget", "at_most_mvnd": 99, "year": 2030}
    tables = priced(DOUBLED, prices="nominal", discount_percent=0, horizon=2028)
    plan = plan_of([rule], rows, Decision(unit_id="a", fate="raise", year=2030), **tables)
    found = reading(plan)
    assert (found.reached, found.slack, found.numerator, found.met) == (100, -1, 100, False)
    assert cash_of(plan).of("raise_setup")[2028] == -100
    assert (plan.criteria["fee_burden"], plan.criteria["state_saving"]) == (200, 200 - 100)
    for most, raises in ((99, 0), (100, 1), (199, 1)):  # 100 x + 1,600 y <= 99 with y for leaving, divided by 100
        columns = columns_of(rule | {"at_most_mvnd": most}, rows, **tables)
        asked = columns.scenario.rules[0].rows(columns)
        assert (set(asked.matrix.data.tolist()), asked.at_most.tolist()) == ({1, 16}, [raises])


def _nominal_worlds(seed: int) -> tuple[Columns, np.random.Generator]:
    money = {"prices": "nominal", "pay_percent": Decimal("83.5"), "discount_percent": 7, "horizon": 2034}
    rules = [
        CUT | {"at_least_percent": 3, "id": "all"},
        CUT | {"id": "by_parent", "per": "parent", "period": [2027, 2029]},
        {"id": "once", "rule": "one_off_budget", "at_most_mvnd": 900},
    ]
    tables = {"base_salary": [*SALARIES, {"id": "later", "vnd_month": 2_530_000, "in_force_from": date(2027, 10, 1)}]}
    counting = {"orders_are_direct_spending": bool(seed % 2)}
    rows = [row | {"state_grant_2021_2025_mvnd": row["state_grant_mvnd"] * 21 // 20} for row in random_rows(seed, 5)]
    merging = [{"within": "parent", "same": [], "sites": "either", "mixed_functions": True}]
    made = scenario_of(rules=rules, money=money, counting=counting, merging=merging, **tables)
    units = units_of(rows)
    return Columns.build(made, units, list_options(made, units).paths), np.random.default_rng(seed)


def test_both_roads_agree_at_nominal_prices() -> None:
    """Rows against readings, the option table's score against the checker's, levers and cash against both."""
    held = set()
    for seed in range(8):
        columns, draw = _nominal_worlds(seed)
        blocks, scores = {rule.id: rule.rows(columns) for rule in columns.scenario.rules}, costs(columns)
        for _ in range(8):
            values = random_values(columns, draw)
            plan = check(columns.scenario, columns.units, decisions_of(columns, values)).plan
            assert plan.score == int(scores @ values)
            for rule in columns.scenario.rules:
                by_rows = bool((blocks[rule.id].matrix @ values <= blocks[rule.id].at_most).all())
                assert by_rows == all(found.met for found in rule.measure(plan)), (seed, rule.id)
                held.add((rule.id, by_rows))
            _agree(plan)
    assert held == {(rule, met) for rule in ("all", "by_parent", "once") for met in (True, False)}


def _agree(plan: Plan) -> None:
    for found in plan.readings:
        if found.rule == "spending_cut":
            gave = [row.amount for row in carried_of(plan) if (row.id, row.label) == (found.id, found.label)]
            assert sum(gave) == found.numerator
    cash = cash_of(plan)
    assert sum(row.present_value_mvnd for row in cash.lines if row.line == "net") == plan.criteria["state_saving"]
    assert TOTALS[-1] == "cumulated"


# What a scenario must state


@pytest.mark.parametrize(
    ("tables", "code"),
    [
        ({"money": {"prices": "nominal"}}, "prices.nominal_needs_salaries"),
        ({"base_salary": [*SALARIES, SALARIES[0] | {"id": "twin"}]}, "prices.same_day"),
        ({"base_salary": SALARIES[1:], "rules": [CUT]}, "prices.unknown_years"),
        ({"base_salary": SALARIES[:2], "rules": [CUT]}, "prices.unknown_years"),
        ({"base_salary": SALARIES[:2], "money": {"prices": "nominal"}}, "prices.unknown_years"),
    ],
)
def test_refuses_prices_that_it_cannot_convert(tables: dict[str, Any], code: str) -> None:
    assert [problem.code for problem in price_problems(scenario(**tables))] == [code]


def test_names_the_years_whose_base_salary_is_unknown() -> None:
    (problem,) = price_problems(scenario(base_salary=SALARIES[1:], rules=[CUT]))
    assert problem.facts == {"years": "2021, 2022, 2023"}
    unneeded = {"history_prices": "price_year"}
    assert list(price_problems(scenario(base_salary=SALARIES[1:], rules=[CUT], money=unneeded))) == []


def test_warns_of_prices_that_the_figures_of_today_cannot_stand_at() -> None:
    """History would be lifted to 2025, the figures of June 2024 not."""
    found = {year: [p.code for p in price_warnings(scenario(money={"price_year": year}))] for year in (2024, 2025)}
    assert found == {2024: [], 2025: ["prices.late_price_year"]}
