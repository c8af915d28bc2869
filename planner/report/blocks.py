"""What a section of the report is made of: tables, sentences and pictures. Templates draw them; nothing else does."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Cell:
    """A cell that is more than its text: `tone` (good, bad, warn) always comes with words that say the same."""

    text: str
    tone: str = ""
    small: str = ""


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first column names its rows, `right` are the columns of figures.

    folded: shown only when asked for, for annexes that few will read.
    """

    caption: str
    heads: Sequence[str]
    rows: Sequence[Sequence[str | Cell]]
    right: frozenset[int] = frozenset()
    folded: bool = False
    total: Sequence[str] = ()
    kind: str = field(default="table", init=False)


@dataclass(frozen=True)
class Note:
    """A sentence; `tone` is "warn" where a reader must not miss it."""

    text: str
    tone: str = ""
    kind: str = field(default="note", init=False)


@dataclass(frozen=True)
class Tiles:
    """A few large figures, each with what it is."""

    tiles: Sequence[tuple[str, str, str]]
    kind: str = field(default="tiles", init=False)


@dataclass(frozen=True)
class Picture:
    """A picture that a template of that name draws from facts."""

    template: str
    facts: Mapping[str, Any]
    kind: str = field(default="picture", init=False)


Block = Table | Note | Tiles | Picture
