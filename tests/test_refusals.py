"""What the checker refuses, one million, one post or one word on each side of what it lets pass."""

from typing import Any

import pytest
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


def into(host: str, *others: str, year: int = 2025) -> list[Decision]:
    return [step(name, "merge", year, host_id=host) for name in (host, *others)]


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
