"""The invented units of the default scenario have the shape of the province they stand for."""

import csv
import math
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from models.unit import BY_NAME, COLUMNS, RETIRING

FOLDER = Path(__file__).parents[1] / "scenarios" / "binh-thuan"
SCHOOLS = ("preschool", "primary", "lower_secondary", "upper_secondary")

Row = dict[str, str]


def _read(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


@pytest.fixture(scope="module")
def units() -> list[Row]:
    return _read("units.csv")


def _sum(rows: list[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)


def _autonomous(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["autonomy_group"] in ("1", "2")]


def _generate(out: Path, *more: str) -> str:
    command = [sys.executable, str(FOLDER / "generate.py"), "--out", str(out), *more]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout


def test_writes_the_committed_table_again_byte_for_byte(tmp_path: Path) -> None:
    _generate(tmp_path / "units.csv")
    assert (tmp_path / "units.csv").read_bytes() == (FOLDER / "units.csv").read_bytes()


def test_sums_the_units_up_when_asked(tmp_path: Path) -> None:
    assert "autonomous among the 154 other units: 30 (19.5%)" in _generate(tmp_path / "units.csv", "--summary")


def test_gives_another_province_for_another_seed(tmp_path: Path, units: list[Row]) -> None:
    _generate(tmp_path / "units.csv", "--seed", "7")
    with (tmp_path / "units.csv").open(encoding="utf-8", newline="") as source:
        others = list(csv.DictReader(source))
    assert len(others) == 724
    assert sum(a != b for a, b in zip(others, units, strict=True)) > 700


def test_has_the_columns_of_the_unit_table(units: list[Row]) -> None:
    headers = list(units[0])
    assert [name for name in headers if name not in BY_NAME] == [f"{RETIRING}2025", f"{RETIRING}2030"]
    assert all(row[column.name] for column in COLUMNS if column.required for row in units)


def test_has_724_units_of_which_570_are_schools(units: list[Row]) -> None:
    kinds = Counter(row["kind"] for row in units)
    assert [kinds[kind] for kind in SCHOOLS] == [180, 232, 128, 30]
    assert kinds["general_hospital"] + kinds["specialised_hospital"] == 7
    shared = ("health_centre", "gdtx", "culture_centre", "land_fund_centre", "pmb")
    assert [kinds[kind] for kind in shared] == [10, 10, 10, 10, 12]
    prefixes = Counter(row["id"].split("-")[0] for row in units)
    assert (prefixes["dv"], prefixes["kt"], len(units)) == (80, 15, 724)
    assert sum(row["sector"] == "education" for row in units) == 570


def test_names_the_seven_provincial_hospitals(units: list[Row]) -> None:
    published = [row for row in units if row["measured_columns"] == "name"]
    assert [row["name"] for row in published] == [
        "Bệnh viện Đa khoa tỉnh Bình Thuận",
        "Bệnh viện Đa khoa khu vực Nam Bình Thuận",
        "Bệnh viện Đa khoa khu vực Bắc Bình Thuận",
        "Bệnh viện Đa khoa khu vực La Gi",
        "Bệnh viện Y học cổ truyền - Phục hồi chức năng Bình Thuận",
        "Bệnh viện Phổi Bình Thuận",
        "Bệnh viện Da liễu Bình Thuận",
    ]


def test_gives_each_unit_an_ascii_id_and_a_name_of_its_own(units: list[Row]) -> None:
    assert len({row["id"] for row in units}) == len({row["name"] for row in units}) == 724
    assert all(row["id"].isascii() and row["id"] == row["id"].lower() for row in units)


def test_says_of_every_row_that_it_is_invented(units: list[Row]) -> None:
    assert {row["data_quality"] for row in units} == {"invented"}


def test_gives_every_commune_its_preschool_primary_and_lower_secondary_school(units: list[Row]) -> None:
    communes = {(row["district"], row["ward"]) for row in _read("communes_2024.csv")}
    assert len(communes) == 121
    for kind in ("preschool", "primary", "lower_secondary"):
        assert {(row["district"], row["commune"]) for row in units if row["kind"] == kind} == communes


def test_places_units_within_two_km_of_the_point_of_their_commune(units: list[Row]) -> None:
    points = {
        (row["district"], row["ward"]): (float(row["lat"]), float(row["lon"])) for row in _read("communes_2024.csv")
    }
    for row in units:
        lat, lon = points[row["district"], row["commune"]]
        north = (float(row["lat"]) - lat) * 111.32
        east = (float(row["lon"]) - lon) * 111.32 * math.cos(math.radians(lat))
        assert math.hypot(north, east) < 2, row["id"]


def test_counts_the_121_health_stations_as_sites_of_the_health_centres(units: list[Row]) -> None:
    centres = [row for row in units if row["kind"] == "health_centre"]
    assert _sum(centres, "sites") - len(centres) == 121
    assert not any(row["kind"] == "health_station" for row in units)


def test_enrols_the_published_pupils_to_the_last_one(units: list[Row]) -> None:
    pupils = [_sum([row for row in units if row["kind"] == kind], "users") for kind in SCHOOLS]
    assert pupils == [60_000, 109_000, 77_600, 34_700]


def test_counts_about_two_visits_of_patients_per_inhabitant_and_year(units: list[Row]) -> None:
    """1.231 million people; a usual day of 2.2 or 2 visits a post, on 300 days."""
    health = ("general_hospital", "specialised_hospital", "health_centre")
    visits = _sum([row for row in units if row["kind"] in health], "users")
    assert 1.9 < visits / 1_231_000 < 2.1


def test_balances_the_accounts_of_every_unit(units: list[Row]) -> None:
    for row in units:
        revenue, recurrent, grant = (int(row[c]) for c in ("revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd"))
        assert grant == max(0, recurrent - revenue), row["id"]
        assert int(row["orders_mvnd"]) <= revenue, row["id"]
        assert int(row["orderable_mvnd"]) <= grant, row["id"]


def test_states_the_autonomy_group_that_the_figures_give(units: list[Row]) -> None:
    for row in units:
        revenue, recurrent = int(row["revenue_mvnd"]), int(row["recurrent_mvnd"])
        invests = int(row["investment_self_mvnd"]) >= int(row["depreciation_mvnd"])
        if revenue >= recurrent:
            assert row["autonomy_group"] == ("1" if invests else "2"), row["id"]
        else:
            assert row["autonomy_group"] == ("3" if 10 * revenue >= recurrent else "4"), row["id"]


def test_pays_no_post_of_groups_1_and_2_from_the_budget(units: list[Row]) -> None:
    assert _sum(_autonomous(units), "posts_budget") == 0
    assert _sum([row for row in units if row["autonomy_group"] == "4"], "posts_own") == 0


def test_has_no_more_people_than_posts_and_no_more_leaving_than_people(units: list[Row]) -> None:
    for row in units:
        present = int(row["present_budget"]) + int(row["present_own"])
        assert int(row["present_budget"]) <= int(row["posts_budget"]), row["id"]
        assert int(row["present_own"]) <= int(row["posts_own"]), row["id"]
        assert int(row["retiring_by_2025"]) <= int(row["retiring_by_2030"]) <= present, row["id"]
        posts = int(row["posts_budget"]) + int(row["posts_own"])
        beside = sum(int(row[c]) for c in ("heads", "deputies", "shared_posts", "support_posts"))
        assert beside < posts, row["id"]


def test_has_about_25_000_posts_most_of_them_in_schools(units: list[Row]) -> None:
    schools = [row for row in units if row["kind"] in SCHOOLS]
    budget = _sum(units, "posts_budget")
    assert 24_500 <= budget + _sum(units, "posts_own") <= 25_500
    assert 20_000 <= budget <= 20_800
    assert 0.83 <= _sum(schools, "posts_budget") / budget <= 0.87


def test_grants_about_3_700_billion_a_year_most_of_it_to_schools(units: list[Row]) -> None:
    schools = [row for row in units if row["kind"] in SCHOOLS]
    grant = _sum(units, "state_grant_mvnd")
    assert 3_600_000 <= grant <= 3_800_000
    assert 0.79 <= _sum(schools, "state_grant_mvnd") / grant <= 0.83


def test_starts_just_below_a_fifth_of_autonomous_units_beside_schools(units: list[Row]) -> None:
    groups = Counter(row["autonomy_group"] for row in units)
    assert 28 <= groups["1"] + groups["2"] <= 31
    assert 143 <= groups["3"] <= 163
    assert 531 <= groups["4"] <= 551
    others = [row for row in units if row["kind"] not in SCHOOLS]
    assert 0.18 <= len(_autonomous(others)) / len(others) <= 0.2


def test_lets_twelve_units_be_equitized_by_2025_and_four_more_by_2030(units: list[Row]) -> None:
    ready = [
        row
        for row in _autonomous(units)
        if row["equitization_listed"] == "yes"
        and row["land_plan_approved"] != "no"
        and int(row["state_capital_mvnd"]) > 0
    ]
    assert Counter(row["land_plan_approved"] for row in ready) == {"yes": 12, "2027": 1, "2028": 1, "2029": 2}
    assert [row["id"] for row in ready if not row["id"].startswith("kt-")] == ["dv-dangkiem-1"]


def test_has_nine_market_units_that_equitization_by_2025_does_not_settle(units: list[Row]) -> None:
    market = [row for row in units if row["function"] == "market" and row["id"].startswith("dv-")]
    assert len(market) == 9
    assert sum(row["kind"] == "notary_office" for row in market) == 2
    assert sum(row["equitization_listed"] == "yes" and row["land_plan_approved"] != "yes" for row in market) == 3
    assert sum(row["dissolution_ground"] != "" for row in market) == 2
    ids = {row["id"] for row in units}
    assert all(row["receiver"] in ids for row in market if row["dissolution_ground"])
