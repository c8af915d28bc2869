"""How far units lie from one another: straight lines over the globe times a road factor, in whole metres."""

from fractions import Fraction
from math import pi, sin

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers

EARTH_RADIUS_M = 6_371_000.0


def metres_between(here: NDArray[np.float64], there: NDArray[np.float64], road_factor: Fraction) -> Integers:
    """Road metres between pairs of (n, 2) latitudes and longitudes in degrees, rounded once."""
    phi_here, phi_there = np.radians(here[:, 0]), np.radians(there[:, 0])
    half_phi = (phi_there - phi_here) / 2
    half_lambda = np.radians(there[:, 1] - here[:, 1]) / 2
    chord = np.sin(half_phi) ** 2 + np.cos(phi_here) * np.cos(phi_there) * np.sin(half_lambda) ** 2
    straight = 2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.clip(chord, 0, 1)))
    metres: Integers = np.rint(straight * float(road_factor)).astype(np.int64)
    return metres


def on_the_globe(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """(n, 3) metres from the earth's centre: near pairs are near in a straight line too."""
    phi, lam = np.radians(degrees[:, 0]), np.radians(degrees[:, 1])
    return EARTH_RADIUS_M * np.stack([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)], axis=1)


def chord_of(road_metres: float, road_factor: Fraction) -> float:
    """The straight line through the globe that belongs to a road distance."""
    angle = min(road_metres / float(road_factor) / (2 * EARTH_RADIUS_M), pi / 2)
    return 2 * EARTH_RADIUS_M * sin(angle)
