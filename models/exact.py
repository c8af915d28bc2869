"""Whole-number arithmetic that rounds in one way everywhere: half up, once."""

from fractions import Fraction
from math import floor

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

NO_LIMIT_BELOW = int(np.iinfo(np.int64).min)
NO_LIMIT_ABOVE = int(np.iinfo(np.int64).max)
LARGEST_SUM = 2**62


def round_half_up(value: Fraction | int) -> int:
    """The nearest whole number; a half goes up, for negative values too (-0.5 becomes 0)."""
    return floor(Fraction(value) + Fraction(1, 2))


def share_half_up(amounts: Integers, share: Fraction) -> Integers:
    """Every amount times one exact share, each rounded half up once.

    Amounts whose product could leave 64 bits are computed one by one in Python integers.
    """
    numerator, denominator = share.numerator, share.denominator
    largest = int(np.abs(amounts).max(initial=0))
    if 2 * largest * abs(numerator) + denominator < LARGEST_SUM:
        return (2 * amounts * numerator + denominator) // (2 * denominator)
    exact = [round_half_up(Fraction(int(a)) * share) for a in amounts.ravel()]
    return np.array(exact, dtype=np.int64).reshape(amounts.shape)
