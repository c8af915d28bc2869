"""What people have already decided: a pin as a structural rule."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from models.option import CONVERTED, EQUITIZED
from models.pin import Pin
from models.pinned import pinned_units, stage_of_pin
from models.rules.rule import StructuralRule

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan

Truths = NDArray[np.bool_]
Steps = dict[str, dict[str, int | None]]
"""Per unit its fates and their years."""
EXITS = {"equitize": EQUITIZED, "convert": CONVERTED}
SETTLED = (None, "transfer", "create", "split")
"""Fates that no option decides about: they hold in every plan."""


class PinKept(StructuralRule):
    """Every unit that the pin names goes the way that the pin says.

    A pinned `keep` neither hosts nor is absorbed nor leaves; it may still be raised unless `not` says otherwise.
    """

    rule: Literal["pin"] = "pin"
    pin: Pin

    def breaks(self, columns: "Columns") -> Truths:
        broken = np.zeros(len(columns.paths), dtype=bool)
        entries = pinned_units(columns.units, self.pin)[columns.paths.members]
        for wrong in self._wrong_entries(columns):
            broken[columns.paths.option_of_entry[entries & wrong]] = True
        return broken

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        chosen = pinned_units(plan.units, self.pin)
        steps: Steps = {}
        for decision in plan.decisions:
            steps.setdefault(decision.unit_id, {}).setdefault(decision.fate, decision.year)
        partners = {frozenset(plan.units.ids[u] for u in members) for members in plan.final_groups}
        group_of = {unit: group for group in partners for unit in group}
        ids = [plan.units.ids[unit] for unit in np.flatnonzero(chosen)]
        return tuple(unit for unit in ids if self._goes_wrong(plan, unit, steps, group_of[unit]))

    def _wrong_entries(self, columns: "Columns") -> list[Truths]:
        """Per entry of the options, each way of breaking the pin."""
        pin, paths = self.pin, columns.paths
        option, never = paths.option_of_entry, len(columns.scenario.stages)
        grouped = (paths.sizes > 1)[option]
        merged = self._merges(columns)[option]
        leaves, raised = paths.leaves[option], paths.raised[option]
        stage = stage_of_pin(columns.scenario, pin)
        is_fate = {
            "keep": ~grouped & (leaves == never),
            "merge": merged & ~paths.dissolved,
            "dissolve": paths.dissolved,
            "raise": raised < never,
            **{fate: (paths.exits == code)[option] & (leaves < never) for fate, code in EXITS.items()},
        }
        fate = self._fate
        wrong = [] if fate in SETTLED else [~is_fate[fate]]
        if pin.year is not None and fate in ("merge", "dissolve", "raise", *EXITS):
            joined = np.where(paths.is_host, self._first_join(columns)[option], paths.joins)
            when = {"merge": joined, "dissolve": joined, "raise": raised}.get(fate, leaves)
            wrong.append(is_fate[fate] & (when != stage))
        wrong += [is_fate[fate] for fate in pin.refused if fate in is_fate]
        if pin.host is not None:
            wrong.append(paths.hosts[option] != columns.units.positions[pin.host])
        wrong += [~self._holds(columns, other)[option] for other in pin.merge_with]
        wrong += [self._holds(columns, other)[option] for other in pin.never_with]
        return wrong

    @property
    def _fate(self) -> str | None:
        """The fate that the pin settles; partners without a fate mean a merger."""
        return "merge" if self.pin.fate is None and self.pin.merge_with else self.pin.fate

    def _merges(self, columns: "Columns") -> Truths:
        """Options in which some unit joins without being dissolved."""
        paths = columns.paths
        joining = (~paths.is_host & ~paths.dissolved).astype(np.int64)
        return np.add.reduceat(joining, paths.starts[:-1]) > 0 if len(paths) else np.zeros(0, dtype=bool)

    def _first_join(self, columns: "Columns") -> NDArray[np.int64]:
        paths = columns.paths
        joins = np.where(paths.is_host, len(columns.scenario.stages), paths.joins)
        return np.minimum.reduceat(joins, paths.starts[:-1]) if len(paths) else joins

    def _holds(self, columns: "Columns", unit: str) -> Truths:
        """Options that hold a unit."""
        entries = columns.paths.members == columns.units.positions[unit]
        held = np.zeros(len(columns.paths), dtype=bool)
        held[columns.paths.option_of_entry[entries]] = True
        return held

    def _goes_wrong(self, plan: "Plan", unit: str, steps: Steps, group: frozenset[str]) -> bool:
        pin, fate = self.pin, self._fate
        years = self._years_of(plan, unit, steps, group)
        if fate not in SETTLED and not years[fate]:
            return True
        if pin.year is not None and fate in ("merge", "dissolve", "raise", *EXITS) and pin.year not in years[fate]:
            return True
        hosted = pin.host is not None and plan.host_of(unit) != pin.host
        refused = any(years.get(fate) for fate in pin.refused)
        return hosted or refused or not group.issuperset(pin.merge_with) or bool(group & set(pin.never_with))

    def _years_of(self, plan: "Plan", unit: str, steps: Steps, group: frozenset[str]) -> dict[str, list[int | None]]:
        """In which years a unit meets each fate (kept: one entry without a year); a host may have no row of its own."""
        mine = steps.get(unit, {})
        mergers = [years["merge"] for years in (steps.get(member, {}) for member in group) if "merge" in years]
        joined = mine.get("merge", min((year for year in mergers if year is not None), default=None))
        raises = [year for year in map(plan.raised, group) if year is not None]
        return {
            "keep": [None] if len(group) == 1 and not mine.keys() & EXITS.keys() else [],
            "merge": [joined] if mergers and "dissolve" not in mine else [],
            "raise": [*raises],
            **{fate: [mine[fate]] if fate in mine else [] for fate in ("dissolve", *EXITS)},
        }
