"""The program's help: commands in the order of work, one uncut line and one example each, and names to complete."""

import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from planner.cli import cli
from planner.shipped import scenarios_folder


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


def examples_of(*names: str) -> list[str]:
    """What stands after every "Example:", on one line and as it is typed."""
    whole = " ".join(help_of(*names).split())
    found = re.findall(r"Example: psu-planner (.*?) (?=Example:|Options:)", whole)
    assert found
    return found


def example_of(*names: str) -> str:
    """The first of them."""
    return examples_of(*names)[0]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the examples are typed: the shipped scenarios, the run of the first example, a draft and a report of it."""
    folder = tmp_path_factory.mktemp("desk")
    for name in ("tiny", "rules", "vocabulary"):
        shutil.copytree(scenarios_folder() / name, folder / "scenarios" / name)
    typed(folder, f"{example_of()} --pictures none")
    draft = "unit_id,fate,year,successor_id\nvh-1,merge,2025,vh-1\nvh-2,merge,2025,vh-1\ntv-1,equitize,2025,\n"
    (folder / "plan.csv").write_text(draft, encoding="utf-8")
    done = (
        "unit_id,fate,year,successor_id,status,date\nvh-1,merge,2025,vh-1,done,2025-10-01\nvh-2,merge,2025,vh-1,done,\n"
    )
    (folder / "done.csv").write_text(done.replace("done,\n", "done,2025-10-01\n"), encoding="utf-8")
    return folder


def typed(folder: Path, example: str) -> "subprocess.CompletedProcess[str]":
    """An example as a shell runs it, in a folder of its own."""
    command = shlex.join([sys.executable, "-m", "planner.cli"]) + " " + example
    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode in (0, 8), done.stderr
    return done


@pytest.mark.parametrize("name", list(cli.commands))
def test_has_examples_that_run_as_they_are_printed(desk: Path, name: str) -> None:
    if name == "compare" and not (desk / "runs" / "tiny-1").exists():
        typed(desk, f"{example_of('solve')} --pictures none")
    for example in examples_of(name):
        assert "Traceback" not in typed(desk, example).stderr


def test_names_the_command_that_was_probably_meant() -> None:
    result = CliRunner().invoke(cli, ["slove", "scenarios/tiny"])
    assert result.exit_code == 2 and "Did you mean 'solve'?" in result.stderr
    assert "Did you mean" not in CliRunner().invoke(cli, ["fly"]).stderr


def test_ends_a_refusal_with_the_command_to_type_again() -> None:
    result = CliRunner().invoke(cli, ["verify", "no such run", "--lang", "en"])
    assert result.exit_code == 3
    lines = result.stderr.splitlines()
    assert lines[0] == "no such run cannot be used:" and "psu-planner solve SCENARIO" in lines[1]
    assert lines[-1] == "Mend the above, then type again: psu-planner verify 'no such run' --lang en"
