"""The engines: one blocking call that turns a program into an answer checked in whole numbers.

Some take the program in one piece, some work on it first and have pieces of it solved; what they answer is the same.
"""

from ortools.util.python.solve_interrupter import SolveInterrupter  # type: ignore[import-untyped]

from models import decompose, options_first
from models.answer import Answer, Engine, Limits, LpAnswer, OnProgress, Values
from models.in_one_piece import EngineError, Means, solve_whole
from models.program import Program
from models.relaxation import relax
from models.solver_model import refuse_large

__all__ = ["Answer", "Engine", "EngineError", "Limits", "LpAnswer", "Means", "SolveInterrupter", "relax", "solve"]


def solve(
    program: Program,
    *,
    limits: Limits,
    engine: Engine = "highs",
    hint: Values | None = None,
    on_progress: OnProgress | None = None,
    seed: int = 0,
    means: Means | None = None,
) -> Answer:
    """The best plan of a program that the engine finds within its limits, with a bound on every plan.

    on_progress(score, bound, values) is called whenever one of them improves; values only with a new plan.
    A hint that holds every row is an answer from the start. Raises InputError where sums leave what solvers compute,
    where CP-SAT meets continuous columns, and where no plan survives the whole-number check.
    """
    refuse_large(program)
    given = means or Means()
    if engine == "decompose":
        return decompose.solve(program, limits=limits, hint=hint, on_progress=on_progress, seed=seed, means=given)
    if engine == "options_first":
        return options_first.solve(program, limits=limits, hint=hint, on_progress=on_progress, seed=seed, means=given)
    return solve_whole(
        program, limits=limits, engine=engine, hint=hint, on_progress=on_progress, seed=seed, means=given
    )
