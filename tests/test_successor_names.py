"""Names of successors: a block's pattern for what is founded, told apart where two are the same, pins above all."""

from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.pin import Pin
from models.plan import Decision
from models.scenario import NAME_FIELDS, Merging
from models.successor_names import successor_names
from models.unit import Units
from planner.scenario_checks import problems_alone, problems_with_units
from planner.wording import LANGUAGES, Wording

CULTURE = {"kinds": ["culture_centre"], "within": "area", "form": "consolidate", "name": "Trung tâm văn hóa {area}"}


def four(**places: Any) -> Units:
    """a (the larger) and b of one district, c (the larger) and d of another."""
    rows = [
        unit("a", posts_budget=30, area="Huyện A", district="Huyện A", commune="Xã Một"), unit("b", area="Huyện A"),
        unit("c", posts_budget=30, area="Huyện B", district="Huyện B", commune="Xã Hai"), unit("d", area="Huyện B"),
    ]  # fmt: skip
    return units_of([row | places.get(row["id"], {}) for row in rows])


def names_of(units: Units, pairs: tuple[str, ...] = ("ab", "cd"), **tables: Any) -> dict[str, tuple[str, str]]:
    """By unit id and name of what it ends up in, in the plan in which each pair merges in the first stage."""
    decisions = decided(units, pairs, **tables)
    return {row.unit_id: (row.successor_id, row.successor_name) for row in decisions}


def decided(units: Units, pairs: tuple[str, ...], **tables: Any) -> tuple[Decision, ...]:
    scenario = scenario_of(actions={"merge": True}, **tables)
    paths = list_options(scenario, units).paths
    columns, wanted = Columns.build(scenario, units, paths), [{*pair} for pair in pairs]
    wanted += [{name} for name in units.ids if not any(name in pair for pair in pairs)]
    values = np.zeros(len(columns), dtype=np.int64)
    for group in wanted:
        fitting = [o for o in range(len(paths)) if {units.ids[m] for m in paths.members_of(o)} == group]
        values[fitting[0]] = 1
    return decisions_of(columns, values)


def test_names_what_is_founded_by_the_pattern_of_its_block() -> None:
    found = names_of(four(), merging=[CULTURE])
    assert found["a"] == found["b"] == ("a+", "Trung tâm văn hóa Huyện A")
    assert found["c"] == found["d"] == ("c+", "Trung tâm văn hóa Huyện B")


def test_fills_every_field_from_the_host() -> None:
    pattern = " | ".join(f"{{{name}}}" for name in NAME_FIELDS)
    found = names_of(four(), ("ab",), merging=[CULTURE | {"name": pattern}])
    assert found["b"][1] == "Trung tâm a | culture_centre | Xã Một | Huyện A | Huyện A | Sở A | 2"


def test_takes_the_pattern_of_the_first_block_that_names_the_pair() -> None:
    first = {"sectors": ["health"], "within": "area", "form": "consolidate", "name": "Trung tâm Y tế"}
    assert names_of(four(), ("ab",), merging=[first, CULTURE])["a"][1] == "Trung tâm văn hóa Huyện A"


def test_calls_a_founded_unit_after_its_host_where_nobody_says() -> None:
    found = names_of(four(), ("ab",), merging=[CULTURE | {"name": ""}])
    assert found["b"] == ("a+", "Trung tâm a (hợp nhất)") and found["c"] == ("c", "Trung tâm c")


@pytest.mark.parametrize(
    ("places", "names"),
    [
        ({}, ("Nhà văn hóa (Xã Một)", "Nhà văn hóa (Xã Hai)")),
        ({"c": {"commune": "Xã Một"}}, ("Nhà văn hóa (Xã Một, Huyện A)", "Nhà văn hóa (Xã Một, Huyện B)")),
        ({"c": {"commune": "Xã Một", "district": "Huyện A"}}, ("Nhà văn hóa (a)", "Nhà văn hóa (c)")),
    ],
)
def test_tells_two_successors_of_one_name_apart(places: Any, names: tuple[str, str]) -> None:
    found = names_of(four(**places), merging=[CULTURE | {"name": "Nhà văn hóa"}])
    assert (found["a"][1], found["c"][1]) == names


def test_tells_a_founded_unit_apart_from_a_kept_one_and_leaves_that_alone() -> None:
    units = four(c={"name": "Nhà văn hóa"})
    found = names_of(units, ("ab",), merging=[CULTURE | {"name": "Nhà văn hóa"}])
    assert (found["a"][1], found["c"][1]) == ("Nhà văn hóa (Xã Một)", "Nhà văn hóa")


