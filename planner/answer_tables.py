"""What a search found, as a planner reads it in a terminal: ranked plans and readings."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from models.plan import Plan
from models.ranked import RankedPlan, Stop
from models.rules import Reading, Rule
from planner.price_notes import show_what_it_rests_on
from planner.result import Result
from planner.robust_notes import show_reserve
from planner.rule_names import name_of
from planner.talk import Bad, Good, Talk

BILLION = 1000
MOST_LABELS = 6
TIGHTEST = 1
LONGEST_SHARE = 21
IN_MILLIONS = ("one_off_budget",)  # families whose wanted and reached are million VND


def show_ranking(talk: Talk, result: Result) -> None:
    """One table per list, what its headers mean, and why a list holds fewer plans than asked for."""
    years = [stage.year for stage in result.case.scenario.stages]
    say = talk.wording.say
    heads = [say(f"cli.{name}") for name in ("rank", "score", "bound", "gap", "above")]
    headers = [*heads, *(say("cli.units", year=str(year)) for year in years), say("cli.proved")]
    for name in result.ranking.stops:
        plans = result.ranking.of(name)
        if plans:
            rows = [_ranked(talk, result, plan) for plan in plans]
            talk.table(say("cli.ranked", list=say(f"cli.{name}")), headers, rows, right=range(len(headers) - 1))
        open_ = [str(plan.rank) for plan in plans if name == "best" and not result.ranking.order_proved(plan)]
        if open_:
            talk.say("cli.order_open", ranks=", ".join(open_))
    talk.say("cli.legend")
    for name, stop in result.ranking.stops.items():
        _show_fewer(talk, result, name, stop)


def show_readings(talk: Talk, plan: RankedPlan, rules: Sequence[Rule]) -> None:
    """What each target wanted and what a plan reached; rules on single options are counted when all are kept."""
    heads = [
        talk.wording.say(f"cli.{name}") for name in ("rule_id", "year", "wanted", "reached", "slack", "share", "met")
    ]
    names = {rule.id: called(talk, rule) for rule in rules}
    shown = [reading for reading in plan.plan.readings if reading.year is not None or not reading.met]
    rows = [row for rule, group in groupby(shown, lambda r: r.id) for row in _rule_rows(talk, names[rule], [*group])]
    title = talk.wording.say("cli.readings", rank=plan.rank, list=talk.wording.say(f"cli.{plan.list}"))
    talk.named_table(title, heads, rows, right=range(1, 6))
    if kept := len(plan.plan.readings) - len(shown):
        talk.say("cli.structural_rules", count=kept)
    _show_existing(talk, plan.plan, rules)
    for rule in rules:
        _show_beside(talk, plan.plan, rule)


def _show_existing(talk: Talk, plan: Plan, rules: Sequence[Rule]) -> None:
    """One line each for all rules together: units that stand outside already, and successors across a scope."""
    existing: dict[str, set[str]] = {}
    across = []
    for rule in rules:
        readings = [reading for reading in plan.readings if reading.id == rule.id]
        if units := {unit for reading in readings for unit in reading.existing}:
            existing[rule.id] = units
        stages = {rule.stage_read(plan.scenario, reading.year) for reading in readings if reading.across}
        if held := {one for stage in stages if stage is not None for one in rule.across(plan, stage)}:
            across.append(f"{rule.id} {len(held)}")
    if existing:
        talk.say("cli.existing_breaches", units=len(set().union(*existing.values())), rules=len(existing))
    if across:
        talk.say("cli.across", rules="; ".join(across))


def _show_beside(talk: Talk, plan: Plan, rule: Rule) -> None:
    """What a reader of a rule's readings must know besides: the share over all units, and on what it rests."""
    for fact in plan.context:
        if fact.id == rule.id and fact.what == "share_over_all_units":
            share = talk.wording.number(fact.value, 2)
            facts = {"year": str(fact.year), "share": share, "part": fact.numerator, "whole": fact.denominator}
            talk.say("cli.share_over_all", id=rule.id, **facts)
    show_what_it_rests_on(talk, plan, rule)
    show_reserve(talk, plan, rule)


def _ranked(talk: Talk, result: Result, plan: RankedPlan) -> list[str]:
    number, above = talk.wording.number, plan.score - result.ranking.best_score
    score, dearer = (number(Fraction(amount, BILLION), 1) for amount in (plan.score, above))
    bound = "–" if plan.bound is None else number(Fraction(plan.bound, BILLION), 1)
    gap = "–" if plan.gap_percent is None else number(plan.gap_percent, 3)
    counts = [number(plan.plan.units_after(stage.year)) for stage in result.case.scenario.stages]
    proved = talk.wording.say("cli.yes" if plan.proved_best else "cli.no")
    return [str(plan.rank), score, bound, gap, dearer, *counts, proved]


def _show_fewer(talk: Talk, result: Result, name: str, stop: Stop) -> None:
    search = result.case.scenario.search
    wanted = search.best if name == "best" else search.plans
    found = sum(plan.list == name for plan in result.plans)
    if found < wanted:
        say = talk.wording.say
        talk.say("cli.fewer", list=say(f"cli.{name}"), found=found, wanted=wanted, why=say(f"cli.stop_{stop}"))


def _rule_rows(talk: Talk, name: str, readings: list[Reading]) -> Iterator[list[str]]:
    """A rule's name and labels, its id and figures; of many labels only those that are unmet, or else the tightest."""
    shown = readings
    if len(readings) > MOST_LABELS:
        tightest = sorted(readings, key=lambda reading: reading.slack)[:TIGHTEST]
        shown = [reading for reading in readings if not reading.met] or tightest
    rest = len(readings) - len(shown)
    for reading in shown:
        last = rest and reading is shown[-1]
        more = " " + talk.wording.say("cli.further_labels", count=rest) if last else ""
        label = f"  · {reading.label}{more}" if reading.label else ""
        yield ["\n".join(filter(None, (name, label))), f"  {reading.id}", *_figures(talk, reading)]
        name = ""


def _figures(talk: Talk, reading: Reading) -> list[str]:
    amounts = [_amount(talk, value) for value in (reading.wanted, reading.reached, reading.slack)]
    met = Good(talk.wording.say("cli.met_yes")) if reading.met else Bad(talk.wording.say("cli.met_no"))
    return [str(reading.year or ""), *amounts, _share(talk, reading.numerator, reading.denominator), met]


def called(talk: Talk, rule: Rule) -> str:
    """A demand's name; where its number is not sure, or its figures are money, the name says so."""
    name = name_of(rule)
    if name and rule.certainty == "to_confirm":
        name = talk.wording.say("cli.to_confirm_mark", name=name)
    return talk.wording.say("solve.million", name=name or rule.id) if rule.rule in IN_MILLIONS else name


def _amount(talk: Talk, value: Fraction) -> str:
    return talk.wording.number(value, 0 if value.denominator == 1 else 2)


def _share(talk: Talk, numerator: int, denominator: int) -> str:
    """Numerator over denominator; long ones on two lines."""
    above, below = talk.wording.number(numerator), talk.wording.number(denominator)
    return f"{above}/{below}" if len(above) + len(below) < LONGEST_SHARE else f"{above}/\n{below}"
