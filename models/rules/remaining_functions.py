"""Only units of certain functions remain."""

from typing import TYPE_CHECKING, Literal

from pydantic import model_validator

from models.carried import Carried, Target, one_each, opposite
from models.falls import OtherFunctions, falls_of, today_of
from models.program import Rows
from models.rules.rule import Reading, Rule, at_most_rows
from models.schema import Texts, Year
from models.terms import Terms

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan


class RemainingFunctions(Rule):
    """By 31 December of `year` every unit that remains serves one of the `allowed` functions.

    Where they are left open, all that the vocabulary does not call market functions.
    """

    rule: Literal["remaining_functions"] = "remaining_functions"
    year: Year
    allowed: Texts | None = None

    @model_validator(mode="after")
    def _no_functions_in_scope(self) -> "RemainingFunctions":
        if {"function", "function_not"} & set(self.scope):
            raise ValueError("rules.same_key:function")
        return self

    def rows(self, columns: "Columns") -> Rows:
        labels = self.labels(columns.scenario, columns.units)
        others = columns.after("units", self.year, labels, self._refused(columns.scenario.terms), self.per)
        today = columns.units.counts(labels, self.scope, self.per)
        return at_most_rows(self.id, labels, others, [0] * len(labels), baseline=[today[label] for label in labels])

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        others = plan.after("units", self.year, labels, self._refused(plan.scenario.terms), self.per)
        remaining = plan.after("units", self.year, labels, self.scope, self.per)
        return tuple(
            self.reading(
                label, year=self.year, wanted=0, reached=others[label], slack=-others[label],
                numerator=others[label], denominator=remaining[label],
            )
            for label in labels
        )  # fmt: skip

    def broken_by(self, plan: "Plan", reading: Reading) -> tuple[str, ...]:
        """Units of other functions that remain."""
        return self.remaining_under(plan, reading, self._refused(plan.scenario.terms))

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Units of other functions: those of today, less what became of them."""
        labels = self.labels(plan.scenario, plan.units)
        others = OtherFunctions(self._refused(plan.scenario.terms)["function"])
        today = today_of(plan, self, others)
        falls = falls_of(plan, self, others, plan.scenario.stage_of(self.year))
        gave = {**opposite(falls), **{(label, "today"): count for label, count in today.items()}}
        return Target(self, self.year).rows(labels, gave, one_each)

    def _refused(self, terms: Terms) -> dict[str, tuple[str, ...]]:
        refused = tuple(name for name in terms.functions if self.allowed is not None and name not in self.allowed)
        return {**self.scope, "function": terms.market_functions if self.allowed is None else refused}
