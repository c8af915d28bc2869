"""Options of one scenario as another one sees them: its figures of them, and which of them it does not allow.

What the other scenario would never list itself (another host, a neighbour further away) it may still allow: asked is
only what would forbid the decision there.
"""

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns, raise_does_something
from models.equitization import conditions
from models.grounds import grounds
from models.items import items_of, with_moves
from models.levers import allowed, levers_of
from models.moves import moves_of
from models.option import CONVERTED, EQUITIZED, Paths
from models.other import Other
from models.rules import StructuralRule
from models.standing import standing_of
from models.successor import consequences
from models.unit import RATINGS

Truths = NDArray[np.bool_]


def columns_in(other: Other, paths: Paths) -> Columns:
    """The figures of options in another scenario, all of them, whether or not it allows them."""
    standing = standing_of(other.scenario, other.units)
    levers = levers_of(other.scenario, standing[-1])
    found = consequences(other.scenario, standing, levers, paths)
    items = with_moves(items_of(levers), moves_of(other.scenario, standing, paths, found), paths)
    return Columns(other.scenario, other.units, standing, levers, paths, found, items)


def admitted(columns: Columns) -> Truths:
    """Options that can be carried out in the scenario of these columns and break none of its structural rules."""
    found = columns.consequences.affordable & raise_does_something(columns.paths, columns.consequences)
    found &= _may_join(columns) & _may_be_raised(columns) & _may_leave(columns)
    for rule in columns.scenario.demands:
        if isinstance(rule, StructuralRule):
            found &= ~rule.breaks(columns)
    return found


def _may_join(columns: Columns) -> Truths:
    """Mergers and dissolutions: everyone in them may, who ends has a ground, the host is fit to host."""
    paths, scenario, units = columns.paths, columns.scenario, columns.units
    option, joining = paths.option_of_entry, ~paths.is_host
    merging = joining & ~paths.dissolved
    may_merge = allowed(scenario, units, "merge")
    may_end = allowed(scenario, units, "dissolve") & grounds(scenario, units)
    named = [unit for pin in scenario.pins if pin.merge_with for unit in (pin.unit, *pin.merge_with)]
    may_merge = may_merge | np.isin(units.ids, [name for name in named if name is not None])
    refused = (merging & ~may_merge[paths.members]) | (paths.dissolved & ~may_end[paths.members])
    bad = _any(option, refused, len(paths))
    bad |= _any(option, merging, len(paths)) & ~may_merge[paths.hosts]
    bad |= (paths.sizes > 1) & (units.text("performance") == RATINGS[-1])[paths.hosts]
    found: Truths = ~bad
    return found


def _may_be_raised(columns: Columns) -> Truths:
    may = allowed(columns.scenario, columns.units, "raise")
    found: Truths = (columns.paths.raised == len(columns.scenario.stages)) | may[columns.paths.hosts]
    return found


def _may_leave(columns: Columns) -> Truths:
    """Exits: permitted, and an equitized unit meets every condition by itself or by its earlier raise."""
    paths, scenario, units = columns.paths, columns.scenario, columns.units
    bad = (paths.exits == CONVERTED) & ~allowed(scenario, units, "convert")[paths.hosts]
    leaving = paths.exits == EQUITIZED
    bad |= leaving & ~allowed(scenario, units, "equitize")[paths.hosts]
    for stage, deadline in enumerate(scenario.stages):
        mine = leaving & (paths.leaves == stage)
        for name, holds in conditions(scenario.terms, units, deadline.year).items():
            met = holds[paths.hosts]
            if name == "self_financing" and stage:
                met = met | (columns.consequences.stages[stage - 1]["self_financing"] == 1)
            bad |= mine & ~met
    found: Truths = ~bad
    return found


def _any(option: NDArray[np.int64], marked: Truths, count: int) -> Truths:
    found: Truths = np.bincount(option[marked], minlength=count) > 0
    return found
