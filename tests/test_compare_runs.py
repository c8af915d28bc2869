"""Comparing run folders: plans, figures, and what differs between the scenarios and unit tables themselves."""

import shutil
from pathlib import Path

import pytest
from small_province import CUT, SCENARIO, UNITS, document, rows_of, run, write_scenario

import planner
from planner.compare_runs import compare_runs
from planner.shipped import scenarios_folder

SEARCH = {"plans": 2, "time_limit_s": 60}


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two units have to go; and three, where vh-4 has eleven posts instead of nine and a unit vh-5 is new."""
    place = tmp_path_factory.mktemp("compare")
    rules = [{**CUT, "at_least": 3}, *SCENARIO["rules"][1:]]
    changed = [*UNITS[:3], {**UNITS[3], "posts_budget": 11}, *UNITS[4:], {"id": "vh-5", "name": "Thư viện"}]
    two = write_scenario(place / "two", search=SEARCH)
    three = write_scenario(place / "three", changed, search=SEARCH, rules=rules)
    for name, folder in (("cut2", two), ("cut3", three)):
        assert run("solve", folder, "--out", place / name).exit_code == 0
    shutil.rmtree(two)
    return place / "cut2", place / "cut3"


def test_names_the_keys_of_the_scenarios_that_differ(runs: tuple[Path, Path]) -> None:
    found = compare_runs(runs)
    assert found.scenarios.to_dict("records") == [{"key": "rules[cut].at_least", "A": "2", "B": "3"}]


def test_counts_the_units_and_cells_that_differ(runs: tuple[Path, Path]) -> None:
    """Posts of vh-4 and what defaults to them: people present, and posts in 2025; and the unit that is new."""
    cells = {(row["unit_id"], row["what"], row["column"]): row for row in compare_runs(runs).units.to_dict("records")}
    assert ("vh-5", "only_in_other", "") in cells
    posts = cells["vh-4", "cell", "posts_budget"]
    assert (posts["base"], posts["other"]) == ("9", "11")
    assert {unit for unit, what, _ in cells if what == "cell"} == {"vh-4"}


def test_compares_the_first_plans_as_the_python_api_does(runs: tuple[Path, Path]) -> None:
    found = compare_runs(runs).comparison
    assert found.labels == ("A.different-1", "B.different-1")
    whole = planner.compare(*map(planner.read_run, runs))
    assert whole.table.loc["B.different-1"].equals(found.table.loc["B.different-1"])
    assert found.people_apart.equals(whole.people_apart.loc[[*found.labels], [*found.labels]])


def test_reads_against_the_run_that_the_user_chooses(runs: tuple[Path, Path]) -> None:
    told = document(run("compare", *runs, "--base", runs[1], "--json"))
    above = {row["plan"]: row["above_base_mvnd"] for row in told["plans"]}
    assert told["base"] == "B.different-1" and above["B.different-1"] == 0
    assert above["A.different-1"] == -document(run("compare", *runs, "--json"))["plans"][1]["above_base_mvnd"]


def test_compares_all_plans_of_a_single_run(runs: tuple[Path, Path]) -> None:
    told = document(run("compare", runs[0], "--json"))
    assert [row["plan"] for row in told["plans"]] == ["different-1", "different-2"]
    assert told["scenarios"] == told["units"] == []
    every = document(run("compare", *runs, "--all-plans", "--json"))
    assert [row["plan"] for row in every["plans"]] == [
        "A.different-1", "A.different-2", "B.different-1", "B.different-2",
    ]  # fmt: skip


def test_puts_the_cash_of_the_tables_side_by_side(runs: tuple[Path, Path]) -> None:
    cash = compare_runs(runs).comparison.cash
    for label, folder in zip(("A.different-1", "B.different-1"), runs, strict=True):
        stated = [row for row in rows_of(folder / "cash.csv") if row["rank"] == "1" and row["line"] == "net"]
        assert [int(row["amount_mvnd"]) for row in stated] == [
            int(cash.loc[("net", int(row["year"])), label]) for row in stated
        ]


def test_writes_every_table_and_tells_the_rest_in_words(runs: tuple[Path, Path], tmp_path: Path) -> None:
    shown = run("compare", *runs, "--out", tmp_path / "tables")
    assert shown.exit_code == 0, shown.stderr
    assert {path.name for path in (tmp_path / "tables").iterdir()} == {
        f"compare-{name}.csv"
        for name in ("plans", "criteria", "readings", "cash", "decisions", "distances", "people", "scenarios", "units")
    }
    assert "rules[cut].at_least" in shown.stdout
    assert "only in B" in shown.stdout and "vh-5" in shown.stdout
    assert " / 2" in shown.stdout and " / 3" in shown.stdout
    assert "chỉ có ở B" in run("compare", *runs, lang="vi").stdout


def test_refuses_a_base_that_is_not_compared(runs: tuple[Path, Path], tmp_path: Path) -> None:
    result = run("compare", *runs, "--base", tmp_path)
    assert result.exit_code == 3
    assert "none of the runs" in result.stderr


def test_refuses_a_folder_that_is_no_run(runs: tuple[Path, Path], tmp_path: Path) -> None:
    assert run("compare", runs[0], tmp_path).exit_code == 3


def test_tells_decisions_in_the_words_of_the_language(runs: tuple[Path, Path]) -> None:
    """The tables keep the names of the schema; what is shown has none of them."""
    told = run("compare", *runs, lang="vi").stdout
    assert "sáp nhập 2025 → " in told
    assert not {"merge", "absorb", "keep", "->"} & set(told.split())


def test_tells_what_amounts_are(tmp_path: Path) -> None:
    """scenarios/tiny: dv-1 is raised by an order of 200 and fees of 100; in the other run nobody need be raised."""
    tiny = scenarios_folder() / "tiny"
    fewer = [f"rules.{name}.at_least_percent=0" for name in ("autonomy20", "payroll12", "spending8")]
    for name, settings in (("one", []), ("two", fewer)):
        changed = [part for setting in settings for part in ("--set", setting)]
        assert run("solve", tiny, "--plans", 1, *changed, "--out", tmp_path / name).exit_code == 0
    told = run("compare", tmp_path / "one", tmp_path / "two", "--json")
    dv = next(row for row in document(told)["decisions"] if row["unit_id"] == "dv-1")
    assert dv["A.different-1"] == "raise 2025: orders 200 + fees 100"
    shown = " ".join(run("compare", tmp_path / "one", tmp_path / "two").stdout.split())
    assert "orders of 200 million" in shown and "further fees of 100" in shown
    assert "different-1" not in shown and "A: Plan 1" in shown
