"""Prices of different years: the base salary, and what a dong of the unit table is in money of another year.

The table's figures of today stand at the prices of the price year, and so does everything reckoned from them. Pay
follows the base salary; what is not pay has no price index here and stays as it is. Without a base salary no price
ever moves. The second road has a copy of its own (recount_prices).
"""

import datetime
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from models.exact import Integers, share_half_up
from models.provision import Provision

if TYPE_CHECKING:
    from models.scenario import Scenario
    from models.unit import Units

MONTHS = range(1, 13)
HISTORY = "state_grant_2021_2025_mvnd"


class BaseSalary(Provision):
    """The base salary (lương cơ sở) in whole VND a month, from a day on: until a later one begins or its own end."""

    in_force_from: datetime.date
    vnd_month: Annotated[int, Field(ge=10_000, le=1_000_000_000)]


def base_salary_on(entries: Iterable[BaseSalary], day: datetime.date) -> int | None:
    """The base salary of a day; None where no entry speaks of it."""
    held = [entry for entry in entries if entry.in_force_on(day)]
    return max(held, key=lambda entry: entry.in_force_from).vnd_month if held else None


def base_salary_of(entries: Sequence[BaseSalary], year: int) -> Fraction | None:
    """The mean over the months of a calendar year, each as it begins; None where some month has none."""
    months = [base_salary_on(entries, datetime.date(year, month, 1)) for month in MONTHS]
    known = [month for month in months if month is not None]
    return Fraction(sum(known), len(known)) if len(known) == len(months) else None


def price_level(scenario: "Scenario", years: Sequence[int]) -> Fraction:
    """What a dong at the price year's prices was, or will be, on the yearly mean of some years.

    Errors: LookupError where the base salary of one of the years is not known.
    """
    entries, share = scenario.base_salary, scenario.money.pay_percent / 100
    if not entries:
        return Fraction(1)
    found = {year: base_salary_of(entries, year) for year in (scenario.price_year, *years)}
    if missing := [year for year, salary in found.items() if salary is None]:
        raise LookupError(f"no base salary for {missing}")
    salaries = [found[year] or Fraction(0) for year in years]
    risen = sum(salaries, start=Fraction(0)) / len(years) / (found[scenario.price_year] or 1)
    return 1 - share + share * risen


def year_level(scenario: "Scenario", year: int) -> Fraction:
    """By what the money of a calendar year is multiplied: 1 at constant prices, else as the base salary has risen."""
    return Fraction(1) if scenario.money.prices == "constant" else price_level(scenario, (year,))


def history_factor(scenario: "Scenario", period: tuple[int, int]) -> Fraction:
    """By what a stated yearly mean of a period is multiplied, to stand at the prices of the scenario."""
    paid = price_level(scenario, _years(period)) if _converted(scenario) else Fraction(1)
    return 1 / paid if scenario.money.history_prices == "as_paid" else paid


def today_factor(scenario: "Scenario", period: tuple[int, int]) -> Fraction:
    """By what a figure of today is multiplied where it stands for a period's mean: nominal prices scale it back."""
    return Fraction(1) if scenario.money.prices == "constant" else price_level(scenario, _years(period))


def stated_level(scenario: "Scenario", year: int) -> Fraction:
    """At what prices a past year's amount would be stated, as a multiple of the price year's."""
    return Fraction(1) if scenario.money.history_prices == "price_year" else price_level(scenario, (year,))


def history_of(scenario: "Scenario", units: "Units", period: tuple[int, int]) -> Integers:
    """(n) the yearly mean of each unit's grant over a period at the scenario's prices, rounded half up once a unit.

    Where the table states none, today's grant stands for it (assumed).
    """
    means = share_half_up(units.figure(HISTORY), history_factor(scenario, period))
    if HISTORY not in units.assumed:
        return means
    standing_in = share_half_up(units.figure("state_grant_mvnd"), today_factor(scenario, period))
    means[units.assumed[HISTORY]] = standing_in[units.assumed[HISTORY]]
    return means


def _converted(scenario: "Scenario") -> bool:
    """Whether a stated history stands at other prices than the scenario wants."""
    return (scenario.money.prices == "constant") == (scenario.money.history_prices == "as_paid")


def _years(period: tuple[int, int]) -> range:
    return range(period[0], period[1] + 1)
