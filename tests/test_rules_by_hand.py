"""Constants and comparisons of the rules, one figure on each side of every limit, reckoned by hand on both roads."""

from decimal import Decimal
from typing import Any

import pytest
from decided import into
from pydantic import ValidationError
from test_beside_readings import Row, columns_of, facts, option, plan_of, reading
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.carried import carried_of
from models.checker import check
from models.columns import Columns
from models.pinned import labels_after, labels_to_come, pinned_groups
from models.plan import Decision, Plan
from models.program import Rows

OWN: Row = {"posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4100, "state_grant_mvnd": 0}
THREE_STAGES = [{"year": year, "effect": year + 1} for year in (2025, 2027, 2030)]
PERIOD: Row = {"period": [2026, 2030], "baseline_period": [2021, 2025]}


def block_of(rule: Row, rows: list[Row], *groups: tuple[str, ...], **tables: Any) -> tuple[Rows, list[list[int]]]:
    """The rows of a rule, and of each label the coefficients of the options in which these units are together."""
    columns = columns_of(rule, rows, **tables)
    block = columns.scenario.rules[0].rows(columns)
    places = [option(columns, *group) for group in groups]
    return block, block.matrix.toarray()[:, places].tolist()


def gave(plan: Plan, label: str = "") -> dict[str, int]:
    """By lever what it gave to the numerator of the only rule."""
    return {row.lever: row.amount for row in carried_of(plan) if row.label == label and row.part == "numerator"}


def converted(unit_id: str, year: int = 2025) -> Decision:
    return Decision(unit_id=unit_id, fate="convert", year=year)


# Shares


def test_weighs_a_share_by_cross_multiplying() -> None:
    """30%: of ten points an autonomous unit is worth 10 - 3, any other -3; over today's three, 10 x n >= 9."""
    rule = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30}
    rows = [unit("a", **OWN), unit("b"), unit("c")]
    block, weights = block_of(rule, rows, ("a",), ("b",), ("c", "b"))
    assert (weights, block.at_least.tolist()) == ([[7, -3, -3]], [0])
    block, weights = block_of({**rule, "denominator": "baseline"}, rows, ("a",), ("b",))
    assert (weights, block.at_least.tolist()) == ([[1, 0]], [1])  # 10 x n >= 9, divided by 10: n >= 0.9


def test_calls_a_share_of_nothing_reached() -> None:
    rule = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30}
    found = reading(plan_of([rule], [unit("a")], converted("a")))
    assert (found.reached, found.denominator, found.met) == (100, 0, True)


def test_counts_no_unit_of_tomorrow_in_todays_share() -> None:
    """a pays for itself, b does not, p will from July 2026: 1 of 2 today, 2 of 3 at the end of 2030."""
    rule = {"id": "share", "rule": "autonomy_share", "year": 2030, "at_least_percent": 30}
    rows = [unit("a", **OWN), unit("b"), unit("p", **OWN, planned="2026-07-01")]
    found = facts(plan_of([rule], rows, Decision(unit_id="p", fate="create", year=2030)))
    assert found["share_today", None, ""] == (50, 1, 2)
    assert found["share", 2030, ""][1:] == (2, 3)


# Companies

READY: Row = {
    **OWN, "sector": "economic", "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 500,
}  # fmt: skip
HALF: Row = {
    "id": "companies", "rule": "equitization", "year": 2030, "at_least_percent": 34, "scope": {"parent": ["Sở A"]},
}  # fmt: skip
MAY_BE_COMPANIES = [
    unit("a", **READY), unit("b", **READY), unit("c", **READY | {"land_plan_approved": 2028}),
    unit("f", **READY, parent="Sở B"), unit("g"),
]  # fmt: skip


def equitized(*units: tuple[str, int]) -> list[Decision]:
    return [Decision(unit_id=name, fate="equitize", year=year) for name, year in units]


