"""How much reorganising one stage can carry."""

from collections.abc import Iterator
from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import model_validator

from models.exact import Integers
from models.program import Rows
from models.rules.rule import Fact, Reading, Rule, at_most_rows
from models.schema import Count, Percent, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Decision, Plan
    from models.scenario import Scenario
    from models.unit import Units

Truths = NDArray[np.bool_]
OF_ONE_UNIT = ("raise", "equitize", "convert")


class Workload(Rule):
    """Operations of the stage of `year`, or units touched by its end, are at most `at_most`.

    An operation is one unit in one structural decision: every unit that joins another (merged or dissolved), the host
    once in a stage in which somebody joins it, every raise, every exit. Each counts under its unit's own columns of
    today. Slimming, orders, transfers, and units created or split off by pins are no operations. With
    `at_most_percent` the limit is that share of today's units under the label, rounded down to whole units.
    """

    rule: Literal["workload"] = "workload"
    year: Year
    at_most: Count | None = None
    at_most_percent: Percent | None = None
    count: Literal["operations", "units"] = "operations"

    @model_validator(mode="after")
    def _one_limit(self) -> "Workload":
        if (self.at_most is None) == (self.at_most_percent is None):
            raise ValueError("rules.one_of:at_most,at_most_percent")
        return self

    def labels(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:  # noqa: ARG002
        """The values that `per` has among the units in scope today; no transfer brings another."""
        if self.per is None:
            return (self.id,)
        return tuple(sorted({str(label) for label in units.labels(self.per)[units.matches(self.scope)]}))

    def across(self, plan: "Plan", stage: int, label: str | None = None) -> tuple[str, ...]:  # noqa: ARG002
        """None: each operation counts where its own unit stands."""
        return ()

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        stage = columns.scenario.stage_of(self.year)
        found = _operations(columns, stage) if self.count == "operations" else touched_by(columns, stage)
        inside = columns.units.matches(self.scope).astype(np.int64)[columns.paths.members]
        matrix = columns.by_label(found * inside, labels, self.per)
        limits = self._limits(columns.units, labels)
        return at_most_rows(self.id, labels, matrix, [limits[label][0] for label in labels])

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        reached = self._reached(plan, self.year, labels)
        return tuple(
            self.reading(
                label, year=self.year, wanted=most, reached=reached[label], slack=most - reached[label],
                numerator=reached[label], denominator=today,
            )
            for label, (most, today) in self._limits(plan.units, labels).items()
        )  # fmt: skip

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The same count for every stage, out of today's units."""
        labels = self.labels(plan.scenario, plan.units)
        today = plan.units.counts(labels, self.scope, self.per)
        years = [stage.year for stage in plan.scenario.stages]
        what = "operations" if self.count == "operations" else "units_touched"
        return tuple(fact for y in years for fact in self.tally(what, y, self._reached(plan, y, labels), today))

    def _limits(self, units: "Units", labels: tuple[str, ...]) -> dict[str, tuple[int, int]]:
        """Per label the limit and today's units."""
        today = units.counts(labels, self.scope, self.per)
        share = self.at_most_percent or Fraction(0)
        fixed = self.at_most
        return {label: (floor(share * n / 100) if fixed is None else fixed, n) for label, n in today.items()}

    def _reached(self, plan: "Plan", year: int, labels: tuple[str, ...]) -> dict[str, int]:
        if self.count == "operations":
            units = [unit for unit, when in operations(plan.decisions) if when == year]
        else:
            units = sorted({unit for unit, when in operations(plan.decisions) if when <= year})
        return plan.units.chosen_counts((plan.units.positions[unit] for unit in units), labels, self.scope, self.per)


def operations(decisions: "tuple[Decision, ...]") -> Iterator[tuple[str, int]]:
    """(unit, stage year) of every operation in a plan's decisions."""
    hosting: set[tuple[str, int]] = set()
    for row in decisions:
        if row.year is not None and (row.joined or row.fate in OF_ONE_UNIT):
            yield row.unit_id, row.year
        if row.year is not None and row.joined:
            hosting.add((row.joined, row.year))
    yield from hosting


def _operations(columns: "Columns", stage: int) -> Integers:
    """Per entry of the options: the operations of its unit in a stage."""
    paths = columns.paths
    joining: Integers = ((paths.joins == stage) & ~paths.is_host).astype(np.int64)
    of_host = _with_some(columns, joining > 0).astype(np.int64) + (paths.raised == stage) + (paths.leaves == stage)
    found: Integers = joining + paths.is_host * of_host[paths.option_of_entry]
    return found


def touched_by(columns: "Columns", stage: int) -> Integers:
    """Per entry of the options: whether its unit had an operation by the end of a stage (0/1)."""
    paths = columns.paths
    joined = (paths.joins <= stage) & ~paths.is_host
    host = _with_some(columns, joined) | (paths.raised <= stage) | (paths.leaves <= stage)
    touched: Integers = (joined | (paths.is_host & host[paths.option_of_entry])).astype(np.int64)
    return touched


def _with_some(columns: "Columns", entries: Truths) -> Truths:
    """Options of which some entry is marked."""
    paths = columns.paths
    some: Truths = np.bincount(paths.option_of_entry[entries], minlength=len(paths)) > 0
    return some
