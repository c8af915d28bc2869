"""Programs to be solved that do not wait for one another: one after the other here, or by several processes.

What comes back does not depend on who solved it, so the answer is the same with one process or two.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.answer import Answer, Limits, LpAnswer
from models.program import Program

if TYPE_CHECKING:
    from models.engine import Means


@dataclass(frozen=True, eq=False)
class Relaxing:
    """The linear relaxation of a program is wanted."""

    program: Program
    time_s: float


@dataclass(frozen=True, eq=False)
class Solving:
    """The best plan of a program is wanted, from HiGHS."""

    program: Program
    limits: Limits
    seed: int = 0


Errand = Relaxing | Solving
Spread = Callable[[Iterable[Errand]], Iterator[Answer | LpAnswer]]
"""Answers in the order of the errands; "unknown" where whoever was at it died of it."""


def one_by_one(means: "Means") -> Spread:
    """Errands run in this process, each when the answer before it has been taken."""
    from models.engine import relax, solve

    def run(errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        for errand in errands:
            if isinstance(errand, Relaxing):
                yield relax(errand.program, errand.time_s)
            else:
                yield solve(errand.program, limits=errand.limits, seed=errand.seed, means=means)

    return run
