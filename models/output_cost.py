"""What the State pays for one unit of output, today and after each stage of a finished plan.

State outlay (grant and orders) over the output of the same units: of a successor and its members, and of all public
units of a kind. Nothing here decides anything.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.output import Output
from models.plan import Plan, Successor


@dataclass(frozen=True)
class Produced:
    """What some public units produce in a year and the State pays them for it.

    silent: how many of them state no output; outlay_mvnd: a full year of grant and orders.
    """

    units: int = 0
    silent: int = 0
    output: int = 0
    outlay_mvnd: int = 0

    @property
    def per_unit(self) -> Fraction | None:
        """Million VND for one unit of output; None where there is none to divide by."""
        return Fraction(self.outlay_mvnd, self.output) if self.output else None

    def __add__(self, other: "Produced") -> "Produced":
        return Produced(
            self.units + other.units,
            self.silent + other.silent,
            self.output + other.output,
            self.outlay_mvnd + other.outlay_mvnd,
        )


@dataclass(frozen=True)
class OutputCost:
    """One indicator after one stage: the same units before and after.

    kind: the host's; successor: None where the row is of all public units of the kind.
    """

    indicator: Output
    stage: int
    kind: str
    before: Produced
    after: Produced
    successor: Successor | None = None


def successor_costs(plan: Plan) -> Iterator[OutputCost]:
    """Every indicator that fits a successor which a decision has touched by then: its members today, and itself."""
    for stage, successors in enumerate(plan.stages):
        touched = _touched(plan, stage)
        for successor in successors:
            if touched.isdisjoint(successor.members):
                continue
            for indicator in plan.scenario.outputs:
                if plan.in_scope(successor, indicator.where):
                    before = _sum(_today(plan, indicator, unit) for unit in successor.members)
                    kind, after = plan.label_of(successor, "kind"), _after(indicator, successor)
                    yield OutputCost(indicator, stage, kind, before, after, successor)


def indicators_of(plan: Plan, stage: int, host: int) -> tuple[Output, ...]:
    """The indicators that fit what a host is after a stage; none where it has left the public sector."""
    mine = [successor for successor in plan.stages[stage] if successor.host == host]
    return tuple(one for one in plan.scenario.outputs for successor in mine if plan.in_scope(successor, one.where))


def kind_costs(plan: Plan) -> Iterator[OutputCost]:
    """Every indicator of every kind that it fits, all public units of the kind together, by their own kind today."""
    for stage, successors in enumerate(plan.stages):
        for indicator in plan.scenario.outputs:
            yield from _of_kinds(plan, stage, successors, indicator)


def province_costs(plan: Plan, stage: int) -> Iterator[tuple[Output, Produced, Produced]]:
    """Every indicator over the kinds that state any of it, before and after a stage.

    A kind without any output would only add its outlay to the cost of the others'.
    """
    rows = [row for row in kind_costs(plan) if row.stage == stage and (row.before.output or row.after.output)]
    for indicator in plan.scenario.outputs:
        mine = [row for row in rows if row.indicator is indicator]
        if mine:
            yield indicator, _sum(row.before for row in mine), _sum(row.after for row in mine)


def _of_kinds(plan: Plan, stage: int, successors: Sequence[Successor], indicator: Output) -> Iterator[OutputCost]:
    kinds, before, after = plan.units.text("kind"), dict[str, Produced](), dict[str, Produced]()
    fits = plan.units.matches(indicator.where) & plan.units.exists
    for unit in fits.nonzero()[0].tolist():
        kind = str(kinds[unit])
        before[kind] = before.get(kind, Produced()) + _today(plan, indicator, unit)
    for successor in successors:
        if plan.in_scope(successor, indicator.where):
            kind = plan.label_of(successor, "kind")
            after[kind] = after.get(kind, Produced()) + _after(indicator, successor)
    for kind in sorted({*before, *after}):
        yield OutputCost(indicator, stage, kind, before.get(kind, Produced()), after.get(kind, Produced()))


def _touched(plan: Plan, stage: int) -> set[int]:
    """Units of which some decision has been carried out by a stage's deadline."""
    last, at = plan.scenario.stages[stage].year, plan.units.positions
    return {at[row.unit_id] for row in plan.decisions if row.fate != "keep" and (row.year or last) <= last}


def _today(plan: Plan, indicator: Output, unit: int) -> Produced:
    """A unit as it is today; one that is only planned has and costs nothing."""
    if not plan.units.exists[unit]:
        return Produced()
    output = int(plan.units.figure(indicator.column)[unit])
    return Produced(1, int(output == 0), output, int(plan.units.state_outlay_mvnd[unit]))


def _after(indicator: Output, successor: Successor) -> Produced:
    figures = successor.figures
    output = figures[indicator.column]
    return Produced(1, int(output == 0), output, figures["state_grant_mvnd"] + figures["orders_mvnd"])


def _sum(parts: Iterable[Produced]) -> Produced:
    return sum(parts, start=Produced())
