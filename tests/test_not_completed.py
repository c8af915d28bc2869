"""A unit rated not_completed joins others, and nobody joins it: in the listing, by a pin, and before the checker."""

from typing import Any

import pytest
from decided import into
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.plan import Decision

Row = dict[str, Any]
FAILED: Row = {"performance": "not_completed"}
WHOLE = [{"within": "parent", "same": [], "whole": True, "max_members": 2}]
BY_RANK = ["largest", "highest_level", "most_autonomous"]


def hosts(rows: list[Row], **tables: Any) -> dict[str, set[str]]:
    """By the members of every listed group, who hosts it."""
    scenario, units = scenario_of(**tables), units_of(rows)
    paths, found = list_options(scenario, units).paths, dict[str, set[str]]()
    for option in (paths.sizes > 1).nonzero()[0].tolist():
        members = "+".join(sorted(units.ids[at] for at in paths.members_of(option)))
        found.setdefault(members, set()).add(units.ids[paths.hosts[option]])
    return found


@pytest.mark.parametrize("rank", BY_RANK)
def test_lists_the_next_host_where_the_first_did_not_complete(rank: str) -> None:
    """a is larger, of a higher level and more autonomous: it hosts, unless it failed."""
    block = {"within": "parent", "same": [], "host": rank}
    better: Row = {"posts_budget": 40, "level": "province", "revenue_mvnd": 4000}
    for rating, host in ({}, "a"), (FAILED, "b"):
        rows = [unit("a", **better, **rating), unit("b")]
        assert hosts(rows, merging=[block]) == {"a+b": {host}}


def test_lists_no_group_in_which_nobody_may_host() -> None:
    rows = [unit("a", **FAILED), unit("b", **FAILED), unit("c")]
    assert hosts(rows) == {"a+c": {"c"}, "b+c": {"c"}, "a+b+c": {"c"}}
    units = units_of(rows[:2])
    assert list_options(scenario_of(), units).unlisted.hostless_groups == 1


def test_makes_nobody_host_by_a_pin_or_with_a_whole_place() -> None:
    """Neither that b joins a, nor that both become one of all, lets the failed a take over."""
    rows = [unit("a", posts_budget=40, **FAILED), unit("b"), unit("c")]
    assert hosts(rows, merging=WHOLE)["a+b+c"] == {"b"}
    assert hosts(rows, pins=[{"unit": "b", "host": "a"}])["a+b"] == {"b"}
    assert hosts([rows[0], unit("b", **FAILED)], merging=[], pins=[{"unit": "b", "host": "a"}]) == {}


@pytest.mark.parametrize("year", [2025, 2030])
@pytest.mark.parametrize("pins", [[], [{"unit": "b", "host": "a", "reason": "Đề án"}]])
def test_refuses_a_draft_in_which_one_hosts(year: int, pins: list[Row]) -> None:
    rows = units_of([unit("a", **FAILED), unit("b")])
    found = check(scenario_of(pins=pins), rows, into("a", "b", year=year)).refusals
    assert [(problem.where, problem.code) for problem in found] == [("a", "check.host_not_completed")]
    assert not check(scenario_of(), rows, into("b", "a", year=year)).refusals


def test_refuses_a_draft_in_which_one_takes_over_a_dissolved_unit() -> None:
    rows = units_of([unit("a", **FAILED), unit("b", ineffective_years=3)])
    gone = [Decision(unit_id="b", fate="dissolve", year=2025, receiver_id="a"), Decision(unit_id="a", fate="keep")]
    found = check(scenario_of(), rows, gone).refusals
    assert [problem.code for problem in found] == ["check.host_not_completed"]
