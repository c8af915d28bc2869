"""The groups of finished plans in a draw: what they become, and which of their steps cannot be carried out there.

A raise that nobody could pay for (or that a unit no longer needs) does not take place, nor the equitization of a unit
that is not eligible; amounts are carried out as far as there is room. Nobody who is freed is placed elsewhere: those
who must leave are paid for, which errs on the dear side. The rest of the plan stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from models.checker import groups_of
from models.columns import Columns
from models.draws import Draw
from models.equitization import conditions
from models.exact import Integers
from models.items import OPEN, ORDER, SLIM, items_of
from models.levers import levers_of
from models.option import EQUITIZED, EXIT_FATES, STAYS, Path, Paths, Step, option_of
from models.plan import REDEPLOY, Decision
from models.recount import Group
from models.scenario import Scenario
from models.standing import standing_of
from models.successor import consequences
from models.unit import Units

Truths = NDArray[np.bool_]
Decisions = Sequence[Decision]


@dataclass(frozen=True, eq=False)
class Groups:
    """Every group that some plan makes, once, as options; then the same without their raise, their exit, or both.

    places: per plan the options that it chose; without: (4, options) where an option stands with all its steps, without
    its raise, without its exit, without both; slimmed, ordered: (plans, stages, n) amounts decided, posts and mvnd.
    """

    paths: Paths
    count: int
    places: tuple[Integers, ...]
    without: Integers
    slimmed: Integers
    ordered: Integers

    @staticmethod
    def of_plans(scenario: Scenario, units: Units, plans: Sequence[Decisions]) -> "Groups":
        never, shape = len(scenario.stages), (len(plans), len(scenario.stages), len(units))
        slimmed, ordered = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        known: dict[object, int] = {}
        options: list[Paths] = []
        places = []
        for number, decisions in enumerate(plans):
            mine = []
            founding = {row.unit_id for row in decisions if row.fate == "merge" and row.form == "consolidate"}
            for group in groups_of(scenario, units, decisions):
                key = (group.host, group.joinings, group.raised, group.leaves, group.exit)
                if key not in known:
                    known[key] = len(options)
                    options.append(_option(group, units.ids[group.host] in founding, never))
                mine.append(known[key])
                for amounts, sums in ((group.slimmed, slimmed), (group.ordered, ordered)):
                    for (unit, stage), amount in amounts.items():
                        sums[number, stage, unit] = amount
            places.append(np.array(mine, dtype=np.int64))
        paths, without = _with_lesser(Paths.joined(options), never)
        return Groups(paths, len(options), tuple(places), without, slimmed, ordered)


@dataclass(frozen=True, eq=False)
class Trial:
    """The groups of all plans in one draw.

    raises, exits: (options) whether the step can be carried out (true where there is none); chosen: per plan the
    options that take their place; slimmed, ordered: (plans, stages, n) amounts carried out; values: (columns x plans).
    """

    columns: Columns
    raises: Truths
    exits: Truths
    chosen: tuple[Integers, ...]
    slimmed: Integers
    ordered: Integers
    values: Integers

    def autonomy_groups(self, groups: Groups) -> Integers:
        """(options) the autonomy group after the last stage, as things come in the draw."""
        last = self.columns.consequences.stages[-1]["autonomy_group"]
        found: Integers = last[_standing_in(groups, self.raises, self.exits)]
        return found


def tried(groups: Groups, draw: Draw) -> Trial:
    """What the plans come to in a draw."""
    columns = _columns(draw, groups.paths)
    raises = _raises(groups, columns)
    exits = _exits(groups, columns, draw, raises)
    standing_in = _standing_in(groups, raises, exits)
    chosen = tuple(standing_in[places] for places in groups.places)
    slimmed, ordered = np.zeros_like(groups.slimmed), np.zeros_like(groups.ordered)
    values = np.zeros((len(columns), len(chosen)), dtype=np.int64)
    for plan, options in enumerate(chosen):
        rooms = _rooms_of_units(columns, options)
        step = columns.levers.order_step
        slimmed[plan] = _within(groups.slimmed[plan], rooms[0])
        ordered[plan] = _within(groups.ordered[plan] // step, rooms[1]) * step
        values[options, plan] = 1
        items = columns.items
        amounts = {SLIM: slimmed[plan], ORDER: ordered[plan] // step, OPEN: (ordered[plan] > 0).astype(np.int64)}
        for kind, table in amounts.items():
            mine = np.flatnonzero(items.kind == kind)
            values[len(columns.paths) + mine, plan] = table[items.stage[mine], items.unit[mine]]
        values[:, plan] = columns.tidy(values[:, plan])
    return Trial(columns, raises, exits, chosen, slimmed, ordered, values)


def decisions_in(groups: Groups, trial: Trial, plan: int, decisions: Decisions) -> list[Decision]:
    """A plan's decisions as far as they can be carried out in a draw, for the checker."""
    units, scenario = trial.columns.units, trial.columns.scenario
    at = units.positions
    hosts = groups.paths.hosts[groups.places[plan]]
    raises = dict(zip(hosts.tolist(), trial.raises[groups.places[plan]].tolist(), strict=True))
    exits = dict(zip(hosts.tolist(), trial.exits[groups.places[plan]].tolist(), strict=True))
    found = []
    for row in decisions:
        unit, stage = at[row.unit_id], 0 if row.year is None else scenario.stage_of(row.year)
        if row.fate == REDEPLOY:
            continue
        if row.fate == "raise":
            found += [replace(row, orders_mvnd=0, fees_mvnd=0)] if raises[unit] else []
        elif row.fate == "equitize":
            found += [row] if exits[unit] else []
        elif row.fate == "slim":
            posts = int(trial.slimmed[plan, stage, unit])
            found += [replace(row, posts_slimmed=posts)] if posts else []
        elif row.fate == "order":
            amount = int(trial.ordered[plan, stage, unit])
            found += [replace(row, orders_mvnd=amount)] if amount else []
        else:
            found.append(row)
    named = {row.unit_id for row in found}
    return [*found, *(Decision(unit_id=unit, fate="keep") for unit in units.ids if unit not in named)]


