"""What a solver is asked for and what it answers, kept in whole numbers whatever the solver's floats say.

Nothing here loads a solver: the process that only waits for an answer stays light.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeGuard

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers

Engine = Literal["highs", "scip", "cpsat", "decompose", "options_first"]
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
    def plan(self) -> Integers | None:
        """The values of a program whose columns are all whole; TypeError where continuous columns take part."""
        if self.values is None or in_integers(self.values):
            return self.values
        raise TypeError("this program has continuous columns: read `values`")

    @property
    def gap(self) -> int | None:
        """How much better a plan could still be at most, in score units."""
        return None if self.score is None or self.bound is None else self.score - self.bound


@dataclass(frozen=True, eq=False)
class LpAnswer:
    """The linear relaxation, in floats: a guide for prices and certificates, no proof by itself.

    score: the constant left out. duals: one per row of `program.matrix`, the rise of the score per unit by which the
    row's limit rises (not negative where the lower limit binds, not positive where the upper does).
    reduced_costs: one per column, cost less the duals' worth of its entries. Empty arrays without an optimum.
    """

    status: Literal["optimal", "infeasible", "unknown"]
    score: float
    values: NDArray[np.float64]
    duals: NDArray[np.float64]
    reduced_costs: NDArray[np.float64]


def second_engine(engine: str) -> Engine:
    """Who confirms what an engine says: another solver (`decompose` and `options_first` solve through HiGHS)."""
    return "scip" if engine in ("highs", "decompose", "options_first") else "highs"


def in_integers(values: Values) -> TypeGuard[Integers]:
    return values.dtype == np.int64
