"""Whole-number arithmetic that rounds in one way everywhere: half up, once."""

from collections.abc import Sequence
from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

NO_LIMIT_BELOW = int(np.iinfo(np.int64).min)
NO_LIMIT_ABOVE = int(np.iinfo(np.int64).max)
LARGEST_SUM = 2**62
SURE_FOR_FLOATS, NEAR_A_TIE = 1e9, 1e-4


def round_half_up(value: Fraction | int) -> int:
    """The nearest whole number; a half goes up, for negative values too (-0.5 becomes 0)."""
    return value if isinstance(value, int) else (2 * value.numerator + value.denominator) // (2 * value.denominator)


def share_half_up(amounts: Integers, share: Fraction) -> Integers:
    """Every amount times one exact share, each rounded half up once.

    Products that could leave 64 bits never do.
    """
    numerator, denominator = share.numerator, share.denominator
    largest = int(np.abs(amounts).max(initial=0))
    if 2 * largest * abs(numerator) + denominator < LARGEST_SUM:
        return (2 * amounts * numerator + denominator) // (2 * denominator)
    return _share_of_long_fraction(amounts, share, largest)


def _share_of_long_fraction(amounts: Integers, share: Fraction, largest: int) -> Integers:
    """Floats settle all but near ties, which are decided in Python integers."""
    scaled = amounts.astype(np.float64) * float(share) + 0.5
    result = np.floor(scaled).astype(np.int64)
    sure = largest * max(1.0, abs(float(share))) < SURE_FOR_FLOATS
    unsure = np.abs(scaled - np.rint(scaled)) < NEAR_A_TIE if sure else np.ones(amounts.shape, dtype=bool)
    for place in np.argwhere(unsure):
        position = tuple(place)
        result[position] = round_half_up(Fraction(int(amounts[position])) * share)
    return result


def whole_numbers(numbers: Sequence[int]) -> NDArray[Any]:
    """Numbers in 64 bits where all of them fit, else as Python integers (an array of objects)."""
    return np.array(numbers, dtype=np.int64 if max(map(abs, numbers), default=0) < LARGEST_SUM else object)


def products(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Exact products: in 64 bits where all of them fit, else in Python integers (an array of objects)."""
    largest = int(np.abs(left).max(initial=0)) * int(np.abs(right).max(initial=0))
    found: NDArray[Any] = left * right if largest < LARGEST_SUM else left.astype(object) * right.astype(object)
    return found


def ratio_half_up(counts: Integers, amounts: Integers, divisors: Integers) -> Integers:
    """counts x amounts / divisors, each rounded half up once; divisors are positive.

    Products that could leave 64 bits never do.
    """
    largest = int(np.abs(counts).max(initial=0)) * int(np.abs(amounts).max(initial=0))
    if 2 * largest + int(divisors.max(initial=0)) < LARGEST_SUM:
        return (2 * counts * amounts + divisors) // (2 * divisors)
    return _ratio_of_long_products(counts, amounts, divisors)


def _ratio_of_long_products(counts: Integers, amounts: Integers, divisors: Integers) -> Integers:
    """Floats settle all but near ties and large values, which are decided in Python integers."""
    raised = counts.astype(np.float64) * amounts.astype(np.float64) / divisors.astype(np.float64) + 0.5
    sure = (np.abs(raised) < SURE_FOR_FLOATS) & (np.abs(raised - np.rint(raised)) >= NEAR_A_TIE)
    result = np.where(sure, np.floor(raised), 0).astype(np.int64)
    unsure = np.flatnonzero(~sure)
    triples = zip(*(part[unsure].tolist() for part in (counts, amounts, divisors)), strict=True)
    result[unsure] = [(2 * c * a + d) // (2 * d) for c, a, d in triples]
    return result


def sum_half_up(amounts: Sequence[Integers], shares: Sequence[Fraction]) -> Integers:
    """Several amounts, each times its exact share, added and rounded half up once.

    Sums that could leave 64 bits are computed one by one in Python integers.
    """
    scale = lcm(1, *(share.denominator for share in shares))
    weights = [int(share * scale) for share in shares]
    largest = sum(abs(w) * int(np.abs(a).max(initial=0)) for w, a in zip(weights, amounts, strict=True))
    if 2 * largest + 2 * scale < LARGEST_SUM:
        total = sum((w * a for w, a in zip(weights, amounts, strict=True)), start=np.zeros_like(amounts[0]))
        return (2 * total + scale) // (2 * scale)
    rows = zip(*(amount.tolist() for amount in amounts), strict=True)
    sums = (sum((s * a for s, a in zip(shares, row, strict=True)), start=Fraction(0)) for row in rows)
    return np.array([round_half_up(value) for value in sums], dtype=np.int64)
