"""The best plan so far, accepted by whole-number arithmetic only, and the best bound so far."""

from fractions import Fraction
from math import ceil, floor, isfinite

import numpy as np

from models.answer import Ending, OnProgress, Status, Values, in_integers
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Program


class Incumbent:
    """The best plan and the best bound so far; accepts a plan only after the whole-number check of every row."""

    def __init__(self, program: Program, on_progress: OnProgress | None = None) -> None:
        self.program = program
        self.values: Values | None = None
        self.score: int | None = None
        self.bound: int | None = None
        self._tell = on_progress or _say_nothing

    def offer(self, values: Values) -> Integers:
        """Keep a plan if it is better; gives back the rows that it breaks (a plan that breaks one is not kept)."""
        plan = settled(self.program, values)
        broken = broken_rows(self.program, plan)
        if not broken.size:
            self._keep(plan)
        return broken

    def raise_bound(self, engine_bound: float) -> None:
        """Take over a solver's bound, the constant included, if it says more than the one known."""
        if not isfinite(engine_bound):
            return
        # A float sum of many terms is off by some units in the last places, more so the larger it is. What is
        # taken off here costs a proof nothing: an engine stops half a unit apart.
        noise = Fraction(1, 1000) + Fraction(abs(engine_bound)) / 10**10
        lowest = Fraction(engine_bound) - noise - self.program.constant
        if self.score is not None and lowest > self.score + 1:
            return  # above a checked plan: the engine is wrong, and nothing may rest on it
        self.keep_bound(ceil(lowest) if whole_scores(self.program) else floor(lowest))

    def keep_bound(self, bound: int) -> None:
        """Take over a bound in whole numbers, the constant left out; a plan in hand caps it, or refutes it."""
        if self._refuted(bound):
            return
        capped = bound if self.score is None else min(bound, self.score)
        if self.bound is None or capped > self.bound:
            self.bound = capped
            self._tell(self.score, self.bound, None)

    def proved(self) -> bool:
        """Whether no plan can be better; with fractional scores: by more than rounding to whole numbers hides."""
        return self.within(0)

    def within(self, gap: float) -> bool:
        if self.score is None or self.bound is None:
            return False
        return self.score - self.bound <= gap + (0 if whole_scores(self.program) else 2)

    def outcome(self, gap: float, cut: Ending | None, *, impossible: bool = False) -> tuple[Status, Ending]:
        """What a search that ended here has reached: cut is what ended it from outside, if anything did."""
        if self.values is None:
            return ("infeasible", "proof") if impossible else ("unknown", cut or "work")
        if self.proved():
            return "optimal", "proof"
        return "feasible", "gap" if self.within(gap) else cut or "work"

    def _keep(self, plan: Values) -> None:
        score = score_of(self.program, plan)
        if self.score is not None and score >= self.score:
            return
        self.values, self.score = plan, score
        if self.bound is not None:
            self.bound = None if self._refuted(self.bound) else min(self.bound, score)
        self._tell(self.score, self.bound, plan)

    def _refuted(self, bound: int) -> bool:
        """Whether a checked plan lies so far below a bound that the engine was wrong: it is no proof of that plan."""
        return self.score is not None and bound > self.score + 1 and whole_scores(self.program)


def settled(program: Program, values: Values) -> Values:
    """A solver's values with whole columns rounded; int64 where every column is whole, else float64."""
    whole = np.rint(values)
    if program.whole.all():
        return whole.astype(np.int64)
    return np.where(program.whole, whole, values) + 0.0  # no negative zeros


def whole_scores(program: Program) -> bool:
    """Whether every plan's score is a whole number: no continuous column costs anything."""
    return not program.costs[~program.whole].any()


def score_of(program: Program, values: Values) -> int:
    """The cost of a plan without the constant, summed exactly; a fraction is rounded up, against the plan."""
    if in_integers(values):
        return program.score(values)
    return ceil(sum(int(program.costs[j]) * Fraction(float(values[j])) for j in np.flatnonzero(values)))


def broken_rows(program: Program, values: Values) -> Integers:
    """Rows that a plan breaks: exactly over whole columns, within a millionth where continuous ones take part."""
    if in_integers(values):
        return program.violated(values)
    fixed = program.matrix @ np.where(program.whole, values, 0).astype(np.int64)
    loose = program.matrix @ np.where(program.whole, 0.0, values)
    scale = np.maximum(1, np.abs(fixed))
    touched = (abs(program.matrix) @ (~program.whole).astype(np.int64)) > 0
    allowance = np.where(touched, 1e-6 * scale, 0.0)
    below = (program.at_least != NO_LIMIT_BELOW) & (loose < program.at_least.astype(float) - fixed - allowance)
    above = (program.at_most != NO_LIMIT_ABOVE) & (loose > program.at_most.astype(float) - fixed + allowance)
    return np.flatnonzero(below | above)


def _say_nothing(score: int | None, bound: int | None, values: Values | None) -> None:
    pass
