"""How charts of a plan look, in one place: paper, letters, bars and their hatches.

A fill is a colour of Okabe and Ito's with a hatch of its own, so that neither colour-blind readers nor a grey print
lose anything; every bar has an outline, so that light fills end somewhere.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from planner.drawing.lettering import Lettering
from planner.drawing.style import BODY_PT, HEADING_PT, TITLE_PT

A4_MM = (297.0, 210.0)
MARGIN, GUTTER = 8.0, 7.0
WIDE = A4_MM[0] - 2 * MARGIN
"""One column over the whole width of A4 laid across, in millimetres."""
HALF = (WIDE - GUTTER) / 2

STRIP = 3.1  # one bar with its air; its figure is as high
BAR = 2.4
TITLE, HEADING = Lettering(TITLE_PT, bold=True), Lettering(HEADING_PT, bold=True)
BODY, BOLD = Lettering(BODY_PT), Lettering(BODY_PT, bold=True)


@dataclass(frozen=True)
class Fill:
    """A colour, and matplotlib's letters for the hatch above it; "" for none."""

    colour: str
    hatch: str = ""


FILLS: Mapping[str, Fill] = {
    # today, and what the plan makes of it
    "before": Fill("#D9D9D9"),
    "after": Fill("#0072B2"),
    # the natures of levers
    "real": Fill("#0072B2"),
    "movement": Fill("#E69F00", "/////"),
    "relabelling": Fill("#FFFFFF", "....."),
    "reached": Fill("#1A1A1A"),
    # money
    "saving": Fill("#0072B2"),
    "one_off": Fill("#E69F00", "/////"),
    "net": Fill("#FFFFFF", "-----"),
    # prices of steps
    "price": Fill("#0072B2"),
    "open": Fill("#FFFFFF", "....."),
    "impossible": Fill("#F2F2F2", "xxx"),
    # parts of a timetable
    "preparation": Fill("#FFFFFF", "....."),
    "decision": Fill("#1A1A1A"),
    "handover": Fill("#56B4E9"),
    "check": Fill("#E69F00", "/////"),
}
