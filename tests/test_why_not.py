"""Why a small province has no plan: the same reach, conflicts and ways out as trying every plan gives."""

from collections.abc import Callable, Iterable, Iterator
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from drawn_cases import ANYWHERE, drawn_rows
from enumeration import Province
from in_process import solve_here
from worlds import scenario_of, unit, units_of

from models.engine import relax
from models.feasible import Means
from models.plan import Plan
from models.prepared import prepare
from models.repair import WayOut
from models.rules import Reading
from models.unit import QUALITIES
from models.why_not import WhyNot, why_not

MEANS = Means(solve_here, relax)
SEEDS = range(14)
Names = frozenset[str]
every_seed = pytest.mark.parametrize("seed", SEEDS)


def drawn(seed: int) -> dict[str, Any]:
    """Five tight demands of ten, and now and then a pin; nothing is slimmed or ordered, so that plans stay few."""
    draw = np.random.default_rng([seed, 20])
    tier = [str(draw.choice(["law", "central", "province", "modelling"])) for _ in range(4)]
    offered = [
        {"id": "fewer", "rule": "unit_reduction", "year": 2030, "at_least": int(draw.integers(2, 4)), "tier": tier[0]},
        {"id": "share", "rule": "autonomy_share", "year": 2030, "at_least_percent": int(draw.integers(60, 101))},
        {"id": "companies", "rule": "equitization", "year": 2030, "tier": tier[1]},
        {"id": "cap", "rule": "cap", "sum": "posts", "at_most": int(draw.integers(15, 40)), "tier": tier[2]},
        {"id": "floor", "rule": "floor", "sum": "units", "at_least": int(draw.integers(2, 5)), "tier": tier[3]},
        {"id": "realised", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "baseline": {"kind": "realised"},
         "at_least_percent": int(draw.integers(5, 60))},
        {"id": "not_too_large", "rule": "structure", "measure": "posts", "at_most": int(draw.integers(20, 40))},
        {"id": "no_loss", "rule": "no_autonomy_loss"},
        {"id": "workload", "rule": "workload", "year": 2025, "at_most": int(draw.integers(0, 3)), "per": "parent"},
        {"id": "functions", "rule": "remaining_functions", "year": 2030},
    ]  # fmt: skip
    chosen = sorted(draw.choice(len(offered), size=5, replace=False).tolist())
    pins = [{"unit": "u0", "fate": "keep"}] if seed % 3 else [{"unit": "u1", "not": ["merge", "raise"]}]
    actions = dict.fromkeys(("merge", "raise", "equitize"), True)
    robust = {"budgets": {"realised": 1}, "deviation_percent": dict.fromkeys(QUALITIES, 30)} if seed % 2 else {}
    rules = [offered[place] for place in chosen]
    return {"rules": rules, "pins": pins, "actions": actions, "merging": [ANYWHERE], "robust": robust}


@cache
def province(seed: int) -> Province:
    return Province(scenario_of(**drawn(seed)), units_of(drawn_rows(seed, 4)))


@cache
def found(seed: int) -> WhyNot:
    tried = province(seed)
    return why_not(prepare(tried.scenario, tried.units), MEANS, lambda: True, known_impossible=False)


@cache
def broken(seed: int) -> frozenset[Names]:
    """What plans break: every set of demands that some plan breaks."""
    return frozenset(frozenset(whole.broken()) for whole in province(seed).plans)


def smallest_sets(names: Iterable[str], hits: Callable[[Names], bool]) -> set[Names]:
    known: set[Names] = set()
    ordered = sorted(names)
    for size in range(len(ordered) + 1):
        for chosen in map(frozenset, combinations(ordered, size)):
            if hits(chosen) and not any(smaller <= chosen for smaller in known):
                known.add(chosen)
    return known


def test_small_cases_are_impossible_in_many_ways() -> None:
    impossible = [seed for seed in SEEDS if found(seed).verdict == "impossible"]
    assert len(impossible) > len(SEEDS) // 2
    assert any(len(found(seed).explored.conflicts) > 1 for seed in impossible)
    assert any(found(seed).conflict.names & found(seed).demands.structural for seed in impossible)


