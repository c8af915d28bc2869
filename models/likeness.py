"""When two plans are the same, and how far they differ: signatures and structural events of options."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from models.columns import Columns
from models.exact import Integers
from models.option import EQUITIZED, STAYS, Paths
from models.pinned import pinned_groups
from models.program import Rows, row
from models.scenario import Scenario
from models.settled import settling
from models.unit import Units

CHOSEN_FATES = ("dissolve", "equitize", "convert", "raise")


@dataclass(frozen=True)
class Event:
    """A structural decision: a merger group, a dissolution, a raise of a single unit, or an exit; `size` in units."""

    fate: str
    units: tuple[int, ...]

    @property
    def size(self) -> int:
        return len(self.units)


def signatures(paths: Paths, never: int) -> Integers:
    """Per option what makes plans the same: who ends up together, each fate, and the raise; no host, year or amount.

    Options with the same number are the same in this.
    """
    fates = 2 * paths.exits + ((paths.raised < never) & (paths.exits == STAYS))
    each = 2 * paths.members + paths.dissolved
    each = each[np.lexsort([each, paths.option_of_entry])]
    found, taken = np.zeros(len(paths), dtype=np.int64), 0
    for size in np.unique(paths.sizes).tolist():
        options = np.flatnonzero(paths.sizes == size)
        entries = each[paths.starts[options][:, None] + np.arange(size)]
        kinds, numbers = np.unique(np.column_stack([entries, fates[options]]), axis=0, return_inverse=True)
        found[options] = taken + numbers.ravel()
        taken += len(kinds)
    return found


def _dissolved(paths: Paths, option: int) -> list[bool]:
    found: list[bool] = paths.dissolved[paths.starts[option] : paths.starts[option + 1]].tolist()
    return found


def events(columns: Columns) -> list[tuple[Event, ...]]:
    """The structural events of every option; what a rule or a pin forces is no event."""
    return events_of(columns.paths, columns.scenario, columns.units)


def events_of(paths: Paths, scenario: Scenario, units: Units) -> list[tuple[Event, ...]]:
    """The same for options that stand in no table."""
    forced, never = forced_events(scenario, units), len(scenario.stages)
    return [tuple(_events_of(paths, option, never, forced)) for option in range(len(paths))]


def _events_of(paths: Paths, option: int, never: int, forced: "Forced") -> Iterable[Event]:
    members, dissolved = paths.members_of(option).tolist(), _dissolved(paths, option)
    merged = tuple(sorted(unit for unit, gone in zip(members, dissolved, strict=True) if not gone))
    if len(merged) > 1 and merged not in forced.mergers:
        yield Event("merge", merged)
    for unit, gone in zip(members, dissolved, strict=True):
        if gone and unit not in forced.fates["dissolve"]:
            yield Event("dissolve", (unit,))
    if len(members) == 1 and paths.exits[option] != STAYS:
        fate = "equitize" if paths.exits[option] == EQUITIZED else "convert"
        if members[0] not in forced.fates[fate]:
            yield Event(fate, (members[0],))
    elif len(members) == 1 and paths.raised[option] < never and members[0] not in forced.fates["raise"]:
        yield Event("raise", (members[0],))


@dataclass(frozen=True)
class Forced:
    """What leaves no choice: whole merger groups that pins name, and units whose fate a pin or a rule settles."""

    mergers: frozenset[tuple[int, ...]]
    fates: dict[str, set[int]]

    @classmethod
    def nothing(cls) -> "Forced":
        """Every decision counts as chosen."""
        return cls(frozenset(), {fate: set() for fate in CHOSEN_FATES})


def forced_events(scenario: Scenario, units: Units) -> Forced:
    """Groups whose partners pins name, pinned exits and raises, and what a full equitization target names."""
    fates: dict[str, set[int]] = {fate: set() for fate in CHOSEN_FATES}
    for _, fate, named in settling(scenario, units):
        if fate in fates:
            fates[fate] |= set(np.flatnonzero(named).tolist())
    return Forced(frozenset(map(tuple, pinned_groups(scenario, units))), fates)


def not_the_same(marks: Integers, values: Integers, width: int, name: str) -> Rows:
    """A row that forbids only the plan itself: not every one of its signatures again."""
    chosen = np.unique(marks[values[: len(marks)] != 0])
    again = np.zeros(width, dtype=np.int64)
    again[: len(marks)] = np.isin(marks, chosen)
    return row(name, again, at_most=len(chosen) - 1)


def overlap(found: Sequence[tuple[Event, ...]], values: Integers, width: int) -> Integers:
    """Per column the units that it has in the same event as a plan: what a plan as different as possible avoids."""
    chosen = {event for option in np.flatnonzero(values[: len(found)]).tolist() for event in found[option]}
    weights = np.array([sum(event.size for event in mine if event in chosen) for mine in found], dtype=np.int64)
    return np.concatenate([weights, np.zeros(width - len(weights), dtype=np.int64)])


def different_enough(
    found: Sequence[tuple[Event, ...]], values: Integers, width: int, kept: tuple[int, int], name: str
) -> Rows | None:
    """A row that asks for distance: at most the share kept = (numerator, denominator) of the plan's event units again.

    None where the plan has no event, so that nothing could differ.
    """
    again = overlap(found, values, width)
    size = int(again @ values)
    return row(name, again, at_most=size * kept[0] // kept[1]) if size else None
