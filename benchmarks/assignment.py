"""The same province as an assignment model: which unit joins which host, when; the rival that options are measured by.

A modeller without options writes x (a unit joins a host in a stage) and y (a host lives through a configuration: how
many join it in each stage, whether it is raised and when). This is the strongest such model that we know how to write:

* linking is disaggregated: x is at most the sum of the y in which anybody joins that way;
* what depends on the size of the merged unit is a convex combination over its sizes: every configuration is a
  breakpoint with a figure of its own, and its y is the weight; a unit's share is added to it;
* symmetry is broken: the host is the member that ranks first, as in the listing, so no merger can be written twice;
* groups that the listing does not hold (too far apart, breaking a norm) are forbidden by pairs and threes;
* everything about single units, and about amounts beside the options, is the same columns and rows as ours.

Its figures are ours, to the last million. Where members do not add up (mean pay, rounding, bands of autonomy,
severance), shares are fitted to the listed groups by least squares and shifted until no group costs more or reaches
less than it truly does; what is then missing is carried by one z for each such group, at least the sum of its x and y
less what all but one would give (the usual linearisation of a product). So both models admit the same plans at the
same score, and a plan of one is a plan of the other.

`by_host` shares the x of a host among its configurations, as one would write it; `by_configuration` gives every
configuration its own x, which is stronger, larger, and already half way to options.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from scipy import sparse

from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.option import Paths
from models.prepared import Prepared
from models.program import Cover, Extra, Program, Rows

Way = tuple[int, bool, bool]
"""How a unit joins: stage, dissolved, its site closed."""
Share = tuple[int, int, int]
"""Row, column and coefficient."""
FINE = 100
"""Parts into which rows of small coefficients are cut, so that rounding the shares does not blunt them."""
LARGE = 10_000


@dataclass(frozen=True, eq=False)
class Block:
    """Listed groups of one host that share their x.

    options: (n) positions of the listed options; joiners: who joins in which way, one x each; taking: (n, joiners)
    0/1 who is in each option; configuration: (n) which y each option belongs to, counted inside the block.
    """

    options: Integers
    joiners: tuple[tuple[int, Way], ...]
    taking: Integers
    configuration: Integers

    @property
    def alone(self) -> bool:
        """One listed group only: its y settles who takes part, and needs no x."""
        return len(self.options) == 1

    @property
    def ys(self) -> int:
        return int(self.configuration.max()) + 1


@dataclass(frozen=True, eq=False)
class Assignment:
    """The assignment model of a problem as a program of its own.

    Columns are single paths, then y, then x, then the amounts and z; first_y, first_x: where those of a block begin.
    """

    problem: Prepared
    program: Program
    singles: Integers
    blocks: tuple[Block, ...]
    first_y: Integers
    first_x: Integers

    def plan_of(self, values: Integers) -> Integers:
        """What a solution means, as values of the problem's own program: the listed options and the same amounts."""
        exact = self.problem.program
        found = np.zeros(exact.columns, dtype=np.int64)
        found[self.singles] = values[: len(self.singles)]
        for place, block in enumerate(self.blocks):
            for option in self._chosen(place, block, values):
                found[option] = 1
        found[exact.choices :] = values[self.program.choices : self.program.choices + len(exact.extra)]
        return found

    def _chosen(self, place: int, block: Block, values: Integers) -> Iterator[int]:
        for y in np.flatnonzero(values[self.first_y[place] : self.first_y[place] + block.ys]).tolist():
            fits = block.configuration == y
            if not block.alone:
                joined = values[self.first_x[place] : self.first_x[place] + len(block.joiners)]
                fits &= (block.taking == joined).all(axis=1)
            yield int(block.options[np.flatnonzero(fits)[0]])


def by_host(paths: Paths) -> list[Block]:
    """One block for each host: its configurations share their x."""
    return [_block(paths, found) for found in _sorted_out(paths, lambda option: (int(paths.hosts[option]),))]


