"""One plan that holds in each of several scenarios: the problem, what holding costs, and what is in the way of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.admitted import admitted, columns_in
from models.beside import Beside, joined
from models.checker import Check
from models.conflict import Conflict, Names, Remembered, Verdict, shrink
from models.demands import LAST_TO_BLAME
from models.exact import Integers
from models.feasible import Feasible, Held, Means
from models.order import Solve
from models.other import Other, check_in
from models.prepared import Prepared
from models.program import Program
from models.ranked import RankedPlan, Ranking
from models.rules import Reading, Rule
from models.search import rank

MAIN = ""
"""The name of the main scenario among its others."""
Member = tuple[str, str]
"""The name of a scenario, and the id of one of its rules."""


def hold_in(problem: Prepared, others: Sequence[Other]) -> Prepared:
    """A prepared problem whose plans must hold in other scenarios as well: only options that all of them allow."""
    if not others:
        return problem
    seen = [columns_in(other, problem.columns.paths) for other in others]
    allowed = [admitted(columns) for columns in seen]
    common = np.logical_and.reduce(allowed)
    main = problem.columns.taking(common)
    beside: list[Beside] = []
    for other, columns, its in zip(others, seen, allowed, strict=True):
        first = beside[-1].end if beside else len(main)
        beside.append(Beside(other, main, columns.taking(common), int((~its).sum()), first))
    return replace(problem, columns=main, beside=tuple(beside))


@dataclass(frozen=True, eq=False)
class Holding:
    """What holding in other scenarios costs against planning for the main scenario alone.

    problem: the one whose plans hold in all; alone: the plans of the main scenario alone, as far as they were sought:
    the best one, rebuilt in every other scenario as well, where it may break rules; held: the plans that hold in all.
    """

    problem: Prepared
    alone: Ranking
    held: Ranking | None = None

    @cached_property
    def best_alone(self) -> RankedPlan | None:
        """The best plan of the main scenario alone, as every other scenario sees it."""
        if not self.alone.plans:
            return None
        return replace(self.alone.plans[0], elsewhere=tuple(found.plan for found in self._checks.values()))

    @property
    def refused(self) -> Mapping[str, int]:
        """Per other scenario: how many steps of the best plan alone cannot be carried out there."""
        return {name: len(found.refusals) for name, found in self._checks.items()}

    @cached_property
    def _checks(self) -> Mapping[str, Check]:
        if not self.alone.plans:
            return {}
        plan = self.alone.plans[0].plan
        others = (one.other for one in self.problem.beside)
        return {one.name: check_in(one, plan.decisions, plan.scenario, plan.units) for one in others}

    @property
    def extra_at_least(self) -> int | None:
        """Million VND that holding costs at least; None where no bound or no plan is known, or an order counts."""
        bound, score = self._bound(self.held), self._score(self.alone)
        return None if bound is None or score is None else max(0, bound - score)

    @property
    def extra_at_most(self) -> int | None:
        """Million VND that it costs at most."""
        score, bound = self._score(self.held), self._bound(self.alone)
        return None if bound is None or score is None else max(0, score - bound)

    def _score(self, ranking: Ranking | None) -> int | None:
        """The least score found; under an order scores are not what counts."""
        if ranking is None or self.problem.scenario.objective.order:
            return None
        return min((plan.score for plan in ranking.plans), default=None)

    def _bound(self, ranking: Ranking | None) -> int | None:
        """The best bound on every plan; that of a later place speaks only for plans unlike those before it."""
        if ranking is None or self.problem.scenario.objective.order:
            return None
        return max((plan.bound for plan in ranking.plans if plan.rank == 1 and plan.bound is not None), default=None)


def best_alone(problem: Prepared, solve: Solve) -> Ranking:
    """The best plan of the main scenario alone, and nothing further; problem: without other scenarios."""
    search = problem.scenario.search.model_copy(update={"best": 1, "plans": 0})
    return rank(replace(problem, scenario=problem.scenario.model_copy(update={"search": search})), solve)


def unmet_elsewhere(plan: RankedPlan, others: Sequence[Other]) -> list[tuple[Other, Reading]]:
    """What a plan breaks in other scenarios."""
    pairs = zip(others, plan.elsewhere, strict=True)
    return [(other, reading) for other, seen in pairs for reading in seen.readings if not reading.met]


@dataclass(frozen=True, eq=False)
class InTheWay:
    """Why no plan holds in all scenarios, although the main one has plans of its own.

    alone: per other scenario whether its targets are possible by themselves, with the options that it and the main
    one allow; conflict: a minimal set of targets that no plan meets together, of all that all scenarios allow, as
    `SCENARIO:RULE` (the main scenario's without a name); empty where pins and structural rules alone leave nothing;
    by_integers: only whole numbers conflict.
    """

    problem: Prepared
    alone: Mapping[str, Verdict]
    conflict: Conflict
    by_integers: bool
    held: Held

    @property
    def members(self) -> tuple[tuple[str, Rule], ...]:
        """The targets of the conflict with the names of their scenarios, in order."""
        return tuple(
            (name, rule)
            for (name, rule_id), rule in targets_of(self.problem).items()
            if _key(name, rule_id) in self.conflict.names
        )


def in_the_way(problem: Prepared, alone: Prepared, means: Means) -> InTheWay:
    """Which scenario is impossible by itself, and which targets conflict; alone: the main scenario without others."""
    verdicts = {one.other.name: _possible(hold_in(alone, [one.other]), one.other.name, means) for one in problem.beside}
    feasible = Feasible(lambda names: _held(problem, names), means)
    conflict = shrink(_blamed_first(problem), Remembered(feasible))
    return InTheWay(problem, verdicts, conflict, conflict.names in feasible.by_integers, _held(problem, conflict.names))


def targets_of(problem: Prepared) -> Mapping[Member, Rule]:
    """Every target of every scenario, the main scenario's first."""
    found = {(MAIN, rule.id): rule for rule in problem.targets}
    return found | {(one.other.name, rule.id): rule for one in problem.beside for rule in one.targets}


def _possible(problem: Prepared, name: str, means: Means) -> Verdict:
    """Whether some scenario's targets are possible by themselves."""
    names = frozenset(_key(*member) for member in targets_of(problem) if member[0] == name)
    return Feasible(lambda names: _held(problem, names), means)(names)


def _blamed_first(problem: Prepared) -> tuple[str, ...]:
    """The other scenarios before the main one, the last named first; within one the law last."""
    scenarios = [MAIN, *(one.other.name for one in problem.beside)]
    order = sorted(
        targets_of(problem).items(),
        key=lambda item: (-scenarios.index(item[0][0]), -LAST_TO_BLAME.index(item[1].tier)),
    )
    return tuple(_key(*member) for member, _ in order)


def _held(problem: Prepared, names: Names) -> Held:
    """Everything but targets as hard rows, and the targets named as those that answer to the demands."""
    columns, beside = problem.columns, problem.beside
    nothing: Integers = np.zeros(len(columns), dtype=np.int64)
    own = Program(columns.cover, tuple(columns.linking), nothing, columns.extra)
    hard = joined(own, beside, [() for _ in beside])
    soft = [rule.rows(columns).widened(hard.columns) for rule in problem.targets if _key(MAIN, rule.id) in names]
    for one in beside:
        chosen = (rule for rule in one.targets if _key(one.other.name, rule.id) in names)
        soft += [one.moved(rule.rows(one.columns), hard.columns) for rule in chosen]
    return Held(hard, tuple(soft))


def _key(scenario: str, rule: str) -> str:
    return f"{scenario}:{rule}"
