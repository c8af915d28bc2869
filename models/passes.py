"""Prices of the rows between parts, found by passes over the parts and not by one large linear relaxation.

At given prices every part is relaxed by itself, and what these relaxations cost together bounds the whole. Each leaves
a column for the next prices: a small program mixes the columns of all parts so that the rows between them hold
(Dantzig and Wolfe 1960). Its prices swing widely at first, so they are kept near the best known ones: a pass at bad
prices is a pass wasted.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np

from models.answer import LpAnswer
from models.between import Between, Column, Floats, Priced
from models.blocks import Blocks
from models.certificate import certify_empty
from models.errands import Errand, Relaxing, Spread
from models.relaxation import relax_large

MOST_PASSES = 40
SAMPLED = 8  # parts that tell the first prices
LARGEST_PRICE = 2**30  # of a column, times the denominator; with larger ones GLOP gives up now and then
ENOUGH = 0.5  # of the gap asked for: how far the bound may lie below what the passes converge to


def relax_by_parts(parts: Blocks, spread: Spread, *, gap: float, until: float) -> LpAnswer:
    """As the linear relaxation of the whole, with a bound a little lower.

    gap: the gap asked for of the whole search, of which half may be given away here; until: on the monotonic clock.
    "infeasible" where a part is proved to have no solution, "unknown" where the time is over before the first pass is.
    """
    return Passes(parts, spread, until).relaxed(gap)


@dataclass(frozen=True, eq=False)
class Pass:
    """What all parts cost at prices of the rows between them: a bound, a column of each, and the prices of its rows."""

    priced: Priced
    bound: float
    columns: tuple[Column, ...]
    duals: Floats


class Passes:
    """Passes over the parts of a program; `best` is the one with the highest bound, `taken` counts them."""

    def __init__(self, parts: Blocks, spread: Spread, until: float) -> None:
        self.between, self.spread, self.until = Between(parts), spread, until
        self.best: Pass | None = None
        self.columns: list[Column] = []
        self.shares = np.zeros(0)
        self.taken, self.infeasible = 0, False

    def relaxed(self, gap: float) -> LpAnswer:
        """Pass after pass, until the bound is near what they converge to."""
        prices = np.zeros(len(self.between.parts.spanning))
        while self.taken < MOST_PASSES and (now := self.at(prices)) is not None:
            if self.best is None or now.bound > self.best.bound:
                self.best = now
            self.columns += now.columns
            best = self.best.priced.prices
            mix = self.between.mixed(self.columns, self.between.penalties(best))
            self.shares = mix.shares
            if mix.score - self.best.bound <= max(0.5, ENOUGH * gap):
                break
            prices = self.between.near(best, mix.prices) if self.taken > 1 else self.sampled_prices(now)
        return self._told()

    def at(self, prices: Floats) -> Pass | None:
        """One pass; None where the time ended it or a part has no solution."""
        priced = self.between.priced(prices, LARGEST_PRICE)
        answers = list(self.spread(self._errands(priced)))
        self.taken += 1
        self.infeasible |= any(self._has_none(part) for part, told in enumerate(answers) if told.status == "infeasible")
        if any(not isinstance(answer, LpAnswer) or answer.status != "optimal" for answer in answers):
            return None
        found = [answer for answer in answers if isinstance(answer, LpAnswer)]
        bound = (self.between.worth(priced) + sum(answer.score for answer in found)) / priced.denominator
        columns = tuple(self.between.column(part, answer.values) for part, answer in enumerate(found))
        return Pass(priced, bound, columns, self._duals(priced, found))

    def _has_none(self, part: int) -> bool:
        """Whether a part has no solution, in whole numbers: that GLOP says so is no proof."""
        parts = self.between.parts
        nothing = np.zeros(len(parts.columns(part)), dtype=np.int64)
        return certify_empty(parts.program(part, nothing), relax_large) is not None

    def _errands(self, priced: Priced) -> Iterator[Errand]:
        parts, costs = self.between.parts, self.between.costs(priced)
        for part in range(parts.count):
            program = parts.program(part, costs[parts.columns(part)])
            yield Relaxing(program, max(0.0, self.until - monotonic()))

    def sampled_prices(self, first: Pass) -> Floats:
        """What some of the parts would pay if they had to do their share of what the first pass leaves undone."""
        parts = self.between.parts
        sampled = sorted(set(np.linspace(0, parts.count - 1, SAMPLED).round().astype(int).tolist()))
        sample = self.between.sample(sampled, list(first.columns))
        (found,) = self.spread([Relaxing(sample, max(0.0, self.until - monotonic()))])
        assert isinstance(found, LpAnswer)
        rows = len(parts.spanning)
        return found.duals[len(found.duals) - rows :] if found.status == "optimal" else np.zeros(rows)

    def _duals(self, priced: Priced, answers: list[LpAnswer]) -> Floats:
        parts = self.between.parts
        duals = np.zeros(parts.whole.matrix.shape[0])
        duals[parts.spanning] = priced.prices
        for part, answer in enumerate(answers):
            duals[parts.rows(part)] = answer.duals / priced.denominator
        return duals

    def _told(self) -> LpAnswer:
        if self.best is None:
            none = np.zeros(0)
            return LpAnswer("infeasible" if self.infeasible else "unknown", np.nan, none, none, none)
        whole, values = self.between.parts.whole, np.zeros(self.between.parts.whole.columns)
        for column, share in zip(self.columns, self.shares, strict=False):
            values[self.between.parts.columns(column.part)] += share * column.values
        reduced = whole.costs - whole.matrix.T @ self.best.duals
        return LpAnswer("optimal", self.best.bound, values, self.best.duals, reduced)
