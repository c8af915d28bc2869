"""What explains a merger map: the marks, the lines and numbers, and what could not be drawn."""

from planner.drawing.event_words import capitalised
from planner.drawing.lettering import Lettering
from planner.drawing.merger_map_picture import DOT
from planner.drawing.page_header import fate_chips
from planner.drawing.page_parts import Chip, Paragraph
from planner.drawing.plan_view import PlanView
from planner.drawing.style import BODY_PT, SOFT_INK, style_of
from planner.wording import Wording


def map_chips(view: PlanView, wording: Wording) -> list[Chip]:
    kept = Chip(capitalised(wording.say("fates.keep")), style_of("keep"), DOT)
    lines = [Chip(wording.say(f"map.legend_{key}")) for key in ("line", "number")] if view.events else []
    return [*fate_chips(view, wording), kept, *lines]


def map_notes(view: PlanView, wording: Wording, width: float) -> list[Paragraph]:
    """Why marks stand beside their places, and how many units have none."""
    notes = [wording.say("map.spread")] if view.events else []
    if missing := len(view.unit_rows) - len(view.degrees):
        notes.append(wording.say("map.unplaced", count=missing))
    return [_note(note, width) for note in notes]


def left_off_note(count: int, wording: Wording, width: float) -> Paragraph:
    """What stands under a map on which so many numbers found no room."""
    return _note(wording.say("map.left_off", count=count), width)


def _note(text: str, width: float) -> Paragraph:
    return Paragraph(text, width, Lettering(BODY_PT), SOFT_INK)
