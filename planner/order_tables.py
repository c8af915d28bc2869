"""The steps of the scenario's order: a table of the run folder, facts of its manifest, and what `verify` asks of them.

Values stand in the natural unit of their criterion: of a gain the bound is the most that can be had, of everything else
the least.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from models.figures import GAINS, SCORE
from models.order import Step, limit_of, values_of
from models.problem import Problem
from models.ranked import RankedPlan
from models.scenario import Scenario
from planner.decision_table import Key, whole_number
from planner.tables import criterion_column
from planner.talk import Talk

if TYPE_CHECKING:
    from planner.result import Result

ORDER_COLUMNS = (
    "list", "rank", "step", "criterion", "value", "best", "bound", "gap", "within", "proved",
)  # fmt: skip
BILLION = 1000


def order_table(plans: Iterable[RankedPlan]) -> pd.DataFrame:
    """One row per plan and step: the plan's value, the best that was found, its bound, what later steps kept to."""
    rows = [row for plan in plans for row in _rows(plan)]
    whole = dict.fromkeys(("value", "best", "bound", "gap", "within"), "Int64")
    return pd.DataFrame(rows, columns=list(ORDER_COLUMNS)).astype(whole)


def order_document(scenario: Scenario, plans: Iterable[RankedPlan]) -> dict[str, Any] | None:
    """The order of a run and what each step of each plan found, as data; None without an order."""
    objective = scenario.objective
    if not objective.order:
        return None
    steps = [_called(name) for name in objective.steps]
    percent = float(objective.order_tolerance_percent)
    return {"steps": steps, "tolerance_percent": percent, "plans": [row for plan in plans for row in _rows(plan)]}


def _rows(plan: RankedPlan) -> Iterator[dict[str, Any]]:
    values = values_of(plan.plan.scenario, plan.plan.criteria, plan.plan.score)
    for number, (step, value) in enumerate(zip(plan.steps, values, strict=False), start=1):
        found = {"value": value, "best": step.best, "bound": step.bound, "within": step.limit}
        amounts = {name: None if cost is None else _natural(step.criterion, cost) for name, cost in found.items()}
        place = {"list": plan.list, "rank": plan.rank, "step": number, "criterion": _called(step.criterion)}
        yield place | amounts | {"gap": step.gap, "proved": step.proved}


def _natural(name: str, cost: int) -> int:
    return -cost if name in GAINS else cost


def _called(name: str) -> str:
    return "score_mvnd" if name == SCORE else criterion_column(name)


def stated_steps(table: pd.DataFrame, scenario: Scenario) -> dict[Key, tuple[Step, ...]]:
    """What order.csv says that a solver found for each plan; a step that it does not tell is not there."""
    names = {_called(name): name for name in scenario.objective.steps} if scenario.objective.order else {}
    found: dict[Key, list[Step]] = {}
    for row in table.to_dict("records"):
        name = names.get(str(row.get("criterion")))
        best, bound, limit = (_number(str(row.get(column, ""))) for column in ("best", "bound", "within"))
        if name is not None and best is not None and limit is not None:
            costs = (_natural(name, best), None if bound is None else _natural(name, bound), _natural(name, limit))
            found.setdefault((row["list"], whole_number(row["rank"]) or 0), []).append(Step(name, *costs))
    return {key: tuple(steps) for key, steps in found.items()}


def _number(text: str) -> int | None:
    size = whole_number(text.removeprefix("-"))
    return size if size is None or not text.startswith("-") else -size


def order_problems(plans: Sequence[RankedPlan]) -> Iterator[Problem]:
    """Steps that are missing, values beyond what the steps kept to, and bounds or limits that cannot be."""
    first: Mapping[str, Step] = next(({s.criterion: s for s in plan.steps} for plan in plans if plan.rank == 1), {})
    for plan in plans:
        objective, place = plan.plan.scenario.objective, f"{plan.list} {plan.rank}"
        told = tuple(step.criterion for step in plan.steps)
        if not objective.order or told == objective.steps:
            yield from _unsound(plan, place, {} if plan.rank == 1 else first)
        else:
            facts = {"stated": ", ".join(map(_called, told)) or "–", "wanted": ", ".join(map(_called, objective.steps))}
            yield Problem("order.csv", "order.steps", {"plan": place, **facts})


def _unsound(plan: RankedPlan, place: str, first: Mapping[str, Step]) -> Iterator[Problem]:
    values = values_of(plan.plan.scenario, plan.plan.criteria, plan.plan.score)
    for step, value in zip(plan.steps, values, strict=False):
        kept = value <= step.limit == _limit(plan, step, first.get(step.criterion))
        if not kept or (step.bound is not None and step.bound > step.best):
            yield Problem("order.csv", "order.unsound", {"plan": place, "criterion": _called(step.criterion)})


def _limit(plan: RankedPlan, step: Step, first: Step | None) -> int:
    if step is plan.steps[-1]:
        return step.best
    tolerance = plan.plan.scenario.objective.order_tolerance_percent
    return limit_of(step.criterion, step.best, first, tolerance=tolerance, outlay=plan.outlay)


def show_order(talk: Talk, result: "Result") -> None:
    """Per list one row for each plan and step of the order: its value, the bound and the gap."""
    say, objective = talk.wording.say, result.case.scenario.objective
    if not objective.order:
        return
    heads = [say(f"order.{name}") for name in ("rank", "step", "value", "bound", "gap", "proved")]
    for name in result.ranking.stops:
        rows = [_shown(talk, row) for plan in result.ranking.of(name) for row in _rows(plan)]
        if rows:
            talk.table(say("order.title", list=say(f"cli.{name}")), heads, rows, right=(0, 2, 3, 4))
    percent = objective.order_tolerance_percent
    talk.say("order.legend", percent=talk.wording.number(percent, 0 if percent.denominator == 1 else 2))


def _shown(talk: Talk, row: Mapping[str, Any]) -> list[str]:
    money = str(row["criterion"]).endswith("_mvnd")

    def amount(value: int | None) -> str:
        if value is None:
            return "–"
        return talk.wording.number(Fraction(value, BILLION), 3) if money else talk.wording.number(value)

    name = talk.wording.say(f"order.{row['criterion']}")
    proved = talk.wording.say("cli.yes" if row["proved"] else "cli.no")
    return [str(row["rank"]), name, *(amount(row[column]) for column in ("value", "bound", "gap")), proved]
