"""Scenarios that are broken, hostile or in doubt: one sentence with its place in both languages, and an exit code."""

import json
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from small_province import CUT, SCENARIO, SHARE, UNITS, Tables, document, rows_of, run, write_scenario

FOREVER = {"state_saving": 0, "staff_moved": 0, "surplus_leaders": 0, "access_user_km": 0, "units_touched": 0}
HEALTH = {"scope": {"sector": ["health"]}}
PAID = {"id": "paid", "resignation": {"months": 3}}


def spoiled(folder: Path, change: Callable[[str], str] = str, **tables: Any) -> Path:
    """A small province whose scenario file is changed as tables, then as text."""
    place = write_scenario(folder / "province", **tables)
    file = place / "scenario.toml"
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8", newline="\n")
    return place


def refused(place: Path, *arguments: object, command: str = "check") -> list[str]:
    """The problems of a scenario that must be refused with 3, quickly, in both languages, with nothing left behind."""
    before = sorted(place.rglob("*"))
    out = ("--out", place / "run") if command == "solve" else ()
    began = time.monotonic()
    results = {lang: run(command, place, *out, *arguments, lang=lang) for lang in ("en", "vi")}
    assert time.monotonic() - began < 10
    told = {}
    for lang, result in results.items():
        assert result.exit_code == 3, result.stderr
        assert isinstance(result.exception, SystemExit) and "Traceback" not in result.stderr
        assert result.stdout == ""
        lines = result.stderr.splitlines()
        heading = next(at for at, line in enumerate(lines) if re.search("cannot be used:|^Không dùng được", line))
        assert re.search("(type again|gõ lại): psu-planner ", lines[-1]), "what to type next stands last"
        told[lang] = [line.removeprefix("  - ") for line in lines[heading + 1 : -1]]
    places = {lang: [line.partition(": ")[0] for line in lines] for lang, lines in told.items()}
    assert places["vi"] == places["en"] and told["vi"] != told["en"]
    assert sorted(place.rglob("*")) == before, "nothing half-written is left"
    return told["en"]


def refused_bytes(folder: Path, data: bytes) -> str:
    place = write_scenario(folder / "province")
    (place / "scenario.toml").write_bytes(data)
    (told,) = refused(place)
    return told


# The file as a whole


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"#" * 50_000_000, "smaller than 2,000,000 bytes"),
        (b"a = " + b"[" * 3000 + b"]" * 3000, "nested at most 40 deep"),
        (b"[" + b".".join([b"a"] * 3000) + b"]\n", "nested at most 40 deep"),
        (b"a = " + b"{ a = " * 3000 + b"1" + b" }" * 3000, "nested at most 40 deep"),
        (b'title = "T\x00nh"\n', "line 1, column 11 must be valid TOML"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "must be UTF-8 text; byte 0 is not"),
        (b"[1, 2, 3]\n", "line 1, column 3 must be valid TOML"),
        (b'title = "a"\ntitle = "b"\n', "line 2, column 12 must be valid TOML"),
        (b'title = "a', "at the end of the file"),
        ('title = "Tỉnh"'.encode("utf-16"), "Save the file as UTF-8"),
        ('title = "Bình Thu§n"'.encode("latin-1"), "Save the file as UTF-8"),
        (b"horizon = " + b"9" * 5000, "thousands of digits"),
        (b"as_of = 2024-06-31\n", "line 1, column 9 must be valid TOML"),
    ],
)
def test_refuses_what_is_no_scenario_file(tmp_path: Path, data: bytes, told: str) -> None:
    sentence = refused_bytes(tmp_path, data)
    assert sentence.startswith("province/scenario.toml: ") and told in sentence


def test_refuses_an_empty_file_with_all_that_it_lacks(tmp_path: Path) -> None:
    place = spoiled(tmp_path, lambda _: "")
    lacking = [line.partition(":")[0] for line in refused(place)]
    assert lacking == ["schema_version", "units", "title", "as_of", "stages"]


def test_refuses_a_file_that_is_not_there() -> None:
    for place in ("/nowhere/province", "x" * 300):
        result = run("check", place)
        assert result.exit_code == 3 and "there is none" in result.stderr


