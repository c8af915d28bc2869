"""The program's help: commands in the order of work, one uncut line and one example each, and names to complete."""

import os
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner

from planner.cli import cli


def help_of(*names: str) -> str:
    return CliRunner().invoke(cli, [*names, "--help"], env={"COLUMNS": "80"}, terminal_width=80).output


def test_lists_commands_in_the_order_of_work() -> None:
    listed = [line.split()[0] for line in help_of().split("Commands:")[1].splitlines() if line.strip()]
    assert listed[:6] == ["init", "check", "show", "solve", "report", "verify"]
    assert listed[-1] == "doctor"
    assert listed == list(cli.commands)


def test_cuts_no_line_at_eighty_columns() -> None:
    told = help_of()
    assert "..." not in told.split("Commands:")[1]
    assert len(told.split("Commands:")[1].split("\n")) == len(cli.commands) + 2
    assert max(map(len, told.splitlines())) <= 80


@pytest.mark.parametrize("name", sorted(cli.commands))
def test_shows_an_example_of_every_command(name: str) -> None:
    told = help_of(name)
    assert f"Example: psu-planner {name} " in " ".join(told.split()) + " "
    assert max(map(len, told.splitlines())) <= 80
    assert isinstance(cli.commands[name], click.Command)


def test_completes_options_in_a_shell() -> None:
    asked = {"_PSU_PLANNER_COMPLETE": "bash_complete", "COMP_WORDS": "psu-planner solve --ne", "COMP_CWORD": "2"}
    call = "import sys; sys.argv[0] = 'psu-planner'; from planner.cli import main; main()"
    done = subprocess.run(
        [sys.executable, "-c", call], env={**os.environ, **asked}, capture_output=True, text=True, check=False
    )
    assert done.stdout.split() == ["plain,--near"]
