"""What `solve` found, as whoever must sign it reads it: the essence first, a screen or two in all.

Tables that stand whole in the run folder are a sentence here, which names their file.
"""

from collections.abc import Sequence
from fractions import Fraction

from models.access import EVERYWHERE, access_of
from models.cash import cash_of
from models.output_cost import province_costs
from models.ranked import RankedPlan
from planner.agreement_tables import show_agreement
from planner.answer_tables import BILLION, show_ranking, show_readings
from planner.cash_tables import payback_words
from planner.equitization_tables import show_followed
from planner.held_text import show_held
from planner.leavers_table import show_leavers
from planner.lever_tables import show_levers
from planner.order_tables import show_order
from planner.pricing import show_pricing
from planner.result import Result
from planner.scenario_counts import counted
from planner.talk import Talk
from planner.units.vocabulary import Vocabulary

KILOMETRE = 1000
LARGE = 10 * BILLION  # from here on, a decimal of a billion is enough
MOST_GROUPS = 3


def show_plans(talk: Talk, result: Result) -> None:
    """The first plan in a few lines and its targets; the plans side by side; what carried the first, and at what cost.

    Errors: none; a result without plans has no such screen.
    """
    first = result.plans[0]
    show_headline(talk, result)
    show_readings(talk, first, result.case.scenario.demands)
    show_held(talk, result)
    show_ranking(talk, result)
    show_order(talk, result)
    show_agreement(talk, result)
    show_levers(talk, first)
    tell_cash(talk, first)
    tell_outputs(talk, first)
    show_leavers(talk, first)
    tell_access(talk, first, result.case.vocabulary)
    show_followed(talk, first.plan)


def show_headline(talk: Talk, result: Result) -> None:
    """Of what day, how many targets the first plan meets, how many units remain, and how well it is proved."""
    say, number, first = talk.wording.say, talk.wording.number, result.plans[0]
    scenario = result.case.scenario
    talk.say("solve.title", title=scenario.title or result.case.name, day=talk.wording.day(scenario.as_of))
    read = {reading.id for reading in first.plan.readings if reading.year is not None or not reading.met}
    missed = {reading.id for reading in first.plan.readings if not reading.met}
    after = [
        say("solve.after", count=number(first.plan.units_after(stage.year)), year=str(stage.year))
        for stage in scenario.stages
    ]
    facts = {"all": len(read), "met": len(read - missed), "before": len(result.case.units), "after": ", ".join(after)}
    talk.say("solve.missed" if missed else "solve.met", list=say(f"cli.{first.list}"), **facts)
    _tell_proof(talk, result, first)


def tell_cash(talk: Talk, ranked: RankedPlan) -> None:
    """The State's cash of a plan in a sentence: once, in the first and the last year, today's worth, pay-back."""
    cash, scenario = cash_of(ranked.plan), ranked.plan.scenario
    once, saving = cash.of("one_off"), cash.of("saving")
    rate = scenario.money.discount_percent
    talk.say(
        "cash.summary",
        once=_billions(talk, -sum(once.values())),
        first=_billions(talk, saving[scenario.years[0]]), first_year=str(scenario.years[0]),
        last=_billions(talk, saving[scenario.years[-1]]), last_year=str(scenario.years[-1]),
        worth=_billions(talk, ranked.plan.criteria["state_saving"]), year=str(scenario.stages[0].effect),
        percent=talk.wording.number(rate, 0 if rate.denominator == 1 else 2),
        payback=payback_words(talk, cash, scenario.horizon),
    )  # fmt: skip


def tell_outputs(talk: Talk, ranked: RankedPlan) -> None:
    """What the State pays for one product against today, and of what there is less; nothing without indicators."""
    number, plan = talk.wording.number, ranked.plan
    last = len(plan.stages) - 1
    changes, fewer = [], []
    for indicator, before, after in province_costs(plan, last):
        name = indicator.called(talk.wording.language)
        if before.per_unit and after.per_unit is not None:
            changes.append((100 * (after.per_unit / before.per_unit - 1), name))
        if after.output < before.output:
            fewer.append(f"{name} {number(before.output)} → {number(after.output)}")
    if changes:
        _tell_costs(talk, sorted(changes, key=lambda change: abs(change[0])), plan.scenario.stages[last].year)
    if fewer:
        talk.say("outputs.fewer", outputs="; ".join(fewer))


def _tell_costs(talk: Talk, changes: Sequence[tuple[Fraction, str]], year: int) -> None:
    """The product whose cost changes least, and the one whose cost changes most."""
    (least, least_name), (most, most_name) = changes[0], changes[-1]
    if len(changes) == 1:
        talk.say("outputs.one", name=most_name, year=str(year), most=_signed(talk, most))
    else:
        facts = {"least": _signed(talk, least), "most": _signed(talk, most)}
        talk.say("outputs.summary", year=str(year), least_name=least_name, most_name=most_name, **facts)


def tell_access(talk: Talk, ranked: RankedPlan, vocabulary: Vocabulary) -> None:
    """Which groups of users go further once the last stage is over, the furthest first; nothing where nobody does."""
    last = ranked.plan.scenario.stages[-1].year
    found = [loss for loss in access_of(ranked.plan) if loss.year == last and loss.commune == EVERYWHERE]
    if not found:
        return
    of = {"sector": "sectors", "kind": "kinds"}[ranked.plan.scenario.objective.user_groups]
    found.sort(key=lambda loss: -loss.farthest_m)
    groups = [
        talk.wording.say(
            "access.group", name=vocabulary.name(of, loss.user_group, talk.wording.language),
            further=loss.users_further, farthest=talk.wording.number(Fraction(loss.farthest_m, KILOMETRE), 1),
        )
        for loss in found[:MOST_GROUPS]
    ]  # fmt: skip
    if len(found) > MOST_GROUPS:
        groups.append(talk.wording.say("access.more_groups", count=len(found) - MOST_GROUPS))
    talk.say("access.summary", year=str(last), all=sum(loss.users_further for loss in found), groups="; ".join(groups))


def _tell_proof(talk: Talk, result: Result, first: RankedPlan) -> None:
    """Proved the best or by how much it could still be better, always among the options listed, and what is not."""
    if first.proved_best:
        talk.say("solve.proved")
    elif result.case.scenario.objective.order:
        talk.say("solve.order_open")
    elif first.gap is None or first.gap_percent is None:
        talk.say("solve.no_bound")
    else:
        percent = talk.wording.number(first.gap_percent, 3)
        talk.say("solve.gap", gap=_billions(talk, first.gap), percent=percent)
    _tell_best_means(talk, result)


def _tell_best_means(talk: Talk, result: Result) -> None:
    """Among which options plans are the best: those listed, or all that were priced."""
    unlisted, priced = result.ranking.problem.listing.unlisted, result.priced
    if priced is not None:
        show_pricing(talk, priced)
    if priced is not None and priced.complete:
        talk.say("pricing.best_means", options=priced.streamed, pairs=unlisted.pairs)
        return
    larger, options = counted(talk, unlisted.larger_groups), len(result.ranking.problem.columns.paths)
    talk.say("cli.best_means", options=options, pairs=unlisted.pairs, larger=larger)


def _billions(talk: Talk, mvnd: int) -> str:
    return talk.wording.number(Fraction(mvnd, BILLION), 1 if abs(mvnd) >= LARGE else 3)


def _signed(talk: Talk, value: Fraction) -> str:
    return ("+" if value > 0 else "") + talk.wording.number(value, 1)