@every_seed
def test_finds_all_conflicts_and_repairs_as_trying_every_plan_does(seed: int) -> None:
    why, sets, names = found(seed), broken(seed), frozenset(rule.id for rule in province(seed).scenario.demands)

    def possible(held: Names) -> bool:
        return any(not held & one for one in sets)

    assert why.verdict == ("possible" if possible(names) else "impossible")
    if why.verdict == "possible":
        return
    assert why.conflict.minimal and why.explored.complete
    conflicts = smallest_sets(names, lambda held: not possible(held))
    assert why.conflict.names in conflicts
    assert {one.names for one in why.explored.conflicts} == conflicts
    assert set(why.explored.repairs) == smallest_sets(names, lambda given: possible(names - given))


@every_seed
def test_blames_the_law_only_where_nothing_else_is_enough(seed: int) -> None:
    """Whatever the law asks for in the conflict, without it and without everything outside the conflict all is well;
    and demands below the law that conflict among themselves are blamed alone."""
    why = found(seed)
    if why.verdict == "impossible":
        law = {rule.id for rule in province(seed).scenario.demands if rule.tier == "law"}
        below = frozenset(rule.id for rule in province(seed).scenario.demands) - law
        alone = not any(not below & one for one in broken(seed))
        assert bool(why.conflict.names & law) != alone


@every_seed
def test_reaches_what_the_furthest_plan_reaches(seed: int) -> None:
    """Alone: among the plans that keep structural rules and pins."""
    why = found(seed)
    allowed = [w for w in province(seed).plans if not w.broken() & why.demands.structural]
    for reach in why.reaches:
        readings = list(_readings((w.checked.plan for w in allowed), reach.rule.id, reach.label, reach.year))
        furthest = max(readings, key=lambda r: r.slack)
        assert (reach.reached, reach.enough, reach.proved) == (furthest.secured, furthest.met, True), reach.rule.id
    told = {reach.rule.id for reach in why.reaches if not reach.enough}
    single = {rule.id for rule in why.demands.problem.targets if rule.per is None}
    assert {name for name in single if not any(name not in w.broken() for w in allowed)} == told & single


@every_seed
def test_reaches_beside_a_conflict_what_the_furthest_plan_does(seed: int) -> None:
    why = found(seed)
    for reach in why.beside:
        beside = why.conflict.names if len(why.conflict.names) > 1 else frozenset(why.demands.by_id)
        others = beside - {reach.rule.id}
        allowed = [whole for whole in province(seed).plans if not whole.broken() & others]
        readings = _readings((w.checked.plan for w in allowed), reach.rule.id, reach.label, reach.year)
        assert reach.reached == max(readings, key=lambda r: r.slack).secured and not reach.enough


@every_seed
def test_gives_way_no_more_than_needed_in_each_sense(seed: int) -> None:
    """Percent of baselines by hand; a plan that breaks a structural rule or a pin has so many whole exceptions."""
    why, tried = found(seed), province(seed)
    if why.verdict != "impossible":
        return
    ways: dict[str, WayOut] = {way.sense: way for way in why.ways}
    assert list(ways) == ["least_total", "fewest_rules", "smallest_largest"] and all(
        way.proved for way in ways.values()
    )
    firm = next(firm for firm in _firm(why) if any(not firm & one for one in broken(seed)))
    shares = [_shares(why, whole.checked.plan) for whole in tried.plans if not whole.broken() & firm]
    assert float(ways["least_total"].total) == pytest.approx(min(float(sum(s)) for s in shares), rel=2e-3)
    assert float(ways["smallest_largest"].largest) == pytest.approx(min(float(max(s)) for s in shares), rel=2e-3)
    assert len(ways["fewest_rules"].rules) == min(map(len, broken(seed)))
    for way in why.ways:
        assert {reading.id for reading in _all_readings(why, way.plan) if not reading.met} == way.rules
        assert [change.percent for change in way.changes] == [share for share in _shares(why, way.plan) if share]


