"""Fewer public units."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator
from scipy import sparse

from models.carried import Carried, Target, one_each
from models.falls import UnitCount, falls_of, today_of
from models.pinned import labels_to_come
from models.program import Rows
from models.rules.rule import Fact, Reading, Rule, at_most_rows
from models.schema import Count, Percent, Schema, Where, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.unit import Units


WAYS = {"equitized": "equitize", "converted": "convert", "dissolved": "dissolve", "merged": "merge"}
"""How units end, and the fate that ends them."""


class UnitBaseline(Schema):
    """The number of units from which a reduction counts, as some document states it."""

    units: Count
    date: str | None = None
    source: str = ""


class UnitReduction(Rule):
    """The baseline count less the public units that remain on 31 December of `year` is at least `at_least`.

    Units that a legal duty creates (column `planned`) are no part of today's count; `count = "gross"` leaves them out
    of what remains as well, unless they have taken in a unit that stands today. Units that were equitized, converted
    or dissolved have left; where [counting] says that equitizing does not count, those units are counted as if they
    remained. Without a baseline today's count in the scope is meant.
    """

    rule: Literal["unit_reduction"] = "unit_reduction"
    year: Year
    at_least: Count | None = None
    at_least_percent: Percent | None = None
    baseline: UnitBaseline | None = None
    count: Literal["net", "gross"] = "net"

    @model_validator(mode="after")
    def _one_amount(self) -> "UnitReduction":
        if (self.at_least is None) == (self.at_least_percent is None):
            raise ValueError("rules.one_of:at_least,at_least_percent")
        if self.baseline is not None and self.per is not None:
            raise ValueError("rules.baseline_per:baseline,per")
        return self

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        remaining = columns.after("units", self.year, labels, self.scope, self.per)
        if self.count == "gross":
            remaining = remaining - columns.after("created", self.year, labels, self.scope, self.per)
        if not columns.scenario.counting.equitized_counts_as_reduction:
            remaining = remaining + columns.left_as_companies(self.year, labels, self._companies, self.per)
        wanted = self._wanted(columns.units, labels)
        limits = [(base[0] - base[1]) for base in wanted]
        scale = [limit.denominator for limit in limits]
        matrix = sparse.csr_array(sparse.diags_array(scale, dtype="int64") @ remaining)
        counted = [base * times for (base, _), times in zip(wanted, scale, strict=True)]
        return at_most_rows(self.id, labels, matrix, [limit.numerator for limit in limits], baseline=counted)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        remaining = self._remaining(plan, self.year, labels)
        return tuple(
            self.reading(
                label, year=self.year, wanted=wanted, reached=base - remaining[label],
                slack=base - remaining[label] - wanted, numerator=base - remaining[label], denominator=base,
            )
            for label, (base, wanted) in zip(labels, self._wanted(plan.units, labels), strict=True)
        )  # fmt: skip

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The reduction after every stage, how units went and came by `year`, and the net reduction of every level."""
        labels = self.labels(plan.scenario, plan.units)
        bases = {label: base for label, (base, _) in zip(labels, self._wanted(plan.units, labels), strict=True)}
        facts: list[Fact] = []
        for year in (stage.year for stage in plan.scenario.stages):
            remaining = self._remaining(plan, year, labels)
            fewer = {label: bases[label] - remaining[label] for label in labels}
            facts += self.tally("reduction", year, fewer, bases)
        for what, counts in self._ways(plan, labels).items():
            facts += self.tally(what, self.year, counts, bases)
        return (*facts, *self._by_level(plan))

    def _ways(self, plan: "Plan", labels: tuple[str, ...]) -> dict[str, dict[str, int]]:
        """Units that a legal duty created, and those that ended in each way, by their own columns of today."""
        ways = {"created": plan.after("created", self.year, labels, self.scope, self.per)}
        for what, fate in WAYS.items():
            ways[what] = plan.units.chosen_counts(plan.ended(fate, self.year), labels, self.scope, self.per)
        return ways

    def _by_level(self, plan: "Plan") -> list[Fact]:
        """Units fewer at every level, those created included; a transfer moves a unit from one level to another."""
        inside = plan.units.matches(self.scope)
        levels = {str(level) for level in plan.units.labels("level")[inside]} | labels_to_come(plan.scenario, "level")
        names = tuple(sorted(levels))
        today = plan.units.sums("units", names, self.scope, "level")
        after = plan.after("units", self.year, names, self.scope, "level")
        fewer = {name: today[name] - after[name] for name in names}
        return [
            Fact(self.id, "net_reduction_of_level", name, self.year, Fraction(fewer[name]), fewer[name], today[name])
            for name in names
        ]

    def _remaining(self, plan: "Plan", year: int, labels: tuple[str, ...]) -> dict[str, int]:
        """What counts as remaining on 31 December of a stage's year."""
        remaining = plan.after("units", year, labels, self.scope, self.per)
        if self.count == "gross":
            created = plan.after("created", year, labels, self.scope, self.per)
            remaining = {label: remaining[label] - created[label] for label in labels}
        if not plan.scenario.counting.equitized_counts_as_reduction:
            left = plan.left_as_companies(year, labels, self._companies, self.per)
            remaining = {label: remaining[label] + left[label] for label in labels}
        return remaining

    @property
    def _companies(self) -> Where:
        """Which equitized units count as if they remained: gross, none that the plan's duty had to create."""
        return {"planned": ("",), **self.scope} if self.count == "gross" else self.scope

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Units fewer than the baseline, by what became of them; who left without counting as fewer gives nothing."""
        labels = self.labels(plan.scenario, plan.units)
        gave = dict(falls_of(plan, self, UnitCount(), plan.scenario.stage_of(self.year)))
        if not plan.scenario.counting.equitized_counts_as_reduction:
            left = plan.left_as_companies(self.year, labels, self._companies, self.per)
            gave |= {(label, "equitize"): gave.get((label, "equitize"), 0) - left[label] for label in labels}
        if self.count == "gross":
            created = plan.after("created", self.year, labels, self.scope, self.per)
            gave |= {(label, "create"): gave.get((label, "create"), 0) + created[label] for label in labels}
        today = today_of(plan, self, UnitCount())
        for label, reading in zip(labels, self.measure(plan), strict=True):
            gave[label, "before"] = reading.denominator - today[label]
        return Target(self, self.year).rows(labels, gave, one_each)

    def _wanted(self, units: "Units", labels: tuple[str, ...]) -> list[tuple[int, Fraction]]:
        """Per label the baseline count and the wanted reduction, exactly."""
        counts = units.sums("units", labels, self.scope, self.per)
        bases = [self.baseline.units if self.baseline else counts[label] for label in labels]
        if self.at_least is not None:
            return [(base, Fraction(self.at_least)) for base in bases]
        assert self.at_least_percent is not None
        return [(base, self.at_least_percent * base / 100) for base in bases]