def by_configuration(paths: Paths) -> list[Block]:
    """One block for each host and configuration."""
    configuration = _configurations(paths)
    return [_block(paths, found) for found in _sorted_out(paths, lambda option: configuration[option])]


def assignment_of(problem: Prepared, blocks: Sequence[Block]) -> Assignment:
    """The assignment model with the same plans, figures and amounts as the problem's program."""
    return _Writer(problem, tuple(blocks)).written()


class _Writer:
    """Columns and rows of the model, block by block."""

    def __init__(self, problem: Prepared, blocks: tuple[Block, ...]) -> None:
        self.problem, self.paths, self.blocks = problem, problem.columns.paths, blocks
        self.singles = np.flatnonzero(self.paths.sizes == 1)
        ys = np.cumsum([len(self.singles), *(block.ys for block in blocks)])
        xs = np.cumsum([ys[-1], *(0 if block.alone else len(block.joiners) for block in blocks)])
        self.first_y, self.first_x, self.choices = ys[:-1], xs[:-1], int(xs[-1])
        self.extra = problem.program.extra
        self.z: dict[int, int] = {}
        """By listed option the column of its z, in the order in which they were needed."""

    def written(self) -> Assignment:
        exact = self.problem.program
        parts = [part for block in exact.rows for part in _one_sided(block)]
        carried = [self._carried(part) for part in parts]
        price = self._over(sparse.csr_array(exact.costs.reshape(1, -1)), at_most=True)
        structure = [*self._structure(), self._products()]
        width = self.choices + len(self.extra) + len(self.z)
        rows = tuple(block.widened(width) for block in (*carried, *structure))
        costs = np.zeros(width, dtype=np.int64)
        costs[price.indices] = price.data
        upper = np.concatenate([self.extra.upper, np.ones(len(self.z), dtype=np.int64)])
        extra = Extra(upper, np.concatenate([self.extra.whole, np.ones(len(self.z), dtype=bool)]))
        program = Program(self._cover(), rows, costs, extra, exact.constant)
        return Assignment(self.problem, program, self.singles, self.blocks, self.first_y, self.first_x)

    def _cover(self) -> Cover:
        """Every unit goes its own path, hosts, or joins."""
        rows, columns = self.paths.members[self.paths.starts[self.singles]].tolist(), list(range(len(self.singles)))
        for place, block in enumerate(self.blocks):
            y, x, first = int(self.first_y[place]), int(self.first_x[place]), int(block.options[0])
            units = self.paths.members_of(first).tolist() if block.alone else [int(self.paths.hosts[first])]
            rows += units * block.ys
            columns += [y + number for number in range(block.ys) for _ in units]
            if not block.alone:
                rows += [unit for unit, _ in block.joiners]
                columns += range(x, x + len(block.joiners))
        shape = (len(self.problem.units), self.choices)
        matrix = sparse.coo_array((np.ones(len(rows), np.int64), (rows, columns)), shape=shape).tocsr()
        return Cover(matrix, np.ones(len(self.problem.units), dtype=bool))

    def _carried(self, rows: Rows) -> Rows:
        """A block of one-sided rows over the columns of the model."""
        fine = FINE if abs(rows.matrix).max() < LARGE else 1
        matrix = self._over(rows.matrix * fine, at_most=bool((rows.at_most != NO_LIMIT_ABOVE).all()))
        low = np.where(rows.at_least == NO_LIMIT_BELOW, NO_LIMIT_BELOW, rows.at_least * fine)
        high = np.where(rows.at_most == NO_LIMIT_ABOVE, NO_LIMIT_ABOVE, rows.at_most * fine)
        return Rows(rows.rule, rows.labels, matrix, low, high).reduced()

    def _over(self, matrix: sparse.csr_array, *, at_most: bool) -> sparse.csr_array:
        """Rows over options and amounts as rows over the columns of the model; at_most: lower is in its favour."""
        choices = self.problem.program.choices
        beside = matrix[:, choices:].tocoo()
        found = self._shares(sparse.csr_array(matrix[:, :choices]), at_most=at_most)
        found += zip(beside.row.tolist(), (self.choices + beside.col).tolist(), beside.data.tolist(), strict=True)
        return self._matrix(matrix.shape[0], found)

    def _matrix(self, height: int, shares: Iterable[Share]) -> sparse.csr_array:
        at = np.array(list(shares), dtype=np.int64).reshape(-1, 3)
        shape = (height, self.choices + len(self.extra) + len(self.z))
        return sparse.coo_array((at[:, 2], (at[:, 0], at[:, 1])), shape=shape, dtype=np.int64).tocsr()

    def _shares(self, matrix: sparse.csr_array, *, at_most: bool) -> list[Share]:
        """Coefficients of singles as they are; of groups as figures of y, shares of x, and what z still carries."""
        columns = matrix.tocsc()
        kept = columns[:, self.singles].tocoo()
        found = list(zip(kept.row.tolist(), kept.col.tolist(), kept.data.tolist(), strict=True))
        for place, block in enumerate(self.blocks):
            part = columns[:, block.options]
            for row in np.unique(part.indices).tolist():
                true = np.asarray(part[[row], :].todense(), dtype=np.int64).ravel()
                found += [(row, column, share) for column, share in self._fitted(place, true, at_most) if share]
        return found

    def _fitted(self, place: int, true: Integers, at_most: bool) -> Iterator[tuple[int, int]]:
        """Figures of the y, shares of the x, and the rest that each option's z carries."""
        block, y, x = self.blocks[place], int(self.first_y[place]), int(self.first_x[place])
        figures, shares = _fit(block, true, at_most=at_most)
        yield from enumerate(figures.tolist(), start=y)
        yield from enumerate(shares.tolist(), start=x)
        rest = true - figures[block.configuration] - block.taking @ shares
        for option in np.flatnonzero(rest).tolist():
            listed = int(block.options[option])
            yield self.z.setdefault(listed, self.choices + len(self.extra) + len(self.z)), int(rest[option])

    def _structure(self) -> Iterator[Rows]:
        """How x and y hang together; none of it where a block has one group only."""
        told: dict[str, list[dict[int, int]]] = {"size": [], "link": [], "apart": []}
        for place, block in enumerate(self.blocks):
            if not block.alone:
                self._sizes(told, place, block)
                self._apart(told["apart"], place, block)
        yield self._rows("size", told["size"], least=0)
        yield self._rows("link", told["link"])
        yield self._rows("apart", told["apart"])

    def _sizes(self, told: dict[str, list[dict[int, int]]], place: int, block: Block) -> None:
        """As many join in a way as the configuration says, and nobody without a host."""
        y, x = int(self.first_y[place]), int(self.first_x[place])
        counts = {number: Counter(way for way in self._ways(block, number)) for number in range(block.ys)}
        for way in sorted({way for _, way in block.joiners}):
            joining = [x + place for place, (_, its) in enumerate(block.joiners) if its == way]
            hosting = {y + number: -count[way] for number, count in counts.items() if count[way]}
            told["size"].append({**dict.fromkeys(joining, 1), **hosting})
            told["link"] += [{column: 1, **dict.fromkeys(hosting, -1)} for column in joining]

    def _ways(self, block: Block, number: int) -> Iterator[Way]:
        one = block.taking[np.flatnonzero(block.configuration == number)[0]]
        return (block.joiners[place][1] for place in np.flatnonzero(one).tolist())

    def _apart(self, told: list[dict[int, int]], place: int, block: Block) -> None:
        """Pairs and threes of x that no listed group holds, and groups that one configuration lacks."""
        y, x = int(self.first_y[place]), int(self.first_x[place])
        hosting = range(y, y + block.ys)
        told += [{x + a: 1, x + b: 1, **dict.fromkeys(hosting, -1)} for a, b in _never_together(block)]
        told += [{**{x + one: 1 for one in three}, **dict.fromkeys(hosting, -2)} for three in _threes_never(block)]
        for members, number in _lacking(block):
            row = {**{x + one: 1 for one in members}, **dict.fromkeys(hosting, -len(members))}
            told.append({**row, y + number: 1 - len(members)})

    def _products(self) -> Rows:
        """z of a group is 1 where all its x and its y are."""
        at = {int(option): (place, row) for place, b in enumerate(self.blocks) for row, option in enumerate(b.options)}
        told = []
        for option, z in self.z.items():
            place, row = at[option]
            block, y, x = self.blocks[place], int(self.first_y[place]), int(self.first_x[place])
            members = np.flatnonzero(block.taking[row]).tolist()
            terms = {**{x + one: 1 for one in members}, **dict.fromkeys(range(y, y + block.ys), -len(members))}
            told.append({**terms, y + int(block.configuration[row]): 1 - len(members), z: -1})
        return self._rows("product", told)

    def _rows(self, name: str, told: Sequence[dict[int, int]], *, least: int = NO_LIMIT_BELOW) -> Rows:
        matrix = self._matrix(len(told), [(row, at, by) for row, terms in enumerate(told) for at, by in terms.items()])
        labels = tuple(f"{name}:{row}" for row in range(len(told)))
        return Rows(name, labels, matrix, np.full(len(told), least), np.zeros(len(told), dtype=np.int64))


