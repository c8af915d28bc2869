"""How each phase grows from 100 to 46,000 units: listing, building, relaxation, one piece, blocks.

    python -m benchmarks.scaling --json scaling.json
    python -m benchmarks.scaling --units 724 --units 2800 --seeds 1 --limit 30

Invented provinces (benchmarks/provinces.py) with every rule on. `list` is the listing, `build` figures, sifting and the
rows of the program, `relax` its linear relaxation (GLOP), `whole` the program in one piece (HiGHS) and `blocks` the
engine `decompose`, both to within 0.01% of a year's State outlay. Each solve ends at the limit; a phase that did not
end at one size is not tried at larger ones, and takes no part in the fit. A run that is in the JSON file already is not
made again. The tables show CPU seconds, which a busy machine does not change; the file holds those of the clock as
well. About half an hour; 46,000 units as one pooled problem and provinces as blocks: benchmarks/nation.py.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

import click
from rich.console import Console

from benchmarks.machine import peak_mib
from benchmarks.provinces import invented
from benchmarks.record import Record, Run, alone, exponent, spread, table_of
from benchmarks.stopwatch import Stopwatch
from models.answer import Answer, Limits
from models.candidates import Listing, list_options
from models.columns import Columns
from models.engine import relax, solve
from models.prepared import Prepared, broken_options
from models.scenario import Scenario
from models.unit import Units

SIZES = (100, 200, 400, 724, 1_400, 2_800, 5_600, 11_500, 23_000, 46_000)
SOLVES = ("relax", "whole", "blocks")
GAP_PERCENT = 0.01


@click.command(help=__doc__)
@click.option("--units", "sizes", type=int, multiple=True, default=SIZES, show_default=True, help="Size; may repeat.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Provinces of each size.")
@click.option("--limit", type=float, default=60.0, show_default=True, help="Seconds a solve.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(sizes: Sequence[int], seeds: int, limit: float, out: Path | None) -> None:
    record = Record("scaling", out, ("units", "seed", "limit_s"))
    runs: list[Run] = []
    for size in sorted(sizes):
        tried = [name for name in SOLVES if not runs or all(_ended(run, name) for run in runs if run["units"] < size)]
        for seed in range(seeds):
            key = {"units": size, "seed": seed, "limit_s": limit}
            runs.append(record.made(lambda k=key, t=tried: alone(measure, **k, solves=t), **key))  # type: ignore[misc]
    console = Console(width=110)
    console.print(_table(runs))
    console.print(_exponents(runs))


def measure(units: int, seed: int, limit_s: float, solves: Sequence[str]) -> Run:
    """One province; seconds by the clock and of the processor, of the phases that were tried."""
    scenario, table = invented(units, seed)
    watch = Stopwatch()
    listing = watch.timed("list", lambda: list_options(scenario, table))
    problem = watch.timed("build", lambda: _built(scenario, table, listing))
    rows, width = problem.program.matrix.shape
    told: dict[str, Any] = {"options": len(listing.paths), "kept": len(problem.columns.paths), "rows": rows}
    told |= {"columns": width, "non_zeros": int(problem.program.matrix.nnz), "built_peak_mib": peak_mib()}
    answers = {name: watch.timed(name, lambda n=name: _answer(problem, n, limit_s)) for name in solves}  # type: ignore[misc]
    return {**told, "answers": answers, "seconds": watch.clock, "cpu_s": watch.cpu, "peak_mib": peak_mib()}


def _built(scenario: Scenario, units: Units, listing: Listing) -> Prepared:
    """As `models.search.prepare`, behind the listing."""
    columns = Columns.build(scenario, units, listing.paths)
    kept = columns.taking(~broken_options(columns))
    problem = Prepared(scenario, units, listing, kept, broken=len(columns.paths) - len(kept.paths))
    assert problem.program.matrix.shape[1] == problem.program.columns
    return problem


def _answer(problem: Prepared, name: str, limit_s: float) -> dict[str, Any]:
    if name == "relax":
        return {"ended": relax(problem.program, limit_s).status != "unknown"}
    limits = Limits(limit_s, gap=problem.outlay * GAP_PERCENT / 100)
    answer: Answer = solve(problem.program, limits=limits, engine="highs" if name == "whole" else "decompose")
    told = {"ended": answer.ended_by in ("gap", "proof"), "status": answer.status, "score": answer.score}
    gap = None if answer.gap is None else 100 * answer.gap / problem.outlay
    return {**told, "bound": answer.bound, "gap_percent": gap}


def _ended(run: Run, name: str) -> bool:
    return name in run["answers"] and bool(run["answers"][name]["ended"])


def _table(runs: Sequence[Run]) -> Any:
    rows = []
    for size in dict.fromkeys(run["units"] for run in runs):
        these = [run for run in runs if run["units"] == size]
        cells = [f"{median(run[name] for run in these):,.0f}" for name in ("options", "columns", "non_zeros")]
        cells += [spread([run["cpu_s"][name] for run in these], ".2f") for name in ("list", "build")]
        rows.append((f"{size:,}", *cells, *(_solved(these, name) for name in SOLVES), f"{_peak(these):,}"))
    names = ("units", "options", "columns", "non-zeros", "list s", "build s", *(f"{name} s" for name in SOLVES), "MiB")
    return table_of("CPU seconds by size: medians (least–most); * the limit came first", names, rows)


def _solved(runs: Sequence[Run], name: str) -> str:
    tried = [run for run in runs if name in run["answers"]]
    if not tried:
        return "–"
    gaps = [run["answers"][name]["gap_percent"] for run in tried if run["answers"][name].get("gap_percent") is not None]
    none = sum(run["answers"][name].get("status") == "infeasible" for run in tried)
    told = spread([run["cpu_s"][name] for run in tried], ".1f")
    if all(_ended(run, name) for run in tried):
        return told + (f", {none} none" if none else "")
    return told + "*" + (f" {max(gaps):.3f}%" if gaps else " no plan" * (name != "relax"))


def _peak(runs: Sequence[Run]) -> int:
    return max(run["built_peak_mib"] or 0 for run in runs)


def _exponents(runs: Sequence[Run]) -> Any:
    """Fitted over sizes from 724 on: below it a phase is mostly what it costs to begin."""
    rows = []
    for name in ("list", "build", *SOLVES):
        fit = [run for run in runs if run["units"] >= 724 and (name not in SOLVES or _ended(run, name))]
        power = exponent([run["units"] for run in fit], [run["cpu_s"][name] for run in fit])
        sizes = sorted({run["units"] for run in fit})
        span = f"{sizes[0]:,} to {sizes[-1]:,}" if sizes else "–"
        rows.append((name, "–" if power is None else f"{power:.2f}", span, str(len(fit))))
    return table_of("Exponent of the number of units", ("phase", "exponent", "units", "runs"), rows)


if __name__ == "__main__":
    main()
