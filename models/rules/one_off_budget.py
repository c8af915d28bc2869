"""A ceiling on what the State pays once for a stage's decisions."""

from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from scipy import sparse

from models.exact import round_half_up
from models.prices import year_level
from models.program import Rows
from models.recount_prices import risen
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Count, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario


class OneOffBudget(Rule):
    """The State pays at most `at_most_mvnd` once for the decisions of the stage of `year` (default: of each stage).

    It is paid in the stage's year of effect: severance, set-up, closing of sites and exits, per label. A group counts
    as a whole where its host stands, also where it leaves with that stage.
    """

    rule: Literal["one_off_budget"] = "one_off_budget"
    at_most_mvnd: Count
    year: Year | None = None

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        """Orders have a set-up, which must count where the unit that orders counts."""
        return self.columns_named

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        years = self._years(columns.scenario)
        levels = [year_level(columns.scenario, self._paid_in(columns.scenario, year)) for year in years]
        parts = [
            level.numerator * columns.one_off(year, labels, self.scope, self.per)
            for year, level in zip(years, levels, strict=True)
        ]
        names = tuple(f"{label} {year}" for year in years for label in labels)
        limits = [level.denominator * self.at_most_mvnd for level in levels for _ in labels]
        return at_most_rows(self.id, names, sparse.csr_array(sparse.vstack(parts)), limits)

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        return tuple(
            self.reading(
                label, year=year, wanted=self.at_most_mvnd, reached=paid, slack=self.at_most_mvnd - paid,
                numerator=round_half_up(paid), denominator=self.at_most_mvnd,
            )
            for year in self._years(plan.scenario)
            for label, paid in self._paid(plan, year, labels).items()
        )  # fmt: skip

    def _paid(self, plan: "Plan", year: int, labels: tuple[str, ...]) -> dict[str, Fraction]:
        """What is paid once for a stage, by label, at the prices of its year of effect where they are nominal."""
        level = risen(plan.scenario, self._paid_in(plan.scenario, year))
        return {label: paid * level for label, paid in plan.one_off(year, labels, self.scope, self.per).items()}

    def _paid_in(self, scenario: "Scenario", year: int) -> int:
        return scenario.stages[scenario.stage_of(year)].effect

    def _years(self, scenario: "Scenario") -> tuple[int, ...]:
        return tuple(stage.year for stage in scenario.stages) if self.year is None else (self.year,)
