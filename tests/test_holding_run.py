"""`solve --also` and `holds_in`: run folders of plans that hold in several scenarios, and what is refused."""

import shutil
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from small_province import CUT, SHARE, UNITS, document, rows_of, run, write_scenario, write_units
from test_verify import forge

from planner.manifest import read_manifest
from planner.shipped import scenarios_folder

STRICTER = [{"id": "payroll12", "at_least_percent": 13}, {"id": "spending8", "at_least_percent": 9}]


def beside(folder: Path, name: str, **tables: Any) -> Path:
    """A scenario file beside the main one, which changes some of its tables."""
    whole = {"schema_version": 1, "title": f"Kịch bản {name}", "extends": ["scenario.toml"], **tables}
    path = folder / f"{name}.toml"
    path.write_text(tomli_w.dumps(whole), encoding="utf-8", newline="\n")
    return path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The seven units of scenarios/tiny, with a second scenario whose targets are stricter."""
    place = tmp_path_factory.mktemp("held") / "tiny"
    shutil.copytree(scenarios_folder() / "tiny", place)
    beside(place, "stricter", rules=STRICTER)
    return place


@pytest.fixture(scope="module")
def solved(tiny: Path) -> tuple[Any, Path]:
    folder = tiny.parent / "run"
    result = run("solve", tiny, "--also", tiny / "stricter.toml", "--out", folder, "--json")
    assert result.exit_code == 0, result.stderr
    return document(result), folder


def test_finds_by_what_the_stricter_targets_cost_more(solved: tuple[Any, Path]) -> None:
    """scenarios/tiny/README.md: 13% of 70 posts are ten, so kn-1 slims a third one from 2028 (240). 9% of 50,000 are
    4,500: without orders 1,260 + 1,500 + 3 x 3 x 120 = 3,840, with a step of bt-1 from 2026 (1,000) enough, which costs
    56 where one from 2028 (600: not enough any more) had cost 44. So each of the three plans costs 240 + 12 more.
    """
    told, _ = solved
    best = [row["score_mvnd"] for row in told["ranking"] if row["list"] == "best"]
    assert best == [1045 + 252, 1160 + 252, 1650 + 252]
    assert (told["held"]["extra_at_least_mvnd"], told["held"]["extra_at_most_mvnd"]) == (252, 252)
    alone = [row for row in told["held_scenarios"] if row["list"] == "alone"]
    assert [(row["scenario"], row["holds"], row["unmet"]) for row in alone] == [
        ("", True, ""), ("stricter", False, "payroll12; spending8"),
    ]  # fmt: skip


def test_tells_every_reading_of_every_scenario(solved: tuple[Any, Path]) -> None:
    _, folder = solved
    rows = [row for row in rows_of(folder / "held_readings.csv") if (row["list"], row["rank"]) == ("best", "1")]
    found = {row["id"]: (row["scenario"], row["wanted"], row["numerator"], row["met"]) for row in rows}
    assert found["payroll12"] == ("stricter", "13", "10", "True")
    assert found["spending8"] == ("stricter", "9", "4840", "True")
    assert 'id="held"' in (folder / "report.html").read_text(encoding="utf-8")


def test_stands_alone_once_the_scenarios_are_gone(solved: tuple[Any, Path], tmp_path: Path) -> None:
    _, folder = solved
    copied = shutil.copytree(folder, tmp_path / "run")
    assert (copied / "also" / "stricter" / "units.csv").is_file()
    assert run("verify", copied).exit_code == 0
    again = run("solve", copied / "scenario.resolved.toml", "--out", tmp_path / "again", "--json")
    assert document(again)["held"] == document_of(folder)


def document_of(folder: Path) -> Any:
    """What a run's manifest says of its other scenarios."""
    return read_manifest(folder)["held"]


