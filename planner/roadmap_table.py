"""The roadmap of every plan as a table: who does what with which document, from when until when."""

from collections.abc import Iterable

import pandas as pd

from models.output_cost import indicators_of
from models.ranked import RankedPlan
from models.roadmap import Dated, roadmap

COLUMNS = (
    "list", "rank", "successor_id", "name", "step", "title", "responsible", "document", "days", "from", "until", "note",
    "fates",
)  # fmt: skip
DECISION = "decision"
OUTPUTS = "outputs"


def roadmap_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per decision and step; `note` tells the operations carried in the year of the decision by the parent,
    and the indicators of output that the step `outputs` sets for the successor; `fates` what is decided.
    """
    rows = [row for plan in plans for row in _rows(plan)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(plan: RankedPlan) -> Iterable[dict[str, object]]:
    dated = roadmap(plan.plan)
    loads: dict[tuple[str, int], int] = {}
    for found in (found for found in dated if found.step.step == DECISION):
        key = (found.errand.parent, found.end.year)
        loads[key] = loads.get(key, 0) + found.errand.operations
    for found in dated:
        yield {
            "list": plan.list, "rank": plan.rank, "successor_id": found.errand.successor_id, "name": found.errand.name,
            "step": found.step.step, "title": found.step.title, "responsible": found.step.responsible,
            "document": found.step.document, "days": found.step.days, "from": found.start.isoformat(),
            "until": found.end.isoformat(), "note": _note(plan, found, loads),
            "fates": ";".join(sorted(found.errand.fates - {"keep"})),
        }  # fmt: skip


def _note(plan: RankedPlan, found: Dated, loads: dict[tuple[str, int], int]) -> str:
    notes = []
    if found.step.step == DECISION:
        year, parent = found.end.year, found.errand.parent
        notes.append(f"operations {found.errand.operations} of {loads[parent, year]} ({parent}, {year})")
    if found.step.step == OUTPUTS:
        indicators = indicators_of(plan.plan, found.errand.stage, found.errand.units[-1])
        notes += [f"indicators {', '.join(one.id for one in indicators)}"] if indicators else []
    if found.start < plan.plan.scenario.as_of:
        notes.append("starts_before_as_of")
    if found.step.certainty == "to_confirm":
        notes.append("to_confirm")
    return "; ".join(notes)
