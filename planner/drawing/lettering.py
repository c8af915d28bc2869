"""Text as it will stand on paper: harmless to draw, its width known, broken into lines that fit."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from matplotlib.font_manager import FontProperties
from matplotlib.textpath import text_to_path

from planner.drawing.style import FONT

MM_PER_PT = 25.4 / 72
# Two marks above a capital (Ễ) and a dot below (ộ) of the line before it stay apart at this distance.
LINE_PITCH = 1.28
_LONGEST_WORD = 60
_BLANKS = re.compile(" +")
_SPARE = 1.015  # renderers round and hint advance widths


@dataclass(frozen=True)
class Lettering:
    """A size in points and a weight."""

    size: float
    bold: bool = False

    @property
    def pitch(self) -> float:
        """Millimetres from one line to the next."""
        return self.size * LINE_PITCH * MM_PER_PT

    def width(self, text: str) -> float:
        """Millimetres that a line of text takes."""
        blanks = text.count(" ") * _word_width(" ", self.bold)
        words = sum(_word_width(word, self.bold) for word in text.split(" "))
        return (blanks + words) * self.size * MM_PER_PT * _SPARE

    def wrap(self, text: str, width: float) -> tuple[str, ...]:
        """Whole text in lines of at most `width` millimetres; a word wider than a line is broken inside."""
        return _wrapped(self, text, width)


@lru_cache(maxsize=10_000)  # a page is laid out in several shapes before one is drawn
def _wrapped(lettering: Lettering, text: str, width: float) -> tuple[str, ...]:
    lines: list[str] = []
    line, used, blank = "", 0.0, lettering.width(" ")
    for word in _pieces(lettering, printable(text), width):
        wide = lettering.width(word)
        if line and used + blank + wide > width:
            lines.append(line)
            line = ""
        line, used = (f"{line} {word}", used + blank + wide) if line else (word, wide)
    return (*lines, line) if line else tuple(lines)


def _pieces(lettering: Lettering, text: str, width: float) -> Iterator[str]:
    """The words; one that is wider than a line comes in pieces, each as long as a line holds."""
    for word in text.split(" "):
        if lettering.width(word) <= width:
            yield word
            continue
        start, taken = 0, 0.0
        for place, letter in enumerate(word):
            taken += (wide := lettering.width(letter))
            if taken > width and place > start:
                yield word[start:place]
                start, taken = place, wide
        yield word[start:]


@lru_cache(maxsize=50_000)
def printable(text: str) -> str:
    """A name on one line, without letters that steer a display or that XML forbids; no-break blanks stay."""
    shown = "".join(_shown(letter) for letter in unicodedata.normalize("NFC", text))
    return _BLANKS.sub(" ", shown).strip()


def _shown(letter: str) -> str:
    category = unicodedata.category(letter)
    if category in ("Cs", "Co", "Cn"):
        return "\ufffd"
    return {"Cc": " ", "Cf": ""}.get(category, letter)


@lru_cache(maxsize=50_000)
def _word_width(word: str, bold: bool) -> float:
    """Width in ems; of a blank, what it adds between two letters. Monsters are added up letter by letter."""
    if word == " ":
        return _drawn("n n", bold) - _drawn("nn", bold)
    return _drawn(word, bold) if len(word) <= _LONGEST_WORD else sum(_drawn(letter, bold) for letter in word)


@lru_cache(maxsize=50_000)
def _drawn(text: str, bold: bool) -> float:
    font = FontProperties(family=FONT, size=1.0, weight="bold" if bold else "normal")
    width, _, _ = text_to_path.get_text_width_height_descent(text, font, ismath=False)
    return float(width)
