"""Options: the whole path of one final group of units over all stages, as columnar arrays.

An option's entries are its units, the absorbed ones first and the host last. Groups grow and never split;
leaving (equitized, converted) is final. Sets of options are held as `Paths`; `option_of` makes a single one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers

Truths = NDArray[np.bool_]
STAYS, EQUITIZED, CONVERTED = 0, 1, 2
EXIT_FATES = {EQUITIZED: "equitize", CONVERTED: "convert"}
HOST_JOINS = -1


@dataclass(frozen=True, eq=False)
class Paths:
    """n options with e entries in all; a stage is its position, and `never` (the number of stages) means not at all.

    starts: (n + 1) where the entries of each option begin; members: (e) unit position; joins: (e) stage in which
    the entry joins its host (HOST_JOINS for the host); dissolved, closed: (e) whether the unit is dissolved into
    its receiver, and whether its site closes; raised: (n) stage of the raise to self-financing; leaves: (n) stage
    of leaving the public sector; exits: (n) STAYS, EQUITIZED or CONVERTED; consolidated: (n) a new unit is founded.
    """

    starts: Integers
    members: Integers
    joins: Integers
    dissolved: Truths
    closed: Truths
    raised: Integers
    leaves: Integers
    exits: Integers
    consolidated: Truths

    def __len__(self) -> int:
        return len(self.starts) - 1

    @cached_property
    def sizes(self) -> Integers:
        return np.diff(self.starts)

    @cached_property
    def option_of_entry(self) -> Integers:
        return np.repeat(np.arange(len(self), dtype=np.int64), self.sizes)

    @cached_property
    def hosts(self) -> Integers:
        return self.members[self.starts[1:] - 1]

    @property
    def is_host(self) -> Truths:
        hosts: Truths = self.joins == HOST_JOINS
        return hosts

    def members_of(self, option: int) -> Integers:
        return self.members[self.starts[option] : self.starts[option + 1]]

    def take(self, chosen: Truths | Integers) -> "Paths":
        """Some of the options, in the order asked for."""
        picked = np.flatnonzero(chosen) if chosen.dtype == bool else chosen
        sizes = self.sizes[picked]
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        entries = np.repeat(self.starts[picked] - starts[:-1], sizes) + np.arange(starts[-1])
        return Paths(
            starts,
            *(getattr(self, name)[entries] for name in ("members", "joins", "dissolved", "closed")),
            *(getattr(self, name)[picked] for name in ("raised", "leaves", "exits", "consolidated")),
        )

    @staticmethod
    def joined(parts: Sequence["Paths"]) -> "Paths":
        """Several sets of options as one, in order."""
        sizes = np.concatenate([part.sizes for part in parts])
        starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        rest = [field.name for field in fields(Paths)][1:]
        return Paths(starts, *(np.concatenate([getattr(part, name) for part in parts]) for name in rest))


def options_of(
    members: NDArray[np.int64], *, never: int, joins: Integers | int = HOST_JOINS, dissolved: bool = False,
    closed: bool = False, raised: Integers | int | None = None, leaves: Integers | int | None = None,
    exits: int = STAYS, consolidated: bool = False,
) -> Paths:  # fmt: skip
    """Options of groups of one size: members is (n, m), the host last; joins is (n, m - 1) or one stage."""
    count, width = members.shape
    stage = (
        np.broadcast_to(np.asarray(joins, dtype=np.int64), (count, width - 1)) if width > 1 else np.zeros((count, 0))
    )
    all_joins = np.concatenate([stage, np.full((count, 1), HOST_JOINS)], axis=1).astype(np.int64)
    absorbed = all_joins != HOST_JOINS

    def per_option(value: Integers | int | None) -> Integers:
        return np.broadcast_to(np.asarray(never if value is None else value, dtype=np.int64), (count,)).copy()

    return Paths(
        np.arange(count + 1, dtype=np.int64) * width,
        members.astype(np.int64).ravel(),
        all_joins.ravel(),
        (absorbed & dissolved).ravel(),
        (absorbed & (closed or dissolved)).ravel(),
        per_option(raised),
        per_option(leaves),
        per_option(exits),
        np.full(count, consolidated),
    )


@dataclass(frozen=True)
class Step:
    """One absorbed unit of a hand-made option: when it joins, and whether it is dissolved or its site closes."""

    stage: int
    dissolved: bool = False
    closed: bool = False


@dataclass(frozen=True)
class Path:
    """The path of a hand-made option: who joins the host and when, and what becomes of the group."""

    joins: Mapping[int, Step]
    raised: int | None = None
    leaves: int | None = None
    exits: int = STAYS
    consolidated: bool = False


def option_of(group: Iterable[int], host: int, path: Path, *, never: int) -> Paths:
    """Any option on demand, listed or not: drafts, pins and published plans are priced through it.

    `group` are unit positions, the host among them; every other member has a step in `path.joins`.
    """
    others = sorted(set(group) - {host})
    if set(others) != set(path.joins):
        raise ValueError(f"units {sorted(set(others) ^ set(path.joins))} need exactly one step each")
    steps = [path.joins[unit] for unit in others]
    whole = np.array([never], dtype=np.int64)
    return Paths(
        np.array([0, len(others) + 1], dtype=np.int64),
        np.array([*others, host], dtype=np.int64),
        np.array([*(step.stage for step in steps), HOST_JOINS], dtype=np.int64),
        np.array([*(step.dissolved for step in steps), False]),
        np.array([*(step.closed or step.dissolved for step in steps), False]),
        whole if path.raised is None else np.array([path.raised], dtype=np.int64),
        whole if path.leaves is None else np.array([path.leaves], dtype=np.int64),
        np.array([path.exits], dtype=np.int64),
        np.array([path.consolidated]),
    )


def unlisted(listed: Paths, drafted: Paths) -> Paths:
    """The drafted options that a listing does not hold."""
    # Only options of the same host and size can be the same: a listing may hold a million.
    sizes = dict.fromkeys(zip(drafted.hosts.tolist(), drafted.sizes.tolist(), strict=True))
    near = np.isin(listed.hosts, [host for host, _ in sizes]) & np.isin(listed.sizes, [size for _, size in sizes])
    known = {_mark(listed, option) for option in np.flatnonzero(near).tolist()}
    fresh = [option for option in range(len(drafted)) if _mark(drafted, option) not in known]
    return drafted.take(np.array(fresh, dtype=np.int64))


def _mark(paths: Paths, option: int) -> tuple[object, ...]:
    """Everything that an option says, whatever the order of its members."""
    span = slice(int(paths.starts[option]), int(paths.starts[option + 1]))
    entries = (getattr(paths, name)[span].tolist() for name in ("members", "joins", "dissolved", "closed"))
    own = (int(getattr(paths, name)[option]) for name in ("raised", "leaves", "exits", "consolidated"))
    return (frozenset(zip(*entries, strict=True)), *own)