def test_reads_a_byte_order_mark_as_if_it_were_not_there(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province")
    plain = run("check", place, "--json")
    file = place / "scenario.toml"
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    marked = run("check", place, "--json")
    assert (plain.exit_code, marked.exit_code) == (0, 0) and plain.stdout == marked.stdout


def test_stays_small_over_a_file_of_50_megabytes(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province")
    (place / "scenario.toml").write_bytes(b"#" * 50_000_000)
    limited = limit_memory(1000)
    done = subprocess.run(
        [sys.executable, "-m", "planner.cli", "check", str(place)], capture_output=True, text=True, preexec_fn=limited
    )
    assert done.returncode == 3 and "Traceback" not in done.stderr


# Keys and values


def test_tells_every_problem_at_once_with_the_nearest_name(tmp_path: Path) -> None:
    place = spoiled(
        tmp_path,
        titel="Tỉnh thử",
        as_of="2024",
        rules=[{**CUT, "rule": "unit_reducton"}, {**SHARE, "at_least_percent": 110, "yaer": 3}],
        search={"plans": "12", "best": True, "engine": "hihgs"},
        actions={"mrege": True},
    )
    told = "\n".join(refused(place))
    for expected in (
        'as_of: must be a date such as 2024-06-30; it is "2024".',
        'rules[cut].rule: "unit_reducton" is not a rule',
        'Did you mean "unit_reduction"?',
        "rules[share].at_least_percent: must be at most 100; it is 110.",
        'rules[share].yaer: "yaer" is not a key here',
        'Did you mean "year"?',
        'search.plans: must be a whole number; it is "12".',
        "search.best: must be a whole number; it is true.",
        'it is "hihgs". Did you mean "highs"?',
        'Did you mean "merge"?',
        'titel: "titel" is not a key here',
        'Did you mean "title"?',
    ):
        assert expected in told


@pytest.mark.parametrize(
    ("tables", "told"),
    [
        ({"schema_version": 2}, "schema_version: must be 1; it is 2."),
        ({"schema_version": True}, "schema_version: must be 1; it is True."),
        ({"units": None}, "units: a required value is missing"),
        ({"stages": []}, "stages: must hold at least 1"),
        ({"stages": [{"year": 2030}, {"year": 2025}]}, "stages: stages must have rising"),
        ({"stages": [{"year": "2030", "effect": 2030}]}, 'stages[0].year: must be a whole number; it is "2030".'),
        ({"stages": [{"year": 3000, "effect": 2030}]}, "stages[0].year: must be at most 2100; it is 3000."),
        ({"rules": {"id": "cut"}}, "rules: must be a list"),
        ({"rules": ["cut"]}, 'rules[0]: must be a table {...}; it is "cut".'),
        ({"rules": [CUT, {**SHARE, "id": "cut"}]}, 'rules[cut]: the id "cut" is used twice'),
        ({"rules": [{**CUT, "id": "giảm"}]}, "rules[giảm].id: must be 1 to 64 of the letters"),
        ({"rules": [{"id": "x", "rule": "unit_reduction", "year": 2025}]}, "exactly one of these keys"),
        ({"rules": [{**CUT, "year": 2026}]}, "rules[cut].year: the year must be that of a stage (2025, 2030)"),
        ({"rules": [{**CUT, "per": "parnet"}]}, 'rules[cut].per: "parnet" is not a column'),
        ({"rules": [{**CUT, "scope": {"sectr_not": ["x"]}}]}, "rules[cut].scope.sectr_not: "),
        ({"rules": [{**CUT, "scope": {"sector": "health"}}]}, "rules[cut].scope.sector: must be a list"),
        ({"rules": [{**CUT, "scope": {"posts_own": ["3"]}}]}, '"posts_own" is not a column to select by'),
        ({"merging": [{"same": ["knd"]}]}, 'merging[0].same: "knd" is not a column'),
        ({"merging": [{"within": "galaxy"}]}, "merging[0].within: must be one of: commune, area, parent, province"),
        ({"actions": {"raise": {"kindd": ["x"]}}}, 'actions.raise.kindd: "kindd" is not a column'),
        ({"savings": {"posts": [{"where": {"sectr": ["x"]}}]}}, "savings.posts[0].where.sectr: "),
        ({"staffing": {"slimming": [{"where": {"sectr": ["x"]}}]}}, "staffing.slimming[0].where.sectr: "),
        ({"severance": [{"id": "x"}]}, "severance[x].resignation: "),
        ({"severance": [{**PAID, "where": {"sectr": ["x"]}}]}, "severance[paid].where.sectr: "),
        ({"severance": [PAID, PAID]}, 'severance[paid]: the id "paid" is used twice'),
        ({"severance": [{**PAID, "resignation": {"share_later": 1}}]}, "severance[paid].resignation: counted_months"),
        ({"severance": [PAID], "staffing": {"severance": "pai"}}, "staffing.severance: must be one of: paid"),
        ({"staffing": {"redeploy_km": 15}}, "staffing.redeploy_km: places people in vacancies nearby before"),
        ({"counting": {"autonomous_groups": [7]}}, "counting.autonomous_groups: must be one of: 1, 2, 3, 4"),
        ({"drop": "cut"}, "drop: must be a list of texts"),
        ({"drop": ["cuts"]}, 'drop: there is no rule "cuts" to drop; known: no_autonomy_loss.'),
        ({"search": {"plans": 0}}, "search: plans and best must not both be 0"),
        ({"money": {"horizon": 2027}}, "money.horizon: must be at least 2028; it is 2027."),
        ({"number_format": "fr"}, "number_format: must be one of: plain, vi"),
        ({"_folder": "/etc"}, '_folder: "_folder" is not a key here'),
        ({"dropped": ["cut"]}, 'dropped: "dropped" is not a key here'),
    ],
)  # fmt: skip
def test_refuses_one_bad_value_at_its_place(tmp_path: Path, tables: Tables, told: str) -> None:
    lines = refused(spoiled(tmp_path, **tables))
    assert any(told in line for line in lines), lines
    assert len(lines) == 1


@pytest.mark.parametrize(
    ("value", "told"),
    [
        ("nan", "a finite number"), ("-inf", "a finite number"), ("1e400", "between 1e-9 and 1e15"),
        ("1e1000000000", "between 1e-9 and 1e15"), ("1e-300", "between 1e-9 and 1e15"), ("-5", "at least 0"),
        ("true", "must be a number"), ('"12"', "must be a number"), ("[1]", "must be a number"),
    ],
)  # fmt: skip
def test_refuses_numbers_that_are_none(tmp_path: Path, value: str, told: str) -> None:
    place = spoiled(tmp_path, lambda text: f"{text}\n[objective]\nstaff_moved = {value}\n")
    (line,) = refused(place)
    assert line.startswith("objective.staff_moved: ") and told in line


@pytest.mark.parametrize(
    ("objective", "place", "told"),
    [
        ({"order": ["units_touched", "mood"]}, "objective.order[1]", '"mood"'),
        ({"order": ["score", "units_touched", "score"]}, "objective.order", '"score" stands twice'),
        ({"order_tolerance_percent": 5}, "objective.order_tolerance_percent", "needs an order"),
        ({"order": ["score"], "order_tolerance_percent": 120}, "objective.order_tolerance_percent", "at most 100"),
        ({"touched_per": "regoin"}, "objective.touched_per", "regoin"),
        ({"user_groups": "age"}, "objective.user_groups", "sector"),
        ({"worst_commune_m": Decimal("0.5")}, "objective.worst_commune_m", "whole number"),
    ],
)  # fmt: skip
def test_refuses_an_order_that_cannot_be_followed(
    tmp_path: Path, objective: dict[str, object], place: str, told: str
) -> None:
    (line,) = refused(spoiled(tmp_path, objective=objective))
    assert line.startswith(f"{place}: ") and told in line


def test_refuses_prices_that_are_all_zero_and_prices_out_of_all_proportion(tmp_path: Path) -> None:
    zero = {**FOREVER, "work_lost": 0, "fee_burden": 0}
    assert refused(spoiled(tmp_path, objective=zero)) == [
        "objective: at least one price in [objective] must be above 0."
    ]
    place = spoiled(tmp_path, lambda text: f"{text}\n[objective]\nstate_saving = 1e-300\nstaff_moved = 1e300\n")
    assert [line.partition(":")[0] for line in refused(place)] == ["objective.state_saving", "objective.staff_moved"]


@pytest.mark.parametrize(("value", "told"), [("0", "above 0"), ("-1", "above 0"), ("nan", "finite"), ("1e16", "1e15")])
def test_refuses_time_limits_that_are_none(tmp_path: Path, value: str, told: str) -> None:
    place = spoiled(tmp_path, lambda text: text.replace("time_limit_s = 60", f"time_limit_s = {value}"))
    (line,) = refused(place)
    assert line.startswith("search.time_limit_s: ") and told in line


@pytest.mark.parametrize("value", ["0", "-1", "nan", "inf", "1e11", "soon"])
def test_refuses_time_limits_of_the_command_line_with_2(tmp_path: Path, value: str) -> None:
    place = write_scenario(tmp_path / "province")
    result = run("solve", place, "--time-limit", value, "--out", tmp_path / "run")
    assert result.exit_code == 2 and "--time-limit" in result.stderr
    assert not (tmp_path / "run").exists()


def test_accepts_a_time_limit_of_thirty_years(tmp_path: Path) -> None:
    place = spoiled(tmp_path, lambda text: text.replace("time_limit_s = 60", "time_limit_s = 1e9"))
    assert run("solve", place, "--out", tmp_path / "file", "--plans", 1).exit_code == 0
    assert run("solve", place, "--out", tmp_path / "flag", "--plans", 1, "--time-limit", "1e9").exit_code == 0


# What a scenario extends and the files that it names


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"a": '["b.toml"]', "b": '["a.toml"]'}, "province/a.toml -> province/b.toml -> province/a.toml"),
        ({"a": '["a.toml"]'}, "province/a.toml -> province/a.toml"),
        ({"a": '["nowhere"]'}, 'extends: the base "nowhere" was not found (province/scenario.toml -> province/a.toml)'),
        ({"a": '["rules:nowhere"]'}, 'extends: the base "rules:nowhere" was not found'),
        ({"a": '["../../etc"]'}, '"../../etc" lies outside the scenarios folder'),
        ({"a": '["/etc/passwd"]'}, '"/etc/passwd" lies outside the scenarios folder'),
        ({"a": '[".."]'}, '".." lies outside the scenarios folder'),
        ({"a": '["a\\u0000b"]'}, "extends: the base"),
        ({"a": "3"}, "extends: must be a list of texts"),
    ],
)  # fmt: skip
def test_refuses_bases_with_the_chain_that_leads_there(tmp_path: Path, files: dict[str, str], told: str) -> None:
    place = spoiled(tmp_path, extends=["a.toml"])
    for name, bases in files.items():
        (place / f"{name}.toml").write_text(f"extends = {bases}\n", encoding="utf-8")
    (line,) = refused(place)
    assert told in line


