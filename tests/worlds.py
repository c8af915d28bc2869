"""Small invented provinces for tests, drawn by name so that a test shows the numbers it is about."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from models.scenario import Scenario
from models.unit import BY_NAME, COLUMNS, RETIRING, Units
from planner.units.vocabulary import shipped_vocabulary

PLAIN: dict[str, Any] = {
    "sector": "culture_sport", "kind": "culture_centre", "function": "basic_essential", "level": "department",
    "parent": "Sở A", "commune": "Xã Một", "posts_budget": 20, "posts_own": 0, "heads": 1, "deputies": 1,
    "revenue_mvnd": 500, "recurrent_mvnd": 4000, "state_grant_mvnd": 3500, "district": "Huyện A", "area": "Huyện A",
    "lat": 11.0, "lon": 108.0, "professional_posts": 10, "dissolution_ground": "", "receiver": "", "commune_2025": "",
    "planned": "", "measured_columns": "", "note": "",
}  # fmt: skip


def unit(id: str, **figures: Any) -> dict[str, Any]:  # noqa: A002
    """One row: twenty budget-paid posts and a grant of 3,500 million VND, unless said otherwise."""
    row = {"id": id, "name": f"Trung tâm {id}"} | PLAIN | figures
    row.setdefault("present_budget", row["posts_budget"])
    row.setdefault("present_own", row["posts_own"])
    row.setdefault("posts_budget_2025", row["posts_budget"])
    row.setdefault("state_grant_2021_2025_mvnd", row["state_grant_mvnd"])
    rate = row["revenue_mvnd"] / max(row["recurrent_mvnd"], 1)
    row.setdefault("autonomy_group", 2 if rate >= 1 else 3 if rate >= 0.1 else 4)
    return row


def units_of(rows: Sequence[Mapping[str, Any]]) -> Units:
    """The columnar table of rows, sorted by id; absent optional cells take the schema's defaults."""
    ordered = sorted(rows, key=lambda row: row["id"])
    names = [column.name for column in COLUMNS if column.name not in ("id", "lat", "lon")]
    retiring = sorted({key for row in rows for key in row if key.startswith(RETIRING)})
    texts, figures = {}, {}
    for name in (*names, *retiring):
        column = BY_NAME.get(name)
        values = [row.get(name, column.default if column else 0) for row in ordered]
        is_text = column is not None and column.kind in ("text", "ids", "choice") and name != "autonomy_group"
        if is_text:
            texts[name] = np.array(values, dtype=object)
        else:
            figures[name] = np.array([int(value or 0) for value in values], dtype=np.int64)
    degrees = np.array([[row["lat"], row["lon"]] for row in ordered], dtype=float).reshape(-1, 2)
    assumed = {name: np.zeros(len(ordered), dtype=bool) for name in (*texts, *figures)}
    return Units.of_table(tuple(row["id"] for row in ordered), texts, figures, degrees, assumed)


def part_of(row: Mapping[str, Any], id: str, planned: str) -> dict[str, Any]:  # noqa: A002
    """A planned unit with a third of every figure of another, which it may be split off from."""
    figures = {
        name: value // 3
        for name, value in row.items()
        if (name in BY_NAME and BY_NAME[name].kind in ("count", "money")) or name.startswith(RETIRING)
    }
    return {**row, **figures, "id": id, "planned": planned, "ineffective_years": 0, "heads": 1, "deputies": 1}


TWO_STAGES = [{"year": 2025, "effect": 2026}, {"year": 2030, "effect": 2028}]
ALL_ACTIONS = dict.fromkeys(("merge", "raise", "equitize", "convert", "dissolve", "slim", "order"), True)
LAW = [
    {"id": "no_loss", "rule": "no_autonomy_loss"},
    {"id": "no_new_posts", "rule": "no_new_budget_posts"},
]


def deputies_where_small_is(posts: int) -> list[dict[str, Any]]:
    """Three deputies in groups 1 and 2; elsewhere one fewer up to so many posts, one more under the province."""
    return [
        {"autonomy_groups": [1, 2], "deputies": 3},
        {"where": {"level": ["province"]}, "staff_at_most": posts, "deputies": 2},
        {"where": {"level": ["province"]}, "deputies": 3},
        {"staff_at_most": posts, "deputies": 1},
        {"deputies": 2},
    ]


