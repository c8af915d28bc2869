"""Sums over some members of every option, in whole columns: millions of groups, each of a few units.

Options of one size stand together where they are listed, so their first members are one column, their second another.
Adding columns takes a fraction of what adding within each group takes.
"""

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers
from models.option import Paths

Truths = NDArray[np.bool_]
Exact = NDArray[Any]
"""In 64 bits, or Python integers where sums would not fit."""
FEWEST_OF_A_RUN = 32  # options of one size in a row, on average; below it each group is added up by itself


class GroupSums:
    """Sums over the entries of n options that `counted` names: (entries) true or false."""

    def __init__(self, paths: Paths, counted: Truths, units: int) -> None:
        self.paths, self.units = paths, units
        self.at = np.where(counted, paths.members, units)  # whoever is not counted stands for a unit of nothing

    def of(self, figure: Exact) -> Exact:
        """(n) a figure of the units, added up."""
        padded = np.append(figure, np.zeros(1, dtype=figure.dtype))
        return self._along(padded, np.add)

    def least(self, figure: Integers, otherwise: int) -> Integers:
        """(n) the least value of a figure of the units; whoever is not counted stands for `otherwise`."""
        return self._along(np.append(figure, otherwise), np.minimum)

    def _along(self, padded: Exact, combine: np.ufunc) -> Exact:
        if not len(self.paths):
            return np.zeros(0, dtype=padded.dtype)
        if self._runs is None:
            found: Exact = combine.reduceat(padded[self.at], self.paths.starts[:-1])
            return found
        found = np.empty(len(self.paths), dtype=padded.dtype)
        for first, columns in self._runs:
            part = found[first : first + columns.shape[1]]
            part[:] = padded.take(columns[0])
            for column in columns[1:]:
                combine(part, padded.take(column), out=part)
        return found

    @cached_property
    def _runs(self) -> list[tuple[int, Integers]] | None:
        """Of every run of options of one size its first option and its entries, (members x options); None for many."""
        sizes, starts = self.paths.sizes, self.paths.starts
        firsts = np.concatenate([[0], np.flatnonzero(np.diff(sizes)) + 1])
        if len(sizes) < FEWEST_OF_A_RUN * len(firsts):
            return None
        ends = np.append(firsts[1:], len(sizes))
        return [
            (first, np.ascontiguousarray(self.at[starts[first] : starts[end]].reshape(end - first, -1).T))
            for first, end in zip(firsts.tolist(), ends.tolist(), strict=True)
        ]
