"""The unit table: rows of one or several files to models.unit.Units, every doubt told with its place."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from models.exact import Integers
from models.problem import InputError, Problem
from models.unit import BY_NAME, COLUMNS, MOST_PEOPLE, RETIRING, Column, Units
from planner.units.cells import NUMBER_FORMATS, CellError, Parse, Value, parser_of, rounds, shown
from planner.units.columns import MONEY_UNITS, ColumnGuide, column_guide, is_money
from planner.units.findings import Findings
from planner.units.gazetteer import Gazetteer
from planner.units.raw_table import Cell, RawTable, blank
from planner.units.stacked_table import Origin, StackedTable, check_money_units, stack
from planner.units.table_file import read_table
from planner.units.unit_checks import check_units
from planner.units.unit_defaults import Draft, complete
from planner.units.vocabulary import Vocabulary, shipped_vocabulary

FIGURES = frozenset({"count", "money", "pay", "yes_no", "year_or_no"})


@dataclass(frozen=True)
class Reading:
    """How cells are to be understood: the money unit and number format of the scenario, words, communes, the day."""

    gazetteer: Gazetteer
    vocabulary: Vocabulary
    guide: ColumnGuide
    money_unit: str
    number_format: str
    as_of: date


def read_units(
    paths: Sequence[Path],
    *,
    gazetteer: Gazetteer,
    as_of: date,
    money_unit: str = "million",
    number_format: str = "plain",
    encoding: str | None = None,
    vocabulary: Vocabulary | None = None,
) -> tuple[Units, tuple[Problem, ...]]:
    """The units of a scenario, one file or several stacked, and the warnings that reading them gave.

    Money of any `money_unit` (dong, thousand, million, billion) becomes whole million VND, rounded half up.
    `number_format`: "plain" is 1234.5, "vi" is 1.234,5. `encoding` declares that of text tables without a mark.
    `vocabulary`: the words and autonomy bands of the country; without one, those of Viet Nam.
    Errors: InputError with every problem of every file; the first twenty of each sort are spelled out.
    """
    if money_unit not in MONEY_UNITS or number_format not in NUMBER_FORMATS:
        raise ValueError(f"money_unit {money_unit!r} or number_format {number_format!r} is unknown")
    guide = column_guide()
    reading = Reading(gazetteer, vocabulary or shipped_vocabulary(), guide, money_unit, number_format, as_of)
    source = ", ".join(path.name for path in paths)
    findings, warnings = Findings(), Findings()
    stacked = stack(_tables(paths, guide, encoding, findings), guide, findings, warnings)
    if not stacked.origins and not findings:
        findings.add(source, "units.empty")
    check_money_units(stacked, money_unit, findings)
    draft = _draft(stacked, reading, findings, warnings)
    _check_ids(draft, findings)
    _raise(source, findings)
    complete(draft, gazetteer, reading.vocabulary.terms, warnings)
    check_units(draft, reading.vocabulary, as_of, findings=findings, warnings=warnings)
    _raise(source, findings)
    return _units(draft), warnings.problems


def _raise(source: str, findings: Findings) -> None:
    if findings:
        raise InputError(source, findings.problems)


def _tables(paths: Sequence[Path], guide: ColumnGuide, encoding: str | None, findings: Findings) -> list[RawTable]:
    tables = []
    for path in paths:
        try:
            tables.append(read_table(path, guide.is_header, encoding))
        except InputError as error:
            findings.extend(error.problems)
    return tables


def _draft(stacked: StackedTable, reading: Reading, findings: Findings, warnings: Findings) -> Draft:
    draft = Draft(stacked.origins)
    rounded = 0
    for column in _columns(stacked):
        cells = stacked.cells.get(column.name, [""] * len(stacked.origins))
        parse = parser_of(column, reading.number_format, reading.money_unit, reading.vocabulary)
        draft.stated[column.name] = np.array([shown(cell) != "" for cell in cells], dtype=bool)
        draft.values[column.name] = _values(cells, column, (parse, stacked.origins), findings)
        if is_money(column.name):
            rounded += _count_rounded(cells, reading)
    if rounded:
        warnings.add(stacked.origins[0].table.source, "units.rounded", count=rounded, money_unit=reading.money_unit)
    _read_measured_columns(draft, reading.guide, findings)
    return draft


def _columns(stacked: StackedTable) -> list[Column]:
    """The columns of the table, and each year of people reaching retirement age that any unit states."""
    stated = [name for name in stacked.cells if name.startswith(RETIRING) and not blank(stacked.cells[name])]
    return [*COLUMNS, *(Column(name, "count", 0, at_most=MOST_PEOPLE) for name in stated)]


def _values(
    cells: Sequence[Cell], column: Column, reader: tuple[Parse, Sequence[Origin]], findings: Findings
) -> list[Value]:
    """Each distinct cell is read once; an empty one takes the column's default ("" where it follows from others)."""
    parse, origins = reader
    known: dict[Cell, Value | CellError] = {}
    values: list[Value] = []
    for cell, origin in zip(cells, origins, strict=True):
        value = known.get(cell)
        if value is None:
            value = known[cell] = _value(cell, column, parse)
        if isinstance(value, CellError):
            facts = {"row": str(origin.row), "column": origin.header(column.name), **value.facts}
            if column.name in origin.positions:  # a missing column has been told once
                findings.add(origin.where(column.name), value.code, **facts)
            value = ""
        values.append(value)
    return values


