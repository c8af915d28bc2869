"""A chart as a page: what it shows of which plan, a warning where data are invented, bars, and where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.drawing.bar_parts import Fills
from planner.drawing.chart_style import A4_MM, BODY, GUTTER, HEADING, MARGIN, TITLE
from planner.drawing.page_columns import Section, column_height, shortest_columns
from planner.drawing.page_parts import Banner, Paragraph, Part, draw_stack, stack_height
from planner.drawing.sheet import Sheet
from planner.drawing.style import SOFT_INK
from planner.wording import Wording

_MOST_COLUMNS = 6


@dataclass(frozen=True)
class Caption:
    """Whose plan a chart shows: scenario and plan in words, the day its data are of, and how many are invented."""

    title: str
    as_of: str
    invented: int
    units: int


@dataclass(frozen=True)
class Chart:
    """A chart before it is laid out.

    unit: what its figures are counted in; legend: (fill, words); sources: the tables that hold the same figures;
    notes: what a reader must know to read it right; column: the width of its sections in millimetres.
    """

    caption: Caption
    title: str
    unit: str
    legend: Sequence[tuple[str, str]]
    sections: Sequence[Section]
    sources: Sequence[str]
    column: float
    notes: Sequence[str] = ()


def lay_out(chart: Chart, wording: Wording) -> Sheet:
    """The page in the number of columns that prints largest on A4, upright or across; the fewest of equals."""
    counts = range(1, max(2, min(_MOST_COLUMNS, sum(len(section.parts) for section in chart.sections)) + 1))
    pages = [_Page(chart, wording, count) for count in counts]
    return max(pages, key=lambda page: (round(scale_on_a4(page.width, page.height), 2), -page.width)).drawn()


def scale_on_a4(width: float, height: float) -> float:
    """How large a sheet comes out on A4; above 1 where there is room to spare. On A3 it comes out 1.41 times that."""
    long, short = A4_MM
    return min(1.0, max(min(long / width, short / height), min(short / width, long / height)))


class _Page:
    def __init__(self, chart: Chart, wording: Wording, count: int) -> None:
        self._columns = shortest_columns(chart.sections, count)
        self._pitch = chart.column + GUTTER
        inner = max(len(self._columns) * self._pitch - GUTTER, chart.column)
        self.width = inner + 2 * MARGIN
        self._head, self._foot = _head(chart, wording, inner), _foot(chart, wording, inner)
        tall = stack_height(self._head) + column_height(self._columns) + stack_height(self._foot)
        self.height = tall + 2 * MARGIN + 3.0

    def drawn(self) -> Sheet:
        sheet = Sheet(self.width, self.height)
        y = draw_stack(sheet, self._head, MARGIN, MARGIN)
        for number, column in enumerate(self._columns):
            draw_stack(sheet, column, MARGIN + number * self._pitch, y)
        draw_stack(sheet, self._foot, MARGIN, y + column_height(self._columns) + 3.0)
        return sheet


def _head(chart: Chart, wording: Wording, width: float) -> list[Part]:
    caption = chart.caption
    parts: list[Part] = [
        Paragraph(chart.title, width, TITLE, below=0.8),
        Paragraph(caption.title, width, HEADING, SOFT_INK, below=1.5),
    ]
    if caption.invented:
        said = wording.say("graph.invented", invented=caption.invented, units=caption.units)
        parts.append(Banner(said, width))
    parts.append(Paragraph(wording.say("charts.unit", unit=chart.unit), width, BODY, below=1.0))
    parts.append(Fills(chart.legend if chart.sections else (), width))
    return parts


def _foot(chart: Chart, wording: Wording, width: float) -> list[Part]:
    year, month, day = chart.caption.as_of.split("-")
    facts = {"files": ", ".join(chart.sources), "year": year, "month": month, "day": day}
    empty = [] if chart.sections else [wording.say("charts.nothing")]
    told = [*empty, *chart.notes, wording.say("charts.source", **facts)]
    return [Paragraph(text, width, BODY, SOFT_INK) for text in told]
