"""No area bears more of the reorganising than it should."""

from collections.abc import Iterable
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import sparse

from models.program import Rows
from models.rules.rule import Fact, Reading, Rule, at_most_rows
from models.rules.workload import operations, touched_by
from models.schema import Percent, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units


class Fairness(Rule):
    """Of today's units under each label of `per`, at most `at_most_percent` are touched by the end of `year`.

    Touched is a unit in a structural decision: it joins another or is joined, is raised to self-financing, or leaves.
    With `count = "people"` units weigh as many as work in them today. Units count under their own columns of today,
    those that do not stand yet not at all; a label of nobody has a share of nothing.
    """

    rule: Literal["fairness"] = "fairness"
    year: Year | None = None
    at_most_percent: Percent
    count: Literal["units", "people"] = "units"
    per: str | None = "area"

    def labels(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:  # noqa: ARG002
        """The values that `per` has among today's units in scope; no transfer brings another."""
        if self.per is None:
            return (self.id,)
        inside = units.matches(self.scope) & ~units.planned
        return tuple(sorted({str(label) for label in units.labels(self.per)[inside]}))

    def across(self, plan: "Plan", stage: int, label: str | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """None: each unit counts where it stands itself."""
        return ()

    def rows(self, columns: "Columns") -> Rows:
        units, labels = columns.units, self.labels(columns.scenario, columns.units)
        each = (units.staff if self.count == "people" else np.ones(len(units), np.int64)) * units.exists
        inside = each * units.matches(self.scope)
        entries = touched_by(columns, columns.scenario.stage_of(self._by(columns.scenario)))
        share = self.at_most_percent / 100
        matrix = columns.by_label(entries * inside[columns.paths.members], labels, self.per)
        whole = units.sums("staff" if self.count == "people" else "units", labels, self.scope, self.per)
        limits = [share.numerator * whole[label] for label in labels]
        return at_most_rows(self.id, labels, sparse.csr_array(share.denominator * matrix), limits)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        year = self._by(plan.scenario)
        touched, all_ = self._touched(plan, year), self._all(plan)
        found = []
        for label, whole in all_.items():
            reached = _percent(touched[label], whole)
            found.append(
                self.reading(
                    label, year=year, wanted=self.at_most_percent, reached=reached,
                    slack=self.at_most_percent - reached, numerator=touched[label], denominator=whole,
                )
            )  # fmt: skip
        return tuple(found)

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The share touched over all labels together, against which those of single labels can be held."""
        year = self._by(plan.scenario)
        part, whole = sum(self._touched(plan, year).values()), sum(self._all(plan).values())
        share = _percent(part, whole)
        return (Fact(self.id, "share_touched_over_all", "", year, share, part, whole),)

    def _by(self, scenario: "Scenario") -> int:
        return scenario.stages[-1].year if self.year is None else self.year

    def _all(self, plan: "Plan") -> dict[str, int]:
        """What stands today under every label, by which shares are reckoned."""
        return self._counted(plan, range(len(plan.units)))

    def _touched(self, plan: "Plan", year: int) -> dict[str, int]:
        """What of it has had a structural decision by the end of a year."""
        named = {unit for unit, when in operations(plan.decisions) if when <= year}
        return self._counted(plan, sorted(plan.units.positions[unit] for unit in named))

    def _counted(self, plan: "Plan", chosen: Iterable[int]) -> dict[str, int]:
        counts = dict.fromkeys(self.labels(plan.scenario, plan.units), 0)
        for unit in chosen:
            label = plan.unit_counted_as(unit, -1, self.scope, self.per, tuple(counts))
            if label is not None and not plan.units.planned[unit]:
                counts[label] += plan.unit_figure("staff", unit) if self.count == "people" else 1
        return counts


def _percent(part: int, whole: int) -> Fraction:
    return Fraction(100 * part, whole) if whole else Fraction(0)