def _firm(why: WhyNot) -> Iterator[Names]:
    """What does not give way: structural rules, pins and targets of the law, if possible."""
    law = frozenset(rule.id for rule in why.demands.all if rule.tier == "law")
    yield from (law | why.demands.structural, why.demands.structural, frozenset())


def _shares(why: WhyNot, plan: Plan) -> list[Fraction]:
    """Of every reading what is missing in percent of the baseline."""
    today = len(plan.units)
    shares = []
    for rule in why.demands.all:
        for reading in rule.measure(plan):
            missing, whole = -reading.slack, Fraction(reading.denominator)
            if reading.met:
                shares.append(Fraction(0))
            elif rule.structural:
                shares.append(100 * reading.reached)
            elif rule.rule == "autonomy_share":  # of today's units, in points of a share of those that remain
                shares.append(missing * whole / today)
            elif rule.rule == "payroll_cut":
                shares.append(missing * whole / int(plan.units.figure("posts_budget").sum()))
            elif rule.rule == "equitization":
                shares.append(missing)
            elif rule.rule == "remaining_functions":
                shares.append(100 * missing / today)
            elif rule.rule == "unit_reduction":
                shares.append(100 * missing / whole)
            else:
                shares.append(100 * missing / max(1, reading.wanted))
    return shares


def _all_readings(why: WhyNot, plan: Plan) -> Iterator[Reading]:
    for rule in why.demands.all:
        yield from rule.measure(plan)


def _readings(plans: Iterable[Plan], rule: str, label: str, year: int | None) -> Iterator[Reading]:
    for plan in plans:
        for reading in plan.readings:
            if (reading.id, reading.label, reading.year) == (rule, label, year):
                yield reading


# Reserves


def test_reaches_what_is_left_when_the_largest_saving_falls_short() -> None:
    """Of 80 posts two mergers save 3 each: 7.5 in a hundred; of one 40% may not come, and 4.8 posts are left."""
    rows = [unit(name, posts_budget=20) for name in "abcd"]
    cut = {"id": "cut", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 8}
    pairs = [{"within": "parent", "same": [], "max_members": 2}]
    savings = {"posts": [{"per_absorbed_unit": 3, "branch_percent": 100}]}
    told = []
    for budget in (0, 1):
        robust = {"budget": budget, "deviation_percent": dict.fromkeys(QUALITIES, 40)}
        tables = {"rules": [cut], "merging": pairs, "actions": {"merge": True}, "savings": savings, "robust": robust}
        why = why_not(prepare(scenario_of(**tables), units_of(rows)), MEANS, lambda: True, known_impossible=False)
        (reach,) = why.reaches
        told.append((reach.reached, reach.numerator, reach.upwards, reach.short))
    assert told == [(Fraction(15, 2), 6, True, Fraction(1, 2)), (6, 5, True, 2)]


# Whole numbers


def test_tells_a_conflict_that_only_whole_units_have() -> None:
    """Two communes of three units that may merge two by two. Cut in halves each merges half with either other, and
    1.5 units fewer remain in each commune: three in all. In whole units one in each, two in all; three are asked."""
    rows = [unit(name, commune="Xã Một" if name < "d" else "Xã Hai") for name in "abcdef"]
    pairs = [{"within": "commune", "same": [], "max_members": 2}]
    three = {"id": "three", "rule": "unit_reduction", "year": 2030, "at_least": 3}
    problem = prepare(scenario_of(rules=[three], merging=pairs, actions={"merge": True}), units_of(rows))
    assert relax(problem.program).status == "optimal"
    why = why_not(problem, MEANS, lambda: True, known_impossible=False)
    assert (why.verdict, why.conflict.names, why.by_integers) == ("impossible", {"three"}, True)
    assert [(reach.wanted, reach.reached) for reach in why.reaches] == [(3, 2)]
    (change,) = why.ways[0].changes
    assert (change.short, change.percent) == (1, Fraction(100, 6))
