"""Degrees to millimetres: where a unit stands on the map, the frame around it and its scale."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, cos, floor, log10, pi, radians, sin, sqrt

Place = tuple[float, float]

_KM_PER_DEGREE = 111.195  # of latitude, on a sphere of the mean radius of the earth
_AIR = 0.05  # of the larger side, free around the outermost units
_LEAST_DEGREES = 0.05  # a single commune still gets a frame
_APART = 1.5  # mm between units that share coordinates
_GOLDEN_ANGLE = pi * (3 - sqrt(5))


@dataclass(frozen=True)
class MapFrame:
    """The map's rectangle on the sheet; a kilometre is as long northwards as eastwards.

    `west`, `north` and the spans are degrees; `width` and everything that is returned are millimetres.
    """

    west: float
    north: float
    span_lon: float
    span_lat: float
    width: float
    at: Place = (0.0, 0.0)

    @property
    def height(self) -> float:
        return self.span_lat / self._shrink * self._mm_per_degree_lon

    @property
    def inside(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the room for labels."""
        left, top = self.at
        return left + 1, top + 1, left + self.width - 1, top + self.height - 1

    @property
    def mm_per_km(self) -> float:
        return self._mm_per_degree_lon / self._shrink / _KM_PER_DEGREE

    def place(self, lon: float, lat: float) -> Place:
        x = (lon - self.west) * self._mm_per_degree_lon
        y = (self.north - lat) * self._mm_per_degree_lon / self._shrink
        return self.at[0] + x, self.at[1] + y

    @property
    def _mm_per_degree_lon(self) -> float:
        return self.width / self.span_lon

    @property
    def _shrink(self) -> float:
        """How much shorter a degree of longitude is than one of latitude, in the middle of the map."""
        return cos(radians(self.north - self.span_lat / 2))


def frame_around(degrees: Sequence[Place], width: float, at: Place) -> MapFrame:
    """The frame that holds all (lon, lat), islands too; around the equator's origin where there is none."""
    lons, lats = zip(*degrees, strict=True) if degrees else ((0.0,), (0.0,))
    air = max(_AIR * max(max(lons) - min(lons), max(lats) - min(lats)), _LEAST_DEGREES)
    span_lon, span_lat = max(lons) - min(lons) + 2 * air, max(lats) - min(lats) + 2 * air
    return MapFrame(min(lons) - air, max(lats) + air, span_lon, span_lat, width, at)


def spread_places(frame: MapFrame, degrees: Mapping[str, Place]) -> dict[str, Place]:
    """Units to their places on the sheet; those at one point stand around it like the seeds of a sunflower."""
    sharing: dict[Place, list[str]] = defaultdict(list)
    for unit, (lon, lat) in degrees.items():
        sharing[round(lon, 4), round(lat, 4)].append(unit)
    places = {}
    for (lon, lat), units in sharing.items():
        x, y = frame.place(lon, lat)
        for seed, unit in enumerate(units):
            radius, angle = _APART * sqrt(seed), seed * _GOLDEN_ANGLE
            places[unit] = (x + radius * cos(angle), y + radius * sin(angle))
    return places


def round_length(most: float) -> float:
    """The largest of 1, 2, 5, 10, 20, 50 ... (or 0.1, 0.2 ...) that is not above `most`."""
    power = 10.0 ** floor(log10(most))
    return max(step * power for step in (1, 2, 5) if step * power <= most)


def ticks(start: float, span: float) -> list[float]:
    """Two to eight round degrees inside a span, none so near its ends that labels of two sides would meet."""
    step, rim = round_length(span / 3), span / 25
    first, last = ceil((start + rim) / step), floor((start + span - rim) / step)
    return [number * step for number in range(first, last + 1)]
