"""One finished plan as its tables, and the questions that pictures and reports put to it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import pandas as pd

from planner.drawing.plan_event import FATES_IN_ORDER, Event, Steps, find_events
from planner.drawing.table_rows import Row, alphabetical, rows_of, whole

_SCHOOLS = "education"


@dataclass(frozen=True, eq=False)
class PlanView:
    """The tables of one plan, with the columns of a run folder's files.

    Cells may be text, numbers or missing. Every unit without a row in `decisions` is kept.
    """

    title: str
    units: pd.DataFrame
    decisions: pd.DataFrame
    successors: pd.DataFrame
    readings: pd.DataFrame

    @property
    def invented(self) -> bool:
        return self.invented_units > 0

    @cached_property
    def invented_units(self) -> int:
        return sum(row.get("data_quality") == "invented" for row in self.unit_rows.values())

    @cached_property
    def unit_rows(self) -> Mapping[str, Row]:
        """A unit's id to its row, every cell as text, in the order of the ids."""
        return {row["id"]: row for row in sorted(rows_of(self.units), key=lambda row: row["id"])}

    @cached_property
    def successor_rows(self) -> Mapping[str, Row]:
        """A successor's id to its row of the last stage that has one."""
        rows = sorted(rows_of(self.successors), key=lambda row: whole(row.get("stage", "")))
        return {row["successor_id"]: row for row in rows}

    @cached_property
    def reading_rows(self) -> Sequence[Row]:
        return rows_of(self.readings)

    @cached_property
    def steps(self) -> Steps:
        """A unit's id to its rows of `decisions`, by year."""
        rows = sorted(rows_of(self.decisions), key=lambda row: (row["unit_id"], whole(row.get("year", ""))))
        by_unit: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            by_unit[row["unit_id"]].append(row)
        return by_unit

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All that changes, numbered from 1 by heading (schools first), then fate, then first unit."""
        headings = {heading: place for place, heading in enumerate(self.headings)}
        found = sorted(
            self._found,
            key=lambda event: (headings[self.heading_of(event)], FATES_IN_ORDER.index(event.fate), event.units),
        )
        return tuple(replace(event, number=number) for number, event in enumerate(found, start=1))

    def of_fate(self, *fates: str) -> tuple[Event, ...]:
        return tuple(event for event in self.events if event.fate in fates)

    @property
    def mergers(self) -> tuple[Event, ...]:
        return self.of_fate("merge")

    @property
    def equitizations(self) -> tuple[Event, ...]:
        return self.of_fate("equitize")

    @property
    def dissolutions(self) -> tuple[Event, ...]:
        return self.of_fate("dissolve")

    @property
    def raises(self) -> tuple[Event, ...]:
        """Units that only rise in autonomy; a merger that rises too stays among the mergers."""
        return self.of_fate("raise")

    def split_from(self, unit: str) -> tuple[str, ...]:
        """The new units that leave a unit."""
        created = (event.units[0] for event in self.of_fate("create"))
        return tuple(new for new in created if any(row["host_id"] == unit for row in self.steps.get(new, ())))

    @cached_property
    def event_of(self) -> Mapping[str, Event]:
        """A changed unit's id to its event; kept units are absent."""
        return {unit: event for event in self.events for unit in event.units}

    @cached_property
    def before(self) -> tuple[str, ...]:
        """The units that stand today: all of the table but those that the plan only founds."""
        founded = {unit for event in self.of_fate("create") for unit in event.units}
        return tuple(unit for unit in self.unit_rows if unit not in founded)

    @cached_property
    def kept(self) -> tuple[str, ...]:
        return tuple(unit for unit in self.unit_rows if unit not in self.event_of)

    @cached_property
    def units_after(self) -> int:
        """Public units that remain after the last stage."""
        return len(self.kept) + sum(len(event.successor_ids) for event in self.events)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """All headings that a unit is listed under, districts of schools first, each part in reading order."""
        schools = {self.heading(unit) for unit, row in self.unit_rows.items() if row.get("sector") == _SCHOOLS}
        every = {self.heading(unit) for unit in self.unit_rows} | {self.heading_of(event) for event in self._found}
        return tuple(sorted(every, key=lambda heading: (heading not in schools, alphabetical(heading))))

    @cached_property
    def kept_under(self) -> Mapping[str, int]:
        """A heading to the number of units under it that the plan keeps."""
        return Counter(self.heading(unit) for unit in self.kept)

    @cached_property
    def units_under(self) -> Mapping[str, int]:
        """A heading to the number of today's units under it."""
        return Counter(self.heading(unit) for unit in self.before)

    @cached_property
    def degrees(self) -> Mapping[str, tuple[float, float]]:
        """A unit's id to (longitude, latitude); units without coordinates are absent."""
        rows = {unit: (row.get("lon", ""), row.get("lat", "")) for unit, row in self.unit_rows.items()}
        return {unit: (float(lon), float(lat)) for unit, (lon, lat) in rows.items() if lon and lat}

    def heading(self, unit: str) -> str:
        """Where a unit is listed: a school by its district (else its area), any other unit by its parent.

        Schools of a whole province may have one parent, so only the place tells them apart; the other units
        are decided on parent by parent.
        """
        row = self.unit_rows.get(unit, {})
        place = row.get("district") or row.get("area") or ""
        by_place = row.get("sector") == _SCHOOLS and place
        return place if by_place else row.get("parent") or place

    def heading_of(self, event: Event) -> str:
        """The heading of the host; of a founded unit that the table lacks, its parent."""
        return self.heading(event.units[0]) or event.parent_after

    def name(self, unit: str) -> str:
        """The name today, else the one that the plan gives, else the id."""
        return self.unit_rows.get(unit, {}).get("name") or self.name_after(unit)

    def name_after(self, successor: str) -> str:
        stated = self.successor_rows.get(successor, {}).get("name") or self._decided_names.get(successor)
        return stated or self.unit_rows.get(successor, {}).get("name") or successor

    def posts_before(self, unit: str) -> int:
        return _posts(self.unit_rows.get(unit, {}))

    def posts_after(self, successor: str) -> int:
        """Posts of a successor after the last stage; without its row, those that its units bring."""
        stated = self.successor_rows.get(successor)
        return _posts(stated) if stated else sum(map(self.posts_before, self.units_in(successor)))

    def units_in(self, successor: str) -> tuple[str, ...]:
        """The units of today that a successor is made of, the host first."""
        return self._units_in.get(successor, (successor,))

    def amount(self, column: str) -> tuple[int, int]:
        """An amount of `decisions` (posts slimmed, orders, fees, ...): its sum, and how many units have one."""
        rows = [row for rows in self.steps.values() for row in rows if row.get(column)]
        amounts = [(row["unit_id"], whole(row[column])) for row in rows]
        return sum(amount for _, amount in amounts), len({unit for unit, amount in amounts if amount})

    @cached_property
    def _found(self) -> Sequence[Event]:
        return find_events(self.steps, self.unit_rows)

    @cached_property
    def _units_in(self) -> Mapping[str, tuple[str, ...]]:
        return {successor: event.units for event in self.events for successor in event.successor_ids}

    @cached_property
    def _decided_names(self) -> Mapping[str, str]:
        rows = [row for rows in self.steps.values() for row in rows if row.get("successor_id")]
        return {row["successor_id"]: row.get("successor_name", "") for row in rows}


def _posts(row: Row) -> int:
    return whole(row.get("posts_budget", "")) + whole(row.get("posts_own", ""))
