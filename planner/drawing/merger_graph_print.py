"""The merger graph on paper: a successor and its members stand on one page, in letters that are never shrunk."""

from planner.drawing.merger_graph_parts import Geometry
from planner.drawing.merger_graph_sections import Drafting
from planner.drawing.plan_view import PlanView
from planner.drawing.print_pages import TEXT_WIDTH, Columns, PrintPages
from planner.drawing.sheet import Sheet
from planner.wording import Wording

_GEOMETRY = Geometry(88.0, TEXT_WIDTH - Geometry(88.0, 0.0).width)  # names of today are longer: they come by the host


def print_merger_graph(view: PlanView, wording: Wording) -> list[Sheet]:
    drafting = Drafting(view, wording, _GEOMETRY)
    pages = PrintPages(view, wording, wording.say("graph.title", title=view.title), drafting.chips)
    layout = Columns([], TEXT_WIDTH, crown=[drafting.sides])
    return pages.sheets(pages.bodies(drafting.sections, layout, first=0))
