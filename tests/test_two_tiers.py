"""Communes are those of the as-of day, whichever side of 1 July 2025 a table was written on."""

import csv
from datetime import date
from pathlib import Path

import pytest
from small_table import PRIMARY, write_csv
from worlds import scenario_of, unit, units_of

from models.compatibility import compatibility
from models.problem import Problem
from models.unit import Units
from planner.scenario_checks import problems_with_units
from planner.units.gazetteer import Gazetteer
from planner.units.unit_table import read_units

ROOT = Path(__file__).parents[1]
BEFORE, FIRST_DAY = date(2025, 6, 30), date(2025, 7, 1)
COMMUNES_2025 = ROOT / "planner" / "units" / "gazetteer_data" / "communes_2025.csv"


def _read(folder: Path, as_of: date, *rows: dict[str, str]) -> tuple[Units, tuple[Problem, ...]]:
    table = write_csv(folder, *({"id": f"{number:03}"} | row for number, row in enumerate(rows, start=1)))
    return read_units([table], gazetteer=Gazetteer.read("Bình Thuận", as_of), as_of=as_of)


def _school(commune: str, district: str = "", **more: str) -> dict[str, str]:
    return {name: cell for name, cell in PRIMARY.items() if name != "id"} | {
        "commune": commune, "district": district,
    } | more  # fmt: skip


def _told(warnings: tuple[Problem, ...]) -> dict[str, object]:
    return {problem.code.removeprefix("units."): problem.facts.get("names") for problem in warnings}


def test_turns_the_121_communes_into_45_and_splits_two() -> None:
    gazetteer = Gazetteer.read("Bình Thuận", FIRST_DAY)
    with (ROOT / "scenarios" / "binh-thuan" / "communes_2024.csv").open(encoding="utf-8", newline="") as source:
        published = {row["ward_code"]: row["new_ward"].split("|") for row in csv.DictReader(source)}
    became = {old.code: [part.name for part in gazetteer.parts(old)] for old in gazetteer.other}
    assert became == published
    assert {old.name: became[old.code] for old in gazetteer.other if len(became[old.code]) > 1} == {
        "Xã Hòa Thắng": ["Xã Hòa Thắng", "Xã Hồng Thái"],
        "Xã Phong Phú": ["Xã Phan Rí Cửa", "Xã Tuy Phong"],
    }
    kinds = [commune.type for commune in gazetteer.preferred]
    assert {kind: kinds.count(kind) for kind in kinds} == {"Phường": 8, "Xã": 36, "Đặc khu": 1}


def test_knows_the_area_of_every_commune_of_2025() -> None:
    codes = {commune.code for commune in Gazetteer.read("Bình Thuận", FIRST_DAY).preferred}
    with COMMUNES_2025.open(encoding="utf-8", newline="") as source:
        areas = [float(row["area_km2"]) for row in csv.DictReader(source) if row["code"] in codes]
    assert round(sum(areas), 1) == 7891.3  # 99.4% of the published 7,942.6 km2
    assert min(areas) > 0


def test_changes_its_communes_on_the_first_of_july() -> None:
    assert Gazetteer.read("Bình Thuận", BEFORE).vintage == 2024
    assert Gazetteer.read("Bình Thuận", FIRST_DAY).vintage == 2025


def test_groups_the_45_communes_by_their_former_districts() -> None:
    gazetteer = Gazetteer.read("Bình Thuận", FIRST_DAY)
    areas = [gazetteer.area(commune) for commune in gazetteer.preferred]
    assert {area: areas.count(area) for area in areas} == {
        "Thành phố Phan Thiết": 6,
        "Thị xã La Gi": 3,
        "Huyện Tuy Phong": 4,
        "Huyện Bắc Bình": 7,
        "Huyện Hàm Thuận Bắc": 7,
        "Huyện Hàm Thuận Nam": 5,
        "Huyện Tánh Linh": 5,
        "Huyện Đức Linh": 4,
        "Huyện Hàm Tân": 3,
        "Huyện Phú Quí": 1,
    }


def test_places_a_unit_in_its_commune_of_2025_without_any_district(tmp_path: Path) -> None:
    units, warnings = _read(tmp_path, FIRST_DAY, _school("xã hàm thuận"), _school("Đặc khu Phú Quý"))
    assert units.text("commune").tolist() == ["Xã Hàm Thuận", "Đặc khu Phú Quý"]
    assert units.text("district").tolist() == ["", ""]
    assert units.text("area").tolist() == ["Huyện Hàm Thuận Bắc", "Huyện Phú Quí"]
    assert units.text("commune_2025").tolist() == ["Xã Hàm Thuận", "Đặc khu Phú Quý"]
    assert warnings == ()


def test_reads_a_table_of_before_as_the_communes_of_2025_and_says_so(tmp_path: Path) -> None:
    ma_lam = _school("Thị trấn Ma Lâm", "Hàm Thuận Bắc", lat="11.07", lon="108.14")
    units, warnings = _read(tmp_path, FIRST_DAY, ma_lam, _school("Xã Hàm Đức", "Hàm Thuận Bắc"))
    assert units.text("commune").tolist() == ["Xã Hàm Thuận", "Xã Hàm Thuận"]
    assert units.degrees.tolist() == [[11.07, 108.14], [11.018109, 108.178446]]  # the point of the old commune
    assert _told(warnings) == {
        "communes_of_before": "Thị trấn Ma Lâm, Xã Hàm Đức",
        "district_ended": "Thị trấn Ma Lâm, Xã Hàm Đức",
    }


