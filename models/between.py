"""The rows between parts of a program: what prices of these rows are worth, and what they leave of the costs."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse

from models.blocks import Blocks
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Program, Rows

Floats = NDArray[np.float64]

FINEST = 30  # prices are rounded to 2**-30 at the finest
LOWEST, HIGHEST = 0.6, 1.5  # of the best prices so far: how far the next ones may lie from them
PENALTY = 10.0  # times the price of a row: what it costs in a mix to miss the row by one


@dataclass(frozen=True, eq=False)
class Column:
    """A plan of one part, whole or cut in pieces: what it costs and what it brings to every row between parts."""

    part: int
    values: NDArray[np.int64] | Floats
    cost: float
    reached: Floats


@dataclass(frozen=True, eq=False)
class Mix:
    """The cheapest shares of columns, in all one of every part, that keep the rows between parts.

    score: what they cost, with what is missed of rows; prices: what one more of a row would cost.
    """

    shares: Floats
    score: float
    prices: Floats


@dataclass(frozen=True, eq=False)
class Priced:
    """Whole-number prices of the rows between parts over one denominator."""

    weights: Integers
    denominator: int

    @property
    def prices(self) -> Floats:
        return self.weights / self.denominator


@dataclass(frozen=True, eq=False)
class Between:
    """The rows that span parts, in the order of the matrix."""

    parts: Blocks

    @cached_property
    def matrix(self) -> sparse.csr_array:
        """(rows between parts x all columns) int64."""
        return sparse.csr_array(self.parts.whole.matrix[self.parts.spanning])

    @cached_property
    def at_least(self) -> Integers:
        found: Integers = self.parts.whole.at_least[self.parts.spanning]
        return found

    @cached_property
    def at_most(self) -> Integers:
        found: Integers = self.parts.whole.at_most[self.parts.spanning]
        return found

    @cached_property
    def usual(self) -> Floats:
        """A price of every row where nothing better is known: all costs over all its entries."""
        entries = np.maximum(1, abs(self.matrix).sum(axis=1)).astype(np.float64)
        return np.asarray(np.abs(self.parts.whole.costs).sum() / entries, dtype=np.float64)

    def priced(self, prices: Floats, largest: int) -> Priced:
        """Prices as fine as costs times the denominator stay below the largest; none on a limit that is not there."""
        wrong = ((prices > 0) & (self.at_least == NO_LIMIT_BELOW)) | ((prices < 0) & (self.at_most == NO_LIMIT_ABOVE))
        kept = np.where(wrong, 0.0, prices)
        dearest = float((np.abs(self.parts.whole.costs) + abs(self.matrix).T @ np.abs(kept)).max(initial=1.0))
        bits = int(np.clip(np.floor(np.log2(largest / max(1.0, dearest))), 0, FINEST))
        return Priced(np.rint(kept * 2.0**bits).astype(np.int64), 2**bits)

    def worth(self, priced: Priced) -> int:
        """What the limits are worth at prices, times the denominator."""
        limits = np.where(priced.weights > 0, self.at_least, self.at_most)
        both = zip(priced.weights.tolist(), limits.tolist(), strict=True)
        return sum(weight * limit for weight, limit in both if weight)

    def costs(self, priced: Priced) -> Integers:
        """What every column costs once the rows between parts are paid for, times the denominator."""
        found: Integers = priced.denominator * self.parts.whole.costs - self.matrix.T @ priced.weights
        return found

    def column(self, part: int, values: NDArray[np.int64] | Floats) -> Column:
        columns = self.parts.columns(part)
        cost = float(self.parts.whole.costs[columns] @ values)
        return Column(part, values, cost, np.asarray(self.matrix[:, columns] @ values, dtype=np.float64))

    def left_over(self, columns: Integers, fixed: Integers) -> Rows:
        """The rows over some columns, where the others are fixed at values (all columns; these at nothing)."""
        reached = self.matrix @ fixed
        least = np.where(self.at_least == NO_LIMIT_BELOW, NO_LIMIT_BELOW, self.at_least - reached)
        most = np.where(self.at_most == NO_LIMIT_ABOVE, NO_LIMIT_ABOVE, self.at_most - reached)
        labels = tuple(map(str, self.parts.spanning.tolist()))
        return Rows("between", labels, sparse.csr_array(self.matrix[:, columns]), least, most)

    def sample(self, parts: list[int], columns_at: list[Column]) -> Program:
        """Some parts by themselves; each row between parts asks of them what they reach and a share of what is missing.

        columns_at: a column of every part at the same prices. What all of them together miss of a row, or have to
        spare, is shared out by entries.
        """
        columns = np.sort(np.concatenate([self.parts.columns(part) for part in parts]))
        rows = np.sort(np.concatenate([self.parts.rows(part) for part in parts]))
        matrix = sparse.csr_array(self.matrix[:, columns])
        share = abs(matrix).sum(axis=1) / np.maximum(1, abs(self.matrix).sum(axis=1))
        whole = np.sum([column.reached for column in columns_at], axis=0)
        own = np.sum([columns_at[part].reached for part in parts], axis=0)
        least, most = (own + share * (limits - whole) for limits in (self.at_least, self.at_most))
        limits = (_in_integers(np.floor(least), self.at_least), _in_integers(np.ceil(most), self.at_most))
        between = Rows("between", tuple(map(str, range(len(share)))), matrix, *limits)
        return self.parts.over(columns, rows, self.parts.whole.costs[columns], (between,))

    def mixed(self, columns: list[Column], penalties: Floats) -> Mix:
        """The cheapest mix of columns; where none keeps a row, what misses it least at a penalty for each unit."""
        low, high = np.flatnonzero(self.at_least != NO_LIMIT_BELOW), np.flatnonzero(self.at_most != NO_LIMIT_ABOVE)
        reached = np.array([column.reached for column in columns]).T
        missing = -np.eye(len(low) + len(high))
        rows = np.hstack([np.vstack([-reached[low], reached[high]]), missing])
        limits = np.concatenate([-self.at_least[low], self.at_most[high]]).astype(np.float64)
        one_each = np.zeros((self.parts.count, rows.shape[1]))
        one_each[[column.part for column in columns], np.arange(len(columns))] = 1
        prices = np.concatenate([[column.cost for column in columns], penalties[low], penalties[high]])
        scale = 1 / np.maximum(1.0, np.abs(rows).max(axis=1, initial=1.0))
        found = optimize.linprog(
            prices, rows * scale[:, None], limits * scale, one_each, np.ones(self.parts.count), method="highs"
        )
        assert found.x is not None  # what is missed is paid for, so there is always a mix
        duals = np.zeros(len(penalties))
        of_rows = found.ineqlin.marginals * scale
        np.subtract.at(duals, low, of_rows[: len(low)])
        np.add.at(duals, high, of_rows[len(low) :])
        return Mix(found.x[: len(columns)], float(prices @ found.x), duals)

    def near(self, best: Floats, wanted: Floats) -> Floats:
        """Prices kept near the best ones; a row that cost nothing so far begins with a little."""
        ends = np.sort(np.stack([LOWEST * best, HIGHEST * best]), axis=0)
        little = self.usual / 100
        return np.where(best == 0, np.clip(wanted, -little, little), np.clip(wanted, ends[0], ends[1]))

    def penalties(self, best: Floats) -> Floats:
        return PENALTY * np.maximum(np.abs(best), self.usual / 100)


def _in_integers(rounded: Floats, limits: Integers) -> Integers:
    """Open limits stay open: floats do not hold them exactly."""
    open_ = (limits == NO_LIMIT_BELOW) | (limits == NO_LIMIT_ABOVE)
    found: Integers = np.where(open_, limits, np.where(open_, 0, rounded).astype(np.int64))
    return found
