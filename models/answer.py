"""What a solver is asked for and what it answers, kept in whole numbers whatever the solver's floats say.

Nothing here loads a solver: the process that only waits for an answer stays light.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor, isfinite
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.program import Program

Engine = Literal["highs", "scip", "cpsat"]
Status = Literal["optimal", "feasible", "infeasible", "unknown"]
Ending = Literal["proof", "gap", "work", "clock", "interrupted"]
Values = NDArray[np.int64] | NDArray[np.float64]
OnProgress = Callable[[int | None, int | None, Values | None], None]

LONGEST_S = 1e9  # half a lifetime; durations of the solvers' API overflow not far above


@dataclass(frozen=True)
class Limits:
    """When a solver may stop.

    time_s: seconds; gap: the distance between score and bound that is good enough, in score units (below 1: prove
    it); nodes: work, the limit that makes an unfinished run repeatable (search nodes; conflicts in CP-SAT).
    """

    time_s: float
    gap: float = 0.0
    nodes: int | None = None

    @property
    def seconds(self) -> float:
        return min(max(self.time_s, 0.0), LONGEST_S)


@dataclass(frozen=True, eq=False)
class Answer:
    """The best plan that a solver found and how good any plan can be at most.

    status: "optimal" only when score - bound is below 1; "infeasible" is what the engine says, not yet confirmed.
    values: one per column, int64, or float64 where the program has continuous columns; None without a plan.
    score, bound: the program's constant left out; the bound never stands above the true best score.
    repeatable: the same call on the same machine gives the same answer (nothing was cut off by the clock).
    """

    status: Status
    values: Values | None
    score: int | None
    bound: int | None
    seconds: float
    ended_by: Ending
    repeatable: bool
    engine: str
    version: str

    @property
    def gap(self) -> int | None:
        """How much better a plan could still be at most, in score units."""
        return None if self.score is None or self.bound is None else self.score - self.bound


class Incumbent:
    """The best plan and the best bound so far; accepts a plan only after the whole-number check of every row."""

    def __init__(self, program: Program, on_progress: OnProgress | None = None) -> None:
        self.program = program
        self.values: Values | None = None
        self.score: int | None = None
        self.bound: int | None = None
        self._tell = on_progress or (lambda score, bound, values: None)

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
        self.keep_bound(ceil(lowest) if whole_scores(self.program) else floor(lowest))

    def keep_bound(self, bound: int) -> None:
        """Take over a bound in whole numbers, the constant left out; a plan in hand caps it."""
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

    def _keep(self, plan: Values) -> None:
        score = score_of(self.program, plan)
        if self.score is not None and score >= self.score:
            return
        self.values, self.score = plan, score
        if self.bound is not None:
            self.bound = min(self.bound, score)
        self._tell(self.score, self.bound, plan)


def settled(program: Program, values: Values) -> Values:
    """A solver's values with whole columns rounded; int64 where every column is whole, else float64."""
    whole = np.rint(values)
    if program.whole.all():
        return whole.astype(np.int64)
    return np.where(program.whole, whole, values).astype(np.float64)


def whole_scores(program: Program) -> bool:
    """Whether every plan's score is a whole number: no continuous column costs anything."""
    return not program.costs[~program.whole].any()


def score_of(program: Program, values: Values) -> int:
    """The cost of a plan without the constant, summed exactly; a fraction is rounded up, against the plan."""
    if values.dtype == np.int64:
        return program.score(values)
    return ceil(sum(int(program.costs[j]) * Fraction(float(values[j])) for j in np.flatnonzero(values)))


def broken_rows(program: Program, values: Values) -> Integers:
    """Rows that a plan breaks: exactly over whole columns, within a millionth where continuous ones take part."""
    if values.dtype == np.int64:
        return program.violated(values)
    fixed = program.matrix @ np.where(program.whole, values, 0).astype(np.int64)
    loose = program.matrix @ np.where(program.whole, 0.0, values)
    scale = np.maximum(1, np.abs(fixed))
    touched = (abs(program.matrix) @ (~program.whole).astype(np.int64)) > 0
    allowance = np.where(touched, 1e-6 * scale, 0.0)
    below = (program.at_least != NO_LIMIT_BELOW) & (loose < program.at_least.astype(float) - fixed - allowance)
    above = (program.at_most != NO_LIMIT_ABOVE) & (loose > program.at_most.astype(float) - fixed + allowance)
    return np.flatnonzero(below | above)
