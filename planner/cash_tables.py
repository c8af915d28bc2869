"""The State's cash as a table of the run folder, and the first plan's years in the terminal."""

from collections.abc import Iterable

import pandas as pd

from models.cash import TOTALS, Cash, cash_of
from models.ranked import RankedPlan
from planner.talk import Talk

CASH_COLUMNS = ("list", "rank", "year", "line", "kind", "amount_mvnd", "present_value_mvnd")


def cash_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per plan, year and line, totals included; the lines of saving, one_off and rounding add up to net."""
    rows = [{"list": plan.list, "rank": plan.rank, **vars(line)} for plan in plans for line in cash_of(plan.plan).lines]
    return pd.DataFrame(rows, columns=list(CASH_COLUMNS))


def payback_years(plans: Iterable[RankedPlan]) -> list[dict[str, object]]:
    """The pay-back year of every plan; None where it does not pay back up to the horizon."""
    return [{"list": plan.list, "rank": plan.rank, "payback_year": cash_of(plan.plan).payback_year} for plan in plans]


def show_cash(talk: Talk, ranked: RankedPlan) -> None:
    """What the State saves and pays once each year, the net and its sum so far, and when the plan has paid back."""
    say, number = talk.wording.say, talk.wording.number
    cash, scenario = cash_of(ranked.plan), ranked.plan.scenario
    heads = [say("cli.year"), *(say(f"cash.head_{line}") for line in TOTALS)]
    rows = [[str(year), *(number(cash.of(line)[year]) for line in TOTALS)] for year in scenario.years]
    title = say("cash.title", rank=ranked.rank, list=say(f"cli.{ranked.list}"))
    talk.table(title, heads, rows, right=range(len(heads)))
    rate = scenario.money.discount_percent
    worth, percent = number(ranked.plan.criteria["state_saving"]), number(rate, 0 if rate.denominator == 1 else 2)
    talk.say("cash.present_value", worth=worth, year=str(scenario.stages[0].effect), percent=percent)
    talk.line(payback_words(talk, cash, scenario.horizon))


def payback_words(talk: Talk, cash: Cash, horizon: int) -> str:
    """The year from which the plan has paid back, or that it does not."""
    if cash.payback_year is None:
        return talk.wording.say("cash.no_payback", year=str(horizon))
    return talk.wording.say("cash.payback", year=str(cash.payback_year))
