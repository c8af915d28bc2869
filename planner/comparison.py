"""How plans differ: decisions unit by unit, readings and criteria side by side, and the distance between plans."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from fractions import Fraction
from functools import cached_property
from string import ascii_uppercase
from typing import Protocol

import pandas as pd

from models.agreement import plan_events
from models.cash import cash_of
from models.figures import CRITERIA
from models.plan import Decision
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner.scenario_file import Case
from planner.tables import criterion_column, decimal
from planner.touched_table import touched_table

Event = tuple[str, tuple[str, ...]]
"""A fate and the ids of the units that meet it together."""


class HoldsPlans(Protocol):
    """What plans come from: a result that was just found, or a run folder that was read back."""

    @property
    def case(self) -> Case: ...

    @property
    def plans(self) -> tuple[RankedPlan, ...]: ...


@dataclass(frozen=True, eq=False)
class ComparedPlan:
    """A plan under the name that it has in a comparison."""

    label: str
    result: HoldsPlans
    ranked: RankedPlan

    @cached_property
    def events(self) -> frozenset[Event]:
        """The structural decisions that no rule or pin forces, as the search counts them."""
        ids = self.ranked.plan.units.ids
        found = plan_events(self.ranked.plan)
        return frozenset((event.fate, tuple(ids[unit] for unit in event.units)) for event in found)

    @cached_property
    def event_of(self) -> Mapping[str, Event]:
        return {unit: event for event in self.events for unit in event[1]}

    @cached_property
    def paths(self) -> Mapping[str, str]:
        """A unit's id to all its steps in words of the tables, in the order of the years."""
        steps: dict[str, list[Decision]] = {unit: [] for unit in self.result.case.units.ids}
        for decision in self.ranked.plan.decisions:
            steps[decision.unit_id].append(decision)
        return {unit: "; ".join(_told(step) for step in mine) for unit, mine in steps.items()}

    @cached_property
    def staff(self) -> Mapping[str, int]:
        """A unit's id to the people present today."""
        units = self.result.case.units
        return dict(zip(units.ids, units.staff.tolist(), strict=True))

    def alone_in(self, other: "ComparedPlan") -> set[str]:
        """Units in an event of this plan that the other plan does not have."""
        return {unit for event in self.events - other.events for unit in event[1]}


@dataclass(frozen=True, eq=False)
class Comparison:
    """Plans of one result or of several, one of them the base that the others are read against."""

    plans: tuple[ComparedPlan, ...]
    base: ComparedPlan

    @property
    def labels(self) -> tuple[str, ...]:
        return tuple(plan.label for plan in self.plans)

    @property
    def invented(self) -> bool:
        return any(plan.result.case.invented for plan in self.plans)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row per plan: where it comes from, its score and bound, and what it costs above the base."""
        return pd.DataFrame([self._row(plan) for plan in self.plans], index=pd.Index(self.labels, name="plan"))

    @cached_property
    def criteria(self) -> pd.DataFrame:
        """One row per criterion in its natural unit, one column per plan."""
        columns = {plan.label: [plan.ranked.plan.criteria[name] for name in CRITERIA] for plan in self.plans}
        return pd.DataFrame(columns, index=pd.Index(map(criterion_column, CRITERIA), name="criterion"))

    @cached_property
    def readings(self) -> pd.DataFrame:
        """One row per rule, label and year; per plan what was wanted, what is reached and whether it is met."""
        figures: dict[tuple[str, str], dict[tuple[object, ...], object]] = {}
        for plan in self.plans:
            for reading in plan.ranked.plan.readings:
                place = (reading.id, reading.label, reading.year or 0)
                cells = {"wanted": decimal(reading.wanted), "reached": decimal(reading.reached), "met": reading.met}
                for name, value in cells.items():
                    figures.setdefault((plan.label, name), {})[place] = value
        places = list(dict.fromkeys(place for cells in figures.values() for place in cells))
        columns = {column: [cells.get(place) for place in places] for column, cells in figures.items()}
        return pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(places, names=["id", "label", "year"]))

    @cached_property
    def decisions(self) -> pd.DataFrame:
        """Units whose steps are not the same in every plan; `structural` where more than years and amounts differ.

        One column per plan; a unit that a result's table lacks has an empty cell there.
        """
        rows = []
        for unit, name in self._names.items():
            paths = {plan.label: plan.paths.get(unit, "") for plan in self.plans}
            if len(set(paths.values())) > 1:
                structural = len({plan.event_of.get(unit) for plan in self.plans}) > 1
                rows.append({"unit_id": unit, "name": name, "structural": structural, **paths})
        frame = pd.DataFrame(rows, columns=["unit_id", "name", "structural", *self.labels])
        return frame.sort_values(["structural", "unit_id"], ascending=[False, True], ignore_index=True)

    @cached_property
    def distance_percent(self) -> pd.DataFrame:
        """How much of the row's plan the column's plan leaves: of the units in its events, the share in no such event.

        This is the distance that the list `different` asks for; it is not the same both ways.
        """
        return self._square(lambda one, other: decimal(_left_percent(one, other)))

    @cached_property
    def people_apart(self) -> pd.DataFrame:
        """People who work today in units that the two plans treat differently; the same both ways."""
        return self._square(_people)

    def touched(self, per: str = "parent") -> pd.DataFrame:
        """One row per parent (or other label of the unit table); per plan the units touched and the people in them."""
        return touched_table({plan.label: plan.ranked.plan for plan in self.plans}, per)

    @cached_property
    def cash(self) -> pd.DataFrame:
        """One row per line of the State's cash and year, one column per plan, in million VND."""
        figures: dict[str, dict[tuple[str, int], int]] = {}
        for plan in self.plans:
            lines = cash_of(plan.ranked.plan).lines
            figures[plan.label] = {(line.line, line.year): line.amount_mvnd for line in lines}
        places = sorted({place for cells in figures.values() for place in cells}, key=lambda place: place[::-1])
        columns = {label: pd.array([cells.get(place) for place in places], "Int64") for label, cells in figures.items()}
        return pd.DataFrame(columns, index=pd.MultiIndex.from_tuples(places, names=["line", "year"]))

    def _row(self, plan: ComparedPlan) -> dict[str, object]:
        ranked, stages = plan.ranked, plan.result.case.scenario.stages
        return {
            "title": plan.result.case.scenario.title,
            "list": ranked.list,
            "rank": ranked.rank,
            "score_mvnd": ranked.score,
            "bound_mvnd": ranked.bound,
            "above_base_mvnd": ranked.score - self.base.ranked.score,
            **{f"units_after_{stage.year}": ranked.plan.units_after(stage.year) for stage in stages},
        }

    def _square(self, measure: Callable[[ComparedPlan, ComparedPlan], float]) -> pd.DataFrame:
        cells = [[measure(one, other) for other in self.plans] for one in self.plans]
        return pd.DataFrame(cells, index=pd.Index(self.labels, name="plan"), columns=list(self.labels))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        names: dict[str, str] = {}
        for plan in self.plans:
            units = plan.result.case.units
            for unit, name in zip(units.ids, units.text("name"), strict=True):
                names.setdefault(unit, str(name))
        return dict(sorted(names.items()))


