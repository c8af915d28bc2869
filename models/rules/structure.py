"""The size that a successor must have."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from models.exact import Integers, products
from models.figures import RATIOS, parts_of
from models.rules.rule import Floor, Reading, StructuralRule
from models.schema import Count

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan, Successor
    from models.scenario import Scenario
    from models.unit import Units

Truths = NDArray[np.bool_]
POSTS_LIKE = ("posts", "staff")
MEASURES = ("staff", "posts", "classes", "beds", "users", "sites", "deputies", "buildings", *RATIOS)


class Structure(StructuralRule):
    """A figure of every successor in the scope lies between `at_least` and `at_most`.

    A measure such as `users_per_class` is an exact quotient; where its base is 0 (no classes) there is nothing to
    judge. An upper limit is judged before slimming: a unit that only lapsing posts bring under it is still too large.
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

    def breaks(self, columns: "Columns") -> Truths:
        broken = np.zeros(len(columns.paths), dtype=bool)
        for stage, figures in enumerate(columns.consequences.stages):
            judged = figures.public & (figures.changed | (self.binds == "all")) & columns.groups_in(self.scope, stage)
            groups = self._of_groups(columns, stage)
            worse = self._beyond_some_member(columns, stage, groups) if self.binds == "not_worse" else groups.outside
            broken |= judged & worse
        return broken | self._waiting_outside(columns)

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        found = {s.id for stage in plan.stages for s in stage if self._judges(plan, s) and self._worse(plan, s)}
        return tuple(sorted(found))

    def existing(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:  # noqa: ARG002
        """Units that stand outside, that absorbed nobody by the last stage, and that this rule does not judge."""
        alone = [s for s in plan.stages[-1] if not self._judges(plan, s) and plan.in_scope(s, self.scope)]
        return tuple(sorted(s.id for s in alone if self._distance(plan, s)))

    def outside_today(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:  # noqa: ARG002
        outside = self._of_units(units).outside & units.matches(self.scope)
        return tuple(units.ids[unit] for unit in np.flatnonzero(outside))

    def posts_floor(self, columns: "Columns") -> Iterable[Floor]:
        """Slimming never takes a unit in the scope below its least size."""
        if self.at_least is None or self.measured not in POSTS_LIKE:
            return
        for stage in range(len(columns.consequences.stages)):
            groups = np.where(columns.groups_in(self.scope, stage), self.at_least, 0).astype(np.int64)
            yield stage, groups, np.where(columns.units_in(self.scope, stage), self.at_least, 0).astype(np.int64)

    @property
    def _quotient(self) -> tuple[str, str | None]:
        """The figure that is measured, and the one that it is divided by."""
        return RATIOS.get(self.measured, (self.measured, None))

    # Rows: whole arrays, quotients compared by cross-multiplying

    def _of_groups(self, columns: "Columns", stage: int) -> "_Distances":
        figure, base = self._quotient
        values = columns.group_sum(figure, stage)
        return self._distances(values, columns.group_sum(base, stage) if base else np.ones_like(values))

    def _of_units(self, units: "Units") -> "_Distances":
        figure, base = self._quotient
        values: Integers = np.sum([units.figure_of(part) for part in parts_of(figure)], axis=0, dtype=np.int64)
        return self._distances(values, units.figure_of(base) if base else np.ones_like(values))

    def _distances(self, values: Integers, bases: Integers) -> "_Distances":
        outside: NDArray[Any] = np.zeros_like(values)
        if self.at_least is not None:
            outside = np.maximum(outside, products(np.full_like(bases, self.at_least), bases) - values)
        if self.at_most is not None:
            outside = np.maximum(outside, values - products(np.full_like(bases, self.at_most), bases))
        return _Distances(np.where(bases > 0, outside, 0), bases)

    def _beyond_some_member(self, columns: "Columns", stage: int, groups: "_Distances") -> Truths:
        """Groups further outside than one of their members today; members without a base have no say."""
        paths = columns.paths
        option, members = paths.option_of_entry, self._of_units(columns.units).of(paths.members)
        farther = (paths.joins <= stage) & (members.bases > 0) & groups.of(option).beyond(members)
        worse: Truths = np.bincount(option[farther], minlength=len(paths)) > 0
        return worse

    def _waiting_outside(self, columns: "Columns") -> Truths:
        """Under "all", units that wait for a later stage are judged as they are."""
        broken = np.zeros(len(columns.paths), dtype=bool)
        if self.binds != "all":
            return broken
        bad = self._of_units(columns.units).outside & columns.units.matches(self.scope)
        waiting = columns.paths.joins > 0
        broken[columns.paths.option_of_entry[waiting & bad[columns.paths.members]]] = True
        return broken

    # Measure: one successor after another, in fractions

    def _judges(self, plan: "Plan", successor: "Successor") -> bool:
        return (successor.changed or self.binds == "all") and plan.in_scope(successor, self.scope)

    def _worse(self, plan: "Plan", successor: "Successor") -> bool:
        tolerated = Fraction(0)
        if self.binds == "not_worse":
            members = [self._today(plan, unit) for unit in successor.members]
            tolerated = min((distance for distance in members if distance is not None), default=tolerated)
        return self._distance(plan, successor) > tolerated

    def _distance(self, plan: "Plan", successor: "Successor") -> Fraction:
        """How far a successor lies outside; 0 where there is nothing to judge."""
        figure, under = self._quotient
        value = sum(plan.figure_of(successor, part) for part in parts_of(figure))
        base = plan.figure_of(successor, under) if under else 1
        larger = value + successor.unslimmed.get(self.measured, 0)
        return max(self._below(Fraction(value, base)), self._above(Fraction(larger, base))) if base else Fraction(0)

    def _today(self, plan: "Plan", unit: int) -> Fraction | None:
        """How far a unit of today lies outside; None where there is nothing to judge."""
        figure, under = self._quotient
        base = plan.unit_figure(under, unit) if under else 1
        if not base:
            return None
        value = Fraction(sum(plan.unit_figure(part, unit) for part in parts_of(figure)), base)
        return max(self._below(value), self._above(value))

    def _below(self, value: Fraction) -> Fraction:
        return Fraction(0) if self.at_least is None else max(self.at_least - value, Fraction(0))

    def _above(self, value: Fraction) -> Fraction:
        return Fraction(0) if self.at_most is None else max(value - self.at_most, Fraction(0))


@dataclass(frozen=True, eq=False)
class _Distances:
    """How far figures lie outside the limits, as exact quotients: numerators over bases; a base of 0 judges nothing.

    numerators: whole numbers, in 64 bits or as Python integers where those would not do.
    """

    numerators: NDArray[Any]
    bases: Integers

    @property
    def outside(self) -> Truths:
        return np.asarray(self.numerators > 0, dtype=bool)

    def of(self, places: Integers) -> "_Distances":
        return _Distances(self.numerators[places], self.bases[places])

    def beyond(self, others: "_Distances") -> Truths:
        """Where these lie further outside than the others."""
        mine, theirs = products(self.numerators, others.bases), products(others.numerators, self.bases)
        return np.asarray(mine > theirs, dtype=bool)
