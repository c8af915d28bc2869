"""The cheapest ways out of a conflict: which demands give way, by how much, and the plan that is then possible."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Literal

import numpy as np

from models.answer import Answer
from models.columns import Columns
from models.conflict import Ask, Names
from models.demands import Demands
from models.elastic import WHOLE, Elastic, baselines_of
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.feasible import Means
from models.plan import Plan
from models.program import Rows
from models.rules import Reading, Rule, StructuralRule

Sense = Literal["least_total", "fewest_rules", "smallest_largest"]
FINE = WHOLE // 10_000  # what giving way may miss of its least: a ten thousandth of one baseline


@dataclass(frozen=True)
class Change:
    """How far one demand gives way in a plan.

    short: what is missing of `wanted`, in the rule's own unit; percent: of the rule's baseline (row by row, exactly);
    for a structural rule or a pin both count its exceptions, each as a whole hundred.
    """

    rule: Rule
    reading: Reading
    short: Fraction
    percent: Fraction


@dataclass(frozen=True, eq=False)
class WayOut:
    """A checked plan that meets every demand but some, and how far these give way.

    proved: no way out is cheaper in its sense (amounts: by more than a ten thousandth of a baseline); score, bound: of
    the best plan under the limits so moved, in million VND; bound None where none is known.
    """

    sense: Sense
    changes: tuple[Change, ...]
    plan: Plan
    score: int
    bound: int | None
    proved: bool

    @property
    def total(self) -> Fraction:
        return sum((change.percent for change in self.changes), start=Fraction(0))

    @property
    def largest(self) -> Fraction:
        return max((change.percent for change in self.changes), default=Fraction(0))

    @property
    def rules(self) -> Names:
        return frozenset(change.rule.id for change in self.changes)


@dataclass(frozen=True, eq=False)
class _Room:
    """Which demands may give way, and the program in which they do so."""

    demands: Demands
    columns: Columns
    soft: tuple[Rule, ...]
    elastic: Elastic
    start: Integers | None

    @staticmethod
    def of(demands: Demands, soft: Names, known: Mapping[Names, Integers]) -> "_Room":
        firm = frozenset(demands.by_id) - soft
        # Targets that give way still tell apart where amounts count; structural rules that do set no floors of posts.
        columns = demands.columns(firm | (soft & demands.targets))
        rules = tuple(rule for rule in demands.all if rule.id in soft)
        hard = demands.priced(columns).with_rows(demands.rows_of(columns, firm & demands.targets))
        elastic = Elastic.of(hard, [rule.rows(columns) for rule in rules])
        start = next((values for names, values in known.items() if names >= firm and len(values) == len(columns)), None)
        return _Room(demands, columns, rules, elastic, None if start is None else elastic.filled(start))


def ways_out(
    demands: Demands, fewest: Names | None, ask: Ask, means: Means, *, known: Mapping[Names, Integers]
) -> Iterator[WayOut]:
    """The way out of least total, then, where it is known, that of the fewest rules, then that of the smallest largest.

    fewest: a smallest set of demands without which the rest is possible. By amounts, only targets below the law give
    way where that is enough, else all targets, else structural rules and pins as well. known: a solution for sets of
    demands that are possible, to begin with.
    """
    room = _Room.of(demands, _soft(demands, ask), known)
    least = list(_solved(room, "least_total", means, _least_total))
    yield from least
    if fewest and least and least[0].proved and least[0].rules == fewest:
        yield replace(least[0], sense="fewest_rules")
    elif fewest:
        yield from _solved(_Room.of(demands, fewest, known), "fewest_rules", means, _least_total)
    yield from _solved(room, "smallest_largest", means, _smallest_largest)


def _soft(demands: Demands, ask: Ask) -> Names:
    """The demands that give way, the dearer ones only where the others are not enough."""
    everyone = frozenset(demands.by_id)
    below = frozenset(name for name in demands.targets if demands.by_id[name].tier != "law")
    for soft in (below, demands.targets):
        if soft and ask(everyone - soft) == "possible":
            return soft
    return everyone


def _least_total(room: _Room, means: Means) -> tuple[Answer, bool]:
    answer = means.solve(room.elastic.least_total(), hint=room.start, gap=float(FINE), share=means.share)
    return answer, _near(answer)


def _smallest_largest(room: _Room, means: Means) -> tuple[Answer, bool]:
    """First the smallest largest, then the least total that keeps to it."""
    hint = None if room.start is None else np.append(room.start, room.elastic.largest(room.start))
    first = means.solve(room.elastic.smallest_largest(), hint=hint, gap=float(FINE), share=means.share)
    if first.plan is None or first.score is None:
        return first, False
    program = room.elastic.least_total(largest=first.score)
    second = means.solve(program, hint=first.plan[:-1], gap=float(FINE), share=means.share)
    return (first if second.plan is None else second), _near(first)


def _near(answer: Answer) -> bool:
    return answer.gap is not None and answer.gap <= FINE


def _solved(
    room: _Room, sense: Sense, means: Means, found: Callable[[_Room, Means], tuple[Answer, bool]]
) -> Iterator[WayOut]:
    """The demands give way; then the best plan under the limits so moved; nothing where the time was too short."""
    answer, proved = found(room, means)
    if answer.plan is None:
        return
    demands, columns = room.demands, room.columns
    relaxed = room.elastic.relaxed(answer.plan)
    firm = frozenset(demands.by_id) - {rule.id for rule in room.soft}
    hard = demands.priced(columns).with_rows(demands.rows_of(columns, firm & demands.targets))
    hint = answer.plan[: hard.columns]
    best = means.solve(hard.with_rows(relaxed), hint=hint, gap=demands.problem.gap, share=means.share)
    values = hint if best.plan is None else best.plan
    plan = demands.checked(columns, values, frozenset(rule.id for rule in room.soft)).plan
    changes = tuple(change for rule in room.soft for change in _changes(columns, rule, plan, values))
    yield WayOut(sense, changes, plan, plan.score, best.bound, proved)


def _changes(columns: Columns, rule: Rule, plan: Plan, values: Integers) -> Iterator[Change]:
    readings = rule.measure(plan)
    if isinstance(rule, StructuralRule):
        (reading,) = readings
        if not reading.met:
            yield Change(rule, reading, reading.reached, 100 * reading.reached)
        return
    rows = rule.rows(columns)
    short = _short(rows, values)
    for reading, missing, whole in zip(readings, short.tolist(), baselines_of(rows).tolist(), strict=True):
        if not reading.met:
            yield Change(rule, reading, -reading.slack, Fraction(100 * missing, whole))


def _short(rows: Rows, values: Integers) -> Integers:
    """By how many row units each row is broken."""
    reached = rows.matrix @ values
    below = np.where(rows.at_least == NO_LIMIT_BELOW, 0, np.maximum(0, rows.at_least - reached))
    above = np.where(rows.at_most == NO_LIMIT_ABOVE, 0, np.maximum(0, reached - rows.at_most))
    return np.maximum(below, above)
