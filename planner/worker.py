"""The solver process: `python -m planner.worker`, spoken to in frames over its standard pipes.

A solver can abort the interpreter, swallow Ctrl-C or print what it likes; here it takes nobody with it. The process
ignores Ctrl-C (its parent decides), gives nothing but frames to standard output, and ends when its input closes.
"""

import os
import queue
import shutil
import signal
import sys
import threading
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from models.answer import Answer, Limits, LpAnswer, Values
from models.problem import InputError
from planner.frames import Frame, program_from, read_frame, write_frame

if TYPE_CHECKING:
    from models.engine import SolveInterrupter
    from models.errands import Spread

MEGABYTE = 1024 * 1024


def main() -> None:
    """Serve solves until the input closes. Arguments: the folder for plan files, the memory limit in MB (0: none)."""
    folder, memory_mb = Path(sys.argv[1]), int(sys.argv[2])
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    requests, replies = claim_pipes()
    limit_memory(memory_mb)
    import models.engine  # noqa: F401  # after the pipes are claimed, for what a library may print while it loads

    os.chdir(folder)  # solvers open files by name; a bare ASCII name works under any account name
    write_frame(replies, Frame("ready"))
    Worker(requests, replies, folder).serve()


def claim_pipes() -> tuple[BinaryIO, BinaryIO]:
    """The two pipes for frames alone: what native code prints goes to standard error, what it reads is empty."""
    requests, replies = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    return requests, replies


def limit_memory(megabytes: int) -> None:
    """Let the process reserve no more address space than this; Windows has no such limit and none is set there."""
    if megabytes and sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (megabytes * MEGABYTE, megabytes * MEGABYTE))


class Worker:
    """Reads requests in a thread of its own, so that "stop" and the end of the parent are heard during a solve."""

    def __init__(self, requests: BinaryIO, replies: BinaryIO, folder: Path) -> None:
        self._requests, self._replies, self._folder = requests, replies, folder
        self._jobs: queue.Queue[Frame] = queue.Queue()
        self._stops: dict[int, SolveInterrupter] = {}
        self._part_workers: dict[int, Spread] = {}

    def serve(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            job = self._jobs.get()
            self._reply(self._solved(job))

    def _listen(self) -> None:
        from models.engine import SolveInterrupter

        try:
            while (request := read_frame(self._requests)) is not None:
                if request.kind in ("solve", "relax", "price"):
                    self._stops[request.facts["job"]] = SolveInterrupter()
                    self._jobs.put(request)
                elif stop := self._stops.get(request.facts["job"]):
                    stop.interrupt()
        except Exception:
            traceback.print_exc()
        finally:
            self._leave()

    def _leave(self) -> None:
        """End at once, also in the middle of a solve: nobody waits for the answer any more."""
        shutil.rmtree(self._folder, ignore_errors=True)
        os._exit(0)

    def _reply(self, frame: Frame) -> None:
        try:
            write_frame(self._replies, frame)
        except OSError:
            self._leave()

    def _solved(self, job: Frame) -> Frame:
        try:
            return _answer_frame(self._answer(job)) if job.kind == "solve" else _relaxed_frame(self._relaxed(job))
        except InputError as error:
            problems = [{"where": p.where, "code": p.code, "facts": dict(p.facts)} for p in error.problems]
            return Frame("refused", {"source": error.source, "problems": problems})
        except Exception:
            return Frame("error", {"text": traceback.format_exc()})
        finally:
            self._stops.pop(job.facts["job"], None)

    def _answer(self, job: Frame) -> Answer:
        from models.engine import Means, solve

        with SolverPlanFiles() as plan_file:
            return solve(
                program_from(job.arrays),
                limits=Limits(**job.facts["limits"]),
                engine=job.facts["engine"],
                hint=job.arrays.get("hint"),
                on_progress=self._progress,
                seed=job.facts["seed"],
                means=Means(plan_file, self._stops[job.facts["job"]], self._spread(job.facts["workers"])),
            )

    def _relaxed(self, job: Frame) -> LpAnswer:
        """The linear relaxation of a program, or prices by parts; GLOP hears no stop, so its time is short."""
        from models.decompose import priced
        from models.engine import Means, relax
        from models.in_one_piece import one_by_one

        program = program_from(job.arrays)
        if job.kind == "relax":
            return relax(program, job.facts["time_s"])
        spread = self._spread(job.facts["workers"]) or one_by_one(Means())
        return priced(program, spread, gap=job.facts["gap"], time_s=job.facts["time_s"])

    def _spread(self, workers: int) -> "Spread | None":
        """Processes for the parts of large programs, kept for the next one; none where one process is to do it all."""
        if workers > 1 and workers not in self._part_workers:
            from planner.part_workers import PartWorkers

            self._part_workers[workers] = PartWorkers(workers)
        return self._part_workers.get(workers)

    def _progress(self, score: int | None, bound: int | None, values: Values | None) -> None:
        self._reply(Frame("progress", {"score": score, "bound": bound}, {} if values is None else {"values": values}))


class SolverPlanFiles:
    """The files, one a run, to which HiGHS appends its plans; each is read on from where it was left."""

    def __init__(self) -> None:
        self._paths: list[Path] = []
        self._place = 0

    def __enter__(self) -> "SolverPlanFiles":
        return self

    def __exit__(self, *_: object) -> None:
        for path in self._paths:
            path.unlink(missing_ok=True)

    def fresh(self) -> str:
        self._paths.append(Path(f"plans{len(self._paths)}.txt"))
        self._place = 0
        return str(self._paths[-1])

    def unread(self) -> str:
        if not self._paths[-1].exists():
            return ""
        with self._paths[-1].open("rb") as plans:
            plans.seek(self._place)
            text = plans.read()
        self._place += len(text)
        return text.decode("ascii").replace("\r\n", "\n")


def _answer_frame(answer: Answer) -> Frame:
    facts = asdict(answer)
    values = facts.pop("values")
    return Frame("answer", facts, {} if values is None else {"values": values})


def _relaxed_frame(found: LpAnswer) -> Frame:
    arrays = {"values": found.values, "duals": found.duals, "reduced_costs": found.reduced_costs}
    return Frame("relaxed", {"status": found.status, "score": found.score}, arrays)


if __name__ == "__main__":
    main()
