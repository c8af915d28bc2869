"""Solving a case: the worker, its limits and progress, the ranking, and the pictures of a run."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from models.answer import Answer, Engine, Limits
from models.conflict import Conflict, Reach, confirmed, conflict, reaches
from models.exact import Integers
from models.program import Program
from models.search import Problem, RankedPlan, Ranking, prepare, rank
from planner.run_folder import RunFolder, Timing, manifest_of, run_name, write_inputs, write_tables
from planner.scenario_file import Case
from planner.solver import Solver
from planner.tables import decimal, decisions_table, ranking_table, readings_table, successors_table
from planner.wording import Wording

Progress = Callable[[int | None, int | None], None]
LEAST_SECONDS = 1.0


@dataclass
class Clock:
    """One deadline for a whole search: every solve may use its share of what is left."""

    limit: float
    began: float = field(default_factory=time.monotonic)

    @property
    def left(self) -> float:
        return max(0.0, self.limit - (time.monotonic() - self.began))


@dataclass(frozen=True, eq=False)
class Impossible:
    """Why there is no plan: what each target can reach alone, and the targets that cannot stand together."""

    problem: Problem
    conflict: Conflict
    reaches: tuple[Reach, ...]
    engine: str
    confirmed: bool


@dataclass(frozen=True, eq=False)
class Result:
    """What a search found, with its tables as data frames; `impossible` where it is proved that there is no plan."""

    case: Case
    ranking: Ranking
    impossible: Impossible | None
    seconds: dict[str, float]

    @property
    def plans(self) -> tuple[RankedPlan, ...]:
        return self.ranking.plans

    @cached_property
    def table(self) -> pd.DataFrame:
        return ranking_table(self.ranking)

    @cached_property
    def decisions(self) -> pd.DataFrame:
        return decisions_table(self.plans)

    @cached_property
    def successors(self) -> pd.DataFrame:
        return successors_table(self.plans)

    @cached_property
    def readings(self) -> pd.DataFrame:
        return readings_table(self.plans)

    @property
    def interrupted(self) -> bool:
        return "interrupted" in self.ranking.stops.values()


class Searching:
    """Solves the programs of one case in a worker, on one clock."""

    def __init__(self, case: Case, solver: Solver, on_progress: Progress | None = None) -> None:
        search = case.scenario.search
        self.engine: Engine = "highs" if search.engine == "auto" else search.engine
        self.solver, self.clock, self.seed = solver, Clock(float(search.time_limit_s)), search.seed
        self.on_progress = on_progress or (lambda _score, _bound: None)

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        return self.by(self.engine, program, hint=hint, gap=gap, share=share)

    def by(self, engine: Engine, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer:
        limits = Limits(time_s=max(LEAST_SECONDS, self.clock.left * float(share)), gap=gap)
        return self.solver.solve(
            program,
            limits=limits,
            engine=engine,
            hint=hint,
            seed=self.seed,
            on_progress=lambda score, bound, _: self.on_progress(score, bound),
        )


def solve_case(
    case: Case, on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None
) -> Result:
    """Ranked plans of a case; where there is none, why. Ctrl-C keeps what was found."""
    began = time.monotonic()
    problem = prepare(case.scenario, case.units)
    listed = time.monotonic()
    with Solver() as solver:
        searching = Searching(case, solver, on_progress)
        ranking = rank(problem, searching, on_plan)
        impossible = None
        if not ranking.plans and "infeasible" in ranking.stops.values():
            impossible = _why(problem, searching)
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return Result(case, ranking, impossible, seconds)


def _why(problem: Problem, searching: Searching) -> Impossible:
    """The conflict behind a proved "impossible", asked of a second engine as well."""
    found = conflict(problem, searching)
    program = problem.program_of(found.rules)
    second: Engine = "scip" if searching.engine == "highs" else "highs"
    answers = [
        searching.by(engine, program, hint=None, gap=0.0, share=Fraction(1, 4)) for engine in (searching.engine, second)
    ]
    return Impossible(problem, found, reaches(problem, searching), searching.engine, confirmed(answers))


def write_run(
    result: Result, final: Path | None, wording: Wording, on_drawn: Callable[[str], None] | None = None
) -> Path:
    """Write the run folder of a result: inputs, tables, pictures, and the manifest last."""
    from planner.pictures import draw_plans

    case, began = result.case, time.monotonic()
    with RunFolder(final or Path("runs") / run_name(case)) as folder:
        write_inputs(folder, case)
        write_tables(folder, result.ranking)
        written = time.monotonic()
        draw_plans(folder, result, wording, on_drawn)
        seconds = result.seconds | {"write": written - began, "draw": time.monotonic() - written}
        if result.impossible is not None:
            text = json.dumps(conflict_document(result.impossible), ensure_ascii=False, indent=2)
            folder.write_text("conflict.json", text + "\n")
        status = _status(result)
        return folder.finish(manifest_of(case, result.ranking, status, Timing(seconds)))


def _status(result: Result) -> str:
    if result.impossible is not None:
        return "infeasible"
    if result.interrupted:
        return "interrupted"
    return "limit" if "limit" in result.ranking.stops.values() else "done"


def conflict_document(found: Impossible) -> dict[str, Any]:
    """The conflict and the reach of each target as data."""
    return {
        "status": "infeasible",
        "confirmed": found.confirmed,
        "engine": found.engine,
        "conflict": [
            {"id": rule.id, "rule": rule.rule, "name": rule.name, "tier": rule.tier, "source": rule.source}
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
