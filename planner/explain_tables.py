"""An explanation as tables: prices of decisions, who else would change, and the steps of targets."""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.agreement import plan_events
from models.likeness import Event
from models.plan import Plan
from models.unit import Units
from planner.rule_names import name_of
from planner.tables import decimal, records

if TYPE_CHECKING:
    from planner.explanation import Explanation, Priced, Settled, StairPrice

PRICE_COLUMNS = (
    "list", "rank", "unit_id", "decision", "asked", "price_lower_mvnd", "price_upper_mvnd", "proved", "kind", "fate",
    "how", "units", "people", "others_changed", "others",
)  # fmt: skip
DOMINO_COLUMNS = ("list", "rank", "unit_id", "decision", "asked", "other_unit_id", "name", "before", "after")
FORCED_COLUMNS = ("list", "rank", "unit_id", "decision", "fate", "units", "people", "forced_by", "names")
STAIR_COLUMNS = (
    "list", "rank", "id", "rule", "year", "key", "step", "limit", "price_lower_mvnd", "price_upper_mvnd", "possible",
    "proved", "at_limit",
)  # fmt: skip
KINDS = ("irreplaceable", "costly", "open", "free")
WITH_KINDS = ("free", "costly", "open", "impossible", "not_listed")


def prices_table(found: "Explanation") -> pd.DataFrame:
    """One row per decision: what refusing it costs, and below what insisting on a rejected one costs.

    Prices are against the plan's own score; empty where nothing is known on that side or no plan exists.
    """
    rows = [_price_row(found, one) for one in in_order(found)]
    whole = dict.fromkeys(("price_lower_mvnd", "price_upper_mvnd", "others_changed"), "Int64")
    return pd.DataFrame(rows, columns=list(PRICE_COLUMNS)).astype(whole)


def forced_table(found: "Explanation") -> pd.DataFrame:
    """One row per decision that rules or pins force, with their ids and names; such a decision has no price."""
    return pd.DataFrame([_forced_row(found, one) for one in found.settled], columns=list(FORCED_COLUMNS))


def dominoes_table(found: "Explanation") -> pd.DataFrame:
    """One row per priced decision and unit that the plan beside it treats differently, the decision's own left out."""
    rows = [row for one in in_order(found) for row in _domino_rows(found, one)]
    return pd.DataFrame(rows, columns=list(DOMINO_COLUMNS))


def staircase_table(found: "Explanation") -> pd.DataFrame:
    """One row per target and step: what asking for so much more or less of it costs."""
    rows = [_stair_row(found, one) for one in found.stairs]
    whole = dict.fromkeys(("year", "price_lower_mvnd", "price_upper_mvnd"), "Int64")
    return pd.DataFrame(rows, columns=list(STAIR_COLUMNS)).astype(whole)


TABLES: Mapping[str, Callable[["Explanation"], pd.DataFrame]] = {
    "explain": prices_table, "forced": forced_table, "dominoes": dominoes_table, "staircase": staircase_table,
}  # fmt: skip


def in_order(found: "Explanation") -> "list[Priced]":
    """What the plan holds first, from irreplaceable to free; then what it rejects, the cheapest first."""

    def key(one: "Priced") -> tuple[bool, int, int]:
        asked_with = one.question.asked == "with"
        price = one.price.upper if one.price.upper is not None else one.price.lower or 0
        kinds = WITH_KINDS if asked_with else KINDS
        return asked_with, kinds.index(kind_of(one)), price if asked_with else -price

    return sorted(found.priced, key=key)


def kind_of(one: "Priced") -> str:
    """How dear a decision is, in the word that fits what was asked."""
    if not one.question.listed:
        return "not_listed"
    return "impossible" if one.question.asked == "with" and one.kind == "irreplaceable" else one.kind


def decision_of(one: "Priced", units: Units) -> str:
    """A decision in words of the tables: `merge a;b`, `merge a with b`, `raise a`; `merge a with any`."""
    names = [units.ids[unit] for unit in one.question.event.units]
    fate = one.question.event.fate
    if one.question.how == "together":
        return f"{fate} {names[0]} with {names[1]}"
    return f"{fate} {names[0]} with any" if fate == "merge" and one.question.how == "anyhow" else _told(fate, names)


def before_and_after(found: "Explanation", one: "Priced") -> Iterator[tuple[int, Event | None, Event | None]]:
    """Every other unit that changes: its event in the plan and in the plan that answers, None where it is kept."""
    if one.after is None:
        return
    mine, its = (_by_unit(plan) for plan in (found.ranked.plan, one.after))
    for unit in one.dominoes:
        yield unit, mine.get(unit), its.get(unit)