@pytest.mark.parametrize("form", ["absorb", "consolidate"])
def test_lets_a_pin_name_the_successor_whatever_the_form(form: str) -> None:
    block = {**CULTURE, "form": form, "name": ""}
    pins = [{"unit": "b", "merge_with": ["a"], "successor_name": "Trung tâm Văn hóa tỉnh"}]
    found = names_of(four(), merging=[block], pins=pins)
    assert found["a"] == found["b"] == ("a+" if form == "consolidate" else "a", "Trung tâm Văn hóa tỉnh")
    assert found["c"][1] != "Trung tâm Văn hóa tỉnh"


def test_takes_the_names_of_a_checked_plan_from_its_decisions() -> None:
    units, tables = four(), {"merging": [CULTURE]}
    scenario = scenario_of(actions={"merge": True}, **tables)
    rebuilt = check(scenario, units, decided(units, ("ab", "cd"), **tables))
    assert [s.name for s in rebuilt.plan.stages[0]] == ["Trung tâm văn hóa Huyện A", "Trung tâm văn hóa Huyện B"]
    renamed = [Decision(**vars(row) | {"successor_name": "Tên khác"}) for row in rebuilt.plan.decisions]
    assert {s.name for s in check(scenario, units, renamed).plan.stages[0]} == {"Tên khác"}


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"name": "Trung tâm {place}"}, "scenario.name_fields:place"),
        ({"name": "Trung tâm {}"}, "scenario.name_fields:"),
        ({"name": "Trung tâm {area.x}"}, "scenario.name_fields:area.x"),
        ({"name": "Trung tâm {area!r}"}, "scenario.name_fields:area"),
        ({"name": "Trung tâm {count:05}"}, "scenario.name_fields:count"),
        ({"name": "Trung tâm {area"}, "scenario.name_braces:name"),
        ({"form": "absorb"}, "scenario.name_without_founding:name"),
    ],
)
def test_refuses_a_pattern_that_could_not_be_filled(changed: dict[str, str], code: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Merging.model_validate(CULTURE | changed)
    assert str(refused.value.errors()[0]["ctx"]["error"]) == code
    for language in LANGUAGES:
        told = Wording(language).say(code.split(":")[0], keys=code.split(":")[1])
        assert "name_fields" not in code or all(f"{{{name}}}" in told for name in NAME_FIELDS)


@pytest.mark.parametrize("pin", [{"scope": {"kind": ["library"]}}, {"unit": "a", "fate": "keep"}])
def test_refuses_a_name_for_what_merges_with_nobody(pin: dict[str, Any]) -> None:
    problems = problems_alone(scenario_of(pins=[pin | {"successor_name": "Tên"}]))
    assert [problem.code for problem in problems] == ["scenario.pin_names_a_merger"]


def test_refuses_two_names_for_one_successor() -> None:
    pins = [{"unit": "a", "merge_with": ["b"], "successor_name": "Một"}, {"unit": "b", "successor_name": "Hai"}]
    [problem] = problems_with_units(scenario_of(pins=pins), four())
    assert (problem.code, problem.facts["names"]) == ("scenario.pins_name_twice", "Hai; Một")
    assert Pin.model_fields["successor_name"].default == ""


def test_takes_the_name_that_the_hosts_pin_gives_before_a_members() -> None:
    named = {"a": "Theo đơn vị tiếp nhận", "b": "Theo đơn vị nhập vào"}
    for order in ("ab", "ba"):
        pins = [{"unit": name, "merge_with": [*({"a", "b"} - {name})], "successor_name": named[name]} for name in order]
        assert names_of(four(), ("ab",), merging=[CULTURE], pins=pins)["b"][1] == named["a"]
        assert names_of(four(), (), merging=[CULTURE], pins=pins)["a"][1] == "Trung tâm a", "alone it keeps its own"


def test_takes_no_name_from_who_is_dissolved() -> None:
    rows = [unit("a", posts_budget=30), unit("b", ineffective_years=3, receiver="a")]
    pins = [{"unit": "b", "fate": "dissolve", "successor_name": "Trung tâm mới"}]
    scenario, units = scenario_of(actions={"dissolve": True}, pins=pins), units_of(rows)
    paths = list_options(scenario, units).paths
    columns, [option] = (
        Columns.build(scenario, units, paths),
        np.flatnonzero((paths.sizes == 2) & (paths.raised > 1))[:1],
    )
    assert successor_names(columns, [int(option)]) == {int(option): ("a", "Trung tâm a")}
