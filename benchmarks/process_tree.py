"""What a process and all that it started hold in memory together, and the processor time of each, read from /proc."""

import os
import threading
from pathlib import Path
from time import sleep

EVERY_S = 0.25
PAGE = os.sysconf("SC_PAGESIZE") if hasattr(os, "sysconf") else 4096
TICKS = os.sysconf("SC_CLK_TCK") if hasattr(os, "sysconf") else 100


class ProcessTree:
    """`with ProcessTree() as tree:` looks four times a second until it is left.

    peak_mib: the most resident memory of all processes together, pages that they share counted in each;
    cpu_s: seconds by process, this one's since it was entered. Both stay empty where there is no /proc.
    """

    def __enter__(self) -> "ProcessTree":
        self.peak_mib, self.cpu_s = 0, {}
        self._before = _seconds(_stat(os.getpid()))
        self._over = threading.Event()
        self._look()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._look()
        self._over.set()
        self._thread.join()

    cpu_s: dict[int, float]

    def spent_s(self) -> float:
        """The seconds of all processes until now."""
        self._look()
        return sum(list(self.cpu_s.values()))

    def _watch(self) -> None:
        while not self._over.is_set():
            self._look()
            sleep(EVERY_S)

    def _look(self) -> None:
        stats = {int(place.name): _stat(int(place.name)) for place in Path("/proc").glob("[0-9]*")}
        parents = {pid: int(fields[1]) for pid, fields in stats.items() if fields}
        mine, pages = {os.getpid()}, 0
        while more := {pid for pid, parent in parents.items() if parent in mine} - mine:
            mine |= more
        for pid in mine & set(parents):
            self.cpu_s[pid] = _seconds(stats[pid]) - (self._before if pid == os.getpid() else 0.0)
            pages += int(stats[pid][21])
        self.peak_mib = max(self.peak_mib, pages * PAGE // 2**20)


def _stat(pid: int) -> list[str]:
    """The fields of /proc/PID/stat after the name; empty once the process is gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace").rpartition(")")[2].split()
    except OSError:
        return []


def _seconds(fields: list[str]) -> float:
    return (int(fields[11]) + int(fields[12])) / TICKS if fields else 0.0
