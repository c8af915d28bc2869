"""What rules judge and tell beyond yes and no, with figures computed by hand; sizes and places on both roads."""

from fractions import Fraction
from typing import Any

import decided
import numpy as np
import pytest
from decided import into
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.columns import Columns
from models.exact import products
from models.plan import Decision, Plan
from models.rules import Reading
from models.scenario import Scenario
from models.unit import Units

Row = dict[str, Any]
SCHOOL: Row = {"sector": "education", "kind": "primary", "level": "district"}


def plan_of(rules: list[Row], rows: list[Row], *steps: Decision, **tables: Any) -> Plan:
    """The plan of some steps; units that no step names are kept."""
    return decided.plan_of(scenario_of(rules=rules, **tables), rows, steps)


def reading(plan: Plan, label: str = "", year: int | None = None) -> Reading:
    return next(one for one in plan.readings if one.label == label and (year is None or one.year == year))


def facts(plan: Plan) -> dict[tuple[str, int | None, str], tuple[Fraction, int, int]]:
    return {(f.what, f.year, f.label): (f.value, f.numerator, f.denominator) for f in plan.context}


def columns_of(rule: Row, rows: list[Row], **tables: Any) -> Columns:
    scenario: Scenario = scenario_of(rules=[rule], **tables)
    units: Units = units_of(rows)
    return Columns.build(scenario, units, list_options(scenario, units).paths)


def option(columns: Columns, *members: str, closed: bool = False) -> int:
    """The option in which these units, the host last, are together from the first stage on."""
    wanted = [columns.units.positions[one] for one in members]
    for place in range(len(columns.paths)):
        span = slice(columns.paths.starts[place], columns.paths.starts[place + 1])
        joined = set(columns.paths.joins[span].tolist()) <= {0, -1} and columns.paths.raised[place] > 1
        dissolved = columns.paths.dissolved[span].any()
        same = columns.paths.members[span].tolist() == wanted and bool(columns.paths.closed[span].any()) == closed
        if same and joined and not dissolved and columns.paths.leaves[place] > 1:
            return place
    raise LookupError(members)


# Pupils per class


@pytest.mark.parametrize(
    ("binds", "first", "second", "met"),
    [
        ("new", (350, 10), (70, 2), True),  # 420 in 12 classes are 35, the limit itself
        ("new", (350, 10), (71, 2), False),  # 421 in 12 are 35 and a twelfth: no rounding
        ("not_worse", (350, 10), (71, 2), False),  # the first stands inside today
        ("not_worse", (360, 10), (72, 2), True),  # both one pupil over, and 432 in 12 are one over too
        ("not_worse", (360, 10), (74, 2), False),  # 434 in 12 are 1 1/6 over, the first was 1 over
        ("new", (350, 10), (0, 0), True),  # no class, nobody in it
        ("not_worse", (360, 10), (0, 0), True),  # who has no class has no say: 36 as before
        ("not_worse", (360, 10), (1, 0), False),  # 361 in 10
        ("new", (350, 0), (70, 0), True),  # no classes at all: nothing to judge
    ],
)
def test_judges_pupils_per_class_exactly_on_both_roads(
    binds: str, first: tuple[int, int], second: tuple[int, int], met: bool
) -> None:
    rule = {"id": "pupils", "rule": "structure", "measure": "users_per_class", "at_most": 35, "binds": binds}
    rows = [
        unit("a", **SCHOOL, posts_budget=30, users=first[0], classes=first[1]),
        unit("b", **SCHOOL, users=second[0], classes=second[1]),
    ]
    columns = columns_of(rule, rows)
    [asked] = columns.scenario.rules
    assert asked.breaks(columns)[option(columns, "b", "a")] == (not met)  # type: ignore[attr-defined]
    assert reading(plan_of([rule], rows, *into("a", "b"))).met == met


def test_judges_a_least_number_of_pupils_per_class_too() -> None:
    """61 pupils in 3 classes are 20 1/3, 59 are 19 2/3."""
    rule = {"id": "pupils", "rule": "structure", "measure": "users_per_class", "at_least": 20, "binds": "all"}
    assert reading(plan_of([rule], [unit("a", **SCHOOL, users=61, classes=3)])).met
    broken = reading(plan_of([rule], [unit("a", **SCHOOL, users=59, classes=3)]))
    assert broken.units == ("a",) and broken.existing == ()


def test_multiplies_exactly_beyond_64_bits() -> None:
    left, right = np.array([3 * 10**12, 2]), np.array([10**12, 5])
    assert products(left, right).tolist() == [3 * 10**24, 10]
    assert products(left[1:], right[1:]).dtype == np.int64


