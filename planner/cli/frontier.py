"""`psu-planner frontier`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Amount, Stop, command


@click.command(short_help="What two or three criteria trade against one another.")
@click.argument("scenario", type=FOLDER)
@click.option(
    "--criteria", required=True, metavar="A,B[,C]", help="Two or three criteria, e.g. state_saving,units_touched."
)
@click.option(
    "--step", metavar="N,N|A=N,...", help="Up to what points are exact: one number per criterion, in its own unit."
)
@click.option("--points", type=click.IntRange(2, 10_000), help="Stop at so many points, spread (default: all).")
@click.option("--time-limit", type=Amount(min=0.001, max=1e10), metavar="S", help="Seconds for all points.")
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key first.")
@click.option("--out", type=FOLDER, help="Run folder to write (default: runs/<utc>-<name>-<hash>).")
@command
def frontier(
    talk: Any, scenario: Path, criteria: str, step: str | None, points: int | None, time_limit: float | None,
    settings: tuple[str, ...], out: Path | None,
) -> None:  # fmt: skip
    """What two or three criteria trade against one another: plans of which none is better in all.

    Example: psu-planner frontier scenarios/tiny --criteria state_saving,units_touched --points 7
    """
    from planner.frontier_run import frontier_command
    from planner.frontier_steps import steps_of

    names = [name.strip() for name in criteria.split(",") if name.strip()]
    limit = () if time_limit is None else (f"search.time_limit_s={time_limit!r}",)
    steps = steps_of(step, names)
    code = frontier_command(talk, scenario, [*settings, *limit], out, criteria=names, steps=steps, points=points)
    raise Stop(code)
