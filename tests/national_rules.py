"""Plans of very small worlds, judged by one rule of a national rule set."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

import decided
from worlds import scenario_of

from models.plan import Decision, Plan
from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

Row = Mapping[str, Any]


@cache
def rules_of(name: str) -> tuple[dict[str, Any], ...]:
    """The rules of a set as it stands, with those of the set on which it builds."""
    path = rule_set(name)
    assert path is not None
    return tuple(resolved_tables(path).tables["rules"])


def plan_of(name: str, rows: Sequence[Row], decisions: Sequence[Decision]) -> Plan:
    """Units and what is decided about some of them, under a set; units that no decision names are kept."""
    merging = [{"within": "province", "same": [], "mixed_functions": True, "sites": "either"}]
    scenario = scenario_of(rules=list(rules_of(name)), merging=merging)
    return decided.plan_of(scenario, rows, decisions)


def met(plan: Plan, rule: str) -> bool:
    """Whether one rule holds in every stage and for every label."""
    found = [reading for reading in plan.readings if reading.id == rule]
    assert found, f"{rule} has no reading"
    return all(reading.met for reading in found)
