"""What a hand-made plan leaves out, filled in the plainest way: hosts, forms, sites, receivers, and units kept."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from models.candidates import host_ranks, receiver_of
from models.compatibility import compatibility, deciding_blocks
from models.pinned import pinned_units, stage_of_pin, transfers
from models.plan import Decision
from models.problem import Problem
from models.scenario import Merging, Scenario
from models.standing import splits, stage_of_creation
from models.unit import Units
from planner.decision_groups import completed


def filled(rows: Sequence[Decision], scenario: Scenario, units: Units) -> tuple[Decision, ...]:
    """Every unit with its steps, in the order of units, years and fates.

    A merger without a host takes the unit whose id its successor bears, else the one that its [[merging]] block would
    choose and that may host; a successor with an id of its own is founded (`consolidate`), else the host absorbs.
    Sites close only where the block closes them. A dissolution without a receiver has the unit's column `receiver`,
    else the nearest unit that it could merge with; where the receiver goes elsewhere, the tasks go with it. What the
    scenario's pins and the table settle (transfers, splits, units that come to stand) needs no row.
    """
    hosted = _with_hosts(_with_receivers(rows, scenario, units), scenario, units)
    whole = completed(hosted, scenario, units)
    whole = tuple(_with_form(row, scenario, units) for row in whole)
    moved = _following_their_receivers(whole)
    at = units.positions
    settled = [
        row for row in _settled(scenario, units) if (row.unit_id, row.fate) not in {(r.unit_id, r.fate) for r in moved}
    ]
    return tuple(sorted((*moved, *settled), key=lambda row: (at[row.unit_id], row.year or 0, row.fate)))


def without_receiver(rows: Sequence[Decision]) -> Iterator[Problem]:
    """Dissolutions for which nobody can be found to take over, and receivers that end in one another."""
    going = {row.unit_id: row.joined for row in rows if row.joined}
    for row in rows:
        if row.fate == "dissolve" and not row.receiver_id:
            yield Problem(row.unit_id, "draft.no_receiver")
        elif row.fate == "dissolve" and _end_of(going, row.unit_id) is None:
            yield Problem(row.unit_id, "draft.receivers_in_a_circle", {"receiver": row.receiver_id})


def block_of(group: Sequence[int], scenario: Scenario, units: Units) -> Merging | None:
    """The [[merging]] block that decides about the first pair of a group that any block names."""
    if len(group) < 2:
        return None
    pairs = np.array(list(combinations(sorted(group), 2)), dtype=np.int64)
    blocks = deciding_blocks(scenario, units, pairs)
    named = blocks[blocks >= 0]
    return scenario.merging[int(named[0])] if len(named) else None


def _groups(rows: Sequence[Decision]) -> dict[str, list[Decision]]:
    found: dict[str, list[Decision]] = defaultdict(list)
    for row in rows:
        if row.fate == "merge":
            found[row.successor_id].append(row)
    return found


def _with_hosts(rows: Sequence[Decision], scenario: Scenario, units: Units) -> list[Decision]:
    """Mergers that name no host and bear no unit's id get the host that their block would choose."""
    hosts = {}
    for successor, group in _groups(rows).items():
        if successor in units.positions or any(row.host_id for row in group):
            continue
        members = [units.positions[row.unit_id] for row in group]
        ranks = host_ranks(scenario.terms, units, block_of(members, scenario, units))[members]
        able = [unit for unit, rank in zip(members, ranks.tolist(), strict=True) if rank >= 0]
        hosts[successor] = units.ids[min(able or members, key=lambda unit: int(ranks[members.index(unit)]))]
    return [
        replace(row, host_id=hosts.get(row.successor_id, row.host_id)) if row.fate == "merge" else row for row in rows
    ]


def _with_form(row: Decision, scenario: Scenario, units: Units) -> Decision:
    if row.fate != "merge":
        return replace(row, site="closed") if row.fate == "dissolve" and not row.site else row
    form = row.form or ("absorb" if row.successor_id in units.positions else "consolidate")
    if row.unit_id == row.host_id:
        return replace(row, form=form, site="kept")
    pair = [units.positions[row.unit_id], units.positions[row.host_id]]
    block = block_of(pair, scenario, units)
    closes = block is not None and block.sites == "closed"
    return replace(row, form=form, site=row.site or ("closed" if closes else "kept"))


def _with_receivers(rows: Sequence[Decision], scenario: Scenario, units: Units) -> list[Decision]:
    if all(row.receiver_id for row in rows if row.fate == "dissolve"):
        return list(rows)
    graph = compatibility(scenario, units)
    found = []
    for row in rows:
        if row.fate == "dissolve" and not row.receiver_id:
            taker = receiver_of(scenario, units, graph, units.positions[row.unit_id])
            row = replace(row, receiver_id="" if taker is None else units.ids[taker])
        found.append(row)
    return found


def _following_their_receivers(rows: Sequence[Decision]) -> list[Decision]:
    """Tasks handed to a unit that is itself absorbed or dissolved end up where that unit does."""
    going = {row.unit_id: row.joined for row in rows if row.joined}
    found = []
    for row in rows:
        if row.fate == "dissolve" and row.receiver_id in going and (end := _end_of(going, row.unit_id)):
            row = replace(row, receiver_id=end)
        found.append(row)
    return found


def _end_of(going: dict[str, str], unit: str) -> str | None:
    """Where a chain of units that go into one another ends; None where it never does."""
    seen = {unit}
    while unit in going:
        unit = going[unit]
        if unit in seen:
            return None
        seen.add(unit)
    return unit


def _settled(scenario: Scenario, units: Units) -> Iterator[Decision]:
    """Steps that pins settle in every plan."""
    for pin in transfers(scenario):
        year = scenario.stages[stage_of_pin(scenario, pin)].year
        for unit in np.flatnonzero(pinned_units(units, pin)):
            new = pin.parent or ""
            yield Decision(unit_id=units.ids[unit], fate="transfer", year=year, parent_after=new, reason=pin.reason)
    created = stage_of_creation(scenario, units)
    for source, parts in splits(scenario, units):
        for stage in sorted({int(created[part]) for part in parts}):
            yield Decision(unit_id=units.ids[source], fate="split", year=scenario.stages[stage].year)
