"""The map itself: light dots for kept units, coloured marks and numbers for changed ones, districts by name."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot
from typing import Any

from planner.drawing.lettering import Lettering, printable
from planner.drawing.map_frame import MapFrame, Place, frame_around, round_length, spread_places, ticks
from planner.drawing.map_marks import NUMBER, PlacedMark, place_marks
from planner.drawing.place_labels import Box, Placer
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT, HEADING_PT, INK, PAPER, RULE, SOFT_INK, style_of
from planner.wording import Wording

DOT = 1.0
_MOVED, _HAIR = 1.2, "#8C8C8C"
_DISTRICT, _TICK = Lettering(8.5, bold=True), Lettering(BODY_PT)
_TICK_ROOM = 4.0
_LONGEST_DISTRICT = 45.0
_VEIL: dict[str, Any] = {"facecolor": PAPER, "alpha": 0.8, "linewidth": 0, "zorder": 4.5}  # lines fade behind letters


@dataclass(frozen=True)
class MergerMap:
    """A plan's map, `width` millimetres wide; tick labels stand inside that width."""

    view: PlanView
    wording: Wording
    width: float

    @property
    def height(self) -> float:
        return self._frame_at(0.0, 0.0).height + 2 * _TICK_ROOM

    def draw(self, sheet: Sheet, x: float, y: float) -> tuple[int, ...]:
        """Draw with the upper left corner at (x, y); the numbers of events for whose label there was no room."""
        frame = self._frame_at(x, y)
        places = spread_places(frame, self.view.degrees)
        placer = Placer(frame.inside)
        self._draw_frame(sheet, frame)
        placer.take([self._draw_scale(sheet, frame)])
        sheet.marks(style_of("keep"), [(*places[unit], DOT) for unit in self.view.kept if unit in places])
        marks = place_marks(self.view.events, places, placer)
        for event in self.view.events:
            _draw_event(sheet, event, [marks[unit] for unit in event.units if unit in marks])
        self._name_districts(sheet, frame, placer)
        numbered = {mark.number for mark in marks.values()}
        placed = [event.number for event in self.view.events if any(unit in marks for unit in event.units)]
        return tuple(number for number in placed if str(number) not in numbered)

    def _frame_at(self, x: float, y: float) -> MapFrame:
        at = (x + 2 * _TICK_ROOM, y + _TICK_ROOM)
        return frame_around(list(self.view.degrees.values()), self.width - 2 * _TICK_ROOM, at)

    def _draw_frame(self, sheet: Sheet, frame: MapFrame) -> None:
        left, top = frame.at
        sheet.box(frame.at, frame.width, frame.height, facecolor="none", edgecolor=RULE)
        for lon in ticks(frame.west, frame.span_lon):
            x, _ = frame.place(lon, frame.north)
            sheet.segment((x, top), (x, top + frame.height), linewidth=0.25, zorder=1)
            label = self._degree_words(lon, "map.east", "map.west")
            sheet.lines((label,), (x, top + frame.height + 0.6), _TICK, align="center", ink=SOFT_INK)
        for lat in ticks(frame.north - frame.span_lat, frame.span_lat):
            _, y = frame.place(frame.west, lat)
            sheet.segment((left, y), (left + frame.width, y), linewidth=0.25, zorder=1)
            label = self._degree_words(lat, "map.north", "map.south")
            sheet.lines((label,), (left - 0.8, y - _TICK.pitch / 2), _TICK, align="right", ink=SOFT_INK)

    def _degree_words(self, value: float, positive: str, negative: str) -> str:
        return self.wording.say(positive if value >= 0 else negative, degrees=self.wording.number(abs(value), 2))

    def _draw_scale(self, sheet: Sheet, frame: MapFrame) -> Box:
        """A bar of a round number of kilometres in the lower left corner; the room it takes."""
        kilometres = round_length(frame.width / 4 / frame.mm_per_km)
        length = kilometres * frame.mm_per_km
        x, y = frame.at[0] + 4, frame.at[1] + frame.height - 4
        for part, colour in ((0, INK), (1, PAPER)):
            box = (x + part * length / 2, y)
            sheet.box(box, length / 2, 1.2, facecolor=colour, edgecolor=INK, zorder=3)
        words = self.wording.say("map.kilometres", length=_plain_number(kilometres, self.wording))
        lettering = Lettering(HEADING_PT)
        sheet.lines((words,), (x, y - lettering.pitch - 0.4), lettering)
        return x - 1, y - lettering.pitch - 1, x + max(length, lettering.width(words)) + 1, y + 2

    def _name_districts(self, sheet: Sheet, frame: MapFrame, placer: Placer) -> None:
        """Each district's name in the middle of its units, or as near to it as other names leave room."""
        members: dict[str, list[Place]] = defaultdict(list)
        for unit, (lon, lat) in self.view.degrees.items():
            row = self.view.unit_rows[unit]
            if name := printable(row.get("district") or row.get("area") or ""):
                members[name].append(frame.place(lon, lat))
        for name, places in sorted(members.items()):
            lines = _DISTRICT.wrap(name, _LONGEST_DISTRICT)
            width, height = max(map(_DISTRICT.width, lines)) + 1, len(lines) * _DISTRICT.pitch
            middle = sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)
            if spot := placer.place(middle, (width, height), nearest=0):
                sheet.box((spot[0] - width / 2, spot[1] - height / 2), width, height, **_VEIL)
                sheet.lines(lines, (spot[0], spot[1] - height / 2), _DISTRICT, align="center", ink=SOFT_INK)


def _draw_event(sheet: Sheet, event: Event, marks: Sequence[PlacedMark]) -> None:
    """Marks, the links of a merger to its host, the number, and a hair line to where a moved mark belongs."""
    style = style_of(event.fate, event.form)
    for mark in marks:
        if event.fate == "merge" and mark is not marks[0]:
            sheet.segment(mark.drawn, marks[0].drawn, color=style.colour, linewidth=1.0, zorder=3)
        if hypot(mark.drawn[0] - mark.true[0], mark.drawn[1] - mark.true[1]) > _MOVED:
            sheet.segment(mark.true, mark.drawn, color=_HAIR, linewidth=0.35)
        if mark.number:
            x, y = mark.number_corner
            sheet.box((x - 0.2, y), NUMBER.width(mark.number) + 0.4, NUMBER.pitch, **_VEIL)
            sheet.lines((mark.number,), (x, y), NUMBER)
    sheet.marks(style, [(*mark.drawn, mark.diameter) for mark in marks])


def _plain_number(value: float, wording: Wording) -> str:
    return wording.number(value, 0 if value >= 1 else 1)
