"""People freed by a merger fill vacancies of the same kind nearby: each vacancy once, and to the dong on both roads."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
from decided import into, plan_of
from enumeration import Province, Whole
from in_process import solve_here
from random_plans import random_values
from worlds import LAW, POSITIONS, random_rows, scenario_of, unit, units_of

from models.candidates import list_options
from models.cash import cash_of
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.leavers import leavers_of
from models.objective import costs
from models.plan import Decision, Plan
from models.prepared import prepare
from models.scenario import Scenario
from models.search import rank
from models.unit import Units

PERSON: dict[str, Any] = {"avg_pay_vnd_month": 10_000_000, "avg_insured_months": 120}  # 18 months: 180 each
FIVE_KM = 11.0346  # 0.0346 degrees north of 11: 3.85 km in a straight line, 5.0 by road (times 1.3)
ONE_STAGE = [{"year": 2025, "effect": 2026}]


def near(id: str, vacant: int, **figures: Any) -> dict[str, Any]:  # noqa: A002
    """A unit of the same kind five kilometres away with so many of its twenty posts vacant."""
    return unit(id, **{"present_budget": 20 - vacant, "lat": FIVE_KM, "parent": "Sở B"} | PERSON | figures)


PAIR = [unit("a", **PERSON), unit("b", **PERSON)]


def moving(**tables: Any) -> Scenario:
    """One stage; the State pays all severance, and people move up to ten kilometres."""
    staffing = {"severance_payer": "state", "redeploy_km": 10} | tables.pop("staffing", {})
    return scenario_of(staffing=staffing, **{"stages": ONE_STAGE} | tables)


def send(people: int, taker: str = "c", host: str = "a", year: int = 2025) -> Decision:
    return Decision(unit_id=host, fate="redeploy", year=year, receiver_id=taker, people_redeployed=people)


def best(rows: list[dict[str, Any]], scenario: Scenario) -> Plan:
    """The best plan; its score is what the checker finds, or the search would have stopped."""
    search = scenario.search.model_copy(update={"best": 1, "plans": 0, "gap_percent": 0})
    asked = scenario.model_copy(update={"search": search})
    return rank(prepare(asked, units_of(rows)), solve_here).plans[0].plan


def moves(plan: Plan) -> set[tuple[str, str, int]]:
    return {(row.unit_id, row.receiver_id, row.people_redeployed) for row in plan.decisions if row.fate == "redeploy"}


MERGED = {"pins": [{"unit": "a", "merge_with": ["b"]}], "actions": {"merge": {"unit": ["a", "b"]}}}


def test_freed_people_go_to_vacancies_before_anyone_is_paid() -> None:
    """Three posts saved, all filled; two vacancies of the kind five kilometres away: one person is paid, 180."""
    plan = best([*PAIR, near("c", 2)], moving(**MERGED))
    assert moves(plan) == {("a", "c", 2)}
    merged, taker = leavers_of(plan)
    assert (merged.freed, merged.filled_inside, merged.retired, merged.filled_nearby, merged.severed) == (3, 0, 0, 2, 1)
    assert (merged.severance_mvnd, merged.payer, taker.received, taker.freed) == (180, "state", 2, 0)
    assert cash_of(plan).of("severance")[2026] == -180
    after = {successor.id: successor.figures for successor in plan.stages[0]}
    assert [after["c"][name] for name in ("posts_budget", "staff", "state_grant_mvnd")] == [20, 20, 3500]
    assert (after["a"]["posts_budget"], after["a"]["saved_posts"], after["a"]["severed"]) == (37, 3, 1)


@pytest.mark.parametrize("priced", ["worst_commune_m", "most_touched_permille"])
def test_moves_are_read_rightly_beside_a_largest_value(priced: str) -> None:
    """The column of a largest value stands behind those of the moves; it is no number of people."""
    closing = [{"kinds": [], "within": "parent", "sites": "closed"}]
    rows = [unit("a", users=100, **PERSON), unit("b", users=100, lat=11.01, **PERSON), near("c", 2)]
    plan = best(rows, moving(**MERGED, merging=closing, objective={priced: 1}))
    assert moves(plan) == {("a", "c", 2)}
    assert plan.criteria[priced] > 0


def test_nobody_moves_unless_the_scenario_says_how_far() -> None:
    plan = best([*PAIR, near("c", 2)], moving(**MERGED, staffing={"redeploy_km": None}))
    assert moves(plan) == set() and next(iter(leavers_of(plan))).severed == 3


@pytest.mark.parametrize("km", [4, 6])
def test_nobody_moves_farther_than_stated(km: int) -> None:
    plan = best([*PAIR, near("c", 2)], moving(**MERGED, staffing={"redeploy_km": km}))
    assert len(moves(plan)) == (km == 6)


def test_two_mergers_do_not_fill_the_same_vacancy() -> None:
    """Six people of two mergers, four vacancies: four move, two are paid."""
    rows = [*PAIR, unit("e", **PERSON), unit("f", **PERSON), near("c", 4)]
    pins = [{"unit": "a", "merge_with": ["b"]}, {"unit": "e", "merge_with": ["f"]}]
    merging = [{"within": "parent", "same": [], "max_members": 2}]
    plan = best(rows, moving(pins=pins, merging=merging, actions={"merge": {"unit": ["a", "b", "e", "f"]}}))
    assert sum(people for *_, people in moves(plan)) == 4
    assert sum(row.severed for row in leavers_of(plan)) == 2
    assert cash_of(plan).of("severance")[2026] == -360


def test_a_vacancy_is_slimmed_or_filled_but_never_both() -> None:
    """Slimming a vacancy saves 120 a year for ten years, filling it 180 once: with work at no price it is slimmed.

    Where the work of a slimmed post weighs twice its pay, filling is what is left to gain.
    """
    slimming = {"slimming": [{"at_most_percent": 30, "retirees_lapse_percent": 0}]}
    actions = {"merge": {"unit": ["a", "b"]}, "slim": {"unit": ["c"]}}
    tables = {**MERGED, "actions": actions, "staffing": slimming}
    slimmed = best([*PAIR, near("c", 2)], moving(**tables, objective={"work_lost": 0}))
    filled = best([*PAIR, near("c", 2)], moving(**tables, objective={"work_lost": 2}))
    assert [sum(row.posts_slimmed for row in plan.decisions) for plan in (slimmed, filled)] == [2, 0]
    assert [sum(row.people_redeployed for row in plan.decisions) for plan in (slimmed, filled)] == [0, 2]


def test_severance_is_rounded_once_for_those_who_are_left() -> None:
    """121 insured months: 18.125 months, 181.25 each. Three cost 543.75, two 362.5, one 181.25: 544, 363, 181, 0."""
    rows = [unit(name, **PERSON | {"avg_insured_months": 121}) for name in ("a", "b")]
    scenario = moving()
    plans = [plan_of(scenario, [*rows, near("c", 3)], [*into("a", "b"), send(people)]) for people in range(4)]
    assert [-cash_of(plan).of("severance")[2026] for plan in plans] == [544, 363, 181, 0]
    assert [next(iter(leavers_of(plan))).severance_mvnd for plan in plans] == [544, 363, 181, 0]
    units = units_of([*rows, near("c", 3)])
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    placings = columns.items.moves.placings
    host = columns.paths.hosts[placings.option] == 0
    spared = set(zip(placings.people[host].tolist(), placings.spared_mvnd[host].tolist(), strict=True))
    assert {(1, 181), (2, 363), (3, 544)} <= spared


def test_whoever_moved_leaves_no_vacancy_used_up() -> None:
    """b joins in 2025, d in 2030: three posts each; one moves, two are paid. One of a's people retires by 2030.

    The retired one stands for a post of 2030: two are paid then, as if nobody had moved.
    """
    rows = [unit("a", retiring_by_2030=1, **PERSON), PAIR[1], unit("d", **PERSON), near("c", 1)]
    stages = [*ONE_STAGE, {"year": 2030, "effect": 2028}]
    joins = [*into("a", "b"), *into("a", "d", year=2030)[1:]]
    found = leavers_of(plan_of(moving(stages=stages), rows, [*joins, send(1)]))
    told = [(row.year, row.freed, row.retired, row.filled_nearby, row.severed) for row in found if row.freed]
    assert told == [(2026, 3, 0, 1, 2), (2028, 3, 1, 0, 2)]


OTHERS = {
    "far": near("far", 3, lat=11.5), "other": near("other", 3, kind="museum"), "c": near("c", 2),
    "high": near("high", 3, level="province"), "field": near("field", 3, sector="health"),
    "d": near("d", 3, fee_room_mvnd=4000),
}  # fmt: skip


@pytest.mark.parametrize(
    ("rows", "codes"),
    [
        ([send(2)], []),
        ([send(2), send(1, "d")], []),
        ([send(1, "far")], ["redeploy_too_far"]),
        ([send(1, "other")], ["redeploy_unlike"]),
        ([send(1, "high")], ["redeploy_unlike"]),
        ([send(1, "field")], ["redeploy_unlike"]),
        ([send(3)], ["redeploy_beyond_vacancies"]),
        ([send(2), send(2, "d")], ["redeploy_beyond_leavers"]),
        ([send(1, "d", host="c")], ["redeploy_without_merger", "redeploy_beyond_leavers"]),
        ([send(1, "b")], ["redeploy_into_changed", "redeploy_beyond_vacancies"]),
        ([send(1, "d"), Decision(unit_id="d", fate="raise", year=2025)], ["redeploy_into_changed"]),
        ([send(2), Decision(unit_id="c", fate="slim", year=2025, posts_slimmed=1)], ["redeploy_slimmed"]),
    ],
)
def test_refuses_moves_that_nobody_could_make(rows: list[Decision], codes: list[str]) -> None:
    assert refused(rows, moving()) == codes


def test_refuses_moves_where_no_distance_is_stated() -> None:
    assert refused([send(1)], moving(staffing={"redeploy_km": None})) == ["redeploy_not_asked"]


def refused(rows: list[Decision], scenario: Scenario) -> list[str]:
    named = {row.unit_id for row in (*rows, *into("a", "b")) if row.fate not in ("slim", "redeploy")}
    kept = [Decision(unit_id=name, fate="keep") for name in OTHERS if name not in named]
    found = check(scenario, units_of([*PAIR, *OTHERS.values()]), [*into("a", "b"), *kept, *rows]).refusals
    return [problem.code.removeprefix("check.") for problem in found]


def test_people_of_others_excuse_no_unit_that_is_too_small() -> None:
    """Four of six are present and five are asked for: two who come do not mend what the unit is by itself."""
    rule = {"id": "size", "rule": "structure", "measure": "staff", "at_least": 5, "binds": "all"}
    small = near("c", 2, posts_budget=6, present_budget=4)
    rows, decisions = [*PAIR, small], [*into("a", "b"), send(2)]
    plan = plan_of(moving(rules=[rule]), rows, decisions)
    assert plan.stages[0][1].figures["staff"] == 6
    assert [reading.met for reading in plan.readings] == [False]


# Drawn provinces


@cache
def world(seed: int) -> Columns:
    """Four units that merge in pairs or threes over two stages, and two with vacancies, one of which may slim."""
    rows = random_rows(seed, 6)
    for number, row in enumerate(rows):
        row |= {"level": "department", "parent": "Sở A", "sector": "economic" if number == seed % 6 else "agriculture"}
        row |= {"present_budget": row["posts_budget"] - min(row["posts_budget"], number // 4 * 3)}
    staffing: dict[str, Any] = {"redeploy_km": 30, "slimming": [{"at_most_percent": 30}]}
    staffing |= {"positions": POSITIONS} if seed % 2 else {}
    limits = {"rule": "one_off_budget", "year": 2025}
    rules = [
        {"id": "once", "at_most_mvnd": 1500, "per": "sector"} | limits,
        {"id": "beside", "at_most_mvnd": 800, "scope": {"autonomy_group_not": ["4"]}} | limits,
    ]
    merging = [{"within": "parent", "same": [], "max_members": 3, "mixed_functions": True}]
    actions = {"merge": {"unit": ["u0", "u1", "u2", "u3"]}, "slim": {"unit": ["u4"]}, "raise": {"unit": ["u5"]}}
    scenario = scenario_of(staffing=staffing, rules=rules, merging=merging, actions=actions)
    units = units_of(rows)
    return Columns.build(scenario, units, list_options(scenario, units).paths)


def test_both_roads_reckon_every_move_alike() -> None:
    """Score, one-off rows, cash and leavers agree, and whoever goes somewhere comes somewhere."""
    moved = 0
    for seed in range(20):
        columns, draw = world(seed), np.random.default_rng([seed, 3])
        scores, blocks = costs(columns), {rule.id: rule.rows(columns) for rule in columns.scenario.demands}
        for _ in range(10):
            values = random_values(columns, draw)
            found = check(columns.scenario, columns.units, decisions_of(columns, values))
            assert not found.refusals and found.plan.score == int(scores @ values), seed
            for rule in columns.scenario.demands:
                rows = blocks[rule.id]
                held = bool((rows.matrix @ values <= rows.at_most).all())
                assert held == all(reading.met for reading in rule.measure(found.plan)), (seed, rule.id)
            rows_ = list(leavers_of(found.plan))
            for year, paid in cash_of(found.plan).of("severance").items():
                mine = [row for row in rows_ if row.year == year]
                assert -paid == sum(row.severance_state_mvnd for row in mine), (seed, year)
                assert sum(row.filled_nearby for row in mine) == sum(row.received for row in mine), (seed, year)
            moved += sum(row.received for row in rows_)
    assert moved > 20


def test_the_search_finds_the_best_of_all_moves() -> None:
    """Every plan of five units, with every way of sending people that the checker lets through, is no better."""
    used = 0
    for seed in range(6):
        scenario, units = small(seed)
        least = min(found.plan.score for whole in Province(scenario, units, mergers_only=True).plans
                    for found in every_move(scenario, units, whole) if found.passed)  # fmt: skip
        search = scenario.search.model_copy(update={"best": 1, "plans": 0, "gap_percent": 0})
        plan = rank(prepare(scenario.model_copy(update={"search": search}), units), solve_here).plans[0].plan
        assert plan.score == least, seed
        used += len(moves(plan))
    assert used > 3


def small(seed: int) -> tuple[Scenario, Units]:
    """Three units that may merge and two with vacancies that may be slimmed instead; pay and age are drawn."""
    draw = np.random.default_rng([seed, 4])
    person = [
        {"avg_pay_vnd_month": int(draw.integers(80, 160)) * 100_000, "avg_insured_months": int(draw.integers(60, 300))}
        for _ in range(5)
    ]
    rows = [unit(f"u{n}", present_budget=20 - int(draw.integers(0, 2)), **person[n]) for n in range(3)]
    rows += [near(f"v{n}", int(draw.integers(1, 3)), **person[3 + n]) for n in range(2)]
    staffing: dict[str, Any] = {"severance_payer": ["state", "by_group"][seed % 2]}
    scenario = moving(
        staffing=staffing | {"slimming": [{"at_most_percent": 10, "retirees_lapse_percent": 0}]},
        actions={"merge": {"unit": ["u0", "u1", "u2"]}, "slim": {"unit": ["v0"]}},
        rules=[*LAW, {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 1}],
        objective={"work_lost": [1, 2][seed // 2 % 2], "units_touched": 100},
    )
    return scenario, units_of(rows)


def every_move(scenario: Scenario, units: Units, whole: Whole) -> Iterator[Any]:
    """The plan as it is and with every number of its people sent to either unit with vacancies."""
    hosts = [successor.host for successor in whole.checked.plan.stages[0] if successor.changed]
    ways = [(units.ids[host], taker) for host in hosts for taker in ("v0", "v1")]
    for counts in product(range(3), repeat=len(ways)):
        sent = [send(n, taker, host) for n, (host, taker) in zip(counts, ways, strict=True) if n]
        found = check(scenario, units, [*whole.decisions, *sent])
        if not found.refusals:
            yield found
