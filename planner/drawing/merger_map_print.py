"""The merger map on paper: the map on the first page, its list under it or on the pages after it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from planner.drawing.lettering import Lettering
from planner.drawing.merger_map_legend import left_off_note, map_chips, map_notes
from planner.drawing.merger_map_list import list_sections
from planner.drawing.merger_map_picture import MergerMap
from planner.drawing.page_columns import column_height, shortest_columns
from planner.drawing.page_parts import Part, draw_stack, stack_height
from planner.drawing.plan_view import PlanView
from planner.drawing.print_pages import A3, A4, MARGIN, TEXT_WIDTH, Columns, PrintPages
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT
from planner.wording import Wording

_GUTTER, _COLUMNS = 7.0, 2
_LIST = Columns([], TEXT_WIDTH, _GUTTER, count=_COLUMNS)
_NARROWER = 5.0  # millimetres by which a map gives way until it is low enough
_NARROWEST = 60.0


def print_merger_map(view: PlanView, wording: Wording) -> list[Sheet]:
    """The pages: the first on A3 where A4 has no room for the number of every change."""
    pages = PrintPages(view, wording, wording.say("map.title", title=view.title), map_chips(view, wording))
    sections = list_sections(view, wording, (TEXT_WIDTH - _GUTTER) / _COLUMNS)
    page = _map_page(pages, A4)
    if not sections:
        return pages.sheets([page])
    whole = replace(page, under=shortest_columns(sections, _COLUMNS))
    if whole.height <= pages.room(0) and not page.left_off:
        return pages.sheets([whole])
    first = _map_page(pages, A3) if page.left_off else page
    return pages.sheets([first, *pages.bodies(sections, _LIST, first=1)])


def _map_page(pages: PrintPages, paper: tuple[float, float]) -> "_MapPage":
    """The widest map that leaves room for its notes on the first page."""
    width, room = paper[0] - 2 * MARGIN, pages.room(0, paper)
    page = _MapPage(pages.view, pages.wording, width, width)
    while page.height > room and page.map_width - _NARROWER >= _NARROWEST:
        page = replace(page, map_width=page.map_width - _NARROWER)
    return page


@dataclass(frozen=True)
class _MapPage:
    """The map, its notes, a spare line for what could not be placed, and the list if it is short."""

    view: PlanView
    wording: Wording
    width: float
    map_width: float
    under: Sequence[Sequence[Part]] = ()

    @cached_property
    def height(self) -> float:
        notes = stack_height(self._notes) + Lettering(BODY_PT).pitch
        return self._map.height + notes + column_height(self.under)

    @cached_property
    def left_off(self) -> int:
        """How many changes bear no number on the map, for lack of room."""
        return len(self._map.draw(Sheet(self.map_width, self._map.height), 0.0, 0.0))

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        left_off = len(self._map.draw(sheet, x + (self.width - self.map_width) / 2, y))
        below = draw_stack(sheet, self._notes, x, y + self._map.height)
        if left_off:
            left_off_note(left_off, self.wording, self.width).draw(sheet, x, below)
        replace(_LIST, columns=self.under).draw(sheet, x, below + Lettering(BODY_PT).pitch)

    @cached_property
    def _map(self) -> MergerMap:
        return MergerMap(self.view, self.wording, self.map_width)

    @cached_property
    def _notes(self) -> Sequence[Part]:
        return map_notes(self.view, self.wording, self.width)
