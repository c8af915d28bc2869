"""Units that the law or people create: they count from their day on, and what is split off leaves the old unit."""

import numpy as np
import pytest
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.exact import Integers
from models.objective import costs
from models.plan import Decision, Plan
from models.prepared import prepare
from models.recount import Recount
from models.scenario import Scenario
from models.standing import standing_of
from models.unit import Units
from planner.scenario_checks import problems_alone, problems_with_units

CENTRE = unit(
    "hc", kind="health_centre", posts_budget=100, heads=1, deputies=2, revenue_mvnd=3000, recurrent_mvnd=20000,
    state_grant_mvnd=17000, orders_mvnd=0, users=900, sites=4,
)  # fmt: skip
STATION = {
    "kind": "health_station", "level": "commune", "parent": "UBND xã Một", "posts_budget": 10, "heads": 1,
    "deputies": 0,
    "revenue_mvnd": 100, "recurrent_mvnd": 1600, "state_grant_mvnd": 1500, "users": 200,
}  # fmt: skip
SPLIT = {"unit": "hc", "fate": "split", "into": ["st1", "st2"], "reason": "Trạm y tế thành đơn vị của xã"}


def _province(**tables: object) -> tuple[Scenario, Units]:
    """A centre whose two stations become units on 1 January 2026; a counselling centre that comes from nothing."""
    rows = [
        CENTRE,
        unit("st1", planned="2026-01-01", **STATION),
        unit("st2", planned="2026-01-01", **STATION),
        unit("new", planned="2030-07-01", posts_budget=5, recurrent_mvnd=900, revenue_mvnd=0, state_grant_mvnd=900),
    ]
    return scenario_of(**({"pins": [SPLIT]} | tables)), units_of(rows)


def _kept(scenario: Scenario, units: Units) -> tuple[Columns, Plan]:
    """The plan in which nobody decides anything."""
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    values = np.concatenate([_nothing_decided(columns), np.zeros(len(columns.items), np.int64)])
    rebuilt = check(scenario, units, decisions_of(columns, values))
    assert not rebuilt.refusals
    return columns, rebuilt.plan


def _nothing_decided(columns: Columns) -> Integers:
    paths = columns.paths
    return ((paths.raised == 2) & (paths.leaves == 2) & (paths.sizes == 1)).astype(np.int64)


def test_counts_a_planned_unit_from_the_stage_by_whose_year_it_stands() -> None:
    """One unit today and at the end of 2025 (the stations stand a day later); four at the end of 2030."""
    _, plan = _kept(*_province())
    assert int(plan.units.figure_of("units").sum()) == 1
    assert (plan.units_after(2025), plan.units_after(2030)) == (1, 4)


def test_takes_what_is_split_off_from_the_old_unit_but_for_its_leaders() -> None:
    scenario, units = _province()
    _, plan = _kept(scenario, units)
    before, after = ({s.id: s.figures for s in stage} for stage in plan.stages)
    assert before["hc"]["posts_budget"] == 100 and before["hc"]["state_grant_mvnd"] == 17000
    assert after["hc"]["posts_budget"] == 80  # 100 - 2 x 10
    assert after["hc"]["state_grant_mvnd"] == 14000  # 17,000 - 2 x 1,500
    assert after["hc"]["recurrent_mvnd"] == 16800 and after["hc"]["users"] == 500 and after["hc"]["sites"] == 2
    assert (after["hc"]["heads"], after["hc"]["deputies"]) == (1, 2)
    assert (after["st1"]["posts_budget"], after["st1"]["heads"]) == (10, 1)
    assert standing_of(scenario, units)[1].figure("present_budget").tolist() == [80, 5, 10, 10]


def test_a_split_moves_no_money_and_a_creation_from_nothing_costs_its_outlay() -> None:
    """The new centre stands at the end of 2030, stage two is in force from 2028: 900 a year to 2035, undiscounted."""
    scenario, units = _province(money={"discount_percent": 0, "horizon": 2035})
    columns, plan = _kept(scenario, units)
    assert plan.criteria["state_saving"] == -900 * 8
    grants = {year: plan.direct_spending(year, ("all",))["all"] for year in (2025, 2026, 2027, 2028)}
    assert grants == {2025: 17000, 2026: 17000, 2027: 17000, 2028: 17900}
    assert plan.after("posts_budget", 2030, ("all",))["all"] == 105
    assert plan.score == int(costs(columns)[: len(columns.paths)] @ _nothing_decided(columns)) == 7200


def test_says_create_and_split_in_the_decisions_with_the_reason_of_the_pin() -> None:
    scenario, units = _province()
    _, plan = _kept(scenario, units)
    rows = [(d.unit_id, d.fate, d.year, d.host_id, d.reason) for d in plan.decisions]
    reason = "Trạm y tế thành đơn vị của xã"
    assert rows == [
        ("hc", "keep", None, "", ""),
        ("hc", "split", 2030, "", reason),
        ("new", "create", 2030, "", ""),
        ("st1", "create", 2030, "hc", reason),
        ("st2", "create", 2030, "hc", reason),
    ]


def test_leaves_the_baseline_as_it_is_today() -> None:
    """Cutting one of one unit cannot be met by calling units of tomorrow part of today's count."""
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 1}
    _, plan = _kept(*_province(rules=[rule]))
    reading = plan.readings[0]
    assert (reading.denominator, reading.reached, reading.met) == (1, -3, False)


def test_lists_nothing_but_standing_for_a_planned_unit() -> None:
    scenario, units = _province()
    paths = prepare(scenario, units).columns.paths
    found = {units.ids[paths.members[paths.starts[o]]]: int(paths.sizes[o]) for o in range(len(paths))}
    mine = [o for o in range(len(paths)) if units.ids[paths.hosts[o]] in ("st1", "st2", "new")]
    assert len(mine) == 3 and {found["st1"], found["st2"], found["new"]} == {1}


