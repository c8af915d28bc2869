"""Fewer posts paid from the State budget."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from scipy import sparse

from models.program import Rows
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Count, Percent, Schema, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.unit import Units

Terms = list[tuple[int, Fraction]]


class PayrollBaseline(Schema):
    """From which number a payroll cut counts.

    `assigned`: the number given here, else the posts assigned for the baseline year in the unit table, else today's;
    then cuts that the plan itself has in force by the baseline year lower the baseline and do not count.
    `fixed`: today's posts. `realised`: what the plan itself leaves in the baseline year (allowed, and flagged).
    """

    kind: Literal["assigned", "fixed", "realised"] = "assigned"
    posts: Count | None = None
    source: str = ""


class PayrollCut(Rule):
    """Posts paid from the State budget on 31 December of `year` are at least `at_least_percent` below the baseline."""

    rule: Literal["payroll_cut"] = "payroll_cut"
    year: Year
    at_least_percent: Percent
    baseline_year: Year
    baseline: PayrollBaseline = PayrollBaseline()

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.units)
        posts = columns.after("posts_budget", self.year, labels, self.scope, self.per)
        kept = self._kept
        if self._moving(columns.units):
            start = columns.after(
                "posts_budget", self._baseline_stage(columns.scenario.stages), labels, self.scope, self.per
            )
            matrix = sparse.csr_array(kept.denominator * posts - kept.numerator * start)
            return at_most_rows(self.id, labels, matrix, [0] * len(labels))
        bases = self._bases(columns.units, labels)
        limits = [kept.numerator * bases[label] for label in labels]
        return at_most_rows(self.id, labels, kept.denominator * posts, limits)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.units)
        posts = plan.after("posts_budget", self.year, labels, self.scope, self.per)
        if self._moving(plan.units):
            bases = plan.after("posts_budget", self._baseline_stage(plan.scenario.stages), labels, self.scope, self.per)
        else:
            bases = self._bases(plan.units, labels)
        return tuple(self._reading_of(label, posts[label], bases[label]) for label in labels)

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        return self.columns_named

    @property
    def _kept(self) -> Fraction:
        return 1 - self.at_least_percent / 100

    def _reading_of(self, label: str, posts: int, base: int) -> Reading:
        cut = Fraction(100 * (base - posts), base) if base else Fraction(100 if posts == 0 else -100)
        return self.reading(
            label, year=self.year, wanted=self.at_least_percent, reached=cut, slack=cut - self.at_least_percent,
            numerator=base - posts, denominator=base,
        )  # fmt: skip

    def _moving(self, units: "Units") -> bool:
        """The baseline is what the plan itself leaves: asked for, or because nobody stated the assigned number."""
        if self.baseline.kind == "realised":
            return True
        stated = self.baseline.posts is not None or not units.assumed_anywhere("posts_budget_2025")
        return self.baseline.kind == "assigned" and not stated

    def _baseline_stage(self, stages: "tuple[object, ...]") -> int:
        years = [stage.year for stage in stages if stage.year <= self.baseline_year]  # type: ignore[attr-defined]
        return max(years) if years else 0

    def _bases(self, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        if self.baseline.posts is not None and self.per is None:
            return {labels[0]: self.baseline.posts}
        column = "posts_budget" if self.baseline.kind == "fixed" else "posts_budget_2025"
        return units.sums(column, labels, self.scope, self.per)
