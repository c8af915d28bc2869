"""A plan as a solver-neutral program: choose 0/1 columns that cover, obey rows and cost least.

`Program(cover, rows, costs, extra)` stands alone: any 0/1 columns will do, so published set-partitioning
instances run through the same ranking, frontier and conflict search as provinces.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers


@dataclass(frozen=True, eq=False)
class Rows:
    """A block of labelled linear rows over all columns (choices first, then extra columns).

    matrix: (labels x columns) int64; at_least, at_most: int64 per label, NO_LIMIT_BELOW / NO_LIMIT_ABOVE where open;
    baseline: what falling short is a share of, in row units per label; None where the limit itself is meant;
    stated: the rows before they were divided, where they were.
    """

    rule: str
    labels: tuple[str, ...]
    matrix: sparse.csr_array
    at_least: Integers
    at_most: Integers
    baseline: Integers | None = None
    stated: "Stated | None" = None

    def widened(self, width: int) -> "Rows":
        """The same rows over more columns, of which they say nothing."""
        if width == self.matrix.shape[1]:
            return self
        more = sparse.csr_array((self.matrix.shape[0], width - self.matrix.shape[1]), dtype=np.int64)
        return replace(self, matrix=sparse.csr_array(sparse.hstack([self.matrix, more], format="csr")))

    def reduced(self) -> "Rows":
        """The same rows divided by the greatest common divisor of their coefficients; limits are rounded inwards."""
        matrix = self.matrix.tocsr(copy=True)
        at_least, at_most = self.at_least.copy(), self.at_most.copy()
        baseline = None if self.baseline is None else self.baseline.copy()
        divisors = np.ones(matrix.shape[0], dtype=np.int64)
        for row in range(matrix.shape[0]):
            span = slice(matrix.indptr[row], matrix.indptr[row + 1])
            divisor = int(np.gcd.reduce(matrix.data[span])) if matrix.data[span].size else 1
            if divisor > 1:
                divisors[row] = divisor
                matrix.data[span] //= divisor
                if at_least[row] != NO_LIMIT_BELOW:
                    at_least[row] = -((-at_least[row]) // divisor)
                if at_most[row] != NO_LIMIT_ABOVE:
                    at_most[row] //= divisor
                if baseline is not None:
                    baseline[row] = -(-baseline[row] // divisor)
        stated = Stated(divisors, self.at_least, self.at_most) if self.stated is None else self.stated.divided(divisors)
        return Rows(self.rule, self.labels, matrix, at_least, at_most, baseline, stated)


@dataclass(frozen=True, eq=False)
class Stated:
    """What rows were divided by, and their limits before: the same whatever columns there are."""

    divisors: Integers
    at_least: Integers
    at_most: Integers

    def divided(self, again: Integers) -> "Stated":
        return replace(self, divisors=self.divisors * again)


def row(rule: str, coefficients: Integers, *, at_least: int | None = None, at_most: int | None = None) -> Rows:
    """One row with the rule's own id as its label."""
    return Rows(
        rule,
        (rule,),
        sparse.csr_array(coefficients.reshape(1, -1)),
        np.array([NO_LIMIT_BELOW if at_least is None else at_least], dtype=np.int64),
        np.array([NO_LIMIT_ABOVE if at_most is None else at_most], dtype=np.int64),
    )


@dataclass(frozen=True, eq=False)
class Cover:
    """Which items each choice covers: (items x choices) 0/1; every item exactly once, or at most once."""

    matrix: sparse.csr_array
    exactly: NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Extra:
    """Bounded columns beside the choices (amounts, a largest share, slack); lower bound 0, upper inclusive."""

    upper: Integers
    whole: NDArray[np.bool_]

    @staticmethod
    def none() -> "Extra":
        return Extra(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))

    def __len__(self) -> int:
        return len(self.upper)


@dataclass(frozen=True, eq=False)
class Program:
    """Columns, rows and costs; `constant` is added to every score (it scales gaps, never the choice).

    added: how many of the last rows came after the program stood, from plans found before or a step already taken.
    """

    cover: Cover
    rows: tuple[Rows, ...]
    costs: Integers
    extra: Extra = field(default_factory=Extra.none)
    constant: int = 0
    added: int = 0

    @property
    def choices(self) -> int:
        return int(self.cover.matrix.shape[1])

    @property
    def columns(self) -> int:
        return self.choices + len(self.extra)

    @cached_property
    def upper(self) -> Integers:
        return np.concatenate([np.ones(self.choices, dtype=np.int64), self.extra.upper])

    @cached_property
    def whole(self) -> NDArray[np.bool_]:
        return np.concatenate([np.ones(self.choices, dtype=bool), self.extra.whole])

    @cached_property
    def _blocks(self) -> tuple[sparse.csr_array, Integers, Integers]:
        width = len(self.extra)
        cover = sparse.csr_array((self.cover.matrix.shape[0], width), dtype=np.int64)
        covering = sparse.hstack([self.cover.matrix, cover], format="csr")
        matrix = sparse.vstack([covering, *(r.matrix for r in self.rows)], format="csr").astype(np.int64)
        least = np.where(self.cover.exactly, 1, NO_LIMIT_BELOW).astype(np.int64)
        most = np.ones(covering.shape[0], dtype=np.int64)
        matrix.eliminate_zeros()
        matrix.sort_indices()
        return (
            matrix,
            np.concatenate([least, *(r.at_least for r in self.rows)]),
            np.concatenate([most, *(r.at_most for r in self.rows)]),
        )

    @property
    def matrix(self) -> sparse.csr_array:
        """Every row, the cover first: (rows x columns) int64."""
        return self._blocks[0]

    @property
    def at_least(self) -> Integers:
        return self._blocks[1]

    @property
    def at_most(self) -> Integers:
        return self._blocks[2]

    def with_rows(self, rows: Sequence[Rows]) -> "Program":
        added = self.added + sum(len(more.labels) for more in rows)
        return replace(self, rows=(*self.rows, *rows), added=added)

    def with_costs(self, costs: Integers, constant: int = 0) -> "Program":
        return replace(self, costs=costs, constant=constant)

    def score(self, values: Integers) -> int:
        """The cost of a solution in Python integers, the constant left out."""
        return sum(int(c) * int(v) for c, v in zip(self.costs, values, strict=True) if v)

    def violated(self, values: Integers) -> Integers:
        """Rows that whole-number values break, exactly: positions in `matrix`."""
        reached = self.matrix @ values
        return np.flatnonzero((reached < self.at_least) | (reached > self.at_most))
