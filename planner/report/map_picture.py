"""The map of a plan as shapes that a template writes as SVG: millimetres, one mark per unit that changes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import cos, pi, sin
from statistics import median
from typing import Any

from planner.drawing.event_words import capitalised, told
from planner.drawing.lettering import Lettering
from planner.drawing.map_frame import MapFrame, Place, frame_around, round_length, spread_places
from planner.drawing.map_marks import PlacedMark, place_marks
from planner.drawing.place_labels import Placer
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.style import FATE_STYLES, look, style_of
from planner.report.blocks import Block, Note, Picture
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

WIDTH = 180.0
_DISTRICT = Lettering(8.0, bold=True)
_CORNERS = {"D": (4, 0.0), "s": (4, 0.25 * pi), "^": (3, 0.0), "v": (3, pi), ">": (3, 0.5 * pi), "p": (5, 0.0)}
_CROSSES = {"P": 0.0, "X": 0.25 * pi}


def merger_map(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Where the changes are; units without coordinates are counted in a sentence."""
    view = run.views[plan]
    if not view.degrees:
        return [Note(words.say("no_map"))]
    notes = [Note(words.say("map_legend"))]
    if missing := len(view.unit_rows) - len(view.degrees):
        notes.append(Note(words.wording.say("map.unplaced", count=missing)))
    return [*notes, Picture("map.html", map_facts(view, words))]


def map_facts(view: PlanView, words: Words) -> dict[str, Any]:
    """Kept units as dots, changed ones as numbered marks of their fate's shape, lines from each member to its host."""
    frame = frame_around(list(view.degrees.values()), WIDTH, (0.0, 0.0))
    places = spread_places(frame, view.degrees)
    placer = Placer(frame.inside)
    bar = _scale_bar(frame, words)
    placer.take([(0.0, frame.height - 8, bar["length"] + 16, frame.height)])
    marks = place_marks(view.events, places, placer)
    return {
        "width": WIDTH,
        "height": round(frame.height, 1),
        "middle": _middle(marks.values()),
        "title": words.say("map_title"),
        "dots": "".join(f"M{x:.1f} {y:.1f}h0" for x, y in (places[unit] for unit in view.kept if unit in places)),
        "events": [_event(view, words, event, marks) for event in view.events],
        "names": _names(view, frame, placer),
        "scale": bar,
        "looks": [_look(words, name) for name in FATE_STYLES if _shown(view, name)],
    }


def shape(mark: str, x: float, y: float, size: float) -> str:
    """The path of a mark of the pictures (matplotlib's letter) around a point."""
    radius = size / 2
    if mark in _CORNERS:
        corners, turn = _CORNERS[mark]
        wide = radius * (1.25 if corners == 3 else 1.1)
        points = [_around(x, y, wide, turn + 2 * pi * corner / corners) for corner in range(corners)]
        return "M" + "L".join(points) + "Z"
    if mark in _CROSSES:
        return _cross(x, y, radius, _CROSSES[mark])
    halves = (f"a{radius:.2f} {radius:.2f} 0 1 0 {way * size:.2f} 0" for way in (1, -1))
    return f"M{x - radius:.2f} {y:.2f}{''.join(halves)}Z"


def _around(x: float, y: float, radius: float, angle: float) -> str:
    """A point on a circle; angles run clockwise from the top."""
    return f"{x + radius * sin(angle):.2f} {y - radius * cos(angle):.2f}"


def _cross(x: float, y: float, radius: float, turn: float) -> str:
    """A thick cross of four arms."""
    thin = radius * 0.38
    corners = []
    for arm in range(4):
        ahead = turn + arm * pi / 2
        for side in (-1, 1):
            px = radius * sin(ahead) + side * thin * cos(ahead)
            py = radius * cos(ahead) - side * thin * sin(ahead)
            corners.append(f"{x + px:.2f} {y - py:.2f}")
        inner = ahead + pi / 4
        corners.append(_around(x, y, thin * 2**0.5, inner))
    return "M" + "L".join(corners) + "Z"


def _event(view: PlanView, words: Words, event: Event, marks: Mapping[str, PlacedMark]) -> dict[str, Any]:
    style = style_of(event.fate, event.form)
    mine = [marks[unit] for unit in event.units if unit in marks]
    host = mine[0].drawn if mine else (0.0, 0.0)
    links = [f"M{mark.drawn[0]:.1f} {mark.drawn[1]:.1f}L{host[0]:.1f} {host[1]:.1f}" for mark in mine[1:]]
    names = "; ".join(map(view.name, event.units))
    numbered = next((mark for mark in mine if mark.number), None)
    return {
        "number": event.number,
        "title": f"{event.number}. {names}: {told(view, event, words.wording)}",
        "colour": _seen(style.colour),
        "links": "".join(links) if event.fate == "merge" else "",
        "marks": "".join(shape(style.mark, *mark.drawn, mark.diameter) for mark in mine),
        "label": _label(numbered) if numbered else None,
    }


def _middle(marks: Iterable[PlacedMark]) -> float:
    """How far across the map half of the changed units lie to either side; the middle where nothing changes."""
    return round(median([mark.drawn[0] for mark in marks] or [WIDTH / 2]) / WIDTH, 3)


def _seen(colour: str) -> str:
    """Black is the ink of the page, which is light where the page is dark."""
    return "var(--ink)" if colour == "#000000" else colour


def _look(words: Words, name: str) -> tuple[str, str, str, str]:
    """An entry of the legend: a fate, its word, its colour and its shape."""
    style = FATE_STYLES[name]
    word = capitalised(words.wording.term("fates", name))
    return name, word, _seen(style.colour), shape(style.mark, 5, 5, 8)


def _label(mark: PlacedMark) -> tuple[str, float, float]:
    x, y = mark.number_corner
    return mark.number, round(x, 1), round(y + 2.3, 1)


def _names(view: PlanView, frame: MapFrame, placer: Placer) -> list[tuple[str, float, float]]:
    """Each area's name in the middle of its units, or as near to it as other names leave room."""
    members: dict[str, list[Place]] = defaultdict(list)
    for unit, (lon, lat) in view.degrees.items():
        row = view.unit_rows[unit]
        if name := row.get("district") or row.get("area") or "":
            members[name].append(frame.place(lon, lat))
    found = []
    for name, places in sorted(members.items()):
        middle = sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)
        if spot := placer.place(middle, (_DISTRICT.width(name) + 1, _DISTRICT.pitch), nearest=0):
            found.append((name, round(spot[0], 1), round(spot[1] + 1.0, 1)))
    return found


def _scale_bar(frame: MapFrame, words: Words) -> dict[str, Any]:
    kilometres = round_length(frame.width / 4 / frame.mm_per_km)
    shown = words.wording.number(kilometres, 0 if kilometres >= 1 else 1)
    length = round(kilometres * frame.mm_per_km, 1)
    return {"length": length, "words": words.wording.say("map.kilometres", length=shown)}


def _shown(view: PlanView, name: str) -> bool:
    return name == "keep" or any(look(event.fate, event.form) == name for event in view.events)
