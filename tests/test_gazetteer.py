"""Communes before and after 1 July 2025 are found under the names that people write."""

import time
from datetime import date
from pathlib import Path

import pytest

from models.problem import InputError
from planner.units.gazetteer import Gazetteer

BEFORE, AFTER = date(2024, 6, 30), date(2026, 1, 1)


@pytest.fixture(scope="module")
def binh_thuan() -> Gazetteer:
    return Gazetteer.read("Bình Thuận", BEFORE)


def test_holds_the_121_communes_of_binh_thuan_that_became_45(binh_thuan: Gazetteer) -> None:
    assert (len(binh_thuan.preferred), len(binh_thuan.other)) == (121, 45)
    kinds = [commune.type for commune in binh_thuan.preferred]
    assert {kind: kinds.count(kind) for kind in kinds} == {"Phường": 16, "Xã": 93, "Thị trấn": 12}
    split = [codes for codes in binh_thuan.successors.values() if len(codes) > 1]
    assert len(split) == 2


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Xã Hòa Thắng", "Xã Hòa Thắng"),
        ("hoa thang", "Xã Hòa Thắng"),
        ("Xã Hoà Thắng", "Xã Hòa Thắng"),
        ("XÃ  HÒA THẮNG", "Xã Hòa Thắng"),
        ("TT. Chợ Lầu", "Thị trấn Chợ Lầu"),
        ("TT Chợ Lầu", "Thị trấn Chợ Lầu"),
        ("P.Mũi Né", "Phường Mũi Né"),
        ("P. Mũi Né, TP. Phan Thiết", "Phường Mũi Né"),
        ("Xã Tân Minh", "Thị trấn Tân Minh"),  # a commune that became a township
        ("Đức Nghĩa", "Phường Lạc Đạo"),  # merged in December 2024
        ("Tân Hà, Đức Linh", "Xã Tân Hà, Huyện Đức Linh"),
        ("Tân Hà (H. Hàm Tân)", "Xã Tân Hà, Huyện Hàm Tân"),
    ],
)
def test_finds_a_commune_as_people_write_it(binh_thuan: Gazetteer, written: str, meant: str) -> None:
    found = binh_thuan.find(written)
    assert found is not None
    assert binh_thuan.label(found) == meant


def test_asks_for_the_district_where_two_communes_are_called_tan_ha(binh_thuan: Gazetteer) -> None:
    assert binh_thuan.find("Tân Hà") is None
    assert [commune.district for commune in binh_thuan.matches("Tân Hà")] == ["Huyện Đức Linh", "Huyện Hàm Tân"]
    found = binh_thuan.find("Tân Hà", district="hàm tân")
    assert found is not None
    assert found.district == "Huyện Hàm Tân"


def test_writes_quy_with_y_or_i(binh_thuan: Gazetteer) -> None:
    found = binh_thuan.find("Tam Thanh", district="Phú Quý")
    assert found is not None
    assert found.district == "Huyện Phú Quí"


def test_finds_nothing_where_no_commune_has_the_name(binh_thuan: Gazetteer) -> None:
    assert binh_thuan.matches("Xã Không Có") == ()
    assert binh_thuan.matches("") == ()
    assert binh_thuan.find("Hòa Thắng", district="Tuy Phong") is None


def test_follows_a_commune_to_the_one_that_took_it_in(binh_thuan: Gazetteer) -> None:
    phan_thiet_ward = binh_thuan.find("Lạc Đạo")
    assert phan_thiet_ward is not None
    later = binh_thuan.commune_2025(phan_thiet_ward)
    assert later is not None
    assert later.name == "Phường Phan Thiết"
    assert binh_thuan.area(later) == "Thành phố Phan Thiết"


def test_prefers_the_communes_of_the_as_of_day() -> None:
    found = Gazetteer.read("Lâm Đồng", AFTER).find("Phú Quý")
    assert found is not None
    assert (found.name, found.vintage, found.district) == ("Đặc khu Phú Quý", 2025, "")


def test_reads_all_communes_that_a_province_of_today_came_from() -> None:
    gazetteer = Gazetteer.read("Lâm Đồng", AFTER)
    assert (len(gazetteer.preferred), len(gazetteer.other)) == (124, 329)  # 137 + 121 + 71


def test_finds_every_commune_of_the_nation_by_its_own_names() -> None:
    nation = Gazetteer.read()
    assert (len(nation.preferred), len(nation.other)) == (10_040, 3_321)
    assert all(nation.find(c.name, c.district, c.province) == c for c in nation.preferred)


def test_gives_every_old_commune_one_main_successor() -> None:
    nation = Gazetteer.read()
    assert all(nation.commune_2025(commune) for commune in nation.preferred)


def test_names_the_province_that_was_meant() -> None:
    with pytest.raises(InputError) as refused:
        Gazetteer.read("Binh Thuân X")
    assert refused.value.problems[0].facts["meant"] == "Tỉnh Bình Thuận"
    with pytest.raises(InputError):
        Gazetteer.read("???")


def test_reads_a_province_in_a_blink() -> None:
    Gazetteer.read("Bình Thuận")
    start = time.process_time()
    Gazetteer.read("Đắk Nông").find("Nhân Cơ")
    assert time.process_time() - start < 0.05


def test_ships_the_notice_of_its_source() -> None:
    notice = Path(__file__).parents[1] / "planner" / "units" / "gazetteer_data" / "NOTICE"
    text = notice.read_text(encoding="utf-8")
    assert "vietnamadminunits 1.0.4" in text
    assert "Permission is hereby granted" in text
