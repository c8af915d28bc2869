"""How to look: from a scenario to ranked, checked plans.

Solve; forbid what is too like it; solve again. `best` forbids only the same plan; `different` asks for distance from
every earlier plan, within a price. Every plan passes the checker before anyone sees it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor

import numpy as np

from models.answer import Answer
from models.checker import Check, check
from models.decide import decisions_of
from models.exact import Integers
from models.likeness import different_enough, not_the_same, overlap
from models.order import Solve, Step, values_of
from models.other import check_in
from models.plan import Plan
from models.prepared import Prepared
from models.program import Rows, row
from models.ranked import ListName, RankedPlan, Ranking, Stop

_NO_FURTHER: Stop = "no_further"
_TOO_DEAR: Stop = "too_dear"


class CheckerRefused(Exception):  # noqa: N818
    """The checker found another figure than the solver, or a step that cannot be carried out: nothing is published."""

    def __init__(self, found: Check, score: int) -> None:
        self.found, self.score = found, score
        broken = [reading.id for reading in found.plan.readings if not reading.met]
        super().__init__(f"score {score} against {found.plan.score}; refused {found.refusals}; broken {broken}")


def rank(problem: Prepared, solve: Solve, on_plan: Callable[[RankedPlan], None] | None = None) -> Ranking:
    """The lists `best` and `different` of a prepared scenario; fewer plans than asked is told in `stops`.

    Both lists start from the best plan of the run: where filling one of them meets a better plan than the other
    started from (that is possible within the gap), the other is filled again.
    """
    search = problem.scenario.search
    finder = _Finder(problem, solve, on_plan or (lambda _: None))
    wanted: dict[ListName, int] = {"best": search.best, "different": search.plans}
    lists: dict[ListName, list[RankedPlan]] = {}
    stops: dict[ListName, Stop] = {}
    while stale := [name for name, count in wanted.items() if count and finder.stale(lists.get(name))]:
        for name in stale:
            lists[name], stops[name] = finder.fill(name, wanted[name])
    plans = tuple(plan for found in lists.values() for plan in found)
    return Ranking(problem, plans, stops, finder.engine, finder.repeatable, finder.by_clock)


def not_again(problem: Prepared, found: Sequence[RankedPlan]) -> list[Rows]:
    """Rows that forbid each of the plans found, and nothing else."""
    width = problem.program.columns
    return [not_the_same(problem.marks, plan.values, width, f"not-{plan.rank}") for plan in found]


def unlike(problem: Prepared, found: Sequence[RankedPlan]) -> list[Rows] | None:
    """Rows that ask for the scenario's distance from each of the plans found; None where nothing can differ."""
    width, kept = problem.program.columns, 1 - problem.scenario.search.different_percent / 100
    share = (kept.numerator, kept.denominator)
    rows = [different_enough(problem.events, plan.values, width, share, f"unlike-{plan.rank}") for plan in found]
    return None if any(row is None for row in rows) else [row for row in rows if row is not None]


@dataclass(frozen=True, eq=False)
class _First:
    """The best plan of the run so far, and the bound of the program without further rows."""

    values: Integers
    score: int
    bound: int | None
    steps: tuple[Step, ...]


