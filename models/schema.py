"""What a scenario may say: frozen objects that refuse unknown keys, and the few value types they share.

Schema objects are pydantic models (docs/decisions/0002): every parameter stands beside the arithmetic that
uses it, and one validation collects every problem with its key path.
"""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

SMALLEST, LARGEST = Fraction(1, 10**9), Fraction(10**15)


class Schema(BaseModel):
    """A table of the scenario: frozen, no unknown key, no silent conversion."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, arbitrary_types_allowed=True, validate_default=True
    )


def _to_tuple(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _to_fraction(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | Fraction):
        raise PydanticCustomError("number_type", "a number is wanted")
    if isinstance(value, Decimal) and not value.is_finite():
        raise PydanticCustomError("finite_number", "a finite number is wanted")
    if isinstance(value, Decimal) and abs(value.adjusted()) > 30:  # before an exponent of 10**9 becomes a fraction
        raise PydanticCustomError("number_size", "a number between 1e-9 and 1e15 in size is wanted")
    if value and not SMALLEST <= abs(Fraction(value)) <= LARGEST:
        raise PydanticCustomError("number_size", "a number between 1e-9 and 1e15 in size is wanted")
    return Fraction(value)


def _to_label(value: Any) -> Any:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


LONGEST_NAME = 10_000
"""Characters of a name or title; what is longer is a slip, such as a whole table pasted into one cell."""
AS_TUPLE = BeforeValidator(_to_tuple)
"""Lists of the file become tuples."""
Number = Annotated[Fraction, BeforeValidator(_to_fraction)]
"""An exact number: decimals of the file are read as fractions, never as floats."""
Amount = Annotated[Number, Field(ge=0)]
Percent = Annotated[Number, Field(ge=0, le=100)]
Year = Annotated[int, Field(ge=1990, le=2100)]
Count = Annotated[int, Field(ge=0, le=10**12)]
Label = Annotated[str, BeforeValidator(_to_label)]
Labels = Annotated[tuple[Label, ...], AS_TUPLE]
Texts = Annotated[tuple[str, ...], AS_TUPLE]
Name = Annotated[str, Field(max_length=LONGEST_NAME)]
"""What people call something: a title, a rule, a unit."""
Where = Mapping[str, Labels]
"""Columns to the values that are meant (`kind = ["primary"]`) or refused (`kind_not = [...]`)."""
EVERYWHERE: Where = {}