@pytest.mark.parametrize(
    ("name", "before", "after", "said"),
    [
        ("also/stricter/scenario.toml", "at_least_percent = 13", "at_least_percent = 15", "payroll12"),
        ("held_readings.csv", "stricter,payroll12,payroll_cut,,2030,13", "stricter,payroll12,payroll_cut,,2030,12",
         "held_readings.csv: wanted"),
        ("held_scenarios.csv", "True,0,,1297", "True,0,,1296", "held_scenarios.csv: score_mvnd"),
        ("alone_decisions.csv", "kn-1,slim,,2030,,,,,,2", "kn-1,slim,,2030,,,,,,1", "alone"),
    ],
)  # fmt: skip
def test_finds_what_was_changed_in_a_folder_rewritten_as_a_whole(
    solved: tuple[Any, Path], tmp_path: Path, name: str, before: str, after: str, said: str
) -> None:
    copied = shutil.copytree(solved[1], tmp_path / "run")
    text = (copied / name).read_text(encoding="utf-8")
    assert before in text
    (copied / name).write_text(text.replace(before, after), encoding="utf-8", newline="\n")
    forge(copied, {})
    result = run("verify", copied)
    assert result.exit_code == 7 and said in result.stderr


@pytest.mark.parametrize(
    ("key", "value"),
    [("extra_at_least_mvnd", 9999), ("extra_at_most_mvnd", 0), ("alone_bound_mvnd", 10**9), ("alone_bound_mvnd", "1")],
)
def test_finds_a_forged_cost_of_holding(solved: tuple[Any, Path], tmp_path: Path, key: str, value: object) -> None:
    copied = shutil.copytree(solved[1], tmp_path / "run")
    forge(copied, {"held": {**read_manifest(copied)["held"], key: value}})
    result = run("verify", copied)
    assert result.exit_code == 7 and f"held.{key}" in result.stderr


def test_takes_the_scenarios_from_the_key_as_well(tiny: Path, solved: tuple[Any, Path], tmp_path: Path) -> None:
    both = shutil.copytree(tiny, tmp_path / "tiny")
    text = (both / "scenario.toml").read_text(encoding="utf-8")
    (both / "scenario.toml").write_text('holds_in = ["stricter.toml"]\n' + text, encoding="utf-8")
    run("solve", both, "--out", tmp_path / "run")
    assert document_of(tmp_path / "run") == document_of(solved[1])
    alone = document(run("solve", both, "--set", "holds_in=[]", "--out", tmp_path / "alone", "--json"))
    assert "held" not in alone and alone["ranking"][0]["score_mvnd"] == 1045


def test_names_the_targets_of_both_scenarios_that_stand_in_each_others_way(tmp_path: Path) -> None:
    """Two units have to go here, and seven of the eight must remain there: each has plans by itself."""
    province = write_scenario(tmp_path / "province", rules=[CUT])
    floor = {"id": "seven", "rule": "floor", "sum": "units", "at_least": 7}
    other = beside(province, "rural", rules=[floor], drop=["cut"])
    result = run("solve", province, "--also", other, "--out", tmp_path / "run", "--json")
    told = document(result)
    assert result.exit_code == 4 and told["status"] == "infeasible" and told["confirmed"]
    assert told["alone"] == [{"scenario": "rural", "verdict": "possible"}]
    assert [(member["scenario"], member["id"]) for member in told["conflict"]] == [("", "cut"), ("rural", "seven")]
    assert run("verify", tmp_path / "run").exit_code == 0
    page = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert "No plan holds in all scenarios" in page and "rural: seven" in page


def test_names_the_scenario_that_has_no_plan_by_itself(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", rules=[CUT])
    impossible = beside(province, "many", rules=[{"id": "cut", "at_least": 9}])
    easy = beside(province, "easy", rules=[{"id": "cut", "at_least": 1}])
    result = run("solve", province, "--also", easy, "--also", impossible, "--out", tmp_path / "run")
    assert result.exit_code == 4
    assert "easy (Kịch bản easy): has plans by itself." in result.stdout
    assert "many (Kịch bản many): has none even by itself" in result.stdout
    assert "- many: Giảm ít nhất 2 đơn vị đến năm 2025 [cut]" in result.stdout


def test_says_that_it_is_the_main_scenario_that_has_no_plan(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 8}])
    result = run("solve", province, "--also", beside(province, "easy", drop=["cut"]), "--out", tmp_path / "run")
    assert result.exit_code == 4 and run("verify", tmp_path / "run").exit_code == 0
    assert "The main scenario has no plan even by itself, whatever easy may ask:" in result.stdout


