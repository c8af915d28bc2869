"""Options in whole numbers first, amounts after: for provinces in which many ceilings stand near what is possible.

What is hard there is which units to merge or raise: large lumps under narrow ceilings. Amounts (posts slimmed, grants
turned into orders) come in steps so small that whole or not hardly changes the score. So the search for options lets
amounts be fractions, and its bound holds for every plan; beside the options that it finds, amounts are made whole.
Where that is not near enough to the bound, the program is solved as it is, from the plan in hand.
"""

from dataclasses import replace
from time import monotonic

import numpy as np

from models.answer import Answer, Ending, Engine, Limits, OnProgress, Values
from models.in_one_piece import VERSION, Means, solve_whole
from models.incumbent import Incumbent
from models.program import Extra, Program, row

OPTIONS_TIME = 0.8  # of the time; the rest is kept for amounts
OPTIONS_GAP = 0.25  # of the gap; the rest is kept for what whole amounts cost more


def solve(
    program: Program,
    *,
    limits: Limits,
    hint: Values | None,
    on_progress: OnProgress | None,
    seed: int,
    means: Means,
) -> Answer:
    """As `models.engine.solve`, through HiGHS."""
    search = _Search(program, limits, seed, means, Incumbent(program, on_progress))
    if hint is not None:
        search.best.offer(hint)
    options = search.options()
    if options.values is not None:
        search.amounts(options, options.values)
    if not search.over():
        search.as_it_is()
    return search.told()


def loosened(program: Program) -> Program:
    """The program whose amounts may be fractions: no plan of it is cheaper than its best."""
    return replace(program, extra=Extra(program.extra.upper, np.zeros(len(program.extra), dtype=bool)))


def with_options_of(program: Program, values: Values) -> Program:
    """The program in which all the options of a solution are taken again; amounts are free."""
    taken = np.zeros(program.columns, dtype=np.int64)
    taken[: program.choices] = np.rint(values[: program.choices])
    return program.with_rows([row("options", taken, at_least=int(taken.sum()))])


class _Search:
    """Programs solved one after the other, that share a plan, a bound and a clock."""

    def __init__(self, program: Program, limits: Limits, seed: int, means: Means, best: Incumbent) -> None:
        self.program, self.limits, self.seed, self.means, self.best = program, limits, seed, means, best
        self.began = monotonic()
        self.ended_by: Ending = "work"
        self.repeatable, self.impossible = True, False

    def options(self) -> Answer:
        """Those beside which amounts, if they could be fractions, cost least."""
        limits = replace(self.limits, time_s=OPTIONS_TIME * self.limits.seconds, gap=OPTIONS_GAP * self.limits.gap)
        return self._bounded(self._solved("options_first", loosened(self.program), limits, self._plan_or_bound))

    def amounts(self, options: Answer, taken: Values) -> None:
        """Whole amounts beside these options: as near to the bound as is asked for, where there are any."""
        near = max(OPTIONS_GAP * self.limits.gap, self.limits.gap - (options.gap or 0))
        self._solved("highs", with_options_of(self.program, taken), replace(self._rest(), gap=near), self._plan)

    def as_it_is(self) -> None:
        self._bounded(self._solved("highs", self.program, self._rest(), self._plan_or_bound))

    def over(self) -> bool:
        found = self.impossible or self.best.within(self.limits.gap)
        return found or self.ended_by == "interrupted" or not self._rest().seconds

    def told(self) -> Answer:
        cut = self.ended_by if self.ended_by in ("clock", "interrupted") else None
        status, ended_by = self.best.outcome(self.limits.gap, cut, impossible=self.impossible)
        known = (self.best.values, self.best.score, self.best.bound)
        return Answer(status, *known, monotonic() - self.began, ended_by, self.repeatable, "options_first", VERSION)

    def _solved(self, engine: Engine, program: Program, limits: Limits, on_progress: OnProgress) -> Answer:
        told = solve_whole(
            program,
            limits=limits,
            engine=engine,
            hint=self.best.values,
            on_progress=on_progress,
            seed=self.seed,
            means=self.means,
        )
        self.ended_by, self.repeatable = told.ended_by, self.repeatable and told.repeatable
        return told

    def _plan(self, _score: int | None, _bound: int | None, values: Values | None) -> None:
        """Kept where it is a plan of the program itself."""
        if values is not None:
            self.best.offer(values)

    def _plan_or_bound(self, score: int | None, bound: int | None, values: Values | None) -> None:
        self._plan(score, bound, values)
        if bound is not None:
            self.best.keep_bound(bound)

    def _bounded(self, told: Answer) -> Answer:
        """What holds for more plans than the program has holds for its plans."""
        self.impossible = told.status == "infeasible"
        self._plan_or_bound(None, told.bound, None)
        return told

    def _rest(self) -> Limits:
        return replace(self.limits, time_s=max(0.0, self.limits.seconds - (monotonic() - self.began)))
