"""Which engine a program gets, where the scenario leaves the choice."""

from fractions import Fraction
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest
from small_programs import knapsack_cover

from models.answer import Answer, Engine, Limits
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


def asked(program: Program, engine: str = "auto") -> tuple[Answer, Desk]:
    """A program solved to the end as a scenario with this engine would have it."""
    desk = Desk()
    case = cast(Case, SimpleNamespace(scenario=SimpleNamespace(search=Search(engine=cast(Any, engine)))))
    search = Searching(case, cast(Solver, desk), Interruption())
    return search(program, hint=None, gap=0.0, share=Fraction(1)), desk


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


def test_keeps_the_better_bound_of_both(towns: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    """HiGHS had a bound of 30 below its plan of 50 when it was stopped; the other got no further than 10 in time."""
    plan = np.zeros(towns.columns, dtype=np.int64)
    told = iter(
        [
            Answer("feasible", plan, 50, 30, 1.0, "work", repeatable=True, engine="highs", version=""),
            Answer("feasible", plan, 45, 10, 2.0, "clock", repeatable=False, engine="options_first", version=""),
        ]
    )
    monkeypatch.setattr(Desk, "solve", lambda *_, **__: next(told))
    found, _ = asked(towns)
    assert (found.score, found.bound, found.seconds, found.repeatable) == (45, 30, 3.0, False)
