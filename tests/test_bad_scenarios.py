"""Scenarios that are broken, hostile or in doubt: one sentence with its place in both languages, and an exit code."""

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from refused_scenarios import limit_memory, refused, spoiled
from small_province import CUT, SCENARIO, SHARE, Tables, document, run, write_scenario

FOREVER = {"state_saving": 0, "staff_moved": 0, "surplus_leaders": 0, "access_user_km": 0, "units_touched": 0}
PAID = {"id": "paid", "resignation": {"months": 3}}


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
