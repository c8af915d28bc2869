"""The plan nearest to a draft: the fewest units that must decide otherwise, and the best plan within so many."""

from dataclasses import dataclass, replace
from fractions import Fraction

import numpy as np

from models.answer import Answer
from models.draft import Draft
from models.exact import Integers
from models.order import Solve
from models.prepared import Prepared, prepare
from models.program import Program, row
from models.ranked import Ranking

FOR_THE_COUNT = Fraction(1, 3)
"""The part of the time in which the fewest changes are sought."""


@dataclass(frozen=True, eq=False)
class Near:
    """A draft beside the options, and what was found near it.

    problem: the listed options and the draft's own; changes: per column the units that decide otherwise;
    first: the answer to "how few changes"; most: the changes that were allowed, None for as few as possible.
    """

    draft: Draft
    problem: Prepared
    changes: Integers
    first: Answer | None = None
    most: int | None = None
    ranking: Ranking | None = None

    @property
    def fewest(self) -> int | None:
        """The fewest changes of any plan that was found."""
        counts = [] if self.ranking is None else [self.of(plan.values) for plan in self.ranking.plans]
        known = [] if self.first is None or self.first.score is None else [self.first.score]
        return min([*counts, *known], default=None)

    @property
    def at_least(self) -> int:
        """No plan that meets every rule has fewer changes, as far as that is proved."""
        bound = 0 if self.first is None or self.first.bound is None else max(0, self.first.bound)
        return bound if self.fewest is None else min(bound, self.fewest)

    @property
    def proved_fewest(self) -> bool:
        return self.fewest is not None and self.at_least == self.fewest

    @property
    def impossible(self) -> bool:
        """Whether no plan meets every rule, however many changes are allowed."""
        return self.first is not None and self.first.status == "infeasible"

    @property
    def forbidden(self) -> bool:
        """Whether it is proved that no plan meets every rule within the changes that were allowed."""
        if self.most is None or self.impossible:
            return False
        tried = self.ranking is not None and not self.ranking.plans and "infeasible" in self.ranking.stops.values()
        return tried or self.at_least > self.most

    @property
    def lost(self) -> tuple[int, ...]:
        """Units whose drafted decision stands in no option that may be chosen: changed in every plan."""
        paths = self.problem.columns.paths
        same = self.changes[: len(paths)] == 0
        held = np.isin(np.arange(len(self.draft.units)), paths.members[same[paths.option_of_entry]])
        return tuple(np.flatnonzero(~held).tolist())

    @property
    def within(self) -> Prepared:
        """The problem with no more changes than were allowed, or than are needed."""
        most = self.most if self.most is not None else self.fewest
        assert most is not None, "asked for only where a plan was found, or a number of changes given"
        return replace(self.problem, held=(row("changes", self.changes, at_most=most),))

    def of(self, values: Integers) -> int:
        """How many units a plan decides otherwise than the draft."""
        return int(self.changes @ values)


def prepare_near(draft: Draft) -> Near:
    """List the options of a scenario and the draft's own, where these can be carried out, and count the changes."""
    return near_to(draft, prepare(draft.scenario, draft.units, draft.permitted))


def near_to(draft: Draft, problem: Prepared) -> Near:
    """A draft beside options that are listed already, its own among them."""
    counts = draft.changes(problem.columns.paths)
    nothing = np.zeros(len(problem.columns) - len(counts), dtype=np.int64)
    return Near(draft, problem, np.concatenate([counts, nothing]))


def count_changes(near: Near, solve: Solve) -> Near:
    """How few changes are enough, whatever the plan then costs."""
    program = near.problem.program.with_costs(near.changes)
    return replace(near, first=solve(program, hint=None, gap=0.0, share=FOR_THE_COUNT))


def starting_from(near: Near, solve: Solve) -> Solve:
    """The same way to solve, which begins with the plan that the count has found."""
    known = None if near.first is None else near.first.plan

    def hinted(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return solve(program, hint=known if hint is None else hint, gap=gap, share=share)

    return hinted