# Existing breaches


def test_lists_units_that_stand_outside_and_are_left_alone() -> None:
    """At least 15 posts: a has 10, b 12, c 20. What is merged by 2030 stands outside no longer."""
    rule = {"id": "size", "rule": "structure", "measure": "posts", "at_least": 15}
    rows = [unit(name, posts_budget=posts) for name, posts in (("a", 10), ("b", 12), ("c", 20))]
    assert scenario_of(rules=[rule]).rules[0].outside_today(scenario_of(rules=[rule]), units_of(rows)) == ("a", "b")
    kept, joined = plan_of([rule], rows), plan_of([rule], rows, *into("c", "a", year=2030))
    assert reading(kept).met and reading(kept).existing == ("a", "b")
    assert reading(joined).met and reading(joined).existing == ("b",)
    for_all = plan_of([{**rule, "binds": "all"}], rows)
    assert not reading(for_all).met and reading(for_all).units == ("a", "b") and reading(for_all).existing == ()


def test_lists_the_units_of_a_sum_that_stays_outside_because_it_stands_so_today() -> None:
    """Sở A has three units where two are the most from 2030 on; until then three are tolerated."""
    rule = {"id": "most", "rule": "cap", "at_most": 2, "per": "parent"}
    rows = [unit("a"), unit("b"), unit("c"), unit("d", parent="Sở B")]
    kept = plan_of([rule], rows)
    assert reading(kept, "Sở A", 2025).existing == ("a", "b", "c") and reading(kept, "Sở A", 2025).met
    assert not reading(kept, "Sở A", 2030).met and reading(kept, "Sở A", 2030).existing == ()
    assert reading(kept, "Sở B", 2025).existing == ()
    assert reading(plan_of([rule], rows, *into("a", "b")), "Sở A", 2025).existing == ()
    assert scenario_of(rules=[rule]).rules[0].outside_today(scenario_of(rules=[rule]), units_of(rows)) == ("Sở A",)


def test_lists_the_units_of_a_floor_that_is_not_reached_today() -> None:
    """1,500 users where 2,000 are asked for: 1,500 are enough, and both units are named."""
    rule = {"id": "users", "rule": "floor", "sum": "users", "at_least": 2000}
    found = reading(plan_of([rule], [unit("a", users=1000), unit("b", users=500)]), year=2030)
    assert found.met and found.wanted == 1500 and found.existing == ("a", "b")


# Places of service


PLACES = {"id": "places", "rule": "floor", "sum": "places", "at_least": 1, "per": "commune"}
TWO_COMMUNES = [unit("a", posts_budget=30, sites=1), unit("b", commune="Xã Hai", sites=2)]


def test_counts_a_kept_site_in_its_own_commune_on_both_roads() -> None:
    """The station of Xã Hai with its two sites joins a host in Xã Một: kept they stay two, closed there is none."""
    merging = [{"within": "parent", "same": [], "sites": "either"}]
    columns = columns_of(PLACES, TWO_COMMUNES, merging=merging)
    rows = columns.after("places", 2025, ("Xã Hai", "Xã Một"), per="commune").toarray()
    assert rows[:, option(columns, "b", "a")].tolist() == [2, 1]
    assert rows[:, option(columns, "b", "a", closed=True)].tolist() == [0, 1]
    kept = plan_of([PLACES], TWO_COMMUNES, *into("a", "b"))
    assert (reading(kept, "Xã Hai").reached, reading(kept, "Xã Một").reached) == (2, 1)
    assert {one.across for one in kept.readings} == {0}, "each place counts where it is"
    closed = reading(plan_of([PLACES], TWO_COMMUNES, *into("a", "b", site="closed")), "Xã Hai")
    assert closed.reached == 0 and not closed.met
    units = plan_of([{**PLACES, "sum": "units"}], TWO_COMMUNES, *into("a", "b"))
    assert not reading(units, "Xã Hai").met, "as units they count by the host"


def test_counts_a_place_until_the_stage_that_ends_it() -> None:
    """Closed in 2030, or converted in 2030: in 2025 the two sites are still there."""
    columns = columns_of(PLACES, TWO_COMMUNES, merging=[{"within": "parent", "same": [], "sites": "closed"}])
    late = np.flatnonzero((columns.paths.sizes == 2) & (columns.paths.joins[columns.paths.starts[:-1]] == 1))
    late = late[~columns.paths.dissolved[columns.paths.starts[late]]]
    by_rows = [columns.after("places", year, ("Xã Hai",), per="commune").toarray()[0, late] for year in (2025, 2030)]
    assert len(late) and [set(values.tolist()) for values in by_rows] == [{2}, {0}]
    for ended in (
        into("a", "b", year=2030, site="closed"),
        [Decision(unit_id="b", fate="convert", year=2030)],
    ):
        plan = plan_of([PLACES], TWO_COMMUNES, *ended)
        assert [reading(plan, "Xã Hai", year).reached for year in (2025, 2030)] == [2, 0]


