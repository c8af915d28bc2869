"""How a command speaks: data on stdout, talk on stderr, tables that fit a terminal."""

import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from models.problem import Problem
from planner.report_problems import lines_of
from planner.wording import Wording

SCHEMA_VERSION = 1


class Talk:
    """What a command prints, in one language; `--json` leaves stdout to one document, `--quiet` silences stderr."""

    def __init__(self, wording: Wording, *, as_json: bool, quiet: bool) -> None:
        self.wording, self.as_json, self.quiet = wording, as_json, quiet
        self._out = Console(highlight=False, soft_wrap=True)
        self._err = Console(stderr=True, highlight=False, soft_wrap=True)

    def say(self, key: str, **facts: object) -> None:
        """A sentence on stdout; none beside a JSON document."""
        self.line(self.wording.say(key, **facts))

    def line(self, text: str) -> None:
        if not self.as_json:
            self._out.print(text, markup=False)

    def aside(self, key: str, **facts: object) -> None:
        """A sentence on stderr."""
        if not self.quiet:
            self._err.print(self.wording.say(key, **facts), markup=False)

    def error_line(self, text: str) -> None:
        """A line of what is wrong, on stderr even when quiet."""
        self._err.print(text, markup=False)

    def warn(self, problems: Sequence[Problem]) -> None:
        """Warnings, all of them, on stderr."""
        if problems and not self.quiet:
            self._err.print(self.wording.say("problem.warnings", count=len(problems)), markup=False)
            for line in lines_of(problems, self.wording):
                self._err.print(line, markup=False)

    def table(
        self, title: str, headers: Sequence[str], rows: Iterable[Sequence[str]], right: Sequence[int] = ()
    ) -> None:
        """A table on stdout; `right` names the columns of figures."""
        if self.as_json:
            return
        table = Table(title=title, title_justify="left", title_style="bold", header_style="bold", pad_edge=False)
        for place, header in enumerate(headers):
            table.add_column(header, justify="right" if place in right else "left", overflow="fold")
        for row in rows:
            table.add_row(*(_plain(cell) for cell in row))
        width = None if self._out.is_terminal else max(100, self._out.width)
        self._out.print(table, width=width, soft_wrap=False)

    def document(self, document: dict[str, Any]) -> None:
        """The one JSON document of a command, with its schema version."""
        if self.as_json:
            whole = {"schema_version": SCHEMA_VERSION, **document}
            sys.stdout.write(json.dumps(whole, ensure_ascii=False, indent=2) + "\n")

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


def _plain(text: str) -> str:
    return text.replace("[", "\\[")
