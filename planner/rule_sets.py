"""Dated national rule sets: which days each fits, and what of a scenario its day does not fit."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import ValidationError

from models.problem import InputError, Problem
from models.scenario import Scenario
from models.schema import Schema
from planner.scenario_toml import Table, read_tables
from planner.schema_problems import problems_of
from planner.shipped import rule_set, rule_sets, rules_folder

HEAD = "rule_set"


class RuleSet(Schema):
    """The head of a rule set: scenarios whose figures are of a day between the two dates may extend it.

    as_of_until: None while nothing has replaced the set.
    """

    name: str
    title: str
    as_of_from: datetime.date
    as_of_until: datetime.date | None = None

    def fits(self, day: datetime.date) -> bool:
        return self.as_of_from <= day and (self.as_of_until is None or day <= self.as_of_until)

    @property
    def period(self) -> str:
        """Its days as messages show them."""
        return period(self.as_of_from, self.as_of_until)


def without_head(path: Path, tables: Table) -> tuple[RuleSet | None, Table]:
    """The head of a shipped rule set and the rest of its tables; None and all of them for any other file.

    Errors: InputError where a file among the rule sets has no such head.
    """
    if path.resolve().parent != rules_folder().resolve():
        return None, tables
    head, rest = tables.get(HEAD, {}), {key: value for key, value in tables.items() if key != HEAD}
    raw = {**(head if isinstance(head, dict) else {}), "name": path.stem}
    try:
        return RuleSet.model_validate(raw), rest
    except ValidationError as error:
        found = problems_of(error, RuleSet, raw)
        problems = [Problem(f"{HEAD}.{problem.where}", problem.code, problem.facts) for problem in found]
        raise InputError(f"{path.parent.name}/{path.name}", problems) from error


def fitting(day: datetime.date) -> RuleSet | None:
    """The shipped rule set for figures of a day; None where there is none."""
    return next((found for found in shipped_sets() if found.fits(day)), None)


def shipped_sets() -> Iterator[RuleSet]:
    """The heads of all shipped rule sets, by name."""
    for name in rule_sets():
        path = rule_set(name)
        head = None if path is None else without_head(path, read_tables(path, f"rules/{name}.toml"))[0]
        if head is not None:
            yield head


def dates_that_do_not_fit(scenario: Scenario, extended: Sequence[RuleSet]) -> Iterator[Problem]:
    """Rule sets that are not for the scenario's day, and rules that are not in force on it; all of them still apply."""
    day = scenario.as_of
    better = fitting(day)
    for found in extended:
        if not found.fits(day):
            facts = {"set": found.name, "period": found.period, "as_of": day}
            if better is None:
                yield Problem("extends", "scenario.rule_set_dates", facts)
            else:
                yield Problem("extends", "scenario.rule_set_dates_other", facts | {"fits": better.name})
    for rule in scenario.rules:
        if not rule.in_force(day):
            facts = {"period": period(rule.in_force_from, rule.in_force_until), "as_of": day}
            yield Problem(f"rules[{rule.id}]", "scenario.rule_dates", facts)


def period(since: datetime.date | None, until: datetime.date | None) -> str:
    """Two dates as messages show them, an open end left out."""
    return f"{since or ''} – {until or ''}".strip()
