"""One program for several scenarios: the same decisions are the same columns, with the rows of every scenario.

Options, posts slimmed, orders (in steps: the work of so many posts) and people taken in are shared. What only follows
from them has columns of its own in each scenario: who is spared severance, reserves of robust rows, largest values.
The price is the main scenario's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from scipy import sparse

from models.columns import Columns
from models.exact import Integers
from models.items import FILLED, PLACED, Items
from models.other import Other
from models.program import Extra, Program, Rows
from models.rules import Rule

NOWHERE = -1


@dataclass(frozen=True, eq=False)
class Beside:
    """Another scenario over the options of the main one.

    main, columns: the tables of both over the same options; refused: options of the main listing that this scenario
    does not allow; first: where its own columns begin in the program of all.
    """

    other: Other
    main: Columns
    columns: Columns
    refused: int
    first: int

    @property
    def targets(self) -> tuple[Rule, ...]:
        """The rules that whole plans hold or break; structural ones have chosen among the options."""
        return tuple(rule for rule in self.other.scenario.demands if not rule.structural)

    @property
    def end(self) -> int:
        return self.first + int(self._own.sum())

    @cached_property
    def _own(self) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        """Which of its columns are its own: all that no decision is."""
        options, items = len(self.columns.paths), self.columns.items
        own = np.ones(len(self.columns), dtype=bool)
        own[:options] = False
        own[options : options + len(items)] = items.kind == PLACED
        return own

    @cached_property
    def places(self) -> Integers:
        """(its columns) where each stands in the program of all; NOWHERE where the main scenario has no such amount."""
        options, items = len(self.columns.paths), self.columns.items
        places = np.arange(len(self.columns), dtype=np.int64)
        known = {key: options + place for place, key in enumerate(_keys(self.main.items))}
        amounts = [known.get(key, NOWHERE) for key in _keys(items)]
        places[options : options + len(items)] = amounts
        places[self._own] = self.first + np.arange(int(self._own.sum()))
        return places

    def upper(self, main: Integers) -> Integers:
        """Of the main scenario's extra columns the largest values that this one allows as well."""
        options, found = len(self.columns.paths), main.copy()
        decided = np.flatnonzero(self.main.items.kind != PLACED)
        found[decided] = 0
        mine = np.flatnonzero(~self._own[options:] & (self.places[options:] != NOWHERE))
        shared = self.places[options:][mine] - options
        found[shared] = np.minimum(main[shared], self.columns.extra.upper[mine])
        return found

    @property
    def own_upper(self) -> Integers:
        return self.columns.extra.upper[self._own[len(self.columns.paths) :]]

    def linking(self, width: int) -> list[Rows]:
        """What ties its amounts to the options; rows that the main scenario has as well are left out."""
        known = {rows.rule: rows for rows in self.main.linking}
        found = (self.moved(rows, width) for rows in self.columns.linking)
        return [rows for rows in found if not _same(rows, known.get(_plain(self.other.name, rows.rule)), width)]

    def moved(self, rows: Rows, width: int) -> Rows:
        """Rows over its own table as rows of the program of all, under its name."""
        entries = rows.matrix.tocoo()
        to = self.places[entries.col]
        kept = to != NOWHERE
        shape = (len(rows.labels), width)
        matrix = sparse.coo_array((entries.data[kept], (entries.row[kept], to[kept])), shape=shape, dtype=np.int64)
        return replace(rows, rule=f"{self.other.name}:{rows.rule}", matrix=sparse.csr_array(matrix.tocsr()))

    def seen(self, values: Integers) -> Integers:
        """A solution of the program of all as values of its own table."""
        found = np.where(self.places == NOWHERE, 0, values[self.places])
        return found.astype(np.int64)

    def tidied(self, values: Integers) -> Integers:
        """Its own columns in a solution, without what an engine may leave standing in its gap."""
        return self.columns.tidy(self.seen(values))[self._own]


def joined(program: Program, beside: Sequence[Beside], targets: Iterable[Sequence[Rule]]) -> Program:
    """The program of all: the main one with the columns of the others, their links, and some of their targets each."""
    if not beside:
        return program
    width = beside[-1].end
    upper = program.extra.upper
    for one in beside:
        upper = np.minimum(upper, one.upper(program.extra.upper))
    upper = np.concatenate([upper, *(one.own_upper for one in beside)])
    rows = [rows.widened(width) for rows in program.rows]
    for one, rules in zip(beside, targets, strict=True):
        rows += [*one.linking(width), *(one.moved(rule.rows(one.columns), width) for rule in rules)]
    extra = Extra(upper, np.ones(len(upper), dtype=bool))
    return Program(program.cover, tuple(rows), widened(program.costs, width), extra, program.constant)


def widened(values: Integers, width: int) -> Integers:
    """A value per column, nothing for those that come behind."""
    return np.concatenate([values, np.zeros(width - len(values), dtype=np.int64)])


def _keys(items: Items) -> list[tuple[int, ...]]:
    """What amount every item is: kind, unit and stage; of people taken in also from which host."""
    hosts = np.full(len(items), NOWHERE)
    hosts[items.kind == FILLED] = items.moves.fillings.host
    columns = (items.kind, items.unit, items.stage, hosts)
    return list(zip(*(values.tolist() for values in columns), strict=True))


def _plain(name: str, rule: str) -> str:
    return rule.removeprefix(f"{name}:")


def _same(rows: Rows, known: Rows | None, width: int) -> bool:
    """Whether the main scenario has the very same rows."""
    if known is None or known.labels != rows.labels:
        return False
    limits = np.array_equal(rows.at_least, known.at_least) and np.array_equal(rows.at_most, known.at_most)
    apart = rows.matrix - known.widened(width).matrix
    return limits and not apart.count_nonzero()
