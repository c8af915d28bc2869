"""The parts of a program that is too large for one piece: blocks put together as far as the rows that tie them reach.

A province with rows over all of it becomes one part with these rows inside; blocks that only few wide rows tie together
are put together until a part is worth an errand of its own. What is left between parts are the rows of the nation.
"""

import numpy as np

from models.blocks import SPANNING, Blocks, blocks_of, joined, rows_of
from models.exact import Integers
from models.program import Program

LARGEST = 12_000  # columns of one part: what one solver finishes in seconds
WORTH = 3_000  # columns up to which small blocks are put together
FEWEST = 8  # parts
PAYS_FROM = 60_000  # columns: smaller programs are sooner solved whole (decision 0055)
NATIONAL = 8  # rows between parts; with more of them a program is divided only where it is
VERY_LARGE = 100_000  # columns
MOST_SPANNING = 300  # rows between parts of a program as large as that


def parts_of(program: Program) -> Blocks:
    """The parts of a program, the same ones for the same program."""
    largest = min(LARGEST, program.columns // FEWEST)
    fine = blocks_of(program)
    block = joined(program.matrix, fine.of_column, largest)
    block = _packed(block, rows_of(program.matrix, block), min(WORTH, largest))
    return Blocks(program, block, rows_of(program.matrix, block))


def parts_if_worth(program: Program) -> Blocks | None:
    """The parts of a program that is better solved by them: large, and with few rows between parts that are not.

    Rows added for plans found before do not count: a nation stays one when a second plan is asked for.
    """
    if program.columns < PAYS_FROM or not program.whole.all():
        return None
    parts = parts_of(program)
    stated = int((parts.spanning < program.matrix.shape[0] - program.added).sum())
    few = stated <= (NATIONAL if program.columns < VERY_LARGE else MOST_SPANNING)
    return parts if few and parts.count >= FEWEST and parts.largest <= LARGEST else None


def _packed(block: Integers, of_row: Integers, worth: int) -> Integers:
    """Blocks in the order of their first row, put together until so many columns are reached.

    The first rows are the items in their order, so that neighbours come together and parts are alike.
    """
    sizes = np.bincount(block)
    first = np.full(len(sizes), len(of_row))
    inside = np.flatnonzero(of_row != SPANNING)
    np.minimum.at(first, of_row[inside], inside)
    part_of, part, filled = np.zeros(len(sizes), dtype=np.int64), 0, 0
    for number in np.argsort(first, kind="stable").tolist():
        if filled and filled + sizes[number] > worth:
            part, filled = part + 1, 0
        part_of[number] = part
        filled += sizes[number]
    return part_of[block]
