"""One criterion after the other: each brought to its best and held there before the next counts.

A scenario without an order has one step, the score. Plans are compared step by step; what lies within the tolerance of
the best plan's value counts as equal to it, in every step but the last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor
from typing import Protocol

from models.answer import Answer
from models.exact import Integers
from models.figures import GAINS, IN_MONEY, SCORE
from models.program import Program, Rows, row
from models.scenario import Scenario


class Solve(Protocol):
    """A way to solve a program: in this process or in a worker."""

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer: ...


@dataclass(frozen=True)
class Step:
    """What one step of the order found for one place, as costs: lower is better, a gain has a minus sign.

    best: the value reached when the step was solved; bound: no plan of this place has less (None where the engine told
    none); limit: what the steps after it had to stay within.
    """

    criterion: str
    best: int
    bound: int | None
    limit: int

    @property
    def gap(self) -> int | None:
        return None if self.bound is None else max(0, self.best - self.bound)

    @property
    def proved(self) -> bool:
        return self.gap is not None and self.gap < 1


@dataclass(frozen=True, eq=False)
class Order:
    """The steps by which plans are judged: a cost vector each, and by how much each may fall short of its best.

    gap: within how many million VND of the bound a step in money may end, others are proved; outlay: one year's State
    outlay, by which tolerances in money are measured; tidy: what leaves out of a solution what an engine let stand.
    """

    names: tuple[str, ...]
    prices: tuple[Integers, ...]
    tolerance: Fraction
    gap: float
    outlay: int
    tidy: Callable[[Integers], Integers]

    def values(self, solution: Integers) -> tuple[int, ...]:
        """The value of a solution in every step."""
        return tuple(_value(price, solution) for price in self.prices)

    def key(self, solution: Integers, first: Sequence[Step]) -> tuple[int, ...]:
        """By what plans are compared: the smaller comes first; first: the steps of the best plan of the run."""
        *ahead, last = self.values(solution)
        return (*(max(value, step.limit) for value, step in zip(ahead, first, strict=False)), last)

    def solve(
        self, program: Program, solve: Solve, *, shares: Sequence[Fraction], first: Sequence[Step] = ()
    ) -> tuple[Answer, tuple[Step, ...]]:
        """The best plan of a program, step after step; without a plan the first answer, and no steps.

        shares: of the time left, one a step; first: the steps of the best plan of the run, where it is known: what
        lies within their limits is good enough here too. A step that gets no answer leaves the plan as it is, and
        has no bound.
        """
        held: list[Rows] = []
        steps: list[Step] = []
        last: Answer | None = None
        for place, (name, price) in enumerate(zip(self.names, self.prices, strict=True)):
            answer = self._answer(program.with_rows(held), place, solve, shares[place], hint=last)
            if last is None and answer.plan is None:
                return answer, ()
            last = _after(last, answer)
            assert last.plan is not None, "the first answer has a plan, and later ones keep it"
            best = _value(price, last.plan)
            limit = self._limit(place, best, first[place] if first else None)
            step = Step(name, best, None if answer.bound is None else min(best, answer.bound), limit)
            steps.append(step)
            held.append(row(f"order:{name}", price, at_most=step.limit))
        assert last is not None, "there is a step"
        bound = next((step.bound for step in steps if step.criterion == SCORE), 0)  # without any price all cost nothing
        return replace(last, bound=bound), tuple(steps)

    def _answer(self, program: Program, place: int, solve: Solve, share: Fraction, hint: Answer | None) -> Answer:
        """The answer to one step, tidied."""
        money = self.names[place] in (SCORE, *IN_MONEY)
        priced = program.with_costs(self.prices[place], self.outlay if money else 0)
        known = None if hint is None else hint.plan
        answer = solve(priced, hint=known, gap=self.gap if money else 0.0, share=share)
        if answer.plan is None:
            return answer
        found = self.tidy(answer.plan)
        return replace(answer, values=found, score=priced.score(found))

    def _limit(self, place: int, best: int, first: Step | None) -> int:
        """What later steps must stay within: later places of a list, within the best plan's limit where they can."""
        if place == len(self.names) - 1:
            return best
        return limit_of(self.names[place], best, first, tolerance=self.tolerance, outlay=self.outlay)


def limit_of(name: str, best: int, first: Step | None, *, tolerance: Fraction, outlay: int) -> int:
    """The limit of a step before the last: its best and the tolerance, percent of it, or of a year's State outlay."""
    if first is not None:
        return max(first.limit, best)
    return best + floor(tolerance * (outlay if name in (SCORE, *IN_MONEY) else abs(best)) / 100)


def values_of(scenario: Scenario, criteria: Mapping[str, int], score: int) -> tuple[int, ...]:
    """The value of a finished plan in every step, by its criteria and score as the checker reckons them."""
    sign = dict.fromkeys(GAINS, -1)
    return tuple(score if name == SCORE else sign.get(name, 1) * criteria[name] for name in scenario.objective.steps)


def _value(price: Integers, solution: Integers) -> int:
    return sum(int(price[place]) * int(solution[place]) for place in solution.nonzero()[0])


def _after(last: Answer | None, answer: Answer) -> Answer:
    """Two answers on the way to one plan: the later plan where there is one, cut off where either was."""
    if last is None:
        return answer
    values = answer if answer.plan is not None else last
    cut = next((one.ended_by for one in (answer, last) if one.ended_by in ("interrupted", "clock")), answer.ended_by)
    return replace(values, ended_by=cut, repeatable=last.repeatable and answer.repeatable)
