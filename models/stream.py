"""Every option of a scenario, handed out in parts: for listings too large to be held at once."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse

from models.candidates import (
    MOST_STAGED,
    Unlisted,
    count_of_stagings,
    dissolution_paths,
    host_last,
    host_ranks,
    one_larger,
    pairs_of,
    pinned_hosts,
    pinned_paths,
    single_paths,
    stagings,
    whole_groups,
)
from models.compatibility import Compatibility, compatibility
from models.exact import Integers
from models.option import Paths
from models.pinned import pinned_groups
from models.problem import InputError, Problem
from models.scenario import Merging, Scenario
from models.unit import Units

PART = 50_000  # options of one part, about
GROUPS = 20_000  # groups that are made larger at once
MOST_GROUPS = 20_000_000  # of all blocks together; counting them alone takes minutes


@dataclass(frozen=True, eq=False)
class Stream:
    """The same options as `candidates.list_options` lists, each once, in parts; the order is always the same."""

    scenario: Scenario
    units: Units
    graph: Compatibility

    @staticmethod
    def of(scenario: Scenario, units: Units) -> "Stream":
        return Stream(scenario, units, compatibility(scenario, units))

    def parts(self) -> Iterator[Paths]:
        """All options: `own` first, then those of the groups block by block, about `PART` at a time."""
        yield self.own
        waiting: list[Paths] = []
        options = 0
        for block, groups in self._groups():
            for paths in self._of_groups(block, groups):
                waiting.append(paths)
                options += len(paths)
                if options >= PART:
                    yield Paths.joined(waiting)
                    waiting, options = [], 0
        if waiting:
            yield Paths.joined(waiting)

    def pairs(self) -> Paths:
        """`own`, and the options of two units that become one: a small listing to begin with."""
        found = [self.own]
        for position, block in enumerate(self.scenario.merging):
            found += self._of_groups(block, pairs_of(self.graph.graph(position, len(self.units))))
        return Paths.joined(found)

    def passes(self, most: int) -> bool:
        """Whether there are more options than so many; counting ends there."""
        return self._count(most)[0] > most

    @cached_property
    def options(self) -> int:
        """How many options there are before any is sifted out."""
        return self._count(None)[0]

    @cached_property
    def unlisted(self) -> Unlisted:
        """What no option stands for; groups one larger than `max_members` are too many to count."""
        hostless, late = self._count(None)[1:]
        without = dissolution_paths(self.scenario, self.units, self.graph)[1]
        return Unlisted(sum(self.graph.cut), None, hostless, late, without)

    @cached_property
    def own(self) -> Paths:
        """Options of single units, dissolutions, whole places, and groups that people have decided on."""
        dissolved, _ = dissolution_paths(self.scenario, self.units, self.graph)
        wholes = [paths for block, groups in self._wholes() for paths in self._of_groups(block, groups)]
        pinned = pinned_paths(self.scenario, self.units, self._pinned_in_blocks())
        return Paths.joined([*single_paths(self.scenario, self.units), *wholes, *pinned, *dissolved])

    def _count(self, most: int | None) -> tuple[int, int, int]:
        """Options, groups in which nobody may host, and groups too large for cores; the count ends above `most`."""
        options, groups, hostless, late = len(self.own), 0, 0, 0
        for block, members in self._wholes():
            hosted = self._hosted(block, members)
            hostless += len(members) - len(hosted)
            late += len(hosted) if members.shape[1] > MOST_STAGED else 0
        for block, members in self._groups():
            hosted = self._hosted(block, members)
            hostless += len(members) - len(hosted)
            groups += len(members)
            options += count_of_stagings(self.scenario, self.units, block, hosted)
            if groups > MOST_GROUPS:
                raise InputError("scenario", [Problem("merging", "candidates.too_many_groups", {"most": MOST_GROUPS})])
            if most is not None and options > most:
                break
        return options, hostless, late

    def _groups(self) -> Iterator[tuple[Merging, Integers]]:
        """Sets of mutually compatible units, some at a time."""
        for position, block in enumerate(self.scenario.merging):
            adjacency = self.graph.graph(position, len(self.units))
            for members in _grown(pairs_of(adjacency), adjacency, block.max_members):
                yield block, members

    def _wholes(self) -> Iterator[tuple[Merging, Integers]]:
        """Places whose units all become one, where the groups do not hold them already."""
        for position, block in enumerate(self.scenario.merging):
            places = self.graph.places[position]
            listed = [place.reshape(1, -1) for place in places if self._in_block(position, place)]
            for members in whole_groups(places, listed):
                yield block, members

    def _of_groups(self, block: Merging, groups: Integers) -> Iterator[Paths]:
        """The options of some groups, as many groups at a time as give one part."""
        hosted = self._hosted(block, groups)
        if not len(hosted):
            return
        most = max(1, count_of_stagings(self.scenario, self.units, block, hosted) // len(hosted))
        step = max(1, PART // most)
        for start in range(0, len(hosted), step):
            yield Paths.joined(stagings(self.scenario, self.units, block, hosted[start : start + step])[0])

    def _hosted(self, block: Merging, groups: Integers) -> Integers:
        ranks = host_ranks(self.scenario.terms, self.units, block)
        return host_last(groups, ranks, pinned_hosts(self.scenario, self.units))

    def _pinned_in_blocks(self) -> Sequence[Integers]:
        """Groups that people have decided on and that a block holds anyway."""
        found = []
        for group in pinned_groups(self.scenario, self.units):
            members = np.array(group, dtype=np.int64)
            if any(self._holds(position, members) for position in range(len(self.scenario.merging))):
                found.append(members.reshape(1, -1))
        return found

    def _holds(self, position: int, members: Integers) -> bool:
        """Whether a block lists a group, as a whole place or for its pairs."""
        whole = any(np.array_equal(place, members) for place in self.graph.places[position])
        return whole or self._in_block(position, members)

    def _in_block(self, position: int, members: Integers) -> bool:
        """Whether all pairs of a group may merge in a block, and it is small enough."""
        if not 2 <= len(members) <= self.scenario.merging[position].max_members:
            return False
        inside = self.graph.graph(position, len(self.units))[members][:, members]
        return bool(inside.nnz == len(members) * (len(members) - 1))


def _grown(groups: Integers, adjacency: sparse.csr_array, most: int) -> Iterator[Integers]:
    """The groups, and all larger ones that begin with them, depth first: few are held at any time."""
    for start in range(0, len(groups), GROUPS):
        part = groups[start : start + GROUPS]
        yield part
        if part.shape[1] < most:
            yield from _grown(one_larger(part, adjacency), adjacency, most)
