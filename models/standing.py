"""The unit table as it stands after each stage before any decision of the plan: planned units, and what they are
split off from.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from models.unit import Units

if TYPE_CHECKING:
    from models.scenario import Scenario

# Leaders stay: a new unit appoints its own.
NOT_SPLIT_OFF = ("heads", "deputies")


def standing_of(scenario: "Scenario", units: Units) -> tuple[Units, ...]:
    """The table at the end of each stage's year.

    A planned unit counts from the stage on by whose year it stands. Where a pin says from which unit it is split off,
    its figures (all that add up, but for leaders) leave that unit in the same stage; else it is created from nothing.
    """
    if not units.later:
        return tuple(replace(units, year=stage.year) for stage in scenario.stages)
    return tuple(_at(scenario, units, stage.year) for stage in scenario.stages)


def _at(scenario: "Scenario", units: Units, year: int) -> Units:
    stands = units.planned & (units.created <= year)
    figures = {name: values.copy() for name, values in units.figures.items()}
    for name, brought in units.later.items():
        figures[name] += brought * stands
        for source, parts in splits(scenario, units):
            if name not in NOT_SPLIT_OFF:
                figures[name][source] -= int((brought * stands)[parts].sum())
            if name in NOT_SPLIT_OFF:  # they came out of the posts that left, and no leader of the old unit went
                figures["professional_posts"][source] -= int((brought * stands)[parts].sum())
    return replace(units, figures=figures, later={}, year=year)


def splits(scenario: "Scenario", units: Units) -> Iterator[tuple[int, list[int]]]:
    """Per pinned split: the position of the unit that goes on, and those of the units that leave it."""
    for pin in scenario.pins:
        if pin.fate == "split" and pin.unit is not None:
            yield units.positions[pin.unit], [units.positions[name] for name in pin.into]


ENDINGS = ("equitize", "convert", "dissolve")
"""Fates after which a unit is no public unit of its own: nothing can be split off from it any more."""


def sources(scenario: "Scenario", units: Units) -> dict[int, int]:
    """From which unit each split-off unit comes, both by position."""
    return {part: source for source, parts in splits(scenario, units) for part in parts}


def overdrawn(scenario: "Scenario", units: Units) -> Iterator[tuple[int, str, int]]:
    """(unit, column, amount below zero) where a unit is to give more to new units than it has."""
    table = standing_of(scenario, units)[-1]
    for source in sorted({source for source, _ in splits(scenario, units)}):
        for name, values in table.figures.items():
            if name in units.later and values[source] < 0:
                yield source, name, -int(values[source])


def stage_of_creation(scenario: "Scenario", units: Units) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """The first stage by whose year each unit stands: 0 for units of today, the number of stages for none."""
    years = [stage.year for stage in scenario.stages]
    return np.searchsorted(np.array(years), units.created).astype(np.int64)
