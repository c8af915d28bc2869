"""What every rule is: a named demand that gives rows over the options and measures a finished plan."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import repeat
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse

from models.carried import Carried
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.pinned import labels_to_come
from models.program import Rows
from models.provision import Certainty, InForce
from models.schema import EVERYWHERE, Name, Where

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units

Floor = tuple[int, Integers, Integers]
"""A stage, the posts that every option's group must keep, and those that every unit must keep while it stands alone."""
Quotient = tuple[sparse.csr_array, sparse.csr_array]
"""(labels x columns) twice: the more the first is of the second, the better the rule is met."""
Tier = Literal["law", "central", "province", "modelling"]


@dataclass(frozen=True)
class Reading:
    """What a rule wanted, what a plan reached, and by how much it is held or short.

    Figures are exact; `numerator` and `denominator` say what a share or a cut was reckoned from;
    `units` names those that break a structural rule, `existing` those that stand outside today and are left so;
    `across`: successors that hold units inside and outside what is counted here, by their own columns of today;
    `baseline`: where the number from which it counts is none that was assigned: `assumed`, `fixed`, `realised`;
    `met_only_so`: it is met from that baseline and would not be from the assigned one;
    `protected`: what the worst savings may fall short of, taken off the slack, in the unit of the numerator.
    """

    id: str
    rule: str
    label: str
    year: int | None
    wanted: Fraction
    reached: Fraction
    met: bool
    slack: Fraction
    numerator: int
    denominator: int
    source: str
    units: tuple[str, ...] = ()
    existing: tuple[str, ...] = ()
    across: int = 0
    baseline: Literal["", "assumed", "fixed", "realised"] = ""
    met_only_so: bool = False
    protected: Fraction = Fraction(0)

    @property
    def secured(self) -> Fraction:
        """What is reached although the worst savings fall short: a cut's percentage less its reserve."""
        return self.wanted + self.slack if self.protected else self.reached


@dataclass(frozen=True)
class Fact:
    """A figure that belongs beside a rule's reading; it demands nothing.

    what: its name; year: of the stage or period that it is read for, None for today; value: exact, with the
    `numerator` and `denominator` that it was reckoned from.
    """

    id: str
    what: str
    label: str
    year: int | None
    value: Fraction
    numerator: int
    denominator: int


