"""Pages of paper, printed as large as they are drawn: A4, or A3 where something that is never cut asks for it.

Every page carries the title, the warning of invented figures, the legend and its number, so that none of them misleads
once it lies apart from the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from planner.drawing.lettering import Lettering
from planner.drawing.page_columns import Section, column_height, poured
from planner.drawing.page_header import header, legend, running_header
from planner.drawing.page_parts import Chip, Paragraph, Part, draw_stack, stack_height
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT, SOFT_INK
from planner.wording import Wording

A4, A3 = (210.0, 297.0), (297.0, 420.0)
_AIR = 2.0  # between the head of a page and its body
MARGIN = 10.0  # printers leave some millimetres white; with less they would shrink the page
TEXT_WIDTH = A4[0] - 2 * MARGIN


class Body(Part, Protocol):
    """What one page shows between its head and its foot; `width` millimetres wide, never cut."""

    @property
    def width(self) -> float: ...


@dataclass(frozen=True)
class Columns:
    """Columns beside each other, each under the same crown."""

    columns: Sequence[Sequence[Part]]
    width: float
    gutter: float = 0.0
    crown: Sequence[Part] = ()
    count: int = 1

    @property
    def height(self) -> float:
        return stack_height(self.crown) + column_height(self.columns)

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        step = (self.width + self.gutter) / self.count
        for number, parts in enumerate(self.columns):
            draw_stack(sheet, [*self.crown, *parts], x + number * step, y)


@dataclass(frozen=True)
class PrintPages:
    """What all pages of one picture share."""

    view: PlanView
    wording: Wording
    title: str
    chips: Sequence[Chip]

    def room(self, number: int, paper: tuple[float, float] = A4) -> float:
        """Millimetres that the body of a page may take; page 0 bears the totals and readings as well."""
        width = paper[0] - 2 * MARGIN
        return paper[1] - 2 * MARGIN - _AIR - stack_height([*self._head(number, width), *self._foot(width, "0")])

    def bodies(self, sections: Sequence[Section], layout: Columns, first: int) -> list[Body]:
        """Sections on as many pages as they take, from page `first` on, in the columns that `layout` tells."""
        crown, count = stack_height(layout.crown), layout.count
        room = {number: self.room(number) - crown for number in (first, first + 1)}
        columns = poured(sections, lambda column: room[first + min(column // count, 1)])
        starts = range(0, len(columns), count)
        return [
            Columns(columns[start : start + count], layout.width, layout.gutter, layout.crown, count)
            for start in starts
        ]

    def sheets(self, bodies: Sequence[Body]) -> list[Sheet]:
        return [self._sheet(body, number, len(bodies)) for number, body in enumerate(bodies)]

    def _sheet(self, body: Body, number: int, pages: int) -> Sheet:
        head = self._head(number, body.width)
        foot = self._foot(body.width, self.wording.say("graph.page", page=number + 1, pages=pages))
        width, height = _paper(body.width, _AIR + stack_height([*head, body, *foot]))
        sheet = Sheet(width, height)
        left = (width - body.width) / 2
        body.draw(sheet, left, draw_stack(sheet, head, left, MARGIN) + _AIR)
        draw_stack(sheet, foot, left, height - MARGIN - stack_height(foot))
        return sheet

    def _head(self, number: int, width: float) -> list[Part]:
        above = running_header if number else header
        return above(self.view, self.title, self.wording, width)

    def _foot(self, width: float, page: str) -> list[Part]:
        number = Paragraph(page, width, Lettering(BODY_PT), SOFT_INK, above=1.5)
        return [*legend(self.chips, self.wording, width), number]


def _paper(width: float, height: float) -> tuple[float, float]:
    """The smaller paper that holds so much between its margins; a longer sheet where even A3 does not."""
    needed = width + 2 * MARGIN, height + 2 * MARGIN
    fitting = [paper for paper in (A4, A3) if needed[0] <= paper[0] + 1e-6 and needed[1] <= paper[1] + 1e-6]
    return fitting[0] if fitting else (max(A4[0], needed[0]), needed[1])
