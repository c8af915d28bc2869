"""What would be read and then ignored is refused, with the way out."""

import pytest
from pydantic import ValidationError
from worlds import scenario_of, unit, units_of

from models.rules.spending_cut import SpendingCut
from planner.scenario_checks import problems_alone, problems_with_units


def test_refuses_a_baseline_period_that_the_table_does_not_hold() -> None:
    cut = {"id": "less", "at_least_percent": 15, "period": [2026, 2030], "baseline_period": [1995, 1996]}
    with pytest.raises(ValidationError, match=r"rules\.baseline_years"):
        SpendingCut.model_validate(cut)
    assert SpendingCut.model_validate({**cut, "baseline_mvnd": 4000}).baseline_mvnd == 4000


def test_refuses_partners_of_a_whole_scope() -> None:
    scenario = scenario_of(pins=[{"scope": {"kind": ["culture_centre"]}, "merge_with": ["a"]}])
    assert [problem.code for problem in problems_alone(scenario)] == ["scenario.pin_partners_of_one"]


def test_refuses_a_scope_of_a_unit_that_the_table_lacks() -> None:
    """A cap on a unit that nobody knows would hold for ever."""
    cap = {"id": "cap", "rule": "cap", "at_most": 0, "scope": {"unit": ["b1"]}}
    found = problems_with_units(scenario_of(rules=[cap]), units_of([unit("a1"), unit("a2")]))
    assert [(problem.where, problem.code) for problem in found] == [("rules[cap].scope.unit", "scenario.unknown_unit")]
