"""Tables of decisions that people write: read as they were meant, or refused with their row and a remedy."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from random_plans import random_values
from worlds import random_rows, scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.plan import Decision
from models.problem import InputError
from planner.decision_table import read_decisions
from planner.wording import LANGUAGES, Wording

SCENARIO = scenario_of()
UNITS = units_of([unit("a", posts_budget=30), unit("b"), unit("c"), unit("d")])


def read(folder: Path, *rows: Mapping[str, str]) -> tuple[Decision, ...]:
    """The decisions of the one plan of a table with these rows."""
    columns = list(dict.fromkeys(name for row in rows for name in ("unit_id", "fate", "year", *row)))
    lines = [",".join(columns), *(",".join(row.get(column, "") for column in columns) for row in rows)]
    (folder / "plan.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (plan,) = read_decisions(folder / "plan.csv", SCENARIO, UNITS).values()
    return plan


def told(folder: Path, *rows: Mapping[str, str]) -> list[tuple[str, str]]:
    """Where a table is refused, and by which sentence."""
    with pytest.raises(InputError) as refused:
        read(folder, *rows)
    for problem in refused.value.problems:
        assert all(Wording(language).say(problem.code, **problem.facts) for language in LANGUAGES)
    return [(problem.where, problem.code.removeprefix("plan.")) for problem in refused.value.problems]


def step(unit_id: str, fate: str, year: str = "2025", **cells: str) -> dict[str, str]:
    return {"unit_id": unit_id, "fate": fate, "year": year, **cells}


def hosts(decisions: tuple[Decision, ...]) -> dict[str, str]:
    return {row.unit_id: row.host_id for row in decisions if row.fate == "merge"}


@pytest.mark.parametrize("text", ["abc", "²", "-1", "1.5", "1e3", "٣", "9" * 40, "1_0"])
@pytest.mark.parametrize("column", ["rank", "group_after", "posts_slimmed", "orders_mvnd", "fees_mvnd"])
def test_refuses_a_numeric_cell_that_is_no_number(tmp_path: Path, column: str, text: str) -> None:
    assert told(tmp_path, step("a", "slim", **{column: text})) == [("plan.csv: 2", "not_a_number")]


@pytest.mark.parametrize("year", ["abc", "²", "2025.5"])
def test_refuses_a_year_that_is_no_number_whatever_the_fate(tmp_path: Path, year: str) -> None:
    rows = (step("a", "keep", year), step("b", "raise", year))
    assert told(tmp_path, *rows) == [("plan.csv: 2", "not_a_number"), ("plan.csv: 3", "year_is_no_stage")]


def test_reads_the_numbers_of_a_spreadsheet(tmp_path: Path) -> None:
    row = step("a", "slim", "2025.0", rank="1.0", group_after="4.0", posts_slimmed="3.00", orders_mvnd="'7")
    slim = read(tmp_path, row)[0]
    assert (slim.year, slim.group_after, slim.posts_slimmed, slim.orders_mvnd) == (2025, 4, 3, 7)


def test_refuses_a_cell_that_is_too_long_to_be_one(tmp_path: Path) -> None:
    assert told(tmp_path, step("a", "slim"), step("b", "slim", reason="x" * 200_000))[0][1] == "not_a_row"


def test_takes_the_unit_whose_id_the_successor_bears_for_the_host(tmp_path: Path) -> None:
    """b goes into a: a needs no row of its own, and takes part from the first merger on."""
    rows = (step("b", "merge", "2030", successor_id="a"), step("c", "merge", "2025", successor_id="a"))
    plan = read(tmp_path, *rows)
    assert hosts(plan) == {"a": "a", "b": "a", "c": "a"}
    assert next(row.year for row in plan if row.unit_id == "a") == 2025
    found = check(SCENARIO, UNITS, plan)
    assert not found.refusals and [len(stage) for stage in found.plan.stages] == [3, 2]


def test_takes_the_unit_that_rows_name_as_host_into_the_group(tmp_path: Path) -> None:
    plan = read(tmp_path, step("b", "merge", successor_id="new", host_id="c"))
    assert hosts(plan) == {"b": "c", "c": "c"}


def test_takes_the_largest_for_the_host_of_a_new_unit(tmp_path: Path) -> None:
    plan = read(tmp_path, step("b", "merge", successor_id="new"), step("a", "merge", successor_id="new"))
    assert hosts(plan) == {"a": "a", "b": "a"}


@pytest.mark.parametrize("successor", ["a", "new"])
def test_refuses_a_merger_of_one(tmp_path: Path, successor: str) -> None:
    assert told(tmp_path, step("a", "merge", successor_id=successor)) == [("plan.csv", "group_of_one")]


def test_refuses_a_host_that_stays_or_goes_elsewhere(tmp_path: Path) -> None:
    """d goes into c, and c itself into a."""
    chain = (step("d", "merge", successor_id="c"), step("c", "merge", successor_id="a"))
    assert told(tmp_path, *chain) == [("plan.csv", "host_elsewhere")]
    kept = (step("b", "merge", successor_id="a"), step("a", "keep", ""))
    assert told(tmp_path, *kept) == [("plan.csv", "several_fates")]


def test_refuses_a_merger_with_two_hosts_or_the_id_of_another_unit(tmp_path: Path) -> None:
    two = [step(name, "merge", successor_id="new", host_id=name) for name in "ab"]
    assert told(tmp_path, *two) == [("plan.csv", "several_hosts")]
    other = [step(name, "merge", successor_id="a", host_id="b") for name in "ab"]
    assert told(tmp_path, *other) == [("plan.csv", "successor_is_another")]


@pytest.mark.parametrize("fate", ["slim", "order", "raise"])
def test_refuses_the_same_step_twice(tmp_path: Path, fate: str) -> None:
    assert told(tmp_path, step("a", fate), step("a", fate)) == [("plan.csv", "doubled_step")]


def test_lets_amounts_come_in_each_stage_but_raises_a_unit_once(tmp_path: Path) -> None:
    slims = [step("a", "slim", year, posts_slimmed="1") for year in ("2025", "2030")]
    assert [row.year for row in read(tmp_path, *slims)][:2] == [2025, 2030]
    assert told(tmp_path, step("a", "raise"), step("a", "raise", "2030")) == [("plan.csv", "doubled_step")]


def test_refuses_a_step_of_its_own_for_a_unit_that_goes_into_another(tmp_path: Path) -> None:
    merged, dissolved = step("b", "merge", successor_id="a"), step("b", "dissolve", receiver_id="a")
    for gone in (merged, dissolved):
        assert told(tmp_path, gone, step("b", "raise", "2030")) == [("plan.csv", "raise_of_absorbed")]
        for exit_ in ("equitize", "convert"):
            assert told(tmp_path, gone, step("b", exit_)) == [("plan.csv", "several_fates")]
    assert [row.fate for row in read(tmp_path, merged, step("a", "raise"))].count("raise") == 1


def test_refuses_a_unit_that_takes_over_its_own_tasks(tmp_path: Path) -> None:
    assert told(tmp_path, step("b", "dissolve", receiver_id="b")) == [("plan.csv", "own_receiver")]


def test_names_the_plan_of_a_table_with_several(tmp_path: Path) -> None:
    rows = [step("a", "keep", "", list="best", rank="1"), step("a", "merge", successor_id="a", list="best", rank="2")]
    assert told(tmp_path, *rows) == [("plan.csv: best 2", "group_of_one")]


def test_reads_whatever_the_tool_itself_decides_as_it_was_written(tmp_path: Path) -> None:
    """Drawn plans with staged mergers, dissolutions, raises and amounts, written and read back."""
    for seed in range(8):
        scenario, units = scenario_of(staffing={"slimming": [{"at_most_percent": 30}]}), units_of(random_rows(seed, 5))
        columns, draw = Columns.build(scenario, units, list_options(scenario, units).paths), np.random.default_rng(seed)
        for _ in range(6):
            decisions = decisions_of(columns, random_values(columns, draw))
            table = pd.DataFrame([vars(row) for row in decisions]).astype({"year": "Int64", "group_after": "Int64"})
            table.to_csv(tmp_path / "plan.csv", index=False)
            assert read_decisions(tmp_path / "plan.csv", scenario, units) == {("hand", 1): decisions}
