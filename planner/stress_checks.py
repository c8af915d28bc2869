"""What [stress] must hold beside its own keys: prices that exist, columns to share by, entries told apart."""

from collections.abc import Iterator
from fractions import Fraction

from models.problem import Problem
from models.scenario import Scenario
from models.uncertain import POSTS_PRICE, PRICED, TOGETHER
from planner.schema_problems import names_of


def stress_problems(scenario: Scenario) -> Iterator[Problem]:
    """Prices that no scenario has, and two entries of the same name, which the tables could not tell apart."""
    names = [entry.called for entry in scenario.stress.uncertain]
    for place, entry in enumerate(scenario.stress.uncertain):
        where = f"stress.uncertain[{entry.id or place}]"
        if entry.price is not None and entry.price not in (known := prices(scenario)):
            yield Problem(f"{where}.price", "scenario.not_one_of", names_of(entry.price, known))
        if names.count(entry.called) > 1:
            yield Problem(where, "stress.same_name", {"name": entry.called})


def shared_by(scenario: Scenario) -> Iterator[tuple[str, str]]:
    """Key path and column by which units are off together."""
    for place, entry in enumerate(scenario.stress.uncertain):
        if entry.shared_by not in ("", TOGETHER):
            yield f"stress.uncertain[{entry.id or place}].shared_by", entry.shared_by


def prices(scenario: Scenario) -> list[str]:
    """Every price that may be uncertain: amounts of money, percentages, and prices of criteria."""
    found = []
    for section in PRICED:
        table = getattr(scenario, section)
        for key in type(table).model_fields:
            value = getattr(table, key)
            if isinstance(value, Fraction) or (key.endswith("_mvnd") and isinstance(value, int)):
                found.append(f"{section}.{key}")
    return [*found, POSTS_PRICE]
