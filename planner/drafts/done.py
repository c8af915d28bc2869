"""Decisions that are being carried out: how far each has come, and what of them is fixed for planning the rest."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from models.pin import Pin
from models.plan import REDEPLOY, Decision
from models.problem import InputError, Problem
from planner.decision_groups import completed
from planner.drafts.doubtful_dates import doubtful_dates
from planner.drafts.rows import DraftRow
from planner.drafts.table import HandMade, complete, read_stated
from planner.drafts.words import progress_words
from planner.scenario_file import Case
from planner.units.findings import Findings

STATUSES = ("planned", "decided", "done", "late", "dropped")
SETTLING = ("merge", "dissolve", "equitize", "convert", "keep")
FOLLOWED = (
    "merge",
    "dissolve",
    "equitize",
    "convert",
    "raise",
    "slim",
    "order",
    REDEPLOY,
    "transfer",
    "create",
    "split",
)
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?: 00:00:00)?")
_VIETNAMESE = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")


@dataclass(frozen=True)
class Followed:
    """A decision with its status; day and document of the decision where they are stated."""

    decision: Decision
    status: str
    day: date | None = None
    document: str = ""

    @property
    def undocumented(self) -> bool:
        """Decided or done, but nobody says when or by which document."""
        return self.status in ("decided", "done") and not (self.day and self.document)


@dataclass(frozen=True, eq=False)
class Done:
    """How far the decisions of a plan have come on a day.

    rest: everything that is not dropped, completed: the plan as it stands now; warnings: dates that look mistyped.
    """

    case: Case
    day: date
    followed: tuple[Followed, ...]
    rest: HandMade
    warnings: tuple[Problem, ...] = ()

    @cached_property
    def counted(self) -> tuple[Followed, ...]:
        """Decisions that a report counts: a merger is one for every unit that joins, none for the host."""
        hosts = {row.unit_id for row in self.rest.decisions if row.fate == "merge" and not row.joined}
        return tuple(f for f in self.followed if f.decision.fate != "merge" or not _is_host(f.decision, hosts))

    @property
    def stages_over(self) -> int:
        """How many stages lie in years that have ended: in them nothing more can be decided."""
        return sum(self.day > date(stage.year, 12, 31) for stage in self.case.scenario.stages)

    @cached_property
    def alone(self) -> tuple[Decision, ...]:
        """A plan of nothing but what is done: a merger holds those of its units that have joined."""
        done = {(f.decision.unit_id, f.decision.fate) for f in self.followed if f.status == "done"}
        rows = [row for row in self.rest.decisions if (row.unit_id, row.fate) in done]
        joined = [row for row in rows if row.fate != "merge" or row.joined]
        grown = {row.host_id for row in joined if row.fate == "merge"}
        hosts = [row for row in self.rest.decisions if row.fate == "merge" and not row.joined and row.unit_id in grown]
        return completed([*joined, *hosts], self.case.scenario, self.case.units)

    @cached_property
    def pins(self) -> tuple[Pin, ...]:
        """What is done stays, and what is dropped does not come again."""
        facts = {(f.decision.unit_id, f.decision.fate): f for f in self.followed}
        kept = [
            _done_pin(row, facts.get((row.unit_id, row.fate)))
            for row in self.alone
            if row.joined or row.fate in ("equitize", "convert", "raise")
        ]
        return (*kept, *self._dropped_pins())

    def _dropped_pins(self) -> Iterable[Pin]:
        dropped = [f.decision for f in self.followed if f.status == "dropped"]
        for row in dropped:
            if row.fate == "merge":
                group = {f.decision.unit_id for f in self.followed if f.decision.successor_id == row.successor_id}
                group |= {row.successor_id} & set(self.case.units.ids) | {row.host_id} - {""}
                if others := tuple(sorted(group - {row.unit_id})):
                    yield Pin(unit=row.unit_id, never_with=others, reason=row.reason)
            elif row.fate in ("dissolve", "equitize", "convert", "raise"):
                yield Pin.model_validate({"unit": row.unit_id, "not": (row.fate,), "reason": row.reason})


def read_done(
    path: Path, case: Case, *, on: date | None = None, plan: Sequence[Decision] = (), today: date | None = None
) -> Done:
    """The followed decisions of a table (CSV or XLSX), on the day of the report.

    on: that day (default: the latest date in the table, else the scenario's as-of day); plan: the plan that was
    decided, whose further structural decisions count as planned; today: for warnings alone (default: the clock's).
    A planned or decided step whose year is over on that day is late, whatever its status says.
    Errors: InputError with every problem of the file.
    """
    stated, findings = read_stated(path, case, progress_words())
    dates = {row.number: _date_of(row, on, findings) for row, _ in stated}
    statuses = {row.number: _status_of(row, findings) for row, _ in stated}
    if findings:
        raise InputError(path.name, findings.problems)
    day = on or max([found for found in dates.values() if found], default=case.scenario.as_of)
    mine = [
        Followed(decision, _now(statuses[row.number], decision, day), dates[row.number], row.text("document"))
        for row, decision in stated
    ]
    others = [Followed(row, _now("planned", row, day)) for row in _further(plan, stated)]
    followed = (*mine, *others)
    for row, found in zip([row for row, _ in stated], mine, strict=True):
        if found.status == "dropped" and (held := _held_all_the_same(found, followed)):
            findings.add(row.where("status"), "draft.dropped_and_held", unit=held.unit_id, fate=held.fate)
    rest = {id(decision): decision for decision in _rest(followed)}
    kept = [(row, decision) for row, decision in stated if rest.pop(id(decision), None) is not None]
    hand_made = complete(path, kept, case, findings, further=list(rest.values()))
    dated = [(row.where("date"), stands, decision.year) for row, decision in stated if (stands := dates[row.number])]
    doubtful = tuple(doubtful_dates(dated, case.scenario.as_of, today or date.today()))
    return Done(case, day, tuple(f for f in followed if f.decision.fate in FOLLOWED), hand_made, doubtful)


def _is_host(row: Decision, hosts: set[str]) -> bool:
    return row.unit_id in hosts or row.unit_id in (row.host_id, row.successor_id)


def _now(status: str, decision: Decision, day: date) -> str:
    over = decision.year is not None and day > date(decision.year, 12, 31)
    return "late" if status in ("planned", "decided") and over else status


def _further(plan: Sequence[Decision], stated: Sequence[tuple[DraftRow, Decision]]) -> list[Decision]:
    """Structural decisions of the plan about which the table says nothing."""
    named = {(decision.unit_id, _kind(decision.fate)) for _, decision in stated}
    structural = [row for row in plan if row.fate in FOLLOWED and row.fate not in ("slim", "order", REDEPLOY)]
    return [row for row in structural if (row.unit_id, _kind(row.fate)) not in named]


def _kind(fate: str) -> str:
    """A unit has one settling fate; other steps stand beside it."""
    return "settling" if fate in SETTLING else fate


def _rest(followed: Sequence[Followed]) -> list[Decision]:
    """What is not dropped; whoever is left alone in a merger by that has nobody to merge with."""
    left = [f.decision for f in followed if f.status != "dropped"]
    lost: dict[str, set[str]] = {}
    for f in followed:
        if f.status == "dropped" and f.decision.fate == "merge":
            lost.setdefault(f.decision.successor_id, set()).add(f.decision.unit_id)
    alone = {successor for successor, units in lost.items() if _is_alone(left, successor, units)}
    return [row for row in left if row.fate != "merge" or row.successor_id not in alone]


def _held_all_the_same(dropped: Followed, followed: Sequence[Followed]) -> Decision | None:
    """The decision that stands although another row drops it, or drops the host of its merger; None where none does.

    A merger that loses its host is dropped with the one unit that is then left; not when that has joined, or with more.
    """
    gone = dropped.decision
    left = [f for f in followed if f.status != "dropped" and f.decision.fate == gone.fate]
    if gone.fate == "merge":
        left = [f for f in left if f.decision.successor_id == gone.successor_id]
    elif gone.fate not in ("dissolve", "equitize", "convert", "raise"):
        left = [f for f in left if f.decision.year == gone.year and f.decision.receiver_id == gone.receiver_id]
    same = [f.decision for f in left if f.decision.unit_id == gone.unit_id]
    if same or gone.fate != "merge" or gone.unit_id not in (gone.host_id, gone.successor_id):
        return next(iter(same), None)
    done = [f.decision for f in left if f.status == "done"]
    return next(iter(done), None) or (left[0].decision if len(left) > 1 else None)


def _is_alone(rows: Sequence[Decision], successor: str, lost: set[str]) -> bool:
    """Whether one unit is left of a merger, and no host that needs no row of its own."""
    mine = {row.unit_id: row for row in rows if row.fate == "merge" and row.successor_id == successor}
    if len(mine) != 1:
        return False
    (unit, row), *_ = mine.items()
    host = row.host_id or successor
    return unit == host or host in lost


def _done_pin(row: Decision, facts: Followed | None) -> Pin:
    document = facts.document if facts else ""
    told: dict[str, object] = {
        "unit": row.unit_id, "fate": row.fate, "year": row.year, "status": "done", "document": document,
        "date": facts.day if facts else None, "reason": row.reason or document or "done",
    }  # fmt: skip
    if row.joined:
        told |= {"host": row.joined}
    if row.fate == "merge":
        told |= {"merge_with": (row.host_id,)}
    return Pin.model_validate(told)


def _status_of(row: DraftRow, findings: Findings) -> str:
    text = row.text("status")
    code = progress_words().code("status", text) if text else "planned"
    if code is None:
        facts = {"column": "status", "found": text[:100], "known": ", ".join(STATUSES)}
        findings.add(row.where("status"), "draft.not_one_of", **facts)
    return code or "planned"


def _date_of(row: DraftRow, on: date | None, findings: Findings) -> date | None:
    """A date, year first or day first as Vietnamese write it; one after the day of the report cannot be."""
    text = row.text("date")
    if not text:
        return None
    found = _parsed(text)
    if found is None:
        findings.add(row.where("date"), "draft.bad_date", column="date", found=text[:100])
    elif on is not None and found > on:
        findings.add(row.where("date"), "draft.date_after_report", found=found.isoformat(), day=on.isoformat())
    return found


def _parsed(text: str) -> date | None:
    if iso := _ISO.fullmatch(text):
        year, month, day = map(int, iso.groups())
    elif local := _VIETNAMESE.fullmatch(text):
        day, month, year = map(int, local.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def counts_by_parent(done: Done) -> Mapping[str, Counter[str]]:
    """Per parent of today: how many decisions have each status."""
    units = done.case.units
    found: dict[str, Counter[str]] = {}
    parents = units.text("parent")
    for followed in done.counted:
        parent = str(parents[units.positions[followed.decision.unit_id]])
        found.setdefault(parent, Counter())[followed.status] += 1
    return dict(sorted(found.items()))
