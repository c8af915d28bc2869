"""Rows of a table as they stand in a file, before anybody asks what they mean."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

# Text as typed, or a number that a workbook holds as a number (its decimal point needs no guessing).
Cell = str | Decimal
Row = tuple[int, Sequence[Cell]]

MOST_ROWS = 200_000
MOST_COLUMNS = 400


@dataclass(frozen=True)
class RawTable:
    """Rows with the number that a spreadsheet shows beside them; blank rows are left out.

    `sheet` is empty for a text table. `merged` are ranges such as "A1:C2", `hidden` row numbers.
    Rows of a text table must be as long as its header; those of a workbook end where their content ends.
    """

    source: str
    rows: Sequence[Row]
    sheet: str = ""
    merged: Sequence[str] = ()
    hidden: frozenset[int] = frozenset()

    def where(self, row: int, column: int | None = None) -> str:
        """The place in a person's words for it: the file, and in a workbook the sheet and cell."""
        if not self.sheet:
            return self.source
        cell = f"{letters(column)}{row}" if column is not None else str(row)
        return f"{self.source} {self.sheet}!{cell}"


def letters(column: int) -> str:
    """A column's letters in a spreadsheet: 0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def blank(cells: Sequence[Cell]) -> bool:
    return not any(isinstance(cell, Decimal) or cell.strip() for cell in cells)
