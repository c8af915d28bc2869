"""A plan's events and headline readings as short phrases, the same on every picture."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from fractions import Fraction

from planner.drawing.plan_event import FATES_IN_ORDER, Event
from planner.drawing.plan_view import PlanView
from planner.drawing.rule_words import with_unit
from planner.drawing.style import look
from planner.drawing.table_rows import Row
from planner.wording import Wording

_MET, _MISSED = "✓", "✗"
_TRUE = {"true", "1", "yes", "có"}


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def fate_word(event: Event, wording: Wording) -> str:
    """The fate, by the form where it is a merger: sáp nhập, hợp nhất, giải thể ..."""
    return wording.term("fates", look(event.fate, event.form) if event.fate == "merge" else event.fate)


def told(view: PlanView, event: Event, wording: Wording) -> str:
    """What happens, in which year and with which figures; the units' own names stand elsewhere."""
    phrases = [_when(view, event, wording)]
    if event.fate == "merge":
        after = sum(map(view.posts_after, event.successor_ids))
        before = sum(map(view.posts_before, event.units))
        phrases.append(wording.say("graph.posts", before=before, after=after))
    if event.group_after:
        phrases.append(_raised(view, event, wording))
    if event.fate == "split":
        phrases.append(wording.say("graph.split_into", count=len(view.split_from(event.units[0]))))
    if event.receiver_id:
        phrases.append(wording.say("graph.receiver", name=view.name_after(event.receiver_id)))
    if event.parent_after:
        phrases.append(wording.say("graph.parent_after", parent=event.parent_after))
    return "; ".join(phrases)


def _when(view: PlanView, event: Event, wording: Wording) -> str:
    """The fate with the year of its stage; of units that the table plans, with the first day on which one stands."""
    fate, host = capitalised(fate_word(event, wording)), event.units[0]
    new = {"create": (host,), "split": view.split_from(host)}.get(event.fate, ())
    planned = min(filter(None, (view.unit_rows.get(unit, {}).get("planned", "") for unit in new)), default="")
    if not planned:
        return wording.say("graph.in_year", fate=fate, year=str(event.year))
    year, month, day = planned.split("-")
    return wording.say("graph.since", fate=fate, year=year, month=month, day=day)


def totals(view: PlanView, wording: Wording) -> list[str]:
    """Units before and after, then how many events there are of each fate."""
    phrases = [wording.say("graph.totals", before=len(view.before), after=view.units_after)]
    for fate in FATES_IN_ORDER:
        if events := view.of_fate(fate):
            key = "graph.merger_total" if fate == "merge" else "graph.fate_total"
            units = sum(len(event.units) for event in events)
            word = capitalised(wording.term("fates", fate))
            phrases.append(wording.say(key, fate=word, events=len(events), units=units))
    together = sum(row["fate"] == "raise" for rows in view.steps.values() for row in rows) - len(view.raises)
    if together:
        phrases.append(wording.say("graph.raised_too", count=together))
    return phrases if view.events else [*phrases, wording.say("graph.no_change")]


def headline_readings(view: PlanView, wording: Wording) -> list[str]:
    """Every rule in one phrase; a rule that is read per district or parent counts how many of these meet it."""
    by_rule: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    kept = [row for row in view.reading_rows if not row.get("year") and row["met"] == "True"]
    for row in view.reading_rows:
        if row in kept:
            continue
        by_rule[row["id"], row["rule"], row.get("year", "")].append(row)
    same_words = Counter((rule, year) for _, rule, year in by_rule)
    phrases = []
    for (rule_id, rule, year), rows in by_rule.items():
        words = wording.say(f"graph.rule_{rule}") if wording.knows(f"graph.rule_{rule}") else rule
        named = rows[0].get("name", "")
        if same_words[rule, year] > 1:
            words = named or wording.say("graph.rule_with_id", rule=words, id=rule_id)
        words = wording.say("graph.rule_in_year", rule=words, year=year) if year else words
        phrases.append(_reading(words, rows, wording))
    return [*phrases, wording.say("graph.structure_kept", count=len(kept))] if kept else phrases


def amounts(view: PlanView, wording: Wording) -> str:
    """Posts slimmed, people redeployed, orders and fees, each summed over the plan; "" where there are none."""
    phrases = []
    for column in ("posts_slimmed", "people_redeployed", "orders_mvnd", "fees_mvnd"):
        amount, units = view.amount(column)
        if amount:
            phrases.append(wording.say(f"graph.sum_{column}", amount=amount, units=units))
    return wording.say("graph.amounts", sums="; ".join(phrases)) if phrases else ""


def _raised(view: PlanView, event: Event, wording: Wording) -> str:
    today = {view.unit_rows.get(unit, {}).get("autonomy_group", "") for unit in event.units}
    if len(event.units) == 1 and today - {"", event.group_after}:
        return wording.say("graph.raised_from", before=today.pop(), group=event.group_after)
    return wording.say("graph.raised", group=event.group_after)


def _reading(rule: str, rows: Sequence[Row], wording: Wording) -> str:
    met = sum(row.get("met", "").casefold() in _TRUE for row in rows)
    mark = _MET if met == len(rows) else _MISSED
    if len(rows) > 1:
        return wording.say("graph.reading_many", mark=mark, rule=rule, met=met, count=len(rows))
    row = rows[0]
    figures = {name: _figure(row.get(name, ""), wording) for name in ("wanted", "reached", "numerator", "denominator")}
    units = {name: with_unit(figures[name], row["rule"], wording) for name in ("wanted", "reached")}
    key = "graph.reading_share" if figures["numerator"] and figures["denominator"] else "graph.reading"
    return wording.say(key, mark=mark, rule=rule, **figures | units)


def _figure(text: str, wording: Wording) -> str:
    """A number in the language's way, two decimals where it is not whole; anything else as it stands."""
    try:
        value = Fraction(text)
    except (ValueError, ZeroDivisionError):
        return text
    return wording.number(value, 0 if value.denominator == 1 else 2)
