"""Processes that solve the parts of a large program side by side, for the process that puts them together."""

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue

from models.answer import Answer, LpAnswer
from models.errands import Errand, Relaxing
from planner.solver import Solver, WorkerDied

AHEAD = 4  # errands a process that may be under way or waiting: what bounds the memory


class PartWorkers:
    """`PartWorkers(2)` is a `models.errands.Spread` by two processes of their own, each started when it is needed.

    A process that dies is started once more for the same errand; after that the errand counts as not answered, and
    the others go on. The processes end with the one that started them: their pipes close.
    """

    def __init__(self, count: int) -> None:
        self._idle: SimpleQueue[Solver] = SimpleQueue()
        self._solvers = [Solver() for _ in range(count)]
        for solver in self._solvers:
            self._idle.put(solver)
        self._threads = ThreadPoolExecutor(count)

    def __call__(self, errands: Iterable[Errand]) -> Iterator[Answer | LpAnswer]:
        under_way: deque[Future[Answer | LpAnswer]] = deque()
        for errand in errands:
            under_way.append(self._threads.submit(self._run, errand))
            while len(under_way) >= AHEAD * len(self._solvers):
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()

    def close(self) -> None:
        self._threads.shutdown(cancel_futures=True)
        for solver in self._solvers:
            solver.close()

    @property
    def pids(self) -> list[int]:
        """The processes that run now."""
        return [solver.pid for solver in self._solvers if solver.pid is not None]

    def _run(self, errand: Errand) -> Answer | LpAnswer:
        solver = self._idle.get()
        try:
            if isinstance(errand, Relaxing):
                return _relaxed(solver, errand)
            return solver.solve(errand.program, limits=errand.limits, seed=errand.seed)
        except WorkerDied as death:
            return death.answer
        finally:
            self._idle.put(solver)


def _relaxed(solver: Solver, errand: Relaxing) -> LpAnswer:
    """Asked twice where the process died: a relaxation is a matter of a moment."""
    found = solver.relax(errand.program, time_s=errand.time_s)
    died = found.status == "unknown" and solver.pid is None and errand.time_s > 0
    return solver.relax(errand.program, time_s=errand.time_s) if died else found
