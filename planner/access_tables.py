"""How much further users go: a table of the run folder, and the worst communes in the terminal."""

from collections.abc import Iterable
from fractions import Fraction

import pandas as pd

from models.access import EVERYWHERE, access_of
from models.search import RankedPlan
from planner.tables import decimal
from planner.talk import Talk
from planner.units.vocabulary import Vocabulary

ACCESS_COLUMNS = (
    "list", "rank", "year", "commune", "user_group", "users", "users_further", "user_km", "mean_m", "farthest_m",
    "worst",
)  # fmt: skip
MOST_SHOWN = 1
KILOMETRE = 1000


def access_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per plan, stage's year, commune and group of users that goes further; without a commune: everywhere."""
    rows = [
        {"list": plan.list, "rank": plan.rank, **vars(loss), "user_km": decimal(Fraction(loss.user_m, KILOMETRE))}
        for plan in plans
        for loss in access_of(plan.plan)
    ]
    return pd.DataFrame(rows, columns=list(ACCESS_COLUMNS))


def show_access(talk: Talk, ranked: RankedPlan, vocabulary: Vocabulary) -> None:
    """Every group that goes further by the last stage, and the communes where one goes furthest."""
    say, number = talk.wording.say, talk.wording.number
    last = ranked.plan.scenario.stages[-1].year
    found = [loss for loss in access_of(ranked.plan) if loss.year == last]
    whole = [loss for loss in found if loss.commune == EVERYWHERE]
    if not whole:
        return
    single = sorted((loss for loss in found if loss.commune != EVERYWHERE), key=lambda loss: -loss.mean_m)
    of = {"sector": "sectors", "kind": "kinds"}[ranked.plan.scenario.objective.user_groups]
    names = {loss.user_group: vocabulary.name(of, loss.user_group, talk.wording.language) for loss in whole}
    heads = [say(f"access.{name}") for name in ("commune", "user_group", "users", "further", "mean", "farthest")]
    rows = [
        [
            *(loss.commune or say("access.everywhere"), names[loss.user_group]),
            *(number(loss.users), number(loss.users_further)),
            *(number(Fraction(metres, KILOMETRE), 1) for metres in (loss.mean_m, loss.farthest_m)),
        ]
        for loss in (*whole, *single[:MOST_SHOWN])
    ]  # fmt: skip
    title = say("access.title", rank=ranked.rank, list=say(f"cli.{ranked.list}"), year=str(last))
    talk.table(title, heads, rows, right=range(2, 6))
    if len(single) > MOST_SHOWN:
        talk.say("access.further_communes", count=len(single) - MOST_SHOWN)