class _Finder:
    """Fills one list after the other; the first plan is the same in both and is solved once."""

    def __init__(self, problem: Prepared, solve: Solve, on_plan: Callable[[RankedPlan], None]) -> None:
        self.problem, self.solve, self.on_plan = problem, solve, on_plan
        self.first: _First | None = None
        self.nothing: Stop | None = None
        self.engine, self.repeatable, self.by_clock = "", True, False
        search = problem.scenario.search
        self.left = search.best + search.plans - (1 if search.best and search.plans else 0)

    def stale(self, found: list[RankedPlan] | None) -> bool:
        """A list that was not filled yet, or that starts from a plan that is not the best any more."""
        if found is None:
            return True
        if self.nothing is not None:
            return False
        return bool(found) and self.first is not None and self._key(found[0].values) > self._key(self.first.values)

    def _key(self, values: Integers) -> tuple[int, ...]:
        """By what plans are compared: the score, or step after step."""
        return self.problem.order.key(values, () if self.first is None else self.first.steps)

    def fill(self, name: ListName, wanted: int) -> tuple[list[RankedPlan], Stop]:
        found: list[RankedPlan] = []
        if (stop := self._start(name, found)) is not None:
            return found, stop
        while len(found) < wanted:
            rows = self._rows(name, found)
            if rows is None:
                return found, "nothing_differs"
            (answer, steps), instead = self._asked(rows), _NO_FURTHER
            if name == "different" and self._too_dear(answer):
                (answer, steps), instead = self._asked([*rows, self._price_row()]), _TOO_DEAR
            if answer.plan is None:
                return found, self._unless_left_out(_why_none(answer, instead), name)
            plan = self._checked((name, len(found) + 1), answer.plan, self._bound(answer, found), steps)
            if self._key(plan.values) < self._key(found[-1].values) and self._in_order(name):
                found = self._earlier(found, plan)
            else:
                self._add(found, plan)
            if answer.ended_by == "interrupted":
                return found, "interrupted"
        return found, "found"

    def _start(self, name: ListName, found: list[RankedPlan]) -> Stop | None:
        """The best plan as rank 1 of a list; why there is none otherwise."""
        if self.first is None and self.nothing is None:
            answer, steps = self._asked([])
            if answer.plan is None:
                self.nothing = self._unless_left_out(_why_none(answer, "infeasible"))
            else:
                self.first = _First(answer.plan, self.problem.program.score(answer.plan), answer.bound, steps)
        if self.first is not None:
            self._add(found, self._checked((name, 1), self.first.values, self.first.bound, self.first.steps))
        return self.nothing

    def _unless_left_out(self, stop: Stop, name: ListName = "best") -> Stop:
        """That the options listed hold no plan says nothing of those left out, unless they are too dear anyway."""
        left_out = self.problem.left_out
        if left_out is None or stop not in ("infeasible", _NO_FURTHER, _TOO_DEAR):
            return stop
        least = left_out.costs_at_least
        if name == "different" and least is not None and least > self._dearest:
            return _TOO_DEAR
        return "left_out"

    def _add(self, found: list[RankedPlan], plan: RankedPlan) -> None:
        found.append(plan)
        self.on_plan(plan)

    def _in_order(self, name: ListName) -> bool:
        """Whether scores never improve down the list; plans as different as possible follow distance instead."""
        return name == "best" or self.problem.scenario.search.different_by == "share"

    def _rows(self, name: ListName, found: Sequence[RankedPlan]) -> list[Rows] | None:
        """What the next plan must not be like; None where nothing can differ."""
        if name == "different" and self.problem.scenario.search.different_by == "most":
            return self._as_different_as_possible(found, not_again(self.problem, found))
        return not_again(self.problem, found) if name == "best" else unlike(self.problem, found)

    def _as_different_as_possible(self, found: Sequence[RankedPlan], same: list[Rows]) -> list[Rows] | None:
        """Within the price of the best plan: the least overlap with all earlier plans, as a row for the next one."""
        width = self.problem.program.columns
        again = sum((overlap(self.problem.events, plan.values, width) for plan in found), np.zeros(width, np.int64))
        if not again.any():
            return None
        rows = [self._price_row(), *same]
        program = self.problem.program.with_rows(rows).with_costs(again)
        least = self._heard(self.solve(program, hint=None, gap=0.0, share=Fraction(1, 2 * max(1, self.left))))
        return rows if least.score is None else [*rows, row("unlike", again, at_most=least.score)]

    def _price_row(self) -> Rows:
        return row("within", self.problem.program.costs, at_most=self._dearest)

    @property
    def _dearest(self) -> int:
        """The highest score that `different` may reach: so much of a year's outlay above the best of the run."""
        assert self.first is not None
        within = self.problem.scenario.search.within_percent * self.problem.outlay / 100
        return floor(self.first.score + within)

    def _too_dear(self, answer: Answer) -> bool:
        """A plan above the price: whether there is another below it has to be asked."""
        return answer.plan is not None and self.problem.program.score(answer.plan) > self._dearest

    def _asked(self, rows: list[Rows]) -> tuple[Answer, tuple[Step, ...]]:
        """The best plan under further rows, and what every step of the order found."""
        order, first = self.problem.order, () if self.first is None else self.first.steps
        count = len(order.names)
        shares = [Fraction(1, max(1, count * self.left - place)) for place in range(count)]
        self.left -= 1
        answer, steps = order.solve(self.problem.program.with_rows(rows), self.solve, shares=shares, first=first)
        return self._heard(self.problem.beside_left_out(answer)), steps

    def _heard(self, answer: Answer) -> Answer:
        self.engine = answer.engine
        self.repeatable &= answer.repeatable
        self.by_clock |= answer.ended_by == "clock"
        if answer.ended_by == "interrupted":
            self.nothing = "interrupted"
        return answer

    def _bound(self, answer: Answer, found: Sequence[RankedPlan]) -> int | None:
        """The best bound that holds for the next place: its own, and those of places with fewer rows.

        Under an order the score is bounded among plans that are as good in the steps before it: its own bound alone.
        """
        if self.problem.scenario.objective.order:
            return answer.bound
        fewer = found if self._in_order(found[0].list) else found[:1]
        bounds = [bound for bound in (answer.bound, *(plan.bound for plan in fewer)) if bound is not None]
        return max(bounds, default=None)

    def _checked(
        self, place: tuple[ListName, int], values: Integers, bound: int | None, steps: tuple[Step, ...]
    ) -> RankedPlan:
        """The answer as decisions, rebuilt by the checker; a difference between the two stops everything."""
        problem = self.problem
        rebuilt = check(problem.scenario, problem.units, decisions_of(problem.columns, values))
        score = problem.program.score(values)
        told = values_of(problem.scenario, rebuilt.plan.criteria, rebuilt.plan.score)
        if not rebuilt.passed or rebuilt.plan.score != score or told != problem.order.values(values):
            raise CheckerRefused(rebuilt, score)
        elsewhere = self._checked_elsewhere(rebuilt.plan)
        if self.first is not None and self._key(values) < self._key(self.first.values):
            self.first = replace(self.first, values=values, score=score)
        bound = None if bound is None else min(score, bound)
        kept = steps if problem.scenario.objective.order else ()
        return RankedPlan(*place, rebuilt.plan, values, score, bound, problem.outlay, self.repeatable, kept, elsewhere)

    def _checked_elsewhere(self, plan: Plan) -> tuple[Plan, ...]:
        """The same decisions rebuilt by the checker in every other scenario; none may break what that one asks."""
        found = [check_in(one.other, plan.decisions, plan.scenario, plan.units) for one in self.problem.beside]
        for rebuilt in found:
            if not rebuilt.passed:
                raise CheckerRefused(rebuilt, rebuilt.plan.score)
        return tuple(rebuilt.plan for rebuilt in found)

    def _earlier(self, found: list[RankedPlan], plan: RankedPlan) -> list[RankedPlan]:
        """A later answer may beat an earlier one within its gap: it takes the place, and the rest is sought anew."""
        mine = self._key(plan.values)
        place = next(position for position, earlier in enumerate(found) if mine < self._key(earlier.values))
        known, steps = found[place].bound, found[place].steps
        better = replace(plan, rank=place + 1, bound=None if known is None else min(plan.score, known), steps=steps)
        self.on_plan(better)
        return [*found[:place], better]


def _why_none(answer: Answer, instead: Stop) -> Stop:
    if answer.status == "infeasible":
        return instead
    return "interrupted" if answer.ended_by == "interrupted" else "limit"
