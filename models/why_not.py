"""Why there is no plan: what each target can reach, which demands conflict and by how much, and the ways out."""

from collections.abc import Callable
from dataclasses import dataclass, field

from models.conflict import Ask, Conflict, Effort, Explored, Names, Remembered, Verdict, explore, shrink
from models.demands import Demands
from models.feasible import Feasible, Means
from models.prepared import Prepared
from models.reach import Reach, reach_beside, reaches
from models.repair import WayOut, ways_out
from models.rules import Rule

MOST_SHOWN = 12  # of minimal conflicts, and of minimal repairs: more help nobody


@dataclass(frozen=True, eq=False)
class WhyNot:
    """Why a scenario has no plan; `verdict` says "possible" or "unknown" where that is the answer instead.

    reaches: of each target alone under structural rules and pins; conflict: the one shown first; beside: how far each
    target of it goes while its other members hold (one alone: while all other demands do); explored: further conflicts
    and repairs; ways: checked ways out; by_integers: only whole numbers conflict, the linear relaxation has a solution.
    """

    demands: Demands
    verdict: Verdict
    reaches: tuple[Reach, ...]
    conflict: Conflict
    beside: tuple[Reach, ...] = ()
    explored: Explored = field(default_factory=lambda: Explored((), (), complete=False, smallest_proved=False))
    ways: tuple[WayOut, ...] = ()
    by_integers: bool = False

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The members of the conflict, in the scenario's order."""
        return self.members(self.conflict.names)

    def members(self, names: Names) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.demands.all if rule.id in names)


def why_not(problem: Prepared, means: Means, going: Callable[[], bool], *, known_impossible: bool) -> WhyNot:
    """Reach first, then a conflict, then its repairs; each as far as the time goes.

    going: whether there is time to look for further conflicts; known_impossible: a solver has proved it already.
    """
    demands = Demands(problem)
    reached = reaches(demands, means)
    feasible = Feasible(demands.held, means)
    ask, everyone = Remembered(feasible), frozenset(demands.by_id)
    verdict: Verdict = ask(everyone)
    if verdict == "unknown" and known_impossible:
        verdict = "impossible"
    if verdict != "impossible":
        return WhyNot(demands, verdict, reached, Conflict(frozenset(), minimal=False))
    conflict = shrink(tuple(demands.blamed_first), ask)
    beside = _beside(demands, conflict, ask, means)
    effort = Effort(MOST_SHOWN, going)
    explored = explore(demands.blamed_first, ask, means.solve, effort=effort, known=[conflict])
    fewest = min(explored.repairs, key=len, default=None)
    ways = tuple(ways_out(demands, fewest, ask, means, known=feasible.solutions))
    by_integers = conflict.names in feasible.by_integers
    return WhyNot(demands, verdict, reached, conflict, beside, explored, ways, by_integers)


def _beside(demands: Demands, conflict: Conflict, ask: Ask, means: Means) -> tuple[Reach, ...]:
    """How far each target of a conflict goes while its other members hold; one alone: while everything else does."""
    if len(conflict.names) == 1:
        (name,) = conflict.names
        others = frozenset(demands.by_id) - conflict.names
        if name in demands.structural or ask(others) != "possible":
            return ()
        return reach_beside(demands, demands.by_id[name], others, means)
    members = [rule for rule in demands.all if rule.id in conflict.names & demands.targets]
    return tuple(reach for rule in members for reach in reach_beside(demands, rule, conflict.names - {rule.id}, means))


def reach_only(problem: Prepared, means: Means) -> WhyNot:
    """How far each target goes alone, and nothing else."""
    demands = Demands(problem)
    return WhyNot(demands, "unknown", reaches(demands, means), Conflict(frozenset(), minimal=False))
