"""Grounds to dissolve a unit: its ratings by law, the table, or a pin that gives its reason."""

import numpy as np
from numpy.typing import NDArray

from models.pinned import pinned_units
from models.scenario import Scenario
from models.unit import Units


def grounds(scenario: Scenario, units: Units) -> NDArray[np.bool_]:
    """Units that have one."""
    found: NDArray[np.bool_] = units.text("dissolution_ground") != ""
    if scenario.dissolution.ineffective_years is not None:
        found = found | (units.figure("ineffective_years") >= scenario.dissolution.ineffective_years)
    for pin in scenario.pins:
        if pin.fate == "dissolve" and pin.reason:
            found = found | pinned_units(units, pin)
    return found
