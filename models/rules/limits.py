"""Caps and floors on sums over what remains."""

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Literal

import numpy as np
from pydantic import Field, model_validator
from scipy import sparse

from models.figures import PLACES, SUMS
from models.program import Rows
from models.rules.rule import Reading, Rule, at_least_rows, at_most_rows
from models.schema import EVERYWHERE, Count, Where, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units

Figure = Annotated[Literal[*SUMS], Field()]  # type: ignore[valid-type]


class Limit(Rule):
    """A sum of one figure over the units that `where` and `scope` name, per label; a merged unit counts by its host.

    Places of service (`sum = "places"`) count where their own unit stands instead, as long as the site is kept.
    Where a limit gives way to what there is, that is the sum of a stage before any decision: units that have come to
    stand by then are in it.
    """

    where: Where = EVERYWHERE
    sum: Figure = "units"
    year: Year | None = None

    @model_validator(mode="after")
    def _separate_keys(self) -> "Limit":
        if both := sorted(set(self.scope) & set(self.where)):
            raise ValueError(f"rules.same_key:{', '.join(both)}")
        return self

    @property
    def columns_named(self) -> tuple[str, ...]:
        return (*super().columns_named, *(name.removesuffix("_not") for name in self.where))

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        return () if self.sum == PLACES else self.columns_named

    def labels(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:
        return self.labels_in(self.counted, scenario, units)

    @property
    def counted(self) -> Where:
        return {**self.scope, **self.where}

    @property
    @abstractmethod
    def stated(self) -> int:
        """The limit as the rule states it, whatever today's sum is."""

    def existing(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:
        """Today's units under a label whose sum stays outside the stated limit because it stands outside today."""
        if reading.wanted == self.stated or not reading.met or self._slack(int(reading.reached), self.stated) >= 0:
            return ()
        inside = plan.units.matches(self.counted) & ~plan.units.planned
        if self.per is not None:
            inside = inside & (plan.units.labels(self.per).astype(str) == reading.label)
        return tuple(plan.units.ids[unit] for unit in np.flatnonzero(inside))

    def broken_by(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:
        """What is counted under the label whose sum is outside; of the whole province nobody in particular."""
        return () if self.per is None else self.remaining_under(plan, reading, self.counted)

    def outside_today(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:
        labels = self.labels(scenario, units)
        inside = units.matches(self.counted) & ~units.planned
        held = {str(label) for label in units.labels(self.per)[inside]} if self.per is not None else set(labels)
        sums = self._sums(units, labels)
        return tuple(label for label in labels if label in held and self._slack(sums[label], self.stated) < 0)

    def across(self, plan: "Plan", stage: int, label: str | None = None) -> tuple[str, ...]:
        """None for places: each counts where its own unit stands."""
        return () if self.sum == PLACES else super().across(plan, stage, label)

    @abstractmethod
    def years(self, scenario: "Scenario") -> list[int]:
        """The years of the stages that the rule judges."""

    @abstractmethod
    def limit(self, scenario: "Scenario", year: int, standing: int) -> int:
        """The limit in a stage's year of a label that would hold `standing` then if nobody decided anything."""

    def rows(self, columns: "Columns") -> Rows:
        return self._rows_of(columns, self.years(columns.scenario))

    def rows_by(self, columns: "Columns", year: int) -> Rows | None:
        years = [judged for judged in self.years(columns.scenario) if judged <= year]
        return self._rows_of(columns, years) if years else None

    def _rows_of(self, columns: "Columns", years: list[int]) -> Rows:
        scenario = columns.scenario
        labels = self.labels(scenario, columns.units)
        parts = [columns.after(self.sum, year, labels, self.counted, self.per) for year in years]
        standing = {year: self._sums(columns.standing[scenario.stage_of(year)], labels) for year in years}
        limits = [self.limit(scenario, year, standing[year][label]) for year in years for label in labels]
        names = tuple(f"{label} {year}" for year in years for label in labels)
        matrix = sparse.csr_array(sparse.vstack(parts))
        return self._rows(self.id, names, matrix, limits)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        today = self._sums(plan.units, labels)
        found = []
        for year in self.years(plan.scenario):
            reached = plan.after(self.sum, year, labels, self.counted, self.per)
            standing = self._sums(plan.standing[plan.scenario.stage_of(year)], labels)
            for label in labels:
                limit = self.limit(plan.scenario, year, standing[label])
                found.append(
                    self.reading(
                        label, year=year, wanted=limit, reached=reached[label],
                        slack=self._slack(reached[label], limit),
                        numerator=reached[label], denominator=today[label],
                    )
                )  # fmt: skip
        return tuple(found)

    @abstractmethod
    def _rows(self, rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int]) -> Rows:
        """Rows on the rule's own side."""

    @abstractmethod
    def _slack(self, reached: int, limit: int) -> int:
        """How much room is left, negative where it is broken."""

    def _sums(self, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        return units.sums(self.sum, labels, self.counted, self.per)


class Cap(Limit):
    """At most `at_most` from the stage of `year` on (default: the last); before, at most today where that is more."""

    rule: Literal["cap"] = "cap"
    at_most: Count

    @property
    def stated(self) -> int:
        return self.at_most

    def years(self, scenario: "Scenario") -> list[int]:
        return [stage.year for stage in scenario.stages]

    def limit(self, scenario: "Scenario", year: int, standing: int) -> int:
        start = self.year if self.year is not None else scenario.stages[-1].year
        return self.at_most if year >= start else max(self.at_most, standing)

    def _rows(self, rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int]) -> Rows:
        return at_most_rows(rule, labels, matrix, limits)

    def _slack(self, reached: int, limit: int) -> int:
        return limit - reached


class Floor(Limit):
    """At least `at_least` after every stage from `year` on (default: the first), or today where that is less."""

    rule: Literal["floor"] = "floor"
    at_least: Count

    @property
    def stated(self) -> int:
        return self.at_least

    def years(self, scenario: "Scenario") -> list[int]:
        return [stage.year for stage in scenario.stages if self.year is None or stage.year >= self.year]

    def limit(self, scenario: "Scenario", year: int, standing: int) -> int:  # noqa: ARG002
        return min(self.at_least, standing)

    def _rows(self, rule: str, labels: tuple[str, ...], matrix: sparse.csr_array, limits: list[int]) -> Rows:
        return at_least_rows(rule, labels, matrix, limits)

    def _slack(self, reached: int, limit: int) -> int:
        return reached - limit