@pytest.mark.parametrize(
    ("steps", "done", "met"),
    [
        (equitized(("a", 2025)), 1, False),  # 33 1/3 of 34%
        (equitized(("a", 2025), ("f", 2025)), 1, False),  # f belongs to another parent
        (equitized(("a", 2025), ("c", 2030)), 2, True),
        (equitized(("b", 2030), ("c", 2030)), 2, True),
    ],
)
def test_counts_companies_among_the_eligible_of_the_scope(steps: list[Decision], done: int, met: bool) -> None:
    """Three are eligible by 2030, the land of one only from 2028 on; a third is 33 1/3%, 34% takes two of them."""
    found = reading(plan_of([HALF], MAY_BE_COMPANIES, *steps))
    assert (found.numerator, found.denominator, found.met) == (done, 3, met)


def test_asks_for_whole_companies_in_the_rows() -> None:
    """34% of three is 1.02: two. By 2025 two are eligible: 0.68, so one."""
    columns = columns_of(HALF, MAY_BE_COMPANIES)
    block = columns.scenario.rules[0].rows(columns)
    leaves, hosts = columns.paths.leaves, columns.paths.hosts
    companies = (columns.paths.exits == 1) & (leaves < 2) & (hosts < 3)  # a, b, c, in either stage
    assert block.at_least.tolist() == [2]
    assert block.matrix.toarray()[0][: len(leaves)].tolist() == companies.astype(int).tolist()
    assert block_of({**HALF, "year": 2025}, MAY_BE_COMPANIES)[0].at_least.tolist() == [1]


# Caps and floors


@pytest.mark.parametrize(
    ("limit", "years"),
    [
        ({"rule": "floor", "at_least": 1}, [2025, 2030]),
        ({"rule": "floor", "at_least": 1, "year": 2025}, [2025, 2030]),
        ({"rule": "floor", "at_least": 1, "year": 2030}, [2030]),
    ],
)
def test_judges_a_floor_from_its_year_on(limit: Row, years: list[int]) -> None:
    assert [r.year for r in plan_of([{"id": "limit", **limit}], [unit("a")]).readings] == years


def test_calls_nobody_outside_at_the_limit() -> None:
    """Two units, at most two and at least two: inside; at most one, at least three: outside."""
    units = units_of([unit("a"), unit("b")])
    for limit, outside in (
        ({"rule": "cap", "at_most": 2}, ()), ({"rule": "floor", "at_least": 2}, ()),
        ({"rule": "cap", "at_most": 1}, ("limit",)), ({"rule": "floor", "at_least": 3}, ("limit",)),
    ):  # fmt: skip
        scenario = scenario_of(rules=[{"id": "limit", **limit}])
        assert scenario.rules[0].outside_today(scenario, units) == outside


def test_reads_a_cap_without_a_year_in_the_last_stage() -> None:
    """a and b become one in 2030: the successor that lies across the edge of the scope stands there only."""
    rule = {"id": "cap", "rule": "cap", "sum": "units", "at_most": 9, "scope": {"sector": ["health"]}}
    rows = [unit("a", posts_budget=30), unit("b", sector="health")]
    plan = plan_of([rule], rows, *into("a", "b", year=2030))
    [asked] = plan.scenario.rules
    assert [asked.stage_read(plan.scenario, year) for year in (None, 2025, 2030)] == [1, 0, 1]
    assert asked.columns_named == ("sector",)
    negated = scenario_of(rules=[{**rule, "scope": {"sector_not": ["health"]}}]).rules[0]
    assert negated.columns_named == ("sector",)


# Payroll


@pytest.mark.parametrize(
    ("baseline", "most"),
    [
        ({"kind": "fixed"}, 18),  # nine tenths of today's 7 + 13
        ({"kind": "assigned"}, 27),  # of the 12 + 18 assigned for 2025
        ({"posts": 25}, 22),  # 22.5
    ],
)
def test_leaves_nine_tenths_of_a_baseline_in_the_rows(baseline: Row, most: int) -> None:
    """10 x posts <= 9 x baseline, divided by ten."""
    rule = {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10,
            "baseline": baseline}  # fmt: skip
    rows = [unit("a", posts_budget=7, posts_budget_2025=12), unit("b", posts_budget=13, posts_budget_2025=18)]
    block, weights = block_of(rule, rows, ("a",), ("b",))
    assert (weights, block.at_most.tolist()) == ([[7, 13]], [most])
    reached = {18: 20, 27: 30, 22: 25}[most]
    assert reading(plan_of([rule], rows)).denominator == reached


