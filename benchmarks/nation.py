"""A nation solved part by part: its gap, seconds of every phase, memory of all processes; and what that gains.

    python -m benchmarks.nation pooled --units 46000 --workers 2 --json nation.json
    python -m benchmarks.nation provinces --units 46000 --workers 2
    python -m benchmarks.nation against --units 2800 --seeds 5
    python -m benchmarks.nation passes --units 10000 --units 20000 --units 46000

`pooled`: all units under four rows. `provinces`: every province under all rules of the scenario of Bình Thuận and of
the national rule set, and three sums of the nation besides. Both solve in worker processes as `psu-planner solve` does,
write the proof of the bound and let the checker rebuild the plan. `against`: the same program by its blocks and in one
piece, to the same gap, by a solver process that runs already. `passes`: the processor seconds of one pass over the
parts, and the exponent by which they grow. Units are invented (benchmarks/nations.py). Seconds of the clock on a busy
machine are too long; CPU seconds are those of all processes together.
"""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from time import monotonic, process_time
from typing import Any, TypeVar

import click
import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.sparse import csr_array

from benchmarks.machine import surroundings, write_json
from benchmarks.nations import by_province, pooled
from benchmarks.process_tree import ProcessTree
from benchmarks.provinces import invented
from models.answer import Answer, Limits
from models.checker import check
from models.decide import decisions_of
from models.decompose import Prices
from models.engine import Means
from models.in_one_piece import one_by_one
from models.parts import parts_of
from models.passes import Passes
from models.prepared import Prepared, prepare
from models.program import Cover, Program
from planner.solver import Solver

NATIONS = {"pooled": pooled, "provinces": by_province}
Run = dict[str, Any]
Result = TypeVar("Result")


@click.group(help=__doc__)
def main() -> None:
    pass


units_option = click.option("--units", "sizes", type=int, multiple=True, help="Size; may repeat.")
seeds_option = click.option("--seeds", type=click.IntRange(1), default=1, show_default=True, help="Nations of a size.")
first_option = click.option("--first-seed", type=int, default=0, show_default=True)
json_option = click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
gap_option = click.option("--gap-percent", type=float, help="Of a year's State outlay.")
limit_option = click.option("--time-limit", type=float, default=540.0, show_default=True, help="Seconds of one solve.")
checker_option = click.option("--checker/--no-checker", default=True, help="Rebuild the plan (5 ms a unit).")
workers_option = click.option("--workers", type=click.IntRange(1), default=2, show_default=True)


def _nation(kind: str) -> None:
    @main.command(kind, help=f"A nation, {kind}: see above.")
    @units_option
    @seeds_option
    @first_option
    @gap_option
    @limit_option
    @workers_option
    @checker_option
    @json_option
    def command(sizes: Sequence[int], seeds: int, out: Path | None, checker: bool, **asked: Any) -> None:
        limits = (asked["gap_percent"] or 0.1, asked["time_limit"], asked["workers"])
        judge = _passed if checker else _unseen
        drawn = range(asked["first_seed"], asked["first_seed"] + seeds)
        runs = [nation(kind, size, seed, limits, judge) for size in sizes or (46_000,) for seed in drawn]
        _tell(f"A nation, {kind}", runs, out)


for _kind in NATIONS:
    _nation(_kind)


def nation(kind: str, size: int, seed: int, asked: tuple[float, float, int], judge: "Judge") -> Run:
    """One nation from the table of units to a checked plan with a proof; asked: gap in percent, seconds, workers."""
    gap_percent, time_s, workers = asked
    scenario, units = NATIONS[kind](size, seed)
    seconds: dict[str, float] = {}

    def timed(phase: str, work: Callable[[], Result]) -> Result:
        began = monotonic()
        result = work()
        seconds[phase] = round(monotonic() - began, 1)
        click.echo(f"{kind} {size:,}: {phase} {seconds[phase]} s", err=True)
        return result

    with ProcessTree() as tree, Solver() as solver:
        problem = timed("list", lambda: prepare(scenario, units))
        program = timed("rows", lambda: problem.program)
        gap = gap_percent * problem.outlay / 100
        limits = Limits(time_s, gap)
        answer = timed("solve", lambda: solver.solve(program, limits=limits, engine="decompose", workers=workers))
        click.echo(f"{_told(answer, problem.outlay)} {_where(tree)}", err=True)
        relaxed = timed("price", lambda: solver.price(program, time_s=time_s, gap=gap, workers=workers))
        proved = timed("prove", lambda: float(Prices(program, relaxed).bound)) if relaxed.status == "optimal" else None
        passed = timed("check", lambda: judge(problem, answer))
    facts = {"kind": kind, "units": size, "seed": seed, "workers": workers, "columns": program.columns}
    facts |= {"options": program.choices, "rows": int(program.matrix.shape[0]), "gap_asked_percent": gap_percent}
    certified = None if proved is None or answer.score is None else 100 * (answer.score - proved) / problem.outlay
    facts |= _told(answer, problem.outlay) | {"certified_gap_percent": certified, "checked": passed}
    cpu = sorted((round(spent, 1) for spent in tree.cpu_s.values()), reverse=True)
    return facts | {"clock_s": seconds, "cpu_s": round(sum(cpu), 1), "cpu_s_by_process": cpu} | _where(tree)


