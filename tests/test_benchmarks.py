"""Every benchmark runs on a small size and says on what it ran; how fast is no matter here."""

import json
from fractions import Fraction
from pathlib import Path

import pytest
from click.testing import CliRunner

from benchmarks import listing, nation
from benchmarks.nations import by_province
from benchmarks.provinces import invented


def test_invents_as_many_units_as_asked_for_each_in_a_copy_of_its_own() -> None:
    """1,500 units need three copies of the 724; nothing but ids and places tells the copies apart."""
    scenario, units = invented(1500, seed=1)
    assert len(units) == 1500 == len(set(units.ids))
    assert {name[:2] for name in units.ids} == {"1-", "2-", "3-"}
    assert units.ids == tuple(sorted(units.ids)), "in the order of ids, as a table is read"
    assert set(units.text("data_quality")) == {"invented"}
    assert {"Huyện Phú Quí (1)", "Huyện Phú Quí (2)", "Huyện Phú Quí (3)"} <= set(scenario.merging[1].separate)
    assert next(rule for rule in scenario.rules if rule.id == "cut39").at_least == 81  # 39 times 1500 / 724


def test_invents_the_same_units_from_the_same_seed_and_others_from_another() -> None:
    one, same, other = (invented(300, seed)[1] for seed in (1, 1, 2))
    assert one.ids == same.ids != other.ids
    assert (one.figure("state_grant_mvnd") == same.figure("state_grant_mvnd")).all()


def test_measures_the_listing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One province of 60 units, run twice; here without a process of its own."""
    monkeypatch.setattr(listing, "_in_a_process", listing.measure)
    asked = ["--units", "60", "--seeds", "1", "--runs", "2", "--json", str(tmp_path / "runs.json")]
    answer = CliRunner().invoke(listing.main, asked, catch_exceptions=False)
    assert answer.exit_code == 0
    assert "options/s" in answer.output
    told = json.loads((tmp_path / "runs.json").read_text(encoding="utf-8"))
    assert told["versions"]["ortools"]
    assert [(run["units"], run["seed"]) for run in told["runs"]] == [(60, 0), (60, 0)]
    first, second = told["runs"]
    assert first["options"] == second["options"] >= first["kept"] >= 60
    assert set(first["clock_s"]) == {"list", "figures", "sift", "rows"}


def test_measures_a_nation_and_its_workers(tmp_path: Path) -> None:
    """Sixty units are no nation and may have no plan at all; what is told is the same."""
    out = tmp_path / "nation.json"
    asked = ["pooled", "--units", "60", "--workers", "1", "--gap-percent", "1", "--json", str(out)]
    answer = CliRunner().invoke(nation.main, asked, catch_exceptions=False)
    assert answer.exit_code == 0
    (run,) = json.loads(out.read_text(encoding="utf-8"))["runs"]
    assert {"list", "rows", "solve", "price", "check"} <= set(run["clock_s"]) and run["rows"] > 60
    assert run["checked"] == (run["status"] in ("optimal", "feasible"))


def test_asks_every_province_of_a_nation_what_one_was_asked() -> None:
    """1,500 units are three provinces: each rule per province, and three sums of the nation a fiftieth harder."""
    scenario, units = by_province(1500, seed=1)
    assert sorted(set(units.text("district"))) == ["1", "2", "3"]
    asked = {rule.id: rule for rule in scenario.rules if not rule.structural}
    assert all(rule.per is not None for name, rule in asked.items() if not name.endswith("-nation"))
    assert asked["cut39"].at_least == 39 and asked["cut39"].per == "district"
    assert asked["cut39-nation"].at_least == 83 and asked["cut39-nation"].per is None, "81 in all, a fiftieth more"
    assert asked["payroll10-nation"].at_least_percent == Fraction(102, 10)