def test_takes_the_last_stage_by_the_baseline_year() -> None:
    """One post lapses in 2025, one in 2027, two in 2030: of the 18 that 2027 leaves, two are a ninth."""
    rule = {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2028, "at_least_percent": 10,
            "baseline": {"kind": "realised"}}  # fmt: skip
    slims = [Decision(unit_id="a", fate="slim", year=y, posts_slimmed=n) for y, n in ((2025, 1), (2027, 1), (2030, 2))]
    staffing = {"slimming": [{"at_most_percent": 30}]}
    plan = plan_of([rule], [unit("a", present_budget=16)], *slims, stages=THREE_STAGES, staffing=staffing)
    assert (reading(plan).numerator, reading(plan).denominator) == (2, 18)


def test_tells_of_a_part_that_is_cut_to_nothing() -> None:
    """The only culture unit leaves with its twenty posts: 20 of 20; the school keeps its thirty."""
    rule = {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 1,
            "baseline": {"kind": "fixed"}}  # fmt: skip
    rows = [unit("a"), unit("t", sector="education", kind="primary", posts_budget=30)]
    found = facts(plan_of([rule], rows, converted("a")))
    assert found["without_education_and_health", 2030, ""] == (100, 20, 20)
    assert found["education_and_health", 2030, ""] == (0, 0, 30)


# Functions


def test_counts_the_units_whose_function_may_not_remain() -> None:
    """Of a market unit, a political one and an essential one: without a list one may not stay, with one two."""
    rows = [unit("m", function="market"), unit("p", function="political"), unit("e")]
    rule = {"id": "functions", "rule": "remaining_functions", "year": 2030}
    for allowed, refused in ((None, 1), (["political"], 2), (["market", "political", "basic_essential"], 0)):
        asked = rule if allowed is None else rule | {"allowed": allowed}
        found = reading(plan_of([asked], rows))
        assert (found.numerator, found.denominator, found.met) == (refused, 3, refused == 0)


# Spending


@pytest.mark.parametrize(
    ("changed", "counting", "most", "base"),
    [
        ({}, {}, 15592, 17325),  # five years of 3,465, nine tenths are 15,592.5
        ({"period": [2026, 2028]}, {}, 9355, 10395),  # three years: 9,355.5
        ({"baseline_mvnd": 1001}, {}, 4504, 5005),  # 4,504.5
        ({"period": [2026, 2026]}, {}, 3118, 3465),  # one year: 3,118.5
        ({}, {"orders_are_direct_spending": True}, 15687, 17430),  # with orders of 21 a year
    ],
)
def test_leaves_nine_tenths_of_the_baseline_mean(changed: Row, counting: Row, most: int, base: int) -> None:
    """The mean of 2021-2025 was 3,465 a year."""
    rule = {"id": "money", "rule": "spending_cut", "at_least_percent": 10, **PERIOD} | changed
    rows = [
        unit("a", state_grant_2021_2025_mvnd=3465, orders_mvnd=21),
        unit("b", state_grant_2021_2025_mvnd=0, state_grant_mvnd=1),  # so that no row has a common divisor
    ]
    columns = columns_of(rule, rows, counting=counting)
    assert columns.scenario.rules[0].rows(columns).at_most.tolist() == [most]
    assert reading(plan_of([rule], rows, counting=counting)).denominator == base


# Sizes


def test_says_how_many_posts_a_least_size_keeps() -> None:
    """A least staff of 19 keeps nineteen of twenty posts; a least number of users keeps none."""
    rows, staffing = [unit("a", present_budget=17)], {"slimming": [{"at_most_percent": 30}]}
    size = {"id": "size", "rule": "structure", "at_least": 19}
    for measure, room in (("staff", 1), ("posts", 1), ("users", 3)):
        columns = columns_of({**size, "measure": measure}, rows, staffing=staffing)
        kept = columns.paths.leaves > 1
        assert set(columns.rooms.slim[0][kept[columns.paths.option_of_entry]].tolist()) <= {0, room}
        floors = list(columns.scenario.rules[0].posts_floor(columns))
        assert [(stage, set(groups), set(units)) for stage, groups, units in floors] == (
            [] if measure == "users" else [(0, {19}, {19}), (1, {19}, {19})]
        )


