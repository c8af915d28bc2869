"""Boxes of limits on criteria: which limits a frontier has not answered yet."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

Corner = tuple[int, ...]
OPEN = 2**60
"""Stands for no limit; below what 64 bits hold, above what any plan costs."""


@dataclass(frozen=True)
class Box:
    """Whole numbers from `low` to `high`, both included, in one coordinate per criterion."""

    low: Corner
    high: Corner

    def shared(self, other: "Box") -> "Box | None":
        """What two boxes have in common; None where that is nothing."""
        low = tuple(map(max, zip(self.low, other.low, strict=True)))
        high = tuple(map(min, zip(self.high, other.high, strict=True)))
        return Box(low, high) if all(a <= b for a, b in zip(low, high, strict=True)) else None

    def without(self, hole: "Box") -> Iterator["Box"]:
        """The rest of this box, as boxes that do not overlap: slices off one coordinate after the other."""
        inside = self.shared(hole)
        if inside is None:
            yield self
            return
        left = self
        for place, (low, high) in enumerate(zip(inside.low, inside.high, strict=True)):
            if left.low[place] < low:
                yield replace(left, high=_changed(left.high, place, low - 1))
            if left.high[place] > high:
                yield replace(left, low=_changed(left.low, place, high + 1))
            left = Box(_changed(left.low, place, low), _changed(left.high, place, high))

    def raised(self, place: int, least: int) -> "Box | None":
        """The part of this box from a least value of one coordinate on."""
        if self.high[place] < least:
            return None
        return replace(self, low=_changed(self.low, place, max(self.low[place], least)))

    def side(self, place: int, top: int) -> int:
        """How many values one coordinate has, up to `top` where the box reaches further."""
        return max(0, min(self.high[place], top) - self.low[place] + 1)

    def halved(self, place: int, top: int) -> Corner:
        """The high corner of the lower half of this box, cut up to `top` as in `side`."""
        return _changed(self.high, place, (self.low[place] + min(self.high[place], top)) // 2)


def _changed(corner: Corner, place: int, value: int) -> Corner:
    return (*corner[:place], value, *corner[place + 1 :])
