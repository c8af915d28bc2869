"""What a merger graph's page is made of: marks with labels, linked from left to right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from planner.drawing.lettering import Lettering
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT, FateStyle

LARGEST_MARK, SMALLEST_MARK = 6.0, 1.9
PLAIN, BOLD = Lettering(BODY_PT), Lettering(BODY_PT, bold=True)
_LINK = 16.0
_BETWEEN_EVENTS = 1.2


@dataclass(frozen=True)
class Geometry:
    """Where things stand across one column of the page: the widths of both labels, and what follows from them.

    Millimetres from the column's left edge.
    """

    left_label: float
    right_label: float

    @property
    def left_mark(self) -> float:
        return self.left_label + 1 + LARGEST_MARK / 2

    @property
    def right_mark(self) -> float:
        return self.left_mark + _LINK

    @property
    def right_text(self) -> float:
        return self.right_mark + LARGEST_MARK / 2 + 1

    @property
    def width(self) -> float:
        return self.right_text + self.right_label


@dataclass(frozen=True)
class Item:
    """One unit or successor: its mark and its label, a bold part above a plain one."""

    bold: tuple[str, ...]
    plain: tuple[str, ...]
    diameter: float

    @property
    def text_height(self) -> float:
        return (len(self.bold) + len(self.plain)) * PLAIN.pitch

    @property
    def height(self) -> float:
        return max(self.text_height, self.diameter) + 0.5


@dataclass(frozen=True)
class Link:
    """One event as a part of the page: its units, its successors, and the links between them."""

    style: FateStyle
    left: Sequence[Item]
    right: Sequence[Item]
    geometry: Geometry

    @cached_property
    def height(self) -> float:
        return max(_tall(self.left), _tall(self.right)) + _BETWEEN_EVENTS

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        left = self._middles(self.left, y)
        right = self._middles(self.right, y)
        start, end = x + self.geometry.left_mark, x + self.geometry.right_mark
        for begins in left:
            for arrives in right:
                sheet.curve(self.style, (start, begins), (end, arrives))
        for item, middle in zip(self.left, left, strict=True):
            _write(sheet, item, (x + self.geometry.left_label, middle), "right")
        for item, middle in zip(self.right, right, strict=True):
            _write(sheet, item, (x + self.geometry.right_text, middle), "left")
        places = [(start, middle, item.diameter) for item, middle in zip(self.left, left, strict=True)]
        places += [(end, middle, item.diameter) for item, middle in zip(self.right, right, strict=True)]
        sheet.marks(self.style, places)

    def _middles(self, items: Sequence[Item], y: float) -> list[float]:
        top = y + (self.height - _tall(items)) / 2
        middles = []
        for item in items:
            middles.append(top + item.height / 2)
            top += item.height
        return middles


def _tall(items: Sequence[Item]) -> float:
    return sum(item.height for item in items)


def _write(sheet: Sheet, item: Item, at: tuple[float, float], align: Literal["left", "right"]) -> None:
    """The label beside a mark, centred on its height."""
    x, top = at[0], at[1] - item.text_height / 2
    sheet.lines(item.bold, (x, top), BOLD, align=align)
    sheet.lines(item.plain, (x, top + len(item.bold) * PLAIN.pitch), PLAIN, align=align)
