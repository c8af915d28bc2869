"""Which law a decision cites: by fate, kind and the day on which it is taken; nothing where nothing is stated."""

import datetime
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from small_province import rows_of, run, write_scenario
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.columns import Columns
from models.decide import decisions_of
from models.items import SLIM
from models.legal_basis import LegalBasis, basis_of
from models.scenario import Scenario
from planner.scenario_checks import problems_alone
from planner.scenario_toml import read_tables
from planner.shipped import rule_set

BASES = rule_set("national-2024")
assert BASES is not None
SHIPPED = tuple(LegalBasis.model_validate(entry) for entry in read_tables(BASES, "national-2024")["legal_basis"])


@pytest.mark.parametrize(
    ("fate", "kind", "day", "named"),
    [
        ("slim", "primary", "2025-06-15", ["29/2023"]),
        ("slim", "primary", "2025-06-16", ["154/2025"]),
        ("slim", "primary", "2031-01-01", []),
        ("merge", "primary", "2024-06-30", ["120/2020"]),
        ("merge", "primary", "2025-10-30", ["120/2020", "83/2024"]),
        ("dissolve", "primary", "2025-10-31", ["120/2020", "83/2024", "283/2025"]),
        ("create", "health_station", "2026-12-31", ["120/2020", "83/2024", "283/2025"]),
        ("split", "health_centre", "2024-12-31", ["120/2020", "83/2024"]),
        ("convert", "notary_office", "2025-12-31", ["104/2025"]),
        ("convert", "auction_centre", "2025-12-31", []),
        ("raise", "library", "2025-05-21", ["60/2021"]),
        ("order", "library", "2025-05-22", ["60/2021", "111/2025"]),
        ("equitize", "consultancy_centre", "2025-12-31", ["150/2020", "26/2021"]),
        ("keep", "primary", "2025-12-31", []),
    ],
)
def test_cites_the_text_in_force(fate: str, kind: str, day: str, named: list[str]) -> None:
    text = basis_of(SHIPPED, fate, kind, datetime.date.fromisoformat(day))
    assert re.findall(r"\d+/\d{4}", text) == named


def test_leaves_no_day_between_two_versions_of_a_text() -> None:
    for fate in {entry.fate for entry in SHIPPED}:
        mine = [entry for entry in SHIPPED if entry.fate == fate]
        for before, after in pairwise(mine):
            assert before.in_force_until is not None and after.in_force_from is not None
            assert after.in_force_from - before.in_force_until == datetime.timedelta(days=1), after.id


def stated(**tables: Any) -> Scenario:
    entries = [
        {"id": "now", "fate": "slim", "text": "Luật cũ", "in_force_until": datetime.date(2026, 6, 30)},
        {"id": "then", "fate": "slim", "text": "Luật mới", "in_force_from": datetime.date(2026, 7, 1)},
    ]
    return scenario_of(legal_basis=entries, staffing={"slimming": [{"at_most_percent": 30}]}, **tables)


def cited(scenario: Scenario) -> dict[tuple[str, int | None], str]:
    """What each step cites in a plan that slims one post in every stage."""
    units = units_of([unit("a", present_budget=16)])
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    kept = np.arange(len(columns.paths)) == 0
    rows = decisions_of(columns, np.concatenate([kept, columns.items.kind == SLIM]).astype(np.int64))
    return {(row.fate, row.year): row.legal_basis for row in rows}


def test_writes_the_law_of_each_stages_deadline_into_the_decisions() -> None:
    found = cited(stated())
    assert found == {("keep", None): "", ("slim", 2025): "Luật cũ", ("slim", 2030): "Luật mới"}


def test_cites_no_law_that_was_over_on_the_as_of_day() -> None:
    found = cited(stated(as_of=datetime.date(2026, 9, 1)))
    assert found["slim", 2025] == "Luật mới"


def test_cites_nothing_where_the_scenario_states_nothing() -> None:
    assert set(cited(scenario_of(staffing={"slimming": [{"at_most_percent": 30}]})).values()) == {""}


def test_refuses_dates_that_cross_and_ids_that_come_twice() -> None:
    entry = {"id": "x", "fate": "slim", "text": "Luật"}
    crossed = {"in_force_from": datetime.date(2026, 1, 1), "in_force_until": datetime.date(2025, 1, 1)}
    with pytest.raises(ValidationError, match=r"rules\.crossed:in_force_from, in_force_until"):
        LegalBasis.model_validate(entry | crossed)
    problems = problems_alone(scenario_of(legal_basis=[entry, entry]))
    assert [(problem.where, problem.code) for problem in problems] == [("legal_basis[x]", "scenario.doubled_id")]


def test_comes_with_the_shipped_set_into_every_run(tmp_path: Path) -> None:
    """Two units merge by the end of 2025, under the text in force since 31 October of that year."""
    place = write_scenario(tmp_path / "province", extends=["rules:national-2024"])
    assert run("solve", place, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    merged = [row for row in rows_of(tmp_path / "run" / "decisions.csv") if row["fate"] == "merge"]
    assert merged and all("283/2025" in row["legal_basis"] for row in merged)
    assert run("verify", tmp_path / "run").exit_code == 0


def test_cites_the_first_of_several_texts_and_lets_one_hold_for_a_day() -> None:
    day = datetime.date(2026, 1, 1)
    one_day = {"id": "x", "fate": "slim", "text": "Luật một ngày", "in_force_from": day, "in_force_until": day}
    entries = [LegalBasis.model_validate(e) for e in (one_day, {"id": "y", "fate": "slim", "text": "Luật sau"})]
    days = [day + datetime.timedelta(days=past) for past in (-1, 0, 1)]
    assert [basis_of(entries, "slim", "primary", when) for when in days] == ["Luật sau", "Luật một ngày", "Luật sau"]
