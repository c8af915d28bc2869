"""The workbook that planners fill in: a sheet of units, guidance for every column, and the lists to choose from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from models.unit import BY_NAME, COLUMNS, RETIRING, Units
from planner.units.cells import guarded
from planner.units.columns import ANY_YEAR, column_guide, is_money
from planner.units.unit_cells import cell_of
from planner.units.unit_csv import columns_of
from planner.units.vocabulary import LISTS, Vocabulary, shipped_vocabulary
from planner.whole_file import whole_file
from planner.wording import Wording

ROWS_TO_FILL = 2_000
# Text never becomes a formula, a link or a number.
_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_YEARS_TO_FILL = (2025, 2030)
_WIDE = {"name": 44, "parent": 34, "kind": 28, "note": 40, "commune": 24}


@dataclass(frozen=True)
class _Book:
    book: Any
    wording: Wording
    vocabulary: Vocabulary
    columns: Sequence[str]

    def style(self, **settings: object) -> Any:
        return self.book.add_format({"valign": "top", **settings})


def write_unit_template(
    target: Path, units: Units | None, wording: Wording, *, vocabulary: Vocabulary | None = None
) -> None:
    """Write an XLSX with sheets of units (given ones, if any), guidance and lists, in the wording's language.

    Without a vocabulary, the lists to choose from are those of Viet Nam. Read again, it gives the same units; cells
    that took a default stay empty, to be filled by who knows better.
    """
    columns = columns_of(units) if units is not None else [column.name for column in COLUMNS]
    if not any(column.startswith(RETIRING) for column in columns):
        columns += [f"{RETIRING}{year}" for year in _YEARS_TO_FILL]
    with whole_file(target) as partial, xlsxwriter.Workbook(str(partial), _SAFE) as workbook:
        book = _Book(workbook, wording, vocabulary or shipped_vocabulary(), columns)
        sheet = workbook.add_worksheet(wording.say("units.sheet_units"))
        _write_guide(book)
        ranges = _write_lists(book)
        _write_header(book, sheet)
        _write_choices(book, sheet, ranges)
        if units is not None:
            _write_units(book, sheet, units)


def _write_header(book: _Book, sheet: Any) -> None:
    required = book.style(bold=True, text_wrap=True, bg_color="#FFE7B3", border=1)
    optional = book.style(bold=True, text_wrap=True, bg_color="#E8EEF4", border=1)
    text = book.style(num_format="@")
    for at, column in enumerate(book.columns):
        known = BY_NAME.get(column)
        sheet.write_string(0, at, _header(book, column), required if known and known.required else optional)
        holds_text = known is not None and known.kind in ("text", "choice", "ids")
        # Cells of text are text from the start, so that Excel keeps the id 001 and does not read a date into 1-2.
        sheet.set_column(at, at, _WIDE.get(column, 16), text if holds_text else None)
    sheet.set_row(0, 62)
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, 0, len(book.columns) - 1)


def _header(book: _Book, column: str) -> str:
    return column_guide().header(column) if book.wording.language == "vi" else column


def _write_units(book: _Book, sheet: Any, units: Units) -> None:
    for at in range(len(units)):
        for place, column in enumerate(book.columns):
            cell = cell_of(units, column, at)
            if isinstance(cell, str) or column == "autonomy_group":
                _write_text(sheet, (at + 1, place), _named(book, column, str(cell)))
            else:
                sheet.write_number(at + 1, place, cell)


def _write_text(sheet: Any, place: tuple[int, int], text: str) -> None:
    if text:
        sheet.write_string(*place, guarded(text))


def _named(book: _Book, column: str, code: str) -> str:
    """The word for a code, as a person would choose it from the list."""
    if column in LISTS:
        return book.vocabulary.name(LISTS[column], code, book.wording.language)
    if code in ("yes", "no") and column in BY_NAME and BY_NAME[column].kind in ("yes_no", "year_or_no"):
        return book.vocabulary.name("truth", code, book.wording.language)
    return code


def _write_guide(book: _Book) -> None:
    sheet = book.book.add_worksheet(book.wording.say("units.sheet_guide"))
    head, text = book.style(bold=True, bg_color="#E8EEF4", border=1), book.style(text_wrap=True)
    titles = ("guide_column", "guide_name", "guide_meaning", "guide_who", "guide_empty")
    for at, (title, width) in enumerate(zip(titles, (44, 28, 70, 28, 54), strict=True)):
        sheet.write_string(0, at, book.wording.say(f"units.{title}"), head)
        sheet.set_column(at, at, width, text)
    for row, column in enumerate([*(c.name for c in COLUMNS), ANY_YEAR], start=1):
        for at, cell in enumerate(_guidance(book, column)):
            sheet.write_string(row, at, cell, text)
    sheet.freeze_panes(1, 1)


def _guidance(book: _Book, column: str) -> tuple[str, ...]:
    language = book.wording.language
    guidance = column_guide().guidance(column)
    header = guidance.header + (" (triệu đồng)" if is_money(column) else "")
    empty = guidance.empty[language] or book.wording.say("units.guide_required")
    choices = f" {book.wording.say('units.guide_choices')}" if column in LISTS else ""
    return header, column, guidance.meaning[language] + choices, guidance.who[language], empty


def _write_lists(book: _Book) -> Mapping[str, str]:
    """The lists to choose from, one a column of the sheet; returns the range of each for validation."""
    name = book.wording.say("units.sheet_lists")
    sheet = book.book.add_worksheet(name)
    head = book.style(bold=True, bg_color="#E8EEF4", border=1)
    ranges = {}
    lists = {**LISTS, "equitization_listed": "truth"}
    for at, (column, of) in enumerate(lists.items()):
        words = [str(entry[book.wording.language]) for entry in book.vocabulary.lists[of].values()]
        sheet.write_string(0, at, column_guide().guidance(column).header, head)
        sheet.write_column(1, at, words)
        sheet.set_column(at, at, 40)
        letter = xlsxwriter.utility.xl_col_to_name(at)
        ranges[column] = f"='{name}'!${letter}$2:${letter}${len(words) + 1}"
    return ranges


def _write_choices(book: _Book, sheet: Any, ranges: Mapping[str, str]) -> None:
    open_lists = ("kind", "sector")  # a province may have kinds of its own: they are warned of, not refused
    for at, column in enumerate(book.columns):
        if column in ranges:
            strict = "information" if column in open_lists else "stop"
            sheet.data_validation(
                1, at, ROWS_TO_FILL, at, {"validate": "list", "source": ranges[column], "error_type": strict}
            )
