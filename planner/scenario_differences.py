"""How the scenarios and unit tables of several runs differ: keys with their values side by side, cells counted."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

import pandas as pd

from models.unit import Units
from planner.other_scenarios import KEY
from planner.scenario_file import OWN_KEYS, Case
from planner.tables import units_table

NAMED_BY = ("id", "unit", "year", "kinds")
"""What tells the tables of a list apart, the first that all of them have."""
UNIT_COLUMNS = ("run", "unit_id", "what", "column", "base", "other")


def scenario_differences(cases: Mapping[str, Case]) -> pd.DataFrame:
    """One row per key of the scenarios that is not the same in all, one column per case; empty where it is absent.

    Keys are paths: `rules[cut39].at_least`, `stages[2025].effect`. What only says how files are read is left out.
    """
    flat = {label: dict(_flat(_told(case))) for label, case in cases.items()}
    keys = dict.fromkeys(key for found in flat.values() for key in found)
    rows = [{"key": key, **{label: found.get(key, "") for label, found in flat.items()}} for key in keys]
    apart = [row for row in rows if len({row[label] for label in cases}) > 1]
    return pd.DataFrame(apart, columns=["key", *cases])


def unit_differences(cases: Mapping[str, Case], base: str) -> pd.DataFrame:
    """One row per unit that only the base or only another case has (`what`), and per cell that differs."""
    rows = [
        {"run": label, **row}
        for label, case in cases.items()
        if label != base
        for row in _between(cases[base].units, case.units)
    ]
    return pd.DataFrame(rows, columns=list(UNIT_COLUMNS))


def _told(case: Case) -> dict[str, Any]:
    return {key: value for key, value in case.tables.items() if key not in OWN_KEYS or key == KEY}


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every plain value with its path."""
    if isinstance(value, dict):
        for key, entry in value.items():
            yield from _flat(entry, f"{path}.{key}" if path else key)
    elif isinstance(value, list) and value and all(isinstance(entry, dict) for entry in value):
        for name, entry in zip(_names(value), value, strict=True):
            yield from _flat(entry, f"{path}[{name}]")
    else:
        yield path, _text(value)


def _names(tables: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """What to call the tables of a list: by their ids, units or years, a repeated name with a number, else by place."""
    key = next((key for key in NAMED_BY if all(key in table for table in tables)), None)
    seen: Counter[str] = Counter()
    for place, table in enumerate(tables, start=1):
        name = str(place) if key is None else _text(table[key])
        seen[name] += 1
        yield name if seen[name] == 1 else f"{name} #{seen[name]}"


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str | int | Decimal):
        return str(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list) and not any(isinstance(entry, dict | list) for entry in value):
        return ", ".join(map(_text, value))
    return json.dumps(value, ensure_ascii=False, default=str)


def _between(base: Units, other: Units) -> Iterator[dict[str, str]]:
    one, its = (units_table(units).set_index("id").astype(str) for units in (base, other))
    for unit in one.index.difference(its.index):
        yield _row(unit, "only_in_base")
    for unit in its.index.difference(one.index):
        yield _row(unit, "only_in_other")
    both = one.index.intersection(its.index)
    for column in dict.fromkeys([*one.columns, *its.columns]):
        mine = one.loc[both, column] if column in one else pd.Series("", index=both)
        theirs = its.loc[both, column] if column in its else pd.Series("", index=both)
        for unit in both[(mine != theirs).to_numpy()]:
            yield _row(unit, "cell", column, mine[unit], theirs[unit])


def _row(unit: str, what: str, column: str = "", base: str = "", other: str = "") -> dict[str, str]:
    return {"unit_id": unit, "what": what, "column": column, "base": base, "other": other}