def test_takes_one_size_as_a_limit_on_both_sides() -> None:
    rule = {"id": "size", "rule": "structure", "measure": "posts", "at_least": 20, "at_most": 20, "binds": "all"}
    assert reading(plan_of([rule], [unit("a")])).met
    with pytest.raises(ValidationError, match=r"rules\.crossed:at_least,at_most"):
        scenario_of(rules=[{**rule, "at_most": 19}])


# Fewer units


def test_counts_from_the_stated_number_of_units() -> None:
    """Nine units stood when the plan was signed, five stand today: 20% of nine are 1.8, and four are gone already."""
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least_percent": 20, "baseline": {"units": 9}}
    rows = [unit(name) for name in "abcde"]
    found = reading(plan_of([rule], rows))
    assert (found.wanted * 5, found.reached, found.denominator, found.met) == (9, 4, 9, True)
    assert gave(plan_of([rule], rows)) == {"before": 4}
    block, weights = block_of(rule, rows, ("a",))
    assert (weights, block.at_most.tolist()) == ([[1]], [7])  # at most 7.2 remain
    assert block_of({**rule, "at_least_percent": None, "at_least": 2}, rows)[0].at_most.tolist() == [7]


def test_counts_companies_as_if_they_remained_where_the_scenario_says_so() -> None:
    """Two of three are gone: one company, one converted. Where companies do not count, one is fewer."""
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 1}
    rows, steps = [unit("a", **READY), unit("b"), unit("c")], [*equitized(("a", 2025)), converted("b")]
    for counts, reached, carried in (
        (True, 2, {"equitize": 1, "convert": 1}),
        (False, 1, {"convert": 1}),
    ):
        counting = {"equitized_counts_as_reduction": counts}
        plan = plan_of([rule], rows, *steps, counting=counting)
        assert reading(plan).reached == reached and gave(plan) == carried
        columns = columns_of(rule, rows, counting=counting)
        block = columns.scenario.rules[0].rows(columns)
        company = (columns.paths.exits == 1) & (columns.paths.leaves == 0)
        assert set(block.matrix.toarray()[0][: len(company)][company].tolist()) == {0 if counts else 1}


def test_tells_dissolved_units_and_merged_ones_apart() -> None:
    """Two are dissolved into a, one merges with it."""
    rows = [unit("a", posts_budget=40), unit("b"), *(unit(name, ineffective_years=3, receiver="a") for name in "cd")]
    steps = [Decision(unit_id=name, fate="dissolve", year=2025, receiver_id="a") for name in "cd"]
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 0}
    plan = plan_of([rule], rows, *into("a", "b"), *steps)
    found = facts(plan)
    assert (found["dissolved", 2025, ""][1], found["merged", 2025, ""][1]) == (2, 1)
    assert gave(plan) == {"dissolve": 2, "merge": 1}


# Pins


def test_measures_a_pinned_merger_by_the_first_to_join() -> None:
    """b joins a in 2025 and c in 2030; a has no row of its own: its merger is that of 2025."""
    rows = [unit("a", posts_budget=30), unit("b"), unit("c")]
    for year, met in ((2025, True), (2030, False)):
        pins = [{"unit": "a", "fate": "merge", "year": year}]
        steps = [Decision(unit_id=u, fate="merge", year=y, host_id="a") for u, y in (("b", 2025), ("c", 2030))]
        found = check(scenario_of(pins=pins), units_of(rows), steps)
        assert [one.met for one in found.plan.readings] == [met]


