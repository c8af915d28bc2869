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
    from models.rules.cut import Cut


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
    """The reserves that the scenario asks for; none where its budgets are 0."""
    budget_of = columns.scenario.robust.budget_of
    found = [guard for rule in columns.scenario.cuts if budget_of(rule.id) for guard in _guards(columns, rule)]
    return Guards(found, len(columns.paths) + len(columns.items))


def _guards(columns: "Columns", rule: "Cut") -> Iterator[Guard]:
    """One per label under which anything can fall short."""
    budget = columns.scenario.robust.budget_of(rule.id)
    percents = columns.scenario.robust.deviation_percent
    parts = {quality: percent / 100 for quality, percent in percents.items()}
    whole = lcm(*(part.denominator for part in parts.values()))
    weights = np.array([int(parts[str(name)] * whole) for name in columns.units.text("data_quality")], dtype=np.int64)
    sources = np.concatenate([columns.paths.hosts, columns.items.unit])
    upper = np.concatenate([np.ones(len(columns.paths), np.int64), columns.items.upper])
    matrix = rule.savings(columns)
    for place, label in enumerate(rule.labels(columns.scenario, columns.units)):
        savings = matrix[[place]].toarray()[0] * weights[sources]
        most = _most(savings, sources, upper, len(columns.paths))
        units = np.flatnonzero(most > 0)
        if not units.size:
            continue
        mine = np.flatnonzero((savings != 0) & (most[sources] > 0))
        step = int(np.gcd.reduce(savings[mine]))
        entries = (savings[mine] // step, (np.searchsorted(units, sources[mine]), mine))
        table = sparse.coo_array(entries, shape=(len(units), len(savings)), dtype=np.int64).tocsr()
        yield Guard(rule.id, label, table, most[units] // step, whole * budget.denominator, step, budget)


def _most(savings: Integers, sources: Integers, upper: Integers, options: int) -> Integers:
    """By unit: the most that it can fall short of, by the best of its options and all of its amounts."""
    most = np.zeros(int(sources.max(initial=0)) + 1, dtype=np.int64)
    np.maximum.at(most, sources[:options], np.maximum(savings[:options], 0))
    np.add.at(most, sources[options:], np.maximum(savings[options:], 0) * upper[options:])
    return most