def test_refuses_a_chain_of_a_hundred_bases(tmp_path: Path) -> None:
    place = spoiled(tmp_path, extends=["s0.toml"])
    for number in range(100):
        (place / f"s{number}.toml").write_text(f'extends = ["s{number + 1}.toml"]\n', encoding="utf-8")
    (line,) = refused(place)
    assert line.startswith("extends: may extend at most 8 deep: province/scenario.toml -> province/s0.toml")


def test_refuses_a_base_behind_a_link_out_of_the_scenarios_folder(tmp_path: Path) -> None:
    (tmp_path / "outside.toml").write_text('title = "elsewhere"\n', encoding="utf-8")
    place = write_scenario(tmp_path / "scenarios" / "province", extends=["a.toml"])
    (place / "a.toml").symlink_to(tmp_path / "outside.toml")
    (line,) = refused(place)
    assert "lies outside the scenarios folder" in line


@pytest.mark.parametrize(
    ("units", "told"),
    [
        ("../../etc/passwd", "lies outside the scenario folder"), ("/etc/passwd", "lies outside the scenario folder"),
        ("https://example.org/units.csv", "lies outside the scenario folder"), ("\\\\server\\u.csv", "lies outside"),
        (".", "not a regular file"), ("nul", "not a regular file"), ("pipe.csv", "not a regular file"),
        ("link.csv", "lies outside the scenario folder"), ("nowhere.csv", 'there is no file "nowhere.csv"'),
        ("", "cannot be read"), ("a\0b", "cannot be read"), ([], "must be a list of texts"), (5, "a list of texts"),
        (["units.csv", "./units.csv"], "named twice"),
    ],
)  # fmt: skip
def test_refuses_tables_that_are_no_files_of_the_folder(tmp_path: Path, units: object, told: str) -> None:
    place = spoiled(tmp_path, units=None)
    scenario = {**SCENARIO, "units": units}
    (place / "scenario.toml").write_text(tomli_w.dumps(scenario), encoding="utf-8")
    (tmp_path / "outside.csv").write_text("id\n", encoding="utf-8")
    (place / "link.csv").symlink_to(tmp_path / "outside.csv")
    os.mkfifo(place / "pipe.csv")
    (line,) = refused(place)
    assert line.startswith("units: ") and told in line


