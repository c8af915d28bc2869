"""Random plans out of a listing: any exact cover, with any amounts that the linking rows allow."""

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns
from models.items import FILLED, OPEN, ORDER, PLACED


def random_values(columns: Columns, draw: np.random.Generator) -> NDArray[np.int64]:
    """0/1 per option and an amount per item; rules may be broken, the listing's own links are not."""
    values = np.zeros(len(columns), dtype=np.int64)
    _cover(columns, values, draw)
    for item in draw.permutation(len(columns.items)):
        if columns.items.kind[item] not in (OPEN, PLACED, FILLED):
            _place(columns, values, int(item), int(draw.integers(0, columns.items.upper[item] + 1)))
    for placing in draw.permutation(len(columns.items.moves.placings)):
        _redeploy(columns, values, int(placing), draw)
    return _guarded(columns, values)


def _cover(columns: Columns, values: NDArray[np.int64], draw: np.random.Generator) -> None:
    paths, open_ = columns.paths, set(range(len(columns.units)))
    members = [set(paths.members_of(option).tolist()) for option in range(len(paths))]
    while open_:
        fitting = [option for option, mine in enumerate(members) if min(open_) in mine and mine <= open_]
        option = int(draw.choice(fitting))
        values[option] = 1
        open_ -= members[option]


def _place(columns: Columns, values: NDArray[np.int64], item: int, amount: int) -> None:
    """The largest amount up to the one wanted that the links allow."""
    items, first = columns.items, len(columns.paths)
    touched = [first + item]
    if items.kind[item] == ORDER:
        same = (items.kind == OPEN) & (items.unit == items.unit[item]) & (items.stage == items.stage[item])
        touched.append(first + int(np.flatnonzero(same)[0]))
    for tried in range(amount, 0, -1):
        values[touched] = [tried, 1][: len(touched)]
        if all((rows.matrix @ values <= rows.at_most).all() for rows in columns.linking):
            return
    values[touched] = 0


def _redeploy(columns: Columns, values: NDArray[np.int64], placing: int, draw: np.random.Generator) -> None:
    """So many people of a chosen option in vacancies elsewhere, at any of the units; nobody where the links forbid."""
    moves, first = columns.items.moves, len(columns.paths) + len(columns.items) - len(columns.items.moves)
    placings, fillings = moves.placings, moves.fillings
    option, stage = int(placings.option[placing]), placings.stage[placing]
    if not values[option]:
        return
    before = values.copy()
    values[first + placing] = 1
    mine = np.flatnonzero((fillings.host == columns.paths.hosts[option]) & (fillings.stage == stage))
    for _ in range(int(placings.people[placing])):
        values[first + len(placings) + int(draw.choice(mine))] += 1
    reached = [(rows.matrix @ _guarded(columns, values), rows) for rows in columns.linking]
    if not all(((found >= rows.at_least) & (found <= rows.at_most)).all() for found, rows in reached):
        values[:] = before


def _guarded(columns: Columns, values: NDArray[np.int64]) -> NDArray[np.int64]:
    """The same plan with the reserves that it needs."""
    first = columns.guards.first
    return np.concatenate([values[:first], columns.tidy(values)[first:]])
