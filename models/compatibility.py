"""Who may merge with whom: the compatibility graph of the scenario's [[merging]] blocks.

A block names a pair when kinds, sectors and `same` columns fit; the first block that names a pair decides
about it, and the pair may merge when it also lies `within` the block's place and distance.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.spatial import KDTree

from models.distance import chord_of, metres_between, on_the_globe
from models.exact import LARGEST_SUM, Integers
from models.levers import allowed
from models.scenario import Merging, Scenario
from models.unit import Units

Truths = NDArray[np.bool_]
FAR_APART = 1e9  # metres between buckets on the tree's fourth axis: no search radius crosses it
LOOKED_AT = 200
SLACK_M = 2.0  # the tree is asked a little wider, then whole metres decide


@dataclass(frozen=True, eq=False)
class Compatibility:
    """pairs: per block (p, 2) unit positions, lower first, among each unit's `neighbours` nearest;
    places: per block the sets that its `whole` offers as one; cut: pairs per block that may merge but are not among
    the nearest; unmatched: units that no block names.
    """

    pairs: tuple[Integers, ...]
    places: tuple[tuple[Integers, ...], ...]
    cut: tuple[int, ...]
    unmatched: Truths

    def graph(self, block: int, count: int) -> sparse.csr_array:
        """Symmetric 0/1 adjacency of one block: (count, count)."""
        low, high = self.pairs[block].T if len(self.pairs[block]) else (np.zeros(0, int), np.zeros(0, int))
        half = sparse.coo_array((np.ones(len(low), np.int8), (low, high)), shape=(count, count))
        return (half + half.T).tocsr()

    @cached_property
    def partners(self) -> sparse.csr_array:
        """Whoever may merge in some block: (units, units), partners in the order of the table."""
        count = len(self.unmatched)
        low, high = np.concatenate([*self.pairs, np.zeros((0, 2), dtype=np.int64)]).T
        found = sparse.coo_array((np.ones(len(low), np.int8), (low, high)), shape=(count, count))
        matrix = sparse.csr_array(found + found.T)
        matrix.sort_indices()
        return matrix

    def partners_of(self, unit: int) -> Integers:
        span = slice(*self.partners.indptr[unit : unit + 2])
        return self.partners.indices[span].astype(np.int64)


def compatibility(scenario: Scenario, units: Units) -> Compatibility:
    """The pairs of every block; units whose merging [actions] forbids stand alone."""
    may_merge = allowed(scenario, units, "merge")
    sides = [_sides(units, block, may_merge) for block in scenario.merging]
    pairs, cut = [], []
    for position in range(len(scenario.merging)):
        found, missed = _pairs(scenario, units, position, sides)
        pairs.append(found)
        cut.append(missed)
    named = np.logical_or.reduce([left | right for left, right in sides] or [np.zeros(len(units), bool)])
    places = tuple(
        _places(scenario, units, position, sides) if block.whole else ()
        for position, block in enumerate(scenario.merging)
    )
    return Compatibility(tuple(pairs), places, tuple(cut), ~named)


def deciding_blocks(scenario: Scenario, units: Units, pairs: Integers) -> Integers:
    """Per pair the position of the block that decides about it, the first that names it; -1 where none does."""
    found = np.full(len(pairs), -1, dtype=np.int64)
    may_merge = allowed(scenario, units, "merge")
    for position, block in reversed(list(enumerate(scenario.merging))):
        named = _named(pairs, _sides(units, block, may_merge)) & _same(units, block.same, pairs)
        found[named] = position
    return found


def _sides(units: Units, block: Merging, may_merge: Truths) -> tuple[Truths, Truths]:
    """The units that a block names first, and those they may merge with."""
    named = may_merge.copy()
    if block.kinds:
        named &= units.matches({"kind": block.kinds})
    if block.sectors:
        named &= units.matches({"sector": block.sectors})
    partners = may_merge & units.matches({"kind": block.partners}) if block.partners else named
    return named, partners


def _pairs(scenario: Scenario, units: Units, position: int, sides: list[tuple[Truths, Truths]]) -> tuple[Integers, int]:
    """Each unit's nearest permitted partners (the first ids on a tie), and how many permitted pairs that leaves out.

    In places of more than `LOOKED_AT` units only so many are looked at, and the count of what is left out is a bound.
    """
    block = scenario.merging[position]
    left, right = sides[position]
    involved = np.flatnonzero(left | right)
    if len(involved) < 2:
        return np.zeros((0, 2), np.int64), 0
    bucket = _buckets(units, block, _further(block))[involved]
    points = np.column_stack([on_the_globe(units.degrees[involved]), bucket * FAR_APART])
    radius = FAR_APART / 2
    if block.max_km is not None:
        radius = chord_of(float(block.max_km * 1000) + SLACK_M, scenario.savings.road_factor)
    tree = KDTree(points)
    wanted = min(max(LOOKED_AT, 2 * block.neighbours), int(np.bincount(bucket).max()))
    near, who = map(np.asarray, tree.query(points, k=np.arange(1, wanted + 1), distance_upper_bound=radius))
    seen = np.isfinite(near)
    here = np.repeat(np.arange(len(involved)), seen.sum(axis=1))
    pairs = _each_once(here, who[seen], len(involved))
    unseen = int((tree.count_neighbors(tree, radius) - len(involved)) // 2) - len(pairs)
    permitted = _allowed_pairs(scenario, units, position, sides, involved[pairs])
    permitted = permitted[_fits(units, block, permitted)]
    listed = _nearest(scenario, units, permitted, block.neighbours)
    return listed, unseen + len(permitted) - len(listed)


def _each_once(here: Integers, there: Integers, count: int) -> Integers:
    """(p, 2) pairs of two different ones among `count`, lower first, in order."""
    apart = here != there
    low, high = np.minimum(here[apart], there[apart]), np.maximum(here[apart], there[apart])
    pairs = np.stack(np.divmod(np.unique(low * count + high), count), axis=1)
    return pairs.astype(np.int64)


def _nearest(scenario: Scenario, units: Units, pairs: Integers, most: int) -> Integers:
    """Pairs that are among the nearest of at least one of the two units."""
    if not len(pairs):
        return pairs
    metres = metres_between(units.degrees[pairs[:, 0]], units.degrees[pairs[:, 1]], scenario.savings.road_factor)
    ends = np.concatenate([pairs, pairs[:, ::-1]])
    order = np.lexsort([ends[:, 1], np.concatenate([metres, metres]), ends[:, 0]])
    unit = ends[order, 0]
    first = np.searchsorted(unit, unit)  # where the unit's own run begins
    near = order[np.arange(len(order)) - first < most]
    nearest: Integers = pairs[np.unique(near % len(pairs))]
    return nearest


def _further(block: Merging) -> tuple[str, ...]:
    """Columns that must be equal where functions may not mix."""
    return () if block.mixed_functions else ("function",)


def _allowed_pairs(
    scenario: Scenario, units: Units, position: int, sides: list[tuple[Truths, Truths]], pairs: Integers
) -> Integers:
    """The pairs, lower first, that the block names, that lie within its distance, and that no earlier block names."""
    pairs = pairs[_named(pairs, sides[position])]
    for earlier in range(position):
        taken = _named(pairs, sides[earlier]) & _same(units, scenario.merging[earlier].same, pairs)
        pairs = pairs[~taken]
    block = scenario.merging[position]
    if block.max_km is not None:
        metres = metres_between(units.degrees[pairs[:, 0]], units.degrees[pairs[:, 1]], scenario.savings.road_factor)
        pairs = pairs[metres <= int(block.max_km * 1000)]
    return pairs.astype(np.int64)


def _named(pairs: Integers, sides: tuple[Truths, Truths]) -> Truths:
    left, right = sides
    low, high = pairs[:, 0], pairs[:, 1]
    return (left[low] & right[high]) | (left[high] & right[low])


def _same(units: Units, columns: tuple[str, ...], pairs: Integers) -> Truths:
    same = np.ones(len(pairs), dtype=bool)
    for column in columns:
        codes = units.codes(column).codes
        same &= codes[pairs[:, 0]] == codes[pairs[:, 1]]
    return same


def _fits(units: Units, block: Merging, pairs: Integers) -> Truths:
    """Nobody crosses the edge of a separate area, and functions mix only with permission."""
    low, high = pairs[:, 0], pairs[:, 1]
    fits = np.ones(len(pairs), dtype=bool)
    if block.separate:
        area, apart = units.codes("area").codes, units.matches({"area": block.separate})
        fits &= (area[low] == area[high]) | ~(apart[low] | apart[high])
    if not block.mixed_functions:
        fits &= _same(units, ("function",), pairs)
    return fits


def _places(
    scenario: Scenario, units: Units, position: int, sides: list[tuple[Truths, Truths]]
) -> tuple[Integers, ...]:
    """All named units of one place (and one function, unless these may mix) together, where there are two or more.

    A place in which an earlier block names a pair is not offered: that block decides about the pair.
    """
    block = scenario.merging[position]
    named = np.logical_or(*sides[position])
    keys = _buckets(units, block, (*(("area",) if block.separate else ()), *_further(block)))
    members = np.flatnonzero(named)[np.argsort(keys[named], kind="stable")].astype(np.int64)
    groups = np.split(members, np.flatnonzero(np.diff(keys[members])) + 1)
    return tuple(
        group for group in groups if len(group) > 1 and not _named_before(scenario, units, position, sides, group)
    )


def _named_before(
    scenario: Scenario, units: Units, position: int, sides: list[tuple[Truths, Truths]], group: Integers
) -> bool:
    low, high = np.triu_indices(len(group), k=1)
    pairs = np.column_stack([group[low], group[high]])
    return any(
        bool((_named(pairs, sides[earlier]) & _same(units, scenario.merging[earlier].same, pairs)).any())
        for earlier in range(position)
    )


def _buckets(units: Units, block: Merging, further: tuple[str, ...] = ()) -> Integers:
    """Units that share the `same` columns, the place and further columns get one number."""
    place = {"commune": ("commune", "district"), "area": ("area",), "parent": ("parent",), "province": ()}[block.within]
    keys, different = np.zeros(len(units), dtype=np.int64), 1
    for column in (*block.same, *place, *further):
        labels = units.codes(column)
        if different * len(labels.names) > LARGEST_SUM:
            keys, different = _numbered(keys), len(units)
        keys, different = keys * len(labels.names) + labels.codes, different * len(labels.names)
    return _numbered(keys)


def _numbered(keys: Integers) -> Integers:
    """The same keys as 0, 1, 2 ... in their order."""
    numbers: Integers = np.unique(keys, return_inverse=True)[1].astype(np.int64)
    return numbers
