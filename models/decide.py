"""From chosen columns to decisions: one row per unit and step."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from models.columns import Columns
from models.exact import Integers
from models.items import ORDER, SLIM
from models.legal_basis import basis_of
from models.option import EXIT_FATES, Truths
from models.pin import Pin
from models.pinned import pinned_units, stage_of_pin, transfers
from models.plan import REDEPLOY, Decision
from models.standing import sources, splits, stage_of_creation
from models.successor_names import Named, successor_names
from models.unit import Units


def decisions_of(columns: Columns, values: Integers) -> tuple[Decision, ...]:
    """Every step that the chosen options and amounts mean, in the order of units, fates and years."""
    names = successor_names(columns, np.flatnonzero(values[: len(columns.paths)]).tolist())
    rows = [
        *(decision for option, named in names.items() for decision in _steps(columns, option, named)),
        *_amounts(columns, values),
        *_redeployments(columns, values),
        *_transfers(columns),
        *_splits(columns),
    ]
    at = columns.units.positions
    named = [(pin, pinned_units(columns.units, pin)) for pin in columns.scenario.pins]
    rows = [
        replace(row, reason=row.reason or _reason(columns.units, named, row), legal_basis=_basis(columns, row))
        for row in rows
    ]
    return tuple(sorted(rows, key=lambda row: (at[row.unit_id], row.year or 0, row.fate)))


def _reason(units: Units, named: Sequence[tuple[Pin, Truths]], row: Decision) -> str:
    """What people or the table give as the reason of a step: the pin that settled it, or a dissolution's ground."""
    unit = units.positions[row.unit_id]
    pins = [pin for pin, chosen in named if pin.fate == row.fate and chosen[unit]]
    pins += [pin for pin, _ in named if row.fate == "merge" and pin.unit == row.unit_id and pin.merge_with]
    pins += [pin for pin, _ in named if row.fate == "create" and row.unit_id in pin.into]
    stated = [" ".join(filter(None, (pin.reason, pin.document and f"({pin.document})"))) for pin in pins]
    ground = str(units.text("dissolution_ground")[unit]) if row.fate == "dissolve" else ""
    return next(filter(None, (*stated, ground)), "")


def _basis(columns: Columns, row: Decision) -> str:
    """The text of law that a step rests on when it is taken; nothing where the scenario states none."""
    if row.year is None:
        return ""
    kind = str(columns.units.text("kind")[columns.units.positions[row.unit_id]])
    return basis_of(columns.scenario.legal_basis, row.fate, kind, columns.scenario.decision_day(row.year))


def _steps(columns: Columns, option: int, named: Named) -> Iterator[Decision]:
    paths = columns.paths
    members = paths.members_of(option)
    never = len(columns.scenario.stages)
    host = int(members[-1])
    if len(members) > 1:
        yield from _mergers(columns, option, named)
    elif paths.leaves[option] < never:
        yield _single(columns, host, EXIT_FATES[int(paths.exits[option])], int(paths.leaves[option]))
    elif paths.raised[option] == never:
        yield _alone(columns, host, named)
    if paths.raised[option] < never:
        yield _raise(columns, option, named)


def _alone(columns: Columns, unit: int, named: Named) -> Decision:
    """A unit that is kept, or that comes to stand."""
    units, created = columns.units, int(stage_of_creation(columns.scenario, columns.units)[unit])
    id_, name = named
    group = int(units.figure("autonomy_group")[unit])
    shared: dict[str, Any] = {"successor_id": id_, "successor_name": name}
    if not units.planned[unit]:
        return Decision(unit_id=id_, fate="keep", group_after=group, **shared)
    source = sources(columns.scenario, units).get(unit)
    host = "" if source is None else units.ids[source]
    year = columns.scenario.stages[created].year
    return Decision(unit_id=id_, fate="create", year=year, host_id=host, group_after=group, **shared)


def _splits(columns: Columns) -> Iterator[Decision]:
    """The units that others are split off from, once per stage in which that happens."""
    units, created = columns.units, stage_of_creation(columns.scenario, columns.units)
    for source, parts in splits(columns.scenario, units):
        for stage in sorted({int(created[part]) for part in parts}):
            year = columns.scenario.stages[stage].year
            yield Decision(unit_id=units.ids[source], fate="split", year=year)


