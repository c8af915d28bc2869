"""What people have decided enters the search, and no more than that."""

from typing import Any

import pytest
from in_process import solve_here
from worlds import scenario_of, unit, units_of

from models.plan import Plan
from models.prepared import prepare
from models.ranked import Ranking
from models.search import rank

THREE = [unit("u0", posts_budget=30), unit("u1"), unit("u2")]
MERGE = {"merge": True}


def ranked(rows: list[dict[str, Any]], **tables: Any) -> Ranking:
    return rank(
        prepare(scenario_of(**({"search": {"plans": 1, "gap_percent": 0}} | tables)), units_of(rows)), solve_here
    )


def best(rows: list[dict[str, Any]], **tables: Any) -> Plan:
    return ranked(rows, **tables).plans[0].plan


def steps(plan: Plan, *fates: str) -> set[tuple[str, str, int | None, str]]:
    return {
        (row.unit_id, row.fate, row.year, row.host_id or row.receiver_id) for row in plan.decisions if row.fate in fates
    }


def test_two_pins_may_name_the_same_host() -> None:
    """Two centres are both to join u0: u0 hosts them, as each pin alone would have it."""
    plan = best(THREE, actions=MERGE, pins=[{"unit": "u1", "host": "u0"}, {"unit": "u2", "host": "u0"}])
    assert {host for *_, host in steps(plan, "merge")} == {"u0"}
    assert len(steps(plan, "merge")) == 3


def test_decided_partners_need_no_permission_in_actions() -> None:
    """Nobody may merge, but people have decided that u1 joins u0."""
    plan = best(THREE, actions={"slim": True}, pins=[{"unit": "u1", "merge_with": ["u0"]}])
    assert {row[0] for row in steps(plan, "merge")} == {"u0", "u1"}


@pytest.mark.parametrize("named", [{"unit": "u1"}, {"scope": {"kind": ["library"]}}])
def test_a_decided_fate_needs_no_permission_in_actions(named: dict[str, Any]) -> None:
    rows = [unit("u0"), unit("u1", kind="library", revenue_mvnd=3900, state_grant_mvnd=100, fee_room_mvnd=100)]
    plan = best(rows, actions={"merge": True}, pins=[named | {"fate": "raise", "year": 2025}])
    assert steps(plan, "raise") == {("u1", "raise", 2025, "")}


def test_the_year_of_decided_partners_is_kept() -> None:
    plan = best(THREE, actions=MERGE, pins=[{"unit": "u1", "merge_with": ["u0"], "year": 2030}])
    assert ("u1", "merge", 2030, "u0") in steps(plan, "merge")


@pytest.mark.parametrize("pin", [{"unit": "u0", "fate": "merge"}, {"unit": "u0", "merge_with": ["u1"]}])
def test_taking_over_a_dissolved_unit_is_no_merger(pin: dict[str, Any]) -> None:
    """Dissolving u1 into u0 would save more, but people have decided on a merger."""
    rows = [unit("u0", posts_budget=30), unit("u1", ineffective_years=3, site_cost_mvnd=500)]
    actions = {"merge": True, "dissolve": True}
    found = steps(best(rows, actions=actions, pins=[pin]), "merge", "dissolve")
    assert {(unit_id, fate) for unit_id, fate, *_ in found} == {("u0", "merge"), ("u1", "merge")}


def test_decided_partners_whom_a_block_lists_merge_in_its_form() -> None:
    """The block founds a new unit and closes sites; the pin does not open a cheaper way."""
    block = {"within": "parent", "same": [], "form": "consolidate", "sites": "closed"}
    plan = best(THREE, actions=MERGE, merging=[block], pins=[{"unit": "u1", "merge_with": ["u0"]}])
    forms = {(row.form, row.site) for row in plan.decisions if row.unit_id == "u1"}
    assert forms == {("consolidate", "closed")}


@pytest.mark.parametrize("receiver", ["u0", ""])
def test_nobody_rated_not_completed_takes_over_a_dissolved_unit(receiver: str) -> None:
    """u0 lies next to u1 and is even named, but it may not host: there is no plan, or u2 takes over."""
    rows = [
        unit("u0", performance="not_completed", lat=11.001),
        unit("u1", ineffective_years=3, receiver=receiver),
        unit("u2", lat=11.2),
    ]
    fewer = [{"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": 1}]
    found = ranked(
        rows, actions={"dissolve": True, "merge": {"unit": ["u1", "u2", "u0"]}}, rules=fewer, pins=[NO_MERGER]
    )
    if receiver:
        assert found.stops == {"different": "infeasible"} and found.problem.listing.unlisted.without_receiver == 1
    else:
        assert {host for *_, host in steps(found.plans[0].plan, "dissolve")} == {"u2"}


NO_MERGER = {"scope": {"kind": ["culture_centre"]}, "not": ["merge"]}
