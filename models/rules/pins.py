"""What people have already decided: a pin as a structural rule."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from models.option import CONVERTED, EQUITIZED
from models.pin import Pin
from models.rules.rule import StructuralRule
from models.transfer import pinned_units, stage_of_pin

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Decision, Plan

Truths = NDArray[np.bool_]
EXITS = {"equitize": EQUITIZED, "convert": CONVERTED}


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
        steps: dict[str, list[Decision]] = {}
        for decision in plan.decisions:
            steps.setdefault(decision.unit_id, []).append(decision)
        partners = {frozenset(plan.units.ids[u] for u in members) for members in plan.final_groups}
        group_of = {unit: group for group in partners for unit in group}
        ids = [plan.units.ids[unit] for unit in np.flatnonzero(chosen)]
        return tuple(unit for unit in ids if self._goes_wrong(plan, unit, steps.get(unit, []), group_of[unit]))

    def _wrong_entries(self, columns: "Columns") -> list[Truths]:
        """Per entry of the options, each way of breaking the pin."""
        pin, paths = self.pin, columns.paths
        option, never = paths.option_of_entry, len(columns.scenario.stages)
        merged = (paths.sizes > 1)[option]
        leaves, raised = paths.leaves[option], paths.raised[option]
        stage = stage_of_pin(columns.scenario, pin)
        is_fate = {
            "keep": ~merged & (leaves == never),
            "merge": merged & ~paths.dissolved,
            "dissolve": paths.dissolved,
            "raise": raised < never,
            **{fate: (paths.exits == code)[option] & (leaves < never) for fate, code in EXITS.items()},
        }
        wrong = [] if pin.fate in (None, "transfer") else [~is_fate[pin.fate]]
        if pin.year is not None and pin.fate in ("merge", "dissolve", "raise", *EXITS):
            joined = np.where(paths.is_host, self._first_join(columns)[option], paths.joins)
            when = {"merge": joined, "dissolve": joined, "raise": raised}.get(pin.fate, leaves)
            wrong.append(is_fate[pin.fate] & (when != stage))
        wrong += [is_fate[fate] for fate in pin.refused if fate in is_fate]
        if pin.host is not None:
            wrong.append(paths.hosts[option] != columns.units.positions[pin.host])
        wrong += [~self._holds(columns, other)[option] for other in pin.merge_with]
        wrong += [self._holds(columns, other)[option] for other in pin.never_with]
        return wrong

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

    def _goes_wrong(self, plan: "Plan", unit: str, steps: "list[Decision]", group: frozenset[str]) -> bool:
        pin = self.pin
        fates = {step.fate: step for step in steps}
        alone = len(group) == 1
        happens = {
            "keep": alone and not fates.keys() & EXITS.keys(),
            "merge": not alone and "dissolve" not in fates,
            "raise": any(plan.raised(member) for member in group),
            **{fate: fate in fates for fate in ("dissolve", "equitize", "convert")},
        }
        if pin.fate not in (None, "transfer") and not happens[pin.fate]:
            return True
        if pin.year is not None and pin.fate in ("dissolve", *EXITS) and fates[pin.fate].year != pin.year:
            return True
        if pin.year is not None and pin.fate == "merge" and "merge" in fates and fates["merge"].year != pin.year:
            return True
        if pin.year is not None and pin.fate == "raise" and pin.year not in [plan.raised(m) for m in group]:
            return True
        hosted = pin.host is not None and plan.host_of(unit) != pin.host
        refused = any(happens.get(fate, False) for fate in pin.refused)
        return hosted or refused or not group.issuperset(pin.merge_with) or bool(group & set(pin.never_with))
