"""Outlay inside the figures that no plan can touch: pay reform, tuition waiver. A cut of spending leaves it out."""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import Field, field_validator

from models.exact import round_half_up
from models.prices import history_factor, stated_level, year_level
from models.provision import Certainty
from models.schema import EVERYWHERE, Count, Schema, Where

if TYPE_CHECKING:
    from models.rules.rule import Rule
    from models.scenario import Scenario
    from models.unit import Units


class Untouchable(Schema):
    """A part of direct State spending that is as it is, whatever is decided: whose it is, and how much a year.

    mvnd: what today's figures of the unit table hold of it, and so every year of a plan; by_year: what years of the
    baseline period held, at the prices of the stated history (a year that is not named: `mvnd`).
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    name: str = ""
    mvnd: Count
    by_year: Mapping[str, Count] = Field(default_factory=dict)
    scope: Where = EVERYWHERE
    source: str = ""
    certainty: Certainty = "to_confirm"

    @field_validator("by_year")
    @classmethod
    def _names_years(cls, amounts: Mapping[str, int]) -> Mapping[str, int]:
        if unknown := [name for name in amounts if re.fullmatch(r"(19|20)[0-9]{2}", name) is None]:
            raise ValueError(f"prices.no_year:{', '.join(unknown)}")
        return amounts


def left_out_before(scenario: "Scenario", entry: Untouchable, period: tuple[int, int], times: int) -> int:
    """What is left out of a baseline: the period's yearly mean `times` over, in million VND, rounded half up once."""
    years = range(period[0], period[1] + 1)
    amounts = [
        Fraction(entry.by_year[str(year)]) if str(year) in entry.by_year else entry.mvnd * stated_level(scenario, year)
        for year in years
    ]
    mean = sum(amounts, start=Fraction(0)) / len(years)
    return round_half_up(times * mean * history_factor(scenario, period))


def left_out_after(scenario: "Scenario", entry: Untouchable, years: range) -> int:
    """What is left out of the spending of some years, in million VND, rounded half up once."""
    return round_half_up(entry.mvnd * sum((year_level(scenario, year) for year in years), start=Fraction(0)))


def labels_touched(entry: Untouchable, rule: "Rule", labels: tuple[str, ...], units: "Units") -> frozenset[str | None]:
    """The labels of a rule under which the units of an entry stand today; None stands for outside the rule.

    Nobody can divide the amount: where there are several, the scenario is refused before.
    """
    mine = units.matches(entry.scope) & units.exists
    inside = units.matches(rule.scope)
    names = [labels[0]] * len(units) if rule.per is None else [str(name) for name in units.labels(rule.per)]
    return frozenset(names[unit] if inside[unit] else None for unit in mine.nonzero()[0].tolist())
