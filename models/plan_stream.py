"""What HiGHS says while it runs: better plans that it writes to a file, and bounds in its log.

HiGHS offers no callback through MathOpt and cannot be interrupted, but it writes every better plan to a file that the
caller names, completely and before the log line that reports it. So nothing is lost when its process is ended.
"""

import re
from typing import Protocol

import numpy as np
from numpy.typing import NDArray


class PlanFile(Protocol):
    """Where HiGHS leaves its plans; the application opens and reads it, since nothing in `models` does."""

    def fresh(self) -> str:
        """The path of a file that nothing was written to yet."""
        ...

    def unread(self) -> str:
        """What was written to that file since it was last asked for."""
        ...


class PlanReader:
    """Plans out of the text that HiGHS appends: a heading, a count of entries, one line `value column` each."""

    def __init__(self, columns: int) -> None:
        self._columns = columns
        self._rest = ""

    def read(self, text: str) -> list[NDArray[np.float64]]:
        """The plans that are complete by now, in the order found."""
        self._rest += text
        plans = []
        while (plan := self._next()) is not None:
            plans.append(plan)
        return plans

    def _next(self) -> NDArray[np.float64] | None:
        start = re.search(r"^# Columns (-?\d+)\n", self._rest, re.MULTILINE)
        if start is None:
            return None
        count = abs(int(start[1]))
        lines = self._rest[start.end() :].split("\n", count)
        if len(lines) <= count:
            return None
        self._rest = lines[count]
        plan = np.zeros(self._columns)
        for line in lines[:count]:
            *_, value, column = line.split()
            plan[int(column)] = float(value)
        return plan


# One line of the table that HiGHS logs: where a plan came from, three counts of nodes (12k for thousands), how much
# of the tree is explored, then the bound.
_LINE = re.compile(r"^\s*[A-Za-z]?\s+(?:\d+k?\s+){3}[\d.]+%\s+(\S+)\s")


def logged_bound(line: str) -> float | None:
    """The lower bound that a line of HiGHS's log states; None where it states none."""
    found = _LINE.match(line)
    try:
        return float(found[1]) if found else None
    except ValueError:
        return None
