"""One criterion after the other: what the search finds is what comes first when every plan is put in order by hand."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pytest
from drawn_cases import seven_units
from enumeration import Province, Whole, repeated, units_in_events
from in_process import solve_here

from models.answer import Answer
from models.exact import Integers
from models.order import Step, limit_of
from models.plan import Plan
from models.prepared import prepare
from models.program import Program
from models.ranked import RankedPlan, Ranking
from models.search import rank

ORDERS: Sequence[dict[str, Any]] = (
    {"order": ["units_touched"]},
    {"order": ["worst_commune_m", "staff_moved"]},
    {"order": ["most_touched_permille", "score"], "touched_per": "parent"},
    {"order": ["surplus_leaders", "score", "units_touched"]},
    {"order": ["state_saving", "rating_steps_lost"], "order_tolerance_percent": 3},
    {"order": ["staff_moved", "most_touched_permille"], "order_tolerance_percent": 30, "touched": "people"},
)
LISTS = {"best": 5, "plans": 3, "gap_percent": 0, "different_percent": 40, "within_percent": 60}


def case(seed: int) -> tuple[Province, Ranking]:
    """Seven units that keep or merge, under one of the orders, and every plan of them."""
    objective = ORDERS[seed % len(ORDERS)] | {"units_touched": 50}
    drawn = seven_units(seed, search=LISTS, objective=objective)
    return Province(*drawn, mergers_only=True), rank(prepare(*drawn), solve_here)


def steps(plan: Plan) -> tuple[str, ...]:
    """The steps as the documentation has them: the order, and the score last where it is not named."""
    order = plan.scenario.objective.order
    return order if "score" in order else (*order, "score")


def value(plan: Plan, step: str) -> int:
    """What is to be made small: a saving is a gain."""
    return plan.score if step == "score" else -plan.criteria[step] if step == "state_saving" else plan.criteria[step]


def first_by_hand(plans: Sequence[Plan]) -> list[int]:
    """The limits of the best plan, and last its value: step after step, the rest of the plans within the tolerance."""
    found, left = [], list(plans)
    for step in steps(plans[0]):
        best = min(value(plan, step) for plan in left)
        scenario, units = plans[0].scenario, plans[0].units
        money = step in ("score", "state_saving", "work_lost", "fee_burden")
        size = int(units.state_outlay_mvnd.sum()) if money else abs(best)
        found.append(best + int(scenario.objective.order_tolerance_percent * size / 100))
        left = [plan for plan in left if value(plan, step) <= found[-1]]
    return [*found[:-1], best]


def keys(plans: Sequence[Plan], limits: Sequence[int]) -> list[tuple[int, ...]]:
    """By what the plans are compared: up to its limit every value of a step is as good, but for the last."""
    names = steps(plans[0])
    ahead = [[max(value(plan, s), most) for s, most in zip(names[:-1], limits[:-1], strict=True)] for plan in plans]
    return [(*found, value(plan, names[-1])) for found, plan in zip(ahead, plans, strict=True)]


@pytest.mark.parametrize("seed", [*range(6), *(pytest.param(seed, marks=pytest.mark.long) for seed in range(6, 12))])
def test_ranks_as_putting_every_plan_in_order_does(seed: int) -> None:
    tried, ranking = case(seed)
    feasible = [whole for whole in tried.plans if whole.feasible]
    if not feasible:
        assert ranking.stops == {"best": "infeasible", "different": "infeasible"}
        return
    plans = [whole.checked.plan for whole in feasible]
    limits = first_by_hand(plans)
    marked = sorted(zip(keys(plans, limits), (whole.mark for whole in feasible), strict=True), key=lambda pair: pair[0])
    kinds: dict[Any, tuple[int, ...]] = {}
    for key, mark in marked:
        kinds.setdefault(mark, key)
    found = keys([plan.plan for plan in ranking.of("best")], limits)
    assert found == sorted(kinds.values())[:5]
    assert all(plan.proved_best for plan in ranking.of("best"))
    agree_on_different_ones(feasible, ranking, limits)


def agree_on_different_ones(feasible: Sequence[Whole], ranking: Ranking, limits: Sequence[int]) -> None:
    """Each place is the first in order of the plans that are unlike all before it and not too dear."""
    outlay, found = ranking.problem.outlay, ranking.of("different")
    earlier: list[Whole] = []
    for place in found:
        unlike = [whole for whole in feasible if _unlike(whole, earlier)]
        fitting = [w for w in unlike if not earlier or 100 * (w.score - found[0].score) <= 60 * outlay]
        best = min(keys([whole.checked.plan for whole in fitting], limits))
        assert keys([place.plan], limits) == [best]
        earlier.append(_whole_of(feasible, place))


def _unlike(whole: Whole, earlier: Sequence[Whole]) -> bool:
    return all(100 * repeated(before, whole) <= 60 * units_in_events(before) for before in earlier)


def _whole_of(feasible: Sequence[Whole], place: RankedPlan) -> Whole:
    groups = {frozenset(s.members) for s in place.plan.stages[-1]}
    closed = {(d.unit_id, d.site) for d in place.plan.decisions if d.joined}
    return next(
        whole for whole in feasible
        if {part.units for part in whole.parts} == groups
        and {(d.unit_id, d.site) for d in whole.decisions if d.joined} == closed
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_tells_for_every_step_what_was_reached_and_what_bounds_it(seed: int) -> None:
    ranking = case(seed)[1]
    for plan in ranking.plans:
        values = ranking.problem.order.values(plan.values)
        assert [step.criterion for step in plan.steps] == list(steps(plan.plan))
        assert all(step.bound == step.best for step in plan.steps)
        assert all(v <= step.limit for v, step in zip(values, plan.steps, strict=True))
        tolerance = ranking.problem.scenario.objective.order_tolerance_percent
        assert tolerance or list(values) == [step.best for step in plan.steps]


@pytest.mark.parametrize("price", [0, 7])
@pytest.mark.parametrize("name", ["worst_commune_m", "most_touched_permille"])
@pytest.mark.parametrize("seed", [0, 1, pytest.param(2, marks=pytest.mark.long)])
def test_prices_the_largest_of_several_values_as_trying_every_plan_does(seed: int, name: str, price: int) -> None:
    """The score of a plan is what it costs without the price, and the price times its largest value."""
    per = {"touched_per": "parent", "user_groups": "kind"}
    drawn = seven_units(seed, search=LISTS, objective={"units_touched": 50} | per)
    tried = [whole for whole in Province(*drawn, mergers_only=True).plans if whole.feasible]
    wanted = min((whole.score + price * whole.checked.plan.criteria[name] for whole in tried), default=None)
    ranking = rank(prepare(*seven_units(seed, search=LISTS, objective={"units_touched": 50, name: price} | per)),
                   solve_here)  # fmt: skip
    assert (ranking.best_score if ranking.plans else None) == wanted


def test_a_step_gives_way_by_percent_of_its_value_or_of_a_year_s_outlay() -> None:
    """15% of 20 units are three, of 19 two whole ones; a tenth of an outlay of 1,000 is 100, whatever the score."""
    assert [within("units_touched", best, 15) for best in (20, 19, 0)] == [23, 21, 0]
    assert [within("score", best, 10) for best in (-5, 0, 700)] == [95, 100, 800]
    assert within("state_saving", -300, 10) == -200


def test_a_later_place_keeps_to_the_limit_of_the_best_plan_or_to_what_it_can_reach() -> None:
    first = Step("units_touched", best=20, bound=20, limit=23)
    assert [within("units_touched", best, 15, first) for best in (20, 22, 23, 30)] == [23, 23, 23, 30]


def within(name: str, best: int, percent: int, first: Step | None = None) -> int:
    return limit_of(name, best, first, tolerance=Fraction(percent), outlay=1000)


def test_a_step_that_gets_no_answer_leaves_the_plan_and_has_no_bound() -> None:
    """The clock ends after the first step: the plan is best in it, and nothing is said of the score's bound."""
    asked: list[Program] = []

    def once(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        asked.append(program)
        if len(asked) == 1:
            return solve_here(program, hint=hint, gap=gap, share=share)
        return Answer("unknown", None, None, None, 0.0, "clock", repeatable=False, engine="highs", version="")

    search = LISTS | {"best": 1, "plans": 0}
    ranking = rank(prepare(*seven_units(1, search=search, objective={"order": ["units_touched"]})), once)
    (plan,) = ranking.plans
    assert len(asked) == 2 and not ranking.repeatable and ranking.by_clock
    assert [(step.criterion, step.proved) for step in plan.steps] == [("units_touched", True), ("score", False)]
    assert plan.bound is None and not plan.proved_best


def test_solves_money_within_the_gap_and_everything_else_to_the_end() -> None:
    gaps: list[float] = []

    def heard(program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        gaps.append(gap)
        return solve_here(program, hint=hint, gap=gap, share=share)

    search = LISTS | {"best": 1, "plans": 0, "gap_percent": 10}
    order = ["units_touched", "state_saving", "score"]
    problem = prepare(*seven_units(1, search=search, objective={"order": order}))
    rank(problem, heard)
    assert gaps == [0.0, problem.outlay / 10, problem.outlay / 10]