THREE_MONTHS = {"id": "three_months", "resignation": {"months": 3, "months_per_insured_year": Decimal("1.5")}}
DEPUTIES = deputies_where_small_is(20)
POSITIONS: list[dict[str, Any]] = [
    {"where": {"sector_not": ["health"]}, "group": "shared", "when": {"users": 1200, "sites": 1}, "posts": 2},
    {"where": {"sector_not": ["health"]}, "group": "shared", "posts": 1},
    {"where": {"sector": ["agriculture"]}, "group": "support", "per": {"sites": Decimal("0.5")}},
    {"where": {"level": ["province"]}, "group": "specialised", "posts": 1, "per": {"users": Decimal("0.0035")}},
    {"where": {"sector": ["culture_sport", "health"]}, "group": "specialised", "per": {"users": Decimal("0.007")}},
]
"""Norms of the sort that a rule set holds, for provinces drawn by chance."""


def scenario_of(**tables: Any) -> Scenario:
    """A scenario of two stages in which everything may be done and anyone merges with anyone of the parent.

    Deputies are those of DEPUTIES unless [staffing] says otherwise; positions have no norm. Whoever must leave gets 3
    months' pay and 1.5 per insured year.
    """
    raw = {
        "title": "Tỉnh thử", "as_of": __import__("datetime").date(2024, 6, 30), "stages": TWO_STAGES,
        "actions": ALL_ACTIONS, "merging": [{"within": "parent", "same": []}], "terms": shipped_vocabulary().terms,
        "severance": [THREE_MONTHS], "dissolution": {"ineffective_years": 3},
    } | tables  # fmt: skip
    raw["staffing"] = {"deputies": DEPUTIES} | raw.get("staffing", {})
    return Scenario.model_validate(raw)


def random_rows(seed: int, count: int) -> list[dict[str, Any]]:
    """Units with every action open to some of them; small numbers, so that rounding and limits bite."""
    draw = np.random.default_rng(seed)
    rows = []
    for number in range(count):
        posts = int(draw.integers(3, 30))
        recurrent = posts * int(draw.integers(90, 260))
        kind = draw.choice(["grant", "part", "self", "company"], p=[0.35, 0.3, 0.2, 0.15])
        rate = {"grant": 0.02, "part": draw.uniform(0.12, 0.95), "self": 1.05, "company": 1.1}[kind]
        revenue = int(recurrent * rate)
        self_financing = rate >= 1
        budget = 0 if self_financing else int(draw.integers(posts // 2, posts + 1))
        grant = max(recurrent - revenue, 0)
        rows.append(
            unit(
                f"u{number}",
                sector="economic"
                if kind == "company"
                else str(draw.choice(["culture_sport", "agriculture", "health"])),
                function=str(draw.choice(["market", "basic_essential"], p=[0.3, 0.7]))
                if kind != "grant"
                else "political",
                level=str(draw.choice(["department", "province"])),
                parent=str(draw.choice(["Sở A", "Sở B"])),
                posts_budget=budget,
                posts_own=posts - budget,
                present_budget=max(budget - int(draw.integers(0, 3)), 0),
                heads=1,
                deputies=int(draw.integers(0, 4)),
                shared_posts=int(draw.integers(0, 3)),
                support_posts=int(draw.integers(0, 3)),
                revenue_mvnd=revenue,
                recurrent_mvnd=recurrent,
                state_grant_mvnd=grant,
                orderable_mvnd=int(grant * draw.choice([0, 0.5, 1.0])),
                fee_room_mvnd=int(recurrent * draw.choice([0, 0.05, 0.3])),
                state_grant_2021_2025_mvnd=int(grant * 1.05),
                equitization_listed=int(kind == "company" or draw.random() < 0.3),
                land_plan_approved=int(draw.choice([0, 1, 2028])),
                state_capital_mvnd=int(draw.integers(0, 2)) * 1000,
                ineffective_years=int(draw.choice([0, 3], p=[0.75, 0.25])),
                users=int(draw.integers(0, 2000)),
                site_cost_mvnd=int(draw.integers(0, 200)),
                lat=11 + float(draw.uniform(0, 0.3)),
                lon=108 + float(draw.uniform(0, 0.3)),
                retiring_by_2025=int(draw.integers(0, 2)),
                retiring_by_2030=int(draw.integers(2, 4)),
                avg_pay_vnd_month=int(draw.integers(8, 16)) * 1_000_000,
                avg_insured_months=int(draw.integers(60, 300)),
            )
        )
    return rows
