"""A program whose columns may be cut in pieces: a bound in no time, and the price of every row."""

from datetime import timedelta

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from models.answer import LONGEST_S, LpAnswer
from models.program import Program
from models.solver_model import SolverRows, model_proto, refuse_large

USUAL_BITS = 20  # of a cost: what one option of one province costs in million VND


def relax(program: Program, time_s: float = LONGEST_S) -> LpAnswer:
    """Solve the linear relaxation through GLOP."""
    return _relaxed(program, mathopt.SolveParameters(), time_s)


def relax_large(program: Program, time_s: float = LONGEST_S) -> LpAnswer:
    """As `relax`, by the dual simplex: less than half the time on some thousand units, and other duals among equals."""
    return _relaxed(program, mathopt.SolveParameters(lp_algorithm=mathopt.LPAlgorithm.DUAL_SIMPLEX), time_s)


def _relaxed(program: Program, chosen: mathopt.SolveParameters, time_s: float) -> LpAnswer:
    refuse_large(program)
    proto = model_proto(program, SolverRows.of(program))
    proto.variables.integers[:] = [False] * program.columns
    scale = _scale(program)
    priced = proto.objective.linear_coefficients.values
    priced[:] = [cost / scale for cost in priced]
    proto.objective.offset /= scale
    model = mathopt.Model.from_model_proto(proto)
    chosen.time_limit = timedelta(seconds=min(max(time_s, 0.0), LONGEST_S))
    result = mathopt.solve(model, mathopt.SolverType.GLOP, params=chosen)
    reason = result.termination.reason
    if reason == mathopt.TerminationReason.OPTIMAL:
        return _optimum(program, model, result, scale)
    none = np.zeros(0)
    infeasible = reason in (
        mathopt.TerminationReason.INFEASIBLE,
        mathopt.TerminationReason.INFEASIBLE_OR_UNBOUNDED,  # every column is bounded
    )
    return LpAnswer("infeasible" if infeasible else "unknown", np.nan, none, none, none)


def _scale(program: Program) -> float:
    """A power of two (it costs no digits) by which costs are divided where they are large.

    GLOP's tolerances are absolute: costs near 2**30 made it give up on one province of twenty.
    """
    largest = float(np.abs(program.costs).max(initial=1))
    return 2.0 ** max(0, int(np.ceil(np.log2(largest))) - USUAL_BITS)


def _optimum(program: Program, model: mathopt.Model, result: mathopt.SolveResult, scale: float) -> LpAnswer:
    columns, rows = list(model.variables()), list(model.linear_constraints())
    return LpAnswer(
        "optimal",
        scale * result.objective_value() - program.constant,
        np.array(result.variable_values(columns), dtype=np.float64),
        scale * np.array(result.dual_values(rows), dtype=np.float64),
        scale * np.array(result.reduced_costs(columns), dtype=np.float64),
    )
