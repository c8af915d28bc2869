"""A first plan near the linear relaxation: what its prices leave no doubt about is decided, the rest is solved.

Of some thousand items nearly all have one choice that costs little at the prices of the relaxation, and most amounts
stand where their own price keeps them. What is left is small, and soon solved. Its plan is a plan of the whole; its
bound is none.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.answer import LpAnswer, Values
from models.blocks import SPANNING, Blocks
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Cover, Extra, Program, Rows

LARGEST = 8_000  # columns in doubt: what one solver finishes in a second or two
HALVINGS = 6
_AMOUNT = 1 / 60  # of the price up to which choices are in doubt: an amount moves in steps of one
_CUT = 1e-6

Marks = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Undecided:
    """What is left of a program once some columns are decided.

    decided: a value per column, nothing at those in doubt; free: positions of the columns in doubt.
    """

    whole: Program
    decided: Integers
    free: Integers

    @cached_property
    def program(self) -> Program | None:
        """The columns in doubt under what the others leave of every row; None where a row without them is broken."""
        whole, reached = self.whole, self.whole.matrix @ self.decided
        least = np.where(whole.at_least == NO_LIMIT_BELOW, NO_LIMIT_BELOW, whole.at_least - reached)
        most = np.where(whole.at_most == NO_LIMIT_ABOVE, NO_LIMIT_ABOVE, whole.at_most - reached)
        matrix = sparse.csr_array(whole.matrix[:, self.free])
        held = np.diff(matrix.indptr) > 0
        if ((least > 0) | (most < 0))[~held].any():
            return None
        rows = np.flatnonzero(held)
        left = Rows("left", tuple(map(str, rows.tolist())), sparse.csr_array(matrix[rows]), least[rows], most[rows])
        choices = int((self.free < whole.choices).sum())
        extra = self.free[choices:] - whole.choices
        return Program(
            Cover(sparse.csr_array((0, choices), dtype=np.int64), np.zeros(0, dtype=bool)),
            (left,),
            whole.costs[self.free],
            Extra(whole.extra.upper[extra], whole.extra.whole[extra]),
        )

    def extended(self, values: Values) -> NDArray[np.float64]:
        """A solution of what is left, as one of the whole."""
        found = self.decided.astype(np.float64)
        found[self.free] = values
        return found


def in_doubt(blocks: Blocks, relaxed: LpAnswer, price: float) -> Undecided | None:
    """As `undecided`, at half the price and again while that leaves too much in doubt; None where it always does.

    The larger a program, the larger the gap that is asked for; the columns within a share of it grow faster.
    """
    for _ in range(HALVINGS + 1):
        left = undecided(blocks, relaxed, price)
        if len(left.free) <= LARGEST:
            return left
        price /= 2
    return None


def undecided(blocks: Blocks, relaxed: LpAnswer, price: float) -> Undecided:
    """Columns that may lie elsewhere than in the relaxation for less than a price each; the others stay as they are."""
    program = blocks.whole
    choices = np.arange(program.columns) < program.choices
    pool = choices & ((relaxed.reduced_costs < price) | (relaxed.values > _CUT))
    alone = _alone(program, pool)
    kept = alone | _settled_amounts(blocks, relaxed, pool & ~alone, price * _AMOUNT)
    spared = ~choices & program.whole & (relaxed.values < _CUT) & (relaxed.reduced_costs > price * _AMOUNT)
    decided = np.where(kept, np.rint(relaxed.values), 0).astype(np.int64)
    decided[alone] = 1
    return Undecided(program, decided, np.flatnonzero(~kept & ~spared & (pool | ~choices)))


def _alone(program: Program, pool: Marks) -> Marks:
    """Choices of the pool that some item cannot do without, for the pool holds no other that covers it."""
    cover = program.cover.matrix
    single = (cover @ pool[: program.choices].astype(np.int64) == 1) & program.cover.exactly
    found = np.zeros(program.columns, dtype=bool)
    found[: program.choices] = (cover.T @ single.astype(np.int64) > 0) & pool[: program.choices]
    return found


def _settled_amounts(blocks: Blocks, relaxed: LpAnswer, contested: Marks, price: float) -> Marks:
    """Amounts that the rows between blocks pay so well that only rows of their own hold them back.

    Where such a row also holds a choice that is still contested, the amount is too.
    """
    program, matrix = blocks.whole, blocks.whole.matrix
    between = np.where(blocks.of_row == SPANNING, relaxed.duals, 0.0)
    paid = program.costs - matrix.T @ between < -price
    shared = (abs(matrix) @ contested.astype(np.int64) > 0) & (blocks.of_row != SPANNING)
    beside = abs(matrix).T @ shared.astype(np.int64) > 0
    standing = (relaxed.values > _CUT) & (np.abs(relaxed.values - np.rint(relaxed.values)) <= _CUT)
    found: Marks = paid & standing & ~beside & program.whole
    found[: program.choices] = False
    return found
