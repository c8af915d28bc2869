"""`psu-planner report`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Stop, command


@click.command(short_help="Write the report of a run anew: one page in one file.")
@click.argument("run", type=FOLDER)
@click.option(
    "--out", type=FOLDER, metavar="FILE", help="Page to write, missing folders too (default: RUN/report.html)."
)
@click.option(
    "--pictures", multiple=True, metavar="PLAN", help="Draw this plan as well (2, best-1, all), into RUN/derived."
)
@command
def report(talk: Any, run: Path, out: Path | None, pictures: tuple[str, ...]) -> None:
    """Write the report of a run folder anew: one page in one language that needs no network.

    With --pictures 2 (or all) the merger graph, the map and the charts of plans for which solve drew none;
    graph and map also as pages for A4 paper (merger-graph-2.pdf, map-2.pdf), for any plan.

    Example: psu-planner report runs/tiny --lang en --out report-en.html
    """
    from planner.report.writing import report_command

    raise Stop(report_command(talk, run, out, pictures))
