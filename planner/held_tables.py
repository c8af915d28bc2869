"""The tables of a run whose plans hold in several scenarios: how each plan fares there, and what its amounts come to.

The best plan of the main scenario alone stands in them as list `alone`: what it costs, and what it breaks elsewhere.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import pandas as pd

from models.checker import check
from models.figures import CRITERIA
from models.holding import Holding
from models.other import check_in
from models.plan import Plan
from models.problem import InputError, Problem
from models.ranked import ListName, RankedPlan
from planner.decision_table import read_decisions
from planner.other_scenarios import others_of
from planner.rebuilt import ranked, with_figures
from planner.scenario_file import Case
from planner.tables import READING_COLUMNS, criterion_column, decisions_table, readings_table, table_text

ALONE = "alone"
DECISIONS = "alone_decisions.csv"
SCENARIOS, READINGS, AMOUNTS = "held_scenarios.csv", "held_readings.csv", "held_amounts.csv"
PLACE = ("list", "rank", "scenario")
AMOUNT_COLUMNS = (*PLACE, "unit_id", "fate", "year", "orders_mvnd", "fees_mvnd")
MAIN = ""


def held_tables(plans: Sequence[RankedPlan], case: Case) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table of plans in other scenarios; nothing where a case names none."""
    if not case.others:
        return
    seen = [_elsewhere(plan, case) for plan in plans]
    yield SCENARIOS, scenarios_table(seen, case)
    yield READINGS, held_readings_table(seen, case)
    yield AMOUNTS, amounts_table(seen, case)
    yield DECISIONS, decisions_table([plan for plan in plans if plan.list == ALONE])


def best_alone(holding: Holding | None) -> list[RankedPlan]:
    """The best plan of the main scenario alone, in its own place."""
    plan = None if holding is None else holding.best_alone
    return [] if plan is None else [replace(plan, list=cast(ListName, ALONE))]


def scenarios_table(plans: Sequence[RankedPlan], case: Case) -> pd.DataFrame:
    """One row per plan and scenario: whether it holds there, its score at that scenario's prices, its criteria."""
    years = [stage.year for stage in case.scenario.stages]
    after = [f"units_after_{year}" for year in years]
    columns = [*PLACE, "title", "holds", "refused", "unmet", "score_mvnd", *after, *map(criterion_column, CRITERIA)]
    rows = []
    for plan in plans:
        for name, title, seen in _in_each(plan, case):
            refused = 0 if name == MAIN else _refused(plan, name, case)
            unmet = [reading.id for reading in seen.readings if not reading.met]
            told = {"holds": not refused and not unmet, "refused": refused, "unmet": "; ".join(dict.fromkeys(unmet))}
            figures = {f"units_after_{year}": seen.units_after(year) for year in years}
            figures |= {criterion_column(criterion): seen.criteria[criterion] for criterion in CRITERIA}
            place = {"list": plan.list, "rank": plan.rank, "scenario": name, "title": title}
            rows.append(place | told | {"score_mvnd": seen.score} | figures)
    return pd.DataFrame(rows, columns=columns)


def held_readings_table(plans: Sequence[RankedPlan], case: Case) -> pd.DataFrame:
    """`readings.csv` of every other scenario."""
    frames = []
    for plan in plans:
        for name, _, seen in _in_each(plan, case):
            if name != MAIN:
                frame = readings_table([replace(plan, plan=seen)])
                frame.insert(2, "scenario", name)
                frames.append(frame)
    columns = [*PLACE, *READING_COLUMNS[2:]]
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame(columns=columns)


def amounts_table(plans: Sequence[RankedPlan], case: Case) -> pd.DataFrame:
    """One row per raise, order and scenario: the same decision at the figures of each."""
    rows = []
    for plan in plans:
        for name, _, seen in _in_each(plan, case):
            place = {"list": plan.list, "rank": plan.rank, "scenario": name}
            for row in (row for row in seen.decisions if row.fate in ("raise", "order")):
                rows.append(place | {column: getattr(row, column) for column in AMOUNT_COLUMNS[3:]})
    return pd.DataFrame(rows, columns=list(AMOUNT_COLUMNS)).astype({"year": "Int64"})


def rebuilt_elsewhere(plan: RankedPlan, case: Case) -> RankedPlan:
    """A plan of the main scenario with the same decisions rebuilt in every other one."""
    whole = plan.plan
    found = (check_in(other, whole.decisions, whole.scenario, whole.units).plan for other in others_of(case))
    return replace(plan, elsewhere=tuple(found))


def stated_alone(run: Path, case: Case) -> list[RankedPlan]:
    """The best plan of the main scenario alone, rebuilt from its decisions in a run folder; none where there is none.

    Errors: InputError where its decisions cannot be read or carried out, or break a rule.
    """
    if not case.others or not (run / DECISIONS).is_file():
        return []
    plans = []
    for key, decisions in read_decisions(run / DECISIONS, case.scenario, case.units).items():
        found = check(case.scenario, case.units, decisions)
        if not found.passed or key != (ALONE, 1):
            raise InputError(str(run), [Problem(DECISIONS, "held.alone_unsound")])
        plans.append(ranked(key, found.plan, None))
    return plans


def held_texts(plans: Sequence[RankedPlan], case: Case) -> Iterator[tuple[str, str]]:
    """The same as the files of a run folder."""
    yield from ((name, "\ufeff" + table_text(frame)) for name, frame in held_tables(plans, case))


def _elsewhere(plan: RankedPlan, case: Case) -> RankedPlan:
    return plan if plan.elsewhere else rebuilt_elsewhere(plan, case)


def _in_each(plan: RankedPlan, case: Case) -> Iterator[tuple[str, str, Plan]]:
    """Name, title and plan in every scenario, the main one first; a raise with what it costs there."""
    yield MAIN, case.scenario.title, plan.plan
    for one, seen in zip(case.others, plan.elsewhere, strict=True):
        yield one.name, one.case.scenario.title, replace(seen, decisions=with_figures(seen))


def _refused(plan: RankedPlan, name: str, case: Case) -> int:
    """How many steps of a plan cannot be carried out in a scenario; a ranked plan has none."""
    if plan.list != ALONE:
        return 0
    other = next(one for one in others_of(case) if one.name == name)
    return len(check_in(other, plan.plan.decisions, plan.plan.scenario, plan.plan.units).refusals)
