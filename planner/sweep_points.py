"""What a sweep varies: one or two keys of the scenario, each with exact values."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from itertools import product

from models.problem import InputError, Problem

MOST_KEYS = 2
MOST_POINTS = 2000
SOURCE = "--vary"


@dataclass(frozen=True)
class Varied:
    """A key and the values that it takes, as the command line would write them."""

    key: str
    values: tuple[str, ...]


@dataclass(frozen=True)
class Point:
    """One value of every varied key."""

    values: tuple[tuple[str, str], ...]

    @property
    def settings(self) -> tuple[str, ...]:
        return tuple(f"{key}={value}" for key, value in self.values)


def varied(texts: Sequence[str]) -> tuple[Varied, ...]:
    """`key=from:to:step` or `key=v1,v2,v3`, once or twice. Errors: InputError with everything that is neither."""
    problems, found = [], []
    for text in texts:
        key, equals, values = (part.strip() for part in text.partition("="))
        taken = tuple(_values(values)) if key and equals else ()
        if not taken:
            problems.append(Problem(text, "sweep.form"))
        found.append(Varied(key, taken))
    keys = [one.key for one in found]
    if not 1 <= len(keys) <= MOST_KEYS or len(set(keys)) < len(keys):
        problems.append(Problem(SOURCE, "sweep.keys", {"most": MOST_KEYS}))
    count = len(points(found)) if not problems else 0
    if count > MOST_POINTS:
        problems.append(Problem(SOURCE, "sweep.too_many", {"found": count, "most": MOST_POINTS}))
    if problems:
        raise InputError(SOURCE, problems)
    return tuple(found)


def points(keys: Sequence[Varied]) -> tuple[Point, ...]:
    """Every combination, the last key fastest."""
    pairs = [[(one.key, value) for value in one.values] for one in keys]
    return tuple(Point(tuple(values)) for values in product(*pairs))


def _values(text: str) -> Iterator[str]:
    """The values of a range, both ends included where the steps meet them, or of a list; none where it is neither."""
    parts = [part.strip() for part in text.split(":")]
    if len(parts) == 3:
        yield from _range(parts)
    elif len(parts) == 1 and text:
        listed = [part.strip() for part in text.split(",")]
        yield from listed if all(listed) and len(set(listed)) == len(listed) else ()


def _range(parts: Sequence[str]) -> Iterator[str]:
    try:
        value, end, step = (Decimal(part) for part in parts)
    except InvalidOperation:
        return
    if not all(number.is_finite() for number in (value, end, step)) or not step or (end - value) / step < 0:
        return
    if (end - value) / step > MOST_POINTS:
        yield from map(str, range(MOST_POINTS + 1))  # told as too many
        return
    while (end - value) / step >= 0:
        yield str(int(value)) if value == value.to_integral_value() else f"{value.normalize():f}"
        value += step
