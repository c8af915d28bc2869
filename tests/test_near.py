"""Near a draft: the fewest changes that make it meet every rule, and the best plan among those."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import pytest
from drawn_cases import drawn_case
from enumeration import Part, Province, Whole
from in_process import solve_here
from worlds import random_rows, scenario_of, unit, units_of

from models.checker import check
from models.draft import Draft, Structure, draft_of
from models.near import Near, count_changes, prepare_near, starting_from
from models.plan import Decision
from models.ranked import RankedPlan
from models.scenario import Scenario
from models.search import rank
from models.unit import Units

SEARCH = {"best": 1, "plans": 0, "gap_percent": 0}
SMALL = [(seed, 4) for seed in range(4)] + [(seed, 3) for seed in range(30, 38)]
every_small_case = pytest.mark.parametrize(("seed", "count"), SMALL)


@cache
def province(seed: int, count: int) -> Province:
    return Province(*drawn_case(seed, count, search=SEARCH))


def near(scenario: Scenario, units: Units, decisions: Sequence[Decision]) -> Near:
    return count_changes(prepare_near(draft_of(scenario, units, decisions)), solve_here)


def best_of(found: Near) -> RankedPlan | None:
    ranking = rank(found.within, starting_from(found, solve_here))
    return ranking.plans[0] if ranking.plans else None


def structures_of(whole: Whole) -> dict[int, tuple[object, ...]]:
    """Per unit its fate, partners and raise, told from the parts of an enumerated plan."""
    return {member: decided for part in whole.parts for member, decided in structures_of_part(part).items()}


def structures_of_part(part: Part) -> dict[int, tuple[object, ...]]:
    members, raised, end = part.mark  # type: ignore[misc]
    stay = frozenset(unit for unit, gone in members if not gone)
    taker = {row.unit_id: row.receiver_id for row in part.decisions if row.fate == "dissolve"}
    found: dict[int, tuple[object, ...]] = {}
    for member, gone in members:
        found[member] = ("dissolve", frozenset(taker.values())) if gone else (end, len(stay) > 1 and stay, raised)
    return found


def apart(one: Whole, other: Whole) -> int:
    mine, its = structures_of(one), structures_of(other)
    return sum(mine[member] != its[member] for member in mine)


@every_small_case
def test_needs_as_few_changes_as_trying_every_plan_shows(seed: int, count: int) -> None:
    """Four drafts of a province, most of which break something: fewest changes first, then the best score."""
    tried = province(seed, count)
    feasible = [whole for whole in tried.plans if whole.feasible]
    for draft in tried.plans[:: max(1, len(tried.plans) // 4)]:
        found = near(tried.scenario, tried.units, draft.decisions)
        if not feasible:
            assert found.impossible
            continue
        fewest = min(apart(draft, whole) for whole in feasible)
        assert (found.fewest, found.proved_fewest) == (fewest, True)
        best = best_of(found)
        assert best is not None and best.proved_best
        assert best.score == min(whole.score for whole in feasible if apart(draft, whole) == fewest)
        assert found.of(best.values) == fewest


@every_small_case
def test_finds_the_best_plan_within_a_number_of_changes(seed: int, count: int) -> None:
    tried = province(seed, count)
    feasible = [whole for whole in tried.plans if whole.feasible]
    draft = tried.plans[len(tried.plans) // 2]
    for most in range(count + 1):
        found = Near(**{**vars(near(tried.scenario, tried.units, draft.decisions)), "most": most})
        ranking = rank(found.within, starting_from(found, solve_here))
        within = [whole.score for whole in feasible if apart(draft, whole) <= most]
        assert [plan.score for plan in ranking.plans] == ([min(within)] if within else [])
        assert found.forbidden == (bool(feasible) and not within)


@every_small_case
def test_counts_changes_alike_by_columns_and_by_decisions(seed: int, count: int) -> None:
    """The count that the solver minimises is the count of units that two lists of decisions tell apart."""
    tried = province(seed, count)
    some = tried.plans[:: max(1, len(tried.plans) // 12)]
    drafts: list[Draft] = [draft_of(tried.scenario, tried.units, whole.decisions) for whole in some]
    for draft, whole in zip(drafts, some, strict=True):
        for other, theirs in zip(drafts, some, strict=True):
            told = sum(one != two for one, two in zip(draft.structures, other.structures, strict=True))
            assert int(draft.changes(other.paths).sum()) == told == apart(whole, theirs)


# Four centres of one department

ROWS = [unit("a", posts_budget=30), unit("b"), unit("c"), unit("d", posts_budget=10)]
FEWER = {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 1}


def merged(*group: str, host: str, year: int = 2025) -> list[Decision]:
    """One merger; whoever is not in it is kept."""
    rows = [
        Decision(unit_id=name, fate="merge", year=year, host_id=host, successor_id=host, form="absorb", site="kept")
        for name in group
    ]
    kept = [row["id"] for row in ROWS if row["id"] not in group]
    return [*rows, *(Decision(unit_id=name, fate="keep", successor_id=name) for name in kept)]


def test_leaves_a_draft_that_meets_every_rule_as_it_is() -> None:
    """a and b merge in 2025: one unit fewer, no change."""
    found = near(scenario_of(rules=[FEWER], search=SEARCH), units_of(ROWS), merged("a", "b", host="a"))
    best = best_of(found)
    assert (found.fewest, found.at_least) == (0, 0) and best is not None
    drafted = draft_of(found.draft.scenario, found.draft.units, best.plan.decisions)
    assert drafted.structures == found.draft.structures


def test_changes_two_units_where_one_merger_is_missing() -> None:
    """Everyone is kept and one unit must go: any pair that merges is two changes."""
    kept = [Decision(unit_id=row["id"], fate="keep", successor_id=row["id"]) for row in ROWS]
    found = near(scenario_of(rules=[FEWER], search=SEARCH, actions={"merge": True}), units_of(ROWS), kept)
    assert (found.fewest, found.proved_fewest) == (2, True)


def test_takes_the_years_of_a_draft_for_no_change() -> None:
    """The merger of 2030 comes too late for the target of 2025; brought forward, nobody decides otherwise."""
    found = near(scenario_of(rules=[FEWER], search=SEARCH), units_of(ROWS), merged("a", "b", host="a", year=2030))
    assert found.fewest == 0


def test_lets_a_draft_stand_that_the_listing_lacks() -> None:
    """The listing knows pairs within 1 km under the largest host; the draft merges three, 20 km apart, under b."""
    rows = [{**row, "lat": 11 + place * 0.1} for place, row in enumerate(ROWS)]
    near_ones = {"within": "parent", "same": [], "max_km": 1, "max_members": 2}
    scenario = scenario_of(rules=[FEWER], search=SEARCH, merging=[near_ones], actions={"merge": True})
    found = near(scenario, units_of(rows), merged("a", "b", "c", host="b"))
    best = best_of(found)
    assert found.fewest == 0 and best is not None and best.plan.units_after(2030) == 2


def test_counts_what_nobody_may_do_as_changed() -> None:
    """The scenario permits no mergers, so the drafted pair must be kept: two changes, with the reason told."""
    scenario = scenario_of(search=SEARCH, actions={"raise": True})
    found = near(scenario, units_of(ROWS), merged("a", "b", host="a"))
    assert found.fewest == 2
    assert [problem.code for told in found.draft.refusals.values() for problem in told] == [
        "check.action_forbidden", "check.action_forbidden",
    ]  # fmt: skip


def test_tells_what_a_unit_decides() -> None:
    raised = [*merged("a", "b", host="a"), Decision(unit_id="a", fate="raise", year=2030)]
    found = draft_of(scenario_of(), units_of(ROWS), raised)
    assert found.structures[0] == Structure("merge", ("a", "b"), raised=True)
    assert found.structures[2] == Structure("keep")


def test_prices_drafts_beyond_the_listing_as_the_checker_does() -> None:
    """Nobody is listed as a partner; three units drawn by lot merge in drawn years under a drawn host, which is raised
    before or after. What the checker permits can be chosen, and its score is the checker's (else the search stops)."""
    chosen = raised = 0
    for seed in range(30):
        units, draw = units_of(random_rows(seed, 5)), np.random.default_rng([seed, 11])
        scenario = scenario_of(search=SEARCH, merging=[], staffing={"slimming": [{"at_most_percent": 0}]})
        decisions = drawn_draft(units, draw)
        draft = draft_of(scenario, units, decisions)
        if check(scenario, units, decisions).passed:
            found = count_changes(prepare_near(draft), solve_here)
            assert found.fewest == 0 and best_of(found) is not None
            chosen += 1
            raised += any(row.fate == "raise" for row in decisions)
    assert chosen > 5 and raised > 1


def drawn_draft(units: Units, draw: np.random.Generator) -> list[Decision]:
    """Three units become one in drawn stages, under a drawn host that may be raised; the others are kept."""
    group = [units.ids[place] for place in draw.choice(len(units), size=3, replace=False)]
    host = group[0]
    years = [int(draw.choice([2025, 2030])) for _ in group]
    rows = [
        Decision(
            unit_id=name, fate="merge", year=min(years[1:]) if name == host else year, host_id=host, successor_id=host,
            form="absorb", site=str(draw.choice(["kept", "closed"])) if name != host else "kept",
        )
        for name, year in zip(group, years, strict=True)
    ]  # fmt: skip
    if draw.random() < 0.5:
        rows.append(Decision(unit_id=host, fate="raise", year=int(draw.choice([2025, 2030]))))
    rows += [Decision(unit_id=name, fate="keep", successor_id=name) for name in units.ids if name not in group]
    return rows
