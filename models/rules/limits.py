"""Caps and floors on sums over what remains."""

from fractions import Fraction
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field, model_validator
from scipy import sparse

from models.figures import SUMS
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
    """A sum of one figure over the units that `where` and `scope` name, per label; a merged unit counts by its host."""

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
        return self.columns_named

    def labels(self, scenario: "Scenario", units: "Units") -> tuple[str, ...]:
        return self.labels_in(self._chosen, scenario, units)

    @property
    def _chosen(self) -> Where:
        return {**self.scope, **self.where}

    def _today(self, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        return units.sums(self.sum, labels, self._chosen, self.per)


class Cap(Limit):
    """At most `at_most` from the stage of `year` on (default: the last); before, at most today where that is more."""

    rule: Literal["cap"] = "cap"
    at_most: Count

    def rows(self, columns: "Columns") -> Rows:
        labels, year = self.labels(columns.scenario, columns.units), self._years(columns.scenario)
        today = self._today(columns.units, labels)
        parts = [columns.after(self.sum, y, labels, self._chosen, self.per) for y, _ in year]
        limits = [self.at_most if hard else max(self.at_most, today[label]) for _, hard in year for label in labels]
        return at_most_rows(
            self.id,
            tuple(f"{label} {y}" for y, _ in year for label in labels),
            sparse.csr_array(sparse.vstack(parts)),
            limits,
        )

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        today = self._today(plan.units, labels)
        found = []
        for year, hard in self._years(plan.scenario):
            reached = plan.after(self.sum, year, labels, self._chosen, self.per)
            for label in labels:
                wanted = self.at_most if hard else max(self.at_most, today[label])
                found.append(
                    self.reading(
                        label, year=year, wanted=wanted, reached=reached[label], slack=wanted - reached[label],
                        numerator=reached[label], denominator=today[label],
                    )
                )  # fmt: skip
        return tuple(found)

    def _years(self, scenario: "Scenario") -> list[tuple[int, bool]]:
        start = self.year if self.year is not None else scenario.stages[-1].year
        return [(stage.year, stage.year >= start) for stage in scenario.stages]


class Floor(Limit):
    """At least `at_least` after every stage from `year` on (default: the first), or today where that is less."""

    rule: Literal["floor"] = "floor"
    at_least: Count

    def rows(self, columns: "Columns") -> Rows:
        labels, years = self.labels(columns.scenario, columns.units), self._years(columns.scenario)
        today = self._today(columns.units, labels)
        parts = [columns.after(self.sum, year, labels, self._chosen, self.per) for year in years]
        limits = [min(self.at_least, today[label]) for _ in years for label in labels]
        return at_least_rows(
            self.id,
            tuple(f"{label} {y}" for y in years for label in labels),
            sparse.csr_array(sparse.vstack(parts)),
            limits,
        )

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        today = self._today(plan.units, labels)
        found = []
        for year in self._years(plan.scenario):
            reached = plan.after(self.sum, year, labels, self._chosen, self.per)
            for label in labels:
                wanted = Fraction(min(self.at_least, today[label]))
                found.append(
                    self.reading(
                        label, year=year, wanted=wanted, reached=reached[label], slack=reached[label] - wanted,
                        numerator=reached[label], denominator=today[label],
                    )
                )  # fmt: skip
        return tuple(found)

    def _years(self, scenario: "Scenario") -> list[int]:
        return [stage.year for stage in scenario.stages if self.year is None or stage.year >= self.year]
