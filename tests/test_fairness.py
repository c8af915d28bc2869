"""No area bears more than its share: fractions counted by hand."""

from fractions import Fraction
from typing import Any

import pytest
from decided import into, plan_of
from worlds import part_of, scenario_of, unit, units_of

from models.candidates import list_options
from models.columns import Columns
from models.plan import Decision, Plan

EVERYWHERE = [{"within": "province", "same": [], "mixed_functions": True}]
ROWS: list[dict[str, Any]] = [
    unit("a", area="Bắc", posts_budget=40),
    unit("b", area="Bắc", posts_budget=10),
    unit("c", area="Bắc", posts_budget=30, parent="Sở B"),
    unit("d", area="Nam", posts_budget=20),
    unit("e", area="Nam", posts_budget=20, level="province"),
]
# b joins a in 2025, d leaves in 2030.
DECISIONS = [*into("a", "b"), Decision(unit_id="d", fate="convert", year=2030)]


def plan_under(rule: dict[str, Any], rows: list[dict[str, Any]] = ROWS, *more: Decision) -> Plan:
    whole = {"id": "fair", "rule": "fairness"} | rule
    return plan_of(scenario_of(rules=[whole], merging=EVERYWHERE), rows, [*DECISIONS, *more])


def told(rule: dict[str, Any]) -> dict[str, tuple[int, int, bool]]:
    """Per label of the readings: touched, out of all, held."""
    return {r.label: (r.numerator, r.denominator, r.met) for r in plan_under(rule).readings}


def test_counts_host_and_joined_and_whoever_leaves_in_each_area() -> None:
    """Two of three in Bắc are above 66.6%, one of two in Nam is below."""
    assert told({"at_most_percent": Fraction(333, 5)}) == {"Bắc": (2, 3, False), "Nam": (1, 2, True)}


def test_holds_a_share_that_is_met_exactly() -> None:
    assert told({"at_most_percent": 50}) == {"Bắc": (2, 3, False), "Nam": (1, 2, True)}


def test_weighs_units_by_the_people_who_work_there() -> None:
    """Fifty of eighty people in Bắc, twenty of forty in Nam."""
    rule = {"at_most_percent": 62, "count": "people"}
    assert told(rule) == {"Bắc": (50, 80, False), "Nam": (20, 40, True)}


def test_looks_at_what_is_decided_by_its_year() -> None:
    assert told({"at_most_percent": 0, "year": 2025})["Nam"] == (0, 2, True)


def test_counts_only_its_scope_under_the_column_that_it_names() -> None:
    """Sở A holds a, b and d besides e, which is no department's; c of Sở B is left alone."""
    rule = {"at_most_percent": 99, "per": "parent", "scope": {"level": ["department"]}}
    assert told(rule) == {"Sở A": (3, 3, False), "Sở B": (0, 1, True)}


def test_leaves_out_units_that_do_not_stand_yet() -> None:
    """A fifth unit in Nam in 2026 would make it one of three; an area with nobody but it has no reading."""
    new = [part_of(ROWS[3], "v", "2026"), part_of(ROWS[3], "w", "2026") | {"area": "Đảo"}]
    settled = [Decision(unit_id=name, fate="create", year=2030) for name in ("v", "w")]
    readings = plan_under({"at_most_percent": 40}, [*ROWS, *new], *settled).readings
    assert {r.label: (r.numerator, r.denominator) for r in readings} == {"Bắc": (2, 3), "Nam": (1, 2)}


def test_says_how_much_is_touched_over_all_areas() -> None:
    (fact,) = plan_under({"at_most_percent": 70}).context
    assert (fact.what, fact.value, fact.numerator, fact.denominator) == ("share_touched_over_all", 60, 3, 5)


def test_an_area_of_nobody_has_a_share_of_nothing() -> None:
    """Two units without any people: no share of people, and so none that is too large."""
    rows = [row | ({"present_budget": 0} if row["area"] == "Nam" else {}) for row in ROWS]
    readings = plan_under({"at_most_percent": 0, "count": "people"}, rows).readings
    assert [(r.label, r.reached, r.met) for r in readings] == [
        ("Bắc", Fraction(5000, 80), False), ("Nam", Fraction(0), True),
    ]  # fmt: skip


@pytest.mark.parametrize(("percent", "held"), [(66, False), (Fraction(200, 3), True), (67, True)])
def test_rows_let_two_of_three_merge_from_two_thirds_on(percent: Fraction | int, held: bool) -> None:
    rule = {"id": "fair", "rule": "fairness", "at_most_percent": percent}
    scenario, units = scenario_of(rules=[rule], merging=EVERYWHERE, actions={"merge": True}), units_of(ROWS)
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    rows = scenario.demands[0].rows(columns)
    north = rows.matrix.toarray()[rows.labels.index("Bắc")]
    merged = [o for o in range(len(columns.paths)) if sorted(columns.paths.members_of(o).tolist()) == [0, 1]]
    assert merged and all((north[o] <= rows.at_most[rows.labels.index("Bắc")]) == held for o in merged)
