"""`psu-planner compare`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command(short_help="Set runs side by side: decisions, targets, criteria, cash.")
@click.argument("runs", type=FOLDER, nargs=-1, required=True)
@click.option(
    "--base", type=FOLDER, metavar="RUN", help="The run that the others are read against (default: the first)."
)
@click.option(
    "--plan", "rank", default=1, show_default=True, type=click.IntRange(1, 100), help="Rank of the plan of each run."
)
@click.option("--all-plans", "every_plan", is_flag=True, help="All plans of every run (of a single run always).")
@click.option("--out", type=FOLDER, help="Folder for the tables compare-*.csv.")
@command
def compare(talk: Any, runs: tuple[Path, ...], base: Path | None, rank: int, **options: Any) -> None:
    """Compare runs: decisions, targets, criteria, cash, and the differences between their scenarios.

    Example: psu-planner compare runs/tiny runs/tiny-1 --base runs/tiny --out comparison
    """
    from planner.compare_command import compare_command

    raise Stop(compare_command(talk, runs, base, rank, **options))