def _sorted_out(paths: Paths, key: Callable[[int], tuple[object, ...]]) -> Iterator[list[int]]:
    found: dict[tuple[object, ...], list[int]] = {}
    for option in np.flatnonzero(paths.sizes > 1).tolist():
        found.setdefault(key(option), []).append(option)
    yield from found.values()


def _configurations(paths: Paths) -> dict[int, tuple[object, ...]]:
    """Of every group: its host, in which ways its members join, and what becomes of it."""
    ways = _ways_of(paths)
    own = list(zip(paths.raised.tolist(), paths.leaves.tolist(), paths.exits.tolist(), strict=True))
    found: dict[int, tuple[object, ...]] = {}
    for option in np.flatnonzero(paths.sizes > 1).tolist():
        joining = sorted(ways[paths.starts[option] : paths.starts[option + 1] - 1])
        found[option] = (int(paths.hosts[option]), *joining, own[option], bool(paths.consolidated[option]))
    return found


def _ways_of(paths: Paths) -> list[Way]:
    return list(zip(paths.joins.tolist(), paths.dissolved.tolist(), paths.closed.tolist(), strict=True))


def _block(paths: Paths, options: Sequence[int]) -> Block:
    ways, configurations = _ways_of(paths), _configurations(paths.take(np.array(options, dtype=np.int64)))
    groups = [
        {(int(paths.members[entry]), ways[entry]) for entry in range(paths.starts[o], paths.starts[o + 1] - 1)}
        for o in options
    ]
    joiners = tuple(sorted(set().union(*groups)))
    taking = np.array([[joiner in group for joiner in joiners] for group in groups], dtype=np.int64)
    numbers: dict[tuple[object, ...], int] = {}
    configuration = [numbers.setdefault(configurations[place], len(numbers)) for place in range(len(options))]
    return Block(np.array(options, dtype=np.int64), joiners, taking, np.array(configuration, dtype=np.int64))


