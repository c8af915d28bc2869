"""`psu-planner verify`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command(short_help="Check a run folder without a solver: hashes, figures, proofs.")
@click.argument("run", type=FOLDER)
@click.option("--digest", metavar="D", help="The digest that `solve` printed.")
@command
def verify(talk: Any, run: Path, digest: str | None) -> None:
    """Check a run folder: files unchanged, every figure rebuilt from the decisions, without a solver.

    Example: psu-planner verify runs/tiny
    """
    from planner.verify import verify_command

    raise Stop(verify_command(talk, run, digest))
