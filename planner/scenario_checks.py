"""What a valid scenario must also hold: years that are stages, units that exist, columns that rules may name."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from models.figures import CHANGED_LABELS
from models.pin import Pin
from models.problem import Problem
from models.scenario import Scenario
from models.unit import COLUMNS, Units

SELECTING = ("unit", *CHANGED_LABELS, *(column.name for column in COLUMNS if column.kind in ("text", "choice")))
PINNED_FATES = ("merge", "equitize", "convert", "dissolve", "raise")


def problems_alone(scenario: Scenario) -> list[Problem]:
    """What can be told without the unit table."""
    return [*_stages(scenario), *_rules(scenario), *_prices(scenario), *_selections(scenario)]


def problems_with_units(scenario: Scenario, units: Units) -> list[Problem]:
    """Units that pins name and that the table does not hold, and pins that contradict one another."""
    if not len(units):
        return [Problem("units", "scenario.no_units")]
    found = []
    for number, pin in enumerate(scenario.pins, start=1):
        named = [name for name in (pin.unit, pin.host, *pin.merge_with, *pin.never_with) if name is not None]
        for name in named:
            if name not in units.positions:
                close = get_close_matches(name, units.ids, n=1)
                facts = {"unit": name, "hint": close[0] if close else ""}
                found.append(Problem(f"pins[{pin.unit or number}]", "scenario.unknown_unit", facts))
        if pin.scope is not None and not units.matches(pin.scope).any():
            found.append(Problem(f"pins[{number}].scope", "scenario.empty_scope"))
    return found or list(_contradictions(scenario.pins))


def _stages(scenario: Scenario) -> Iterator[Problem]:
    years = [stage.year for stage in scenario.stages]
    effects = [stage.effect for stage in scenario.stages]
    if years != sorted(set(years)) or effects != sorted(set(effects)):
        yield Problem("stages", "scenario.stages_in_order")
    if scenario.horizon < effects[-1]:
        yield Problem("money.horizon", "scenario.must_be_at_least", {"limit": effects[-1], "found": scenario.horizon})


def _rules(scenario: Scenario) -> Iterator[Problem]:
    years = {stage.year for stage in scenario.stages}
    ids = [rule.id for rule in scenario.rules]
    for rule in scenario.rules:
        year = getattr(rule, "year", None)
        if year is not None and year not in years:
            facts = {"found": year, "known": ", ".join(map(str, sorted(years)))}
            yield Problem(f"rules[{rule.id}].year", "scenario.year_is_no_stage", facts)
        if ids.count(rule.id) > 1:
            yield Problem(f"rules[{rule.id}]", "scenario.doubled_id", {"id": rule.id})
    for number, pin in enumerate(scenario.pins, start=1):
        if pin.year is not None and pin.year not in years:
            facts = {"found": pin.year, "known": ", ".join(map(str, sorted(years)))}
            yield Problem(f"pins[{pin.unit or number}].year", "scenario.year_is_no_stage", facts)


def _prices(scenario: Scenario) -> Iterator[Problem]:
    if not any(getattr(scenario.objective, name) for name in type(scenario.objective).model_fields):
        yield Problem("objective", "scenario.all_prices_zero")


def _selections(scenario: Scenario) -> Iterator[Problem]:
    """Scopes and `per` may name columns of words, and the two that a plan changes."""
    for rule in scenario.rules:
        tables: dict[str, Mapping[str, Any]] = {"scope": rule.scope, "where": getattr(rule, "where", {})}
        for key, table in tables.items():
            yield from _unknown_columns(f"rules[{rule.id}].{key}", table)
        if rule.per is not None and rule.per not in SELECTING:
            yield _unknown_column(f"rules[{rule.id}].per", rule.per)
    for number, pin in enumerate(scenario.pins, start=1):
        yield from _unknown_columns(f"pins[{number}].scope", pin.scope or {})
        yield from _pin_form(f"pins[{pin.unit or number}]", pin)
    for action, permission in scenario.actions.items():
        if not isinstance(permission, bool):
            yield from _unknown_columns(f"actions.{action}", permission)


def _unknown_columns(where: str, table: Mapping[str, Any]) -> Iterator[Problem]:
    for name in table:
        if name.removesuffix("_not") not in SELECTING:
            yield _unknown_column(f"{where}.{name}", name.removesuffix("_not"))


def _unknown_column(where: str, name: str) -> Problem:
    close = get_close_matches(name, SELECTING, n=1)
    return Problem(where, "scenario.unknown_column", {"found": name, "hint": close[0] if close else ""})


def _pin_form(where: str, pin: Pin) -> Iterator[Problem]:
    if (pin.unit is None) == (pin.scope is None):
        yield Problem(where, "scenario.pin_unit_or_scope")
    if pin.fate == "transfer" and not pin.parent:
        yield Problem(where, "scenario.pin_transfer_parent")
    if pin.fate == "dissolve" and not pin.reason:
        yield Problem(where, "scenario.pin_dissolve_reason")


def _contradictions(pins: Iterable[Pin]) -> Iterator[Problem]:
    """Two pins that no plan can keep together."""
    fates: dict[str, str] = {}
    for pin in pins:
        if pin.unit is None:
            continue
        if pin.fate in PINNED_FATES + ("keep",) and fates.setdefault(pin.unit, pin.fate) not in (pin.fate, "raise"):
            if pin.fate != "raise":
                yield Problem(
                    f"pins[{pin.unit}]", "scenario.pins_contradict", {"one": fates[pin.unit], "other": pin.fate}
                )
        if set(pin.merge_with) & set(pin.never_with) or pin.fate in pin.refused:
            yield Problem(f"pins[{pin.unit}]", "scenario.pins_contradict", {"one": "merge_with", "other": "never_with"})
        if pin.fate == "keep" and (pin.merge_with or pin.host):
            yield Problem(f"pins[{pin.unit}]", "scenario.pins_contradict", {"one": "keep", "other": "merge_with"})
