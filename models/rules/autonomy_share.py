"""A share of the units pays for itself."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from models.carried import Carried, Target, opposite, per_hundred
from models.falls import AutonomousCount, UnitCount, falls_of, today_of
from models.program import Rows
from models.rules.rule import Reading, Rule, at_least_rows
from models.schema import Percent, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


class AutonomyShare(Rule):
    """Autonomous units ([counting] autonomous_groups) are at least a share of those that remain, or of the baseline.

    Over what remains the share stays linear: 100 x autonomous - percent x remaining >= 0. With nothing left in the
    denominator the share counts as reached. The baseline is today's count in the scope.
    """

    rule: Literal["autonomy_share"] = "autonomy_share"
    year: Year
    at_least_percent: Percent
    denominator: Literal["remaining", "baseline"] = "remaining"

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        autonomous = columns.after("autonomous", self.year, labels, self.scope, self.per)
        part, whole = self._share.numerator, self._share.denominator
        if self.denominator == "baseline":
            counts = columns.units.counts(labels, self.scope, self.per)
            return at_least_rows(self.id, labels, whole * autonomous, [part * counts[label] for label in labels])
        remaining = columns.after("units", self.year, labels, self.scope, self.per)
        return at_least_rows(self.id, labels, whole * autonomous - part * remaining, [0] * len(labels))

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        autonomous = plan.after("autonomous", self.year, labels, self.scope, self.per)
        below = self._denominators(plan, labels)
        return tuple(self._reading_of(label, autonomous[label], below[label]) for label in labels)

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
    def _share(self) -> Fraction:
        return self.at_least_percent / 100

    def _denominators(self, plan: "Plan", labels: tuple[str, ...]) -> dict[str, int]:
        if self.denominator == "baseline":
            return plan.units.counts(labels, self.scope, self.per)
        return plan.after("units", self.year, labels, self.scope, self.per)

    def _reading_of(self, label: str, autonomous: int, below: int) -> Reading:
        reached = Fraction(100 * autonomous, below) if below else Fraction(100)
        return self.reading(
            label, year=self.year, wanted=self.at_least_percent, reached=reached,
            slack=reached - self.at_least_percent, numerator=autonomous, denominator=below,
        )  # fmt: skip