# Settings of the command line


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("rules.cut.at_lest=3", "rules[cut].at_lest: "), ("rules.cuts.at_least=3", 'there is no "cuts"'),
        ("pins.vh-9.fate=keep", "pins: must be a list"), ("rules.cut.at_least.x=1", 'there is no "x"'),
        ("rules.cut=5", 'there is no "cut"'), ("rules=1", "rules: must be a list"), ("plans", "must read key=value"),
        ("=3", "must read key=value"), (".=1", "must read key=value"), ("[]=3", "must read key=value"),
        ("a..b=3", "must read key=value"), ("search.plans=", 'search.plans: must be a whole number; it is "".'),
        ("search.plans=nan", "search.plans: must be a whole number"), ("_folder=/etc", "_folder: "),
        ('search.plans=1\ntitle = "x"', "search.plans: must be a whole number"), ("units=../x.csv", "units: "),
        ("extends=[]", "Write it into"), ("search.plans=" + "9" * 5000, "search.plans: must be a whole number"),
    ],
)  # fmt: skip
def test_refuses_settings_that_change_nothing_or_nothing_valid(tmp_path: Path, setting: str, told: str) -> None:
    (line,) = refused(write_scenario(tmp_path / "province"), "--set", setting)
    assert told in line


def test_tells_all_bad_settings_at_once(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province")
    assert len(refused(place, "--set", "plans", "--set", "rules.cuts.at_least=3")) == 2


@pytest.mark.parametrize(
    ("setting", "key", "value"),
    [
        ("rules.cut.at_least=3", ("rules", 0, "at_least"), 3), ("rules[share].year=2025", ("rules", 1, "year"), 2025),
        ("rules.0.at_least=1", ("rules", 0, "at_least"), 1), ("title=Tỉnh khác", ("title",), "Tỉnh khác"),
        ("search.time_limit_s=1.5", ("search", "time_limit_s"), 1.5),
        ("merging.0.max_km=3", ("merging", 0, "max_km"), 3),
        ('actions.convert={kind=["notary_office"]}', ("actions", "convert", "kind"), ["notary_office"]),
    ],
)  # fmt: skip
def test_takes_settings_by_id_position_and_key(
    tmp_path: Path, setting: str, key: tuple[Any, ...], value: object
) -> None:
    result = run("show", write_scenario(tmp_path / "province"), "--json", "--set", setting)
    found = document(result)["scenario"]
    for step in key:
        found = found[step]
    assert found == value


def test_takes_rules_out_by_drop_even_those_that_hold_unasked(tmp_path: Path) -> None:
    place = spoiled(tmp_path, extends=["base.toml"], rules=[], drop=["no_autonomy_loss", "share"])
    (place / "base.toml").write_text(tomli_w.dumps({"rules": [CUT, SHARE]}), encoding="utf-8")
    shown = document(run("show", place, "--json"))["scenario"]
    assert [rule["id"] for rule in shown["rules"]] == ["cut"]
    shown = document(run("show", place, "--json", "--set", 'drop=["cut"]'))["scenario"]
    assert shown["rules"] == []


# Units and pins


@pytest.mark.parametrize(
    ("pins", "told"),
    [
        ([{"unit": "vh-9", "fate": "keep"}], 'pins[vh-9]: there is no unit "vh-9" in the table. Write an id'),
        ([{"unit": "vh-1", "merge_with": ["nn-9"]}], 'pins[vh-1]: there is no unit "nn-9" in the table'),
        ([{"unit": "vh-1", "host": "x"}], 'pins[vh-1]: there is no unit "x" in the table.'),
        ([{"scope": {"kind": ["x"]}, "fate": "keep"}], "pins[0].scope: no unit lies in this scope. Compare"),
        ([{"unit": "vh-1", "fate": "keep"}, {"unit": "vh-1", "fate": "merge"}], "another: keep and merge"),
        ([{"unit": "vh-1", "fate": "keep", "merge_with": ["vh-2"]}], "contradict one another: keep and merge_with"),
        ([{"unit": "vh-1", "merge_with": ["vh-2"], "never_with": ["vh-2"]}], "merge_with and never_with"),
        ([{"unit": "vh-1", "fate": "keep", "not": ["keep"]}], "contradict one another: keep and not"),
        ([{"unit": "vh-1", "merge_with": ["vh-1"]}], 'must not name its own unit "vh-1"'),
        ([{"unit": "vh-1", "not": ["mrege"]}], 'pins[vh-1].not: must be one of: keep, merge'),
        ([{"unit": "vh-1", "fate": "keep", "year": 2027}], "pins[vh-1].year: the year must be that of a stage"),
        ([{"unit": "vh-1", "scope": {}}], "pins[vh-1]: a pin must name exactly one of unit and scope."),
        ([{"unit": "vh-1", "fate": "transfer"}], "must name the new parent"),
        ([{"unit": "vh-1", "fate": "dissolve"}], "must state its reason"),
        ([3], "pins[0]: must be a table"),
    ],
)  # fmt: skip
def test_refuses_pins_that_nobody_can_keep(tmp_path: Path, pins: list[Any], told: str) -> None:
    (line,) = refused(spoiled(tmp_path, pins=pins))
    assert told in line


def test_refuses_a_table_without_units(tmp_path: Path) -> None:
    (line,) = refused(write_scenario(tmp_path / "province", rows=[]))
    assert line.startswith("units.csv: the table must hold at least one unit")


def impossible(place: Path, out: Path) -> Any:
    """The document of a scenario that is proved impossible; nothing but this document on stdout."""
    result = run("solve", place, "--out", out, "--json")
    assert result.exit_code == 4, result.stderr
    assert sorted(path.name for path in out.parent.iterdir() if path.name.startswith(".partial")) == []
    told = document(result)
    assert told["status"] == "infeasible" and json.loads((out / "manifest.json").read_text())["status"] == "infeasible"
    return told


def test_names_the_targets_that_cannot_be_reached_and_the_most_that_can(tmp_path: Path) -> None:
    """Seven units less of eight: at most four can go, two by two in each department."""
    told = impossible(write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 7}, SHARE]), tmp_path / "run")
    assert [rule["id"] for rule in told["conflict"]] == ["cut"] and told["minimal"] and told["confirmed"]
    cut = told["reach"][0]
    assert (cut["id"], cut["wanted"], cut["reached"], cut["proved"]) == ("cut", 7, 4, True)


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_says_in_both_languages_which_targets_exclude_one_another(tmp_path: Path, lang: str) -> None:
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "at_least": 7}, SHARE])
    result = run("solve", place, "--out", tmp_path / "run", lang=lang)
    assert result.exit_code == 4
    assert (
        "  - cut: Giảm ít nhất 2 đơn vị đến năm 2025 (Kế hoạch thử)" in result.stdout
        and "  - share" not in result.stdout
    )


