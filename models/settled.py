"""What leaves no choice: rules and pins that settle what becomes of units, and groups that pins put together."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from models.equitization import eligible
from models.pinned import partners_of, pinned_groups, pinned_units
from models.rules import PinKept, Rule
from models.rules.equitization import Equitization
from models.scenario import Scenario
from models.unit import Units

Settling = tuple[Rule, str, NDArray[np.bool_]]


def settling(scenario: Scenario, units: Units) -> Iterator[Settling]:
    """Every rule and pin that leaves units one fate alone: what it is, the fate, and a truth value per unit."""
    for rule in scenario.demands:
        if isinstance(rule, PinKept) and rule.pin.fate is not None:
            yield rule, rule.pin.fate, pinned_units(units, rule.pin)
        elif isinstance(rule, Equitization) and rule.at_least_percent == 100:
            yield rule, "equitize", eligible(scenario.terms, units, rule.year) & units.matches(rule.scope)


def settled_by(scenario: Scenario, units: Units, fate: str, members: Sequence[int]) -> tuple[Rule, ...]:
    """The rules and pins that force one decision of a plan; members: of a merger the whole group."""
    if fate == "merge":
        if sorted(members) not in pinned_groups(scenario, units):
            return ()
        names = {units.ids[unit] for unit in members}
        pins = (rule for rule in scenario.demands if isinstance(rule, PinKept) and partners_of(rule.pin))
        return tuple(rule for rule in pins if rule.pin.unit in names)
    return tuple(rule for rule, its, named in settling(scenario, units) if its == fate and named[list(members)].all())
