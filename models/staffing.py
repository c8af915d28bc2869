"""What the norms give whole columns of groups: deputies, posts by position group, what a merger can spare.

The checker reckons the same one unit at a time in `recount_norms`.
"""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers, sum_half_up
from models.norms import Counted
from models.pinned import codes_after
from models.scenario import Scenario
from models.schema import Where
from models.unit import Units

UNKNOWN = -1
Figures = Mapping[str, Integers]
BESIDE_TEACHING: Mapping[Counted, str] = {"shared": "shared_posts", "support": "support_posts"}
"""Position groups that a merger may save in, and the columns of today's posts; never teachers or doctors."""
LEAST_WEIGHT, MOST_WEIGHT = Fraction(1, 2), Fraction(3, 2)


class Norms:
    """The norms of one stage for n groups with given hosts; n figures each, UNKNOWN where no entry speaks."""

    def __init__(self, scenario: Scenario, units: Units, stage: int, hosts: Integers) -> None:
        self.scenario, self.units, self.stage, self.hosts = scenario, units, stage, hosts

    def deputies(self, autonomy_group: Integers, posts: Integers) -> Integers:
        """Deputies beside one head."""
        found = np.full(len(self.hosts), UNKNOWN, dtype=np.int64)
        for entry in reversed(self.scenario.staffing.deputies):
            fits = self._fits(entry.where)
            if entry.autonomy_groups:
                fits &= np.isin(autonomy_group, entry.autonomy_groups)
            if entry.staff_at_most is not None:
                fits &= posts <= entry.staff_at_most
            found = np.where(fits, entry.deputies, found)
        return found

    def posts(self, position: Counted, figures: Figures) -> Integers:
        """Posts of one position group."""
        found = np.full(len(self.hosts), UNKNOWN, dtype=np.int64)
        for entry in reversed([entry for entry in self.scenario.staffing.positions if entry.group == position]):
            fits = self._fits(entry.where)
            for figure, least in entry.when.items():
                fits = fits & (figures[figure] >= least)
            norm = np.full(len(self.hosts), entry.posts, dtype=np.int64)
            if entry.per:
                norm += sum_half_up([figures[figure] for figure in entry.per], list(entry.per.values()))
            found = np.where(fits, norm, found)
        return found

    def spare(self, figures: Figures, autonomy_group: Integers, posts: Integers) -> Integers:
        """Posts of leadership, shared and support work above their norms taken together, never below 0.

        UNKNOWN where deputies have no norm, or neither shared nor support posts have one. `figures` hold today's
        posts of these groups too.
        """
        deputies = self.deputies(autonomy_group, posts)
        total = figures["heads"] + figures["deputies"] - 1 - deputies
        known = np.zeros(len(self.hosts), dtype=bool)
        for position, column in BESIDE_TEACHING.items():
            norm = self.posts(position, figures)
            total = total + np.where(norm == UNKNOWN, 0, figures[column] - norm)
            known |= norm != UNKNOWN
        return np.where(known & (deputies != UNKNOWN), np.maximum(total, 0), UNKNOWN)

    def total(self, figures: Figures, autonomy_group: Integers, posts: Integers) -> Integers:
        """All posts that the norms give: today's where a position group has none; UNKNOWN without specialised posts."""
        specialised, deputies = self.posts("specialised", figures), self.deputies(autonomy_group, posts)
        total = specialised + np.where(deputies == UNKNOWN, figures["heads"] + figures["deputies"], 1 + deputies)
        for position, column in BESIDE_TEACHING.items():
            norm = self.posts(position, figures)
            total = total + np.where(norm == UNKNOWN, figures[column], norm)
        return np.where(specialised == UNKNOWN, UNKNOWN, total)

    def _fits(self, where: Where) -> NDArray[np.bool_]:
        """Groups whose host a `where` names by its labels after the stage."""
        fits = np.ones(len(self.units), dtype=bool)
        for key, wanted in where.items():
            labels = codes_after(self.scenario, self.units, key.removesuffix("_not"), self.stage)
            fits &= labels.among(wanted) != key.endswith("_not")
        return fits[self.hosts]


def norm_posts(scenario: Scenario, units: Units, stage: int) -> Integers:
    """(n) posts that the norms give every unit left alone; UNKNOWN where its specialised posts have no norm."""
    norms = Norms(scenario, units, stage, np.arange(len(units)))
    return norms.total(units.figures, units.figure("autonomy_group"), units.posts)


def work_weights(norms: Integers, posts: Integers) -> tuple[Integers, Integers]:
    """How heavily a slimmed post weighs: less where a unit stands above its norm, more below, 1 where none is known.

    Exact quotients: numerators and denominators.
    """
    whole = np.maximum(posts, 1)
    over, under = np.where(norms == UNKNOWN, 1, norms), np.where(norms == UNKNOWN, 1, whole)
    for limit, beyond in ((LEAST_WEIGHT, np.less), (MOST_WEIGHT, np.greater)):
        outside = beyond(over * limit.denominator, under * limit.numerator)
        over, under = np.where(outside, limit.numerator, over), np.where(outside, limit.denominator, under)
    return over, under
