"""What all commands share: their options, and the ways in which a command ends."""

import shlex
import sys
import traceback
from collections.abc import Callable
from functools import wraps
from math import isnan
from pathlib import Path
from typing import Any, NoReturn

import click

from planner import exit_codes
from planner.interruption import begin_anew, insisted
from planner.wording import LANGUAGES, Wording

TYPED = "psu-planner.typed"
"""Where the context of a command keeps what was typed after the program's name."""
FOLDER = click.Path(path_type=Path)


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


def _end_interrupted(talk: Any) -> NoReturn:
    talk.fail("interrupted", "cli.interrupted_anywhere")
    sys.exit(exit_codes.INTERRUPTED)


def _typed() -> str:
    """The command as somebody typed it."""
    context = click.get_current_context(silent=True)
    typed = shlex.join(["psu-planner", *(context.meta.get(TYPED, ()) if context else ())])
    return " ".join(typed.split())  # on one line, whatever was typed


def _guarded(run: Callable[[], None], talk: Any) -> None:
    """Every way to end: a code, a sentence, and never a bare traceback for something that a user can mend."""
    from models.problem import InputError

    begin_anew()
    try:
        with talk.watched():
            run()
    except Stop as stop:
        sys.exit(stop.code)
    except InputError as error:
        talk.refuse(error)
        talk.complain("problem.again", command=_typed())
        sys.exit(exit_codes.INPUT_UNUSABLE)
    except KeyboardInterrupt:
        _end_interrupted(talk)
    except click.ClickException:
        raise
    except Exception as error:
        _end_wrong(talk, error)


def _end_wrong(talk: Any, error: Exception) -> NoReturn:
    """Something fails that is not the input's fault; after a second signal, whatever a library makes of it."""
    if insisted():
        _end_interrupted(talk)
    code = _foreseen(talk, error)
    if code is not None:
        sys.exit(code)
    if isinstance(error, OSError):
        talk.fail("cannot_write", "cli.cannot_use", file=error.filename or "", why=error)
        sys.exit(exit_codes.INPUT_UNUSABLE)
    talk.fail("internal_error", "cli.internal", kind=type(error).__name__)
    talk.error_line(traceback.format_exc())
    sys.exit(exit_codes.INTERNAL_ERROR)


def _foreseen(talk: Any, error: Exception) -> int | None:
    """The exit code of an error that commands foresee; where a library cannot be loaded, neither can their words."""
    try:
        from planner.endings import ended_by
    except ImportError:
        return None
    return ended_by(talk, error)
