"""What pins settle outside the search: the units and groups they name, and transfers to another parent or level."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from models.label_codes import LabelCodes
from models.pin import Pin
from models.unit import Units

if TYPE_CHECKING:
    from models.scenario import Scenario


def transfers(scenario: "Scenario") -> tuple[Pin, ...]:
    return tuple(pin for pin in scenario.pins if pin.fate == "transfer")


def labels_after(scenario: "Scenario", units: Units, column: str, stage: int) -> NDArray[np.object_]:
    """A label column as it stands after a stage; transfers pinned for that stage or an earlier one are in it."""
    labels = units.labels(column)
    if column not in ("parent", "level"):
        return labels
    after = labels.copy()
    for pin in transfers(scenario):
        new = pin.parent if column == "parent" else pin.level
        if new is not None and stage >= stage_of_pin(scenario, pin):
            after[pinned_units(units, pin)] = new
    return after


def codes_after(scenario: "Scenario", units: Units, column: str, stage: int) -> LabelCodes:
    """The same as numbers."""
    if column not in ("parent", "level") or not transfers(scenario):
        return units.codes(column)
    return LabelCodes.of(labels_after(scenario, units, column, stage))


def labels_to_come(scenario: "Scenario", column: str) -> set[str]:
    """Labels that a plan may give to what remains although no unit has them today."""
    if column == "function":
        return set(scenario.terms.functions)
    if column == "autonomy_group":
        return set(map(str, scenario.terms.groups))
    return {
        str(new) for pin in transfers(scenario) if (new := getattr(pin, column, None)) and column in ("parent", "level")
    }


def stage_of_pin(scenario: "Scenario", pin: Pin) -> int:
    """The stage in which a pin's decision holds; without a year the first."""
    return 0 if pin.year is None else scenario.stage_of(pin.year)


def pinned_units(units: Units, pin: Pin) -> NDArray[np.bool_]:
    """The units that a pin names, by id or by scope."""
    return units.matches({"unit": (pin.unit,)} if pin.unit is not None else pin.scope or {})


def partners_of(pin: Pin) -> tuple[str, ...]:
    """The units that a pin puts together with the one it names."""
    if pin.unit is None:
        return ()
    hosts = (pin.host,) if pin.fate == "merge" and pin.host is not None and pin.host != pin.unit else ()
    return (*pin.merge_with, *hosts)


def pinned_groups(scenario: "Scenario", units: Units) -> list[list[int]]:
    """Units that pins put together, directly or through others: each group once, in the order of the table."""
    names = [(pin.unit or "", other) for pin in scenario.pins for other in partners_of(pin)]
    if not names:
        return []
    low, high = np.array([[units.positions[name] for name in pair] for pair in names]).T
    shape = (len(units), len(units))
    _, labels = connected_components(coo_array((np.ones(len(low)), (low, high)), shape=shape), directed=False)
    return [np.flatnonzero(labels == label).tolist() for label in np.unique(labels[low])]
