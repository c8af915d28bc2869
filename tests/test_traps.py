"""What looks like a gain and is none: one small province per trap, its figures on the table."""

from collections.abc import Sequence
from typing import Any

import pytest
from in_process import solve_here
from worlds import scenario_of, unit, units_of

from models.checker import Check, check
from models.plan import Decision
from models.prepared import prepare
from models.ranked import Ranking
from models.search import rank

UNDISCOUNTED = {"discount_percent": 0, "horizon": 2035}
ONE_BEST = {"best": 1, "plans": 0, "gap_percent": 0}


def _checked(rows: Sequence[dict[str, Any]], decisions: Sequence[Decision], **tables: Any) -> Check:
    return check(scenario_of(money=UNDISCOUNTED, **tables), units_of(rows), decisions)


def _ranked(rows: Sequence[dict[str, Any]], **tables: Any) -> Ranking:
    scenario = scenario_of(money=UNDISCOUNTED, search=ONE_BEST, **tables)
    return rank(prepare(scenario, units_of(rows)), solve_here)


def _kept(name: str) -> Decision:
    return Decision(unit_id=name, fate="keep")


def test_an_order_in_the_place_of_a_grant_saves_nothing() -> None:
    """3,500 million of grant; 400 of it become orders: direct spending falls, the State pays as before and 3% more."""
    row = unit("a", revenue_mvnd=500, orderable_mvnd=2000)  # 20 posts, 4,000 recurrent: steps of 200
    plain = _checked([row], [_kept("a")])
    ordered = _checked([row], [_kept("a"), Decision(unit_id="a", fate="order", year=2025, orders_mvnd=400)])
    assert not ordered.refusals
    before, after = (found.plan.direct_spending(2026, ("all",))["all"] for found in (plain, ordered))
    assert (before, after) == (3500, 3100)
    assert plain.plan.criteria["state_saving"] == 0
    assert ordered.plan.criteria["state_saving"] == -2 * 60 - 20  # two steps: 3% of 200 over ten years each; set-up 20


def test_a_raise_by_orders_saves_nothing() -> None:
    """The unit lacks 400 to pay for itself; orders bring them, the grant of 400 ends: no dong is saved."""
    row = unit("a", revenue_mvnd=3600, recurrent_mvnd=4000, state_grant_mvnd=400, orderable_mvnd=400)
    found = _checked([row], [Decision(unit_id="a", fate="raise", year=2025)])
    assert not found.refusals and found.plan.direct_spending(2026, ("all",))["all"] == 0
    assert found.plan.criteria["state_saving"] == -10 * 12 - 50 - 20  # 3% handling of 400 for ten years, set-ups


@pytest.mark.parametrize(("year", "cut"), [(2030, 10), (2025, 0)])
def test_a_post_cut_before_the_baseline_year_lowers_the_baseline(year: int, cut: int) -> None:
    """Nobody stated the assigned posts of 2025. Two of 20 fall in 2030: 10%; the same two in 2025: nothing."""
    rule = {"id": "payroll", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 5}
    units = units_of([unit("a", present_budget=18)])
    units.assumed["posts_budget_2025"][:] = True
    staffing = {"slimming": [{"at_most_percent": 20}]}
    slim = Decision(unit_id="a", fate="slim", year=year, posts_slimmed=2)
    found = check(scenario_of(rules=[rule], staffing=staffing), units, [_kept("a"), slim])
    assert not found.refusals and found.plan.readings[0].reached == cut


COMPANY = {
    "sector": "economic", "posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4000, "state_grant_mvnd": 0,
    "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 900,
}  # fmt: skip
ALL_COMPANIES = {"id": "companies", "rule": "equitization", "year": 2025}


@pytest.mark.parametrize(
    "decisions",
    [
        [Decision(unit_id="b", fate="merge", year=2025, host_id="b"),
         Decision(unit_id="a", fate="merge", year=2025, host_id="b")],
        [Decision(unit_id="a", fate="convert", year=2025), _kept("b")],
        [_kept("b"), Decision(unit_id="a", fate="dissolve", year=2025, receiver_id="b")],
        [_kept("a"), _kept("b")],
    ],
    ids=["merged", "converted", "dissolved", "kept"],
)  # fmt: skip
def test_the_eligible_set_does_not_shrink(decisions: list[Decision]) -> None:
    """One unit is eligible today; whatever else becomes of it, 0 of 1 has become a company."""
    rows = [unit("a", dissolution_ground="hết nhiệm vụ", **COMPANY), unit("b", posts_budget=30)]
    reading = _checked(rows, decisions, rules=[ALL_COMPANIES]).plan.readings[0]
    assert (reading.numerator, reading.denominator, reading.met) == (0, 1, False)


def test_a_unit_that_the_plan_raises_never_joins_the_eligible_set() -> None:
    """It pays for itself once raised, and may then be equitized; 100% of the eligible stays 100% of none."""
    row = unit("a", sector="economic", revenue_mvnd=3600, state_grant_mvnd=400, orderable_mvnd=400,
               equitization_listed=1, land_plan_approved=1, state_capital_mvnd=900)  # fmt: skip
    rule = {**ALL_COMPANIES, "year": 2030}
    found = _checked([row], [Decision(unit_id="a", fate="raise", year=2025)], rules=[rule])
    assert (found.plan.readings[0].denominator, found.plan.readings[0].met) == (0, True)


