"""Large programs by their blocks: a bound from the blocks one by one, a plan from what they have in common.

The linear relaxation prices the rows that span blocks. A plan is sought among the columns that cost nothing or little
at those prices (the pool): a plan that holds any other column is dearer than the bound by at least that column's price,
so the pool's own bound speaks for all plans up to there. Where plan and bound are not near enough, the blocks that the
relaxation cuts in pieces are searched one by one, each at those prices, which raises the bound in whole numbers; and
where even that is not enough, all columns that a better plan could hold are searched in one piece.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import ceil, floor
from time import monotonic

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.answer import Answer, Ending, Limits, LpAnswer, OnProgress, Values
from models.block_proof import BlockProof, block_program, bounds_by_block, spanning_prices, spanning_worth
from models.block_search import search_block
from models.blocks import Blocks, blocks_of
from models.certificate import Certificate, remainders, rounded
from models.errands import Spread
from models.feasible import Relax
from models.first_plan import in_doubt
from models.in_one_piece import VERSION, Means, one_by_one, solve_whole
from models.incumbent import Incumbent, settled, whole_scores
from models.parts import parts_if_worth
from models.program import Cover, Extra, Program
from models.relaxation import relax, relax_large

FINEST = 30  # prices between blocks are rounded to 2**-30 at the finest
LARGEST_PRICE = 2**44  # of a column at those prices, times the denominator
PAYS_FROM = 10_000  # columns
_CUT = 1e-6
_NEAR = Fraction(1, 100)  # of the gap asked for: how far one block's bound may lie from its plan
_POOL = 1e-4  # of a plan's cost with the constant: the least price below which a column joins the pool
_WIDE = 2  # pools: the price up to which one is solved before the blocks are searched
_FIRST = (Fraction(1, 5), Fraction(3, 5))  # of a pool's price: what may lie in doubt for a first plan; then more
_FIRST_GAP, _FIRST_NODES = 0.2, 500  # of a pool's price, and of the search: when a first plan is good enough


def pays(program: Program) -> bool:
    """Whether `auto` decomposes: a large program that falls into many blocks, of which none is most of it.

    One province of 724 units (4,400 columns) takes seconds in one piece; four of them (17,600) take three times as
    long so as by their blocks (decision 0040).
    """
    return program.columns >= PAYS_FROM and 4 * blocks_of(program).largest <= program.columns


@dataclass(frozen=True, eq=False)
class Prices:
    """The multipliers of all rows, rounded from a linear relaxation that has an optimum, and what follows from them."""

    program: Program
    relaxed: LpAnswer

    @cached_property
    def rows(self) -> Certificate:
        return rounded(self.program, self.relaxed.duals, self._bits)

    @cached_property
    def blocks(self) -> Blocks:
        return blocks_of(self.program)

    @cached_property
    def by_block(self) -> list[Fraction]:
        """What each block costs at least by its own multipliers, times the denominator."""
        return bounds_by_block(self.blocks, self.rows)

    @property
    def bound(self) -> Fraction:
        return self.total(self.by_block)

    def total(self, by_block: list[Fraction]) -> Fraction:
        """The bound of the program by bounds of its blocks."""
        return (spanning_worth(self.blocks, self.rows) + sum(by_block, Fraction(0))) / self.rows.denominator

    def below(self, price: Fraction) -> NDArray[np.bool_]:
        """Columns that lift the bound by less than a price; no plan below bound + price has others."""
        least = price * self.rows.denominator
        return np.array([rest < least for rest in self._left], dtype=bool)

    @cached_property
    def _left(self) -> list[int]:
        return remainders(self.program, self.rows.denominator, self.rows.multipliers)

    @property
    def _bits(self) -> int:
        """As fine as prices times the denominator stay computable."""
        largest = float((abs(self.program.matrix).T @ np.abs(self.relaxed.duals)).max(initial=0.0))
        largest += float(np.abs(self.program.costs).max(initial=0))
        return int(np.clip(np.floor(np.log2(LARGEST_PRICE / max(1.0, largest))), 0, FINEST))


def prove_by_blocks(prices: Prices, relax: Relax, *, gap: float, until: float, enough: int | None = None) -> BlockProof:
    """The proof of a bound: blocks that the relaxation cuts in pieces are searched, the largest cut first.

    gap: the gap asked for, of which one block may give away a hundredth; until: on the monotonic clock, where the
    search ends with what it has; enough: a bound with which it may end too.
    """
    found, trees = list(prices.by_block), {}
    costs = spanning_prices(prices.blocks, prices.rows)
    near = max(Fraction(1), Fraction(gap)) * _NEAR * prices.rows.denominator
    for block in _cut_in_pieces(prices):
        if monotonic() > until or (enough is not None and ceil(prices.total(found)) >= enough):
            break
        own = search_block(block_program(prices.blocks, block, costs), relax, near=near)
        if own is not None and own.bound is not None and own.bound > found[block]:
            found[block], trees[block] = own.bound, own.tree
    return BlockProof(prices.rows, trees, prices.total(found))


def priced(program: Program, spread: Spread, *, gap: float, time_s: float) -> LpAnswer:
    """The linear relaxation of a program, or what passes over its parts tell of it where it is large."""
    from models.passes import relax_by_parts

    parts = parts_if_worth(program)
    if parts is None:
        return relax_large(program, time_s)
    return relax_by_parts(parts, spread, gap=gap, until=monotonic() + time_s)


def solve(
    program: Program,
    *,
    limits: Limits,
    hint: Values | None,
    on_progress: OnProgress | None,
    seed: int,
    means: Means,
) -> Answer:
    """As `models.engine.solve`: the same answers within the gap."""
    return _Decomposition(program, limits, seed, means, Incumbent(program, on_progress)).answer(hint)


class _Decomposition:
    def __init__(self, program: Program, limits: Limits, seed: int, means: Means, best: Incumbent) -> None:
        self.program, self.limits, self.seed, self.means, self.best = program, limits, seed, means, best
        self.began = monotonic()
        self.until = self.began + limits.seconds
        self.repeatable, self.impossible = True, False

    def answer(self, hint: Values | None) -> Answer:
        if hint is not None:
            self.best.offer(hint)
        parts = parts_if_worth(self.program)
        relaxed = relax_large(self.program, self._left()) if parts is None else self._by_parts(parts)
        if relaxed.status == "optimal":
            self._by_prices(Prices(self.program, relaxed))
        elif relaxed.status == "infeasible" and parts is not None:
            self.impossible = True  # some part has no plan by itself: no need to build the whole
        elif not self._over():
            self._in_one_piece(np.ones(self.program.columns, dtype=bool), None)
        return self._told()

    def _by_parts(self, parts: Blocks) -> LpAnswer:
        """Plans of the parts, put together; what it leaves open is left to the pool and the blocks."""
        from models.part_plans import PartPlans
        from models.passes import relax_by_parts

        spread = self.means.spread or one_by_one(self.means)
        relaxed = relax_by_parts(parts, spread, gap=self.limits.gap, until=self.until)
        if relaxed.status == "optimal":
            self._keep(Prices(self.program, relaxed).bound)
            plans = PartPlans(parts, spread, self.best, replace(self.limits, time_s=self._left()))
            plans.search(relaxed.duals[parts.spanning], self._over)
            self.repeatable &= plans.repeatable
        return relaxed

    def _by_prices(self, prices: Prices) -> None:
        """The pool; the blocks; the rest: each only where what was before it is not enough."""
        self._keep(prices.bound)
        price = self._pool_price(prices)
        if self._missing(prices, price) >= price and not self._over():
            self._first_plan(prices, price)
        if self._over():
            return
        self._pool(prices, min(self._missing(prices, price), _WIDE * price))
        if self._over():
            return
        enough = None if self.best.score is None else ceil(self.best.score - self.limits.gap)
        self._keep(prove_by_blocks(prices, relax, gap=self.limits.gap, until=self.until, enough=enough).bound)
        if self._over():
            return
        if self.best.score is None:
            self._in_one_piece(np.ones(self.program.columns, dtype=bool), None)
        else:
            self._pool(prices, self._missing(prices, price))

    def _pool_price(self, prices: Prices) -> Fraction:
        size = abs(float(prices.bound) + self.program.constant)
        return Fraction(max(1.0, self.limits.gap, _POOL * size))

    def _missing(self, prices: Prices, unknown: Fraction) -> Fraction:
        """By how much the prices' bound must rise for the best plan to be near enough; as stated without a plan."""
        return unknown if self.best.score is None else self.best.score - Fraction(self.limits.gap) - prices.bound

    def _first_plan(self, prices: Prices, price: Fraction) -> None:
        """A plan near the relaxation: the nearer it is, the fewer columns are left to be searched."""
        nodes = min(_FIRST_NODES, self.limits.nodes or _FIRST_NODES)
        for share in _FIRST:
            left = in_doubt(prices.blocks, prices.relaxed, float(share * price))
            if left is None or self._over():
                return
            if left.program is None:
                continue
            limits = Limits(self._left(), _FIRST_GAP * float(price), nodes)
            told = solve_whole(left.program, limits=limits, seed=self.seed, means=self.means)
            self.repeatable &= told.repeatable
            if told.values is not None:
                self.best.offer(left.extended(told.values))
                return

    def _pool(self, prices: Prices, price: Fraction) -> None:
        """Solve over the columns below a price: every plan with another one costs the bound and that price at least.

        Presolve takes longer than a relaxation with cuts, which mostly raises the bound by less than the gap.
        """
        means = replace(self.means, presolve=price > self.limits.gap)
        self._in_one_piece(prices.below(price) | (prices.relaxed.values > _CUT), prices.bound + price, means)

    def _in_one_piece(self, wanted: NDArray[np.bool_], others: Fraction | None, means: Means | None = None) -> None:
        """Solve over some of the choices, those of the best plan, all extra columns and every row.

        others: what a plan with any other column costs at least; None where there is no other.
        """
        known = self.best.values
        wanted = wanted | (np.arange(self.program.columns) >= self.program.choices)
        if known is not None:
            wanted |= known > 0
        columns = np.flatnonzero(wanted)
        told = solve_whole(
            _taking(self.program, columns),
            limits=replace(self.limits, time_s=self._left()),
            hint=None if known is None else known[columns],
            on_progress=lambda _score, _bound, values: self._offer(values, columns),
            seed=self.seed,
            means=means or self.means,
        )
        self._offer(told.values, columns)
        self.repeatable &= told.repeatable
        nothing = told.status == "infeasible"
        self.impossible |= nothing and others is None
        if told.bound is not None or nothing:
            bounds = [Fraction(told.bound)] if told.bound is not None and not nothing else []
            self._keep(min([*bounds, *([] if others is None else [others])], default=None))

    def _offer(self, values: Values | None, columns: NDArray[np.int64]) -> None:
        if values is not None:
            found = np.zeros(self.program.columns)
            found[columns] = values
            self.best.offer(settled(self.program, found))

    def _keep(self, bound: Fraction | None) -> None:
        if bound is not None:
            self.best.keep_bound(ceil(bound) if whole_scores(self.program) else floor(bound))

    def _told(self) -> Answer:
        cut: Ending | None = None
        if not self.best.within(self.limits.gap) and not self.impossible:
            cut = "interrupted" if self._interrupted() else None if self._left() else "clock"
        status, ended_by = self.best.outcome(self.limits.gap, cut, impossible=self.impossible)
        known = (self.best.values, self.best.score, self.best.bound)
        repeatable = cut is None and self.repeatable
        return Answer(status, *known, monotonic() - self.began, ended_by, repeatable, "decompose", VERSION)

    def _over(self) -> bool:
        return self.best.within(self.limits.gap) or not self._left() or self._interrupted()

    def _left(self) -> float:
        return max(0.0, self.until - monotonic())

    def _interrupted(self) -> bool:
        return self.means.interrupter is not None and bool(self.means.interrupter.interrupted)


def _cut_in_pieces(prices: Prices) -> list[int]:
    """Blocks in which the relaxation gives whole columns a fraction, those with most of them first."""
    values = prices.relaxed.values
    cut = (np.abs(values - np.rint(values)) > _CUT) & prices.program.whole
    counts = np.bincount(prices.blocks.of_column[cut], minlength=prices.blocks.count)
    order: list[int] = np.argsort(-counts, kind="stable").tolist()
    return [block for block in order if counts[block]]


def _taking(program: Program, columns: NDArray[np.int64]) -> Program:
    """The program with some of its choices and all its extra columns."""
    choices = columns[columns < program.choices]
    return Program(
        Cover(sparse.csr_array(program.cover.matrix[:, choices]), program.cover.exactly),
        tuple(replace(rows, matrix=sparse.csr_array(rows.matrix[:, columns])) for rows in program.rows),
        program.costs[columns],
        Extra(program.extra.upper, program.extra.whole),
        program.constant,
    )
