"""Whom mergers set free as a table of the run folder, and of the first plan year by year in the terminal."""

from collections.abc import Iterable

import pandas as pd

from models.leavers import Leavers, leavers_of
from models.ranked import RankedPlan
from planner.talk import Talk

FIGURES = (
    "freed", "filled_inside", "retired", "filled_nearby", "severed", "severance_mvnd", "severance_state_mvnd",
    "severance_own_mvnd", "received",
)  # fmt: skip
COLUMNS = ("list", "rank", "year", "stage", "successor_id", "name", *FIGURES, "regime", "payer")


def leavers_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per successor and stage of somebody who goes or comes; `year` is when, and when cash.csv pays."""
    rows = [
        {"list": ranked.list, "rank": ranked.rank, "stage": ranked.plan.scenario.stages[row.successor.stage].year}
        | _row(row)
        for ranked in plans
        for row in leavers_of(ranked.plan)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def show_leavers(talk: Talk, ranked: RankedPlan) -> None:
    """How many the first plan sets free each year, and where they go; nothing where it frees nobody."""
    rows = list(leavers_of(ranked.plan))
    for year in sorted({row.year for row in rows if row.freed}):
        mine = [row for row in rows if row.year == year]
        facts = {name: sum(getattr(row, name) for row in mine) for name in FIGURES}
        talk.say("leavers.year", year=str(year), **facts)


def _row(row: Leavers) -> dict[str, object]:
    named = {"successor_id": row.successor.id, "name": row.successor.name, "year": row.year}
    figures = {name: getattr(row, name) for name in FIGURES}
    return {**named, **figures, "regime": ";".join(row.regimes), "payer": row.payer}
