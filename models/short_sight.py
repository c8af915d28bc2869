"""Planning deadline by deadline: decide for the first without a thought for the later ones, and then be held to it."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from models.answer import Answer
from models.candidates import Listing
from models.checker import check
from models.decide import decisions_of
from models.exact import Integers
from models.option import Paths
from models.order import Solve
from models.prepared import Prepared
from models.program import Program, Rows
from models.ranked import Ranking
from models.rules import Rule
from models.search import CheckerRefused, rank

Truths = NDArray[np.bool_]
Step = tuple[int, frozenset[tuple[int, bool, bool]], bool, bool, int]
"""What one group does by the first deadline: host, who joins (dissolved, site closed), founded, raised, exit."""


@dataclass(frozen=True, eq=False)
class ShortSight:
    """What deciding the first deadline alone did to the whole.

    year: the first deadline; left_out: rules that did not count for it; decided: units with a structural decision by
    then; first: the answer to the first deadline alone; problem: the whole with these decisions fixed; myopic: its
    plans (None where they were not asked for); together: the best plan of both deadlines together, likewise.
    """

    year: int
    left_out: tuple[Rule, ...]
    decided: tuple[str, ...]
    first: Answer
    problem: Prepared
    myopic: Ranking | None = None
    together: Ranking | None = None

    @property
    def extra_at_least(self) -> int | None:
        """Million VND that the short sight costs at least; None where no bound or no plan is known.

        Under an order as well: what it costs then shows in the steps, not in the score.
        """
        if self._bound(self.myopic) is None or self._score(self.together) is None:
            return None
        return max(0, (self._bound(self.myopic) or 0) - (self._score(self.together) or 0))

    @property
    def extra_at_most(self) -> int | None:
        """Million VND that it costs at most."""
        if self._score(self.myopic) is None or self._bound(self.together) is None:
            return None
        return (self._score(self.myopic) or 0) - (self._bound(self.together) or 0)

    @property
    def impossible(self) -> bool:
        """Whether the later targets cannot be met any more."""
        return self.myopic is not None and not self.myopic.plans and "infeasible" in self.myopic.stops.values()

    @property
    def impossible_together(self) -> bool:
        """Whether they could not be met anyway."""
        return self.together is not None and not self.together.plans and "infeasible" in self.together.stops.values()

    @property
    def repeatable(self) -> bool:
        """Whether no answer on the way was cut off."""
        parts = (self.first, self.myopic, self.together)
        return all(part.repeatable for part in parts if part is not None)

    def _score(self, ranking: Ranking | None) -> int | None:
        return ranking.best_score if ranking is not None and ranking.plans else None

    def _bound(self, ranking: Ranking | None) -> int | None:
        """The bound on the score of any plan; an order bounds it only among plans that its earlier steps allow."""
        if ranking is None or ranking.problem.scenario.objective.order:
            return None
        return ranking.plans[0].bound if ranking.plans else None


def decide_first(problem: Prepared, solve: Solve) -> ShortSight | Answer:
    """The structural decisions of the first stage when only its own targets count; the answer where there is no plan.

    Rules whose year or period ends later are left out. Later steps stay possible, for pins may ask for them, but no
    target does. Of the answer only what holds by the first deadline is fixed; amounts (slimming, orders) stay open.
    """
    year = problem.scenario.stages[0].year
    asked = [(rule, rule.rows_by(problem.columns, year)) for rule in problem.targets]
    program = _under(problem, [rows for _, rows in asked if rows is not None])
    count = len(problem.order.names)
    answer, _ = problem.order.solve(program, solve, shares=[Fraction(1, 4 * count - place) for place in range(count)])
    if answer.plan is None:
        return answer
    _insist(problem, answer.plan, year)
    chosen = problem.columns.paths.take(np.flatnonzero(answer.plan[: len(problem.columns.paths)]))
    units = tuple(problem.units.ids[unit] for unit in sorted(_decided(chosen)))
    later = tuple(rule for rule, rows in asked if rows is None)
    return ShortSight(year, later, units, answer, _held_to(problem, chosen))


def best_together(problem: Prepared, solve: Solve) -> Ranking:
    """The best plan of all deadlines together, and nothing further."""
    search = problem.scenario.search.model_copy(update={"best": 1, "plans": 0})
    return rank(replace(problem, scenario=problem.scenario.model_copy(update={"search": search})), solve)


def in_part(solve: Solve, part: Fraction) -> Solve:
    """The same way to solve with only a part of the time."""

    def shorter(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return solve(program, hint=hint, gap=gap, share=share * part)

    return shorter


def _under(problem: Prepared, rows: list[Rows]) -> Program:
    """The program under these demands only."""
    whole = problem.program
    return Program(whole.cover, (*problem.columns.linking, *rows), whole.costs, whole.extra, whole.constant)


def _insist(problem: Prepared, values: Integers, year: int) -> None:
    """The plan for the first deadline holds what that deadline asks, as the checker reckons it."""
    found = check(problem.scenario, problem.units, decisions_of(problem.columns, values))
    score = problem.program.score(values)
    unmet = [r for r in found.plan.readings if not r.met and (r.year is None or r.year <= year)]
    if found.refusals or unmet or found.plan.score != score:
        raise CheckerRefused(found, score)


def _held_to(problem: Prepared, chosen: Paths) -> Prepared:
    """The problem with only the options that go the chosen way up to the first deadline."""
    steps, units = _steps(chosen), _decided(chosen)

    def kept(paths: Paths) -> Paths:
        return paths.take(_goes_along(paths, steps, units))

    columns = problem.columns.taking(_goes_along(problem.columns.paths, steps, units))
    listing = Listing(kept(problem.listing.paths), problem.listing.graph, problem.listing.unlisted)
    return Prepared(problem.scenario, problem.units, listing, columns, problem.broken)


def _goes_along(paths: Paths, steps: frozenset[Step], units: frozenset[int]) -> Truths:
    """Options that do by the first deadline what was decided: its groups as they are, and with other units nothing."""
    active, option = _active(paths), paths.option_of_entry
    named = np.isin(paths.members, list(units))
    late = named & (paths.joins > 0)  # decided units join nobody later
    touches = np.bincount(option[named], minlength=len(paths)) > 0
    allowed: Truths = ~active & ~touches
    asked = active & touches
    asked[option[late]] = False
    for place in np.flatnonzero(asked).tolist():
        allowed[place] = _step(paths, place) in steps
    return allowed


def _active(paths: Paths) -> Truths:
    """Options in which something is decided for the first deadline."""
    joining = np.bincount(paths.option_of_entry[paths.joins == 0], minlength=len(paths)) > 0
    active: Truths = joining | (paths.raised == 0) | (paths.leaves == 0)
    return active


def _steps(paths: Paths) -> frozenset[Step]:
    return frozenset(_step(paths, option) for option in np.flatnonzero(_active(paths)).tolist())


def _step(paths: Paths, option: int) -> Step:
    span = range(int(paths.starts[option]), int(paths.starts[option + 1]))
    joining = [entry for entry in span if paths.joins[entry] == 0]
    joined = frozenset((int(paths.members[e]), bool(paths.dissolved[e]), bool(paths.closed[e])) for e in joining)
    founded = bool(paths.consolidated[option]) and bool(joining)
    leaves = int(paths.exits[option]) if paths.leaves[option] == 0 else 0
    return int(paths.hosts[option]), joined, founded, bool(paths.raised[option] == 0), leaves


def _decided(paths: Paths) -> frozenset[int]:
    """Units with a structural decision by the first deadline, by position."""
    steps = _steps(paths)
    return frozenset({step[0] for step in steps} | {unit for step in steps for unit, _, _ in step[1]})
