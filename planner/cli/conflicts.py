"""`psu-planner conflicts`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Amount, Stop, command


@click.command(short_help="Which demands cannot stand together, and the ways out.")
@click.argument("scenario", type=FOLDER)
@click.option("--reach", is_flag=True, help="Only how far each target can go alone.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before asking.")
@click.option(
    "--time-limit", type=Amount(min=0.001, max=1e10), default=60, metavar="S", show_default=True,
    help="Seconds for all questions; what they are too short for is said.",
)  # fmt: skip
@command
def conflicts(talk: Any, scenario: Path, settings: tuple[str, ...], reach: bool, time_limit: float) -> None:
    """Which demands cannot stand together, by how much, and the cheapest ways out.

    Example: psu-planner conflicts scenarios/tiny --set rules.cut2.at_least=6
    """
    from planner.conflicts import conflicts_command, reach_command

    limit = f"search.time_limit_s={time_limit!r}"  # first, so that --set may still say otherwise
    raise Stop((reach_command if reach else conflicts_command)(talk, scenario, (limit, *settings)))
