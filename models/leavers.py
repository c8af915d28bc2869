"""Whom mergers set free, year by year: who fills a vacancy here or nearby, who retires, and who is paid to leave.

Every figure comes from the successors that the checker rebuilt, so the sums are those of successors and cash.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from models.plan import Plan, Successor
from models.severance import regimes_on


@dataclass(frozen=True)
class Leavers:
    """People whose posts one successor gave up for the decisions of one stage, or whom it took from other mergers.

    freed = filled_inside + retired + filled_nearby + severed; received: people of others who fill its vacancies;
    regimes: ids of the texts by which the severed are paid.
    """

    successor: Successor
    year: int
    freed: int
    filled_inside: int
    retired: int
    filled_nearby: int
    severed: int
    severance_mvnd: int
    severance_state_mvnd: int
    severance_own_mvnd: int
    received: int
    regimes: tuple[str, ...]

    @property
    def payer(self) -> str:
        """Who pays: `state`, `unit` or `both`; empty where nobody is paid."""
        if not self.severance_mvnd:
            return ""
        if not self.severance_own_mvnd:
            return "state"
        return "both" if self.severance_state_mvnd else "unit"


def leavers_of(plan: Plan) -> Iterator[Leavers]:
    """A row for every successor and stage in which posts are given up or people received.

    People go on the first day of the stage's year of effect.
    """
    for stage, deadline in enumerate(plan.scenario.stages):
        for successor in (*plan.stages[stage], *plan.left[stage]):
            if successor.figures["freed"] or successor.figures["received"]:
                yield _leavers(plan, successor, deadline.effect)


def _leavers(plan: Plan, successor: Successor, year: int) -> Leavers:
    figures = successor.figures
    return Leavers(
        successor=successor,
        year=year,
        freed=figures["freed"],
        filled_inside=figures["filled_inside"],
        retired=figures["retired"],
        filled_nearby=figures["redeployed"],
        severed=figures["severed"],
        severance_mvnd=figures["severance_mvnd"],
        severance_state_mvnd=figures["severance_state_mvnd"],
        severance_own_mvnd=figures["severance_own_mvnd"],
        received=figures["received"],
        regimes=_regimes(plan, successor) if figures["severed"] else (),
    )


def _regimes(plan: Plan, successor: Successor) -> tuple[str, ...]:
    """The regimes of the day on which people leave, the first that names each member's unit."""
    day, named = plan.scenario.leaving_day(successor.stage), plan.scenario.staffing.severance
    open_, found = set(successor.members), []
    for regime in regimes_on(plan.scenario.severance, day, named):
        fits = plan.units.matches(regime.where)
        mine = {unit for unit in open_ if fits[unit]}
        found += [regime.id] if mine else []
        open_ -= mine
    return tuple(found)
