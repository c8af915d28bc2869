"""Solving for plans that hold in each of several scenarios: first the main one alone, then all together."""

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from models.holding import Holding, best_alone, in_the_way
from models.prepared import Prepared
from models.ranked import RankedPlan, Ranking
from models.search import rank
from models.short_sight import in_part
from planner.certificates import Proof
from planner.interruption import Interruption
from planner.other_scenarios import alone
from planner.result import Blocked, Result
from planner.scenario_file import Case
from planner.searching import Progress, Searching, ready
from planner.solver import Solver
from planner.why_none import Heard, confirmed, why_none

FOR_THE_MAIN_ONE = Fraction(1, 4)  # of the time: what holding costs is told against its best plan
Prove = Callable[[Ranking, Searching], Proof | None]


def rank_held(
    case: Case, prove: Prove, on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None
) -> Result:
    """Ranked plans that hold in all scenarios of a case, and what that costs; where there is none, what is in the way.

    prove: the proof of the bound that goes into the run folder. Ctrl-C and SIGTERM keep what was found.
    """
    began = time.monotonic()
    main, problem = ready(alone(case)), ready(case)
    listed = time.monotonic()
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop, on_progress)
        first = best_alone(main, in_part(searching, FOR_THE_MAIN_ONE))
        holding, ranking, impossible, way, proof = Holding(problem, first), first, None, None, None
        if "infeasible" in first.stops.values():
            impossible = why_none(main, searching)
        else:
            ranking = rank(problem, searching, on_plan)
            holding = replace(holding, held=ranking)
            if not ranking.plans and "infeasible" in ranking.stops.values():
                way = what_is_in_the_way(problem, main, searching)
            proof = prove(ranking, searching) if ranking.plans else None
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    told = Result(case, ranking, impossible, seconds, stop.asked, searching.worker_died, proof=proof)
    return replace(told, holding=holding, in_the_way=way)


def what_is_in_the_way(problem: Prepared, main: Prepared, searching: Searching) -> Blocked:
    """The conflict between scenarios, asked of a second engine as well."""
    searching.explaining = True
    heard = Heard(searching)
    found = in_the_way(problem, main, heard.means)
    return Blocked(found, searching.engine, confirmed(found.held, heard), heard.repeatable)
