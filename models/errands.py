"""Programs to be solved that do not wait for one another, whoever solves them: this process or several others.

What comes back does not depend on who solved it, so the answer is the same with one process or two.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from models.answer import Answer, Limits, LpAnswer
from models.program import Program


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
