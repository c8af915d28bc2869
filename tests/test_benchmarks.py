"""Every benchmark runs on a small size and says on what it ran; how fast is no matter here."""

import json
from collections.abc import Callable
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from benchmarks import agreement, engines, hard, listing, nation, peers, phases, scaling, start_up
from benchmarks.nations import by_province
from benchmarks.provinces import invented
from benchmarks.record import Record, alone, exponent, spread
from models.answer import Limits
from models.engine import solve


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


def here(module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a benchmark does in processes of their own, done in this one."""
    monkeypatch.setattr(module, "alone", lambda work, *given, **named: work(*given, **named))


def runs_of(command: Any, *asked: object, out: Path) -> list[dict[str, Any]]:
    """A benchmark as a user types it; its runs as the JSON file holds them."""
    answer = CliRunner().invoke(command, [*map(str, asked), "--json", str(out)], catch_exceptions=False)
    assert answer.exit_code == 0, answer.output
    told = json.loads(out.read_text(encoding="utf-8"))
    assert told["versions"]["ortools"] and told["date"]
    runs: list[dict[str, Any]] = told["runs"]
    return runs


def test_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    """Three runs are wanted; two stand in the file, so only the third is made."""
    made: list[int] = []

    def run(number: int) -> Callable[[], dict[str, int]]:
        return lambda: made.append(number) or {"squared": number**2}  # type: ignore[func-returns-value]

    for wanted in (2, 3):
        record = Record("squares", tmp_path / "squares.json", ("number",))
        found = [record.made(run(number), number=number) for number in range(wanted)]
    assert made == [0, 1, 2]
    assert [told["squared"] for told in found] == [0, 1, 4]
    with pytest.raises(SystemExit, match="another benchmark"):
        Record("cubes", tmp_path / "squares.json", ("number",))


def test_works_in_a_process_of_its_own() -> None:
    assert alone(divmod, 7, 2) == (3, 1)


def test_tells_the_median_between_the_least_and_the_most() -> None:
    assert spread([3.0, 1.0, 9.0]) == "3.0 (1.0–9.0)"
    assert spread([2.0]) == "2.0"
    assert spread([]) == "–"


def test_fits_the_power_with_which_seconds_grow() -> None:
    """Twice the units, four times the seconds: the exponent is 2."""
    power = exponent([100, 200, 400], [1.0, 4.0, 16.0])
    assert power is not None and abs(power - 2) < 1e-9
    assert exponent([100, 100], [1.0, 2.0]) is None


def test_puts_engines_and_assignment_models_side_by_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A small province: every way ends by itself and says the same; CBC, which is an extra, is left out."""
    here(engines, monkeypatch)
    ways = [part for way in engines.WAYS if not way.endswith("cbc") for part in ("--way", way)]
    asked = ("--units", 120, "--seeds", 1, "--limit", 20, *ways)
    runs = runs_of(engines.main, *asked, out=tmp_path / "runs.json")
    assert len(runs) == 2 * (len(engines.WAYS) - 1)
    assert len({run["status"] for run in runs}) == 1
    wide = runs_of(engines.main, *asked, "--groups", "wider", out=tmp_path / "runs.json")[len(runs) :]
    assert wide[0]["options"] > runs[0]["options"]
    assert {run["ended_by"] for run in runs} <= {"proof", "gap"}


def test_finds_that_all_engines_agree_on_two_random_provinces(tmp_path: Path) -> None:
    runs = runs_of(agreement.main, "--seeds", 2, "--from", 1000, out=tmp_path / "runs.json")
    assert [run["agree"] for run in runs] == [True, True]
    assert all(set(run["answers"]) == {"highs", "scip", "cpsat", "decompose", "options_first"} for run in runs)


def test_measures_how_phases_grow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here(scaling, monkeypatch)
    asked = ("--units", 60, "--units", 120, "--seeds", 1, "--limit", 20)
    small, large = runs_of(scaling.main, *asked, out=tmp_path / "runs.json")
    assert small["options"] < large["options"] and small["columns"] < large["columns"]
    assert set(large["cpu_s"]) == {"list", "build", "relax", "whole", "blocks"}
    assert large["answers"]["whole"]["status"] == large["answers"]["blocks"]["status"]


def test_measures_the_phases_of_a_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seven units, one plan, without pictures, and without the command itself, which other tests run."""
    here(phases, monkeypatch)
    monkeypatch.setattr(phases, "_command", lambda _: {"command_s": 1.0, "command_says": {"list": 0.1}})
    monkeypatch.setattr("planner.pictures.draw_plans", lambda *_, **__: None)
    (run,) = runs_of(phases.main, "scenarios/tiny", "--runs", 1, out=tmp_path / "runs.json")
    assert set(run["seconds"]) == set(phases.PHASES) == set(run["peaks_mib"])
    assert run["plans"] >= 1


def test_measures_what_help_costs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.cli.cli.commands", {})
    (run,) = runs_of(start_up.main, "--runs", 1, out=tmp_path / "runs.json")
    assert run["command"] == "" and run["heavy"] == [] and run["cpu_s"] > 0


def test_opens_the_facility_that_brute_force_opens() -> None:
    """Five clients on a line at 0, 10, 20, 70, 80 with weights 1, 5, 1, 2, 2, two facilities: 10 and 70 (or 80).

    The first three walk 10 + 0 + 10; the last two 0 + 2 x 10: 40 in all.
    """
    places, weights = np.array([0, 10, 20, 70, 80]), np.array([1, 5, 1, 2, 2])
    metres = abs(places[:, None] - places[None, :])
    answer = solve(peers.p_median_program(metres, weights, 2), limits=Limits(20))
    brute = min(int((weights * metres[:, list(two)].min(axis=1)).sum()) for two in combinations(range(5), 2))
    assert answer.score == brute == 40


def test_makes_as_many_regions_as_fit_and_then_the_most_alike() -> None:
    """Six places in a row with values 0 0 5 5 9 9: three pairs of equals, and nothing unlike inside."""
    row = [[1], [0, 2], [1, 3], [2, 4], [3, 5], [4]]
    values = np.array([0, 0, 5, 5, 9, 9])
    unlike = abs(values[:, None] - values[None, :])
    count, answer = peers.most_regions(row, unlike, 2)
    assert (count, answer.score, answer.status) == (3, 0, "optimal")


def test_grows_every_connected_set_once() -> None:
    """A ring of five has five connected sets of each size below five, and one of all."""
    ring = [[1, 4], [0, 2], [1, 3], [2, 4], [3, 0]]
    found = [tuple(sorted(group)) for group in peers.connected_sets(ring, 1, 5)]
    assert len(found) == len(set(found)) == 5 * 4 + 1


def test_makes_fewer_regions_where_a_corner_keeps_them_from_fitting() -> None:
    """A star of a centre and three arms: two regions of two would leave two arms that only the centre connects."""
    star = [[1, 2, 3], [0], [0], [0]]
    count, answer = peers.most_regions(star, np.ones((4, 4), dtype=np.int64) - np.eye(4, dtype=np.int64), 2)
    assert (count, answer.score) == (1, 6)


def test_measures_hard_provinces(tmp_path: Path) -> None:
    """Seed 1 asks for at most 57 operations, 21.47% autonomy, 41,901 million VND, cuts of 10.5% and 18.7%."""
    rules = {rule.id: rule for rule in hard.hard(1).scenario.rules}
    asked = [str(getattr(rules[name], key)) for name, key in hard.TIGHTENED.items()]
    assert asked == ["57", "2147/100", "41901", "21/2", "187/10"]
    place = tmp_path / "runs.json"
    told = ["--seeds", "1", "--engine", "options_first", "--time-limit", "1", "--json", str(place)]
    answer = CliRunner().invoke(hard.main, told, catch_exceptions=False)
    assert answer.exit_code == 0
    (run,) = json.loads(place.read_text(encoding="utf-8"))["runs"]
    assert (run["seed"], run["engine"]) == (1, "options_first")


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
