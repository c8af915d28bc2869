"""How far a target can go: alone under the structural rules, or beside other demands."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.answer import Answer
from models.columns import Columns
from models.conflict import Names
from models.demands import Demands
from models.exact import NO_LIMIT_ABOVE, Integers, round_half_up
from models.feasible import Means
from models.program import Rows
from models.rules import Reading, Rule

MOST_STEPS = 20  # a share rises to its highest in three or four


@dataclass(frozen=True)
class Reach:
    """The most that a target can reach (a ceiling: the least) while some other demands hold.

    label, year: of the row where the target is asked for by column or stage; upwards: more is better; proved: it is
    exact; enough: it meets the target.
    """

    rule: Rule
    label: str
    year: int | None
    wanted: Fraction
    reached: Fraction
    numerator: int
    denominator: int
    upwards: bool
    proved: bool
    enough: bool

    @property
    def short(self) -> Fraction:
        """What is missing at best; 0 where it is enough."""
        return max(Fraction(0), self.wanted - self.reached if self.upwards else self.reached - self.wanted)


def reaches(demands: Demands, means: Means) -> tuple[Reach, ...]:
    """The reach of every target alone under structural rules and pins.

    A target of several rows (per column or stage) is told row by row, those alone that no plan met on the way.
    """
    held = demands.structural
    columns = demands.columns(held)
    known: list[Integers] = []
    found: list[Reach] = []
    for rule in demands.problem.targets:
        rows = rule.rows(columns)
        for place in _open_rows(rows, known):
            pushed = _Pushed(demands, columns, rule, rows, place, ()).furthest(means)
            if pushed is None:
                continue
            known.append(pushed.values)
            found.append(_reading(demands, columns, rule, place, pushed, held))
    return tuple(found)


def reach_beside(demands: Demands, rule: Rule, held: Names, means: Means) -> tuple[Reach, ...]:
    """The reach of every row of a target while other demands hold; empty where they are not possible themselves."""
    columns = demands.columns(held)
    rows, beside = rule.rows(columns), tuple(demands.rows_of(columns, held & demands.targets))
    found = []
    for place in range(len(rows.labels)):
        pushed = _Pushed(demands, columns, rule, rows, place, beside).furthest(means)
        if pushed is not None:
            found.append(_reading(demands, columns, rule, place, pushed, held))
    short = [reach for reach in found if not reach.enough]
    return tuple(short or found[:1])


def _open_rows(rows: Rows, known: list[Integers]) -> Iterator[int]:
    """Rows of which the reach is to be found: the only one, or those that no known plan meets."""
    for place in range(len(rows.labels)):
        if len(rows.labels) == 1 or not any(_met(rows, place, values) for values in known):
            yield place


def _met(rows: Rows, place: int, values: Integers) -> bool:
    reached = int((rows.matrix[[place]] @ values)[0])
    return bool(rows.at_least[place] <= reached <= rows.at_most[place])


@dataclass(frozen=True, eq=False)
class _Found:
    values: Integers
    proved: bool


@dataclass(frozen=True, eq=False)
class _Pushed:
    """One row of a target, pushed as far as it goes beside other rows."""

    demands: Demands
    columns: Columns
    rule: Rule
    rows: Rows
    place: int
    beside: tuple[Rows, ...]

    def furthest(self, means: Means) -> _Found | None:
        price = self._dense(self.rows)
        if self.rows.at_most[self.place] == NO_LIMIT_ABOVE:
            price = -price
        answer = self._solved(price, None, means)
        if answer.plan is None:
            return None
        quotient = self.rule.quotient(self.columns)
        if quotient is None:
            return _Found(answer.plan, answer.status == "optimal")
        above, below = (part[[self.place]].toarray().ravel().astype(np.int64) for part in quotient)
        return self._highest_quotient(above, below, answer, means)

    def _highest_quotient(self, above: Integers, below: Integers, first: Answer, means: Means) -> _Found:
        """The largest above / below, exactly: raise it until no plan lies above it (Dinkelbach).

        Of nothing it counts as reached: last, whether the plan can leave nothing is asked.
        """
        assert first.plan is not None
        values, proved = first.plan, False
        for _ in range(MOST_STEPS):
            share = _ratio(above, below, values)
            better = self._solved(share.numerator * below - share.denominator * above, values, means)
            if better.plan is None or better.score is None or better.score >= 0:
                proved = better.status == "optimal"
                break
            values = better.plan
        if _ratio(above, below, values) >= 1:
            return _Found(values, proved)
        least = self._solved(below, values, means)
        emptied = least.plan is not None and _ratio(above, below, least.plan) > _ratio(above, below, values)
        if emptied and least.plan is not None:
            return _Found(least.plan, proved=True)
        return _Found(values, proved and least.bound is not None and (least.bound > 0 or least.status == "optimal"))

    def _solved(self, price: Integers, hint: Integers | None, means: Means) -> Answer:
        program = self.demands.priced(self.columns, price).with_rows(self.beside)
        return means.solve(program, hint=hint, gap=0.0, share=means.share)

    def _dense(self, rows: Rows) -> Integers:
        dense: Integers = rows.matrix[[self.place]].toarray().ravel().astype(np.int64)
        return dense


def _ratio(above: Integers, below: Integers, values: Integers) -> Fraction:
    part, whole = int(above @ values), int(below @ values)
    if not whole:
        return Fraction(1 if part >= 0 else -1)
    return Fraction(part, whole)


def _reading(demands: Demands, columns: Columns, rule: Rule, place: int, found: _Found, held: Names) -> Reach:
    """What the rule reads on the plan that pushes it furthest; of a protected one what is left without its reserve."""
    unheld = frozenset(demands.by_id) - held
    plan = demands.checked(columns, found.values, unheld).plan
    reading: Reading = rule.measure(plan)[place]
    numerator = round_half_up(reading.numerator - reading.protected)
    amounts = (reading.wanted, reading.secured, numerator, reading.denominator)
    upwards = reading.slack == reading.secured - reading.wanted
    return Reach(rule, reading.label, reading.year, *amounts, upwards, found.proved, enough=reading.met)