def test_counts_a_place_under_the_parent_to_which_its_unit_is_transferred() -> None:
    pins = [{"unit": "b", "fate": "transfer", "parent": "Sở C", "year": 2030}]
    plan = plan_of([{**PLACES, "per": "parent"}], TWO_COMMUNES, pins=pins)
    assert [reading(plan, "Sở C", year).reached for year in (2025, 2030)] == [0, 2]


# Units that a legal duty creates


def test_counts_units_that_a_duty_creates_apart_on_both_roads() -> None:
    """Three units today and a fourth from July 2026; net it takes back one reduction, gross it is left out."""
    rows = [unit("a", posts_budget=30), unit("b"), unit("c"), unit("p", planned="2026-07-01")]
    stands = Decision(unit_id="p", fate="create", year=2030)
    steps: dict[str, tuple[list[Decision], int, int]] = {
        "all kept: net 3 - 4, gross 3 - 3": ([stands], -1, 0),
        "a and b merged: net 3 - 3, gross 3 - 2": ([*into("a", "b"), stands], 0, 1),
    }
    for story, (decisions, net, gross) in steps.items():
        for count, reached in (("net", net), ("gross", gross)):
            rule = {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 1, "count": count}
            found = reading(plan_of([rule], rows, *decisions))
            assert (found.reached, found.denominator, found.met) == (reached, 3, reached >= 1), story
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 1, "count": "gross"}
    columns = columns_of(rule, rows)
    block = columns.scenario.rules[0].rows(columns)
    coefficients = block.matrix.toarray()[0]
    assert [coefficients[option(columns, *who)] for who in (("a",), ("p",), ("b", "a"))] == [1, 0, 1]
    assert block.at_most.tolist() == [2]


# The edge of a scope


def test_counts_successors_that_lie_across_the_edge_of_a_scope() -> None:
    rows = [unit("a", posts_budget=30), unit("b", sector="health"), unit("c", parent="Sở B")]
    share = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 0}
    health = {**share, "scope": {"sector": ["health"]}}
    assert reading(plan_of([health], rows, *into("a", "b"))).across == 1
    assert reading(plan_of([health], rows, *into("a", "b", year=2030))).across == 0, "in 2025 b stands alone"
    assert reading(plan_of([health], rows, *into("a", "c"))).across == 0, "neither lies in the scope"
    assert reading(plan_of([share], rows, *into("a", "b"))).across == 0, "no scope, no edge"
    per = plan_of([{**share, "per": "parent"}], rows, *into("a", "c"))
    assert [reading(per, label).across for label in ("Sở A", "Sở B")] == [1, 1]


# Beside the readings


