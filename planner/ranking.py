"""Solving a case and writing what was found: ranked plans, or why there is none, as a run folder."""

import json
import time
from collections.abc import Callable
from dataclasses import replace
from math import ceil
from pathlib import Path
from typing import Any

from models.priced import PricedIn
from models.ranked import RankedPlan, Ranking
from models.search import rank
from planner.certificates import FILE as CERTIFICATE
from planner.certificates import Proof, bound_of_first, bound_proof, bound_proof_by_blocks, bound_proof_by_stream
from planner.conflict_tables import conflict_tables, impossible_document
from planner.drafts.changes import CHANGES, DRAFT, changes_table, draft_table, near_document
from planner.held_document import blocked_document, holding_document
from planner.held_tables import best_alone, held_texts
from planner.holding import rank_held
from planner.interruption import Interruption
from planner.pricing import OPTIONS_KEPT, priced_listing, pricing_document, stream_of
from planner.result import Impossible, Result
from planner.rule_names import name_of as name_of
from planner.run_folder import CannotWrite, Ended, RunFolder, manifest_of, run_name, write_inputs, write_tables
from planner.scenario_file import Case
from planner.search_facts import best_means
from planner.searching import Progress, Searching, ready
from planner.short_sight_tables import short_sight_document
from planner.solver import Solver
from planner.tables import table_text
from planner.why_none import why_none
from planner.wording import Wording


def solve_case(
    case: Case, on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None
) -> Result:
    """Ranked plans of a case; where there is none, why. Ctrl-C and SIGTERM keep what was found."""
    if case.others:
        return rank_held(case, proof_of_bound, on_plan, on_progress)
    began = time.monotonic()
    stream = stream_of(case)
    problem = ready(case) if stream is None else None
    with Solver() as solver, Interruption() as stop:
        searching, priced = Searching(case, solver, stop, on_progress), None
        if problem is None:
            assert stream is not None
            priced = priced_listing(case, stream, searching, stop)
            problem = priced.problem
        listed = time.monotonic()
        ranking = rank(problem, searching, on_plan)
        impossible = None
        if not ranking.plans and "infeasible" in ranking.stops.values():
            impossible = why_none(problem, searching)
            if priced is not None:
                impossible = replace(impossible, proof=None, among=OPTIONS_KEPT)  # a proof would speak of these alone
        proof = proof_of_bound(ranking, searching, priced) if ranking.plans else None
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return Result(case, ranking, impossible, seconds, stop.asked, searching.worker_died, proof=proof, priced=priced)


def proof_of_bound(ranking: Ranking, searching: Searching, priced: PricedIn | None = None) -> Proof | None:
    """The proof of a lower bound, over all options priced, or block by block where the plans were found so."""
    if priced is not None:
        return bound_proof_by_stream(priced)
    if ranking.engine != "decompose":
        return bound_proof(ranking.problem, searching.relax)
    problem = ranking.problem
    relaxed = searching.price(problem.program, problem.gap)
    enough = ceil(ranking.best_score - problem.gap)
    return bound_proof_by_blocks(problem, relaxed, searching.relax, seconds=searching.clock.left, enough=enough)


def write_run(
    result: Result,
    final: Path | None,
    wording: Wording,
    on_drawn: Callable[[str], None] | None = None,
    *,
    stop: Interruption | None = None,
    pictures: str = "first",
) -> Path:
    """Write the run folder of a result: inputs, tables, pictures, the manifest, and then the report over them all.

    pictures: of the "first" plan of each list, of "all" or of "none"; `draw_run` draws the others when they are wanted.
    The first Ctrl-C or SIGTERM leaves out what pictures are not drawn yet and the report; a second one leaves nothing.
    Errors: CannotWrite.
    """
    from planner.pictures import draw_plans
    from planner.report.page import write_report

    case, began = result.case, time.monotonic()
    target = final or Path("runs") / run_name(case)
    try:
        with stop or Interruption() as stop, RunFolder(target) as folder:
            write_inputs(folder, case)
            write_tables(folder, result.ranking)
            _write_near(folder, result)
            _write_held(folder, result)
            if result.impossible is not None:
                write_conflict(folder, result.impossible)
            if (proof := proof_of(result)) is not None:
                folder.write_text(CERTIFICATE, proof.text)
            written = time.monotonic()
            last = {"none": 0, "first": 1, "all": len(result.plans)}[pictures]
            plans = [plan for plan in result.plans if plan.rank <= last]
            draw_plans(folder, result, wording, on_drawn, plans=plans, stop=stop)
            seconds = result.seconds | {"write": written - began, "draw": time.monotonic() - written}
            ended = Ended(status_of(result, stopped=stop.asked), repeatable(result, stopped=stop.asked), seconds)
            done = folder.finish(manifest_of(case, result.ranking, ended) | _told_besides(result))
            if not stop.asked:
                write_report(done, wording)
            return done
    except OSError as error:
        raise CannotWrite(target, error) from error