def test_names_pins_of_different_units_that_contradict_one_another(tmp_path: Path) -> None:
    pins = [
        {"unit": "vh-1", "merge_with": ["vh-2"]},
        {"unit": "vh-2", "never_with": ["vh-1"]},
        {"unit": "nn-1", "fate": "keep"},
    ]
    told = impossible(write_scenario(tmp_path / "province", pins=pins), tmp_path / "run")
    assert [rule["name"] for rule in told["conflict"]] == [
        'unit = "vh-1", merge_with = ["vh-2"]', 'unit = "vh-2", never_with = ["vh-1"]',
    ]  # fmt: skip


def test_plans_for_a_single_unit(tmp_path: Path) -> None:
    alone = write_scenario(tmp_path / "province", rows=UNITS[:1], rules=[])
    assert run("solve", alone, "--out", tmp_path / "run").exit_code == 0
    assert [row["fate"] for row in rows_of(tmp_path / "run" / "decisions.csv")] == ["keep"]
    told = impossible(write_scenario(tmp_path / "province", rows=UNITS[:1], rules=[CUT]), tmp_path / "cut")
    assert [rule["id"] for rule in told["conflict"]] == ["cut"]


def test_plans_when_every_unit_is_pinned(tmp_path: Path) -> None:
    pins = [{"unit": unit["id"], "fate": "keep"} for unit in UNITS]
    pinned = write_scenario(tmp_path / "province", pins=pins, rules=[SHARE])
    assert run("solve", pinned, "--out", tmp_path / "run").exit_code == 0
    assert {row["fate"] for row in rows_of(tmp_path / "run" / "decisions.csv")} == {"keep"}
    told = impossible(write_scenario(tmp_path / "province", pins=pins), tmp_path / "cut")
    named = [rule["id"] for rule in told["conflict"]]
    assert named[0] == "cut" and any(name.startswith("pin-") for name in named)


