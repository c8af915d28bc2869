"""What a benchmark has measured so far, in a JSON file that is complete after every run: an interrupted one goes on."""

import json
import os
from collections.abc import Callable, Hashable, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from statistics import median
from typing import Any, ParamSpec, TypeVar

import numpy as np
from rich.table import Table

from benchmarks.machine import surroundings, write_json

Run = Mapping[str, Any]
Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Record:
    """The runs of one benchmark; those that the file holds already are not made again.

    keys: what tells one run from another. Every run says when it ended and how busy the machine was then.
    """

    def __init__(self, benchmark: str, path: Path | None, keys: Sequence[str]) -> None:
        self.benchmark, self.path, self.keys = benchmark, path, tuple(keys)
        self.runs: list[Run] = []
        if path is not None and path.is_file():
            told = json.loads(path.read_text(encoding="utf-8"))
            if told.get("benchmark") != benchmark:
                raise SystemExit(f"{path} holds runs of another benchmark: name another file")
            self.runs = told["runs"]

    def done(self, **key: Hashable) -> Run | None:
        return next((run for run in self.runs if all(run[name] == key[name] for name in self.keys)), None)

    def made(self, make: Callable[[], Run], **key: Hashable) -> Run:
        """The run with this key: from the file, or made now and written at once."""
        if (known := self.done(**key)) is not None:
            return known
        load = os.getloadavg()[0] if hasattr(os, "getloadavg") else None
        run = {**key, **make(), "load": load}
        self.runs.append(run)
        if self.path is not None:
            write_json(self.path, {"benchmark": self.benchmark, **surroundings(), "runs": self.runs})
        return run


def alone(work: Callable[Arguments, Result], *arguments: Arguments.args, **named: Arguments.kwargs) -> Result:
    """Work in a fresh process: its peak of memory is its own, and what it leaves behind ends with it."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(work, *arguments, **named).result()


def spread(values: Sequence[float], shape: str = ".1f") -> str:
    """The median, and the least and the most where there are several."""
    if not values:
        return "–"
    told = f"{median(values):{shape}}"
    return told if len(values) == 1 else f"{told} ({min(values):{shape}}–{max(values):{shape}})"


def exponent(sizes: Sequence[int], amounts: Sequence[float]) -> float | None:
    """The power of the size with which amounts grow, by least squares of logarithms; None below two sizes."""
    if len(set(sizes)) < 2:
        return None
    return float(np.polyfit(np.log(sizes), np.log(np.maximum(amounts, 1e-4)), 1)[0])


def table_of(title: str, names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    table = Table(title=title)
    for place, name in enumerate(names):
        table.add_column(name, justify="left" if place == 0 else "right")
    for row in rows:
        table.add_row(*row)
    return table
