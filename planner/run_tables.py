"""The tables of a run folder by the names of their files: what a run writes is what `verify` builds again."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import pandas as pd

from models.ranked import RankedPlan
from models.scenario import Scenario
from models.unit import Units
from planner.access_tables import access_table
from planner.agreement_tables import agreement_table, distances_table
from planner.cash_tables import cash_table
from planner.equitization_tables import equitization_table
from planner.leavers_table import leavers_table
from planner.lever_tables import levers_table
from planner.order_tables import order_table
from planner.output_tables import outputs_by_kind_table, outputs_table
from planner.roadmap_table import roadmap_table
from planner.tables import (
    context_table,
    decisions_table,
    leaders_table,
    positions_table,
    ranked_table,
    readings_table,
    successors_table,
)

OF_PLANS: Mapping[str, Callable[[Sequence[RankedPlan]], pd.DataFrame]] = {
    "order.csv": order_table,
    "decisions.csv": decisions_table,
    "successors.csv": successors_table,
    "readings.csv": readings_table,
    "context.csv": context_table,
    "positions.csv": positions_table,
    "leaders.csv": leaders_table,
    "levers.csv": levers_table,
    "cash.csv": cash_table,
    "leavers.csv": leavers_table,
    "roadmap.csv": roadmap_table,
    "outputs.csv": outputs_table,
    "outputs_by_kind.csv": outputs_by_kind_table,
    "access.csv": access_table,
    "distances.csv": distances_table,
}
TABLES = ("ranking.csv", *OF_PLANS, "equitization.csv", "agreement.csv")


def run_tables(plans: Sequence[RankedPlan], scenario: Scenario, units: Units) -> Iterator[tuple[str, pd.DataFrame]]:
    """Every table of all plans of a run; scenario and units give columns and rows where there is no plan as well."""
    yield "ranking.csv", ranked_table(plans, scenario)
    yield from ((name, table(plans)) for name, table in OF_PLANS.items())
    yield "equitization.csv", equitization_table(plans, scenario, units)
    yield "agreement.csv", agreement_table(plans, scenario, units)
