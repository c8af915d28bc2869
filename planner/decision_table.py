"""decisions.csv back to decisions: the tool's own tables and those that people write by hand."""

import csv
import io
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from models.plan import STEPS, Decision
from models.problem import InputError, Problem
from models.scenario import Scenario
from models.unit import Units
from planner.units.encoding import decode

REQUIRED = ("unit_id", "fate", "year")
NUMBERS = ("posts_slimmed", "orders_mvnd", "fees_mvnd")
COLUMNS = tuple(Decision.__dataclass_fields__)
Key = tuple[str, int]


def read_decisions(path: Path, scenario: Scenario, units: Units) -> dict[Key, tuple[Decision, ...]]:
    """The decisions of a table by (list, rank); a table without these columns is one plan, ("hand", 1).

    Only `unit_id`, `fate`, `year` and, for a merger, `successor_id` are required; units that no row names are kept.
    Errors: InputError with every row that cannot be understood.
    """
    table = csv.DictReader(io.StringIO(decode(path.read_bytes(), path.name), newline=""))
    problems = [
        Problem(path.name, "plan.missing_column", {"column": c}) for c in REQUIRED if c not in (table.fieldnames or ())
    ]
    if problems:
        raise InputError(path.name, problems)
    plans: dict[Key, list[Decision]] = {}
    for number, row in enumerate(table, start=2):
        cells = {name: (text or "").removeprefix("'").strip() for name, text in row.items() if name is not None}
        found = list(_row_problems(cells, scenario, units))
        problems += [Problem(f"{path.name}: {number}", code, facts) for code, facts in found]
        if not found:
            key = (cells.get("list") or "hand", int(cells.get("rank") or 1))
            plans.setdefault(key, []).append(_decision(cells))
    problems += [problem for rows in plans.values() for problem in _contradictions(rows, path.name)]
    if problems:
        raise InputError(path.name, problems)
    return {key: _completed(rows, units) for key, rows in plans.items()}


def _row_problems(
    cells: Mapping[str, str], scenario: Scenario, units: Units
) -> Iterator[tuple[str, dict[str, object]]]:
    for column in ("unit_id", "host_id", "receiver_id"):
        name = cells.get(column, "")
        if (name or column == "unit_id") and name not in units.positions:
            close = get_close_matches(name, units.ids, n=1)
            yield "plan.unknown_unit", {"unit": name, "hint": close[0] if close else ""}
    fate, year = cells["fate"], cells["year"]
    if fate not in STEPS:
        yield "plan.unknown_fate", {"fate": fate, "known": ", ".join(STEPS)}
    years = [str(stage.year) for stage in scenario.stages]
    if fate in STEPS and fate != "keep" and year.removesuffix(".0") not in years:
        yield "plan.year_is_no_stage", {"found": year, "known": ", ".join(years)}
    if fate == "merge" and not cells.get("successor_id"):
        yield "plan.merge_without_successor", {}
    if fate == "dissolve" and not cells.get("receiver_id"):
        yield "plan.dissolve_without_receiver", {}
    for column in (*NUMBERS, "rank"):
        text = cells.get(column, "")
        if text and not text.removesuffix(".0").isdigit():
            yield "plan.not_a_number", {"column": column, "found": text}


def _decision(cells: Mapping[str, str]) -> Decision:
    texts = {name: cells.get(name, "") for name in COLUMNS if name not in (*NUMBERS, "year", "group_after")}
    numbers = {name: int((cells.get(name) or "0").removesuffix(".0")) for name in NUMBERS}
    optional = {
        name: int(cells[name].removesuffix(".0")) if cells.get(name) else None for name in ("year", "group_after")
    }
    return Decision(**texts, **numbers, **optional)  # type: ignore[arg-type]


def _contradictions(rows: list[Decision], source: str) -> Iterator[Problem]:
    """A unit may join one group, leave in one way, and be kept only if it does neither."""
    by_unit: dict[str, list[Decision]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    for unit, mine in by_unit.items():
        settling = [row.fate for row in mine if row.fate in ("merge", "dissolve", "equitize", "convert", "keep")]
        if len(settling) > 1:
            yield Problem(source, "plan.several_fates", {"unit": unit, "fates": ", ".join(settling)})


def _completed(rows: list[Decision], units: Units) -> tuple[Decision, ...]:
    """Hosts of hand-made mergers (the largest unit where none is named), and `keep` for units that no row names."""
    posts = dict(zip(units.ids, units.posts.tolist(), strict=True))
    members: dict[str, list[Decision]] = {}
    for row in rows:
        if row.fate == "merge":
            members.setdefault(row.successor_id, []).append(row)
    hosts = {}
    for successor, group in members.items():
        named = [row.host_id for row in group if row.host_id]
        own = [row.unit_id for row in group if row.unit_id == successor]
        largest = min(group, key=lambda row: (-posts[row.unit_id], row.unit_id)).unit_id
        hosts[successor] = (named or own or [largest])[0]
    done = {row.unit_id for row in rows}
    filled = [_with_host(row, hosts) for row in rows]
    filled += [Decision(unit_id=unit, fate="keep", successor_id=unit) for unit in units.ids if unit not in done]
    return tuple(filled)


def _with_host(row: Decision, hosts: Mapping[str, str]) -> Decision:
    return Decision(**{**vars(row), "host_id": hosts[row.successor_id]}) if row.fate == "merge" else row
