"""A ceiling on what the State pays once for a stage: what counts, in which stage, and under which label."""

from fractions import Fraction
from typing import Any

import pytest
from decided import into, plan_of
from in_process import solve_here
from worlds import scenario_of, unit, units_of

from models.demands import Demands
from models.engine import relax
from models.feasible import Means
from models.plan import Decision
from models.prepared import prepare
from models.ranked import Ranking
from models.reach import reaches
from models.rules import Reading
from models.search import rank

SAVINGS = {"merger_setup_mvnd": 150, "site_closing_mvnd": 100, "exit_mvnd": 800, "order_setup_mvnd": 20}
VACANT: dict[str, Any] = {"shared_posts": 1, "support_posts": 1, "present_budget": 10, "avg_pay_vnd_month": 10_000_000}
FEWER = {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 1}


def budget(at_most: int, **more: Any) -> dict[str, Any]:
    return {"id": "once", "rule": "one_off_budget", "at_most_mvnd": at_most, **more}


def readings(rule: dict[str, Any], rows: list[dict[str, Any]], *decisions: Decision) -> list[Reading]:
    """The readings of one rule on decisions written down by hand; whom they do not name is kept."""
    plan = plan_of(scenario_of(rules=[rule], savings=SAVINGS), rows, decisions)
    return [reading for reading in plan.readings if reading.id == "once"]


def test_counts_set_up_and_closing_in_the_stage_of_the_merger() -> None:
    """Vacancies take up the saved posts, so 150 + 100 in 2025 and nothing in 2030: 240 is ten short."""
    rows = [unit("a", **VACANT), unit("b", **VACANT)]
    first, later = readings(budget(240), rows, *into("a", "b", site="closed"))
    assert (first.year, first.reached, first.slack, first.met) == (2025, 250, -10, False)
    assert (later.year, later.reached, later.slack, later.met) == (2030, 0, 240, True)


def test_holds_only_in_its_year_where_it_names_one() -> None:
    rows = [unit("a", **VACANT), unit("b", **VACANT)]
    (only,) = readings(budget(240, year=2030), rows, *into("a", "b", site="closed"))
    assert (only.year, only.reached, only.met) == (2030, 0, True)


def test_counts_what_leaves_and_the_opening_of_orders_where_each_stands() -> None:
    """A conversion (800) under Sở B, the first order (20) under Sở A; the second order of A in 2030 opens anew."""
    rows = [unit("a", orderable_mvnd=800), unit("b", parent="Sở B")]
    orders = [Decision(unit_id="a", fate="order", year=year, orders_mvnd=200) for year in (2025, 2030)]
    found = readings(budget(100, per="parent"), rows, Decision(unit_id="b", fate="convert", year=2025), *orders)
    assert [(r.label, r.year, int(r.reached), r.met) for r in found] == [
        ("Sở A", 2025, 20, True), ("Sở B", 2025, 800, False), ("Sở A", 2030, 20, True), ("Sở B", 2030, 0, True),
    ]  # fmt: skip


def ranked(at_most: int) -> Ranking:
    """One unit fewer by 2025: b into a (one person to be paid off) or c into d (vacancies enough)."""
    rows = [unit("a", present_budget=16), unit("b", posts_budget=10), unit("c", parent="Sở B", **VACANT),
            unit("d", parent="Sở B", **VACANT)]  # fmt: skip
    merging = [{"within": "parent", "same": [], "sites": "closed"}]
    tables: dict[str, Any] = {"merging": merging, "actions": {"merge": True}, "savings": SAVINGS}
    search = {"best": 1, "plans": 0, "gap_percent": 0}
    scenario = scenario_of(rules=[FEWER, budget(at_most, year=2025)], search=search, **tables)
    return rank(prepare(scenario, units_of(rows)), solve_here)


@pytest.mark.parametrize("at_most", [250, 249])
def test_finds_the_plan_that_the_budget_pays_for_or_none(at_most: int) -> None:
    """The cheapest merger costs 150 + 100 once."""
    plans = ranked(at_most).plans
    assert [plan.plan.one_off(2025, ("",)) for plan in plans] == [{"": 250}][: at_most - 249]


def test_a_ceiling_can_always_go_down_to_nothing_by_itself() -> None:
    """Alone, without the unit fewer, the least is 0: enough for any ceiling."""
    found = ranked(249)
    (reach,) = (one for one in reaches(Demands(found.problem), Means(solve_here, relax)) if one.rule.id == "once")
    assert (reach.wanted, reach.reached, reach.enough) == (Fraction(249), Fraction(0), True)
