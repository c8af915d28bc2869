"""By how much a figure falls from today to a stage of a finished plan, under each label and by which lever.

Every figure is taken apart successor by successor, so that the parts add up to the whole exactly: what the members
hold today, less each lever's part, is what the successor holds after.
"""

from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from models.exact import round_half_up

if TYPE_CHECKING:
    from models.plan import Plan, Successor
    from models.rules.rule import Rule

Parts = Iterator[tuple[str, int]]
"""Levers with what each takes from a figure; a lever may come more than once."""
Falls = Mapping[tuple[str, str], int]
"""(label, lever) -> by how much the figure falls there; negative where it grows."""
Saved = Mapping[tuple[str, int], Fraction]
"""(label, position of a unit) -> what is saved there by what is decided about that unit."""


class Figure(ABC):
    """A figure that a rule counts or sums: what a unit holds today, and what each lever takes from a successor."""

    @abstractmethod
    def today(self, plan: "Plan", unit: int) -> int:
        """What a unit holds today."""

    @abstractmethod
    def parts(self, plan: "Plan", successor: "Successor") -> Parts:
        """What every lever takes from what the members brought."""

    def comes(self, plan: "Plan", unit: int, stage: int) -> int:  # noqa: ARG002
        """What a unit gains (or loses: less than nothing) by a stage before any decision, as units come to stand."""
        return 0

    def absorbed(self, plan: "Plan", successor: "Successor", unit: int) -> Parts:  # noqa: ARG002
        """What ends with an absorbed unit under its own label; the rest goes along to the host's."""
        return iter(())

    def given_up(self, plan: "Plan", amounts: Mapping[str, int]) -> int:  # noqa: ARG002
        """What the amounts slimmed and ordered in one member take."""
        return 0


@dataclass(frozen=True)
class UnitCount(Figure):
    """How many units there are: an absorbed unit is one less where it stood, one that duty creates is one more."""

    def today(self, plan: "Plan", unit: int) -> int:
        return int(plan.units.text("planned")[unit] == "")

    def absorbed(self, plan: "Plan", successor: "Successor", unit: int) -> Parts:
        yield "dissolve" if unit in successor.dissolved else "merge", self.today(plan, unit)

    def parts(self, plan: "Plan", successor: "Successor") -> Parts:
        """What changes for the host, state after state: merged, raised, left."""
        held = self.today(plan, successor.host)
        for lever, then in self.states(plan, successor):
            yield lever, held - then
            held = then

    def states(self, plan: "Plan", successor: "Successor") -> Parts:
        """Levers with what the successor counts for after each."""
        yield "create", 1
        yield from self.leaving(plan, successor)

    def leaving(self, plan: "Plan", successor: "Successor") -> Parts:  # noqa: ARG002
        """The last state of a successor that has left."""
        if successor.exit:
            yield successor.exit, 0


@dataclass(frozen=True)
class AutonomousCount(UnitCount):
    """How many units pay for themselves; a raise carries the name of what pays for the larger part of it."""

    def today(self, plan: "Plan", unit: int) -> int:
        return super().today(plan, unit) * self._counts(plan, plan.unit_figure("autonomy_group", unit))

    def states(self, plan: "Plan", successor: "Successor") -> Parts:
        now = successor.figures
        yield "create", self._counts(plan, plan.unit_figure("autonomy_group", successor.host))
        yield "merge", self._counts(plan, now["group_before_raise"])
        by_orders = now["new_orders_mvnd"] >= now["fees_mvnd"]
        yield "raise_orders" if by_orders else "raise_fees", self._counts(plan, now["autonomy_group"])
        yield from self.leaving(plan, successor)

    def _counts(self, plan: "Plan", group: int) -> int:
        return int(group in plan.scenario.autonomous_groups)


@dataclass(frozen=True)
class OtherFunctions(UnitCount):
    """How many units serve a function that may not remain."""

    refused: tuple[str, ...]

    def today(self, plan: "Plan", unit: int) -> int:
        return super().today(plan, unit) * self._counts(plan.units.text("function")[unit])

    def states(self, plan: "Plan", successor: "Successor") -> Parts:
        yield "create", self._counts(plan.units.text("function")[successor.host])
        yield "merge", self._counts(plan.label_of(successor, "function"))
        yield from self.leaving(plan, successor)

    def _counts(self, function: str) -> int:
        return int(function in self.refused)


@dataclass(frozen=True)
class BudgetPosts(Figure):
    """Posts paid from the budget: some no longer exist, others are paid from own revenue, the rest may leave."""

    def today(self, plan: "Plan", unit: int) -> int:
        return plan.unit_figure("posts_budget", unit)

    def comes(self, plan: "Plan", unit: int, stage: int) -> int:
        return plan.unit_figure("posts_budget", unit, stage) - self.today(plan, unit)

    def parts(self, plan: "Plan", successor: "Successor") -> Parts:  # noqa: ARG002
        now = successor.figures
        yield "merge", now["saved_budget_posts"] - now["dissolved_budget_posts"]
        yield "dissolve", now["dissolved_budget_posts"]
        yield from _moved(now)
        yield "order", now["posts_ordered"]
        yield "slim", now["posts_slimmed"]
        if successor.exit:
            yield successor.exit, now["posts_budget"]

    def given_up(self, plan: "Plan", amounts: Mapping[str, int]) -> int:  # noqa: ARG002
        return amounts["posts"]


