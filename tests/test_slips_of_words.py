"""Words that choose nobody are told, names too long and two sets of one family are refused: each with what to do."""

from pathlib import Path
from typing import Any

import pytest
from small_province import CUT, UNITS, run, write_scenario

from planner.scenario_file import read_scenario

FAMILY = {"one": "rules:national-2024", "other": "rules:national-2025"}
CAP = {"id": "cap", "rule": "cap", "at_most": 9}


def warned(place: Path) -> list[tuple[str, str, str]]:
    """Where a word chooses nobody, the word, and what was probably meant."""
    told = [warning for warning in read_scenario(place).warnings if warning.code == "scenario.word_for_nobody"]
    return [(warning.where, str(warning.facts["word"]), str(warning.facts["hint"])) for warning in told]


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        ({"parent": ["Sở Văn hoá Thể thao"]}, []),  # too far from any parent for a hint, but told
        ({"sector": ["Văn hóa"]}, [("rules[cap].scope.sector", "Văn hóa", "culture_sport")]),
        ({"kind_not": ["culture_center"]}, [("rules[cap].scope.kind_not", "culture_center", "culture_centre")]),
        ({"kind": ["museum", "culture_centre"]}, []),  # no museum in the table, but the country has them
        ({"commune": ["Phường Phú Thuỷ"]}, [("rules[cap].scope.commune", "Phường Phú Thuỷ", "Phường Phú Thủy")]),
        ({"performance": ["good"], "level": ["province"]}, []),
    ],
)
def test_warns_of_a_word_that_no_unit_has(tmp_path: Path, scope: dict[str, Any], found: list[tuple[str, ...]]) -> None:
    told = warned(write_scenario(tmp_path / "p", rules=[{**CAP, "scope": scope}]))
    if "parent" in scope:
        assert [(where, word) for where, word, _ in told] == [("rules[cap].scope.parent", *scope["parent"])]
    else:
        assert told == found


def test_warns_of_words_in_actions_merging_pins_and_indicators(tmp_path: Path) -> None:
    tables: dict[str, Any] = {
        "actions": {"merge": True, "raise": {"parent": ["Sở Y tế"]}},
        "merging": [{"within": "parent", "kinds": ["culture_centr"]}],
        "output": [{"id": "x", "en": "X", "unit_en": "x", "column": "users", "where": {"kind": ["theatr"]}}],
    }
    places = [where for where, _, _ in warned(write_scenario(tmp_path / "p", **tables))]
    assert places == ["actions.raise.parent", "output[x].where.kind", "merging[0].kinds"]


def test_knows_a_parent_that_comes_with_a_pin(tmp_path: Path) -> None:
    pins = [{"unit": "vh-4", "fate": "transfer", "parent": "Sở Du lịch", "year": 2025}]
    rule = {**CAP, "scope": {"parent": ["Sở Du lịch"]}}
    assert warned(write_scenario(tmp_path / "a", rules=[rule], pins=pins)) == []
    assert len(warned(write_scenario(tmp_path / "b", rules=[rule]))) == 1


@pytest.mark.parametrize(("lang", "sentence"), [("en", "so it stands for nobody"), ("vi", "không chỉ đơn vị nào cả")])
def test_says_so_in_both_languages_and_goes_on(tmp_path: Path, lang: str, sentence: str) -> None:
    place = write_scenario(tmp_path / "p", rules=[{**CAP, "scope": {"kind": ["culture_center"]}}])
    result = run("check", place, lang=lang)
    assert result.exit_code == 0 and sentence in " ".join(result.stderr.split())


@pytest.mark.parametrize("column", ["name", "parent", "kind"])
def test_refuses_a_text_of_a_unit_that_nobody_can_read(tmp_path: Path, column: str) -> None:
    """10,000 characters stand, one more does not."""
    longest = {**UNITS[0], column: "x" * 10_000}
    assert run("check", write_scenario(tmp_path / "a", [longest, *UNITS[1:]])).exit_code == 0
    result = run("check", write_scenario(tmp_path / "b", [{**UNITS[0], column: "x" * 10_001}, *UNITS[1:]]))
    assert result.exit_code == 3 and "a text may have at most 10,000 characters. Shorten it." in result.stderr


def test_takes_long_remarks(tmp_path: Path) -> None:
    assert run("check", write_scenario(tmp_path / "a", [{**UNITS[0], "note": "x" * 20_000}, *UNITS[1:]])).exit_code == 0


@pytest.mark.parametrize(
    ("tables", "where"),
    [
        ({"title": "x" * 10_001}, "title"),
        ({"rules": [{**CUT, "name": "x" * 10_001}]}, "rules[cut].name"),
        (
            {"pins": [{"unit": "vh-1", "merge_with": ["vh-2"], "successor_name": "x" * 10_001}]},
            "pins[vh-1].successor_name",
        ),
    ],
)
def test_refuses_names_of_a_scenario_that_are_too_long(tmp_path: Path, tables: dict[str, Any], where: str) -> None:
    result = run("check", write_scenario(tmp_path / "a", **tables))
    assert result.exit_code == 3
    assert f"{where}: a name may have at most 10,000 characters; it has 10,001. Shorten it." in " ".join(
        result.stderr.split()
    )


def test_says_that_a_text_must_not_be_empty(tmp_path: Path) -> None:
    output = [{"id": "x", "en": "", "unit_en": "x", "column": "users"}]
    result = run("check", write_scenario(tmp_path / "a", output=output))
    assert result.exit_code == 3 and "output[x].en: a text must stand here; it is empty." in result.stderr


@pytest.mark.parametrize("names", [("one", "other"), ("other", "one")])
def test_refuses_two_sets_that_replace_one_another(tmp_path: Path, names: tuple[str, str]) -> None:
    """2025 takes rules of 2024 out; beside it they would stand again. 2025 alone rests on 2024 and is fine."""
    result = run("check", write_scenario(tmp_path / "a", extends=[FAMILY[name] for name in names]))
    assert result.exit_code == 3
    told = " ".join(result.stderr.split())
    assert "replace one another; a scenario extends one of them" in told and all(
        name in told for name in FAMILY.values()
    )
    assert run("check", write_scenario(tmp_path / "b", extends=[FAMILY["other"]])).exit_code == 0


def test_refuses_a_set_beside_a_scenario_that_rests_on_another_one(tmp_path: Path) -> None:
    write_scenario(tmp_path / "base", extends=[FAMILY["one"]])
    result = run("check", write_scenario(tmp_path / "a", extends=["base", FAMILY["other"]]))
    assert result.exit_code == 3 and "replace one another" in result.stderr
    assert run("check", write_scenario(tmp_path / "b", extends=["base", FAMILY["one"]])).exit_code == 0
