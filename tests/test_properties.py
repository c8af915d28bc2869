"""What must be true of every ranking, whatever the province: checked on drawn provinces of five to nine units."""

import csv
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from drawn_cases import drawn_case, drawn_rows, drawn_tables
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from in_process import solve_here
from worlds import ALL_ACTIONS, scenario_of, unit, units_of

from models.plan import Plan
from models.prepared import prepare
from models.ranked import Ranking
from models.search import rank
from models.unit import Units
from planner.units.gazetteer import Gazetteer
from planner.units.unit_table import read_units

some = settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
seeds = st.integers(min_value=0, max_value=10**6)
BEST_ONE = {"best": 1, "plans": 0, "gap_percent": 0}
AS_OF = date(2024, 6, 30)
Raw = dict[str, Any]


def raw_case(seed: int, count: int = 5) -> tuple[Raw, Units]:
    """A drawn scenario as tables that a property may change, and its units."""
    return drawn_tables(seed, count) | {"search": BEST_ONE}, units_of(drawn_rows(seed, count))


def ranked(raw: Raw, units: Units) -> Ranking:
    return rank(prepare(scenario_of(**raw), units), solve_here)


def best_score(raw: Raw, units: Units) -> float:
    """The proved best score; infinite where there is no plan."""
    found = ranked(raw, units)
    return found.plans[0].score if found.plans else float("inf")


@some
@given(seed=seeds, order=st.permutations(range(6)))
def test_the_order_of_rows_in_the_table_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, seed: int, order: Sequence[int]
) -> None:
    folder, rows = tmp_path_factory.mktemp("rows"), drawn_rows(seed, 6)
    raw, _ = raw_case(seed, 6)
    raw["search"] = raw["search"] | {"best": 3, "plans": 2}
    tables = [rows, [rows[place] for place in order]]
    rankings = [ranked(raw, read_back(folder / f"{number}.csv", table)) for number, table in enumerate(tables)]
    first, second = ([(plan.list, plan.score, plan.plan.decisions) for plan in found.plans] for found in rankings)
    assert first == second


@some
@given(seed=seeds)
def test_a_unit_that_nothing_may_touch_adds_only_its_own_outlay(seed: int) -> None:
    """The score is what the plan changes, so the bystander adds nothing to it; it counts among those that remain."""
    raw, units = raw_case(seed)
    aside: Raw = raw | {
        "rules": [rule | {"scope": {**rule.get("scope", {}), "unit_not": ["zz"]}} for rule in raw["rules"]]
    }
    bystander = unit("zz", parent="Sở Z", commune="Xã Z", area="Z", posts_budget=7, orders_mvnd=30)
    more = units_of([*drawn_rows(seed, 5), bystander])
    keep: Raw = {"unit": "zz", "fate": "keep", "not": ["raise"]}
    slim = {name: only_without("zz", permission) for name, permission in raw["actions"].items()}
    alone, beside = ranked(aside, units), ranked(aside | {"pins": [*raw["pins"], keep], "actions": slim}, more)
    assert [plan.score for plan in alone.plans] == [plan.score for plan in beside.plans]
    for one, other in zip(alone.plans, beside.plans, strict=True):
        assert other.plan.units_after(2030) == one.plan.units_after(2030) + 1
        assert other.outlay == one.outlay + 3530


def only_without(unit_id: str, permission: Any) -> Any:
    """The same permission for everyone but one unit."""
    if isinstance(permission, bool):
        return {"unit_not": [unit_id]} if permission else False
    return permission if "unit" in permission else {"unit_not": [*permission["unit_not"], unit_id]}


@some
@given(seed=seeds, by=st.integers(min_value=1, max_value=30))
def test_a_tighter_target_never_improves_the_best_score(seed: int, by: int) -> None:
    raw, units = raw_case(seed)
    before = best_score(raw, units)
    for place, rule in enumerate(raw["rules"]):
        for harder in tightened(rule, by):
            rules = [*raw["rules"][:place], harder, *raw["rules"][place + 1 :]]
            assert best_score(raw | {"rules": rules}, units) >= before, harder


