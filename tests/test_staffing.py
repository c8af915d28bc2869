"""Norms of positions and leaders, as the shipped rule sets state them: every figure reckoned by hand."""

import pathlib
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError
from small_province import run, write_scenario
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import Check, check
from models.columns import Columns
from models.exact import sum_half_up
from models.items import OPEN, ORDER, SLIM, without_idle_openings
from models.objective import criteria
from models.option import Path, Step, option_of
from models.plan import Decision, Successor
from models.positions import PositionRow, position_tables
from models.recount import Recount
from models.recount_norms import NormRecount
from models.scenario import Scenario
from models.staffing import UNKNOWN, Norms
from models.unit import Units
from planner.scenario_checks import problems_alone
from planner.scenario_file import read_scenario
from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

Row = dict[str, Any]


def rules_of(name: str) -> dict[str, Any]:
    """The [staffing] of a shipped rule set."""
    path = rule_set(name)
    assert path is not None
    staffing: dict[str, Any] = resolved_tables(path).tables["staffing"]
    return staffing


LAW = rules_of("staffing-2024")
NORMLESS: dict[str, Any] = {"deputies": []}


def school(id: str, kind: str, **figures: Any) -> Row:  # noqa: A002
    """A school of a district: one head, two deputies, two shared posts, one support post."""
    own = {"kind": kind, "sector": "education", "level": "district", "deputies": 2, "shared_posts": 2}
    return unit(id, **(own | {"support_posts": 1, "revenue_mvnd": 0, "users": 300} | figures))


def merged(rows: list[Row], *, closed: bool = False, **tables: Any) -> tuple[Columns, Check]:
    """All units merged into the first in 2025: as an option, and rebuilt from the decisions."""
    scenario, units = scenario_of(**({"staffing": LAW} | tables)), units_of(rows)
    host, site = units.ids[0], "closed" if closed else "kept"
    steps = {position: Step(0, closed=closed) for position in range(1, len(units))}
    columns = Columns.build(scenario, units, option_of(range(len(units)), 0, Path(steps), never=2))
    shared = {"fate": "merge", "year": 2025, "successor_id": host, "host_id": host, "form": "absorb"}
    found = check(scenario, units, [Decision(unit_id=unit, site=site, **shared) for unit in units.ids])
    return columns, found


def first(found: Check) -> Successor:
    return found.plan.stages[0][0]


def table_of(found: Check, stage: int = 0) -> dict[str, PositionRow]:
    [rows] = [rows for successor, rows in position_tables(found.plan) if successor.stage == stage]
    return {row.position: row for row in rows}


def figures(row: PositionRow) -> tuple[int | None, ...]:
    return (row.today, row.norm, row.after, row.surplus)


# Savings of a merger


@pytest.mark.parametrize(
    ("classes", "sites", "closed", "saved"),
    [
        ((9, 8), (1, 1), False, 4),  # 17 classes: 3 shared; 6 leaders + 4 shared - 3 - 3
        ((9, 6), (1, 1), False, 4),  # 15 classes reach the threshold
        ((9, 5), (1, 1), False, 5),  # 14 classes: 2 shared; 10 - 3 - 2
        ((9, 5), (3, 2), False, 4),  # 5 sites: 3 shared again
        ((9, 5), (3, 2), True, 5),  # two of them close
    ],
)
def test_saves_what_stands_above_the_norms_of_a_preschool(
    classes: tuple[int, int], sites: tuple[int, int], closed: bool, saved: int
) -> None:
    """Six leaders become a head and two deputies; the support posts have no norm, so none of them is saved."""
    columns, found = merged(
        [school(f"m{n}", "preschool", classes=classes[n], sites=sites[n]) for n in (0, 1)], closed=closed
    )
    assert columns.consequences.stages[0]["saved_posts"].tolist() == [saved]
    assert first(found).figures["saved_posts"] == saved
    assert first(found).figures["posts_budget"] == 40 - saved


def test_tells_a_signer_where_the_saved_posts_stand() -> None:
    found = merged([school("m0", "preschool", classes=9), school("m1", "preschool", classes=8)])[1]
    rows = table_of(found)
    assert figures(rows["leadership"]) == (6, 3, 3, 3)
    assert figures(rows["shared"]) == (4, 3, 3, 1)
    assert figures(rows["support"]) == (2, None, 2, None)
    assert figures(rows["specialised"]) == (20, None, 20, None)
    assert rows["shared"].source == "Thông tư 19/2023/TT-BGDĐT, Điều 6"
    assert (rows["shared"].certainty, rows["support"].certainty) == ("to_confirm", "")


