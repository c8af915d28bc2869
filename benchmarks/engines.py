"""The same province by every way of solving it: our options in four solvers, and an assignment model.

    python -m benchmarks.engines --json engines.json
    python -m benchmarks.engines --groups wider --way options/highs --way assignment/highs --json engines.json

Invented provinces (benchmarks/provinces.py): two stages, all actions, the national rules and the six targets of Bình
Thuận; `--groups wider` lets every block form groups of four among ten neighbours with sites kept or closed, which lists
two to three times as many options. Each run has a process of its own, one thread and the same limits. `prepare` is what
stands before any solver: listing, figures, sifting and rows; it is counted to every way over options, as their users
wait for it. The assignment model (benchmarks/assignment.py) is given that, its own building and its warm start for
nothing. Each way is asked twice: for a plan within 0.01% of a year's State outlay of its bound, and within 1%. Every
plan is decoded into decisions and judged by the project's checker, which knows neither model. A run that is in the JSON
file already is not made again, so the command goes on where it stopped. CPU seconds stand beside those of the clock: on
a busy machine only they compare. About 8 minutes on a calm machine. CBC needs `pip install -e ".[bench]"`.
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import click
import numpy as np
from rich.console import Console

from benchmarks import cbc
from benchmarks.assignment import Assignment, assignment_of, by_configuration, by_host
from benchmarks.provinces import invented, wider
from benchmarks.record import Record, Run, alone, spread, table_of
from models.answer import Answer, Engine, Limits
from models.checker import check
from models.decide import decisions_of
from models.engine import solve
from models.exact import Integers
from models.prepared import Prepared, prepare
from models.program import Rows, row

GAPS = (0.01, 1.0)
GROUPS = ("plain", "wider")
OURS: tuple[Engine, ...] = ("highs", "scip", "cpsat")
MODELS = {"assignment": by_host, "assignment-split": by_configuration}
WAYS = (*(f"options/{name}" for name in (*OURS, "cbc")), *(f"{name}/highs" for name in MODELS))
WARM_JOINERS, WARM_SHARE = 2, 3
"""The warm start of the assignment model: at most two join a host; it may take a third of a run's seconds."""