def _mergers(columns: Columns, option: int, named: Named) -> Iterator[Decision]:
    """Absorbed and dissolved members, and the host's own row from its first merger on."""
    paths, units, stages = columns.paths, columns.units, columns.scenario.stages
    span = slice(int(paths.starts[option]), int(paths.starts[option + 1]))
    members, joins = paths.members[span].tolist(), paths.joins[span].tolist()
    host = members[-1]
    id_, name = named
    form = "consolidate" if paths.consolidated[option] else "absorb"
    shared: dict[str, Any] = {"successor_id": id_, "successor_name": name}
    for unit, stage, dissolved, closed in zip(
        members, joins, paths.dissolved[span].tolist(), paths.closed[span].tolist(), strict=True
    ):
        if unit == host:
            continue
        group = int(columns.consequences.stages[stage]["autonomy_group"][option])
        step: dict[str, Any] = {"unit_id": units.ids[unit], "year": stages[stage].year, "group_after": group, **shared}
        parents = columns.labels_after("parent", stage)
        if parents[unit] != parents[host]:
            step["parent_after"] = str(parents[host])
        if dissolved:
            yield Decision(fate="dissolve", receiver_id=units.ids[host], site="closed", **step)
        else:
            site = "closed" if closed else "kept"
            yield Decision(fate="merge", form=form, host_id=units.ids[host], site=site, **step)
    merging = [stage for stage, gone in zip(joins[:-1], paths.dissolved[span][:-1].tolist(), strict=True) if not gone]
    if merging:
        first = min(merging)
        group = int(columns.consequences.stages[first]["autonomy_group"][option])
        yield Decision(
            unit_id=units.ids[host], fate="merge", form=form, year=stages[first].year, host_id=units.ids[host],
            group_after=group, site="kept", **shared,
        )  # fmt: skip
    else:
        group = int(columns.consequences.stages[-1]["autonomy_group"][option])
        yield Decision(unit_id=units.ids[host], fate="keep", group_after=group, **shared)


def _single(columns: Columns, unit: int, fate: str, stage: int) -> Decision:
    id_ = columns.units.ids[unit]
    return Decision(unit_id=id_, fate=fate, year=columns.scenario.stages[stage].year)


def _raise(columns: Columns, option: int, named: Named) -> Decision:
    """The raise of the host: the most orders and fees that it needs after any stage."""
    paths, stage = columns.paths, int(columns.paths.raised[option])
    orders, fees = (
        max(int(figures[name][option]) for figures in columns.consequences.stages)
        for name in ("new_orders_mvnd", "fees_mvnd")
    )
    id_, name = named
    return Decision(
        unit_id=columns.units.ids[int(paths.hosts[option])], fate="raise", year=columns.scenario.stages[stage].year,
        successor_id=id_, successor_name=name,
        group_after=int(columns.consequences.stages[stage]["autonomy_group"][option]),
        orders_mvnd=orders, fees_mvnd=fees,
    )  # fmt: skip


def _amounts(columns: Columns, values: Integers) -> Iterator[Decision]:
    items, units, stages = columns.items, columns.units, columns.scenario.stages
    first = len(columns.paths)
    for item, amount in enumerate(values[first : first + len(items)].tolist()):
        unit = int(items.unit[item])
        step: dict[str, Any] = {"unit_id": units.ids[unit], "year": stages[int(items.stage[item])].year}
        if amount and items.kind[item] == SLIM:
            yield Decision(fate="slim", posts_slimmed=amount, **step)
        elif amount and items.kind[item] == ORDER:
            orders = amount * int(columns.levers.order_step[unit])
            yield Decision(fate="order", orders_mvnd=orders, **step)


def _redeployments(columns: Columns, values: Integers) -> Iterator[Decision]:
    """People whom a host's merger frees, by the unit whose vacancies they fill."""
    fillings, ids = columns.items.moves.fillings, columns.units.ids
    first = columns.guards.first - len(fillings)  # the last of the items
    for filling in np.flatnonzero(values[first : columns.guards.first]).tolist():
        yield Decision(
            unit_id=ids[int(fillings.host[filling])],
            fate=REDEPLOY,
            year=columns.scenario.stages[int(fillings.stage[filling])].year,
            receiver_id=ids[int(fillings.taker[filling])],
            people_redeployed=int(values[first + filling]),
        )


def _transfers(columns: Columns) -> Iterator[Decision]:
    for pin in transfers(columns.scenario):
        for unit in np.flatnonzero(pinned_units(columns.units, pin)):
            year = columns.scenario.stages[stage_of_pin(columns.scenario, pin)].year
            yield Decision(
                unit_id=columns.units.ids[unit],
                fate="transfer",
                year=year,
                parent_after=pin.parent or "",
                reason=pin.reason,
            )
