"""What the criteria of a scenario trade against one another: its frontier, every point of it a checked plan."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from math import floor

from models.checker import check
from models.decide import decisions_of
from models.exact import Integers
from models.figures import CRITERIA, GAINS, SCORE
from models.figures import IN_MONEY as CRITERIA_IN_MONEY
from models.frontier import Criterion, Extent, Frontier, FrontierEnd, Solve, trace
from models.objective import criteria
from models.plan import Plan
from models.prepared import Prepared
from models.problem import InputError
from models.problem import Problem as Fault
from models.ranked import RankedPlan, Ranking, Stop
from models.search import CheckerRefused

TRADED = (SCORE, *CRITERIA)
"""What may be traded: the score, and every criterion."""
IN_MONEY = (SCORE, *CRITERIA_IN_MONEY)
LEAST, MOST = 2, 3
"""How many criteria a frontier may have."""
LARGEST_STEP = 10**15
_STOPS: Mapping[FrontierEnd, Stop] = {
    "proved": "no_further", "points": "found", "limit": "limit", "interrupted": "interrupted",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class TradeOff:
    """The frontier of a scenario and its points as ranked plans (list `frontier`, rank by the first criterion).

    names: the criteria in the order asked for, by which points are ordered; steps: by name; of every plan its costs
    stand in `costs`, in the order of names, gains with a minus sign; proved: as `models.frontier.Point`.
    """

    names: tuple[str, ...]
    steps: Mapping[str, int]
    frontier: Frontier
    ranking: Ranking
    costs: tuple[tuple[int, ...], ...]
    proved: tuple[bool, ...]


def trade(
    problem: Prepared,
    names: Sequence[str],
    steps: Mapping[str, int],
    solve: Solve,
    *,
    extent: Extent | None = None,
    on_points: Callable[[int], None] = lambda _: None,
) -> TradeOff:
    """The frontier of a prepared scenario in two or three criteria, each point checked.

    steps: of the criteria for which the scenario's own do not serve. Errors: InputError where a criterion cannot be
    traded; CheckerRefused where the checker finds other figures.
    """
    whole = {name: steps.get(name, _own_step(problem, name)) for name in names}
    found = trace(
        problem.program, _criteria_of(problem, names, whole), solve, extent=extent, on_points=on_points,
        tidy=problem.columns.tidy,
    )  # fmt: skip
    order = [[one.name for one in found.criteria].index(name) for name in names]
    points = sorted(found.points, key=lambda point: [point.costs[place] for place in order])
    costs = tuple(tuple(point.costs[place] for place in order) for point in points)
    plans = tuple(
        _checked(problem, rank, point.values, dict(zip(names, cost, strict=True)))
        for rank, (point, cost) in enumerate(zip(points, costs, strict=True), start=1)
    )
    stop: Stop = "infeasible" if found.status == "infeasible" else _STOPS[found.ended]
    ranking = Ranking(problem, plans, {"frontier": stop}, found.engine, found.repeatable, stop == "limit")
    return TradeOff(tuple(names), whole, found, ranking, costs, tuple(point.proved for point in points))


def refuse_criteria(names: Sequence[str], steps: Mapping[str, int]) -> None:
    """Errors: InputError with everything that is wrong with what is asked for."""
    faults = [
        Fault("criteria", "frontier.unknown", {"found": name, "known": ", ".join(TRADED), "hint": _nearest(name)})
        for name in names
        if name not in TRADED
    ]
    doubled = sorted({name for name in names if names.count(name) > 1})
    faults += [Fault("criteria", "frontier.doubled", {"found": name}) for name in doubled]
    if not LEAST <= len(names) <= MOST:
        faults.append(Fault("criteria", "frontier.how_many", {"found": len(names)}))
    faults += [Fault("step", "frontier.step_of_nothing", {"found": name}) for name in steps if name not in names]
    faults += [
        Fault(f"step {name}", "frontier.step", {"found": str(step)})
        for name, step in steps.items()
        if not 1 <= step <= LARGEST_STEP
    ]
    if faults:
        raise InputError("frontier", faults)


def _nearest(name: str) -> str:
    """The criterion that was probably meant; nothing where none is like it."""
    return next(iter(get_close_matches(name, TRADED, n=1)), "")


def costs_of(plan: Plan, names: Sequence[str]) -> tuple[int, ...]:
    """What a finished plan costs in each criterion, lower is better."""
    return tuple(-amount if name in GAINS else amount for name in names for amount in [_amount(plan, name)])


def natural(name: str, cost: int) -> int:
    """A cost in the criterion's own sense: a gain counts upwards."""
    return -cost if name in GAINS else cost


def _amount(plan: Plan, name: str) -> int:
    return plan.score if name == SCORE else plan.criteria[name]


def _own_step(problem: Prepared, name: str) -> int:
    """Without a step of its own, money is exact up to the scenario's gap, and what is counted to one."""
    return max(1, floor(problem.gap)) if name in IN_MONEY else 1


def _criteria_of(problem: Prepared, names: Sequence[str], steps: Mapping[str, int]) -> list[Criterion]:
    """The criteria with the lead first: the first in money, which solvers bring to its least soonest."""
    vectors = {**criteria(problem.columns), SCORE: problem.program.costs}
    faults = [
        Fault("criteria", "frontier.nothing_to_trade", {"found": name}) for name in names if not vectors[name].any()
    ]
    if faults:
        raise InputError(str(problem.scenario.title), faults)
    lead = next((name for name in names if name in IN_MONEY), names[0])
    ordered = [lead, *(name for name in names if name != lead)]
    return [_criterion(problem, name, vectors[name], steps[name]) for name in ordered]


def _criterion(problem: Prepared, name: str, vector: Integers, step: int) -> Criterion:
    constant = problem.outlay if name in IN_MONEY else 0
    return Criterion(name, -vector if name in GAINS else vector, step, constant)


def _checked(problem: Prepared, rank: int, values: Integers, costs: Mapping[str, int]) -> RankedPlan:
    """A point as decisions, rebuilt by the checker; a difference between the two stops everything."""
    rebuilt = check(problem.scenario, problem.units, decisions_of(problem.columns, values))
    score = problem.program.score(values)
    told = costs_of(rebuilt.plan, tuple(costs))
    if not rebuilt.passed or rebuilt.plan.score != score or told != tuple(costs.values()):
        raise CheckerRefused(rebuilt, score)
    return RankedPlan("frontier", rank, rebuilt.plan, values, score, None, problem.outlay, repeatable=False)
