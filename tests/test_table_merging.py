"""Scenario files laid over one another: lists of entries with an id merge by it, wherever they stand."""

import tomllib
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from small_province import CUT, SHARE, run, write_scenario

from models.problem import InputError
from planner.scenario_settings import apply_settings
from planner.table_merging import merged

BELOW = """
[[staffing.deputies]]
id = "small"
where = { level = ["province"] }
at_most = 2

[[staffing.deputies]]
id = "large"
at_most = 3

[[staffing.positions]]
id = "school"
[[staffing.positions.groups]]
id = "teachers"
per_class = 2
[[staffing.positions.groups]]
id = "office"
posts = 3

[[merging]]
within = "parent"
"""


def laid(above: str) -> dict[str, Any]:
    return merged(tomllib.loads(BELOW), tomllib.loads(above))


def test_changes_one_key_of_an_entry_and_keeps_the_others() -> None:
    found = laid('[[staffing.deputies]]\nid = "large"\nat_most = 4\n')["staffing"]
    assert [(entry["id"], entry["at_most"]) for entry in found["deputies"]] == [("small", 2), ("large", 4)]
    assert [entry["id"] for entry in found["positions"]] == ["school"]


def test_adds_an_entry_with_an_id_of_its_own_behind() -> None:
    found = laid('[[staffing.deputies]]\nid = "huge"\nat_most = 5\n')["staffing"]["deputies"]
    assert [entry["id"] for entry in found] == ["small", "large", "huge"]


def test_merges_lists_inside_an_entry_too() -> None:
    above = '[[staffing.positions]]\nid = "school"\n[[staffing.positions.groups]]\nid = "office"\nposts = 2\n'
    (school,) = laid(above)["staffing"]["positions"]
    assert school["groups"] == [{"id": "teachers", "per_class": 2}, {"id": "office", "posts": 2}]


def test_replaces_a_scope_of_an_entry_as_a_whole() -> None:
    """Half of the old scope beside half of the new one would name units that nobody meant."""
    found = laid('[[staffing.deputies]]\nid = "small"\nwhere = { sector = ["health"] }\n')["staffing"]["deputies"]
    assert found[0] == {"id": "small", "where": {"sector": ["health"]}, "at_most": 2}


def test_replaces_lists_without_ids() -> None:
    assert laid('[[merging]]\nwithin = "commune"\n')["merging"] == [{"within": "commune"}]
    mixed = laid("[[staffing.deputies]]\nat_most = 1\n")["staffing"]["deputies"]
    assert mixed == [{"at_most": 1}], "one entry without an id: the list stands for itself"


def test_keeps_rules_merged_by_id_and_pins_by_unit() -> None:
    below = {"rules": [dict(CUT), dict(SHARE)], "pins": [{"unit": "a", "fate": "keep"}]}
    above = {"rules": [{"id": "share", "at_least_percent": 15}], "pins": [{"unit": "a", "reason": "Đảo"}]}
    found = merged(below, above)
    assert [(rule["id"], rule.get("at_least_percent")) for rule in found["rules"]] == [("cut", None), ("share", 15)]
    assert found["pins"] == [{"unit": "a", "fate": "keep", "reason": "Đảo"}]


def test_tells_an_id_that_one_file_uses_twice_over_a_base(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "a", extends=["base.toml"], rules=[CUT, {**CUT, "at_least": 3}])
    (place / "base.toml").write_text(tomli_w.dumps({"rules": [SHARE, CUT]}), encoding="utf-8")
    result = run("check", place)
    assert result.exit_code == 3 and 'rules[cut]: the id "cut" is used twice' in result.stderr


@pytest.mark.parametrize(
    "setting",
    ["staffing.deputies.large.at_most=4", "staffing.deputies[large].at_most=4", "staffing.deputies.1.at_most=4"],
)
def test_sets_a_key_of_an_entry_by_its_id_or_place(setting: str) -> None:
    tables = tomllib.loads(BELOW)
    apply_settings(tables, [setting])
    assert [entry["at_most"] for entry in tables["staffing"]["deputies"]] == [2, 4]


def test_sets_a_key_of_an_entry_in_an_entry() -> None:
    tables = tomllib.loads(BELOW)
    apply_settings(tables, ["staffing.positions.school.groups.teachers.per_class=1.9"])
    assert str(tables["staffing"]["positions"][0]["groups"][0]["per_class"]) == "1.9"


def test_refuses_to_set_an_entry_that_nobody_listed() -> None:
    with pytest.raises(InputError) as refusal:
        apply_settings(tomllib.loads(BELOW), ["staffing.deputies.tiny.at_most=1"])
    facts = refusal.value.problems[0].facts
    assert (facts["step"], facts["known"]) == ("tiny", "small, large")


def test_a_figure_of_law_that_is_changed_without_its_source_is_to_be_confirmed() -> None:
    """Thirty classes were read in a circular; thirty-five were not."""
    law = {"id": "size", "at_most": 30, "source": "Thông tư", "certainty": "read"}
    changed = merged({"rules": [law]}, {"rules": [{"id": "size", "at_most": 35}]})["rules"][0]
    assert (changed["certainty"], changed["source"]) == ("to_confirm", "Thông tư (con số sửa trong kịch bản)")
    same = merged({"rules": [law]}, {"rules": [{"id": "size", "at_most": 30}]})["rules"][0]
    sourced = {"id": "size", "at_most": 35, "source": "Quyết định", "certainty": "read"}
    assert same == law and merged({"rules": [law]}, {"rules": [sourced]})["rules"][0] == sourced
