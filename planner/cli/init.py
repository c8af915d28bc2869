"""`psu-planner init`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, command


@click.command(short_help="Make a new scenario folder with a workbook to fill in.")
@click.argument("folder", type=FOLDER)
@click.option("--split", type=click.Choice(["parent"]), help="Split FOLDER's unit table into one file per parent.")
@command
def init(talk: Any, folder: Path, split: str | None) -> None:
    """Make a new scenario folder: scenario.toml, and a workbook for the units with guidance.

    Example: psu-planner init my-province
    """
    from planner.starter import init_command

    init_command(talk, folder, split)
