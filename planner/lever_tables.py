"""What carried each target as a table of the run folder, and its natures side by side in the terminal."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from models.carried import Carried, carried_of
from models.plan import Plan
from models.ranked import RankedPlan
from planner.tables import decimal
from planner.talk import Talk

LEVER_COLUMNS = ("list", "rank", "id", "label", "year", "part", "lever", "nature", "amount", "points")
SHOWN_NATURES = ("real", "movement", "relabelling", "before")


def levers_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per plan, rule, label and lever: what it gave, in the rule's unit and in points of the reading."""
    rows = [
        {"list": plan.list, "rank": plan.rank, **vars(row), "points": _shown(row)}
        for plan in plans
        for row in carried_of(plan.plan)
    ]
    return pd.DataFrame(rows, columns=list(LEVER_COLUMNS))


def _shown(row: Carried) -> int | float | None:
    return None if row.points is None else decimal(row.points)


def show_levers(talk: Talk, ranked: RankedPlan) -> None:
    """Per target without labels: how many points each nature carried; the levers themselves stand in the run folder."""
    say, plan = talk.wording.say, ranked.plan
    rows = [row for row in carried_of(plan) if not row.label]
    ids = list(dict.fromkeys(row.id for row in rows))
    if not ids:
        return
    heads = [say("cli.rule"), *(say(f"levers.head_{nature}") for nature in SHOWN_NATURES), say("cli.reached")]
    title = say("levers.title", rank=ranked.rank, list=say(f"cli.{ranked.list}"))
    table = [_natures(talk, plan, name, [row for row in rows if row.id == name]) for name in ids]
    talk.table(title, heads, table, right=range(1, len(heads)))
    talk.say("levers.legend")


def _natures(talk: Talk, plan: Plan, name: str, rows: list[Carried]) -> list[str]:
    """The rule and the points of each nature; a dash where nothing can be divided."""
    found = []
    for nature in SHOWN_NATURES:
        points = [row.points for row in rows if row.nature == nature]
        known = [point for point in points if point is not None]
        found.append(_points(talk, sum(known, start=Fraction(0))) if len(known) == len(points) else "–")
    reached = next(reading.reached for reading in plan.readings if reading.id == name)
    return [name, *found, _points(talk, reached)]


def _points(talk: Talk, value: Fraction) -> str:
    return talk.wording.number(value, 0 if value.denominator == 1 else 2)
