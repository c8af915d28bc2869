"""What solvers report while they run, turned into better plans and bounds."""

from collections.abc import Sequence

import numpy as np
from ortools.math_opt.python import mathopt  # type: ignore[import-untyped]

from models.incumbent import Incumbent
from models.plan_stream import PlanFile, PlanReader, logged_bound

_BOUNDED = (
    mathopt.TerminationReason.OPTIMAL,
    mathopt.TerminationReason.FEASIBLE,
    mathopt.TerminationReason.NO_SOLUTION_FOUND,
)


class Listener:
    """Hears one run. An exception must not leave a callback: it would end the whole process; it is kept instead.

    bounds_hold: whether the run's bounds are bounds of the program itself.
    """

    def __init__(self, best: Incumbent, plan_file: PlanFile | None, *, bounds_hold: bool) -> None:
        self._best, self._plan_file, self._bounds_hold = best, plan_file, bounds_hold
        self._reader = PlanReader(best.program.columns)
        self._failure: BaseException | None = None

    def log(self, lines: Sequence[str]) -> None:
        """Lines of HiGHS's log; the plan that a line reports stands in the plan file by then."""
        try:
            for line in lines:
                self._bound(logged_bound(line))
            self._read_plans()
        except BaseException as failure:
            self._failure = self._failure or failure

    def event(self, data: mathopt.CallbackData) -> mathopt.CallbackResult:
        """A better plan or bound from SCIP or CP-SAT."""
        try:
            self._bound(data.mip_stats.dual_bound if data.mip_stats.HasField("dual_bound") else None)
            if data.solution is not None and data.event == mathopt.Event.MIP_SOLUTION:
                self._best.offer(self._values(data.solution))
        except BaseException as failure:
            self._failure = self._failure or failure
        return mathopt.CallbackResult(terminate=self._failure is not None)

    def finish(self, result: mathopt.SolveResult) -> None:
        """Take the bound of the finished run; raise what a callback could not."""
        if self._failure is not None:
            raise self._failure
        if result.termination.reason in _BOUNDED:
            self._bound(result.termination.objective_bounds.dual_bound)

    def _bound(self, bound: float | None) -> None:
        if bound is not None and self._bounds_hold:
            self._best.raise_bound(bound)

    def _read_plans(self) -> None:
        if self._plan_file is not None:
            for plan in self._reader.read(self._plan_file.unread()):
                self._best.offer(plan)

    def _values(self, solution: dict[mathopt.Variable, float]) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
        values = np.zeros(self._best.program.columns)
        for variable, value in solution.items():
            values[variable.id] = value
        return values
