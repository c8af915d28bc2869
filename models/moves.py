"""People freed by a merger who fill vacancies of the same kind nearby: columns beside the options.

A placing says that exactly so many people of an option find a place in a stage, so what the State is spared is exact
and rounded once however many they are; a filling says how many of a host's people a unit takes. Nothing else changes:
the freed posts stay saved, and the money of a vacancy is in its unit's accounts already.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor

import numpy as np
from scipy import sparse

from models.distance import metres_between
from models.exact import NO_LIMIT_BELOW, Integers
from models.option import Paths
from models.pinned import labels_after
from models.program import Rows
from models.scenario import Scenario
from models.severance_pay import SeverancePay
from models.successor import Consequences
from models.unit import Units
from models.unit_shares import first_match

ALIKE = ("kind", "sector", "level")
"""Columns in which the unit that takes people is like the host of the merger that frees them."""


@dataclass(frozen=True, eq=False)
class Placings:
    """p columns, 0 or 1: option, stage, exactly how many of its people are placed, and what the State is spared."""

    option: Integers
    stage: Integers
    people: Integers
    spared_mvnd: Integers

    def __len__(self) -> int:
        return len(self.option)


@dataclass(frozen=True, eq=False)
class Fillings:
    """f columns of people: the host from which they come, the unit whose vacancies they fill, stage, bound."""

    host: Integers
    taker: Integers
    stage: Integers
    upper: Integers

    def __len__(self) -> int:
        return len(self.host)


@dataclass(frozen=True, eq=False)
class Moves:
    """Placings and fillings, with the vacancies that they share.

    vacancies: (units) budget-paid posts that nobody holds; empty_by: per stage (units) these and retirees' posts that
    may lapse by then, which slimming gives up too.
    """

    placings: Placings
    fillings: Fillings
    vacancies: Integers
    empty_by: tuple[Integers, ...]

    def __len__(self) -> int:
        return len(self.placings) + len(self.fillings)


def no_moves() -> Moves:
    nothing = np.zeros(0, dtype=np.int64)
    return Moves(Placings(*(nothing,) * 4), Fillings(*(nothing,) * 4), nothing, ())


def moves_of(scenario: Scenario, standing: tuple[Units, ...], paths: Paths, found: Consequences) -> Moves:
    """Every placing that spares the State something, and every filling that it may consist of; none unless asked for.

    standing: the unit table after each stage before any decision; found: the figures of the options of `paths`.
    """
    if scenario.staffing.redeploy_km is None:
        return no_moves()
    vacancies = _vacancies(standing[-1])
    parts = [_Stage(scenario, standing, vacancies, stage).columns(paths, found) for stage in range(len(standing))]
    placings, fillings = (np.concatenate(group, axis=1) for group in zip(*parts, strict=True))
    return Moves(Placings(*placings), Fillings(*fillings), vacancies, _empty_by(scenario, standing[-1], vacancies))


def _vacancies(units: Units) -> Integers:
    """Budget-paid posts that nobody holds; a unit that is only planned takes nobody over."""
    free = np.maximum(units.figure("posts_budget") - units.figure("present_budget"), 0)
    return np.where(units.planned, 0, free)


def _empty_by(scenario: Scenario, units: Units, vacancies: Integers) -> tuple[Integers, ...]:
    shares = first_match(units, scenario.staffing.slimming, lambda entry: entry.retirees_lapse_percent)
    return tuple(vacancies + shares.percent_of(units.retiring_by(stage.year)) for stage in scenario.stages)


class _Stage:
    """The columns of one stage."""

    def __init__(self, scenario: Scenario, standing: tuple[Units, ...], vacancies: Integers, stage: int) -> None:
        self.scenario, self.units, self.stage = scenario, standing[stage], stage
        self.vacancies = vacancies
        labels = [labels_after(scenario, self.units, column, stage).astype(str) for column in ALIKE]
        self.alike = list(zip(*labels, strict=True))
        self.takers: dict[tuple[str, ...], list[int]] = {}
        for unit in np.flatnonzero(vacancies).tolist():
            self.takers.setdefault(self.alike[unit], []).append(unit)

    def columns(self, paths: Paths, found: Consequences) -> tuple[Integers, Integers]:
        """(4 x p) placings and (4 x f) fillings, as the fields of both stand in order."""
        severed = found.stages[self.stage]["severed"]
        near = {host: self._near(host) for host in np.unique(paths.hosts[severed > 0]).tolist()}
        reach = np.zeros(len(self.units), dtype=np.int64)
        for host, takers in near.items():
            reach[host] = self.vacancies[takers].sum()
        placings = self._placings(paths, found, np.minimum(severed, reach[paths.hosts]))
        most = np.zeros(len(self.units), dtype=np.int64)
        np.maximum.at(most, paths.hosts[placings[0]], placings[2])
        pairs = np.array([(h, t) for h, takers in near.items() if most[h] for t in takers], dtype=np.int64)
        host, taker = pairs.reshape(-1, 2).T
        upper = np.minimum(self.vacancies[taker], most[host])
        return placings, np.stack([host, taker, np.full_like(host, self.stage), upper])

    def _near(self, host: int) -> Integers:
        """Units with vacancies that are like a host and lie within the stated road distance of it."""
        takers = np.array([u for u in self.takers.get(self.alike[host], ()) if u != host], dtype=np.int64)
        here = np.broadcast_to(self.units.degrees[host], (len(takers), 2))
        metres = metres_between(here, self.units.degrees[takers], self.scenario.savings.road_factor)
        within = self.scenario.staffing.redeploy_km
        assert within is not None, "asked for"
        return takers[metres <= floor(1000 * within)]

    def _placings(self, paths: Paths, found: Consequences, most: Integers) -> Integers:
        """Up to so many people of every option, where the State is spared something."""
        figures = found.stages[self.stage].figures
        option = np.repeat(np.arange(len(paths), dtype=np.int64), most)
        people = np.arange(len(option)) - np.repeat(np.cumsum(most) - most, most) + 1
        left = {name: figures[name][option] for name in ("recurrent_mvnd", "revenue_mvnd", "autonomy_group")}
        left["severed"] = figures["severed"][option] - people
        pay = SeverancePay(self.scenario, self.units, self.stage)
        active = paths.joins <= self.stage
        posts = np.add.reduceat(self.units.posts[paths.members] * active, paths.starts[:-1])
        weighed = pay.weighed(self.units.posts * self.units.figure("avg_pay_vnd_month"))
        each = np.add.reduceat(weighed[paths.members] * active, paths.starts[:-1])
        paid = pay.of(left, each[option], posts[option])["severance_state_mvnd"]
        spared = figures["severance_state_mvnd"][option] - paid
        rows = np.stack([option, np.full_like(option, self.stage), people, spared])
        return rows[:, spared > 0]


@dataclass(frozen=True, eq=False)
class _Places:
    """Where columns stand: options first, then `items` of them other amounts, placings, fillings."""

    paths: Paths
    moves: Moves
    items: int

    @property
    def placings(self) -> Integers:
        return len(self.paths) + self.items + np.arange(len(self.moves.placings))

    @property
    def fillings(self) -> Integers:
        return len(self.paths) + self.items + len(self.moves.placings) + np.arange(len(self.moves.fillings))

    @property
    def width(self) -> int:
        return len(self.paths) + self.items + len(self.moves)


@dataclass(frozen=True, eq=False)
class Slims:
    """The columns of slimming beside the moves: position among all columns, unit and stage of each."""

    column: Integers
    unit: Integers
    stage: Integers


def moving_rows(paths: Paths, moves: Moves, slims: Slims, *, items: int) -> list[Rows]:
    """An option places its own people, each at one unit; a vacancy is filled once, by nobody where it is slimmed.

    items: how many other amounts stand between the options and the moves.
    """
    if not len(moves):
        return []
    places = _Places(paths, moves, items)
    return [_one_number(places), _everyone_somewhere(places), _vacancies_of_kept(places), _not_slimmed(places, slims)]


def _one_number(places: _Places) -> Rows:
    """Per option and stage: at most one number of placed people, and only of a chosen option."""
    placings = places.moves.placings
    pairs, row = np.unique(np.stack([placings.option, placings.stage]), axis=1, return_inverse=True)
    chosen = (np.arange(pairs.shape[1]), pairs[0], np.full(pairs.shape[1], -1))
    labels = tuple(f"placed:{option}:{stage}" for option, stage in pairs.T.tolist())
    return _rows("placed", labels, [(row.ravel(), places.placings, np.ones_like(placings.option)), chosen], places)


def _everyone_somewhere(places: _Places) -> Rows:
    """Per host and stage: the people whom units take are those who are placed."""
    placings, fillings = places.moves.placings, places.moves.fillings
    mine = np.stack([places.paths.hosts[placings.option], placings.stage])
    theirs = np.stack([fillings.host, fillings.stage])
    pairs, row = np.unique(np.concatenate([mine, theirs], axis=1), axis=1, return_inverse=True)
    row = row.ravel()
    labels = tuple(f"taken:{host}:{stage}" for host, stage in pairs.T.tolist())
    taken = (row[mine.shape[1] :], places.fillings, np.ones_like(fillings.host))
    placed = (row[: mine.shape[1]], places.placings, -placings.people)
    rows = _rows("taken", labels, [taken, placed], places)
    return Rows(rows.rule, rows.labels, rows.matrix, np.zeros_like(rows.at_most), rows.at_most)


def _vacancies_of_kept(places: _Places) -> Rows:
    """Per unit that takes people: over all stages no more than its vacancies, and none unless it is left as it is."""
    paths, fillings = places.paths, places.moves.fillings
    takers, row = np.unique(fillings.taker, return_inverse=True)
    never = len(places.moves.empty_by)
    kept = (paths.sizes == 1) & (paths.raised == never) & (paths.leaves == never)
    alone = np.flatnonzero(kept & np.isin(paths.hosts, takers))
    units = paths.hosts[alone]
    free = (np.searchsorted(takers, units), alone, -places.moves.vacancies[units])
    labels = tuple(f"vacancies:{unit}" for unit in takers)
    return _rows("vacancies", labels, [(row, places.fillings, np.ones_like(fillings.taker)), free], places)


def _not_slimmed(places: _Places, slims: Slims) -> Rows:
    """Per unit and stage: posts slimmed and filled by then are no more than stand empty by then."""
    fillings, stages = places.moves.fillings, len(places.moves.empty_by)
    takers = np.intersect1d(fillings.taker, slims.unit)
    entries, limits = [], []
    for stage in range(stages):
        for column, unit, when in (
            (places.fillings, fillings.taker, fillings.stage),
            (slims.column, slims.unit, slims.stage),
        ):
            mine = np.isin(unit, takers) & (when <= stage)
            row = stage * len(takers) + np.searchsorted(takers, unit[mine])
            entries.append((row, column[mine], np.ones(int(mine.sum()), dtype=np.int64)))
        limits.append(places.moves.empty_by[stage][takers])
    labels = tuple(f"empty:{unit}:{stage}" for stage in range(stages) for unit in takers)
    rows = _rows("empty", labels, entries, places)
    return Rows(rows.rule, rows.labels, rows.matrix, rows.at_least, np.concatenate(limits))


def _rows(name: str, labels: tuple[str, ...], entries: Sequence[tuple[Integers, ...]], places: _Places) -> Rows:
    """Rows of summed entries (row, column, value), each at most 0."""
    row, column, value = (np.concatenate(part) for part in zip(*entries, strict=True))
    matrix = sparse.coo_array((value, (row, column)), shape=(len(labels), places.width), dtype=np.int64).tocsr()
    return Rows(name, labels, matrix, np.full(len(labels), NO_LIMIT_BELOW), np.zeros(len(labels), np.int64))