def test_keeps_nobody_who_leaves() -> None:
    pins = [{"unit": "a", "fate": "keep"}]
    assert plan_of([], [unit("a", **READY)], pins=pins).readings[0].met
    for fate in ("equitize", "convert"):
        assert (
            not plan_of([], [unit("a", **READY)], Decision(unit_id="a", fate=fate, year=2025), pins=pins)
            .readings[0]
            .met
        )


def test_breaks_a_pinned_year_by_coming_too_early_too() -> None:
    """b is to join a in 2030: the options in which it joins in 2025 or stays alone are broken."""
    pins = [{"unit": "b", "merge_with": ["a"], "year": 2030}]
    rows = [unit("a", posts_budget=30), unit("b")]
    scenario, units = scenario_of(pins=pins, actions={"merge": True}), units_of(rows)
    paths = list_options(scenario.model_copy(update={"pins": ()}), units).paths
    columns = Columns.build(scenario, units, paths)
    broken = scenario.demands[-1].breaks(columns).tolist()  # type: ignore[attr-defined]
    for option_, wrong in enumerate(broken):
        span = slice(paths.starts[option_], paths.starts[option_ + 1])
        joins = set(paths.joins[span].tolist()) - {-1}  # -1: the host
        assert wrong == (1 in paths.members[span] and joins != {1}), "a alone is no business of this pin"
    for year, met in ((2025, False), (2030, True)):
        found = check(scenario, units, into("a", "b", year=year))
        assert [one.met for one in found.plan.readings] == [met]


def test_holds_the_pinned_host_on_both_roads() -> None:
    """The smaller b is to be the host: a may join it, it may not join a."""
    pins = [{"unit": "b", "merge_with": ["a"], "host": "b"}]
    rows = [unit("a", posts_budget=30), unit("b")]
    for host, other, met in (("b", "a", True), ("a", "b", False)):
        assert plan_of([], rows, *into(host, other), pins=pins).readings[0].met == met
    scenario, units = scenario_of(pins=pins, actions={"merge": True}), units_of(rows)
    for listed, hosts in ((scenario, {1}), (scenario.model_copy(update={"pins": ()}), set())):  # else the larger hosts
        paths = list_options(listed, units).paths
        kept = ~scenario.demands[-1].breaks(Columns.build(scenario, units, paths))  # type: ignore[attr-defined]
        assert set(paths.hosts[kept & (paths.sizes == 2)].tolist()) == hosts


def test_puts_together_whom_pins_put_together() -> None:
    """b goes with a, d joins e as its host; c is never to meet d, and a raise under somebody's host ties nobody."""
    units = units_of([unit(name) for name in "abcde"])
    pins = [
        {"unit": "b", "merge_with": ["a"]}, {"unit": "d", "fate": "merge", "host": "e"},
        {"unit": "c", "never_with": ["d"]}, {"unit": "c", "fate": "raise", "host": "a"},
    ]  # fmt: skip
    assert pinned_groups(scenario_of(pins=pins), units) == [[0, 1], [3, 4]]


def test_takes_a_pin_without_a_year_for_the_first_stage_and_knows_the_labels_to_come() -> None:
    units = units_of([unit("a")])
    scenario = scenario_of(pins=[{"unit": "a", "fate": "transfer", "parent": "Sở B"}])
    assert [labels_after(scenario, units, "parent", stage).tolist() for stage in (0, 1)] == [["Sở B"], ["Sở B"]]
    assert [labels_after(scenario, units, "level", stage).tolist() for stage in (0, 1)] == [["department"]] * 2
    assert labels_to_come(scenario, "autonomy_group") == {"1", "2", "3", "4"}
    assert {"market", "political"} < labels_to_come(scenario, "function")
    assert (labels_to_come(scenario, "parent"), labels_to_come(scenario, "level")) == ({"Sở B"}, set())


def test_rounds_what_a_branch_saves() -> None:
    """A kept site saves 49.5% of three posts: 1.485, so one."""
    rows = [unit("a", posts_budget=40), unit("b")]
    savings = {"posts": [{"per_absorbed_unit": 3, "branch_percent": Decimal("49.5")}]}
    assert plan_of([], rows, *into("a", "b"), savings=savings).stages[0][0].figures["saved_posts"] == 1
