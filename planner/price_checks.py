"""What prices need: a base salary for every year that is converted, and amounts that the figures can hold."""

from collections.abc import Iterator

from models.prices import base_salary_of
from models.problem import Problem
from models.rules.spending_cut import SpendingCut
from models.scenario import Scenario
from models.unit import Units
from models.untouchable import labels_touched


def price_problems(scenario: Scenario) -> Iterator[Problem]:
    """What can be told without the unit table."""
    days = [entry.in_force_from for entry in scenario.base_salary]
    for day in sorted({day for day in days if days.count(day) > 1}):
        yield Problem("base_salary", "prices.same_day", {"day": day})
    if scenario.money.prices == "nominal" and not scenario.base_salary:
        yield Problem("money.prices", "prices.nominal_needs_salaries")
    needed = sorted(_converted_years(scenario))
    unknown = [year for year in needed if base_salary_of(scenario.base_salary, year) is None]
    if scenario.base_salary and unknown:
        yield Problem("base_salary", "prices.unknown_years", {"years": ", ".join(map(str, unknown))})
    yield from _years_of_no_baseline(scenario)


def untouchable_problems(scenario: Scenario, units: Units) -> Iterator[Problem]:
    """Amounts that belong to nobody, cannot be divided, or are more than the figures hold."""
    for entry in scenario.untouchable:
        if not (units.matches(entry.scope) & units.exists).any():
            yield Problem(f"untouchable[{entry.id}].scope", "scenario.empty_scope")
    for rule in _cuts(scenario):
        divided = list(_divided(scenario, units, rule))
        yield from divided or _too_large(scenario, units, rule)


def price_warnings(scenario: Scenario) -> Iterator[Problem]:
    """Prices of a year after the figures' day (figures of today are not lifted to them); amounts that nothing uses."""
    if scenario.price_year > scenario.as_of.year:
        facts = {"year": str(scenario.price_year), "as_of": scenario.as_of}
        yield Problem("money.price_year", "prices.late_price_year", facts)
    if scenario.untouchable and not _cuts(scenario):
        yield Problem("untouchable", "prices.untouchable_unused", {"count": len(scenario.untouchable)})


def _cuts(scenario: Scenario) -> list[SpendingCut]:
    return [rule for rule in scenario.rules if isinstance(rule, SpendingCut)]


def _converted_years(scenario: Scenario) -> set[int]:
    """Years whose base salary is needed."""
    nominal = scenario.money.prices == "nominal"
    if not nominal and scenario.money.history_prices == "price_year":
        return set()
    years = {year for rule in _cuts(scenario) for year in range(rule.baseline_period[0], rule.baseline_period[1] + 1)}
    if nominal:
        years |= {year for rule in _cuts(scenario) for year in range(rule.period[0], rule.period[1] + 1)}
        years |= set(scenario.years)
    return years | {scenario.price_year} if years else years


def _years_of_no_baseline(scenario: Scenario) -> Iterator[Problem]:
    """Years that no cut of spending compares with: years of a plan hold what today's figures hold."""
    periods = [rule.baseline_period for rule in _cuts(scenario)]
    for entry in scenario.untouchable if periods else ():
        for year in sorted(entry.by_year):
            if not any(first <= int(year) <= last for first, last in periods):
                facts = {"years": ", ".join(f"{first}–{last}" for first, last in sorted(set(periods)))}
                yield Problem(f"untouchable[{entry.id}].by_year.{year}", "prices.no_baseline_year", facts)


def _divided(scenario: Scenario, units: Units, rule: SpendingCut) -> Iterator[Problem]:
    labels = rule.labels(scenario, units)
    for entry in scenario.untouchable:
        if len(labels_touched(entry, rule, labels, units)) > 1:
            yield Problem(f"untouchable[{entry.id}].scope", "prices.divided", {"rule": rule.id})


def _too_large(scenario: Scenario, units: Units, rule: SpendingCut) -> Iterator[Problem]:
    """Left out of a label: more than its baseline, or more than its units get today."""
    labels = rule.labels(scenario, units)
    today = rule.spent_today(scenario, units, labels)
    sides = rule.sides(scenario, units, labels)
    for label in labels:
        names = sorted(entry.id for entry, mine, _ in rule.left_out(scenario, units, labels) if mine == label)
        where = ", ".join(f"untouchable[{name}]" for name in names)
        if sides.base[label] < 0:
            yield Problem(where, "prices.more_than_baseline", {"rule": rule.id, "missing": -sides.base[label]})
        if names and sides.left_out[label] > today[label]:
            facts = {"rule": rule.id, "amount": sides.left_out[label], "spent": today[label]}
            yield Problem(where, "prices.more_than_today", facts)
