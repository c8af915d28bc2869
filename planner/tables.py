"""A ranking as the tables of a run folder: data frames with the columns that the CSV files carry."""

import json
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from models.figures import CRITERIA
from models.plan import Decision, Plan, Successor
from models.positions import position_tables
from models.ranked import RankedPlan
from models.run_off import run_offs
from models.scenario import Scenario
from models.unit import Units
from planner.units.cells import guarded

DECISION_COLUMNS = tuple(Decision.__dataclass_fields__)
SUCCESSOR_FIGURES = (
    "posts_budget", "posts_own", "staff", "revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd", "orders_mvnd",
    "autonomy_group", "users", "classes", "beds", "sites", "buildings", "heads", "deputies", "contracts",
    "surplus_leaders", "saved_posts", "posts_slimmed", "severed", "severance_mvnd",
    "severance_state_mvnd", "severance_own_mvnd",
)  # fmt: skip
SUCCESSOR_LABELS = ("kind", "sector", "level", "parent", "area", "commune")
SUCCESSOR_COLUMNS = (
    "list", "rank", "stage", "successor_id", "name", "members", *SUCCESSOR_LABELS, "function", *SUCCESSOR_FIGURES,
)  # fmt: skip
READING_COLUMNS = (
    "list", "rank", "id", "rule", "label", "year", "wanted", "reached", "slack", "met", "numerator", "denominator",
    "source", "existing_breaches", "across", "name", "certainty", "baseline", "met_only_so",
    "protected",
)  # fmt: skip
CONTEXT_COLUMNS = ("list", "rank", "id", "label", "year", "what", "value", "numerator", "denominator")
POSITION_FIGURES = ("today", "norm", "after", "surplus")
POSITION_COLUMNS = (
    "list", "rank", "stage", "successor_id", "name", "position", *POSITION_FIGURES, "source", "certainty",
)  # fmt: skip
LEADER_COLUMNS = ("list", "rank", "successor_id", "name", "decided", "year", "surplus")
PLACE_COLUMNS = (
    "list", "rank", "score_mvnd", "bound_mvnd", "gap_mvnd", "gap_percent", "proved_best", "above_best_mvnd",
)  # fmt: skip
UNIT_OF_CRITERION: Mapping[str, str] = {"state_saving": "_mvnd", "work_lost": "_mvnd", "fee_burden": "_mvnd"}
SMALLEST_DECIMALS = 6


def units_table(units: Units) -> pd.DataFrame:
    """The units as they were understood, defaults filled in."""
    ids = {"id": list(units.ids), "lat": units.degrees[:, 0], "lon": units.degrees[:, 1]}
    return pd.DataFrame(
        {
            **ids,
            **{name: list(cells) for name, cells in units.texts.items()},
            **{name: units.stated(name) for name in units.figures},
        }
    )


def ranked_table(plans: Sequence[RankedPlan], scenario: Scenario) -> pd.DataFrame:
    """One row per plan: score, bound, gap, what it costs above the best, units that remain, criteria.

    Its columns stand where there is no plan as well.
    """
    best = min((plan.score for plan in plans), default=0)
    after = [f"units_after_{stage.year}" for stage in scenario.stages]
    columns = [*PLACE_COLUMNS, *after, *(criterion_column(name) for name in CRITERIA)]
    rows = pd.DataFrame([_ranking_row(plan, best) for plan in plans], columns=columns)
    return rows.astype({"bound_mvnd": "Int64", "gap_mvnd": "Int64"})


def decisions_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per unit and step of every plan."""
    rows = [_placed(plan, vars(decision)) for plan in plans for decision in plan.plan.decisions]
    return pd.DataFrame(rows, columns=["list", "rank", *DECISION_COLUMNS]).astype(
        {"year": "Int64", "group_after": "Int64"}
    )


def successors_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per stage and public unit that remains after it, with every figure after."""
    return _stacked([_successors(plan.list, plan.rank, plan.plan) for plan in plans], SUCCESSOR_COLUMNS)


def readings_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per rule and label of every plan: wanted, reached, slack."""
    return _stacked([_readings(plan.list, plan.rank, plan.plan) for plan in plans], READING_COLUMNS)


def context_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per figure that belongs beside a reading of a plan; the year is empty where it is today's."""
    return _stacked([_context(plan.list, plan.rank, plan.plan) for plan in plans], CONTEXT_COLUMNS)


