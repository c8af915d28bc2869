"""What the checker refuses, one million, one post or one word on each side of what it lets pass."""

from typing import Any

import pytest
from decided import into
from worlds import scenario_of, unit, units_of

from models.checker import check
from models.plan import Decision

Row = dict[str, Any]
READY: Row = {
    "sector": "economic", "posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4000, "state_grant_mvnd": 0,
    "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 500,
}  # fmt: skip
LACKS_400: Row = {"revenue_mvnd": 3600, "state_grant_mvnd": 400, "orderable_mvnd": 400}


def refused(rows: list[Row], decisions: list[Decision], **tables: Any) -> list[str]:
    found = check(scenario_of(**tables), units_of(rows), decisions).refusals
    return [problem.code.removeprefix("check.") for problem in found]


def step(unit_id: str, fate: str, year: int = 2025, **facts: Any) -> Decision:
    return Decision(unit_id=unit_id, fate=fate, year=year, **facts)


def kept(*names: str) -> list[Decision]:
    return [Decision(unit_id=name, fate="keep") for name in names]


@pytest.mark.parametrize(
    ("facts", "pin", "codes"),
    [
        ({"ineffective_years": 2}, {}, ["no_ground"]),
        ({"ineffective_years": 3}, {}, []),
        ({"dissolution_ground": "hết nhiệm vụ"}, {}, []),
        ({}, {"unit": "a", "fate": "dissolve"}, ["no_ground"]),  # decided, but nobody says why
        ({}, {"unit": "a", "fate": "dissolve", "reason": "Đề án"}, []),
        ({}, {"unit": "b", "fate": "dissolve", "reason": "Đề án"}, ["no_ground"]),
    ],
)
def test_asks_for_a_ground_to_dissolve(facts: Row, pin: Row, codes: list[str]) -> None:
    gone = [*kept("b"), step("a", "dissolve", receiver_id="b")]
    assert refused([unit("a", **facts), unit("b")], gone, pins=[pin] if pin else []) == codes


@pytest.mark.parametrize(
    ("actions", "pins", "codes"),
    [
        ({"merge": True}, [], []),
        ({}, [], ["action_forbidden", "action_forbidden"]),  # of the member and of its host
        ({"merge": {"unit": ["b"]}}, [], ["action_forbidden"]),
        ({"merge": {"unit": ["a"]}}, [], ["action_forbidden"]),
        ({}, [{"unit": "b", "merge_with": ["a"]}], []),  # what people have decided is permitted
        ({}, [{"unit": "b", "fate": "merge"}], ["action_forbidden"]),
    ],
)
def test_forbids_what_the_scenario_does_not_permit(actions: Row, pins: list[Row], codes: list[str]) -> None:
    assert refused([unit("a"), unit("b")], into("a", "b"), actions=actions, pins=pins) == codes


@pytest.mark.parametrize("rating", ["not_completed", "completed"])
def test_lets_nobody_host_who_did_not_complete_the_work(rating: str) -> None:
    codes = ["host_not_completed"] if rating == "not_completed" else []
    assert refused([unit("a", performance=rating), unit("b", performance="completed")], into("a", "b")) == codes


@pytest.mark.parametrize(
    ("facts", "stated", "codes"),
    [
        ({}, {}, []),
        ({"orderable_mvnd": 399}, {}, ["raise_not_paid"]),  # one million is lacking
        ({"orderable_mvnd": 399, "fee_room_mvnd": 1}, {}, []),
        ({}, {"orders_mvnd": 400}, []),
        ({}, {"orders_mvnd": 399}, ["raise_figures"]),
        ({}, {"orders_mvnd": 400, "fees_mvnd": 1}, ["raise_figures"]),
        ({"revenue_mvnd": 4000, "state_grant_mvnd": 0}, {}, ["raise_idle"]),  # it pays for itself already
    ],
)
def test_asks_who_pays_for_a_raise(facts: Row, stated: Row, codes: list[str]) -> None:
    """Of 4,000 million the unit earns 3,600; the State may order for 400."""
    assert refused([unit("a", **(LACKS_400 | facts))], [step("a", "raise", **stated)]) == codes


@pytest.mark.parametrize(
    ("facts", "decisions", "codes"),
    [
        (READY, [step("a", "equitize")], []),
        ({**READY, "equitization_listed": 0}, [step("a", "equitize")], ["not_eligible"]),
        ({**READY, **LACKS_400}, [step("a", "equitize")], ["not_eligible"]),  # it does not pay for itself
        ({**READY, **LACKS_400}, [step("a", "raise"), step("a", "equitize", 2030)], []),
        ({**READY, **LACKS_400}, [step("a", "raise", 2030), step("a", "equitize", 2030)], ["not_eligible"]),
        (
            {**READY, **LACKS_400, "equitization_listed": 0},
            [step("a", "raise"), step("a", "equitize", 2030)],
            ["not_eligible"],
        ),
    ],
)
def test_equitizes_only_who_is_eligible(facts: Row, decisions: list[Decision], codes: list[str]) -> None:
    assert refused([unit("a", **facts)], decisions) == codes


