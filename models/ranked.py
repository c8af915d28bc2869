"""What a search finds: checked plans in their places, two lists of them, and how well each is proved."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Literal

from models.exact import Integers
from models.figures import IN_MONEY, SCORE
from models.order import Step
from models.plan import Plan
from models.prepared import Prepared

ListName = Literal["best", "different", "frontier"]
Stop = Literal["found", "no_further", "too_dear", "nothing_differs", "limit", "interrupted", "infeasible", "left_out"]


@dataclass(frozen=True, eq=False)
class RankedPlan:
    """A checked plan in its place: score, lower bound, and how well it is proved; all in million VND.

    bound holds for this place in its list, None where the engine told none; gap_percent is of one year's State outlay.
    steps: what each step of the scenario's order found, the score among them; empty without an order;
    elsewhere: the same decisions rebuilt in each of the other scenarios in which the plan must hold, in their order.
    """

    list: ListName
    rank: int
    plan: Plan
    values: Integers
    score: int
    bound: int | None
    outlay: int
    repeatable: bool
    steps: tuple[Step, ...] = ()
    elsewhere: tuple[Plan, ...] = ()

    @property
    def gap(self) -> int | None:
        return None if self.bound is None else max(0, self.score - self.bound)

    @property
    def gap_percent(self) -> Fraction | None:
        """The gap of the score, or of a step in money before it where that is wider."""
        gaps = [self.gap, *(step.gap for step in self.steps if step.criterion in IN_MONEY)]
        known = [gap for gap in gaps if gap is not None]
        return Fraction(100 * max(known), self.outlay) if len(known) == len(gaps) else None

    @property
    def counts_proved(self) -> bool:
        """Whether every step of the order that is no sum of money is proved; money has its gap in percent."""
        return all(step.proved for step in self.steps if step.criterion not in (SCORE, *IN_MONEY))

    @property
    def proved_best(self) -> bool:
        """Whether no plan of its place is better, in any step of the order."""
        return self.gap is not None and self.gap < 1 and all(step.proved for step in self.steps)


@dataclass(frozen=True, eq=False)
class Ranking:
    """The two lists, why each ended, and the problem that they answer.

    repeatable: no answer on the way was cut by the clock or by hand; by_clock: some answer was cut by the clock.
    """

    problem: Prepared
    plans: tuple[RankedPlan, ...]
    stops: dict[ListName, Stop]
    engine: str
    repeatable: bool
    by_clock: bool

    def of(self, name: ListName) -> tuple[RankedPlan, ...]:
        return tuple(plan for plan in self.plans if plan.list == name)

    @property
    def best_score(self) -> int:
        return min(plan.score for plan in self.plans)

    def order_proved(self, plan: RankedPlan) -> bool:
        """Whether no plan of its place can come before it: the next place's bound is not below its score."""
        places = self.of(plan.list)
        if plan.rank == len(places):
            return True
        if plan.steps:
            return plan.proved_best or _behind(places[plan.rank], plan)
        after = places[plan.rank].bound
        return plan.proved_best or (after is not None and after >= plan.score)


def _behind(later: RankedPlan, plan: RankedPlan) -> bool:
    """Whether a later place's bounds, step after step, leave no plan there that comes before this one."""
    for its, mine in zip(later.steps, plan.steps, strict=True):
        if its.bound is None or its.bound < mine.best:
            return False
        if its.bound > mine.best or not its.proved:
            return its.bound > mine.best
    return True
