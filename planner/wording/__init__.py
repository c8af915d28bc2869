"""Every sentence that a person reads, in Vietnamese and English, from catalogues beside this file.

A catalogue is a folder per language with one TOML file per topic; the key "graph.legend" is the entry
`legend` of `graph.toml`. A sentence names its facts in braces: "Giảm {count} đơn vị".
"""

import errno
import tomllib
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cache
from pathlib import Path
from string import Formatter

LANGUAGES = ("vi", "en")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_SEPARATORS = {"vi": (".", ","), "en": (",", ".")}


@dataclass(frozen=True)
class Wording:
    """The sentences of one language."""

    language: str = "vi"

    def say(self, key: str, **facts: object) -> str:
        """The sentence of a key with its facts filled in; numbers are written in the language's way."""
        return _Facts(self).vformat(_catalogue(self.language)[key], (), facts)

    def knows(self, key: str) -> bool:
        return key in _catalogue(self.language)

    def term(self, topic: str, name: str) -> str:
        """The word for a name that data may extend (a fate, a kind): the name itself where none is listed."""
        key = f"{topic}.{name}"
        return self.say(key) if self.knows(key) else name

    def number(self, value: int | float | Decimal | Fraction, decimals: int = 0) -> str:
        """A number with the language's separators: 1.234,5 in Vietnamese, 1,234.5 in English."""
        thousands, point = _SEPARATORS[self.language]
        shown = round(
            Decimal(value.numerator) / value.denominator if isinstance(value, Fraction) else Decimal(value), decimals
        )
        text = f"{shown:,.{decimals}f}"
        return text.translate({ord(","): thousands, ord("."): point})

    def day(self, day: date) -> str:
        """A day as the language writes it: 30/06/2024 in Vietnamese, 30 June 2024 in English."""
        return f"{day:%d/%m/%Y}" if self.language == "vi" else f"{day.day} {MONTHS[day.month - 1]} {day.year}"


class _Facts(Formatter):
    def __init__(self, wording: Wording) -> None:
        self._wording = wording

    def format_field(self, value: object, format_spec: str) -> str:
        if isinstance(value, OSError):
            code = errno.errorcode.get(value.errno or 0, "").lower()
            return self._wording.say(f"system.{code}") if self._wording.knows(f"system.{code}") else _of_system(value)
        if isinstance(value, int | float | Decimal | Fraction) and not isinstance(value, bool):
            return self._wording.number(value, int(format_spec or 0))
        return str(value)


def _of_system(error: OSError) -> str:
    """What the system itself says, where the catalogue has no words for it."""
    return error.strerror or str(error)


@cache
def _catalogue(language: str) -> dict[str, str]:
    if language not in LANGUAGES:
        raise ValueError(f"no catalogue for language {language!r}; known: {', '.join(LANGUAGES)}")
    entries: dict[str, str] = {}
    for topic in sorted((Path(__file__).parent / language).glob("*.toml")):
        with topic.open("rb") as source:
            entries |= {f"{topic.stem}.{name}": text for name, text in tomllib.load(source).items()}
    return entries
