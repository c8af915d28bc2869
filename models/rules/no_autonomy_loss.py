"""A reorganisation does not lower autonomy."""

from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from models.provision import Certainty
from models.rules.rule import StructuralRule, Tier

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


class NoAutonomyLoss(StructuralRule):
    """A successor's autonomy group is no worse than its best member's (Decree 120/2020: reorganisation)."""

    rule: Literal["no_autonomy_loss"] = "no_autonomy_loss"
    tier: Tier = "law"
    source: str = "Nghị định 120/2020/NĐ-CP"
    certainty: Certainty | None = "read"

    def breaks(self, columns: "Columns") -> NDArray[np.bool_]:
        broken = np.zeros(len(columns.paths), dtype=bool)
        for stage, figures in enumerate(columns.consequences.stages):
            worse = figures["autonomy_group"] > figures["best_group"]
            broken |= figures.public & figures.changed & worse & columns.groups_in(self.scope, stage)
        return broken

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        found = {
            s.id
            for stage in plan.stages
            for s in stage
            if s.changed and plan.in_scope(s, self.scope) and s.figures["autonomy_group"] > s.best_group
        }
        return tuple(sorted(found))
