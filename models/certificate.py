"""Proofs that need no solver: whole-number multipliers of the rows, checked over the option table.

Every solution obeys every row, so it obeys any sum of rows, each times a multiplier that is positive where its lower
limit is used and negative where its upper is. Taken from the score, such a sum leaves a remainder of every column; a
column with a negative remainder can take off that much at most. What is left is a bound on every score. Where nothing
is priced and the bound is above zero, there is no solution at all.

Solvers only guess the multipliers (duals of the linear relaxation, rounded); whether they prove anything is whole
numbers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.answer import LpAnswer
from models.elastic import Elastic
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW
from models.feasible import Held, Relax
from models.program import Cover, Program, Rows

FINEST = 40  # multipliers are rounded to 2**-40 at the finest
_COARSENESS = range(0, FINEST + 1, 5)
NEAR_ENOUGH = 0.5  # scores are whole numbers


@dataclass(frozen=True)
class Certificate:
    """Multipliers by the position of their row in the whole matrix, over one denominator."""

    multipliers: dict[int, int]
    denominator: int


def proved_bound(program: Program, certificate: Certificate) -> Fraction:
    """What no solution's cost can lie below, the program's constant left out, in whole-number arithmetic.

    Raises ValueError where a multiplier stands at no row, or leans on a limit that its row does not have.
    """
    left = remainders(program, certificate.denominator, certificate.multipliers)
    total = sum(worth(program, row, weight) for row, weight in certificate.multipliers.items())
    total += sum(rest * most for rest, most in zip(left, program.upper.tolist(), strict=True) if rest < 0)
    return Fraction(total, certificate.denominator)


def remainders(program: Program, denominator: int, multipliers: Mapping[int, int]) -> list[int]:
    """Every column's cost times the denominator, less the multipliers' worth of its entries.

    Raises ValueError where a multiplier stands at no row.
    """
    matrix = program.matrix
    if any(not 0 <= position < matrix.shape[0] for position in multipliers):
        raise ValueError("row")
    left = [denominator * cost for cost in program.costs.tolist()]
    for position, weight in multipliers.items():
        span = slice(int(matrix.indptr[position]), int(matrix.indptr[position + 1]))
        for column, entry in zip(matrix.indices[span].tolist(), matrix.data[span].tolist(), strict=True):
            left[column] -= weight * entry
    return left


def worth(program: Program, position: int, weight: int) -> int:
    """What the limit of a row is worth at its multiplier. Raises ValueError where the row has no such limit."""
    limit = int(program.at_least[position] if weight > 0 else program.at_most[position])
    if limit in (NO_LIMIT_BELOW, NO_LIMIT_ABOVE):
        raise ValueError(f"row {position}")
    return weight * limit


def proves_impossible(held: Held, certificate: Certificate) -> bool:
    """Whether the multipliers show that nothing meets all rows of some demands held."""
    return proved_bound(_unpriced(held), certificate) > 0


def certify_bound(program: Program, relaxed: LpAnswer) -> Certificate | None:
    """The coarsest multipliers that prove about what the linear relaxation says; None without its optimum."""
    if relaxed.status != "optimal":
        return None
    best: tuple[Fraction, Certificate] | None = None
    for bits in _COARSENESS:
        found = rounded(program, relaxed.duals, bits)
        bound = proved_bound(program, found)
        if best is None or bound > best[0]:
            best = bound, found
        if bound >= relaxed.score - NEAR_ENOUGH:
            break
    return None if best is None else best[1]


def certify_impossible(held: Held, relax: Relax) -> Certificate | None:
    """The coarsest multipliers that prove some demands impossible together, from how little all rows must give way.

    None where that is not so, or where only whole numbers forbid it.
    """
    return certify_empty(_unpriced(held), relax)


def certify_empty(program: Program, relax: Relax) -> Certificate | None:
    """As `certify_impossible`, of a program as it is: its costs say nothing here."""
    program = program.with_costs(np.zeros(program.columns, dtype=np.int64))
    relaxed = relax(all_soft(program).least_total())
    if relaxed.status != "optimal":
        return None
    largest = float(np.abs(relaxed.duals).max(initial=0.0))
    if not largest:
        return None
    for bits in _COARSENESS:
        found = rounded(program, relaxed.duals / largest, bits)
        if proved_bound(program, found) > 0:
            return found
    return None


def whole_bound(program: Program, certificate: Certificate) -> int:
    """The proved bound on a score that is a whole number."""
    return ceil(proved_bound(program, certificate))


def rounded(program: Program, duals: NDArray[np.float64], bits: int) -> Certificate:
    """Duals as whole numbers over 2**bits; one that leans on a limit which its row does not have is left out."""
    scaled = np.rint(duals * 2.0**bits)
    found = {}
    for row in np.flatnonzero(scaled).tolist():
        weight = int(scaled[row])
        limit = program.at_least[row] if weight > 0 else program.at_most[row]
        if limit not in (NO_LIMIT_BELOW, NO_LIMIT_ABOVE):
            found[row] = weight
    return Certificate(found, 2**bits)


def all_soft(program: Program) -> Elastic:
    """Every row gives way, the cover too: the linear relaxation of this has an optimum, and the same rows in order."""
    items = program.cover.matrix.shape[0]
    least, most = program.at_least[:items], program.at_most[:items]
    cover = Rows("cover", ("",) * items, program.matrix[:items], least, most)
    nothing = Cover(sparse.csr_array((0, program.choices), dtype=np.int64), np.zeros(0, dtype=bool))
    return Elastic.of(Program(nothing, (), program.costs, program.extra), (cover, *program.rows))


def _unpriced(held: Held) -> Program:
    program = held.hard.with_rows(held.soft)
    return program.with_costs(np.zeros(program.columns, dtype=np.int64))
