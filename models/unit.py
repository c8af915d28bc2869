"""Public service units as a columnar table: one row a unit, figures as whole numbers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers
from models.label_codes import LabelCodes

Texts = NDArray[np.object_]
Kind = Literal["text", "choice", "count", "money", "pay", "degrees", "yes_no", "year_or_no", "ids"]


@dataclass(frozen=True)
class Column:
    """What a column of the unit table holds.

    `default` is what an absent or empty cell means (None: the cell is required); a choice without `choices` is one of
    the vocabulary's (levels, functions, autonomy groups: models.terms);
    money is whole million VND, pay is whole VND a month, counts are whole and not negative. Bounds catch
    slips (dong where million dong belongs, latitude and longitude swapped), they are no rules of the field.
    """

    name: str
    kind: Kind
    default: object = None
    choices: tuple[str, ...] = ()
    at_most: int = 10**9
    at_least: int = 0

    @property
    def required(self) -> bool:
        return self.default is None


RATINGS = ("excellent", "good", "completed", "not_completed")
QUALITIES = ("measured", "estimated", "assumed", "invented")

# No unit of a province comes near these; what is larger is a slip, and products of such figures could leave 64 bits.
MOST_PEOPLE = 200_000
MOST_USERS = 10**8
MOST_THINGS = 10**6
MOST_MVND = 10**8

# A column without a stated default is required. Defaults that follow from other cells (present posts,
# the 2021-2025 mean, coordinates) are written as "" here and filled by whoever reads a table. A land plan is
# 0 (no), 1 (yes) or the year of its approval.
COLUMNS: tuple[Column, ...] = (
    Column("id", "text"),
    Column("name", "text"),
    Column("sector", "text"),
    Column("kind", "text"),
    Column("function", "choice"),
    Column("level", "choice"),
    Column("parent", "text"),
    Column("commune", "text"),
    Column("posts_budget", "count", at_most=MOST_PEOPLE),
    Column("posts_own", "count", at_most=MOST_PEOPLE),
    Column("heads", "count", at_most=MOST_PEOPLE),
    Column("deputies", "count", at_most=MOST_PEOPLE),
    Column("revenue_mvnd", "money", at_most=MOST_MVND),
    Column("recurrent_mvnd", "money", at_most=MOST_MVND),
    Column("state_grant_mvnd", "money", at_most=MOST_MVND),
    Column("district", "text", ""),
    Column("area", "text", ""),
    Column("commune_2025", "text", ""),
    Column("lat", "degrees", "", at_least=6, at_most=24),
    Column("lon", "degrees", "", at_least=101, at_most=118),
    Column("contracts", "count", 0, at_most=MOST_PEOPLE),
    Column("shared_posts", "count", 1, at_most=MOST_PEOPLE),
    Column("support_posts", "count", 1, at_most=MOST_PEOPLE),
    Column("professional_posts", "count", "", at_most=MOST_PEOPLE),
    *(Column(f"grade_{grade}", "count", 0, at_most=MOST_PEOPLE) for grade in (1, 2, 3, 4)),
    Column("present_budget", "count", "", at_most=MOST_PEOPLE),
    Column("present_own", "count", "", at_most=MOST_PEOPLE),
    Column("posts_budget_2025", "count", "", at_most=MOST_PEOPLE),
    Column("state_grant_2021_2025_mvnd", "money", "", at_most=MOST_MVND),
    Column("autonomy_group", "choice", ""),
    Column("orders_mvnd", "money", 0, at_most=MOST_MVND),
    Column("orderable_mvnd", "money", 0, at_most=MOST_MVND),
    Column("fee_room_mvnd", "money", 0, at_most=MOST_MVND),
    Column("investment_self_mvnd", "money", 0, at_most=MOST_MVND),
    Column("depreciation_mvnd", "money", 0, at_most=MOST_MVND),
    Column("users", "count", 0, at_most=MOST_USERS),
    Column("classes", "count", 0, at_most=MOST_THINGS),
    Column("beds", "count", 0, at_most=MOST_THINGS),
    Column("sites", "count", 1, at_most=MOST_THINGS),
    Column("site_cost_mvnd", "money", 0, at_most=MOST_MVND),
    Column("buildings", "count", 1, at_most=MOST_THINGS),
    Column("performance", "choice", "completed", choices=RATINGS),
    Column("ineffective_years", "count", 0, at_most=100),
    Column("dissolution_ground", "text", ""),
    Column("receiver", "text", ""),
    Column("equitization_listed", "yes_no", 0),
    Column("land_plan_approved", "year_or_no", 0),
    Column("state_capital_mvnd", "money", 0, at_most=MOST_MVND),
    Column("avg_pay_vnd_month", "pay", 12_500_000, at_least=1_000_000, at_most=500_000_000),
    Column("avg_insured_months", "count", 180, at_most=720),
    Column("planned", "text", ""),
    Column("data_quality", "choice", "estimated", choices=QUALITIES),
    Column("measured_columns", "ids", ""),
    Column("note", "text", ""),
)
BY_NAME: Mapping[str, Column] = {column.name: column for column in COLUMNS}
DERIVED_FIGURES = ("posts", "staff", "state_outlay_mvnd")
RETIRING = "retiring_by_"  # followed by a year: people who reach retirement age from the as-of day to its end
NOT_ADDED_UP = ("avg_insured_months", "ineffective_years")  # counts that no sum over units means anything of


@dataclass(frozen=True, eq=False)
class Units:
    """All units of a scenario, in the order of their ids, as they stand today or at the end of a year.

    texts: column -> object array of str; figures: column -> int64 array (choices of autonomy group,
    yes/no and years included); degrees: (n, 2) latitude and longitude in decimal degrees;
    assumed: column -> which cells were absent and took a default; later: column -> what planned units bring once
    they stand (0 for the others); year: at whose end the table stands (0: today).
    """

    ids: tuple[str, ...]
    texts: Mapping[str, Texts]
    figures: Mapping[str, Integers]
    degrees: NDArray[np.float64]
    assumed: Mapping[str, NDArray[np.bool_]] = field(default_factory=dict)
    later: Mapping[str, Integers] = field(default_factory=dict)
    year: int = 0

    @staticmethod
    def of_table(
        ids: tuple[str, ...], texts: Mapping[str, Texts], figures: Mapping[str, Integers], degrees: NDArray[np.float64],
        assumed: Mapping[str, NDArray[np.bool_]],
    ) -> "Units":  # fmt: skip
        """The units of a table as it was read: what planned units will bring is set aside until they stand."""
        planned = texts["planned"] != ""
        if not planned.any():
            return Units(ids, texts, figures, degrees, assumed)
        later = {name: np.where(planned, values, 0) for name, values in figures.items() if adds_up(name)}
        today = {name: values - later.get(name, 0) for name, values in figures.items()}
        return Units(ids, texts, today, degrees, assumed, later)

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def created(self) -> Integers:
        """The year in which each planned unit comes to stand; 0 for units that stand today."""
        return np.array([int(when[:4]) if when else 0 for when in self.texts["planned"]], dtype=np.int64)

    @property
    def planned(self) -> NDArray[np.bool_]:
        """Units that do not stand yet today."""
        return self.created > 0

    @property
    def exists(self) -> NDArray[np.bool_]:
        """Units that stand when the table does."""
        return self.created <= self.year

    def stated(self, column: str) -> Integers:
        """A figure as the table states it, planned units included."""
        return self.figures[column] + self.later[column] if column in self.later else self.figures[column]

    @cached_property
    def positions(self) -> Mapping[str, int]:
        return {unit: position for position, unit in enumerate(self.ids)}

    def of_rows(self, rows: NDArray[np.int64]) -> "Units":
        """Some of the units, in the order of the table."""
        return Units(
            tuple(self.ids[row] for row in rows),
            {name: values[rows] for name, values in self.texts.items()},
            {name: values[rows] for name, values in self.figures.items()},
            self.degrees[rows],
            {name: values[rows] for name, values in self.assumed.items()},
            {name: values[rows] for name, values in self.later.items()},
            self.year,
        )

    def investment_margin(self, covering: Iterable[int]) -> Integers:
        """Own investment money less depreciation.

        Without either figure a unit in one of the groups that cover investment counts as just covered.
        """
        own, worn = self.figures["investment_self_mvnd"], self.figures["depreciation_mvnd"]
        unknown = np.where(np.isin(self.figures["autonomy_group"], list(covering)), 0, -1)
        return np.where((own == 0) & (worn == 0), unknown, own - worn)

    @cached_property
    def posts(self) -> Integers:
        return self.figures["posts_budget"] + self.figures["posts_own"]

    @cached_property
    def staff(self) -> Integers:
        """People present, never more than the assigned posts."""
        staff: Integers = np.minimum(self.figures["present_budget"] + self.figures["present_own"], self.posts)
        return staff

    @cached_property
    def state_outlay_mvnd(self) -> Integers:
        """What the State pays a year today: direct grant and orders."""
        return self.figures["state_grant_mvnd"] + self.figures["orders_mvnd"]

    def text(self, column: str) -> Texts:
        return self.texts[column]

    def figure(self, column: str) -> Integers:
        return self.figures[column]

    def retiring_by(self, year: int) -> Integers:
        """People who reach retirement age by the end of `year`: the latest stated year that is not after it."""
        years = [int(name[len(RETIRING) :]) for name in self.figures if name.startswith(RETIRING)]
        stated = [y for y in years if y <= year]
        return self.figures[f"{RETIRING}{max(stated)}"] if stated else np.zeros(len(self), dtype=np.int64)

    def matches(self, where: Mapping[str, Iterable[object]]) -> NDArray[np.bool_]:
        """Units that a `where` table names: a column to its allowed values, `column_not` to the refused ones."""
        chosen = np.ones(len(self), dtype=bool)
        for key, values in where.items():
            name, refused = (key[:-4], True) if key.endswith("_not") else (key, False)
            chosen &= self.codes(name).among(values) != refused
        return chosen

    def sums(
        self, figure: str, labels: tuple[str, ...], scope: Mapping[str, Iterable[object]], per: str | None
    ) -> dict[str, int]:
        """A figure of today's units in a scope, summed by label (all under the first label without `per`)."""
        return self.added(self.figure_of(figure), labels, scope, per)

    def added(
        self, values: Integers, labels: tuple[str, ...], scope: Mapping[str, Iterable[object]], per: str | None
    ) -> dict[str, int]:
        """(n) values of the units in a scope, summed by label in the same way."""
        inside = self.matches(scope)
        if per is None:
            return {labels[0]: int(values[inside].sum())}
        rows = self.codes(per).rows({label: row for row, label in enumerate(labels)})
        counted, totals = inside & (rows >= 0), np.zeros(len(labels), dtype=np.int64)
        np.add.at(totals, rows[counted], values[counted])
        return dict(zip(labels, totals.tolist(), strict=True))

    def counts(self, labels: tuple[str, ...], scope: Mapping[str, Iterable[object]], per: str | None) -> dict[str, int]:
        """How many of today's units lie in a scope, by label."""
        return self.sums("units", labels, scope, per)

    def chosen_counts(
        self, chosen: Iterable[int], labels: tuple[str, ...], scope: Mapping[str, Iterable[object]], per: str | None
    ) -> dict[str, int]:
        """How many of some units lie in a scope, by label of today."""
        counts = dict.fromkeys(labels, 0)
        inside, names = self.matches(scope), None if per is None else self.labels(per)
        for unit in chosen:
            label = labels[0] if names is None else str(names[unit])
            if inside[unit] and label in counts:
                counts[label] += 1
        return counts

    def figure_of(self, name: str) -> Integers:
        """A figure of today by its name, derived ones included."""
        if name == "units":
            return self.exists.astype(np.int64)
        if name == "places":
            return self.figures["sites"]
        if name == "surplus_leaders":
            return np.zeros(len(self), dtype=np.int64)
        return np.asarray(getattr(self, name)) if name in DERIVED_FIGURES else self.figures[name]

    def assumed_in(self, column: str, scope: Mapping[str, Iterable[object]]) -> bool:
        """Whether any cell of a column took a default among the units in a scope."""
        return bool(self.assumed[column][self.matches(scope)].any()) if column in self.assumed else False

    def labels(self, column: str) -> Texts:
        """A column as labels to select or group by; `unit` is the id itself."""
        if column == "unit":
            return np.array(self.ids, dtype=object)
        if column in self.texts:
            return self.texts[column]
        return self.figures[column].astype(str).astype(object)

    def codes(self, column: str) -> LabelCodes:
        """The same labels as numbers, worked out once."""
        if column not in self._codes:
            self._codes[column] = LabelCodes.of(self.labels(column))
        return self._codes[column]

    @cached_property
    def _codes(self) -> dict[str, LabelCodes]:
        return {}


def adds_up(column: str) -> bool:
    """Whether a figure of several units is the sum of theirs."""
    if column.startswith(RETIRING):
        return True
    return BY_NAME[column].kind in ("count", "money") and column not in NOT_ADDED_UP
