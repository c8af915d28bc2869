"""A program as the message that solvers read: floats, with every rounding under control.

The message is filled column by column from the sparse matrix; building the same through one object per column and
row takes seven times as long.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2  # type: ignore[import-untyped]
from scipy import sparse

from models.answer import Values
from models.exact import LARGEST_SUM, NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.problem import InputError, Problem
from models.program import Program

Floats = NDArray[np.float64]

LARGEST_COEFFICIENT = 10**15 - 1  # HiGHS takes larger ones for infinite; doubles are exact up to nine times as much


@dataclass(frozen=True, eq=False)
class Tightening:
    """By how much each row's limits are drawn inwards for an engine whose floats let a plan slip past them."""

    below: Integers
    above: Integers

    @staticmethod
    def none(program: Program) -> "Tightening":
        rows = program.matrix.shape[0]
        return Tightening(np.zeros(rows, dtype=np.int64), np.zeros(rows, dtype=np.int64))

    def after(self, program: Program, plan: Values, broken: Integers) -> "Tightening":
        """Drawn in by what a plan missed in the rows that it breaks, ten times further where that was tried before."""
        reached = (program.matrix @ plan)[broken]
        below, above = self.below.copy(), self.above.copy()
        low, high = program.at_least[broken], program.at_most[broken]
        too_low, too_high = reached < low, reached > high
        below[broken] = np.where(too_low, 10 * below[broken] + np.ceil(low - reached), below[broken])
        above[broken] = np.where(too_high, 10 * above[broken] + np.ceil(reached - high), above[broken])
        return Tightening(below, above)


@dataclass(frozen=True, eq=False)
class SolverRows:
    """The rows as a solver gets them: (rows x columns) int64, limits, and a factor for each row."""

    matrix: sparse.csr_array
    at_least: Integers
    at_most: Integers
    factors: Floats

    @staticmethod
    def of(program: Program) -> "SolverRows":
        return SolverRows(program.matrix, program.at_least, program.at_most, np.ones(program.matrix.shape[0]))

    def tightened(self, tightening: Tightening) -> "SolverRows":
        return replace(self, at_least=self.at_least + tightening.below, at_most=self.at_most - tightening.above)

    def reduced(self, program: Program) -> "SolverRows":
        """Divided by the greatest common divisor, limits rounded inwards: nothing between is left to float noise.

        Rows in which a continuous column takes part stay as they are.
        """
        fractional = (abs(self.matrix) @ (~program.whole).astype(np.int64)) > 0
        divisors = np.where(fractional, 1, np.maximum(1, _by_row(self.matrix, np.gcd)))
        matrix = self.matrix.copy()
        matrix.data //= np.repeat(divisors, np.diff(matrix.indptr))
        low = np.where(self.at_least == NO_LIMIT_BELOW, NO_LIMIT_BELOW, -(-self.at_least // divisors))
        high = np.where(self.at_most == NO_LIMIT_ABOVE, NO_LIMIT_ABOVE, self.at_most // divisors)
        return replace(self, matrix=matrix, at_least=low, at_most=high)

    def scaled(self, bits: int) -> "SolverRows":
        """Large rows divided by a power of two (which costs no digits), by at most so many bits, to near a thousand."""
        shift = np.clip(np.floor(np.log2(np.maximum(_by_row(self.matrix, np.maximum), 1))) - 10, 0, bits)
        return replace(self, factors=np.exp2(-shift))


def refuse_large(program: Program) -> None:
    """Raise InputError naming every row, and the costs, whose sums leave what solvers can compute.

    Sums near 2**63 make CP-SAT refuse a model without saying which row, and wrap the whole-number check.
    """
    reach = abs(program.matrix.astype(np.float64)) @ program.upper.astype(np.float64)
    largest = largest_coefficients(program)
    problems = [_too_large(row_name(program, int(r)), reach[r], largest[r]) for r in _over(reach, largest)]
    costs = np.abs(program.costs.astype(np.float64))
    total = np.array([costs @ program.upper.astype(np.float64) + abs(program.constant)])
    dearest = np.array([costs.max(initial=0.0)])
    problems += [_too_large("costs", total[0], dearest[0]) for _ in _over(total, dearest)]
    if problems:
        raise InputError("program", problems)


def row_name(program: Program, position: int) -> str:
    """What a row of the whole matrix is called: its item, or its rule and label."""
    items = program.cover.matrix.shape[0]
    if position < items:
        return f"cover[{position}]"
    position -= items
    for rows in program.rows:
        if position < len(rows.labels):
            return f"{rows.rule}[{rows.labels[position]}]"
        position -= len(rows.labels)
    raise IndexError(position)


def largest_coefficients(program: Program) -> Integers:
    """The largest absolute coefficient of every row; 0 in an empty one."""
    return _by_row(program.matrix, np.maximum)


def model_proto(program: Program, rows: SolverRows) -> model_pb2.ModelProto:
    """The model message of a program with these rows: ids are the positions of columns and rows."""
    proto = model_pb2.ModelProto()
    _fill_columns(proto, program)
    _fill_rows(proto, rows)
    return proto


def _fill_columns(proto: model_pb2.ModelProto, program: Program) -> None:
    count = program.columns
    proto.variables.ids.extend(range(count))
    proto.variables.lower_bounds.extend([0.0] * count)
    proto.variables.upper_bounds.extend(program.upper.astype(np.float64).tolist())
    proto.variables.integers.extend(program.whole.tolist())
    priced = np.flatnonzero(program.costs)
    proto.objective.linear_coefficients.ids.extend(priced.tolist())
    proto.objective.linear_coefficients.values.extend(program.costs[priced].astype(np.float64).tolist())
    proto.objective.offset = float(program.constant)


def _fill_rows(proto: model_pb2.ModelProto, rows: SolverRows) -> None:
    least = np.where(rows.at_least == NO_LIMIT_BELOW, -np.inf, rows.at_least * rows.factors)
    most = np.where(rows.at_most == NO_LIMIT_ABOVE, np.inf, rows.at_most * rows.factors)
    proto.linear_constraints.ids.extend(range(len(rows.factors)))
    proto.linear_constraints.lower_bounds.extend(least.tolist())
    proto.linear_constraints.upper_bounds.extend(most.tolist())
    entries = rows.matrix.tocoo()
    proto.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    proto.linear_constraint_matrix.coefficients.extend((entries.data * rows.factors[entries.row]).tolist())


def _by_row(matrix: sparse.csr_array, together: np.ufunc) -> Integers:
    """One number per row from the sizes of its coefficients; 0 for an empty row."""
    result = np.zeros(matrix.shape[0], dtype=np.int64)
    filled = np.flatnonzero(np.diff(matrix.indptr))
    if filled.size:
        result[filled] = together.reduceat(np.abs(matrix.data), matrix.indptr[filled])
    return result


def _over(reach: Floats, largest: Integers | Floats) -> Integers:
    return np.flatnonzero((reach >= LARGEST_SUM) | (largest > LARGEST_COEFFICIENT))


def _too_large(where: str, reach: float, largest: float) -> Problem:
    facts = {
        "reach": int(reach),
        "largest": int(largest),
        "most_reach": LARGEST_SUM,
        "most_coefficient": LARGEST_COEFFICIENT,
    }
    return Problem(where, "engine.too_large", facts)