def _moved(now: Mapping[str, int]) -> Parts:
    """Posts moved to own revenue: by a raise in proportion to orders and fees, else by a partner's surplus."""
    moved, paid = now["posts_taken_over"], now["new_orders_mvnd"] + now["fees_mvnd"]
    if not now["raised"] or not paid:
        yield "surplus", moved
        return
    by_orders = round_half_up(Fraction(moved * now["new_orders_mvnd"], paid))
    yield "raise_orders", by_orders
    yield "raise_fees", moved - by_orders


@dataclass(frozen=True)
class DirectSpending(Figure):
    """The direct State spending of a year in which every saving is booked in full."""

    def today(self, plan: "Plan", unit: int) -> int:
        return self._spent(plan, unit, None)

    def comes(self, plan: "Plan", unit: int, stage: int) -> int:
        return self._spent(plan, unit, stage) - self.today(plan, unit)

    def _spent(self, plan: "Plan", unit: int, stage: int | None) -> int:
        orders = plan.unit_figure("orders_mvnd", unit, stage) if _orders_count(plan) else 0
        return plan.unit_figure("state_grant_mvnd", unit, stage) + orders

    def parts(self, plan: "Plan", successor: "Successor") -> Parts:
        now = successor.figures
        yield "merge", now["pay_saving_mvnd"] - now["dissolved_saving_mvnd"]
        yield "dissolve", now["dissolved_saving_mvnd"]
        yield "site", now["site_saving_mvnd"]
        ended, orders = now["grant_ended_mvnd"], now["new_orders_mvnd"]
        by_fees = min(ended - orders, now["fees_mvnd"])
        yield "raise_orders", 0 if _orders_count(plan) else orders
        yield "raise_fees", by_fees
        yield "surplus", ended - orders - by_fees
        yield "order", 0 if _orders_count(plan) else now["ordered_mvnd"]
        yield "slim", now["slimmed_mvnd"]
        if successor.exit:
            yield successor.exit, now["state_grant_mvnd"] + (now["orders_mvnd"] if _orders_count(plan) else 0)

    def given_up(self, plan: "Plan", amounts: Mapping[str, int]) -> int:
        return amounts["slimmed_mvnd"] + (0 if _orders_count(plan) else amounts["ordered_mvnd"])


def _orders_count(plan: "Plan") -> bool:
    return plan.scenario.counting.orders_are_direct_spending


def today_of(plan: "Plan", rule: "Rule", figure: Figure) -> dict[str, int]:
    """What units hold of a figure today, under each label of a rule."""
    labels = rule.labels(plan.scenario, plan.units)
    sums = dict.fromkeys(labels, 0)
    for unit in range(len(plan.units)):
        label = plan.unit_counted_as(unit, -1, rule.scope, rule.per, labels)
        if label is not None and label in sums:
            sums[label] += figure.today(plan, unit)
    return sums


def falls_of(plan: "Plan", rule: "Rule", figure: Figure, stage: int) -> Falls:
    """By how much a figure falls from today to a stage, under each label of a rule.

    What a transfer takes elsewhere and what counts under the host's label afterwards are levers of their own, which
    add up to nothing over all labels. A unit that has left counts where it stands today.
    """
    falls: dict[tuple[str, str], int] = defaultdict(int)
    labels = rule.labels(plan.scenario, plan.units)
    here = (rule.scope, rule.per, labels)

    def add(label: str | None, lever: str, amount: int) -> None:
        if label in labels:
            falls[label, lever] += amount

    for successor in (*plan.stages[stage], *plan.left[stage]):
        when = -1 if successor.exit else stage
        home = (
            plan.unit_counted_as(successor.host, when, *here) if successor.exit else plan.counted_as(successor, *here)
        )
        for unit in successor.members:
            amount = figure.today(plan, unit)
            before, own = plan.unit_counted_as(unit, -1, *here), plan.unit_counted_as(unit, when, *here)
            add(before, "transfer", amount)
            add(own, "transfer", -amount)
            if gained := figure.comes(plan, unit, stage):
                add(own, "split" if unit in plan.split_units else "create", -gained)
                amount += gained
            for lever, ended in figure.absorbed(plan, successor, unit) if unit != successor.host else ():
                add(own, lever, ended)
                amount -= ended
            add(own, "other_label", amount)
            add(home, "other_label", -amount)
        for lever, amount in figure.parts(plan, successor):
            add(home, lever, amount)
    return falls


def saved_of(plan: "Plan", rule: "Rule", figure: Figure, stage: int) -> Saved:
    """What every unit's decisions take from a figure by a stage, under each label of a rule.

    A host answers for all that its successor saves, every other member for what is slimmed or ordered in it. Levers
    alone save: what comes to count under another label is nothing saved.
    """
    labels = rule.labels(plan.scenario, plan.units)
    here = (rule.scope, rule.per, labels)
    gave: dict[tuple[str, int], Fraction] = defaultdict(Fraction)
    for successor in (*plan.stages[stage], *plan.left[stage]):
        left = bool(successor.exit)
        home = plan.unit_counted_as(successor.host, -1, *here) if left else plan.counted_as(successor, *here)
        if home is None or home not in labels:
            continue
        gave[home, successor.host] += sum(amount for _, amount in figure.parts(plan, successor))
        for unit, amounts in successor.given_up.items():
            if unit != successor.host:
                amount = figure.given_up(plan, amounts)
                gave[home, unit] += amount
                gave[home, successor.host] -= amount
    return gave
