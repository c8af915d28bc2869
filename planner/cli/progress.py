"""`psu-planner progress`."""

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command(short_help="Follow what is done, and find the best way on.")
@click.argument("scenario", type=FOLDER)
@click.argument("done", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before planning the rest.")
@click.option("--run", type=FOLDER, metavar="RUN", help="The run whose plan was decided; what DONE lacks is planned.")
@click.option("--plan", "which", metavar="K", help="Which plan of the run was decided: 2, best-1 (default: 1).")
@click.option(
    "--on", type=click.DateTime(["%Y-%m-%d"]), metavar="DATE", help="Day of the report (default: latest date)."
)
@click.option("--out", type=FOLDER, help="Folder to write the tables to (default: none).")
@command
def progress(
    talk: Any, scenario: Path, done: Path, settings: tuple[str, ...], run: Path | None, which: str | None,
    on: datetime | None, out: Path | None,
) -> None:  # fmt: skip
    """Follow DONE (CSV or XLSX: decisions with status, date, document): report by parent, targets still in reach.

    Example: psu-planner progress scenarios/tiny done.csv --on 2025-12-15
    """
    from planner.drafts.commands import progress_command
    from planner.drafts.table import plan_named

    plan = plan_named(which or "1")
    if plan is None:
        raise click.BadParameter(f"{which!r} names no plan; write 2, different-2 or best-1.", param_hint="--plan")
    if which is not None and run is None:
        raise click.UsageError("--plan goes with --run RUN.")
    day = None if on is None else on.date()
    raise Stop(progress_command(talk, scenario, done, settings, out=out, run=run, which=plan, on=day))
