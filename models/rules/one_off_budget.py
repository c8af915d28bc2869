"""A ceiling on what the State pays once for a stage's decisions."""

from typing import TYPE_CHECKING, Literal

from scipy import sparse

from models.program import Rows
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
        parts = [columns.one_off(year, labels, self.scope, self.per) for year in years]
        names = tuple(f"{label} {year}" for year in years for label in labels)
        return at_most_rows(self.id, names, sparse.csr_array(sparse.vstack(parts)), [self.at_most_mvnd] * len(names))

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        return tuple(
            self.reading(
                label, year=year, wanted=self.at_most_mvnd, reached=paid, slack=self.at_most_mvnd - paid,
                numerator=paid, denominator=self.at_most_mvnd,
            )
            for year in self._years(plan.scenario)
            for label, paid in plan.one_off(year, labels, self.scope, self.per).items()
        )  # fmt: skip

    def _years(self, scenario: "Scenario") -> tuple[int, ...]:
        return tuple(stage.year for stage in scenario.stages) if self.year is None else (self.year,)
