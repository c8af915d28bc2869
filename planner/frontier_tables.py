"""The frontier of a run as a table, and what its manifest says of it."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from models.figures import SCORE
from models.frontier_shape import knee, representatives
from models.problem import Problem
from models.ranked import RankedPlan
from models.trade_off import TRADED, TradeOff, costs_of, natural
from planner.rebuilt import written_table
from planner.tables import criterion_column, table_text

FRONTIER = "frontier.csv"
LIST = "frontier"


def frontier_table(plans: Sequence[RankedPlan], names: Sequence[str], proved: Sequence[bool]) -> pd.DataFrame:
    """One row per point: criteria in natural units, score, whether it is proved, the knee, those that stand for all."""
    costs = [costs_of(plan.plan, names) for plan in plans]
    bend, shown = knee(costs) if costs else None, representatives(costs) if costs else ()
    columns = ["list", "rank", *map(column_of, names), "proved", "knee", "representative"]
    if SCORE not in names:
        columns.insert(2 + len(names), column_of(SCORE))
    rows = [
        {
            "list": LIST, "rank": plan.rank, column_of(SCORE): plan.score,
            **{column_of(name): natural(name, amount) for name, amount in zip(names, cost, strict=True)},
            "proved": sure, "knee": place == bend, "representative": place in shown,
        }
        for place, (plan, cost, sure) in enumerate(zip(plans, costs, proved, strict=True))
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns)


def column_of(name: str) -> str:
    return "score_mvnd" if name == SCORE else criterion_column(name)


def frontier_document(found: TradeOff) -> dict[str, Any]:
    """What a manifest says of the frontier: criteria with their steps, how whole it is, and how it ended."""
    return {
        "criteria": list(found.names),
        "steps": dict(found.steps),
        "status": found.frontier.status,
        "ended": found.frontier.ended,
        "points": len(found.ranking.plans),
        "proved": sum(found.proved),
        "solves": found.frontier.solves,
        "complete_means": "every plan of the options listed has a point less than a step worse in every criterion",
    }


def frontier_problems(run: Path, manifest: Mapping[str, Any], plans: Sequence[RankedPlan]) -> Iterator[Problem]:
    """Where frontier.csv and the manifest of a run say otherwise than the run's rebuilt plans.

    What only a solver can know, `proved` and how whole the frontier is, is taken over.
    """
    stated = manifest.get("frontier")
    if stated is None:
        return
    written = written_table(run, FRONTIER)
    names = stated.get("criteria") if isinstance(stated, dict) else None
    if not isinstance(names, list) or not set(names) <= set(TRADED) or "proved" not in written:
        yield Problem("manifest.json: frontier", "verify.changed")
        return
    points = [plan for plan in plans if plan.list == LIST]
    proved = [cell == "True" for cell in written["proved"]]
    if len(proved) != len(points):
        facts = {"plan": LIST, "stated": len(proved), "rebuilt": len(points)}
        yield Problem(FRONTIER, "verify.rows", facts)
        return
    rebuilt = frontier_table(points, names, proved)
    if "\ufeff" + table_text(rebuilt) != (run / FRONTIER).read_text(encoding="utf-8"):
        yield Problem(FRONTIER, "frontier.other_figures")
    for key, fact in (("points", len(points)), ("proved", sum(proved))):
        if stated.get(key) != fact:
            facts = {"stated": str(stated.get(key)), "rebuilt": str(fact)}
            yield Problem(f"manifest.json: frontier.{key}", "verify.fact", facts)
