"""Going through all options of a stream: those that break no rule by themselves, and the cheapest among them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import reduce

import numpy as np

from models.columns import Columns
from models.exact import Integers
from models.extent import Extent, hang_together
from models.multipliers import Multipliers, common_divisors
from models.objective import costs
from models.option import Paths, options_of
from models.prepared import broken_options
from models.stream import Stream

HELD = 2_000_000  # options that break no rule are kept for the next time, as paths, up to so many
Over = Callable[[], bool]
Cost = Callable[[Columns], Integers]


class Ended(Exception):  # noqa: N818
    """Time, or somebody, ended a way through the stream before its end."""


class Sound:
    """The options of a stream that break no rule and no pin by themselves, as columns, part by part.

    over: asked before every part whether to go on. The first way through counts what there is (`streamed` options, of
    which nobody could carry some out, some are `broken` and the rest `sound`) and finds what the entries of every row
    have in common; it also remembers the sound ones where they are few, so that no later way lists and sifts again.
    extent: what the reserves and largest values of all sound options need; None where a scenario has none.
    """

    def __init__(self, stream: Stream, over: Over) -> None:
        self.stream, self.over = stream, over
        self.streamed = self.broken = self.sound = 0
        self.divisors: list[Integers] = []
        self.extent: Extent | None = None
        self._held: list[Paths] | None = None
        self._counted = False

    def parts(self) -> Iterator[Columns]:
        """Every part once. Errors: Ended."""
        parts = self._again() if self._counted else self._first()
        return parts if self.divisors else self._learning(parts)

    def survey(self) -> None:
        """Go through all options once for what they need together, where they need anything. Errors: Ended."""
        if hang_together(self.stream.scenario):
            self.extent = reduce(Extent.joined, map(Extent.of, self._first()))

    def sifted(self, paths: Paths) -> Columns:
        """The columns of some options without those that break a rule by themselves; never ended in between."""
        columns = self.columns(paths)
        return columns.taking(~broken_options(columns))

    def columns(self, paths: Paths) -> Columns:
        """The columns of some options."""
        return Columns.build(self.stream.scenario, self.stream.units, paths, self.extent)

    def _first(self) -> Iterator[Columns]:
        streamed, broken, sound = 0, 0, 0
        held: list[Paths] = []
        for paths in self._asked():
            self._go_on()
            whole = self.columns(paths)
            columns = whole.taking(~broken_options(whole))
            streamed, sound = streamed + len(paths), sound + len(columns.paths)
            broken += len(whole.paths) - len(columns.paths)
            held = [*held, replace(columns.paths)] if sound <= HELD else []  # a copy without what it has reckoned
            yield columns
        self.streamed, self.broken, self.sound, self._counted = streamed, broken, sound, True
        self._held = held if sound <= HELD else None

    def _again(self) -> Iterator[Columns]:
        if self._held is None:
            yield from map(self.sifted, self._asked())
            return
        for paths in self._held:
            self._go_on()
            yield self.columns(replace(paths))  # what it reckons is not held

    def _learning(self, parts: Iterator[Columns]) -> Iterator[Columns]:
        """The same parts, and what the entries of every row have in common once they have all gone by."""
        found: list[list[Integers]] = []
        for columns in parts:
            found = [_common(found, common_divisors(columns))]
            yield columns
        self.divisors = found[0]

    def _asked(self) -> Iterator[Paths]:
        for paths in self.stream.parts():
            self._go_on()
            yield paths

    def _go_on(self) -> None:
        if self.over():
            raise Ended


@dataclass(frozen=True, eq=False)
class Picked:
    """Some options of a stream with their place among the sound ones, in that order."""

    places: Integers
    paths: Paths

    def with_others(self, others: "Picked") -> "Picked":
        """Both, each option once."""
        places, first = np.unique(np.concatenate([self.places, others.places]), return_index=True)
        return Picked(places, Paths.joined([self.paths, others.paths]).take(first))


NONE_PICKED = Picked(np.zeros(0, dtype=np.int64), options_of(np.zeros((0, 1), dtype=np.int64), never=1))


@dataclass(frozen=True, eq=False)
class Priced:
    """What one way through the stream found at some multipliers, times their denominator.

    own: options of single units and decided groups; cheapest: those with the least left of their cost, and of them
    negative: those with less than nothing; left_out: the least of all others, None where there is none;
    lacking: per unit what its multiplier must give up so that nothing is left below nothing;
    below: the sum of everything below nothing.
    """

    own: Picked
    cheapest: Picked
    negative: Picked
    left_out: int | None
    lacking: Integers
    below: int


def nothing(columns: Columns) -> Integers:
    """Costs of nothing: what is sought where no plan is known to exist."""
    return np.zeros(len(columns), dtype=np.int64)


def price(sound: Sound, multipliers: Multipliers, most: int, under: int | None = None, *, cost: Cost = costs) -> Priced:
    """One way through all options: the cheapest ones at some multipliers, `most` of them, and none at `under` or above.

    Errors: Ended, OverflowError.
    """
    cheapest, place, below = Cheapest(most, under), 0, 0
    lacking = np.zeros(len(sound.stream.units), dtype=np.int64)
    own: Picked | None = None
    for columns in sound.parts():
        paths = columns.paths
        left = multipliers.left(columns, cost(columns))[: len(paths)]
        here = Picked(place + np.arange(len(paths)), paths)
        if own is None:
            own = here
        else:
            cheapest.add(left, here)
        below += sum(left[left < 0].tolist())
        short = np.maximum(-(left // paths.sizes), 0)
        np.maximum.at(lacking, paths.members, short[paths.option_of_entry])
        place += len(paths)
    assert own is not None, "the options of single units come first"
    values, found = cheapest.found
    negative = np.flatnonzero(values < 0)
    below_nothing = Picked(found.places[negative], found.paths.take(negative))
    return Priced(own, found, below_nothing, cheapest.left_out, lacking, below)


class Cheapest:
    """Gathers the options of which least is left, `most` of them; what is dropped leaves its least value behind.

    Of equals the earlier stay, so the outcome does not depend on how the stream is cut in parts.
    """

    def __init__(self, most: int, under: int | None) -> None:
        self.most, self.edge = most, under
        self.left_out: int | None = None
        self._values: list[Integers] = [np.zeros(0, dtype=np.int64)]
        self._picked: list[Picked] = [NONE_PICKED]
        self._count = 0

    def add(self, values: Integers, picked: Picked) -> None:
        near = np.flatnonzero(values < self.edge) if self.edge is not None else np.arange(len(values))
        if len(near) < len(values):
            self._drop(np.delete(values, near))
        self._values.append(values[near])
        self._picked.append(Picked(picked.places[near], picked.paths.take(near)))
        self._count += len(near)
        if self._count > 2 * self.most + 1000:
            self._prune()

    @property
    def found(self) -> tuple[Integers, Picked]:
        """Values and options, in the order of the stream."""
        self._prune()
        return self._values[0], self._picked[0]

    def _prune(self) -> None:
        values = np.concatenate(self._values)
        places = np.concatenate([picked.places for picked in self._picked])
        paths = Paths.joined([picked.paths for picked in self._picked])
        order = np.argsort(values, kind="stable")
        kept, dropped = np.sort(order[: self.most]), order[self.most :]
        if dropped.size:
            self._drop(values[dropped])
            self.edge = int(values[order[self.most - 1]]) + 1
        self._values, self._picked, self._count = [values[kept]], [Picked(places[kept], paths.take(kept))], len(kept)

    def _drop(self, values: Integers) -> None:
        least = int(values.min())
        self.left_out = least if self.left_out is None else min(self.left_out, least)


def proved(sound: Sound, multipliers: Multipliers, below: int, amounts: Columns, *, cost: Cost = costs) -> Fraction:
    """What no plan of the whole stream costs less than, after a way through it.

    below: the sum of what is left of options below nothing at these multipliers, times the denominator;
    amounts: any columns of the same scenario: their amounts stand for those of all.
    """
    options = len(amounts.paths)
    left = multipliers.left(amounts, cost(amounts))[options:]
    off = sum(rest * most for rest, most in zip(left.tolist(), amounts.extra.upper.tolist(), strict=True) if rest < 0)
    return Fraction(multipliers.worth(amounts, sound.divisors) + off + below, multipliers.denominator)


def _common(known: Sequence[list[Integers]], more: list[Integers]) -> list[Integers]:
    if not known:
        return more
    return [np.gcd(one, other) for one, other in zip(known[0], more, strict=True)]
