"""The pictures of a run: the merger graph and the map of every plan, and the charts of the first one."""

from collections.abc import Callable

import pandas as pd

from models.search import RankedPlan
from planner.at_work import at_work
from planner.chart_pictures import CHARTS, FORMS, draw_chart
from planner.drawing.merger_graph import build_merger_graph, draw_merger_graph, write_graphml
from planner.drawing.merger_map import draw_merger_map
from planner.drawing.plan_view import PlanView
from planner.interruption import Interruption
from planner.result import Result
from planner.run_folder import RunFolder
from planner.tables import units_table
from planner.wording import Wording


def draw_plans(
    folder: RunFolder,
    result: Result,
    wording: Wording,
    on_drawn: Callable[[str], None] | None = None,
    *,
    stop: Interruption,
) -> None:
    """merger-graph-K and map-K of the list `different`; those of the list `best` carry its name. Charts of the first.

    Once somebody asked to stop, no further picture is begun.
    """
    units = units_table(result.case.units)
    for plan in result.plans:
        if stop.asked:
            return
        mark = str(plan.rank) if plan.list == "different" else f"best-{plan.rank}"
        at_work("cli.drawing_plan", plan=mark)
        view = view_of(result, plan, units, wording)
        write_graphml(build_merger_graph(view), folder.path(f"merger-graph-{mark}.graphml"))
        draw_merger_graph(view, [folder.path(f"merger-graph-{mark}.{form}") for form in ("png", "svg")], wording)
        if not stop.asked:
            draw_merger_map(view, [folder.path(f"map-{mark}.{form}") for form in ("png", "svg")], wording)
        if plan is result.plans[0]:
            _draw_charts(folder, result, wording, mark, stop=stop)
        if on_drawn is not None:
            on_drawn(mark)


def view_of(result: Result, plan: RankedPlan, units: pd.DataFrame, wording: Wording) -> PlanView:
    """The tables of one plan."""

    def mine(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[(frame["list"] == plan.list) & (frame["rank"] == plan.rank)]

    title = f"{result.case.scenario.title}: " + wording.say("cli.plan", rank=plan.rank)
    return PlanView(title, units, mine(result.decisions), mine(result.successors), mine(result.readings))


def _draw_charts(folder: RunFolder, result: Result, wording: Wording, mark: str, *, stop: Interruption) -> None:
    """Every chart of the first plan; those of another are drawn on demand (`planner.draw_chart`)."""
    for name in CHARTS:
        if stop.asked:
            return
        at_work("cli.drawing_chart", chart=name)
        targets = [folder.path(f"{name}-{mark}.{form}") for form in FORMS]
        draw_chart(name, result.case, result.plans[0], wording, targets)
