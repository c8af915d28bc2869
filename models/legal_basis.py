"""Which text of law a decision rests on, by the day on which it is taken."""

import datetime
from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import Field

from models.provision import Certainty, InForce
from models.schema import Texts


class LegalBasis(InForce):
    """The text that a fate rests on while it is in force, for units of some kinds or of any.

    certainty: `read` in the text or in a page that quotes it; `reported` by others; `to_confirm`: nobody has seen it.
    """

    id: Annotated[str, Field(pattern=r"^[A-Za-z][A-Za-z0-9_-]{0,63}$")]
    fate: Literal["merge", "dissolve", "equitize", "convert", "raise", "slim", "order", "transfer", "create", "split"]
    kinds: Texts = ()
    text: Annotated[str, Field(min_length=1)]
    certainty: Certainty = "to_confirm"

    def holds(self, fate: str, kind: str, day: datetime.date) -> bool:
        """Whether a decision of that day about a unit of that kind rests on it."""
        return self.in_force_on(day) and fate == self.fate and (not self.kinds or kind in self.kinds)


def basis_of(entries: Iterable[LegalBasis], fate: str, kind: str, day: datetime.date) -> str:
    """The text of the first entry that holds; empty where none does."""
    return next((entry.text for entry in entries if entry.holds(fate, kind, day)), "")
