"""A draft plan as structural decisions, and how many units another plan decides otherwise.

A unit's structural decision is its fate, its partners (a merger: all that become one; a dissolution: who takes over)
and whether the group it is in is raised to self-financing. Years, hosts, sites, forms and amounts are not part of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.checker import groups_of
from models.exact import Integers
from models.option import CONVERTED, EQUITIZED, STAYS, Path, Paths, Step, option_of
from models.plan import REDEPLOY, Decision
from models.problem import Problem
from models.recount import Group, Recount
from models.recount_group import GroupRecount
from models.refusals import refusals_of
from models.scenario import Scenario
from models.unit import Units

Truths = NDArray[np.bool_]
FATES = ("keep", "merge", "dissolve", "equitize", "convert")
_KEEP, _MERGE, _DISSOLVE, _EQUITIZE, _CONVERT = range(len(FATES))
_AMOUNTS = ("slim", "order", REDEPLOY)


@dataclass(frozen=True)
class Structure:
    """The structural decision of one unit; partners: the ids of a merger with its own, or of who takes over."""

    fate: str
    partners: tuple[str, ...] = ()
    raised: bool = False


@dataclass(frozen=True, eq=False)
class Draft:
    """The final groups of a plan that somebody drew up, one option each, with what speaks against them.

    refusals: why an option cannot be carried out, by its place in `paths` (none where it can).
    """

    scenario: Scenario
    units: Units
    decisions: tuple[Decision, ...]
    paths: Paths
    refusals: Mapping[int, tuple[Problem, ...]]

    @property
    def permitted(self) -> Paths:
        """The options that can be carried out, whether or not the scenario lists them."""
        return self.paths.take(np.array([o for o in range(len(self.paths)) if o not in self.refusals], dtype=np.int64))

    def changes(self, paths: Paths) -> Integers:
        """Per option of a listing: how many of its units decide otherwise than the draft."""
        theirs, option = _Entries(paths, self._never), paths.option_of_entry
        same = (theirs.fates == self._fates[paths.members]) & (theirs.raised == self._raised[paths.members])
        group = self._group[paths.members]
        merged = theirs.fates == _MERGE
        first = group[_first(paths, merged)]
        again = merged & (self._fates[paths.members] == _MERGE) & (group == first[option])
        inside = np.bincount(option[again], minlength=len(paths))
        whole = (inside == theirs.merged) & (theirs.merged == self._sizes[first])
        same &= ~merged | whole[option]
        same &= (theirs.fates != _DISSOLVE) | (paths.hosts[option] == group)
        return np.bincount(option[~same], minlength=len(paths)).astype(np.int64)

    @cached_property
    def structures(self) -> tuple[Structure, ...]:
        """The structural decision of every unit, in the order of the table."""
        ids, found = self.units.ids, {}
        entries, option = _Entries(self.paths, self._never), self.paths.option_of_entry
        for entry, unit in enumerate(self.paths.members.tolist()):
            fate, place = int(entries.fates[entry]), int(option[entry])
            span = slice(int(self.paths.starts[place]), int(self.paths.starts[place + 1]))
            together = self.paths.members[span][entries.fates[span] == _MERGE].tolist()
            taker = int(self.paths.hosts[place])
            partners = {_MERGE: together, _DISSOLVE: [taker]}.get(fate, [])
            names = tuple(sorted(ids[partner] for partner in partners))
            found[unit] = Structure(FATES[fate], names, bool(entries.raised[entry]))
        return tuple(found[unit] for unit in range(len(ids)))

    @property
    def _never(self) -> int:
        return len(self.scenario.stages)

    @cached_property
    def _entries(self) -> "_Entries":
        return _Entries(self.paths, self._never)

    def _by_unit(self, values: NDArray[np.generic]) -> NDArray[np.generic]:
        found = np.zeros(len(self.units), dtype=values.dtype)
        found[self.paths.members] = values
        return found

    @cached_property
    def _fates(self) -> NDArray[np.generic]:
        return self._by_unit(self._entries.fates)

    @cached_property
    def _raised(self) -> NDArray[np.generic]:
        return self._by_unit(self._entries.raised)

    @cached_property
    def _group(self) -> NDArray[np.generic]:
        """The position of the host of every unit's group."""
        return self._by_unit(self.paths.hosts[self.paths.option_of_entry])

    @cached_property
    def _sizes(self) -> Integers:
        """By the position of a host: how many units become one under it."""
        found = np.zeros(len(self.units), dtype=np.int64)
        found[self.paths.hosts] = self._entries.merged
        return found


def draft_of(scenario: Scenario, units: Units, decisions: Sequence[Decision]) -> Draft:
    """The groups that decisions make, each judged by itself; amounts and stated figures are left out.

    decisions: complete, every unit in exactly one group (as the reader of drafts sees to).
    """
    structural = [row for row in decisions if row.fate not in _AMOUNTS]
    book, parts, refusals = Recount(scenario, units), [], {}
    for place, group in enumerate(groups_of(scenario, units, structural)):
        parts.append(_option(scenario, units, structural, group))
        recount = GroupRecount(book, _without_figures(group))
        if found := (*refusals_of(recount), *_unknown_to_the_search(units, group)):
            refusals[place] = found
    return Draft(scenario, units, tuple(decisions), Paths.joined(parts), refusals)


def _without_figures(group: Group) -> Group:
    return Group(group.host, group.joinings, group.raised, leaves=group.leaves, exit=group.exit, id=group.id)


def _unknown_to_the_search(units: Units, group: Group) -> tuple[Problem, ...]:
    """A unit that takes others in and then leaves is nothing that options can be."""
    mixed = bool(group.joinings) and group.leaves is not None
    return (Problem(units.ids[group.host], "draft.takes_in_and_leaves"),) if mixed else ()


def _option(scenario: Scenario, units: Units, decisions: Sequence[Decision], group: Group) -> Paths:
    host = units.ids[group.host]
    founded = any(row.unit_id == host and row.form == "consolidate" for row in decisions)
    steps = {joining.unit: Step(joining.stage, joining.dissolved, joining.closed) for joining in group.joinings}
    exits = {"equitize": EQUITIZED, "convert": CONVERTED}.get(group.exit, STAYS)
    path = Path(steps, group.raised, group.leaves, exits, founded)
    return option_of(group.members, group.host, path, never=len(scenario.stages))


class _Entries:
    """Per entry of the options its fate and whether its group is raised; per option how many units become one."""

    def __init__(self, paths: Paths, never: int) -> None:
        option = paths.option_of_entry
        stays = np.bincount(option[~paths.dissolved], minlength=len(paths))
        fates = np.where(stays[option] > 1, _MERGE, _KEEP)
        exits = paths.exits[option]
        fates = np.where(exits == EQUITIZED, _EQUITIZE, np.where(exits == CONVERTED, _CONVERT, fates))
        self.fates: Integers = np.where(paths.dissolved, _DISSOLVE, fates)
        # What is raised and leaves later has left: the raise is on its way there.
        self.raised: Truths = (paths.raised < never)[option] & (exits == STAYS) & ~paths.dissolved
        self.merged: Integers = np.where(stays > 1, stays, 0)


def _first(paths: Paths, chosen: Truths) -> Integers:
    """Per option the place of its first chosen entry (of its host where none is chosen)."""
    places = np.where(chosen, np.arange(len(chosen)), len(chosen))
    first = np.minimum.reduceat(places, paths.starts[:-1])
    return np.where(first == len(chosen), paths.starts[1:] - 1, first)
