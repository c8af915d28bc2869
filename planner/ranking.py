"""Solving a case and writing what was found: ranked plans, or why there is none, as a run folder."""

import json
import time
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.answer import Answer, Engine
from models.conflict import confirmed, conflict, reaches
from models.exact import Integers
from models.program import Program
from models.rules import PinKept, Rule
from models.search import Problem as Prepared
from models.search import RankedPlan, rank
from planner.interruption import Interruption
from planner.result import Impossible, Result
from planner.run_folder import CannotWrite, Ended, RunFolder, manifest_of, run_name, write_inputs, write_tables
from planner.scenario_file import Case
from planner.searching import Progress, Searching, ready
from planner.short_sight_tables import short_sight_document
from planner.solver import Solver
from planner.tables import decimal
from planner.wording import Wording


def solve_case(
    case: Case, on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None
) -> Result:
    """Ranked plans of a case; where there is none, why. Ctrl-C and SIGTERM keep what was found."""
    began = time.monotonic()
    problem = ready(case)
    listed = time.monotonic()
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop, on_progress)
        ranking = rank(problem, searching, on_plan)
        impossible = None
        if not ranking.plans and "infeasible" in ranking.stops.values():
            impossible = why_none(problem, searching)
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return Result(case, ranking, impossible, seconds, stop.asked, searching.worker_died)


def why_none(problem: Prepared, searching: Searching) -> Impossible:
    """The conflict behind a proved "impossible", asked of a second engine as well."""
    searching.explaining = True
    solve = _Heard(searching)
    found = conflict(problem, solve)
    program = problem.program_of([rule for rule in found.rules if not rule.structural])
    second: Engine = "scip" if searching.engine == "highs" else "highs"
    answers = [
        solve.by(engine, program, hint=None, gap=0.0, share=Fraction(1, 4)) for engine in (searching.engine, second)
    ]
    reached = reaches(problem, solve)
    return Impossible(problem, found, reached, searching.engine, confirmed(answers), solve.repeatable)


class _Heard:
    """A search that remembers whether every answer is one that comes again."""

    def __init__(self, searching: Searching) -> None:
        self.searching, self.repeatable = searching, True

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return self.by(self.searching.engine, program, hint=hint, gap=gap, share=share)

    def by(self, engine: Engine, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        answer = self.searching.by(engine, program, hint=hint, gap=gap, share=share)
        self.repeatable &= answer.repeatable
        return answer


def write_run(
    result: Result,
    final: Path | None,
    wording: Wording,
    on_drawn: Callable[[str], None] | None = None,
    *,
    stop: Interruption | None = None,
) -> Path:
    """Write the run folder of a result: inputs, tables, pictures, the manifest, and then the report over them all.

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
            if result.impossible is not None:
                text = json.dumps(conflict_document(result.impossible), ensure_ascii=False, indent=2)
                folder.write_text("conflict.json", text + "\n")
            written = time.monotonic()
            draw_plans(folder, result, wording, on_drawn, stop=stop)
            seconds = result.seconds | {"write": written - began, "draw": time.monotonic() - written}
            ended = Ended(status_of(result, stopped=stop.asked), repeatable(result, stopped=stop.asked), seconds)
            done = folder.finish(manifest_of(case, result.ranking, ended) | _short_sight(result))
            if not stop.asked:
                write_report(done, wording)
            return done
    except OSError as error:
        raise CannotWrite(target, error) from error


def _short_sight(result: Result) -> dict[str, Any]:
    """What the manifest of a myopic run says besides."""
    if result.short_sight is None:
        return {}
    best = f"among the options listed that keep what was decided for {result.short_sight.year}"
    return {"best_means": best, "short_sight": short_sight_document(result.short_sight)}


def status_of(result: Result, *, stopped: bool = False) -> str:
    """How a run ended, in one word of its manifest."""
    if result.impossible is not None:
        return "infeasible"
    if result.interrupted or stopped:
        return "interrupted"
    return "limit" if result.ranking.by_clock or "limit" in result.ranking.stops.values() else "done"


def repeatable(result: Result, *, stopped: bool = False) -> bool:
    """Whether the same run on the same machine ends the same: no answer that counted was cut off, nobody stopped it."""
    explained = result.impossible is None or result.impossible.repeatable
    seen = result.short_sight is None or result.short_sight.repeatable
    return result.ranking.repeatable and explained and seen and not result.interrupted and not stopped


def conflict_document(found: Impossible) -> dict[str, Any]:
    """The conflict and the reach of each target as data."""
    return {
        "confirmed": found.confirmed,
        "engine": found.engine,
        "conflict": [
            {
                "id": rule.id, "rule": rule.rule, "name": name_of(rule), "tier": rule.tier, "source": rule.source,
                "certainty": rule.certainty,
            }
            for rule in found.conflict.rules
        ],
        "minimal": found.conflict.minimal,
        "reach": [
            {
                "id": reach.rule.id, "wanted": decimal(reach.wanted), "reached": decimal(reach.reached),
                "numerator": reach.numerator, "denominator": reach.denominator, "proved": reach.proved,
            }
            for reach in found.reaches
        ],
    }  # fmt: skip


def name_of(rule: Rule) -> str:
    """What a planner calls a demand: its name, and for a pin what it says."""
    if not isinstance(rule, PinKept):
        return rule.name
    stated = rule.pin.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return ", ".join(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in stated.items())