def test_reads_targets_over_nothing_as_met(tmp_path: Path) -> None:
    """No unit lies in health: a share or cut of nothing counts as 100, a wanted count of nothing as 0."""
    rules = [
        {**SHARE, **HEALTH},
        {"id": "firms", "rule": "equitization", "year": 2025, "at_least_percent": 100},
        {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10, **HEALTH},
        {
            "id": "money", "rule": "spending_cut", "at_least_percent": 15, "period": [2026, 2030],
            "baseline_period": [2021, 2025], **HEALTH,
        },
        {"id": "units", "rule": "unit_reduction", "year": 2025, "at_least_percent": 10, **HEALTH},
        {"id": "none", "rule": "cap", "at_most": 3, "per": "parent", **HEALTH},
    ]  # fmt: skip
    place = write_scenario(tmp_path / "province", rules=rules)
    result = run("solve", place, "--out", tmp_path / "run", "--plans", 1, "--json")
    assert result.exit_code == 0, result.stderr
    readings = {row["id"]: row for row in document(result)["readings"]}
    assert {name: (row["reached"], row["denominator"], row["met"]) for name, row in readings.items()} == {
        "share": (100, 0, True), "firms": (100, 0, True), "posts": (100, 0, True), "money": (100, 0, True),
        "units": (0, 0, True), "no_autonomy_loss": (0, 0, True),
    }  # fmt: skip


