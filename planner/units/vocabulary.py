"""The words of public service units (sectors, kinds, levels, functions, ratings) and the codes they stand for."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from planner.shipped import scenarios_folder
from planner.units.spelling import folded

# Column of the unit table -> list of the vocabulary.
LISTS = {
    "sector": "sectors",
    "kind": "kinds",
    "level": "levels",
    "function": "functions",
    "performance": "performance",
    "data_quality": "data_quality",
    "autonomy_group": "autonomy_groups",
}
ECONOMIC_AND_OTHER = "economic_and_other"


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Lists of codes; each entry has `vi`, `en`, other spellings (`also`), a kind its sectors, a sector its field."""

    lists: Mapping[str, Mapping[str, Mapping[str, Any]]]

    def code(self, of: str, text: str) -> str | None:
        """The code that a text stands for in a list ("Trường mầm non" is preschool); None where it is unknown."""
        return self._codes[of].get(folded(text))

    def name(self, of: str, code: str, language: str) -> str:
        """The name of a code; a code that the list lacks is its own name."""
        entry = self.lists[of].get(code)
        return str(entry[language]) if entry else code

    def nearest(self, of: str, text: str, language: str = "vi") -> str:
        """The name of a list that is spelt most like a text; "" where none is near."""
        close = get_close_matches(folded(text), self._codes[of], n=1, cutoff=0.8)
        return self.name(of, self._codes[of][close[0]], language) if close else ""

    def field(self, sector: str) -> str:
        """The field that a sector belongs to; one that nobody listed is economic or other."""
        return str(self.lists["sectors"].get(sector, {}).get("field", ECONOMIC_AND_OTHER))

    def sectors_of(self, kind: str) -> tuple[str, ...]:
        return tuple(self.lists["kinds"].get(kind, {}).get("sectors", ()))

    @cached_property
    def _codes(self) -> dict[str, dict[str, str]]:
        return {
            name: {
                folded(word): code
                for code, entry in entries.items()
                for word in (entry["en"], code, *entry.get("also", ()), entry["vi"])
            }
            for name, entries in self.lists.items()
        }


@lru_cache(maxsize=4)
def read_vocabulary(path: Path | None = None) -> Vocabulary:
    """The vocabulary of a file; without one, that of Viet Nam which ships with the project."""
    with (path or scenarios_folder() / "vocabulary" / "viet-nam.toml").open("rb") as source:
        return Vocabulary(tomllib.load(source))