@pytest.mark.parametrize("fate", ["merge", "dissolve"])
def test_a_market_unit_cannot_hide_in_another(fate: str) -> None:
    """A ferry landing goes into a port board that serves State management: one market unit is still there."""
    rows = [unit("port", function="state_management", posts_budget=40), unit("ferry", function="market",
            dissolution_ground="hết nhiệm vụ")]  # fmt: skip
    rule = {"id": "functions", "rule": "remaining_functions", "year": 2030}
    gone = {
        "merge": [Decision(unit_id=name, fate="merge", year=2025, host_id="port") for name in ("port", "ferry")],
        "dissolve": [_kept("port"), Decision(unit_id="ferry", fate="dissolve", year=2025, receiver_id="port")],
    }
    reading = _checked(rows, gone[fate], rules=[rule]).plan.readings[0]
    assert (reading.reached, reading.denominator, reading.met) == (1, 1, False)
    assert not _ranked(rows, rules=[rule], actions={"merge": True, "dissolve": True}).plans


def test_a_decision_of_2030_is_not_credited_to_2026() -> None:
    """The unit is slimmed by one post of 150 million in the stage that takes effect in 2028: 2 years of nothing."""
    row = unit("a", present_budget=19)
    slim = Decision(unit_id="a", fate="slim", year=2030, posts_slimmed=1)
    plan = _checked([row], [_kept("a"), slim], staffing={"slimming": [{}]}).plan
    spent = [plan.direct_spending(year, ("all",))["all"] for year in range(2026, 2031)]
    assert spent == [3500, 3500, 3350, 3350, 3350]


def test_a_vacancy_is_used_once() -> None:
    """Two vacancies in the unit that joins; the merger saves three posts: nothing is left to slim there."""
    rows = [unit("a"), unit("b", posts_budget=12, present_budget=10)]
    merged = [Decision(unit_id=name, fate="merge", year=2025, host_id="a") for name in ("a", "b")]
    slim = Decision(unit_id="b", fate="slim", year=2025, posts_slimmed=2)
    staffing = {"slimming": [{"at_most_percent": 50}]}
    assert not _checked(rows, [_kept("a"), _kept("b"), slim], staffing=staffing).refusals
    found = _checked(rows, [*merged, slim], staffing=staffing)
    assert {(p.code, p.facts["room"]) for p in found.refusals} == {("check.slim_beyond_room", 0)}
    figures = found.plan.stages[0][0].figures
    assert (figures["saved_posts"], figures["severed"]) == (3, 1)  # three less the two vacancies


def test_a_vacancy_used_in_2025_is_not_used_again_in_2030() -> None:
    """Three absorbed one after another, two vacancies in all: saved 3 + 3, of which people 1 + 3."""
    rows = [unit("a", shared_posts=3), unit("b", present_budget=18), unit("c")]
    merged = [Decision(unit_id=name, fate="merge", year=year, host_id="a")
              for name, year in (("a", 2025), ("b", 2025), ("c", 2030))]  # fmt: skip
    first, second = (stage[0].figures for stage in _checked(rows, merged).plan.stages)
    assert (first["saved_posts"], first["severed"]) == (3, 1)
    assert (second["saved_posts"], second["severed"]) == (6, 3)


@pytest.mark.parametrize(("site", "running", "buildings"), [("kept", 0, 2), ("closed", 200, 1)])
def test_a_site_that_is_kept_saves_no_running_cost(site: str, running: int, buildings: int) -> None:
    """The site of the absorbed unit costs 200 a year; only closing it saves them and frees the building."""
    rows = [unit("a", avg_pay_vnd_month=1_000_000), unit("b", site_cost_mvnd=200, avg_pay_vnd_month=1_000_000)]
    merged = [Decision(unit_id="a", fate="merge", year=2025, host_id="a"),
              Decision(unit_id="b", fate="merge", year=2025, host_id="a", site=site)]  # fmt: skip
    figures = _checked(rows, merged).plan.stages[0][0].figures
    assert figures["state_grant_mvnd"] == 7000 - 36 - running  # three posts of 12 million a year
    assert figures["buildings"] == buildings


def test_a_share_says_what_its_denominator_did() -> None:
    """1 of 4 pays for itself; merging two of the others makes it 1 of 3 without one more unit paying for itself."""
    rows = [unit("a", revenue_mvnd=4000, state_grant_mvnd=0, posts_budget=0, posts_own=20), unit("b"), unit("c"),
            unit("d")]  # fmt: skip
    merged = [Decision(unit_id=name, fate="merge", year=2025, host_id="b") for name in ("b", "c")]
    rules = [
        {"id": "remaining", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30},
        {"id": "today", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30, "denominator": "baseline"},
    ]
    readings = _checked(rows, [*merged, _kept("a"), _kept("d")], rules=rules).plan.readings
    assert [(r.numerator, r.denominator, r.met) for r in readings] == [(1, 3, True), (1, 4, False)]


