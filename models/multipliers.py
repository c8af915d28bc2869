"""Multipliers of a program's rows that hold for options which the program does not list.

A rule's rows are divided by what the coefficients of the listed options have in common; other options have something
else in common. So multipliers are stated for the rows as the rules give them, before any division: the same rows
whatever options there are, for a row depends on scenario and unit table, and an option's entry on the option alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.certificate import Certificate
from models.columns import Columns
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Rows

FINEST = 40  # multipliers are rounded to 2**-40 at the finest
LARGEST_PRICE = 2.0**52  # of what a column's rows are worth together, times the denominator
LARGEST_SUM = 2.0**62


@dataclass(frozen=True, eq=False)
class Multipliers:
    """One per row, over one denominator: of the cover (units), and of every block of rows that follows it."""

    denominator: int
    cover: Integers
    rows: tuple[Integers, ...]

    @staticmethod
    def of(columns: Columns, duals: NDArray[np.float64], costs: Integers) -> "Multipliers":
        """The duals of a linear relaxation over some options, rounded as finely as sums stay computable."""
        blocks = rows_of(columns)
        ends = np.cumsum([len(columns.units), *(len(rows.labels) for rows in blocks)])
        cover, *parts = np.split(duals[: ends[-1]], ends[:-1])
        largest = float(np.abs(costs).max(initial=0)) + float(np.abs(cover).max(initial=0)) * 8
        for rows, part in zip(blocks, parts, strict=True):
            largest += float((abs(rows.matrix).T @ np.abs(part)).max(initial=0))
        bits = int(np.clip(np.floor(np.log2(LARGEST_PRICE / max(1.0, largest))), 0, FINEST))
        stated = [_leaning(rows, part, bits) for rows, part in zip(blocks, parts, strict=True)]
        return Multipliers(2**bits, np.rint(cover * 2.0**bits).astype(np.int64), tuple(stated))

    @staticmethod
    def read(columns: Columns, certificate: Certificate) -> "Multipliers":
        """Those that a certificate states by the position of their row.

        Errors: ValueError where there is no such row, or a multiplier is too large to compute with.
        """
        blocks = rows_of(columns)
        ends = np.cumsum([len(columns.units), *(len(rows.labels) for rows in blocks)])
        weights = np.zeros(int(ends[-1]), dtype=np.int64)
        for row, weight in certificate.multipliers.items():
            if not 0 <= row < len(weights) or abs(weight) > LARGEST_SUM:
                raise ValueError(f"row {row}")
            weights[row] = weight
        cover, *parts = np.split(weights, ends[:-1])
        return Multipliers(certificate.denominator, cover, tuple(parts))

    @property
    def certificate(self) -> Certificate:
        """The same by the position of their row among all rows, the cover first."""
        weights = np.concatenate([self.cover, *self.rows])
        return Certificate({int(row): int(weights[row]) for row in np.flatnonzero(weights)}, self.denominator)

    def lowered(self, units: Integers) -> "Multipliers":
        """The same with less for covering some units."""
        return replace(self, cover=self.cover - units)

    def worth(self, columns: Columns, divisors: Sequence[Integers]) -> int:
        """What the limits of all rows are worth, times the denominator.

        divisors: what the entries of every row have in common whatever the option; limits are brought to their
        multiples. Raises ValueError where a multiplier leans on a limit that its row does not have.
        """
        total = int(sum(self.cover.tolist()))
        for rows, weights, common in zip(rows_of(columns), self.rows, divisors, strict=True):
            least, most = limits_of(rows)
            for row in np.flatnonzero(weights).tolist():
                limit, divisor = int(least[row] if weights[row] > 0 else most[row]), max(1, int(common[row]))
                if limit in (NO_LIMIT_BELOW, NO_LIMIT_ABOVE):
                    raise ValueError(f"{rows.rule} {rows.labels[row]}")
                inward = -(-limit // divisor) if weights[row] > 0 else limit // divisor
                total += int(weights[row]) * inward * divisor
        return total

    def left(self, columns: Columns, costs: Integers) -> Integers:
        """What is left of every column's cost when its rows are paid, times the denominator.

        Errors: OverflowError where a sum leaves 64 bits.
        """
        blocks = [(rows, weights) for rows, weights in zip(rows_of(columns), self.rows, strict=True) if weights.any()]
        if self._sizes(columns, costs, blocks).max(initial=0.0) > LARGEST_SUM:
            raise OverflowError("a column's price leaves 64 bits")
        left = self.denominator * costs
        paths = columns.paths
        if len(paths):
            left[: len(paths)] -= np.add.reduceat(self.cover[paths.members], paths.starts[:-1])
        for rows, weights in blocks:
            left -= rows.matrix.T @ (weights * divisors_of(rows))
        return left

    def _sizes(self, columns: Columns, costs: Integers, blocks: Sequence[tuple[Rows, Integers]]) -> NDArray[np.float64]:
        """How large the sums of `left` can become, in floats: whole numbers that leave 64 bits come back small."""
        sizes = np.abs(costs.astype(np.float64)) * float(self.denominator)
        paths = columns.paths
        if len(paths):
            cover = np.abs(self.cover.astype(np.float64))
            sizes[: len(paths)] += np.add.reduceat(cover[paths.members], paths.starts[:-1])
        for rows, weights in blocks:
            sizes += abs(rows.matrix).T @ np.abs(weights.astype(np.float64) * divisors_of(rows))
        return sizes


def rows_of(columns: Columns) -> Sequence[Rows]:
    """Every block of rows after the cover, in the order of the program."""
    targets = [rule for rule in columns.scenario.demands if not rule.structural]
    return [*columns.linking, *(rule.rows(columns) for rule in targets)]


def divisors_of(rows: Rows) -> Integers:
    return np.ones(len(rows.labels), dtype=np.int64) if rows.stated is None else rows.stated.divisors


def common_divisors(columns: Columns) -> list[Integers]:
    """Per block and row what all its entries have in common; 0 where a row is empty."""
    found = []
    for rows in rows_of(columns):
        filled = np.diff(sparse.csr_array(rows.matrix).indptr) > 0
        found.append(np.where(filled, divisors_of(rows), 0))
    return found


def limits_of(rows: Rows) -> tuple[Integers, Integers]:
    """The lower and upper limits of the rows as they were before they were divided."""
    return (rows.at_least, rows.at_most) if rows.stated is None else (rows.stated.at_least, rows.stated.at_most)


def _leaning(rows: Rows, duals: NDArray[np.float64], bits: int) -> Integers:
    """Duals of divided rows as whole multipliers of the rows before; none that leans on a limit that is not there."""
    scaled = np.rint(duals / divisors_of(rows) * 2.0**bits).astype(np.int64)
    least, most = limits_of(rows)
    missing = ((scaled > 0) & (least == NO_LIMIT_BELOW)) | ((scaled < 0) & (most == NO_LIMIT_ABOVE))
    return np.where(missing, 0, scaled)
