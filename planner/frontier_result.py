"""What two or three criteria of a case trade against one another, as a result whose plans are the points."""

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from models.trade_off import TradeOff
from planner.frontier_tables import frontier_table
from planner.result import Result


@dataclass(frozen=True, eq=False, kw_only=True)
class FrontierResult(Result):
    """A frontier with its tables as data frames; those of `Result` tell of its points, list `frontier`."""

    found: TradeOff

    @cached_property
    def points(self) -> pd.DataFrame:
        """One row per point: criteria, score, proved, knee, representative."""
        return frontier_table(self.plans, self.found.names, self.found.proved)

    @property
    def status(self) -> str:
        """`complete`, `complete_at_step`, `partial` or `infeasible`."""
        return self.found.frontier.status
