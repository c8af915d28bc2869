"""A scenario that extends a national rule set: what it may change, what `check` says of it, and what it refuses."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from small_province import CUT, SHARE, document, rows_of, run, write_scenario

from planner.rule_sets import fitting, without_head
from planner.scenario_file import read_scenario
from planner.scenario_tables import resolved_tables
from planner.scenario_toml import tables_of

NATIONAL = ["rules:national-2024"]
SETS_OF_2025 = ["staffing-2025", "national-2025"]
QUANG_NINH = {"sector": "education", "kind": "lower_secondary", "level": "commune", "parent": "UBND phường"}
ALL_ONE = [{"kinds": ["lower_secondary"], "within": "commune", "same": ["kind"], "whole": True}]
MERGED = {"pins": [{"unit": "cs-1", "merge_with": ["cs-2", "cs-3"]}], "merging": ALL_ONE, "rules": []}


def checked(place: Path, *arguments: object) -> Any:
    result = run("check", place, "--json", *arguments)
    assert result.exit_code == 0, result.stderr
    return document(result)


def of_dates(told: Any) -> dict[str, str]:
    """Warnings about dates by their place (one warning names all of the same dates), those about the table left out.

    So are those about words: no unit of the small province stands under the departments that a set of 2025 leaves out.
    """
    dated = [f for f in told["warnings"] if not f["code"].startswith("units.") and "word_for" not in f["code"]]
    return {place: found["code"] for found in dated for place in found["where"].split(", ")}


def of_nation(name: str) -> bool:
    return name.startswith("national-")


def lower_secondary(*schools: tuple[int, int]) -> list[dict[str, Any]]:
    """Schools of so many classes and sites in one ward, each within the norm."""
    return [
        {"id": f"cs-{at}", "name": f"Trường THCS {at}", "classes": classes, "sites": sites, **QUANG_NINH}
        for at, (classes, sites) in enumerate(schools, start=1)
    ]


# The over-merging of Quảng Ninh at the end of 2025: one school of 66 classes, thirteen with ten to sixteen sites


@pytest.mark.parametrize("name", ["rules:national-2024", "rules:national-2025"])
@pytest.mark.parametrize(
    ("schools", "rule"),
    [
        (((24, 1), (22, 1), (20, 1)), "lower_secondary_classes"),  # 66 classes, at most 45 are allowed
        (((14, 3), (14, 3), (14, 4)), "lower_secondary_sites"),  # 10 sites, at most 3
    ],
)
def test_refuses_to_make_one_school_of_all_in_a_ward(
    tmp_path: Path, name: str, schools: tuple[tuple[int, int], ...], rule: str
) -> None:
    place = write_scenario(tmp_path / "ward", lower_secondary(*schools), extends=[name], **MERGED)
    result = run("solve", place, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 4, result.stderr
    conflict = {entry["id"]: entry for entry in document(result)["conflict"]}
    assert {rule, "pin-1"} == set(conflict)
    assert conflict[rule]["source"].startswith("Thông tư 13/2020/TT-BGDĐT")


def test_never_proposes_the_merger_that_breaks_the_norm(tmp_path: Path) -> None:
    """One school fewer is asked for: two of the three may join (46, 44 or 42 classes), not those two of 24 and 22."""
    place = write_scenario(
        tmp_path / "ward", lower_secondary((24, 1), (22, 1), (20, 1)), extends=NATIONAL, merging=ALL_ONE,
        rules=[{**CUT, "at_least": 1}],
    )  # fmt: skip
    assert run("solve", place, "--out", tmp_path / "run", "--best", 5).exit_code == 0
    pairs: dict[str, set[str]] = {}
    for row in rows_of(tmp_path / "run" / "decisions.csv"):
        if row["fate"] == "merge":
            pairs.setdefault(f"{row['list']} {row['rank']}", set()).add(row["unit_id"])
    assert {frozenset(pair) for pair in pairs.values()} == {frozenset({"cs-1", "cs-3"}), frozenset({"cs-2", "cs-3"})}


def test_allows_it_where_the_planner_changes_the_number(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "ward", lower_secondary((24, 1), (22, 1), (20, 1)), extends=NATIONAL, **MERGED)
    setting = ("--set", "rules.lower_secondary_classes.at_most=66")
    assert run("solve", place, *setting, "--out", tmp_path / "run", "--plans", 1).exit_code == 0
    (after,) = [row for row in rows_of(tmp_path / "run" / "successors.csv") if row["stage"] == "2025"]
    assert (after["classes"], after["sites"]) == ("66", "3")


# Changing single numbers


def numbers(place: Path, *arguments: object) -> dict[str, dict[str, Any]]:
    shown = document(run("show", place, "--json", *arguments))["scenario"]
    return {rule["id"]: rule for rule in shown["rules"]}


def test_changes_one_number_of_a_set_and_keeps_its_source(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "a", extends=NATIONAL, rules=[{"id": "primary_classes", "at_most": 35}, CUT])
    rule = numbers(place)["primary_classes"]
    assert (rule["at_least"], rule["at_most"]) == (10, 35) and rule["source"].startswith("Thông tư 13/2020")
    rule = numbers(place, "--set", "rules.primary_classes.at_most=28")["primary_classes"]
    assert rule["at_most"] == 28


def test_takes_a_rule_of_a_set_out(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "a", extends=NATIONAL, drop=["least_staff", "no_autonomy_loss"], rules=[CUT])
    found = numbers(place)
    assert "primary_classes" in found and not {"least_staff", "no_autonomy_loss"} & set(found)


def test_tells_all_sets_where_the_name_is_none(tmp_path: Path) -> None:
    result = run("check", write_scenario(tmp_path / "a", extends=["rules:national-2023"]))
    assert result.exit_code == 3
    assert "Rule sets of this program: rules:national-2024, rules:national-2025" in result.stderr
    assert 'Did you mean "rules:national-20' in result.stderr


@pytest.mark.parametrize("name", ["", "../rules/national-2024", "national-2024.toml", "x" * 400])
def test_refuses_what_is_no_name_of_a_set(tmp_path: Path, name: str) -> None:
    result = run("check", write_scenario(tmp_path / "a", extends=[f"rules:{name}"]))
    assert result.exit_code == 3 and "was not found" in result.stderr


def test_refuses_the_head_of_a_set_in_a_scenario(tmp_path: Path) -> None:
    result = run("check", write_scenario(tmp_path / "a", rule_set={"title": "Của tôi", "as_of_from": date(2024, 1, 1)}))
    assert result.exit_code == 3 and 'rule_set: "rule_set" is not a key here' in result.stderr


def test_shows_a_scenario_that_stands_alone(tmp_path: Path) -> None:
    """What is shown, and what a run keeps, names no set and reads the same without one. (Four units of one department
    cannot become the one that the set of 2025 leaves it: groups have at most three.)"""
    place = write_scenario(tmp_path / "a", extends=["rules:national-2025"], drop=["department_units"])
    shown = run("show", place).stdout
    assert "extends" not in shown and "rule_set" not in shown
    (place / "alone.toml").write_text(shown, encoding="utf-8")
    assert numbers(place / "alone.toml") == numbers(place)
    assert run("solve", place, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    kept = (tmp_path / "run" / "scenario.resolved.toml").read_text(encoding="utf-8")
    assert "extends" not in kept and 'id = "provincial_boards"' in kept
    assert run("verify", tmp_path / "run").exit_code == 0


# What check says


@pytest.mark.parametrize(
    ("day", "fits"),
    [
        (date(2019, 12, 31), None), (date(2023, 12, 16), "national-2024"), (date(2025, 6, 30), "national-2024"),
        (date(2025, 7, 1), "national-2025"), (date(2026, 12, 31), "national-2025"),
    ],
)  # fmt: skip
def test_names_the_set_that_fits_the_day(tmp_path: Path, day: date, fits: str | None) -> None:
    assert fits in (None, *(found.name for found in fitting(day)))
    place = write_scenario(tmp_path / "a", as_of=day)
    told = checked(place)
    assert told["rule_sets"] == [] and [fits] == ([*filter(of_nation, told["rule_sets_that_fit"])] or [None])
    wanted = f'extends = ["rules:{fits}"]' if fits else "none of this program fits"
    assert wanted in run("check", place).stdout


def test_names_the_set_that_is_extended_and_how_sure_its_rules_are(tmp_path: Path) -> None:
    """Twenty rules: twelve read in the source, eight to be confirmed; the province's own three say nothing.

    Ten norms of positions come with them, one of them read, and the province's own two of deputies; three severance
    regimes, one of them read; three base salaries, all of them read.
    """
    place = write_scenario(tmp_path / "a", extends=["rules:national-2025"], as_of=date(2025, 12, 31))
    told = checked(place)
    assert told["rule_sets"] == ["staffing-2025", "national-2025"] and of_dates(told) == {}
    assert told["certainty"] == {"read": 11 + 1 + 1 + 3, "reported": 0, "to_confirm": 9 + 12 + 2, "not_stated": 3}
    assert "rules[primary_classes]" in told["to_confirm"] and "rules[provincial_boards]" not in told["to_confirm"]
    said = run("check", place).stdout
    assert "national-2025" in said and "To be confirmed before use (23):\n" in said
    named = [line for line in said.splitlines() if line.startswith("  - Quy mô trường tiểu học")]
    assert len(named) == 1 and named[0].endswith("(rules[primary_classes])")
    assert "  - Định mức theo nhóm vị trí việc làm: " in run("check", place, lang="vi").stdout


def test_warns_of_a_set_and_of_rules_that_are_not_of_the_day_and_applies_them(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "a", extends=["rules:national-2025"])  # as of 30 June 2024
    told = checked(place)
    warned = of_dates(told)
    assert warned["extends"] == "scenario.rule_set_dates_other"
    assert set(warned) == {
        "extends", "rules[preschool_classes]", "rules[primary_classes]", "rules[upper_secondary_classes]",
        "rules[provincial_boards]", "rules[boards_self_financing]", "rules[vocational_schools]",
        "rules[department_units]", "rules[specialised_hospital]", "rules[preschool_places]", "rules[primary_places]",
        "rules[lower_secondary_places]", "rules[health_station_places]", "staffing.divisions[divisions]",
    }  # fmt: skip
    assert told["rules"] == 20 + 3, "all of them apply"
    assert "The set that fits that day: rules:national-2024." in run("check", place).stderr
    both = "rules[provincial_boards], rules[boards_self_financing]"
    assert f"{both}: in force 2025-09-12 –, which does not include" in run("check", place).stderr


def test_says_where_no_set_fits_the_day_at_all(tmp_path: Path) -> None:
    told = checked(write_scenario(tmp_path / "a", extends=NATIONAL, as_of=date(2022, 1, 1)))
    later = ("rules[primary_class_size]", "rules[secondary_class_size]")  # December 2023; those of 2020 are in force
    assert of_dates(told) == {"extends": "scenario.rule_set_dates"} | dict.fromkeys(later, "scenario.rule_dates")


def test_warns_of_a_rule_of_the_province_itself(tmp_path: Path) -> None:
    over = {**CUT, "in_force_from": date(2021, 1, 1), "in_force_until": date(2023, 12, 31)}
    told = checked(write_scenario(tmp_path / "a", rules=[over, SHARE]))
    assert of_dates(told) == {"rules[cut]": "scenario.rule_dates"}
    last = {**over, "in_force_until": date(2024, 6, 30)}
    assert of_dates(checked(write_scenario(tmp_path / "b", rules=[last]))) == {}


def test_refuses_a_rule_whose_end_comes_before_its_beginning(tmp_path: Path) -> None:
    over = {**CUT, "in_force_from": date(2025, 1, 1), "in_force_until": date(2023, 12, 31)}
    result = run("check", write_scenario(tmp_path / "a", rules=[over]))
    assert (
        result.exit_code == 3 and "rules[cut]: " in result.stderr and "in_force_from, in_force_until" in result.stderr
    )


def test_refuses_a_certainty_that_is_none(tmp_path: Path) -> None:
    result = run("check", write_scenario(tmp_path / "a", rules=[{**CUT, "certainty": "sure"}]))
    assert result.exit_code == 3 and "rules[cut].certainty: must be one of: read, reported, to_confirm" in result.stderr


def test_marks_a_number_that_is_not_sure_wherever_its_name_is_read(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "a", rules=[{**CUT, "at_least": 7, "certainty": "to_confirm"}])
    result = run("solve", place, "--out", tmp_path / "run")
    assert result.exit_code == 4
    assert "  - cut: Giảm ít nhất 2 đơn vị đến năm 2025 (to be confirmed) (Kế hoạch thử)" in result.stdout
    told = json.loads((tmp_path / "run" / "conflict.json").read_text(encoding="utf-8"))
    assert told["conflict"][0]["certainty"] == "to_confirm"


# The shipped files


def test_starts_a_planner_with_the_set_that_fits_the_example(tmp_path: Path) -> None:
    """`init` copies a file whose base is found wherever the program is installed."""
    assert run("init", tmp_path / "mine").exit_code == 0
    told = checked(tmp_path / "mine")
    assert "national-2024" in told["rule_sets"] and sorted(told["rule_sets"]) == told["rule_sets_that_fit"]


def test_ships_the_sets_in_the_wheel() -> None:
    root = Path(__file__).parents[1]
    build = tables_of((root / "pyproject.toml").read_text(encoding="utf-8"), "pyproject.toml")["tool"]["hatch"]["build"]
    assert build["targets"]["wheel"]["force-include"]["scenarios"] == "planner/scenarios"
    assert {path.stem for path in (root / "scenarios" / "rules").glob("*.toml")} >= {"national-2024", "national-2025"}


def test_refuses_a_set_whose_head_lacks_its_dates(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from models.problem import InputError

    monkeypatch.setattr("planner.rule_sets.rules_folder", lambda: tmp_path)
    with pytest.raises(InputError) as refusal:
        without_head(tmp_path / "mine.toml", {"rule_set": {"title": "Thử"}})
    assert [(found.where, found.code) for found in refusal.value.problems] == [
        ("rule_set.as_of_from", "scenario.missing_key")
    ]


def test_counts_only_the_sets_that_the_planner_named(tmp_path: Path) -> None:
    """2025 builds on 2024 and brings the norms of its own year; two folders may name the same set."""
    base = write_scenario(tmp_path / "base", extends=["rules:national-2025"])
    (base / "more.toml").write_text(tomli_w.dumps({"extends": ["scenario.toml", "rules:national-2025"]}), "utf-8")
    assert [found.name for found in resolved_tables(base / "more.toml").rule_sets] == SETS_OF_2025
    assert [found.name for found in read_scenario(base).rule_sets] == SETS_OF_2025
