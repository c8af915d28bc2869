"""What a sheet is put together from: parts that know their height and draw themselves."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar, Protocol

from planner.drawing.lettering import Lettering
from planner.drawing.sheet import Sheet
from planner.drawing.style import INK, RULE, WARNING, WARNING_PAPER, FateStyle


class Part(Protocol):
    """Something on a sheet; heights and places are millimetres."""

    @property
    def height(self) -> float: ...

    def draw(self, sheet: Sheet, x: float, y: float) -> None: ...


@dataclass(frozen=True)
class Paragraph:
    """Text broken into lines of at most `width`, with some air above and below."""

    text: str
    width: float
    lettering: Lettering
    ink: str = INK
    above: float = 0.0
    below: float = 0.6

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return self.lettering.wrap(self.text, self.width)

    @property
    def height(self) -> float:
        return self.above + len(self.lines) * self.lettering.pitch + self.below

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        sheet.lines(self.lines, (x, y + self.above), self.lettering, ink=self.ink)


@dataclass(frozen=True)
class Rubric:
    """The heading of a section, over a thin rule."""

    paragraph: Paragraph

    @property
    def height(self) -> float:
        return self.paragraph.height + 1.0

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        self.paragraph.draw(sheet, x, y)
        rule = y + self.paragraph.height
        sheet.segment((x, rule), (x + self.paragraph.width, rule), color=RULE)


@dataclass(frozen=True)
class Banner:
    """A warning in a box that nobody overlooks, also in grey."""

    text: str
    width: float

    lettering: ClassVar[Lettering] = Lettering(9.0, bold=True)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        return self.lettering.wrap(self.text, self.width - 4)

    @property
    def height(self) -> float:
        return len(self.lines) * self.lettering.pitch + 3.5

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        wide = max(self.lettering.width(line) for line in self.lines) + 4
        sheet.box((x, y), wide, self.height - 1.5, facecolor=WARNING_PAPER, edgecolor=WARNING, linewidth=1.2)
        sheet.lines(self.lines, (x + 2, y + 1), self.lettering, ink=WARNING)


@dataclass(frozen=True)
class Chip:
    """A short phrase, after a mark where `style` is given, that stands in a row with others."""

    text: str
    style: FateStyle | None = None
    diameter: float = 2.6
    ink: str = INK
    bold: bool = False

    @property
    def indent(self) -> float:
        return self.diameter + 1.4 if self.style else 0.0


@dataclass(frozen=True)
class ChipRows:
    """Chips from left to right, in as many rows as the width asks for."""

    chips: Sequence[Chip]
    width: float
    size: float
    between: float = 6.0

    @cached_property
    def rows(self) -> list[list[tuple[float, Chip, tuple[str, ...]]]]:
        """Per row its chips: (x, chip, lines)."""
        rows: list[list[tuple[float, Chip, tuple[str, ...]]]] = [[]]
        x = 0.0
        for chip in self.chips:
            lettering = Lettering(self.size, chip.bold)
            lines = lettering.wrap(chip.text, self.width - chip.indent)
            wide = chip.indent + max(map(lettering.width, lines), default=0.0)
            if rows[-1] and x + wide > self.width:
                rows.append([])
                x = 0.0
            rows[-1].append((x, chip, lines))
            x += wide + self.between
        return rows

    @property
    def height(self) -> float:
        return sum(map(self._row_height, self.rows)) if self.chips else 0.0

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        for row in self.rows:
            tall = self._row_height(row)
            for offset, chip, lines in row:
                lettering = Lettering(self.size, chip.bold)
                top = y + (tall - len(lines) * lettering.pitch) / 2
                if chip.style:
                    sheet.marks(chip.style, [(x + offset + chip.diameter / 2, y + tall / 2, chip.diameter)])
                sheet.lines(lines, (x + offset + chip.indent, top), lettering, ink=chip.ink)
            y += tall

    def _row_height(self, row: Iterable[tuple[float, Chip, tuple[str, ...]]]) -> float:
        pitch = Lettering(self.size).pitch
        return max((max(len(lines) * pitch, chip.indent and chip.diameter) for _, chip, lines in row), default=0) + 0.6


def draw_stack(sheet: Sheet, parts: Iterable[Part], x: float, y: float) -> float:
    """Draw parts one below the other; the y under the last."""
    for part in parts:
        part.draw(sheet, x, y)
        y += part.height
    return y


def stack_height(parts: Iterable[Part]) -> float:
    return sum(part.height for part in parts)
