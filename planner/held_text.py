"""Plans that hold in several scenarios, as a planner reads it in a terminal."""

from collections.abc import Sequence
from fractions import Fraction

from models.answer import second_engine
from models.holding import Holding
from models.ranked import RankedPlan
from models.rules import Reading
from planner.other_scenarios import alone
from planner.result import Blocked, Result
from planner.rule_names import name_of
from planner.scenario_file import Case
from planner.talk import Bad, Good, Talk

BILLION = 1000
MOST_BROKEN = 6


def show_others(talk: Talk, case: Case) -> None:
    """In which scenarios plans are to hold, on stderr: what a search is asked."""
    for one in case.others:
        talk.aside("held.asked", name=one.name, title=one.case.scenario.title)


def main_alone(talk: Talk, case: Case) -> Case:
    """The main scenario by itself, for commands that look at no other; that is said where there are others."""
    if case.others:
        talk.aside("held.main_only", names=", ".join(one.name for one in case.others))
    return alone(case)


def show_held(talk: Talk, result: Result) -> None:
    """How the first plan fares in every scenario, and what holding in all of them costs."""
    holding = result.holding
    if holding is None or not result.plans:
        return
    plan, say = result.plans[0], talk.wording.say
    heads = [say(f"held.{name}") for name in ("scenario", "targets", "tightest", "score")]
    rows = [_row(talk, say("held.main"), plan.plan.readings, plan.score)]
    for one, seen in zip(result.case.others, plan.elsewhere, strict=True):
        rows.append(_row(talk, f"{one.name}\n{one.case.scenario.title}", seen.readings, seen.score))
    title = say("held.title", rank=plan.rank, list=say(f"cli.{plan.list}"))
    talk.table(title, heads, rows, right=(1, 3))
    for beside in holding.problem.beside:
        if beside.refused:
            talk.say("held.refused", name=beside.other.name, count=beside.refused)
    _show_costs(talk, holding, result.case)


def show_main_impossible(talk: Talk, result: Result) -> None:
    """That it is the main scenario that has no plan, where others were asked for as well."""
    if result.case.others:
        talk.say("held.main_impossible", names=", ".join(one.name for one in result.case.others))


def show_blocked(talk: Talk, blocked: Blocked, case: Case) -> None:
    """That no plan holds in all, which scenario is impossible by itself, and the targets that conflict."""
    say, found = talk.wording.say, blocked.found
    second = "SCIP" if second_engine(blocked.engine) == "scip" else "HiGHS"
    confirmed = say("cli.confirmed", engine=second) if blocked.confirmed else say("cli.not_confirmed")
    talk.say("held.none", engine=blocked.engine, confirmed=confirmed)
    titles = {one.name: one.case.scenario.title for one in case.others}
    for name, verdict in found.alone.items():
        talk.say(f"held.alone_{verdict}", name=name, title=titles[name])
    if not found.members:
        talk.say("held.by_structure")
        return
    minimal = "cli.conflict_minimal" if found.conflict.minimal else "cli.conflict_not_minimal"
    talk.say("held.conflict", minimal=say(minimal))
    for name, rule in found.members:
        source = f" ({rule.source})" if rule.source else ""
        where = name or say("held.main")
        talk.say("held.member", scenario=where, rule=rule.id, name=name_of(rule) or rule.rule, source=source)
    if found.by_integers:
        talk.say("conflicts.by_integers")


def _show_costs(talk: Talk, holding: Holding, case: Case) -> None:
    """What holding costs against the main scenario alone, and what that one's best plan would break elsewhere."""
    least, most, best = holding.extra_at_least, holding.extra_at_most, holding.best_alone
    if best is None:
        talk.say("held.alone_not_found")
        return
    if least is None or most is None:
        talk.say("held.costs_under_order" if case.scenario.objective.order else "held.costs_unknown")
    elif most == 0:
        talk.say("held.costs_nothing")
    else:
        amounts = (talk.wording.number(Fraction(amount, BILLION), 3) for amount in (least, most))
        talk.say("held.costs", **dict(zip(("least", "most"), amounts, strict=True)))
    broken = [(name, count) for name, count in holding.refused.items() if count]
    for name, count in broken:
        talk.say("held.alone_refused", name=name, count=count)
    lines = _broken(talk, best, case)
    for line in lines[:MOST_BROKEN]:
        talk.say("held.alone_breaks", what=line)
    if len(lines) > MOST_BROKEN:
        talk.say("held.alone_more", count=len(lines) - MOST_BROKEN)
    if not lines and not broken:
        talk.say("held.alone_holds")


def _broken(talk: Talk, plan: RankedPlan, case: Case) -> list[str]:
    """What a plan does not meet in other scenarios, a line each."""
    found = []
    for one, seen in zip(case.others, plan.elsewhere, strict=True):
        rules = {rule.id: rule for rule in one.case.scenario.demands}
        for reading in (reading for reading in seen.readings if not reading.met):
            label = f" {reading.label}" if reading.label else ""
            name = name_of(rules[reading.id]) or reading.rule
            found.append(f"{one.name}: {name} [{reading.id}]{label}: {_figures(talk, reading)}")
    return found


def _row(talk: Talk, name: str, readings: Sequence[Reading], score: int) -> list[str]:
    met = sum(reading.met for reading in readings)
    told = f"{met}/{len(readings)}"
    tight = _tightest(readings)
    shown = "–" if tight is None else f"{tight.id}{' ' + tight.label if tight.label else ''}: {_figures(talk, tight)}"
    mark = Good(told) if met == len(readings) else Bad(told)
    return [name, mark, shown, talk.wording.number(Fraction(score, BILLION), 1)]


def _tightest(readings: Sequence[Reading]) -> Reading | None:
    """The reading with least to spare, in parts of what is wanted; rules on single options have nothing to spare."""
    measured = [reading for reading in readings if reading.year is not None and reading.wanted]
    return min(measured, key=lambda reading: reading.slack / abs(reading.wanted), default=None)


def _figures(talk: Talk, reading: Reading) -> str:
    wanted, reached = (_amount(talk, value) for value in (reading.wanted, reading.secured))
    return talk.wording.say("held.figures", wanted=wanted, reached=reached)


def _amount(talk: Talk, value: Fraction) -> str:
    return talk.wording.number(value, 0 if value.denominator == 1 else 2)
