"""The eligible units become joint stock companies."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.carried import Carried, Target, per_hundred
from models.equitization import eligible
from models.exact import Integers
from models.program import Rows
from models.rules.rule import Reading, Rule, at_least_rows
from models.schema import Percent, Year
from models.terms import Terms

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.unit import Units


class Equitization(Rule):
    """At least a share of the units that are eligible by 31 December of `year` has been equitized by then.

    The eligible set is fixed from the input: only equitizing satisfies it; merging, dissolving or lowering an
    eligible unit leaves it unmet, and a unit that the plan raises never joins the set.
    """

    rule: Literal["equitization"] = "equitization"
    year: Year
    at_least_percent: Percent = Fraction(100)

    def rows(self, columns: "Columns") -> Rows:
        terms = columns.scenario.terms
        done = columns.equitized(self.year, self._eligible(terms, columns.units))
        labels = self.labels(columns.scenario, columns.units)
        wanted = self._wanted(terms, columns.units, labels)
        matrix = columns.by_label(done, labels, self.per)
        counts = self._counts(terms, columns.units, labels)
        whole = [counts[label] for label in labels]
        return at_least_rows(self.id, labels, matrix, [wanted[label] for label in labels], baseline=whole)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        counts = self._counts(plan.scenario.terms, plan.units, labels)
        chosen = self._eligible(plan.scenario.terms, plan.units)
        companies = [unit for unit in plan.equitized(self.year) if chosen[unit]]
        done = plan.units.chosen_counts(companies, labels, self.scope, self.per)
        return tuple(self._reading_of(label, done[label], counts[label]) for label in labels)

    def broken_by(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:
        """Eligible units that have not become companies."""
        left = self._eligible(plan.scenario.terms, plan.units).astype(bool)
        left[list(plan.equitized(self.year))] = False
        if self.per is not None:
            left &= plan.units.labels(self.per).astype(str) == reading.label
        return tuple(plan.units.ids[unit] for unit in np.flatnonzero(left))

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Equitizing alone counts."""
        labels = self.labels(plan.scenario, plan.units)
        readings = dict(zip(labels, self.measure(plan), strict=True))
        gave = {(label, "equitize"): reading.numerator for label, reading in readings.items()}
        wholes = {label: reading.denominator for label, reading in readings.items()}
        return Target(self, self.year).rows(labels, gave, per_hundred(wholes))

    def _reading_of(self, label: str, done: int, counted: int) -> Reading:
        reached = Fraction(100 * done, counted) if counted else Fraction(100)
        return self.reading(
            label, year=self.year, wanted=self.at_least_percent, reached=reached,
            slack=reached - self.at_least_percent, numerator=done, denominator=counted,
        )  # fmt: skip

    def _eligible(self, terms: Terms, units: "Units") -> Integers:
        return (eligible(terms, units, self.year) & units.matches(self.scope)).astype(np.int64)

    def _counts(self, terms: Terms, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        return units.chosen_counts(np.flatnonzero(self._eligible(terms, units)).tolist(), labels, self.scope, self.per)

    def _wanted(self, terms: Terms, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        """The smallest whole number that reaches the share."""
        counts = self._counts(terms, units, labels)
        return {label: -int(-(self.at_least_percent * counts[label]) // 100) for label in labels}
