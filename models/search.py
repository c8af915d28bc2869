"""How to look: from a scenario to ranked, checked plans.

Solve; forbid what is too like it; solve again. `best` forbids only the same plan; `different` asks for distance from
every earlier plan, within a price. Every plan passes the checker before anyone sees it.
"""

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal, Protocol

import numpy as np

from models.answer import Answer
from models.candidates import Listing, list_options
from models.checker import Check, check
from models.columns import Columns
from models.decide import decisions_of
from models.exact import Integers
from models.likeness import Event, different_enough, events, not_the_same, overlap, signatures
from models.objective import costs
from models.plan import Plan
from models.program import Program, Rows, row
from models.rules import Rule, StructuralRule
from models.scenario import Scenario
from models.unit import Units

ListName = Literal["best", "different"]
Stop = Literal["found", "no_further", "too_dear", "nothing_differs", "limit", "interrupted", "infeasible"]


class Solve(Protocol):
    """A way to solve a program: in this process or in a worker."""

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer: ...


class CheckerRefused(Exception):  # noqa: N818
    """The checker found another figure than the solver, or a step that cannot be carried out: nothing is published."""

    def __init__(self, found: Check, score: int) -> None:
        self.found, self.score = found, score
        broken = [reading.id for reading in found.plan.readings if not reading.met]
        super().__init__(f"score {score} against {found.plan.score}; refused {found.refusals}; broken {broken}")


@dataclass(frozen=True, eq=False)
class Problem:
    """A scenario made ready for solving: the listed options, the columns without broken ones, and the program."""

    scenario: Scenario
    units: Units
    listing: Listing
    columns: Columns
    broken: int

    @cached_property
    def program(self) -> Program:
        """Cover, linking rows and every rule; the constant is one year's State outlay, which scales the gap."""
        return self.program_of(self.targets)

    @cached_property
    def targets(self) -> tuple[Rule, ...]:
        """The rules that whole plans hold or break; structural ones have already chosen among the options."""
        return tuple(rule for rule in self.scenario.demands if not rule.structural)

    def program_of(self, targets: Iterable[Rule], price: Integers | None = None) -> Program:
        """The program under some of the targets only, at the scenario's score or another price per column."""
        rows = (*self.columns.linking, *(rule.rows(self.columns) for rule in targets))
        cost = self._costs if price is None else price
        return Program(self.columns.cover, rows, cost, self.columns.extra, self.outlay if price is None else 0)

    @cached_property
    def _costs(self) -> Integers:
        return costs(self.columns)

    @cached_property
    def outlay(self) -> int:
        """One year's State outlay of the whole table, by which gaps are measured."""
        return max(1, int(self.units.state_outlay_mvnd.sum()))

    @cached_property
    def marks(self) -> list[Hashable]:
        return signatures(self.columns.paths, len(self.scenario.stages))

    @cached_property
    def events(self) -> list[tuple[Event, ...]]:
        return events(self.columns)


@dataclass(frozen=True, eq=False)
class RankedPlan:
    """A checked plan in its place: score, lower bound, and how well it is proved; all in million VND.

    bound holds for this place in its list; gap_percent is of one year's State outlay.
    """

    list: ListName
    rank: int
    plan: Plan
    values: Integers
    score: int
    bound: int
    outlay: int
    repeatable: bool

    @property
    def gap(self) -> int:
        return max(0, self.score - self.bound)

    @property
    def gap_percent(self) -> Fraction:
        return Fraction(100 * self.gap, self.outlay)

    @property
    def proved_best(self) -> bool:
        return self.gap < 1


@dataclass(frozen=True, eq=False)
class Ranking:
    """The two lists, why each ended, and the problem that they answer."""

    problem: Problem
    plans: tuple[RankedPlan, ...]
    stops: dict[ListName, Stop]
    engine: str

    def of(self, name: ListName) -> tuple[RankedPlan, ...]:
        return tuple(plan for plan in self.plans if plan.list == name)

    @property
    def best_score(self) -> int:
        return min(plan.score for plan in self.plans)


def prepare(scenario: Scenario, units: Units) -> Problem:
    """List the options, compute their consequences, and set aside those that break a structural rule or a pin."""
    listing = list_options(scenario, units)
    columns = Columns.build(scenario, units, listing.paths)
    broken = np.zeros(len(columns.paths), dtype=np.int64)
    for rule in scenario.demands:
        if isinstance(rule, StructuralRule):
            broken += rule.breaks(columns)
    return Problem(scenario, units, listing, columns.taking(broken == 0), int((broken > 0).sum()))


def rank(problem: Problem, solve: Solve, on_plan: Callable[[RankedPlan], None] | None = None) -> Ranking:
    """The lists `best` and `different` of a prepared scenario; fewer plans than asked is told in `stops`."""
    search = problem.scenario.search
    finder = _Finder(problem, solve, on_plan or (lambda _: None))
    stops: dict[ListName, Stop] = {}
    if search.best:
        stops["best"] = finder.fill("best", search.best)
    if search.plans:
        stops["different"] = finder.fill("different", search.plans)
    return Ranking(problem, tuple(finder.plans), stops, finder.engine)


