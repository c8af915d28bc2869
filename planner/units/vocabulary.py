"""The words of public service units (sectors, kinds, levels, functions, ratings) and the codes they stand for."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.problem import InputError, Problem
from models.schema import Schema
from models.terms import Band, PositionGroup, SubBand, Terms
from planner.safe_path import safe_path
from planner.scenario_toml import read_tables
from planner.schema_problems import names_of, problems_of
from planner.shipped import vocabularies, vocabulary_file
from planner.units.spelling import folded
from planner.units.vocabulary_file import VocabularyFile, Word, problems_between

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
SHIPPED = "viet-nam"
# What the terms call their parts -> list of the file.
_LIST_OF_TERMS = {"bands": "autonomy_groups", "sub_bands": "autonomy_bands"}


@dataclass(frozen=True, eq=False)
class Vocabulary:
    """Lists of codes; each entry has `vi`, `en`, other spellings (`also`), a kind its sectors, a sector its field.

    terms: what of it the arithmetic turns on; tables: the file as it was read; file: where it stands, None for one that
    ships with the project.
    """

    lists: Mapping[str, Mapping[str, Mapping[str, Any]]]
    terms: Terms
    tables: Mapping[str, Any]
    file: Path | None = None

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


@cache
def shipped_vocabulary(name: str = SHIPPED) -> Vocabulary:
    """A vocabulary that ships with the project; without a name, that of Viet Nam."""
    return _read(vocabulary_file(name))


def read_vocabulary(name: str, folder: Path) -> Vocabulary:
    """The vocabulary that a scenario names: one that ships with the project, or a .toml file beside it.

    Errors: InputError where there is none of this name, and with every problem of the file.
    """
    if name in vocabularies():
        return shipped_vocabulary(name)
    if not name.endswith(".toml"):
        facts = names_of(name, vocabularies())
        raise InputError(name, [Problem("vocabulary", "vocabulary.unknown", facts)])
    try:
        file = safe_path(folder, name)
    except InputError as error:
        raise InputError(name, [Problem("vocabulary", found.code, found.facts) for found in error.problems]) from error
    return replace(_read(file), file=file)


def _read(path: Path) -> Vocabulary:
    tables = read_tables(path, path.name)
    try:
        file = VocabularyFile.model_validate(tables)
    except ValidationError as error:
        raise InputError(path.name, problems_of(error, VocabularyFile, tables)) from error
    problems, terms = list(problems_between(file)), None
    try:
        terms = _terms_of(file)
    except ValidationError as error:
        problems += [_in_the_file(problem, file) for problem in problems_of(error, Terms, {})]
    if problems or terms is None:
        raise InputError(path.name, problems)
    return Vocabulary({name: _entries(words) for name, words in file.lists.items()}, terms, tables)


def _entries(words: Mapping[str, Word]) -> dict[str, dict[str, Any]]:
    """The words of a list; where the file leaves the Vietnamese name open, the English one serves for it."""
    return {code: {**word.model_dump(), "vi": word.vi or word.en} for code, word in words.items()}


def _terms_of(file: VocabularyFile) -> Terms:
    """What the arithmetic needs of a vocabulary. Errors: ValidationError."""
    closed = {code for code, field in file.fields_.items() if not field.equitizable}
    return Terms.model_validate(
        {
            "levels": tuple(file.levels),
            "functions": tuple(file.functions),
            "market_functions": tuple(code for code, function in file.functions.items() if function.market),
            "bands": [_said(group, Band) for group in file.autonomy_groups.values()],
            "sub_bands": [{"code": code, **_said(part, SubBand)} for code, part in file.autonomy_bands.items()],
            "sectors_never_equitized": tuple(code for code, word in file.sectors.items() if word.field in closed),
            "kinds_never_equitized": tuple(code for code, kind in file.kinds.items() if kind.never_equitized),
            "outputs": file.output,
            "position_groups": [{"code": c, **_said(word, PositionGroup)} for c, word in file.position_groups.items()],
        }
    )


def _said(word: Word, part: type[Schema]) -> dict[str, Any]:
    """What an entry of the file says of a part of the terms."""
    return {name: getattr(word, name) for name in part.model_fields if name in type(word).model_fields}


def _in_the_file(problem: Problem, file: VocabularyFile) -> Problem:
    """A problem of the terms at the place where the file says what it is about."""
    found = re.match(r"(\w+)(?:\[(\d+)\])?(.*)", problem.where)
    assert found is not None
    name = _LIST_OF_TERMS.get(found[1], found[1])
    code = f".{list(file.lists[name])[int(found[2])]}" if found[2] else ""
    return Problem(f"{name}{code}{found[3]}", problem.code, problem.facts)
