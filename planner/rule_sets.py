"""Dated national rule sets: which days each fits, and what of a scenario its day does not fit."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Protocol

from pydantic import ValidationError

from models.problem import InputError, Problem
from models.provision import Certainty
from models.scenario import Scenario
from models.schema import Schema
from planner.scenario_toml import Table, read_tables
from planner.schema_problems import problems_of
from planner.shipped import rule_set, rule_sets, rules_folder

HEAD = "rule_set"


class RuleSet(Schema):
    """The head of a rule set: scenarios whose figures are of a day between the two dates may extend it.

    name: its family and a year, such as `national-2024`; as_of_until: None while nothing has replaced the set.
    """

    name: str
    title: str
    as_of_from: datetime.date
    as_of_until: datetime.date | None = None

    @property
    def family(self) -> str:
        """What sets that replace one another have in common: the name without the year."""
        return self.name.rpartition("-")[0]

    def fits(self, day: datetime.date) -> bool:
        return self.as_of_from <= day and (self.as_of_until is None or day <= self.as_of_until)

    @property
    def period(self) -> str:
        """Its days as messages show them."""
        return period(self.as_of_from, self.as_of_until)


class Provision(Protocol):
    """What some text asks for: how sure that is, and when it is in force."""

    @property
    def source(self) -> str: ...

    @property
    def certainty(self) -> Certainty | None: ...

    @property
    def in_force_from(self) -> datetime.date | None: ...

    @property
    def in_force_until(self) -> datetime.date | None: ...

    def in_force_on(self, day: datetime.date, /) -> bool: ...


def provisions_of(scenario: Scenario) -> Iterator[tuple[str, Provision]]:
    """Everything in a scenario that has a text behind it, with its key path."""
    yield from _applied(scenario)
    yield from ((f"severance[{regime.id}]", regime) for regime in scenario.severance)
    yield from ((f"base_salary[{entry.id or at}]", entry) for at, entry in enumerate(scenario.base_salary))


def _applied(scenario: Scenario) -> Iterator[tuple[str, Provision]]:
    """What applies whatever its dates; of severance regimes only those apply that hold when people leave."""
    yield from ((f"rules[{rule.id}]", rule) for rule in scenario.rules)
    if scenario.dissolution.ineffective_years is not None:
        yield "dissolution", scenario.dissolution
    for key, norms in scenario.staffing.provisions.items():
        yield from ((f"staffing.{key}[{norm.id or number}]", norm) for number, norm in enumerate(norms))


def without_head(path: Path, tables: Table) -> tuple[RuleSet | None, Table]:
    """The head of a shipped rule set and the rest of its tables; None and all of them for any other file.

    Errors: InputError where the head of a rule set is not complete.
    """
    if path.resolve().parent != rules_folder().resolve() or HEAD not in tables:
        return None, tables
    head, rest = tables[HEAD], {key: value for key, value in tables.items() if key != HEAD}
    raw = {**(head if isinstance(head, dict) else {}), "name": path.stem}
    try:
        return RuleSet.model_validate(raw), rest
    except ValidationError as error:
        found = problems_of(error, RuleSet, raw)
        problems = [Problem(f"{HEAD}.{problem.where}", problem.code, problem.facts) for problem in found]
        raise InputError(f"{path.parent.name}/{path.name}", problems) from error


def fitting(day: datetime.date) -> tuple[RuleSet, ...]:
    """The shipped rule sets for figures of a day, at most one of each family."""
    return tuple(found for found in shipped_sets() if found.fits(day))


def shipped_sets() -> Iterator[RuleSet]:
    """The heads of all shipped rule sets, by name."""
    for name in rule_sets():
        path = rule_set(name)
        head = None if path is None else without_head(path, read_tables(path, f"rules/{name}.toml"))[0]
        if head is not None:
            yield head


def dates_that_do_not_fit(scenario: Scenario, extended: Sequence[RuleSet]) -> Iterator[Problem]:
    """Rule sets that are not for the scenario's day, and what is not in force on it; all of that still applies."""
    day = scenario.as_of
    better = {found.family: found.name for found in fitting(day)}
    for late in (found for found in extended if not found.fits(day)):
        facts = {"set": late.name, "period": late.period, "as_of": day}
        if late.family in better:
            yield Problem("extends", "scenario.rule_set_dates_other", facts | {"fits": better[late.family]})
        else:
            yield Problem("extends", "scenario.rule_set_dates", facts)
    outside: dict[str, list[str]] = {}
    for place, found in _applied(scenario):
        if not found.in_force_on(day):
            outside.setdefault(period(found.in_force_from, found.in_force_until), []).append(place)
    for days, places in outside.items():
        yield Problem(", ".join(places), "scenario.rule_dates", {"period": days, "as_of": day})


def period(since: datetime.date | None, until: datetime.date | None) -> str:
    """Two dates as messages show them, an open end left out."""
    return f"{since or ''} – {until or ''}".strip()