def _fit(block: Block, true: Integers, *, at_most: bool) -> tuple[Integers, Integers]:
    """Figures of the y and shares of the x, together never above the truth (never below it, for floors)."""
    figures, shares = np.zeros(block.ys, dtype=np.int64), np.zeros(len(block.joiners), dtype=np.int64)
    spread = any(len(set(true[block.configuration == number].tolist())) > 1 for number in range(block.ys))
    if spread and not _of_one_member(block, true, shares, at_most=at_most):
        ones = np.eye(block.ys)[block.configuration]
        found = np.linalg.lstsq(np.hstack([block.taking, ones]).astype(float), true.astype(float))[0]
        shares = np.rint(found[: len(shares)]).astype(np.int64)
    rest = true - block.taking @ shares
    for number in range(block.ys):
        mine = rest[block.configuration == number]
        figures[number] = mine.min() if at_most else mine.max()
    return figures, shares


def _of_one_member(block: Block, true: Integers, shares: Integers, *, at_most: bool) -> bool:
    """Whether a figure is one member's alone (the room for its amounts): the share is then its least or most."""
    for x in range(len(shares)):
        with_x = block.taking[:, x] == 1
        if with_x.any() and not true[~with_x].any():
            shares[x] = true[with_x].min() if at_most else true[with_x].max()
            return True
    return False


