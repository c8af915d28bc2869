"""Rows of a comma-, semicolon- or TAB-separated text table."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from itertools import islice

from models.problem import InputError, Problem
from planner.units.raw_table import MOST_COLUMNS, MOST_ROWS, RawTable, Row, blank

SEPARATORS = ",;\t|"
_STATED_SEPARATOR = re.compile(r"^sep=(.)\r?\n", re.IGNORECASE)
_FIRST_ROWS = 20
LONGEST_LINE = 500_000


def read_csv_rows(text: str, source: str, is_header: Callable[[str], bool]) -> RawTable:
    """The rows of a text table; the separator is the one that makes most headers known.

    Errors: InputError for an unclosed quote, a broken cell, too many rows or columns.
    """
    stated = _STATED_SEPARATOR.match(text)
    skipped, body = (1, text[stated.end() :]) if stated else (0, text)
    separator = stated[1] if stated else _separator(body, is_header)
    rows: list[Row] = []
    for number, cells in _records(body, separator, source, skipped):
        if len(cells) > MOST_COLUMNS:
            raise _broken(source, "units.too_many_columns", row=str(number), most=MOST_COLUMNS)
        if not blank(cells):
            rows.append((number, cells))
        if number > MOST_ROWS:
            raise _broken(source, "units.too_many_rows", most=MOST_ROWS)
    return RawTable(source, rows)


def _separator(text: str, is_header: Callable[[str], bool]) -> str:
    def knowledge(separator: str) -> tuple[int, int]:
        reader = csv.reader(io.StringIO(text[:LONGEST_LINE], newline=""), delimiter=separator)
        try:
            rows = list(islice(reader, _FIRST_ROWS))
        except csv.Error:
            rows = []
        known = max((sum(map(is_header, row)) for row in rows), default=0)
        return known, max(map(len, rows), default=0)

    return max(SEPARATORS, key=knowledge)


def _records(text: str, separator: str, source: str, skipped: int) -> Iterator[tuple[int, list[str]]]:
    # newline="" hands CR, LF and CRLF through: each ends a row outside quotes and stays a line break inside.
    reader = csv.reader(_lines(text, source), delimiter=separator, strict=True)
    number = skipped
    while True:
        line, number = reader.line_num + 1 + skipped, number + 1
        try:
            yield number, next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            unclosed = "unexpected end" in str(error) or "field larger" in str(error)
            code = "units.unclosed_quote" if unclosed else "units.broken_quote"
            raise _broken(source, code, row=str(number), line=str(line)) from None


def _lines(text: str, source: str) -> Iterator[str]:
    """Lines one by one; one that no row of a table needs is refused before it becomes millions of cells."""
    for number, line in enumerate(io.StringIO(text, newline=""), start=1):
        if len(line) > LONGEST_LINE:
            raise _broken(source, "units.line_too_long", line=str(number), most=LONGEST_LINE)
        yield line


def _broken(source: str, code: str, **facts: object) -> InputError:
    return InputError(source, [Problem(source, code, facts)])
