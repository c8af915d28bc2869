"""Who could become a joint stock company, what is still missing, and what goes with those that do."""

from pathlib import Path

import pytest
from small_province import UNITS, document, rows_of, run, write_scenario
from test_verify import found, rewrite
from worlds import unit, units_of

from models.equitization import FOR_GOOD, conditions, eligible, eligible_once_raised, followed, standings
from planner.units.vocabulary import shipped_vocabulary
from planner.wording import LANGUAGES, Wording

VIET_NAM = shipped_vocabulary().terms

READY = {
    "sector": "economic", "autonomy_group": 2, "posts_budget": 0, "posts_own": 8, "revenue_mvnd": 900,
    "recurrent_mvnd": 900, "state_grant_mvnd": 0, "equitization_listed": 1, "land_plan_approved": 1,
    "state_capital_mvnd": 500,
}  # fmt: skip


def test_gives_the_reasons_of_every_unit_in_the_field_or_on_the_list() -> None:
    units = units_of(
        [
            unit("a", **READY),
            unit("b", **READY | {"land_plan_approved": 2028}),
            unit("c", **READY | {"land_plan_approved": 0}),
            unit("d", sector="agriculture"),
            unit("e", sector="education", equitization_listed=1),
            unit("f", sector="education"),
        ]
    )
    found = {units.ids[standing.unit]: standing for standing in standings(VIET_NAM, units, [2025, 2030])}
    assert {name: standing.missing for name, standing in found.items()} == {
        "a": (),
        "b": (),
        "c": ("land_plan",),
        "d": ("self_financing", "listed", "land_plan", "state_capital"),
        "e": ("economic_and_other", "self_financing", "land_plan", "state_capital"),
    }
    assert found["a"].eligible_by == {2025: True, 2030: True}
    assert found["b"].eligible_by == {2025: False, 2030: True}
    assert [name for name, standing in found.items() if standing.near_miss] == ["c"]


def test_settles_land_in_its_year_and_leaves_out_units_of_tomorrow() -> None:
    """The land plan of 2030 is there at the end of 2030; p stands from July 2026 on and is no unit of today."""
    rows = [unit("a", **READY | {"land_plan_approved": 2030}), unit("p", **READY, planned="2026-07-01")]
    units = units_of(rows)
    assert [eligible(VIET_NAM, units, year).tolist() for year in (2029, 2030)] == [[False, False], [True, False]]
    assert [standing.unit for standing in standings(VIET_NAM, units, [2025, 2030])] == [0]


def test_finds_who_lacks_nothing_but_to_pay_for_itself() -> None:
    rows = [
        unit("a", **READY), unit("b", **READY | {"autonomy_group": 3}),
        unit("c", **READY | {"autonomy_group": 3, "equitization_listed": 0}),
        unit("d", **READY | {"equitization_listed": 0}),
    ]  # fmt: skip
    assert eligible_once_raised(VIET_NAM, units_of(rows), 2025).tolist() == [False, True, False, False]


def test_sums_state_capital_and_people_that_go_along() -> None:
    """Eight people each, one post of c vacant: 8 + 7; State capital 500 and 70."""
    units = units_of([unit("a", **READY), unit("b"), unit("c", **READY | {"state_capital_mvnd": 70, "present_own": 7})])
    total = followed(units, [0, 2])
    assert (total.units, total.state_capital_mvnd, total.staff) == (2, 570, 15)


@pytest.mark.parametrize("language", LANGUAGES)
def test_has_words_for_every_condition(language: str) -> None:
    for name in conditions(VIET_NAM, units_of([unit("a")]), 2025):
        first = Wording(language).say(f"equitization.not_{name}").split(":")[0]
        assert first in (("không bao giờ", "never") if name in FOR_GOOD else ("chưa", "not yet"))


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small province with three units more: one eligible, one without a land plan, one to be raised first."""
    rows = [
        {**UNITS[0], **READY, "id": "kt-1", "name": "Trung tâm Tư vấn", "parent": "Sở Xây dựng"},
        {**UNITS[0], **READY, "id": "kt-2", "name": "Trung tâm Đo đạc", "parent": "Sở Xây dựng",
         "land_plan_approved": 0},
    ]  # fmt: skip
    rule = {"id": "companies", "rule": "equitization", "year": 2025}
    actions = {"equitize": True}
    return write_scenario(tmp_path_factory.mktemp("annex") / "province", [*UNITS, *rows], rules=[rule], actions=actions)


def test_check_names_who_is_eligible_and_who_lacks_one_condition(province: Path) -> None:
    told = run("check", province, lang="vi").stdout
    assert "Đủ điều kiện chuyển thành công ty cổ phần đến hết năm 2025: 1 đơn vị." in told
    assert "  - Trung tâm Tư vấn (kt-1)\n" in told
    assert "Trung tâm Đo đạc (kt-2): chưa: phương án sử dụng đất" in told
    standing = document(run("check", province, "--json"))["equitization"]
    assert standing["eligible"] == {"2025": ["kt-1"], "2030": ["kt-1"]}
    assert standing["near_misses"] == [{"id": "kt-2", "missing": "land_plan"}]


def test_the_annex_tells_what_the_plan_does(province: Path, tmp_path: Path) -> None:
    result = run("solve", province, "--plans", 1, "--out", tmp_path / "run", lang="vi")
    assert "vốn Nhà nước 500 triệu đồng, 8 người đang làm việc" in result.stdout, result.stderr
    rows = {row["id"]: row for row in rows_of(tmp_path / "run" / "equitization.csv")}
    wanted = {"eligible_by_2025": "yes", "missing": "", "near_miss": "no", "fate": "equitize", "year": "2025"}
    assert {name: rows["kt-1"][name] for name in wanted} == wanted
    assert (rows["kt-2"]["land_plan"], rows["kt-2"]["missing"], rows["kt-2"]["near_miss"]) == ("no", "land_plan", "yes")
    assert (rows["kt-2"]["fate"], rows["kt-2"]["year"], rows["kt-2"]["staff"]) == ("keep", "", "8")
    assert (rows["kt-1"]["state_capital_mvnd"], rows["kt-1"]["autonomy_group"]) == ("500", "2")
    assert found(tmp_path / "run") == []
    rewrite(tmp_path / "run", "equitization.csv", lambda rows: rows[1].update(missing=""))
    assert [where for where, _ in found(tmp_path / "run")] == ["equitization.csv: missing"]
