"""What a decision is worth: the price of refusing what a plan chose, and of insisting on what it did not.

Generic over programs: a decision is a group of choices, of which a plan takes one or none. Prices are whole solves,
z(without) - z* and z(with) - z*; what is not proved is an interval.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer
from models.exact import Integers
from models.incumbent import Incumbent
from models.order import Solve
from models.program import Program, Rows, row
from models.relaxation import relax

Truths = NDArray[np.bool_]
Asked = Literal["without", "with"]
Kind = Literal["irreplaceable", "costly", "open", "free"]
"""No plan without it (or with it); it costs more than what counts as nothing; not settled; it costs nothing."""


def refusing(program: Program, group: Truths) -> Program:
    """The program in which no choice of the group may be taken."""
    return program.with_rows([_group_row(program, group, "refused", at_most=0)])


def insisting(program: Program, group: Truths) -> Program:
    """The program in which some choice of the group must be taken."""
    return program.with_rows([_group_row(program, group, "insisted", at_least=1)])


def _group_row(program: Program, group: Truths, name: str, **limit: int) -> Rows:
    chosen = np.zeros(program.columns, dtype=np.int64)
    chosen[: len(group)] = group
    return row(name, chosen, **limit)


@dataclass(frozen=True, eq=False)
class Price:
    """By how much another program's best plan costs more than the plan in hand, from `lower` to `upper`.

    None: nothing is known on that side; without a plan `impossible` says that there is none, and `confirmed` that a
    second engine says so too. values: the plan that costs `upper` more; cut: something ended the search early.
    """

    lower: int | None = None
    upper: int | None = None
    impossible: bool = False
    confirmed: bool = False
    values: Integers | None = None
    cut: bool = False

    @property
    def proved(self) -> bool:
        """Whether the price is exact, or "impossible" confirmed."""
        return self.confirmed if self.impossible else self.lower is not None and self.lower == self.upper

    def kind(self, nothing: int) -> Kind:
        """How dear it is, where prices up to `nothing` count as none."""
        if self.impossible:
            return "irreplaceable"
        if self.upper is not None and self.upper <= nothing:
            return "free"
        return "costly" if self.lower is not None and self.lower > nothing else "open"


@dataclass(eq=False)
class Pricing:
    """Prices against one plan of a program: its score, a bound of the program, and the plans known so far.

    solve: solves a program to the end or its share of the time; confirm: asks a second engine whether there is no
    plan; nothing: prices up to this need no exact answer. Plans found for one question are hints for the next, and
    where they already settle it, or an LP bound does, nothing is solved.
    """

    score: int
    solve: Solve
    confirm: Callable[[Program], bool]
    nothing: int = 0
    pool: list[Integers] = field(default_factory=list)

    def bounded(self, program: Program, floor: int | None = None, seconds: float = 60.0) -> Price:
        """What known plans and the linear relaxation say, at once; `floor` is a score that no plan can be below."""
        lower = None if floor is None else floor - self.score
        known = self._cheapest(program)
        upper = None if known is None else program.score(known) - self.score
        relaxed = relax(program, seconds)
        if relaxed.status == "infeasible" and known is None:
            return Price(lower, impossible=True, cut=True)
        if relaxed.status == "optimal":
            rounded = Incumbent(program)
            rounded.raise_bound(relaxed.score + program.constant)
            if rounded.bound is not None:
                lower = max(bound for bound in (lower, rounded.bound - self.score) if bound is not None)
        if lower is not None and upper is not None:
            lower = min(lower, upper)
        return Price(lower, upper, values=known)

    def settled(self, known: Price) -> bool:
        """Whether a price needs no solving: exact already, or nothing at all."""
        return known.proved or known.kind(self.nothing) == "free"

    def exact(self, program: Program, known: Price, share: Fraction) -> Price:
        """The price by a whole solve, within a share of the time; what was known before still holds."""
        if known.impossible:
            return self._refused(program, known)
        answer = self.solve(program, hint=self._cheapest(program), gap=0.0, share=share)
        if answer.status == "infeasible":
            return self._refused(program, known)
        return self._narrowed(program, known, answer)

    def keep(self, values: Integers) -> None:
        """Another plan that may answer later questions."""
        self.pool.append(values)

    def _refused(self, program: Program, known: Price) -> Price:
        return replace(known, impossible=True, confirmed=self.confirm(program), cut=False)

    def _narrowed(self, program: Program, known: Price, answer: Answer) -> Price:
        lower, upper, values = known.lower, known.upper, known.values
        if answer.plan is not None:
            score = program.score(answer.plan) - self.score
            if upper is None or score < upper:
                upper, values = score, answer.plan
            self.keep(answer.plan)
        if answer.bound is not None:
            lower = max(answer.bound - self.score, answer.bound - self.score if lower is None else lower)
        if lower is not None and upper is not None:
            lower = min(lower, upper)
        return Price(lower, upper, values=values, cut=answer.ended_by in ("clock", "interrupted", "work"))

    def _cheapest(self, program: Program) -> Integers | None:
        """The cheapest known plan that holds every row of a program."""
        fitting = [values for values in self.pool if not program.violated(values).size]
        return min(fitting, key=program.score, default=None)


def replacement_costs(
    program: Program, values: Integers, groups: Sequence[Truths], solve: Solve, confirm: Callable[[Program], bool]
) -> list[Price]:
    """For every group of choices: what refusing it costs where the plan takes one of it, else what insisting costs."""
    pricing = Pricing(program.score(values), solve, confirm, pool=[values])
    found = []
    for group in groups:
        taken = bool((values[: len(group)] * group).sum())
        changed = refusing(program, group) if taken else insisting(program, group)
        found.append(pricing.exact(changed, pricing.bounded(changed), Fraction(1)))
    return found