class Rule(InForce):
    """A demand on the plan: who asks for it (`tier`, `source`), for which units (`scope`) and per which column."""

    structural: ClassVar[bool] = False

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    rule: str
    name: Name = ""
    tier: Tier = "province"
    source: str = ""
    certainty: Certainty | None = None
    scope: Where = EVERYWHERE
    per: str | None = None

    @abstractmethod
    def rows(self, columns: "Columns") -> Rows:
        """The demand as linear rows over options and items."""

    @abstractmethod
    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        """The same demand measured on a finished plan, one reading per label."""

    @property
    def due(self) -> int | None:
        """The year by whose end the demand must hold; None where it holds after every decision."""
        return getattr(self, "year", None)

    def quotient(self, columns: "Columns") -> "Quotient | None":  # noqa: ARG002
        """What a reading is a share of where the plan changes both; None where it is read off the rows as they are."""
        return None

    def rows_by(self, columns: "Columns", year: int) -> Rows | None:
        """What is demanded by the end of a year; None where all of it comes later."""
        return None if self.due is not None and self.due > year else self.rows(columns)

    def readings(self, plan: "Plan") -> tuple[Reading, ...]:
        """What is measured, with the existing breaches and the successors across an edge that belong beside it."""
        return tuple(
            replace(reading, existing=self.existing(plan, reading), across=self._count_across(plan, reading))
            for reading in self.measure(plan)
        )

    def context(self, plan: "Plan") -> tuple[Fact, ...]:  # noqa: ARG002
        """Figures beside the readings, without which they could mislead."""
        return ()

    def existing(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:  # noqa: ARG002
        """Units that stand outside today, that the plan leaves so, and that the rule tolerates."""
        return ()

    def broken_by(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:  # noqa: ARG002
        """The units or successors by which an unmet reading is broken; empty where only a sum is short of them."""
        return reading.units

    def remaining_under(self, plan: "Plan", reading: Reading, scope: Where) -> tuple[str, ...]:
        """What remains after a reading's stage and is counted in a scope, under the reading's label."""
        stage = self.stage_read(plan.scenario, reading.year)
        labels = (reading.label or self.id,)
        found = () if stage is None else plan.stages[stage]
        return tuple(sorted(s.id for s in found if plan.counted_as(s, scope, self.per, labels) == labels[0]))

    def outside_today(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:  # noqa: ARG002
        """What stands outside before anything is decided: units by their ids, or the labels of a sum."""
        return ()

    def across(self, plan: "Plan", stage: int, label: str | None = None) -> tuple[str, ...]:
        """Successors of a stage that hold units inside and outside the scope, by their own columns of today.

        With `per` the edges between labels count as well, or the edge of one `label` alone.
        """
        merged = [successor for successor in plan.stages[stage] if len(successor.members) > 1]
        if not merged or (not self.counted and self.per is None):
            return ()
        names = map(str, plan.units.labels(self.per)) if self.per is not None else repeat(self.id)
        inside = plan.units.matches(self.counted).tolist()
        sides = [
            name if within and label in (None, name) else None for name, within in zip(names, inside, strict=False)
        ]
        return tuple(s.id for s in merged if len({sides[unit] for unit in s.members}) > 1)

    def stage_read(self, scenario: "Scenario", year: int | None) -> int | None:
        """The stage that a reading of a year looks at, without a year the last; None before the first."""
        return len(scenario.stages) - 1 if year is None else scenario.stage_of(year)

    @property
    def counted(self) -> Where:
        """Which units the rule counts."""
        return self.scope

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        """Columns by which the rule tells apart units whose posts or money it sums; amounts slimmed or ordered in a
        unit must count in the same place as the unit itself."""
        return ()

    @property
    def columns_named(self) -> tuple[str, ...]:
        """Columns that the rule's scope and `per` name."""
        return tuple(name.removesuffix("_not") for name in (*self.scope, *(() if self.per is None else (self.per,))))

    def posts_floor(self, columns: "Columns") -> Iterable[Floor]:  # noqa: ARG002
        """Posts that must be kept, where the rule asks for a least size."""
        return ()

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:  # noqa: ARG002
        """What carried the rule's reading, lever by lever; nothing where the rule is no target."""
        return ()

    def labels(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:
        """The values that `per` has among the units in scope or may get; the rule's own id where there is no `per`."""
        return self.labels_in(self.scope, scenario, units)

    def labels_in(self, scope: Where, scenario: "Scenario", units: "Units") -> tuple[str, ...]:
        """As `labels`, in another scope."""
        if self.per is None:
            return (self.id,)
        today = {str(label) for label in units.labels(self.per)[units.matches(scope)]}
        return tuple(sorted(today | labels_to_come(scenario, self.per)))

    def _count_across(self, plan: "Plan", reading: Reading) -> int:
        stage = self.stage_read(plan.scenario, reading.year)
        return 0 if stage is None else len(self.across(plan, stage, None if self.per is None else reading.label))

    def fact(self, what: str, label: str, year: int | None, value: Fraction | int, of: tuple[int, int]) -> Fact:
        """A figure beside this rule's readings; `of` is what it was reckoned from."""
        return Fact(self.id, what, "" if self.per is None else label, year, Fraction(value), *of)

    def tally(self, what: str, year: int, counts: Mapping[str, int], of: Mapping[str, int]) -> list[Fact]:
        """A whole number beside the reading of every label, out of another."""
        return [self.fact(what, label, year, count, (count, of[label])) for label, count in counts.items()]

    def reading(
        self, label: str, *, year: int | None, wanted: Fraction | int, reached: Fraction | int, slack: Fraction | int,
        numerator: int, denominator: int,
    ) -> Reading:  # fmt: skip
        """A reading of this rule; it is met when nothing is missing."""
        shown = "" if self.per is None else label
        facts = (Fraction(wanted), Fraction(reached), slack >= 0, Fraction(slack), numerator, denominator)
        return Reading(self.id, self.rule, shown, year, *facts, self.source)


class StructuralRule(Rule):
    """A demand that single options keep or break; the listing marks the options that break it."""

    structural: ClassVar[bool] = True

    @abstractmethod
    def breaks(self, columns: "Columns") -> NDArray[np.bool_]:
        """Which options break the rule: one truth value per option."""

    @abstractmethod
    def offenders(self, plan: "Plan") -> tuple[str, ...]:
        """Successors (or units) of a finished plan that break the rule."""

    def rows(self, columns: "Columns") -> Rows:
        """No broken option may be chosen."""
        return at_most_rows(self.id, (self.id,), columns.of_options(self.breaks(columns).astype(np.int64)), [0])

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        """How many successors break the rule; none may."""
        units = self.offenders(plan)
        count = Fraction(len(units))
        return (
            Reading(
                self.id, self.rule, "", None, Fraction(0), count, not units, -count, len(units), 0, self.source, units
            ),
        )


def at_most_rows(
    rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int], *,
    baseline: Sequence[int] | None = None,
) -> Rows:  # fmt: skip
    """Rows with an upper limit each, reduced by their common divisor; baseline: as in `Rows`."""
    least = np.full(len(labels), NO_LIMIT_BELOW, dtype=np.int64)
    return Rows(rule, labels, matrix, least, np.array(limits, dtype=np.int64), _integers(baseline)).reduced()


def at_least_rows(
    rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int], *,
    baseline: Sequence[int] | None = None,
) -> Rows:  # fmt: skip
    """Rows with a lower limit each, reduced by their common divisor; baseline: as in `Rows`."""
    most = np.full(len(labels), NO_LIMIT_ABOVE, dtype=np.int64)
    return Rows(rule, labels, matrix, np.array(limits, dtype=np.int64), most, _integers(baseline)).reduced()


def _integers(values: Sequence[int] | None) -> Integers | None:
    return None if values is None else np.array(values, dtype=np.int64)
