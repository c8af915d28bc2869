"""Answering what a plan's decisions are worth: bounds first, then whole solves, every answer checked."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from math import floor

import numpy as np

from models.agreement import plan_events
from models.answer import Answer, second_engine
from models.checker import Check, check
from models.chosen import values_of, with_options_of
from models.decide import decisions_of
from models.exact import Integers
from models.importance import Price, Pricing
from models.likeness import Event, overlap
from models.plan import Plan
from models.prepared import Prepared
from models.program import Program, Rows, row
from models.questions import Question, of_events, of_unit
from models.ranked import RankedPlan
from models.rules import Rule
from models.search import CheckerRefused, not_again, unlike
from models.staircase import at_its_limit, neighbours, program_of
from planner.explanation import Explanation, Priced, StairPrice
from planner.run_reading import Run
from planner.searching import Searching, ready

LARGEST_SHARE = Fraction(1, 4)  # of the time that is left, so that one hard question leaves some to the others


class Explainer:
    """Answers questions about one plan of a run, on the run's own copy of its scenario."""

    def __init__(self, run: Run, ranked: RankedPlan, searching: Searching) -> None:
        self.run, self.searching = run, searching
        plans = [plan.plan.decisions for plan in run.plans]
        self.problem = with_options_of(ready(run.case), plans)
        placed = [replace(plan, values=values_of(self.problem, plan.plan.decisions)) for plan in run.plans]
        self.ranked = placed[run.plans.index(ranked)]
        self.others = [plan for plan in placed if plan is not self.ranked]
        self.beside = rows_of_place(self.problem, self.ranked, placed)
        self.program = self.problem.program.with_rows(self.beside)
        score = self.problem.program.score(self.ranked.values)
        self.nothing = floor(self.problem.gap)
        pool = [plan.values for plan in placed]
        self.pricing = Pricing(score, self._solve, self._never, self.nothing, pool)
        self._known = {plan.values.tobytes(): plan.plan for plan in placed}
        self.repeatable = True

    def explain(self, unit: int | None, on_step: Callable[[str, int, int], None]) -> Explanation:
        """Prices of a unit's fates, or of the whole plan and the steps of its targets; on_step(what, done, of)."""
        plan = self.ranked.plan
        limits = tuple(rule.id for rule in self.problem.targets if at_its_limit(rule, plan))
        found = Explanation(self.run, self.ranked, unit, self.nothing, limits)
        questions = self._questions(unit)
        known = []
        for done, question in enumerate(questions):
            on_step("bounding", done, len(questions))
            known.append(self._bounded(question))
        for done, (question, price) in enumerate(zip(questions, known, strict=True)):
            if question.listed and not self.pricing.settled(price):
                on_step("pricing", done, len(questions))
                price = self._exact(question.of(self.program), price, len(questions) - done, found)
            found.priced.append(self._told(question, price))
        if unit is None:
            self._climb(found, on_step)
        found.interrupted, found.repeatable = self.searching.stop.asked, self.repeatable
        return found

    def _questions(self, unit: int | None) -> list[Question]:
        if unit is not None:
            return of_unit(self.problem, unit, self.ranked.values)
        mine = plan_events(self.ranked.plan)
        theirs = frozenset[Event]().union(*(plan_events(plan.plan) for plan in self.others)) - mine
        refused = of_events(self.problem, self._standing_for(mine), "without")
        return refused + of_events(self.problem, self._standing_for(theirs), "with")

    def _standing_for(self, events: frozenset[Event]) -> list[tuple[int, Event]]:
        """Each event under one of its units: the host of this plan's mergers, else the largest."""
        at, posts = self.run.case.units.positions, self.run.case.units.posts
        hosts = {at[self.ranked.plan.host_of(unit_id)] for unit_id in self.run.case.units.ids}
        found = []
        for event in events:
            first = max(event.units, key=lambda unit: (unit in hosts, int(posts[unit]), -unit))
            found.append((first, event))
        return sorted(found, key=lambda pair: (pair[1].fate, pair[0], pair[1].units))

    def _bounded(self, question: Question) -> Price:
        if not question.listed or self.searching.stop.asked:
            return Price(cut=question.listed)
        seconds = max(1.0, self.searching.clock.left)
        return self.pricing.bounded(question.of(self.program), self.ranked.bound, seconds)

    def _exact(self, program: Program, known: Price, left: int, found: Explanation) -> Price:
        """The exact price, where there is time for it."""
        if self.searching.stop.asked or not self.searching.clock.left or self.searching.worker_died:
            found.unasked += 1
            return replace(known, cut=True)
        share = max(Fraction(1, left), LARGEST_SHARE)
        return self.pricing.exact(program, known, share)

    def _told(self, question: Question, price: Price) -> Priced:
        if price.values is None:
            return Priced(question, price, price.kind(self.nothing))
        plan = self._plan_of(price.values)
        mine, its = self._by_unit(self.ranked.plan), self._by_unit(plan)
        changed = {unit for unit in {*mine, *its} if mine.get(unit) != its.get(unit)}
        others = tuple(sorted(changed - set(question.event.units)))
        return Priced(question, price, price.kind(self.nothing), others, plan)

    def _by_unit(self, plan: Plan) -> dict[int, Event]:
        return {unit: event for event in plan_events(plan) for unit in event.units}

    def _climb(self, found: Explanation, on_step: Callable[[str, int, int], None]) -> None:
        """The steps of every target, those that ask for less first: what holds there bounds the next."""
        steps = [one for rule in self.problem.targets for one in neighbours(rule)]
        for done, one in enumerate(steps):
            on_step("climbing", done, len(steps))
            if self.searching.stop.asked:
                found.unasked += len(steps) - done
                return
            program = program_of(self.problem, one.rule, self.beside)
            floor_ = self.ranked.bound if one.step > 0 else None
            known = self.pricing.bounded(program, floor_, max(1.0, self.searching.clock.left))
            price = known if known.proved else self._exact(program, known, len(steps) - done, found)
            if price.values is not None:
                self._checked(price.values, one.rule)
            found.stairs.append(StairPrice(one, price))

    def _plan_of(self, values: Integers) -> Plan:
        """The checked plan of an answer; several questions may have the same one."""
        known = values.tobytes()
        if known not in self._known:
            self._known[known] = self._checked(values, None).plan
        return self._known[known]

    def _checked(self, values: Integers, instead: Rule | None) -> Check:
        """The answer rebuilt by the checker, under the scenario with one rule replaced where a step was asked."""
        problem = self.problem
        scenario = problem.scenario
        if instead is not None:
            rules = tuple(instead if rule.id == instead.id else rule for rule in scenario.rules)
            scenario = scenario.model_copy(update={"rules": rules})
        rebuilt = check(scenario, problem.units, decisions_of(problem.columns, values))
        score = problem.program.score(values)
        if not rebuilt.passed or rebuilt.plan.score != score:
            raise CheckerRefused(rebuilt, score)
        return rebuilt

    def _solve(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        answer = self.searching(program, hint=hint, gap=gap, share=share)
        self.repeatable &= answer.repeatable
        if answer.plan is None:
            return answer
        tidy = self.problem.columns.tidy(answer.plan)
        return replace(answer, values=tidy, score=program.score(tidy))

    def _never(self, program: Program) -> bool:
        """Whether a second engine finds no plan either."""
        second = second_engine(self.searching.engine)
        answer = self.searching.by(second, program, hint=None, gap=0.0, share=LARGEST_SHARE)
        self.repeatable &= answer.repeatable
        return answer.status == "infeasible"


def rows_of_place(problem: Prepared, ranked: RankedPlan, plans: Sequence[RankedPlan]) -> list[Rows]:
    """What the search asked of a plan in its place beside the rules: not to be like the earlier ones of its list."""
    earlier = [plan for plan in plans if plan.list == ranked.list and plan.rank < ranked.rank]
    search = problem.scenario.search
    if ranked.list == "best":
        return not_again(problem, earlier)
    if search.different_by == "share":
        return unlike(problem, earlier) or []
    return list(_as_different(problem, ranked, earlier))


def _as_different(problem: Prepared, ranked: RankedPlan, earlier: Sequence[RankedPlan]) -> Iterator[Rows]:
    """At most as much in common with the earlier plans as the plan has, and no earlier plan again."""
    width = problem.program.columns
    again = sum((overlap(problem.events, plan.values, width) for plan in earlier), np.zeros(width, np.int64))
    yield from not_again(problem, earlier)
    if again.any():
        yield row("unlike", again, at_most=int(again @ ranked.values))
