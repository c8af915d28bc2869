"""What units produce and what the State pays for one of it: tables of the run folder."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from models.exact import round_half_up
from models.output_cost import OutputCost, kind_costs, successor_costs
from models.plan import Plan
from models.ranked import RankedPlan

DECIMALS = 6  # of a million VND: to the dong
FIGURES = (
    "before", "after", "state_outlay_before_mvnd", "state_outlay_after_mvnd", "per_unit_before_mvnd",
    "per_unit_after_mvnd",
)  # fmt: skip
OUTPUT_COLUMNS = (
    "list", "rank", "stage", "successor_id", "name", "kind", "indicator", *FIGURES, "members", "silent_members",
    "certainty",
)  # fmt: skip
KIND_COLUMNS = (
    "list", "rank", "stage", "kind", "indicator", *FIGURES, "units_before", "units_after", "silent_before",
    "silent_after", "certainty",
)  # fmt: skip


def outputs_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per stage, successor that a decision has touched and indicator that fits it."""
    rows = [_placed(plan, row) | _of_successor(plan.plan, row) for plan in plans for row in successor_costs(plan.plan)]
    return pd.DataFrame(rows, columns=list(OUTPUT_COLUMNS))


def outputs_by_kind_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per stage, kind and indicator: all public units of the kind in the province."""
    rows = [_placed(plan, row) | _counts(row) for plan in plans for row in kind_costs(plan.plan)]
    return pd.DataFrame(rows, columns=list(KIND_COLUMNS))


def _placed(plan: RankedPlan, row: OutputCost) -> dict[str, object]:
    """Place, indicator and figures of a row, before and after."""
    return {
        "list": plan.list,
        "rank": plan.rank,
        "stage": plan.plan.scenario.stages[row.stage].year,
        "kind": row.kind,
        "indicator": row.indicator.id,
        "before": row.before.output,
        "after": row.after.output,
        "state_outlay_before_mvnd": row.before.outlay_mvnd,
        "state_outlay_after_mvnd": row.after.outlay_mvnd,
        "per_unit_before_mvnd": _to_the_dong(row.before.per_unit),
        "per_unit_after_mvnd": _to_the_dong(row.after.per_unit),
        "certainty": row.indicator.certainty,
    }


def _of_successor(plan: Plan, row: OutputCost) -> dict[str, object]:
    successor = row.successor
    assert successor is not None, "a row of a kind has no successor"
    members = ";".join(plan.units.ids[unit] for unit in successor.members)
    silent = {"silent_members": row.before.silent}
    return {"successor_id": successor.id, "name": successor.name, "members": members, **silent}


def _counts(row: OutputCost) -> dict[str, object]:
    return {
        "units_before": row.before.units,
        "units_after": row.after.units,
        "silent_before": row.before.silent,
        "silent_after": row.after.silent,
    }


def _to_the_dong(cost: Fraction | None) -> float | None:
    """Million VND rounded half up to six decimals; the float nearest to them is written with just these."""
    return None if cost is None else round_half_up(cost * 10**DECIMALS) / 10**DECIMALS
