"""A run folder that somebody changed is found out, file by file and figure by figure; a sound one passes."""

import csv
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from random_plans import random_values
from small_province import CUT, SCENARIO, UNITS, document, rows_of, run, write_scenario, write_units
from worlds import random_rows, scenario_of, units_of

from models.answer import Answer
from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.ranked import RankedPlan
from planner.manifest import MANIFEST, hashes_of, read_manifest, run_digest
from planner.rebuilt import with_figures
from planner.run_folder import input_hashes
from planner.run_tables import TABLES
from planner.scenario_file import Case, read_scenario
from planner.search_facts import _engine
from planner.solver import Solver

OF_PLACES = tuple(table for table in TABLES if table != "agreement.csv")  # that one is about whole lists
STEP = {"step": "decision", "title": "Decide", "responsible": "The committee", "days": 5}
MERGING = SCENARIO["merging"][0]
TOO_MANY = {**CUT, "at_least": 8}  # all eight units gone by 2025: there is no such plan


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three plans in `best` and two in `different`, as the run wrote them."""
    place = tmp_path_factory.mktemp("verify")
    units = [{**UNITS[0], "equitization_listed": 1}, *UNITS[1:]]  # a row in every table
    units = [{"users": 100, **unit} for unit in units]
    rest = {"roadmap": [STEP], "objective": {"order": ["score"]}, "merging": [{**MERGING, "sites": "closed"}]}
    province = write_scenario(place / "province", units, **rest)
    result = run("solve", province, "--best", 3, "--plans", 2, "--pictures", "first", "--out", place / "run")
    assert result.exit_code == 0, result.stderr
    return place / "run"


@pytest.fixture
def copied(sound: Path, tmp_path: Path) -> Path:
    """A copy of the sound folder, to be spoiled."""
    return shutil.copytree(sound, tmp_path / "run")


def rewrite(folder: Path, name: str, change: Callable[[list[dict[str, str]]], None]) -> None:
    """Change the rows of a table, and hashes and digest of the manifest with it, as a forger would."""
    rows = rows_of(folder / name)
    header = list(rows[0])
    change(rows)
    with (folder / name).open("w", encoding="utf-8-sig", newline="") as sink:
        table = csv.DictWriter(sink, header, lineterminator="\n")
        table.writeheader()
        table.writerows(rows)
    forge(folder, {})


def forge(folder: Path, facts: Mapping[str, Any]) -> None:
    """A manifest that fits the files again, with other facts."""
    manifest = {**read_manifest(folder), **facts, "files": hashes_of(folder)}
    write_manifest(folder, {**manifest, "digest": run_digest(manifest)})


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    (folder / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=2), encoding="utf-8")


def found(folder: Path, *more: object) -> list[tuple[str, str]]:
    """Where `verify` finds something, and what it says."""
    result = run("verify", folder, "--json", *more)
    told = document(result)
    assert result.exit_code == (0 if told["sound"] else 7), result.stderr
    return [(problem["where"], problem["message"]) for problem in told["problems"]]


def test_passes_what_the_run_wrote(sound: Path) -> None:
    result = run("verify", sound)
    assert result.exit_code == 0 and "5 plans rebuilt from scratch and equal in every figure" in result.stdout


def test_passes_a_run_that_proved_that_there_is_no_plan(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province", rules=[TOO_MANY])
    assert run("solve", place, "--out", tmp_path / "run").exit_code == 4
    header = (tmp_path / "run" / "ranking.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(header) == 1 and "units_after_2025,units_after_2030,state_saving_mvnd" in header[0]
    result = run("verify", tmp_path / "run")
    assert result.exit_code == 0 and "the run found no plan" in result.stdout
    assert document(run("verify", tmp_path / "run", "--json"))["plans"] == 0


# Files, manifest, digest


def test_tells_which_file_was_changed_added_or_taken_away(copied: Path) -> None:
    with (copied / "ranking.csv").open("a", encoding="utf-8") as table:
        table.write("\n")
    (copied / "inputs" / MANIFEST).write_text("{}", encoding="utf-8")
    (copied / "map-1.png").unlink()
    assert [where for where, _ in found(copied)] == ["inputs/manifest.json", "map-1.png", "ranking.csv"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("status", "limit"), ("repeatable", False), ("engine", "scip"), ("seed", 7), ("options", 9), ("versions", {})],
)
def test_tells_that_the_manifest_alone_was_changed(copied: Path, key: str, value: object) -> None:
    write_manifest(copied, {**read_manifest(copied), key: value})
    [(where, message)] = found(copied)
    assert where == MANIFEST and "was changed after it was written" in message


@pytest.mark.parametrize("text", ['{"schema_version": 1, "files": {"a', "[]", "", '{"files": 1}'])
def test_does_not_hold_with_a_manifest_that_breaks_off(copied: Path, text: str) -> None:
    (copied / MANIFEST).write_text(text, encoding="utf-8")
    assert found(copied) == [(MANIFEST, "the file was changed after it was written.")]


def test_refuses_a_folder_without_a_manifest_as_no_run(copied: Path) -> None:
    (copied / MANIFEST).unlink()
    assert run("verify", copied).exit_code == 3


@pytest.mark.parametrize(
    ("key", "value", "known"),
    [("status", "finished", "done, limit"), ("schema_version", 2, "one of: 1;"), ("schema_version", True, "one of: 1;"),
     ("lists", {"best": {"plans": 3, "stopped": "bored"}, "different": {"plans": 2, "stopped": "found"}}, "too_dear")],
)  # fmt: skip
def test_finds_words_that_no_run_writes_although_the_digest_fits(
    copied: Path, key: str, value: object, known: str
) -> None:
    forge(copied, {key: value})
    [(where, message)] = found(copied)
    assert where.startswith(f"manifest.json: {key}") and known in message


def test_leaves_the_clock_out_of_the_digest(copied: Path) -> None:
    write_manifest(copied, {**read_manifest(copied), "seconds": {"solve": 9999}})
    assert found(copied) == []


def test_gives_two_runs_of_one_scenario_the_same_digest(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province", UNITS[:4], rules=[{**CUT, "at_least": 1}])
    told = [document(run("solve", place, "--plans", 1, "--out", tmp_path / name, "--json")) for name in "ab"]
    assert told[0]["digest"] == told[1]["digest"] == read_manifest(tmp_path / "a")["digest"]


def test_finds_a_forged_folder_by_the_digest_that_was_kept(copied: Path) -> None:
    kept = read_manifest(copied)["digest"]
    assert found(copied, "--digest", kept) == []
    forge(copied, {"status": "limit"})
    assert run("report", copied).exit_code == 0, "a forger makes the report anew as well"
    assert found(copied) == [], "the forged manifest fits its files"
    [(_, message)] = found(copied, "--digest", kept)
    assert f"{kept} was wanted" in message


@pytest.mark.parametrize(
    ("facts", "key"),
    [({"gap_percent": 0.5}, "gap_percent"), ({"title": "Other"}, "title"), ({"invented_data": False}, "invented_data"),
     ({"gap_is_percent_of_state_outlay_mvnd": 1}, "gap_is_percent_of_state_outlay_mvnd")],
)  # fmt: skip
def test_finds_a_forged_fact_that_scenario_and_plans_tell_otherwise(
    copied: Path, facts: Mapping[str, object], key: str
) -> None:
    forge(copied, facts)
    assert [where for where, _ in found(copied)] == [f"{MANIFEST}: {key}"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("engine", "gurobi"), ("engine", "scip"), ("options", 1), ("items", 1), ("set_aside_by_structure_or_pins", 99),
     ("repeatable", "yes"), ("best_means", "of all that there are"), ("unlisted", {})],
)  # fmt: skip
def test_finds_a_forged_fact_of_the_search(copied: Path, key: str, value: object) -> None:
    """The scenario leaves the engine to the program, which takes HiGHS; what it lists is counted anew."""
    forge(copied, {key: value})
    assert [where for where, _ in found(copied)] == [f"{MANIFEST}: {key}"]


@pytest.mark.parametrize(
    ("wanted", "told", "possible"),
    [("auto", "options_first", True), ("auto", "scip", False), ("decompose", "decompose", True),
     ("decompose", "highs", False), ("options_first", "highs", False)],
)  # fmt: skip
def test_takes_only_the_engine_that_the_scenario_names(wanted: str, told: str, possible: bool) -> None:
    """What another engine solves on its way is told as its own."""
    case = cast(Case, SimpleNamespace(scenario=SimpleNamespace(search=SimpleNamespace(engine=wanted))))
    plans = cast(list[RankedPlan], ["a plan"])
    assert bool([*_engine({"engine": told}, case, plans)]) != possible


def test_finds_that_plans_stand_where_none_is_said_to_be_possible(copied: Path) -> None:
    forge(copied, {"status": "infeasible"})
    assert f"{MANIFEST}: status" in [where for where, _ in found(copied)]


def test_finds_a_pricing_where_all_options_are_listed(copied: Path) -> None:
    """Who adds one could say that more than the listed options were looked at."""
    forge(copied, {"priced_in": {"complete": True}, "best_means": "among all options, each priced"})
    assert [where for where, _ in found(copied)] == [f"{MANIFEST}: priced_in"]


def test_calls_nothing_repeatable_that_was_interrupted(copied: Path) -> None:
    forge(copied, {"status": "interrupted", "repeatable": True})
    assert [where for where, _ in found(copied)] == [f"{MANIFEST}: repeatable"]


def test_misses_a_certificate_that_was_taken_away_with_its_fact(copied: Path) -> None:
    """A run that came to its end has a proof beside it; the same of a conflict that calls itself certified."""
    (copied / "certificate.json").unlink()
    kept = {key: fact for key, fact in read_manifest(copied).items() if key not in ("certificate", "files")}
    kept.pop("bound_by_solver_mvnd")
    manifest = {**kept, "files": hashes_of(copied)}
    write_manifest(copied, {**manifest, "digest": run_digest(manifest)})
    assert [where for where, _ in found(copied)] == ["certificate.json"]


# Figures, with hashes and digest forged to fit


@pytest.mark.parametrize(
    "column",
    ["score_mvnd", "gap_mvnd", "gap_percent", "proved_best", "above_best_mvnd", "units_after_2025", "units_after_2030",
     "state_saving_mvnd", "staff_moved", "surplus_leaders", "access_user_km", "units_touched", "work_lost_mvnd",
     "fee_burden_mvnd"],
)  # fmt: skip
def test_finds_a_forged_figure_of_the_ranking(copied: Path, column: str) -> None:
    rewrite(copied, "ranking.csv", lambda rows: rows[1].update({column: "77"}))
    [(where, message)] = found(copied)
    assert where == f"ranking.csv: {column}" and message.startswith('plan best 2, row 1: "77" is stated')


def test_finds_a_bound_above_the_score_and_one_that_its_gap_does_not_fit(copied: Path) -> None:
    score = int(rows_of(copied / "ranking.csv")[0]["score_mvnd"])
    rewrite(copied, "ranking.csv", lambda rows: rows[0].update({"bound_mvnd": str(score + 5)}))
    assert [where for where, _ in found(copied)] == ["ranking.csv: bound_mvnd"]
    rewrite(copied, "ranking.csv", lambda rows: rows[0].update({"bound_mvnd": str(score - 5)}))
    places = [where for where, _ in found(copied)]
    assert places[:3] == [f"ranking.csv: {column}" for column in ("gap_mvnd", "gap_percent", "proved_best")]


@pytest.mark.parametrize(("fate", "column"), [("merge", "group_after"), ("keep", "group_after")])
def test_finds_a_forged_figure_of_a_decision(copied: Path, fate: str, column: str) -> None:
    def forge_first(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["fate"] == fate)[column] = "1"

    rewrite(copied, "decisions.csv", forge_first)
    [(where, message)] = found(copied)
    assert where == f"decisions.csv: {column}" and message.startswith("plan best 1") and '"1" is stated' in message


@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("positions.csv", "norm"),
        ("leaders.csv", "surplus"),
        ("roadmap.csv", "until"),
        ("outputs.csv", "after"),
        ("outputs_by_kind.csv", "per_unit_before_mvnd"),
    ],
)
def test_finds_a_forged_norm_surplus_day_or_output(copied: Path, table: str, column: str) -> None:
    rewrite(copied, table, lambda rows: rows[0].update({column: "77"}))
    [(where, message)] = found(copied)
    assert where == f"{table}: {column}" and '"77" is stated' in message


def test_finds_forged_orders_and_fees_of_a_raise(tmp_path: Path) -> None:
    """A unit that must raise itself: 3,500 short, of which orders pay 3,000 and fees 500."""
    units = [{**unit, "orderable_mvnd": 3000, "fee_room_mvnd": 1500} for unit in UNITS[:2]]
    pins = [{"unit": "vh-1", "fate": "raise"}]
    place = write_scenario(tmp_path / "province", units, rules=[], pins=pins, actions={"raise": True})
    assert run("solve", place, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    raised = next(row for row in rows_of(tmp_path / "run" / "decisions.csv") if row["fate"] == "raise")
    assert (raised["orders_mvnd"], raised["fees_mvnd"]) == ("3000", "500") and found(tmp_path / "run") == []

    def forge_raise(rows: list[dict[str, str]]) -> None:
        next(row for row in rows if row["fate"] == "raise").update(orders_mvnd="0", fees_mvnd="0")

    rewrite(tmp_path / "run", "decisions.csv", forge_raise)
    places = [where for where, _ in found(tmp_path / "run")]
    assert places == ["decisions.csv: orders_mvnd", "decisions.csv: fees_mvnd"]


def test_finds_a_decision_that_leads_to_other_figures(copied: Path) -> None:
    def forge_site(rows: list[dict[str, str]]) -> None:
        row = next(row for row in rows if row["fate"] == "merge" and row["unit_id"] != row["host_id"])
        row["site"] = "closed" if row["site"] == "kept" else "kept"

    rewrite(copied, "decisions.csv", forge_site)
    assert {where.split(":")[0] for where, _ in found(copied)} >= {"ranking.csv", "successors.csv"}


@pytest.mark.parametrize("table", OF_PLACES)
def test_finds_a_plan_that_one_table_lacks(copied: Path, table: str) -> None:
    def without(rows: list[dict[str, str]]) -> None:
        rows[:] = [row for row in rows if (row["list"], row["rank"]) != ("best", "3")]

    rewrite(copied, table, without)
    assert any("best 3" in message or "list best" in message for _, message in found(copied))


@pytest.mark.parametrize("table", OF_PLACES)
def test_finds_a_plan_that_one_table_alone_has(copied: Path, table: str) -> None:
    def doubled(rows: list[dict[str, str]]) -> None:
        rows += [{**row, "rank": "4"} for row in rows if (row["list"], row["rank"]) == ("best", "3")]

    rewrite(copied, table, doubled)
    assert any("best 4" in message or "list best" in message for _, message in found(copied))


@pytest.mark.parametrize("column", ["lever", "nature", "amount", "points"])
def test_finds_a_forged_lever(copied: Path, column: str) -> None:
    rewrite(copied, "levers.csv", lambda rows: rows[0].update({column: "77"}))
    assert [where for where, _ in found(copied)] == [f"levers.csv: {column}"]


@pytest.mark.parametrize("column", ["line", "amount_mvnd", "present_value_mvnd"])
def test_finds_a_forged_amount_of_cash(copied: Path, column: str) -> None:
    rewrite(copied, "cash.csv", lambda rows: rows[0].update({column: "77"}))
    assert [where for where, _ in found(copied)] == [f"cash.csv: {column}"]


@pytest.mark.parametrize("column", ["agreement", "units", "plans"])
def test_finds_a_forged_agreement(copied: Path, column: str) -> None:
    rewrite(copied, "agreement.csv", lambda rows: rows[0].update({column: "77"}))
    assert [where for where, _ in found(copied)] == [f"agreement.csv: {column}"]


@pytest.mark.parametrize("column", ["distance_percent", "people_apart"])
def test_finds_a_forged_distance(copied: Path, column: str) -> None:
    rewrite(copied, "distances.csv", lambda rows: rows[0].update({column: "77"}))
    assert [where for where, _ in found(copied)] == [f"distances.csv: {column}"]


def test_finds_a_manifest_that_counts_other_plans(copied: Path) -> None:
    forge(copied, {"lists": {"best": {"plans": 4, "stopped": "found"}, "different": {"plans": 2, "stopped": "found"}}})
    [(where, message)] = found(copied)
    assert where == "ranking.csv" and "must hold the places 1 to 4" in message and "it holds 1, 2, 3" in message


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("text", ["", "nothing,like,it\n1,2,3\n", None])
def test_tells_of_a_table_that_is_none(copied: Path, table: str, text: str | None) -> None:
    if text is None:
        (copied / table).unlink()
    else:
        (copied / table).write_text(text, encoding="utf-8")
    forge(copied, {})
    assert any(where.startswith(table) for where, _ in found(copied))


def test_rebuilds_every_figure_of_any_decisions() -> None:
    """Drawn plans with staged mergers, dissolutions, raises and amounts: what is rebuilt is what was decided."""
    raised = 0
    for seed in range(12):
        merging = [{"within": "parent", "same": [], "sites": "either", "mixed_functions": True, "form": "consolidate"}]
        scenario = scenario_of(merging=merging, staffing={"slimming": [{"at_most_percent": 30}]})
        units = units_of(random_rows(seed, 5))
        columns, draw = Columns.build(scenario, units, list_options(scenario, units).paths), np.random.default_rng(seed)
        for _ in range(8):
            decisions = decisions_of(columns, random_values(columns, draw))
            assert with_figures(check(scenario, units, decisions).plan) == decisions
            raised += sum(decision.fate == "raise" for decision in decisions)
    assert raised > 20


# What a manifest claims


def test_hashes_every_table_by_its_place_below_the_scenario(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province", units=["a/units.csv", "b/units.csv"])
    for folder, units in (("a", UNITS[:4]), ("b", UNITS[4:])):
        (place / folder).mkdir()
        write_units(place / folder / "units.csv", units)
    assert list(input_hashes(read_scenario(place))) == ["scenario.resolved.toml", "a/units.csv", "b/units.csv"]
    assert run("solve", place, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    inputs = sorted(path.name for path in (tmp_path / "run" / "inputs").iterdir())
    assert inputs == ["2-units.csv", "scenario.toml", "units.csv"]


def cut_off(monkeypatch: pytest.MonkeyPatch, from_answer: int) -> None:
    """Solves that end by the clock without anything, from the given one on."""
    real, solves = Solver.solve, []

    def late(solver: Solver, *arguments: Any, **named: Any) -> Answer:
        solves.append(1)
        if len(solves) < from_answer:
            return real(solver, *arguments, **named)
        return Answer("unknown", None, None, None, 1.0, "clock", repeatable=False, engine="highs", version="")

    monkeypatch.setattr(Solver, "solve", late)


def test_calls_no_run_repeatable_whose_list_the_clock_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The one plan is proved; the search for the second is cut off, so another day may bring two."""
    cut_off(monkeypatch, from_answer=2)
    place = write_scenario(tmp_path / "province")
    assert run("solve", place, "--plans", 2, "--out", tmp_path / "run").exit_code == 0
    manifest = read_manifest(tmp_path / "run")
    assert manifest["lists"]["different"]["plans"] == 1
    assert (manifest["status"], manifest["repeatable"]) == ("limit", False)


def test_calls_no_conflict_repeatable_that_the_clock_cut(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = write_scenario(tmp_path / "province", rules=[TOO_MANY])
    assert run("solve", place, "--out", tmp_path / "whole").exit_code == 4
    assert read_manifest(tmp_path / "whole")["repeatable"]
    cut_off(monkeypatch, from_answer=2)  # the first proves that there is none; what explains it is cut off
    assert run("solve", place, "--out", tmp_path / "cut").exit_code == 4
    manifest = read_manifest(tmp_path / "cut")
    assert (manifest["status"], manifest["repeatable"]) == ("infeasible", False)
    assert found(tmp_path / "cut") == []
