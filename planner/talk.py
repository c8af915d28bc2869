"""How a command speaks: data on stdout, talk on stderr, tables that fit a terminal."""

import json
import os
import re
import sys
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TextIO

from rich import box
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from models.problem import InputError, Problem
from planner.report_problems import lines_of, records_of, told
from planner.wording import Wording

SCHEMA_VERSION = 1
LEAST_WIDTH = 100  # of tables that go to a file: nobody wraps them there
_INDENT = re.compile(r"\s*(?:- )?")


class Good(str):
    """A cell in green; its words say that all is well, for those who see no colour."""

    style = "green"


class Bad(str):
    """A cell in red; its words say what is wrong, for those who see no colour."""

    style = "bold red"


class Talk:
    """What a command prints, in one language; `--json` leaves stdout to one document, `--quiet` silences stderr.

    What went wrong is said even when quiet. A reader that closes stdout early silences it and ends nothing.
    """

    def __init__(self, wording: Wording, *, as_json: bool, quiet: bool) -> None:
        self.wording, self.as_json, self.quiet = wording, as_json, quiet
        self._out = Console(highlight=False, emoji=False)
        self._err = Console(stderr=True, highlight=False, emoji=False)

    def say(self, key: str, **facts: object) -> None:
        """A sentence on stdout, wrapped between words on a terminal; none beside a JSON document."""
        if not self.as_json:
            _write(sys.stdout, _wrapped(self.wording.say(key, **facts), self._out))

    def line(self, text: str) -> None:
        """A line on stdout exactly as it is; none beside a JSON document."""
        if not self.as_json:
            _write(sys.stdout, text)

    def aside(self, key: str, **facts: object) -> None:
        """A sentence on stderr that may as well not be read."""
        if not self.quiet:
            self.error_line(self.wording.say(key, **facts))

    def complain(self, key: str, **facts: object) -> None:
        """What went wrong, on stderr even when quiet."""
        self.error_line(self.wording.say(key, **facts))

    def fail(self, status: str, key: str, **facts: object) -> None:
        """What went wrong, with a JSON document of its own that says so too."""
        self.complain(key, **facts)
        self.document({"status": status, "message": self.wording.say(key, **facts)})

    def error_line(self, text: str) -> None:
        """A line of what is wrong, on stderr even when quiet."""
        _write(sys.stderr, _wrapped(text, self._err))

    def warn(self, problems: Sequence[Problem]) -> None:
        """Warnings, all of them, on stderr."""
        if problems:
            self.aside("problem.warnings", count=len(problems))
        for line in lines_of(problems, self.wording) if not self.quiet else ():
            self.error_line(line)

    def refuse(self, error: InputError) -> None:
        """Every problem of an input."""
        for line in told(error, self.wording).splitlines():
            self.error_line(line)
        problems = records_of(error.problems, self.wording)
        self.document({"status": "input_unusable", "source": error.source, "problems": problems})

    def table(
        self, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """A table on stdout; `right` names the columns of figures, which are never broken."""
        if self.as_json:
            return
        table = Table(
            header_style="bold", box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False,
            show_header=any(headers),
        )  # fmt: skip
        for place, header in enumerate(headers):
            figures = place in right
            table.add_column(Text(header), justify="right" if figures else "left", no_wrap=figures, vertical="top")
        for row in rows:
            table.add_row(*(Text(cell, style=getattr(cell, "style", "")) for cell in row))
        width = None if self._out.is_terminal else max(LEAST_WIDTH, self._out.width)
        with self._out.capture() as drawn:
            if title:
                self._out.print(Text(_wrapped(title, self._out), style="bold"), soft_wrap=True)
            self._out.print(table, width=width)
        _write(sys.stdout, "\n" + "\n".join(line.rstrip() for line in drawn.get().splitlines()) + "\n")

    def document(self, document: dict[str, Any]) -> None:
        """The one JSON document of a command, with its schema version."""
        if self.as_json:
            whole = {"schema_version": SCHEMA_VERSION, **document}
            _write(sys.stdout, json.dumps(whole, ensure_ascii=False, indent=2))

    @contextmanager
    def progress(self) -> Iterator["Steps"]:
        """A line on stderr that follows a long work; nothing where nobody watches."""
        columns = (
            SpinnerColumn(),
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=12),
            TimeElapsedColumn(),
        )
        with Progress(
            *columns, console=self._err, transient=True, disable=self.quiet or not self._err.is_terminal
        ) as bar:
            yield Steps(bar, self.wording)


class Steps:
    """The phases of a command on its progress line."""

    def __init__(self, bar: Progress, wording: Wording) -> None:
        self._bar, self._wording = bar, wording
        self._task = bar.add_task("", total=None)
        self._step = ""

    def step(self, key: str, **facts: object) -> None:
        self._step = self._wording.say(key, **facts)
        self._bar.update(self._task, description=self._step)

    def reached(self, score: int | None, bound: int | None) -> None:
        """The best score, the bound and the gap so far."""
        shown = {"score": "–" if score is None else score, "bound": "–" if bound is None else bound}
        gap = "–" if score is None or bound is None else score - bound
        self._bar.update(
            self._task, description=f"{self._step}: " + self._wording.say("cli.progress", gap=gap, **shown)
        )


def _wrapped(text: str, console: Console) -> str:
    """Lines no longer than a terminal is wide, broken between words and indented like their beginning."""
    if not console.is_terminal:
        return text
    return "\n".join(_wrapped_line(line, console.width) for line in text.splitlines())


def _wrapped_line(line: str, width: int) -> str:
    start = _INDENT.match(line)
    indent = " " * (start.end() if start else 0)
    lines = textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)
    return "\n".join(lines)


def _write(stream: TextIO, text: str) -> None:
    """Write one line; where nobody reads any more, the stream is turned to nothing."""
    try:
        stream.write(text + "\n")
        stream.flush()
    except BrokenPipeError:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)
