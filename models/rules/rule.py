"""What every rule is: a named demand that gives rows over the options and measures a finished plan."""

import datetime
from abc import abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy import sparse

from models.carried import Carried
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.pinned import labels_to_come
from models.program import Rows
from models.schema import EVERYWHERE, Schema, Where

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units

Floor = tuple[int, Integers, Integers]
"""A stage, the posts that every option's group must keep, and those that every unit must keep while it stands alone."""
Tier = Literal["law", "central", "province", "modelling"]


@dataclass(frozen=True)
class Reading:
    """What a rule wanted, what a plan reached, and by how much it is held or short.

    Figures are exact; `numerator` and `denominator` say what a share or a cut was reckoned from;
    `units` names those that break a structural rule.
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


class Rule(Schema):
    """A demand on the plan: who asks for it (`tier`, `source`), for which units (`scope`) and per which column."""

    structural: ClassVar[bool] = False

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    rule: str
    name: str = ""
    tier: Tier = "province"
    source: str = ""
    scope: Where = EVERYWHERE
    per: str | None = None
    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None

    @abstractmethod
    def rows(self, columns: "Columns") -> Rows:
        """The demand as linear rows over options and items."""

    @abstractmethod
    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        """The same demand measured on a finished plan, one reading per label."""

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


def at_most_rows(rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int]) -> Rows:
    """Rows with an upper limit each, reduced by their common divisor."""
    least = np.full(len(labels), NO_LIMIT_BELOW, dtype=np.int64)
    return Rows(rule, labels, matrix, least, np.array(limits, dtype=np.int64)).reduced()


def at_least_rows(rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int]) -> Rows:
    """Rows with a lower limit each, reduced by their common divisor."""
    most = np.full(len(labels), NO_LIMIT_ABOVE, dtype=np.int64)
    return Rows(rule, labels, matrix, np.array(limits, dtype=np.int64), most).reduced()
