"""The State's cash of a finished plan, calendar year by calendar year: what it saves, pays once, and is left with.

Every line comes from the successors that the checker rebuilt. Savings are measured on State outlay (grant and
orders): a grant that becomes an order saves nothing, and orders to what has left go on. Every line stands at the
scenario's prices: constant ones, or those of its year.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate

from models.exact import round_half_up
from models.falls import DirectSpending
from models.figures import ONE_OFF, one_off_figure
from models.plan import Plan, Successor
from models.recount_prices import risen

OUTLAY = ("outlay_before", "outlay_after", "direct_spending_before", "direct_spending_after")
BY_LEVER = ("merge", "site", "dissolve", "slim", "raise_fees", "surplus")
SAVING = (*BY_LEVER, "equitize", "convert", "create", "early_years", "order_handling")
"""What a year saves by its source, under the names of levers; the last three are negative or nothing."""
TOTALS = ("saving", "one_off", "net", "cumulated")
KINDS: Mapping[str, str] = {
    **dict.fromkeys(OUTLAY, "outlay"),
    **dict.fromkeys(SAVING, "saving"),
    **dict.fromkeys(ONE_OFF, "one_off"),
    "rounding": "rounding",
    **dict.fromkeys(TOTALS, "total"),
}
"""Every line of a year with its kind, in order; lines of `saving`, `one_off` and `rounding` add up to `net`."""


@dataclass(frozen=True)
class CashLine:
    """One line of one calendar year in whole million VND: what helps the State is positive, what costs it negative.

    present_value_mvnd: the amount in money of the first year of effect.
    """

    year: int
    line: str
    kind: str
    amount_mvnd: int
    present_value_mvnd: int


@dataclass(frozen=True)
class Cash:
    """The lines of all years from the first effect to the horizon."""

    lines: tuple[CashLine, ...]

    def of(self, line: str) -> Mapping[int, int]:
        """The amount of a line by year."""
        return {row.year: row.amount_mvnd for row in self.lines if row.line == line}

    @property
    def payback_year(self) -> int | None:
        """The first year from which on the cumulated net, not discounted, is never negative; None up to the horizon."""
        cumulated = self.of("cumulated")
        behind = max((year for year, sum_ in cumulated.items() if sum_ < 0), default=min(cumulated) - 1)
        return None if behind == max(cumulated) else behind + 1


def cash_of(plan: Plan) -> Cash:
    """The cash of a plan; the present values of `net` add up to its criterion `state_saving` exactly.

    The criterion is rounded once per option and year, once per post and order step over all years. Here every line is
    rounded once per year; what the two ways differ by stands as `rounding` in the last year.
    """
    years = [_Year(plan, year) for year in plan.scenario.years]
    found = sum(worth for year in years for worth in year.worth.values())
    years[-1].worth["rounding"] += plan.criteria["state_saving"] - found
    nets = [(sum(year.amounts.values()), sum(year.worth.values())) for year in years]
    sums = accumulate(nets, lambda before, net: (before[0] + net[0], before[1] + net[1]))
    return Cash(tuple(line for year, sum_ in zip(years, sums, strict=True) for line in year.lines(sum_)))


class _Year:
    """One calendar year: the lines that add up to its net, each as an amount and in money of the first year.

    level: by what the year's money is multiplied to stand at the scenario's prices.
    """

    def __init__(self, plan: Plan, year: int) -> None:
        self.plan, self.year = plan, year
        stage = plan.scenario.stage_in_force(year)
        assert stage is not None, "years begin with the first effect"
        self.stage, self.starts = stage, plan.scenario.stages[stage].effect == year
        self.level = risen(plan.scenario, year)
        at_prices = {**self._saved(), **self._paid_once(), "rounding": Fraction(0)}
        exact = {line: amount * self.level for line, amount in at_prices.items()}
        self.amounts = {line: round_half_up(amount) for line, amount in exact.items()}
        self.worth = {line: self._worth(amount) for line, amount in exact.items()}

    @property
    def successors(self) -> Sequence[Successor]:
        return (*self.plan.stages[self.stage], *self.plan.left[self.stage])

    def lines(self, cumulated: tuple[int, int]) -> Iterator[CashLine]:
        """Every line of the year in the order of KINDS; `cumulated` is the net of all years so far."""
        spent = {line: amount * self.level for line, amount in self._outlay().items()}
        outlay = {line: (round_half_up(amount), self._worth(amount)) for line, amount in spent.items()}
        parts = {line: (amount, self.worth[line]) for line, amount in self.amounts.items()}
        totals = {"saving": _sum(parts, SAVING), "one_off": _sum(parts, ONE_OFF), "net": _sum(parts, tuple(parts))}
        told = outlay | parts | totals | {"cumulated": cumulated}
        return (CashLine(self.year, line, kind, *told[line]) for line, kind in KINDS.items())

    def _worth(self, amount: Fraction) -> int:
        money = self.plan.scenario
        yearly = 1 + money.money.discount_percent / 100
        return round_half_up(amount / yearly ** (self.year - money.stages[0].effect))

    def _outlay(self) -> dict[str, int]:
        """State outlay and direct spending of the year, before and after; planned units are none of today's."""
        plan, today = self.plan, self.plan.scenario.stages[0].effect - 1
        public = plan.stages[self.stage]
        granted = sum(s.figures["state_grant_mvnd"] + s.late_mvnd.get(self.year, 0) for s in public)
        orders, direct = (
            [yearly(year, ("",))[""] for year in (today, self.year)] for yearly in (plan.orders, plan.direct_spending)
        )
        return dict(zip(OUTLAY, (int(plan.units.state_outlay_mvnd.sum()), granted + orders[1], *direct), strict=True))

    def _saved(self) -> dict[str, Fraction]:
        found: Counter[str] = Counter(dict.fromkeys(SAVING, 0))
        for successor in self.successors:
            for lever, amount in DirectSpending().parts(self.plan, successor):
                found[lever] += amount if lever in BY_LEVER else 0
            if successor.exit:
                found[successor.exit] += successor.figures["state_grant_mvnd"]
            else:
                found["early_years"] -= successor.late_mvnd.get(self.year, 0)
            found["create"] -= sum(self._comes(unit) for unit in successor.members)
        handled = sum(s.figures["new_orders_mvnd"] + s.figures["ordered_mvnd"] for s in self.successors)
        share = self.plan.scenario.savings.order_handling_percent / 100
        return {line: Fraction(found[line]) for line in SAVING} | {"order_handling": -handled * share}

    def _comes(self, unit: int) -> int:
        """What a unit costs more than today before any decision: what splits take with them adds up to nothing."""
        columns = ("state_grant_mvnd", "orders_mvnd")
        return sum(
            self.plan.unit_figure(name, unit, self.stage) - self.plan.unit_figure(name, unit) for name in columns
        )

    def _paid_once(self) -> dict[str, Fraction]:
        names = {cause: one_off_figure(cause) for cause in ONE_OFF}
        paid = self.successors if self.starts else ()
        return {cause: -Fraction(sum(s.figures[name] for s in paid)) for cause, name in names.items()}


def _sum(parts: Mapping[str, tuple[int, int]], lines: tuple[str, ...]) -> tuple[int, int]:
    return sum(parts[line][0] for line in lines), sum(parts[line][1] for line in lines)
