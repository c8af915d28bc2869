"""What people have already decided about a unit."""

import datetime
from typing import Literal

from pydantic import Field

from models.schema import Name, Schema, Texts, Where, Year


class Pin(Schema):
    """What people have already decided about a unit, with the reason and who decided."""

    unit: str | None = None
    scope: Where | None = None
    fate: Literal["keep", "merge", "equitize", "convert", "dissolve", "raise", "transfer", "create", "split"] | None = (
        None
    )
    merge_with: Texts = ()
    never_with: Texts = ()
    host: str | None = None
    into: Texts = ()
    successor_name: Name = ""
    refused: Texts = Field(default=(), alias="not")
    year: Year | None = None
    parent: str | None = None
    level: str | None = None
    reason: str = ""
    decided_by: str = ""
    date: datetime.date | None = None
    document: str = ""
    status: Literal["", "done"] = ""

    @property
    def called(self) -> str:
        """The unit or scope that is pinned, and why."""
        scope = "; ".join(f"{key} = {', '.join(values)}" for key, values in (self.scope or {}).items())
        return ": ".join(filter(None, (self.unit or scope, self.reason)))
