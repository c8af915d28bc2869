"""Rounding half up once, and metres over the globe, at the figures where another rule would give another number."""

from fractions import Fraction

import numpy as np
import pytest

from models.distance import chord_of, metres_between, on_the_globe
from models.exact import ratio_half_up, round_half_up, share_half_up


@pytest.mark.parametrize(("halves", "rounded"), [(1, 1), (-1, 0), (3, 2), (5, 3), (-3, -1), (4, 2), (0, 0)])
def test_a_half_goes_up(halves: int, rounded: int) -> None:
    """1.5 is 2, 2.5 is 3, -0.5 is 0 and -1.5 is -1."""
    assert round_half_up(Fraction(halves, 2)) == rounded
    assert share_half_up(np.array([halves]), Fraction(1, 2)).tolist() == [rounded]
    if halves >= 0:
        assert ratio_half_up(np.array([halves]), np.array([1]), np.array([2])).tolist() == [rounded]


def test_rounds_the_same_way_where_64_bits_would_not_do() -> None:
    """(2^62 + 1) / 2 and (2^31 + 1)^2 / 2 end in a half."""
    assert share_half_up(np.array([2**62 + 1]), Fraction(1, 2)).tolist() == [2**61 + 1]
    big = np.array([2**31 + 1])
    assert ratio_half_up(big, big, np.array([2])).tolist() == [2**61 + 2**31 + 1]


def test_settles_in_whole_numbers_what_a_float_cannot_tell_from_a_half() -> None:
    """A share a hair below one half, and a share of three tenths, both with more digits than a float has."""
    amounts = np.array([0, 1, 2, 3])
    assert share_half_up(amounts, Fraction(5 * 10**18 - 1, 10**19)).tolist() == [0, 0, 1, 1]  # 0.5 less a hair: 0
    assert share_half_up(amounts, Fraction(3 * 10**18 + 1, 10**19)).tolist() == [0, 0, 1, 1]  # 0, 0.3, 0.6, 0.9


def test_rounds_ratios_beyond_64_bits_by_floats_only_where_these_are_sure() -> None:
    """4 x 10^18 over 8, 5 and 9 x 10^18 is 1/2, 4/5 and 4/9; over 8 x 10^18 + 1 it is a hair below one half."""
    counts, amounts = np.full(4, 10**9), np.full(4, 4 * 10**9)
    divisors = np.array([8 * 10**18, 5 * 10**18, 9 * 10**18, 8 * 10**18 + 1])
    assert ratio_half_up(counts, amounts, divisors).tolist() == [1, 1, 0, 0]  # 0.5, 0.8, 0.44, a hair below 0.5
    assert ratio_half_up(counts, -amounts, divisors).tolist() == [0, -1, 0, 0]


def test_measures_metres_over_the_globe() -> None:
    """One degree of a great circle of 6,371,000 m is 111,195 m; at 60 degrees north one of longitude is half of it."""
    equator, east, north = np.array([[0.0, 108.0]]), np.array([[0.0, 109.0]]), np.array([[1.0, 108.0]])
    high, high_east = np.array([[60.0, 108.0]]), np.array([[60.0, 109.0]])
    assert metres_between(equator, east, Fraction(1)).tolist() == [111195]  # 111,194.93
    assert metres_between(equator, north, Fraction(1)).tolist() == [111195]
    assert metres_between(equator, north, Fraction(13, 10)).tolist() == [144553]  # 144,553.40
    assert metres_between(high, high_east, Fraction(1)).tolist() == [55597]  # 55,596.9: a little less than half


def test_places_degrees_on_the_globe() -> None:
    corners = on_the_globe(np.array([[0.0, 0.0], [0.0, 90.0], [90.0, 0.0], [60.0, 90.0]])) / 6_371_000
    assert np.allclose(corners, [[1, 0, 0], [0, 1, 0], [0, 0, 1], [0, 0.5, 0.75**0.5]])
    quarter = chord_of(6_371_000 * np.pi / 2, Fraction(1))
    assert round(quarter) == 9009955  # 9,009,954.6: the root of two times the radius
    assert round(chord_of(13 * 6_371_000 * np.pi / 20, Fraction(13, 10))) == 9009955
