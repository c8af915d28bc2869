"""The rows of a hand-made table under the columns they mean, each cell still knowing where it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils.cell import range_boundaries

from models.problem import InputError
from planner.drafts.words import DraftWords
from planner.units.cells import CellError, plain_text, shown
from planner.units.columns import money_unit_of
from planner.units.findings import Findings
from planner.units.raw_table import RawTable, Row
from planner.units.table_file import read_table

REQUIRED = ("unit_id", "fate", "year")
_HEADER_WITHIN = 20


@dataclass(frozen=True)
class DraftRow:
    """One row: its texts by column, and its place in the file."""

    number: int
    texts: Mapping[str, str]
    table: RawTable
    positions: Mapping[str, int]

    def text(self, column: str) -> str:
        return self.texts.get(column, "")

    def where(self, column: str = "") -> str:
        """The cell as a person finds it: "plan.xlsx Sheet1!C5", "plan.csv: 5 [year]"; without a column, the row."""
        if self.table.sheet and column in self.positions:
            return self.table.where(self.number, self.positions[column])
        row = f"{self.table.where(self.number)}" if self.table.sheet else f"{self.table.source}: {self.number}"
        return f"{row} [{column}]" if column else row


def read_rows(path: Path, words: DraftWords, findings: Findings, encoding: str | None = None) -> list[DraftRow]:
    """Every row of a CSV or XLSX table; lines above the header are a title, other columns are told.

    encoding: the one that the scenario declares for its tables, tried where the text is not UTF-8.
    Errors: InputError where the file cannot be read at all.
    """
    table = _table(path, words, encoding)
    header, body = _split(table, words)
    positions = _positions(table, header, words, findings)
    _check_merged(table, header[0], findings)
    if findings:  # rows under a header that is not understood would only add noise
        return []
    found = []
    for number, cells in body:
        if not table.sheet and len(cells) != len(header[1]):
            findings.add(table.source, "units.ragged_row", row=str(number), cells=len(cells), wanted=len(header[1]))
            continue
        row = DraftRow(number, {}, table, positions)
        texts = dict(_texts(row, [cells[at] if at < len(cells) else "" for at in positions.values()], findings))
        if any(texts.values()):
            found.append(DraftRow(number, texts, table, positions))
    return found


def _table(path: Path, words: DraftWords, encoding: str | None) -> RawTable:
    try:
        return read_table(path, words.guide.is_header)
    except InputError as error:
        if encoding is None or error.problems[0].code != "units.encoding":
            raise
    return read_table(path, words.guide.is_header, encoding)


def _split(table: RawTable, words: DraftWords) -> tuple[Row, Sequence[Row]]:
    """The header is the first of the rows that know most columns."""

    def known(row: Row) -> int:
        return sum(isinstance(cell, str) and words.guide.is_header(cell) for cell in row[1])

    first = table.rows[:_HEADER_WITHIN]
    if not first:
        return (1, ()), ()
    at = max(range(len(first)), key=lambda place: (known(first[place]), -place))
    return table.rows[at], table.rows[at + 1 :]


def _positions(table: RawTable, header: Row, words: DraftWords, findings: Findings) -> dict[str, int]:
    number, cells = header
    found: dict[str, int] = {}
    told = False
    for at, cell in enumerate(cells):
        text = " ".join(shown(cell).split())
        column, where = words.guide.column_of(text) if text else None, table.where(number, at)
        stated = money_unit_of(text)
        if column in found:
            findings.add(where, "units.doubled_header", header=text, other=shown(cells[found[column]]), row=str(number))
        elif column and stated not in (None, "million"):
            findings.add(where, "draft.header_money_unit", header=text)
        elif column:
            found[column] = at
        elif text and not words.guide.is_ignored(text):
            hint = words.guide.nearest(text) or ""
            known = {} if told else {"known": ", ".join(words.guide.columns)}
            code = "draft.another_unknown_header" if told else "draft.unknown_header"
            findings.add(where, code, header=text[:200], row=str(number), hint=hint, **known)
            told = True  # the columns that would do are listed once
    for name in REQUIRED:
        if name not in found:
            findings.add(table.source, "draft.missing_column", name=name, header=words.guide.guidance(name).header)
    return found


def _texts(row: DraftRow, cells: Sequence[object], findings: Findings) -> Iterator[tuple[str, str]]:
    for column, cell in zip(row.positions, cells, strict=True):
        try:
            yield column, plain_text(cell)  # type: ignore[arg-type]
        except CellError as error:
            findings.add(row.where(column), error.code, row=str(row.number), column=column, **error.facts)


def _check_merged(table: RawTable, header_row: int, findings: Findings) -> None:
    for merged in table.merged:
        if (range_boundaries(merged)[3] or header_row) >= header_row:
            findings.add(f"{table.source} {table.sheet}!{merged}", "units.merged_cells", range=merged)
