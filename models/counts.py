"""Whole sums to branch on: how much of a sum over the province lies in each of its parts.

A relaxation meets a row over the whole province with fractions of many columns, and deciding one column only moves
the fraction elsewhere. What such a row adds up is a whole number too, and deciding that settles more. Here a sum that
holds other rows whole (operations of the province, and of each department) is written by what these add up, in columns
of their own. Plans, costs and bounds stay as they are.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from scipy import sparse

from models.answer import Answer, Limits, OnProgress, Values
from models.exact import Integers
from models.in_one_piece import Means, solve_whole
from models.program import Extra, Program, Rows

FROM = 40  # columns of a row: smaller rows are soon decided without counts


@dataclass(frozen=True, eq=False)
class Counted:
    """The program with its counts as last columns, and by what they are sums: (counts x columns of the program)."""

    program: Program
    sums: sparse.csr_array

    def extended(self, values: Values) -> Values:
        """A solution of the program as it was, with its counts."""
        return np.concatenate([values, (self.sums @ values).astype(values.dtype)])

    def shortened(self, values: Values) -> Values:
        return values[: self.sums.shape[1]]


def solve(
    program: Program,
    *,
    limits: Limits,
    hint: Values | None,
    on_progress: OnProgress | None,
    seed: int,
    means: Means,
) -> Answer:
    """As `models.engine.solve`, through HiGHS over the counts as well."""
    wide = counted(program)
    if wide is None:
        whole = solve_whole(program, limits=limits, hint=hint, on_progress=on_progress, seed=seed, means=means)
        return replace(whole, engine="counts")

    def tell(score: int | None, bound: int | None, values: Values | None) -> None:
        if on_progress is not None:
            on_progress(score, bound, None if values is None else wide.shortened(values))

    known = None if hint is None else wide.extended(hint)
    told = solve_whole(wide.program, limits=limits, hint=known, on_progress=tell, seed=seed, means=means)
    return replace(told, values=None if told.values is None else wide.shortened(told.values), engine="counts")


@dataclass(eq=False)
class _Counts:
    """The sums found so far, as dense vectors over the program's columns."""

    program: Program
    sums: list[Integers] = field(default_factory=list)

    def column(self, vector: Integers) -> int:
        """The column of a sum."""
        self.sums.append(vector)
        return self.program.columns + len(self.sums) - 1


def counted(program: Program) -> Counted | None:
    """The same program with counts; None where no row has any."""
    counts = _Counts(program)
    single = _sums_of_choices(program)
    rows = []
    for block in program.rows:
        written = None
        if len(block.labels) == 1 and block.matrix.nnz >= FROM:
            vector = block.matrix.toarray().ravel().astype(np.int64)
            if not vector[program.choices :].any():
                written = _by_parts(vector, single, counts)
        rows.append((block, written))
    return _joined(program, rows, counts) if counts.sums else None


def _by_parts(vector: Integers, single: list[Integers], counts: _Counts) -> dict[int, int] | None:
    """A sum by the rows that it holds whole, and what is left of it."""
    if (vector < 0).any():
        return None
    left, found = vector.copy(), {}
    for part in single:
        own = part != 0
        if own.sum() < (vector != 0).sum() and (left[own] == part[own]).all():
            found[counts.column(part)] = 1
            left[own] = 0
    if not found:
        return None
    return found | {place: int(left[place]) for place in np.flatnonzero(left).tolist()}


def _sums_of_choices(program: Program) -> list[Integers]:
    """Rows of the rules that add up choices alone, the widest first."""
    found = []
    for block in program.rows:
        for position in range(len(block.labels)):
            row = block.matrix[[position]]
            if row.nnz > 2 and (row.data > 0).all() and row.indices.max() < program.choices:
                found.append(row.toarray().ravel().astype(np.int64))
    return sorted(found, key=lambda vector: -int((vector != 0).sum()))


def _joined(program: Program, rows: list[tuple[Rows, dict[int, int] | None]], counts: _Counts) -> Counted:
    """The program over the wider columns; every count stands in a row that says what it adds up."""
    more = len(counts.sums)
    width, sums = program.columns + more, sparse.csr_array(np.stack(counts.sums))
    nothing = np.zeros(more, dtype=np.int64)
    minus = -sparse.eye_array(more, dtype=np.int64, format="csr")
    defined = sparse.csr_array(sparse.hstack([sums, minus], format="csr"))
    names = tuple(map(str, range(more)))
    extra = Extra(
        np.concatenate([program.extra.upper, np.asarray(sums @ program.upper, dtype=np.int64)]),
        np.concatenate([program.extra.whole, np.ones(more, dtype=bool)]),
    )
    written = tuple(_written(block, by_counts, width) for block, by_counts in rows)
    blocks = (*written, Rows("count", names, defined, nothing, nothing))
    costs = np.concatenate([program.costs, nothing])
    return Counted(Program(program.cover, blocks, costs, extra, program.constant), sums)


def _written(block: Rows, by_counts: dict[int, int] | None, width: int) -> Rows:
    if by_counts is None:
        return block.widened(width)
    dense = np.zeros(width, dtype=np.int64)
    dense[list(by_counts)] = list(by_counts.values())
    return replace(block, matrix=sparse.csr_array(dense.reshape(1, -1)))
