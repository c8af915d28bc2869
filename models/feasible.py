"""Is there any solution under some of the demands? Asked of the linear relaxation first, then of a solver.

A solver asked "feasible?" with nothing to minimise wanders; it is asked instead how little the demands must give way.
Nothing at all is a solution; a bound above nothing proves that there is none.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from models.answer import LpAnswer
from models.conflict import Names, Verdict
from models.elastic import Elastic
from models.exact import Integers
from models.program import Program, Rows

if TYPE_CHECKING:
    from models.order import Solve

Relax = Callable[[Program], LpAnswer]


@dataclass(frozen=True, eq=False)
class Means:
    """How programs are solved, and which share of the time that is left one question may use."""

    solve: "Solve"
    relax: Relax
    share: Fraction = Fraction(1, 8)


@dataclass(frozen=True, eq=False)
class Held:
    """Some of the demands as a program: rows that hold in any case, and those that answer to the demands."""

    hard: Program
    soft: tuple[Rows, ...]


def groups(program: Program, named: Mapping[str, Sequence[Rows]]) -> Callable[[Names], Held]:
    """Demands as named groups of rows beside any program."""

    def held(names: Names) -> Held:
        return Held(program, tuple(rows for name, found in named.items() if name in names for rows in found))

    return held


@dataclass(eq=False)
class Feasible:
    """The oracle of the conflict search: which demands are possible together.

    by_integers: sets of demands that only whole numbers make impossible, where the linear relaxation has a solution;
    solutions: one for every set that was found possible, without slack.
    """

    held: Callable[[Names], Held]
    means: Means
    by_integers: set[Names] = field(default_factory=set)
    solutions: dict[Names, Integers] = field(default_factory=dict)

    def __call__(self, names: Names) -> Verdict:
        held = self.held(names)
        if self.means.relax(held.hard.with_rows(held.soft)).status == "infeasible":
            return "impossible"
        program = Elastic.of(held.hard, held.soft).least_total() if held.soft else held.hard
        answer = self.means.solve(program, hint=None, gap=0.0, share=self.means.share)
        if answer.status == "infeasible" or (held.soft and answer.bound is not None and answer.bound > 0):
            self.by_integers.add(names)
            return "impossible"
        if answer.plan is not None and (not held.soft or answer.score == 0):
            self.solutions[names] = answer.plan[: held.hard.columns]
            return "possible"
        return "unknown"
