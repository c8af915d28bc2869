"""What a vocabulary file may say: lists of words by code, and beside them what the law of the country makes of each."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Annotated

from pydantic import Field, field_validator

from models.output import Output
from models.problem import Problem
from models.provision import Certainty
from models.schema import AS_TUPLE, Percent, Schema, Texts
from models.terms import PostColumn
from models.unit import QUALITIES, RATINGS
from planner.output_checks import output_problems, unknown_columns
from planner.schema_problems import names_of
from planner.units.spelling import folded

Code = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
FIXED = {"performance": RATINGS, "data_quality": QUALITIES, "truth": ("yes", "no")}
"""Lists of which only the words are free: the program itself asks for their codes."""


class Word(Schema):
    """What people call a code, in either language of the program, and what tables may write for it as well."""

    en: str
    vi: str = ""
    also: Texts = ()

    @field_validator("en")
    @classmethod
    def _says_something(cls, name: str) -> str:
        if not folded(name):
            raise ValueError("vocabulary.no_name:")
        return name

    @property
    def spellings(self) -> tuple[str, ...]:
        return tuple(word for word in (self.en, self.vi, *self.also) if word)


class FieldWord(Word):
    """A field of public service; only units of equitizable fields can become joint stock companies."""

    equitizable: bool = False
    source: str = ""
    certainty: Certainty = "to_confirm"


class SectorWord(Word):
    """A sector and the field that its law belongs to."""

    field: str


class KindWord(Word):
    """A kind of unit and the sectors in which it is usual."""

    sectors: Texts = ()
    never_equitized: bool = False
    source: str = ""
    certainty: Certainty = "to_confirm"


class FunctionWord(Word):
    """What a unit works for; services under a market mechanism may be asked to leave the public sector."""

    market: bool = False


class GroupWord(Word):
    """An autonomy group, numbered from the best, with the share of recurrent spending that it asks for."""

    at_least_percent: Percent
    covers_investment: bool = False
    self_financing: bool = False
    source: str = ""
    certainty: Certainty = "to_confirm"


class PartWord(Word):
    """A part of the groups that pay some of their spending; told apart in counts only."""

    at_least_percent: Percent
    source: str = ""
    certainty: Certainty = "to_confirm"


class PositionWord(Word):
    """A group of positions and the columns that count its posts."""

    columns: Annotated[tuple[PostColumn, ...], AS_TUPLE]
    administrative: bool = False


class VocabularyFile(Schema):
    """A vocabulary: of each list the codes with their words, in the order that counts (highest level, best group)."""

    fields_: dict[Code, FieldWord] = Field(alias="fields", min_length=1)
    sectors: dict[Code, SectorWord] = Field(min_length=1)
    kinds: dict[Code, KindWord] = Field(min_length=1)
    levels: dict[Code, Word] = Field(min_length=1)
    functions: dict[Code, FunctionWord] = Field(min_length=1)
    performance: dict[Code, Word]
    data_quality: dict[Code, Word]
    autonomy_groups: dict[str, GroupWord]
    autonomy_bands: dict[Code, PartWord] = Field(default_factory=dict)
    position_groups: dict[Code, PositionWord]
    truth: dict[Code, Word]
    output: Annotated[tuple[Output, ...], AS_TUPLE] = ()

    @property
    def lists(self) -> Mapping[str, Mapping[str, Word]]:
        """Every list by the name that the file gives it."""
        named = ((field.alias or name, getattr(self, name)) for name, field in type(self).model_fields.items())
        return {name: entries for name, entries in named if isinstance(entries, dict)}


def problems_between(file: VocabularyFile) -> Iterator[Problem]:
    """What single entries do not show: codes that no list has, numbers out of order, one word for two codes."""
    yield from _unlisted(file)
    yield from (*output_problems(file.output), *unknown_columns(file.output))
    numbers = [str(number) for number in range(1, len(file.autonomy_groups) + 1)]
    if list(file.autonomy_groups) != numbers:
        facts = {"wanted": ", ".join(numbers), "found": ", ".join(file.autonomy_groups)}
        yield Problem("autonomy_groups", "vocabulary.groups_in_order", facts)
    for name, codes in FIXED.items():
        found = file.lists[name]
        if set(found) != set(codes):
            yield Problem(name, "vocabulary.fixed_codes", {"wanted": ", ".join(codes), "found": ", ".join(found)})
    for name, entries in file.lists.items():
        yield from _doubled(name, entries)


def _unlisted(file: VocabularyFile) -> Iterator[Problem]:
    for code, sector in file.sectors.items():
        if sector.field not in file.fields_:
            yield Problem(f"sectors.{code}.field", "scenario.not_one_of", names_of(sector.field, tuple(file.fields_)))
    for code, kind in file.kinds.items():
        for sector_code in kind.sectors:
            if sector_code not in file.sectors:
                known = names_of(sector_code, tuple(file.sectors))
                yield Problem(f"kinds.{code}.sectors", "scenario.not_one_of", known)


def _doubled(name: str, entries: Mapping[str, Word]) -> Iterator[Problem]:
    """Words that would be read as either of two codes."""
    spellings = {code: {folded(text) for text in (code, *word.spellings)} for code, word in entries.items()}
    counts = Counter(text for texts in spellings.values() for text in texts)
    for text in sorted(text for text, count in counts.items() if count > 1):
        codes = ", ".join(code for code, texts in spellings.items() if text in texts)
        yield Problem(name, "vocabulary.doubled_word", {"word": text, "codes": codes})
