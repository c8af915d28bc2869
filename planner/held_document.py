"""Plans that hold in several scenarios, as data: what holding costs, and what is in the way where none does."""

from typing import TYPE_CHECKING, Any

from models.holding import Holding
from models.rules import Rule
from planner.held_tables import MAIN
from planner.rule_names import name_of
from planner.scenario_file import Case

if TYPE_CHECKING:
    from planner.result import Blocked, Result

HELD = "held"
"""The manifest's key for what it says of other scenarios."""


def holding_document(result: "Result") -> dict[str, Any]:
    """What the manifest of a run says of the scenarios in which its plans hold."""
    if result.holding is None:
        return {}
    return {HELD: {"scenarios": scenarios_document(result.case), **costs_document(result.holding)}}


def scenarios_document(case: Case) -> list[dict[str, Any]]:
    """The other scenarios by name, with what their own files are called."""
    return [{"name": one.name, "title": one.case.scenario.title, "file": one.place} for one in case.others]


def costs_document(holding: Holding) -> dict[str, Any]:
    """What holding costs, in million VND; null where it is not known."""
    plan = holding.best_alone
    return {
        "options": len(holding.problem.columns.paths),
        "options_refused": {one.other.name: one.refused for one in holding.problem.beside},
        "alone_score_mvnd": None if plan is None else plan.score,
        "alone_bound_mvnd": None if plan is None else plan.bound,
        "extra_at_least_mvnd": holding.extra_at_least,
        "extra_at_most_mvnd": holding.extra_at_most,
    }


def held_records(result: "Result") -> dict[str, Any]:
    """The tables of plans in other scenarios, as rows, for the document of `solve`."""
    if result.holding is None:
        return {}
    rows = {name: frame.astype(object).where(frame.notna(), None) for name, frame in result.held.items()}
    told = holding_document(result)
    return told | {name: frame.to_dict("records") for name, frame in rows.items()}


def blocked_document(blocked: "Blocked") -> dict[str, Any]:
    """Why no plan holds in all scenarios, as data; `scenario` is empty for the main one."""
    found = blocked.found
    return {
        "between_scenarios": True,
        "confirmed": blocked.confirmed,
        "certified": False,
        "engine": blocked.engine,
        "conflict": [_member(name, rule) for name, rule in found.members],
        "minimal": found.conflict.minimal,
        "by_whole_numbers_only": found.by_integers,
        "alone": [{"scenario": name, "verdict": verdict} for name, verdict in found.alone.items()],
    }


def _member(scenario: str, rule: Rule) -> dict[str, Any]:
    return {
        "scenario": "" if scenario == MAIN else scenario, "id": rule.id, "rule": rule.rule, "name": name_of(rule),
        "tier": rule.tier, "source": rule.source, "certainty": rule.certainty,
    }  # fmt: skip
