"""Robust rows as a planner meets them: the price of robustness, what is held in reserve, what is protected."""

from pathlib import Path

import pytest
from small_province import document, rows_of, run

from planner.robust_notes import MOST_LABELS, reserves
from planner.scenario_file import read_scenario
from planner.wording import Wording

TINY = Path(__file__).parents[1] / "scenarios" / "tiny"


def test_tells_what_every_budget_costs_above_none(tmp_path: Path) -> None:
    """Without protection the best plan scores 1,045 (README.md there); against four savings at once there is none."""
    vary = ("--vary", "robust.budget=0,2,4")
    told = document(run("sweep", TINY, *vary, "--out", tmp_path / "out", "--json"))
    none, two, four = told["table"]
    assert (none["score_mvnd"], none["above_cheapest_mvnd"]) == (1045, 0)
    assert two["above_cheapest_mvnd"] == two["score_mvnd"] - 1045 > 0
    assert (four["status"], four["reason"], four["above_cheapest_mvnd"]) == ("infeasible", "payroll12", None)
    held = {row["robust.budget"]: row["protected"] for row in told["readings"] if row["id"] == "payroll12"}
    assert held["0"] == 0 < held["2"]
    shown = run("sweep", TINY, *vary, "--out", tmp_path / "out", lang="en").stdout
    assert "price of robustness" in " ".join(shown.split())


@pytest.mark.parametrize(
    ("lang", "checked", "told"),
    [
        ("en", "is protected ([robust])", "In reserve for that"),
        ("vi", "được bảo vệ ([robust])", "Dự phòng cho việc đó"),
    ],
)
def test_says_what_is_protected_and_held_in_reserve(tmp_path: Path, lang: str, checked: str, told: str) -> None:
    asked = ("--set", "robust.budget=2")
    assert checked in " ".join(run("check", TINY, *asked, lang=lang).stdout.split())
    solved = run("solve", TINY, *asked, "--plans", 1, "--out", tmp_path / "run", lang=lang)
    assert solved.exit_code == 0
    assert told in " ".join(solved.stdout.split())
    assert told in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert run("verify", tmp_path / "run").exit_code == 0


def test_names_of_many_labels_only_those_that_would_not_hold() -> None:
    case = read_scenario(TINY, ["robust.budget=2"])
    (rule, *_) = case.scenario.cuts
    held = [(f"Sở {number}", number * rule.at_least_percent, number != 3) for number in range(MOST_LABELS + 2)]
    keys = [key for key, _ in reserves(Wording("en"), case.scenario, rule, held)]
    assert keys == ["robust.short", "robust.others"]  # Sở 0 needs no reserve
    few = [key for key, _ in reserves(Wording("en"), case.scenario, rule, held[:4])]
    assert few == ["robust.protected", "robust.protected", "robust.short"]


def test_ways_out_tell_what_is_reached_less_the_reserve(tmp_path: Path) -> None:
    """Ten posts less 1.7 that may not come (4 and 3 posts at a fifth, half of 3 at a fifth) are 8.3 of 70."""
    solved = run("solve", TINY, "--set", "robust.budget=2.5", "--plans", 1, "--best", 0, "--out", tmp_path / "run")
    assert solved.exit_code == 4
    rows = [row for row in rows_of(tmp_path / "run" / "repairs.csv") if row["reached"]]
    assert {(row["id"], row["wanted"], row["reached"], row["short"]) for row in rows} == {
        ("payroll12", "12.0", "11.857143", "0.142857")
    }
    assert run("verify", tmp_path / "run").exit_code == 0
