"""Solving deadline by deadline, and what that costs against planning all of them together."""

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from models.answer import Answer
from models.problem import InputError, Problem
from models.ranked import RankedPlan, Ranking, Stop
from models.search import rank
from models.short_sight import best_together, decide_first, in_part
from planner.interruption import Interruption
from planner.other_scenarios import refuse_others
from planner.result import Result
from planner.scenario_file import Case
from planner.searching import Progress, Searching, ready
from planner.solver import Solver
from planner.why_none import why_none

FOR_THE_PLANS = Fraction(2, 3)  # of the time left; the rest is for planning all deadlines together


def rank_myopic(
    case: Case, on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None
) -> Result:
    """Ranked plans under decisions that were taken for the first deadline alone; `short_sight` tells what they cost.

    Errors: InputError where there is no later deadline. Ctrl-C and SIGTERM keep what was found.
    """
    refuse_others(case, "--myopic")
    if len(case.scenario.stages) == 1:
        raise InputError(str(case.path), [Problem("stages", "short_sight.one_stage")])
    began = time.monotonic()
    problem = ready(case)
    listed = time.monotonic()
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop, on_progress)
        seen = decide_first(problem, searching)
        if isinstance(seen, Answer):
            ranking = Ranking(
                problem, (), {"best": _ended(seen)}, seen.engine, seen.repeatable, seen.ended_by == "clock"
            )
            impossible = why_none(problem, searching) if seen.status == "infeasible" else None
            found = None
        else:
            ranking = rank(seen.problem, in_part(searching, FOR_THE_PLANS), on_plan)
            found = replace(seen, myopic=ranking, together=best_together(problem, searching))
            impossible = why_none(seen.problem, searching) if found.impossible else None
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return Result(case, ranking, impossible, seconds, stop.asked, searching.worker_died, found)


def _ended(answer: Answer) -> Stop:
    """Why there is no plan for the first deadline."""
    if answer.status == "infeasible":
        return "infeasible"
    return "interrupted" if answer.ended_by == "interrupted" else "limit"
