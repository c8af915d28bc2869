"""What a command is at: told on a terminal and nowhere else, and never in the way of what the command prints."""

import io
import sys
import time
from pathlib import Path

import pytest
from rich.console import Console
from small_province import run, write_scenario
from terminals import said_on_a_terminal

from planner import live_line
from planner.at_work import at_work, heard_by
from planner.live_line import LiveLine
from planner.wording import Wording


def line_of(*, lang: str = "en", width: int = 80, shown: bool = True) -> tuple[LiveLine, io.StringIO]:
    """A live line on a terminal of its own."""
    screen = io.StringIO()
    console = Console(file=screen, force_terminal=True, width=width)
    return LiveLine(console, Wording(lang), shown=shown), screen


def test_is_silent_where_nobody_listens() -> None:
    at_work("cli.listing")  # and nothing happens


def test_hears_what_the_library_is_at_only_while_it_listens() -> None:
    heard: list[tuple[str, dict[str, object]]] = []
    with heard_by(lambda key, **facts: heard.append((key, facts))):
        at_work("cli.reading_run", run="tiny")
    at_work("cli.listing")
    assert heard == [("cli.reading_run", {"run": "tiny"})]


def test_tells_the_step_what_the_library_is_at_the_score_and_both_times(monkeypatch: pytest.MonkeyPatch) -> None:
    """Plan 2 since 3 seconds of a command of 75; 124,936 million VND are 124.9 billion."""
    now = [100.0]
    monkeypatch.setattr(live_line, "monotonic", lambda: now[0])
    line, _ = line_of(shown=False)
    now[0] = 172.0
    line.step("cli.solving", rank=2, list="different")
    line.reached(124936, 124634)
    now[0] = 175.0
    assert line.text().plain[2:] == "1:15 Plan 2 (list different): best 124.9, bound 124.6 billion VND (0:03)"
    line.detail("cli.listing")
    assert line.text().plain[2:] == "1:15 Plan 2 (list different): Listing options (0:00)"


def test_shows_nothing_in_the_first_second(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(live_line, "monotonic", lambda: now[0])
    line, _ = line_of(shown=False)
    line.step("cli.listing")
    now[0] = 0.9
    assert line.text().plain == ""
    now[0] = 1.1
    assert "Listing options" in line.text().plain


@pytest.mark.parametrize("width", [20, 80])
def test_is_never_longer_than_the_terminal_is_wide(width: int) -> None:
    line, screen = line_of(width=width)
    line._began -= 60
    line.step("sweep.solving", done=3, all=9, point="rules.a-very-long-identifier.at_least=39, " * 5)
    time.sleep(0.3)
    line.rest()
    drawn = screen.getvalue().replace("\x1b[2K", "\n").replace("\r", "\n").splitlines()
    assert max(len(one) for one in drawn if "\x1b" not in one) <= width


@pytest.mark.parametrize("flags", [[], ["--quiet"], ["--json"]])
def test_leaves_nothing_of_itself_where_nobody_watches(tmp_path: Path, flags: list[str]) -> None:
    place = write_scenario(tmp_path / "province")
    told = run("check", place, *flags)
    assert told.exit_code == 0
    assert "Listing options" not in told.stderr + told.stdout and "\x1b" not in told.stderr + told.stdout


@pytest.mark.parametrize(("flags", "seen"), [([], True), (["--quiet"], False), (["--json"], False)])
def test_is_seen_on_a_terminal_unless_asked_to_be_silent(flags: list[str], seen: bool) -> None:
    """The library works for a second and a half in a command; the line is wiped before the sentence is printed."""
    script = (
        "import time\n"
        "from planner import live_line\n"
        "from planner.at_work import at_work\n"
        "from planner.talk import Talk\n"
        "from planner.wording import Wording\n"
        f"talk = Talk(Wording('en'), as_json={'--json' in flags}, quiet={'--quiet' in flags})\n"
        "with talk.watched():\n"
        "    at_work('cli.listing')\n"
        "    time.sleep(1.6)\n"
        "    talk.line('DONE')\n"
    )
    said = said_on_a_terminal([sys.executable, "-c", script], TERM="xterm")
    assert ("Listing options" in said) is seen
    assert ("DONE" in said) is (flags != ["--json"])
    if seen:
        assert said.rindex("\x1b[2K") > said.rindex("Listing options"), "wiped before anything else is printed"
        assert said.rindex("DONE") > said.rindex("\x1b[2K")
