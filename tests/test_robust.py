"""Targets that hold although some savings fall short: by rows and by measure, and the best such plan."""

from collections import Counter
from fractions import Fraction

import numpy as np
import pytest
from random_plans import random_values
from worlds import POSITIONS, part_of, random_rows, scenario_of, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.robust import worst

CUTS = [
    {"id": "payroll", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 20},
    {"id": "payroll_first", "rule": "payroll_cut", "year": 2025, "baseline_year": 2025, "at_least_percent": 8,
     "baseline": {"kind": "fixed"}, "per": "parent"},
    {"id": "payroll_realised", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10,
     "baseline": {"kind": "realised"}, "per": "sector"},
    {"id": "spending", "rule": "spending_cut", "at_least_percent": 20, "period": [2025, 2030],
     "baseline_period": [2021, 2025]},
    {"id": "spending_of_departments", "rule": "spending_cut", "at_least_percent": 15, "period": [2026, 2030],
     "baseline_period": [2021, 2025], "scope": {"level": ["department"]}, "per": "parent"},
    {"id": "group_4", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 30,
     "scope": {"autonomy_group": ["4"]}},
]  # fmt: skip
PINS = [{"unit": "u2", "fate": "transfer", "parent": "Sở C", "year": 2030}]
BUDGETS = (0, 1, Fraction(5, 2))
WIDE = {"measured": 40, "estimated": 75, "assumed": Fraction(125, 2), "invented": 100}
QUALITY = ["measured", "estimated", "assumed", "invented"]


def columns_of(seed: int, budget: Fraction | int) -> Columns:
    rows = random_rows(seed, 5)
    draw = np.random.default_rng([seed, 12])
    for row in rows:
        row["data_quality"] = str(draw.choice(QUALITY))
    merging = [{"within": "parent", "same": [], "sites": "either", "mixed_functions": True}]
    staffing = {"slimming": [{"at_most_percent": 30}]} | ({"positions": POSITIONS} if seed % 2 else {})
    staffing |= {"redeploy_km": 25} if seed % 3 == 0 else {}
    scenario = scenario_of(
        rules=CUTS, pins=PINS, merging=merging, staffing=staffing,
        counting={"orders_are_direct_spending": bool(seed % 2)},
        robust={"budget": budget, "deviation_percent": WIDE},
    )  # fmt: skip
    units = units_of([*rows, part_of(rows[0], "v0", "2026-01-01")])
    return Columns.build(scenario, units, list_options(scenario, units).paths)


@pytest.mark.parametrize("budget", BUDGETS)
def test_rows_and_measure_agree_on_what_falls_short(budget: Fraction | int) -> None:
    held: Counter[str] = Counter()
    short: Counter[str] = Counter()
    for seed in range(12):
        columns, draw = columns_of(seed, budget), np.random.default_rng(seed)
        blocks = {rule.id: rule.rows(columns) for rule in columns.scenario.demands}
        for number in range(10):
            values = random_values(columns, draw)
            for rows in columns.linking:
                reached = rows.matrix @ values
                assert ((reached >= rows.at_least) & (reached <= rows.at_most)).all(), (seed, number, rows.rule)
            assert (values[len(columns.paths) :] <= columns.extra.upper).all()
            plan = check(columns.scenario, columns.units, decisions_of(columns, values)).plan
            for rule in columns.scenario.cuts:
                rows = blocks[rule.id]
                by_rows = bool((rows.matrix @ values <= rows.at_most).all())
                readings = rule.measure(plan)
                assert by_rows == all(reading.met for reading in readings), (seed, number, rule.id)
                held[rule.id, by_rows] += 1
                short[rule.id] += any(reading.protected for reading in readings)
                exact = _reserve_by_rows(columns, rule.id, values)
                assert exact == {reading.label or rule.id: reading.protected for reading in readings if reading.protected}
    assert budget == 0 or all(short[rule["id"]] for rule in CUTS)
    assert all(held[rule["id"], met] for rule in CUTS for met in (True, False)), held


def _reserve_by_rows(columns: Columns, rule: str, values: np.ndarray) -> dict[str, Fraction]:  # type: ignore[type-arg]
    """What the reserve's columns come to in the unit of the reading."""
    found = {}
    for guard in columns.guards.of:
        if guard.rule == rule:
            kept = next(one for one in columns.scenario.cuts if one.id == rule).kept
            unit = kept.denominator if rule.startswith(("payroll", "group")) else 1
            amount = Fraction(int(guard.weights @ guard.reached(values[: columns.guards.first])), guard.times * unit)
            if amount:
                found[guard.label] = amount
    return found


def test_takes_the_worst_and_half_of_the_next() -> None:
    assert worst(map(Fraction, (3, 10, 4, -5, 7)), Fraction(5, 2)) == 10 + 7 + Fraction(4, 2)
    assert worst(map(Fraction, (3, 10)), Fraction(0)) == 0
    assert worst(map(Fraction, (3, -10)), Fraction(8)) == 3
