"""Outlay that no plan can touch: out of both sides of a cut, once, where its units stand."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from random_plans import random_values
from test_beside_readings import Row, facts, plan_of, reading
from test_prices import CUT, DOUBLED, priced
from test_rules_by_hand import block_of
from worlds import random_rows, scenario_of, unit, units_of

from models.candidates import list_options
from models.carried import carried_of
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.untouchable import Untouchable
from planner.price_checks import price_problems, price_warnings, untouchable_problems

REFORM: Row = {"id": "reform", "name": "Cải cách tiền lương", "mvnd": 300}
TWO = [
    unit("a", state_grant_mvnd=1000, state_grant_2021_2025_mvnd=1100),
    unit("s", sector="education", kind="primary", state_grant_mvnd=800, state_grant_2021_2025_mvnd=800),
]


def left_out(*entries: Row, rows: list[Row] = TWO, rule: Row = CUT, **tables: Any) -> Any:
    return plan_of([rule], rows, untouchable=list(entries), **tables)


def test_leaves_the_same_amount_out_of_both_sides() -> None:
    """1,900 a year before, 1,800 after: 5.26%; without 300 on both sides 1,600 and 1,500: 6.25%."""
    assert reading(left_out()).reached == Fraction(10000, 1900)
    found = reading(left_out(REFORM))
    assert (found.reached, found.numerator, found.denominator) == (Fraction(25, 4), 5 * 100, 5 * 1600)


def test_leaves_out_what_the_years_of_the_baseline_held() -> None:
    """Nothing in 2021 and 2022, 100 in 2023, 250 in 2024, and in 2025, which is not named, 300: 130 on average."""
    entry = REFORM | {"by_year": {"2021": 0, "2022": 0, "2023": 100, "2024": 250}}
    found = reading(left_out(entry))
    assert (found.denominator, found.denominator - found.numerator) == (5 * (1900 - 130), 5 * (1800 - 300))
    assert facts(left_out(entry))["untouchable", 2030, "reform"] == (1500, 1500, 650)


def test_rows_leave_room_for_what_is_left_out() -> None:
    """Nine tenths of 8,000 are 7,200; the rows hold all of the spending, so 1,500 more: 9,000 x <= 8,700."""
    rows = [unit("a", state_grant_mvnd=1800, state_grant_2021_2025_mvnd=1900), unit("b", state_grant_mvnd=1,
            state_grant_2021_2025_mvnd=0)]  # fmt: skip
    block, weights = block_of(CUT, rows, ("a",), ("b",), untouchable=[REFORM])
    assert (weights, block.at_most.tolist()) == ([[9000, 5]], [8700])


def test_stands_at_the_prices_of_its_side() -> None:
    """The base salary doubles in 2027: 300 a year are 300 + 4 x 600 in the period; 300 a year in 2021-2025."""
    plan = left_out(REFORM, **priced(DOUBLED, prices="nominal"))
    assert facts(plan)["untouchable", 2030, "reform"] == (2700, 2700, 1500)
    found = reading(plan)
    assert (found.denominator, found.denominator - found.numerator) == (5 * 1900 - 1500, 9 * 1800 - 2700)
    salaries = [DOUBLED[0], DOUBLED[1] | {"in_force_from": DOUBLED[1]["in_force_from"].replace(year=2024)}]
    lifted = left_out(REFORM | {"by_year": {"2021": 90}}, **priced(salaries))
    # 90 paid in 2021, 150 in 2022 and 2023, 300 in 2024 and 2025: 198 on average, at a salary of 1.4 million: 282.86
    assert facts(lifted)["untouchable", 2030, "reform"] == (1500, 1500, 1414)


def test_counts_only_where_its_units_stand() -> None:
    """Tuition of the school: out of the cut of schools, no part of the cut of others; by sector under its label."""
    tuition = REFORM | {"scope": {"sector": ["education"]}}
    for scope, base in (({"sector": ["education"]}, 500), ({"sector_not": ["education"]}, 1100)):
        assert reading(left_out(tuition, rule=CUT | {"scope": scope})).denominator == 5 * base
    by_sector = left_out(tuition, rule=CUT | {"per": "sector"})
    assert [reading(by_sector, label).denominator for label in ("culture_sport", "education")] == [5500, 2500]
    assert set(facts(by_sector)) >= {("untouchable", 2030, "reform")}


def test_levers_add_up_without_it() -> None:
    gave = {row.lever: row.amount for row in carried_of(left_out(REFORM))}
    assert gave == {"before": 500}


def test_both_roads_agree_with_amounts_left_out() -> None:
    held = set()
    for seed in range(6):
        rows = [row | {"state_grant_2021_2025_mvnd": row["state_grant_mvnd"] + 60} for row in random_rows(seed, 5)]
        entries = [REFORM | {"by_year": {"2022": 11}}, REFORM | {"id": "more", "mvnd": 17}]
        made = scenario_of(rules=[CUT | {"at_least_percent": 40}], untouchable=entries,
                           **priced(prices="nominal" if seed % 2 else "constant"))  # fmt: skip
        units, draw = units_of(rows), np.random.default_rng(seed)
        columns = Columns.build(made, units, list_options(made, units).paths)
        block = made.rules[0].rows(columns)
        for _ in range(8):
            values = random_values(columns, draw)
            plan = check(made, units, decisions_of(columns, values)).plan
            by_rows = bool((block.matrix @ values <= block.at_most).all())
            found = reading(plan)
            assert by_rows == found.met
            assert sum(row.amount for row in carried_of(plan)) == found.numerator
            held.add(by_rows)
    assert held == {True, False}


@pytest.mark.parametrize(
    ("entry", "rule", "code"),
    [
        (REFORM | {"scope": {"sector": ["health"]}}, CUT, "scenario.empty_scope"),
        (REFORM, CUT | {"scope": {"sector": ["education"]}}, "prices.divided"),
        (REFORM, CUT | {"per": "sector"}, "prices.divided"),
        (REFORM | {"mvnd": 1801}, CUT, "prices.more_than_today"),
        (REFORM | {"by_year": dict.fromkeys(("2021", "2022", "2023", "2024", "2025"), 1901)}, CUT,
         "prices.more_than_baseline"),
        (REFORM | {"mvnd": 1800, "by_year": {"2021": 2300}}, CUT, None),  # 1,900 on average: all of it
    ],
)  # fmt: skip
def test_refuses_what_the_figures_cannot_hold(entry: Row, rule: Row, code: str | None) -> None:
    problems = list(untouchable_problems(scenario_of(rules=[rule], untouchable=[entry]), units_of(TWO)))
    assert [problem.code for problem in problems] == ([] if code is None else [code])


def test_refuses_a_year_that_no_baseline_holds() -> None:
    """What the plan's years hold is what today's figures hold."""
    made = scenario_of(rules=[CUT], untouchable=[REFORM | {"by_year": {"2025": 1, "2027": 900}}])
    (problem,) = price_problems(made)
    assert (problem.where, problem.facts) == ("untouchable[reform].by_year.2027", {"years": "2021–2025"})


def test_refuses_a_year_that_is_none() -> None:
    with pytest.raises(ValidationError, match=r"prices\.no_year:2021-2025"):
        Untouchable.model_validate(REFORM | {"by_year": {"2021-2025": 3}})


def test_warns_of_amounts_that_no_rule_leaves_out() -> None:
    warned = price_warnings(scenario_of(rules=[], untouchable=[REFORM]))
    assert [problem.code for problem in warned] == ["prices.untouchable_unused"]
