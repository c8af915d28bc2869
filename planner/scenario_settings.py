"""What the command line changes in a scenario: `--set rules.cut39.at_least=45`."""

import re
from collections.abc import Sequence
from typing import Any

from models.problem import InputError, Problem
from planner.scenario_toml import Table, tables_of
from planner.schema_problems import names_of
from planner.table_merging import restated

_KEY = re.compile(r"[^.\[\]]+(?:\.[^.\[\]]+|\[[^.\[\]]+\])*")


def apply_settings(tables: Table, settings: Sequence[str]) -> None:
    """Change tables in place. Errors: InputError with every setting that names nothing or is no `key=value`."""
    problems = [found for setting in settings if (found := _apply(tables, setting)) is not None]
    if problems:
        raise InputError("--set", problems)


def _apply(tables: Table, setting: str) -> Problem | None:
    """One `key.path=value`; a list entry is named by its id, unit or position; the value is read as TOML."""
    key, equals, text = setting.partition("=")
    if not equals or not _KEY.fullmatch(key.strip()):
        return Problem(setting, "scenario.setting_form")
    *steps, last = re.findall(r"[^.\[\]]+", key.strip())
    place: Any = tables
    for step in steps:
        around, place = place, _inside(place, step)
        if place is None:
            return Problem(setting, "scenario.setting_unknown", names_of(step, _known(around)) | {"step": step})
    if not isinstance(place, dict):
        return Problem(setting, "scenario.setting_unknown", names_of(last, _known(place)) | {"step": last})
    if place is tables and last == "extends":
        return Problem(setting, "scenario.setting_of_file", {"step": last})
    before = dict(place)
    place[last] = _value(text.strip())
    place.update(restated(before, place, (last,)))
    return None


def _inside(place: Any, step: str) -> Any:
    """The table called `step`: made where a table lacks it, None where nothing of this name can be."""
    if isinstance(place, dict):
        return place.setdefault(step, {})
    if isinstance(place, list):
        entries = (entry for at, entry in enumerate(place) if isinstance(entry, dict) and step in _names(entry, at))
        return next(entries, None)
    return None


def _known(place: Any) -> list[str]:
    """What the entries of a list are called."""
    entries = enumerate(place) if isinstance(place, list) else ()
    return [str(next(filter(None, _names(entry, at)))) for at, entry in entries if isinstance(entry, dict)] or ["–"]


def _names(entry: Table, position: int) -> tuple[object, ...]:
    return (entry.get("id"), entry.get("unit"), str(position))


def _value(text: str) -> Any:
    """A TOML value, or plain text where it is none."""
    try:
        tables = tables_of(f"value = {text}", "--set")
    except InputError:
        return text
    return tables["value"] if set(tables) == {"value"} else text
