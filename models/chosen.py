"""From decisions back to columns: a plan that was read from its table enters the search again."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from models.checker import groups_of
from models.columns import Columns
from models.exact import Integers
from models.items import OPEN, ORDER, SLIM
from models.option import EXIT_FATES, STAYS, Path, Paths, Step, option_of
from models.plan import Decision
from models.prepared import Prepared
from models.recount import Group

Key = tuple[object, ...]
"""Everything that tells two options apart."""


def with_options_of(problem: Prepared, plans: Sequence[Sequence[Decision]]) -> Prepared:
    """The problem with the options that plans use and the listing lacks (those of drafts, for one)."""
    known = set(_keys(problem.columns.paths))
    wanted: dict[Key, Paths] = {}
    for decisions in plans:
        wanted |= {key: path for key, path in _options(problem, decisions).items() if key not in known}
    if not wanted:
        return problem
    paths = Paths.joined([problem.columns.paths, *wanted.values()])
    return replace(problem, columns=Columns.build(problem.scenario, problem.units, paths))


def values_of(problem: Prepared, decisions: Sequence[Decision]) -> Integers:
    """One value per column of the problem; KeyError where an option is not among its columns (`with_options_of`)."""
    at = {key: place for place, key in enumerate(_keys(problem.columns.paths))}
    values = np.zeros(len(problem.columns), dtype=np.int64)
    for key in _options(problem, decisions):
        values[at[key]] = 1
    values[len(problem.columns.paths) : problem.columns.guards.first] = _amounts(problem.columns, decisions)
    return problem.columns.tidy(values)


def _options(problem: Prepared, decisions: Sequence[Decision]) -> dict[Key, Paths]:
    """The option of every group that decisions make, by its key."""
    founding = {row.unit_id for row in decisions if row.fate == "merge" and row.form == "consolidate"}
    groups = groups_of(problem.scenario, problem.units, decisions)
    never = len(problem.scenario.stages)
    found = [_option(group, problem.units.ids[group.host] in founding, never) for group in groups]
    return {_keys(option)[0]: option for option in found}


def _option(group: Group, founded: bool, never: int) -> Paths:
    joins = {join.unit: Step(join.stage, join.dissolved, join.closed) for join in group.joinings}
    exits = next((code for code, fate in EXIT_FATES.items() if fate == group.exit), STAYS)
    path = Path(joins, raised=group.raised, leaves=group.leaves, exits=exits, consolidated=founded)
    return option_of(group.members, group.host, path, never=never)


def _keys(paths: Paths) -> list[Key]:
    entries = list(
        zip(*(values.tolist() for values in (paths.members, paths.joins, paths.dissolved, paths.closed)), strict=True)
    )
    whole = zip(*(v.tolist() for v in (paths.raised, paths.leaves, paths.exits, paths.consolidated)), strict=True)
    starts = paths.starts.tolist()
    return [
        (tuple(sorted(entries[begin:end])), *rest)
        for begin, end, rest in zip(starts[:-1], starts[1:], whole, strict=True)
    ]


def _amounts(columns: Columns, decisions: Sequence[Decision]) -> Integers:
    """Posts slimmed, order steps, and the opening of every stage that orders anything."""
    at, scenario, items = columns.units.positions, columns.scenario, columns.items
    chosen: dict[tuple[int, int, int], int] = {}
    for row in decisions:
        if row.fate not in ("slim", "order") or row.year is None:
            continue
        unit, stage = at[row.unit_id], scenario.stage_of(row.year)
        if row.fate == "slim":
            chosen[SLIM, unit, stage] = row.posts_slimmed
        else:
            chosen[ORDER, unit, stage] = row.orders_mvnd // int(columns.levers.order_step[unit])
            chosen[OPEN, unit, stage] = 1
    places = zip(items.kind.tolist(), items.unit.tolist(), items.stage.tolist(), strict=True)
    return np.array([chosen.get(place, 0) for place in places], dtype=np.int64)