def test_equitizes_nobody_who_has_merged() -> None:
    rows = [unit("a", **READY), unit("b", **READY)]
    assert refused(rows, [*into("a", "b"), step("a", "equitize", 2030)]) == ["not_eligible"]


@pytest.mark.parametrize(
    ("orders", "codes"),
    [(400, []), (200, []), (300, ["order_beyond_room"] * 2), (600, ["order_beyond_room"] * 2)],
)
def test_orders_whole_steps_within_the_room(orders: int, codes: list[str]) -> None:
    """Steps of 200 (4,000 over twenty posts), of which the State may order for 500: two, and no half of one."""
    row = unit("a", orderable_mvnd=500)
    assert refused([row], [*kept("a"), step("a", "order", orders_mvnd=orders)]) == codes


@pytest.mark.parametrize(
    ("rule", "room"),
    [
        ({}, 3),
        ({"measure": "posts", "at_least": 18}, 2),
        ({"measure": "staff", "at_least": 19}, 1),
        ({"measure": "users", "at_least": 19}, 3),  # no number of posts
        ({"measure": "posts", "at_least": 19, "scope": {"sector": ["health"]}}, 3),
    ],
)
def test_slims_within_the_room_and_down_to_the_least_size(rule: Row, room: int) -> None:
    """Three of twenty posts are vacant."""
    rules = [{"id": "size", "rule": "structure", **rule}] if rule else []
    for posts in (room, room + 1):
        found = refused(
            [unit("a", present_budget=17)], [*kept("a"), step("a", "slim", posts_slimmed=posts)],
            rules=rules, staffing={"slimming": [{"at_most_percent": 30}]},
        )  # fmt: skip
        assert found == ["slim_beyond_room"] * 2 * (posts > room)


def test_slims_whole_posts_within_the_percentage() -> None:
    """A tenth of 45 posts is 4.5: four, although ten are vacant."""
    for posts in (4, 5):
        slim = step("a", "slim", posts_slimmed=posts)
        staffing = {"slimming": [{"at_most_percent": 10}]}
        found = refused([unit("a", posts_budget=45, present_budget=35)], [*kept("a"), slim], staffing=staffing)
        assert found == ["slim_beyond_room"] * 2 * (posts > 4)


def test_covers_every_unit_once() -> None:
    """a goes into b, and b into c: b would be there twice."""
    rows = [unit("a"), unit("b"), unit("c")]
    chain = [step("a", "merge", host_id="b"), step("b", "merge", host_id="c"), step("c", "merge", host_id="c")]
    assert "not_a_cover" in refused(rows, chain)
    assert refused(rows, into("c", "a", "b")) == []


def test_creates_a_unit_in_the_stage_of_its_day_only() -> None:
    rows = [unit("a"), unit("p", planned="2026-07-01")]
    for year, codes in ((2030, []), (2025, ["not_created"])):
        assert refused(rows, [*kept("a"), step("p", "create", year)]) == codes


def test_transfers_only_whom_a_pin_names() -> None:
    pins = [{"unit": "a", "fate": "transfer", "parent": "Sở B"}, {"unit": "b", "fate": "keep"}]
    moved = [*kept("a", "b"), step("a", "transfer")]
    assert refused([unit("a"), unit("b")], moved, pins=pins) == []
    assert refused([unit("a"), unit("b")], [*moved, step("b", "transfer")], pins=pins) == ["transfer_not_pinned"]


