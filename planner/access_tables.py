"""How much further users go: a table of the run folder."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from models.access import access_of
from models.ranked import RankedPlan
from planner.tables import decimal

ACCESS_COLUMNS = (
    "list", "rank", "year", "commune", "user_group", "users", "users_further", "user_km", "mean_m", "farthest_m",
    "worst",
)  # fmt: skip
KILOMETRE = 1000


def access_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per plan, stage's year, commune and group of users that goes further; without a commune: everywhere."""
    rows = [
        {"list": plan.list, "rank": plan.rank, **vars(loss), "user_km": decimal(Fraction(loss.user_m, KILOMETRE))}
        for plan in plans
        for loss in access_of(plan.plan)
    ]
    return pd.DataFrame(rows, columns=list(ACCESS_COLUMNS))
