"""Runs side by side against one of them, their scenarios included."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.problem import InputError, Problem
from planner.comparison import ComparedPlan, Comparison, compared, letter
from planner.run_reading import Run, read_run
from planner.scenario_differences import scenario_differences, unit_differences
from planner.tables import records, table_text
from planner.whole_file import whole_file


@dataclass(frozen=True, eq=False)
class ComparedRuns:
    """Run folders under letters, plans of them in a comparison, and how their scenarios differ."""

    runs: Mapping[str, Run]
    base: str
    comparison: Comparison

    @cached_property
    def scenarios(self) -> pd.DataFrame:
        """Keys of the scenarios that differ, one column per run."""
        return scenario_differences({label: run.case for label, run in self.runs.items()})

    @cached_property
    def units(self) -> pd.DataFrame:
        """Units and cells in which the tables differ from the base's."""
        return unit_differences({label: run.case for label, run in self.runs.items()}, self.base)

    def tables(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Every table of the comparison by the name of its file."""
        found = self.comparison
        yield "plans", found.table.reset_index()
        yield "criteria", found.criteria.reset_index()
        readings = found.readings.reset_index()
        readings.columns = pd.Index([" ".join(filter(None, map(str, name))) for name in readings.columns])
        yield "readings", readings
        yield "cash", found.cash.reset_index()
        yield "decisions", found.decisions
        yield "distances", found.distance_percent.reset_index()
        yield "people", found.people_apart.reset_index()
        yield "scenarios", self.scenarios
        yield "units", self.units


def compare_runs(
    folders: Sequence[Path], base: Path | None = None, rank: int = 1, *, every_plan: bool = False
) -> ComparedRuns:
    """Runs against one of them: of each the plan of a rank; of a single run, or on demand, all plans.

    Errors: InputError where a folder is no run, or was changed, where a plan is missing, and where the base is none of
    them.
    """
    runs = {letter(place): read_run(folder) for place, folder in enumerate(folders)}
    labels = {folder.resolve(): label for folder, label in zip(folders, runs, strict=True)}
    wanted = folders[0] if base is None else base
    if wanted.resolve() not in labels:
        facts = {"found": str(wanted), "known": ", ".join(map(str, folders))}
        raise InputError("compare", [Problem("base", "compare.unknown_run", facts)])
    first = labels[wanted.resolve()]
    plans = [
        ComparedPlan(_name(label, plan.list, plan.rank, len(runs)), run, plan)
        for label, run in runs.items()
        for plan in (run.plans if every_plan or len(runs) == 1 else [run.plan(rank)])
    ]
    named = next((plan.label for plan in plans if plan.result is runs[first]), None)
    return ComparedRuns(runs, first, compared(plans, named))


def write_comparison(found: ComparedRuns, folder: Path) -> None:
    """Every table of the comparison as compare-*.csv."""
    for name, frame in found.tables():
        with whole_file(folder / f"compare-{name}.csv") as partial:
            partial.write_text("\ufeff" + table_text(frame), encoding="utf-8", newline="\n")


def document_of(found: ComparedRuns) -> dict[str, Any]:
    """The comparison as data."""
    runs = {label: {"folder": str(run.folder), "title": run.case.scenario.title} for label, run in found.runs.items()}
    tables = {name: records(frame) for name, frame in found.tables()}
    return {"runs": runs, "base": found.comparison.base.label, "invented_data": found.comparison.invented, **tables}


def _name(label: str, name: str, rank: int, runs: int) -> str:
    return f"{label}.{name}-{rank}" if runs > 1 else f"{name}-{rank}"
