"""What carried a target, lever by lever: every amount reckoned by hand."""

import pytest
from decided import into
from test_beside_readings import plan_of
from test_rules_by_hand import OWN, PERIOD, converted, gave
from worlds import unit

from models.carried import NATURES
from models.plan import Decision


@pytest.mark.parametrize(
    ("orders", "fees", "lever"), [(600, 300, "raise_orders"), (450, 450, "raise_orders"), (300, 600, "raise_fees")]
)
def test_names_a_raise_by_what_pays_for_the_larger_part(orders: int, fees: int, lever: str) -> None:
    rule = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 30}
    row = unit("a", revenue_mvnd=1100, recurrent_mvnd=2000, state_grant_mvnd=900, orderable_mvnd=orders,
               fee_room_mvnd=fees)  # fmt: skip
    assert gave(plan_of([rule], [row], Decision(unit_id="a", fate="raise", year=2025))) == {lever: 1}


def test_gives_fees_no_more_than_the_grant_that_they_end() -> None:
    """900 are lacking, but only 500 are granted: 300 come as orders, and of the fees of 600 only 200 spare a grant."""
    row = unit("a", revenue_mvnd=1100, recurrent_mvnd=2000, state_grant_mvnd=500, orderable_mvnd=300, fee_room_mvnd=600)
    rule = {"id": "money", "rule": "spending_cut", "at_least_percent": 1, **PERIOD, "period": [2026, 2026]}
    plan = plan_of([rule], [row], Decision(unit_id="a", fate="raise", year=2025))
    assert gave(plan) == {"raise_orders": 300, "raise_fees": 200}


def test_orders_no_more_than_the_grant() -> None:
    """900 are lacking and could all be ordered, but only 500 are granted: 400 come as fees."""
    row = unit("a", revenue_mvnd=1100, recurrent_mvnd=2000, state_grant_mvnd=500, orderable_mvnd=900, fee_room_mvnd=400)
    plan = plan_of([], [row], Decision(unit_id="a", fate="raise", year=2025))
    figures = plan.stages[0][0].figures
    assert (figures["new_orders_mvnd"], figures["fees_mvnd"]) == (500, 400)


def test_parts_what_a_merger_saves_from_what_dissolving_saves() -> None:
    """b merges and keeps its site, c is dissolved; three posts of 150 each are saved by either: 900 in all, half each.

    A kept site saves half: with branch_percent 50 b gives one and a half posts, c three; of 4.5, rounded to five,
    c gave 3 1/3, and of the pay of 750 a year 500.
    """
    rows = [unit("a", posts_budget=40), unit("b"), unit("c", ineffective_years=3, receiver="a")]
    steps = [*into("a", "b"), Decision(unit_id="c", fate="dissolve", year=2025, receiver_id="a")]
    for percent, saved, ended in ((100, 6, 3), (50, 5, 3)):
        savings = {"posts": [{"per_absorbed_unit": 3, "branch_percent": percent}]}
        figures = plan_of([], rows, *steps, savings=savings).stages[0][0].figures
        assert (figures["saved_budget_posts"], figures["dissolved_budget_posts"]) == (saved, ended)


def test_leaves_no_people_without_posts() -> None:
    """Twenty people on twenty posts, four retire by 2025: half of the posts lapse, eighteen people stay."""
    slim = Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=2)
    plan = plan_of([], [unit("a", retiring_by_2025=4)], slim, staffing={"slimming": [{"at_most_percent": 30}]})
    figures = plan.stages[0][0].figures
    assert (figures["posts_budget"], figures["staff"]) == (18, 18)


def test_counts_no_surplus_in_what_has_left() -> None:
    """Two heads and two deputies become one and one: two above; converted in 2030, nobody counts them."""
    rows, deputies = [unit("a", **OWN), unit("b", **OWN)], {"deputies": [{"deputies": 1}]}
    for left, surplus in (((), 2), ((converted("a", 2030),), 0)):
        plan = plan_of([], rows, *into("a", "b"), *left, staffing=deputies)
        assert plan.criteria["surplus_leaders"] == surplus


def test_books_savings_in_full_once_the_early_years_are_over() -> None:
    """Three posts of 150 from 2026 on and three more from 2028 on; for two years each only 60% are booked."""
    rows = [unit("a", posts_budget=40), unit("b"), unit("c")]
    steps = [Decision(unit_id=u, fate="merge", year=y, host_id="a") for u, y in (("a", 2025), ("b", 2025), ("c", 2030))]
    savings = {"early_years": 2, "early_percent": 60, "posts": [{"per_absorbed_unit": 3, "branch_percent": 100}]}
    late = [(stage[0].id, dict(stage[0].late_mvnd)) for stage in plan_of([], rows, *steps, savings=savings).stages]
    assert late == [("a", {2026: 180, 2027: 180, 2028: 180, 2029: 180})] * 2


def test_counts_who_left_where_it_stands_today() -> None:
    """b is to go to Sở B in 2025 and is converted in 2030: one less in Sở A, nothing in Sở B."""
    pins = [{"unit": "b", "fate": "transfer", "parent": "Sở B", "year": 2025}]
    rule = {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 0, "per": "parent"}
    plan = plan_of([rule], [unit("a"), unit("b"), unit("c", parent="Sở B")], converted("b", 2030), pins=pins)
    assert (gave(plan, "Sở A"), gave(plan, "Sở B")) == ({"convert": 1}, {})
    share = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 0, "per": "parent"}
    kept = plan_of([share], [unit("a", **OWN), unit("b", **OWN)], pins=pins)
    assert (gave(kept, "Sở A"), gave(kept, "Sở B")) == ({"today": 2, "transfer": -1}, {"transfer": 1})


def test_calls_nothing_real_that_goes_on_elsewhere() -> None:
    by_nature = {nature: {lever for lever in NATURES if NATURES[lever] == nature} for nature in NATURES.values()}
    assert by_nature == {
        "before": {"today", "before"},
        "real": {"create", "merge", "site", "dissolve", "slim", "surplus", "early_years"},
        "movement": {"equitize", "convert", "raise_fees", "transfer", "split", "other_label"},
        "relabelling": {"raise_orders", "order"},
    }