def tightened(rule: Raw, by: int) -> list[Raw]:
    """The rule asking for more, in each of its figures."""
    harder = []
    if rule.get("at_least") is not None:
        harder.append(rule | {"at_least": rule["at_least"] + by})
    if rule.get("at_least_percent") is not None:
        harder.append(rule | {"at_least_percent": min(rule["at_least_percent"] + by, 100)})
    if rule.get("at_most") is not None and rule.get("at_least") is None:
        harder.append(rule | {"at_most": max(rule["at_most"] - by, 0)})
    return harder


@some
@given(seed=seeds)
def test_a_scenario_without_one_of_its_demands_is_never_dearer(seed: int) -> None:
    raw, units = raw_case(seed)
    before = best_score(raw, units)
    for name in ("rules", "pins"):
        for place in range(len(raw[name])):
            fewer = [*raw[name][:place], *raw[name][place + 1 :]]
            freed = raw | {name: fewer}
            if name == "rules" or not allows(raw["pins"][place]):
                assert best_score(freed, units) <= before, raw[name][place]


def allows(pin: Mapping[str, Any]) -> bool:
    """Pins also open doors: a decided fate needs no permission, a decided group no block, a pinned host goes first."""
    return bool({"fate", "merge_with", "host"} & pin.keys())


@some
@given(seed=seeds)
def test_pinning_the_plan_that_was_found_finds_it_again(seed: int) -> None:
    raw, units = raw_case(seed, 6)
    found = ranked(raw, units)
    if not found.plans:
        return
    plan = found.plans[0].plan
    again = ranked(raw | {"pins": [*raw["pins"], *pins_of(plan)]}, units)
    assert [again.plans[0].score] == [plan.score]
    assert fates(again.plans[0].plan) == fates(plan)


def pins_of(plan: Plan) -> list[Raw]:
    """Every structural decision of a plan as people would have decided it."""
    pins: list[Raw] = []
    for row in plan.decisions:
        if row.fate == "merge" and row.unit_id != row.host_id:
            pins.append({"unit": row.unit_id, "merge_with": [row.host_id], "year": row.year, "reason": "Đề án"})
        elif row.fate in ("equitize", "convert", "raise", "dissolve"):
            pins.append({"unit": row.unit_id, "fate": row.fate, "year": row.year, "reason": "Đề án"})
    return pins


def fates(plan: Plan) -> set[tuple[str, str, int | None, str]]:
    told = ("merge", "dissolve", "raise", "equitize", "convert")
    return {(row.unit_id, row.fate, row.year, row.host_id) for row in plan.decisions if row.fate in told}


@pytest.mark.parametrize("seed", range(8))
def test_ranked_plans_differ_and_stand_in_order(seed: int) -> None:
    search = {"best": 8, "plans": 4, "gap_percent": 0, "within_percent": 100}
    found = rank(prepare(*drawn_case(seed, 8, rules=[], pins=[], actions=ALL_ACTIONS, search=search)), solve_here)
    assert len(found.of("best")) == 8
    for name in ("best", "different"):
        plans = found.of(name)
        assert [plan.rank for plan in plans] == list(range(1, len(plans) + 1))
        assert [plan.score for plan in plans] == sorted(plan.score for plan in plans)
        assert [plan.bound for plan in plans] == [plan.score for plan in plans]
        kinds = {frozenset(mark for mark, chosen in zip(found.problem.marks, plan.values, strict=False) if chosen)
                 for plan in plans}  # fmt: skip
        assert len(kinds) == len(plans)


def read_back(path: Path, rows: Sequence[Raw]) -> Units:
    """The rows written to a table and read as a planner's file is."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: str(value) for name, value in row.items()} for row in rows)
    units, _ = read_units([path], gazetteer=no_gazetteer(), as_of=AS_OF)
    return units


@cache
def no_gazetteer() -> Gazetteer:
    return Gazetteer.read("", AS_OF)
