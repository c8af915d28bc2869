"""How far a plan has come: decisions by status and parent, targets reached so far, and whether the rest can follow."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import pandas as pd

from models.checker import Check, check
from models.draft import draft_of
from models.past import without_the_past
from models.plan import Decision
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from models.rules import Reading
from planner.decision_table import Key, read_decisions
from planner.drafts.done import STATUSES, Done, Followed, counts_by_parent, read_done
from planner.drafts.near import near_case
from planner.manifest import read_manifest
from planner.rebuilt import ranked
from planner.result import Result
from planner.scenario_checks import problems_with_units
from planner.scenario_file import Case
from planner.searching import Progress as OnProgress

DONE: Key = ("done", 1)
TOTAL = "total"
PROGRESS_COLUMNS = ("parent", "decisions", *STATUSES, "done_percent")


@dataclass(frozen=True, eq=False)
class Progress:
    """What is done, what that reaches by itself, and the plan nearest to the rest that keeps it.

    check: a plan of nothing but what is done, rebuilt by the checker; replanned: the search near everything that is
    not dropped, with what is done fixed.
    """

    done: Done
    check: Check
    replanned: Result

    @property
    def case(self) -> Case:
        return self.done.case

    @cached_property
    def so_far(self) -> RankedPlan:
        """What is done, as a plan."""
        return ranked(DONE, self.check.plan, None)

    @property
    def undocumented(self) -> tuple[Followed, ...]:
        return tuple(followed for followed in self.done.counted if followed.undocumented)

    @property
    def proposed(self) -> RankedPlan | None:
        """The plan that keeps what is done and changes the rest least; None where there is none, or none was found."""
        return self.replanned.plans[0] if self.replanned.plans else None

    @property
    def reachable(self) -> bool | None:
        """Whether all targets can still be met together; None where the time did not tell."""
        if self.proposed is not None:
            return True
        return False if self.replanned.impossible is not None else None

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per parent and one for the whole: decisions by status, and how many of a hundred are done.

        What is dropped stays in the denominator: a share must not rise because less is intended.
        """
        by_parent = counts_by_parent(self.done)
        whole: Counter[str] = sum(by_parent.values(), start=Counter())
        rows = [*by_parent.items(), (TOTAL, whole)]
        return pd.DataFrame([_row(name, counts) for name, counts in rows], columns=list(PROGRESS_COLUMNS))

    @cached_property
    def targets(self) -> pd.DataFrame:
        """One row per target: wanted, reached by what is done, and reached by the plan that keeps it."""
        later = {} if self.proposed is None else {_key(r): r for r in self.proposed.plan.readings}
        rows = [_target(reading, later.get(_key(reading))) for reading in self.so_far.plan.readings]
        return pd.DataFrame(rows)


def progress(
    case: Case, place: Path | str, *, on: date | None = None, run: Path | str | None = None,
    plan: Key = ("different", 1), on_progress: OnProgress | None = None,
) -> Progress:  # fmt: skip
    """Follow the decisions of a table (CSV or XLSX) against a scenario.

    on: the day of the report; run, plan: a run folder and its plan that was decided, whose further structural decisions
    count as planned. Errors: InputError with every problem of the table, the run or the decisions that are done.
    """
    decided = () if run is None else _plan_of(case, Path(run), plan)
    done = read_done(Path(place), case, on=on, plan=decided)
    found = check(case.scenario, case.units, done.alone)
    alone = draft_of(case.scenario, case.units, done.alone)
    replanned = near_case(
        fixed(case, done), done.rest, on_progress=on_progress,
        narrowed=lambda problem: without_the_past(problem, alone, done.stages_over),
    )  # fmt: skip
    return Progress(done, found, replanned)


def fixed(case: Case, done: Done) -> Case:
    """The scenario in which what is done is settled and what is dropped is refused; one plan is asked for.

    Errors: InputError where the scenario's own pins say otherwise.
    """
    known = {(pin.unit, pin.fate) for pin in case.scenario.pins}
    pins = [pin for pin in done.pins if pin.fate is None or (pin.unit, pin.fate) not in known]
    search = case.scenario.search.model_copy(update={"plans": 1, "best": 0})
    scenario = case.scenario.model_copy(update={"pins": (*case.scenario.pins, *pins), "search": search})
    if problems := problems_with_units(scenario, case.units):
        raise InputError(done.rest.path.name, problems)
    return replace(case, scenario=scenario)


def _plan_of(case: Case, run: Path, plan: Key) -> tuple[Decision, ...]:
    read_manifest(run)
    try:
        plans = read_decisions(run / "decisions.csv", case.scenario, case.units)
    except FileNotFoundError as error:
        raise InputError(str(run), [Problem("decisions.csv", "verify.missing")]) from error
    if plan not in plans:
        names = ", ".join(f"{name}-{rank}" for name, rank in plans) or "–"
        first = next((f"{name}-{rank}" for name, rank in plans), "–")
        facts = {"plan": f"{plan[0]}-{plan[1]}", "plans": names, "first": first}
        raise InputError(str(run), [Problem("--plan", "progress.name_a_plan", facts)])
    return plans[plan]


def _row(name: str, counts: Mapping[str, int]) -> dict[str, object]:
    whole = sum(counts.values())
    percent = round(100 * counts.get("done", 0) / whole, 1) if whole else 0.0
    return {"parent": name, "decisions": whole, **{s: counts.get(s, 0) for s in STATUSES}, "done_percent": percent}


def _key(reading: Reading) -> tuple[str, str, int | None]:
    return reading.id, reading.label, reading.year


def _target(now: Reading, later: Reading | None) -> dict[str, object]:
    return {
        "id": now.id,
        "label": now.label,
        "year": now.year,
        "wanted": now.wanted,
        "so_far": now.reached,
        "met_so_far": now.met,
        "replanned": None if later is None else later.reached,
        "met_replanned": None if later is None else later.met,
    }
