"""Demands that may give way: by how much each must, reckoned in its own baseline."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Extra, Program, Rows

STEPS = 10_000  # a large baseline gives way in ten thousandths of itself, a small one unit by unit
WHOLE = 10**7  # what giving way by a whole baseline costs


@dataclass(frozen=True, eq=False)
class Elastic:
    """A program with soft rows: one column of slack per limit, in steps.

    program: the hard and the soft rows, slack columns last, nothing priced; soft: the soft rows as they were;
    row: which of all soft rows a slack belongs to; steps: row units per step of slack, negative where an upper limit
    rises; weights: what a step costs (WHOLE for the whole baseline).
    """

    program: Program
    soft: tuple[Rows, ...]
    row: Integers
    steps: Integers
    weights: Integers

    @staticmethod
    def of(hard: Program, soft: Sequence[Rows]) -> "Elastic":
        """Let some rows of a program give way; every solution of the hard rows is then one."""
        limits = [_slacks(hard, rows) for rows in soft]
        before = np.cumsum([0, *(len(rows.labels) for rows in soft)])
        row = np.concatenate(
            [np.zeros(0, np.int64), *(at + found.row for at, found in zip(before, limits, strict=False))]
        )
        steps, weights, most = (
            np.concatenate([np.zeros(0, np.int64), *(getattr(found, name) for found in limits)])
            for name in ("steps", "weights", "most")
        )
        width = len(steps)
        rows = [_widened(one, sparse.csr_array((len(one.labels), width), dtype=np.int64)) for one in hard.rows]
        place = 0
        for one, found in zip(soft, limits, strict=True):
            columns = place + np.arange(len(found.row))
            slack = sparse.coo_array((found.steps, (found.row, columns)), shape=(len(one.labels), width)).tocsr()
            rows.append(_widened(one, slack.astype(np.int64)))
            place += len(found.row)
        extra = Extra(
            np.concatenate([hard.extra.upper, most]), np.concatenate([hard.extra.whole, np.ones(width, dtype=bool)])
        )
        nothing = np.zeros(hard.columns + width, dtype=np.int64)
        return Elastic(Program(hard.cover, tuple(rows), nothing, extra), tuple(soft), row, steps, weights)

    @property
    def width(self) -> int:
        """Columns before the slack."""
        return self.program.columns - len(self.steps)

    def least_total(self, largest: int | None = None) -> Program:
        """Give way as little as possible in all, none of the rows by more than `largest` where that is given."""
        extra = self.program.extra
        if largest is not None:
            upper = extra.upper.copy()
            upper[len(upper) - len(self.weights) :] = np.minimum(
                upper[len(upper) - len(self.weights) :], largest // self.weights
            )
            extra = replace(extra, upper=upper)
        costs = np.concatenate([np.zeros(self.width, np.int64), self.weights])
        return Program(self.program.cover, self.program.rows, costs, extra)

    def smallest_largest(self) -> Program:
        """Give way so that the row that does so most does it as little as possible; that share is one column more."""
        program = self.program
        count = len(self.steps)
        rows = [_widened(one, sparse.csr_array((len(one.labels), 1), dtype=np.int64)) for one in program.rows]
        weights = sparse.diags_array(self.weights, dtype="int64")
        before = sparse.csr_array((count, self.width), dtype=np.int64)
        share = sparse.csr_array(np.full((count, 1), -1, dtype=np.int64))
        matrix = sparse.hstack([before, weights, share], format="csr")
        below = np.full(count, NO_LIMIT_BELOW, dtype=np.int64)
        largest = Rows("largest", tuple(map(str, range(count))), matrix, below, np.zeros(count, np.int64))
        most = int((self.weights * program.extra.upper[len(program.extra) - count :]).max(initial=0))
        extra = Extra(np.append(program.extra.upper, most), np.append(program.extra.whole, True))
        return Program(program.cover, (*rows, largest), np.append(program.costs, 1), extra)

    def filled(self, values: Integers) -> Integers:
        """A solution of the hard rows with just the slack that it needs."""
        reached = np.concatenate([np.zeros(0, np.int64), *(rows.matrix @ values for rows in self.soft)])[self.row]
        least, most = (
            np.concatenate([np.zeros(0, np.int64), *(getattr(rows, name) for rows in self.soft)])[self.row]
            for name in ("at_least", "at_most")
        )
        up = self.steps > 0
        missing = np.where(up, np.where(up, least, 0) - reached, reached - np.where(up, 0, most))
        slack = np.maximum(0, -(-missing // np.abs(self.steps)))
        return np.concatenate([values, slack])

    def largest(self, values: Integers) -> int:
        """The cost of the row that gives way most in a solution with its slack."""
        return int((self.weights * values[self.width : self.width + len(self.weights)]).max(initial=0))

    def relaxed(self, values: Integers) -> tuple[Rows, ...]:
        """The soft rows with their limits moved by the slack of a solution."""
        slack = values[self.width : self.width + len(self.steps)] * self.steps
        found, start = [], 0
        for rows in self.soft:
            end = start + len(rows.labels)
            mine = (self.row >= start) & (self.row < end)
            below, above = rows.at_least.copy(), rows.at_most.copy()
            np.subtract.at(below, self.row[mine & (self.steps > 0)] - start, slack[mine & (self.steps > 0)])
            np.subtract.at(above, self.row[mine & (self.steps < 0)] - start, slack[mine & (self.steps < 0)])
            found.append(replace(rows, at_least=below, at_most=above))
            start = end
        return tuple(found)


@dataclass(frozen=True, eq=False)
class _Slacks:
    row: Integers
    steps: Integers
    weights: Integers
    most: Integers


def _slacks(program: Program, rows: Rows) -> _Slacks:
    """One slack per finite limit: as many steps as the farthest conceivable solution could need."""
    baselines = baselines_of(rows)
    size = np.maximum(1, -(-baselines // STEPS))
    weights = np.maximum(1, (2 * WHOLE * size + baselines) // (2 * baselines))
    lowest = rows.matrix.minimum(0) @ program.upper
    highest = rows.matrix.maximum(0) @ program.upper
    low, high = rows.at_least != NO_LIMIT_BELOW, rows.at_most != NO_LIMIT_ABOVE
    missing = np.where(low, rows.at_least, lowest) - lowest
    beyond = highest - np.where(high, rows.at_most, highest)
    below, above = np.flatnonzero(low & (missing > 0)), np.flatnonzero(high & (beyond > 0))
    row = np.concatenate([below, above])
    needed = np.concatenate([missing[below], beyond[above]])
    steps = np.concatenate([size[below], -size[above]])
    return _Slacks(row, steps, weights[row], -(-needed // size[row]))


def baselines_of(rows: Rows) -> Integers:
    """What giving way is a share of, per row: the rule's baseline, else the limit itself, at least one row unit."""
    if rows.baseline is not None:
        return np.maximum(1, rows.baseline)
    low = np.where(rows.at_least == NO_LIMIT_BELOW, 0, np.abs(rows.at_least))
    high = np.where(rows.at_most == NO_LIMIT_ABOVE, 0, np.abs(rows.at_most))
    return np.maximum(1, np.maximum(low, high))


def _widened(rows: Rows, more: sparse.csr_array) -> Rows:
    return replace(rows, matrix=sparse.hstack([rows.matrix, more], format="csr"))
