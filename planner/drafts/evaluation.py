"""A hand-made plan measured: readings, what it breaks and by whom, score, cash, and how far it lies from the best."""

import tomllib
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import tomli_w

from models.checker import Check, check
from models.draft import Draft, draft_of
from models.likeness import Event, events_of
from models.plan import Plan
from models.prepared import Prepared
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from models.rules import Reading, Rule
from models.search import rank
from planner.cash_tables import cash_table
from planner.decision_table import Key, read_decisions
from planner.drafts.table import HandMade, read_hand_made
from planner.interruption import Interruption
from planner.lever_tables import levers_table
from planner.manifest import read_manifest_of_plans
from planner.other_scenarios import KEY, alone
from planner.rebuilt import ranked, written_table
from planner.run_folder import RESOLVED, input_hashes, resolved
from planner.scenario_file import Case
from planner.searching import Progress, Searching, ready
from planner.solver import Solver
from planner.tables import context_table, decisions_table, ranked_table, readings_table, successors_table

HAND: Key = ("hand", 1)


@dataclass(frozen=True)
class Violation:
    """A rule that a plan breaks, by what measure, and the units by which it does."""

    rule: Rule
    reading: Reading
    units: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Distance:
    """How far a plan lies from the best one that is known.

    above_best: million VND, below 0 where the plan breaks rules and is cheaper for it; apart: structural events that
    only this plan has, and those that only the best has; units: those that decide otherwise; source: the run folder
    that holds the best plan, None where it was sought; same_inputs: whether that run read the same scenario and units;
    held_in: the other scenarios in which that run's plans hold as well, where that is all in which it differs.
    """

    best: RankedPlan
    above_best: int
    apart: tuple[tuple[Event, ...], tuple[Event, ...]]
    units: tuple[str, ...]
    source: Path | None = None
    same_inputs: bool = True
    held_in: tuple[str, ...] = ()

    @property
    def events(self) -> int:
        """Structural events of one plan that the other does not have."""
        return sum(map(len, self.apart))


@dataclass(frozen=True, eq=False)
class Evaluation:
    """A hand-made plan with everything that follows from it, as tables too.

    unlisted: units whose drafted decision no listed option holds; stop: why no best plan is known, else empty.
    """

    case: Case
    hand_made: HandMade
    check: Check
    ranked: RankedPlan
    unlisted: tuple[str, ...] = ()
    distance: Distance | None = None
    stop: str = ""
    repeatable: bool = True

    @property
    def plan(self) -> Plan:
        return self.ranked.plan

    @property
    def passed(self) -> bool:
        """Whether the plan can be carried out and meets every rule."""
        return self.check.passed

    @property
    def refusals(self) -> tuple[Problem, ...]:
        return self.check.refusals

    @cached_property
    def violations(self) -> tuple[Violation, ...]:
        rules = {rule.id: rule for rule in self.case.scenario.demands}
        unmet = [reading for reading in self.plan.readings if not reading.met]
        return tuple(Violation(rules[r.id], r, rules[r.id].broken_by(self.plan, r)) for r in unmet)

    @cached_property
    def table(self) -> pd.DataFrame:
        """One row: score, units that remain, criteria."""
        return ranked_table([self.ranked], self.case.scenario)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        return decisions_table([self.ranked])

    @cached_property
    def successors(self) -> pd.DataFrame:
        return successors_table([self.ranked])

    @cached_property
    def readings(self) -> pd.DataFrame:
        return readings_table([self.ranked])

    @cached_property
    def context(self) -> pd.DataFrame:
        return context_table([self.ranked])

    @cached_property
    def levers(self) -> pd.DataFrame:
        return levers_table([self.ranked])

    @cached_property
    def cash(self) -> pd.DataFrame:
        return cash_table([self.ranked])


def evaluate(
    case: Case, place: Path | str, *, against: Path | str | None = None, plan: tuple[str, int] | None = None,
    on_progress: Progress | None = None,
) -> Evaluation:  # fmt: skip
    """Measure a hand-made plan (CSV or XLSX) and set it beside the best plan that the search finds in its time.

    against: a run folder whose cheapest plan is the best one instead; plan: (list, rank) where the table holds several.
    Of several scenarios only the main one counts. Errors: InputError with every problem of the file or of the run
    folder.
    """
    case = alone(case)
    hand_made = read_hand_made(Path(place), case, plan=plan)
    measured = measured_plan(case, hand_made)
    draft = draft_of(case.scenario, case.units, measured.plan.decisions)
    if against is not None:
        best, same, held_in = best_of_run(case, Path(against))
        distance = distance_between(draft, measured.ranked, best)
        found = replace(distance, source=Path(against), same_inputs=same, held_in=held_in)
        return replace(measured, distance=found)
    return _beside_the_best(measured, draft, on_progress)


