"""Asking for help costs nothing: no command's help loads a library that only solving, tables or pictures need."""

import subprocess
import sys

import pytest

from planner.cli import cli

HEAVY = ("ortools", "pandas", "matplotlib", "scipy", "networkx")
ASK_FOR_ALL = """
import sys
from click.testing import CliRunner
from planner.cli import cli
for name in ["", *cli.commands]:
    told = CliRunner().invoke(cli, [*([name] if name else []), "--help"])
    print(name or "-", told.exit_code, *[heavy for heavy in {heavy} if heavy in sys.modules])
"""


@pytest.fixture(scope="module")
def loaded() -> dict[str, list[str]]:
    """By command ("-": the program itself): how its help ended, and which heavy libraries were loaded by then."""
    done = subprocess.run(
        [sys.executable, "-c", ASK_FOR_ALL.format(heavy=HEAVY)], capture_output=True, text=True, check=True
    )
    return {name: rest for name, *rest in (line.split() for line in done.stdout.splitlines())}


def test_asks_every_command_for_its_help(loaded: dict[str, list[str]]) -> None:
    assert list(loaded) == ["-", *cli.commands]


@pytest.mark.parametrize("name", ["-", *cli.commands])
def test_helps_without_loading_what_solves_tabulates_or_draws(name: str, loaded: dict[str, list[str]]) -> None:
    """ "0" is the exit code; the name of a library behind it would be one that this help, or one before it, loaded."""
    assert loaded[name] == ["0"]


def test_notices_a_library_once_it_is_loaded() -> None:
    """The same question after `import pandas` names it: an empty answer above means something."""
    done = subprocess.run(
        [sys.executable, "-c", "import pandas\n" + ASK_FOR_ALL.format(heavy=HEAVY)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.splitlines()[0].split() == ["-", "0", "pandas"]