def _never_together(block: Block) -> Iterator[tuple[int, int]]:
    """Pairs of x of different units that no listed group holds; the cover keeps a unit from joining twice."""
    together = block.taking.T @ block.taking
    for a, b in combinations(range(len(block.joiners)), 2):
        if not together[a, b] and block.joiners[a][0] != block.joiners[b][0]:
            yield a, b


def _threes_never(block: Block) -> Iterator[tuple[int, ...]]:
    """Threes that no listed group holds although it holds each two of them."""
    if block.taking.sum(axis=1).max() < 3:
        return
    together = block.taking.T @ block.taking > 0
    held = {three for row in block.taking for three in combinations(np.flatnonzero(row).tolist(), 3)}
    for three in combinations(range(len(block.joiners)), 3):
        if all(together[a, b] for a, b in combinations(three, 2)) and three not in held:
            yield three


def _lacking(block: Block) -> Iterator[tuple[tuple[int, ...], int]]:
    """Groups that fit a configuration by their ways of joining, pairs and threes, and are not listed under it."""
    groups = [tuple(np.flatnonzero(row).tolist()) for row in block.taking]
    listed = set(zip(groups, block.configuration.tolist(), strict=True))
    apart = {frozenset(pair) for pair in _never_together(block)} | {frozenset(three) for three in _threes_never(block)}
    for number in range(block.ys):
        like = Counter(block.joiners[one][1] for one in groups[block.configuration.tolist().index(number)])
        for group in _grown(block, (), like, apart):
            if (group, number) not in listed:
                yield group, number


def _grown(
    block: Block, group: tuple[int, ...], left: Counter[Way], apart: set[frozenset[int]]
) -> Iterator[tuple[int, ...]]:
    """Every set of x of different units that uses up the ways left and holds nothing that is kept apart."""
    if not left.total():
        yield group
        return
    for one in range(group[-1] + 1 if group else 0, len(block.joiners)):
        unit, way = block.joiners[one]
        if not left[way] or any(block.joiners[other][0] == unit for other in group):
            continue
        fresh = [frozenset((one, *others)) for size in (1, 2) for others in combinations(group, size)]
        if not apart.intersection(fresh):
            yield from _grown(block, (*group, one), left - Counter([way]), apart)


def _one_sided(rows: Rows) -> Iterator[Rows]:
    """Blocks of which every row has one limit: what is in the model's favour depends on the side."""
    open_ = {"at_least": NO_LIMIT_BELOW, "at_most": NO_LIMIT_ABOVE}
    for side, other in (("at_most", "at_least"), ("at_least", "at_most")):
        places = np.flatnonzero(getattr(rows, side) != open_[side])
        if places.size:
            labels, matrix = tuple(rows.labels[place] for place in places), sparse.csr_array(rows.matrix[places])
            part = replace(rows, labels=labels, matrix=matrix, baseline=None)
            limits = {side: getattr(rows, side)[places], other: np.full(len(places), open_[other], dtype=np.int64)}
            yield replace(part, **limits)
