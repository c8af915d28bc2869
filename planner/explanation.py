"""Why a plan is as it is: prices of its decisions and of those it rejects, who else would change, steps of targets."""

from dataclasses import dataclass, field
from functools import cached_property

import pandas as pd

from models.agreement import forced_decisions, plan_events
from models.importance import Kind, Price
from models.likeness import Event
from models.plan import Plan
from models.questions import Question
from models.ranked import RankedPlan
from models.rules import Rule
from models.settled import settled_by
from models.staircase import Neighbour
from planner.explain_tables import dominoes_table, forced_table, prices_table, staircase_table
from planner.run_reading import Run


@dataclass(frozen=True, eq=False)
class Priced:
    """A question with its price; dominoes: the plan that answers it treats these units differently, beside its own."""

    question: Question
    price: Price
    kind: Kind
    dominoes: tuple[int, ...] = ()
    after: Plan | None = None


@dataclass(frozen=True, eq=False)
class StairPrice:
    """What a step of a target costs."""

    neighbour: Neighbour
    price: Price


@dataclass(frozen=True, eq=False)
class Settled:
    """A decision of the plan that leaves no choice, and the rules and pins that force it."""

    event: Event
    by: tuple[Rule, ...]


@dataclass(eq=False)
class Explanation:
    """Why a plan of a run is as it is; filled as answers come, so that whoever stops early keeps what there is.

    unit: the one unit that was asked about; nothing_mvnd: prices up to this count as free; limits: targets that the
    plan holds without room for one more step; unasked: questions that the clock or Ctrl-C left to their first bounds.
    """

    run: Run
    ranked: RankedPlan
    unit: int | None
    nothing_mvnd: int
    limits: tuple[str, ...] = ()
    priced: list[Priced] = field(default_factory=list)
    stairs: list[StairPrice] = field(default_factory=list)
    unasked: int = 0
    interrupted: bool = False
    repeatable: bool = True

    @property
    def prices(self) -> pd.DataFrame:
        """What every decision is worth."""
        return prices_table(self)

    @property
    def forced(self) -> pd.DataFrame:
        """What rules and pins settle, so that there is nothing to price."""
        return forced_table(self)

    @property
    def dominoes(self) -> pd.DataFrame:
        """Who else would change with every decision."""
        return dominoes_table(self)

    @property
    def staircase(self) -> pd.DataFrame:
        """What the steps of every target cost."""
        return staircase_table(self)

    @cached_property
    def settled(self) -> tuple[Settled, ...]:
        """The decisions of the plan that rules and pins force; of the one unit where one was asked about."""
        scenario, units = self.run.case.scenario, self.run.case.units
        if self.unit is None:
            found = sorted(forced_decisions(self.ranked.plan), key=lambda event: (event.fate, event.units))
        else:
            found = [one.question.event for one in self.priced if one.question.asked == "without"]
        told = (Settled(event, settled_by(scenario, units, event.fate, event.units)) for event in found)
        return tuple(one for one in told if one.by)

    @cached_property
    def events(self) -> frozenset[Event]:
        return plan_events(self.ranked.plan)
