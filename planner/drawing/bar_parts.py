"""Rows of bars as parts of a page: a name on the left, bars to one scale, each bar's figure at its right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from planner.drawing.chart_style import BAR, BODY, BOLD, FILLS, HEADING, STRIP, Fill
from planner.drawing.lettering import Lettering
from planner.drawing.page_parts import Paragraph
from planner.drawing.sheet import Sheet
from planner.drawing.style import INK, PAPER, RULE, SOFT_INK

_SWATCH = (6.0, 2.6)
_AIR = 1.2


@dataclass(frozen=True)
class Scale:
    """From `low` to `high` over `width` millimetres; marks: values at which a dashed line stands."""

    low: float
    high: float
    width: float
    marks: tuple[float, ...] = ()

    def at(self, value: float) -> float:
        """Millimetres from the left; a scale of nothing has everything at its left."""
        span = self.high - self.low
        return (value - self.low) / span * self.width if span else 0.0


@dataclass(frozen=True)
class Bar:
    """A bar between two values, with the name of its fill."""

    start: float
    end: float
    fill: str


@dataclass(frozen=True)
class Strip:
    """Bars on one line, and the figure that they show."""

    bars: Sequence[Bar]
    figure: str = ""


@dataclass(frozen=True)
class Cell:
    """Strips one below the other over one scale, room for their figures at the right, a gap to the next cell."""

    strips: Sequence[Strip]
    scale: Scale
    figure_width: float
    gap: float = 0.0

    @property
    def width(self) -> float:
        return self.scale.width + self.figure_width + self.gap

    def draw(self, sheet: Sheet, x: float, y: float, height: float) -> None:
        axis = (0.0, *self.scale.marks) if self.scale.low <= 0 <= self.scale.high else self.scale.marks
        for place, value in enumerate(axis):
            line = "solid" if place == 0 and value == 0 else (0, (2.0, 1.6))
            mark = x + self.scale.at(value)
            sheet.segment((mark, y), (mark, y + height), color=SOFT_INK, linewidth=0.6, linestyle=line, zorder=3)
        top = y + (height - len(self.strips) * STRIP) / 2
        for number, strip in enumerate(self.strips):
            self._strip(sheet, strip, x, top + number * STRIP)

    def _strip(self, sheet: Sheet, strip: Strip, x: float, y: float) -> None:
        for bar in strip.bars:
            left, right = sorted((self.scale.at(bar.start), self.scale.at(bar.end)))
            if right > left:
                draw_fill(sheet, FILLS[bar.fill], (x + left, y + (STRIP - BAR) / 2), (right - left, BAR))
        if strip.figure:
            sheet.lines([strip.figure], (x + self.width - self.gap, y + (STRIP - BODY.pitch) / 2), BODY, align="right")


@dataclass(frozen=True)
class BarRow:
    """A name, whole, in as many lines as it needs, and its cells."""

    name: str
    name_width: float
    cells: Sequence[Cell]
    lettering: Lettering = BODY

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return self.lettering.wrap(self.name, self.name_width - 2.0)

    @property
    def height(self) -> float:
        strips = max((len(cell.strips) for cell in self.cells), default=0)
        return max(len(self.lines) * self.lettering.pitch, strips * STRIP) + _AIR

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        top = y + (self.height - len(self.lines) * self.lettering.pitch) / 2
        sheet.lines(self.lines, (x, top), self.lettering)
        x += self.name_width
        for cell in self.cells:
            cell.draw(sheet, x, y, self.height)
            x += cell.width


@dataclass(frozen=True)
class Heads:
    """The heading of a section over a rule, with a title above each of its cells where there are several.

    places: per title where it begins and how much room it has, in millimetres.
    """

    text: str
    width: float
    titles: Sequence[str] = ()
    places: Sequence[tuple[float, float]] = ()

    @cached_property
    def _paragraph(self) -> Paragraph:
        return Paragraph(self.text, self.width, HEADING, above=2.0)

    @cached_property
    def _wrapped(self) -> list[tuple[str, ...]]:
        return [BOLD.wrap(title, room - 1.5) for title, (_, room) in zip(self.titles, self.places, strict=True)]

    @property
    def height(self) -> float:
        return self._paragraph.height + max(map(len, self._wrapped), default=0) * BOLD.pitch + 1.0

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        self._paragraph.draw(sheet, x, y)
        below = y + self._paragraph.height
        for lines, (left, _) in zip(self._wrapped, self.places, strict=True):
            sheet.lines(lines, (x + left, below), BOLD, ink=SOFT_INK)
        rule = y + self.height - 0.5
        sheet.segment((x, rule), (x + self.width, rule), color=RULE)


@dataclass(frozen=True)
class Fills:
    """The legend of the fills of a chart: (name of the fill, words) from left to right in as many rows as needed."""

    entries: Sequence[tuple[str, str]]
    width: float

    @cached_property
    def rows(self) -> list[list[tuple[float, str, tuple[str, ...]]]]:
        rows: list[list[tuple[float, str, tuple[str, ...]]]] = [[]]
        x, indent = 0.0, _SWATCH[0] + 1.5
        for fill, words in self.entries:
            lines = BODY.wrap(words, self.width - indent)
            wide = indent + max(map(BODY.width, lines), default=0.0)
            if rows[-1] and x + wide > self.width:
                rows.append([])
                x = 0.0
            rows[-1].append((x, fill, lines))
            x += wide + 6.0
        return rows

    @property
    def height(self) -> float:
        return sum(map(_legend_height, self.rows)) + 1.0 if self.entries else 0.0

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        for row in self.rows:
            for left, fill, lines in row:
                draw_fill(sheet, FILLS[fill], (x + left, y + (BODY.pitch - _SWATCH[1]) / 2), _SWATCH)
                sheet.lines(lines, (x + left + _SWATCH[0] + 1.5, y), BODY)
            y += _legend_height(row)


def draw_fill(sheet: Sheet, fill: Fill, at: tuple[float, float], size: tuple[float, float]) -> None:
    """A filled box whose upper left corner is `at`, its hatch and outline in ink."""
    sheet.box(at, *size, facecolor=fill.colour or PAPER, edgecolor=INK, linewidth=0.5, hatch=fill.hatch, zorder=2.5)


def _legend_height(row: Sequence[tuple[float, str, tuple[str, ...]]]) -> float:
    return max((len(lines) for _, _, lines in row), default=0) * BODY.pitch + 1.2
