"""Options and items together: what rules and criteria take their rows of numbers from."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.exact import Integers
from models.extent import Extent
from models.figures import PLACES, parts_of
from models.guards import Guards, guards_of
from models.items import (
    OPEN,
    ORDER,
    PLACED,
    SLIM,
    Items,
    Rooms,
    items_of,
    linking_rows,
    rooms_of,
    with_moves,
    without_idle_openings,
)
from models.label_codes import LabelCodes
from models.levers import Levers, levers_of
from models.moves import moves_of
from models.option import EQUITIZED, Paths
from models.peaks import Peaks, peaks_of
from models.pinned import codes_after, labels_after
from models.program import Cover, Extra, Rows
from models.scenario import Scenario
from models.schema import EVERYWHERE, Where
from models.standing import standing_of
from models.successor import Consequences, consequences, unbooked
from models.unit import Units

Truths = NDArray[np.bool_]
Entry = tuple[Integers, Integers, Integers]
"""Row labels, option columns and values of one block of coefficients."""


@dataclass(frozen=True, eq=False)
class Columns:
    """The option table with its items and peaks: consequences per stage, rooms, and sums by label.

    The first `len(paths)` columns are options (chosen or not), then come items (amounts), then guards (reserves of
    robust rows), then peaks (largest values).
    units: the table of today; standing: the table after each stage before any decision;
    extent: what guards and peaks must be able to hold, where these options are only some of all.
    """

    scenario: Scenario
    units: Units
    standing: tuple[Units, ...]
    levers: Levers
    paths: Paths
    consequences: Consequences
    items: Items
    extent: Extent | None = None

    @staticmethod
    def build(scenario: Scenario, units: Units, paths: Paths, extent: Extent | None = None) -> "Columns":
        """Compute every figure of the options; those whose raise nobody could pay, or that needs none, are left out."""
        standing = standing_of(scenario, units)
        levers = levers_of(scenario, standing[-1])
        found = consequences(scenario, standing, levers, paths)
        useful = found.affordable & raise_does_something(paths, found)
        if not useful.all():
            paths, found = paths.take(useful), found.taking(paths, useful)
        items = with_moves(items_of(levers), moves_of(scenario, standing, paths, found), paths)
        return Columns(scenario, units, standing, levers, paths, found, items, extent)

    def taking(self, chosen: Truths) -> "Columns":
        """The same columns with only some of the options."""
        paths, found = self.paths.take(chosen), self.consequences.taking(self.paths, chosen)
        items = with_moves(self.items, moves_of(self.scenario, self.standing, paths, found), paths)
        return replace(self, paths=paths, consequences=found, items=items)

    def __len__(self) -> int:
        return len(self.paths) + len(self.items) + len(self.guards) + len(self.peaks)

    @cached_property
    def guards(self) -> Guards:
        return guards_of(self)

    @cached_property
    def peaks(self) -> Peaks:
        return peaks_of(self)

    @cached_property
    def rooms(self) -> Rooms:
        floors = [found for rule in self.scenario.demands for found in rule.posts_floor(self)]
        nobody = np.zeros(len(self.units), dtype=np.int64)  # the caps of single units hold their norms already
        floors += [(stage, now["least_posts"], nobody) for stage, now in enumerate(self.consequences.stages)]
        return rooms_of(self.standing[-1], self.levers, self.paths, self.consequences, floors, self._counted_elsewhere)

    @cached_property
    def cover(self) -> Cover:
        """Every unit in exactly one option."""
        shape = (len(self.units), len(self.paths))
        ones = np.ones(len(self.paths.members), dtype=np.int64)
        matrix = sparse.coo_array((ones, (self.paths.members, self.paths.option_of_entry)), shape=shape).tocsr()
        return Cover(matrix, np.ones(len(self.units), dtype=bool))

    @property
    def extra(self) -> Extra:
        upper = np.concatenate([self.items.upper, self.guards.upper, self.peaks.upper])
        return Extra(upper, np.ones(len(upper), dtype=bool))

    @property
    def linking(self) -> list[Rows]:
        rows = linking_rows(self.levers, self.paths, self.items, self.rooms)
        width = len(self)
        return [*(block.widened(width) for block in rows), *self.guards.rows(width), *self.peaks.rows(width)]

    def tidy(self, values: Integers) -> Integers:
        """A solution without what an engine may leave standing in its gap: idle openings, reserves or peaks too high.

        No row that it holds is broken by that, and its cost does not rise.
        """
        found = without_idle_openings(self.items, values[: self.guards.first])
        return np.concatenate([found, self.guards.reached(found), self.peaks.reached(found[: len(self.paths)])])

    def of_options(self, values: Integers) -> sparse.csr_array:
        """One row: a value per option, nothing for the items."""
        others = np.zeros(len(self) - len(self.paths), np.int64)
        return sparse.csr_array(np.concatenate([values, others]).reshape(1, -1))

    def after(
        self, figure: str, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> sparse.csr_array:
        """(labels x columns): a figure of what remains public on 31 December of a stage's year, by label.

        A successor counts by its host's columns, in `CHANGED_LABELS` by its own figures; without `per` all in one row.
        """
        stage = self.scenario.stage_of(year)
        sums = _Sums(self, labels, scope, per)
        if figure == PLACES:
            sums.add_entries(stage, self._open_sites(stage))
            return sums.matrix()
        for part in parts_of(figure):
            sums.add_groups(stage, self.group_figure(part, stage), self.consequences.stages[stage].public)
            sums.add_waiting(stage, self.unit_figure(part, stage))
            sums.add_items(stage, self.item_effect(part))
        return sums.matrix()

    def direct_spending(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> sparse.csr_array:
        """(labels x columns): direct State spending of a calendar year, by label."""
        stage = self.scenario.stage_in_force(year)
        parts = (
            ("state_grant_mvnd", "orders_mvnd")
            if self.scenario.counting.orders_are_direct_spending
            else ("state_grant_mvnd",)
        )
        sums = _Sums(self, labels, scope, per)
        for part in parts:
            if stage is None:
                sums.add_waiting(-2, self.unit_figure(part))
                continue
            sums.add_groups(stage, self.group_figure(part, stage), self.consequences.stages[stage].public)
            sums.add_waiting(stage, self.unit_figure(part, stage))
            sums.add_items(stage, self.item_effect(part))
        if stage is not None:
            sums.add_groups(stage, self.late(year), self.consequences.stages[stage].public)
        return sums.matrix()

    def late(self, year: int) -> Integers:
        """Per option: the part of its savings that a calendar year does not book yet, in mvnd."""
        return unbooked(self.scenario, self.consequences.stages, year)

    def one_off(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> sparse.csr_array:
        """(labels x columns): what the State pays once for the decisions of a stage's year, by label."""
        stage = self.scenario.stage_of(year)
        sums = _Sums(self, labels, scope, per)
        groups = np.ones(len(self.paths), dtype=bool)  # leaving costs as well: not only what remains public
        sums.add_groups(stage, self.consequences.one_off[stage], groups)
        sums.add_openings(stage, self.scenario.savings.order_setup_mvnd)
        sums.add_placings(stage)
        return sums.matrix()

    def equitized(self, year: int, chosen: Integers) -> Integers:
        """Per entry of the options: one of the chosen units (0/1 each), equitized by the end of a stage's year."""
        stage, paths = self.scenario.stage_of(year), self.paths
        gone = (paths.exits == EQUITIZED) & (paths.leaves <= stage)
        done: Integers = gone[paths.option_of_entry] * chosen[paths.members]
        return done

    def by_label(self, entries: Integers, labels: tuple[str, ...], per: str | None) -> sparse.csr_array:
        """(labels x columns): entry values counted by their unit's own column of today."""
        rows = np.zeros(len(self.units), np.int64)
        if per is not None:
            positions = {label: row for row, label in enumerate(labels)}
            rows = self.units.codes(per).rows(positions)
        mine = rows[self.paths.members]
        useful = (mine >= 0) & (entries != 0)
        place = (mine[useful], self.paths.option_of_entry[useful])
        return sparse.coo_array((entries[useful], place), shape=(len(labels), len(self)), dtype=np.int64).tocsr()

    def left_as_companies(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> sparse.csr_array:
        """(labels x columns): equitized units by their own columns of today."""
        return self.by_label(self.equitized(year, self.units.matches(scope).astype(np.int64)), labels, per)

    def groups_in(self, scope: Where, stage: int) -> Truths:
        """Options whose group is one of those that a scope names, by what it is after a stage."""
        inside = np.ones(len(self.paths), dtype=bool)
        for key, wanted in scope.items():
            inside &= self.group_codes(key.removesuffix("_not"), stage).among(wanted) != key.endswith("_not")
        return inside

    def units_in(self, scope: Where, stage: int) -> Truths:
        """Units that a scope names by their own columns, transfers of the stage included."""
        inside = np.ones(len(self.units), dtype=bool)
        for key, wanted in scope.items():
            inside &= self.codes_after(key.removesuffix("_not"), stage).among(wanted) != key.endswith("_not")
        return inside

    def group_figure(self, name: str, stage: int) -> Integers:
        """A plain figure of every option's group after a stage."""
        figures = self.consequences.stages[stage]
        if name == "units":
            return np.ones(len(self.paths), dtype=np.int64)
        if name == "autonomous":
            return np.isin(figures["autonomy_group"], self.scenario.autonomous_groups).astype(np.int64)
        if name == "created":
            stands = ~self.units.planned[self.paths.members] & (self.paths.joins <= stage)
            return 1 - np.minimum(np.bincount(self.paths.option_of_entry[stands], minlength=len(self.paths)), 1)
        if name == "market":
            return self.group_codes("function", stage).among(self.scenario.terms.market_functions).astype(np.int64)
        return figures[name]

    def group_sum(self, figure: str, stage: int) -> Integers:
        """A figure of every option's group after a stage, derived ones included."""
        total: Integers = np.sum([self.group_figure(part, stage) for part in parts_of(figure)], axis=0, dtype=np.int64)
        return total

    def unit_figure(self, name: str, stage: int | None = None) -> Integers:
        """The same figure of a unit alone: after a stage, or as it is today."""
        units = self.units if stage is None else self.standing[stage]
        if name == "units":
            return units.figure_of(name)
        if name == "autonomous":
            return np.isin(units.figure("autonomy_group"), self.scenario.autonomous_groups).astype(np.int64)
        if name == "created":
            return units.planned.astype(np.int64)
        if name == "market":
            return units.codes("function").among(self.scenario.terms.market_functions).astype(np.int64)
        if name == "surplus_leaders":
            return np.zeros(len(units), dtype=np.int64)
        return units.staff if name == "staff" else units.figure(name)

    def item_effect(self, name: str) -> Integers:
        """What one unit of every item adds to a figure of its unit."""
        items, levers = self.items, self.levers
        slim, order = items.kind == SLIM, items.kind == ORDER
        step, pay = levers.order_step[items.unit], levers.pay_year_mvnd[items.unit]
        moves = order * levers.order_moves[items.unit]
        effects = {
            "posts_budget": -(slim + moves),
            "posts_own": moves,
            "state_grant_mvnd": -(slim * pay + order * step),
            "recurrent_mvnd": -(slim * pay),
            "revenue_mvnd": order * step,
            "orders_mvnd": order * step,
        }
        return np.asarray(effects.get(name, np.zeros(len(items))), dtype=np.int64)

    def _open_sites(self, stage: int) -> Integers:
        """Per entry of the options: the sites of its unit that are open after a stage, as part of something public."""
        paths = self.paths
        ended = paths.closed | (paths.leaves[paths.option_of_entry] <= stage)
        return np.where((paths.joins <= stage) & ended, 0, self.standing[stage].figure("sites")[paths.members])

    def labels_after(self, column: str, stage: int) -> NDArray[np.object_]:
        return labels_after(self.scenario, self.units, column, stage)

    def codes_after(self, column: str, stage: int) -> LabelCodes:
        return codes_after(self.scenario, self.units, column, stage)

    def group_codes(self, column: str, stage: int) -> LabelCodes:
        """The label of every option's group after a stage."""
        if column == "autonomy_group":
            return LabelCodes.of_numbers(self.consequences.stages[stage]["autonomy_group"])
        if column == "function":
            return LabelCodes(self.scenario.terms.functions, self.consequences.stages[stage]["function"])
        return self.codes_after(column, stage).at(self.paths.hosts)

    @cached_property
    def _counted_elsewhere(self) -> Truths:
        """Entries whose group carries another label than the unit in some column that a rule's scope or `per` uses."""
        used = {name for rule in self.scenario.demands for name in rule.columns_of_amounts}
        elsewhere = np.zeros(len(self.paths.members), dtype=bool)
        for column in sorted(used - {"unit"}):
            for stage in range(len(self.scenario.stages)):
                own = self.codes_after(column, stage).at(self.paths.members)
                group = self.group_codes(column, stage).at(self.paths.option_of_entry)
                elsewhere |= own.differ_from(group) & (self.paths.joins <= stage)
        return elsewhere


class _Sums:
    """Coefficients collected by label; units and groups outside the scope or without the label add nothing."""

    def __init__(self, columns: Columns, labels: tuple[str, ...], scope: Where, per: str | None) -> None:
        self.columns, self.labels, self.scope, self.per = columns, labels, scope, per
        self.positions: Mapping[str, int] = {label: row for row, label in enumerate(labels)}
        self.parts: list[Entry] = []

    def _collect(self, rows: Integers, columns: Integers, values: Integers) -> None:
        useful = (rows >= 0) & (values != 0)
        self.parts.append((rows[useful], columns[useful], values[useful]))

    def add_groups(self, stage: int, values: Integers, public: Truths) -> None:
        columns = self.columns
        inside = public & columns.groups_in(self.scope, stage)
        rows = (
            np.zeros(len(values), np.int64)
            if self.per is None
            else columns.group_codes(self.per, stage).rows(self.positions)
        )
        self._collect(np.where(inside, rows, -1), np.arange(len(values)), values)

    def add_waiting(self, stage: int, values: Integers) -> None:
        """Units that have not joined yet stand by themselves (before the first stage: everyone)."""
        paths = self.columns.paths
        waiting = np.ones(len(paths.members), bool) if stage < -1 else paths.joins > stage
        entries = np.flatnonzero(waiting)
        members = paths.members[entries]
        rows = self._unit_rows(stage)[members]
        self._collect(rows, paths.option_of_entry[entries], values[members])

    def add_entries(self, stage: int, values: Integers) -> None:
        """Entry values, each under its own unit's labels."""
        paths = self.columns.paths
        self._collect(self._unit_rows(stage)[paths.members], paths.option_of_entry, values)

    def add_items(self, stage: int, values: Integers) -> None:
        items, options = self.columns.items, len(self.columns.paths)
        rows = np.where((items.stage <= stage) & (items.kind != OPEN), self._unit_rows(stage)[items.unit], -1)
        self._collect(rows, options + np.arange(len(items)), values)

    def add_openings(self, stage: int, amount: int) -> None:
        """An amount for every unit that begins to order in a stage."""
        items, options = self.columns.items, len(self.columns.paths)
        opened = (items.stage == stage) & (items.kind == OPEN)
        rows = np.where(opened, self._unit_rows(stage)[items.unit], -1)
        self._collect(rows, options + np.arange(len(items)), np.full(len(items), amount, dtype=np.int64))

    def add_placings(self, stage: int) -> None:
        """Severance that the State is spared in a stage, under the labels of the option whose people are placed."""
        columns, placings = self.columns, self.columns.items.moves.placings
        inside = columns.groups_in(self.scope, stage)[placings.option] & (placings.stage == stage)
        rows = np.zeros(len(placings), np.int64)
        if self.per is not None:
            rows = columns.group_codes(self.per, stage).at(placings.option).rows(self.positions)
        at = len(columns.paths) + np.flatnonzero(columns.items.kind == PLACED)
        self._collect(np.where(inside, rows, -1), at, -placings.spared_mvnd)

    def _unit_rows(self, stage: int) -> Integers:
        """The row of every unit by its own labels; -1 outside the scope."""
        columns = self.columns
        inside = columns.units_in(self.scope, stage)
        rows = (
            np.zeros(len(inside), np.int64)
            if self.per is None
            else columns.codes_after(self.per, stage).rows(self.positions)
        )
        return np.where(inside, rows, -1)

    def matrix(self) -> sparse.csr_array:
        rows, columns, values = (np.concatenate(part) for part in zip(*self.parts, strict=True))
        shape = (len(self.labels), len(self.columns))
        return sparse.coo_array((values, (rows, columns)), shape=shape, dtype=np.int64).tocsr()


def raise_does_something(paths: Paths, found: Consequences) -> Truths:
    """A raise must lift the group in the very stage for which it is listed."""
    useful = np.ones(len(paths), dtype=bool)
    for stage, figures in enumerate(found.stages):
        lifted = (figures["raised"] == 1) & (figures["self_financing"] == 1)
        useful &= (paths.raised != stage) | lifted
    return useful