def test_never_saves_below_the_norm_and_fills_what_lacks_first() -> None:
    """Four leaders and one shared post where three and two are allowed: five of five stay, one leader's post moves."""
    rows = [school(f"m{n}", "preschool", classes=5, deputies=1, shared_posts=n) for n in (0, 1)]
    found = merged(rows)[1]
    assert first(found).figures["saved_posts"] == 0
    assert figures(table_of(found)["leadership"]) == (4, 3, 3, 1)
    assert figures(table_of(found)["shared"]) == (1, 2, 2, 0)


def test_reckons_the_deputies_of_saved_posts_before_savings() -> None:
    """22 posts allow two deputies: 6 + 4 - 3 - 2 are saved, and the 17 that stay allow one: four surplus leaders."""
    columns, found = merged([school(f"m{n}", "preschool", classes=5, posts_budget=11) for n in (0, 1)])
    assert first(found).figures["saved_posts"] == 5 == int(columns.consequences.stages[0]["saved_posts"][0])
    assert first(found).figures["surplus_leaders"] == 4 == int(columns.consequences.stages[0]["surplus_leaders"][0])


def test_fills_no_position_that_nobody_leaves() -> None:
    """Three leaders stay three, and two shared posts that the norm gives are nowhere."""
    rows = [school(f"m{n}", "preschool", classes=5, deputies=n, shared_posts=0) for n in (0, 1)]
    assert figures(table_of(merged(rows)[1])["shared"]) == (0, 2, 0, 0)


def test_gives_a_table_to_what_is_raised() -> None:
    row = unit("a", revenue_mvnd=3600, state_grant_mvnd=400, orderable_mvnd=400)
    found = check(scenario_of(), units_of([row]), [Decision(unit_id="a", fate="raise", year=2030)])
    assert [successor.stage for successor, _ in position_tables(found.plan)] == [1]


def test_fills_no_position_beyond_its_norm() -> None:
    """Of the same ten posts three are left beside the two leaders that may stay; of two shared posts no third."""
    found = merged([school(f"m{n}", "preschool", classes=5, posts_budget=11) for n in (0, 1)])[1]
    assert figures(table_of(found)["shared"]) == (4, 2, 2, 2)


def test_reckons_the_deputies_of_a_slimmed_unit_by_its_posts_before() -> None:
    """21 posts allow two deputies; slimmed by one they still do."""
    scenario = scenario_of(staffing={"slimming": [{"at_most_percent": 30}]})
    units = units_of([unit("a", posts_budget=21, present_budget=20)])
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=1)
    found = check(scenario, units, [Decision(unit_id="a", fate="keep"), slim])
    row = table_of(found)["leadership"]
    assert figures(row) == (2, 3, 2, 0)
    assert figures(table_of(found)["specialised"]) == (10, None, 9, None)


def test_saves_the_flat_number_where_a_kind_has_no_norm_beside_teaching() -> None:
    """Primary schools have a norm of teachers only, and teachers are never saved: three posts per absorbed unit."""
    columns, found = merged([school(f"t{n}", "primary", classes=4) for n in (0, 1)])
    assert first(found).figures["saved_posts"] == 3 == int(columns.consequences.stages[0]["saved_posts"][0])
    assert table_of(found)["shared"].after is None, "nobody knows which three"


def test_reckons_no_surplus_without_a_norm() -> None:
    columns, found = merged([school(f"t{n}", "primary") for n in (0, 1)], staffing=NORMLESS)
    assert [first(found).figures[name] for name in ("heads", "deputies", "surplus_leaders")] == [1, 5, 0]
    assert columns.consequences.stages[0]["deputies"].tolist() == [5]
    assert figures(table_of(found)["leadership"]) == (6, None, 6, None)


# Norms themselves


@pytest.mark.parametrize(
    ("group", "level", "posts", "deputies"),
    [
        (1, "department", 8, 3),
        (2, "department", 8, 3),
        (3, "province", 20, 2),
        (4, "province", 21, 3),
        (3, "department", 20, 1),
        (4, "commune", 21, 2),
    ],
)
def test_allows_the_deputies_of_decree_120(group: int, level: str, posts: int, deputies: int) -> None:
    scenario, units = scenario_of(staffing=LAW), units_of([unit("a", level=level)])
    columnar = Norms(scenario, units, 0, np.array([0])).deputies(np.array([group]), np.array([posts]))
    entry = NormRecount(scenario, units).deputies(0, 0, group, posts)
    assert columnar.tolist() == [deputies] and entry is not None and entry.deputies == deputies


def test_judges_by_the_level_after_a_transfer() -> None:
    pins = [{"unit": "a", "fate": "transfer", "parent": "UBND tỉnh", "level": "province", "year": 2030}]
    scenario, units = scenario_of(staffing=LAW, pins=pins), units_of([unit("a")])
    found = [Norms(scenario, units, stage, np.array([0])).deputies(np.array([4]), np.array([20])) for stage in (0, 1)]
    assert [int(norm[0]) for norm in found] == [1, 2]


