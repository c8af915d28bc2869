"""One running solver process as its parent sees it: frames to it, frames from it, and how it ended."""

import queue
import subprocess
import sys
import threading
from collections import deque
from contextlib import suppress
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO, cast

from planner.frames import BrokenFrameError, Frame, read_frame, write_frame

_LAST_LINES = 20


class WorkerProcess:
    """Starts `python -m planner.worker`; two threads drain its pipes, so that it never waits for its parent."""

    def __init__(self, memory_mb: int = 0) -> None:
        self._folder = TemporaryDirectory(prefix="psu-planner-", ignore_cleanup_errors=True)
        # -P: a folder named `models` where the planner works must not stand before ours.
        command = [sys.executable, "-P", "-m", "planner.worker", self._folder.name, str(memory_mb)]
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, **_own_group())
        self._frames: queue.Queue[Frame | None] = queue.Queue()
        self._lines: deque[str] = deque(maxlen=_LAST_LINES)
        self._threads = [threading.Thread(target=t, daemon=True) for t in (self._drain_frames, self._drain_lines)]
        for thread in self._threads:
            thread.start()
        self.ready = False

    @property
    def pid(self) -> int:
        return self._process.pid

    def send(self, frame: Frame) -> None:
        """Send a frame; a process that has ended is noticed where its frames are received."""
        with suppress(OSError):
            write_frame(_pipe(self._process.stdin), frame)

    def receive(self, seconds: float) -> Frame | None:
        """The next frame; None where the process has ended. Raises queue.Empty when none comes in time."""
        frame = self._frames.get(timeout=seconds)
        self.ready = self.ready or (frame is not None and frame.kind == "ready")
        return frame

    def end(self) -> int:
        """End the process whatever it does, leave nothing of it behind, and tell its exit code."""
        self._process.kill()
        code = self._process.wait()
        for thread in self._threads:
            thread.join()
        for pipe in (self._process.stdin, self._process.stdout, self._process.stderr):
            _close(_pipe(pipe))
        self._folder.cleanup()
        return code

    def last_lines(self) -> tuple[str, ...]:
        """The last that it wrote to standard error; complete after `end`."""
        return tuple(self._lines)

    def _drain_frames(self) -> None:
        try:
            while (frame := read_frame(_pipe(self._process.stdout))) is not None:
                self._frames.put(frame)
        except (BrokenFrameError, ValueError) as error:
            self._lines.append(str(error))
        finally:
            self._frames.put(None)

    def _drain_lines(self) -> None:
        for line in _pipe(self._process.stderr):
            self._lines.append(line.decode("utf-8", "replace").rstrip())


def _own_group() -> dict[str, Any]:
    """Keep Ctrl-C in a terminal from reaching the process: its parent decides what becomes of it."""
    if sys.platform == "win32":
        return {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP}
    return {"start_new_session": True}


def _pipe(pipe: object) -> BinaryIO:
    return cast(BinaryIO, pipe)


def _close(pipe: BinaryIO) -> None:
    with suppress(OSError):  # what was not sent any more
        pipe.close()
