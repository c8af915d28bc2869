"""The unit table as a text table: English headers, every cell exact."""

import csv
from collections.abc import Iterator
from pathlib import Path

from models.unit import COLUMNS, RETIRING, Units
from planner.units.cells import guarded
from planner.units.unit_cells import cell_of
from planner.whole_file import whole_file


def write_units_csv(units: Units, target: Path) -> None:
    """Write a table that `read_units` takes back: a cell that took a default is left empty and takes it again.

    Text that a spreadsheet would run as a formula gets a ' in front, which reading takes off.
    """
    with whole_file(target) as partial, partial.open("w", encoding="utf-8", newline="") as sink:
        table = csv.writer(sink, lineterminator="\n")
        table.writerows(_rows(units))


def columns_of(units: Units) -> list[str]:
    """All columns in the order of the table, then those of people who reach retirement age, by year."""
    years = sorted(int(name.removeprefix(RETIRING)) for name in units.figures if name.startswith(RETIRING))
    return [*(column.name for column in COLUMNS), *(f"{RETIRING}{year}" for year in years)]


def _rows(units: Units) -> Iterator[list[str]]:
    columns = columns_of(units)
    yield columns
    for at in range(len(units)):
        cells = (cell_of(units, column, at) for column in columns)
        yield [guarded(cell) if isinstance(cell, str) else repr(cell) for cell in cells]
