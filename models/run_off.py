"""How surplus leaders run off: Decree 178/2024 wants their number back inside the norm some years after a decision."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

from models.exact import round_half_up
from models.plan import Plan, Successor
from models.positions import sum_of
from models.unit import Units


@dataclass(frozen=True)
class RunOff:
    """How the surplus leaders that one decision makes grow fewer: (year, leaders still above the norm).

    successor: the unit in the stage of the decision; decided: the year of that stage.
    """

    successor: Successor
    decided: int
    path: tuple[tuple[int, int], ...]


def run_offs(plan: Plan) -> Iterator[RunOff]:
    """The way of all surplus leaders to zero, by host and by the stage that makes them."""
    hosts = sorted({successor.host for stage in plan.stages for successor in stage if _surplus(successor)})
    for host in hosts:
        yield from _run_offs(plan, [next((s for s in stage if s.host == host), None) for stage in plan.stages])


def straight_line(surplus: int, years: int) -> tuple[int, ...]:
    """What may be left 0, 1, ... years after the decision: the same part goes every year, rounded half up."""
    return tuple(round_half_up(Fraction(surplus * (years - past), years)) for past in range(years + 1))


def _surplus(successor: Successor | None) -> int:
    return 0 if successor is None else successor.figures["surplus_leaders"]


def _run_offs(plan: Plan, stages: list[Successor | None]) -> Iterator[RunOff]:
    """One path for each stage that adds surplus leaders; together they never exceed what the last stage leaves."""
    begun: list[tuple[Successor, int, int]] = []
    before = 0
    for position, successor in enumerate(stages):
        more = _surplus(successor) - before
        if successor is not None and more > 0:
            begun.append((successor, plan.scenario.stages[position].year, more))
        before = _surplus(successor)
    taken: dict[int, int] = {}
    for successor, decided, more in begun:
        path = _path(plan, successor, decided, more)
        capped = tuple(_within(plan, stages, taken, path))
        yield RunOff(successor, decided, capped)
        taken = {year: taken.get(year, 0) + left for year, left in capped}


def _path(plan: Plan, successor: Successor, decided: int, more: int) -> list[tuple[int, int]]:
    """The straight line, and below it where more of the leaders are likely to have retired."""
    line = straight_line(more, plan.scenario.staffing.run_off_years)
    retired = (_leaders_retired(plan.units, successor, decided, decided + past) for past in range(len(line)))
    return [
        (decided + past, min(left, max(more - gone, 0)))
        for past, (left, gone) in enumerate(zip(line, retired, strict=True))
    ]


def _leaders_retired(units: Units, successor: Successor, since: int, year: int) -> int:
    """The leaders' share of the people who retire after one year and by the end of another, rounded down.

    The table says how many people retire, not who: on average a leader is among them as often as anyone else.
    """
    gone = units.retiring_by(year) - units.retiring_by(since)
    retiring = sum(int(gone[unit]) for unit in successor.members)
    leaders = sum_of(units, successor, "heads") + sum_of(units, successor, "deputies")
    staff = sum(int(units.staff[unit]) for unit in successor.members)
    return min(retiring * leaders // max(staff, 1), leaders)


def _within(
    plan: Plan, stages: list[Successor | None], taken: Mapping[int, int], path: list[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """A path that never rises, and leaves no more than the stage in which a year lies still calls surplus."""
    lowest: int | None = None
    for year, left in path:
        last = max(position for position, stage in enumerate(plan.scenario.stages) if stage.year <= year)
        room = max(_surplus(stages[last]) - taken.get(year, 0), 0)
        lowest = min(left, room) if lowest is None else min(lowest, left, room)
        yield year, lowest
