"""On what the plans of a run agree and how far they lie apart: two tables of the run folder, and the terminal."""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import pandas as pd

from models.agreement import Agreed, agreements, left_percent, plan_events, units_left
from models.ranked import RankedPlan
from models.scenario import Scenario
from models.unit import Units
from planner.tables import decimal
from planner.talk import Talk

if TYPE_CHECKING:
    from planner.result import Result

AGREEMENT_COLUMNS = ("list", "agreement", "fate", "units", "people", "plans", "of", "ranks")
DISTANCE_COLUMNS = (
    "list", "rank", "other_list", "other_rank", "decisions", "decisions_not_in_other", "units_apart",
    "distance_percent", "people_apart",
)  # fmt: skip


def agreement_table(plans: Sequence[RankedPlan], scenario: Scenario, units: Units) -> pd.DataFrame:
    """One row per structural decision of a list's plans; and per unit and fate that no plan of the list takes up."""
    rows = []
    for name, mine in _by_list(plans):
        ranks = [plan.rank for plan in mine]
        for found in agreements([plan.plan for plan in mine], scenario, units):
            rows.append({"list": name, **_row(found, ranks, units)})
    return pd.DataFrame(rows, columns=list(AGREEMENT_COLUMNS))


def distances_table(plans: Sequence[RankedPlan]) -> pd.DataFrame:
    """One row per plan and other plan: decisions and units in them that the other lacks, and people who are treated
    differently. distance_percent is what the list `different` asks for, and not the same both ways."""
    taken = [(plan, plan_events(plan.plan)) for plan in plans]
    rows = []
    for plan, mine in taken:
        staff = plan.plan.units.staff
        for other, its in taken:
            if other is plan:
                continue
            left, apart = units_left(mine, its), units_left(mine, its) | units_left(its, mine)
            people = int(sum(staff[unit] for unit in apart))
            figures = (len(mine), len(mine - its), len(left), decimal(left_percent(mine, its)), people)
            rows.append((plan.list, plan.rank, other.list, other.rank, *figures))
    return pd.DataFrame(rows, columns=list(DISTANCE_COLUMNS))


def show_agreement(talk: Talk, result: "Result") -> None:
    """Where a list holds several plans: one sentence on what they share and how far they lie from the first."""
    for name, plans in _by_list(result.plans):
        if len(plans) > 1:
            _show_list(talk, result, name, plans)


def _show_list(talk: Talk, result: "Result", name: str, plans: Sequence[RankedPlan]) -> None:
    kinds = result.agreement[result.agreement["list"] == name]["agreement"]
    apart = result.distances
    apart = apart[(apart["list"] == name) & (apart["rank"] == 1) & (apart["other_list"] == name)]
    facts = {kind: int((kinds == kind).sum()) for kind in ("always", "contested")}
    left, people = apart["decisions_not_in_other"], apart["people_apart"]
    least, most = int(left.min()), int(left.max())
    span = str(most) if least == most else talk.wording.say("agreement.from_to", least=least, most=most)
    facts["people"] = int(people.max())
    talk.say("agreement.summary", count=len(plans), list=talk.wording.say(f"cli.{name}"), left=span, **facts)


def _by_list(plans: Sequence[RankedPlan]) -> list[tuple[str, list[RankedPlan]]]:
    return [(name, list(mine)) for name, mine in groupby(plans, lambda plan: plan.list)]


def _row(found: Agreed, ranks: Sequence[int], units: Units) -> dict[str, object]:
    members = found.event.units
    return {
        "agreement": found.agreement,
        "fate": found.event.fate,
        "units": ";".join(units.ids[unit] for unit in members),
        "people": int(sum(units.staff[unit] for unit in members)),
        "plans": len(found.plans),
        "of": found.of,
        "ranks": ";".join(str(ranks[place]) for place in found.plans),
    }
