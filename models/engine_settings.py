"""How each solver is set up: what its own defaults would get wrong for proofs in whole numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from models.answer import Engine, Limits
from models.program import Program
from models.solver_model import largest_coefficients

PROOF_GAP = 0.5  # scores are whole numbers: nothing lies between
_COARSE = 10_000  # coefficients from which the usual tolerance of a millionth can hide a whole unit of a row


@dataclass(frozen=True)
class Setup:
    """A solver, what it reports while it runs, and how far its rows are scaled.

    Scaling helps SCIP, whose row tolerance is relative: unscaled rows of 1e8 made it prove a wrong best. It makes
    HiGHS worse, whose tolerance is absolute and can be set small enough instead.
    """

    solver: mathopt.SolverType
    events: frozenset[mathopt.Event]
    scaling_bits: int


SETUPS: Mapping[Engine, Setup] = {
    "highs": Setup(mathopt.SolverType.HIGHS, frozenset(), 0),
    "options_first": Setup(mathopt.SolverType.HIGHS, frozenset(), 0),
    "scip": Setup(mathopt.SolverType.GSCIP, frozenset({mathopt.Event.MIP_SOLUTION}), 14),
    "cpsat": Setup(mathopt.SolverType.CP_SAT, frozenset({mathopt.Event.MIP_SOLUTION, mathopt.Event.MIP}), 0),
}


def parameters(
    engine: Engine, program: Program, limits: Limits, *, seconds: float, seed: int
) -> mathopt.SolveParameters:
    """The parameters of one run that may take so many seconds; gaps are absolute, relative ones are switched off."""
    chosen = mathopt.SolveParameters(
        time_limit=timedelta(seconds=seconds),
        relative_gap_tolerance=0.0,
        absolute_gap_tolerance=max(PROOF_GAP, limits.gap),
        random_seed=seed,
    )
    _BY_ENGINE[engine](chosen, program, limits)
    return chosen


def _highs(chosen: mathopt.SolveParameters, program: Program, limits: Limits) -> None:
    # `threads` stays unset: MathOpt refuses it for HiGHS.
    chosen.node_limit = limits.nodes
    if largest_coefficients(program).max(initial=0.0) >= _COARSE:
        chosen.highs.double_options["mip_feasibility_tolerance"] = 1e-10
        chosen.highs.double_options["primal_feasibility_tolerance"] = 1e-10


def _options_first(chosen: mathopt.SolveParameters, program: Program, limits: Limits) -> None:
    """Without sub-programs around a solution: over amounts in fractions they took half of a run and more."""
    _highs(chosen, program, limits)
    for name in ("rens", "rins", "root_reduced_cost"):
        chosen.highs.bool_options[f"mip_heuristic_run_{name}"] = False


def _scip(chosen: mathopt.SolveParameters, _: Program, limits: Limits) -> None:
    chosen.node_limit = limits.nodes
    chosen.gscip.real_params["numerics/feastol"] = 1e-9


def _cpsat(chosen: mathopt.SolveParameters, _: Program, limits: Limits) -> None:
    chosen.threads = 1
    chosen.cp_sat.linearization_level = 2
    # Rows whose sums pass 2**53 would be rounded on the way in.
    chosen.cp_sat.mip_max_activity_exponent = 62
    if limits.nodes is not None:
        chosen.cp_sat.max_number_of_conflicts = limits.nodes


_BY_ENGINE = {"highs": _highs, "options_first": _options_first, "scip": _scip, "cpsat": _cpsat}
