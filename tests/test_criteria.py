"""Criteria beyond the score of single groups: ratings lost, the worst commune, the most touched area."""

from typing import Any

import numpy as np
import pytest
from decided import into, plan_of
from random_plans import random_values
from test_two_roads import EXAMPLES, _rows
from worlds import part_of, scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.figures import CRITERIA, PEAKS
from models.objective import costs, criteria
from models.plan import Decision

EVERYWHERE = [{"within": "province", "same": [], "mixed_functions": True, "sites": "either"}]
# One degree of latitude is 111,195 m over the globe; with a road factor of one a tenth of it is 11,119 m.
TENTH = 11_119
PLAIN = {"savings": {"road_factor": 1}, "merging": EVERYWHERE}
SCHOOLS: list[dict[str, Any]] = [
    unit("a", sector="education", commune="Xã Một", area="Bắc", users=900, lat=11.0),
    unit("b", sector="education", commune="Xã Một", area="Bắc", users=300, lat=11.1),
    unit("c", sector="education", commune="Xã Hai", area="Nam", users=100, lat=11.1),
    unit("d", sector="health", commune="Xã Một", area="Nam", users=50, lat=11.1),
    unit("e", sector="health", commune="Xã Một", area="Nam", users=350, lat=11.0),
]


def test_finds_the_commune_and_sector_whose_users_go_furthest_on_average() -> None:
    """Xã Một: 300 of 1,200 pupils go a tenth of a degree, 50 of 400 patients too; all pupils of Xã Hai stay."""
    plan = plan_of(scenario_of(**PLAIN), SCHOOLS, [*into("a", "b", site="closed"), *into("e", "d", site="closed")])
    assert plan.criteria["worst_commune_m"] == -(-300 * TENTH // 1200) == 2780


def test_a_kept_site_sends_nobody_further() -> None:
    plan = plan_of(scenario_of(**PLAIN), SCHOOLS, into("a", "b", site="kept"))
    assert plan.criteria["worst_commune_m"] == 0


def test_a_small_commune_that_loses_its_only_site_is_the_worst() -> None:
    plan = plan_of(scenario_of(**PLAIN), SCHOOLS, into("a", "b", "c", site="closed"))
    assert plan.criteria["worst_commune_m"] == TENTH


def test_groups_users_by_kind_where_the_scenario_says_so() -> None:
    """The same pupils, but b is the only library of Xã Một: all of its 300 users go the whole way."""
    rows = [row | ({"kind": "library"} if row["id"] == "b" else {}) for row in SCHOOLS]
    plan = plan_of(scenario_of(**PLAIN, objective={"user_groups": "kind"}), rows, into("a", "b", site="closed"))
    assert plan.criteria["worst_commune_m"] == TENTH


def test_finds_the_area_of_which_most_units_are_touched() -> None:
    """Two of two in Bắc and one of three in Nam."""
    plan = plan_of(scenario_of(**PLAIN), SCHOOLS, [*into("a", "b"), Decision(unit_id="d", fate="convert", year=2030)])
    assert plan.criteria["most_touched_permille"] == 1000
    fewer = plan_of(scenario_of(**PLAIN), SCHOOLS, [Decision(unit_id="d", fate="convert", year=2030)])
    assert fewer.criteria["most_touched_permille"] == 334  # 333 and a third, rounded up


def test_weighs_touched_units_by_their_people() -> None:
    """Sở A has all five units; d has 30 of the 110 people."""
    rows = [row | ({"posts_budget": 30, "present_budget": 30} if row["id"] == "d" else {}) for row in SCHOOLS]
    scenario = scenario_of(**PLAIN, objective={"touched": "people", "touched_per": "parent"})
    plan = plan_of(scenario, rows, [Decision(unit_id="d", fate="convert", year=2030)])
    assert plan.criteria["most_touched_permille"] == 273  # 272 and eight elevenths


def test_a_unit_that_is_yet_to_come_is_no_part_of_an_area() -> None:
    """Nam has three units today; that a fourth comes to stand does not thin out the one that is touched."""
    rows = [*SCHOOLS, part_of(SCHOOLS[3], "v", "2026")]
    settled = [Decision(unit_id="v", fate="create", year=2030), Decision(unit_id="d", fate="convert", year=2030)]
    assert plan_of(scenario_of(**PLAIN), rows, settled).criteria["most_touched_permille"] == 334


@pytest.mark.parametrize(
    ("host", "joining", "lost"),
    [("excellent", "good", 0), ("good", "excellent", 1), ("completed", "excellent", 2), ("good", "good", 0)],
)
def test_counts_the_classes_by_which_a_unit_stands_above_its_host(host: str, joining: str, lost: int) -> None:
    ratings = {"a": host, "b": joining}
    rows = [row | {"performance": ratings.get(row["id"], "completed")} for row in SCHOOLS]
    assert plan_of(scenario_of(**PLAIN), rows, into("a", "b")).criteria["rating_steps_lost"] == lost


def test_neither_a_price_nor_an_order_leaves_the_columns_as_they_were() -> None:
    columns = _columns(0, {})
    assert len(columns) == len(columns.paths) + len(columns.items)
    assert not any(criteria(columns)[name].any() for name in PEAKS)


PRICED = [
    {"rating_steps_lost": 37, "worst_commune_m": 3, "most_touched_permille": 11},
    {"worst_commune_m": 2, "user_groups": "kind"},
    {"most_touched_permille": 5, "touched": "people", "touched_per": "parent", "order": ["worst_commune_m"]},
]


@pytest.mark.parametrize("seed", range(12))
def test_both_roads_give_every_criterion_and_the_score(seed: int) -> None:
    columns, draw = _columns(seed, PRICED[seed % 3]), np.random.default_rng(seed)
    told, scores = criteria(columns), costs(columns)
    for _ in range(8):
        values = columns.tidy(random_values(columns, draw))
        found = check(columns.scenario, columns.units, decisions_of(columns, values)).plan
        peaks = {peak.name for peak in columns.peaks.of}
        reckoned = [name for name in CRITERIA if name not in PEAKS or name in peaks]
        assert {name: int(told[name] @ values) for name in reckoned} == {n: found.criteria[n] for n in reckoned}
        assert int(scores @ values) == found.score
        assert all(_held(rows.matrix @ values, rows.at_least, rows.at_most) for rows in columns.linking)
        assert not len(peaks) or not _fits_lower(columns, values)


def _held(reached: np.ndarray, at_least: np.ndarray, at_most: np.ndarray) -> bool:
    return bool(((reached >= at_least) & (reached <= at_most)).all())


def _fits_lower(columns: Columns, values: np.ndarray) -> bool:
    """Whether the rows would let some peak above nothing stand one lower."""
    for place in range(len(columns) - len(columns.peaks), len(columns)):
        lower = values.copy()
        lower[place] -= 1
        if lower[place] >= 0 and all(_held(r.matrix @ lower, r.at_least, r.at_most) for r in columns.linking):
            return True
    return False


def _columns(seed: int, objective: dict[str, Any]) -> Columns:
    rows = [row | {"area": f"Vùng {number % 2}"} for number, row in enumerate(_rows(seed))]
    ratings = np.random.default_rng(seed).choice(["excellent", "good", "completed"], size=len(rows))
    rows = [row | {"performance": str(rating)} for row, rating in zip(rows, ratings, strict=True)]
    scenario = scenario_of(rules=EXAMPLES[:4], merging=EVERYWHERE, objective=objective)
    units = units_of([*rows, part_of(rows[0], "v0", "2026-01-01")])
    return Columns.build(scenario, units, list_options(scenario, units).paths)
