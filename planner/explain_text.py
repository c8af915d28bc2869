"""An explanation as a planner reads it in a terminal."""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby

from models.importance import Price
from models.likeness import Event
from models.rules import Rule
from planner.explain_tables import KINDS, before_and_after, in_order, kind_of
from planner.explanation import Explanation, Priced, StairPrice
from planner.talk import Talk

MOST_ROWS = 25
MOST_DOMINOES = 12
MOST_NAMES = 4


def show_explanation(talk: Talk, found: Explanation) -> None:
    """A unit's fates or the whole plan, the targets that bind, and how complete the answers are."""
    say, number = talk.wording.say, talk.wording.number
    place = {"rank": found.ranked.rank, "list": say(f"cli.{found.ranked.list}")}
    talk.say("explain.prices", score=found.ranked.score, free=number(found.nothing_mvnd), **place)
    if found.ranked.bound is None or found.ranked.bound < found.ranked.score:
        talk.say("explain.not_proved", bound="–" if found.ranked.bound is None else number(found.ranked.bound))
    if found.run.manifest.get("short_sight"):
        talk.say("explain.myopic")
    if found.unit is None:
        _show_plan(talk, found)
    else:
        _show_unit(talk, found)
    _show_limits(talk, found)
    if found.stairs:
        _show_stairs(talk, found)
    if found.unasked:
        talk.say("explain.unasked", count=found.unasked)
    cheaper = any(one.price.upper is not None and one.price.upper < 0 for one in found.priced)
    if cheaper and not found.run.manifest.get("short_sight"):
        talk.say("explain.better", **place)


def _show_plan(talk: Talk, found: Explanation) -> None:
    chosen = [one for one in in_order(found) if one.question.asked == "without"]
    rejected = [one for one in in_order(found) if one.question.asked == "with"]
    counts = Counter(kind_of(one) for one in chosen)
    talk.say("explain.counts", **{kind: counts[kind] for kind in KINDS})
    _show_settled(talk, found)
    if chosen:
        _table(talk, found, talk.wording.say("explain.without"), chosen)
    if rejected:
        _table(talk, found, talk.wording.say("explain.with_listed"), rejected)


def _show_unit(talk: Talk, found: Explanation) -> None:
    say, units = talk.wording.say, found.run.case.units
    assert found.unit is not None
    present, others = found.priced[0], in_order(found)[1:]
    facts = {"unit": units.ids[found.unit], "name": str(units.text("name")[found.unit])}
    talk.say("explain.unit", decision=_called(talk, found, present), **facts)
    talk.say(f"explain.refuse_{kind_of(present)}", price=_price(talk, present.price))
    for one in found.settled:
        talk.say("explain.settled_unit", rules="; ".join(map(_demand, one.by)))
    changed = list(before_and_after(found, present))
    if changed:
        rows = [
            [units.ids[unit], _event(talk, found, before), _event(talk, found, after)]
            for unit, before, after in changed[:MOST_DOMINOES]
        ]
        heads = [say(f"explain.{key}") for key in ("who", "before", "after")]
        talk.table(say("explain.dominoes", count=len(changed)), heads, rows)
    listed = [one for one in others if one.question.listed]
    if listed:
        _table(talk, found, say("explain.instead", unit=facts["unit"]), listed)
    missing = [_fate(talk, one.question.event.fate) for one in others if not one.question.listed]
    if missing:
        talk.say("explain.not_listed", fates=", ".join(missing), unit=facts["unit"])


def _table(talk: Talk, found: Explanation, title: str, rows: Sequence[Priced]) -> None:
    say = talk.wording.say
    heads = [say(f"explain.{key}") for key in ("decision", "price", "others", "kind")]
    shown = [
        [
            _called(talk, found, one),
            _price(talk, one.price),
            "–" if one.after is None else str(len(one.dominoes)),
            say(f"explain.{kind_of(one)}"),
        ]
        for one in rows[:MOST_ROWS]
    ]
    talk.table(title, heads, shown, right=(1, 2))
    if len(rows) > MOST_ROWS:
        talk.say("explain.further", count=len(rows) - MOST_ROWS)


