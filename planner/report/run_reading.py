"""A run folder as the report reads it: what it says of itself, its scenario and units, and its tables by plan."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.problem import InputError, Problem
from planner.drawing.plan_view import PlanView
from planner.drawing.table_rows import Row, rows_of
from planner.manifest import DERIVED, MANIFEST, changed_tables, read_manifest
from planner.rebuilt import written_table
from planner.run_folder import RESOLVED
from planner.scenario_file import Case, read_scenario
from planner.tables import units_table

OTHER_FOLDERS: Mapping[str, str] = {"progress": "progress"}
"""Statuses of folders without plans, and the command that writes them."""
NEEDED = {
    "status": str, "as_of": str, "digest": str, "engine": str, "repeatable": bool, "versions": dict,
    "dropped_rules": list,
}  # fmt: skip
"""What the page takes from the manifest, where it is stated."""
UNREADABLE = (KeyError, ValueError, IndexError, StopIteration, ZeroDivisionError)
"""What the tables of another version of the program raise where they lack a column, or hold other cells in it."""

PlanKey = tuple[str, str]
"""List and rank, as the tables write them."""


@dataclass(frozen=True, eq=False)
class RunReading:
    """Everything that a finished run says; a table or document that it lacks is empty, never an error.

    beside: the folder of what later commands worked out from the run; None where it is not to be shown.
    changed: the tables that are not as the run wrote them.
    """

    folder: Path
    manifest: Mapping[str, Any]
    case: Case
    beside: Path | None = None
    changed: Sequence[str] = ()
    _frames: dict[str, pd.DataFrame] = field(default_factory=dict)
    _by_plan: dict[str, dict[PlanKey, list[Row]]] = field(default_factory=dict)

    def has(self, name: str) -> bool:
        return (self.folder / name).is_file()

    def of(self, name: str, plan: PlanKey) -> list[Row]:
        """The rows of one plan in a table, every cell as text."""
        if name not in self._by_plan:
            rows: dict[PlanKey, list[Row]] = defaultdict(list)
            for row in rows_of(self._frame(name)) if self.has(name) else ():
                rows[row["list"], row["rank"]].append(row)
            self._by_plan[name] = rows
        return self._by_plan[name].get(plan, [])

    def rows(self, name: str) -> list[Row]:
        """All rows of any table of the folder, whether it tells of plans or not; none where it is missing."""
        return _rows_in(self.folder, name)

    def beside_rows(self, name: str, facts: str) -> list[Row]:
        """All rows of a table that a later command worked out; none where `facts`, its document, is of another run."""
        return [] if self.beside is None or not self.beside_document(facts, facts) else _rows_in(self.beside, name)

    def beside_document(self, name: str, facts: str) -> Mapping[str, Any] | None:
        """A document that a later command worked out; None where `facts` states the digest of another run."""
        if self.beside is None:
            return None
        stated = _document_in(self.beside, facts)
        ours = stated is not None and stated.get("run") == self.manifest["digest"]
        return _document_in(self.beside, name) if ours else None

    def document(self, name: str) -> Mapping[str, Any] | None:
        """A JSON document of the folder; None where it is missing. Errors: InputError where it is none."""
        return _document_in(self.folder, name)

    @cached_property
    def places(self) -> Mapping[PlanKey, Row]:
        """Every plan with its row of ranking.csv, `different` before `best`."""
        try:
            rows = {(row["list"], row["rank"]): row for row in rows_of(self._frame("ranking.csv"))}
        except KeyError as error:
            raise InputError(str(self.folder), [Problem("ranking.csv", "verify.no_table")]) from error
        return dict(sorted(rows.items(), key=lambda place: place[0][0] != "different"))

    @cached_property
    def views(self) -> Mapping[PlanKey, PlanView]:
        """Every plan as its tables, for the questions that pictures put to it."""
        return {plan: self._view(plan) for plan in self.places}

    @cached_property
    def units(self) -> Mapping[str, Row]:
        """A unit's id to its row as it was understood, `staff` included."""
        frame = units_table(self.case.units)
        frame["staff"] = self.case.units.staff
        return {row["id"]: row for row in rows_of(frame)}

    @property
    def stages(self) -> Sequence[str]:
        return [str(stage.year) for stage in self.case.scenario.stages]

    def _view(self, plan: PlanKey) -> PlanView:
        tables = (self._mine(name, plan) for name in ("decisions.csv", "successors.csv", "readings.csv"))
        decisions, successors, readings = tables
        return PlanView(self.case.scenario.title, units_table(self.case.units), decisions, successors, readings)

    def _mine(self, name: str, plan: PlanKey) -> pd.DataFrame:
        frame = self._frame(name)
        return frame[(frame["list"] == plan[0]) & (frame["rank"] == plan[1])]

    def _frame(self, name: str) -> pd.DataFrame:
        if name not in self._frames:
            self._frames[name] = _shown(written_table(self.folder, name))
        return self._frames[name]


def read_run(folder: Path) -> RunReading:
    """Read a run folder. Errors: InputError where it is none, or where scenario, units or a table cannot be used.

    A folder of `evaluate` or `progress` is none: no search is behind its tables.
    """
    manifest = read_manifest(folder)
    if command := OTHER_FOLDERS.get(str(manifest.get("status"))):
        raise InputError(str(folder), [Problem(MANIFEST, "report.other_folder", {"command": command})])
    if not all(isinstance(manifest.get(name, kind()), kind) for name, kind in NEEDED.items()):
        raise InputError(str(folder), [Problem(MANIFEST, "verify.changed")])
    case = read_scenario(folder / RESOLVED)
    # A hand-made plan was measured and not searched for; an older run says less of itself.
    beside = {"as_of": case.scenario.as_of.isoformat(), "status": "", "engine": "–", "digest": "–", "repeatable": False}
    told = {**beside, "options": None, "unlisted": None, "versions": {}, **manifest}
    changed = [problem.where for problem in changed_tables(folder, manifest)]
    return RunReading(folder, told, case, folder / DERIVED if (folder / DERIVED).is_dir() else None, changed)


def _rows_in(folder: Path, name: str) -> list[Row]:
    """The rows of a table, every cell as text; none where it is missing. Errors: InputError where it is none."""
    if not (folder / name).is_file():
        return []
    try:
        frame = pd.read_csv(folder / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except ValueError as error:
        raise InputError(str(folder), [Problem(name, "verify.no_table")]) from error
    return rows_of(_shown(frame))


def _document_in(folder: Path, name: str) -> Mapping[str, Any] | None:
    if not (folder / name).is_file():
        return None
    try:
        found = json.loads((folder / name).read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(str(folder), [Problem(name, "verify.changed")]) from error
    return found if isinstance(found, dict) else None


def _shown(frame: pd.DataFrame) -> pd.DataFrame:
    """Cells without the mark that keeps a spreadsheet from taking them for formulas."""
    for column in frame.columns:
        if frame[column].str.startswith("'").any():
            frame[column] = frame[column].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)
    return frame
