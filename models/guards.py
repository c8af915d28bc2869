"""Robust rows: columns that hold in reserve what the worst few savings of a target may fall short of.

For a target Σ a·x ≤ limit of which the savings s of any Γ units may fail to come by their deviations, the reserve is
the least of Γ·z + Σ p over z + p_unit ≥ s_unit, z, p ≥ 0 (Bertsimas and Sim 2004). A unit is the host of one chosen
option at most, so one p per unit will do. All is kept in whole numbers: percentages and a fractional budget multiply
the target's row instead of being rounded.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from math import floor, lcm
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from models.exact import NO_LIMIT_ABOVE, Integers
from models.program import Rows

if TYPE_CHECKING:
    from models.columns import Columns


@dataclass(frozen=True, eq=False)
class Guard:
    """The reserve of one target and label: a column z, and one p per unit that may save something there.

    savings: (units that may save x (options, items)) deviations in steps; times: what the target's row is multiplied
    by; step: what one step of the reserve weighs in that row; budget: Γ.
    """

    rule: str
    label: str
    savings: sparse.csr_array
    upper: Integers
    times: int
    step: int
    budget: Fraction

    def __len__(self) -> int:
        return 1 + len(self.upper)

    @property
    def most(self) -> Integers:
        """The largest value of every column, z first."""
        return np.append(self.upper.max(initial=0), self.upper)

    @property
    def weights(self) -> Integers:
        """What every column adds to the target's row, z first."""
        each = self.step * self.budget.denominator
        return np.append(self.step * self.budget.numerator, np.full(len(self.upper), each, dtype=np.int64))

    def reached(self, values: Integers) -> Integers:
        """The least reserve that covers a plan: z stands at the first saving beyond the budget."""
        short = np.maximum(self.savings @ values, 0)
        falling = -np.sort(-short)
        beyond = floor(self.budget)
        edge = falling[beyond] if beyond < len(falling) else 0
        return np.append(edge, np.maximum(short - edge, 0))

    def rows(self, first: int, width: int) -> Rows:
        """Per unit: z and its p together are no less than what it may fall short of."""
        count, entries = len(self.upper), self.savings.tocoo()
        own = np.arange(count)
        rows = np.concatenate([entries.row, own, own])
        columns = np.concatenate([entries.col, np.full(count, first), first + 1 + own])
        values = np.concatenate([-entries.data, np.ones(2 * count, dtype=np.int64)])
        matrix = sparse.coo_array((values, (rows, columns)), shape=(count, width), dtype=np.int64).tocsr()
        labels = tuple(f"{self.label}:{number}" for number in range(count))
        return Rows(self.rule, labels, matrix, np.zeros(count, np.int64), np.full(count, NO_LIMIT_ABOVE)).reduced()


@dataclass(frozen=True, eq=False)
class Guards:
    """The reserves of every protected target, in the order of the rules; `first`: the place of the first column."""

    of: Sequence[Guard]
    first: int

    @cached_property
    def _places(self) -> Sequence[int]:
        ends = np.cumsum([self.first, *(len(guard) for guard in self.of)])
        return [int(end) for end in ends]

    def __len__(self) -> int:
        return self._places[-1] - self.first

    @property
    def upper(self) -> Integers:
        return np.concatenate([np.zeros(0, np.int64), *(guard.most for guard in self.of)])

    def reached(self, values: Integers) -> Integers:
        """The least reserves that cover the first columns of a solution: options and items."""
        ahead = values[: self.first]
        return np.concatenate([np.zeros(0, np.int64), *(guard.reached(ahead) for guard in self.of)])

    def rows(self, width: int) -> list[Rows]:
        return [guard.rows(place, width) for guard, place in zip(self.of, self._places, strict=False)]

    def reserve(self, rule: str, labels: Sequence[str], width: int) -> tuple[list[int], sparse.csr_array]:
        """What every row of a target is multiplied by, and what the reserves add to it: (labels x columns)."""
        times, parts = [1] * len(labels), []
        for guard, place in zip(self.of, self._places, strict=False):
            if guard.rule == rule:
                row = labels.index(guard.label)
                times[row] = guard.times
                parts.append((np.full(len(guard), row), place + np.arange(len(guard)), guard.weights))
        empty = np.zeros(0, dtype=np.int64)
        rows, columns, values = (np.concatenate([empty, *(part[axis] for part in parts)]) for axis in range(3))
        shape = (len(labels), width)
        return times, sparse.coo_array((values, (rows, columns)), shape=shape, dtype=np.int64).tocsr()


