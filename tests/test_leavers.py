"""Whom mergers set free: into vacancies first, then retirement, then paid to leave, each in the year they go."""

from typing import Any

import pytest
from decided import into, plan_of
from test_cash import worlds
from worlds import scenario_of, unit

from models.cash import cash_of
from models.leavers import Leavers, leavers_of
from models.plan import Plan

PERSON = {"avg_pay_vnd_month": 10_000_000, "avg_insured_months": 120}  # 3 + 1.5 × 10 = 18 months: 180 each
PLACES = ("freed", "filled_inside", "retired", "severed")


def places(plan: Plan) -> list[tuple[int, ...]]:
    """(year, freed, filled inside, retired, severed) of every row."""
    return [(row.year, *(getattr(row, name) for name in PLACES)) for row in leavers_of(plan)]


@pytest.mark.parametrize(
    ("vacant", "retiring", "found"),
    # three posts are saved: 3 per absorbed unit
    [(0, 0, (3, 0, 0, 3)), (1, 0, (3, 1, 0, 2)), (0, 2, (3, 0, 2, 1)), (2, 2, (3, 2, 1, 0)), (5, 1, (3, 3, 0, 0))],
)
def test_fills_vacancies_before_anyone_retires_or_is_paid(vacant: int, retiring: int, found: tuple[int, ...]) -> None:
    rows = [unit("a", **PERSON), unit("b", present_budget=20 - vacant, retiring_by_2025=retiring, **PERSON)]
    plan = plan_of(scenario_of(), rows, into("a", "b"))
    assert places(plan) == [(2026, *found)]
    assert next(iter(leavers_of(plan))).severance_mvnd == found[-1] * 180


def test_a_vacancy_of_the_first_stage_is_not_filled_again_in_the_second() -> None:
    """a takes in b in 2025 and c in 2030: three posts each time. Vacant are 4, all in b; one retires by 2030 in a.

    2026: three of the four vacancies. 2028: the fourth, the retired one, and one person who is paid.
    """
    rows = [unit("a", retiring_by_2030=1, **PERSON), unit("b", present_budget=16, **PERSON), unit("c", **PERSON)]
    both = [*into("a", "b"), *into("a", "c", year=2030)[1:]]
    assert places(plan_of(scenario_of(), rows, both)) == [(2026, 3, 3, 0, 0), (2028, 3, 1, 1, 1)]


def only(rows: list[dict[str, Any]], **tables: Any) -> Leavers:
    """The one row of a and b becoming one in 2025."""
    (found,) = leavers_of(plan_of(scenario_of(**tables), rows, into("a", "b")))
    return found


def test_names_the_texts_by_which_people_are_paid() -> None:
    """One regime names a, the other all: each in the order in which they are asked; nobody paid, none named."""
    regimes = [
        {"id": "of_a", "where": {"unit": ["a"]}, "resignation": {"months": 10}},
        {"id": "all", "resignation": {"months": 6}},
    ]
    pair = [unit("a", **PERSON), unit("b", **PERSON)]
    assert only(pair, severance=regimes).regimes == ("of_a", "all")
    assert only(pair, severance=[regimes[0]]).regimes == ("of_a",)
    again = {"id": "again", "where": {"unit": ["a"]}, "resignation": {"months": 1}}
    assert only(pair, severance=[regimes[0], again]).regimes == ("of_a",), "a person is paid by one text"
    assert only([pair[0], unit("b", present_budget=16, **PERSON)], severance=regimes).regimes == ()


@pytest.mark.parametrize(
    ("money", "payer"),
    # revenue over spending after savings: 2.5% is group 4, 12.5% group 3, all of it group 2
    [({"revenue_mvnd": 100}, "state"), ({}, "both"), ({"revenue_mvnd": 4000, "state_grant_mvnd": 0}, "unit")],
)
def test_says_who_pays(money: dict[str, int], payer: str) -> None:
    pair = [unit("a", **PERSON, **money), unit("b", **PERSON, **money)]
    assert only(pair).payer == payer
    assert only(pair, severance=[]).payer == "", "without a regime nobody is paid"


def test_sums_meet_cash_and_successors_in_drawn_plans() -> None:
    """Every year's State part is the line `severance`, and nobody is freed who does not go somewhere."""
    somebody = 0
    for place, _, _, plan in worlds(exact=False):
        rows = list(leavers_of(plan))
        somebody += sum(row.severed > 0 for row in rows)
        assert all(row.freed == row.filled_inside + row.retired + row.severed for row in rows), place
        assert all(min(row.filled_inside, row.retired, row.severed) >= 0 for row in rows), place
        for year, paid in cash_of(plan).of("severance").items():
            assert -paid == sum(row.severance_state_mvnd for row in rows if row.year == year), (place, year)
        for name in ("severed", "severance_mvnd"):
            of_successors = sum(s.figures[name] for stage in plan.stages for s in stage)
            assert of_successors == sum(getattr(row, name) for row in rows), (place, name)
    assert somebody > 20
