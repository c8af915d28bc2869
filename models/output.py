"""What units produce: indicators of output, each a column of the unit table for the units that it fits."""

from typing import Annotated, Literal

from pydantic import Field

from models.provision import Certainty
from models.schema import EVERYWHERE, Name, Schema, Where

OutputColumn = Literal["users", "classes", "beds", "sites"]
"""Columns of the unit table that count what a unit gives people, and that a successor has as well."""


class Output(Schema):
    """An indicator of output: which column counts it, for which units, and what one of it is called.

    where: by columns that no plan changes; a successor fits by its host's. vi, en: its name, with the unit of one of it
    in unit_vi, unit_en; where the Vietnamese is left open, the English serves.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    en: Annotated[Name, Field(min_length=1)]
    vi: Name = ""
    unit_en: Annotated[Name, Field(min_length=1)]
    unit_vi: Name = ""
    column: OutputColumn
    where: Where = EVERYWHERE
    source: str = ""
    certainty: Certainty = "to_confirm"

    def called(self, language: str) -> str:
        """Its name in a language of the program."""
        return self.vi or self.en if language == "vi" else self.en

    def one(self, language: str) -> str:
        """What one of it is called."""
        return self.unit_vi or self.unit_en if language == "vi" else self.unit_en
