"""A plan of the whole from plans of its parts: each part at the prices of the rows between, then what these rows ask.

The plans that the parts find at one price after the other are the pool. A small program mixes them; the parts of which
it takes one plan keep that plan, and the few between whose plans it wavers are solved together, with the rows between
parts as they are and what the other parts bring to them fixed. What the parts cost at least at the same prices bounds
the whole.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from math import ceil
from time import monotonic

import numpy as np

from models.answer import Answer, Limits
from models.between import Between, Column, Floats, Mix, Priced
from models.blocks import Blocks
from models.errands import Errand, Solving, Spread
from models.exact import Integers
from models.incumbent import Incumbent
from models.parts import LARGEST
from models.program import Program

ROUNDS = 6  # of plans of all parts at other prices
LARGEST_PRICE = 2**30  # of a column, times the denominator: MIP solvers work in floats
OF_PARTS, OF_FREE = 0.4, 0.2  # of the gap asked for: what the parts in all, and those solved together, may give away
FREED = (LARGEST // 2, LARGEST, 2 * LARGEST)
"""Columns of the parts solved together: more where fewer cannot make up for what the others leave undone."""


class PartPlans:
    """Searches the parts of a program until the plan is near enough to the bound, or nothing better is found.

    best: where plans and bounds of the whole are kept; limits: of the whole search, the seconds from now on.
    """

    def __init__(self, parts: Blocks, spread: Spread, best: Incumbent, limits: Limits) -> None:
        self.between, self.spread, self.best, self.limits = Between(parts), spread, best, limits
        self.until = monotonic() + limits.seconds
        self.pool: list[Column] = []
        self.repeatable = True
        self.rounds = 0
        self.over: Callable[[], bool] = bool
        self._highest: tuple[Fraction, Floats] | None = None

    def search(self, prices: Floats, over: Callable[[], bool]) -> None:
        """From prices of the rows between parts on, round after round, until it is enough or over."""
        self.over = over
        while self.rounds < ROUNDS and not over():
            bound = self._plans_at(self.between.priced(prices, LARGEST_PRICE))
            self.rounds += 1
            if bound is not None and (self._highest is None or bound > self._highest[0]):
                self._highest = bound, prices
            if over() or len({column.part for column in self.pool}) < self.between.parts.count:
                return
            best = prices if self._highest is None else self._highest[1]
            mix = self.between.mixed(self.pool, self.between.penalties(best))
            self._together(mix)
            prices = self.between.near(best, mix.prices)

    def _plans_at(self, priced: Priced) -> Fraction | None:
        """A plan of every part joins the pool; the bound that the parts give together, None where one gives none."""
        total: Fraction | None = Fraction(self.between.worth(priced))
        for part, answer in enumerate(self.spread(self._errands(priced))):
            assert isinstance(answer, Answer)
            self.repeatable &= answer.repeatable
            if answer.plan is not None:
                self.pool.append(self.between.column(part, answer.plan))
            total = None if total is None or answer.bound is None else total + answer.bound
        if total is None:
            return None
        bound = total / priced.denominator
        self.best.keep_bound(ceil(bound))
        return bound

    def _errands(self, priced: Priced) -> Iterator[Errand]:
        parts, costs = self.between.parts, self.between.costs(priced)
        for part in range(parts.count):
            columns = parts.columns(part)
            share = self.limits.gap * OF_PARTS * len(columns) / parts.whole.columns
            yield self._solving(parts.program(part, costs[columns]), share * priced.denominator)

    def _together(self, mix: Mix) -> None:
        """The parts whose plans waver, solved with the rows between parts while the others keep their plans."""
        chosen, wavering = self._chosen(mix)
        parts = self.between.parts
        fixed = np.zeros(parts.whole.columns, dtype=np.int64)
        for part, column in enumerate(chosen):
            fixed[parts.columns(part)] = column.values
        sizes = np.bincount(parts.of_column)
        for largest in FREED:
            free = _first(wavering, sizes, largest)
            answer = self._freed(free, fixed)
            if answer is None or answer.status != "infeasible" or len(free) == parts.count:
                return

    def _freed(self, free: list[int], fixed: Integers) -> Answer | None:
        if self.over():
            return None
        parts = self.between.parts
        columns = np.sort(np.concatenate([parts.columns(part) for part in free]))
        rows = np.sort(np.concatenate([parts.rows(part) for part in free]))
        others = fixed.copy()
        others[columns] = 0
        program = parts.over(columns, rows, parts.whole.costs[columns], (self.between.left_over(columns, others),))
        (answer,) = self.spread([self._solving(program, self.limits.gap * OF_FREE)])
        assert isinstance(answer, Answer)
        self.repeatable &= answer.repeatable
        if answer.plan is not None:
            others[columns] = answer.plan
            self.best.offer(others)
        return answer

    def _chosen(self, mix: Mix) -> tuple[list[Column], list[int]]:
        """The plan of every part that has the largest share, and the parts in the order of how much they waver."""
        found: dict[int, tuple[float, Column]] = {}
        for column, share in zip(self.pool, mix.shares.tolist(), strict=True):
            if column.part not in found or share > found[column.part][0]:
                found[column.part] = share, column
        count = self.between.parts.count
        return [found[part][1] for part in range(count)], sorted(range(count), key=lambda part: found[part][0])

    def _solving(self, program: Program, gap: float) -> Solving:
        limits = replace(self.limits, time_s=max(0.0, self.until - monotonic()), gap=gap)
        return Solving(program, limits)


def _first(parts: list[int], sizes: Integers, largest: int) -> list[int]:
    """The first of the parts, one at least, as long as they have so many columns together at most."""
    counts = np.cumsum(sizes[parts])
    return sorted(parts[: max(1, int(np.searchsorted(counts, largest, side="right")))])
