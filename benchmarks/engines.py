"""The same province by every way of solving it: our options in four solvers, and the best assignment model we can build.

    python -m benchmarks.engines --json engines.json
    python -m benchmarks.engines --units 700 --seeds 5 --limit 60 --way options/highs --way assignment/highs

Invented provinces (benchmarks/provinces.py): two stages, all actions, the national rules and the six targets of Bình
Thuận. Each run has a process of its own, one thread and the same limits. `prepare` is what stands before any solver:
listing, figures, sifting and rows; it is counted to every way over options, as their users wait for it. The assignment
model (benchmarks/assignment.py) is given that, its own building and its warm start for nothing. Each way is asked
twice: for a plan within 0.01% of a year's State outlay of its bound, and within 1%. Every plan is decoded into
decisions and judged by the project's checker, which knows neither model. A run that is in the JSON file already is not
made again, so the command goes on where it stopped. About 8 minutes on a calm machine.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter
from typing import Any

import click
import numpy as np
from rich.console import Console

from benchmarks import cbc
from benchmarks.assignment import Assignment, assignment_of, by_configuration, by_host
from benchmarks.provinces import invented
from benchmarks.record import Record, Run, alone, spread, table_of
from models.answer import Answer, Engine, Limits
from models.checker import check
from models.decide import decisions_of
from models.engine import solve
from models.exact import Integers
from models.program import Program
from models.search import Problem, prepare

GAPS = (0.01, 1.0)
OURS: tuple[Engine, ...] = ("highs", "scip", "cpsat")
MODELS = {"assignment": by_host, "assignment-split": by_configuration}
WAYS = (*(f"options/{name}" for name in (*OURS, "cbc")), *(f"{name}/highs" for name in MODELS))
WARM_SHARE = 10
"""The warm start of the assignment model may take so many seconds less than a run: a tenth of them."""


@click.command(help=__doc__)
@click.option("--units", type=click.IntRange(1), default=700, show_default=True, help="Units of each province.")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Provinces.")
@click.option(
    "--limit", type=click.FloatRange(0, min_open=True), default=60.0, show_default=True, help="Seconds a run."
)
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS), default=WAYS, help="Only these; may repeat.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(units: int, seeds: int, limit: float, ways: Sequence[str], out: Path | None) -> None:
    record = Record("engines", out, ("units", "seed", "way", "gap_percent", "limit_s"))
    runs = []
    for seed in range(seeds):
        for way in ways:
            for gap in GAPS:
                key = {"units": units, "seed": seed, "way": way, "gap_percent": gap, "limit_s": limit}
                runs.append(record.made(lambda key=key: alone(measure, **key), **key))  # type: ignore[misc]
    console = Console(width=110)
    for gap in GAPS:
        console.print(_table(gap, [run for run in runs if run["gap_percent"] == gap]))


def measure(units: int, seed: int, way: str, gap_percent: float, limit_s: float) -> Run:
    """One way on one province; seconds by the clock, scores in million VND."""
    scenario, table = invented(units, seed)
    began = perf_counter()
    problem = prepare(scenario, table)
    size = problem.program.matrix.shape
    prepared = perf_counter() - began
    limits = Limits(limit_s, gap=problem.outlay * gap_percent / 100)
    name, _, engine = way.partition("/")
    told = _by_options(problem, engine, limits) if name == "options" else _by_assignment(problem, name, limits)
    counts = {"options": len(problem.columns.paths), "columns": told.shape[1], "rows": told.shape[0]}
    counts |= {"option_columns": size[1], "option_rows": size[0]}
    return {**counts, "prepare_s": prepared, **told.seconds, **_judged(problem, told.plan, told.answer)}


@dataclass(frozen=True, eq=False)
class _Told:
    """An answer, the plan that it means in our columns, the size of the model, and seconds by phase."""

    answer: Answer
    plan: Integers | None
    shape: tuple[int, int]
    seconds: Mapping[str, float]


def _by_options(problem: Problem, engine: str, limits: Limits) -> _Told:
    solver: Callable[[Program], Answer] = lambda program: cbc.solve(program, limits=limits)  # noqa: E731
    if engine != "cbc":
        solver = lambda program: solve(program, limits=limits, engine=engine)  # type: ignore[arg-type]  # noqa: E731
    answer = solver(problem.program)
    return _Told(answer, answer.plan, problem.program.matrix.shape, {"solve_s": answer.seconds})


def _by_assignment(problem: Problem, name: str, limits: Limits) -> _Told:
    began = perf_counter()
    model = assignment_of(problem, MODELS[name](problem.columns.paths))
    built = perf_counter() - began
    start, warmed = _warm_start(model, limits), 0.0
    warmed = perf_counter() - began - built
    answer = solve(model.program, limits=limits, hint=start)
    seconds = {"build_s": built, "warm_s": warmed, "solve_s": answer.seconds}
    plan = None if answer.plan is None else model.plan_of(answer.plan)
    return _Told(answer, plan, model.program.matrix.shape, seconds)


def _warm_start(model: Assignment, limits: Limits) -> Integers | None:
    """A first plan: two units at most in a merger (nothing has to be multiplied there), within a tenth of the limit."""
    singles = len(model.singles)
    wide = np.zeros(model.program.choices, dtype=bool)
    for place, block in enumerate(model.blocks):
        y = int(model.first_y[place])
        for number in range(block.ys):
            wide[y + number] = block.taking[block.configuration == number].sum(axis=1).max() > 1
    upper = np.flatnonzero(wide[singles:]) + singles
    closed = model.program.with_rows([_none_of(upper, model.program.columns)])
    found = solve(closed, limits=replace(limits, time_s=limits.time_s / WARM_SHARE))
    return found.plan


def _none_of(columns: Integers, width: int) -> Any:
    from models.program import row

    marks = np.zeros(width, dtype=np.int64)
    marks[columns] = 1
    return row("warm", marks, at_most=0)


def _judged(problem: Problem, plan: Integers | None, answer: Answer) -> Run:
    """What the solver says and what the checker finds: its own score, steps it refuses, targets that are not met."""
    told: dict[str, Any] = {
        "status": answer.status, "ended_by": answer.ended_by, "score": answer.score, "bound": answer.bound,
        "outlay_mvnd": problem.outlay, "version": answer.version, "checked_score": None, "passed": None,
    }  # fmt: skip
    if answer.score is not None and answer.bound is not None:
        told["reached_percent"] = 100 * (answer.score - answer.bound) / problem.outlay
    if plan is not None:
        found = check(problem.scenario, problem.units, decisions_of(problem.columns, plan))
        told |= {"checked_score": found.plan.score, "passed": found.passed}
        told["same_score"] = found.plan.score == answer.score
    return told


def _table(gap: float, runs: Sequence[Run]) -> Any:
    ways = list(dict.fromkeys(run["way"] for run in runs))
    base = {run["seed"]: _whole(run) for run in runs if run["way"] == WAYS[0]}
    rows = []
    for way in ways:
        mine = [run for run in runs if run["way"] == way]
        ratios = [_whole(run) / base[run["seed"]] for run in mine if run["seed"] in base]
        inside = sum(1 for run in mine if run["ended_by"] in ("gap", "proof"))
        passed = sum(1 for run in mine if run["passed"])
        rows.append((
            way, f"{mine[0]['columns']:,}", f"{mine[0]['rows']:,}", spread([_whole(run) for run in mine]),
            spread(ratios, ".2f"), f"{inside}/{len(mine)}", f"{passed}/{len(mine)}",
            spread([run["reached_percent"] for run in mine if "reached_percent" in run], ".4f"),
        ))  # fmt: skip
    names = ("way", "columns", "rows", "seconds", "times the first", "in time", "plans that pass", "gap % reached")
    return table_of(f"To {gap}% of a year's State outlay: medians (least–most) of {len(base) or len(runs)} provinces",
                    names, rows)  # fmt: skip


def _whole(run: Run) -> float:
    """Seconds that count: listing and building belong to options, the assignment model gets them for nothing."""
    return float(run["solve_s"] + (run["prepare_s"] if run["way"].startswith("options/") else 0.0))


if __name__ == "__main__":
    main()
