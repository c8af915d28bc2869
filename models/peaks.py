"""Criteria that are the largest of several values: how far the worst commune must go, how much of an area is touched.

Each is a column of its own above every label's value, in whole numbers rounded up, tied to the options by one row per
label. A criterion that has neither a price nor a step of the order has no column.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.exact import NO_LIMIT_ABOVE, Integers
from models.program import Rows
from models.rules.workload import touched_by

if TYPE_CHECKING:
    from models.columns import Columns

Labels = NDArray[np.object_]
PERMILLE = 1000


@dataclass(frozen=True, eq=False)
class Peak:
    """One criterion: the largest over labels of (amounts of the chosen options / of_all), each rounded up.

    amounts: (labels x options) int64, not negative; of_all: (labels) int64, above 0; first: number of options.
    """

    name: str
    labels: tuple[str, ...]
    amounts: sparse.csr_array
    of_all: Integers
    upper: int

    def reached(self, chosen: Integers) -> int:
        """The value of a plan: 0/1 per option."""
        return int((-(-(self.amounts @ chosen) // self.of_all)).max(initial=0))


@dataclass(frozen=True, eq=False)
class Peaks:
    """The columns of the criteria that the scenario prices or puts in order, in the order of `PEAKS`."""

    of: Sequence[Peak]

    def __len__(self) -> int:
        return len(self.of)

    @property
    def upper(self) -> Integers:
        return np.array([peak.upper for peak in self.of], dtype=np.int64)

    def marks(self, name: str) -> Integers:
        """1 in the criterion's own column."""
        return np.array([peak.name == name for peak in self.of], dtype=np.int64)

    def reach(self, name: str) -> int:
        """How often a column of the criterion can count at most: 1 for one that is a sum."""
        return max((peak.upper for peak in self.of if peak.name == name), default=1)

    def reached(self, chosen: Integers) -> Integers:
        return np.array([peak.reached(chosen) for peak in self.of], dtype=np.int64)

    def rows(self, width: int) -> list[Rows]:
        """Per label: the column times all of the label, less what the options add, is at least nothing."""
        return [self._rows(peak, width - len(self) + place, width) for place, peak in enumerate(self.of)]

    def _rows(self, peak: Peak, place: int, width: int) -> Rows:
        count, entries = len(peak.labels), peak.amounts.tocoo()
        rows = np.concatenate([entries.row, np.arange(count)])
        columns = np.concatenate([entries.col, np.full(count, place)])
        values = np.concatenate([-entries.data, peak.of_all])
        matrix = sparse.coo_array((values, (rows, columns)), shape=(count, width), dtype=np.int64).tocsr()
        open_ = np.full(count, NO_LIMIT_ABOVE)
        return Rows(peak.name, peak.labels, matrix, np.zeros(count, dtype=np.int64), open_).reduced()


@dataclass(frozen=True)
class Height:
    """Of one criterion: the largest value that any option can bring, and the labels to which any option adds."""

    name: str
    upper: int
    labels: tuple[str, ...]

    def joined(self, other: "Height") -> "Height":
        return Height(self.name, max(self.upper, other.upper), tuple(sorted({*self.labels, *other.labels})))


def peaks_of(columns: "Columns") -> Peaks:
    """The peaks that count for something: those with a price or a step of the order.

    Where the columns are only some of all, they are as high as all of them need.
    """
    found = {"worst_commune_m": _worst_commune, "most_touched_permille": _most_touched}
    return Peaks([found[name](columns) for name in columns.scenario.objective.peaks])


def heights_of(columns: "Columns") -> list[Height]:
    """How high these columns can go."""
    return [Height(peak.name, peak.upper, peak.labels) for peak in columns.peaks.of]


def _worst_commune(columns: "Columns") -> Peak:
    """Metres that the users of a commune's sector (or kind) go further on average when sites close."""
    paths, units = columns.paths, columns.standing[-1]
    metres = columns.consequences.metres * paths.closed
    groups = zip(units.text("commune"), units.text(columns.scenario.objective.user_groups), strict=True)
    labels = np.array([f"{commune}, {group}" for commune, group in groups], dtype=object)
    users = units.figure("users")
    further = users[paths.members] * metres
    return _peak(columns, "worst_commune_m", (labels, users, further), int(metres.max(initial=0)))


def _most_touched(columns: "Columns") -> Peak:
    """The share of an area's units (or of their people) in a structural decision, per thousand."""
    paths, units, objective = columns.paths, columns.units, columns.scenario.objective
    each = (units.staff if objective.touched == "people" else np.ones(len(units), np.int64)) * ~units.planned
    touched = touched_by(columns, len(columns.scenario.stages) - 1) * each[paths.members]
    labels = units.labels(objective.touched_per).astype(str).astype(object)
    return _peak(columns, "most_touched_permille", (labels, each, PERMILLE * touched), PERMILLE)


def _peak(columns: "Columns", name: str, parts: tuple[Labels, Integers, Integers], upper: int) -> Peak:
    """parts: per unit its label and its part of the whole, per entry of the options what it adds."""
    labels, whole, added = parts
    names, place = np.unique(labels.astype(str), return_inverse=True)
    paths = columns.paths
    rows = place[paths.members]
    useful = added != 0
    shape = (len(names), len(paths))
    matrix = sparse.coo_array((added[useful], (rows[useful], paths.option_of_entry[useful])), shape=shape).tocsr()
    of_all = np.zeros(len(names), dtype=np.int64)
    np.add.at(of_all, place, whole)
    own = Height(name, upper, tuple(names[np.bincount(rows[useful], minlength=len(names)) > 0]))
    height = own if columns.extent is None else columns.extent.height_of(name)
    counted = np.searchsorted(names, np.array(height.labels, dtype=names.dtype))
    return Peak(name, height.labels, sparse.csr_array(matrix[counted]), of_all[counted], height.upper)
