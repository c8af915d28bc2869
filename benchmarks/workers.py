"""How much sooner two processes go through the parts of a nation than one.

    python -m benchmarks.workers --units 10000 --json workers.json

One pass over the parts (every part relaxed at no prices) and one plan of every part, each by one worker process and by
two, in turns; both sides pay for the messages. `by the clock` is what a user waits, and means little on a busy machine.
`by CPU` divides the processor seconds of the busiest process with one worker by those with two, the process that hands
out the parts included: what the clock would say with a core for each.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

import click
import numpy as np
from rich.console import Console
from rich.table import Table

from benchmarks.machine import surroundings, write_json
from benchmarks.nations import by_province
from benchmarks.process_tree import ProcessTree
from models.answer import Limits
from models.blocks import Blocks
from models.errands import Errand, Relaxing, Solving
from models.parts import parts_of
from models.prepared import prepare
from planner.part_workers import PartWorkers

Run = dict[str, Any]
A_PART_S = 300.0


@click.command(help=__doc__)
@click.option("--units", "size", type=int, default=10_000, show_default=True)
@click.option("--rounds", type=click.IntRange(1), default=2, show_default=True, help="Turns of one and two workers.")
@click.option("--gap-percent", type=float, default=0.05, show_default=True, help="Of a part's plan.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(size: int, rounds: int, gap_percent: float, out: Path | None) -> None:
    problem = prepare(*by_province(size, seed=0))
    parts = parts_of(problem.program)
    gap = gap_percent * problem.outlay / 100 / parts.count
    work = {"pass": _relaxing(parts), "plans": _solving(parts, gap)}
    runs = [_run(kind, errands, n) for _ in range(rounds) for kind, errands in work.items() for n in (1, 2)]
    table = Table(title=f"{parts.count} parts of {size:,} units")
    for name in ("what", "workers", "clock s", "busiest CPU s", "load"):
        table.add_column(name, justify="right")
    for run in runs:
        table.add_row(run["what"], str(run["workers"]), *(f"{run[n]:.1f}" for n in ("clock_s", "busiest_s", "load")))
    Console(width=100).print(table)
    for kind in work:
        click.echo(
            f"{kind}: {_ratio(runs, kind, 'clock_s'):.2f} by the clock, {_ratio(runs, kind, 'busiest_s'):.2f} by CPU"
        )
    if out is not None:
        write_json(out, {"benchmark": "workers", **surroundings(), "units": size, "runs": runs})


def _relaxing(parts: Blocks) -> list[Errand]:
    costs = parts.whole.costs
    return [Relaxing(parts.program(n, costs[parts.columns(n)]), A_PART_S) for n in range(parts.count)]


def _solving(parts: Blocks, gap: float) -> list[Errand]:
    return [Solving(errand.program, Limits(A_PART_S, gap)) for errand in _relaxing(parts)]


def _run(kind: str, errands: Sequence[Errand], count: int) -> Run:
    """The errands by so many processes, which are warm before the clock starts."""
    workers = PartWorkers(count)
    try:
        list(workers([errands[0]] * (2 * count)))
        with ProcessTree() as tree:
            warm = {pid: spent for pid, spent in tree.cpu_s.items() if pid != os.getpid()}
            began = monotonic()
            answers = list(workers(errands))
            seconds = monotonic() - began
    finally:
        workers.close()
    spent = [tree.cpu_s[pid] - warm.get(pid, 0.0) for pid in tree.cpu_s]
    values = [answer.score for answer in answers]
    facts = {"what": kind, "workers": count, "clock_s": seconds, "busiest_s": max(spent), "load": os.getloadavg()[0]}
    return facts | {"answers": float(np.nansum([value for value in values if value is not None]))}


def _ratio(runs: Sequence[Run], kind: str, figure: str) -> float:
    """The least with one worker over the least with two."""
    least = [min(run[figure] for run in runs if run["what"] == kind and run["workers"] == n) for n in (1, 2)]
    return float(least[0] / least[1])


if __name__ == "__main__":
    main()