def test_refuses_what_cannot_be_compared_all_at_once(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province")
    write_units(province / "fewer.csv", UNITS[1:])
    fewer = beside(province, "fewer", units="fewer.csv")
    later = beside(province, "later", stages=[{"year": 2026}, {"year": 2030}], rules=[{"id": "cut", "year": 2026}])
    wider = beside(province, "wider", merging=[{"within": "province", "same": []}])
    moved = beside(province, "moved", pins=[{"unit": "nn-1", "fate": "transfer", "parent": "Sở Văn hóa"}])
    named = [part for path in (fewer, later, wider, moved) for part in ("--also", path)]
    result = run("solve", province, *named, "--also", province, "--out", tmp_path / "run")
    assert result.exit_code == 3 and not (tmp_path / "run").exists()
    for said in (
        "holds_in[fewer]: does not have the units of the main scenario (missing: vh-1; added: –)",
        "holds_in[later]: has the deadlines 2026, 2030, the main scenario has 2025, 2030",
        "holds_in[wider]: has other [[merging]] blocks",
        "holds_in[moved]: transfers, creates or splits otherwise than the main scenario: nn-1",
        "names this scenario itself",
    ):
        assert said in result.stderr


def test_refuses_a_list_that_names_no_file_or_one_outside(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", holds_in=["nothing.toml", "../other.toml"])
    result = run("check", province)
    assert result.exit_code == 3 and result.stderr.count("holds_in") == 2
    assert run("check", write_scenario(tmp_path / "number", holds_in="dry.toml")).exit_code == 3


def test_lets_a_later_effect_be_another_scenario(tmp_path: Path) -> None:
    """The same deadlines, money a year later."""
    province = write_scenario(tmp_path / "province", rules=[CUT, SHARE])
    late = beside(province, "late", stages=[{"year": 2025, "effect": 2027}, {"year": 2030, "effect": 2029}])
    told = document(run("check", province, "--json", "--set", f'holds_in=["{late.name}"]'))
    assert [one["name"] for one in told["holds_in"]] == ["late"]


def test_says_so_or_refuses_where_only_the_main_scenario_is_known(solved: tuple[Any, Path], tmp_path: Path) -> None:
    _, folder = solved
    copied = shutil.copytree(folder, tmp_path / "run")
    own = copied / "scenario.resolved.toml"
    for refused in (
        ("explain", copied, "--plan", 1),
        ("frontier", own, "--criteria", "state_saving,staff_moved", "--out", tmp_path / "frontier"),
        ("solve", own, "--near", copied / "decisions.csv", "--plan", "best-1", "--out", tmp_path / "near"),
        ("solve", own, "--myopic", "--out", tmp_path / "myopic"),
    ):
        result = run(*refused)
        assert result.exit_code == 3 and "does not know of several" in result.stderr, refused
    for told in (
        ("stress", copied, "--draws", 10),
        ("evaluate", own, copied / "decisions.csv", "--plan", "best-1", "--against", copied),
        ("conflicts", own, "--reach"),
    ):
        result = run(*told)
        assert result.exit_code == 0 and "main scenario alone, not at stricter" in result.stderr, told


def test_says_of_a_run_that_holds_elsewhere_what_its_best_is(tiny: Path, solved: tuple[Any, Path]) -> None:
    """The run read this very scenario and one more: it is no other scenario, and its bound is none here."""
    _, folder = solved
    asked = ("evaluate", tiny, folder / "decisions.csv", "--plan", "best-1", "--against", folder)
    shown = run(*asked).stdout
    assert "hold in other scenarios as well (" in shown and "read another scenario" not in shown
    distance = document(run(*asked, "--json"))["distance"]
    assert not distance["same_inputs"] and distance["best_bound_mvnd"] is None
    assert len(distance["held_in"]) == 1 and "stricter" in distance["held_in"][0]
