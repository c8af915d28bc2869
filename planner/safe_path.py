"""Files that a scenario names must be ordinary files inside its own folder."""

import re
from pathlib import Path, PureWindowsPath

from models.problem import InputError, Problem

_SCHEME = re.compile(r"^[A-Za-z][A-Za-z0-9+.-]+:")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DEVICES = re.compile(r"^(con|prn|aux|nul|com[0-9]|lpt[0-9])(\..*)?$", re.IGNORECASE)


def safe_path(folder: Path, name: str) -> Path:
    """The file called `name` below `folder`, with both kinds of slash understood.

    Errors: InputError for a URL, a network or absolute path, a way or a link out of the folder,
    and for what is not a regular file.
    """
    wanted = PureWindowsPath(name)
    if not name.strip() or _CONTROL.search(name):
        raise _refused(name, "units.path_unreadable")
    if _SCHEME.match(name) or wanted.drive or wanted.root:
        raise _refused(name, "units.path_outside")
    if any(_DEVICES.match(part) or ":" in part for part in wanted.parts):
        raise _refused(name, "units.path_not_a_file")
    found = folder.resolve().joinpath(*wanted.parts)
    return _inside(folder.resolve(), found, name)


def _inside(folder: Path, found: Path, name: str) -> Path:
    try:
        real = found.resolve()
        if not real.is_relative_to(folder):
            raise _refused(name, "units.path_outside")
        if not real.exists():
            raise _refused(name, "units.path_missing")
        if not real.is_file():
            raise _refused(name, "units.path_not_a_file")
    except (OSError, RuntimeError) as problem:  # a name too long, a circle of links
        raise _refused(name, "units.path_unreadable") from problem
    return real


def _refused(name: str, code: str) -> InputError:
    shown = name if len(name) <= 200 else name[:200] + "…"
    return InputError(shown, [Problem(shown, code, {"path": shown})])
