"""What it costs to ask for help: CPU of `psu-planner --help` and of every command's, and what they import.

    python -m benchmarks.start_up --json start-up.json

Each call is a process of its own, as in a shell; CPU seconds are user and system together. Byte code is written first,
so the first call of all is left out. `heavy` names libraries that must not be imported for help. Half a minute.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter
from typing import Any

import click
from rich.console import Console

from benchmarks.record import Record, Run, spread, table_of

HEAVY = ("ortools", "pandas", "matplotlib", "scipy", "networkx", "numpy", "pydantic")
MUST_NOT = HEAVY[:3]
GOAL_S = 0.2
CALL = """
import atexit, os, sys
names = os.environ["HEAVY"].split()
atexit.register(lambda: print(*[name for name in names if name in sys.modules], file=sys.stderr))
sys.argv[0] = "psu-planner"
from planner.cli import main
main()
"""


@click.command(help=__doc__)
@click.option("--runs", "count", type=click.IntRange(1), default=5, show_default=True, help="Calls of each.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(count: int, out: Path | None) -> None:
    from planner.cli import cli

    record = Record("start_up", out, ("command", "run"))
    _asked([])
    runs = [
        record.made(lambda n=name: _asked([n] if n else []), command=name, run=number)  # type: ignore[misc]
        for name in ("", *cli.commands)
        for number in range(count)
    ]
    Console(width=100).print(_table(runs))
    if any(set(run["heavy"]) & set(MUST_NOT) for run in runs):
        sys.exit(1)


def _asked(names: Sequence[str]) -> Run:
    """One call for help: its CPU and clock seconds, and the heavy libraries that it imported."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    began, before = perf_counter(), os.times()
    asked = [sys.executable, "-c", CALL, *names, "--help"]
    environment["HEAVY"] = " ".join(HEAVY)
    done = subprocess.run(asked, env=environment, capture_output=True, text=True, check=True)
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return {"cpu_s": cpu, "clock_s": perf_counter() - began, "heavy": done.stderr.split()}


def _table(runs: Sequence[Run]) -> Any:
    rows = []
    for name in dict.fromkeys(run["command"] for run in runs):
        mine = [run for run in runs if run["command"] == name]
        heavy = sorted({library for run in mine for library in run["heavy"]})
        cells = [spread([run[kind] for run in mine], ".2f") for kind in ("cpu_s", "clock_s")]
        rows.append((f"psu-planner {name} --help".replace("  ", " "), *cells, ", ".join(heavy) or "–"))
    return table_of(f"Asking for help (goal: {GOAL_S} s of CPU)", ("call", "CPU s", "clock s", "heavy imports"), rows)


if __name__ == "__main__":
    main()