def test_refuses_a_hand_made_row_that_creates_or_moves_what_nobody_settled() -> None:
    scenario, units = _province()
    kept = [Decision(unit_id=name, fate="create", year=2030) for name in ("new", "st1", "st2")]
    for row, code in (
        (Decision(unit_id="hc", fate="create", year=2030), "check.not_created"),
        (Decision(unit_id="hc", fate="split", year=2025), "check.not_created"),
        (Decision(unit_id="hc", fate="transfer", year=2025), "check.transfer_not_pinned"),
    ):
        assert [problem.code for problem in check(scenario, units, [*kept, row]).refusals] == [code]


@pytest.mark.parametrize(
    ("pins", "planned", "code"),
    [
        ([SPLIT], "2024-01-01", "scenario.planned_date"),
        ([SPLIT], "2031-01-01", "scenario.planned_date"),
        ([SPLIT, {**SPLIT, "into": ["st1"]}], "2026-01-01", "scenario.split_twice"),
        ([{"unit": "st1", "fate": "equitize"}], "2026-01-01", "scenario.planned_only_stands"),
        ([{"unit": "hc", "merge_with": ["st1"]}], "2026-01-01", "scenario.planned_only_stands"),
        ([{"unit": "hc", "fate": "create"}], "2026-01-01", "scenario.not_planned"),
        ([{"unit": "st1", "fate": "split", "into": ["hc"]}], "2026-01-01", "scenario.planned_only_stands"),
    ],
)
def test_refuses_what_a_planned_unit_cannot_be(pins: list[dict[str, object]], planned: str, code: str) -> None:
    rows = [CENTRE, unit("st1", planned=planned, **STATION), unit("st2", planned="2026-01-01", **STATION)]
    assert code in [problem.code for problem in problems_with_units(scenario_of(pins=pins), units_of(rows))]


def test_refuses_parts_that_are_more_than_the_whole() -> None:
    """Two stations of 60 posts cannot leave a centre of 100."""
    rows = [CENTRE, *(unit(name, planned="2026-01-01", **{**STATION, "posts_budget": 60}) for name in ("st1", "st2"))]
    found = problems_with_units(scenario_of(pins=[SPLIT]), units_of(rows))
    short = {problem.facts["column"]: problem.facts["short"] for problem in found}
    assert short["posts_budget"] == 20 and {problem.code for problem in found} == {"scenario.split_overdrawn"}


@pytest.mark.parametrize(
    ("pin", "code"),
    [
        ({"unit": "hc", "fate": "split"}, "scenario.split_of_one"),
        ({"unit": "hc", "fate": "keep", "into": ["st1"]}, "scenario.into_without_split"),
        ({"unit": "st1", "fate": "create", "year": 2030}, "scenario.year_of_new_unit"),
    ],
)
def test_refuses_pins_that_say_too_little_or_too_much(pin: dict[str, object], code: str) -> None:
    assert [problem.code for problem in problems_alone(scenario_of(pins=[pin]))] == [code]


def test_leaves_head_and_deputies_with_the_old_unit_on_both_roads() -> None:
    """The station appoints a head and a deputy of its own; the centre keeps its one and two."""
    rows = [CENTRE, unit("st1", planned="2026-01-01", **{**STATION, "deputies": 1})]
    pin = {**SPLIT, "into": ["st1"]}
    scenario, units = scenario_of(pins=[pin]), units_of(rows)
    first, last = standing_of(scenario, units)
    assert [table.figure(name).tolist() for table in (first, last) for name in ("heads", "deputies")] == [
        [1, 0], [2, 0], [1, 1], [2, 1],
    ]  # fmt: skip
    book = Recount(scenario, units)
    assert [book.at(unit_, name, 1) for name in ("heads", "deputies") for unit_ in (0, 1)] == [1, 1, 2, 1]


def test_lets_a_unit_give_all_that_it_has() -> None:
    """Two stations of fifty posts leave a centre of a hundred with none, and with one head and two deputies."""
    rows = [CENTRE, *(unit(name, planned="2026-01-01", **{**STATION, "posts_budget": 50}) for name in ("st1", "st2"))]
    found = problems_with_units(scenario_of(pins=[SPLIT]), units_of(rows))
    assert "posts_budget" not in {problem.facts.get("column") for problem in found}


def test_gives_the_table_of_every_stage_its_year() -> None:
    scenario = scenario_of()
    assert [table.year for table in standing_of(scenario, units_of([CENTRE]))] == [2025, 2030]
    assert [table.year for table in standing_of(*_province())] == [2025, 2030]


def test_a_unit_that_is_to_be_split_neither_leaves_nor_ends() -> None:
    """A company could give no public unit back: the pins contradict one another, and the search does not list it."""
    scenario, units = _province(pins=[SPLIT, {"unit": "hc", "fate": "convert", "year": 2025}])
    facts = [dict(problem.facts) for problem in problems_with_units(scenario, units)]
    assert facts == [{"one": "split", "other": "convert"}]
    scenario, units = _province()
    paths = prepare(scenario, units).columns.paths
    assert (paths.leaves[paths.hosts == units.positions["hc"]] == 2).all()
    left = [Decision(unit_id="hc", fate="convert", year=2025)]
    new = [Decision(unit_id=name, fate="create", year=2030) for name in ("new", "st1", "st2")]
    assert [problem.code for problem in check(scenario, units, [*left, *new]).refusals] == ["check.action_forbidden"]
