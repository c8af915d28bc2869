"""Why there is no plan, as one document and as the tables of a run folder."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from models.ranked import ListName, RankedPlan
from models.reach import Reach
from models.repair import Change, WayOut
from models.rules import Rule
from models.why_not import WhyNot
from planner.rule_names import name_of
from planner.tables import decimal, decisions_table

if TYPE_CHECKING:
    from planner.result import Impossible

REACH_COLUMNS = (
    "id", "rule", "name", "label", "year", "beside", "wanted", "reached", "numerator", "denominator", "proved",
    "enough", "tier", "source",
)  # fmt: skip
CONFLICT_COLUMNS = ("conflict", "id", "rule", "name", "tier", "source", "certainty", "minimal")
REPAIR_COLUMNS = (
    "repair", "sense", "id", "rule", "name", "tier", "label", "year", "wanted", "reached", "short",
    "percent_of_baseline", "proved", "score_mvnd", "bound_mvnd",
)  # fmt: skip


def impossible_document(found: "Impossible") -> dict[str, Any]:
    """Why there is no plan, as data, with who says so, and of which options."""
    who = {"confirmed": found.confirmed, "certified": found.proof is not None, "engine": found.engine}
    return {**who, "among": found.among, **why_document(found.why)}


def why_document(why: WhyNot) -> dict[str, Any]:
    """Reach, conflict, all conflicts and repairs found, and the ways out, as data."""
    return {
        "conflict": [_member(rule) for rule in why.rules],
        "minimal": why.conflict.minimal,
        "by_whole_numbers_only": why.by_integers,
        "reach": [_reach(reach) for reach in why.reaches],
        "reach_beside_the_conflict": [_reach(reach) for reach in why.beside],
        "conflicts": [[rule.id for rule in why.members(one.names)] for one in why.explored.conflicts],
        "minimal_repairs": [[rule.id for rule in why.members(names)] for names in why.explored.repairs],
        "complete": why.explored.complete,
        "repairs": [_way(way) for way in why.ways],
    }


def conflict_tables(why: WhyNot) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of an impossible run by the names of their files."""
    yield "reach.csv", reach_table(why)
    yield "conflicts.csv", conflicts_table(why)
    yield "repairs.csv", repairs_table(why)
    yield "repair-decisions.csv", repair_decisions_table(why)


def reach_table(why: WhyNot) -> pd.DataFrame:
    """One row per target and row of it: alone (`beside` empty), or while the demands beside it hold."""
    alone = [{**_reach(reach), "beside": ""} for reach in why.reaches]
    beside = [{**_reach(reach), "beside": _others(why, reach.rule)} for reach in why.beside]
    return _table([_named(row, why.demands.by_id[row["id"]]) for row in (*alone, *beside)], REACH_COLUMNS)


def conflicts_table(why: WhyNot) -> pd.DataFrame:
    """One row per minimal conflict and member."""
    rows = [
        {"conflict": number, **_member(rule), "minimal": one.minimal}
        for number, one in enumerate(why.explored.conflicts, start=1)
        for rule in why.members(one.names)
    ]
    return _table(rows, CONFLICT_COLUMNS)


def repairs_table(why: WhyNot) -> pd.DataFrame:
    """One row per way out and demand that gives way; then the other minimal sets of demands to give up, no amounts."""
    rows: list[dict[str, Any]] = []
    for number, way in enumerate(why.ways, start=1):
        placed = {"repair": number, "sense": way.sense, "proved": way.proved, "score_mvnd": way.score}
        rows += [{**placed, "bound_mvnd": way.bound, **_change(change)} for change in way.changes]
    for number, names in enumerate(why.explored.repairs, start=len(why.ways) + 1):
        members = why.members(names)
        rows += [{"repair": number, "sense": "minimal_set", "id": rule.id, "proved": True} for rule in members]
    return _table([_named(row, why.demands.by_id[row["id"]]) for row in rows], REPAIR_COLUMNS)


def repair_decisions_table(why: WhyNot) -> pd.DataFrame:
    """The plan of each way out: `decisions.csv` with the sense as list."""
    return decisions_table([_placed(way) for way in why.ways])


def _placed(way: WayOut) -> RankedPlan:
    """A way out in the place that its decisions have in the table: the sense is its list."""
    nothing = np.zeros(0, dtype=np.int64)
    return RankedPlan(cast(ListName, way.sense), 1, way.plan, nothing, way.score, way.bound, 1, repeatable=False)


def _others(why: WhyNot, rule: Rule) -> str:
    others = [other for other in why.rules if other.id != rule.id]
    return "; ".join(other.id for other in others or why.demands.all if other.id != rule.id)


def _member(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id, "rule": rule.rule, "name": name_of(rule), "tier": rule.tier, "source": rule.source,
        "certainty": rule.certainty,
    }  # fmt: skip


def _reach(reach: Reach) -> dict[str, Any]:
    """The keys of a reach; label and year only where the target is asked for more than once."""
    row: dict[str, Any] = {"id": reach.rule.id, "wanted": decimal(reach.wanted), "reached": decimal(reach.reached)}
    row |= {"numerator": reach.numerator, "denominator": reach.denominator, "proved": reach.proved}
    return row | ({"label": reach.label} if reach.label else {}) | {"year": reach.year, "enough": reach.enough}


def _way(way: WayOut) -> dict[str, Any]:
    return {
        "sense": way.sense,
        "proved": way.proved,
        "score_mvnd": way.score,
        "bound_mvnd": way.bound,
        "total_percent_of_baselines": decimal(way.total),
        "largest_percent_of_baseline": decimal(way.largest),
        "changes": [_change(change) for change in way.changes],
    }


def _change(change: Change) -> dict[str, Any]:
    reading = change.reading
    return {
        "id": change.rule.id, "label": reading.label, "year": reading.year, "wanted": decimal(reading.wanted),
        "reached": decimal(reading.secured), "short": decimal(change.short),
        "percent_of_baseline": decimal(change.percent),
    }  # fmt: skip


def _named(row: dict[str, Any], rule: Rule) -> dict[str, Any]:
    return {**_member(rule), **row}


def _table(rows: Sequence[dict[str, Any]], columns: Sequence[str]) -> pd.DataFrame:
    kept = [{name: row.get(name) for name in columns} for row in rows]
    found = pd.DataFrame(kept, columns=list(columns))
    whole = [name for name in ("year", "bound_mvnd", "score_mvnd") if name in columns]
    return found.astype(dict.fromkeys(whole, "Int64"))
