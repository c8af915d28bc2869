"""The way of every decision, dated: from hearing the staff to the hand-over, counted back from the deadline."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, field_validator, model_validator

from models.provision import Provision
from models.schema import AS_TUPLE, EVERYWHERE, Name, Where

if TYPE_CHECKING:
    from models.plan import Decision, Plan
    from models.scenario import Scenario

TODAY = -1  # before the first stage
DAY = datetime.timedelta(days=1)
Fate = Literal["merge", "dissolve", "raise", "equitize", "convert"]


class RoadmapStep(Provision):
    """One step on the way of a decision: what, by whom, with which document, in how many days.

    Several entries may state one `step`; the first that fits the decision is taken. `crossing`: only where units of
    several parents take part, or only where not. `by` (month-day): the step ends on this day of its year at the latest.
    """

    step: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
    title: Annotated[Name, Field(min_length=1)]
    responsible: Annotated[str, Field(min_length=1)]
    document: str = ""
    days: int = Field(ge=1, le=3660)
    when: Literal["before", "after"] = "before"
    fates: Annotated[tuple[Fate, ...], AS_TUPLE] = ()
    where: Where = EVERYWHERE
    crossing: bool | None = None
    by: str = ""

    @field_validator("by")
    @classmethod
    def _a_day(cls, by: str) -> str:
        try:
            if by and len(by) == 5:
                datetime.date.fromisoformat(f"2023-{by}")  # no leap year: the day must stand in every year
                return by
        except ValueError:
            pass
        if by:
            raise ValueError("roadmap.month_day:by")
        return by

    @model_validator(mode="after")
    def _by_counts_back(self) -> "RoadmapStep":
        if self.by and self.when == "after":
            raise ValueError("roadmap.by_after:by,when")
        return self


@dataclass(frozen=True)
class Errand:
    """One decision on the way: units that join a host in one stage together, or one unit that is raised or leaves.

    units: positions, the host last; lead: the unit by whose columns steps are chosen, the one of the highest level
    where several parents take part; operations: as the family `workload` counts them.
    """

    successor_id: str
    name: str
    fates: frozenset[str]
    units: tuple[int, ...]
    lead: int
    crossing: bool
    stage: int
    parent: str

    @property
    def operations(self) -> int:
        return len(self.units)


@dataclass(frozen=True)
class Dated:
    """A step of an errand with its first and last day."""

    errand: Errand
    step: RoadmapStep
    start: datetime.date
    end: datetime.date


def roadmap(plan: "Plan") -> tuple[Dated, ...]:
    """Every step of every decision, in the order of the decisions; nothing where the scenario states no steps."""
    if not plan.scenario.roadmap:
        return ()
    return tuple(dated for errand, year in scheduled(plan) for dated in _dated(plan, errand, year))


def scheduled(plan: "Plan") -> Iterator[tuple[Errand, int]]:
    """Every decision with the year by whose end it is carried out, spread over the years of its stage.

    Each parent's decisions are spread by themselves, in the order of their first unit, so that every year carries
    about the same number of operations.
    """
    shares: dict[tuple[int, str], list[Errand]] = {}
    for errand in _errands(plan):
        shares.setdefault((errand.stage, errand.parent), []).append(errand)
    for (stage, _), mine in sorted(shares.items()):
        years, before = years_of(plan.scenario, stage), 0
        whole = sum(errand.operations for errand in mine)
        for errand in mine:
            yield errand, years[before * len(years) // whole]
            before += errand.operations


def years_of(scenario: "Scenario", stage: int) -> range:
    """The years in which a stage's decisions are carried out: after the stage before, and before money changes."""
    last = min(scenario.stages[stage].year, scenario.stages[stage].effect - 1)
    first = scenario.stages[stage - 1].year + 1 if stage else scenario.as_of.year + 1
    return range(min(first, last), last + 1)


def _errands(plan: "Plan") -> list[Errand]:
    rows: dict[tuple[str, str, int], list[Decision]] = {}
    for row in plan.decisions:
        if row.year is None:
            continue
        if row.joined:
            rows.setdefault(("join", row.joined, row.year), []).append(row)
        elif row.fate in ("raise", "equitize", "convert"):
            rows.setdefault((row.fate, row.unit_id, row.year), []).append(row)
    return [_errand(plan, host, year, mine) for (_, host, year), mine in sorted(rows.items())]


def _errand(plan: "Plan", host: str, year: int, rows: "list[Decision]") -> Errand:
    units, at = plan.units, plan.units.positions
    members = (*(at[row.unit_id] for row in rows if row.unit_id != host), at[host])
    levels, parents = plan.scenario.terms.levels, units.text("parent")
    crossing = len({str(parents[unit]) for unit in members}) > 1
    highest = min(members, key=lambda unit: (levels.index(str(units.text("level")[unit])), unit != at[host]))
    name = rows[0].successor_name or str(units.text("name")[at[host]])
    fates, stage = frozenset(row.fate for row in rows), plan.scenario.stage_of(year)
    lead = highest if crossing else at[host]
    return Errand(rows[0].successor_id or host, name, fates, members, lead, crossing, stage, str(parents[lead]))


def _dated(plan: "Plan", errand: Errand, year: int) -> list[Dated]:
    """The steps before the deadline, each ending on the eve of the next one; then those that follow it."""
    deadline = datetime.date(year, 12, 31)
    steps = list(_steps(plan, errand, deadline).values())
    found: list[Dated] = []
    end = deadline
    for step in reversed([step for step in steps if step.when == "before"]):
        end = min(end, datetime.date.fromisoformat(f"{end.year}-{step.by}")) if step.by else end
        found.insert(0, Dated(errand, step, end - (step.days - 1) * DAY, end))
        end = found[0].start - DAY
    done = found[-1].end if found else deadline
    after = [step for step in steps if step.when == "after"]
    return [*found, *(Dated(errand, step, done + DAY, done + step.days * DAY) for step in after)]


def _steps(plan: "Plan", errand: Errand, day: datetime.date) -> Mapping[str, RoadmapStep]:
    """Per step code the first entry that fits, in the order of the scenario."""
    found: dict[str, RoadmapStep] = {}
    for entry in plan.scenario.roadmap:
        if entry.step not in found and _fits(plan, entry, errand, day):
            found[entry.step] = entry
    order = list(dict.fromkeys(entry.step for entry in plan.scenario.roadmap))
    return {code: found[code] for code in order if code in found}


def _fits(plan: "Plan", entry: RoadmapStep, errand: Errand, day: datetime.date) -> bool:
    meant = not entry.fates or bool(errand.fates & set(entry.fates))
    side = entry.crossing in (None, errand.crossing)
    lead = plan.unit_counted_as(errand.lead, TODAY, entry.where, None, ("",))
    return entry.in_force_on(day) and meant and side and lead is not None
