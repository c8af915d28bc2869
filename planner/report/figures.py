"""How the report writes numbers, days and codes of tables in one language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from planner.units.columns import column_guide
from planner.units.vocabulary import LISTS, Vocabulary
from planner.wording import Wording

BILLION = 1000
_DASH = "–"
_MOST_DECIMALS = 6


@dataclass(frozen=True)
class Words:
    """The language of a report: its sentences, its numbers, and its words for the codes of tables.

    lists: the lists that hold plans; where there is one, no plan need be called by it.
    """

    wording: Wording
    vocabulary: Vocabulary
    lists: Sequence[str] = ()

    def say(self, key: str, **facts: object) -> str:
        return self.wording.say(f"report.{key}", **facts)

    def term(self, prefix: str, name: str) -> str:
        """The word for a name that a newer table may bring: the name itself where none is listed."""
        key = prefix + name
        return self.wording.say(key) if self.wording.knows(key) else name

    def truth(self, cell: str) -> str:
        """A cell that is True or False."""
        return self.say("yes") if cell == "True" else self.say("no") if cell == "False" else cell or _DASH

    def amount(self, column: str, text: str) -> str:
        """A cell as its column's word says: money in billions where it says so, anything else as it is."""
        billions = self.wording.knows(f"report.column_{column}") and column.endswith("_mvnd")
        return self.billions(text) if billions else self.number(text)

    def number(self, text: str, decimals: int = 2) -> str:
        """A figure of a table: whole where it is whole, a dash where it is empty, itself where it is none."""
        if not text:
            return _DASH
        try:
            value = Fraction(text)
        except (ValueError, ZeroDivisionError):
            return text
        if value.denominator == 1:
            return self.wording.number(value)
        while value and decimals < _MOST_DECIMALS and not round(value, decimals):
            decimals += 1  # 0.0044 is not nothing
        return self.wording.number(value, decimals)

    def billions(self, text: str) -> str:
        """Million VND of a table as billions with one decimal."""
        return self.wording.number(Fraction(text) / BILLION, 1) if text else _DASH

    def day(self, iso: str) -> str:
        """2024-06-30 as people of the language write it; anything else as it stands."""
        try:
            found = date.fromisoformat(iso)
        except ValueError:
            return iso
        return f"{found.day:02}/{found.month:02}/{found.year}" if self.wording.language == "vi" else iso

    def code(self, column: str, code: str) -> str:
        """The word for a code of the unit table; a code that the vocabulary lacks is its own word."""
        return self.vocabulary.name(LISTS[column], code, self.wording.language) if code else ""

    def column(self, name: str) -> str:
        """The header of a column: the report's own word, else a comparison's, else the unit table's, else the name."""
        if self.wording.knows(f"report.column_{name}"):
            return self.say(f"column_{name}")
        if self.wording.knows(f"compare.{name}"):
            return self.wording.say(f"compare.{name}")
        found = column_guide().columns.get(name)
        return found.header if found and self.wording.language == "vi" else name

    def plan(self, key: tuple[str, str]) -> str:
        """What a plan is called: its rank, in its list."""
        if len(self.lists) < 2:
            return self.say("plan", rank=key[1])
        return self.say("plan_of_list", rank=key[1], list=self.wording.term("cli", key[0]))


def summed(rows: Iterable[Mapping[str, str]], column: str) -> int:
    """A column's sum; empty cells are nothing."""
    return sum(int(Fraction(row[column])) for row in rows if row.get(column))
