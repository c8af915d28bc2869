"""How to look: from a scenario to ranked, checked plans.

Solve; forbid what is too like it; solve again. `best` forbids only the same plan; `different` asks for distance from
every earlier plan, within a price. Every plan passes the checker before anyone sees it.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from math import floor

import numpy as np

from models.answer import Answer
from models.beside import Beside, joined, widened
from models.candidates import Listing, list_options
from models.checker import Check, check
from models.columns import Columns, Truths
from models.decide import decisions_of
from models.exact import Integers
from models.figures import GAINS, SCORE
from models.likeness import Event, different_enough, events, not_the_same, overlap, signatures
from models.objective import costs, criteria
from models.option import Paths, unlisted
from models.order import Order, Step, values_of
from models.order import Solve as Solve  # what searches are given; those that search import it from here
from models.other import check_in
from models.plan import Plan
from models.program import Program, Rows, row
from models.ranked import ListName as ListName  # what a search finds is imported from here as well
from models.ranked import RankedPlan as RankedPlan
from models.ranked import Ranking as Ranking
from models.ranked import Stop as Stop
from models.rules import Rule, StructuralRule
from models.scenario import Scenario
from models.unit import Units

_NO_FURTHER: Stop = "no_further"
_TOO_DEAR: Stop = "too_dear"


class CheckerRefused(Exception):  # noqa: N818
    """The checker found another figure than the solver, or a step that cannot be carried out: nothing is published."""

    def __init__(self, found: Check, score: int) -> None:
        self.found, self.score = found, score
        broken = [reading.id for reading in found.plan.readings if not reading.met]
        super().__init__(f"score {score} against {found.plan.score}; refused {found.refusals}; broken {broken}")


@dataclass(frozen=True)
class LeftOut:
    """Options that were priced and left out of a listing: how many, and what a plan with any of them costs at least.

    None: not known, since not every option was priced.
    """

    options: int | None
    costs_at_least: int | None


@dataclass(frozen=True, eq=False)
class Problem:
    """A scenario made ready for solving: the listed options, the columns without broken ones, and the program.

    held: what every plan must hold beside the rules; beside: other scenarios whose rules every plan must hold as well;
    left_out: options that the listing could hold and does not.
    """

    scenario: Scenario
    units: Units
    listing: Listing
    columns: Columns
    broken: int
    held: tuple[Rows, ...] = ()
    beside: tuple[Beside, ...] = ()
    left_out: LeftOut | None = None

    @cached_property
    def program(self) -> Program:
        """Cover, linking rows and every rule; the constant is one year's State outlay, which scales the gap."""
        return self.program_of(self.targets)

    @cached_property
    def targets(self) -> tuple[Rule, ...]:
        """The rules that whole plans hold or break; structural ones have already chosen among the options."""
        return tuple(rule for rule in self.scenario.demands if not rule.structural)

    def program_of(self, targets: Iterable[Rule], price: Integers | None = None) -> Program:
        """The program under some of the targets only, at the scenario's score or another price per column.

        Other scenarios hold as they are.
        """
        rows = (*self.columns.linking, *(rule.rows(self.columns) for rule in targets), *self.held)
        cost = self._costs if price is None else price
        own = Program(self.columns.cover, rows, cost, self.columns.extra, self.outlay if price is None else 0)
        return joined(own, self.beside, [one.targets for one in self.beside])

    @cached_property
    def _costs(self) -> Integers:
        return costs(self.columns)

    def beside_left_out(self, answer: Answer) -> Answer:
        """An answer about the score with a bound that holds for plans with options left out as well."""
        if self.left_out is None:
            return answer
        least = self.left_out.costs_at_least
        return replace(answer, bound=None if least is None or answer.bound is None else min(answer.bound, least))

    @cached_property
    def outlay(self) -> int:
        """One year's State outlay of the whole table, by which gaps are measured."""
        return max(1, int(self.units.state_outlay_mvnd.sum()))

    @property
    def gap(self) -> float:
        """Within how many million VND of the bound a solve may end."""
        return float(max(Fraction(1, 2), self.scenario.search.gap_percent * self.outlay / 100))

    @cached_property
    def order(self) -> Order:
        """The steps by which plans are judged; without an order the score alone."""
        objective = self.scenario.objective
        found = criteria(self.columns) if objective.order else {}
        vectors = {name: -vector if name in GAINS else vector for name, vector in found.items()} | {SCORE: self._costs}
        prices = tuple(widened(vectors[name], self.program.columns) for name in objective.steps)
        tolerance = objective.order_tolerance_percent
        return Order(objective.steps, prices, tolerance, self.gap, self.outlay, self.tidy)

    def tidy(self, values: Integers) -> Integers:
        """A solution without what an engine may leave standing in its gap, in the columns of every scenario."""
        main = self.columns.tidy(values[: len(self.columns)])
        whole = np.concatenate([main, values[len(self.columns) :]])
        return np.concatenate([main, *(one.tidied(whole) for one in self.beside)])

    @cached_property
    def marks(self) -> Integers:
        return signatures(self.columns.paths, len(self.scenario.stages))

    @cached_property
    def events(self) -> list[tuple[Event, ...]]:
        return events(self.columns)


def prepare(scenario: Scenario, units: Units, drafted: Paths | None = None) -> Problem:
    """List the options, compute their consequences, and set aside those that break a structural rule or a pin.

    drafted: options of a draft, which join the listing where it lacks them.
    """
    listing = list_options(scenario, units)
    if drafted is not None:
        listing = replace(listing, paths=Paths.joined([listing.paths, unlisted(listing.paths, drafted)]))
    columns = Columns.build(scenario, units, listing.paths)
    broken = broken_options(columns)
    return Problem(scenario, units, listing, columns.taking(~broken), int(broken.sum()))


def broken_options(columns: Columns) -> Truths:
    """Options that break a structural rule or a pin."""
    broken = np.zeros(len(columns.paths), dtype=bool)
    for rule in columns.scenario.demands:
        if isinstance(rule, StructuralRule):
            broken |= rule.breaks(columns)
    return broken


def rank(problem: Problem, solve: Solve, on_plan: Callable[[RankedPlan], None] | None = None) -> Ranking:
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


def not_again(problem: Problem, found: Sequence[RankedPlan]) -> list[Rows]:
    """Rows that forbid each of the plans found, and nothing else."""
    width = problem.program.columns
    return [not_the_same(problem.marks, plan.values, width, f"not-{plan.rank}") for plan in found]


def unlike(problem: Problem, found: Sequence[RankedPlan]) -> list[Rows] | None:
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

    def __init__(self, problem: Problem, solve: Solve, on_plan: Callable[[RankedPlan], None]) -> None:
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