class _Finder:
    """Fills one list after the other; the first plan is the same in both and is solved once."""

    def __init__(self, problem: Problem, solve: Solve, on_plan: Callable[[RankedPlan], None]) -> None:
        self.problem, self.solve, self.on_plan = problem, solve, on_plan
        self.plans: list[RankedPlan] = []
        self.first: Answer | None = None
        self.engine = ""
        search = problem.scenario.search
        self.gap = float(max(Fraction(1, 2), search.gap_percent * problem.outlay / 100))
        self.left = search.best + search.plans - (1 if search.best and search.plans else 0)

    def fill(self, name: ListName, wanted: int) -> Stop:
        found: list[RankedPlan] = []
        while len(found) < wanted:
            rows = self._rows(name, found)
            if rows is None:
                return self._keep(found, "nothing_differs")
            answer = self._answer(rows, hint=found[-1].values if found and not rows else None)
            if answer.plan is None:
                return self._keep(found, _why_none(answer, bool(found)))
            plan = self._checked(name, len(found) + 1, answer, found)
            if found and plan.score < found[-1].score:
                found = self._earlier(found, plan)
                continue
            if name == "different" and found and self._too_dear(plan, found[0]):
                return self._keep(found, "too_dear")
            found.append(plan)
            self.on_plan(plan)
            if answer.ended_by == "interrupted":
                return self._keep(found, "interrupted")
        return self._keep(found, "found")

    def _keep(self, found: list[RankedPlan], stop: Stop) -> Stop:
        self.plans += found
        return stop

    def _rows(self, name: ListName, found: Sequence[RankedPlan]) -> list[Rows] | None:
        """What the next plan must not be like; None where nothing can differ."""
        problem, width = self.problem, self.problem.program.columns
        if name == "best":
            return [not_the_same(problem.marks, plan.values, width, f"not-{plan.rank}") for plan in found]
        if problem.scenario.search.different_by == "most":
            return self._as_different_as_possible(found)
        kept = 1 - problem.scenario.search.different_percent / 100
        share = (kept.numerator, kept.denominator)
        rows = [different_enough(problem.events, plan.values, width, share, f"unlike-{plan.rank}") for plan in found]
        return None if any(row is None for row in rows) else [row for row in rows if row is not None]

    def _as_different_as_possible(self, found: Sequence[RankedPlan]) -> list[Rows] | None:
        """Within the price of the best plan: the least overlap with all earlier plans, as a row for the next one."""
        problem = self.problem
        if not found:
            return []
        width = problem.program.columns
        again = sum((overlap(problem.events, plan.values, width) for plan in found), np.zeros(width, dtype=np.int64))
        if not again @ found[-1].values:
            return None
        within = problem.scenario.search.within_percent * problem.outlay / 100
        price = row("within", problem.program.costs, at_most=int(found[0].score + within))
        program = problem.program.with_rows([price]).with_costs(again)
        least = self.solve(program, hint=found[-1].values, gap=0.0, share=Fraction(1, 2 * max(1, self.left)))
        if least.score is None:
            return None
        return [price, row("unlike", again, at_most=least.score)]

    def _answer(self, rows: list[Rows], hint: Integers | None) -> Answer:
        if not rows and self.first is not None:
            return self.first
        share = Fraction(1, max(1, self.left))
        answer = self.solve(self.problem.program.with_rows(rows), hint=hint, gap=self.gap, share=share)
        self.left -= 1
        self.engine = answer.engine
        if not rows:
            self.first = answer
        return answer

    def _checked(self, name: ListName, rank: int, answer: Answer, found: Sequence[RankedPlan]) -> RankedPlan:
        """The answer as decisions, rebuilt by the checker; a difference between the two stops everything."""
        problem = self.problem
        assert answer.plan is not None
        decisions = decisions_of(problem.columns, answer.plan)
        rebuilt = check(problem.scenario, problem.units, decisions)
        score = problem.program.score(answer.plan)
        if not rebuilt.passed or rebuilt.plan.score != score:
            raise CheckerRefused(rebuilt, score)
        bounds = [plan.bound for plan in found] + ([] if answer.bound is None else [answer.bound])
        bound = min(score, max(bounds, default=score - problem.outlay))
        return RankedPlan(name, rank, rebuilt.plan, answer.plan, score, bound, problem.outlay, answer.repeatable)

    def _earlier(self, found: list[RankedPlan], plan: RankedPlan) -> list[RankedPlan]:
        """A later answer may beat an earlier one within its gap: it takes the place, and the rest is sought anew."""
        place = next(position for position, earlier in enumerate(found) if plan.score < earlier.score)
        bound = min(plan.score, found[place].bound)
        better = replace(plan, rank=place + 1, bound=bound)
        self.on_plan(better)
        return [*found[:place], better]

    def _too_dear(self, plan: RankedPlan, best: RankedPlan) -> bool:
        within = self.problem.scenario.search.within_percent * self.problem.outlay / 100
        return plan.score - best.score > within


def _why_none(answer: Answer, some: bool) -> Stop:
    if answer.status == "infeasible":
        return "no_further" if some else "infeasible"
    return "interrupted" if answer.ended_by == "interrupted" else "limit"
