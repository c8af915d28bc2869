"""The solver process that the commands within one test process share: starting it takes longer than what it solves."""

import atexit

from planner.frames import Frame
from planner.worker_process import WorkerProcess


class WarmWorker(WorkerProcess):
    """A worker that waits for the next command once it has answered; one that is still at work ends as always."""

    def __init__(self) -> None:
        super().__init__()
        self._busy = False

    def send(self, frame: Frame) -> None:
        self._busy = self._busy or frame.kind != "stop"
        super().send(frame)

    def receive(self, seconds: float) -> Frame | None:
        frame = super().receive(seconds)
        self._busy = self._busy and (frame is None or frame.kind not in ("answer", "relaxed"))
        return frame

    def end(self) -> int:
        if self._busy:
            return super().end()
        _waiting.append(self)
        return 0


def warm_worker(memory_mb: int = 0) -> WorkerProcess:
    """In place of `WorkerProcess`: one that waits, where there is one."""
    if memory_mb:
        return WorkerProcess(memory_mb)
    return _waiting.pop() if _waiting else WarmWorker()


def _end_all() -> None:
    for worker in _waiting:
        WorkerProcess.end(worker)


_waiting: list[WarmWorker] = []
atexit.register(_end_all)
