"""The command line: every command parses, calls one function of the library, and prints."""

import signal
import sys
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from math import isnan
from pathlib import Path
from typing import Any, NoReturn

import click

from planner import exit_codes
from planner.interruption import hear_no_more
from planner.wording import LANGUAGES, Wording

FOLDER = click.Path(path_type=Path)
EPILOG = "psu-planner solve scenarios/binh-thuan"


class Stop(Exception):  # noqa: N818
    """A command ends with this code; what there is to say has been said."""

    def __init__(self, code: int) -> None:
        self.code = code


class Amount(click.FloatRange):
    """A finite number within bounds; click lets "nan" through every bound."""

    name = "number"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        found = super().convert(value, param, ctx)
        if isnan(found):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return found


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="psu-planner")
def cli() -> None:
    """Phương án sắp xếp đơn vị sự nghiệp công lập: ranked, proved and checked restructuring plans.

    Example: psu-planner solve scenarios/binh-thuan
    """


def command(function: Callable[..., None]) -> Callable[..., None]:
    """The options that all commands take, and the way they end when something is wrong."""

    @click.option(
        "--lang",
        type=click.Choice(LANGUAGES),
        default="vi",
        envvar="PSU_PLANNER_LANG",
        show_default=True,
        help="Language of what is printed / ngôn ngữ.",
    )
    @click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout instead of tables.")
    @click.option("--quiet", is_flag=True, help="No progress and no warnings on stderr.")
    @wraps(function)
    def run(lang: str, as_json: bool, quiet: bool, **options: Any) -> None:
        from planner.talk import Talk

        talk = Talk(Wording(lang), as_json=as_json, quiet=quiet)
        _guarded(lambda: function(talk, **options), talk)

    return run  # fmt: skip


@cli.command()
@click.argument("scenario", type=FOLDER)
@click.option(
    "--plans", type=click.IntRange(0, 100), help="Length of the list `different` (default: the scenario's, 5)."
)
@click.option("--best", type=click.IntRange(0, 100), help="Length of the list `best` (default: the scenario's, 0).")
@click.option(
    "--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key, e.g. rules.cut39.at_least=45."
)
@click.option("--out", type=FOLDER, help="Run folder to write (default: runs/<utc>-<name>-<hash>).")
@click.option("--engine", type=click.Choice(["auto", "highs", "scip", "cpsat"]), help="Solver.")
@click.option("--time-limit", type=Amount(min=0.001, max=1e10), metavar="S", help="Seconds for all plans.")
@click.option("--require-gap", type=Amount(min=0), metavar="P", help="Exit 6 where a gap is above P percent.")
@click.option("--myopic", is_flag=True, help="Decide for the first deadline alone, and tell what that costs.")
@command
def solve(
    talk: Any,
    scenario: Path,
    settings: tuple[str, ...],
    out: Path | None,
    require_gap: float | None,
    myopic: bool,
    **search: Any,
) -> None:
    """Find ranked plans of a scenario and write them with their pictures to a run folder.

    Example: psu-planner solve scenarios/binh-thuan --plans 3 --set rules.cut39.at_least=45
    """
    from planner.commands import solve_command
    from planner.short_sight import rank_myopic

    whole = [*settings, *_search_settings(search)]
    raise Stop(solve_command(talk, scenario, whole, out, require_gap, solve=rank_myopic if myopic else None))


@cli.command()
@click.argument("scenario", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before checking.")
@command
def check(talk: Any, scenario: Path, settings: tuple[str, ...]) -> None:
    """Read a scenario and its units, tell every problem, and count what may be done.

    Example: psu-planner check scenarios/binh-thuan
    """
    from planner.commands import check_command

    check_command(talk, scenario, settings)


@cli.command()
@click.argument("scenario", type=FOLDER)
@click.option("--set", "settings", multiple=True, metavar="KEY=VALUE", help="Change one key before showing.")
@command
def show(talk: Any, scenario: Path, settings: tuple[str, ...]) -> None:
    """Print the resolved scenario: everything that it extends merged into one file.

    Example: psu-planner show scenarios/binh-thuan > resolved.toml
    """
    from planner.commands import show_command

    show_command(talk, scenario, settings)


@cli.command()
@click.argument("folder", type=FOLDER)
@click.option("--split", type=click.Choice(["parent"]), help="Split FOLDER's unit table into one file per parent.")
@command
def init(talk: Any, folder: Path, split: str | None) -> None:
    """Make a new scenario folder: scenario.toml, and a workbook for the units with guidance.

    Example: psu-planner init my-province
    """
    from planner.starter import init_command

    init_command(talk, folder, split)


@cli.command()
@click.argument("run", type=FOLDER)
@click.option("--digest", metavar="D", help="The digest that `solve` printed.")
@command
def verify(talk: Any, run: Path, digest: str | None) -> None:
    """Check a run folder: files unchanged, every figure rebuilt from the decisions, without a solver.

    Example: psu-planner verify runs/20250101T000000Z-binh-thuan-0a1b2c3d
    """
    from planner.verify import verify_command

    raise Stop(verify_command(talk, run, digest))


@cli.command()
@command
def doctor(talk: Any) -> None:
    """Check this installation: versions, shipped files, the three solvers.

    Example: psu-planner doctor
    """
    from planner.doctor import doctor_command

    raise Stop(doctor_command(talk))


def main() -> NoReturn:
    """The console script. Ctrl-C and SIGTERM end a command with what it has found."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        with suppress(ValueError, AttributeError):
            signal.signal(signal.SIGTERM, signal.default_int_handler)
        sys.exit(cli(standalone_mode=False))
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (click.Abort, KeyboardInterrupt):  # before a command could begin, or after it had ended
        sys.exit(exit_codes.INTERRUPTED)
    finally:
        hear_no_more()  # a second signal while Python ends must not change the exit code


def _search_settings(search: dict[str, Any]) -> list[str]:
    """Options of the search as settings of the scenario, which has the same keys."""
    names = {"plans": "plans", "best": "best", "engine": "engine", "time_limit": "time_limit_s"}
    found = {names[key]: value for key, value in search.items() if value is not None}
    return [
        f'search.{key}="{value}"' if isinstance(value, str) else f"search.{key}={value!r}"
        for key, value in found.items()
    ]


def _guarded(run: Callable[[], None], talk: Any) -> None:
    """Every way to end: a code, a sentence, and never a bare traceback for something that a user can mend."""
    from models.problem import InputError

    try:
        run()
    except Stop as stop:
        sys.exit(stop.code)
    except InputError as error:
        talk.refuse(error)
        sys.exit(exit_codes.INPUT_UNUSABLE)
    except KeyboardInterrupt:
        talk.fail("interrupted", "cli.interrupted")
        sys.exit(exit_codes.INTERRUPTED)
    except click.ClickException:
        raise
    except OSError as error:
        talk.fail("cannot_write", "cli.cannot_write", folder=error.filename or "", why=error.strerror or error)
        sys.exit(exit_codes.INPUT_UNUSABLE)
    except Exception as error:
        talk.fail("internal_error", "cli.internal", kind=type(error).__name__)
        talk.error_line(traceback.format_exc())
        sys.exit(exit_codes.INTERNAL_ERROR)


if __name__ == "__main__":
    main()
