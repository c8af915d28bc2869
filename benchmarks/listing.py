"""How fast options are listed and their figures computed, and how much memory that takes.

    python -m benchmarks.listing --json listing.json
    python -m benchmarks.listing --units 2800 --seeds 5 --runs 3

Invented provinces (benchmarks/provinces.py). Each seed of each size runs in a process of its own, so that the peak of
memory is its own. `list` is all that stands before the first figure: compatibility graph, groups, hosts, paths;
`figures` what every option leads to; `sift` rules and pins that options break by themselves; `rows` cover, linking
rows, costs and the rows of every rule. CPU seconds stand beside those of the clock: a busy machine shows.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from statistics import median

import click
from rich.console import Console
from rich.table import Table

from benchmarks.machine import peak_mib, surroundings, write_json
from benchmarks.provinces import invented
from benchmarks.stopwatch import Stopwatch
from models.candidates import list_options
from models.columns import Columns
from models.prepared import Prepared, broken_options

SIZES = (724, 2_800, 10_000, 46_000)
PHASES = ("list", "figures", "sift", "rows")


@dataclass(frozen=True)
class Run:
    """One run: options listed and their entries, options kept, non-zeros of all rows; seconds by phase.

    peak_mib: the most memory of the process up to the end of the run.
    """

    units: int
    seed: int
    options: int
    entries: int
    kept: int
    non_zeros: int
    clock_s: dict[str, float]
    cpu_s: dict[str, float]
    peak_mib: int | None


@click.command(help=__doc__)
@click.option("--units", "sizes", type=int, multiple=True, default=SIZES, show_default=True, help="Size; may repeat.")
@click.option("--seeds", type=click.IntRange(1), default=3, show_default=True, help="Provinces of each size.")
@click.option("--runs", type=click.IntRange(1), default=3, show_default=True, help="Runs on each province.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(sizes: Sequence[int], seeds: int, runs: int, out: Path | None) -> None:
    found = [run for size in sizes for seed in range(seeds) for run in _in_a_process(size, seed, runs)]
    console = Console(width=100)
    for table in _tables(found):
        console.print(table)
    if out is not None:
        write_json(out, {"benchmark": "listing", **surroundings(), "runs": [asdict(run) for run in found]})


def _in_a_process(size: int, seed: int, runs: int) -> list[Run]:
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure, size, seed, runs).result()


def measure(size: int, seed: int, runs: int) -> list[Run]:
    """Several runs on one invented province."""
    return [_run(size, seed) for _ in range(runs)]


def _run(size: int, seed: int) -> Run:
    scenario, units = invented(size, seed)  # anew each time: tables remember what was worked out of them
    watch = Stopwatch()
    listing = watch.timed("list", lambda: list_options(scenario, units))
    columns = watch.timed("figures", lambda: Columns.build(scenario, units, listing.paths))
    kept = watch.timed("sift", lambda: columns.taking(~broken_options(columns)))
    problem = Prepared(scenario, units, listing, kept, broken=len(columns.paths) - len(kept.paths))
    program = watch.timed("rows", lambda: problem.program)
    non_zeros = program.cover.matrix.nnz + sum(rows.matrix.nnz for rows in program.rows)
    entries = len(listing.paths.members)
    counts = (len(listing.paths), entries, len(kept.paths), int(non_zeros))
    return Run(size, seed, *counts, watch.clock, watch.cpu, peak_mib())


def _tables(runs: Sequence[Run]) -> Iterator[Table]:
    """Medians with the least and the most, a row for each size."""
    yield _table("Listing", {
        "units": lambda these: f"{these[0].units:,}",
        "options": lambda these: f"{median(run.options for run in these):,.0f}",
        "entries": lambda these: f"{median(run.entries for run in these):,.0f}",
        "list s": lambda these: _spread([run.clock_s["list"] for run in these], ".2f"),
        "options/s": lambda these: _spread([run.options / run.clock_s["list"] for run in these], ",.0f"),
        "per CPU s": lambda these: f"{median(run.options / run.cpu_s['list'] for run in these):,.0f}",
    }, runs)  # fmt: skip
    yield _table("What follows it", {
        "units": lambda these: f"{these[0].units:,}",
        "kept": lambda these: f"{median(run.kept for run in these):,.0f}",
        "non-zeros": lambda these: f"{median(run.non_zeros for run in these):,.0f}",
        **{f"{phase} s": partial(_seconds, phase) for phase in PHASES[1:]},
        "peak MiB": lambda these: f"{max(run.peak_mib or 0 for run in these):,}",
    }, runs)  # fmt: skip


def _table(title: str, columns: dict[str, Callable[[Sequence[Run]], str]], runs: Sequence[Run]) -> Table:
    table = Table(title=title)
    for name in columns:
        table.add_column(name, justify="right")
    for size in dict.fromkeys(run.units for run in runs):
        these = [run for run in runs if run.units == size]
        table.add_row(*(cell(these) for cell in columns.values()))
    return table


def _seconds(phase: str, runs: Sequence[Run]) -> str:
    return _spread([run.clock_s[phase] for run in runs], ".2f")


def _spread(values: Sequence[float], shape: str) -> str:
    return f"{median(values):{shape}} ({min(values):{shape}}–{max(values):{shape}})"


if __name__ == "__main__":
    main()
