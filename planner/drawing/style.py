"""How pictures of a plan look: a colour, a shape and a line for each fate, and the letters.

Colours are Okabe and Ito's, which stay apart for colour-blind readers; the shape of its mark, never the colour
alone, tells a fate, so that a grey print loses nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

FONT = "DejaVu Sans"  # ships with matplotlib and holds every Vietnamese letter
INK = "#1A1A1A"
SOFT_INK = "#4D4D4D"
RULE = "#B3B3B3"
PAPER = "#FFFFFF"
WARNING = "#9C0006"
WARNING_PAPER = "#FFE9E6"

TITLE_PT, BODY_PT, HEADING_PT = 13.0, 7.0, 7.5

A3_MM = (420.0, 297.0)


@dataclass(frozen=True)
class FateStyle:
    """A mark (matplotlib's letter for its shape), its colour, and the dashes of lines that lead to it."""

    colour: str
    mark: str
    line: str | tuple[float, tuple[float, ...]]


FATE_STYLES: Mapping[str, FateStyle] = {
    "keep": FateStyle("#BDBDBD", "o", "solid"),
    "absorb": FateStyle("#0072B2", "o", "solid"),
    "consolidate": FateStyle("#56B4E9", "D", "solid"),
    "split": FateStyle("#8F6B00", "v", "solid"),
    "create": FateStyle("#009E73", "P", "solid"),
    "equitize": FateStyle("#D55E00", "s", (0, (5.0, 1.5))),
    "convert": FateStyle("#CC79A7", "p", (0, (5.0, 1.5, 1.0, 1.5))),
    "dissolve": FateStyle("#000000", "X", (0, (1.2, 1.6))),
    "transfer": FateStyle("#6A51A3", ">", (0, (3.0, 1.5))),
    "raise": FateStyle("#E69F00", "^", "solid"),
}


def look(fate: str, form: str = "") -> str:
    """The entry of FATE_STYLES for a fate: a merger goes by its form, an absorption where none is stated."""
    if fate == "merge":
        return "consolidate" if form == "consolidate" else "absorb"
    return fate if fate in FATE_STYLES else "keep"


def style_of(fate: str, form: str = "") -> FateStyle:
    return FATE_STYLES[look(fate, form)]