def compare(*results: HoldsPlans, base: str | None = None) -> Comparison:
    """All plans of the results, called `different-1`, `best-2` and so on; of several results `A.best-1`, `B.best-1`.

    base: the plan that the others are read against (default: the first).
    Errors: InputError where there is no plan, or none called `base`.
    """
    return compared(_named(results), base)


def compared(plans: Sequence[ComparedPlan], base: str | None = None) -> Comparison:
    """Plans under the names that they bear, one of them the base. Errors: as `compare`."""
    if not plans:
        raise InputError("compare", [Problem("plans", "compare.no_plans")])
    by_label = {plan.label: plan for plan in plans}
    if base is not None and base not in by_label:
        close = get_close_matches(base, by_label, n=1)
        facts = {"found": base, "known": ", ".join(by_label), "hint": close[0] if close else ""}
        raise InputError("compare", [Problem("base", "compare.unknown_plan", facts)])
    return Comparison(tuple(plans), plans[0] if base is None else by_label[base])


def _named(results: Sequence[HoldsPlans]) -> list[ComparedPlan]:
    found = []
    for place, result in enumerate(results):
        ahead = f"{letter(place)}." if len(results) > 1 else ""
        found += [ComparedPlan(f"{ahead}{plan.list}-{plan.rank}", result, plan) for plan in result.plans]
    return found


def letter(place: int) -> str:
    """What the result in a place is called in the names of its plans: A, B and so on."""
    return ascii_uppercase[place] if place < len(ascii_uppercase) else f"R{place + 1}"


def _told(step: Decision) -> str:
    """One step: `merge absorb 2025 -> A1`, `slim 2030: posts 4`, `raise 2025: orders 700 + fees 100`, `keep`."""
    words = [step.fate, step.form, str(step.year or "")]
    target = step.receiver_id or (step.successor_id if step.fate == "merge" else "")
    words += ["->", target] if target else []
    words += [f"({step.site})"] if step.site == "closed" else []
    counted = {
        "posts": step.posts_slimmed, "people": step.people_redeployed, "orders": step.orders_mvnd,
        "fees": step.fees_mvnd,
    }  # fmt: skip
    amounts = [f"{what} {amount}" for what, amount in counted.items() if amount]
    return " ".join(word for word in words if word) + (": " + " + ".join(amounts) if amounts else "")


def _left_percent(one: ComparedPlan, other: ComparedPlan) -> Fraction:
    return Fraction(100 * len(one.alone_in(other)), len(one.event_of)) if one.event_of else Fraction(0)


def _people(one: ComparedPlan, other: ComparedPlan) -> int:
    apart = one.alone_in(other) | other.alone_in(one)
    return sum(one.staff.get(unit, other.staff.get(unit, 0)) for unit in apart)
