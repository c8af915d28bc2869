"""The numbered list beside a merger map: what changes, heading by heading, with every name."""

from collections import defaultdict
from dataclasses import dataclass

from planner.drawing.event_words import told
from planner.drawing.lettering import Lettering
from planner.drawing.map_marks import MARK
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Paragraph, Rubric
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import BODY_PT, HEADING_PT, FateStyle, style_of
from planner.wording import Wording

_INDENT = 4.0
_PLAIN, _BOLD, _HEADING = Lettering(BODY_PT), Lettering(BODY_PT, bold=True), Lettering(HEADING_PT, bold=True)


def list_sections(view: PlanView, wording: Wording, width: float) -> list[Section]:
    """The numbered list beside a map, heading by heading, in lines of at most `width` millimetres."""
    by_heading: dict[str, list[Event]] = defaultdict(list)
    for event in view.events:
        by_heading[view.heading_of(event)].append(event)
    sections = []
    for heading, events in by_heading.items():
        shown = heading or wording.say("graph.nowhere")
        going_on = wording.say("graph.continued", heading=shown)
        entries = [_entry(view, event, wording, width - _INDENT) for event in events]
        sections.append(Section(_rubric(shown, width), _rubric(going_on, width), entries))
    return sections


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


def _rubric(text: str, width: float) -> Rubric:
    return Rubric(Paragraph(text, width, _HEADING, above=1.5))


def _entry(view: PlanView, event: Event, wording: Wording, width: float) -> _Entry:
    name = _headline(view, event)
    after = [view.name_after(unit) for unit in event.successor_ids] if event.fate == "split" else []
    others = [other for other in (*map(view.name, event.units), *after) if other != name]
    story = told(view, event, wording)
    if others:
        story = f"{story}; {wording.say('map.units', names='; '.join(others))}"
    if not any(unit in view.degrees for unit in event.units):
        story = f"{story} {wording.say('map.unplaced_mark')}"
    numbered = wording.say("map.numbered", number=str(event.number), name=name)
    return _Entry(style_of(event.fate, event.form), _BOLD.wrap(numbered, width), _PLAIN.wrap(story, width))


def _headline(view: PlanView, event: Event) -> str:
    founds = event.fate in ("merge", "create")
    return view.name_after(event.successor_ids[0]) if founds else view.name(event.units[0])
