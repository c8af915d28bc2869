"""What is possible: every option that the scenario lets the search consider, and the count of what is left out."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.compatibility import Compatibility, compatibility
from models.distance import metres_between
from models.equitization import eligible, eligible_once_raised
from models.exact import Integers
from models.grounds import grounds
from models.levers import allowed
from models.option import CONVERTED, EQUITIZED, Path, Paths, Step, option_of, options_of
from models.pinned import pinned_groups, pinned_units
from models.problem import InputError, Problem
from models.scenario import Merging, Scenario
from models.terms import Terms
from models.unit import RATINGS, Units

Truths = NDArray[np.bool_]
MOST_GROUPS = 2_000_000
MOST_OPTIONS = 1_500_000  # of all groups together: their figures fill about four gigabytes
MOST_RECEIVED = 3  # units that one receiver takes over together; more are decided by pins
MOST_STAGED = 8  # above it a group joins in one stage: cores double with every member
CHUNK = 20_000
CLOSINGS = {"kept": (False,), "closed": (True,), "either": (False, True)}


@dataclass(frozen=True)
class Unlisted:
    """What the listing left out: compatible pairs beyond the neighbour limit, groups one larger than `max_members`
    (None: too many to count), groups in which nobody may host, two-stage paths of groups too large for them,
    and units with a ground for dissolution but no receiver.
    """

    pairs: int
    larger_groups: int | None
    hostless_groups: int
    late_joins: int
    without_receiver: int


@dataclass(frozen=True, eq=False)
class Listing:
    """The options that are possible, the graph they come from, and what was left out."""

    paths: Paths
    graph: Compatibility
    unlisted: Unlisted


def list_options(scenario: Scenario, units: Units) -> Listing:
    """Every listed option: single units on their own paths, groups from the compatibility graph, dissolutions."""
    graph = compatibility(scenario, units)
    singles = single_paths(scenario, units)
    groups, larger, hostless, late = _group_paths(scenario, units, graph)
    dissolved, without = dissolution_paths(scenario, units, graph)
    paths = Paths.joined([*singles, *groups, *dissolved])
    return Listing(paths, graph, Unlisted(sum(graph.cut), larger, hostless, late, without))


def single_paths(scenario: Scenario, units: Units) -> list[Paths]:
    """Keep, raise, equitize, convert, and equitizing that follows a raise in a later stage."""
    never = len(scenario.stages)
    everyone = np.arange(len(units), dtype=np.int64).reshape(-1, 1)
    terms = scenario.terms
    raisable = allowed(scenario, units, "raise") & ~np.isin(units.figure("autonomy_group"), terms.self_financing)
    may_leave, may_convert = allowed(scenario, units, "equitize"), allowed(scenario, units, "convert")
    found = [options_of(everyone, never=never)]
    for stage, deadline in enumerate(scenario.stages):
        found.append(options_of(everyone[raisable], never=never, raised=stage))
        ready = may_leave & eligible(terms, units, deadline.year)
        found.append(options_of(everyone[ready], never=never, leaves=stage, exits=EQUITIZED))
        found.append(options_of(everyone[may_convert], never=never, leaves=stage, exits=CONVERTED))
        later = may_leave & raisable & eligible_once_raised(terms, units, deadline.year)
        for earlier in range(stage):
            found.append(options_of(everyone[later], never=never, raised=earlier, leaves=stage, exits=EQUITIZED))
    return found


def _group_paths(scenario: Scenario, units: Units, graph: Compatibility) -> tuple[list[Paths], int | None, int, int]:
    found: list[Paths] = []
    larger: int | None = 0
    hostless = late = groups = options = 0
    listed: list[Integers] = []
    for position, block in enumerate(scenario.merging):
        rank = host_ranks(scenario.terms, units, block)
        sets, beyond = _groups(position, block, graph.graph(position, len(units)))
        sets += whole_groups(graph.places[position], sets)
        listed += sets
        larger = None if beyond is None or larger is None else larger + beyond
        for members in sets:
            ordered = host_last(members, rank, pinned_hosts(scenario, units))
            hostless += len(members) - len(ordered)
            groups += len(ordered)
            options += count_of_stagings(scenario, units, block, ordered)
            _refuse_too_many(position, groups, options)
            paths, missed = stagings(scenario, units, block, ordered)
            found += paths
            late += missed
    found += pinned_paths(scenario, units, listed)
    return found, larger, hostless, late


def _refuse_too_many(block: int, groups: int, options: int = 0) -> None:
    where = f"merging[{block}]"
    if groups > MOST_GROUPS:
        raise InputError("scenario", [Problem(where, "candidates.too_many_groups", {"most": MOST_GROUPS})])
    if options > MOST_OPTIONS:
        facts = {"most": MOST_OPTIONS, "options": options}
        raise InputError("scenario", [Problem(where, "candidates.too_many_options", facts)])


def host_ranks(terms: Terms, units: Units, block: Merging | None) -> Integers:
    """Who hosts: the lowest rank in a group; -1 marks units rated not completed, which may not."""
    posts = units.figure("posts_budget") + units.figure("posts_own")
    level = units.codes("level").rows({name: rank for rank, name in enumerate(terms.levels)})
    first = {"largest": -posts, "highest_level": level, "most_autonomous": units.figure("autonomy_group")}
    order = np.lexsort([np.arange(len(units)), -posts, first[block.host if block else "largest"]])
    rank = np.empty(len(units), dtype=np.int64)
    rank[order] = np.arange(len(units)) + len(units)
    rank[units.text("performance") == RATINGS[-1]] = -1
    return rank


def pinned_hosts(scenario: Scenario, units: Units) -> list[tuple[int, int]]:
    """(unit, host) where people have decided who takes over a unit."""
    at = units.positions
    return [(at[pin.unit], at[pin.host]) for pin in scenario.pins if pin.unit is not None and pin.host is not None]


def host_last(members: Integers, rank: Integers, pinned: Sequence[tuple[int, int]]) -> Integers:
    """Groups with the host moved to the last column; groups in which nobody may host are dropped.

    A pinned host goes before all others in the groups that hold the pinned unit as well.
    """
    ranks = np.where(rank[members] < 0, np.iinfo(np.int64).max, rank[members])
    for unit, host in pinned:
        both = (members == unit).any(axis=1, keepdims=True)
        ranks = np.where(both & (members == host) & (ranks < np.iinfo(np.int64).max), -1, ranks)
    keep = ranks.min(axis=1) < np.iinfo(np.int64).max
    members, ranks = members[keep], ranks[keep]
    host = ranks.argmin(axis=1)
    width = members.shape[1]
    order = np.argsort(np.where(np.arange(width) == host[:, None], width, np.arange(width)), axis=1, kind="stable")
    return np.take_along_axis(members, order, axis=1)


def _groups(position: int, block: Merging, adjacency: sparse.csr_array) -> tuple[list[Integers], int | None]:
    """Sets of mutually compatible units of each size, and how many one larger there would be."""
    sizes = [pairs_of(adjacency)]
    while len(sizes) < block.max_members - 1 and len(sizes[-1]):
        sizes.append(one_larger(sizes[-1], adjacency))
        _refuse_too_many(position, len(sizes[-1]))
    beyond = len(one_larger(sizes[-1], adjacency)) if len(sizes[-1]) < MOST_GROUPS // 10 else None
    return [size for size in sizes if len(size)], beyond


def pairs_of(adjacency: sparse.csr_array) -> Integers:
    upper = sparse.triu(adjacency, format="coo")
    pairs = np.column_stack([upper.row, upper.col]).astype(np.int64)
    return pairs[np.lexsort([pairs[:, 1], pairs[:, 0]])]


def one_larger(groups: Integers, adjacency: sparse.csr_array) -> Integers:
    """Every group with one more unit of a higher position that is compatible with all its members."""
    found = [np.zeros((0, groups.shape[1] + 1), dtype=np.int64)]
    for start in range(0, len(groups), CHUNK):
        part = groups[start : start + CHUNK]
        rows = np.repeat(np.arange(len(part)), part.shape[1])
        shape = (len(part), adjacency.shape[0])
        inside = sparse.csr_array((np.ones(part.size, np.int8), (rows, part.ravel())), shape=shape)
        links = (inside @ adjacency).tocoo()
        new = (links.data == part.shape[1]) & (links.col > part[links.row, -1])
        extended = np.column_stack([part[links.row[new]], links.col[new]]).astype(np.int64)
        found.append(extended[np.lexsort(extended.T[::-1])])
    return np.concatenate(found)


def whole_groups(places: Sequence[Integers], listed: Sequence[Integers]) -> list[Integers]:
    """Places whose units all become one, where the smaller groups do not hold them already."""
    known = {size.shape[1]: size for size in listed}
    return [
        place.reshape(1, -1)
        for place in places
        if not (len(place) in known and (known[len(place)] == place).all(axis=1).any())
    ]


def stagings(scenario: Scenario, units: Units, block: Merging, groups: Integers) -> tuple[list[Paths], int]:
    """The paths of groups, and how many of them are too large for a core that others join later."""
    width = groups.shape[1]
    found = []
    for joins in _join_patterns(len(scenario.stages), width):
        found += _variants(scenario, units, block, groups, joins)
    return found, len(groups) if width > MOST_STAGED else 0


def _join_patterns(stages: int, width: int) -> list[Integers]:
    """When the members beside the host join: all at once in each stage, or a core early that the rest joins."""
    at_once = [np.full(width - 1, stage) for stage in range(stages)]
    if width > MOST_STAGED:
        return at_once
    return at_once + [
        np.where(np.isin(np.arange(width - 1), core), early, late)
        for early, late in combinations(range(stages), 2)
        for size in range(1, width - 1)
        for core in combinations(range(width - 1), size)
    ]


def _variants(scenario: Scenario, units: Units, block: Merging, groups: Integers, joins: Integers) -> list[Paths]:
    """One way of joining, with each of its raises and its sites."""
    never = len(scenario.stages)
    may_raise = allowed(scenario, units, "raise")[groups[:, -1]]
    consolidated = block.form == "consolidate"
    found = []
    for closed in CLOSINGS[block.sites]:
        shared = {"never": never, "joins": joins, "closed": closed, "consolidated": consolidated}
        found.append(options_of(groups, **shared))  # type: ignore[arg-type]
        for stage in range(int(joins.min()), never):
            found.append(options_of(groups[may_raise], raised=stage, **shared))  # type: ignore[arg-type]
    return found


def count_of_stagings(scenario: Scenario, units: Units, block: Merging, groups: Integers) -> int:
    """How many options `stagings` would list, before it does."""
    stages = len(scenario.stages)
    raisable = int(allowed(scenario, units, "raise")[groups[:, -1]].sum())
    patterns = _join_patterns(stages, groups.shape[1])
    each = [len(groups) + raisable * (stages - int(joins.min())) for joins in patterns]
    return len(CLOSINGS[block.sites]) * sum(each)


def pinned_paths(scenario: Scenario, units: Units, listed: Sequence[Integers]) -> list[Paths]:
    """Groups that people have decided on and that no block lists; where one does, its form and sites hold."""
    found: list[Paths] = []
    for group in pinned_groups(scenario, units):
        members = np.array([group], dtype=np.int64)
        known = any((sets == members).all(axis=1).any() for sets in listed if sets.shape[1] == members.size)
        ordered = host_last(members, host_ranks(scenario.terms, units, None), pinned_hosts(scenario, units))
        if len(ordered):
            found += [] if known else stagings(scenario, units, Merging(), ordered)[0]
            found += _with_dissolutions(scenario, units, ordered[0].tolist())
    return found


def _with_dissolutions(scenario: Scenario, units: Units, group: list[int]) -> list[Paths]:
    """A pinned merger whose host also receives units that are pinned to be dissolved into it."""
    at, host = units.positions, group[-1]
    named = [pin for pin in scenario.pins if pin.fate == "dissolve"]
    chosen = [unit for pin in named for unit in np.flatnonzero(pinned_units(units, pin)).tolist()]
    leaving = sorted({unit for unit in chosen if at.get(str(units.text("receiver")[unit])) == host} - set(group))
    if not leaving:
        return []
    stages = range(len(scenario.stages))
    plans = product(stages, *(stages for _ in leaving))
    return [_received(scenario, group, leaving, merged, ends) for merged, *ends in plans]


def _received(scenario: Scenario, group: list[int], leaving: list[int], merged: int, ends: Sequence[int]) -> Paths:
    steps = {unit: Step(merged) for unit in group[:-1]}
    steps |= {unit: Step(stage, dissolved=True) for unit, stage in zip(leaving, ends, strict=True)}
    return option_of([*group, *leaving], group[-1], Path(steps), never=len(scenario.stages))


def dissolution_paths(scenario: Scenario, units: Units, graph: Compatibility) -> tuple[list[Paths], int]:
    """Units with a ground to dissolve, alone or together with others of the same receiver, in every stage."""
    by_receiver: dict[int, list[int]] = {}
    without = 0
    for unit in np.flatnonzero(grounds(scenario, units) & allowed(scenario, units, "dissolve")).tolist():
        receiver = receiver_of(scenario, units, graph, unit)
        if receiver is None or units.text("performance")[receiver] == RATINGS[-1]:
            without += 1
        else:
            by_receiver.setdefault(receiver, []).append(unit)
    return [paths for one in by_receiver.items() for paths in _taken_over(scenario, *one)], without


def _taken_over(scenario: Scenario, receiver: int, leaving: Sequence[int]) -> Iterator[Paths]:
    """Up to `MOST_RECEIVED` units that one receiver takes over, each in any stage."""
    never = len(scenario.stages)
    for size in range(1, min(len(leaving), MOST_RECEIVED) + 1):
        together = np.array(list(combinations(leaving, size)), dtype=np.int64)
        ends = np.array(list(product(range(never), repeat=size)), dtype=np.int64)
        members = np.column_stack([together, np.full(len(together), receiver)]).repeat(len(ends), axis=0)
        yield options_of(members, never=never, joins=np.tile(ends, (len(together), 1)), dissolved=True)


def receiver_of(scenario: Scenario, units: Units, graph: Compatibility, unit: int) -> int | None:
    """Who takes over the tasks: the column `receiver`, else the nearest compatible unit (the first id on a tie).

    Nobody who is rated not completed takes over anything.
    """
    named = units.text("receiver")[unit]
    rating = units.text("performance")
    if named:
        receiver = units.positions.get(named)
        return receiver if receiver is not None and rating[receiver] != RATINGS[-1] else None
    partners = graph.partners_of(unit)
    partners = partners[rating[partners] != RATINGS[-1]]
    if not len(partners):
        return None
    here = np.repeat(units.degrees[unit : unit + 1], len(partners), axis=0)
    metres = metres_between(here, units.degrees[partners], scenario.savings.road_factor)
    return int(partners[metres.argmin()])
