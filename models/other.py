"""Another scenario in which the same plan must hold: what it must have in common, and what decisions are in it.

A decision is what people decide: who joins whom and when, which site stays, who is raised or leaves, how many posts
are slimmed, the work of how many posts is ordered, who is redeployed where. What that costs, moves and saves follows
from each scenario's own figures.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from models.checker import Check, check
from models.pinned import pinned_units, stage_of_pin, transfers
from models.plan import Decision
from models.problem import Problem
from models.recount import Recount
from models.scenario import Scenario
from models.standing import splits
from models.unit import Units

MOST_NAMED = 5


@dataclass(frozen=True, eq=False)
class Other:
    """A scenario beside the main one, by the name under which tables tell of it."""

    name: str
    scenario: Scenario
    units: Units


def incomparable(scenario: Scenario, units: Units, other: Other) -> Iterator[Problem]:
    """Why the same decisions cannot be judged in another scenario; nothing where they can."""
    where = f"holds_in[{other.name}]"
    if units.ids != other.units.ids:
        mine, its = set(units.ids), set(other.units.ids)
        facts = {"missing": _named(sorted(mine - its)), "added": _named(sorted(its - mine))}
        yield Problem(where, "held.other_units", facts)
        return
    years = [[stage.year for stage in one.stages] for one in (scenario, other.scenario)]
    if years[0] != years[1]:
        wanted, found = (", ".join(map(str, one)) for one in years)
        yield Problem(where, "held.other_stages", {"found": found, "wanted": wanted})
        return
    if scenario.merging != other.scenario.merging:
        yield Problem(where, "held.other_merging")
    if differing := _settled(scenario, units) ^ _settled(other.scenario, other.units):
        yield Problem(where, "held.other_settled", {"units": _named(sorted({str(name) for name, *_ in differing}))})


def check_in(other: Other, decisions: Sequence[Decision], scenario: Scenario, units: Units) -> Check:
    """A plan of the main scenario rebuilt by the checker in another one; scenario, units: the main one's."""
    return check(other.scenario, other.units, decisions_in(other, decisions, scenario, units))


def decisions_in(other: Other, decisions: Sequence[Decision], scenario: Scenario, units: Units) -> tuple[Decision, ...]:
    """The same decisions with the other scenario's amounts: a raise is paid for, and work ordered, at its figures.

    group_after is left open: it follows.
    """
    mine, its = Recount(scenario, units), Recount(other.scenario, other.units)
    return tuple(_decision_in(row, mine, its) for row in decisions)


def _decision_in(row: Decision, mine: Recount, its: Recount) -> Decision:
    row = replace(row, group_after=None)
    if row.fate == "raise":
        return replace(row, orders_mvnd=0, fees_mvnd=0)
    if row.fate != "order":
        return row
    unit = mine.units.positions[row.unit_id]
    steps, rest = divmod(row.orders_mvnd, mine.order_step(unit))
    return row if rest else replace(row, orders_mvnd=steps * its.order_step(unit))  # a part of a step is refused


def _settled(scenario: Scenario, units: Units) -> set[tuple[object, ...]]:
    """What table and pins settle outside every search: transfers, units that come to stand, and splits."""
    found: set[tuple[object, ...]] = set()
    for pin in transfers(scenario):
        for unit in np.flatnonzero(pinned_units(units, pin)).tolist():
            found.add((units.ids[unit], "transfer", stage_of_pin(scenario, pin), pin.parent, pin.level))
    found |= {
        (units.ids[unit], "create", str(units.text("planned")[unit])[:4]) for unit in np.flatnonzero(units.planned)
    }
    for source, parts in splits(scenario, units):
        found |= {(units.ids[source], "split", units.ids[part]) for part in parts}
    return found


def _named(ids: Sequence[str]) -> str:
    """Some of the ids, and how many more there are."""
    more = f" (+{len(ids) - MOST_NAMED})" if len(ids) > MOST_NAMED else ""
    return (", ".join(map(str, ids[:MOST_NAMED])) or "–") + more
