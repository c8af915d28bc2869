"""Scenario tables as written: one TOML file over those it extends, with the settings of the command line on top."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.problem import InputError, Problem
from planner.shipped import rule_set

Table = dict[str, Any]
LARGEST_FILE = 2_000_000
DEEPEST_TABLES = 40
MOST_EXTENDS = 8
KEYED_LISTS = {"rules": "id", "pins": "unit"}
REPLACED_LISTS = ("stages", "merging", "units", "extends", "drop")


def resolved_tables(path: Path, settings: Sequence[str] = ()) -> Table:
    """The tables of a scenario file over everything that it extends; `--set key=value` comes last.

    Tables merge key by key, rules by id, pins by unit; other lists are replaced; `drop` takes rules out by id.
    """
    tables = _over_bases(path, ())
    for setting in settings:
        apply_setting(tables, setting)
    return tables


def read_tables(path: Path) -> Table:
    """One TOML file as tables; decimals stay exact."""
    source = path.name
    data = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else None
    if data is None:
        raise InputError(source, [Problem(source, "scenario.too_large", {"most": LARGEST_FILE})])
    try:
        tables = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except UnicodeDecodeError as error:
        raise InputError(source, [Problem(source, "scenario.not_utf8", {"place": error.start})]) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError(source, [Problem(source, "scenario.not_toml", {"reason": error})]) from error
    except RecursionError as error:
        raise InputError(source, [Problem(source, "scenario.too_deep", {"most": DEEPEST_TABLES})]) from error
    if _depth(tables) > DEEPEST_TABLES:
        raise InputError(source, [Problem(source, "scenario.too_deep", {"most": DEEPEST_TABLES})])
    return tables


def _depth(value: Any) -> int:
    """How deep tables are nested; stops counting beyond the limit."""
    level, layer = 0, [value]
    while layer and level <= DEEPEST_TABLES + 1:
        inner = (item.values() if isinstance(item, dict) else item for item in layer if isinstance(item, dict | list))
        layer = [value for values in inner for value in values]
        level += 1
    return level


def _over_bases(path: Path, chain: tuple[str, ...]) -> Table:
    source, shown = path.name, (*chain, _short(path))
    if _short(path) in chain or len(chain) > MOST_EXTENDS:
        code = "scenario.extends_cycle" if _short(path) in chain else "scenario.extends_too_deep"
        raise InputError(source, [Problem("extends", code, {"chain": " -> ".join(shown), "most": MOST_EXTENDS})])
    tables = read_tables(path)
    merged: Table = {}
    bases = tables.pop("extends", [])
    if not isinstance(bases, list) or not all(isinstance(base, str) for base in bases):
        raise InputError(source, [Problem("extends", "scenario.wrong_type", {"wanted": "list", "found": repr(bases)})])
    for base in bases:
        merged = _merge(merged, _over_bases(_base_path(path, base, shown), shown))
    if merged and "units" in tables:
        merged.pop("units", None)
    return _placed(_merge(merged, tables), path.parent)


def _short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


def _placed(tables: Table, folder: Path) -> Table:
    """Remember the folder against which the tables of units are named."""
    if "units" in tables:
        tables.setdefault("_folder", str(folder))
    return tables


def _base_path(path: Path, base: str, chain: Sequence[str]) -> Path:
    """`rules:NAME` is a shipped rule set; `NAME.toml` lies in the same folder; anything else is a folder beside this one."""
    if base.startswith("rules:"):
        found = rule_set(base.removeprefix("rules:"))
    elif base.endswith(".toml") and "/" not in base and "\\" not in base:
        found = path.parent / base
    else:
        found = path.parent.parent / base / "scenario.toml"
        if path.parent.parent.resolve() not in found.resolve().parents:
            raise InputError(path.name, [Problem("extends", "scenario.extends_outside", {"base": base})])
    if found is None or not found.is_file():
        facts = {"base": base, "chain": " -> ".join(chain)}
        raise InputError(path.name, [Problem("extends", "scenario.extends_missing", facts)])
    return found


def _merge(below: Table, above: Table) -> Table:
    """Tables of `above` over those of `below`."""
    merged = dict(below)
    dropped = above.get("drop", [])
    for key, value in above.items():
        old = merged.get(key)
        if key in KEYED_LISTS and isinstance(old, list) and isinstance(value, list):
            merged[key] = _merge_keyed(old, value, KEYED_LISTS[key])
        elif isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _merge(old, value)
        elif key != "drop":
            merged[key] = value
    if isinstance(dropped, list) and dropped:
        merged["rules"] = [rule for rule in merged.get("rules", []) if rule.get("id") not in dropped]
        merged["dropped"] = sorted({*merged.get("dropped", []), *map(str, dropped)})
    return merged


def _merge_keyed(below: list[Any], above: list[Any], key: str) -> list[Any]:
    """Entries with the same key merge; new ones are added behind."""
    merged = list(below)
    for entry in above:
        name = entry.get(key) if isinstance(entry, dict) else None
        place = next((i for i, old in enumerate(merged) if name is not None and old.get(key) == name), None)
        if place is None:
            merged.append(entry)
        else:
            merged[place] = {**merged[place], **entry}
    return merged


def apply_setting(tables: Table, setting: str) -> None:
    """One `--set key.path=value`; a list entry is named by its id, unit or position; the value is read as TOML."""
    key, equals, text = setting.partition("=")
    if not equals or not key.strip():
        raise InputError("--set", [Problem(setting, "scenario.setting_form")])
    *steps, last = re.findall(r"[^.\[\]]+", key.strip())
    place: Any = tables
    for step in steps:
        place = _step_into(place, step, setting)
    if isinstance(place, list):
        raise InputError("--set", [Problem(setting, "scenario.setting_unknown", {"step": last})])
    place[last] = _value(text.strip())


def _step_into(place: Any, step: str, setting: str) -> Any:
    if isinstance(place, dict):
        return place.setdefault(step, {})
    if isinstance(place, list):
        named = (e for i, e in enumerate(place) if isinstance(e, dict) and step in (e.get("id"), e.get("unit"), str(i)))
        found = next(named, None)
        if found is not None:
            return found
    raise InputError("--set", [Problem(setting, "scenario.setting_unknown", {"step": step})])


def _value(text: str) -> Any:
    """A TOML value, or plain text where it is none."""
    try:
        return tomllib.loads(f"value = {text}", parse_float=Decimal)["value"]
    except tomllib.TOMLDecodeError:
        return text


def without_marks(tables: Mapping[str, Any]) -> Table:
    """The tables as a scenario may say them, without what the reader noted for itself."""
    return {key: value for key, value in tables.items() if key not in ("_folder", "dropped", "schema_version", "units")}
