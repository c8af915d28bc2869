"""Less direct State spending on units."""

from collections import defaultdict
from collections.abc import Callable
from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import model_validator

from models.carried import Carried, Target, per_hundred
from models.falls import DirectSpending, falls_of, today_of
from models.program import Rows
from models.rules.cut import Cut, cut_percent
from models.rules.rule import Fact, Reading, at_most_rows
from models.schema import AS_TUPLE, Count, Where, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units

Yearly = Callable[[int, tuple[str, ...], Where, str | None], dict[str, int]]
Period = Annotated[tuple[Year, Year], AS_TUPLE]

TABLED_PERIOD = (2021, 2025)  # the years whose mean the unit table holds


class SpendingCut(Cut):
    """The yearly mean of direct State spending over `period` is at least a share below that over `baseline_period`.

    The baseline mean is `baseline_mvnd` where a document states it, else the sum of the units' own yearly means;
    means are compared by cross-multiplying, at constant prices.
    """

    rule: Literal["spending_cut"] = "spending_cut"
    period: Period
    baseline_period: Period
    baseline_mvnd: Count | None = None

    @model_validator(mode="after")
    def _in_order(self) -> "SpendingCut":
        for name in ("period", "baseline_period"):
            first, last = getattr(self, name)
            if last < first:
                raise ValueError(f"rules.period:{name}")
        if self.baseline_mvnd is not None and self.per is not None:
            raise ValueError("rules.baseline_per:baseline_mvnd,per")
        if self.baseline_mvnd is None and self.baseline_period != TABLED_PERIOD:
            raise ValueError("rules.baseline_years:baseline_mvnd")
        return self

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        yearly = [columns.direct_spending(year, labels, self.scope, self.per) for year in self._years]
        spent = sum(yearly[1:], start=yearly[0])
        bases = self._bases(columns.scenario, columns.units, labels)
        limits = [int(self.kept * bases[label] // 1) for label in labels]
        return at_most_rows(self.id, labels, spent, limits, baseline=[bases[label] for label in labels])

    @property
    def due(self) -> int:
        return self.period[1]

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        spent = self._over_years(plan.direct_spending, labels)
        bases = self._bases(plan.scenario, plan.units, labels)
        return tuple(self.cut_reading(label, self.period[1], bases[label], spent[label]) for label in labels)

    def stage_read(self, scenario: "Scenario", year: int | None) -> int | None:
        return None if year is None else scenario.stage_in_force(year)

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The same comparison on grants and orders together, and the points of the cut that further orders took over.

        Orders of the baseline period are unknown; today's stand for them (assumed). Where orders count as direct
        spending, the reading says this itself.
        """
        if plan.scenario.counting.orders_are_direct_spending:
            return ()
        labels = self.labels(plan.scenario, plan.units)
        bases = self._bases(plan.scenario, plan.units, labels)
        spent = self._over_years(plan.direct_spending, labels)
        today = plan.units.sums("orders_mvnd", labels, self.scope, self.per)
        ordered = self._over_years(plan.orders, labels)
        facts = []
        for label, base in bases.items():
            before = today[label] * len(self._years)
            added, whole = ordered[label] - before, base + before
            outlay = spent[label] + ordered[label]
            points = Fraction(100 * added, base) if base else Fraction(0)
            cut = cut_percent(whole, outlay)
            facts.append(self.fact("state_outlay_cut", label, self.period[1], cut, (whole - outlay, whole)))
            facts.append(self.fact("relabelled_points", label, self.period[1], points, (added, base)))
        return tuple(facts)

    def _over_years(self, yearly: Yearly, labels: tuple[str, ...]) -> dict[str, int]:
        """A yearly sum of a plan over all years of the period, by label."""
        sums = dict.fromkeys(labels, 0)
        for year in self._years:
            for label, amount in yearly(year, labels, self.scope, self.per).items():
                sums[label] += amount
        return sums

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Spending below the baseline, summed over the years of the period; savings booked late are taken off."""
        labels = self.labels(plan.scenario, plan.units)
        bases = self._bases(plan.scenario, plan.units, labels)
        gave: dict[tuple[str, str], int] = defaultdict(int)
        for stage, years in self._years_by_stage(plan).items():
            for key, fell in falls_of(plan, self, DirectSpending(), stage).items():
                gave[key] += fell * len(years)
            for successor in plan.stages[stage]:
                label = plan.counted_as(successor, self.scope, self.per, labels)
                if label is not None:
                    gave[label, "early_years"] -= sum(successor.late_mvnd.get(year, 0) for year in years)
        for label, today in today_of(plan, self, DirectSpending()).items():
            gave[label, "before"] = bases[label] - today * len(self._years)
        return Target(self, self.period[1]).rows(labels, gave, per_hundred(bases))

    def _years_by_stage(self, plan: "Plan") -> dict[int, list[int]]:
        """The years of the period in which each stage is in force."""
        found: dict[int, list[int]] = {}
        for year in self._years:
            stage = plan.scenario.stage_in_force(year)
            if stage is not None:
                found.setdefault(stage, []).append(year)
        return found

    @property
    def _years(self) -> range:
        return range(self.period[0], self.period[1] + 1)

    def _bases(self, scenario: "Scenario", units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        """The baseline mean times the years of the period, by label.

        Where orders count as direct spending, today's orders stand for those of the baseline period (assumed).
        """
        if self.baseline_mvnd is not None:
            return {labels[0]: self.baseline_mvnd * len(self._years)}
        means = units.sums("state_grant_2021_2025_mvnd", labels, self.scope, self.per)
        if scenario.counting.orders_are_direct_spending:
            orders = units.sums("orders_mvnd", labels, self.scope, self.per)
            means = {label: mean + orders[label] for label, mean in means.items()}
        return {label: mean * len(self._years) for label, mean in means.items()}
