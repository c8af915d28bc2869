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
from models.rules.rule import Fact, Floor, Reading, StructuralRule
from models.schema import Count

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan, Successor
    from models.scenario import Scenario
    from models.unit import Units

Truths = NDArray[np.bool_]
Sides = tuple[Fraction, Fraction]
"""How far below the lower and above the upper limit."""
POSTS_LIKE = ("posts", "staff")
MEASURES = ("staff", "posts", "classes", "beds", "users", "sites", "deputies", "buildings", *RATIOS)


class Structure(StructuralRule):
    """A figure of every successor in the scope lies between `at_least` and `at_most`.

    A measure such as `users_per_class` is an exact quotient; where its base is 0 (no classes) there is nothing to
    judge. An upper limit is judged before slimming: a unit that only lapsing posts bring under it is still too large.
    binds = "new": what a decision creates must be inside; "not_worse": inside, or no further outside than the best of
    its members, each limit by itself (members that are too small excuse no successor that is too large); "all": units
    left as they are must be inside as well.
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
            suspect = judged & groups.outside  # whoever stands inside is no worse than anybody
            broken |= (
                self._beyond_some_member(columns, stage, groups, suspect) if self.binds == "not_worse" else suspect
            )
        return broken | self._waiting_outside(columns)

    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        found = {s.id for stage in plan.stages for s in stage if self._judges(plan, s) and self._worse(plan, s)}
        return tuple(sorted(found))

    def existing(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:  # noqa: ARG002
        """Units that stand outside today already, that absorbed nobody by the last stage, and that are not judged."""
        return tuple(sorted(s.id for s in self._tolerated(plan) if self._stood_outside(plan, s)))

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """Units that stand outside because new ones come to stand: what the table and the pins create is not unseen."""
        new = [s for s in self._tolerated(plan) if not self._stood_outside(plan, s)]
        return (self.fact("created_outside", "", None, len(new), (len(new), len(plan.stages[-1]))),) if new else ()

    def _tolerated(self, plan: "Plan") -> "list[Successor]":
        """What stands outside after the last stage and absorbed nobody."""
        alone = [s for s in plan.stages[-1] if not self._judges(plan, s) and plan.in_scope(s, self.scope)]
        return [s for s in alone if any(self._distance(plan, s))]

    def _stood_outside(self, plan: "Plan", successor: "Successor") -> bool:
        return not plan.units.planned[successor.host] and any(self._today(plan, successor.host) or ())

    def outside_today(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:  # noqa: ARG002
        outside = self._of_units(units).outside & units.matches(self.scope) & ~units.planned
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
        below: NDArray[Any] = np.zeros_like(values)
        above: NDArray[Any] = np.zeros_like(values)
        if self.at_least is not None:
            below = np.maximum(below, products(np.full_like(bases, self.at_least), bases) - values)
        if self.at_most is not None:
            above = np.maximum(above, values - products(np.full_like(bases, self.at_most), bases))
        return _Distances(np.where(bases > 0, below, 0), np.where(bases > 0, above, 0), bases)

    def _beyond_some_member(self, columns: "Columns", stage: int, groups: "_Distances", suspect: Truths) -> Truths:
        """Suspects further outside either limit than one of their members today; members without a base have no say."""
        paths = columns.paths
        entries = np.flatnonzero(suspect[paths.option_of_entry] & (paths.joins <= stage))
        option, members = paths.option_of_entry[entries], self._of_units(columns.units).of(paths.members[entries])
        farther = (members.bases > 0) & groups.of(option).beyond(members)
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
        tolerated = (Fraction(0), Fraction(0))
        members = [self._today(plan, unit) for unit in successor.members] if self.binds == "not_worse" else []
        if sides := [distance for distance in members if distance is not None]:
            tolerated = (min(below for below, _ in sides), min(above for _, above in sides))
        return any(far > most for far, most in zip(self._distance(plan, successor), tolerated, strict=True))

    def _distance(self, plan: "Plan", successor: "Successor") -> Sides:
        """How far a successor lies below and above the limits; 0 where there is nothing to judge."""
        figure, under = self._quotient
        value = sum(plan.figure_of(successor, part) for part in parts_of(figure))
        base = plan.figure_of(successor, under) if under else 1
        larger = value + successor.unslimmed.get(self.measured, 0)
        if not base:
            return Fraction(0), Fraction(0)
        smaller = min(value, larger)  # vacancies that others' people fill excuse no unit that is too small
        return self._below(Fraction(smaller, base)), self._above(Fraction(larger, base))

    def _today(self, plan: "Plan", unit: int) -> Sides | None:
        """How far a unit of today lies below and above the limits; None where there is nothing to judge."""
        figure, under = self._quotient
        base = plan.unit_figure(under, unit) if under else 1
        if not base:
            return None
        value = Fraction(sum(plan.unit_figure(part, unit) for part in parts_of(figure)), base)
        return self._below(value), self._above(value)

    def _below(self, value: Fraction) -> Fraction:
        return Fraction(0) if self.at_least is None else max(self.at_least - value, Fraction(0))

    def _above(self, value: Fraction) -> Fraction:
        return Fraction(0) if self.at_most is None else max(value - self.at_most, Fraction(0))


@dataclass(frozen=True, eq=False)
class _Distances:
    """How far figures lie below and above the limits, as exact quotients over bases; a base of 0 judges nothing.

    below, above: numerators, whole numbers in 64 bits or as Python integers where those would not do.
    """

    below: NDArray[Any]
    above: NDArray[Any]
    bases: Integers

    @property
    def outside(self) -> Truths:
        return np.asarray((self.below > 0) | (self.above > 0), dtype=bool)

    def of(self, places: Integers) -> "_Distances":
        return _Distances(self.below[places], self.above[places], self.bases[places])

    def beyond(self, others: "_Distances") -> Truths:
        """Where these lie further outside than the others, on either side."""
        sides = ((self.below, others.below), (self.above, others.above))
        far = [products(mine, others.bases) > products(theirs, self.bases) for mine, theirs in sides]
        return np.asarray(far[0] | far[1], dtype=bool)
