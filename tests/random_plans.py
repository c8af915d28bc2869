"""Random plans out of a listing: any exact cover, with any amounts that the linking rows allow."""

import numpy as np
from numpy.typing import NDArray

from models.columns import Columns
from models.items import OPEN, ORDER


def random_values(columns: Columns, draw: np.random.Generator) -> NDArray[np.int64]:
    """0/1 per option and an amount per item; rules may be broken, the listing's own links are not."""
    values = np.zeros(len(columns), dtype=np.int64)
    _cover(columns, values, draw)
    for item in draw.permutation(len(columns.items)):
        if columns.items.kind[item] != OPEN:
            _place(columns, values, int(item), int(draw.integers(0, columns.items.upper[item] + 1)))
    return values


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