def _option(group: Group, founded: bool, never: int) -> Paths:
    joins = {join.unit: Step(join.stage, join.dissolved, join.closed) for join in group.joinings}
    exits = next((code for code, fate in EXIT_FATES.items() if fate == group.exit), STAYS)
    path = Path(joins, raised=group.raised, leaves=group.leaves, exits=exits, consolidated=founded)
    return option_of(group.members, group.host, path, never=never)


def _with_lesser(paths: Paths, never: int) -> tuple[Paths, Integers]:
    """The options, followed by those that lack a raise, an exit or both; and where each of the four stands."""
    own = np.arange(len(paths), dtype=np.int64)
    raised, leaving = paths.raised < never, paths.exits == EQUITIZED
    parts, without, count = [paths], [own], len(paths)
    for lacks_raise, lacks_exit in ((True, False), (False, True), (True, True)):
        concerned = (raised if lacks_raise else leaving) & (leaving if lacks_exit else raised | True)
        mine = np.flatnonzero(concerned)
        lesser = paths.take(mine)
        if lacks_raise:
            lesser = replace(lesser, raised=np.full(len(mine), never, dtype=np.int64))
        if lacks_exit:
            stays = np.full(len(mine), STAYS, dtype=np.int64)
            lesser = replace(lesser, leaves=np.full(len(mine), never, dtype=np.int64), exits=stays)
        place = own.copy()
        place[mine] = count + np.arange(len(mine))
        parts.append(lesser)
        without.append(place)
        count += len(mine)
    return Paths.joined(parts), np.array(without)


def _columns(draw: Draw, paths: Paths) -> Columns:
    """The option table of a draw; nothing is left out of it."""
    standing = standing_of(draw.scenario, draw.units)
    levers = levers_of(draw.scenario, standing[-1])
    found = consequences(draw.scenario, standing, levers, paths)
    return Columns(draw.scenario, draw.units, standing, levers, paths, found, items_of(levers))


def _raises(groups: Groups, columns: Columns) -> Truths:
    """Whether a raise can be paid for, and lifts the group in the stage for which it was decided."""
    found, whole = columns.consequences, slice(groups.count)
    can = found.affordable[whole].copy()
    for stage, figures in enumerate(found.stages):
        lifted = (figures["raised"][whole] == 1) & (figures["self_financing"][whole] == 1)
        can &= (groups.paths.raised[whole] != stage) | lifted
    return can


def _exits(groups: Groups, columns: Columns, draw: Draw, raises: Truths) -> Truths:
    """Whether a unit that the plan equitizes is eligible when it leaves, by itself or after its raise."""
    can = np.ones(groups.count, dtype=bool)
    paths, terms = groups.paths, draw.scenario.terms
    for option in np.flatnonzero(paths.exits[: groups.count] == EQUITIZED).tolist():
        stage, host = int(paths.leaves[option]), int(paths.hosts[option])
        met = conditions(terms, draw.units, draw.scenario.stages[stage].year)
        standing = option if raises[option] else int(groups.without[1, option])
        earlier = stage > 0 and bool(columns.consequences.stages[stage - 1]["self_financing"][standing])
        can[option] = all(holds[host] or (name == "self_financing" and earlier) for name, holds in met.items())
    return can


def _standing_in(groups: Groups, raises: Truths, exits: Truths) -> Integers:
    """(options) the option that takes each one's place: without the steps that cannot be carried out."""
    lacking = (~raises).astype(np.int64) + 2 * (~exits)
    found: Integers = groups.without[lacking, np.arange(groups.count)]
    return found


def _rooms_of_units(columns: Columns, options: Integers) -> tuple[Integers, Integers]:
    """(stages, n) posts that may be slimmed and order steps placed, up to each stage, under some options."""
    paths = columns.paths
    taken = np.zeros(len(paths), dtype=bool)
    taken[options] = True
    entries = np.flatnonzero(taken[paths.option_of_entry])
    found = []
    for rooms in (columns.rooms.slim, columns.rooms.order):
        of_units = np.zeros((len(rooms), len(columns.units)), dtype=np.int64)
        of_units[:, paths.members[entries]] = np.array([room[entries] for room in rooms])
        found.append(of_units)
    return found[0], found[1]


def _within(decided: Integers, room: Integers) -> Integers:
    """Amounts by stage, cut where what has come together by a stage is more than there is room for then or later."""
    most = np.minimum.accumulate(room[::-1], axis=0)[::-1]
    together = np.minimum(np.cumsum(decided, axis=0), most)
    found: Integers = np.diff(together, axis=0, prepend=0)
    return np.maximum(found, 0)
