"""Less direct State spending on units."""

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BeforeValidator, model_validator

from models.program import Rows
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Amount, Percent, Year, _to_tuple

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.unit import Units

Period = Annotated[tuple[Year, Year], BeforeValidator(_to_tuple)]


class SpendingCut(Rule):
    """The yearly mean of direct State spending over `period` is at least a share below that over `baseline_period`.

    The baseline mean is `baseline_mvnd` where a document states it, else the sum of the units' own yearly means;
    means are compared by cross-multiplying, at constant prices.
    """

    rule: Literal["spending_cut"] = "spending_cut"
    at_least_percent: Percent
    period: Period
    baseline_period: Period
    baseline_mvnd: Amount | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SpendingCut":
        for name in ("period", "baseline_period"):
            first, last = getattr(self, name)
            if last < first:
                raise ValueError(f"rules.period:{name}")
        return self

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.units)
        yearly = [columns.direct_spending(year, labels, self.scope, self.per) for year in self._years]
        limits = [self._kept * base * len(self._years) for base in self._means(columns.units, labels).values()]
        spent = sum(yearly[1:], start=yearly[0])
        return at_most_rows(self.id, labels, spent, [int(limit // 1) for limit in limits])

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.units)
        spent = dict.fromkeys(labels, 0)
        for year in self._years:
            for label, amount in plan.direct_spending(year, labels, self.scope, self.per).items():
                spent[label] += amount
        means = self._means(plan.units, labels)
        return tuple(self._reading_of(label, spent[label], means[label]) for label in labels)

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        return self.columns_named

    @property
    def _kept(self) -> Fraction:
        return 1 - self.at_least_percent / 100

    @property
    def _years(self) -> range:
        return range(self.period[0], self.period[1] + 1)

    def _reading_of(self, label: str, spent: int, mean: Fraction) -> Reading:
        base = mean * len(self._years)
        cut = 100 * (base - spent) / base if base else Fraction(100 if spent == 0 else -100)
        return self.reading(
            label, year=self.period[1], wanted=self.at_least_percent, reached=cut, slack=cut - self.at_least_percent,
            numerator=int(base - spent), denominator=int(base),
        )  # fmt: skip

    def _means(self, units: "Units", labels: tuple[str, ...]) -> dict[str, Fraction]:
        if self.baseline_mvnd is not None and self.per is None:
            return {labels[0]: self.baseline_mvnd}
        sums = units.sums("state_grant_2021_2025_mvnd", labels, self.scope, self.per)
        return {label: Fraction(amount) for label, amount in sums.items()}