def _where(tree: ProcessTree) -> Run:
    load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
    return {"peak_mib": tree.peak_mib, "load_at_end": None if load is None else round(load, 1)}


def _passed(problem: Prepared, answer: Answer) -> bool:
    """Whether the checker rebuilds the plan with the same score and finds every rule held."""
    if answer.plan is None:
        return False
    found = check(problem.scenario, problem.units, decisions_of(problem.columns, problem.columns.tidy(answer.plan)))
    return found.passed and found.plan.score == problem.program.score(problem.columns.tidy(answer.plan))


def _unseen(problem: Prepared, answer: Answer) -> None:
    """The checker was not asked."""


Judge = Callable[[Prepared, Answer], bool | None]


def _told(answer: Answer, outlay: int) -> Run:
    gap = None if answer.gap is None else 100 * answer.gap / outlay
    told = {"status": answer.status, "score": answer.score, "bound": answer.bound, "gap_percent": gap}
    return told | {"ended_by": answer.ended_by, "repeatable": answer.repeatable}


@main.command(help="The same program by its blocks and in one piece.")
@units_option
@seeds_option
@first_option
@gap_option
@limit_option
@json_option
def against(sizes: Sequence[int], seeds: int, first_seed: int, out: Path | None, **asked: Any) -> None:
    limits = (asked["gap_percent"] or 0.01, asked["time_limit"])
    drawn = range(first_seed, first_seed + seeds)
    runs = [_by(engine, size, seed, limits) for size in sizes or (2_800,) for seed in drawn for engine in ENGINES]
    _tell("By blocks and in one piece", runs, out)


ENGINES = ("decompose", "highs")
_NEXT_TO_NOTHING = Program(Cover(csr_array((1, 1), dtype=np.int64), np.zeros(1, dtype=bool)), (), np.ones(1, np.int64))


def _by(engine: str, size: int, seed: int, asked: tuple[float, float]) -> Run:
    gap_percent, time_s = asked
    scenario, units = invented(size, seed)
    problem = prepare(scenario, units)
    limits = Limits(time_s, gap_percent * problem.outlay / 100)
    with ProcessTree() as tree, Solver() as solver:
        solver.relax(_NEXT_TO_NOTHING, time_s=60)  # the process has started once it answers
        start, began = tree.spent_s(), monotonic()
        answer = solver.solve(problem.program, limits=limits, engine=engine)  # type: ignore[arg-type]
        seconds, spent = round(monotonic() - began, 1), tree.spent_s() - start
    facts = {"engine": engine, "units": size, "seed": seed, "gap_asked_percent": gap_percent}
    cpu = {"cpu_s": round(spent, 2), "start_cpu_s": round(start, 2)}
    return facts | _told(answer, problem.outlay) | {"clock_s": {"solve": seconds}} | cpu | _where(tree)


@main.command(help="What one pass over the parts costs, by size.")
@units_option
@seeds_option
@first_option
@json_option
def passes(sizes: Sequence[int], seeds: int, first_seed: int, out: Path | None) -> None:
    drawn = range(first_seed, first_seed + seeds)
    runs = [_pass(size, seed) for size in sizes or (10_000, 20_000, 46_000) for seed in drawn]
    _tell("A pass", runs, out)
    if len({run["units"] for run in runs}) > 1:
        logs = np.log([[run["units"], run["cpu_s"]] for run in runs])
        click.echo(f"A pass grows with exponent {np.polyfit(logs[:, 0], logs[:, 1], 1)[0]:.2f} of the units.")


def _pass(size: int, seed: int) -> Run:
    """Two passes in this process: at no prices, and at those that a sample of the parts would pay."""
    scenario, units = by_province(size, seed)
    program = prepare(scenario, units).program
    parts = parts_of(program)
    taking = Passes(parts, one_by_one(Means()), monotonic() + 3600)
    began = process_time()
    first = taking.at(np.zeros(len(parts.spanning)))
    if first is None:
        raise click.ClickException(f"{size:,} units, seed {seed}: a province has no plan; try another seed.")
    between = process_time()
    prices = taking.sampled_prices(first)
    began_second = process_time()
    second = taking.at(prices)
    seconds = (between - began, process_time() - began_second)
    facts: Run = {"units": size, "seed": seed, "columns": program.columns, "parts": parts.count}
    facts |= {"sample_cpu_s": round(began_second - between, 1), "bound": None if second is None else second.bound}
    return facts | {"cpu_s": round(sum(seconds) / 2, 2)}


def _tell(title: str, runs: Sequence[Run], out: Path | None) -> None:
    console, table = Console(width=120), Table(title=title, show_header=False)
    for name in runs[0]:
        table.add_row(name, *(_cell(run[name]) for run in runs))
    console.print(table)
    if out is not None:
        write_json(out, {"benchmark": "nation", **surroundings(), "runs": list(runs)})


def _cell(value: object) -> str:
    if isinstance(value, dict):
        return "\n".join(f"{name} {number}" for name, number in value.items())
    if isinstance(value, float):
        return f"{value:.4f}" if abs(value) < 1 else f"{value:,.2f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


if __name__ == "__main__":
    main()
