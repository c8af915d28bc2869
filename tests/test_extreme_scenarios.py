"""Scenarios at the edge: none or one unit, pins that nobody can keep, targets out of reach or over nothing."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from refused_scenarios import limit_memory, refused, spoiled
from small_province import CUT, SHARE, UNITS, Tables, document, rows_of, run, write_scenario

HEALTH = {"scope": {"sector": ["health"]}}


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