def mark_of(found: "Explanation") -> str:
    """What the files of an explanation are called after: the plan's rank, its list where that is `best`, the unit."""
    plan = str(found.ranked.rank) if found.ranked.list == "different" else f"best-{found.ranked.rank}"
    if found.unit is None:
        return plan
    unit = found.run.case.units.ids[found.unit]
    return f"{plan}-" + "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in unit.lower())


def document_of(found: "Explanation", *, tables: bool = True) -> dict[str, Any]:
    """An explanation as data: of which run and plan, how complete, and its tables."""
    facts: dict[str, Any] = {
        "run": found.run.folder.name,
        "run_digest": found.run.manifest.get("digest"),
        "list": found.ranked.list,
        "rank": found.ranked.rank,
        "unit": None if found.unit is None else found.run.case.units.ids[found.unit],
        "score_mvnd": found.ranked.score,
        "bound_mvnd": found.ranked.bound,
        "free_up_to_mvnd": found.nothing_mvnd,
        "targets_at_their_limit": list(found.limits),
        "left_to_bounds": found.unasked,
        "interrupted": found.interrupted,
        "repeatable": found.repeatable,
        "best_means": "among the options listed",
        "invented_data": found.run.case.invented,
    }
    return facts | ({name: records(table(found)) for name, table in TABLES.items()} if tables else {})


def _price_row(found: "Explanation", one: "Priced") -> dict[str, object]:
    units, price, question = found.run.case.units, one.price, one.question
    ids = [units.ids[unit] for unit in question.event.units]
    return {
        **_placed(found, one),
        "price_lower_mvnd": None if price.impossible else price.lower,
        "price_upper_mvnd": None if price.impossible else price.upper,
        "proved": price.proved,
        "kind": kind_of(one),
        "fate": question.event.fate,
        "how": question.how,
        "units": ";".join(ids),
        "people": int(sum(units.staff[unit] for unit in question.event.units)),
        "others_changed": None if one.after is None else len(one.dominoes),
        "others": ";".join(units.ids[unit] for unit in one.dominoes),
    }


def _forced_row(found: "Explanation", one: "Settled") -> dict[str, object]:
    units, event = found.run.case.units, one.event
    ids = [units.ids[unit] for unit in event.units]
    return {
        "list": found.ranked.list,
        "rank": found.ranked.rank,
        "unit_id": found.ranked.plan.host_of(ids[0]) if event.fate == "merge" else ids[0],
        "decision": _told(event.fate, ids),
        "fate": event.fate,
        "units": ";".join(ids),
        "people": int(sum(units.staff[unit] for unit in event.units)),
        "forced_by": ";".join(rule.id for rule in one.by),
        "names": "; ".join(name_of(rule) or rule.rule for rule in one.by),
    }


def _domino_rows(found: "Explanation", one: "Priced") -> Iterator[dict[str, object]]:
    units = found.run.case.units
    for unit, before, after in before_and_after(found, one):
        facts = {"other_unit_id": units.ids[unit], "name": str(units.text("name")[unit])}
        yield {**_placed(found, one), **facts, "before": _event_told(before, found), "after": _event_told(after, found)}


def _placed(found: "Explanation", one: "Priced") -> dict[str, object]:
    units = found.run.case.units
    return {
        "list": found.ranked.list,
        "rank": found.ranked.rank,
        "unit_id": units.ids[one.question.unit],
        "decision": decision_of(one, units),
        "asked": one.question.asked,
    }


def _stair_row(found: "Explanation", one: "StairPrice") -> dict[str, object]:
    rule, price = one.neighbour.rule, one.price
    return {
        "list": found.ranked.list,
        "rank": found.ranked.rank,
        "id": rule.id,
        "rule": rule.rule,
        "year": rule.due,
        "key": one.neighbour.key,
        "step": one.neighbour.step,
        "limit": decimal(one.neighbour.limit),
        "price_lower_mvnd": None if price.impossible else price.lower,
        "price_upper_mvnd": None if price.impossible else price.upper,
        "possible": not price.impossible,
        "proved": price.proved,
        "at_limit": rule.id in found.limits,
    }


def _by_unit(plan: Plan) -> dict[int, Event]:
    return {unit: event for event in plan_events(plan) for unit in event.units}


def _event_told(event: Event | None, found: "Explanation") -> str:
    ids = found.run.case.units.ids
    return "keep" if event is None else _told(event.fate, [ids[unit] for unit in event.units])


def _told(fate: str, names: list[str]) -> str:
    return f"{fate} {';'.join(names)}"
