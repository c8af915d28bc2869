"""A run folder read back: its own copy of the scenario, and its plans rebuilt by the checker."""

from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from models.checker import check
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner.at_work import at_work
from planner.decision_table import Key, read_decisions, whole_number
from planner.held_tables import rebuilt_elsewhere
from planner.manifest import changed_tables, read_manifest_of_plans
from planner.rebuilt import ranked, written_table
from planner.run_folder import RESOLVED
from planner.scenario_file import Case, read_scenario


@dataclass(frozen=True, eq=False)
class Run:
    """What a run folder holds: the case that it solved, its plans in their places, and its manifest.

    The values of the plans are empty: they belong to columns, which a run folder does not keep (`models.chosen`).
    """

    folder: Path
    case: Case
    plans: tuple[RankedPlan, ...]
    manifest: Mapping[str, Any]

    def plan(self, rank: int, name: str | None = None) -> RankedPlan:
        """A plan by its place; without a list that of `different`, of `best` where the run has no other.

        Errors: InputError where there is no such place.
        """
        lists = {plan.list for plan in self.plans}
        wanted = name or next((one for one in ("different", "best", "frontier") if one in lists), "different")
        for plan in self.plans:
            if (plan.list, plan.rank) == (wanted, rank):
                return plan
        known = ", ".join(f"{plan.list} {plan.rank}" for plan in self.plans) or "–"
        facts = {"found": f"{wanted} {rank}", "known": known}
        raise InputError(str(self.folder), [Problem("plan", "explain.no_plan", facts)])

    def unit(self, name: str) -> int:
        """The position of a unit. Errors: InputError where the run has none of that id."""
        positions = self.case.units.positions
        if name in positions:
            return positions[name]
        close = get_close_matches(name, self.case.units.ids, n=1)
        facts = {"unit": name, "hint": close[0] if close else ""}
        raise InputError(str(self.folder), [Problem("unit", "plan.unknown_unit", facts)])


def read_run(folder: Path) -> Run:
    """Read a run folder back, wherever its scenario is by now.

    Errors: InputError where it is none, where a table was changed since, or where its plans give other figures.
    """
    at_work("cli.reading_run", run=folder.name)
    manifest = read_manifest_of_plans(folder)
    if problems := list(changed_tables(folder, manifest)):
        raise InputError(str(folder), problems)
    case = read_scenario(folder / RESOLVED)
    stated = {_key(row): row for row in written_table(folder, "ranking.csv").to_dict("records")}
    decided = read_decisions(folder / "decisions.csv", case.scenario, case.units)
    plans, problems = [], []
    for key, decisions in decided.items():
        row = stated.get(key, {})
        plan = ranked(key, check(case.scenario, case.units, decisions).plan, _whole(row.get("bound_mvnd", "")))
        plan = rebuilt_elsewhere(plan, case)
        plans.append(plan)
        if _whole(row.get("score_mvnd", "")) != plan.score:
            facts = {"plan": f"{key[0]} {key[1]}", "stated": row.get("score_mvnd", "–"), "rebuilt": str(plan.score)}
            problems.append(Problem("ranking.csv", "explain.other_figures", facts))
    if problems:
        raise InputError(str(folder), problems)
    return Run(folder, case, tuple(plans), manifest)


def _key(row: Mapping[Any, Any]) -> Key:
    return str(row["list"]), whole_number(row["rank"]) or 0


def _whole(text: str) -> int | None:
    """A whole number with its sign; None where the cell holds none."""
    size = whole_number(text.removeprefix("-"))
    return size if size is None or not text.startswith("-") else -size
