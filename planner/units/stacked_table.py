"""Rows of one or several files under the columns they mean, each cell still knowing where it stands."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils.cell import range_boundaries

from models.unit import COLUMNS, RETIRING
from planner.units.cells import shown
from planner.units.columns import ColumnGuide, is_money, money_unit_of
from planner.units.findings import Findings
from planner.units.raw_table import Cell, RawTable, Row, letters
from planner.units.spelling import lowered

_HEADER_WITHIN = 20
_FEWEST_HEADERS = 3
_TOTALS = re.compile(r"^(tổng|cộng|total|sum|grand total)\b")
_TELLS_A_UNIT = ("sector", "kind", "level")


@dataclass(frozen=True)
class Origin:
    """Where a row comes from."""

    table: RawTable
    row: int
    positions: Mapping[str, int]
    headers: Mapping[str, str]

    def where(self, column: str = "") -> str:
        return self.table.where(self.row, self.positions.get(column))

    def header(self, column: str) -> str:
        """The column as the file calls it, or its name where the file does not have it."""
        return self.headers.get(column, column)


@dataclass(frozen=True)
class StackedTable:
    """cells: column -> one cell a row ("" where a file lacks the column); origins: one a row."""

    cells: Mapping[str, Sequence[Cell]]
    origins: Sequence[Origin]


def stack(tables: Iterable[RawTable], guide: ColumnGuide, findings: Findings, warnings: Findings) -> StackedTable:
    """One table of all rows that describe a unit; headers, lengths of rows and merged cells are checked."""
    rows: list[dict[str, Cell]] = []
    origins: list[Origin] = []
    for table in tables:
        header, body = _split(table, guide)
        positions = _positions(table, header, guide, findings)
        headers = {column: " ".join(shown(header[1][at]).split()) for column, at in positions.items()}
        _check_merged(table, header[0], findings)
        totals = 0
        for number, cells in body:
            if not table.sheet and len(cells) != len(header[1]):
                findings.add(table.source, "units.ragged_row", row=str(number), cells=len(cells), wanted=len(header[1]))
                continue
            origin = Origin(table, number, positions, headers)
            row = {column: cells[at] if at < len(cells) else "" for column, at in positions.items()}
            if _is_total(row):
                totals += 1
                continue
            _check_beyond(origin, header, cells, findings)
            rows.append(row)
            origins.append(origin)
        _warn(table, header[0], totals, warnings)
    columns = _ordered({column for row in rows for column in row})
    return StackedTable({column: [row.get(column, "") for row in rows] for column in columns}, origins)


def _split(table: RawTable, guide: ColumnGuide) -> tuple[Row, Sequence[Row]]:
    """The header is the first row that knows most columns; lines above it are a title."""

    def known(row: Row) -> int:
        return sum(isinstance(cell, str) and guide.is_header(cell) for cell in row[1])

    first = table.rows[:_HEADER_WITHIN]
    if not first:
        return (1, ()), ()
    best = max(range(len(first)), key=lambda at: (known(first[at]), -at))
    at = best if known(first[best]) >= _FEWEST_HEADERS else 0
    return table.rows[at], table.rows[at + 1 :]


def _positions(table: RawTable, header: Row, guide: ColumnGuide, findings: Findings) -> dict[str, int]:
    number, cells = header
    found: dict[str, int] = {}
    for at, cell in enumerate(cells):
        text = " ".join(shown(cell).split())
        column = guide.column_of(text) if text else None
        where = table.where(number, at)
        if column in found:
            findings.add(where, "units.doubled_header", header=text, other=shown(cells[found[column]]), row=str(number))
        elif column:
            found[column] = at
        elif text and not guide.is_ignored(text):
            nearest = guide.nearest(text)
            code = "units.unknown_header_meant" if nearest else "units.unknown_header"
            findings.add(where, code, header=text[:200], row=str(number), **({"meant": nearest} if nearest else {}))
    missing = [column.name for column in COLUMNS if column.required and column.name not in found]
    for name in missing:
        findings.add(table.source, "units.missing_column", name=name, header=guide.header(name))
    return found


def check_money_units(stacked: StackedTable, money_unit: str, findings: Findings) -> None:
    """A header that states its money in brackets must state the scenario's unit."""
    for origin in {id(origin.table): origin for origin in stacked.origins}.values():
        for column, header in origin.headers.items():
            stated = money_unit_of(header)
            if stated and is_money(column) and stated != money_unit:
                findings.add(origin.where(), "units.header_money_unit", header=header, stated=stated, wanted=money_unit)


def _check_merged(table: RawTable, header_row: int, findings: Findings) -> None:
    """A merged cell gives its value to its first cell only; above the header, in a title, it does no harm."""
    for merged in table.merged:
        if (range_boundaries(merged)[3] or header_row) >= header_row:
            findings.add(f"{table.source} {table.sheet}!{merged}", "units.merged_cells", range=merged)


def _check_beyond(origin: Origin, header: Row, cells: Sequence[Cell], findings: Findings) -> None:
    """No content may stand outside the columns that the header names."""
    for at, cell in enumerate(cells):
        named = at < len(header[1]) and shown(header[1][at])
        if not named and shown(cell):
            place = letters(at)
            findings.add(
                origin.table.where(origin.row, at), "units.cell_without_header", row=str(origin.row), place=place
            )


def _is_total(row: Mapping[str, Cell]) -> bool:
    """A row of sums: it names no sector, kind or level and says in its first words that it is a total."""
    if any(shown(row.get(column, "")) for column in _TELLS_A_UNIT):
        return False
    unit, name = (lowered(shown(row.get(column, ""))) for column in ("id", "name"))
    return bool(_TOTALS.match(unit) or (not unit and _TOTALS.match(name)))


def _warn(table: RawTable, header_row: int, totals: int, warnings: Findings) -> None:
    hidden = sum(number in table.hidden for number, _ in table.rows if number > header_row)
    if totals:
        warnings.add(table.source, "units.totals_rows", count=totals)
    if hidden:
        warnings.add(f"{table.source} {table.sheet}", "units.hidden_rows", count=hidden)


def _ordered(columns: set[str]) -> list[str]:
    known = [column.name for column in COLUMNS if column.name in columns]
    return known + sorted(column for column in columns if column.startswith(RETIRING))
