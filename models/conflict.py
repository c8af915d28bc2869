"""Why there is no plan: how far each target can go alone, and a set of targets that cannot stand together."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.answer import Answer
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.exact import NO_LIMIT_ABOVE, Integers
from models.rules import Rule
from models.rules.autonomy_share import AutonomyShare
from models.search import Problem, Solve

FIRST_PLAN = 1e15  # a gap that any plan meets: the question is only whether there is one
LAST_TO_BLAME = ("law", "central", "province", "modelling")
MOST_STEPS = 20


@dataclass(frozen=True)
class Reach:
    """The most that a target can reach when only the structure of the options binds (a ceiling: the least).

    proved: it is exact; enough: it meets the target.
    """

    rule: Rule
    wanted: Fraction
    reached: Fraction
    numerator: int
    denominator: int
    proved: bool
    enough: bool


@dataclass(frozen=True)
class Conflict:
    """Demands of which any plan breaks one; `minimal` where each member was shown to be needed for that.

    rules: targets, and the structural rules and pins without which these targets could be met.
    """

    rules: tuple[Rule, ...]
    minimal: bool


def conflict(problem: Problem, solve: Solve) -> Conflict:
    """Shrink the demands to a conflict: targets each in turn, law first, then structural rules and pins by halves.

    A time-out is neither yes nor no: the demand stays in, and the conflict is not shown minimal.
    """
    targets = sorted(problem.targets, key=_blame)
    asked = _Asked(solve)
    for rule in list(targets):
        without = [other for other in targets if other is not rule]
        if asked.impossible(problem, without):
            targets = without
    needed = {rule.id for rule in (*targets, *_structure(problem, targets, asked))}
    return Conflict(tuple(rule for rule in problem.scenario.demands if rule.id in needed), asked.minimal)


def _blame(rule: Rule) -> int:
    return LAST_TO_BLAME.index(rule.tier)


class _Asked:
    """Asks whether there is any plan; remembers whether every answer was a proof."""

    def __init__(self, solve: Solve) -> None:
        self._solve, self.minimal = solve, True

    def impossible(self, problem: Problem, demands: Sequence[Rule]) -> bool:
        answer = self._solve(problem.program_of(demands), hint=None, gap=FIRST_PLAN, share=Fraction(1, 2))
        if answer.status != "infeasible" and answer.plan is None:
            self.minimal = False
        return answer.status == "infeasible"


def _structure(problem: Problem, targets: Sequence[Rule], asked: _Asked) -> list[Rule]:
    """The structural rules and pins that a conflict needs, out of all options: broken ones are forbidden by rows."""
    structural = sorted((rule for rule in problem.scenario.demands if rule.structural), key=_blame)
    if not structural:
        return []
    every_option = Columns.build(problem.scenario, problem.units, problem.listing.paths)
    whole = Problem(problem.scenario, problem.units, problem.listing, every_option, 0)
    if asked.impossible(whole, targets):
        return []
    return _needed(whole, list(targets), structural, asked)


def _needed(problem: Problem, held: list[Rule], suspects: list[Rule], asked: _Asked) -> list[Rule]:
    """The least part of the suspects that leaves no plan beside what is held (Junker's QuickXplain)."""
    if len(suspects) == 1:
        return suspects
    first, second = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
    late = [] if asked.impossible(problem, held + first) else _needed(problem, held + first, second, asked)
    early = [] if asked.impossible(problem, held + late) else _needed(problem, held + late, first, asked)
    return early + late


def reaches(problem: Problem, solve: Solve) -> tuple[Reach, ...]:
    """The reach of every target that is one row; one that is asked per label is left to the conflict."""
    return tuple(found for rule in problem.targets if (found := _reach(problem, rule, solve)) is not None)


def _reach(problem: Problem, rule: Rule, solve: Solve) -> Reach | None:
    rows = rule.rows(problem.columns)
    if rows.matrix.shape[0] != 1:
        return None
    price = rows.matrix.toarray().ravel()
    if rows.at_most[0] == NO_LIMIT_ABOVE:
        price = -price
    answer = solve(problem.program_of((), price), hint=None, gap=0.0, share=Fraction(1, 4))
    if answer.plan is None:
        return None
    if isinstance(rule, AutonomyShare) and rule.denominator == "remaining":
        return _highest_share(problem, rule, solve, answer)
    return _reading(problem, rule, answer)


def _reading(problem: Problem, rule: Rule, answer: Answer) -> Reach:
    """What the rule reads on the plan that pushes it furthest."""
    assert answer.plan is not None
    plan = check(problem.scenario, problem.units, decisions_of(problem.columns, answer.plan)).plan
    (reading,) = rule.measure(plan)
    proved = answer.status == "optimal"
    reached = (reading.wanted, reading.reached, reading.numerator, reading.denominator)
    return Reach(rule, *reached, proved, enough=reading.met)


def _highest_share(problem: Problem, rule: AutonomyShare, solve: Solve, first: Answer) -> Reach:
    """The largest autonomous / remaining, exactly: raise the share until no plan lies above it (Dinkelbach)."""
    labels = rule.labels(problem.scenario, problem.units)
    columns = problem.columns
    above = columns.after("autonomous", rule.year, labels, rule.scope, rule.per).toarray().ravel()
    below = columns.after("units", rule.year, labels, rule.scope, rule.per).toarray().ravel()
    answer, proved = first, False
    for _ in range(MOST_STEPS):
        assert answer.plan is not None
        share = _ratio(above, below, answer.plan)
        price = share.numerator * below - share.denominator * above
        better = solve(problem.program_of((), price), hint=answer.plan, gap=0.0, share=Fraction(1, 4))
        if better.plan is None or better.score is None or better.score >= 0:
            proved = better.status == "optimal"
            break
        answer = better
    return _reading_share(rule, above, below, answer, proved)


def _ratio(above: Integers, below: Integers, values: Integers) -> Fraction:
    remaining = int(below @ values)
    return Fraction(int(above @ values), remaining) if remaining else Fraction(1)


def _reading_share(rule: AutonomyShare, above: Integers, below: Integers, answer: Answer, proved: bool) -> Reach:
    assert answer.plan is not None
    numerator, denominator = int(above @ answer.plan), int(below @ answer.plan)
    share = Fraction(100 * numerator, denominator) if denominator else Fraction(100)
    wanted = rule.at_least_percent
    return Reach(rule, wanted, share, numerator, denominator, proved, enough=share >= wanted)


def confirmed(answers: Sequence[Answer]) -> bool:
    """Whether two engines say "impossible"."""
    return len({answer.engine for answer in answers if answer.status == "infeasible"}) >= 2
