"""Where plans agree: their structural decisions, which of them are always or never taken, and how far plans lie apart.

Everything is read from finished plans, so that a plan read back from its tables counts like one just found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from models.likeness import Event, Forced, forced_events
from models.option import EXIT_FATES
from models.plan import Plan
from models.prepared import prepare
from models.priced import smallest_problem, streamed
from models.scenario import Scenario
from models.unit import Units

Agreement = Literal["always", "contested", "never"]
EVENT_FATES = ("merge", "dissolve", *EXIT_FATES.values(), "raise")


@dataclass(frozen=True)
class Agreed:
    """A decision and the plans that take it, by their places in the list that was handed in.

    Where no plan takes it, `event` holds one unit, and it means every listed option that gives the unit this fate.
    """

    event: Event
    plans: tuple[int, ...]
    of: int

    @property
    def agreement(self) -> Agreement:
        if not self.plans:
            return "never"
        return "always" if len(self.plans) == self.of else "contested"


def plan_events(plan: Plan, forced: Forced | None = None) -> frozenset[Event]:
    """The structural events of a finished plan, as `likeness.events` counts them for its options.

    What a rule or a pin forces is none; `forced` spares finding that out once more.
    """
    forced = forced or forced_events(plan.scenario, plan.units)
    fates: dict[int, set[str]] = {}
    for row in plan.decisions:
        fates.setdefault(plan.units.positions[row.unit_id], set()).add(row.fate)
    return frozenset(event for group in plan.final_groups for event in _events_of(group, fates, forced))


def forced_decisions(plan: Plan) -> frozenset[Event]:
    """The structural decisions of a finished plan that a rule or a pin forces, so that they are no events."""
    return plan_events(plan, Forced.nothing()) - plan_events(plan)


def _events_of(group: Sequence[int], fates: Mapping[int, set[str]], forced: Forced) -> Iterable[Event]:
    merged = tuple(sorted(unit for unit in group if "dissolve" not in fates[unit]))
    if len(merged) > 1 and merged not in forced.mergers:
        yield Event("merge", merged)
    alone = [fate for fate in (*EXIT_FATES.values(), "raise") if fate in fates[group[0]]][:1] if len(group) == 1 else []
    singles = [("dissolve", unit) for unit in group if "dissolve" in fates[unit]]
    singles += [(fate, group[0]) for fate in alone]
    yield from (Event(fate, (unit,)) for fate, unit in singles if unit not in forced.fates[fate])


def agreements(plans: Sequence[Plan], scenario: Scenario, units: Units) -> list[Agreed]:
    """Every decision of the plans, those that all take first; then what was considered and is in none of them."""
    if not plans:
        return []
    forced = forced_events(scenario, units)
    taken = [plan_events(plan, forced) for plan in plans]
    whole = [
        Agreed(event, tuple(place for place, mine in enumerate(taken) if event in mine), len(plans))
        for event in frozenset().union(*taken)
    ]
    whole.sort(key=lambda found: (-len(found.plans), _order(found.event)))
    met = {(event.fate, unit) for mine in taken for event in mine for unit in event.units}
    never = sorted(considered(scenario, units) - met, key=lambda pair: _order(Event(pair[0], (pair[1],))))
    return whole + [Agreed(Event(fate, (unit,)), (), len(plans)) for fate, unit in never]


def considered(scenario: Scenario, units: Units) -> frozenset[tuple[str, int]]:
    """Fates by unit that some listed option holds, without those that break a structural rule or a pin.

    Where options are too many to be listed, only what single units and two units together can become is looked at.
    """
    stream = streamed(scenario, units)
    problem = prepare(scenario, units) if stream is None else smallest_problem(stream)
    listed = (event for option in problem.events for event in option)
    return frozenset((event.fate, unit) for event in listed for unit in event.units)


def units_left(one: Iterable[Event], other: Iterable[Event]) -> set[int]:
    """Units in an event of the one plan that the other plan does not have."""
    return {unit for event in set(one) - set(other) for unit in event.units}


def left_percent(one: Iterable[Event], other: Iterable[Event]) -> Fraction:
    """Of the units in events of the one plan, the share that is not in the same event again (model.md 5)."""
    mine = list(one)
    size = len({unit for event in mine for unit in event.units})
    return Fraction(100 * len(units_left(mine, other)), size) if size else Fraction(0)


def _order(event: Event) -> tuple[int, tuple[int, ...]]:
    return EVENT_FATES.index(event.fate), event.units
