"""Why there is no plan, as a planner reads it in a terminal."""

from collections.abc import Sequence
from fractions import Fraction
from typing import get_args

from models.answer import second_engine
from models.conflict import Names
from models.reach import Reach
from models.repair import Change, Sense, WayOut
from models.rules import Rule
from models.why_not import WhyNot
from planner.result import Impossible
from planner.robust_notes import show_protected
from planner.rule_names import name_of
from planner.talk import Bad, Good, Talk

BILLION = 1000
MOST_LISTED = 5
LONGEST_SHARE = 11


def show_impossible(talk: Talk, found: Impossible) -> None:
    """Who proved it, how far each target goes, the conflict with what is missing, and the ways out."""
    say, why = talk.wording.say, found.why
    second = "SCIP" if second_engine(found.engine) == "scip" else "HiGHS"
    confirmed = say("cli.confirmed", engine=second) if found.confirmed else say("cli.not_confirmed")
    talk.say("cli.impossible", engine=found.engine, confirmed=confirmed)
    if found.proof is not None:
        talk.say("conflicts.certified", rules=len(found.proof.demands), rows=len(found.proof.certificate.multipliers))
    show_reach(talk, why)
    _show_conflict(talk, why)
    _show_others(talk, why)
    show_ways(talk, why)


def show_reach(talk: Talk, why: WhyNot) -> None:
    """How far each target goes alone, under structural rules and pins."""
    if why.reaches:
        _table(talk, "cli.reach_title", why.reaches)
        show_protected(talk, why.demands.problem.scenario, "robust.reach")
    listed = {reach.rule.id for reach in why.reaches}
    if met := [rule.id for rule in why.demands.problem.targets if rule.id not in listed]:
        talk.say("conflicts.not_listed", rules=", ".join(met))


def show_ways(talk: Talk, why: WhyNot) -> None:
    """What gives way, and what the best plan then scores; senses that change the same stand together."""
    say = talk.wording.say
    if not why.ways:
        talk.say("conflicts.no_ways")
        return
    if missing := [sense for sense in get_args(Sense) if sense not in {way.sense for way in why.ways}]:
        talk.say("conflicts.way_missing", senses=", ".join(say(f"conflicts.{sense}") for sense in missing))
    talk.say("conflicts.ways")
    for way, senses in _together(why.ways):
        proved = "" if way.proved else say("conflicts.way_not_proved")
        talk.say("conflicts.way", senses=" / ".join(say(f"conflicts.{sense}") for sense in senses), proved=proved)
        for change in sorted(way.changes, key=lambda change: (-change.percent, change.rule.id)):
            _show_change(talk, change)
        score = talk.wording.number(Fraction(way.score, BILLION), 1)
        total, largest = (talk.wording.number(share, 2) for share in (way.total, way.largest))
        talk.say("conflicts.way_costs", score=score, total=total, largest=largest)


def _show_conflict(talk: Talk, why: WhyNot) -> None:
    minimal = talk.wording.say("cli.conflict_minimal" if why.conflict.minimal else "cli.conflict_not_minimal")
    if len(why.rules) == 1 and why.conflict.minimal:
        talk.say("cli.conflict_one")
    else:
        talk.say("cli.conflict", minimal=minimal)
    for rule in why.rules:
        source = f" ({rule.source})" if rule.source else ""
        tier = talk.wording.say(f"conflicts.tier_{rule.tier}")
        talk.say("conflicts.member", rule=rule.id, name=_called(talk, rule) or rule.rule, source=source, tier=tier)
    if why.by_integers:
        talk.say("conflicts.by_integers")
    if why.beside:
        alone = len(why.conflict.names) == 1
        _table(talk, "conflicts.beside_all" if alone else "conflicts.beside", why.beside)


def _show_others(talk: Talk, why: WhyNot) -> None:
    """The other conflicts and the smallest sets of demands to give up, where there is more than one."""
    found = why.explored
    others = [one.names for one in found.conflicts if one.names != why.conflict.names]
    if others:
        talk.say("conflicts.others", count=len(others))
        _list(talk, why, others)
    if len(found.repairs) > 1:
        talk.say("conflicts.give_up", count=len(found.repairs))
        _list(talk, why, found.repairs)
    if not found.complete:
        talk.say("conflicts.partial")


def _list(talk: Talk, why: WhyNot, sets: Sequence[Names]) -> None:
    for names in sets[:MOST_LISTED]:
        talk.say("conflicts.set", rules=", ".join(rule.id for rule in why.members(names)))
    if len(sets) > MOST_LISTED:
        talk.say("conflicts.further", count=len(sets) - MOST_LISTED)


def _show_change(talk: Talk, change: Change) -> None:
    reading, structural = change.reading, change.rule.structural
    label = f" ({reading.label})" if reading.label else ""
    facts = {"rule": change.rule.id, "name": _called(talk, change.rule) or change.rule.rule, "label": label}
    if structural:
        talk.say("conflicts.exceptions", count=int(change.short), **facts)
        return
    amounts = {"wanted": reading.wanted, "reached": reading.secured, "short": change.short}
    shown = {name: _amount(talk, value) for name, value in amounts.items()}
    talk.say("conflicts.change", percent=talk.wording.number(change.percent, 2), **facts, **shown)


def _together(ways: Sequence[WayOut]) -> list[tuple[WayOut, list[str]]]:
    """Ways out that give way alike, under the first of them."""
    found: list[tuple[WayOut, list[str]]] = []
    for way in ways:
        same = next((senses for known, senses in found if _alike(known, way)), None)
        if same is None:
            found.append((way, [way.sense]))
        else:
            same.append(way.sense)
    return found


def _alike(one: WayOut, other: WayOut) -> bool:
    return (one.changes, one.score, one.proved) == (other.changes, other.score, other.proved)


def _table(talk: Talk, title: str, reaches: Sequence[Reach]) -> None:
    heads = [talk.wording.say(f"cli.{name}") for name in ("rule", "wanted", "reach", "share", "met")]
    talk.table(talk.wording.say(title), heads, [_reach(talk, reach) for reach in reaches], right=(1, 2, 3))
    if any(not reach.proved for reach in reaches):
        talk.say("conflicts.reach_open")


def _reach(talk: Talk, reach: Reach) -> list[str]:
    name, label = _called(talk, reach.rule), " ".join(filter(None, (reach.label, str(reach.year or ""))))
    whole = "\n".join(filter(None, (reach.rule.id, name, f"· {label}" if reach.label else "")))
    most = ("" if reach.proved else "≥ " if reach.upwards else "≤ ") + _amount(talk, reach.reached)
    enough = Good(talk.wording.say("cli.met_yes")) if reach.enough else Bad(talk.wording.say("cli.met_no"))
    above, below = talk.wording.number(reach.numerator), talk.wording.number(reach.denominator)
    share = f"{above}/{below}" if len(above) + len(below) < LONGEST_SHARE else f"{above}/\n{below}"
    return [whole, _amount(talk, reach.wanted), most, share, enough]


def _called(talk: Talk, rule: Rule) -> str:
    name = name_of(rule)
    return talk.wording.say("cli.to_confirm_mark", name=name) if name and rule.certainty == "to_confirm" else name


def _amount(talk: Talk, value: Fraction) -> str:
    return talk.wording.number(value, 0 if value.denominator == 1 else 2)
