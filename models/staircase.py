"""What a little more or less of a target costs: its neighbours, each to be solved again."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.plan import Plan
from models.prepared import Prepared
from models.program import Program, Rows
from models.rules import Rule

STEPS = (-2, -1, 1, 2)
_DEMANDS = {
    "at_least": 1,
    "at_least_percent": 1,
    "at_most": -1,
    "at_most_percent": -1,
    "at_most_mvnd": -1,
}
"""The keys by which rules state how much they want, and in which direction they become harder to hold."""


@dataclass(frozen=True)
class Neighbour:
    """A target with one of its figures some steps further: positive steps ask for more, negative ones for less."""

    rule: Rule
    key: str
    step: int
    limit: Fraction


def neighbours(rule: Rule, steps: Sequence[int] = STEPS) -> Iterator[Neighbour]:
    """The targets around a rule: one step is one unit, of large amounts one percent, of percentages one point."""
    for key, direction in _DEMANDS.items():
        limit = getattr(rule, key, None)
        if limit is None:
            continue
        percent = key.endswith("_percent")
        size = 1 if percent else max(1, int(limit) // 100)
        for step in steps:
            further = Fraction(limit) + step * direction * size
            if further < 0 or (percent and further > 100):
                continue
            stated = further if percent else int(further)
            yield Neighbour(rule.model_copy(update={key: stated}), key, step, further)


def at_its_limit(rule: Rule, plan: Plan) -> bool:
    """Whether a plan holds a target without room for one more step."""
    harder = list(neighbours(rule, (1,)))
    return any(not reading.met for found in harder for reading in found.rule.measure(plan))


def program_of(problem: Prepared, rule: Rule, beside: Sequence[Rows]) -> Program:
    """The problem's program with one of its targets replaced, and the rows that the plan's place asks for."""
    targets = [rule if other.id == rule.id else other for other in problem.targets]
    return problem.program_of(targets).with_rows(beside)