def test_tells_the_two_communes_called_tan_ha_apart_on_either_side(tmp_path: Path) -> None:
    rows = [_school("Xã Tân Hà", "Đức Linh"), _school("Xã Tân Hà", "Hàm Tân")]
    before, _ = _read(tmp_path, BEFORE, *rows)
    after, _ = _read(tmp_path, FIRST_DAY, *rows)
    assert before.text("commune").tolist() == ["Xã Tân Hà, Huyện Đức Linh", "Xã Tân Hà, Huyện Hàm Tân"]
    assert before.text("commune_2025").tolist() == ["Xã Trà Tân", "Xã Hàm Tân"]
    assert after.text("commune").tolist() == ["Xã Trà Tân", "Xã Hàm Tân"]
    _, warnings = _read(tmp_path, FIRST_DAY, _school("Xã Tân Hà"))
    assert _told(warnings)["ambiguous_commune"] == "Xã Tân Hà, Huyện Đức Linh; Xã Tân Hà, Huyện Hàm Tân"


@pytest.mark.parametrize(("stated", "placed"), [("", "Xã Phan Rí Cửa"), ("Xã Tuy Phong", "Xã Tuy Phong")])
def test_places_a_unit_of_a_split_commune_where_the_table_says(tmp_path: Path, stated: str, placed: str) -> None:
    row = _school("Xã Phong Phú", commune_2025=stated)
    units, warnings = _read(tmp_path, FIRST_DAY, row)
    assert units.text("commune").tolist() == [placed]
    assert ("communes_split" in _told(warnings)) == (stated == "")


def test_reads_the_part_of_hoa_thang_although_its_name_lives_on(tmp_path: Path) -> None:
    row = _school("Xã Hòa Thắng", "Bắc Bình", commune_2025="Xã Hồng Thái")
    units, _ = _read(tmp_path, FIRST_DAY, row)
    assert units.text("commune").tolist() == ["Xã Hồng Thái"]


def test_reads_a_table_of_2025_under_an_earlier_day_and_says_so(tmp_path: Path) -> None:
    units, warnings = _read(tmp_path, BEFORE, _school("Xã Hàm Thuận"), _school("Xã Hàm Đức"))
    assert units.text("commune").tolist() == ["Xã Hàm Thuận", "Xã Hàm Đức"]
    assert units.text("district").tolist() == ["Huyện Hàm Thuận Bắc", "Huyện Hàm Thuận Bắc"]
    assert units.text("commune_2025").tolist() == ["Xã Hàm Thuận", "Xã Hàm Thuận"]
    assert _told(warnings) == {"communes_of_later": "Xã Hàm Thuận"}


def test_warns_where_a_name_moved_to_another_place(tmp_path: Path) -> None:
    gazetteer = Gazetteer.read("Lâm Đồng", FIRST_DAY)  # the township Lạc Dương became Lang Biang, not Xã Lạc Dương
    table = write_csv(tmp_path, {"id": "1"} | _school("Lạc Dương"))
    _, warnings = read_units([table], gazetteer=gazetteer, as_of=FIRST_DAY)
    assert _told(warnings) == {"commune_of_two_days": "Lạc Dương"}


def _pairs(units: Units, within: str) -> set[tuple[str, str]]:
    blocks = [{"kinds": ["primary"], "within": within, "max_km": 100}]
    graph = compatibility(scenario_of(merging=blocks), units)
    return {(units.ids[low], units.ids[high]) for low, high in graph.pairs[0].tolist()}


def test_merges_inside_the_commune_of_the_day(tmp_path: Path) -> None:
    """Phú Long and Xuân An are two communes of two districts, and one ward, Hàm Thắng, since July 2025."""
    rows = [
        _school("Thị trấn Phú Long", "Hàm Thuận Bắc"),
        _school("Phường Xuân An", "Phan Thiết"),
        _school("Xã Hàm Đức", "Hàm Thuận Bắc"),
    ]
    before, _ = _read(tmp_path, BEFORE, *rows)
    after, _ = _read(tmp_path, FIRST_DAY, *rows)
    assert _pairs(before, "commune") == set()
    assert _pairs(after, "commune") == {("001", "002")}
    assert _pairs(before, "area") == {("001", "003")}
    assert _pairs(after, "area") == {("001", "002"), ("001", "003"), ("002", "003")}


def test_refuses_to_group_by_district_where_no_unit_has_one() -> None:
    units = units_of([unit("a", district=""), unit("b", district="")])
    scenario = scenario_of(merging=[{"within": "province", "same": ["kind", "district"]}])
    assert [problem.code for problem in problems_with_units(scenario, units)] == ["scenario.no_district"]
    assert problems_with_units(scenario, units_of([unit("a"), unit("b")])) == []