@pytest.mark.parametrize(
    ("facts", "slim", "orders"),
    [
        ({"present_budget": 15, "state_grant_mvnd": 449}, 2, 0),  # two posts of 150 a year are paid from 449
        (
            {"posts_budget": 1, "posts_own": 19, "retiring_by_2025": 10},
            1,
            0,
        ),  # five may lapse, one is paid by the State
        ({"recurrent_mvnd": 1000, "revenue_mvnd": 0, "state_grant_mvnd": 1000, "orderable_mvnd": 460}, 0, 450),
        ({**LACKS_400, "orderable_mvnd": 400}, 0, 200),  # with 400 more it would pay for itself
        ({**LACKS_400, "recurrent_mvnd": 4001, "state_grant_mvnd": 401, "orderable_mvnd": 401}, 0, 201),
        ({"posts_budget": 2, "posts_own": 18, "present_budget": 1, "orderable_mvnd": 900}, 0, 200),  # one may lapse
        ({"posts_budget": 2, "posts_own": 18, "orderable_mvnd": 900}, 0, 400),
        ({"revenue_mvnd": 0, "orderable_mvnd": 3000, "state_grant_mvnd": 650}, 0, 600),
    ],
)
def test_reckons_the_room_of_a_unit_to_the_last_post_and_step(facts: Row, slim: int, orders: int) -> None:
    """A step pays for a post: 150 a year, or a twentieth of all spending where that is more."""
    row, staffing = unit("a", **facts), {"slimming": [{"at_most_percent": 30}]}
    pay_or_share = max(150, -(-row["recurrent_mvnd"] // 20))
    for posts in (slim, slim + 1):
        found = refused([row], [*kept("a"), step("a", "slim", posts_slimmed=posts)], staffing=staffing)
        assert slim == 0 or found == ["slim_beyond_room"] * 2 * (posts > slim)
    for money in (orders, orders + pay_or_share):
        found = refused([row], [*kept("a"), step("a", "order", orders_mvnd=money)], staffing=staffing)
        assert orders == 0 or found == ["order_beyond_room"] * 2 * (money > orders)


@pytest.mark.parametrize(("orders", "codes"), [(50, ["order_beyond_room"] * 2), (150, []), (450, [])])
def test_orders_no_step_that_does_not_pay_a_post(orders: int, codes: list[str]) -> None:
    """A twentieth of 1,000 is 50, but a post costs 150 a year."""
    row = unit("a", recurrent_mvnd=1000, revenue_mvnd=0, state_grant_mvnd=1000, orderable_mvnd=460)
    assert refused([row], [*kept("a"), step("a", "order", orders_mvnd=orders)]) == codes


def test_slims_nothing_in_what_pays_for_itself_or_ends() -> None:
    """Six posts are vacant; a raise in 2030, a dissolution or a conversion leaves no room for one of them."""
    plain: Row = {"ineffective_years": 3, "receiver": "b", "present_budget": 14}
    slim, staffing = step("a", "slim", posts_slimmed=1), {"slimming": [{"at_most_percent": 30}]}
    for facts, way in (
        (LACKS_400, step("a", "raise", 2030)), ({}, step("a", "dissolve", receiver_id="b")),
        ({}, step("a", "convert", 2030)),
    ):  # fmt: skip
        rows = [unit("a", **(plain | facts)), unit("b")]
        assert refused(rows, [*kept("b"), way, slim], staffing=staffing) == ["slim_beyond_room"] * 2
        assert refused(rows, [*kept("a", "b"), slim], staffing=staffing) == []


def test_slims_who_waits_to_merge_down_to_the_least_size_as_well() -> None:
    """b joins in 2030; by then three of six vacancies are saved, but until then b must keep 18 of its twenty posts."""
    rules = [{"id": "size", "rule": "structure", "measure": "posts", "at_least": 18}]
    for posts in (2, 3):
        found = refused(
            [unit("a"), unit("b", present_budget=10)],
            [*into("a", "b", year=2030), step("b", "slim", posts_slimmed=posts)],
            rules=rules, staffing={"slimming": [{"at_most_percent": 30}]},
        )  # fmt: skip
        assert found == ["slim_beyond_room"] * (posts > 2)


PAYS: Row = {"posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4000, "state_grant_mvnd": 0, "orderable_mvnd": 0}
LEADERS: Row = {"shared_posts": 0, "support_posts": 0}


@pytest.mark.parametrize(
    ("facts", "partner", "saved", "orders"),
    [
        ({"orderable_mvnd": 400}, {"revenue_mvnd": 6649}, 3, 400),  # 7,550 are spent, 7,149 earned: 401 are lacking
        ({"orderable_mvnd": 400}, {"revenue_mvnd": 6650}, 3, 0),  # with 400 it would pay for itself
        # two posts of 150 set aside leave 400 of 700; but three saved posts of 450 take all of the grant
        ({"state_grant_mvnd": 700, "orderable_mvnd": 400}, {"avg_pay_vnd_month": 62_500_000}, 3, 0),
        ({"state_grant_mvnd": 700, "orderable_mvnd": 400}, {}, 0, 400),
        # of five posts the two leaders are set aside: three may move; where three are saved, two are left for them
        ({"posts_budget": 5, "posts_own": 15, "orderable_mvnd": 1000}, {}, 0, 600),
        ({"posts_budget": 5, "posts_own": 15, "orderable_mvnd": 1000}, {}, 3, 0),
    ],
)
def test_orders_in_a_merged_unit_only_what_leaves_enough(facts: Row, partner: Row, saved: int, orders: int) -> None:
    """a (4,000 spent, 500 earned; steps of 200) joins b, which pays for itself; all of a's room or none of it."""
    rows = [unit("a", **(LEADERS | facts)), unit("b", **(LEADERS | PAYS | partner))]
    savings = {"posts": [{"per_absorbed_unit": saved, "branch_percent": 100}]}
    for money in (orders, orders + 200):
        found = refused(rows, [*into("b", "a"), step("a", "order", orders_mvnd=money)], savings=savings)
        assert found == ["order_beyond_room"] * 2 * (money > orders)
