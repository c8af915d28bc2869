"""The merger map as a page: the map, and beside it the numbered list of what changes.

Names of units are far longer than the distances between them, so the map carries numbers and the list the names.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.drawing.event_words import capitalised, told
from planner.drawing.lettering import Lettering
from planner.drawing.map_marks import MARK
from planner.drawing.merger_map_picture import DOT, MergerMap
from planner.drawing.page_columns import Section, column_height, scale_on_a3, shortest_columns
from planner.drawing.page_header import fate_chips, header, legend
from planner.drawing.page_parts import Chip, Paragraph, Part, Rubric, draw_stack, stack_height
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT, HEADING_PT, SOFT_INK, FateStyle, style_of
from planner.wording import Wording

_MARGIN, _GUTTER = 8.0, 7.0
_COLUMN, _INDENT = 80.0, 4.0
_TEXT = _COLUMN - _INDENT
_MAP_WIDTHS = (180.0, 215.0, 250.0, 285.0, 320.0)
_MOST_COLUMNS = 6
_NEARLY = 0.94  # of the largest scale: within this the page with the largest map is taken
_PLAIN, _BOLD, _HEADING = Lettering(BODY_PT), Lettering(BODY_PT, bold=True), Lettering(HEADING_PT, bold=True)


def lay_out_merger_map(view: PlanView, wording: Wording) -> Sheet:
    """The page with the largest map among those whose letters print about largest on A3."""
    entries = _sections(view, wording)
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
        kept = Chip(capitalised(self.wording.say("fates.keep")), style_of("keep"), DOT)
        lines = [Chip(self.wording.say(f"map.legend_{key}")) for key in ("line", "number")] if self.view.events else []
        parts = legend([*fate_chips(self.view, self.wording), kept, *lines], self.wording, self.map_width)
        notes = [self.wording.say("map.spread")] if self.view.events else []
        if missing := len(self.view.unit_rows) - len(self.view.degrees):
            notes.append(self.wording.say("map.unplaced", count=missing))
        return [*parts, *(Paragraph(note, self.map_width, _PLAIN, SOFT_INK) for note in notes)]

    def drawn(self) -> Sheet:
        sheet = Sheet(self.width, self.height)
        top = draw_stack(sheet, self.head, _MARGIN, _MARGIN)
        left_off = self.map.draw(sheet, _MARGIN, top)
        under = draw_stack(sheet, self.foot, _MARGIN, top + self.map.height)
        if left_off:
            note = self.wording.say("map.left_off", count=len(left_off))
            Paragraph(note, self.map_width, _PLAIN, SOFT_INK).draw(sheet, _MARGIN, under)
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


@dataclass(frozen=True)
class _Entry:
    """One event of the list: its mark, its number and name, and what happens."""

    style: FateStyle
    name: tuple[str, ...]
    story: tuple[str, ...]

    @property
    def height(self) -> float:
        return (len(self.name) + len(self.story)) * _PLAIN.pitch + 1.2

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        sheet.marks(self.style, [(x + MARK / 2, y + _PLAIN.pitch / 2, MARK)])
        sheet.lines(self.name, (x + _INDENT, y), _BOLD)
        sheet.lines(self.story, (x + _INDENT, y + len(self.name) * _PLAIN.pitch), _PLAIN)


def _sections(view: PlanView, wording: Wording) -> list[Section]:
    by_heading: dict[str, list[Event]] = defaultdict(list)
    for event in view.events:
        by_heading[view.heading_of(event)].append(event)
    sections = []
    for heading, events in by_heading.items():
        shown = heading or wording.say("graph.nowhere")
        going_on = wording.say("graph.continued", heading=shown)
        entries = [_entry(view, event, wording) for event in events]
        sections.append(Section(_rubric(shown), _rubric(going_on), entries))
    return sections


def _rubric(text: str) -> Rubric:
    return Rubric(Paragraph(text, _COLUMN, _HEADING, above=1.5))


def _entry(view: PlanView, event: Event, wording: Wording) -> _Entry:
    name = _headline(view, event)
    after = [view.name_after(unit) for unit in event.successor_ids] if event.fate == "split" else []
    others = [other for other in (*map(view.name, event.units), *after) if other != name]
    story = told(view, event, wording)
    if others:
        story = f"{story}; {wording.say('map.units', names='; '.join(others))}"
    if not any(unit in view.degrees for unit in event.units):
        story = f"{story} {wording.say('map.unplaced_mark')}"
    numbered = wording.say("map.numbered", number=str(event.number), name=name)
    return _Entry(style_of(event.fate, event.form), _BOLD.wrap(numbered, _TEXT), _PLAIN.wrap(story, _TEXT))


def _headline(view: PlanView, event: Event) -> str:
    founds = event.fate in ("merge", "create")
    return view.name_after(event.successor_ids[0]) if founds else view.name(event.units[0])
