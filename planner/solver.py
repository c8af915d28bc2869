"""Solving in a process of its own: the planner keeps the clock, Ctrl-C and every plan found so far."""

import queue
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from importlib.metadata import version
from time import monotonic
from types import FrameType, TracebackType
from typing import Any

import numpy as np

from models.answer import Answer, Ending, Engine, Limits, LpAnswer, OnProgress, Values
from models.incumbent import Incumbent
from models.problem import InputError, Problem
from models.program import Program
from planner.frames import Frame, program_arrays
from planner.interruption import insist
from planner.worker_process import WorkerProcess

GRACE_S = 5.0  # past its limit a solver may still finish what it is at
STOP_S = 1.0  # after "stop", for SCIP and CP-SAT to hand in what they have
START_S = 60.0
_POLL_S = 0.1


class WorkerDied(RuntimeError):  # noqa: N818
    """The solver process ended by itself twice; what it had found stands in `answer`.

    code: its exit code, negative for a signal (-9 where the system ran out of memory, -11 for a crash).
    """

    def __init__(self, code: int, last_lines: tuple[str, ...], answer: Answer) -> None:
        self.code, self.last_lines, self.answer = code, last_lines, answer
        super().__init__(f"the solver process ended with code {code}: " + " / ".join(last_lines[-5:]))


class WorkerFailed(RuntimeError):  # noqa: N818
    """The solver process reported an error of the program; the text is its traceback."""


@dataclass(eq=False)
class _Job:
    program: Program
    engine: Engine
    limits: Limits
    hint: Values | None
    seed: int
    best: Incumbent
    number: int
    workers: int
    began: float = field(default_factory=monotonic)
    restarted: bool = False

    def left(self) -> float:
        return max(0.0, self.limits.seconds - (monotonic() - self.began))

    def frame(self) -> Frame:
        known = self.hint if self.best.values is None else self.best.values
        facts = {"job": self.number, "engine": self.engine, "seed": self.seed, "workers": self.workers}
        limits = asdict(replace(self.limits, time_s=self.left()))
        arrays: dict[str, Any] = program_arrays(self.program)
        return Frame("solve", {**facts, "limits": limits}, arrays if known is None else {**arrays, "hint": known})


