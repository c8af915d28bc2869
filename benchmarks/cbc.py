"""CBC on a program, through PuLP: a solver that the project itself does not use. Needs `pip install -e ".[bench]"`."""

import re
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np

from models.answer import Answer, Ending, Limits, Status
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW
from models.program import Program
from models.solver_model import SolverRows


def solve(program: Program, *, limits: Limits) -> Answer:
    """As `models.engine.solve`: a plan counts when it holds every row in whole numbers, one thread, the same gap.

    seconds: what CBC took; writing the model for it is not counted.
    """
    pulp = import_module("pulp")
    problem, columns = _written(pulp, program)
    with TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        command = pulp.PULP_CBC_CMD(
            msg=False, timeLimit=limits.seconds, threads=1, gapAbs=max(0.5, limits.gap), gapRel=0.0, logPath=str(log)
        )
        began = perf_counter()
        status = problem.solve(command)
        clock = perf_counter() - began
        told = log.read_text(encoding="utf-8", errors="replace")
    found = re.search(r"Total time \(CPU seconds\):\s+[\d.]+\s+\(Wallclock seconds\):\s+([\d.]+)", told)
    seconds = float(found[1]) if found else clock
    return _answered(program, columns, seconds, infeasible=status == pulp.LpStatusInfeasible, told=told, limits=limits)


def _written(pulp: Any, program: Program) -> tuple[Any, list[Any]]:
    rows = SolverRows.of(program).reduced(program)
    problem = pulp.LpProblem("program", pulp.LpMinimize)
    columns = [
        pulp.LpVariable(f"c{place}", 0, int(upper), "Integer" if whole else "Continuous")
        for place, (upper, whole) in enumerate(zip(program.upper, program.whole, strict=True))
    ]
    problem += pulp.LpAffineExpression((columns[place], int(program.costs[place])) for place in range(len(columns)))
    matrix = rows.matrix
    for row in range(matrix.shape[0]):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        places, amounts = matrix.indices[span].tolist(), matrix.data[span].tolist()
        terms = pulp.LpAffineExpression((columns[at], by) for at, by in zip(places, amounts, strict=True))
        low, high = int(rows.at_least[row]), int(rows.at_most[row])
        if low == high:
            problem += terms == low
            continue
        if low != NO_LIMIT_BELOW:
            problem += terms >= low
        if high != NO_LIMIT_ABOVE:
            problem += terms <= high
    return problem, columns


def _answered(
    program: Program, columns: list[Any], seconds: float, *, infeasible: bool, told: str, limits: Limits
) -> Answer:
    given = [column.varValue for column in columns]
    values = None if None in given else np.rint(np.array(given, dtype=float)).astype(np.int64)
    if values is not None and (infeasible or program.violated(values).size):
        values = None
    score = None if values is None else program.score(values)
    bound = _bound(told, score, limits)
    in_time = seconds < limits.seconds
    ending: Ending = "gap" if in_time else "clock"
    status: Status = "infeasible" if infeasible and in_time else "unknown" if values is None else "feasible"
    version = re.search(r"Version:\s*(\S+)", told)
    return Answer(
        status, values, score, bound, seconds, ending, repeatable=in_time, engine="cbc",
        version=f"CBC {version[1] if version else '?'}",
    )  # fmt: skip


def _bound(told: str, score: int | None, limits: Limits) -> int | None:
    """The bound that CBC prints; where it says that the plan is within the gap and prints none, that much below it."""
    found = re.findall(r"Lower bound:\s+(-?[\d.]+(?:e[+-]?\d+)?)", told)
    if found:
        return int(np.floor(float(found[-1])))
    if score is not None and "Optimal solution found" in told:
        return int(np.floor(score - max(0.5, limits.gap)))
    return None
