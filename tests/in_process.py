"""Solving in the test's own process: no worker, no clock to wait for."""

from fractions import Fraction

from models.answer import Answer, Engine, Limits
from models.engine import solve
from models.exact import Integers
from models.order import Solve
from models.program import Program


def solve_here(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:  # noqa: ARG001
    return solve(program, limits=Limits(time_s=60, gap=gap), hint=hint)


def solved_by(engine: Engine) -> Solve:
    def solve_so(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:  # noqa: ARG001
        return solve(program, limits=Limits(time_s=60, gap=gap), engine=engine, hint=hint)

    return solve_so
