"""What a search found: ranked plans with their tables as data frames, or why there is none."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from models.conflict import Conflict, Reach
from models.search import Problem as Prepared
from models.search import RankedPlan, Ranking
from models.short_sight import ShortSight
from planner.agreement_tables import agreement_table, distances_table
from planner.cash_tables import cash_table
from planner.equitization_tables import equitization_table
from planner.lever_tables import levers_table
from planner.roadmap_table import roadmap_table
from planner.scenario_file import Case
from planner.tables import context_table, decisions_table, ranked_table, readings_table, successors_table


@dataclass(frozen=True, eq=False)
class Impossible:
    """Why there is no plan: what each target can reach alone, and the targets that cannot stand together."""

    problem: Prepared
    conflict: Conflict
    reaches: tuple[Reach, ...]
    engine: str
    confirmed: bool
    repeatable: bool


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found, with its tables as data frames; `impossible` where it is proved that there is no plan.

    stopped: somebody asked to stop before the end; worker_died: how the solver ended, where it ended by itself;
    short_sight: where the plans keep decisions that were taken for the first deadline alone, what these cost.
    """

    case: Case
    ranking: Ranking
    impossible: Impossible | None
    seconds: dict[str, float]
    stopped: bool = False
    worker_died: str = ""
    short_sight: ShortSight | None = None

    @property
    def plans(self) -> tuple[RankedPlan, ...]:
        return self.ranking.plans

    @cached_property
    def table(self) -> pd.DataFrame:
        return ranked_table(self.plans, self.case.scenario)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        return decisions_table(self.plans)

    @cached_property
    def successors(self) -> pd.DataFrame:
        return successors_table(self.plans)

    @cached_property
    def readings(self) -> pd.DataFrame:
        return readings_table(self.plans)

    @cached_property
    def context(self) -> pd.DataFrame:
        """What belongs beside the readings of every plan."""
        return context_table(self.plans)

    @cached_property
    def levers(self) -> pd.DataFrame:
        """What carried each target of every plan."""
        return levers_table(self.plans)

    @cached_property
    def cash(self) -> pd.DataFrame:
        """What the State saves, pays once and is left with under every plan, year by year."""
        return cash_table(self.plans)

    @cached_property
    def equitization(self) -> pd.DataFrame:
        """Who could become a company, and what every plan does with them."""
        return equitization_table(self.plans, self.case.scenario, self.case.units)

    @cached_property
    def roadmap(self) -> pd.DataFrame:
        """The steps of every decision of every plan, with bodies, documents and days."""
        return roadmap_table(self.plans)

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """Decisions that all plans of a list take, some, or none."""
        return agreement_table(self.plans, self.case.scenario, self.case.units)

    @cached_property
    def distances(self) -> pd.DataFrame:
        """How far every plan lies from every other, in decisions and in people."""
        return distances_table(self.plans)

    @property
    def interrupted(self) -> bool:
        return self.stopped
