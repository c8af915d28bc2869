"""Scenario tables laid over one another: tables key by key, lists of entries with a name of their own by that name."""

from collections.abc import Iterable
from typing import Any

from planner.scenario_toml import Table

ABOUT = ("id", "name", "source", "certainty", "tier", "in_force_from", "in_force_until")
NAMED_BY = {"rules": "id", "pins": "unit"}


def merged(below: Table, above: Table) -> Table:
    """Tables of `above` over those of `below`; a list that cannot be merged by name is replaced."""
    result = dict(below)
    for key, value in above.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            result[key] = restated(old, merged(old, value), value)
        else:
            result[key] = _laid_over(key, old, value)
    return result


def _laid_over(key: str, old: Any, value: Any) -> Any:
    """Lists of entries merge by name, whatever table or entry they stand in; everything else is replaced."""
    if not isinstance(old, list) or not isinstance(value, list):
        return value
    name = NAMED_BY.get(key, "id")
    if key in NAMED_BY or (old and _all_named(name, [*old, *value])):
        return _merged_by(name, old, value)
    return value


def _all_named(name: str, entries: list[Any]) -> bool:
    return all(isinstance(entry, dict) and name in entry for entry in entries)


def _merged_by(name: str, below: list[Any], above: list[Any]) -> list[Any]:
    """Entries of the same name merge, new ones come behind; a name that one file uses twice stays doubled."""
    result, taken = list(below), set[int]()
    for entry in above:
        place = _place_of(entry.get(name) if isinstance(entry, dict) else None, name, below)
        if place is None or place in taken:
            result.append(entry)
        else:
            taken.add(place)
            result[place] = _merged_entry(below[place], entry)
    return result


def _place_of(value: Any, name: str, entries: list[Any]) -> int | None:
    named = (at for at, entry in enumerate(entries) if isinstance(entry, dict) and entry.get(name) == value)
    return next(named, None) if value is not None else None


def _merged_entry(below: Table, above: Table) -> Table:
    """One entry over another: its lists of named entries merge; a scope or baseline is replaced as a whole, for half
    of an old one would mean something that nobody wrote."""
    laid = {**below, **{key: _laid_over(key, below.get(key), value) for key, value in above.items()}}
    return restated(below, laid, above)


def restated(before: Table, after: Table, stated: Iterable[str]) -> Table:
    """An entry with a source, of which something else was changed: nobody has read the new figure in that source."""
    changed = {key for key in stated if key not in ABOUT and after.get(key) != before.get(key)}
    if "certainty" not in before or "certainty" in stated or not changed:
        return after
    source = {} if "source" in stated else {"source": f"{before.get('source', '')} (con số sửa trong kịch bản)".strip()}
    return {**after, **source, "certainty": "to_confirm"}
