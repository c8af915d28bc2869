"""`psu-planner sweep`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command()
@click.argument("scenario", type=FOLDER)
@click.option(
    "--vary", multiple=True, required=True, metavar="KEY=FROM:TO:STEP", help="A key and its values; also KEY=V1,V2."
)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key at every point.")
@click.option("--out", type=FOLDER, help="Folder of the sweep, to resume it too (default: runs/sweep-<name>-<hash>).")
@command
def sweep(talk: Any, scenario: Path, vary: tuple[str, ...], settings: tuple[str, ...], out: Path | None) -> None:
    """Solve a scenario at every value of one or two keys; go on later.

    Example: psu-planner sweep scenarios/tiny --vary rules.cut2.at_least=1:3:1
    """
    from planner.sweep_text import sweep_command

    raise Stop(sweep_command(talk, scenario, vary, settings, out))
