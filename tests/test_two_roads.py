"""Every quantity is computed by two roads: rows over the option table, and measure over units and decisions."""

from collections import Counter
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from random_plans import random_values
from worlds import LAW, POSITIONS, part_of, random_rows, scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.objective import costs
from models.plan import Decision
from models.rules import ROSTER

EXAMPLES = [
    *LAW,
    {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 2},
    {"id": "fewer_gross", "rule": "unit_reduction", "year": 2025, "at_least": 2, "count": "gross"},
    {"id": "fewer_per_parent", "rule": "unit_reduction", "year": 2030, "at_least_percent": 20, "per": "parent"},
    {
        "id": "share", "rule": "autonomy_share", "year": 2030, "at_least_percent": 20,
        "scope": {"sector_not": ["health"]},
    },
    {"id": "share_of_today", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30, "denominator": "baseline"},
    {"id": "companies", "rule": "equitization", "year": 2030},
    {"id": "payroll", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10},
    {
        "id": "payroll_realised", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10,
        "baseline": {"kind": "realised"}, "per": "sector",
    },
    {
        "id": "spending", "rule": "spending_cut", "at_least_percent": 15, "period": [2026, 2030],
        "baseline_period": [2021, 2025], "scope": {"level": ["department"]},
    },
    {"id": "payroll_guarded", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10},
    {
        "id": "spending_guarded", "rule": "spending_cut", "at_least_percent": 12, "period": [2026, 2030],
        "baseline_period": [2021, 2025], "per": "parent",
    },
    {"id": "functions", "rule": "remaining_functions", "year": 2030},
    {"id": "size", "rule": "structure", "measure": "posts", "at_least": 15, "at_most": 60, "binds": "not_worse"},
    {"id": "size_of_all", "rule": "structure", "measure": "staff", "at_least": 5, "binds": "all"},
    {"id": "size_of_new", "rule": "structure", "measure": "users", "at_most": 2500},
    {"id": "pupils", "rule": "structure", "measure": "users_per_class", "at_most": 45, "binds": "not_worse"},
    {"id": "pupils_of_all", "rule": "structure", "measure": "users_per_class", "at_least": 3, "binds": "all"},
    {"id": "cap", "rule": "cap", "sum": "units", "at_most": 2, "per": "parent"},
    {
        "id": "cap_on_group_4", "rule": "cap", "sum": "posts", "at_most": 25, "year": 2025,
        "where": {"autonomy_group": ["4"]},
    },
    {"id": "floor", "rule": "floor", "sum": "users", "at_least": 1500, "per": "parent"},
    {"id": "places", "rule": "floor", "sum": "places", "at_least": 3, "per": "commune"},
    {
        "id": "places_of_departments", "rule": "cap", "sum": "places", "at_most": 3, "per": "parent",
        "where": {"level": ["department"]},
    },
    {"id": "once", "rule": "one_off_budget", "at_most_mvnd": 1500},
    {"id": "once_per_sector", "rule": "one_off_budget", "at_most_mvnd": 700, "year": 2030, "per": "sector"},
    {
        "id": "once_outside_group_4", "rule": "one_off_budget", "at_most_mvnd": 800, "year": 2025,
        "scope": {"autonomy_group_not": ["4"]},
    },
    {"id": "operations", "rule": "workload", "year": 2025, "at_most": 3},
    {"id": "operations_per_parent", "rule": "workload", "year": 2030, "at_most": 1, "per": "parent"},
    {"id": "touched", "rule": "workload", "year": 2030, "at_most_percent": 60, "count": "units"},
    {
        "id": "touched_of_departments", "rule": "workload", "year": 2025, "at_most_percent": 50, "count": "units",
        "scope": {"level": ["department"]},
    },
    {"id": "fair", "rule": "fairness", "at_most_percent": 60, "per": "parent"},
    {
        "id": "fair_at_first", "rule": "fairness", "at_most_percent": 40, "per": "sector", "count": "people",
        "year": 2025,
    },
    {
        "id": "fair_of_departments", "rule": "fairness", "at_most_percent": 35, "per": "commune",
        "scope": {"level": ["department"]},
    },
]  # fmt: skip
ROBUST: dict[str, Any] = {
    "budgets": {"payroll_guarded": Fraction(3, 2), "spending_guarded": 1},
    "deviation_percent": {"measured": 20, "estimated": 45, "assumed": Fraction(125, 2), "invented": 90},
}
PINS = [
    {"unit": "u0", "never_with": ["u1"]},
    {"unit": "u2", "fate": "transfer", "parent": "Sở C", "year": 2030},
    {"unit": "u3", "fate": "raise"},
    {"unit": "u4", "not": ["merge"]},
    {"unit": "u1", "merge_with": ["u2"], "year": 2025},
    {"scope": {"sector": ["health"]}, "fate": "keep"},
    {"unit": "u0", "fate": "split", "into": ["v0"]},
    {"unit": "u4", "fate": "split", "into": ["v2"]},
]
PAYROLL = ("payroll", "payroll_guarded")
WORLDS = 24
PLANS = 12


