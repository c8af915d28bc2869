"""`psu-planner check`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, command


@click.command(short_help="Read a scenario and its units; tell every problem and count.")
@click.argument("scenario", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before checking.")
@command
def check(talk: Any, scenario: Path, settings: tuple[str, ...]) -> None:
    """Read a scenario and its units, tell every problem, and count what may be done.

    Example: psu-planner check scenarios/tiny
    """
    from planner.commands import check_command

    check_command(talk, scenario, settings)
