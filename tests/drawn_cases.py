"""Whole small cases drawn from a seed: units, what may be done, what must hold, and what is better."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import numpy as np
from worlds import LAW, POSITIONS, TWO_STAGES, deputies_where_small_is, part_of, random_rows, scenario_of, units_of

from models.robust import FAMILIES
from models.scenario import Scenario
from models.unit import QUALITIES, Units

Row = dict[str, Any]
Table = dict[str, Any]

ANYWHERE = {"within": "province", "same": [], "mixed_functions": True}
MERGING: Sequence[Sequence[Table]] = (
    [ANYWHERE | {"sites": "either"}],
    [{"within": "parent", "same": [], "form": "consolidate"}],
    [{"within": "province", "same": ["kind"], "host": "most_autonomous", "mixed_functions": True, "max_members": 3}],
    [{"sectors": ["health", "agriculture"], "within": "province", "same": ["sector"], "sites": "closed"}, ANYWHERE],
    [ANYWHERE | {"kinds": ["library"], "with": ["culture_centre"]}, {"within": "area", "host": "highest_level"}],
    [ANYWHERE | {"max_members": 2, "whole": True}],
    [ANYWHERE | {"max_km": 20, "separate": ["Đảo"], "sites": "either"}],
    [{"within": "commune", "same": ["level"], "whole": True, "max_members": 2, "separate": ["Đảo"]}, ANYWHERE],
)
_COMPANY: Row = {
    "sector": "economic", "function": "market", "autonomy_group": 2, "state_grant_mvnd": 0, "orderable_mvnd": 0,
    "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 2000,
}  # fmt: skip
THREE_STAGES = [*TWO_STAGES, {"year": 2032, "effect": 2031}]


def drawn_rows(seed: int, count: int) -> list[Row]:
    """Random units over two kinds, three communes and an island, some without a good name."""
    draw, schools = np.random.default_rng([seed, 1]), np.random.default_rng([seed, 6])
    rows = random_rows(seed, count)
    for row in rows:
        row["classes"], row["sites"] = int(schools.choice([0, 20, 30])), int(schools.integers(1, 3))
        row["kind"] = str(draw.choice(["culture_centre", "library"]))
        row["commune"] = str(draw.choice(["Xã Một", "Xã Hai"]))
        row["area"] = str(draw.choice(["Đất liền", "Đảo"], p=[0.7, 0.3]))
        row["performance"] = str(draw.choice(["good", "completed", "not_completed"], p=[0.3, 0.5, 0.2]))
        row["investment_self_mvnd"] = int(draw.choice([0, 40, 90]))
        row["depreciation_mvnd"] = int(draw.choice([0, 60]))
        if draw.random() < 0.2:
            row |= _COMPANY
            row["revenue_mvnd"], row["posts_own"] = row["recurrent_mvnd"], row["posts_own"] + row["posts_budget"]
            row["posts_budget"] = row["present_budget"] = 0
        row["orders_mvnd"] = int(draw.choice([0, 120]))
        row["orderable_mvnd"] = min(row["orderable_mvnd"], int(draw.integers(1, 4)) * _step(row))
    return rows


def _step(row: Row) -> int:
    """Orders stay few: what may be ordered is one to three steps, and less than one more."""
    posts = row["posts_budget"] + row["posts_own"]
    per_post, pay = -(-row["recurrent_mvnd"] // posts), round(12 * row["avg_pay_vnd_month"] / 10**6)
    return int(max(per_post, pay))


def drawn_case(seed: int, count: int, **tables: Any) -> tuple[Scenario, Units]:
    """A case of every kind of decision, pin and rule; some have no plan at all, some a unit that is yet to come."""
    drawn, rows = drawn_tables(seed, count), drawn_rows(seed, count)
    if seed % 5 == 3:
        rows.append(part_of(rows[1], "v1", "2026-01-01" if seed % 3 else "2025-07-01"))
        drawn["pins"] = [*drawn["pins"], *([{"unit": "u1", "fate": "split", "into": ["v1"]}] if seed % 2 else [])]
    return scenario_of(**(drawn | tables)), units_of(rows)


def drawn_tables(seed: int, count: int) -> Table:
    """The drawn scenario as its file would say it."""
    draw = np.random.default_rng([seed, 2])
    stages = THREE_STAGES if count <= 3 and seed % 5 == 0 else TWO_STAGES
    drawn = {
        "stages": stages,
        "money": {"discount_percent": int(draw.choice([0, 5])), "horizon": stages[-1]["effect"] + 1},
        "savings": {
            "early_percent": int(draw.choice([60, 100])),
            "early_years": int(draw.choice([0, 3, 5])),
            "merger_setup_mvnd": int(draw.choice([10, 150])),
            "exit_mvnd": int(draw.choice([50, 800])),
        },
        "staffing": {
            "slimming": [{"at_most_percent": int(draw.choice([10, 30]))}],
            "deputies": deputies_where_small_is(25),
            "positions": POSITIONS if seed % 2 else [],
        },
        "counting": {
            "orders_are_direct_spending": bool(draw.random() < 0.4),
            "equitized_counts_as_reduction": bool(draw.random() < 0.6),
        },
        "actions": _actions(draw, count),
        "merging": MERGING[seed % len(MERGING)],
        "rules": _rules(draw, stages, seed),
        "pins": _pins(draw, count, seed),
        "objective": {
            "staff_moved": int(draw.choice([0, 25])),
            "units_touched": int(draw.choice([20, 200])),
            "surplus_leaders": int(draw.choice([20, 250])),
        },
    }
    drawn |= _by_amounts(draw) if seed % 6 == 5 else {}
    return drawn | _robust(drawn["rules"], seed)


def _robust(rules: Sequence[Table], seed: int) -> Table:
    """What may fall short of every cut, in a third of the cases that hold one; drawn apart so that the rest stays."""
    cuts = [rule["id"] for rule in rules if rule["rule"] in FAMILIES]
    if not cuts or seed % 3 != 2:
        return {}
    draw = np.random.default_rng([seed, 15])
    budgets = {cut: Fraction(int(draw.integers(1, 4)), 2) for cut in cuts}
    return {"robust": {"budgets": budgets, "deviation_percent": dict(zip(QUALITIES, (20, 30, 45, 60), strict=True))}}


def _by_amounts(draw: np.random.Generator) -> Table:
    """A target that little but slimming and orders can reach: otherwise orders only cost."""
    share = {"at_least_percent": int(draw.integers(1, 12))}
    targets = [
        {"id": "payroll", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025} | share,
        {"id": "spending", "rule": "spending_cut", "period": [2026, 2030], "baseline_period": [2021, 2025]} | share,
    ]
    return {
        "actions": {"merge": {"unit": ["u0", "u1"]}, "slim": {"unit": ["u1"]}, "order": {"unit": ["u0", "u2"]}},
        "rules": [targets[int(draw.integers(0, 2))]],
        "pins": [],
        "counting": {},
    }


def seven_units(seed: int, **tables: Any) -> tuple[Scenario, Units]:
    """Seven units that keep or merge in one stage, with a target or two."""
    draw = np.random.default_rng([seed, 3])
    stages = TWO_STAGES[:1]
    rules = [rule for rule in _offered(draw, stages) if rule["rule"] in ("unit_reduction", "structure", "cap", "floor")]
    rules += _of_schools(draw)
    drawn = {
        "stages": stages,
        "money": {"discount_percent": 5, "horizon": 2029},
        "actions": {"merge": True},
        "merging": [[ANYWHERE], MERGING[3], [ANYWHERE | {"max_members": 3}], MERGING[0], MERGING[7]][seed % 5],
        "rules": [rules[int(place)] for place in draw.choice(len(rules), size=2, replace=False)],
        "objective": {"units_touched": int(draw.choice([50, 400]))},
    }
    return scenario_of(**(drawn | tables)), units_of(drawn_rows(seed, 7))


def _actions(draw: np.random.Generator, count: int) -> Table:
    """Everything is allowed somewhere; amounts only in one or two units, so that all of them can be tried."""
    some = [f"u{number}" for number in range(count)]
    actions: Table = dict.fromkeys(("merge", "raise", "equitize", "dissolve"), True)
    actions["convert"] = {"unit": some[:1]} if draw.random() < 0.4 else False
    actions["raise"] = {"unit": some[1:]} if draw.random() < 0.5 else True
    actions["merge"] = {"unit_not": [str(draw.choice(some))]} if draw.random() < 0.2 else True
    actions["slim"] = {"unit": [str(draw.choice(some))]} if draw.random() < 0.6 else False
    actions["order"] = {"unit": [str(draw.choice(some))]} if draw.random() < 0.7 else False
    return actions


def _rules(draw: np.random.Generator, stages: Sequence[Mapping[str, int]], seed: int) -> list[Table]:
    """None to two of the law's rules, one target that changes from seed to seed, and now and then a second."""
    offered = _offered(draw, stages)
    places = {seed % len(offered), *draw.choice(len(offered), size=int(draw.choice([0, 0, 1])))}
    workload = _workload(stages, seed) if seed % 7 == 2 else []
    fairness = _fairness(stages, seed) if seed % 13 == 6 else []
    return [*LAW[: int(draw.integers(0, 3))], *(offered[int(place)] for place in sorted(places)), *workload, *fairness]


