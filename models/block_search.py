"""One block by itself: its best plan, and a tree that proves how little any plan of it can cost."""

import heapq
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.answer import LpAnswer, Values
from models.block_proof import Leaf, Split, Tree, leaf_bound, split_rows
from models.certificate import certify_empty, rounded
from models.feasible import Relax
from models.incumbent import broken_rows, settled
from models.program import Program, Rows

NODES = 60  # splits of one block at most; what is not settled by then keeps the bound of its open ends
_WHOLE = 1e-6


@dataclass(frozen=True, eq=False)
class BlockAnswer:
    """The tree of one block, what it proves (None: there is nothing in the block), and the cheapest plan met."""

    tree: Tree
    bound: Fraction | None
    values: Values | None


@dataclass(eq=False)
class _Node:
    """A part of the block: the splits that lead to it, and its own split once there is one."""

    splits: tuple[Rows, ...]
    leaf: Leaf
    bound: Fraction | None
    relaxed: LpAnswer
    split: tuple[int, int, "_Node", "_Node"] | None = None

    @property
    def tree(self) -> Tree:
        if self.split is None:
            return self.leaf
        column, at, below, above = self.split
        return Split(column, at, below.tree, above.tree)


def search_block(program: Program, relax: Relax, *, near: Fraction, nodes: int = NODES) -> BlockAnswer | None:
    """Split where the bound is lowest until it is near the cheapest plan met; None without a linear relaxation.

    near: how far bound and plan may lie apart, in the block's costs.
    """
    return _BlockSearch(program, relax, near).answer(nodes)


class _BlockSearch:
    def __init__(self, program: Program, relax: Relax, near: Fraction) -> None:
        self.program, self.relax, self.near = program, relax, near
        self.values: Values | None = None
        self.score: Fraction | None = None
        self.open: list[tuple[Fraction, int, _Node]] = []
        self.made = 0

    def answer(self, nodes: int) -> BlockAnswer | None:
        root = self._node(())
        if root is None:
            return None
        closed: list[Fraction] = []
        self._keep(root)
        while self.open and nodes:
            bound, _, node = self.open[0]
            if self.score is not None and bound >= self.score - self.near:
                break
            heapq.heappop(self.open)
            if not self._split(node):
                closed.append(bound)
                break
            nodes -= 1
        left = [*closed, *(bound for bound, _, _ in self.open), *([] if self.score is None else [self.score])]
        return BlockAnswer(root.tree, min(left, default=None), self.values)

    def _split(self, node: _Node) -> bool:
        """Whether a node could be split; what comes of it joins the open ones."""
        values = node.relaxed.values
        away = np.where(self.program.whole, np.abs(values - np.rint(values)), 0.0)
        column = int(away.argmax())
        if away[column] <= _WHOLE:
            return False
        at = int(np.floor(values[column]))
        sides = [self._node((*node.splits, side)) for side in split_rows(self.program, column, at)]
        below, above = sides
        if below is None or above is None:
            return False
        node.split = (column, at, below, above)
        self._keep(below)
        self._keep(above)
        return True

    def _keep(self, node: _Node) -> None:
        if node.bound is not None:
            self.made += 1
            heapq.heappush(self.open, (node.bound, self.made, node))

    def _node(self, splits: tuple[Rows, ...]) -> _Node | None:
        """A part of the block with its multipliers; None where these could not be found."""
        program = self.program.with_rows(splits)
        relaxed = self.relax(program)
        if relaxed.status == "infeasible":
            nothing = certify_empty(program, self.relax)
            return None if nothing is None else _emptied(program, splits, relaxed, nothing.multipliers)
        if relaxed.status != "optimal":
            return None
        self._offer(relaxed.values)
        leaf = Leaf(rounded(program, relaxed.duals, 0).multipliers)
        bound = leaf_bound(program, leaf)
        return _Node(splits, leaf, bound, relaxed)

    def _offer(self, values: Values) -> None:
        """Keep a plan of the relaxation that is whole and cheaper."""
        plan = settled(self.program, values)
        if broken_rows(self.program, plan).size:
            return
        score = sum((int(c) * Fraction(v) for c, v in zip(self.program.costs, plan.tolist(), strict=True) if v),
                    Fraction(0))  # fmt: skip
        if self.score is None or score < self.score:
            self.values, self.score = plan, score


def _emptied(program: Program, splits: tuple[Rows, ...], relaxed: LpAnswer, multipliers: dict[int, int]) -> _Node:
    # The proof of emptiness stands over a power of two; its sign does not.
    leaf = Leaf(multipliers, empty=True)
    return _Node(splits, leaf, leaf_bound(program, leaf), relaxed)
