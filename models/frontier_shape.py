"""Which points of a frontier to look at first: its knee, and a few that stand for all.

Losses are measured in parts of each criterion's range over the points: 0 for the best there is, 1 for the worst.
"""

from collections.abc import Sequence
from fractions import Fraction

REPRESENTATIVES = 7
Costs = Sequence[Sequence[int]]
"""Per point its costs, one per criterion; lower is better."""


def knee(costs: Costs) -> int | None:
    """The point whose losses add up to least; with two criteria it lies furthest from the straight line of the ends.

    None where that is the best point of one criterion: then every step away from the ends costs more than it brings.
    """
    losses = _losses(costs)
    if len(losses) < 3:
        return None
    found = min(range(len(losses)), key=lambda place: (sum(losses[place]), place))
    return None if found in _ends(losses) else found


def representatives(costs: Costs, most: int = REPRESENTATIVES) -> tuple[int, ...]:
    """At most so many points: the best of each criterion, the knee, then always the one furthest from those chosen."""
    losses = _losses(costs)
    if len(losses) <= most:
        return tuple(range(len(losses)))
    middle = knee(costs)
    chosen = sorted({*_ends(losses), *(() if middle is None else (middle,))})[:most]
    while len(chosen) < most:
        chosen.append(max(range(len(losses)), key=lambda place: (_distance(losses, place, chosen), -place)))
    return tuple(sorted(chosen))


def _losses(costs: Costs) -> list[tuple[Fraction, ...]]:
    best = [min(column) for column in zip(*costs, strict=True)]
    whole = [max(1, max(column) - min(column)) for column in zip(*costs, strict=True)]
    return [
        tuple(Fraction(cost - least, all_) for cost, least, all_ in zip(point, best, whole, strict=True))
        for point in costs
    ]


def _ends(losses: Sequence[tuple[Fraction, ...]]) -> set[int]:
    """The best point of each criterion; of several the one with the least losses in all."""
    places = range(len(losses))
    return {min(places, key=lambda at: (losses[at][number], sum(losses[at]), at)) for number in range(len(losses[0]))}


def _distance(losses: Sequence[tuple[Fraction, ...]], place: int, chosen: Sequence[int]) -> Fraction:
    """How far a point is from the nearest one chosen, in the criterion in which they lie furthest apart."""
    return min(max(abs(a - b) for a, b in zip(losses[place], losses[other], strict=True)) for other in chosen)