def test_tells_numerator_and_denominator_of_a_share_apart() -> None:
    """Two of four culture units pay for themselves (50%); one is converted, two others merge: 1 of 2 remains.

    Had only the numerator changed: 1 of 4, 25 points less; the smaller denominator brings 25 back. Over all units,
    with a grant-paid health unit, it is 1 of 3.
    """
    own: Row = {"posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4100, "state_grant_mvnd": 0}
    rows = [unit("a", **own), unit("b", **own), unit("c", posts_budget=30), unit("d"), unit("e", sector="health")]
    rule = {"id": "share", "rule": "autonomy_share", "year": 2030, "at_least_percent": 0,
            "scope": {"sector": ["culture_sport"]}}  # fmt: skip
    plan = plan_of([rule], rows, Decision(unit_id="a", fate="convert", year=2025), *into("c", "d", year=2030))
    assert facts(plan) == {
        ("share_today", None, ""): (50, 2, 4),
        ("share", 2025, ""): (Fraction(100, 3), 1, 3),
        ("share", 2030, ""): (50, 1, 2),
        ("numerator_effect", 2030, ""): (-25, 1, 4),
        ("denominator_effect", 2030, ""): (25, 1, 2),
        ("share_over_all_units", 2030, ""): (Fraction(100, 3), 1, 3),
    }


def test_tells_how_units_went_and_by_which_level() -> None:
    """Six units stand, a seventh is planned: one merged, one converted, one dissolved, one created; 6 - 4 = 2 fewer."""
    rows = [
        unit("a", posts_budget=30), unit("b"), unit("c", level="province"),
        unit("d", ineffective_years=3, receiver="e"), unit("e"), unit("f"),
        unit("p", planned="2025-07-01", level="commune"),
    ]  # fmt: skip
    steps = (
        *into("a", "b"),
        Decision(unit_id="c", fate="convert", year=2025),
        Decision(unit_id="d", fate="dissolve", year=2025, receiver_id="e"),
        Decision(unit_id="f", fate="merge", year=2030, host_id="a", site="kept"),
    )
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 0}
    assert facts(plan_of([rule], rows, *steps)) == {
        ("reduction", 2025, ""): (2, 2, 6),
        ("reduction", 2030, ""): (3, 3, 6),
        ("created", 2025, ""): (1, 1, 6),
        ("equitized", 2025, ""): (0, 0, 6),
        ("converted", 2025, ""): (1, 1, 6),
        ("dissolved", 2025, ""): (1, 1, 6),
        ("merged", 2025, ""): (1, 1, 6),
        ("net_reduction_of_level", 2025, "commune"): (-1, -1, 0),
        ("net_reduction_of_level", 2025, "department"): (2, 2, 5),
        ("net_reduction_of_level", 2025, "province"): (1, 1, 1),
    }


RAISED = Decision(unit_id="r", fate="raise", year=2025)
NEARLY: Row = {"revenue_mvnd": 3900, "state_grant_mvnd": 100, "orderable_mvnd": 100}


def test_shows_posts_that_moved_and_posts_that_are_gone_apart() -> None:
    """70 posts: 20 move with the raise, 2 vacant ones lapse; teachers' 30 stay. 22 of 70 in all, 22 of 40 without."""
    rows = [unit("r", **NEARLY), unit("s", present_budget=18), unit("t", **SCHOOL, posts_budget=30)]
    rule = {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10,
            "baseline": {"kind": "fixed"}}  # fmt: skip
    slimmed = Decision(unit_id="s", fate="slim", year=2025, posts_slimmed=2)
    plan = plan_of([rule], rows, RAISED, slimmed)
    assert reading(plan).reached == Fraction(2200, 70)
    assert facts(plan) == {
        ("without_education_and_health", 2030, ""): (55, 22, 40),
        ("education_and_health", 2030, ""): (0, 0, 30),
        ("posts_moved", 2030, ""): (20, 20, 70),
        ("posts_vanished", 2030, ""): (2, 2, 70),
    }
    culture = plan_of([{**rule, "scope": {"sector": ["culture_sport"]}}], rows, RAISED, slimmed)
    assert {what for what, *_ in facts(culture)} == {"without_education_and_health", "posts_moved", "posts_vanished"}


def test_shows_how_much_of_a_spending_cut_is_relabelling() -> None:
    """The raise turns a grant of 100 a year into orders: the direct cut is 500 of 500, the State pays what it paid.

    Orders of 20 a year that stand today are on both sides: (100 + 20) x 5 before, 120 x 5 after.
    """
    rule = {"id": "money", "rule": "spending_cut", "at_least_percent": 10, "period": [2026, 2030],
            "baseline_period": [2021, 2025]}  # fmt: skip
    plan = plan_of([rule], [unit("r", **NEARLY, orders_mvnd=20)], RAISED)
    assert reading(plan).reached == 100
    assert facts(plan) == {
        ("state_outlay_cut", 2030, ""): (0, 0, 600),
        ("relabelled_points", 2030, ""): (100, 500, 500),
    }
    counted = plan_of([rule], [unit("r", **NEARLY)], RAISED, counting={"orders_are_direct_spending": True})
    assert counted.context == (), "the reading itself is then on grants and orders"


def test_goes_on_ordering_from_what_has_left() -> None:
    """Converted in 2025: the grant of 100 ends, orders of 20 go on. 500 of 600 less, and nothing is relabelled."""
    rule = {"id": "money", "rule": "spending_cut", "at_least_percent": 10, "period": [2026, 2030],
            "baseline_period": [2021, 2025]}  # fmt: skip
    plan = plan_of([rule], [unit("r", **NEARLY, orders_mvnd=20)], Decision(unit_id="r", fate="convert", year=2025))
    assert facts(plan) == {
        ("state_outlay_cut", 2030, ""): (Fraction(500, 6), 500, 600),
        ("relabelled_points", 2030, ""): (0, 0, 500),
    }
