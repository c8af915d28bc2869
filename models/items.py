"""Amounts beside the options: posts slimmed and grants turned into orders, per unit and stage.

Each is a bounded column of its own with its exact effect. What an option leaves room for ties it to the options;
nothing is left in a unit that becomes self-financing, leaves, ends, or lands in a successor that a rule's scope
counts elsewhere.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.exact import NO_LIMIT_BELOW, Integers
from models.levers import Levers
from models.moves import Moves, Slims, moving_rows, no_moves
from models.option import Paths
from models.program import Rows
from models.successor import Consequences
from models.unit import Units

Truths = NDArray[np.bool_]
SLIM, ORDER, OPEN, PLACED, FILLED = 0, 1, 2, 3, 4


@dataclass(frozen=True, eq=False)
class Items:
    """i columns: kind (SLIM: one post; ORDER: one step; OPEN: 1 when the stage orders anything), unit, stage, bound.

    moves: what the last columns stand for, PLACED (of the option's host) and then FILLED (of the unit that takes).
    """

    kind: Integers
    unit: Integers
    stage: Integers
    upper: Integers
    moves: Moves = field(default_factory=no_moves)

    def __len__(self) -> int:
        return len(self.kind)


def items_of(levers: Levers) -> Items:
    """One slim, one order and one open column per unit and stage, where there is anything to slim or order."""
    parts = []
    for stage, caps in enumerate(levers.slim_cap):
        orders = levers.order_cap
        for kind, upper in ((SLIM, caps), (ORDER, orders), (OPEN, np.minimum(orders, 1))):
            units = np.flatnonzero(upper)
            parts.append(np.stack([np.full_like(units, kind), units, np.full_like(units, stage), upper[units]]))
    return Items(*np.concatenate(parts, axis=1).astype(np.int64))


def with_moves(items: Items, moves: Moves, paths: Paths) -> Items:
    """The amounts of units followed by the moves of freed people; earlier moves are left out."""
    first = len(items) - len(items.moves)
    placings, fillings = moves.placings, moves.fillings
    kind = np.repeat([PLACED, FILLED], [len(placings), len(fillings)])
    return Items(
        np.concatenate([items.kind[:first], kind]),
        np.concatenate([items.unit[:first], paths.hosts[placings.option], fillings.taker]),
        np.concatenate([items.stage[:first], placings.stage, fillings.stage]),
        np.concatenate([items.upper[:first], np.ones(len(placings), np.int64), fillings.upper]),
        moves,
    )


@dataclass(frozen=True, eq=False)
class Rooms:
    """Per entry of the options and stage: how many posts may be slimmed and order steps placed by then."""

    slim: tuple[Integers, ...]
    order: tuple[Integers, ...]


def rooms_of(
    units: Units, levers: Levers, paths: Paths, consequences: Consequences,
    floors: Iterable[tuple[int, Integers, Integers]], elsewhere: Truths,
) -> Rooms:  # fmt: skip
    """Room that every option leaves its members.

    floors: (stage, posts that each option's group must keep, posts that each unit must keep while it stands alone);
    nothing is slimmed below them.
    elsewhere: (entries) units whose successor some rule counts in another scope than the unit.
    """
    open_ = _open_entries(paths, consequences) & ~elsewhere
    least = [np.zeros(len(paths), dtype=np.int64) for _ in consequences.stages]
    alone = [np.zeros(len(units), dtype=np.int64) for _ in consequences.stages]
    for stage, groups, singles in floors:
        least[stage], alone[stage] = np.maximum(least[stage], groups), np.maximum(alone[stage], singles)
    slim, order = [], []
    for stage in range(len(consequences.stages)):
        room = _Room(units, levers, paths, consequences, stage)
        posts = room.slim(least[stage], alone[stage]) * open_
        slim.append(posts)
        order.append(room.order(posts) * open_)
    return Rooms(tuple(slim), tuple(order))


def _open_entries(paths: Paths, consequences: Consequences) -> Truths:
    """Entries that are not dissolved and whose group, in every stage, is public and does not pay for itself."""
    never = len(consequences.stages)
    dead = paths.leaves < never
    for figures in consequences.stages:
        dead = dead | (figures["self_financing"] == 1)
    return ~dead[paths.option_of_entry] & ~paths.dissolved


class _Room:
    """What one stage leaves: unchanged units keep their caps; a merger uses up first what its members could slim."""

    def __init__(self, units: Units, levers: Levers, paths: Paths, consequences: Consequences, stage: int) -> None:
        self.units, self.levers, self.paths = units, levers, paths
        self.figures = consequences.stages[stage]
        self.cap = levers.slim_cap[stage][paths.members]
        self.active = paths.joins <= stage
        self.option = paths.option_of_entry
        self.merged = self.active & self.figures.changed[self.option]

    def _take(self, room: Integers, used: Integers) -> Integers:
        """Use up room from an option's first active entries on: (options) amounts out of (entries) room."""
        counted = room * self.active
        running = np.cumsum(counted)
        before = running[self.paths.starts[:-1]] - counted[self.paths.starts[:-1]] if len(self.paths) else running
        left = running - before[self.option] - used[self.option]
        return np.where(self.active, np.clip(left, 0, room), room)

    def _sum(self, values: Integers) -> Integers:
        return np.add.reduceat(values * self.active, self.paths.starts[:-1]) if len(self.paths) else values

    def slim(self, least: Integers, alone: Integers) -> Integers:
        room = self._take(self.cap, self.figures["saved_posts"])
        own = np.maximum(self.units.posts - alone, 0)[self.paths.members]
        room = np.where(self.active, room, np.minimum(room, own))
        posts = self.figures["posts_budget"] + self.figures["posts_own"]
        over = np.maximum(self._sum(room) - np.maximum(posts - least, 0), 0)
        return self._take(room, over)

    def order(self, slim: Integers) -> Integers:
        """Steps of a merged unit's members, their administration set aside; none where the sums would not fit."""
        members = self.paths.members
        aside = self.levers.slim_cap[-1][members] + self.levers.administration[members]
        step, pay = self.levers.order_step[members], self.levers.pay_year_mvnd[members]
        cap = self.levers.order_cap[members]
        money = (
            self.units.figure("state_grant_mvnd")[members] - aside * pay - self.units.figure("site_cost_mvnd")[members]
        )
        posts = np.where(self.levers.order_moves[members] == 1, self.units.figure("posts_budget")[members] - aside, cap)
        merged = np.clip(np.minimum(money // step, posts), 0, cap)
        room = np.where(self.merged, merged, cap)
        return np.where(self._fits(room, slim)[self.option], room, np.where(self.active, 0, room))

    def _fits(self, room: Integers, slim: Integers) -> Truths:
        members = self.paths.members
        placed = self._sum(room * self.levers.order_step[members])
        paid = self._sum(slim * self.levers.pay_year_mvnd[members])
        moved = self._sum(room * self.levers.order_moves[members]) + self._sum(slim)
        return (
            (placed + paid <= self.figures["state_grant_mvnd"])
            & (moved <= self.figures["posts_budget"])
            & (placed < self.figures["recurrent_mvnd"] - paid - self.figures["revenue_mvnd"])
        )


def without_idle_openings(items: Items, values: Integers) -> Integers:
    """A solution that opens no orders where it orders nothing: within the gap an engine may leave them standing."""
    amounts = values[len(values) - len(items) :]
    placed = np.flatnonzero((items.kind == ORDER) & (amounts > 0))
    opened = np.flatnonzero((items.kind == OPEN) & (amounts > 0))
    when = items.unit * (int(items.stage.max(initial=0)) + 1) + items.stage
    tidy = values.copy()
    tidy[len(values) - len(items) + opened[~np.isin(when[opened], when[placed])]] = 0
    return tidy


def linking_rows(levers: Levers, paths: Paths, items: Items, rooms: Rooms) -> list[Rows]:
    """Cumulated amounts stay within the room of the chosen option; orders need their stage to be opened.

    Freed people go where there are vacancies.
    """
    slim = np.flatnonzero(items.kind == SLIM)
    slims = Slims(len(paths) + slim, items.unit[slim], items.stage[slim])
    found = [
        _within_room("slim", SLIM, paths, items, rooms.slim),
        _within_room("order", ORDER, paths, items, rooms.order),
        _opened(levers, paths, items),
        *moving_rows(paths, items.moves, slims, items=len(items) - len(items.moves)),
    ]
    return [rows for rows in found if rows.labels]


def _within_room(name: str, kind: int, paths: Paths, items: Items, rooms: tuple[Integers, ...]) -> Rows:
    """Per unit and stage: amounts up to the stage, less the room of the options, is at most zero."""
    width, options = len(paths) + len(items), len(paths)
    blocks, labels = [], []
    units = np.unique(items.unit[items.kind == kind])
    row_of = np.full(int(max(paths.members.max(initial=0), units.max(initial=0))) + 1, -1)
    row_of[units] = np.arange(len(units))
    for stage, room in enumerate(rooms):
        mine = np.flatnonzero((items.kind == kind) & (items.stage <= stage))
        entries = np.flatnonzero((row_of[paths.members] >= 0) & (room > 0))
        rows = np.concatenate([row_of[items.unit[mine]], row_of[paths.members[entries]]])
        columns = np.concatenate([options + mine, paths.option_of_entry[entries]])
        values = np.concatenate([np.ones(len(mine), np.int64), -room[entries]])
        blocks.append(sparse.coo_array((values, (rows, columns)), shape=(len(units), width)).tocsr())
        labels += [f"{name}:{unit}:{stage}" for unit in units]
    matrix = sparse.vstack(blocks, format="csr") if blocks else sparse.csr_array((0, width), dtype=np.int64)
    return Rows(name, tuple(labels), matrix, np.full(len(labels), NO_LIMIT_BELOW), np.zeros(len(labels), np.int64))


def _opened(levers: Levers, paths: Paths, items: Items) -> Rows:
    """An order of a stage is at most its cap times the stage's opening."""
    options, width = len(paths), len(paths) + len(items)
    placed, opened = np.flatnonzero(items.kind == ORDER), np.flatnonzero(items.kind == OPEN)
    count = len(placed)
    rows = np.concatenate([np.arange(count), np.arange(count)])
    columns = options + np.concatenate([placed, opened])
    values = np.concatenate([np.ones(count, np.int64), -levers.order_cap[items.unit[placed]]])
    matrix = sparse.coo_array((values, (rows, columns)), shape=(count, width)).tocsr()
    labels = tuple(f"open:{unit}:{stage}" for unit, stage in zip(items.unit[placed], items.stage[placed], strict=True))
    return Rows("open", labels, matrix, np.full(count, NO_LIMIT_BELOW), np.zeros(count, np.int64))
