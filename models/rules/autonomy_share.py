"""A share of the units pays for itself."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np

from models.carried import Carried, Target, opposite, per_hundred
from models.falls import AutonomousCount, UnitCount, falls_of, today_of
from models.program import Rows
from models.rules.rule import Fact, Quotient, Reading, Rule, at_least_rows
from models.schema import EVERYWHERE, Percent, Where, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


class AutonomyShare(Rule):
    """Autonomous units ([counting] autonomous_groups) are at least a share of those that remain, or of the baseline.

    Over what remains the share stays linear: 100 x autonomous - percent x remaining >= 0. With nothing left in the
    denominator the share counts as reached. The baseline is today's count in the scope; units that come to stand are
    then in neither.
    """

    rule: Literal["autonomy_share"] = "autonomy_share"
    year: Year
    at_least_percent: Percent
    denominator: Literal["remaining", "baseline"] = "remaining"

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        autonomous = columns.after("autonomous", self.year, labels, self._numerator, self.per)
        part, whole = self._share.numerator, self._share.denominator
        counts = columns.units.counts(labels, self.scope, self.per)
        today = [whole * counts[label] for label in labels]
        if self.denominator == "baseline":
            wanted = [part * counts[label] for label in labels]
            return at_least_rows(self.id, labels, whole * autonomous, wanted, baseline=today)
        remaining = columns.after("units", self.year, labels, self.scope, self.per)
        return at_least_rows(self.id, labels, whole * autonomous - part * remaining, [0] * len(labels), baseline=today)

    def quotient(self, columns: "Columns") -> Quotient | None:
        """Autonomous units over those that remain."""
        if self.denominator == "baseline":
            return None
        labels = self.labels(columns.scenario, columns.units)
        autonomous = columns.after("autonomous", self.year, labels, self._numerator, self.per)
        return autonomous, columns.after("units", self.year, labels, self.scope, self.per)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        autonomous = plan.after("autonomous", self.year, labels, self._numerator, self.per)
        below = self._denominators(plan, labels, self.year)
        return tuple(self._reading_of(label, autonomous[label], below[label]) for label in labels)

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The share today and after every stage, what numerator and denominator did, and the share over all units."""
        labels = self.labels(plan.scenario, plan.units)
        autonomous, standing = self._today(plan, labels)
        facts = [self._share_of("share_today", label, None, (autonomous[label], standing[label])) for label in labels]
        for year in (stage.year for stage in plan.scenario.stages):
            counts = self._after(plan, year, labels)
            facts += [self._share_of("share", label, year, counts[label]) for label in labels]
        reached = self._after(plan, self.year, labels)
        for label in labels:
            facts += self._effects(label, (autonomous[label], standing[label]), reached[label])
        if self.scope:
            everyone = self.model_copy(update={"scope": EVERYWHERE, "per": None})
            whole = everyone._after(plan, self.year, (self.id,))
            facts.append(everyone._share_of("share_over_all_units", "", self.year, whole[self.id]))
        return tuple(facts)

    def _today(self, plan: "Plan", labels: tuple[str, ...]) -> tuple[dict[str, int], dict[str, int]]:
        """Autonomous units and all units that stand today, by label."""
        groups, standing = plan.scenario.autonomous_groups, ~plan.units.planned
        autonomous = np.flatnonzero(standing & np.isin(plan.units.figure("autonomy_group"), groups))
        both = (autonomous, np.flatnonzero(standing))
        one, all_ = (plan.units.chosen_counts(found.tolist(), labels, self.scope, self.per) for found in both)
        return one, all_

    def _after(self, plan: "Plan", year: int, labels: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        """Autonomous units after a stage, and what they are a share of, by label."""
        autonomous = plan.after("autonomous", year, labels, self._numerator, self.per)
        below = self._denominators(plan, labels, year)
        return {label: (autonomous[label], below[label]) for label in labels}

    def _effects(self, label: str, before: tuple[int, int], after: tuple[int, int]) -> list[Fact]:
        """In points: first the autonomous units change, then what they are a share of."""
        between = (after[0], before[1])
        numerator, denominator = _percent(between) - _percent(before), _percent(after) - _percent(between)
        return [
            self.fact("numerator_effect", label, self.year, numerator, between),
            self.fact("denominator_effect", label, self.year, denominator, after),
        ]

    def _share_of(self, what: str, label: str, year: int | None, of: tuple[int, int]) -> Fact:
        return self.fact(what, label, year, _percent(of), of)

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Autonomous units and what they are counted over, each from today on: a unit that leaves lowers both."""
        labels, stage = self.labels(plan.scenario, plan.units), plan.scenario.stage_of(self.year)
        counts = today_of(plan, self, UnitCount())
        after = dict(zip(labels, self.measure(plan), strict=True))
        above = dict(opposite(falls_of(plan, self, AutonomousCount(), stage)))
        above |= {(label, "today"): count for label, count in today_of(plan, self, AutonomousCount()).items()}
        if self.denominator == "remaining":
            below = {**opposite(falls_of(plan, self, UnitCount(), stage))}
        else:
            counts, below = {label: reading.denominator for label, reading in after.items()}, {}
            above = {key: amount for key, amount in above.items() if key[1] != "create"}
        below |= {(label, "today"): counts[label] for label in labels}

        def of_denominator(label: str, lever: str) -> Fraction | None:
            """What one unit more adds to the share that the autonomous have: less than nothing; today's stand above."""
            reading, today = after[label], counts[label]
            if not reading.denominator or not today:
                return None
            each = Fraction(-100 * reading.numerator, today * reading.denominator)
            return Fraction(0) if lever == "today" else each

        target = Target(self, self.year)
        return (
            *target.rows(labels, above, per_hundred(counts)),
            *target.rows(labels, below, of_denominator, part="denominator"),
        )

    @property
    def _numerator(self) -> Where:
        """Over the units of today, units that only come to stand are no part of the share."""
        return {"planned": ("",), **self.scope} if self.denominator == "baseline" else self.scope

    @property
    def _share(self) -> Fraction:
        return self.at_least_percent / 100

    def _denominators(self, plan: "Plan", labels: tuple[str, ...], year: int) -> dict[str, int]:
        if self.denominator == "baseline":
            return plan.units.counts(labels, self.scope, self.per)
        return plan.after("units", year, labels, self.scope, self.per)

    def _reading_of(self, label: str, autonomous: int, below: int) -> Reading:
        reached = _percent((autonomous, below))
        return self.reading(
            label, year=self.year, wanted=self.at_least_percent, reached=reached,
            slack=reached - self.at_least_percent, numerator=autonomous, denominator=below,
        )  # fmt: skip


def _percent(of: tuple[int, int]) -> Fraction:
    """A share in percent; of nothing it counts as reached."""
    part, whole = of
    return Fraction(100 * part, whole) if whole else Fraction(100)
