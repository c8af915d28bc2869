"""A reorganisation creates no budget-paid posts."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from models.provision import Certainty
from models.rules.rule import StructuralRule, Tier

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


class NoNewBudgetPosts(StructuralRule):
    """A successor's budget-paid posts are at most the sum of its members' (Decree 120/2020: reorganisation)."""

    rule: Literal["no_new_budget_posts"] = "no_new_budget_posts"
    tier: Tier = "law"
    source: str = "Nghị định 120/2020/NĐ-CP"
    certainty: Certainty | None = "read"

    def breaks(self, columns: "Columns") -> NDArray[np.bool_]:
        paths = columns.paths
        today = columns.units.figure("posts_budget")[paths.members]
        broken = np.zeros(len(paths), dtype=bool)
        for stage, figures in enumerate(columns.consequences.stages):
            sums = np.add.reduceat(today * (paths.joins <= stage), paths.starts[:-1]) if len(paths) else broken
            more = figures["posts_budget"] > sums
            broken |= figures.public & figures.changed & more & columns.groups_in(self.scope, stage)
        return broken

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        today = plan.units.figure("posts_budget")
        found = {
            s.id
            for stage in plan.stages
            for s in stage
            if s.changed and plan.in_scope(s, self.scope)
            and s.figures["posts_budget"] > sum(int(today[unit]) for unit in s.members)
        }  # fmt: skip
        return tuple(sorted(found))
