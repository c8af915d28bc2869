"""`psu-planner explain`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Amount, Stop, command


@click.command(short_help="Why a plan is as it is: worth of decisions, runners-up.")
@click.argument("run", type=FOLDER)
@click.option("--plan", default=1, show_default=True, type=click.IntRange(1, 100), help="Rank of the plan.")
@click.option(
    "--list",
    "list_name",
    type=click.Choice(["different", "best", "frontier"]),
    help="Its list (default: different, else best).",
)
@click.option("--unit", metavar="ID", help="Only what this unit does and could do.")
@click.option("--time-limit", type=Amount(min=0.001, max=1e10), metavar="S", help="Seconds (a unit: 50).")
@click.option("--out", type=FOLDER, help="Folder for the tables (default: derived/ in the run folder).")
@command
def explain(talk: Any, run: Path, plan: int, unit: str | None, **options: Any) -> None:
    """Why a plan is as it is: what each decision is worth, who else would change, what more of a target costs.

    Example: psu-planner explain runs/tiny --plan 1 --unit vh-1
    """
    from planner.explain_run import explain_command

    raise Stop(explain_command(talk, run, plan, unit, **options))