# Sizes


@pytest.mark.parametrize(
    ("tables", "place"),
    [
        ({"objective": {"staff_moved": 10**15}}, "objective.staff_moved"),
        ({"objective": {"state_saving": 10**15}, "savings": {"merger_setup_mvnd": 10**12}}, "objective.state_saving"),
        ({"rules": [{**SHARE, "at_least_percent": 33.333333333333333}]}, "rules[share]"),
    ],
)
@pytest.mark.parametrize("command", ["check", "solve"])
def test_refuses_sums_that_leave_what_solvers_compute(tmp_path: Path, tables: Tables, place: str, command: str) -> None:
    (line,) = refused(spoiled(tmp_path, **tables), command=command)
    assert line.startswith(f"{place}: ")


@pytest.mark.long
def test_bounds_the_listing_of_5000_units_that_may_all_merge(tmp_path: Path) -> None:
    """Twelve million pairs: with ten neighbours each they are counted as not listed, with 200 the cap speaks."""
    draw = np.random.default_rng(1)
    spots = zip(10.6 + draw.random(5000) * 0.9, 107.5 + draw.random(5000) * 1.3, strict=True)
    units = [
        {"id": f"u{number:04}", "name": f"Đơn vị {number}", "lat": round(lat, 5), "lon": round(lon, 5)}
        for number, (lat, lon) in enumerate(spots)
    ]
    everyone = {"within": "province", "same": [], "max_members": 3}
    place = write_scenario(tmp_path / "province", units, merging=[everyone], rules=[CUT])
    done = command_within(4000, "check", place, "--json")
    assert done.returncode == 0, done.stderr
    unlisted = json.loads(done.stdout)["unlisted"]
    assert unlisted["pairs"] > 12_000_000 and unlisted["larger_groups"] > 0
    place = write_scenario(tmp_path / "province", units, merging=[{**everyone, "neighbours": 200}], rules=[CUT])
    done = command_within(4000, "check", place)
    assert done.returncode == 3 and "merging[0]: this block lists more than 2,000,000 groups" in done.stderr
    place = write_scenario(tmp_path / "province", units, merging=[{**everyone, "neighbours": 40}], rules=[CUT])
    done = command_within(4000, "check", place)
    assert done.returncode == 3 and re.search(r"to [0-9,]+ options; at most 1,500,000 fit", done.stderr)


def command_within(megabytes: int, *arguments: object) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "planner.cli", *map(str, arguments), "--lang", "en"]
    return subprocess.run(command, capture_output=True, text=True, preexec_fn=limit_memory(megabytes), timeout=120)


def limit_memory(megabytes: int) -> Callable[[], None]:
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (megabytes * 2**20, megabytes * 2**20))
