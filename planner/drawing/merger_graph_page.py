"""The merger graph as a page: two columns of marks, linked, in sections by district or parent.

networkx's bipartite and multipartite layouts space nodes evenly and know nothing of their labels; here a unit takes
as much height as its wrapped name, so that nothing overlaps however long names are. Nor do the links need a search
for few crossings: what becomes one stands together.
"""

from dataclasses import dataclass
from functools import cached_property

from planner.drawing.merger_graph_parts import Geometry
from planner.drawing.merger_graph_sections import Drafting
from planner.drawing.page_columns import column_height, scale_on_a3, shortest_columns
from planner.drawing.page_header import header, legend
from planner.drawing.page_parts import Part, draw_stack, stack_height
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.wording import Wording

_MARGIN, _GUTTER = 8.0, 7.0
# Names on two lines in three columns, or on one line in two: whichever prints larger on A3.
_GEOMETRIES = (Geometry(51.0, 45.0), Geometry(84.0, 70.0))
_MOST_COLUMNS = 6


def lay_out_merger_graph(view: PlanView, wording: Wording) -> Sheet:
    """The page in the number of columns and the width of labels that print largest on A3; the fewest of equals."""
    draftings = [Drafting(view, wording, geometry) for geometry in _GEOMETRIES]
    pages = [_Page(drafting, count) for drafting in draftings for count in range(1, _MOST_COLUMNS + 1)]
    return max(pages, key=lambda page: (round(scale_on_a3(page.width, page.height), 2), -page.width)).drawn()


@dataclass(frozen=True)
class _Page:
    """The sections of one drafting in a number of columns."""

    drafting: Drafting
    count: int

    @property
    def view(self) -> PlanView:
        return self.drafting.view

    @property
    def wording(self) -> Wording:
        return self.drafting.wording

    @property
    def geometry(self) -> Geometry:
        return self.drafting.geometry

    @cached_property
    def width(self) -> float:
        return self.body_width + 2 * _MARGIN

    @property
    def body_width(self) -> float:
        return self.count * self.geometry.width + (self.count - 1) * _GUTTER

    @cached_property
    def height(self) -> float:
        return stack_height(self.head) + self.column_height + stack_height(self.foot) + 2 * _MARGIN

    @cached_property
    def head(self) -> list[Part]:
        title = self.wording.say("graph.title", title=self.view.title)
        return header(self.view, title, self.wording, self.body_width)

    @cached_property
    def columns(self) -> list[list[Part]]:
        return shortest_columns(self.drafting.sections, self.count)

    @property
    def column_height(self) -> float:
        return self.drafting.sides.height + column_height(self.columns)

    @cached_property
    def foot(self) -> list[Part]:
        return legend(self.drafting.chips, self.wording, self.body_width)

    def drawn(self) -> Sheet:
        sheet = Sheet(self.width, self.height)
        top = draw_stack(sheet, self.head, _MARGIN, _MARGIN)
        for number, parts in enumerate(self.columns):
            x = _MARGIN + number * (self.geometry.width + _GUTTER)
            draw_stack(sheet, [self.drafting.sides, *parts], x, top)
        draw_stack(sheet, self.foot, _MARGIN, top + self.column_height)
        return sheet
