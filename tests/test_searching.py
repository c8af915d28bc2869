"""Which engine a program gets, where the scenario leaves the choice."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from small_programs import knapsack_cover

from models.answer import Answer, Ending, Engine, Limits
from models.engine import solve
from models.program import Program
from models.scenario import Search
from planner import searching
from planner.interruption import Interruption
from planner.scenario_file import Case
from planner.searching import Searching
from planner.solver import Solver


class Desk:
    """A solver in this process that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, int | None]] = []

    def solve(self, program: Program, *, limits: Limits, engine: Engine, hint: Any, **_: Any) -> Answer:
        self.asked.append((engine, limits.nodes))
        return solve(program, limits=limits, engine=engine, hint=hint)


def asked(program: Program, engine: str = "auto", gap: float = 0.0) -> tuple[Answer, Desk]:
    """A program solved to the end as a scenario with this engine would have it."""
    desk = Desk()
    case = cast(Case, SimpleNamespace(scenario=SimpleNamespace(search=Search(engine=cast(Any, engine)))))
    search = Searching(case, cast(Solver, desk), Interruption())
    return search(program, hint=None, gap=gap, share=Fraction(1)), desk


@pytest.fixture(scope="module")
def towns() -> Program:
    """Sixty towns under four tight budgets: HiGHS needs more than one node."""
    return knapsack_cover(1, items=60, choices=400, budgets=4)


def test_leaves_to_highs_what_it_ends_in_time(towns: Program) -> None:
    found, desk = asked(towns)
    assert desk.asked == [("highs", searching.TURNS_AFTER)]
    assert (found.engine, found.status) == ("highs", "optimal")


def test_looks_for_options_first_where_highs_takes_too_many_nodes(
    towns: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After one node the rest is asked of the other engine, from the plan at hand; the best is the same."""
    best, _ = asked(towns)
    monkeypatch.setattr(searching, "TURNS_AFTER", 1)
    found, desk = asked(towns)
    assert desk.asked == [("highs", 1), ("options_first", None)]
    assert (found.engine, found.status, found.score) == ("options_first", "optimal", best.score)


def test_does_not_turn_where_the_scenario_names_an_engine(towns: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "TURNS_AFTER", 1)
    _, desk = asked(towns, engine="highs")
    assert desk.asked == [("highs", None)]


def ended(engine: str, score: int, bound: int, ended_by: Ending) -> Answer:
    """An answer without a proof; what the clock ended is not repeatable."""
    repeatable = ended_by != "clock"
    return Answer("feasible", np.zeros(1, dtype=np.int64), score, bound, 1.0, ended_by, repeatable, engine, version="")


def turned(monkeypatch: pytest.MonkeyPatch, towns: Program, bound: int, *, gap: float = 0.0) -> Answer:
    """HiGHS was stopped with this bound and a plan of 50; the other found one of 45 in time, and no bound above 10."""
    told = iter([ended("highs", 50, bound, "work"), ended("options_first", 45, 10, "clock")])
    monkeypatch.setattr(Desk, "solve", lambda *_, **__: next(told))
    return asked(towns, gap=gap)[0]


def test_keeps_the_better_bound_of_both(towns: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    found = turned(monkeypatch, towns, bound=30)
    assert (found.score, found.bound, found.seconds, found.repeatable) == (45, 30, 2.0, False)
    assert (found.status, found.ended_by) == ("feasible", "clock")
    assert turned(monkeypatch, towns, bound=5).bound == 10


def test_says_so_where_the_earlier_bound_is_near_enough(towns: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    near = turned(monkeypatch, towns, bound=40, gap=5.0)
    assert (near.bound, near.status, near.ended_by, near.repeatable) == (40, "feasible", "gap", False)
    far = turned(monkeypatch, towns, bound=39, gap=5.0)
    assert (far.bound, far.status, far.ended_by) == (39, "feasible", "clock")
    proved = turned(monkeypatch, towns, bound=45, gap=5.0)
    assert (proved.bound, proved.status, proved.ended_by) == (45, "optimal", "proof")


def test_rests_nothing_on_a_bound_that_a_better_plan_refutes(towns: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """No plan below 46, says HiGHS; the other finds one of 45."""
    found = turned(monkeypatch, towns, bound=46, gap=5.0)
    assert (found.score, found.bound, found.status, found.ended_by) == (45, 10, "feasible", "clock")
