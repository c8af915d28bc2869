"""Solving a scenario again and again with one or two keys varied; what is finished is never solved again.

Every point is named by the content of what it reads, so any process may lose any of them and the sweep goes on.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.figures import CRITERIA
from models.problem import InputError, Problem
from planner.conflict_tables import impossible_document
from planner.held_document import blocked_document
from planner.interruption import Interruption
from planner.manifest import digest_of
from planner.ranking import solve_case, status_of
from planner.result import Result
from planner.run_folder import input_hashes, versions
from planner.scenario_file import Case, read_scenario
from planner.solver import WorkerFailed
from planner.sweep_points import Point, Varied, points, varied
from planner.tables import criterion_column, decimal, table_text
from planner.whole_file import whole_file

SWEEP, TASKS = "sweep.json", "tasks"
ABOVE = "above_cheapest_mvnd"
ONE_PLAN = ("search.best=1", "search.plans=0")
OnPoint = Callable[[int, int, Point], None]


@dataclass(frozen=True)
class Task:
    """A point, and the digest of everything that it reads."""

    point: Point
    name: str


@dataclass(frozen=True, eq=False)
class Swept:
    """What a sweep has found so far: per point the record of its best plan, or why there is none.

    records: the names of tasks to what they found; stopped: somebody ended it before all were solved;
    solved: how many were solved this time.
    """

    folder: Path
    case: Case
    keys: tuple[Varied, ...]
    tasks: tuple[Task, ...]
    records: Mapping[str, Mapping[str, Any]]
    stopped: bool
    solved: int

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per point that is finished, in the order of the values, with what it costs above the cheapest."""
        after = [f"units_after_{stage.year}" for stage in self.case.scenario.stages]
        figures = ["score_mvnd", ABOVE, "bound_mvnd", "gap_percent", "proved_best", *after]
        criteria = map(criterion_column, CRITERIA)
        columns = [*(one.key for one in self.keys), "status", *figures, *criteria, "reason", "task"]
        rows = [
            {**dict(task.point.values), **self.records[task.name], "task": task.name}
            for task in self.tasks
            if task.name in self.records
        ]
        whole = dict.fromkeys(("score_mvnd", ABOVE, "bound_mvnd", *after, *map(criterion_column, CRITERIA)), "Int64")
        frame = pd.DataFrame(rows, columns=list(dict.fromkeys(columns))).astype(whole)
        return frame.assign(**{ABOVE: frame["score_mvnd"] - frame["score_mvnd"].min()})

    @cached_property
    def readings(self) -> pd.DataFrame:
        """One row per point and reading of its best plan."""
        columns = ["id", "label", "year", "wanted", "reached", "slack", "met", "protected"]
        rows = [
            {**dict(task.point.values), **reading, "task": task.name}
            for task in self.tasks
            for reading in self.records.get(task.name, {}).get("readings", ())
        ]
        frame = pd.DataFrame(rows, columns=[*(one.key for one in self.keys), *columns, "task"])
        return frame.astype({"year": "Int64"})

    @property
    def open(self) -> int:
        """Points that are not solved yet."""
        return sum(task.name not in self.records for task in self.tasks)


def sweep(
    place: Path | str, vary: Sequence[str], settings: Sequence[str] = (), out: Path | str | None = None, *,
    on_point: OnPoint | None = None,
) -> Swept:  # fmt: skip
    """Solve a scenario at every point of one or two varied keys, each for its best plan; resumes in the same folder.

    vary: `key=from:to:step` or `key=v1,v2`; out: default `runs/sweep-<scenario>-<hash>`. Ctrl-C keeps what is done.
    Errors: InputError where a point cannot be read, or where the folder belongs to another scenario.
    """
    keys, case = varied(vary), read_scenario(place, [*ONE_PLAN, *settings])
    base = digest_of(input_hashes(case))
    folder = Path(out) if out is not None else Path("runs") / f"sweep-{_slug(case.name)}-{base[:8]}"
    _insist_on_same(folder, base)
    tasks = _tasks(place, keys, settings)
    _write(folder / SWEEP, {"schema_version": 1, "scenario": base, "vary": list(vary), "settings": list(settings)})
    stopped, solved = False, 0
    with Interruption() as stop:
        for number, task in enumerate(tasks):
            if _record_of(folder, task) is None:
                if on_point is not None:
                    on_point(number, len(tasks), task.point)
                kept = not stop.asked and _solve(folder, place, settings, task)
                solved += kept
                stopped |= not kept
            if stopped or stop.asked:
                break
    found = {task.name: record for task in tasks if (record := _record_of(folder, task)) is not None}
    swept = Swept(folder, case, keys, tasks, found, stopped or len(found) < len({t.name for t in tasks}), solved)
    for name, frame in (("sweep.csv", swept.table), ("sweep-readings.csv", swept.readings)):
        with whole_file(folder / name) as partial:
            partial.write_text("\ufeff" + table_text(frame), encoding="utf-8", newline="\n")
    return swept


