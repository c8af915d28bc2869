"""`psu-planner evaluate`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command(short_help="Measure a hand-made plan: targets, broken rules, cash.")
@click.argument("scenario", type=FOLDER)
@click.argument("plan", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before measuring.")
@click.option("--against", type=FOLDER, metavar="RUN", help="Compare with the best plan of this run instead.")
@click.option("--plan", "which", metavar="K", help="Which plan of a table of several: 2, best-1.")
@click.option("--out", type=FOLDER, help="Folder to write the tables to (default: none).")
@click.option("--time-limit", type=click.FloatRange(0.001, 1e10), metavar="S", help="Seconds for the best plan.")
@command
def evaluate(
    talk: Any, scenario: Path, plan: Path, settings: tuple[str, ...], against: Path | None, which: str | None,
    out: Path | None, time_limit: float | None,
) -> None:  # fmt: skip
    """Measure a hand-made PLAN (CSV or XLSX): readings, broken rules, score, cash, distance from the best plan.

    Example: psu-planner evaluate scenarios/tiny plan.csv
    """
    from planner.drafts.commands import evaluate_command
    from planner.drafts.table import plan_named

    named = None if which is None else plan_named(which)
    if which is not None and named is None:
        raise click.BadParameter(f"{which!r} names no plan; write 2, different-2 or best-1.", param_hint="--plan")
    whole = (*settings, *(() if time_limit is None else (f"search.time_limit_s={time_limit!r}",)))
    raise Stop(evaluate_command(talk, scenario, plan, whole, out=out, against=against, which=named))
