"""What `verify` asks of a run whose plans hold in several scenarios: they do, and its tables say what follows."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from models.other import check_in
from models.problem import Problem
from models.ranked import RankedPlan
from planner.held_document import HELD, scenarios_document
from planner.held_tables import held_tables, rebuilt_elsewhere, stated_alone
from planner.manifest import MANIFEST
from planner.other_scenarios import others_of
from planner.rebuilt import differing_table
from planner.scenario_file import Case
from planner.wording import Wording


def held_problems(
    run: Path, manifest: Mapping[str, Any], case: Case, plans: Sequence[RankedPlan], wording: Wording
) -> Iterator[Problem]:
    """Every plan rebuilt in every other scenario, the tables about them, and what the manifest says of the scenarios.

    Errors: InputError where a table is missing or the plan of the main scenario alone cannot be used.
    """
    if not case.others:
        return
    for plan in plans:
        yield from _not_held(plan, case, wording)
    alone = stated_alone(run, case)
    seen = [rebuilt_elsewhere(plan, case) for plan in (*plans, *alone)]
    for name, frame in held_tables(seen, case):
        yield from differing_table(run, name, frame)
    yield from _facts(manifest, case, plans, alone)


def _not_held(plan: RankedPlan, case: Case, wording: Wording) -> Iterator[Problem]:
    """What a plan breaks, or cannot carry out, in another scenario."""
    name = f"{plan.list} {plan.rank}"
    for other in others_of(case):
        found = check_in(other, plan.plan.decisions, plan.plan.scenario, plan.plan.units)
        for refusal in found.refusals:
            why = f"{other.name}: {refusal.where}: {wording.say(refusal.code, **refusal.facts)}"
            yield Problem("decisions.csv", "verify.refused", {"plan": name, "why": why})
        for reading in found.plan.readings:
            if not reading.met:
                facts = {"plan": name, "rule": f"{other.name}: {reading.id}"}
                yield Problem("decisions.csv", "verify.unmet", facts)


def _facts(
    manifest: Mapping[str, Any], case: Case, plans: Sequence[RankedPlan], alone: Sequence[RankedPlan]
) -> Iterator[Problem]:
    whole = manifest.get(HELD)
    stated = whole if isinstance(whole, dict) else {}
    bound = stated.get("alone_bound_mvnd")
    rebuilt = {
        "scenarios": scenarios_document(case),
        "alone_score_mvnd": alone[0].score if alone else None,
        **_extra(case, plans, alone, bound if isinstance(bound, int) else None),
    }
    for key, fact in rebuilt.items():
        if stated.get(key) != fact:
            facts = {"stated": str(stated.get(key)), "rebuilt": str(fact)}
            yield Problem(f"{MANIFEST}: {HELD}.{key}", "verify.fact", facts)
    # A plan that holds everywhere is one of the main scenario alone; under an order a bound is of its last step.
    under = alone if case.scenario.objective.order else [*alone, *plans]
    for plan in under:
        if bound is not None and (not isinstance(bound, int) or bound > plan.score):
            facts = {"plan": f"{plan.list} {plan.rank}", "stated": str(bound), "score": str(plan.score)}
            yield Problem(f"{MANIFEST}: {HELD}.alone_bound_mvnd", "verify.bound", facts)


def _extra(
    case: Case, plans: Sequence[RankedPlan], alone: Sequence[RankedPlan], alone_bound: int | None
) -> dict[str, int | None]:
    """What holding costs, by the scores and bounds that the run states."""
    if not plans or not alone or case.scenario.objective.order:
        return {"extra_at_least_mvnd": None, "extra_at_most_mvnd": None}
    score = min(plan.score for plan in plans)
    bound = max((plan.bound for plan in plans if plan.rank == 1 and plan.bound is not None), default=None)
    return {
        "extra_at_least_mvnd": None if bound is None else max(0, bound - alone[0].score),
        "extra_at_most_mvnd": None if alone_bound is None else max(0, score - alone_bound),
    }
