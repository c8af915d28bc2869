"""A number that some text of law gives, with what a reader needs to trust or doubt it."""

import datetime
from typing import Annotated, Literal

from pydantic import Field

from models.schema import Schema

Certainty = Literal["read", "reported", "to_confirm"]
"""Whether a number was read in the text (or a page that quotes it), is reported by others, or must be confirmed."""


class Provision(Schema):
    """What a text gives: where it stands, how sure that is, and from when to when it holds.

    certainty: `read` in the text or in a page that quotes it; `reported` by others; `to_confirm`: commonly stated, and
    nobody has seen it in the text.
    """

    id: Annotated[str, Field(pattern=r"^([A-Za-z][A-Za-z0-9_-]{0,63})?$")] = ""
    source: str = ""
    certainty: Certainty = "to_confirm"
    in_force_from: datetime.date | None = None
    in_force_until: datetime.date | None = None