@pytest.mark.parametrize(
    ("kind", "classes", "teachers"),
    [
        ("upper_secondary", 26, 59),  # 58.5, a half goes up
        ("upper_secondary", 25, 56),  # 56.25
        ("lower_secondary", 15, 29),  # 28.5
        ("primary", 17, 20),  # 20.4
        ("preschool", 9, UNKNOWN),
    ],
)
def test_gives_so_many_teachers_a_class(kind: str, classes: int, teachers: int) -> None:
    scenario, units = scenario_of(staffing=LAW), units_of([school("a", kind, classes=classes)])
    norms = Norms(scenario, units, 0, np.array([0])).posts("specialised", units.figures)
    entry = NormRecount(scenario, units).posts("specialised", 0, 0, {"classes": classes, "sites": 1})
    assert norms.tolist() == [teachers] == [UNKNOWN if entry is None else entry]


def test_adds_a_norm_exactly_and_rounds_it_once() -> None:
    """0.3 per bed of 1, 0.2 per site of 1: a half goes up, where two roundings would lose it."""
    shares = [Fraction(3, 10), Fraction(2, 10)]
    assert sum_half_up([np.array([1, 2]), np.array([1, 4])], shares).tolist() == [1, 1]
    long = Fraction("0.33333333333333333333333333")
    assert sum_half_up([np.array([3, 150]), np.array([1, 4])], [long, Fraction(1, 2)]).tolist() == [1, 52]


# Slimming


def upper_secondary(posts: int, **more: Any) -> tuple[Scenario, Units]:
    """26 classes: 59 teachers, 3 leaders, and today's 2 shared and 1 support posts are a norm of 65; five vacancies."""
    rows = [school("a", "upper_secondary", classes=26, posts_budget=posts, present_budget=posts - 5)]
    return scenario_of(staffing=LAW | more, money={"discount_percent": 0, "horizon": 2031}), units_of(rows)


@pytest.mark.parametrize(("posts", "room"), [(72, 5), (68, 3), (65, 0), (60, 0)])
def test_slims_down_to_the_norm_and_no_further(posts: int, room: int) -> None:
    """The percentage of schools, 0, does not count where the norm is known; vacancies still bound what may lapse."""
    scenario, units = upper_secondary(posts)
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    assert columns.levers.slim_cap[0].tolist() == [room]
    assert Recount(scenario, units).slim_cap(0, 0) == room


@pytest.mark.parametrize(
    ("posts", "lost"),
    [
        (68, 860),  # 150 a year, six years, 65/68: 860.29
        (200, 450),  # 65/200 is less than a half
    ],
)
def test_loses_less_work_above_the_norm(posts: int, lost: int) -> None:
    scenario, units = upper_secondary(posts)
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    item = len(columns.paths) + int(np.flatnonzero((columns.items.kind == SLIM) & (columns.items.stage == 0))[0])
    assert int(criteria(columns)["work_lost"][item]) == lost
    assert int(criteria(columns)["state_saving"][item]) == 900
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=1)
    found = check(scenario, units, [Decision(unit_id="a", fate="keep"), slim])
    assert not found.refusals and found.plan.criteria["work_lost"] == lost
    assert figures(table_of(found)["specialised"]) == (10, 59, 9, 0)


@pytest.mark.parametrize(
    ("norm", "weight"), [(30, Fraction(3, 2)), (35, Fraction(3, 2)), (20, Fraction(1)), (27, Fraction(27, 20))]
)
def test_weighs_work_more_below_the_norm(norm: int, weight: Fraction) -> None:
    """A unit of twenty posts below its norm has nothing to slim; were it asked, its work would weigh so much."""
    positions = [{"group": "specialised", "posts": norm - 4}]
    scenario = scenario_of(staffing={"positions": positions, "deputies": []})
    units = units_of([unit("a")])  # two leaders, one shared, one support post
    assert Recount(scenario, units).work_weight(0, 0) == weight


def test_never_slims_a_merged_group_below_its_norm() -> None:
    """85 posts, 3 saved; 32 classes give 72 teachers, 3 leaders, 2 shared, 2 support: 79, so three may lapse."""
    rows = [
        school("a", "upper_secondary", classes=20, posts_budget=60, present_budget=50, shared_posts=1),
        school("b", "gdtx", classes=12, posts_budget=25, present_budget=17, deputies=1, shared_posts=1),
    ]
    staffing = LAW | {"slimming": [{"at_most_percent": 50}]}
    columns, found = merged(rows, staffing=staffing)
    assert columns.levers.slim_cap[0].tolist() == [10, 8], "alone, both could slim all their vacancies"
    assert columns.rooms.slim[0].tolist() == [0, 3], "of b and its host"
    assert [_refusals_of_slimming(found, posts) for posts in (3, 4)] == [[], ["check.slim_beyond_room"] * 2]


