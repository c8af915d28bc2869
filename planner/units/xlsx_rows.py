"""Rows of the sheet «Đơn vị» of a workbook, every number as exact as Excel shows it."""

import re
import warnings
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

from openpyxl import load_workbook

from models.problem import InputError, Problem
from planner.units.findings import Findings
from planner.units.raw_table import MOST_COLUMNS, MOST_ROWS, Cell, RawTable, Row, blank, letters
from planner.units.spelling import folded
from planner.units.xlsx_guard import SheetMarks, guard, marks_of

SHEETS = frozenset(map(folded, ("Đơn vị", "Units")))
_ZEROS = re.compile("0+")


def read_xlsx_rows(path: Path) -> RawTable:
    """The rows of the sheet called «Đơn vị» (or "Units"), or of the only visible sheet.

    Errors: InputError for a damaged, encrypted or oversized workbook, error values, formulas never calculated,
    and content far outside any table; each with its cell.
    """
    guard(path)
    findings = Findings()
    try:
        table = _read(path, findings)
    except InputError:
        raise
    except Exception as error:  # openpyxl meets damaged markup with whatever its own code stumbles over
        raise InputError(path.name, [Problem(path.name, "units.xlsx_damaged")]) from error
    if findings:
        raise InputError(path.name, findings.problems)
    return table


def _read(path: Path, findings: Findings) -> RawTable:
    # A file object, because openpyxl judges a path by its ending.
    with warnings.catch_warnings(), path.open("rb") as source:
        warnings.simplefilter("ignore")  # "extension is not supported": styles that no figure depends on
        book = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        try:
            sheet = _sheet(book, path)
            marks = marks_of(path, str(sheet._worksheet_path).lstrip("/"))
            sheet.reset_dimensions()  # what the file says of its size may be a lie
            rows = list(_rows(sheet, path, marks, findings))
        finally:
            book.close()
    return RawTable(path.name, rows, sheet.title, tuple(marks.merged), frozenset(marks.hidden))


def _sheet(book: Any, path: Path) -> Any:
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    named = [sheet for sheet in visible if folded(sheet.title) in SHEETS]
    if not visible:
        raise InputError(path.name, [Problem(path.name, "units.xlsx_damaged")])
    if len(named) == 1 or len(visible) == 1:
        return (named or visible)[0]
    names = ", ".join(f"«{sheet.title}»" for sheet in visible)
    raise InputError(path.name, [Problem(path.name, "units.xlsx_sheets", {"sheets": names})])


def _rows(sheet: Any, path: Path, marks: SheetMarks, findings: Findings) -> Iterator[Row]:
    for cell in marks.uncalculated:
        findings.add(f"{path.name} {sheet.title}!{cell}", "units.formula_without_value")
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = [_value(cell) for cell in cells]
        if blank(values):
            continue
        _check(f"{path.name} {sheet.title}", number, cells, values, findings)
        yield number, values


def _check(place: str, number: int, cells: Iterable[Any], values: Sequence[Cell], findings: Findings) -> None:
    last = max(column for column, value in enumerate(values) if value != "")
    if number > MOST_ROWS or last >= MOST_COLUMNS:
        problem = Problem(f"{place}!{letters(last)}{number}", "units.far_cell")
        raise InputError(place, [*findings.problems, problem])
    for column, cell in enumerate(cells):
        if cell.data_type == "e":
            cell_place = f"{place}!{letters(column)}{number}"
            findings.add(cell_place, "units.error_value", row=str(number), column=letters(column), text=str(cell.value))


def _value(cell: Any) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(value, str(cell.number_format))
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, date) else str(value)


def _number(value: int | float, number_format: str) -> Cell:
    if isinstance(value, float) and not isfinite(value):
        return str(value)
    if _ZEROS.fullmatch(number_format) and len(number_format) > 1 and value == int(value):
        return str(int(value)).zfill(len(number_format))  # 7 shown as "007" is the id 007
    # Excel keeps fifteen digits: 12.000000000000002 is a 12 that was calculated.
    return Decimal(value) if isinstance(value, int) else Decimal(f"{value:.15g}")
