"""A program as the message that solvers read: floats, with every rounding under control.

The message is filled column by column from the sparse matrix; building the same through one object per column and
row takes seven times as long.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.math_opt import model_pb2

from models.exact import LARGEST_SUM, NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.problem import InputError, Problem
from models.program import Program

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

    def after(self, program: Program, plan: NDArray[np.generic], broken: Integers) -> "Tightening":
        """Drawn in further by what a plan missed in the rows that it breaks, by one unit at least."""
        reached = np.asarray(program.matrix[broken] @ plan)
        below, above = self.below.copy(), self.above.copy()
        low, high = program.at_least[broken], program.at_most[broken]
        below[broken] += np.where(reached < low, np.ceil(low - reached), 0).astype(np.int64)
        above[broken] += np.where(reached > high, np.ceil(reached - high), 0).astype(np.int64)
        return Tightening(below, above)


def refuse_large(program: Program) -> None:
    """Raise InputError naming every row, and the costs, whose sums leave what solvers can compute.

    Sums near 2**63 make CP-SAT refuse a model without saying which row, and wrap the whole-number check.
    """
    sizes = np.abs(program.matrix.astype(np.float64))
    reach = sizes @ program.upper.astype(np.float64)
    largest = np.asarray(sizes.max(axis=1).todense()).ravel() if sizes.nnz else np.zeros(len(reach))
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


def model_proto(program: Program, tightening: Tightening, scaling_bits: int = 0) -> model_pb2.ModelProto:
    """The model message of a program: ids are the positions of columns and rows.

    scaling_bits: rows with large coefficients are divided by a power of two (which costs no digits) of at most so many
    bits, until their largest coefficient is near a thousand.
    """
    proto = model_pb2.ModelProto()
    _fill_columns(proto, program)
    _fill_rows(proto, program, tightening, _row_factors(program, scaling_bits))
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


def _fill_rows(
    proto: model_pb2.ModelProto, program: Program, tightening: Tightening, factors: NDArray[np.float64]
) -> None:
    least = np.where(program.at_least == NO_LIMIT_BELOW, -np.inf, (program.at_least + tightening.below) * factors)
    most = np.where(program.at_most == NO_LIMIT_ABOVE, np.inf, (program.at_most - tightening.above) * factors)
    proto.linear_constraints.ids.extend(range(len(factors)))
    proto.linear_constraints.lower_bounds.extend(least.tolist())
    proto.linear_constraints.upper_bounds.extend(most.tolist())
    entries = program.matrix.tocoo()
    proto.linear_constraint_matrix.row_ids.extend(entries.row.tolist())
    proto.linear_constraint_matrix.column_ids.extend(entries.col.tolist())
    proto.linear_constraint_matrix.coefficients.extend((entries.data * factors[entries.row]).tolist())


def _row_factors(program: Program, scaling_bits: int) -> NDArray[np.float64]:
    sizes = np.abs(program.matrix.astype(np.float64))
    largest = np.asarray(sizes.max(axis=1).todense()).ravel() if sizes.nnz else np.ones(sizes.shape[0])
    bits = np.clip(np.floor(np.log2(np.maximum(largest, 1.0))) - 10, 0, scaling_bits)
    return np.exp2(-bits).astype(np.float64)


def _over(reach: NDArray[np.float64], largest: NDArray[np.float64]) -> Integers:
    return np.flatnonzero((reach >= LARGEST_SUM) | (largest > LARGEST_COEFFICIENT))


def _too_large(where: str, reach: float, largest: float) -> Problem:
    facts = {
        "reach": int(reach),
        "largest": int(largest),
        "most_reach": LARGEST_SUM,
        "most_coefficient": LARGEST_COEFFICIENT,
    }
    return Problem(where, "engine.too_large", facts)
