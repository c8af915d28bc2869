"""What a plan changes, as events: one unit's path, or the path of all units that become one."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from planner.drawing.table_rows import Row, whole

LEAVING = ("equitize", "convert", "dissolve")
FATES_IN_ORDER = ("merge", "split", "create", *LEAVING, "transfer", "raise")
Steps = Mapping[str, Sequence[Row]]

# A path of several steps is called by the one that decides most about the unit.
_STRONGEST_FIRST = (*LEAVING, "split", "create", "merge", "transfer", "raise")


@dataclass(frozen=True)
class Event:
    """What a plan does with one unit, or with the group of units that become one, over all its years.

    `units` starts with the host; `years` says when each of them takes part, `year` is the first of these;
    `successor_ids` is empty where the group leaves the public sector or ends; `group_after` is the autonomy
    group that a raise reaches, "" without one. `number` counts from 1 within a plan, 0 before numbering.
    """

    fate: str
    form: str
    year: int
    units: tuple[str, ...]
    years: Mapping[str, int]
    successor_ids: tuple[str, ...]
    host_id: str
    receiver_id: str
    group_after: str
    parent_after: str
    number: int = 0


def find_events(steps: Steps, known: Collection[str]) -> list[Event]:
    """The events of a plan's decisions, in no promised order.

    steps: an id to its rows of `decisions` by year; known: the ids of the unit table (a step may also stand
    under the id of a unit that the plan founds, which is then no unit of its own).
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for unit in steps:
        fate = _fate(steps, unit)
        if fate == "create" or (fate != "keep" and unit in known):
            groups[_final(steps, unit)].append(unit)
    return [_event(steps, final, units) for final, units in groups.items()]


def _fate(steps: Steps, unit: str) -> str:
    fates = {row["fate"] for row in steps.get(unit, ())}
    return next((fate for fate in _STRONGEST_FIRST if fate in fates), "keep")


def _final(steps: Steps, unit: str) -> str:
    """The end of a chain of mergers: the host of one stage may be absorbed in the next."""
    seen = {unit}
    while (following := _merged_into(steps, unit)) not in seen:
        seen.add(following)
        unit = following
    return unit


def _merged_into(steps: Steps, unit: str) -> str:
    into = [row["successor_id"] for row in steps.get(unit, ()) if row["fate"] == "merge"]
    return into[-1] if into else unit


def _event(steps: Steps, final: str, units: Sequence[str]) -> Event:
    rows = [row for unit in dict.fromkeys((*units, final)) for row in steps.get(unit, ())]
    fate = next(fate for fate in _STRONGEST_FIRST if any(row["fate"] == fate for row in rows))
    told = [row for row in rows if row["fate"] == fate]
    host = _last(told, "host_id") or (final if final in units else units[0])
    ordered = tuple(sorted(units, key=lambda unit: (unit != host, unit)))
    years = {unit: _first_year([row for row in told if row["unit_id"] == unit] or told) for unit in ordered}
    return Event(
        fate=fate,
        form=_last(told, "form"),
        year=min(years.values()),
        units=ordered,
        years=years,
        successor_ids=_successor_ids(fate, final, told),
        host_id=host if fate == "merge" else "",
        receiver_id=_last(told, "receiver_id"),
        group_after=_last([row for row in rows if row["fate"] == "raise"], "group_after"),
        parent_after=_last([row for row in rows if row["fate"] in ("transfer", "create")], "parent_after"),
    )


def _successor_ids(fate: str, final: str, told: Sequence[Row]) -> tuple[str, ...]:
    if fate in LEAVING:
        return ()
    if fate == "split":
        return tuple(dict.fromkeys(row["successor_id"] or row["unit_id"] for row in told))
    return (final,)


def _first_year(rows: Sequence[Row]) -> int:
    return min(whole(row.get("year", "")) for row in rows)


def _last(rows: Sequence[Row], column: str) -> str:
    stated = [row[column] for row in rows if row.get(column)]
    return stated[-1] if stated else ""
