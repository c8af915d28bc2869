"""`psu-planner stress`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command()
@click.argument("run", type=FOLDER)
@click.option("--draws", type=click.IntRange(10, 10_000), metavar="N", help="Draws (default: the scenario's).")
@click.option("--seed", type=click.IntRange(0, 10**12), metavar="S", help="Their seed (default: the scenario's).")
@click.option("--out", type=FOLDER, help="Folder for tables and picture (default: derived/ in the run folder).")
@command
def stress(talk: Any, run: Path, draws: int | None, seed: int | None, out: Path | None) -> None:
    """Try the plans of a run against uncertain figures.

    Example: psu-planner stress runs/tiny --draws 200
    """
    from planner.stress_run import stress_command

    raise Stop(stress_command(talk, run, draws=draws, seed=seed, out=out))
