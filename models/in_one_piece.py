"""A program in one piece: one blocking call of a solver, which gives an answer checked in whole numbers.

HiGHS, SCIP and CP-SAT are reached through `ortools.math_opt`, which reports true bounds and keeps the plan at a limit.
A plan counts only when it holds every row in integers, scores are summed in integers, and a bound is rounded so that
it never stands above the truth.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from time import monotonic

import numpy as np
import ortools  # type: ignore[import-untyped]
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]
from ortools.util.python.solve_interrupter import SolveInterrupter  # type: ignore[import-untyped]

from models.answer import Answer, Ending, Engine, Limits, LpAnswer, OnProgress, Values
from models.engine_settings import SETUPS, Setup, parameters
from models.errands import Errand, Relaxing, Spread
from models.incumbent import Incumbent
from models.listener import Listener
from models.plan_stream import PlanFile
from models.problem import InputError, Problem
from models.program import Program
from models.relaxation import relax
from models.solver_model import SolverRows, Tightening, model_proto, refuse_large, row_name

ATTEMPTS = 5
VERSION = f"ortools {ortools.__version__}"
_INFEASIBLE = (
    mathopt.TerminationReason.INFEASIBLE,
    mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,  # every column is bounded
)


class EngineError(RuntimeError):
    """The solver library broke off with an error of its own."""


@dataclass(frozen=True)
class Means:
    """What a call may use beside the program; none of it changes the answer.

    plan_file: where HiGHS leaves better plans while it runs (without it only its bounds are told);
    interrupter: ends SCIP and CP-SAT from another thread; HiGHS does not listen to it;
    spread: who solves the parts of a large program; without it they are solved here, one after the other;
    presolve: whether HiGHS rewrites the program first, which pays over a tree of nodes: not where the relaxation with
    its cuts is all that is needed.
    """

    plan_file: PlanFile | None = None
    interrupter: SolveInterrupter | None = None
    spread: Spread | None = None
    presolve: bool = True


def solve_whole(
    program: Program,
    *,
    limits: Limits,
    engine: Engine = "highs",
    hint: Values | None = None,
    on_progress: OnProgress | None = None,
    seed: int = 0,
    means: Means | None = None,
) -> Answer:
    """As `models.engine.solve`, by an engine that takes the whole program at once."""
    refuse_large(program)
    if engine == "cpsat" and not program.whole.all():
        raise InputError("program", [Problem("engine", "engine.continuous", {"engine": engine})])
    run = _Run(program, engine, limits, seed, means or Means())
    return _Search(run, Incumbent(program, on_progress)).answer(hint)


def one_by_one(means: Means) -> Spread:
    """Errands run in this process, each when the answer before it has been taken."""

    def run(errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        for errand in errands:
            if isinstance(errand, Relaxing):
                yield relax(errand.program, errand.time_s)
            else:
                yield solve_whole(errand.program, limits=errand.limits, seed=errand.seed, means=means)

    return run


@dataclass(frozen=True, eq=False)
class _Run:
    """One call of the solver library: the program and how it is to be solved."""

    program: Program
    engine: Engine
    limits: Limits
    seed: int
    means: Means

    def result(
        self, tightening: Tightening, hint: Values | None, listener: Listener, *, seconds: float
    ) -> mathopt.SolveResult:
        setup = SETUPS[self.engine]
        rows = SolverRows.of(self.program).tightened(tightening).reduced(self.program).scaled(setup.scaling_bits)
        model = mathopt.Model.from_model_proto(model_proto(self.program, rows))
        chosen = parameters(self.engine, self.program, self.limits, seconds=seconds, seed=self.seed)
        if not self.means.presolve:
            chosen.presolve = mathopt.Emphasis.OFF
        try:
            return mathopt.solve(
                model,
                setup.solver,
                params=chosen,
                model_params=_hinted(model, hint),
                **self._heard(setup, chosen, listener),
            )
        except Exception as error:
            # In ortools 9.15 an error of the library is lost in another one while it is translated.
            raise EngineError(f"{self.engine}: {error.__context__ or error}") from error

    def _heard(self, setup: Setup, chosen: mathopt.SolveParameters, listener: Listener) -> dict[str, object]:
        if setup.events:
            registration = mathopt.CallbackRegistration(events=set(setup.events))
            return {"callback_reg": registration, "cb": listener.event, "interrupter": self.means.interrupter}
        if self.means.plan_file is not None:
            chosen.highs.string_options["mip_improving_solution_file"] = self.means.plan_file.fresh()
            chosen.highs.bool_options["mip_improving_solution_report_sparse"] = True
        return {"msg_cb": listener.log}


class _Search:
    """Runs the solver, and again with tighter rows where its floats let a plan slip past them."""

    def __init__(self, run: _Run, best: Incumbent) -> None:
        self.run, self.best = run, best
        self.began = monotonic()

    def answer(self, hint: Values | None) -> Answer:
        program = self.run.program
        if hint is not None:
            self.best.offer(hint)
        tightening = Tightening.none(program)
        for attempt in range(ATTEMPTS):
            known = hint if self.best.values is None else self.best.values
            # A tightened row may shut out good plans, so only the first run's bound speaks for the program.
            listener = Listener(self.best, self.run.means.plan_file, bounds_hold=attempt == 0)
            result = self.run.result(tightening, known, listener, seconds=self._left())
            listener.finish(result)
            refused, broken = self._take(result)
            if not broken.size or self._cut_short(result):
                return self._told(result, first=attempt == 0)
            tightening = tightening.after(program, refused, broken)
        if self.best.values is None:
            names = ", ".join(row_name(program, int(position)) for position in broken[:5])
            raise InputError("program", [Problem(names, "engine.rounding", {"attempts": ATTEMPTS})])
        return self._told(result, first=False)

    def _take(self, result: mathopt.SolveResult) -> tuple[Values, np.ndarray[tuple[int], np.dtype[np.int64]]]:
        """The plan of a finished run, and the rows that it breaks; no plan breaks none."""
        if not result.has_primal_feasible_solution():
            return np.zeros(0), np.zeros(0, dtype=np.int64)
        by_column = result.variable_values()
        values = np.zeros(self.run.program.columns)
        for variable, value in by_column.items():
            values[variable.id] = value
        return values, self.best.offer(values)

    def _told(self, result: mathopt.SolveResult, *, first: bool) -> Answer:
        cut = self._cut_short(result)
        impossible = first and result.termination.reason in _INFEASIBLE
        status, ended_by = self.best.outcome(self.run.limits.gap, cut, impossible=impossible)
        return Answer(
            status=status,
            values=self.best.values,
            score=self.best.score,
            bound=self.best.bound,
            seconds=monotonic() - self.began,
            ended_by=ended_by,
            repeatable=cut is None,
            engine=self.run.engine,
            version=VERSION,
        )

    def _cut_short(self, result: mathopt.SolveResult) -> Ending | None:
        """What outside the search itself ended a run; CP-SAT does not name the clock as its reason."""
        limit = result.termination.limit
        if limit == mathopt.Limit.INTERRUPTED:
            return "interrupted"
        unnamed = limit == mathopt.Limit.UNDETERMINED and (self.run.limits.nodes is None or self._left() < 0.1)
        return "clock" if limit == mathopt.Limit.TIME or unnamed else None

    def _left(self) -> float:
        return max(0.0, self.run.limits.seconds - (monotonic() - self.began))


def _hinted(model: mathopt.Model, hint: Values | None) -> mathopt.ModelSolveParameters:
    chosen = mathopt.ModelSolveParameters()
    if hint is not None:
        values = {variable: float(hint[variable.id]) for variable in model.variables()}
        chosen.solution_hints.append(mathopt.SolutionHint(variable_values=values))
    return chosen
