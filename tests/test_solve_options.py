"""What the options of `solve` change, and how it ends when time is up or the solver fails."""

import json
import sys
from pathlib import Path
from typing import Any

import pytest
from small_province import CUT, UNITS, document, run, write_scenario

from planner.manifest import MANIFEST


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight units in two departments; two must go by 2025, a tenth must pay for itself."""
    return write_scenario(tmp_path_factory.mktemp("scenarios") / "province")


def test_refuses_to_write_into_a_folder_that_holds_something(province: Path, tmp_path: Path) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("keep me", encoding="utf-8")
    (tmp_path / "file").write_text("keep me", encoding="utf-8")
    for place in ("full", "file"):
        for quiet in ([], ["--quiet"]):
            result = run("solve", province, "--pictures", "first", "--out", tmp_path / place, *quiet)
            told = f"{tmp_path / place} is there already and is no empty folder. Name a new folder with --out"
            assert result.exit_code == 2 and told in result.stderr
    assert (tmp_path / "full" / "mine.txt").read_text(encoding="utf-8") == "keep me"
    assert (tmp_path / "file").read_text(encoding="utf-8") == "keep me"


def test_writes_into_an_empty_folder(province: Path, tmp_path: Path) -> None:
    (tmp_path / "run").mkdir()
    assert run("solve", province, "--out", tmp_path / "run", "--plans", 1).exit_code == 0
    assert (tmp_path / "run" / MANIFEST).is_file() and sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_says_that_there_are_fewer_plans_than_asked_for(tmp_path: Path) -> None:
    """Two units may merge or stay, and one of them must go: one plan differs from nothing else by a third."""
    place = write_scenario(tmp_path / "province", UNITS[:2], rules=[{**CUT, "at_least": 1}])
    result = run("solve", place, "--plans", 5, "--out", tmp_path / "run")
    assert (
        result.exit_code == 0
        and 'The list "different" holds 1 of 5 plans: proved that there is no further plan.' in result.stdout
    )
    assert json.loads((tmp_path / "run" / MANIFEST).read_text(encoding="utf-8"))["lists"] == {
        "different": {"plans": 1, "stopped": "no_further"}
    }


def test_ends_with_6_when_the_gap_is_above_what_was_asked_for(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.ranked import RankedPlan

    monkeypatch.setattr(RankedPlan, "gap", property(lambda plan: plan.outlay // 50))  # two percent
    result = run("solve", province, "--plans", 1, "--out", tmp_path / "wide", "--require-gap", "1.5", "--quiet")
    assert result.exit_code == 6 and "above the 1.5000% asked for (--require-gap)" in result.stderr
    assert (tmp_path / "wide" / "ranking.csv").is_file(), "the results are written all the same"
    monkeypatch.undo()
    assert run("solve", province, "--plans", 1, "--out", tmp_path / "proved", "--require-gap", "0").exit_code == 0


def test_ends_with_5_when_time_is_up_without_a_plan(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.answer import Answer
    from planner.solver import Solver

    nothing = Answer("unknown", None, None, None, 1.0, "clock", repeatable=False, engine="highs", version="")
    monkeypatch.setattr(Solver, "solve", lambda *_, **__: nothing)
    result = run("solve", province, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 5 and document(result)["status"] == "limit" and "Raise --time-limit" in result.stderr
    assert list(tmp_path.iterdir()) == []


def test_ends_with_7_and_publishes_nothing_when_the_checker_disagrees(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.program import Program

    real = Program.score
    monkeypatch.setattr(Program, "score", lambda program, values: real(program, values) + 1)
    result = run("solve", province, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 7 and document(result)["status"] == "refused"
    assert list(tmp_path.iterdir()) == []


def test_keeps_the_plans_found_before_the_solver_died(
    province: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from models.answer import Answer
    from planner.solver import Solver, WorkerDied

    real, solves = Solver.solve, []

    def dying(solver: Solver, *arguments: Any, **named: Any) -> Answer:
        solves.append(1)
        if len(solves) == 1:
            return real(solver, *arguments, **named)
        nothing = Answer("unknown", None, None, None, 1.0, "work", repeatable=False, engine="highs", version="")
        raise WorkerDied(-9, ("out of memory",), nothing)

    monkeypatch.setattr(Solver, "solve", dying)
    result = run("solve", province, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 0 and "out of memory" in result.stderr
    assert len(document(result)["ranking"]) == 1 and document(result)["status"] == "limit"
    solves.append(1)
    result = run("solve", province, "--out", tmp_path / "second", "--json")
    assert result.exit_code == 1 and document(result)["status"] == "internal_error"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["run"]


def test_a_library_that_cannot_be_loaded_ends_a_command_as_an_error_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the words for foreseen errors lean on that library."""

    def broken(*_: object, **__: object) -> None:
        raise ImportError("DLL load failed")

    place = write_scenario(tmp_path / "province")
    monkeypatch.setattr("planner.commands.solve_case", broken)
    monkeypatch.setitem(sys.modules, "planner.endings", None)
    result = run("solve", place, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 1 and document(result)["status"] == "internal_error"
    assert "DLL load failed" in result.stderr and "During handling" not in result.stderr
