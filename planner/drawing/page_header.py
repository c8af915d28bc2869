"""What stands above and below every picture of a plan: title, warning, totals, readings, legend of fates."""

from collections.abc import Sequence

from planner.drawing.event_words import amounts, capitalised, headline_readings, totals
from planner.drawing.lettering import Lettering
from planner.drawing.page_parts import Banner, Chip, ChipRows, Paragraph, Part
from planner.drawing.plan_event import FATES_IN_ORDER
from planner.drawing.plan_view import PlanView
from planner.drawing.style import BODY_PT, HEADING_PT, INK, SOFT_INK, TITLE_PT, WARNING, look, style_of
from planner.wording import Wording

_MISSED = "✗"


def header(view: PlanView, title: str, wording: Wording, width: float) -> list[Part]:
    """The parts above a picture, from the top."""
    parts = running_header(view, title, wording, width)
    parts.append(ChipRows([Chip(phrase, bold=True) for phrase in totals(view, wording)], width, HEADING_PT + 0.5))
    parts.append(ChipRows([_reading_chip(phrase) for phrase in headline_readings(view, wording)], width, HEADING_PT))
    parts.append(Paragraph(amounts(view, wording), width, Lettering(BODY_PT), SOFT_INK, below=3.0))
    return parts


def running_header(view: PlanView, title: str, wording: Wording, width: float) -> list[Part]:
    """What no page goes without, the first or a later one: the title, and the warning of invented figures."""
    parts: list[Part] = [Paragraph(title, width, Lettering(TITLE_PT, bold=True), below=1.5)]
    if view.invented:
        facts = {"invented": view.invented_units, "units": len(view.unit_rows)}
        parts.append(Banner(wording.say("graph.invented", **facts), width))
    return parts


def fate_chips(view: PlanView, wording: Wording) -> list[Chip]:
    """One chip for each fate, and each form of a merger, that the plan holds."""
    held = {(event.fate, look(event.fate, event.form)) for event in view.events}
    chips = []
    for fate, shown in sorted(held, key=lambda pair: (FATES_IN_ORDER.index(pair[0]), pair[1])):
        word = wording.term("fates", shown if fate == "merge" else fate)
        chips.append(Chip(capitalised(word), style_of(fate, shown)))
    return chips


def legend(chips: Sequence[Chip], wording: Wording, width: float) -> list[Part]:
    if not chips:
        return []
    return [
        Paragraph(wording.say("graph.legend"), width, Lettering(HEADING_PT, bold=True), above=2.0),
        ChipRows(chips, width, HEADING_PT),
    ]


def _reading_chip(phrase: str) -> Chip:
    missed = phrase.startswith(_MISSED)
    return Chip(phrase, ink=WARNING if missed else INK, bold=missed)
