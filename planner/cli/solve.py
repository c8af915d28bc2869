"""`psu-planner solve`."""

from pathlib import Path
from typing import Any

import click

from planner.cli.command import FOLDER, Amount, Stop, command


@click.command(short_help="Find ranked plans and write them to a run folder.")
@click.argument("scenario", type=FOLDER)
@click.option(
    "--plans", type=click.IntRange(0, 100), help="Length of the list `different` (default: the scenario's, 5)."
)
@click.option("--best", type=click.IntRange(0, 100), help="Length of the list `best` (default: the scenario's, 0).")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key, e.g. rules.cut39.at_least=45."
)
@click.option("--out", type=FOLDER, help="Run folder to write (default: runs/<utc>-<name>-<hash>).")
@click.option(
    "--engine", type=click.Choice(["auto", "highs", "scip", "cpsat", "decompose", "options_first"]), help="Solver."
)
@click.option("--time-limit", type=Amount(min=0.001, max=1e10), metavar="S", help="Seconds for all plans.")
@click.option("--require-gap", type=Amount(min=0), metavar="P", help="Exit 6 where a gap is above P percent.")
@click.option("--myopic", is_flag=True, help="Decide for the first deadline alone, and tell what that costs.")
@click.option(
    "--pictures",
    type=click.Choice(["first", "all", "none"]),
    default="first",
    show_default=True,
    help="Whose pictures to draw; those of others later: report RUN --pictures 2.",
)
@click.option(
    "--also", type=FOLDER, multiple=True, metavar="SCENARIO", help="Plans must hold in this scenario too; repeatable."
)
@click.option("--near", type=FOLDER, metavar="PLAN", help="Change this hand-made plan (CSV, XLSX) least.")
@click.option("--changes", type=click.IntRange(0), metavar="K", help="With --near: the best plan within K changes.")
@click.option("--plan", "which", metavar="K", help="With --near: which plan of a table of several (2, best-1).")
@command
def solve(
    talk: Any,
    scenario: Path,
    settings: tuple[str, ...],
    out: Path | None,
    require_gap: float | None,
    myopic: bool,
    near: Path | None,
    changes: int | None,
    which: str | None,
    pictures: str,
    also: tuple[Path, ...],
    **search: Any,
) -> None:
    """Find ranked plans of a scenario and write them with their pictures to a run folder.

    Example: psu-planner solve scenarios/tiny --plans 3 --set rules.cut2.at_least=1 --out runs/tiny-1
    """
    from planner.commands import solve_command
    from planner.short_sight import rank_myopic

    way = rank_myopic if myopic else None
    if near is not None:
        way = _near(near, changes, which, myopic=myopic)
        # The nearest plan is the answer; a list of others near the draft is for those who ask for one.
        search |= {"plans": 1, "best": 0} if search["plans"] is None and search["best"] is None else {}
    elif changes is not None or which is not None:
        raise click.UsageError("--changes and --plan go with --near PLAN.")
    whole = [*settings, *_search_settings(search)]
    raise Stop(solve_command(talk, scenario, whole, out, require_gap, solve=way, pictures=pictures, also=also))


def _near(place: Path, changes: int | None, which: str | None, *, myopic: bool) -> Any:
    """The search near a draft, as `solve_command` calls it."""
    from planner.drafts.near import rank_near
    from planner.drafts.table import plan_named

    if myopic:
        raise click.UsageError("--myopic and --near exclude each other.")
    plan = None if which is None else plan_named(which)
    if which is not None and plan is None:
        raise click.BadParameter(f"{which!r} names no plan; write 2, different-2 or best-1.", param_hint="--plan")

    def solve(case: Any, on_plan: Any = None, on_progress: Any = None) -> Any:
        return rank_near(case, place, changes, plan=plan, on_plan=on_plan, on_progress=on_progress)

    return solve


def _search_settings(search: dict[str, Any]) -> list[str]:
    """Options of the search as settings of the scenario, which has the same keys."""
    names = {"plans": "plans", "best": "best", "engine": "engine", "time_limit": "time_limit_s"}
    found = {names[key]: value for key, value in search.items() if value is not None}
    return [
        f'search.{key}="{value}"' if isinstance(value, str) else f"search.{key}={value!r}"
        for key, value in found.items()
    ]
