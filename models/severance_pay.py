"""What people are paid whom the mergers of whole columns of groups leave over, and how much of it the State pays.

The checker reckons the same one group at a time in `recount`.
"""

from fractions import Fraction
from math import lcm
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.exact import LARGEST_SUM, Integers, products, ratio_half_up, whole_numbers
from models.scenario import Scenario
from models.severance import MONTHS, regimes_on, severance_months
from models.unit import Units

VND = 10**6  # of one million VND
Exact = NDArray[Any]
"""Months of pay as parts of a common scale: in 64 bits where every sum fits, else Python integers of any size."""


class SeverancePay:
    """The regimes of one stage: of those in force on the day on which people leave, the first that names their unit."""

    def __init__(self, scenario: Scenario, units: Units, stage: int) -> None:
        self.scenario, self.units, self.stage = scenario, units, stage
        self.months, self.scale = self._months()

    def weighed(self, amounts: Integers) -> Exact:
        """(n) amounts of units times the months of pay that one of their people is owed, in parts of 1/scale.

        Whoever adds up those of several units, each once, stays within the same numbers.
        """
        most = int(self.months.max(initial=0)) * int(np.abs(amounts).sum())
        kind: Any = np.int64 if most < LARGEST_SUM else object
        weighed: Exact = amounts.astype(kind) * self.months.astype(kind)
        return weighed

    def of(self, figures: dict[str, Integers], each: Exact, posts: Integers) -> dict[str, Integers]:
        """Severance of n groups and who pays it; each: their `weighed` pay of all posts; every figure rounded once."""
        found = {name: np.zeros_like(posts) for name in ("severance_mvnd", "severance_state_mvnd")}
        at = np.flatnonzero(figures["severed"])
        owed, divisor = each[at], products(whole_numbers([self.scale * VND]), posts[at])
        share, whole = self._state_share({name: values[at] for name, values in figures.items()})
        people = figures["severed"][at]
        found["severance_mvnd"][at] = ratio_half_up(people, owed, divisor)
        found["severance_state_mvnd"][at] = ratio_half_up(people * share, owed, products(divisor, whole))
        return found | {"severance_own_mvnd": found["severance_mvnd"] - found["severance_state_mvnd"]}

    def _state_share(self, figures: dict[str, Integers]) -> tuple[Integers, Integers]:
        """The State's share as numerator and denominator: all for whoever lives on its grant, nothing for whoever pays
        for itself, else what the own revenue does not cover.
        """
        terms, one = self.scenario.terms, np.ones_like(figures["recurrent_mvnd"])
        if self.scenario.staffing.severance_payer == "state":
            return one, one
        group = figures["autonomy_group"]
        partly = np.isin(group, terms.partly_financing)
        short = np.maximum(figures["recurrent_mvnd"] - figures["revenue_mvnd"], 0)
        share = np.where(partly, short, np.where(np.isin(group, terms.self_financing), 0, one))
        return share, np.where(partly, np.maximum(figures["recurrent_mvnd"], 1), one)

    def _months(self) -> tuple[Exact, int]:
        stage = self.scenario.stages[self.stage]
        late = MONTHS * max(stage.effect - stage.year - 1, 0)  # a decision falls on 31 December at the latest
        insured = self.units.figure("avg_insured_months")
        months, place = [Fraction(0)], np.zeros(len(self.units), dtype=np.int64)
        open_ = np.ones(len(self.units), dtype=bool)
        day, named = self.scenario.leaving_day(self.stage), self.scenario.staffing.severance
        for regime in regimes_on(self.scenario.severance, day, named):
            fits = open_ & self.units.matches(regime.where)
            each, of_unit = np.unique(insured[fits], return_inverse=True)
            place[fits] = len(months) + of_unit
            months += [severance_months(regime, owed, months_after=late) for owed in each.tolist()]
            open_ &= ~fits
        scale = lcm(1, *(found.denominator for found in months))
        return whole_numbers([int(found * scale) for found in months])[place], scale
