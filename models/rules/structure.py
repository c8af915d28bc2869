"""The size that a successor must have."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.exact import Integers
from models.figures import parts_of
from models.rules.rule import Floor, StructuralRule
from models.schema import Count

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan, Successor

POSTS_LIKE = ("posts", "staff")
MEASURES = ("staff", "posts", "classes", "beds", "users", "sites", "deputies", "buildings")


class Structure(StructuralRule):
    """A figure of every successor in the scope lies between `at_least` and `at_most`.

    An upper limit is judged before slimming: a unit that only lapsing posts bring under it is still too large.
    binds = "new": what a decision creates must be inside; "not_worse": inside, or no further outside than the best of
    its members; "all": units left as they are must be inside as well.
    """

    rule: Literal["structure"] = "structure"
    measured: Literal[*MEASURES] = Field(alias="measure")  # type: ignore[valid-type]
    at_least: Count | None = None
    at_most: Count | None = None
    binds: Literal["new", "not_worse", "all"] = "new"

    @model_validator(mode="after")
    def _some_limit(self) -> "Structure":
        if self.at_least is None and self.at_most is None:
            raise ValueError("rules.one_of:at_least,at_most")
        if self.at_least is not None and self.at_most is not None and self.at_least > self.at_most:
            raise ValueError("rules.crossed:at_least,at_most")
        return self

    def breaks(self, columns: "Columns") -> NDArray[np.bool_]:
        broken = np.zeros(len(columns.paths), dtype=bool)
        for stage, figures in enumerate(columns.consequences.stages):
            judged = figures.public & (figures.changed | (self.binds == "all")) & columns.groups_in(self.scope, stage)
            outside = self._outside(columns.group_sum(self.measured, stage))
            tolerated = self._best_member(columns, stage) if self.binds == "not_worse" else np.zeros_like(outside)
            broken |= judged & (outside > tolerated)
        return broken | self._waiting_outside(columns)

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        found = {s.id for stage in plan.stages for s in stage if self._judges(plan, s) and self._worse(plan, s)}
        return tuple(sorted(found))

    def posts_floor(self, columns: "Columns") -> Iterable[Floor]:
        """Slimming never takes a unit in the scope below its least size."""
        if self.at_least is None or self.measured not in POSTS_LIKE:
            return
        for stage in range(len(columns.consequences.stages)):
            groups = np.where(columns.groups_in(self.scope, stage), self.at_least, 0).astype(np.int64)
            yield stage, groups, np.where(columns.units_in(self.scope, stage), self.at_least, 0).astype(np.int64)

    def _outside(self, values: Integers) -> Integers:
        """How far values lie outside the limits."""
        low = np.maximum(self.at_least - values, 0) if self.at_least is not None else np.zeros_like(values)
        high = np.maximum(values - self.at_most, 0) if self.at_most is not None else np.zeros_like(values)
        return np.maximum(low, high)

    def _best_member(self, columns: "Columns", stage: int) -> Integers:
        paths = columns.paths
        today = self._outside(columns.unit_sum(self.measured))
        far = np.where(paths.joins <= stage, today[paths.members], np.iinfo(np.int64).max)
        return np.minimum.reduceat(far, paths.starts[:-1]) if len(paths) else far

    def _waiting_outside(self, columns: "Columns") -> NDArray[np.bool_]:
        """Under "all", units that wait for a later stage are judged as they are."""
        broken = np.zeros(len(columns.paths), dtype=bool)
        if self.binds != "all":
            return broken
        today = self._outside(columns.unit_sum(self.measured))
        bad = (today > 0) & columns.units.matches(self.scope)
        waiting = columns.paths.joins > 0
        broken[columns.paths.option_of_entry[waiting & bad[columns.paths.members]]] = True
        return broken

    def _judges(self, plan: "Plan", successor: "Successor") -> bool:
        return (successor.changed or self.binds == "all") and plan.in_scope(successor, self.scope)

    def _worse(self, plan: "Plan", successor: "Successor") -> bool:
        value = sum(plan.figure_of(successor, part) for part in parts_of(self.measured))
        larger = value + successor.unslimmed.get(self.measured, 0)
        tolerated = 0
        if self.binds == "not_worse":
            today = [
                sum(plan.unit_figure(part, unit) for part in parts_of(self.measured)) for unit in successor.members
            ]
            tolerated = min(self._distance(value) for value in today)
        return max(self._below(value), self._above(larger)) > tolerated

    def _distance(self, value: int) -> int:
        return max(self._below(value), self._above(value))

    def _below(self, value: int) -> int:
        return max(self.at_least - value, 0) if self.at_least is not None else 0

    def _above(self, value: int) -> int:
        return max(value - self.at_most, 0) if self.at_most is not None else 0