def _refusals_of_slimming(found: Check, posts: int) -> list[str]:
    """Why so many posts may not be slimmed in the host in 2025; told once for each stage."""
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=posts)
    rebuilt = check(found.plan.scenario, found.plan.units, [*found.plan.decisions, slim])
    return [problem.code for problem in rebuilt.refusals]


# What a scenario may say


def test_tells_only_of_successors_that_a_decision_changed() -> None:
    scenario, units = scenario_of(staffing=LAW), units_of([unit("a"), unit("b")])
    kept = [Decision(unit_id=id_, fate="keep") for id_ in units.ids]
    assert list(position_tables(check(scenario, units, kept).plan)) == []


@pytest.mark.parametrize(
    ("staffing", "place"),
    [
        ({"positions": [{"group": "shared"}]}, r"rules\.some_of:posts,per"),
        ({"positions": [{"group": "teachers", "posts": 1}]}, "group"),
        ({"positions": [{"group": "shared", "per": {"pupils": Decimal("0.1")}}]}, r"per\.pupils"),
        ({"grades": [{}]}, r"rules\.some_of:grade_1"),
        ({"deputies": [{"deputies": 2, "autonomy_groups": [0]}]}, "autonomy_groups"),
        ({"divisions": [{"people_at_least": 0}]}, "people_at_least"),
        ({"small_staff": 20}, "small_staff"),
    ],
)
def test_refuses_a_norm_that_says_nothing(staffing: Mapping[str, Any], place: str) -> None:
    with pytest.raises(ValidationError, match=place):
        scenario_of(staffing=staffing)


def test_refuses_a_norm_by_what_a_plan_changes() -> None:
    scenario = scenario_of(staffing={"deputies": [{"id": "x", "where": {"autonomy_group": ["4"]}, "deputies": 1}] * 2})
    found = {(problem.where, problem.code) for problem in problems_alone(scenario)}
    assert found == {
        ("staffing.deputies[x].where.autonomy_group", "scenario.norm_column"),
        ("staffing[x]", "scenario.doubled_norm_id"),
    }


def test_builds_one_rule_set_on_another(tmp_path: pathlib.Path) -> None:
    """The set of 2025 changes divisions only; a scenario that lists deputies itself replaces all of them."""
    own = {"extends": ["rules:staffing-2025"], "staffing": {"deputies": [{"deputies": 4}], "run_off_years": 3}}
    staffing = read_scenario(write_scenario(tmp_path / "own", **own)).scenario.staffing
    assert [norm.people_at_least for norm in staffing.divisions] == [15]
    assert [norm.deputies for norm in staffing.deputies] == [4]
    assert len(staffing.positions) == 6 and staffing.run_off_years == 3


def test_tells_which_norms_are_to_be_confirmed(tmp_path: pathlib.Path) -> None:
    """All sixteen norms of the set of 2025 but that of upper secondary teachers, which was read."""
    place = write_scenario(tmp_path / "own", extends=["rules:staffing-2025"], staffing=None)
    said = run("check", place).stdout
    assert "To be confirmed before use (16):\n" in said
    assert "(staffing.deputies[deputies_group_1])" in said and "(staffing.divisions[divisions])" in said


def test_finds_every_source_and_certainty_in_the_rule_sets() -> None:
    for name in ("staffing-2024", "staffing-2025"):
        norms = [entry for entries in rules_of(name).values() if isinstance(entries, list) for entry in entries]
        assert norms and all(entry["source"] and entry["certainty"] and entry["id"] for entry in norms)


def test_opens_no_orders_where_nothing_is_ordered() -> None:
    """Within its gap an engine may leave an opening standing, which costs 20; the plan does without."""
    rows = [unit("a", orderable_mvnd=1000, revenue_mvnd=500)]
    scenario, units = scenario_of(), units_of(rows)
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    first_item, kind = len(columns.paths), columns.items.kind
    order, opened = (
        first_item + np.flatnonzero((kind == name) & (columns.items.stage == 0))[0] for name in (ORDER, OPEN)
    )
    values = np.zeros(len(columns), dtype=np.int64)
    values[[0, opened]] = 1
    assert without_idle_openings(columns.items, values)[[0, opened]].tolist() == [1, 0]
    values[order] = 2
    assert without_idle_openings(columns.items, values)[[0, opened, order]].tolist() == [1, 1, 2]