def _show_settled(talk: Talk, found: Explanation) -> None:
    """What leaves no choice, with the rules and pins that settle it, each named once below."""
    if not found.settled:
        return
    say, ids = talk.wording.say, found.run.case.units.ids
    rows = [
        [_listed(talk, one.event.fate, [ids[unit] for unit in one.event.units]), ", ".join(rule.id for rule in one.by)]
        for one in found.settled
    ]
    heads = [say("explain.decision"), say("explain.settled_by")]
    talk.table(say("explain.settled", count=len(rows)), heads, rows[:MOST_ROWS])
    if len(rows) > MOST_ROWS:
        talk.say("explain.further", count=len(rows) - MOST_ROWS)
    for told in dict.fromkeys(_demand(rule) for one in found.settled[:MOST_ROWS] for rule in one.by):
        talk.item(told)


def _demand(rule: Rule) -> str:
    """The id, the name and the document of a rule or pin."""
    named = f"{rule.id}: {rule.name}" if rule.name else rule.id
    return f"{named} ({rule.source})" if rule.source else named


def _show_limits(talk: Talk, found: Explanation) -> None:
    rules = {rule.id: rule for rule in found.run.case.scenario.rules}
    if not found.limits:
        talk.say("explain.no_limits")
        return
    talk.say("explain.limits")
    for name in found.limits:
        talk.item(f"{name}: {rules[name].name}" if rules[name].name else name)


def _show_stairs(talk: Talk, found: Explanation) -> None:
    """Steps side by side, one target a row; a price that is not exact shows both its ends."""
    steps = sorted({one.neighbour.step for one in found.stairs})
    heads = [talk.wording.say("cli.rule"), *(f"{step:+d}" for step in steps)]
    by_target = groupby(found.stairs, key=lambda one: (one.neighbour.rule.id, one.neighbour.key))
    rows = [[target, *_row(talk, list(stairs), steps)] for (target, _), stairs in by_target]
    talk.table(talk.wording.say("explain.stairs"), heads, rows, right=range(1, len(heads)))
    talk.say("explain.stairs_legend")


def _row(talk: Talk, stairs: Sequence[StairPrice], steps: Sequence[int]) -> Iterator[str]:
    by_step = {one.neighbour.step: one.price for one in stairs}
    for step in steps:
        yield _price(talk, by_step[step]) if step in by_step else ""


def _price(talk: Talk, price: Price) -> str:
    """A price in million VND; an interval on two lines, where it is not exact."""
    if price.impossible:
        return talk.wording.say("explain.no_plan_at_all") + ("" if price.confirmed else " (?)")
    lower, upper = ("–" if end is None else talk.wording.number(end) for end in (price.lower, price.upper))
    return lower if price.proved else f"{lower} …\n{upper}"


def _called(talk: Talk, found: Explanation, one: Priced) -> str:
    """A decision as a sentence names it: its fate and the ids of its units, the first ones of many."""
    ids = [found.run.case.units.ids[unit] for unit in one.question.event.units]
    fate = one.question.event.fate
    if one.question.how == "together":
        return talk.wording.say("explain.together", unit=ids[0], other=ids[1])
    if one.question.how == "anyhow" and fate == "merge":
        return talk.wording.say("explain.merge_any", unit=ids[0])
    return _listed(talk, fate, ids)


def _event(talk: Talk, found: Explanation, event: Event | None) -> str:
    """What a unit meets in a plan, with its partners."""
    if event is None or len(event.units) == 1:
        return _fate(talk, "keep" if event is None else event.fate)
    return _listed(talk, event.fate, [found.run.case.units.ids[unit] for unit in event.units])


def _listed(talk: Talk, fate: str, ids: Sequence[str]) -> str:
    more = "" if len(ids) <= MOST_NAMES else " …"
    return f"{_fate(talk, fate)}: {', '.join(ids[:MOST_NAMES])}{more}"


def _fate(talk: Talk, fate: str) -> str:
    return talk.wording.say("explain.receive" if fate == "receive" else f"fates.{fate}")