def _workload(stages: Sequence[Mapping[str, int]], seed: int) -> list[Table]:
    """What a stage can carry, drawn apart so that the other draws stay as they are."""
    draw = np.random.default_rng([seed, 9])
    year = int(draw.choice([stage["year"] for stage in stages]))
    limits: list[Table] = [
        {"at_most": int(draw.integers(1, 4))},
        {"at_most": int(draw.integers(1, 3)), "per": "parent"},
        {"at_most_percent": int(draw.integers(40, 90)), "count": "units"},
    ]
    return [{"id": "workload", "rule": "workload", "year": year} | limits[seed % 3]]


def _fairness(stages: Sequence[Mapping[str, int]], seed: int) -> list[Table]:
    """How much of an area or parent may be touched, drawn apart as well."""
    draw = np.random.default_rng([seed, 10])
    limits: list[Table] = [
        {"at_most_percent": int(draw.integers(30, 90))},
        {"at_most_percent": int(draw.integers(30, 90)), "count": "people", "per": "parent"},
        {"at_most_percent": int(draw.integers(20, 60)), "per": "sector", "year": stages[0]["year"]},
    ]
    return [{"id": "fair", "rule": "fairness"} | limits[seed % 3]]


def _offered(draw: np.random.Generator, stages: Sequence[Mapping[str, int]]) -> list[Table]:
    """One rule of every family that measures whole plans or sizes, each with drawn figures."""
    first, last = stages[0]["year"], stages[-1]["year"]

    def year() -> int:
        return int(draw.choice([first, last]))

    def percent(most: int) -> int:
        return int(draw.integers(1, most))

    per = [None, "parent", "sector", "area"][int(draw.integers(0, 4))]
    by = {} if per is None else {"per": per}
    return [
        {"id": "fewer", "rule": "unit_reduction", "year": year(), "at_least": int(draw.integers(1, 3))},
        {"id": "fewer_percent", "rule": "unit_reduction", "year": last, "at_least_percent": percent(40)} | by,
        {"id": "share", "rule": "autonomy_share", "year": year(), "at_least_percent": percent(50)},
        {"id": "share_of_today", "rule": "autonomy_share", "year": last, "at_least_percent": percent(40),
         "denominator": "baseline", "scope": {"sector_not": ["health"]}},
        {"id": "companies", "rule": "equitization", "year": year(), "at_least_percent": int(draw.choice([50, 100]))}
        | by,
        {"id": "payroll", "rule": "payroll_cut", "year": last, "baseline_year": first, "at_least_percent": percent(20)},
        {"id": "payroll_realised", "rule": "payroll_cut", "year": last, "baseline_year": first,
         "at_least_percent": percent(20), "baseline": {"kind": "realised"}},
        {"id": "payroll_fixed", "rule": "payroll_cut", "year": first, "baseline_year": first,
         "at_least_percent": percent(20), "baseline": {"kind": "fixed"}} | by,
        {"id": "spending", "rule": "spending_cut", "at_least_percent": percent(20), "period": [2026, 2030],
         "baseline_period": [2021, 2025]} | by,
        {"id": "functions", "rule": "remaining_functions", "year": last},
        {"id": "size", "rule": "structure", "measure": "posts", "at_least": int(draw.integers(5, 25)),
         "binds": str(draw.choice(["new", "not_worse"]))},
        {"id": "people", "rule": "structure", "measure": "staff", "at_least": int(draw.integers(3, 7)), "binds": "all",
         "scope": {"level": ["department"]}},
        {"id": "not_too_large", "rule": "structure", "measure": "posts", "at_most": int(draw.integers(20, 50)),
         "binds": str(draw.choice(["new", "not_worse"]))},
        {"id": "users", "rule": "structure", "measure": "users", "at_most": int(draw.integers(1000, 4000))},
        {"id": "cap", "rule": "cap", "sum": "units", "at_most": 2, "per": "commune"},
        {"id": "cap_4", "rule": "cap", "sum": "posts", "at_most": 35, "where": {"autonomy_group": ["4"]},
         "year": first},
        {"id": "floor", "rule": "floor", "sum": "sites", "at_least": int(draw.integers(1, 4))} | by,
        {"id": "floor_users", "rule": "floor", "sum": "users", "at_least": 2000},
        {"id": "once", "rule": "one_off_budget", "at_most_mvnd": int(draw.integers(0, 2000))} | by,
    ]  # fmt: skip


