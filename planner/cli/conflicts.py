"""`psu-planner conflicts`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Amount, Stop, command


@click.command()
@click.argument("scenario", type=FOLDER)
@click.option("--reach", is_flag=True, help="Only how far each target can go alone.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before asking.")
@click.option("--time-limit", type=Amount(min=0.001, max=1e10), metavar="S", help="Seconds for all questions.")
@command
def conflicts(talk: Any, scenario: Path, settings: tuple[str, ...], reach: bool, time_limit: float | None) -> None:
    """Which demands cannot stand together, by how much, and the cheapest ways out.

    Example: psu-planner conflicts scenarios/binh-thuan/all-units.toml
    """
    from planner.conflicts import conflicts_command, reach_command

    limit = () if time_limit is None else (f"search.time_limit_s={time_limit!r}",)
    raise Stop((reach_command if reach else conflicts_command)(talk, scenario, (*settings, *limit)))
