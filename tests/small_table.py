"""A small true table of units for tests, to be spoiled one cell at a time."""

import csv
import io
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from models.problem import InputError, Problem
from models.unit import Units
from planner.units.gazetteer import Gazetteer
from planner.units.unit_table import read_units

AS_OF = date(2024, 6, 30)
PRIMARY = {
    "id": "001",
    "name": "Trường Tiểu học Hòa Thắng",
    "sector": "education",
    "kind": "primary",
    "function": "basic_essential",
    "level": "district",
    "parent": "UBND huyện Bắc Bình",
    "commune": "Xã Hòa Thắng",
    "posts_budget": "30",
    "posts_own": "0",
    "heads": "1",
    "deputies": "2",
    "revenue_mvnd": "200",
    "recurrent_mvnd": "5400",
    "state_grant_mvnd": "5200",
}
CENTRE = {
    "id": "DV-2",
    "name": "Trung tâm Đăng kiểm",
    "sector": "transport",
    "kind": "vehicle_inspection_centre",
    "function": "market",
    "level": "department",
    "parent": "Sở Giao thông vận tải",
    "commune": "Phường Phú Thủy",
    "posts_budget": "0",
    "posts_own": "20",
    "heads": "1",
    "deputies": "1",
    "revenue_mvnd": "6000",
    "recurrent_mvnd": "5800",
    "state_grant_mvnd": "0",
}


@cache
def binh_thuan() -> Gazetteer:
    return Gazetteer.read("Bình Thuận", AS_OF)


def csv_text(*rows: Mapping[str, str], separator: str = ",") -> str:
    header = list(dict.fromkeys(name for row in rows for name in row))
    sink = io.StringIO()
    table = csv.writer(sink, delimiter=separator, lineterminator="\n")
    table.writerows([header, *([row.get(name, "") for name in header] for row in rows)])
    return sink.getvalue()


def write_csv(folder: Path, *rows: Mapping[str, str], name: str = "units.csv") -> Path:
    target = folder / name
    target.write_bytes(csv_text(*rows).encode("utf-8"))
    return target


def write_xlsx(folder: Path, rows: Sequence[Sequence[object]], name: str = "units.xlsx") -> Path:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Đơn vị"
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def read(*paths: Path, **settings: object) -> tuple[Units, tuple[Problem, ...]]:
    return read_units(paths, gazetteer=binh_thuan(), as_of=AS_OF, **settings)  # type: ignore[arg-type]


def problems(*paths: Path, **settings: object) -> list[Problem]:
    """What reading refuses; none where it reads."""
    try:
        read(*paths, **settings)
    except InputError as refused:
        return list(refused.problems)
    return []


def codes(told: Sequence[Problem]) -> list[str]:
    return [problem.code.removeprefix("units.") for problem in told]


def write_bytes(folder: Path, data: bytes, name: str = "units.csv") -> Path:
    (folder / name).write_bytes(data)
    return folder / name
