"""The programs of one case on one clock: a worker solves them until the time, the solver or somebody ends it."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from fractions import Fraction

from models.answer import Answer, Ending, Engine, Limits, LpAnswer, Values
from models.exact import Integers
from models.holding import hold_in
from models.option import Paths
from models.prepared import Prepared, prepare
from models.problem import InputError, Problem
from models.program import Program
from planner.at_work import at_work
from planner.interruption import Interruption
from planner.other_scenarios import others_of
from planner.scenario_file import Case
from planner.solver import Solver, WorkerDied, no_relaxation

Progress = Callable[[int | None, int | None], None]
LEAST_SECONDS = 1.0
TURNS_AFTER = 500
"""Search nodes after which `auto` looks for options first; the five plans of Bình Thuận take at most 258."""


@dataclass
class Clock:
    """One deadline for a whole search: every solve may use its share of what is left."""

    limit: float
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return max(0.0, self.limit - (time.monotonic() - self.began))


class Searching:
    """Solves the programs of one case in a worker, on one clock; once asked to stop, it solves nothing any more."""

    def __init__(self, case: Case, solver: Solver, stop: Interruption, on_progress: Progress | None = None) -> None:
        search = case.scenario.search
        self.engine: Engine = "highs" if search.engine == "auto" else search.engine
        self.free, self.workers = search.engine == "auto", search.workers
        self.solver, self.clock, self.seed = solver, Clock(float(search.time_limit_s)), search.seed
        self.stop, self.worker_died, self.solved, self.explaining = stop, "", 0, False
        self.on_progress = on_progress or (lambda _score, _bound: None)

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        engine = self._engine_of(program)
        if not (self.free and engine == "highs"):
            return self.by(engine, program, hint=hint, gap=gap, share=share)
        return self._turning(program, hint=hint, limits=replace(self._limits(gap, share), nodes=TURNS_AFTER))

    def _engine_of(self, program: Program) -> Engine:
        """The scenario's engine; where it leaves the choice, decomposition for programs that it pays for."""
        from models.decompose import pays

        return "decompose" if self.free and pays(program) else self.engine

    def _turning(self, program: Program, *, hint: Integers | None, limits: Limits) -> Answer:
        """HiGHS for so many nodes; a program that takes more is hard: options first, from the plan at hand."""
        began = time.monotonic()
        answer = self._asked("highs", program, hint=hint, limits=limits)
        rest = limits.seconds - (time.monotonic() - began)
        if answer.ended_by != "work" or self._over() or rest <= 0:
            return answer
        known = hint if answer.values is None else answer.values
        after = self._asked("options_first", program, hint=known, limits=Limits(rest, limits.gap))
        return _with_bound_of(answer, after, limits.gap)

    def by(self, engine: Engine, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return self._asked(engine, program, hint=hint, limits=self._limits(gap, share))

    def _limits(self, gap: float, share: Fraction) -> Limits:
        return Limits(time_s=max(LEAST_SECONDS, self.clock.left * float(share)), gap=gap)

    def _asked(self, engine: Engine, program: Program, *, hint: Values | None, limits: Limits) -> Answer:
        if ending := self._over():
            return _unasked(engine, ending)
        self.solved += 1
        try:
            answer = self.solver.solve(
                program,
                limits=limits,
                engine=engine,
                hint=hint,
                seed=self.seed,
                workers=self.workers,
                on_progress=lambda score, bound, _: self.on_progress(score, bound),
            )
        except WorkerDied as death:
            self.worker_died, answer = str(death), death.answer
        self.stop.asked = self.stop.asked or answer.ended_by == "interrupted"
        return answer

    def relax(self, program: Program) -> LpAnswer:
        """The linear relaxation of a program, on the same clock; "unknown" once nothing more is solved."""
        if self._over():
            return no_relaxation()
        answer = self.solver.relax(program, time_s=max(LEAST_SECONDS, self.clock.left))
        self.stop.asked = self.stop.asked or self.solver.interrupted
        return answer

    def price(self, program: Program, gap: float) -> LpAnswer:
        """As `relax`, by passes over the parts of a program that has many; gap: the gap asked for of the search."""
        if self._over():
            return no_relaxation()
        time_s = max(LEAST_SECONDS, self.clock.left)
        answer = self.solver.price(program, time_s=time_s, gap=gap, workers=self.workers)
        self.stop.asked = self.stop.asked or self.solver.interrupted
        return answer

    def _over(self) -> Ending | None:
        """Why nothing more is solved; the first program, and what explains an impossible one, gets a moment anyway."""
        if self.stop.asked:
            return "interrupted"
        if self.worker_died:
            return "work"
        return "clock" if self.solved and not self.clock.left and not self.explaining else None


def _with_bound_of(before: Answer, after: Answer, gap: float) -> Answer:
    """The later answer with the better bound of both; one that stands above its plan is wrong, and nothing rests on it.

    An answer that the earlier bound brings near enough has ended by it, whatever stopped the search.
    """
    seconds, repeatable = before.seconds + after.seconds, before.repeatable and after.repeatable
    told = replace(after, seconds=seconds, repeatable=repeatable)
    bounds = [bound for bound in (before.bound, after.bound) if bound is not None]
    best = max((bound for bound in bounds if after.score is None or bound <= after.score), default=None)
    if best == after.bound or best is None or after.score is None or after.score - best > gap:
        return replace(told, bound=best)
    proved = best == after.score
    return replace(told, bound=best, status="optimal" if proved else "feasible", ended_by="proof" if proved else "gap")


def _unasked(engine: Engine, ending: Ending) -> Answer:
    return Answer("unknown", None, None, None, 0.0, ending, repeatable=False, engine=engine, version="")


def ready(case: Case, drafted: Paths | None = None) -> Prepared:
    """A case made ready for solving in all its scenarios, with a draft's own options where there is one.

    Errors: InputError where its figures leave what solvers compute with.
    """
    from models.solver_model import refuse_large

    at_work("cli.listing")
    with problems_of(case):
        problem = hold_in(prepare(case.scenario, case.units, drafted), others_of(case))
        refuse_large(problem.program)
    at_work("cli.searching")
    return problem


@contextmanager
def problems_of(case: Case) -> Iterator[None]:
    """What figures leave what solvers compute with, told of the scenario's file and by the rule that asks for it."""
    try:
        yield
    except InputError as error:
        raise InputError(str(case.path), [_by_rule(problem) for problem in error.problems]) from error


def _by_rule(problem: Problem) -> Problem:
    """A row of the program, `cut39[Sở A]`, as the rule that asks for it."""
    found = re.fullmatch(r"([A-Za-z][\w-]*)\[(.*)\]", problem.where)
    if found is None or found[1] in ("merging", "cover"):
        return problem
    rule, label = found.groups()
    return Problem(f"rules[{rule}]" + (f" {label}" if label != rule else ""), problem.code, problem.facts)
