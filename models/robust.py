"""How far savings may fall short, and how many of them at once: what robust rows hold out against.

A saving falls short where a decision gives less than reckoned. Nobody believes that all do so together, so a budget
says how many may (Bertsimas and Sim 2004); a target must hold whichever they are.
"""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import floor

from pydantic import Field, field_validator, model_validator

from models.schema import Amount, Percent, Schema, Texts
from models.unit import QUALITIES

FAMILIES = ("payroll_cut", "spending_cut")
"""Families of rules whose rows can be protected: those that add up savings."""


HUNDREDTHS = (1, 2, 4, 5, 10, 20, 25, 50, 100)
"""Denominators of numbers with two decimals at most."""
MOST = 10_000


class Robust(Schema):
    """How many savings may fall short at once, by how much, and which rules hold all the same.

    budget: how many decisions at once, 0 for none, may be a fraction; budgets: the same by rule id; rules: ids, empty
    for every rule of `FAMILIES`; deviation_percent: by `data_quality` of the deciding unit, how much of what its
    decision saves may fail to come (assumptions of the program, to be confirmed).
    """

    budget: Amount = Fraction(0)
    budgets: Mapping[str, Amount] = Field(default_factory=dict)
    rules: Texts = ()
    deviation_percent: Mapping[str, Percent] = Field(
        default_factory=lambda: dict(zip(QUALITIES, map(Fraction, (5, 10, 15, 20)), strict=True))
    )

    @model_validator(mode="after")
    def _in_hundredths(self) -> "Robust":
        """Finer numbers would multiply the rows beyond what solvers compute with."""
        stated = {"budget": self.budget, **{f"budgets.{rule}": budget for rule, budget in self.budgets.items()}}
        stated |= {f"deviation_percent.{quality}": part for quality, part in self.deviation_percent.items()}
        for key, number in stated.items():
            if number.denominator not in HUNDREDTHS or number > MOST:
                raise ValueError(f"robust.hundredths:{key}")
        return self

    @field_validator("deviation_percent")
    @classmethod
    def _every_quality(cls, stated: Mapping[str, Fraction]) -> Mapping[str, Fraction]:
        if set(stated) != set(QUALITIES):
            raise ValueError(f"robust.quality:{', '.join(sorted(set(stated) ^ set(QUALITIES)))}")
        return stated

    def budget_of(self, rule: str) -> Fraction:
        """How many savings of a rule may fall short at once; 0 where it is not protected."""
        if self.rules and rule not in self.rules:
            return Fraction(0)
        return self.budgets.get(rule, self.budget)


def worst(amounts: Iterable[Fraction], budget: Fraction) -> Fraction:
    """The largest amounts together, as many as the budget says; of the next one the fraction that is left of it."""
    largest = sorted((amount for amount in amounts if amount > 0), reverse=True)
    whole = floor(budget)
    rest = budget - whole
    return sum(largest[:whole], start=Fraction(0)) + sum(rest * amount for amount in largest[whole : whole + 1])
