"""Which text of law a decision rests on, by the day on which it is taken."""

import datetime
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from models.provision import Certainty
from models.schema import Schema, Texts


class LegalBasis(Schema):
    """The text that a fate rests on while it is in force, for units of some kinds or of any.

    certainty: `read` in the text or in a page that quotes it; `reported` by others; `to_confirm`: nobody has seen it.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    fate: Literal["merge", "dissolve", "equitize", "convert", "raise", "slim", "order", "transfer", "create", "split"]
    kinds: Texts = ()
    text: Annotated[str, Field(min_length=1)]
    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None
    certainty: Certainty = "to_confirm"

    @model_validator(mode="after")
    def _in_order(self) -> "LegalBasis":
        if self.in_force_from and self.in_force_until and self.in_force_from > self.in_force_until:
            raise ValueError("rules.crossed:in_force_from,in_force_until")
        return self

    def holds(self, fate: str, kind: str, day: datetime.date) -> bool:
        """Whether a decision of that day about a unit of that kind rests on it."""
        begun = self.in_force_from is None or self.in_force_from <= day
        in_force = begun and (self.in_force_until is None or day <= self.in_force_until)
        return in_force and fate == self.fate and (not self.kinds or kind in self.kinds)


def basis_of(entries: Iterable[LegalBasis], fate: str, kind: str, day: datetime.date) -> str:
    """The text of the first entry that holds; empty where none does."""
    return next((entry.text for entry in entries if entry.holds(fate, kind, day)), "")
