"""What cuts share: a percentage off a baseline, compared by cross-multiplying."""

from fractions import Fraction

from models.exact import round_half_up
from models.rules.rule import Reading, Rule
from models.schema import Percent


def cut_percent(base: int, reached: Fraction | int) -> Fraction:
    """By how many percent a sum lies below its baseline; of nothing, zero is a cut by 100%, more a growth by 100%."""
    return Fraction(100 * (base - reached), base) if base else Fraction(-100 if reached else 100)


class Cut(Rule):
    """A sum falls by at least `at_least_percent` of its baseline.

    With nothing in the baseline a sum of zero counts as cut by 100%, any other as grown by 100%.
    """

    at_least_percent: Percent

    @property
    def columns_of_amounts(self) -> tuple[str, ...]:
        return self.columns_named

    @property
    def kept(self) -> Fraction:
        """The share of the baseline that may remain."""
        return 1 - self.at_least_percent / 100

    def cut_reading(self, label: str, year: int, base: int, reached: Fraction | int) -> Reading:
        """By how many percent a label's sum fell."""
        cut = cut_percent(base, reached)
        return self.reading(
            label, year=year, wanted=self.at_least_percent, reached=cut, slack=cut - self.at_least_percent,
            numerator=round_half_up(base - reached), denominator=base,
        )  # fmt: skip
