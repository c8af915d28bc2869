"""Less direct State spending on units."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from math import lcm
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import model_validator
from scipy import sparse

from models.carried import Carried, Target, per_hundred
from models.exact import round_half_up, share_half_up
from models.falls import DirectSpending, Falls, Saved, falls_of, saved_of, today_of
from models.prices import HISTORY, history_factor, history_of, today_factor, year_level
from models.recount_prices import risen
from models.rules.cut import Cut, Sums, cut_percent
from models.rules.rule import Fact, Reading
from models.saved import saved, saved_late
from models.schema import AS_TUPLE, Count, Where, Year
from models.untouchable import Untouchable, labels_touched, left_out_after, left_out_before

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

    The baseline mean is `baseline_mvnd` where a document states it, else the sum of the units' own yearly means; both
    sides stand at the scenario's prices, without what no plan can touch, and are compared by cross-multiplying.
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

    def sums(self, columns: "Columns") -> Sums:
        labels = self.labels(columns.scenario, columns.units)
        weights, scale = self._weights(columns.scenario)
        yearly = [
            weight * columns.direct_spending(year, labels, self.scope, self.per) for year, weight in weights.items()
        ]
        spent = sum(yearly[1:], start=yearly[0])
        sides = self.sides(columns.scenario, columns.units, labels)
        most = [(self.kept * sides.base[label] + sides.left_out[label]) * scale for label in labels]
        return Sums(labels, spent, most, [sides.base[label] * scale for label in labels])

    def savings(self, columns: "Columns") -> sparse.csr_array:
        counted = columns.scenario.counting.orders_are_direct_spending
        figures = ("state_grant_mvnd", "orders_mvnd") if counted else ("state_grant_mvnd",)
        count = len(columns.paths) + len(columns.items)
        total = sparse.csr_array((len(self.labels(columns.scenario, columns.units)), count), dtype=np.int64)
        for year, weight in self._weights(columns.scenario)[0].items():
            stage = columns.scenario.stage_in_force(year)
            if stage is not None:
                yearly = saved(columns, self, figures, stage) - saved_late(columns, self, stage, year)
                total = sparse.csr_array(total + weight * yearly)
        return total

    def saved(self, plan: "Plan") -> Saved:
        gave: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
        labels = self.labels(plan.scenario, plan.units)
        for stage, years in self._years_by_stage(plan).items():
            levels = {year: risen(plan.scenario, year) for year in years}
            for key, amount in saved_of(plan, self, DirectSpending(), stage).items():
                gave[key] += amount * sum(levels.values())
            for successor in plan.stages[stage]:
                label = plan.counted_as(successor, self.scope, self.per, labels)
                if label in labels:
                    late = (successor.late_mvnd.get(year, 0) * level for year, level in levels.items())
                    gave[label, successor.host] -= sum(late)
        return gave

    def _weights(self, scenario: "Scenario") -> tuple[dict[int, int], int]:
        """How much a million VND of every year of the period weighs in the row, and what one at today's prices does."""
        levels = {year: year_level(scenario, year) for year in self._years}
        scale = lcm(*(level.denominator for level in levels.values()))
        return {year: int(level * scale) for year, level in levels.items()}, scale

    @property
    def due(self) -> int:
        return self.period[1]

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        spent = self._over_years(plan, plan.direct_spending, labels)
        sides = self.sides(plan.scenario, plan.units, labels)
        assumed = self.baseline_mvnd is None and plan.units.assumed_in(HISTORY, self.scope)
        reserve = self.reserve(plan)
        readings = (
            self.cut_reading(label, self.period[1], (base, spent[label] - sides.left_out[label]), reserve)
            for label, base in sides.base.items()
        )
        return tuple(replace(reading, baseline="assumed" if assumed else "") for reading in readings)

    def stage_read(self, scenario: "Scenario", year: int | None) -> int | None:
        return None if year is None else scenario.stage_in_force(year)

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The cut of grants and orders together, what further orders took over, and what the two sides rest on."""
        labels = self.labels(plan.scenario, plan.units)
        relabelling = () if plan.scenario.counting.orders_are_direct_spending else self._relabelling(plan, labels)
        return (*relabelling, *self._price_facts(plan, labels), *self._untouchables(plan, labels))

    def _relabelling(self, plan: "Plan", labels: tuple[str, ...]) -> tuple[Fact, ...]:
        """The same comparison on grants and orders together, and the points of the cut that further orders took over.

        Orders of the baseline period are unknown; today's stand for them (assumed). Where orders count as direct
        spending, the reading says this itself.
        """
        sides = self.sides(plan.scenario, plan.units, labels)
        spent = self._over_years(plan, plan.direct_spending, labels)
        ordered = self._over_years(plan, plan.orders, labels)
        today = plan.units.sums("orders_mvnd", labels, self.scope, self.per)
        stood_for = today_factor(plan.scenario, self.baseline_period)
        facts = []
        for label, base in sides.base.items():
            before = round_half_up(today[label] * stood_for) * len(self._years)
            added = round_half_up(ordered[label] - today[label] * self._levels(plan.scenario))
            whole, outlay = base + before, spent[label] - sides.left_out[label] + ordered[label]
            points = Fraction(100 * added, base) if base else Fraction(0)
            cut = (cut_percent(whole, outlay), (round_half_up(whole - outlay), whole))
            facts.append(self.fact("state_outlay_cut", label, self.period[1], *cut))
            facts.append(self.fact("relabelled_points", label, self.period[1], points, (added, base)))
        return tuple(facts)

    def _price_facts(self, plan: "Plan", labels: tuple[str, ...]) -> Iterator[Fact]:
        """By what the stated history was multiplied, where it was, and how much of the baseline is assumed."""
        factor = history_factor(plan.scenario, self.baseline_period)
        if factor != 1:
            facts = (factor, factor.numerator, factor.denominator)
            yield Fact(self.id, "history_factor", "", self.baseline_period[1], *facts)
        if self.baseline_mvnd is None and HISTORY in plan.units.assumed:
            means = history_of(plan.scenario, plan.units, self.baseline_period)
            whole = plan.units.added(means, labels, self.scope, self.per)
            assumed = plan.units.added(means * plan.units.assumed[HISTORY], labels, self.scope, self.per)
            for label, part in assumed.items():
                if part:
                    share = Fraction(100 * part, whole[label])
                    yield self.fact("assumed_history", label, self.baseline_period[1], share, (part, whole[label]))

    def _untouchables(self, plan: "Plan", labels: tuple[str, ...]) -> Iterator[Fact]:
        """What no plan can touch, entry by entry: left out of the spending of the period, and of its baseline."""
        for entry, _, (before, after) in self.left_out(plan.scenario, plan.units, labels):
            yield Fact(self.id, "untouchable", entry.id, self.period[1], Fraction(after), after, before)

    def _over_years(self, plan: "Plan", yearly: Yearly, labels: tuple[str, ...]) -> dict[str, Fraction]:
        """A yearly sum of a plan over all years of the period at the scenario's prices, by label."""
        sums = dict.fromkeys(labels, Fraction(0))
        for year in self._years:
            level = risen(plan.scenario, year)
            for label, amount in yearly(year, labels, self.scope, self.per).items():
                sums[label] += amount * level
        return sums

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Spending below the baseline, summed over the years of the period; savings booked late are taken off.

        Rounded half up lever by lever where prices are nominal; `before` takes what that leaves over.
        """
        labels = self.labels(plan.scenario, plan.units)
        exact: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
        for stage, years in self._years_by_stage(plan).items():
            levels = {year: risen(plan.scenario, year) for year in years}
            for key, fell in falls_of(plan, self, DirectSpending(), stage).items():
                exact[key] += fell * sum(levels.values())
            for successor in plan.stages[stage]:
                label = plan.counted_as(successor, self.scope, self.per, labels)
                if label is not None:
                    late = (successor.late_mvnd.get(year, 0) * level for year, level in levels.items())
                    exact[label, "early_years"] -= sum(late)
        sides = self.sides(plan.scenario, plan.units, labels)
        for label, today in today_of(plan, self, DirectSpending()).items():
            spent = today * self._levels(plan.scenario) - sides.left_out[label]
            exact[label, "before"] = sides.base[label] - spent
        return Target(self, self.period[1]).rows(labels, _rounded(exact), per_hundred(sides.base))

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

    def spent_today(self, scenario: "Scenario", units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        """What the period would cost if nothing were decided and nobody came to stand, by label."""
        direct = units.figure("state_grant_mvnd")
        if scenario.counting.orders_are_direct_spending:
            direct = direct + units.figure("orders_mvnd")
        sums = units.added(direct, labels, self.scope, self.per)
        return {label: round_half_up(amount * self._levels(scenario)) for label, amount in sums.items()}

    def _levels(self, scenario: "Scenario") -> Fraction:
        """What a million VND a year at today's prices comes to over the period."""
        return sum((risen(scenario, year) for year in self._years), start=Fraction(0))

    def sides(self, scenario: "Scenario", units: "Units", labels: tuple[str, ...]) -> "Sides":
        """The baseline mean times the years of the period, and what is left out of the period's own spending."""
        means = self._means(scenario, units, labels)
        sides = Sides({label: mean * len(self._years) for label, mean in means.items()}, dict.fromkeys(labels, 0))
        for _, label, (before, after) in self.left_out(scenario, units, labels):
            sides.base[label] -= before
            sides.left_out[label] += after
        return sides

    def _means(self, scenario: "Scenario", units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        """The yearly mean of the baseline period at the scenario's prices, by label.

        Where orders count as direct spending, today's orders stand for those of the baseline period (assumed).
        """
        if self.baseline_mvnd is not None:
            return {labels[0]: round_half_up(self.baseline_mvnd * history_factor(scenario, self.baseline_period))}
        grants = history_of(scenario, units, self.baseline_period)
        means = units.added(grants, labels, self.scope, self.per)
        if scenario.counting.orders_are_direct_spending:
            stand_in = share_half_up(units.figure("orders_mvnd"), today_factor(scenario, self.baseline_period))
            orders = units.added(stand_in, labels, self.scope, self.per)
            means = {label: mean + orders[label] for label, mean in means.items()}
        return means

    def left_out(
        self, scenario: "Scenario", units: "Units", labels: tuple[str, ...]
    ) -> Iterator[tuple[Untouchable, str, tuple[int, int]]]:
        """What no plan can touch: its label, and how much is left out of the baseline and of the period's spending."""
        for entry in scenario.untouchable:
            sides = labels_touched(entry, self, labels, units)
            for label in sides & set(labels):
                before = left_out_before(scenario, entry, self.baseline_period, len(self._years))
                yield entry, str(label), (before, left_out_after(scenario, entry, self._years))


def _rounded(exact: Mapping[tuple[str, str], Fraction]) -> Falls:
    """Every lever rounded half up; `before` takes what is left over, so that a label's levers add up as exactly."""
    gave = {key: round_half_up(amount) for key, amount in exact.items()}
    for label in {label for label, _ in exact}:
        mine = [key for key in exact if key[0] == label]
        whole = round_half_up(sum((exact[key] for key in mine), start=Fraction(0)))
        gave[label, "before"] += whole - sum(gave[key] for key in mine)
    return gave


@dataclass(frozen=True)
class Sides:
    """By label: the baseline over the years of the period, and what the period's spending holds untouchable."""

    base: dict[str, int]
    left_out: dict[str, int]
