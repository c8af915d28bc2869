"""What planned units and the pins that create or split must hold: dates within the stages, parts within their whole."""

from collections import Counter
from collections.abc import Iterator

from models.pin import Pin
from models.pinned import pinned_units
from models.problem import Problem
from models.scenario import Scenario
from models.standing import ENDINGS, overdrawn, splits
from models.unit import Units

NEW = ("create", "split")


def pin_problems(where: str, pin: Pin) -> Iterator[Problem]:
    """What a pin must say for itself about new units."""
    if pin.fate == "split" and (pin.unit is None or not pin.into):
        yield Problem(where, "scenario.split_of_one")
    if pin.into and pin.fate != "split":
        yield Problem(f"{where}.into", "scenario.into_without_split")
    if pin.fate in NEW and pin.year is not None:
        yield Problem(f"{where}.year", "scenario.year_of_new_unit")


def planned_problems(scenario: Scenario, units: Units) -> list[Problem]:
    """Dates outside the plan, pins that want more of a planned unit than to stand, and parts above their whole."""
    found = [
        *_dates(scenario, units),
        *_ended(scenario, units),
        *_receivers(units),
        *_pins_on_planned(scenario, units),
        *_parts(scenario),
    ]
    return found or list(_overdrawn(scenario, units))


def _dates(scenario: Scenario, units: Units) -> Iterator[Problem]:
    last = scenario.stages[-1].year
    for unit, when in zip(units.ids, units.text("planned"), strict=True):
        if when and not (scenario.as_of.isoformat() < when and int(when[:4]) <= last):
            facts = {"unit": unit, "found": when, "as_of": scenario.as_of.isoformat(), "last": str(last)}
            yield Problem("units", "scenario.planned_date", facts)


def _ended(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """A unit from which others are to be split off cannot leave or end as well."""
    sources = [source for source, _ in splits(scenario, units)]
    for number, pin in enumerate(scenario.pins):
        if pin.fate in ENDINGS and pinned_units(units, pin)[sources].any():
            yield Problem(
                f"pins[{pin.unit or number}]", "scenario.pins_contradict", {"one": "split", "other": pin.fate}
            )


def _receivers(units: Units) -> Iterator[Problem]:
    """Nobody takes over the tasks of another unit before it stands."""
    planned = {unit for unit, later in zip(units.ids, units.planned, strict=True) if later}
    for unit, receiver in zip(units.ids, units.text("receiver"), strict=True):
        if receiver in planned:
            yield Problem("units", "scenario.planned_receiver", {"unit": unit, "receiver": receiver})


def _pins_on_planned(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """A planned unit only comes to stand; one that stands cannot be created."""
    planned = {unit for unit, later in zip(units.ids, units.planned, strict=True) if later}
    for number, pin in enumerate(scenario.pins):
        where = f"pins[{pin.unit or number}]"
        partners = [name for name in (pin.host, *pin.merge_with) if name is not None]
        decided = [name for name in partners if name in planned]
        decided += [pin.unit] if pin.unit in planned and _wants_more(pin) else []
        for unit in decided:
            yield Problem(where, "scenario.planned_only_stands", {"unit": unit})
        named = [units.ids[at] for at in pinned_units(units, pin).nonzero()[0]]
        for unit in named if pin.fate == "create" else pin.into:
            if unit in units.positions and unit not in planned:
                yield Problem(where, "scenario.not_planned", {"unit": unit})


def _wants_more(pin: Pin) -> bool:
    """Whether a pin on a planned unit decides more than that, and where, it comes to stand."""
    fate = pin.fate not in (None, "create", "keep", "transfer")
    return fate or bool(pin.merge_with or pin.host or pin.successor_name)


def _parts(scenario: Scenario) -> Iterator[Problem]:
    """Each new unit leaves one unit, and that one is named once."""
    named = Counter(part for pin in scenario.pins for part in pin.into)
    for part, count in named.items():
        if count > 1:
            yield Problem(f"pins[{part}]", "scenario.split_twice", {"unit": part, "count": count})


def _overdrawn(scenario: Scenario, units: Units) -> Iterator[Problem]:
    for source, column, short in overdrawn(scenario, units):
        facts = {"unit": units.ids[source], "column": column, "short": short}
        yield Problem(f"pins[{units.ids[source]}].into", "scenario.split_overdrawn", facts)
