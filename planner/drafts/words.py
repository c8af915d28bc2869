"""Headers and words of hand-made plans, in Vietnamese and English, and the codes that they stand for."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from planner.units.columns import ColumnGuide, Guidance
from planner.units.spelling import folded

FORMS = ("absorb", "consolidate")
FOLLOWING = ("status", "date", "document")
"""Columns that say how far a decision has come."""


@dataclass(frozen=True, eq=False)
class DraftWords:
    """guide: the headers of one kind of table; words: column -> word as compared -> code."""

    guide: ColumnGuide
    words: Mapping[str, Mapping[str, str]]

    def code(self, column: str, text: str) -> str | None:
        """The code of a word ("Hợp nhất" is consolidate); None where the column knows no such word."""
        return self.words[column].get(folded(text))

    def codes(self, column: str) -> tuple[str, ...]:
        """The codes of a column, as a sentence lists them."""
        return tuple(dict.fromkeys(self.words[column].values()))


@lru_cache(maxsize=2)
def plan_words() -> DraftWords:
    """The words of a plan: who becomes what, and when."""
    return _words(())


@lru_cache(maxsize=2)
def progress_words() -> DraftWords:
    """The words of a plan that is being carried out: its decisions with status, date and document."""
    return _words(FOLLOWING)


def _words(further: Sequence[str]) -> DraftWords:
    with Path(__file__).with_name("words.toml").open("rb") as source:
        data = tomllib.load(source)
    headers = {**data["columns"], **{name: data["following"][name] for name in further}}
    columns = {name: Guidance(name, also[0], tuple(also[1:]), {}, {}, {}) for name, also in headers.items()}
    words = {
        column: {folded(word): code for code, others in codes.items() for word in (code, *others)}
        for column, codes in data["words"].items()
    }
    return DraftWords(ColumnGuide(columns, frozenset(map(folded, data["ignored"])) - {""}), words)