def _tasks(place: Path | str, keys: Sequence[Varied], settings: Sequence[str]) -> tuple[Task, ...]:
    """Every point, named by what it reads. Errors: InputError with the problems of every point, before any solve."""
    found, problems = [], []
    for point in points(keys):
        try:
            case = read_scenario(place, [*ONE_PLAN, *settings, *point.settings])
        except InputError as error:
            shown = ", ".join(point.settings)
            problems += [Problem(f"{shown}: {p.where}", p.code, p.facts) for p in error.problems]
            continue
        found.append(Task(point, digest_of(input_hashes(case))[:24]))
    if problems:
        raise InputError(str(place), problems)
    return tuple(found)


def _insist_on_same(folder: Path, base: str) -> None:
    """A folder holds the points of one scenario. Errors: InputError where it belongs to another, or to no sweep."""
    try:
        known = json.loads((folder / SWEEP).read_text(encoding="utf-8"))
        if known["scenario"] == base:
            return
        problem = Problem("scenario", "sweep.changed", {"known": known["scenario"][:8], "found": base[:8]})
    except FileNotFoundError:
        if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
            return
        problem = Problem("--out", "sweep.no_sweep")
    except (ValueError, KeyError, TypeError, OSError):
        problem = Problem(SWEEP, "sweep.unreadable")
    raise InputError(str(folder), [problem])


def _record_of(folder: Path, task: Task) -> dict[str, Any] | None:
    """What a finished task found; None where it is not finished (or its record cannot be read)."""
    try:
        record = json.loads((folder / TASKS / f"{task.name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return record if isinstance(record, dict) and record.get("task") == task.name else None


def _solve(folder: Path, place: Path | str, settings: Sequence[str], task: Task) -> bool:
    """Solve one point and keep what it found; whether it was finished."""
    case = read_scenario(place, [*ONE_PLAN, *settings, *task.point.settings])
    if digest_of(input_hashes(case))[:24] != task.name:
        raise InputError(str(place), [Problem("scenario", "sweep.changed_meanwhile")])
    result = solve_case(case)
    if result.worker_died:
        raise WorkerFailed(result.worker_died)
    if result.stopped:
        return False
    if result.plans:
        with whole_file(folder / TASKS / f"{task.name}.csv") as partial:
            partial.write_text("\ufeff" + table_text(result.decisions), encoding="utf-8", newline="\n")
    _write(folder / TASKS / f"{task.name}.json", {"task": task.name, **_found(result)})
    return True


def _found(result: Result) -> dict[str, Any]:
    """The record of a point: its best plan, or the targets that cannot stand together, or that time ran out."""
    facts = {"status": status_of(result), "versions": versions()}
    if result.impossible is not None:
        conflict = impossible_document(result.impossible)
        return {**facts, **conflict, "reason": " + ".join(rule["id"] for rule in conflict["conflict"])}
    if result.in_the_way is not None:
        blocked = blocked_document(result.in_the_way)
        members = (f"{rule['scenario']}: {rule['id']}".removeprefix(": ") for rule in blocked["conflict"])
        return {**facts, **blocked, "reason": " + ".join(members)}
    if not result.plans:
        return {**facts, "reason": "time"}
    row = dict(zip(result.table.columns, result.table.iloc[0].tolist(), strict=True))
    best = {name: None if pd.isna(value) else value for name, value in row.items() if name not in ("list", "rank")}
    readings = [
        {
            "id": r.id, "label": r.label, "year": r.year, "wanted": decimal(r.wanted), "reached": decimal(r.reached),
            "slack": decimal(r.slack), "met": r.met, "protected": decimal(r.protected),
        }
        for r in result.plans[0].plan.readings
    ]  # fmt: skip
    return {**facts, **{name: _plain(value) for name, value in best.items()}, "readings": readings}


def _plain(value: Any) -> Any:
    return value.item() if hasattr(value, "item") else value


def _write(path: Path, document: Mapping[str, Any]) -> None:
    with whole_file(path) as partial:
        partial.write_text(json.dumps(document, ensure_ascii=False, indent=2) + "\n", encoding="utf-8", newline="\n")


def _slug(name: str) -> str:
    return "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in name.lower())
