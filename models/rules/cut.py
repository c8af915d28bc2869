"""What cuts share: a percentage off a baseline, compared by cross-multiplying."""

from abc import abstractmethod
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from models.exact import round_half_up
from models.falls import Saved
from models.program import Rows
from models.robust import worst
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Percent

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


@dataclass(frozen=True, eq=False)
class Sums:
    """What a cut adds up, by label: (labels x columns), the exact limits and what a share is one of, in row units."""

    labels: tuple[str, ...]
    matrix: sparse.csr_array
    limits: list[Fraction]
    baseline: list[int]


def cut_percent(base: int, reached: Fraction | int) -> Fraction:
    """By how many percent a sum lies below its baseline; of nothing, zero is a cut by 100%, more a growth by 100%."""
    return Fraction(100 * (base - reached), base) if base else Fraction(-100 if reached else 100)


class Cut(Rule):
    """A sum falls by at least `at_least_percent` of its baseline.

    With nothing in the baseline a sum of zero counts as cut by 100%, any other as grown by 100%.
    """

    at_least_percent: Percent

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        return self.columns_named

    @abstractmethod
    def sums(self, columns: "Columns") -> Sums:
        """What is added up, and the most that it may come to."""

    @abstractmethod
    def savings(self, columns: "Columns") -> sparse.csr_array:
        """(labels x (options, items)): what every decision takes off the sums, in the same unit."""

    @abstractmethod
    def saved(self, plan: "Plan") -> Saved:
        """What every unit's decisions take off the sum that its label is measured by."""

    def rows(self, columns: "Columns") -> Rows:
        """The sums with what is held in reserve for savings that fall short, where the scenario asks for that."""
        sums = self.sums(columns)
        times, reserve = columns.guards.reserve(self.id, sums.labels, len(columns))
        matrix = sparse.csr_array(sparse.diags_array(times, dtype=np.int64) @ sums.matrix + reserve)
        limits = [int(limit * each // 1) for limit, each in zip(sums.limits, times, strict=True)]
        bases = [base * each for base, each in zip(sums.baseline, times, strict=True)]
        return at_most_rows(self.id, sums.labels, matrix, limits, baseline=bases)

    def reserve(self, plan: "Plan") -> Mapping[str, Fraction]:
        """By label, what the worst savings fall short of: as many of them as the budget says."""
        robust = plan.scenario.robust
        budget = robust.budget_of(self.id)
        if not budget:
            return {}
        amounts: dict[str, list[Fraction]] = defaultdict(list)
        quality = plan.units.text("data_quality")
        for (label, unit), amount in self.saved(plan).items():
            amounts[label].append(amount * robust.deviation_percent[str(quality[unit])] / 100)
        return {label: worst(found, budget) for label, found in amounts.items()}

    @property
    def kept(self) -> Fraction:
        """The share of the baseline that may remain."""
        return 1 - self.at_least_percent / 100

    def cut_reading(
        self, label: str, year: int, sides: tuple[int, Fraction | int], reserve: Mapping[str, Fraction]
    ) -> Reading:
        """By how many percent a label's sum fell; the slack is what is left when the worst savings fall short.

        sides: the baseline and the sum.
        """
        base, reached = sides
        cut, short = cut_percent(base, reached), reserve.get(label, Fraction(0))
        found = self.reading(
            label, year=year, wanted=self.at_least_percent, reached=cut,
            slack=cut_percent(base, reached + short) - self.at_least_percent,
            numerator=round_half_up(base - reached), denominator=base,
        )  # fmt: skip
        return replace(found, protected=short)
