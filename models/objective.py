"""What is better: criteria in natural units over the columns, and the score that prices them in million VND."""

from collections.abc import Mapping
from fractions import Fraction

import numpy as np

from models.columns import Columns
from models.exact import Integers, products, ratio_half_up, share_half_up, whole_numbers
from models.figures import CRITERIA, GAINS, PEAKS
from models.items import OPEN, ORDER, PLACED, SLIM
from models.prices import year_level
from models.problem import InputError, Problem
from models.scenario import Scenario
from models.staffing import work_weights
from models.successor import StageFigures, unbooked
from models.unit import RATINGS

LARGEST_SCORE = 10**14  # of one column and criterion: all together stay below what solvers take for infinite


def discount_factor(scenario: Scenario, year: int) -> Fraction:
    """What a dong at the table's prices, paid in a calendar year, is worth in the first year of effect."""
    rate = scenario.money.discount_percent / 100
    return year_level(scenario, year) / (1 + rate) ** (year - scenario.stages[0].effect)


def years_factor(scenario: Scenario, effect: int) -> Fraction:
    """What a dong a year from `effect` to the horizon is worth in the first year of effect."""
    years = (discount_factor(scenario, year) for year in scenario.years if year >= effect)
    return sum(years, start=Fraction(0))


def costs(columns: Columns) -> Integers:
    """The score of every column: each criterion times its price, rounded half up once per column and criterion.

    Errors: InputError where a price makes the score of one column larger than solvers compute with.
    """
    prices = columns.scenario.objective
    total = np.zeros(len(columns), dtype=np.int64)
    problems = []
    for name, amounts in criteria(columns).items():
        price: Fraction = getattr(prices, name)
        largest = int(np.abs(amounts).max(initial=0)) * columns.peaks.reach(name)
        if largest * price > LARGEST_SCORE:
            facts = {"amount": largest, "found": int(largest * price), "most": LARGEST_SCORE}
            problems.append(Problem(f"objective.{name}", "scenario.price_too_large", facts))
        else:
            total += share_half_up(amounts, -price if name in GAINS else price)
    if problems:
        raise InputError("objective", problems)
    return total


def criteria(columns: Columns) -> Mapping[str, Integers]:
    """Every criterion as one vector over all columns, in its natural unit.

    A criterion of `PEAKS` is its own column, and nothing where the scenario gives it neither a price nor a step.
    """
    options, items = _OptionCriteria(columns), _item_criteria(columns)
    nothing, peaks = np.zeros(len(columns.paths), dtype=np.int64), columns.peaks
    of_options = {name: nothing if name in PEAKS else getattr(options, name)() for name in CRITERIA}
    guards = np.zeros(len(columns.guards), dtype=np.int64)
    return {name: np.concatenate([of_options[name], items[name], guards, peaks.marks(name)]) for name in CRITERIA}


def _item_criteria(columns: Columns) -> dict[str, Integers]:
    """Slimming saves pay and loses the work; orders cost their handling and each opening its set-up.

    Whoever is placed elsewhere is paid no severance.
    """
    items, levers, savings = columns.items, columns.levers, columns.scenario.savings
    slim, order, opened = (items.kind == kind for kind in (SLIM, ORDER, OPEN))
    pay = levers.pay_year_mvnd[items.unit] * slim
    step = levers.order_step[items.unit] * order
    saving, spared = np.zeros(len(items), np.int64), np.zeros(len(items), np.int64)
    spared[items.kind == PLACED] = items.moves.placings.spared_mvnd
    for number, stage in enumerate(columns.scenario.stages):
        mine, all_years = items.stage == number, years_factor(columns.scenario, stage.effect)
        saving += share_half_up(pay * mine, all_years)
        saving -= share_half_up(step * mine, all_years * savings.order_handling_percent / 100)
        set_up = opened * mine * savings.order_setup_mvnd
        saving -= share_half_up(set_up, discount_factor(columns.scenario, stage.effect))
        saving += share_half_up(spared * mine, discount_factor(columns.scenario, stage.effect))
    nothing = np.zeros(len(items), dtype=np.int64)
    return dict.fromkeys(CRITERIA, nothing) | {"state_saving": saving, "work_lost": _work_lost(columns)}


