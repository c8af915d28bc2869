"""Numbers and names put near their points so that no two of them overlap.

General label adjusters move labels by forces, from random starts, and stop with what overlaps are left. A map of a
plan needs less and more: short labels, the same place in every run, and no overlap at all.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

Place = tuple[float, float]
Box = tuple[float, float, float, float]  # left, top, right, bottom

_ANGLES = 16
_STEP, _FARTHEST = 0.8, 60.0


@dataclass
class Placer:
    """Free room inside a frame; every label that is placed takes its room away. Millimetres."""

    frame: Box
    _taken: list[Box] = field(default_factory=list)

    def take(self, boxes: Sequence[Box]) -> None:
        self._taken.extend(boxes)

    def place(self, point: Place, size: tuple[float, float], *, nearest: float) -> Place | None:
        """The middle of the nearest free room for a label of (width, height), `nearest` or more from its point.

        None where there is none within some centimetres.
        """
        width, height = size
        taken = np.array(self._taken, dtype=float).reshape(-1, 4)
        for x, y in _rings(point, nearest):
            box = (x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            if self._inside(box) and not _hits(box, taken):
                self._taken.append(box)
                return x, y
        return None

    def _inside(self, box: Box) -> bool:
        left, top, right, bottom = self.frame
        return left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom


def _rings(point: Place, nearest: float) -> Iterator[Place]:
    """Places around a point from near to far, on every ring the upper right first."""
    if nearest == 0:
        yield point
    for ring in range(int(_FARTHEST / _STEP)):
        distance = nearest + (ring + (nearest == 0)) * _STEP
        for step in range(_ANGLES):
            angle = -pi / 4 + 2 * pi * step / _ANGLES
            yield point[0] + distance * cos(angle), point[1] + distance * sin(angle)


def _hits(box: Box, taken: NDArray[np.float64]) -> bool:
    left, top, right, bottom = taken.T
    return bool(np.any((left < box[2]) & (box[0] < right) & (top < box[3]) & (box[1] < bottom)))
