"""What carried each target of a finished plan: lever by lever, and by nature.

The rows of a rule and label add up to the numerator of its reading (and of its denominator, where a plan changes
that too), so that nobody has to believe the attribution: its sum can be checked.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING

from models.falls import Falls

if TYPE_CHECKING:
    from models.plan import Plan
    from models.rules.rule import Rule

NATURES: Mapping[str, str] = {
    "today": "before", "before": "before",
    "create": "real", "merge": "real", "site": "real", "dissolve": "real", "slim": "real", "surplus": "real",
    "early_years": "real",
    "equitize": "movement", "convert": "movement", "raise_fees": "movement", "transfer": "movement",
    "split": "movement",
    "other_label": "movement",
    "raise_orders": "relabelling", "order": "relabelling",
}  # fmt: skip
"""Every lever with its nature.

`before`: not this plan's doing. `real`: units and posts that no longer exist, money that the State no longer pays.
`movement`: what goes on elsewhere (with a unit that leaves, on own revenue or fees, under another label).
`relabelling`: grant that the State now pays as orders, and the posts paid from them.
"""
NATURES_OF_POSTS: Mapping[str, str] = {**NATURES, "surplus": "movement"}
"""A post that a partner's surplus pays for goes on existing."""
LEVERS = tuple(NATURES)


@dataclass(frozen=True)
class Carried:
    """What one lever gave to one target, under one label.

    part: `numerator` or `denominator` of the reading; amount: in the rule's natural unit, of a period the sum over its
    years; points: of what the reading reached, None where there is nothing to divide by.
    """

    id: str
    label: str
    year: int
    part: str
    lever: str
    nature: str
    amount: int
    points: Fraction | None


@dataclass(frozen=True)
class Target:
    """A rule whose reading is taken apart: the year, and which nature its levers have."""

    rule: "Rule"
    year: int
    natures: Mapping[str, str] = field(default_factory=lambda: NATURES)

    def rows(
        self, labels: tuple[str, ...], gave: Falls, point: Callable[[str, str], Fraction | None],
        part: str = "numerator", shown: tuple[str, ...] = (),
    ) -> tuple[Carried, ...]:  # fmt: skip
        """Rows by label and lever, without those of nothing but for the levers in `shown`.

        gave: (label, lever) -> amount; point: (label, lever) -> what one of it adds to the reading.
        """
        found = []
        for label in labels:
            for lever in LEVERS:
                amount, worth = gave.get((label, lever), 0), point(label, lever)
                if amount or lever in shown:
                    points = None if worth is None else amount * worth
                    name = "" if self.rule.per is None else label
                    facts = (self.rule.id, name, self.year, part, lever, self.natures[lever])
                    found.append(Carried(*facts, amount, points))
        return tuple(found)


def carried_of(plan: "Plan") -> tuple[Carried, ...]:
    """What carried every target of a plan, in the order of its rules; rules that are no targets have no rows."""
    return tuple(row for rule in plan.scenario.rules for row in rule.carried(plan))


def per_hundred(wholes: Mapping[str, int]) -> Callable[[str, str], Fraction | None]:
    """Points of a percentage: 100 over the label's whole; None where that is nothing."""

    def point(label: str, lever: str) -> Fraction | None:  # noqa: ARG001
        return Fraction(100, wholes[label]) if wholes[label] else None

    return point


def one_each(label: str, lever: str) -> Fraction:  # noqa: ARG001
    """Points of a target that counts: each is one."""
    return Fraction(1)


def opposite(falls: Falls) -> Falls:
    """What a figure gains where `falls` says what it loses."""
    return {key: -amount for key, amount in falls.items()}
