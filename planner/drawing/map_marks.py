"""Where the marks of changed units go, each event's number with its first mark, so that none covers another."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import hypot

from planner.drawing.lettering import Lettering
from planner.drawing.map_frame import Place
from planner.drawing.place_labels import Placer
from planner.drawing.plan_event import Event
from planner.drawing.style import BODY_PT

MARK = 2.4
NUMBER = Lettering(BODY_PT, bold=True)
_HOST = 1.35
_AIR = 0.4
_NEIGHBOURS = 10.0


@dataclass(frozen=True)
class PlacedMark:
    """A unit's mark: its true place, the place and diameter it is drawn with, and its event's number if it bears it."""

    true: Place
    drawn: Place
    diameter: float
    number: str

    @property
    def number_corner(self) -> Place:
        """Upper left corner of the number, to the right of the mark."""
        return self.drawn[0] + self.diameter / 2 + _AIR, self.drawn[1] - NUMBER.pitch / 2


def place_marks(events: Sequence[Event], places: Mapping[str, Place], placer: Placer) -> dict[str, PlacedMark]:
    """Marks of all changed units that have a place, as near to it as those before them leave room.

    Units of one event that are neighbours move together, so that their links stay short. Without room within some
    centimetres a mark stands at its true place and bears no number.
    """
    marks: dict[str, PlacedMark] = {}
    for event in events:
        here = [unit for unit in event.units if unit in places]
        for unit in here:
            number = str(event.number) if unit == here[0] else ""
            diameter = MARK * (_HOST if unit == event.host_id else 1.0)
            wish = _beside(marks.get(here[0]), places[unit])
            marks[unit] = _placed(PlacedMark(places[unit], wish, diameter, number), placer)
    return marks


def _beside(first: PlacedMark | None, true: Place) -> Place:
    """Where a unit would like to stand: moved as the first of its event was, if that is near."""
    if first is None or hypot(true[0] - first.true[0], true[1] - first.true[1]) > _NEIGHBOURS:
        return true
    return true[0] + first.drawn[0] - first.true[0], true[1] + first.drawn[1] - first.true[1]


def _placed(wish: PlacedMark, placer: Placer) -> PlacedMark:
    right = NUMBER.width(wish.number) + _AIR if wish.number else 0.0
    size = wish.diameter + right + _AIR, max(wish.diameter + _AIR, NUMBER.pitch if wish.number else 0.0)
    middle = placer.place((wish.drawn[0] + right / 2, wish.drawn[1]), size, nearest=0)
    if middle is None:
        return replace(wish, drawn=wish.true, number="")
    return replace(wish, drawn=(middle[0] - right / 2, middle[1]))
