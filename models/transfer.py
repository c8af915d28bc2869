"""Units that change their parent or level by a decision already taken: labels only, no count changes."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

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


def stage_of_pin(scenario: "Scenario", pin: Pin) -> int:
    """The stage in which a pin's decision holds; without a year the first."""
    return 0 if pin.year is None else scenario.stage_of(pin.year)


def pinned_units(units: Units, pin: Pin) -> NDArray[np.bool_]:
    """The units that a pin names, by id or by scope."""
    return units.matches({"unit": (pin.unit,)} if pin.unit is not None else pin.scope or {})