@click.command(help=__doc__)
@click.option("--units", type=click.IntRange(1), default=700, show_default=True, help="Units of each province.")
@click.option("--seeds", type=click.IntRange(1), default=5, show_default=True, help="Provinces.")
@click.option("--groups", type=click.Choice(GROUPS), default="plain", show_default=True, help="How many options.")
@click.option("--limit", type=float, default=60.0, show_default=True, help="Seconds a run.")
@click.option("--way", "ways", multiple=True, type=click.Choice(WAYS), default=WAYS, help="Only these; may repeat.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(units: int, seeds: int, groups: str, limit: float, ways: Sequence[str], out: Path | None) -> None:
    record = Record("engines", out, ("units", "groups", "seed", "way", "gap_percent", "limit_s"))
    runs = []
    for seed in range(seeds):
        for way in ways:
            for gap in GAPS:
                key = {"units": units, "groups": groups, "seed": seed, "way": way, "gap_percent": gap, "limit_s": limit}
                runs.append(record.made(lambda key=key: alone(measure, **key), **key))  # type: ignore[misc]
    console = Console(width=110)
    console.print(f"{units} units, groups {groups}, {spread([run['options'] for run in runs], ',.0f')} options")
    for gap in GAPS:
        console.print(_table(gap, [run for run in runs if run["gap_percent"] == gap]))


def measure(units: int, groups: str, seed: int, way: str, *, gap_percent: float, limit_s: float) -> Run:
    """One way on one province; seconds by the clock, scores in million VND."""
    plain, table = invented(units, seed)
    scenario = plain if groups == "plain" else wider(plain)
    began, cpu = perf_counter(), process_time()
    problem = prepare(scenario, table)
    size = problem.program.matrix.shape
    prepared = {"prepare_s": perf_counter() - began, "prepare_cpu_s": process_time() - cpu}
    limits = Limits(limit_s, gap=problem.outlay * gap_percent / 100)
    name, _, engine = way.partition("/")
    told = _by_options(problem, engine, limits) if name == "options" else _by_assignment(problem, name, limits)
    counts = {"options": len(problem.columns.paths), "columns": told.shape[1], "rows": told.shape[0]}
    counts |= {"option_columns": size[1], "option_rows": size[0]}
    return {**counts, **prepared, **told.seconds, **_judged(problem, told.plan, told.answer)}


@dataclass(frozen=True, eq=False)
class _Told:
    """An answer, the plan that it means in our columns, the size of the model, and seconds by phase."""

    answer: Answer
    plan: Integers | None
    shape: tuple[int, int]
    seconds: Mapping[str, float]


def _by_options(problem: Prepared, engine: str, limits: Limits) -> _Told:
    if engine == "cbc":
        answer = cbc.solve(problem.program, limits=limits)
        times = os.times()  # CBC is the only child; PuLP's writing of the model is our own time and not counted
        seconds = {"solve_s": answer.seconds, "solve_cpu_s": times.children_user + times.children_system}
    else:
        cpu = process_time()
        answer = solve(problem.program, limits=limits, engine=engine)  # type: ignore[arg-type]
        seconds = {"solve_s": answer.seconds, "solve_cpu_s": process_time() - cpu}
    return _Told(answer, answer.plan, problem.program.matrix.shape, seconds)


def _by_assignment(problem: Prepared, name: str, limits: Limits) -> _Told:
    began = perf_counter()
    model = assignment_of(problem, MODELS[name](problem.columns.paths))
    built = perf_counter() - began
    start = _warm_start(model, limits)
    warmed, cpu = perf_counter() - began - built, process_time()
    answer = solve(model.program, limits=limits, hint=start)
    seconds = {"build_s": built, "warm_s": warmed, "solve_s": answer.seconds, "solve_cpu_s": process_time() - cpu}
    plan = None if answer.plan is None else model.plan_of(answer.plan)
    return _Told(answer, plan, model.program.matrix.shape, seconds | {"warm": float(start is not None)})


def _warm_start(model: Assignment, limits: Limits) -> Integers | None:
    """A first plan: smaller mergers only, within a third of the limit; None where there is none."""
    singles = len(model.singles)
    wide = np.zeros(model.program.choices, dtype=bool)
    for place, block in enumerate(model.blocks):
        y = int(model.first_y[place])
        for number in range(block.ys):
            wide[y + number] = block.taking[block.configuration == number].sum(axis=1).max() > WARM_JOINERS
    upper = np.flatnonzero(wide[singles:]) + singles
    closed = model.program.with_rows([_none_of(upper, model.program.columns)])
    found = solve(closed, limits=replace(limits, time_s=limits.time_s / WARM_SHARE))
    return found.plan


def _none_of(columns: Integers, width: int) -> Rows:
    marks = np.zeros(width, dtype=np.int64)
    marks[columns] = 1
    return row("warm", marks, at_most=0)


def _judged(problem: Prepared, plan: Integers | None, answer: Answer) -> Run:
    """What the solver says and what the checker finds: its own score, steps it refuses, targets that are not met."""
    told: dict[str, Any] = {
        "status": answer.status, "ended_by": answer.ended_by, "score": answer.score, "bound": answer.bound,
        "outlay_mvnd": problem.outlay, "version": answer.version, "checked_score": None, "passed": None,
    }  # fmt: skip
    if answer.score is not None and answer.bound is not None:
        told["reached_percent"] = 100 * (answer.score - answer.bound) / problem.outlay
    if plan is not None:
        tidy = problem.columns.tidy(plan)
        found = check(problem.scenario, problem.units, decisions_of(problem.columns, tidy))
        told |= {"checked_score": found.plan.score, "passed": found.passed}
        told["same_score"] = found.plan.score == problem.program.score(tidy)
    return told


def _table(gap: float, runs: Sequence[Run]) -> Any:
    ways = list(dict.fromkeys(run["way"] for run in runs))
    base = {run["seed"]: _whole(run, "cpu_s") for run in runs if run["way"] == WAYS[0]}
    rows = []
    for way in ways:
        mine = [run for run in runs if run["way"] == way]
        ratios = [_whole(run, "cpu_s") / base[run["seed"]] for run in mine if run["seed"] in base]
        inside = sum(1 for run in mine if run["ended_by"] in ("gap", "proof"))
        passed = sum(1 for run in mine if run["passed"] and run["same_score"])
        rows.append((
            way, f"{mine[0]['columns']:,}", f"{mine[0]['rows']:,}", spread([_whole(run, "s") for run in mine]),
            spread([_whole(run, "cpu_s") for run in mine]), spread(ratios, ".2f"), f"{inside}/{len(mine)}",
            f"{passed}/{len(mine)}",
        ))  # fmt: skip
    names = ("way", "columns", "rows", "clock s", "CPU s", "CPU, times the first", "in time", "plans pass")
    count = len({run["seed"] for run in runs})
    return table_of(f"To {gap}% of a year's State outlay: medians (least–most), provinces: {count}", names, rows)


def _whole(run: Run, kind: str) -> float:
    """Seconds that count: listing and building belong to options, the assignment model gets them for nothing."""
    before = run[f"prepare_{kind}"] if run["way"].startswith("options/") else 0.0
    return float(run[f"solve_{kind}"] + before)


if __name__ == "__main__":
    main()
