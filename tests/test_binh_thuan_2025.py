"""The default province on 1 July 2025: the same units in 45 communes, and the plan's decisions for 2025 carried out."""

import csv
import json
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from planner.scenario_file import read_scenario
from planner.units.gazetteer import Gazetteer

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "scenarios" / "binh-thuan"
NOT_ADDED_UP = ("heads", "deputies", "autonomy_group", "avg_pay_vnd_month", "avg_insured_months", "ineffective_years")

Row = dict[str, str]


def _read(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


def _tables(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def before() -> dict[str, Row]:
    return {row["id"]: row for row in _read("units.csv")}


@pytest.fixture(scope="module")
def units() -> list[Row]:
    return [row for row in _read("units-2025.csv") if not row["planned"]]


@pytest.fixture(scope="module")
def stations() -> list[Row]:
    return [row for row in _read("units-2025.csv") if row["planned"]]


@pytest.fixture(scope="module")
def centres(units: list[Row]) -> list[Row]:
    return [row for row in units if row["kind"] == "health_centre"]


@pytest.fixture(scope="module")
def communes() -> dict[str, str]:
    """The communes of 2025 with their former districts."""
    gazetteer = Gazetteer.read("Bình Thuận")
    return {commune.name: gazetteer.area(commune) for commune in gazetteer.other}


def _sum(rows: list[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def _run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(FOLDER / script), *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=False)


def test_writes_the_committed_table_again_byte_for_byte(tmp_path: Path) -> None:
    assert _run("generate_2025.py", "--out", str(tmp_path / "units.csv")).returncode == 0
    assert (tmp_path / "units.csv").read_bytes() == (FOLDER / "units-2025.csv").read_bytes()


def test_places_every_unit_in_one_of_the_45_communes_and_its_former_district(
    units: list[Row], stations: list[Row], communes: dict[str, str]
) -> None:
    assert len(communes) == 45
    assert {row["commune"]: row["area"] for row in (*units, *stations)} == communes
    assert not {"district", "commune_2025"} & set(units[0])
    assert not any(row["level"] == "district" or "huyện" in row["parent"] for row in (*units, *stations))


def test_gives_every_commune_its_preschool_primary_and_lower_secondary_school(
    units: list[Row], communes: dict[str, str]
) -> None:
    for kind in ("preschool", "primary", "lower_secondary"):
        assert {row["commune"] for row in units if row["kind"] == kind} == set(communes)


def test_puts_units_where_the_guidance_of_2025_puts_them(units: list[Row]) -> None:
    levels: dict[str, set[str]] = {}
    for row in units:
        levels.setdefault(row["kind"], set()).add(f"{row['level']}: {row['parent'].split(' ')[0]}")
    committee = {"commune: Ủy"}
    for kind in ("preschool", "primary", "lower_secondary", "culture_centre"):
        assert levels[kind] == committee, kind
    assert levels["pmb"] == committee | {"province: Ủy"}  # ten boards of districts, two of the province
    for kind in ("upper_secondary", "gdtx", "health_centre", "land_fund_centre"):
        assert levels[kind] == {"department: Sở"}, kind
    school = next(row for row in units if row["id"] == "th-malam-1")
    assert (school["commune"], school["parent"]) == ("Xã Hàm Thuận", "Ủy ban nhân dân xã Hàm Thuận")


def test_keeps_units_and_figures_of_the_plan(units: list[Row], before: dict[str, Row]) -> None:
    assert [row["id"] for row in units] == list(before)
    changed = {"level", "parent", "commune", "area", "retiring_by_2025", "retiring_by_2030", "buildings", "planned"}
    for row in units:
        assert {n: c for n, c in row.items() if n not in changed} == {
            name: cell for name, cell in before[row["id"]].items() if name in row and name not in changed
        }
    for column in ("posts_budget", "posts_own", "state_grant_mvnd", "state_grant_2021_2025_mvnd", "users", "sites"):
        assert _sum(units, column) == _sum(list(before.values()), column)


def test_counts_retirement_from_the_first_of_july(units: list[Row], before: dict[str, Row]) -> None:
    """Of six people retiring by the end of 2025, counted over a year and a half, four had gone: 26 become 22."""
    row = next(row for row in units if row["id"] == "ttyt-phanthiet")
    then = before["ttyt-phanthiet"]
    assert [then["retiring_by_2025"], then["retiring_by_2030"]] == ["6", "28"]
    assert [row["retiring_by_2025"], row["retiring_by_2030"]] == ["2", "24"]


def test_plans_one_health_station_for_each_commune(stations: list[Row], communes: dict[str, str]) -> None:
    assert Counter(row["commune"] for row in stations) == dict.fromkeys(communes, 1)
    assert {(row["planned"], row["kind"], row["level"], row["function"], row["data_quality"]) for row in stations} == {
        ("2026-01-01", "health_station", "commune", "basic_essential", "invented")
    }
    people = [int(row["posts_budget"]) + int(row["posts_own"]) for row in stations]
    assert min(people) >= 13
    assert max(people) <= 18
    assert all(int(row["retiring_by_2025"]) <= int(row["retiring_by_2030"]) for row in stations)
    accounts = ("revenue_mvnd", "state_grant_mvnd", "recurrent_mvnd")
    assert all(int(r[accounts[0]]) + int(r[accounts[1]]) == int(r[accounts[2]]) for r in stations)
    # 117 of the 121 old stations; four lie in communes that mostly came from another district.
    assert _sum(stations, "sites") == 117


def test_leaves_every_health_centre_more_than_nothing_of_each_figure(centres: list[Row], stations: list[Row]) -> None:
    columns = [name for name in centres[0] if name not in NOT_ADDED_UP and _is_count(name, [*centres, *stations])]
    assert len(columns) > 25
    for centre in centres:
        own = [row for row in stations if row["area"] == centre["area"]]
        for column in columns:
            assert int(centre[column]) > _sum(own, column) or _sum(own, column) == 0, (centre["id"], column)


def _is_count(column: str, rows: list[Row]) -> bool:
    return all(row[column].isdigit() for row in rows)


def test_names_each_station_once_in_the_split_of_its_centre(centres: list[Row], stations: list[Row]) -> None:
    pins = {pin["unit"]: pin for pin in _tables("2025.toml")["pins"]}
    assert set(pins) == {row["id"] for row in centres}
    for centre in centres:
        assert pins[centre["id"]]["fate"] == "split"
        assert pins[centre["id"]]["into"] == [row["id"] for row in stations if row["area"] == centre["area"]]


def test_splits_no_centre_about_which_the_plan_decided_something_else() -> None:
    """Pins of a file and of those that it extends merge by unit: two of one unit would become one."""
    decided = {pin["unit"] for pin in _tables("decided-2025.toml")["pins"]}
    assert not decided & {pin["unit"] for pin in _tables("2025.toml")["pins"]}


def test_asks_the_same_as_the_plan_of_2024() -> None:
    plan, later = _tables("scenario.toml"), _tables("2025.toml")
    for part in ("stages", "counting", "money", "actions", "savings", "staffing", "objective", "search"):
        assert later[part] == plan[part], part
    rules = {rule["id"]: rule for rule in later["rules"]}
    targets = [rule for rule in plan["rules"] if rule["tier"] != "modelling"]  # its ceilings were for the districts
    assert list(rules) == [rule["id"] for rule in targets]
    assert rules["cut39"].pop("baseline")["units"] == 724
    assert rules["cut39"].pop("count") == "gross"
    assert list(rules.values()) == targets


def test_reads_the_province_of_2025_without_its_planned_units(tmp_path: Path) -> None:
    """Every decision of 2025 is a pin on a unit of the table, and no commune is unknown."""
    folder = tmp_path / "scenarios" / "later"
    folder.mkdir(parents=True)
    for name in ("2025.toml", "decided-2025.toml"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        kept = text.replace('fate = "split"\ninto = [', 'fate = "keep"\nnever_with = []  # [')
        (folder / name).write_text(kept, encoding="utf-8")
    table = (FOLDER / "units-2025.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "units-2025.csv").write_text(
        "".join(line for line in table if not line.startswith("tyt-")), encoding="utf-8"
    )
    case = read_scenario(folder / "2025.toml")
    assert len(case.units) == 724
    assert len(case.scenario.pins) == 10 + len(_tables("decided-2025.toml")["pins"])
    dated = {problem.facts["period"]: problem.where for problem in case.warnings if problem.code != "units.surplus"}
    assert dated == {  # asked for after the day of the table
        "2025-09-12 –": "rules[provincial_boards], rules[boards_self_financing]",
        "2025-09-19 –": "rules[vocational_schools], rules[specialised_hospital]",
        "2025-10-02 –": "rules[preschool_places], rules[primary_places], rules[lower_secondary_places]",
        "2025-09-21 –": "staffing.divisions[divisions]",
    }
    assert set(case.units.text("district")) == {""}
    assert (case.units.text("commune_2025") == case.units.text("commune")).all()


DECISIONS = """\
list,rank,unit_id,fate,form,year,successor_id,host_id,receiver_id,parent_after,reason,legal_basis
best,1,a,merge,absorb,2025,b,b,,,,Nghị định 120/2020/NĐ-CP
best,1,b,merge,absorb,2025,b,b,,,,Nghị định 120/2020/NĐ-CP
best,1,b,raise,,2025,b,,,,,Nghị định 60/2021/NĐ-CP
best,1,b,slim,,2025,,,,,,
best,1,c,merge,absorb,2030,b,b,,,,Nghị định 120/2020/NĐ-CP
best,1,d,dissolve,,2025,,,b,,Ba năm không hoàn thành nhiệm vụ,Nghị định 120/2020/NĐ-CP
best,1,e,equitize,,2025,,,,,,Nghị định 150/2020/NĐ-CP
best,1,f,keep,,,f,,,,,
best,2,a,keep,,,a,,,,,
"""


def _run_folder(folder: Path) -> Path:
    folder.joinpath("decisions.csv").write_text(DECISIONS, encoding="utf-8-sig")
    folder.joinpath("manifest.json").write_text(json.dumps({"title": "Tỉnh thử", "digest": "0a1b"}), encoding="utf-8")
    return folder


def test_carries_on_each_step_of_2025_as_one_pin_that_is_done(tmp_path: Path) -> None:
    out = tmp_path / "decided.toml"
    ran = _run("carry_on.py", str(_run_folder(tmp_path)), "--list", "best", "--out", str(out))
    assert ran.returncode == 0, ran.stderr
    text = out.read_text(encoding="utf-8")
    pins = tomllib.loads(text)["pins"]
    assert {pin["status"] for pin in pins} == {"done"}
    assert {pin["year"] for pin in pins} == {2025}
    said = [{n: c for n, c in pin.items() if n not in ("status", "year", "reason", "document")} for pin in pins]
    assert said == [
        {"unit": "a", "fate": "merge", "merge_with": ["b"], "host": "b"},
        {"unit": "b", "fate": "merge", "merge_with": ["a"], "host": "b"},
        {"unit": "b", "fate": "raise"},
        {"unit": "d", "fate": "dissolve", "host": "b"},
        {"unit": "e", "fate": "equitize"},
    ]
    assert pins[3]["reason"] == "Ba năm không hoàn thành nhiệm vụ"
    assert "«Tỉnh thử» (danh sách best, hạng 1)" in pins[0]["reason"]
    assert pins[0]["document"] == "Nghị định 120/2020/NĐ-CP"
    assert text.startswith("# Written by carry_on.py from the run with digest 0a1b")


def test_names_the_plans_there_are_where_the_wanted_one_is_missing(tmp_path: Path) -> None:
    ran = _run("carry_on.py", str(_run_folder(tmp_path)), "--list", "best", "--rank", "3", "--out", str(tmp_path / "x"))
    assert ran.returncode != 0
    assert "best 1, best 2" in ran.stderr
