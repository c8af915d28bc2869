"""The pictures of a plan: merger graph, map and charts; in a run folder, or later on demand beside its tables."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import pandas as pd

from models.ranked import RankedPlan
from planner.at_work import at_work
from planner.chart_pictures import CHARTS, FORMS, draw_chart
from planner.drawing.merger_graph import (
    build_merger_graph,
    draw_merger_graph,
    draw_merger_graph_pages,
    write_graphml,
)
from planner.drawing.merger_map import draw_merger_map, draw_merger_map_pages
from planner.drawing.plan_view import PlanView
from planner.interruption import Interruption
from planner.result import Result
from planner.run_folder import RunFolder, plan_mark
from planner.scenario_file import Case
from planner.tables import decisions_table, readings_table, successors_table, units_table
from planner.whole_file import whole_file
from planner.wording import Wording

PICTURES = ("merger-graph", "map", *CHARTS)
"""What is drawn of a plan; each as a .png and as an .svg."""

PAGES: Mapping[str, Callable[[PlanView, Path, Wording], None]] = {
    "merger-graph": draw_merger_graph_pages,
    "map": draw_merger_map_pages,
}
"""What is too tall for one sheet of paper, and how it is drawn as pages of A4 (.pdf)."""


def draw_plans(
    folder: RunFolder,
    result: Result,
    wording: Wording,
    on_drawn: Callable[[str], None] | None = None,
    *,
    plans: Sequence[RankedPlan],
    stop: Interruption,
) -> None:
    """Of every plan its merger graph as data; of `plans` every picture as well.

    Once somebody asked to stop, no further picture is begun.
    """
    units = units_table(result.case.units)
    for plan in result.plans:
        if stop.asked:
            return
        view, mark = view_of(result.case, plan, units, wording), plan_mark(plan)
        at_work("cli.drawing_plan", plan=mark)
        write_graphml(build_merger_graph(view), folder.path(f"merger-graph-{mark}.graphml"))
        for name in PICTURES if plan in plans else ():
            if not stop.asked:
                draw_picture(name, (result.case, plan, view), wording, folder.partial)
        if on_drawn is not None:
            on_drawn(mark)


def draw_picture(name: str, of: tuple[Case, RankedPlan, PlanView], wording: Wording, folder: Path) -> None:
    """One of PICTURES of a plan as NAME-MARK.png and .svg; each file appears whole or not at all."""
    case, plan, view = of
    at_work("cli.drawing_chart", chart=name)
    with ExitStack() as files:
        targets = [files.enter_context(whole_file(folder / f"{name}-{plan_mark(plan)}.{form}")) for form in FORMS]
        if name == "merger-graph":
            draw_merger_graph(view, targets, wording)
        elif name == "map":
            draw_merger_map(view, targets, wording)
        else:
            draw_chart(name, case, plan, wording, targets)


def draw_pages(of: tuple[Case, RankedPlan, PlanView], wording: Wording, folder: Path) -> None:
    """Everything of PAGES of a plan as NAME-MARK.pdf; each file appears whole or not at all."""
    _, plan, view = of
    for name, draw in PAGES.items():
        at_work("cli.drawing_chart", chart=name)
        with whole_file(folder / f"{name}-{plan_mark(plan)}.pdf") as target:
            draw(view, target, wording)


def view_of(case: Case, plan: RankedPlan, units: pd.DataFrame, wording: Wording) -> PlanView:
    """The tables of one plan; units: of the case, as `units_table` gives them."""
    title = f"{case.scenario.title}: " + wording.say("cli.plan", rank=plan.rank)
    one = [plan]
    return PlanView(title, units, decisions_table(one), successors_table(one), readings_table(one))
