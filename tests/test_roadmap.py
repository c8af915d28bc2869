"""The way of every decision, its days counted back by hand."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import decided
import pytest
from decided import into
from pydantic import ValidationError
from small_province import rows_of, run, write_scenario
from worlds import scenario_of, unit

from models.plan import Decision, Plan
from models.roadmap import Dated, RoadmapStep, roadmap, scheduled, years_of
from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

WHO: dict[str, Any] = {"title": "Việc", "responsible": "Sở"}
STEPS = [
    {"step": "consult", "days": 10, **WHO},
    {"step": "decision", "days": 5, **WHO},
    {"step": "handover", "days": 30, "fates": ["merge"], "where": {"sector": ["education"]}, "by": "09-01", **WHO},
    {"step": "handover", "days": 31, "fates": ["merge"], **WHO},
    {"step": "check", "days": 365, "when": "after", **WHO},
]


def plan_of(rows: Sequence[Any], decisions: Sequence[Decision], steps: Sequence[Any] = STEPS) -> Plan:
    merging = [{"within": "province", "same": [], "mixed_functions": True}]
    scenario = scenario_of(roadmap=list(steps), merging=merging)
    return decided.plan_of(scenario, rows, decisions)


def days(found: Sequence[Dated]) -> list[tuple[str, date, date]]:
    return [(dated.step.step, dated.start, dated.end) for dated in found]


def test_counts_back_from_the_last_day_of_the_year() -> None:
    """Hand-over is all of December (31 days), the decision 26 to 30 November, hearing the staff 16 to 25 November."""
    plan = plan_of([unit("a"), unit("b")], into("a", "b"))
    assert days(roadmap(plan)) == [
        ("consult", date(2025, 11, 16), date(2025, 11, 25)),
        ("decision", date(2025, 11, 26), date(2025, 11, 30)),
        ("handover", date(2025, 12, 1), date(2025, 12, 31)),
        ("check", date(2026, 1, 1), date(2026, 12, 31)),
    ]


def test_hands_schools_over_before_the_school_year() -> None:
    """Thirty days to 1 September are 3 August to 1 September; the check of a year starts on 2 September."""
    school = {"sector": "education", "kind": "primary"}
    found = {name: (start, end) for name, start, end in days(
        roadmap(plan_of([unit("a", **school), unit("b", **school)], into("a", "b")))
    )}  # fmt: skip
    assert found["handover"] == (date(2025, 8, 3), date(2025, 9, 1))
    assert found["decision"] == (date(2025, 7, 29), date(2025, 8, 2))
    assert found["check"] == (date(2025, 9, 2), date(2026, 9, 1))


def test_carries_out_a_stage_before_its_money_changes() -> None:
    """2025 with effect 2026 is done in 2025; 2030 with effect 2028 in 2026 and 2027, never in 2028."""
    scenario = scenario_of()
    assert [list(years_of(scenario, stage)) for stage in (0, 1)] == [[2025], [2026, 2027]]


def test_spreads_the_decisions_of_each_parent_over_the_years() -> None:
    """Sở A: two mergers of two units, one in each year; Sở B: its only one comes first."""
    rows = [unit(name, parent="Sở A") for name in "abcd"] + [unit(name, parent="Sở B") for name in "ef"]
    decided = [*into("a", "b", year=2030), *into("c", "d", year=2030), *into("e", "f", year=2030)]
    plan = plan_of(rows, decided)
    assert [(errand.successor_id, year, errand.operations) for errand, year in scheduled(plan)] == [
        ("a", 2026, 2), ("c", 2027, 2), ("e", 2026, 2),
    ]  # fmt: skip


SHIPPED = resolved_tables(path).tables["roadmap"] if (path := rule_set("national-2024")) else []
SCHOOL: dict[str, Any] = {"sector": "education", "kind": "primary"}


@pytest.mark.parametrize(
    ("level", "parents", "decider"),
    [
        ("commune", ("Xã Một", "Xã Một"), "Chủ tịch Ủy ban nhân dân cấp xã"),
        ("commune", ("Xã Một", "Xã Hai"), "Cấp cao hơn trong các cấp có thẩm quyền"),
        ("department", ("Sở A", "Sở A"), "Ủy ban nhân dân cấp tỉnh hoặc Chủ tịch Ủy ban nhân dân cấp tỉnh"),
    ],
)
def test_names_who_decides_about_schools_at_the_end_of_2025(level: str, parents: Sequence[str], decider: str) -> None:
    rows = [unit(name, level=level, parent=of, **SCHOOL) for name, of in zip("ab", parents, strict=True)]
    (found,) = [dated for dated in roadmap(plan_of(rows, into("a", "b"), SHIPPED)) if dated.step.step == "decision"]
    assert found.step.responsible == decider


def test_settles_job_positions_before_the_merger_takes_effect() -> None:
    rows = [unit("a"), unit("b")]
    steps = {dated.step.step: dated for dated in roadmap(plan_of(rows, into("a", "b"), SHIPPED))}
    assert list(steps) == [
        "consult", "scheme", "appraisal", "opinion", "decision", "posts", "job_positions", "handover", "outputs",
        "check",
    ]  # fmt: skip
    assert steps["decision"].end < steps["job_positions"].start
    assert steps["job_positions"].end == date(2025, 12, 1) < steps["handover"].end == date(2025, 12, 31)


def test_asks_finance_alone_about_a_raise_and_the_province_about_a_company() -> None:
    company = {
        "sector": "economic", "function": "market", "revenue_mvnd": 4000, "state_grant_mvnd": 0, "posts_budget": 0,
        "posts_own": 20, "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 900,
    }  # fmt: skip
    rows = [unit("a", revenue_mvnd=3900, state_grant_mvnd=100, orderable_mvnd=200), unit("c", **company)]
    decided = [
        Decision(unit_id="a", fate="raise", year=2025, successor_id="a", orders_mvnd=100),
        Decision(unit_id="c", fate="equitize", year=2025),
    ]
    found = {(d.errand.successor_id, d.step.step): d.step for d in roadmap(plan_of(rows, decided, SHIPPED))}
    assert found["a", "appraisal"].responsible == "Cơ quan tài chính cùng cấp"
    assert ("a", "handover") not in found
    assert (found["c", "decision"].responsible, found["c", "decision"].source) == (
        "Ủy ban nhân dân cấp tỉnh", "Nghị định 150/2020/NĐ-CP",
    )  # fmt: skip


def test_writes_the_roadmap_with_the_load_of_parent_and_year_and_verifies_it(tmp_path: Path) -> None:
    place, out = write_scenario(tmp_path / "p", roadmap=STEPS), tmp_path / "run"
    assert run("solve", place, "--plans", 1, "--out", out).exit_code == 0
    decided = [row for row in rows_of(out / "roadmap.csv") if row["step"] == "decision"]
    assert decided and all(row["from"] < row["until"] and row["days"] == "5" for row in decided)
    assert all(row["note"].startswith("operations ") and "to_confirm" in row["note"] for row in decided)
    assert run("verify", out).exit_code == 0


def test_names_the_indicators_of_output_that_are_set_for_a_successor(tmp_path: Path) -> None:
    """Centres of culture have one of the country's, visitors; the scenario adds another for those of vh-1's parent."""
    step = {"step": "outputs", "title": "Giao chỉ tiêu", "responsible": "Sở", "days": 30, "when": "after"}
    own = {"id": "shows", "en": "Shows", "unit_en": "one show", "column": "users"}
    own_output = [{**own, "where": {"parent": ["Sở Văn hóa"]}}]
    place, out = write_scenario(tmp_path / "p", roadmap=[step], output=own_output), tmp_path / "run"
    assert run("solve", place, "--plans", 1, "--out", out).exit_code == 0
    found = {row["successor_id"][:2]: row["note"] for row in rows_of(out / "roadmap.csv")}
    told = {"vh": "indicators visitors, shows; to_confirm", "nn": "indicators visitors; to_confirm"}
    assert found and found == {parent: told[parent] for parent in found}


def test_leaves_the_table_empty_where_no_steps_are_stated() -> None:
    assert roadmap(plan_of([unit("a"), unit("b")], into("a", "b"), [])) == ()


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"by": "02-29"}, "roadmap.month_day"),
        ({"by": "2025-09-01"}, "roadmap.month_day"),
        ({"by": "09-01", "when": "after"}, "roadmap.by_after"),
    ],
)
def test_refuses_a_latest_day_that_means_nothing(changed: dict[str, str], code: str) -> None:
    with pytest.raises(ValidationError, match=code.replace(".", r"\.")):
        RoadmapStep.model_validate({**STEPS[0], **changed})
