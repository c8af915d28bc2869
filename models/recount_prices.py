"""The second copy of price arithmetic, for finished plans.

Written apart from prices on purpose: the checker and the readings use this one.
"""

from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from models.scenario import Scenario

LAST_DAY = date.max


def risen(scenario: "Scenario", year: int) -> Fraction:
    """What a million VND at the price year's prices is paid out as in a calendar year; the same at constant prices."""
    if scenario.money.prices == "constant" or not scenario.base_salary:
        return Fraction(1)
    pay = scenario.money.pay_percent
    then, at_prices = (_twelve_months(scenario, when) for when in (year, scenario.price_year))
    return (100 - pay + pay * Fraction(then, at_prices)) / 100


def _twelve_months(scenario: "Scenario", year: int) -> int:
    """What somebody on the base salary is paid in a calendar year, the salaries taken in the order of their dates."""
    total = 0
    for month in range(12):
        begins = date(year, month + 1, 1)
        paid = 0
        for entry in sorted(scenario.base_salary, key=lambda entry: entry.in_force_from):
            if entry.in_force_from <= begins <= (entry.in_force_until or LAST_DAY):
                paid = entry.vnd_month
        total += paid
    return total
