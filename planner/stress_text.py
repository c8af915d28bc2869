"""A stress test as a planner reads it in a terminal."""

from fractions import Fraction

from models.rules.rule import Reading, Rule
from models.stress import SAVING, wilson
from planner.answer_tables import called
from planner.drawing.rule_words import rule_words
from planner.plan_names import short_names
from planner.stress_tables import ALL, StressResult
from planner.talk import Talk
from planner.units.columns import header_in

MOST_FLIPS = 10
BILLION = 1000


def show_stress(talk: Talk, result: StressResult) -> None:
    """Probabilities plan by plan, the first plan's margins and what hurts them, and the decisions that flip."""
    say, found = talk.wording.say, result.found
    talk.say("stress.what", draws=found.draws, seed=str(found.scenario.stress.seed),
             entries=len(found.scenario.stress.uncertain))  # fmt: skip
    if not found.draws:
        return
    heads = short_names(result.plans, talk.wording)
    rows = [[_name(talk, rule), f"  {rule.id}", *_chances(talk, result, rule.id)] for rule in found.demands]
    rows += [["", say(f"stress.{name}"), *_chances(talk, result, name)] for name in (ALL, SAVING)]
    talk.named_table(say("stress.probabilities"), [say("stress.target"), *heads], rows, right=range(1, 1 + len(heads)))
    talk.say("stress.interval_note")
    _show_margins(talk, result)
    _show_flips(talk, result)


def _chances(talk: Talk, result: StressResult, id_: str) -> list[str]:
    shown = result.table[result.table["id"] == id_]
    return [talk.wording.number(Fraction(100 * int(held), result.found.draws), 1) for held in shown["held"]]


def _show_margins(talk: Talk, result: StressResult) -> None:
    """The first plan: interval, worst margin by the checker, and the input that hurts most."""
    say, found, first = talk.wording.say, result.found, result.plans[0]
    heads = [say(f"stress.{name}") for name in ("target", "chance", "wanted", "worst", "hurts")]
    rows = []
    for rule in found.demands:
        if (0, rule.id) in found.worst:
            figures = _figures(talk, found.worst[0, rule.id][1])
            cells = [_interval(talk, result, rule.id), *figures, _hurts(talk, result, rule.id)]
            rows.append([_name(talk, rule), f"  {rule.id}", *cells])
    least = Fraction(int(found.saving[0].min()), BILLION)
    saving = [say("stress.state_saving"), _interval(talk, result, SAVING), "> 0", talk.wording.number(least, 1)]
    rows.append(["", *saving, _hurts(talk, result, SAVING)])
    title = say("stress.margins", rank=first.rank, list=say(f"cli.{first.list}"))
    talk.named_table(title, heads, rows, right=(1, 2, 3))
    talk.say("stress.correlation_note")


def _name(talk: Talk, rule: Rule) -> str:
    return called(talk, rule) or rule_words("", rule.rule, "", talk.wording)


def _interval(talk: Talk, result: StressResult, id_: str) -> str:
    shown = result.table[result.table["id"] == id_].iloc[0]
    ends = wilson(int(shown["held"]), result.found.draws)
    return "–".join(talk.wording.number(Fraction(100 * end), 0) for end in map(Fraction, ends))


def _figures(talk: Talk, reading: Reading) -> list[str]:
    return [talk.wording.number(v, 0 if v.denominator == 1 else 2) for v in (reading.wanted, reading.reached)]


def _hurts(talk: Talk, result: StressResult, id_: str) -> str:
    worst = result.worst_input(0, id_)
    if worst is None:
        return "–"
    entry, correlation = worst
    named, key = entry.called, f"report_stress.column_{entry.column}"
    if talk.wording.knows(key):
        named = talk.wording.say(key)
    elif entry.column is not None and (header := header_in(talk.wording.language, entry.column)) != entry.column:
        named = header
    figure = f"{named} ({talk.wording.number(Fraction(correlation), 2)})"
    return figure if named == entry.called else f"{figure}\n{entry.called}"


def _show_flips(talk: Talk, result: StressResult) -> None:
    """The first plan's decisions that come otherwise most often."""
    say, units, first = talk.wording.say, result.run.case.units, result.plans[0]
    mine = [flip for flip in result.found.flips if flip.plan == 0]
    if not mine:
        talk.say("stress.no_flips")
        return
    heads = [say(f"stress.{name}") for name in ("unit", "flip", "share")]
    rows = []
    for flip in mine[:MOST_FLIPS]:
        what = say(f"stress.flip_{flip.what}", stated=flip.stated, mostly=flip.mostly)
        share = talk.wording.number(Fraction(100 * flip.draws, result.found.draws), 0)
        rows.append([f"{units.ids[flip.unit]}\n{units.text('name')[flip.unit]}", what, share])
    talk.table(say("stress.flips", rank=first.rank, list=say(f"cli.{first.list}")), heads, rows, right=(2,))
    if len(mine) > MOST_FLIPS:
        talk.say("stress.further_flips", count=len(mine) - MOST_FLIPS)
