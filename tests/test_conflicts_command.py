"""`psu-planner conflicts`, and what `solve` writes where no plan exists."""

import json
from pathlib import Path
from typing import Any

import pytest
from small_province import CUT, UNITS, document, rows_of, run, write_scenario

from models.answer import Answer
from planner.manifest import hashes_of, read_manifest, run_digest
from planner.solver import Solver, no_relaxation

TINY = Path(__file__).parents[1] / "scenarios" / "tiny"

TOO_MANY = {**CUT, "at_least": 5}
KEEP_MANY = {"id": "keep_many", "rule": "floor", "name": "Giữ ít nhất 5 đơn vị", "at_least": 5, "tier": "modelling"}
"""Of eight units at most three members make one: 4 + 4 units of two parents leave 2 + 2, four fewer."""


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Five fewer of eight: four at most. A floor of five leaves three; beside it even four fewer would be too many."""
    place = write_scenario(tmp_path_factory.mktemp("tight"), rules=[{**CUT, "at_least": 4}, KEEP_MANY])
    result = run("conflicts", place, "--json")
    assert result.exit_code == 0, result.stderr
    return document(result)


def test_says_how_far_each_target_goes_alone(told: Any) -> None:
    reach = {row["id"]: (row["wanted"], row["reached"], row["enough"], row["proved"]) for row in told["reach"]}
    assert reach["cut"] == (4, 4, True, True)


def test_names_the_conflict_and_what_its_members_reach_beside_each_other(told: Any) -> None:
    assert (told["status"], told["minimal"], told["confirmed"]) == ("impossible", True, True)
    assert [rule["id"] for rule in told["conflict"]] == ["cut", "keep_many"]
    beside = {(row["id"], row["year"]): row["reached"] for row in told["reach_beside_the_conflict"]}
    assert beside == {("cut", 2025): 3, ("keep_many", 2025): 4, ("keep_many", 2030): 4}
    assert (told["conflicts"], told["complete"]) == ([["cut", "keep_many"]], True)
    assert told["minimal_repairs"] == [["keep_many"], ["cut"]]  # the modelling choice first


def test_offers_the_cheapest_ways_out(told: Any) -> None:
    """One unit of eight (12.5%) against one of five in both years (40% in all): the cut gives way."""
    ways = {way["sense"]: way for way in told["repairs"]}
    assert list(ways) == ["least_total", "fewest_rules", "smallest_largest"]
    assert all(way["proved"] for way in ways.values())
    (change,) = ways["least_total"]["changes"]
    assert (change["id"], change["reached"], change["short"], change["percent_of_baseline"]) == ("cut", 3, 1, 12.5)
    assert len({change["id"] for change in ways["fewest_rules"]["changes"]}) == 1


def test_reads_well_in_both_languages(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "tight", rules=[{**CUT, "at_least": 4}, KEEP_MANY])
    english, vietnamese = (run("conflicts", place, lang=lang) for lang in ("en", "vi"))
    assert "  - keep_many: Giữ ít nhất 5 đơn vị [modelling]" in english.stdout
    assert "Least in all" in english.stdout
    assert "3 instead of 4, short by 1 (12.50% of the baseline)" in english.stdout
    assert "3 thay vì 4, thiếu 1 (12,50% mức gốc)" in vietnamese.stdout
    assert "confirmed by SCIP" in english.stdout


def test_tells_only_the_reach_where_that_is_asked(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "tight", rules=[TOO_MANY])
    told = document(run("conflicts", place, "--reach", "--json"))
    assert set(told) == {"schema_version", "status", "reach", "repeatable", "invented_data"}
    assert [(row["id"], row["wanted"], row["reached"], row["enough"]) for row in told["reach"]] == [
        ("cut", 5, 4, False)
    ]


def test_says_where_everything_can_stand_together(tmp_path: Path) -> None:
    result = run("conflicts", write_scenario(tmp_path / "easy"))
    assert result.exit_code == 0 and "All demands can stand together" in result.stdout


def test_says_that_the_time_was_too_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = Answer("unknown", None, None, None, 1.0, "clock", repeatable=False, engine="highs", version="")
    monkeypatch.setattr(Solver, "solve", lambda *_, **__: nothing)
    monkeypatch.setattr(Solver, "relax", lambda *_, **__: no_relaxation())
    result = run("conflicts", write_scenario(tmp_path / "late", rules=[TOO_MANY]), "--json")
    told = document(result)
    assert (result.exit_code, told["status"], told["repeatable"]) == (5, "unknown", False)


def test_writes_the_report_of_an_impossible_scenario_and_its_plans(tmp_path: Path) -> None:
    """Five fewer than eight, one unit pinned: three fewer at most. The report's plans are decisions like any."""
    place = write_scenario(tmp_path / "tight", rules=[TOO_MANY], pins=[{"unit": UNITS[0]["id"], "fate": "keep"}])
    assert run("solve", place, "--out", tmp_path / "run").exit_code == 4
    reach = rows_of(tmp_path / "run" / "reach.csv")
    assert [(row["id"], row["beside"], row["wanted"], row["reached"]) for row in reach] == [
        ("cut", "", "5", "4"), ("cut", "no_autonomy_loss; pin-1", "5", "4"),
    ]  # fmt: skip
    conflicts = rows_of(tmp_path / "run" / "conflicts.csv")
    assert [(row["conflict"], row["id"], row["minimal"]) for row in conflicts] == [("1", "cut", "True")]
    repairs = rows_of(tmp_path / "run" / "repairs.csv")
    assert [row["sense"] for row in repairs] == ["least_total", "fewest_rules", "smallest_largest", "minimal_set"]
    assert {row["percent_of_baseline"] for row in repairs[:3]} == {"12.5"}
    decided = rows_of(tmp_path / "run" / "repair-decisions.csv")
    assert {(row["list"], row["rank"]) for row in decided} == {(row["sense"], "1") for row in repairs[:3]}
    assert len({row["unit_id"] for row in decided if row["list"] == "least_total"}) == len(UNITS)
    assert run("verify", tmp_path / "run").exit_code == 0


def test_verify_rebuilds_the_ways_out(tmp_path: Path) -> None:
    """Made to fit with its hashes and digest, a wrong amount is still found by the plan's own decisions."""
    place, out = write_scenario(tmp_path / "tight", rules=[TOO_MANY]), tmp_path / "run"
    assert run("solve", place, "--out", out).exit_code == 4
    repairs = out / "repairs.csv"
    text = repairs.read_text(encoding="utf-8-sig")
    assert "least_total,cut,unit_reduction,Giảm ít nhất 2 đơn vị đến năm 2025,province,,2025,5" in text
    repairs.write_text(text.replace(",5.0,4.0,1.0,", ",5.0,3.0,2.0,", 1), encoding="utf-8-sig")
    manifest = read_manifest(out)
    manifest["files"] = hashes_of(out)
    manifest["digest"] = run_digest(manifest)
    (out / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    told = document(run("verify", out, "--json"))
    assert [problem["where"] for problem in told["problems"]] == ["repairs.csv: least_total"]


def test_ways_out_hold_beside_largest_values() -> None:
    """Questions without a price leave the column of a largest value anywhere above it; the plan told has its own."""
    asked = ["--set", "rules.cut2.at_least=4", "--set", "objective.worst_commune_m=1"]
    done = run("conflicts", TINY, *asked)
    assert done.exit_code == 0, done.output
