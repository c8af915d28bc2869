"""Invented nations: provinces of benchmarks.provinces side by side, under pooled targets or each under all its rules.

Nothing here is true of any country. `pooled` asks four things of all units together and nothing else; `by_province`
asks of every province what the scenario of Bình Thuận with the national rule set asks of that one, and a little more
in three sums of the nation.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from benchmarks.provinces import MODEL, invented
from models.rules import Rule
from models.scenario import Scenario
from models.unit import Units
from planner.scenario_file import read_scenario
from planner.shipped import scenarios_folder

POOLED = ("cut39", "autonomy20", "payroll10", "spending15")
SUMMED = ("cut39", "payroll10", "spending15")
HARDER = Fraction(102, 100)
"""What the nation asks in sum, against what its provinces ask one by one."""
PROVINCE = "district"
"""The column that holds the province; districts stand in `area` already."""


def pooled(count: int, seed: int) -> tuple[Scenario, Units]:
    """All units as one problem under four rows: fewer units, autonomy, posts and spending."""
    scenario, units = invented(count, seed)
    return _under(scenario, [rule for rule in scenario.rules if rule.id in POOLED]), units


def by_province(count: int, seed: int) -> tuple[Scenario, Units]:
    """Every rule of the scenario in every province, and three of them a little harder in the sum of the nation."""
    scenario, units = invented(count, seed)
    asked = read_scenario(scenarios_folder() / MODEL).scenario.rules
    each = [rule if rule.per is not None else rule.model_copy(update={"per": PROVINCE}) for rule in asked]
    summed = [_harder(rule) for rule in scenario.rules if rule.id in SUMMED]
    here = {**units.texts, PROVINCE: np.array([unit.partition("-")[0] for unit in units.ids], dtype=object)}
    rules = [rule for rule in (*each, *summed) if not rule.structural]
    return _under(scenario, rules), replace(units, texts=here)


def _under(scenario: Scenario, rules: list[Rule]) -> Scenario:
    """Structural rules stay: they choose among the options and give no rows."""
    structural = [rule for rule in scenario.rules if rule.structural]
    return scenario.model_copy(update={"rules": (*structural, *rules)})


def _harder(rule: Rule) -> Rule:
    names = ("at_least", "at_least_percent")
    amounts = {name: getattr(rule, name, None) for name in names}
    harder = {name: amount * HARDER for name, amount in amounts.items() if amount is not None}
    whole = {name: round(amount) if name == "at_least" else amount for name, amount in harder.items()}
    return rule.model_copy(update={"id": f"{rule.id}-nation", **whole})