def _value(cell: Cell, column: Column, parse: Parse) -> Value | CellError:
    if shown(cell) == "":
        default = column.default
        return CellError("units.required") if default is None else default if isinstance(default, int) else str(default)
    try:
        return parse(cell)
    except CellError as refused:
        return refused


def _count_rounded(cells: Sequence[Cell], reading: Reading) -> int:
    known: dict[Cell, bool] = {}
    for cell in set(cells):
        try:
            known[cell] = shown(cell) != "" and rounds(cell, reading.number_format, reading.money_unit)
        except CellError:
            known[cell] = False
    return sum(known[cell] for cell in cells)


def _read_measured_columns(draft: Draft, guide: ColumnGuide, findings: Findings) -> None:
    """Column names in a cell, in either language, become the columns' own names."""
    values = draft.values["measured_columns"]
    for at, text in enumerate(values):
        names = [name.strip() for name in str(text).split(";") if name.strip()]
        for name in names:
            if not guide.is_header(name):
                origin = draft.origins[at]
                header = origin.header("measured_columns")
                where = origin.where("measured_columns")
                findings.add(where, "units.not_a_column", row=str(origin.row), column=header, text=name[:100])
        values[at] = ";".join(guide.column_of(name) or name for name in names)


def _check_ids(draft: Draft, findings: Findings) -> None:
    first: dict[Value, Origin] = {}
    for unit, origin in zip(draft.values["id"], draft.origins, strict=True):
        other = first.setdefault(unit, origin)
        if unit != "" and other is not origin:
            places = {"row": _place(origin), "other": _place(other)}
            findings.add(origin.where("id"), "units.duplicate_id", id=unit, **places)
    for at, receiver in enumerate(draft.values["receiver"]):
        if receiver != "" and (receiver not in first or receiver == draft.values["id"][at]):
            origin = draft.origins[at]
            code = "units.unknown_receiver" if receiver not in first else "units.own_receiver"
            header = origin.header("receiver")
            findings.add(origin.where("receiver"), code, row=str(origin.row), column=header, text=receiver)


def _place(origin: Origin) -> str:
    sheet = f" {origin.table.sheet}" if origin.table.sheet else ""
    return f"{origin.table.source}{sheet} {origin.row}"


def _units(draft: Draft) -> Units:
    """Units in the order of their ids, whatever the order of rows and files."""
    order = sorted(range(len(draft.origins)), key=lambda at: str(draft.values["id"][at]))
    texts: dict[str, np.ndarray[tuple[int], np.dtype[np.object_]]] = {}
    figures: dict[str, Integers] = {}
    for name, values in draft.values.items():
        if name in ("id", "lat", "lon"):
            continue
        if _is_figure(name):
            figures[name] = np.array([int(values[at]) for at in order], dtype=np.int64)
        else:
            texts[name] = np.array([str(values[at]) for at in order], dtype=object)
    degrees = np.array([[float(draft.values[axis][at]) for axis in ("lat", "lon")] for at in order], dtype=np.float64)
    ids = tuple(str(draft.values["id"][at]) for at in order)
    return Units.of_table(ids, texts, figures, degrees, _assumed(draft, order))


def _assumed(draft: Draft, order: Sequence[int]) -> Mapping[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    return {name: ~stated[order] for name, stated in draft.stated.items() if not stated.all()}


def _is_figure(name: str) -> bool:
    return name.startswith(RETIRING) or name == "autonomy_group" or BY_NAME[name].kind in FIGURES
