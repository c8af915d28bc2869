"""An exact number for every unit, of which there are few different ones: what a table of entries with `where` gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm
from typing import Protocol, TypeVar

import numpy as np

from models.exact import Integers, products, whole_numbers
from models.schema import Where
from models.unit import Units


class _Selective(Protocol):
    @property
    def where(self) -> Where: ...


Entry = TypeVar("Entry", bound=_Selective)


@dataclass(frozen=True, eq=False)
class UnitShares:
    """values: the different numbers; place: (units) which of them is a unit's own."""

    values: tuple[Fraction, ...]
    place: Integers

    @property
    def scale(self) -> int:
        """The least whole number of which every value takes whole parts."""
        return lcm(1, *(value.denominator for value in self.values))

    def parts(self, scale: int) -> Integers:
        """(units) the values in parts of 1/scale."""
        return np.array([int(value * scale) for value in self.values], dtype=np.int64)[self.place]

    def percent_of(self, amounts: Integers) -> Integers:
        """(units) so many percent of amounts that are not negative, rounded down."""
        over, under = (
            whole_numbers([getattr(value, side) for value in self.values])[self.place]
            for side in ("numerator", "denominator")
        )
        shares: Integers = (products(over, amounts) // products(under, whole_numbers([100]))).astype(np.int64)
        return shares


def first_match(units: Units, entries: Sequence[Entry], value: Callable[[Entry], Fraction]) -> UnitShares:
    """Per unit the value of the first entry whose `where` names it; 0 where none does."""
    place, open_ = np.zeros(len(units), dtype=np.int64), np.ones(len(units), dtype=bool)
    for number, entry in enumerate(entries, start=1):
        fits = open_ & units.matches(entry.where)
        place[fits] = number
        open_ &= ~fits
    return UnitShares((Fraction(0), *map(value, entries)), place)
