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
from rich.table import Table
from rich.text import Text

from models.problem import InputError, Problem
from planner.at_work import heard_by
from planner.live_line import LiveLine
from planner.report_problems import lines_of, records_of, told
from planner.wording import Wording

SCHEMA_VERSION = 1
LEAST_WIDTH = 100  # of tables that go to a file: nobody wraps them there
Gap = tuple[int, int, int, int]
WIDE: Gap = (0, 1, 0, 1)
NARROW: Gap = (0, 0, 0, 1)
_NAME = "\ue000"  # stands for a name until its table is drawn; a private character that no table of units holds
_INDENT = re.compile(r"\s*(?:- |\d+\. )?")


class Good(str):
    """A cell in green; its words say that all is well, for those who see no colour."""

    style = "green"


class Bad(str):
    """A cell in red; its words say what is wrong, for those who see no colour."""

    style = "bold red"


class Talk:
    """What a command prints, in one language; `--json` leaves stdout to one document, `--quiet` silences stderr.
    Either takes away the live line.

    What went wrong is said even when quiet. A reader that closes stdout early silences it and ends nothing.
    """

    def __init__(self, wording: Wording, *, as_json: bool, quiet: bool) -> None:
        self.wording, self.as_json, self.quiet = wording, as_json, quiet
        self._out = Console(highlight=False, emoji=False)
        self._err = Console(stderr=True, highlight=False, emoji=False)
        watched = self._err.is_terminal and not quiet and not as_json
        self._live = LiveLine(self._err, wording, shown=watched)

    def say(self, key: str, **facts: object) -> None:
        """A sentence on stdout, wrapped between words on a terminal; none beside a JSON document."""
        if not self.as_json:
            self._put(sys.stdout, _wrapped(self.wording.say(key, **facts), self._out))

    def line(self, text: str) -> None:
        """A line on stdout exactly as it is; none beside a JSON document."""
        if not self.as_json:
            self._put(sys.stdout, text)

    def item(self, text: str) -> None:
        """An entry of a list on stdout, wrapped as a sentence is."""
        self.line(_wrapped(f"  - {text}", self._out))

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
        self._put(sys.stderr, _wrapped(text, self._err))

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
        if not self.as_json:
            self._put(sys.stdout, "\n" + "\n".join(self._drawn(title, _table(headers, rows, right))) + "\n")

    def named_table(
        self, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """A table whose rows begin with a long name, which stands whole on lines of its own above their figures."""
        if self.as_json:
            return
        names: list[str] = []
        figures: list[Sequence[str]] = []
        for name, *cells in rows:
            figures += [[f"{_NAME}{len(names)}"], cells] if name else [cells]
            names += [name] if name else []
        lines = self._drawn(title, _table(headers, figures, right, gap=NARROW))
        named = (_wrapped(names[int(line[1:])], self._out) if line.startswith(_NAME) else line for line in lines)
        self._put(sys.stdout, "\n" + "\n".join(named) + "\n")

    def _drawn(self, title: str, table: Table) -> list[str]:
        width = None if self._out.is_terminal else max(LEAST_WIDTH, self._out.width)
        with self._out.capture() as drawn:
            if title:
                self._out.print(Text(_wrapped(title, self._out), style="bold"), soft_wrap=True)
            self._out.print(table, width=width)
        return [line.rstrip() for line in drawn.get().splitlines()]

    def document(self, document: dict[str, Any]) -> None:
        """The one JSON document of a command, with its schema version."""
        if self.as_json:
            whole = {"schema_version": SCHEMA_VERSION, **document}
            self._put(sys.stdout, json.dumps(whole, ensure_ascii=False, indent=2))

    @contextmanager
    def watched(self) -> Iterator[None]:
        """While a whole command runs: what the library is at stands on the live line."""
        with heard_by(self._live.detail), self.progress():
            yield

    @contextmanager
    def progress(self) -> Iterator[LiveLine]:
        """The live line, to be told the steps of a long work; nothing where nobody watches."""
        try:
            yield self._live
        finally:
            self._live.rest()

    def _put(self, stream: TextIO, text: str) -> None:
        self._live.rest()
        _write(stream, text)


Steps = LiveLine


def _table(headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int], *, gap: Gap = WIDE) -> Table:
    table = Table(
        header_style="bold", box=box.SIMPLE_HEAD, padding=gap, pad_edge=False, show_edge=False,
        show_header=any(headers),
    )  # fmt: skip
    for place, header in enumerate(headers):
        figures = place in right
        fit: dict[str, Any] = {"justify": "right", "no_wrap": True} if figures else {"overflow": "fold"}
        table.add_column(Text(header), vertical="top", **fit)
    for row in rows:
        table.add_row(*(Text(cell, style=getattr(cell, "style", "")) for cell in row))
    return table


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