def positions_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per position group of every successor that a decision changed: today, norm, after, surplus, source."""
    rows = [
        _placed(plan, {**_named(plan.plan, successor), **{name: getattr(row, name) for name in POSITION_COLUMNS[5:]}})
        for plan in plans
        for successor, table in position_tables(plan.plan)
        for row in table
    ]
    return pd.DataFrame(rows, columns=POSITION_COLUMNS).astype(dict.fromkeys(POSITION_FIGURES, "Int64"))


def leaders_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per year in which a decision's surplus leaders run off, down to none."""
    rows = [
        _placed(plan, {**_named(plan.plan, found.successor), "decided": found.decided, "year": year, "surplus": left})
        for plan in plans
        for found in run_offs(plan.plan)
        for year, left in found.path
    ]
    return pd.DataFrame(rows, columns=LEADER_COLUMNS)


def _named(plan: Plan, successor: Successor) -> dict[str, object]:
    stage = plan.scenario.stages[successor.stage].year
    return {"stage": stage, "successor_id": successor.id, "name": successor.name}


def _successors(name: str, rank: int, plan: Plan) -> pd.DataFrame:
    rows = [_successor_row(plan, successor) for stage in plan.stages for successor in stage]
    return pd.DataFrame([{"list": name, "rank": rank, **row} for row in rows], columns=SUCCESSOR_COLUMNS)


def _readings(name: str, rank: int, plan: Plan) -> pd.DataFrame:
    rows = []
    rules = {rule.id: rule for rule in plan.scenario.demands}
    for reading in plan.readings:
        figures: dict[str, object] = {
            column: decimal(getattr(reading, column)) for column in ("wanted", "reached", "slack", "protected")
        }
        rule = rules[reading.id]
        figures |= {"existing_breaches": len(reading.existing), "name": rule.name, "certainty": rule.certainty or ""}
        facts = {column: getattr(reading, column) for column in READING_COLUMNS[2:] if column not in figures}
        rows.append({"list": name, "rank": rank, **facts, **figures})
    return pd.DataFrame(rows, columns=READING_COLUMNS).astype({"year": "Int64"})


def _context(name: str, rank: int, plan: Plan) -> pd.DataFrame:
    rows = [{"list": name, "rank": rank, **vars(fact), "value": decimal(fact.value)} for fact in plan.context]
    return pd.DataFrame(rows, columns=CONTEXT_COLUMNS).astype({"year": "Int64"})


def _stacked(frames: Sequence[pd.DataFrame], columns: Sequence[str]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=list(columns))


def criterion_column(name: str) -> str:
    """The column of a criterion: money carries its unit."""
    return name + UNIT_OF_CRITERION.get(name, "")


def decimal(value: Fraction | int) -> int | float:
    """A fraction as the number that a table shows: whole where it is whole, else six decimals."""
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else round(float(exact), SMALLEST_DECIMALS)


def table_text(frame: pd.DataFrame) -> str:
    """A frame as CSV text for people and programs: no text can start a formula."""
    safe = frame.copy()
    for column in safe.columns:
        if safe[column].dtype == object or pd.api.types.is_string_dtype(safe[column]):
            safe[column] = [guarded(cell) if isinstance(cell, str) else cell for cell in safe[column]]
    text: str = safe.to_csv(index=False, lineterminator="\n")
    return text


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values: JSON knows neither NA nor numpy numbers."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False))
    return found


def _placed(plan: RankedPlan, row: Mapping[str, object]) -> dict[str, object]:
    return {"list": plan.list, "rank": plan.rank, **row}


def _ranking_row(ranked: RankedPlan, best: int) -> dict[str, object]:
    plan = ranked.plan
    after = {f"units_after_{stage.year}": plan.units_after(stage.year) for stage in plan.scenario.stages}
    return {
        "list": ranked.list,
        "rank": ranked.rank,
        "score_mvnd": ranked.score,
        "bound_mvnd": ranked.bound,
        "gap_mvnd": ranked.gap,
        "gap_percent": None if ranked.gap_percent is None else decimal(ranked.gap_percent),
        "proved_best": ranked.proved_best,
        "above_best_mvnd": ranked.score - best,
        **after,
        **{criterion_column(name): plan.criteria[name] for name in CRITERIA},
    }


def _successor_row(plan: Plan, successor: Successor) -> dict[str, object]:
    texts = {name: plan.label_of(successor, name) for name in SUCCESSOR_LABELS}
    return {
        "stage": plan.scenario.stages[successor.stage].year,
        "successor_id": successor.id,
        "name": successor.name,
        "members": ";".join(plan.units.ids[unit] for unit in successor.members),
        **texts,
        "function": plan.label_of(successor, "function"),
        **{name: successor.figures[name] for name in SUCCESSOR_FIGURES},
    }
