"""The parts of a program that only few rows tie together: groups of columns, each with rows of its own.

Choices that cover a common item lie in one block, an extra column lies where its rows keep it, and a row that lies in
one block belongs to it. What is left are the rows that span blocks; one that spans a few small blocks joins them, since
a bound taken block by block gives away whatever the rows between blocks demand of whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from models.exact import Integers
from models.program import Cover, Extra, Program, Rows

SPANNING = -1
JOINED = 1000  # columns up to which blocks that one row spans become one
PARTS = 8  # and never more than one such part of all columns


@dataclass(frozen=True, eq=False)
class Blocks:
    """Which block every column and every row of a program's matrix belongs to; SPANNING for rows between blocks.

    of_column, of_row: int64, blocks counted from 0 in the order of their first column.
    """

    whole: Program
    of_column: Integers
    of_row: Integers

    @property
    def count(self) -> int:
        return int(self.of_column.max(initial=-1)) + 1

    @property
    def spanning(self) -> Integers:
        """Positions of the rows that span blocks."""
        return np.flatnonzero(self.of_row == SPANNING)

    @property
    def largest(self) -> int:
        """The columns of the largest block."""
        return int(np.bincount(self.of_column, minlength=1).max())

    def columns(self, block: int) -> Integers:
        return self._columns[block]

    def rows(self, block: int) -> Integers:
        return self._rows[block]

    def program(self, block: int, costs: Sequence[int] | Integers) -> Program:
        """One block by itself: its columns in order, its rows in the order of the matrix, at a price per column."""
        return self.over(self.columns(block), self.rows(block), costs)

    def over(
        self, columns: Integers, rows: Integers, costs: Sequence[int] | Integers, more: tuple[Rows, ...] = ()
    ) -> Program:
        """Some columns and rows of the whole, both in order, at a price per column; more: further rows over them."""
        items = self.whole.cover.matrix.shape[0]
        choices, extra = columns[columns < self.whole.choices], columns[columns >= self.whole.choices]
        covering, others = rows[rows < items], rows[rows >= items]
        matrix = self.whole.matrix
        own = Rows(
            "block",
            tuple(map(str, others.tolist())),
            sparse.csr_array(matrix[others][:, columns]),
            self.whole.at_least[others],
            self.whole.at_most[others],
        )
        place = extra - self.whole.choices
        return Program(
            Cover(sparse.csr_array(matrix[covering][:, choices]), self.whole.cover.exactly[covering]),
            (own, *more),
            np.asarray(costs, dtype=np.int64),
            Extra(self.whole.extra.upper[place], self.whole.extra.whole[place]),
        )

    @cached_property
    def _columns(self) -> list[Integers]:
        return _grouped(self.of_column, self.count)

    @cached_property
    def _rows(self) -> list[Integers]:
        return _grouped(self.of_row, self.count)


def blocks_of(program: Program) -> Blocks:
    """The blocks of a program, the same ones for the same program.

    An extra column whose own rows lie in several blocks (the largest of many values) is a block by itself, and those
    rows span blocks.
    """
    matrix = program.matrix
    block = _covered_together(program)
    block = joined(matrix, _with_extra(program, block), min(JOINED, program.columns // PARTS))
    return Blocks(program, block, rows_of(matrix, block))


def _covered_together(program: Program) -> Integers:
    """A number for every choice, the same for choices that cover a common item, through others where need be."""
    cover = program.cover.matrix
    entries, items = cover.tocoo(), cover.shape[0]
    size = items + cover.shape[1]
    both = sparse.coo_array((np.ones(entries.nnz), (entries.row, items + entries.col)), shape=(size, size))
    return np.asarray(connected_components(both, directed=False)[1][items:], dtype=np.int64)


def _with_extra(program: Program, block: Integers) -> Integers:
    """The numbers of all columns: an extra column takes that of the columns known in its rows where these agree.

    Round by round, for an extra column may hang on another one (an amount's switch on the amount).
    """
    beyond, choices = int(block.max(initial=-1)) + 1, program.choices
    of_all = np.concatenate([block, beyond + np.arange(len(program.extra))])
    known = np.arange(program.columns) < choices
    matrix, by_column = program.matrix, sparse.csc_array(program.matrix)
    while True:
        least, most = _ends(matrix, of_all, known)
        found = {}
        for column in np.flatnonzero(~known).tolist():
            rows = by_column.indices[by_column.indptr[column] : by_column.indptr[column + 1]]
            met = np.unique(least[rows[least[rows] == most[rows]]])
            if len(met) == 1:
                found[column] = met[0]
        if not found:
            return of_all
        of_all[list(found)] = list(found.values())
        known[list(found)] = True


def joined(matrix: sparse.csr_array, block: Integers, most_columns: int) -> Integers:
    """Blocks joined by rows that span few columns in all, the narrowest rows first; numbers in order of columns."""
    leader = np.arange(int(block.max(initial=-1)) + 1)
    size = np.bincount(block, minlength=len(leader))

    def root(number: int) -> int:
        while leader[number] != number:
            leader[number] = leader[leader[number]]
            number = int(leader[number])
        return number

    least, most = _ends(matrix, block)
    rows = np.flatnonzero((least < most) & (np.diff(matrix.indptr) <= most_columns))
    for row in rows[np.argsort(np.diff(matrix.indptr)[rows], kind="stable")]:
        met = {root(int(b)) for b in block[matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]]]}
        if sum(int(size[b]) for b in met) <= most_columns:
            first, *others = sorted(met)
            for other in others:
                leader[other] = first
                size[first] += size[other]
    roots = np.array([root(int(b)) for b in range(len(leader))], dtype=np.int64)[block]
    _, first_column, inverse = np.unique(roots, return_index=True, return_inverse=True)
    order = np.argsort(np.argsort(first_column))
    return np.asarray(order[inverse], dtype=np.int64)


def rows_of(matrix: sparse.csr_array, block: Integers) -> Integers:
    """The block of every row; a row without any column counts to the first block."""
    least, most = _ends(matrix, block)
    return np.where((least == most) | (most < 0), least, SPANNING)


def _ends(
    matrix: sparse.csr_array, block: Integers, known: NDArray[np.bool_] | None = None
) -> tuple[Integers, Integers]:
    """The smallest and the largest block among each row's columns, or those known; 0 and -1 for a row without any."""
    least = np.full(matrix.shape[0], int(block.max(initial=0)) + 1, dtype=np.int64)
    most = np.full(matrix.shape[0], -1, dtype=np.int64)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if filled.size:
        met, counted = block[matrix.indices], True if known is None else known[matrix.indices]
        least[filled] = np.minimum.reduceat(np.where(counted, met, least[0]), matrix.indptr[filled])
        most[filled] = np.maximum.reduceat(np.where(counted, met, -1), matrix.indptr[filled])
    return np.where(most < 0, 0, least), most


def _grouped(numbers: Integers, count: int) -> list[Integers]:
    order = np.argsort(numbers, kind="stable")
    ends = np.searchsorted(numbers[order], np.arange(count + 1))
    return [order[ends[block] : ends[block + 1]] for block in range(count)]
