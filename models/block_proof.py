"""A proof of a lower bound, block by block: what no plan of a block can cost less than, added up over the blocks.

Rows that span blocks are priced by whole-number multipliers over one denominator and leave the blocks to themselves.
What a block costs at those prices is bounded by the multipliers of its own rows; where that says too little, by a tree
that splits one column after the other, with multipliers at each of its ends. Checked in whole numbers, by no solver.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

import numpy as np

from models.blocks import SPANNING, Blocks, blocks_of
from models.certificate import Certificate, proved_bound, remainders, worth
from models.exact import NO_LIMIT_ABOVE, Integers
from models.program import Program, Rows, row

DEEPEST = 200  # splits on one way down; a proof that goes deeper is none


@dataclass(frozen=True)
class Leaf:
    """An end of a tree: multipliers by the position of their row in the block, the splits on the way down behind them.

    empty: the multipliers show that nothing is left there at all.
    """

    multipliers: Mapping[int, int]
    empty: bool = False


@dataclass(frozen=True)
class Split:
    """A whole column (position in the block) that is at most `at`, or at least one more."""

    column: int
    at: int
    below: "Tree"
    above: "Tree"


Tree = Leaf | Split


@dataclass(frozen=True)
class BlockProof:
    """Multipliers of every row, over one denominator, and trees of the blocks whose own multipliers say too little.

    bound: what they prove of every score, the program's constant left out.
    """

    rows: Certificate
    trees: Mapping[int, Tree]
    bound: Fraction


def proved_by_blocks(program: Program, proof: BlockProof) -> Fraction:
    """What no solution's cost can lie below, reckoned anew; the bound that the proof states is not read.

    Raises ValueError where a multiplier or a tree leans on what the program does not have.
    """
    blocks = blocks_of(program)
    if any(not 0 <= block < blocks.count for block in proof.trees):
        raise ValueError("block")
    by_block = bounds_by_block(blocks, proof.rows)
    prices = spanning_prices(blocks, proof.rows)
    for block, tree in proof.trees.items():
        found = tree_bound(block_program(blocks, block, prices), tree)
        if found is None:
            raise ValueError(f"block {block}")  # nothing at all there: a proof of another kind
        by_block[block] = max(by_block[block], found)
    return (spanning_worth(blocks, proof.rows) + sum(by_block, Fraction(0))) / proof.rows.denominator


def spanning_worth(blocks: Blocks, rows: Certificate) -> int:
    """What the limits of the rows between blocks are worth at their multipliers."""
    return sum(worth(blocks.whole, r, w) for r, w in rows.multipliers.items() if blocks.of_row[r] == SPANNING)


def spanning_prices(blocks: Blocks, rows: Certificate) -> list[int]:
    """What every column costs once the rows between blocks are paid for, times the denominator."""
    spanning = {r: w for r, w in rows.multipliers.items() if blocks.of_row[r] == SPANNING}
    return remainders(blocks.whole, rows.denominator, spanning)


def bounds_by_block(blocks: Blocks, rows: Certificate) -> list[Fraction]:
    """What each block costs at least, by the multipliers of its own rows alone, times the denominator."""
    program, found = blocks.whole, [Fraction(0)] * blocks.count
    for position, weight in rows.multipliers.items():
        if not 0 <= position < len(blocks.of_row):
            raise ValueError(f"row {position}")
        worth_of_row = worth(program, position, weight)
        if blocks.of_row[position] != SPANNING:
            found[blocks.of_row[position]] += worth_of_row
    left = remainders(program, rows.denominator, rows.multipliers)
    for block, rest, most in zip(blocks.of_column.tolist(), left, program.upper.tolist(), strict=True):
        if rest < 0:
            found[block] += rest * most
    return found


def block_program(blocks: Blocks, block: int, prices: Sequence[int]) -> Program:
    """One block at the prices of all columns; ValueError where these leave 64 bits."""
    own = [prices[column] for column in blocks.columns(block).tolist()]
    if max(map(abs, own), default=0) > NO_LIMIT_ABOVE:
        raise ValueError(f"block {block}")
    return blocks.program(block, own)


def tree_bound(program: Program, tree: Tree, splits: tuple[Rows, ...] = ()) -> Fraction | None:
    """What a tree proves of one block; None where it shows that there is nothing in it."""
    if len(splits) > DEEPEST:
        raise ValueError("tree")
    if isinstance(tree, Leaf):
        return leaf_bound(program.with_rows(splits), tree)
    below, above = split_rows(program, tree.column, tree.at)
    ends = [tree_bound(program, tree.below, (*splits, below)), tree_bound(program, tree.above, (*splits, above))]
    return min((end for end in ends if end is not None), default=None)


def leaf_bound(program: Program, leaf: Leaf) -> Fraction | None:
    """A whole number where every plan's cost is one; None where nothing is left."""
    rows = Certificate(dict(leaf.multipliers), 1)
    if leaf.empty:
        if proved_bound(program.with_costs(np.zeros(program.columns, dtype=np.int64)), rows) <= 0:
            raise ValueError("leaf")
        return None
    found = proved_bound(program, rows)
    return found if program.costs[~program.whole].any() else Fraction(ceil(found))


def split_rows(program: Program, column: int, at: int) -> tuple[Rows, Rows]:
    """A column at most `at`, and at least one more; ValueError for a column that may lie between."""
    if not 0 <= column < program.columns or not program.whole[column] or abs(at) >= NO_LIMIT_ABOVE - 1:
        raise ValueError(f"column {column}")
    mark: Integers = np.zeros(program.columns, dtype=np.int64)
    mark[column] = 1
    return row("split", mark, at_most=at), row("split", mark, at_least=at + 1)


def leaves(tree: Tree) -> Iterator[Leaf]:
    if isinstance(tree, Leaf):
        yield tree
    else:
        yield from leaves(tree.below)
        yield from leaves(tree.above)
