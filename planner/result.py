"""What a search found: ranked plans with their tables as data frames, or why there is none."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from models.holding import Holding, InTheWay
from models.near import Near
from models.prepared import Prepared
from models.priced import PricedIn
from models.ranked import RankedPlan, Ranking
from models.short_sight import ShortSight
from models.why_not import WhyNot
from planner.access_tables import access_table
from planner.agreement_tables import agreement_table, distances_table
from planner.cash_tables import cash_table
from planner.certificates import Proof
from planner.conflict_tables import conflicts_table, reach_table, repair_decisions_table, repairs_table
from planner.equitization_tables import equitization_table
from planner.held_tables import best_alone, held_tables
from planner.leavers_table import leavers_table
from planner.lever_tables import levers_table
from planner.order_tables import order_table
from planner.output_tables import outputs_by_kind_table, outputs_table
from planner.roadmap_table import roadmap_table
from planner.scenario_file import Case
from planner.tables import context_table, decisions_table, ranked_table, readings_table, successors_table


@dataclass(frozen=True, eq=False)
class Impossible:
    """Why there is no plan, which engine proved it, whether a second one says so, and the proof that needs none.

    among: what the conflict, the reaches and the ways out were looked for in, as data files say it.
    """

    problem: Prepared
    why: WhyNot
    engine: str
    confirmed: bool
    repeatable: bool
    proof: Proof | None = None
    among: str = "the options listed"

    @cached_property
    def reach(self) -> pd.DataFrame:
        """How far each target goes alone, and beside the other demands."""
        return reach_table(self.why)

    @cached_property
    def conflicts(self) -> pd.DataFrame:
        """Every minimal conflict found, member by member."""
        return conflicts_table(self.why)

    @cached_property
    def repairs(self) -> pd.DataFrame:
        """What gives way in each way out and by how much; then the minimal sets of demands to give up."""
        return repairs_table(self.why)

    @cached_property
    def repair_decisions(self) -> pd.DataFrame:
        """The plan of each way out, one row per unit and step; `list` is the sense."""
        return repair_decisions_table(self.why)


@dataclass(frozen=True, eq=False)
class Blocked:
    """Why no plan holds in all scenarios, which engine found it, and whether a second one says so."""

    found: InTheWay
    engine: str
    confirmed: bool
    repeatable: bool


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found, with its tables as data frames; `impossible` where it is proved that there is no plan.

    stopped: somebody asked to stop before the end; worker_died: how the solver ended, where it ended by itself;
    proof: a lower bound on every plan that needs no solver, where there is one;
    short_sight: where the plans keep decisions that were taken for the first deadline alone, what these cost;
    near: where they lie near a hand-made plan, that plan and how few changes it needs;
    holding: where they hold in other scenarios as well, what that costs; in_the_way: why no plan holds in all of them;
    priced: where options were too many to be listed, how those came about that were.
    """

    case: Case
    ranking: Ranking
    impossible: Impossible | None
    seconds: dict[str, float]
    stopped: bool = False
    worker_died: str = ""
    short_sight: ShortSight | None = None
    proof: Proof | None = None
    near: Near | None = None
    holding: Holding | None = None
    in_the_way: Blocked | None = None
    priced: PricedIn | None = None

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
    def leavers(self) -> pd.DataFrame:
        """Whom the mergers of every plan set free, and where they go, year by year."""
        return leavers_table(self.plans)

    @cached_property
    def equitization(self) -> pd.DataFrame:
        """Who could become a company, and what every plan does with them."""
        return equitization_table(self.plans, self.case.scenario, self.case.units)

    @cached_property
    def roadmap(self) -> pd.DataFrame:
        """The steps of every decision of every plan, with bodies, documents and days."""
        return roadmap_table(self.plans)

    @cached_property
    def outputs(self) -> pd.DataFrame:
        """What every successor that a plan touches produces, and what the State pays for one of it."""
        return outputs_table(self.plans)

    @cached_property
    def outputs_by_kind(self) -> pd.DataFrame:
        """The same of all public units of each kind."""
        return outputs_by_kind_table(self.plans)

    @cached_property
    def order(self) -> pd.DataFrame:
        """Per plan and step of the scenario's order its value, bound and gap; nothing without an order."""
        return order_table(self.plans)

    @cached_property
    def access(self) -> pd.DataFrame:
        """How much further users go under every plan, by commune and group of users."""
        return access_table(self.plans)

    @cached_property
    def agreement(self) -> pd.DataFrame:
        """Decisions that all plans of a list take, some, or none."""
        return agreement_table(self.plans, self.case.scenario, self.case.units)

    @cached_property
    def distances(self) -> pd.DataFrame:
        """How far every plan lies from every other, in decisions and in people."""
        return distances_table(self.plans)

    @cached_property
    def held(self) -> dict[str, pd.DataFrame]:
        """How the plans fare in every other scenario, by the names of the tables; nothing where there is none."""
        plans = [*self.plans, *best_alone(self.holding)]
        return {name.removesuffix(".csv"): frame for name, frame in held_tables(plans, self.case)}

    @property
    def interrupted(self) -> bool:
        return self.stopped
