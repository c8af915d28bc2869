"""A number that some text of law gives, with what a reader needs to trust or doubt it."""

import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from models.schema import Schema

Certainty = Literal["read", "reported", "to_confirm"]
"""Whether a number was read in the text (or a page that quotes it), is reported by others, or must be confirmed."""


class InForce(Schema):
    """What holds from one day to another, both included; an end that is not stated is open."""

    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None

    @model_validator(mode="after")
    def _days_in_order(self) -> Self:
        if self.in_force_from and self.in_force_until and self.in_force_from > self.in_force_until:
            raise ValueError("rules.crossed:in_force_from, in_force_until")
        return self

    def in_force_on(self, day: datetime.date) -> bool:
        """Whether it holds on a day."""
        return (self.in_force_from or day) <= day <= (self.in_force_until or day)


class Provision(InForce):
    """What a text gives: where it stands, how sure that is, and from when to when it holds.

    certainty: `read` in the text or in a page that quotes it; `reported` by others; `to_confirm`: commonly stated, and
    nobody has seen it in the text.
    """

    id: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,63})?$")] = ""
    source: str = ""
    certainty: Certainty = "to_confirm"