def _work_lost(columns: Columns) -> Integers:
    """The pay of each slimmed post over the years, weighed by how its unit stands to its norm, rounded once."""
    items, levers, units = columns.items, columns.levers, columns.standing[-1]
    work = np.zeros(len(items), dtype=np.int64)
    for number, stage in enumerate(columns.scenario.stages):
        slimmed = np.flatnonzero((items.kind == SLIM) & (items.stage == number))
        unit, factor = items.unit[slimmed], years_factor(columns.scenario, stage.effect)
        over, under = work_weights(levers.norm_posts[number][unit], units.posts[unit])
        years = np.broadcast_to(whole_numbers([factor.numerator]), unit.shape)
        divisors = products(under, whole_numbers([factor.denominator]))
        work[slimmed] = ratio_half_up(levers.pay_year_mvnd[unit] * over, years, divisors)
    return work


class _OptionCriteria:
    """The criteria of every option."""

    def __init__(self, columns: Columns) -> None:
        self.columns, self.paths = columns, columns.paths
        self.scenario, self.units = columns.scenario, columns.standing[-1]
        self.stages = columns.consequences.stages

    def _add(self, entries: Integers) -> Integers:
        return np.add.reduceat(entries, self.paths.starts[:-1]) if len(self.paths) else np.zeros(0, np.int64)

    def state_saving(self) -> Integers:
        """Net present State saving: outlay before less outlay after, handling and one-off costs, year by year."""
        total = np.zeros(len(self.paths), dtype=np.int64)
        before = self._add(self.columns.units.state_outlay_mvnd[self.paths.members])
        for year in self.scenario.years:
            factor = discount_factor(self.scenario, year)
            handled = self._in_force(year)["new_orders_mvnd"]
            total += share_half_up(before - self._outlay(year), factor)
            total -= share_half_up(handled, factor * self.scenario.savings.order_handling_percent / 100)
        return total

    def _in_force(self, year: int) -> StageFigures:
        stage = self.scenario.stage_in_force(year)
        assert stage is not None, "years begin with the first effect"
        return self.stages[stage]

    def _outlay(self, year: int) -> Integers:
        """Grant, orders and what is paid once in a calendar year; a unit that left is still ordered from."""
        stage = self.scenario.stage_in_force(year)
        assert stage is not None, "years begin with the first effect"
        figures = self.stages[stage]
        late = unbooked(self.scenario, self.stages, year)
        outlay = figures["orders_mvnd"] + np.where(figures.public, figures["state_grant_mvnd"] + late, 0)
        waiting = self.paths.joins > stage
        outlay = outlay + self._add(self.columns.standing[stage].state_outlay_mvnd[self.paths.members] * waiting)
        for position, deadline in enumerate(self.scenario.stages):
            if deadline.effect == year:
                outlay = outlay + self.columns.consequences.one_off[position]
        return outlay

    def staff_moved(self) -> Integers:
        """People at sites that close, and the administration of units that stay as branches."""
        members = self.paths.members
        present = self.units.staff[members]
        administration = np.minimum(present, self.columns.levers.administration[members])
        return self._add(np.where(self.paths.is_host, 0, np.where(self.paths.closed, present, administration)))

    def surplus_leaders(self) -> Integers:
        return np.where(self.stages[-1].public, self.stages[-1]["surplus_leaders"], 0)

    def access_user_km(self) -> Integers:
        """Users of closed sites times the road kilometres to the host."""
        travel = self.units.figure("users")[self.paths.members] * self.columns.consequences.metres * self.paths.closed
        return share_half_up(self._add(travel), Fraction(1, 1000))

    def units_touched(self) -> Integers:
        """Members of mergers and dissolutions, units raised to self-financing, and units that leave."""
        alone = (self.paths.raised < len(self.stages)) | (self.paths.leaves < len(self.stages))
        return np.where(self.paths.sizes > 1, self.paths.sizes, alone.astype(np.int64))

    def rating_steps_lost(self) -> Integers:
        """By how many classes of rating each unit that joins another stands above its host."""
        ratings = np.array([RATINGS.index(rating) for rating in self.units.text("performance")], dtype=np.int64)
        fall = ratings[self.paths.hosts[self.paths.option_of_entry]] - ratings[self.paths.members]
        return self._add(np.maximum(fall, 0))

    def work_lost(self) -> Integers:
        return np.zeros(len(self.paths), dtype=np.int64)

    def fee_burden(self) -> Integers:
        """New fees that users pay, discounted over the years."""
        total = np.zeros(len(self.paths), dtype=np.int64)
        for year in self.scenario.years:
            total += share_half_up(self._in_force(year)["fees_mvnd"], discount_factor(self.scenario, year))
        return total