def write_conflict(folder: RunFolder, found: Impossible) -> None:
    """Why there is no plan, as one document and as tables."""
    text = json.dumps(impossible_document(found), ensure_ascii=False, indent=2)
    folder.write_text("conflict.json", text + "\n")
    for name, frame in conflict_tables(found.why):
        folder.write_text(name, "\ufeff" + table_text(frame))


def proof_of(result: Result) -> Proof | None:
    """The proof that goes into the run folder; none under decisions fixed before, which `verify` cannot rebuild."""
    if result.short_sight is not None:
        return None
    return result.proof if result.impossible is None else result.impossible.proof


def _certified(result: Result) -> dict[str, Any]:
    """What the manifest says of the certificate, beside what the solver said."""
    proof = proof_of(result)
    if proof is None:
        return {}
    return {"certificate": proof.facts, "bound_by_solver_mvnd": bound_of_first(result.plans)}


def _short_sight(result: Result) -> dict[str, Any]:
    """What the manifest of a myopic run says besides."""
    if result.short_sight is None:
        return {}
    return {"short_sight": short_sight_document(result.short_sight)}


def _write_near(folder: RunFolder, result: Result) -> None:
    """The draft that plans lie near, and what they change in it."""
    if result.near is None:
        return
    draft = result.near.draft
    tables = {
        DRAFT: draft_table(draft),
        CHANGES: changes_table(draft, result.plans),
    }
    for name, frame in tables.items():
        folder.write_text(name, "\ufeff" + table_text(frame))


def _write_held(folder: RunFolder, result: Result) -> None:
    """How plans fare in the other scenarios, or what is in the way of one that holds in all."""
    for name, text in held_texts([*result.plans, *best_alone(result.holding)], result.case):
        folder.write_text(name, text)
    if result.in_the_way is not None:
        whole = json.dumps(blocked_document(result.in_the_way), ensure_ascii=False, indent=2)
        folder.write_text("conflict.json", whole + "\n")


def _told_besides(result: Result) -> dict[str, Any]:
    """What the manifest says of some runs only."""
    told = _certified(result) | _short_sight(result) | _near(result) | _priced(result) | holding_document(result)
    return told | {"best_means": best_means(told)}


def _near(result: Result) -> dict[str, Any]:
    """What the manifest of a run near a draft says besides."""
    if result.near is None:
        return {}
    return {"near": near_document(result.near, result.plans)}


def _priced(result: Result) -> dict[str, Any]:
    """What the manifest of a run says besides whose options were too many to be listed."""
    if result.priced is None:
        return {}
    return {"priced_in": pricing_document(result.priced)}


def status_of(result: Result, *, stopped: bool = False) -> str:
    """How a run ended, in one word of its manifest."""
    if result.impossible is not None or result.in_the_way is not None:
        return "infeasible"
    if result.interrupted or stopped:
        return "interrupted"
    if result.priced is not None and not result.priced.complete:
        return "limit"
    if result.ranking.by_clock or "limit" in result.ranking.stops.values() or _unproved_in_time(result):
        return "limit"
    return "done"


def _unproved_in_time(result: Result) -> bool:
    """Whether plans lack the proof that every search that came to its end writes beside them."""
    kept = result.near is not None or result.short_sight is not None
    return bool(result.plans) and result.proof is None and not kept


def repeatable(result: Result, *, stopped: bool = False) -> bool:
    """Whether the same run on the same machine ends the same: no answer that counted was cut off, nobody stopped it."""
    blocked = result.impossible or result.in_the_way
    explained = blocked is None or blocked.repeatable
    explained &= result.holding is None or result.holding.alone.repeatable
    seen = result.short_sight is None or result.short_sight.repeatable
    priced = result.priced is None or result.priced.complete
    return result.ranking.repeatable and explained and seen and priced and not result.interrupted and not stopped
