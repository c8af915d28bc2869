"""The merger map as a page: the map, and beside it the numbered list of what changes.

Names of units are far longer than the distances between them, so the map carries numbers and the list the names.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.drawing.lettering import Lettering
from planner.drawing.merger_map_legend import left_off_note, map_chips, map_notes
from planner.drawing.merger_map_list import list_sections
from planner.drawing.merger_map_picture import MergerMap
from planner.drawing.page_columns import column_height, scale_on_a3, shortest_columns
from planner.drawing.page_header import header, legend
from planner.drawing.page_parts import Part, draw_stack, stack_height
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT
from planner.wording import Wording

_MARGIN, _GUTTER = 8.0, 7.0
_COLUMN = 80.0
_MAP_WIDTHS = (180.0, 215.0, 250.0, 285.0, 320.0)
_MOST_COLUMNS = 6
_NEARLY = 0.94  # of the largest scale: within this the page with the largest map is taken
_PLAIN = Lettering(BODY_PT)


def lay_out_merger_map(view: PlanView, wording: Wording) -> Sheet:
    """The page with the largest map among those whose letters print about largest on A3."""
    entries = list_sections(view, wording, _COLUMN)
    lists = [shortest_columns(entries, count) for count in range(1, _MOST_COLUMNS + 1)] if entries else [[]]
    pages: list[_Page] = [_Beside(view, wording, width, columns) for width in _MAP_WIDTHS for columns in lists]
    pages += [_Below(view, wording, _list_width(columns), columns) for columns in lists if len(columns) > 1]
    largest = max(page.scale for page in pages)
    return max((page for page in pages if page.scale >= _NEARLY * largest), key=lambda page: page.printed_map).drawn()


def _list_width(columns: Sequence[Sequence[Part]]) -> float:
    return len(columns) * (_COLUMN + _GUTTER) - _GUTTER


@dataclass(frozen=True)
class _Page(ABC):
    """The map of one width and the list in given columns; where the list stands is the page's own."""

    view: PlanView
    wording: Wording
    map_width: float
    columns: Sequence[Sequence[Part]]

    @property
    @abstractmethod
    def body_width(self) -> float: ...

    @property
    @abstractmethod
    def body_height(self) -> float: ...

    @abstractmethod
    def list_corner(self, top: float) -> tuple[float, float]:
        """Where the list begins on a sheet whose map begins at `top`."""

    @property
    def width(self) -> float:
        return self.body_width + 2 * _MARGIN

    @cached_property
    def height(self) -> float:
        return stack_height(self.head) + self.body_height + 2 * _MARGIN

    @property
    def scale(self) -> float:
        return scale_on_a3(self.width, self.height)

    @property
    def printed_map(self) -> float:
        return self.map_width * self.scale

    @property
    def map_part_height(self) -> float:
        """The map, its legend and notes, and one spare line for what could not be placed."""
        return self.map.height + stack_height(self.foot) + _PLAIN.pitch

    @cached_property
    def map(self) -> MergerMap:
        return MergerMap(self.view, self.wording, self.map_width)

    @cached_property
    def head(self) -> list[Part]:
        title = self.wording.say("map.title", title=self.view.title)
        return header(self.view, title, self.wording, self.body_width)

    @cached_property
    def foot(self) -> list[Part]:
        """Legend and notes, under the map."""
        parts = legend(map_chips(self.view, self.wording), self.wording, self.map_width)
        return [*parts, *map_notes(self.view, self.wording, self.map_width)]

    def drawn(self) -> Sheet:
        sheet = Sheet(self.width, self.height)
        top = draw_stack(sheet, self.head, _MARGIN, _MARGIN)
        left_off = self.map.draw(sheet, _MARGIN, top)
        under = draw_stack(sheet, self.foot, _MARGIN, top + self.map.height)
        if left_off:
            left_off_note(len(left_off), self.wording, self.map_width).draw(sheet, _MARGIN, under)
        left, start = self.list_corner(top)
        for number, parts in enumerate(self.columns):
            draw_stack(sheet, parts, left + number * (_COLUMN + _GUTTER), start)
        return sheet


class _Beside(_Page):
    """The list to the right of the map."""

    @property
    def body_width(self) -> float:
        return self.map_width + len(self.columns) * (_COLUMN + _GUTTER)

    @property
    def body_height(self) -> float:
        return max(self.map_part_height, column_height(self.columns))

    def list_corner(self, top: float) -> tuple[float, float]:
        return _MARGIN + self.map_width + _GUTTER, top


class _Below(_Page):
    """The list under a map of its width."""

    @property
    def body_width(self) -> float:
        return self.map_width

    @property
    def body_height(self) -> float:
        return self.map_part_height + column_height(self.columns)

    def list_corner(self, top: float) -> tuple[float, float]:
        return _MARGIN, top + self.map_part_height
