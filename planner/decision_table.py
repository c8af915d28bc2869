"""decisions.csv back to decisions: the tool's own tables and those that people write by hand."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path

from models.plan import REDEPLOY, STEPS, Decision
from models.problem import InputError, Problem
from models.scenario import Scenario
from models.unit import Units
from planner.decision_groups import completed, contradictions
from planner.units.encoding import decode

REQUIRED = ("unit_id", "fate", "year")
AMOUNTS = ("posts_slimmed", "orders_mvnd", "fees_mvnd", "people_redeployed")
NUMBERS = (*AMOUNTS, "group_after", "year")
COLUMNS = tuple(Decision.__dataclass_fields__)
_WHOLE = re.compile(r"([0-9]{1,15})(?:\.0+)?")
Key = tuple[str, int]


def read_decisions(path: Path, scenario: Scenario, units: Units) -> dict[Key, tuple[Decision, ...]]:
    """The decisions of a table by (list, rank); a table without these columns is one plan, ("hand", 1).

    Only `unit_id`, `fate`, `year` and, for a merger, `successor_id` are required; units that no row names are kept.
    Errors: InputError with every row that cannot be understood, and with every unit whose rows exclude one another.
    """
    plans: dict[Key, list[Decision]] = {}
    problems: list[Problem] = []
    for number, cells in _rows(path):
        found = list(_row_problems(cells, scenario, units))
        problems += [Problem(f"{path.name}: {number}", code, facts) for code, facts in found]
        if not found:
            rank = whole_number(cells.get("rank") or "1")
            assert rank is not None, "a rank that is no number has been told"
            plans.setdefault((cells.get("list") or "hand", rank), []).append(_decision(cells))
    whole = {key: completed(rows, scenario, units) for key, rows in plans.items()}
    for key, rows in whole.items():
        place = path.name if len(whole) == 1 else f"{path.name}: {key[0]} {key[1]}"
        problems += [Problem(place, code, facts) for code, facts in contradictions(rows, units)]
    if problems:
        raise InputError(path.name, problems)
    return whole


def whole_number(text: str) -> int | None:
    """The number of a numeric cell, `12` or a spreadsheet's `12.0`; None where it is none from 0 up."""
    found = _WHOLE.fullmatch(text)
    return int(found[1]) if found else None


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a table with their numbers. Errors: InputError where columns are missing or a row cannot be read."""
    table = csv.DictReader(io.StringIO(decode(path.read_bytes(), path.name), newline=""))
    try:
        missing = [column for column in REQUIRED if column not in (table.fieldnames or ())]
        if missing:
            raise InputError(
                path.name, [Problem(path.name, "plan.missing_column", {"column": column}) for column in missing]
            )
        for number, row in enumerate(table, start=2):
            yield number, {name: (text or "").removeprefix("'").strip() for name, text in row.items() if name}
    except csv.Error as error:
        where = f"{path.name}: {table.line_num}"
        raise InputError(path.name, [Problem(where, "plan.not_a_row")]) from error


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
    years = [stage.year for stage in scenario.stages]
    if fate in STEPS and fate != "keep" and whole_number(year) not in years:
        yield "plan.year_is_no_stage", {"found": year, "known": ", ".join(map(str, years))}
    if fate == "merge" and not cells.get("successor_id"):
        yield "plan.merge_without_successor", {}
    if fate == "dissolve" and not cells.get("receiver_id"):
        yield "plan.dissolve_without_receiver", {}
    if fate == REDEPLOY and not cells.get("receiver_id"):
        yield "plan.redeploy_without_receiver", {}
    for column in (*NUMBERS, "rank"):
        text = cells.get(column, "")
        told = column == "year" and fate != "keep"
        if text and not told and whole_number(text) is None:
            yield "plan.not_a_number", {"column": column, "found": text}


def _decision(cells: Mapping[str, str]) -> Decision:
    texts = {name: cells.get(name, "") for name in COLUMNS if name not in NUMBERS}
    numbers = {name: whole_number(cells.get(name, "")) for name in NUMBERS}
    amounts = {name: numbers[name] or 0 for name in AMOUNTS}
    return Decision(**texts, **{**numbers, **amounts})  # type: ignore[arg-type]
