"""A frontier as a planner reads it in a terminal: the points that stand for all, and how much of it is known."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

import pandas as pd

from models.figures import SCORE
from models.trade_off import IN_MONEY, TradeOff
from planner.frontier_tables import column_of
from planner.talk import Talk
from planner.wording import Wording

BILLION = 1000


def show_frontier(talk: Talk, points: pd.DataFrame, found: TradeOff, *, options: int) -> None:
    """The representatives as a table; then how whole the frontier is, the steps, the knee, and what is not listed."""
    shown = points[points["representative"]]
    names = (*found.names, *(() if SCORE in found.names else (SCORE,)))
    say = talk.wording.say
    headers = [say("frontier.point"), *(say(f"frontier.head_{name}") for name in names), say("cli.proved"), ""]
    rows = [_row(talk.wording, row, names) for row in shown.to_dict("records")]
    talk.table(say("frontier.title"), headers, rows, right=range(len(names) + 1))
    talk.say("frontier.legend")
    if len(shown) < len(points):
        talk.say("frontier.more", shown=len(shown), points=len(points))
    steps = ", ".join(step_text(talk.wording, name, found.steps[name]) for name in found.names)
    counts = {"points": len(points), "proved": sum(found.proved), "solves": found.frontier.solves}
    talk.say(f"frontier.{found.frontier.status}", steps=steps, options=options, **counts)
    if found.frontier.status == "partial":
        talk.say(f"frontier.ended_{found.frontier.ended}")


def step_text(wording: Wording, name: str, step: int) -> str:
    """A step with its criterion and unit."""
    unit = wording.say("frontier.million" if name in IN_MONEY else f"frontier.unit_{name}")
    return wording.say("frontier.step_text", criterion=wording.say(f"frontier.name_{name}"), step=step, unit=unit)


def amount(wording: Wording, name: str, value: int) -> str:
    """A criterion's value as people read it: money in billion VND."""
    return wording.number(Fraction(int(value), BILLION), 1) if name in IN_MONEY else wording.number(int(value))


def _row(wording: Wording, row: Mapping[Any, Any], names: tuple[str, ...]) -> list[str]:
    figures = [amount(wording, name, row[column_of(name)]) for name in names]
    sure = wording.say("cli.yes" if row["proved"] else "cli.no")
    return [str(row["rank"]), *figures, sure, wording.say("frontier.knee") if row["knee"] else ""]
