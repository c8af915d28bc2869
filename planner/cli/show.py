"""`psu-planner show`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, command


@click.command(short_help="Print the resolved scenario, with everything it extends.")
@click.argument("scenario", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before showing.")
@command
def show(talk: Any, scenario: Path, settings: tuple[str, ...]) -> None:
    """Print the resolved scenario: everything that it extends merged into one file.

    Example: psu-planner show scenarios/tiny > resolved.toml
    """
    from planner.commands import show_command

    show_command(talk, scenario, settings)