def _of_schools(draw: np.random.Generator) -> list[Table]:
    """Places of service, pupils per class, and a reduction that leaves out what a legal duty creates."""
    return [
        {"id": "places", "rule": "floor", "sum": "places", "at_least": int(draw.integers(2, 5)), "per": "commune"},
        {"id": "pupils", "rule": "structure", "measure": "users_per_class", "at_most": int(draw.integers(20, 60)),
         "binds": str(draw.choice(["new", "not_worse"]))},
        {"id": "fewer_gross", "rule": "unit_reduction", "year": 2025, "at_least": 1, "count": "gross"},
    ]  # fmt: skip


def _pins(draw: np.random.Generator, count: int, seed: int) -> list[Table]:
    """In every second case a decision that people have taken; now and then a host as well."""
    one, other, third = (f"u{number}" for number in draw.permutation(count)[:3])
    offered: list[Table] = [
        {"unit": one, "merge_with": [other]},
        {"unit": one, "merge_with": [other], "host": one},
        {"unit": one, "never_with": [other]},
        {"unit": one, "fate": "keep"},
        {"unit": one, "fate": "raise"},
        {"unit": one, "not": ["raise", "convert"]},
        {"unit": one, "fate": "merge", "year": 2030},
        {"unit": one, "fate": "dissolve", "reason": "Đề án"},
        {"unit": one, "fate": "equitize"},
        {"unit": one, "fate": "transfer", "parent": "Sở C", "year": 2030},
        {"scope": {"sector": ["health"]}, "not": ["equitize", "merge"]},
    ]
    later = {"unit": third, "host": other}
    mine = [] if seed % 2 else [offered[seed // 2 % len(offered)]]
    return [*mine, later] if draw.random() < 0.1 else mine
