"""The command line: every command parses, calls one function of the library, and prints."""

import signal
import sys
from contextlib import suppress
from difflib import get_close_matches
from typing import NoReturn

import click

from planner import exit_codes
from planner.cli.check import check
from planner.cli.command import TYPED
from planner.cli.compare import compare
from planner.cli.conflicts import conflicts
from planner.cli.doctor import doctor
from planner.cli.evaluate import evaluate
from planner.cli.explain import explain
from planner.cli.frontier import frontier
from planner.cli.init import init
from planner.cli.progress import progress
from planner.cli.report import report
from planner.cli.show import show
from planner.cli.solve import solve
from planner.cli.stress import stress
from planner.cli.sweep import sweep
from planner.cli.verify import verify
from planner.interruption import hear_again, hear_no_more


class InOrderOfWork(click.Group):
    """A group that lists its commands in the order in which a planner needs them, where click would sort by letters."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta[TYPED] = tuple(args)
        return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does; what names no command is told with the one that was probably meant."""
        try:
            return super().resolve_command(ctx, args)
        except click.UsageError as error:
            close = get_close_matches(args[0], self.commands, n=1)
            if not close or "Did you mean" in error.message:
                raise
            raise click.UsageError(f"{error.message} Did you mean {close[0]!r}?", ctx) from None


@click.group(cls=InOrderOfWork, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="psu-planner")
def cli() -> None:
    """Phương án sắp xếp đơn vị sự nghiệp công lập: ranked, proved and checked restructuring plans.

    Example: psu-planner solve scenarios/tiny --out runs/tiny
    """


for entry in (
    init, check, show, solve, report, verify, evaluate, progress, conflicts, explain, compare, frontier, stress, sweep,
    doctor,
):  # fmt: skip
    cli.add_command(entry)


def main() -> NoReturn:
    """The console script. Ctrl-C and SIGTERM end a command with what it has found."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    hear_again()
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
