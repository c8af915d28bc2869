"""The frontier of a province is the one that trying every plan gives, and every point of it opens as a plan."""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest
from drawn_cases import drawn_case, seven_units
from enumeration import Province
from in_process import solve_here
from small_province import document, rows_of, run, write_scenario

import planner
from models.prepared import prepare
from models.scenario import Scenario
from models.trade_off import TradeOff, costs_of, trade
from models.unit import Units
from planner.frontier_tables import frontier_table

Costs = tuple[int, ...]
TWO, THREE = ("state_saving", "units_touched"), ("score", "staff_moved", "units_touched")
SEARCH = {"plans": 1, "gap_percent": 0}


@pytest.mark.parametrize("names", [TWO, THREE])
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 4, 5, 7])  # in the sixth nobody can move
def test_is_the_frontier_of_every_plan_of_a_small_province(seed: int, names: tuple[str, ...]) -> None:
    case = drawn_case(seed, 4, search=SEARCH)
    tried = every_cost(Province(*case), names)
    found = traced(case, names, dict.fromkeys(names, 1))
    assert sorted(found.costs) == sorted(best_of(tried))
    assert found.frontier.status == ("complete" if tried else "infeasible")


@pytest.mark.parametrize("names", [TWO, THREE])
@pytest.mark.parametrize("seed", [1, 2])
def test_leaves_no_plan_of_seven_units_a_step_below_every_point(seed: int, names: tuple[str, ...]) -> None:
    case = seven_units(seed, search=SEARCH)
    tried = every_cost(province(seed), names)
    steps = {"state_saving": 400, "score": 300, "units_touched": 2, "staff_moved": 9}
    mine = [steps[name] for name in names]
    found = traced(case, names, {name: steps[name] for name in names})
    assert set(found.costs) <= tried
    for plan in tried:
        assert any(
            all(a < b + step for a, b, step in zip(point, plan, mine, strict=True)) for point in found.costs
        )  # fmt: skip
    assert found.frontier.status == ("complete_at_step" if tried else "infeasible")


def test_tells_every_point_in_natural_units(province_run: Path) -> None:
    """The saving counts upwards, units touched are counted, and the figures are those of ranking.csv."""
    points, ranking = rows_of(province_run / "frontier.csv"), rows_of(province_run / "ranking.csv")
    assert [row["rank"] for row in points] == [str(place) for place in range(1, len(points) + 1)]
    for point, plan in zip(points, ranking, strict=True):
        for column in ("list", "rank", "state_saving_mvnd", "units_touched", "score_mvnd"):
            assert point[column] == plan[column]
    savings = [int(row["state_saving_mvnd"]) for row in points]
    assert savings == sorted(savings, reverse=True)
    assert {row["list"] for row in rows_of(province_run / "decisions.csv")} == {"frontier"}