def guards_of(columns: "Columns") -> Guards:
    """The reserves that the scenario asks for; none where its budgets are 0.

    Where the columns are only some of all, they are what all of them need.
    """
    targets = list(_targets(columns))
    known = shortfalls_of(columns) if columns.extent is None else columns.extent.shortfalls
    found = [target.guard(short) for target, short in zip(targets, known, strict=True)]
    return Guards([guard for guard in found if guard is not None], len(columns.paths) + len(columns.items))


def shortfalls_of(columns: "Columns") -> "list[Shortfall]":
    """Per protected target and label, what the savings of these columns may fall short of."""
    return [target.shortfall for target in _targets(columns)]


@dataclass(frozen=True, eq=False)
class Shortfall:
    """Of one target and label, by unit: the most that it can fall short of, and what all its savings have in common.

    most, common: (units) in parts of the target's row; a unit without savings has nothing in common: 0.
    """

    most: Integers
    common: Integers

    def joined(self, other: "Shortfall") -> "Shortfall":
        return Shortfall(np.maximum(self.most, other.most), np.gcd(self.common, other.common))


@dataclass(frozen=True, eq=False)
class _Target:
    """One target and label: what every option and item saves there, times the deviation of its unit.

    savings: (options, items); sources: their units; upper: their bounds; parts: the deviations' common denominator.
    """

    rule: str
    label: str
    savings: Integers
    sources: Integers
    upper: Integers
    options: int
    units: int
    parts: int
    budget: Fraction

    @property
    def shortfall(self) -> Shortfall:
        saving = np.flatnonzero(self.savings)
        common = np.zeros(self.units, dtype=np.int64)
        np.gcd.at(common, self.sources[saving], np.abs(self.savings[saving]))
        return Shortfall(self._most, common)

    @property
    def _most(self) -> Integers:
        """By unit: the most that it can fall short of, by the best of its options and all of its amounts."""
        most = np.zeros(self.units, dtype=np.int64)
        short, options = np.maximum(self.savings, 0), self.options
        np.maximum.at(most, self.sources[:options], short[:options])
        np.add.at(most, self.sources[options:], short[options:] * self.upper[options:])
        return most

    def guard(self, short: Shortfall) -> Guard | None:
        """The reserve, where anything can fall short."""
        units = np.flatnonzero(short.most > 0)
        if not units.size:
            return None
        mine = np.flatnonzero((self.savings != 0) & (short.most[self.sources] > 0))
        step = int(np.gcd.reduce(short.common[units]))
        entries = (self.savings[mine] // step, (np.searchsorted(units, self.sources[mine]), mine))
        table = sparse.coo_array(entries, shape=(len(units), len(self.savings)), dtype=np.int64).tocsr()
        times = self.parts * self.budget.denominator
        return Guard(self.rule, self.label, table, short.most[units] // step, times, step, self.budget)


def _targets(columns: "Columns") -> Iterator[_Target]:
    """Every protected target, label by label."""
    robust, units = columns.scenario.robust, columns.units
    parts = {quality: percent / 100 for quality, percent in robust.deviation_percent.items()}
    whole = lcm(*(part.denominator for part in parts.values()))
    weights = np.array([int(parts[str(name)] * whole) for name in units.text("data_quality")], dtype=np.int64)
    sources = np.concatenate([columns.paths.hosts, columns.items.unit])
    upper = np.concatenate([np.ones(len(columns.paths), np.int64), columns.items.upper])
    for rule in columns.scenario.cuts:
        if not (budget := robust.budget_of(rule.id)):
            continue
        matrix = rule.savings(columns)
        for place, label in enumerate(rule.labels(columns.scenario, units)):
            savings = matrix[[place]].toarray()[0] * weights[sources]
            yield _Target(rule.id, label, savings, sources, upper, len(columns.paths), len(units), whole, budget)