class Solver:
    """A solver process kept warm: `with Solver() as solver: solver.solve(program, limits=Limits(60))`.

    memory_mb: the address space that the process may reserve, 0 for no limit; solvers reserve well above what they
    use (one gigabyte is little), and Windows knows no such limit.
    """

    def __init__(self, *, memory_mb: int = 0, grace_s: float = GRACE_S) -> None:
        self._memory_mb, self._grace_s = memory_mb, grace_s
        self._worker: WorkerProcess | None = None
        self._interrupted = False
        self._jobs = 0

    def __enter__(self) -> "Solver":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process id of the worker, while there is one."""
        return None if self._worker is None else self._worker.pid

    def close(self) -> None:
        """End the process; a later solve starts another."""
        if self._worker is not None:
            self._worker.end()
            self._worker = None

    def interrupt(self) -> None:
        """End the solve that runs, from another thread or a signal handler; it answers with its best plan."""
        self._interrupted = True

    def solve(
        self,
        program: Program,
        *,
        limits: Limits,
        engine: Engine = "highs",
        hint: Values | None = None,
        on_progress: OnProgress | None = None,
        seed: int = 0,
        workers: int = 1,
    ) -> Answer:
        """As `models.engine.solve`, in the worker. Ctrl-C and SIGTERM end it with the best plan so far.

        workers: processes that the worker starts besides, from two on, for the parts of a large program.
        Raises InputError as the engine does, WorkerDied when the process ends by itself a second time, WorkerFailed
        when it reports an error of its own.
        """
        self._interrupted = False
        self._jobs += 1
        job = _Job(program, engine, limits, hint, seed, Incumbent(program, on_progress), self._jobs, workers)
        try:
            with self._signals_heard():
                if hint is not None:
                    job.best.offer(hint)
                return self._answer(job)
        except BaseException:
            self.close()
            raise

    def relax(self, program: Program, *, time_s: float) -> LpAnswer:
        """As `models.engine.relax`, in the worker; "unknown" where the time, a signal or a crash cut it off.

        `interrupted` tells whether a signal did. Raises InputError and WorkerFailed as `solve`.
        """
        return self._asked("relax", program, {"time_s": time_s})

    def price(self, program: Program, *, time_s: float, gap: float, workers: int = 1) -> LpAnswer:
        """As `models.decompose.priced`, in the worker; else as `relax`."""
        return self._asked("price", program, {"time_s": time_s, "gap": gap, "workers": workers})

    def _asked(self, kind: str, program: Program, facts: dict[str, Any]) -> LpAnswer:
        self._interrupted = False
        self._jobs += 1
        request, time_s = Frame(kind, {"job": self._jobs, **facts}, program_arrays(program)), facts["time_s"]
        try:
            with self._signals_heard():
                return self._relaxed(request, time_s)
        except BaseException:
            self.close()
            raise

    @property
    def interrupted(self) -> bool:
        """Whether somebody ended the last solve."""
        return self._interrupted

    def _relaxed(self, request: Frame, time_s: float) -> LpAnswer:
        if self._worker is None:
            self._worker = WorkerProcess(self._memory_mb)
        worker = self._worker
        worker.send(request)
        deadline = monotonic() + time_s + (self._grace_s if worker.ready else START_S)
        while monotonic() < deadline and not self._interrupted:
            frame = _next(worker)
            if frame is None:
                break
            _raise_where_refused(frame)
            if frame.kind == "relaxed":
                found: dict[str, Any] = {**frame.facts, **frame.arrays}
                return LpAnswer(**found)
        self.close()
        return no_relaxation()

    def _answer(self, job: _Job) -> Answer:
        while True:
            if self._worker is None:
                self._worker = WorkerProcess(self._memory_mb)
            self._worker.send(job.frame())
            answer = self._watched(job, self._worker)
            if answer is not None:
                return answer
            self._bury(job)

    def _watched(self, job: _Job, worker: WorkerProcess) -> Answer | None:
        """Follow a solve to its end; None where the process died of itself."""
        deadline = monotonic() + (job.left() + self._grace_s if worker.ready else START_S)
        asked = False
        while monotonic() < deadline:
            frame = _next(worker)
            if self._interrupted and not asked:
                asked, deadline = True, min(deadline, monotonic() + self._ask_to_stop(job, worker))
            if frame is None:
                return None
            if frame.kind == "ready" and not asked:
                deadline = monotonic() + job.left() + self._grace_s
            if (answer := _taken(job, frame)) is not None:
                return answer
        self.close()
        return _cut(job, "interrupted" if self._interrupted else "clock")

    def _ask_to_stop(self, job: _Job, worker: WorkerProcess) -> float:
        """How long to wait for an answer after asking for it: HiGHS does not listen."""
        if job.engine in ("highs", "options_first") or not worker.ready:
            return 0.0
        worker.send(Frame("stop", {"job": job.number}))
        return STOP_S

    def _bury(self, job: _Job) -> None:
        """Clear a dead process away; raises WorkerDied unless it is the first of this solve."""
        assert self._worker is not None
        dead, self._worker = self._worker, None
        code = dead.end()
        if job.restarted:
            raise WorkerDied(code, dead.last_lines(), _cut(job, "work"))
        job.restarted = True

    @contextmanager
    def _signals_heard(self) -> Iterator[None]:
        """Ctrl-C and SIGTERM end the solve, not the program; a second one is an ordinary KeyboardInterrupt."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, signal.SIG_DFL if handler is None else handler)

    def _on_signal(self, number: int, at: FrameType | None) -> None:  # noqa: ARG002
        if self._interrupted:
            insist()
        self.interrupt()


def _next(worker: WorkerProcess) -> Frame | None:
    try:
        return worker.receive(_POLL_S)
    except queue.Empty:
        return Frame("nothing")


def _taken(job: _Job, frame: Frame) -> Answer | None:
    """Take in what a frame brings; the answer, where it is one."""
    if frame.kind in ("progress", "answer"):
        if "values" in frame.arrays:
            job.best.offer(frame.arrays["values"])
        if frame.facts["bound"] is not None:
            job.best.keep_bound(frame.facts["bound"])
    _raise_where_refused(frame)
    return _finished(job, frame) if frame.kind == "answer" else None


def no_relaxation() -> LpAnswer:
    """The answer of a relaxation that was not solved to its end."""
    nothing = np.zeros(0)
    return LpAnswer("unknown", float("nan"), nothing, nothing, nothing)


def _raise_where_refused(frame: Frame) -> None:
    if frame.kind == "refused":
        problems = [Problem(p["where"], p["code"], p["facts"]) for p in frame.facts["problems"]]
        raise InputError(frame.facts["source"], problems)
    if frame.kind == "error":
        raise WorkerFailed(frame.facts["text"])


def _finished(job: _Job, frame: Frame) -> Answer:
    answer = Answer(**{**frame.facts, "values": None})
    if not job.restarted:
        return replace(answer, values=job.best.values)
    cut = answer.ended_by if answer.ended_by in ("clock", "interrupted") else None
    return _cut(job, cut, impossible=answer.status == "infeasible")


def _cut(job: _Job, cut: Ending | None, *, impossible: bool = False) -> Answer:
    """The answer of a solve that did not end by itself in one process: what it had streamed until then."""
    best = job.best
    status, ended_by = best.outcome(job.limits.gap, cut, impossible=impossible)
    seconds = monotonic() - job.began
    known = (best.values, best.score, best.bound)
    return Answer(
        status, *known, seconds, ended_by, repeatable=False, engine=job.engine, version=f"ortools {version('ortools')}"
    )
