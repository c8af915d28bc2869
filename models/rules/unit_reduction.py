"""Fewer public units."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator
from scipy import sparse

from models.carried import Carried, Target, one_each
from models.falls import UnitCount, falls_of, today_of
from models.program import Rows
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Count, Percent, Schema, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.unit import Units


class UnitBaseline(Schema):
    """The number of units from which a reduction counts, as some document states it."""

    units: Count
    date: str | None = None
    source: str = ""


class UnitReduction(Rule):
    """The baseline count less the public units that remain on 31 December of `year` is at least `at_least`.

    Units that were equitized, converted or dissolved have left; where [counting] says that equitizing does not count,
    those units are counted as if they remained. Without a baseline today's count in the scope is meant.
    """

    rule: Literal["unit_reduction"] = "unit_reduction"
    year: Year
    at_least: Count | None = None
    at_least_percent: Percent | None = None
    baseline: UnitBaseline | None = None

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
        if not columns.scenario.counting.equitized_counts_as_reduction:
            remaining = remaining + columns.left_as_companies(self.year, labels, self.scope, self.per)
        wanted = self._wanted(columns.units, labels)
        limits = [(base[0] - base[1]) for base in wanted]
        scale = [limit.denominator for limit in limits]
        matrix = sparse.csr_array(sparse.diags_array(scale, dtype="int64") @ remaining)
        return at_most_rows(self.id, labels, matrix, [limit.numerator for limit in limits])

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        remaining = plan.after("units", self.year, labels, self.scope, self.per)
        if not plan.scenario.counting.equitized_counts_as_reduction:
            left = plan.left_as_companies(self.year, labels, self.scope, self.per)
            remaining = {label: remaining[label] + left[label] for label in labels}
        return tuple(
            self.reading(
                label, year=self.year, wanted=wanted, reached=base - remaining[label],
                slack=base - remaining[label] - wanted, numerator=base - remaining[label], denominator=base,
            )
            for label, (base, wanted) in zip(labels, self._wanted(plan.units, labels), strict=True)
        )  # fmt: skip

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Units fewer than the baseline, by what became of them; who left without counting as fewer gives nothing."""
        labels = self.labels(plan.scenario, plan.units)
        gave = dict(falls_of(plan, self, UnitCount(), plan.scenario.stage_of(self.year)))
        if not plan.scenario.counting.equitized_counts_as_reduction:
            left = plan.left_as_companies(self.year, labels, self.scope, self.per)
            gave |= {(label, "equitize"): gave.get((label, "equitize"), 0) - left[label] for label in labels}
        today = today_of(plan, self, UnitCount())
        for label, reading in zip(labels, self.measure(plan), strict=True):
            gave[label, "before"] = reading.denominator - today[label]
        return Target(self, self.year).rows(labels, gave, one_each)

    def _wanted(self, units: "Units", labels: tuple[str, ...]) -> list[tuple[int, Fraction]]:
        """Per label the baseline count and the wanted reduction, exactly."""
        counts = units.counts(labels, self.scope, self.per)
        bases = [self.baseline.units if self.baseline else counts[label] for label in labels]
        if self.at_least is not None:
            return [(base, Fraction(self.at_least)) for base in bases]
        assert self.at_least_percent is not None
        return [(base, self.at_least_percent * base / 100) for base in bases]