def test_nothing_is_dissolved_without_a_ground() -> None:
    """Two ineffective years are none; three are. The search lists it and the checker lets it pass only then."""
    gone = [_kept("b"), Decision(unit_id="a", fate="dissolve", year=2025, receiver_id="b")]
    for years, refused in ((2, ["check.no_ground"]), (3, [])):
        rows = [unit("a", ineffective_years=years, receiver="b"), unit("b", posts_budget=30)]
        assert [problem.code for problem in _checked(rows, gone).refusals] == refused
        scenario = scenario_of(actions={"dissolve": True})
        nowhere = scenario_of(actions={"dissolve": True}, dissolution={})
        assert not prepare(nowhere, units_of(rows)).columns.paths.dissolved.any(), "no law, no ground"
        assert prepare(scenario, units_of(rows)).columns.paths.dissolved.any() == (not refused)


SPLIT_IN_THREE = {"unit": "a", "fate": "split", "into": ["v", "w"]}


def test_a_split_buys_no_share_over_the_units_of_today() -> None:
    """One of three pays for itself. Splitting it in three makes 3 of 5 of what remains, and still 1 of 3 of today's."""
    own = {"posts_budget": 0, "posts_own": 30, "revenue_mvnd": 6000, "recurrent_mvnd": 6000, "state_grant_mvnd": 0}
    part = {**own, "posts_own": 5, "revenue_mvnd": 1000, "recurrent_mvnd": 1000, "autonomy_group": 2}
    new = [unit(name, planned="2025-07-01", **part) for name in ("v", "w")]
    rules = [
        {"id": "remaining", "rule": "autonomy_share", "year": 2030, "at_least_percent": 50},
        {"id": "today", "rule": "autonomy_share", "year": 2030, "at_least_percent": 50, "denominator": "baseline"},
    ]
    created = [Decision(unit_id=name, fate="create", year=2025) for name in ("v", "w")]
    kept = [_kept(name) for name in ("a", "b", "c")]
    found = _checked([unit("a", **own), unit("b"), unit("c"), *new], [*kept, *created], rules=rules,
                     pins=[SPLIT_IN_THREE])  # fmt: skip
    assert [(r.numerator, r.denominator, r.met) for r in found.plan.readings[:2]] == [(3, 5, True), (1, 3, False)]


def test_a_breach_that_a_split_creates_is_no_existing_one() -> None:
    """Twenty posts, of which six leave: fourteen and six under a norm of fifteen, where nobody stood outside before."""
    rows = [unit("a", users=0), unit("v", planned="2026-01-01", posts_budget=6, revenue_mvnd=0, recurrent_mvnd=900,
            state_grant_mvnd=900)]  # fmt: skip
    norm = {"id": "norm", "rule": "structure", "measure": "posts", "at_least": 15, "binds": "not_worse"}
    pins = [{"unit": "a", "fate": "split", "into": ["v"]}]
    plan = _checked(rows, [_kept("a"), Decision(unit_id="v", fate="create", year=2030)], rules=[norm], pins=pins).plan
    assert plan.readings[0].existing == ()
    assert [(fact.what, fact.value, fact.denominator) for fact in plan.context] == [("created_outside", 2, 2)]


def test_schools_that_are_too_small_excuse_none_that_is_too_large() -> None:
    """Three preschools of 7 classes under a norm of 9 to 20: 21 classes are outside on the other side."""
    rows = [unit(name, classes=7, posts_budget=posts) for name, posts in (("a", 30), ("b", 20), ("c", 20))]
    norm = {"id": "norm", "rule": "structure", "measure": "classes", "at_least": 9, "at_most": 20, "binds": "not_worse"}
    merged = [Decision(unit_id=name, fate="merge", year=2025, host_id="a") for name in ("a", "b", "c")]
    assert not _checked(rows, merged, rules=[norm]).plan.readings[0].met
    assert _checked(rows, [*merged[:2], _kept("c")], rules=[norm]).plan.readings[0].met  # 14 classes
    sizes = {int(size) for size in prepare(scenario_of(rules=[norm]), units_of(rows)).columns.paths.sizes}
    assert sizes == {1, 2}, "no group of three is left to choose"


def test_a_floor_asks_for_what_stands_by_then() -> None:
    """A station that comes to stand in 2026 is the first place of its commune: in 2030 one is wanted, and reached."""
    rows = [unit("a"), unit("st", planned="2026-01-01", kind="health_station", commune="Xã Hai", posts_budget=5)]
    rule = {"id": "places", "rule": "floor", "sum": "places", "at_least": 1, "per": "commune",
            "where": {"kind": ["health_station"]}}  # fmt: skip
    created = Decision(unit_id="st", fate="create", year=2030)
    readings = _checked(rows, [_kept("a"), created], rules=[rule]).plan.readings
    assert [(r.label, r.year, int(r.wanted), int(r.reached)) for r in readings] == [
        ("Xã Hai", 2025, 0, 0), ("Xã Hai", 2030, 1, 1),
    ]  # fmt: skip