def test_writes_a_run_folder_that_verify_finds_sound(province_run: Path) -> None:
    assert run("verify", province_run).exit_code == 0
    assert {"frontier.png", "frontier.svg"} <= {path.name for path in province_run.iterdir()}
    manifest = json.loads((province_run / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["frontier"]["status"] == "complete"
    assert manifest["frontier"]["steps"] == {"state_saving": 1, "units_touched": 1}


def test_verify_finds_a_point_whose_figure_was_changed(province_run: Path) -> None:
    """Also where somebody wrote the manifest anew."""
    from planner.manifest import MANIFEST, hashes_of, run_digest

    table = province_run / "frontier.csv"
    lines = table.read_text(encoding="utf-8").splitlines()
    cells = lines[1].split(",")
    lines[1] = ",".join([*cells[:2], str(int(cells[2]) + 1), *cells[3:]])
    table.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    manifest = json.loads((province_run / MANIFEST).read_text(encoding="utf-8"))
    manifest["files"] = hashes_of(province_run)
    manifest["digest"] = run_digest(manifest)
    (province_run / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    found = run("verify", province_run)
    assert found.exit_code == 7
    assert "frontier.csv" in found.stderr


@pytest.mark.parametrize(
    ("key", "value", "where"),
    [("status", "finished", "frontier.status"), ("ended", "bored", "frontier.ended"),
     ("status", "complete_at_step", "frontier.status"), ("status", "partial", "frontier.ended"),
     ("steps", {"state_saving": 2, "units_touched": 1}, "frontier.status")],
)  # fmt: skip
def test_verify_finds_a_forged_end_of_a_frontier(province_run: Path, key: str, value: object, where: str) -> None:
    """This one is complete at steps of 1; the manifest is written anew with another end."""
    from planner.manifest import MANIFEST, run_digest

    manifest = json.loads((province_run / MANIFEST).read_text(encoding="utf-8"))
    manifest["frontier"] |= {key: value}
    manifest["digest"] = run_digest(manifest)
    (province_run / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False), encoding="utf-8")
    found = run("verify", province_run)
    assert found.exit_code == 7 and where in found.stderr


def test_trades_a_largest_value_that_the_scenario_puts_in_order(tmp_path: Path) -> None:
    """The most touched area has a column only where the scenario counts it; its points follow no order of steps."""
    place, folder = write_scenario(tmp_path / "p"), tmp_path / "run"
    asked = ("frontier", place, "--criteria", "score,most_touched_permille", "--out", folder)
    assert run(*asked).exit_code == 3
    assert run(*asked, "--set", 'objective.order=["most_touched_permille","score"]').exit_code == 0
    touched = [int(row["most_touched_permille"]) for row in rows_of(folder / "frontier.csv")]
    assert touched == sorted(touched, reverse=True)
    assert len(set(touched)) == len(touched) > 1
    assert run("verify", folder).exit_code == 0


def test_gives_data_frames_in_python(tmp_path: Path) -> None:
    case = planner.read_scenario(write_scenario(tmp_path / "p"))
    found = planner.frontier(case, ["state_saving", "units_touched"], {"state_saving": 1}, points=2)
    assert planner.frontier is planner.frontier, "the function, not a module of its name"
    assert len(found.points) == 2
    assert set(found.decisions["rank"]) == {1, 2}
    again = frontier_table(found.plans, found.found.names, found.found.proved)
    assert again.equals(found.points)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--criteria", "state_saving"), "two or three criteria"),
        (("--criteria", "state_saving,savings"), "is not a criterion"),
        (("--criteria", "units_touched,units_touched"), "named twice"),
        (("--criteria", "state_saving,units_touched", "--step", "1"), "is not a step"),
        (("--criteria", "state_saving,units_touched", "--step", "1,0"), "whole number from 1"),
        (("--criteria", "state_saving,units_touched", "--step", "staff_moved=4"), "not among the criteria"),
        (("--criteria", "state_saving,fee_burden"), "nothing to trade"),
    ],
)
def test_refuses_what_cannot_be_traded(tmp_path: Path, arguments: Sequence[str], said: str) -> None:
    found = run("frontier", write_scenario(tmp_path / "p"), *arguments, "--out", tmp_path / "out")
    assert found.exit_code == 3
    assert said in " ".join(found.stderr.split())
    assert not (tmp_path / "out").exists()


def test_ends_with_4_where_no_plan_meets_all_targets(tmp_path: Path) -> None:
    cut = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 8}
    found = run("frontier", write_scenario(tmp_path / "p", rules=[cut]), "--criteria", "state_saving,units_touched",
                "--out", tmp_path / "out", "--json")  # fmt: skip
    assert found.exit_code == 4
    assert document(found)["status"] == "infeasible"


@pytest.fixture
def province_run(tmp_path: Path) -> Path:
    """The frontier of eight units in two criteria, at steps of 1, as a run folder."""
    folder = tmp_path / "run"
    found = run("frontier", write_scenario(tmp_path / "p"), "--criteria", "state_saving,units_touched",
                "--step", "1,1", "--out", folder)  # fmt: skip
    assert found.exit_code == 0, found.stderr
    return folder


@cache
def province(seed: int) -> Province:
    return Province(*seven_units(seed, search=SEARCH), mergers_only=True)


def traced(case: tuple[Scenario, Units], names: Sequence[str], steps: dict[str, int]) -> TradeOff:
    return trade(prepare(*case), names, steps, solve_here)


def every_cost(province: Province, names: Sequence[str]) -> set[Costs]:
    return {costs_of(whole.checked.plan, names) for whole in province.plans if whole.feasible}


def best_of(tried: set[Costs]) -> set[Costs]:
    """Those that no other is at least as good as in everything."""
    return {
        plan for plan in tried
        if not any(other != plan and all(a <= b for a, b in zip(other, plan, strict=True)) for other in tried)
    }  # fmt: skip
