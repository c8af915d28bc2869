"""Sections poured into columns of one height, as in a newspaper."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.drawing.page_parts import Part, stack_height
from planner.drawing.style import A3_MM


@dataclass(frozen=True)
class Section:
    """Parts under a heading; `continued` heads what goes on in the next column."""

    heading: Part
    continued: Part
    parts: Sequence[Part]


def shortest_columns(sections: Sequence[Section], count: int) -> list[list[Part]]:
    """The sections in at most `count` columns whose longest is as short as can be, to half a millimetre."""
    parts = [part for section in sections for part in (section.heading, *section.parts)]
    low, high = 0.0, stack_height(parts) + 1
    while high - low > 0.5:
        middle = (low + high) / 2
        low, high = (low, middle) if len(_fill(sections, middle)) <= count else (middle, high)
    return _fill(sections, high)


def column_height(columns: Sequence[Sequence[Part]]) -> float:
    return max(map(stack_height, columns), default=0.0)


def scale_on_a3(width: float, height: float) -> float:
    """How large a sheet comes out on A3 paper, upright or across: 1 where it fits as it is."""
    long, short = A3_MM
    return min(1.0, max(min(long / width, short / height), min(short / width, long / height)))


def poured(sections: Sequence[Section], room: Callable[[int], float]) -> list[list[Part]]:
    """Columns from first to last, number k at most room(k) high, in as many as it takes.

    Only a heading with one part may stand higher, for neither can be cut.
    """
    columns: list[list[Part]] = [[]]
    used = 0.0
    for section in sections:
        heading = section.heading
        for number, part in enumerate(section.parts):
            needed = part.height + (heading.height if number == 0 else 0.0)
            if columns[-1] and used + needed > room(len(columns) - 1):
                columns.append([])
                used = 0.0
                heading = section.continued if number else section.heading
                columns[-1].append(heading)
                used = heading.height
            elif number == 0:
                columns[-1].append(heading)
                used += heading.height
            columns[-1].append(part)
            used += part.height
    return columns


def _fill(sections: Sequence[Section], capacity: float) -> list[list[Part]]:
    return poured(sections, lambda _: capacity)
