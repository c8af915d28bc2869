"""The headers that people write over the columns of the unit table, and the guidance for filling them."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from models.unit import BY_NAME, COLUMNS, RETIRING
from planner.units.spelling import folded, lowered

ANY_YEAR = f"{RETIRING}YEAR"
MONEY_UNITS = {"dong": 1, "thousand": 10**3, "million": 10**6, "billion": 10**9}
_MONEY_WORDS = {
    "": "dong",
    "nghìn": "thousand",
    "ngàn": "thousand",
    "triệu": "million",
    "tỷ": "billion",
    "tỉ": "billion",
}
_MONEY_IN_HEADER = re.compile(
    r"\((?:đơn vị(?: tính)?\s*:|đvt\s*:)?\s*(nghìn|ngàn|triệu|tỷ|tỉ|)\s*(?:đồng|đ|vnđ|vnd)\)$"
)
_YEAR = re.compile(r"(19|20)[0-9]{2}$")


@dataclass(frozen=True)
class Guidance:
    """What a column is called and means, who has it, and what follows when it is empty, by language."""

    name: str
    header: str
    also: tuple[str, ...]
    meaning: Mapping[str, str]
    who: Mapping[str, str]
    empty: Mapping[str, str]

    @property
    def headers(self) -> tuple[str, ...]:
        return (self.name, self.header, *self.also)


@dataclass(frozen=True, eq=False)
class ColumnGuide:
    """All columns in the order of the table; the one of people who reach retirement age stands for every year."""

    columns: Mapping[str, Guidance]
    ignored: frozenset[str]

    def column_of(self, header: str) -> str | None:
        """The column that a header means, in any language, case or Unicode form; None where it is unknown."""
        key = folded(_without_money_unit(header))
        if found := self._by_key.get(key):
            return found
        year = _YEAR.search(key)
        if year and self._by_key.get(key[: year.start()] + "year") == ANY_YEAR:
            return f"{RETIRING}{year[0]}"
        return None

    def is_header(self, text: str) -> bool:
        return self.column_of(text) is not None

    def is_ignored(self, header: str) -> bool:
        return folded(header) in self.ignored and bool(header.strip())

    def nearest(self, header: str) -> str | None:
        """The known header that an unknown one was probably meant to be."""
        close = get_close_matches(folded(header), self._by_key, n=1, cutoff=0.75)
        return self._by_key[close[0]] if close else None

    def guidance(self, column: str) -> Guidance:
        return self.columns[ANY_YEAR if column.startswith(RETIRING) else column]

    def header(self, column: str) -> str:
        """The Vietnamese header of a column; money says that it is in million dong."""
        text = self.guidance(column).header.replace("YEAR", column.removeprefix(RETIRING))
        return f"{text} (triệu đồng)" if is_money(column) else text

    @cached_property
    def _by_key(self) -> dict[str, str]:
        return {folded(header): column.name for column in self.columns.values() for header in column.headers}


def is_money(column: str) -> bool:
    return column in BY_NAME and BY_NAME[column].kind == "money"


def money_unit_of(header: str) -> str | None:
    """The unit of money that a header states in brackets: "Tổng chi (nghìn đồng)" is in thousands."""
    stated = _MONEY_IN_HEADER.search(lowered(header))
    return _MONEY_WORDS[stated[1]] if stated else None


@lru_cache(maxsize=1)
def column_guide() -> ColumnGuide:
    with Path(__file__).with_name("columns.toml").open("rb") as source:
        data = tomllib.load(source)
    columns = {column.name: column for column in _guidances(data)}
    return ColumnGuide(columns, frozenset(map(folded, data["ignored"])) - {""})


def _guidances(data: Mapping[str, Any]) -> Iterator[Guidance]:
    for name in [*(column.name for column in COLUMNS), ANY_YEAR]:
        entry = data["columns"][name]
        owners = [data["who"][owner] for owner in entry["who"]]
        yield Guidance(
            name=name,
            header=entry["header"],
            also=tuple(entry.get("also", ())),
            meaning={language: entry[language] for language in ("vi", "en")},
            who={language: ", ".join(owner[language] for owner in owners) for language in ("vi", "en")},
            empty={language: entry.get(f"empty_{language}", "") for language in ("vi", "en")},
        )


def _without_money_unit(header: str) -> str:
    return _MONEY_IN_HEADER.sub("", lowered(header))


def header_in(language: str, column: str) -> str:
    """What a column is called in a language; its name in the table where it has no header."""
    guide = column_guide()
    known = column in guide.columns or column.startswith(RETIRING)
    return guide.header(column) if language == "vi" and known else column
