"""The tables of a run rebuilt from its decisions alone, and where the written ones differ."""

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import cast

import numpy as np
import pandas as pd

from models.plan import Decision, Plan, Successor
from models.problem import InputError, Problem
from models.ranked import ListName, RankedPlan
from models.scenario import Scenario
from models.unit import Units
from planner.decision_table import Key
from planner.run_tables import run_tables
from planner.tables import table_text

MOST_TOLD = 3  # differing columns of one plan in one table


def ranked(key: Key, plan: Plan, bound: int | None) -> RankedPlan:
    """A rebuilt plan in its place; of all its figures the bound alone is taken over, for only a solver can find it."""
    decisions = with_figures(plan)
    whole = replace(plan, decisions=decisions)
    outlay = max(1, int(plan.units.state_outlay_mvnd.sum()))
    nothing = np.zeros(0, dtype=np.int64)
    return RankedPlan(cast(ListName, key[0]), key[1], whole, nothing, plan.score, bound, outlay, repeatable=False)


def with_figures(plan: Plan) -> tuple[Decision, ...]:
    """The decisions of a plan with every figure that follows from them: the group after, a raise's orders and fees."""
    homes = [{unit: successor for successor in stage for unit in successor.members} for stage in plan.stages]
    return tuple(_figures_of(plan, homes, decision) for decision in plan.decisions)


def _figures_of(plan: Plan, homes: Sequence[Mapping[int, Successor]], row: Decision) -> Decision:
    if row.fate not in ("merge", "dissolve", "raise", "keep", "create"):
        return row
    unit = plan.units.positions[row.unit_id]
    stage = len(homes) - 1 if row.fate == "keep" or row.year is None else plan.scenario.stage_of(row.year)
    home = homes[stage].get(unit)
    found = replace(row, group_after=None if home is None else home.figures["autonomy_group"])
    if row.fate != "raise":
        return found
    paid = [home.figures for stage in homes if (home := stage.get(unit)) is not None]
    orders, fees = (max((now[name] for now in paid), default=0) for name in ("new_orders_mvnd", "fees_mvnd"))
    return replace(found, orders_mvnd=orders, fees_mvnd=fees)


def differences(run: Path, plans: Sequence[RankedPlan], scenario: Scenario, units: Units) -> Iterator[Problem]:
    """Every table of a run against the one that its rebuilt plans give, figure by figure."""
    for name, frame in run_tables(plans, scenario, units):
        yield from differing_table(run, name, frame)


def differing_table(run: Path, name: str, frame: pd.DataFrame) -> Iterator[Problem]:
    """One table of a run against the one that was built again."""
    return _differing(name, written_table(run, name), _as_read(frame))


def written_table(run: Path, name: str) -> pd.DataFrame:
    """A table of a run folder, every cell as text. Errors: InputError where it is missing or no table of plans."""
    try:
        frame = pd.read_csv(run / name, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise InputError(str(run), [Problem(name, "verify.missing")]) from error
    except ValueError as error:  # no columns, no UTF-8, rows of different lengths
        raise InputError(str(run), [Problem(name, "verify.no_table")]) from error
    if "list" not in frame.columns or (name == "ranking.csv" and "rank" not in frame.columns):
        raise InputError(str(run), [Problem(name, "verify.no_table")])
    return frame


def _differing(name: str, written: pd.DataFrame, rebuilt: pd.DataFrame) -> Iterator[Problem]:
    if list(written.columns) != list(rebuilt.columns):
        facts = {"stated": ", ".join(written.columns), "rebuilt": ", ".join(rebuilt.columns)}
        yield Problem(name, "verify.columns", facts)
        return
    stated, wanted = _by_plan(written), _by_plan(rebuilt)
    for plan in sorted({*stated, *wanted}):
        mine, its = (rows.get(plan, written.iloc[:0]) for rows in (stated, wanted))
        if len(mine) != len(its):
            yield Problem(name, "verify.rows", {"plan": plan, "stated": len(mine), "rebuilt": len(its)})
        else:
            yield from _differing_rows(name, plan, mine, its)


def _by_plan(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """The rows of each plan under its name; those of a table about whole lists under the list's."""
    names = frame["list"] + " " + frame["rank"] if "rank" in frame.columns else frame["list"]
    return {str(plan): rows.reset_index(drop=True) for plan, rows in frame.groupby(names, sort=False)}


def _differing_rows(name: str, plan: str, stated: pd.DataFrame, rebuilt: pd.DataFrame) -> Iterator[Problem]:
    apart = stated != rebuilt
    for column in [column for column in apart.columns if apart[column].any()][:MOST_TOLD]:
        row = int(np.flatnonzero(apart[column])[0])
        facts = {"stated": stated[column][row], "rebuilt": rebuilt[column][row]}
        yield Problem(f"{name}: {column}", "verify.figure", {"plan": plan, "row": row + 1, **facts})


def _as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """A rebuilt table the way a reader of its file would see it."""
    return pd.read_csv(io.StringIO(table_text(frame)), dtype=str, keep_default_na=False)