def measured_plan(case: Case, hand_made: HandMade) -> Evaluation:
    """The plan rebuilt by the checker, beside nothing."""
    found = check(case.scenario, case.units, hand_made.decisions)
    return Evaluation(case, hand_made, found, ranked(HAND, found.plan, None))


def distance_between(draft: Draft, mine: RankedPlan, best: RankedPlan) -> Distance:
    """Score and structural events of a plan against another of the same province."""
    other = draft_of(draft.scenario, draft.units, best.plan.decisions)
    ours, theirs = (_events(one) for one in (draft, other))
    only = (tuple(event for event in ours if event not in theirs), tuple(e for e in theirs if e not in ours))
    pairs = zip(draft.units.ids, draft.structures, other.structures, strict=True)
    units = tuple(unit for unit, one, two in pairs if one != two)
    return Distance(best, mine.score - best.score, only, units)


def best_of_run(case: Case, run: Path) -> tuple[RankedPlan, bool, tuple[str, ...]]:
    """The cheapest plan of a run folder, rebuilt under this scenario, whether the run read the same scenario, and in
    which others its plans hold, where it read the same besides.

    Errors: InputError where there is no plan, or where its decisions do not fit the units.
    """
    manifest = read_manifest_of_plans(run)
    try:
        plans = read_decisions(run / "decisions.csv", case.scenario, case.units)
    except FileNotFoundError as error:
        raise InputError(str(run), [Problem("decisions.csv", "verify.missing")]) from error
    if not plans:
        raise InputError(str(run), [Problem(str(run), "evaluate.run_without_plans")])
    ranking = written_table(run, "ranking.csv").to_dict("records")
    bounds = {(row["list"], row["rank"]): str(row.get("bound_mvnd", "")) for row in ranking}
    alike, held_in = _same_inputs(case, run, manifest)
    same = alike and not held_in  # a bound among plans that hold elsewhere as well is none here
    found = []
    for key, decisions in plans.items():
        bound = bounds.get((key[0], str(key[1])), "")
        known = int(bound) if same and bound.lstrip("-").isdigit() else None
        found.append(ranked(key, check(case.scenario, case.units, decisions).plan, known))
    return min(found, key=lambda plan: (plan.score, plan.list, plan.rank)), same, held_in if alike else ()


def _same_inputs(case: Case, run: Path, manifest: dict[str, Any]) -> tuple[bool, tuple[str, ...]]:
    """Whether a run read the same units and the same scenario, whatever it was asked to search for; and in which other
    scenarios its plans hold besides."""
    try:
        theirs = tomllib.loads((run / RESOLVED).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(str(run), [Problem(RESOLVED, "verify.missing")]) from error
    mine = tomllib.loads(tomli_w.dumps(resolved(case)))
    held_in = tuple(map(str, theirs.pop(KEY, ())))
    inputs, whole = input_hashes(case), manifest.get("inputs")
    stated = whole if not isinstance(whole, dict) else _of_main(whole, held_in)
    for part in (mine, theirs, inputs, stated):
        if isinstance(part, dict):
            part.pop("search", None)
            part.pop(RESOLVED, None)
    return bool(mine == theirs and inputs == stated), held_in


def _of_main(inputs: dict[str, Any], held_in: tuple[str, ...]) -> dict[str, Any]:
    """The hashes of what the main scenario of a run read."""
    return {name: fact for name, fact in inputs.items() if not name.startswith(tuple(f"{one}: " for one in held_in))}


def _beside_the_best(measured: Evaluation, draft: Draft, on_progress: Progress | None) -> Evaluation:
    """The same with the best plan that one search finds; why there is none otherwise."""
    search = measured.case.scenario.search.model_copy(update={"best": 1, "plans": 0})
    case = replace(measured.case, scenario=measured.case.scenario.model_copy(update={"search": search}))
    problem = ready(case)
    measured = replace(measured, unlisted=_unlisted_units(problem, draft))
    with Solver() as solver, Interruption() as stop:
        ranking = rank(problem, Searching(case, solver, stop, on_progress))
    if not ranking.plans:
        return replace(measured, stop=ranking.stops["best"], repeatable=ranking.repeatable)
    distance = distance_between(draft, measured.ranked, ranking.plans[0])
    return replace(measured, distance=distance, stop="", repeatable=ranking.repeatable)


def _unlisted_units(problem: Prepared, draft: Draft) -> tuple[str, ...]:
    """Units whose drafted decision stands in no listed option, whatever its years, host and sites."""
    listed = problem.listing.paths
    same = draft.changes(listed) == 0
    held = np.isin(np.arange(len(problem.units)), listed.members[same[listed.option_of_entry]])
    return tuple(problem.units.ids[unit] for unit in np.flatnonzero(~held))


def _events(draft: Draft) -> list[Event]:
    return [event for found in events_of(draft.paths, draft.scenario, draft.units) for event in found]
