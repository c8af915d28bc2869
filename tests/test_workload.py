"""What one stage can carry: operations counted by hand."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from worlds import scenario_of, unit, units_of

from models.answer import Limits
from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.engine import solve
from models.plan import Decision, Plan
from models.prepared import prepare
from models.rules.workload import Workload

UNITS = units_of(
    [
        unit("a", parent="Sở A", posts_budget=40),
        unit("b", parent="Sở A"),
        unit("c", parent="Sở B"),
        unit("d", parent="Sở B"),
        unit("e", parent="Sở B", revenue_mvnd=3900, state_grant_mvnd=100, orderable_mvnd=100),
        unit("f", parent="Sở A"),
    ]
)
EVERYWHERE = [{"within": "province", "same": [], "mixed_functions": True}]


def joined(name: str, year: int) -> Decision:
    return Decision(unit_id=name, fate="merge", form="absorb", year=year, successor_id="a", host_id="a", site="kept")


# b and c join a in 2025, d in 2030; e is raised in 2025; f is converted in 2030.
DECISIONS = (
    *(joined(name, year) for name, year in (("b", 2025), ("c", 2025), ("d", 2030))),
    joined("a", 2025),
    Decision(unit_id="e", fate="raise", year=2025, successor_id="e", group_after=2, orders_mvnd=100),
    Decision(unit_id="f", fate="convert", year=2030),
)


def plan_under(*rules: dict[str, Any]) -> Plan:
    found = check(scenario_of(rules=list(rules), merging=EVERYWHERE), UNITS, DECISIONS)
    assert not found.refusals
    return found.plan


def told(*rules: dict[str, Any]) -> dict[str, tuple[int, int, bool]]:
    """Per label of the readings: wanted, reached, met."""
    return {r.label: (int(r.wanted), int(r.reached), r.met) for r in plan_under(*rules).readings}


def test_counts_every_unit_that_joins_the_host_once_and_the_raise() -> None:
    """2025: b, c, their host a, and e raised are four; 2030: d, its host a again, and f converted are three."""
    assert told({"id": "w", "rule": "workload", "year": 2025, "at_most": 4}) == {"": (4, 4, True)}
    assert told({"id": "w", "rule": "workload", "year": 2030, "at_most": 2}) == {"": (2, 3, False)}


def test_counts_under_the_unit_s_own_parent_not_the_host_s() -> None:
    """Of the four of 2025 a and b are of Sở A; c and e of Sở B, although c ends up with a."""
    rule = {"id": "w", "rule": "workload", "year": 2025, "at_most": 2, "per": "parent"}
    assert told(rule) == {"Sở A": (2, 2, True), "Sở B": (2, 2, True)}


def test_counts_touched_units_once_over_all_stages_against_whole_units() -> None:
    """a hosts twice and is one unit: all six are touched by 2030; 70% of three units of a parent are two whole ones."""
    rule = {"id": "w", "rule": "workload", "year": 2030, "at_most_percent": 70, "count": "units", "per": "parent"}
    assert told(rule) == {"Sở A": (2, 3, False), "Sở B": (2, 3, False)}


def test_tells_the_operations_of_every_stage() -> None:
    plan = plan_under({"id": "w", "rule": "workload", "year": 2025, "at_most": 9})
    assert [(fact.what, fact.year, fact.numerator) for fact in plan.context] == [
        ("operations", 2025, 4), ("operations", 2030, 3),
    ]  # fmt: skip


def test_rows_give_a_host_one_operation_in_each_stage_in_which_somebody_joins() -> None:
    scenario = scenario_of(rules=[{"id": "w", "rule": "workload", "year": 2025, "at_most": 0}], merging=EVERYWHERE)
    columns = Columns.build(scenario, UNITS, list_options(scenario, UNITS).paths)
    row = scenario.demands[0].rows(columns).matrix.toarray()[0]
    paths = columns.paths
    for option in range(len(paths)):
        joins = paths.joins[paths.starts[option] : paths.starts[option + 1]]
        joining = int((joins == 0).sum())
        wanted = joining + (joining > 0) + int(paths.raised[option] == 0) + int(paths.leaves[option] == 0)
        assert row[option] == wanted
    assert row[len(paths) :].tolist() == [0] * len(columns.items)


def test_splits_a_reduction_over_the_years() -> None:
    """Two operations a stage are one merger of two units: two units fewer by 2030 take both stages, three never fit."""
    rules = [{"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 2}]
    rules += [{"id": f"w{year}", "rule": "workload", "year": year, "at_most": 2} for year in (2025, 2030)]
    scenario = scenario_of(rules=rules, actions={"merge": True}, merging=EVERYWHERE)
    problem = prepare(scenario, UNITS)
    values = solve(problem.program, limits=Limits(20)).plan
    assert values is not None
    joins = [problem.columns.paths.take(np.flatnonzero(values[: len(problem.columns.paths)])).joins]
    assert sorted(int(stage) for stage in joins[0] if stage >= 0) == [0, 1]
    more = [{**rules[0], "at_least": 3}, *rules[1:]]
    harder = prepare(scenario_of(rules=more, actions={"merge": True}, merging=EVERYWHERE), UNITS)
    assert solve(harder.program, limits=Limits(20)).status == "infeasible"


@pytest.mark.parametrize("limits", [{}, {"at_most": 3, "at_most_percent": 5}])
def test_refuses_a_rule_with_no_limit_or_two(limits: dict[str, int]) -> None:
    with pytest.raises(ValidationError, match=r"rules\.one_of"):
        Workload.model_validate({"id": "w", "year": 2025, **limits})