def _worlds(seed: int) -> tuple[Columns, np.random.Generator]:
    merging = [{"within": "parent", "same": [], "sites": "either", "mixed_functions": True, "form": "consolidate"}]
    staffing = {"slimming": [{"at_most_percent": 30}]} | ({"positions": POSITIONS} if seed % 2 else {})
    staffing |= {"redeploy_km": 25} if seed % 3 == 0 else {}
    counting = {"orders_are_direct_spending": bool(seed % 2), "equitized_counts_as_reduction": seed % 3 > 0}
    scenario = scenario_of(
        rules=EXAMPLES, pins=PINS, merging=merging, staffing=staffing, counting=counting, robust=ROBUST
    )
    rows = _rows(seed)
    new = [part_of(rows[0], "v0", "2026-01-01"), part_of(rows[4], "v1", "2025"), part_of(rows[4], "v2", "2027-05-01")]
    units = units_of([*rows, *new])
    return Columns.build(scenario, units, list_options(scenario, units).paths), np.random.default_rng(seed)


def _rows(seed: int) -> list[dict[str, Any]]:
    """Random units with classes and sites in two communes, some better known than others."""
    draw, rows = np.random.default_rng([seed, 6]), random_rows(seed, 5)
    for row in rows:
        row["classes"], row["sites"] = int(draw.choice([0, 5, 20, 30])), int(draw.integers(1, 4))
        row["commune"] = str(draw.choice(["Xã Một", "Xã Hai"]))
    known = np.random.default_rng([seed, 14])
    for row in rows:
        row["data_quality"] = str(known.choice(list(ROBUST["deviation_percent"])))
    return rows


@pytest.fixture(scope="module")
def outcomes() -> list[tuple[str, str, bool, bool]]:
    """(rule id, world and plan, held by the rows, held by measure), and `score` where the two scores agree."""
    found = []
    for seed in range(WORLDS):
        columns, draw = _worlds(seed)
        blocks = {rule.id: rule.rows(columns) for rule in columns.scenario.demands}
        scores = costs(columns)
        for number in range(PLANS):
            values = random_values(columns, draw)
            rebuilt = check(columns.scenario, columns.units, decisions_of(columns, values))
            place = f"world {seed}, plan {number}"
            assert not rebuilt.refusals, place
            assert rebuilt.plan.score == int(scores @ values), place
            for rule in columns.scenario.demands:
                rows = blocks[rule.id]
                reached = rows.matrix @ values
                by_rows = bool(((reached >= rows.at_least) & (reached <= rows.at_most)).all())
                by_measure = all(reading.met for reading in rule.measure(rebuilt.plan))
                found.append((rule.id, place, by_rows, by_measure))
    return found


def test_rows_and_measure_agree_for_every_rule(outcomes: list[tuple[str, str, bool, bool]]) -> None:
    assert [outcome for outcome in outcomes if outcome[2] != outcome[3]] == []


def test_examples_are_held_and_broken(outcomes: list[tuple[str, str, bool, bool]]) -> None:
    """An example that always or never holds would compare nothing."""
    held = Counter(rule for rule, _, by_rows, _ in outcomes if by_rows)
    asked = Counter(rule for rule, *_ in outcomes)
    never_broken = {"no_new_posts"}  # the arithmetic of successors only takes posts away
    assert {rule for rule in asked if held[rule] in (0, asked[rule])} <= never_broken | {"pin-2", "pin-7", "pin-8"}


def test_a_reserve_breaks_what_would_hold_without_it(outcomes: list[tuple[str, str, bool, bool]]) -> None:
    """And never makes a target hold that its savings miss."""
    held = {name: {place for rule, place, by_rows, _ in outcomes if rule == name and by_rows} for name in PAYROLL}
    assert held["payroll_guarded"] < held["payroll"]


def test_has_an_example_of_every_family() -> None:
    assert {family.model_fields["rule"].default for family in ROSTER} == {example["rule"] for example in EXAMPLES}


def test_judges_an_upper_size_before_slimming_on_both_roads() -> None:
    """Thirty posts, two of them vacant: slimming both does not make the unit small enough for a limit of 28."""
    rule = {"id": "size", "rule": "structure", "measure": "posts", "at_most": 28, "binds": "all"}
    staffing = {"slimming": [{"at_most_percent": 30}]}
    scenario = scenario_of(rules=[rule], staffing=staffing)
    units = units_of([unit("a", posts_budget=30, present_budget=28)])
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    rows = scenario.demands[0].rows(columns)
    stays = columns.paths.leaves > 0  # a unit that is converted in the first stage is not there to be judged
    assert rows.matrix.toarray()[0][: len(columns.paths)].tolist() == stays.astype(int).tolist()
    kept = [Decision(unit_id="a", fate="keep"), Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=2)]
    rebuilt = check(scenario, units, kept)
    assert not rebuilt.refusals and not rebuilt.plan.readings[0].met
