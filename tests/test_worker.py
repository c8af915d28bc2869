"""The solver process: what it found survives Ctrl-C, the clock, a crash and its parent's end."""

import os
import signal
import subprocess
import sys
import time
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from small_programs import best_by_trying, knapsack_cover, random_program

from models.answer import Limits, Values
from models.program import Program
from planner.frames import BrokenFrameError, Frame, program_arrays, program_from, read_frame, write_frame
from planner.solver import Solver, WorkerDied

HOURS = Limits(time_s=36_000)
posix = pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX; not tried on Windows")


class Progress:
    """Remembers what was told, and does something when the given number of plans has come."""

    def __init__(self, after_plans: int = 0, then: object = None) -> None:
        self.scores: list[int] = []
        self.bounds: list[int] = []
        self._after, self._then = after_plans, then

    def __call__(self, score: int | None, bound: int | None, values: Values | None) -> None:
        if bound is not None:
            self.bounds.append(bound)
        if values is not None and score is not None:
            self.scores.append(score)
            if callable(self._then) and len(self.scores) >= self._after:
                self._then()


@pytest.fixture(scope="module")
def hard() -> Program:
    """700 towns, 4,000 choices, four tight budgets: hours of work, with a first plan in a second."""
    return knapsack_cover(1, items=700, choices=4000, budgets=4)


def test_answers_as_the_engine_does_and_stays_warm() -> None:
    with Solver() as solver:
        pids = set()
        for seed in (0, 1, 2, 3):
            for engine in ("highs", "scip", "cpsat"):
                answer = solver.solve(random_program(seed), limits=Limits(20), engine=engine)  # type: ignore[arg-type]
                best = best_by_trying(random_program(seed))
                assert answer.score == best
                assert answer.status == ("infeasible" if best is None else "optimal")
                pids.add(solver.pid)
    assert len(pids) == 1, "one process serves every solve"
    assert solver.pid is None and not alive(pids.pop())


@pytest.mark.parametrize("engine", ["highs", "scip", "cpsat"])
def test_streams_better_plans_and_keeps_the_last_at_the_limit(hard: Program, engine: str) -> None:
    progress = Progress()
    with Solver() as solver:
        answer = solver.solve(hard, limits=Limits(3), engine=engine, on_progress=progress)  # type: ignore[arg-type]
    assert answer.ended_by == "clock" and not answer.repeatable and answer.status == "feasible"
    assert len(progress.scores) >= 2 and progress.scores == sorted(progress.scores, reverse=True)
    assert progress.bounds == sorted(progress.bounds) and progress.bounds
    assert answer.score == progress.scores[-1] and answer.plan is not None and hard.score(answer.plan) == answer.score
    assert not hard.violated(answer.plan).size
    assert answer.bound is not None and answer.bound >= progress.bounds[-1] and answer.bound < answer.score


@posix
def test_ends_a_worker_that_does_not_return_in_time(hard: Program) -> None:
    """The worker is stopped cold after its second plan: the parent waits for limit and grace, no longer."""
    with Solver(grace_s=0.5) as solver:
        freeze = Progress(2, lambda: os.kill(pid_of(solver), signal.SIGSTOP))
        began = time.monotonic()
        answer = solver.solve(hard, limits=Limits(2), on_progress=freeze)
        assert time.monotonic() - began < 5
        assert (answer.status, answer.ended_by) == ("feasible", "clock")
        assert answer.score == freeze.scores[-1]
        assert solver.pid is None


@pytest.mark.parametrize(("engine", "stays"), [("highs", False), ("cpsat", True)])
def test_interrupts_with_the_best_plan(hard: Program, engine: str, stays: bool) -> None:
    with Solver() as solver:
        solver.solve(random_program(0), limits=Limits(5))
        progress = Progress(1, solver.interrupt)
        began = time.monotonic()
        answer = solver.solve(hard, limits=HOURS, engine=engine, on_progress=progress)  # type: ignore[arg-type]
        assert time.monotonic() - began < 4
        assert (answer.status, answer.ended_by, answer.repeatable) == ("feasible", "interrupted", False)
        assert answer.score == progress.scores[-1]
        assert (solver.pid is not None) == stays, "HiGHS listens to nobody, so its process is ended"


@posix
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ends_within_two_seconds_of_ctrl_c_with_the_best_plan(number: signal.Signals) -> None:
    parent = parent_script()
    first = parent.stdout.readline()  # type: ignore[union-attr]
    os.killpg(parent.pid, number)
    began = time.monotonic()
    rest = parent.communicate(timeout=10)[0]
    assert time.monotonic() - began < 2
    words = rest.split()
    assert parent.returncode == 0 and words[-3:-1] == ["feasible", "interrupted"], rest
    assert int(words[-1]) <= int(first.split()[1])
    assert not running(int(first.split()[0]))


@posix
def test_leaves_no_worker_when_its_parent_is_killed() -> None:
    parent = parent_script()
    worker = int(parent.stdout.readline().split()[0])  # type: ignore[union-attr]
    here = Path(f"/proc/{worker}/cwd")
    folder = here.readlink() if here.exists() else None
    assert running(worker) and (folder is None or folder.exists())
    parent.kill()
    parent.communicate()
    assert within(3, lambda: not running(worker))
    assert folder is None or not folder.exists()


@posix
def test_starts_once_more_with_the_best_plan_when_its_worker_is_killed(hard: Program) -> None:
    with Solver() as solver:
        killed: list[int] = []

        def kill_once() -> None:
            if not killed:
                killed.append(pid_of(solver))
                os.kill(killed[0], signal.SIGKILL)

        progress = Progress(3, kill_once)
        answer = solver.solve(hard, limits=Limits(4), on_progress=progress)
        assert solver.pid not in (None, killed[0]) and not alive(killed[0])
        assert answer.ended_by == "clock" and not answer.repeatable
        assert answer.score == progress.scores[-1] and progress.scores == sorted(progress.scores, reverse=True)


@posix
def test_reports_a_worker_that_dies_again_and_keeps_the_best_plan(hard: Program) -> None:
    with Solver() as solver:
        progress = Progress()

        def kill(score: int | None, bound: int | None, values: Values | None) -> None:
            progress(score, bound, values)
            os.kill(pid_of(solver), signal.SIGKILL)

        with pytest.raises(WorkerDied) as died:
            solver.solve(hard, limits=HOURS, on_progress=kill)
    assert died.value.code == -signal.SIGKILL
    assert died.value.answer.status == "feasible" and died.value.answer.score == progress.scores[-1]


@posix
def test_keeps_the_last_words_of_a_worker_without_memory() -> None:
    """100 MB are too little to load the solvers at all."""
    with Solver(memory_mb=100) as solver, pytest.raises(WorkerDied) as died:
        solver.solve(random_program(0), limits=Limits(5))
    assert died.value.code != 0 and died.value.last_lines
    assert died.value.answer.status == "unknown"


def test_gives_nothing_but_frames_to_its_output_even_when_a_banner_prints() -> None:
    script = (
        "import ctypes, os\n"
        "from planner.frames import Frame, write_frame\n"
        "from planner.worker import claim_pipes\n"
        "requests, replies = claim_pipes()\n"
        "print('python banner', flush=True)\n"
        "os.write(1, b'raw banner')\n"
        "native = ctypes.CDLL(None); native.puts(b'native banner'); native.fflush(None)\n"
        "write_frame(replies, Frame('ready', {'read': os.read(0, 10).decode()}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], input=b"not for libraries", capture_output=True, check=True)
    pipe = BytesIO(done.stdout)
    frame = read_frame(pipe)
    assert frame is not None and (frame.kind, frame.facts) == ("ready", {"read": ""})
    assert pipe.read() == b""
    for banner in (b"python banner", b"raw banner", b"native banner"):
        assert banner in done.stderr


def test_carries_a_program_through_a_pipe_unchanged() -> None:
    for seed in range(10):
        before, pipe = random_program(seed), BytesIO()
        write_frame(pipe, Frame("solve", {"job": seed}, program_arrays(before)))
        pipe.seek(0)
        frame = read_frame(pipe)
        assert frame is not None and frame.facts == {"job": seed}
        after = program_from(frame.arrays)
        assert (before.matrix != after.matrix).nnz == 0 and before.constant == after.constant
        for name in ("at_least", "at_most", "costs", "upper", "whole"):
            assert np.array_equal(getattr(before, name), getattr(after, name)), name


def test_refuses_what_is_no_frame_and_notices_a_torn_one() -> None:
    with pytest.raises(BrokenFrameError):
        read_frame(BytesIO(b"Running HiGHS 1.12.0 (git hash: n/a)"))
    pipe = BytesIO()
    write_frame(pipe, Frame("answer", {"score": 1}, {"values": np.arange(5)}))
    assert read_frame(BytesIO(pipe.getvalue()[:-3])) is None
    assert read_frame(BytesIO()) is None


def test_never_unpickles() -> None:
    body = BytesIO()
    np.savez(body, values=np.array([{"code": "could hide here"}], dtype=object))
    heading = b'{"kind": "answer"}'
    forged = b"PSU1" + len(heading).to_bytes(4) + len(body.getvalue()).to_bytes(8) + heading + body.getvalue()
    with pytest.raises(ValueError, match="allow_pickle"):
        read_frame(BytesIO(forged))


def parent_script() -> "subprocess.Popen[str]":
    """A planner of its own: prints its worker's id and the first score, then status, end and score."""
    script = (
        "from small_programs import knapsack_cover\n"
        "from models.answer import Limits\n"
        "from planner.solver import Solver\n"
        "told = []\n"
        "def tell(score, bound, values):\n"
        "    if not told and values is not None:\n"
        "        told.append(score)\n"
        "        print(solver.pid, score, flush=True)\n"
        "program = knapsack_cover(1, items=700, choices=4000, budgets=4)\n"
        "with Solver() as solver:\n"
        "    answer = solver.solve(program, limits=Limits(36000), on_progress=tell)\n"
        "print(answer.status, answer.ended_by, answer.score, flush=True)\n"
    )
    here = str(Path(__file__).parent)
    return subprocess.Popen(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {here!r})\n{script}"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )


def pid_of(solver: Solver) -> int:
    assert solver.pid is not None
    return solver.pid


def alive(pid: int) -> bool:
    """Whether the process is still there; one that ended but was never waited for counts, in its parent's eyes."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def running(pid: int) -> bool:
    """Whether the process still does something: what remains of an orphan is for the system to clear away."""
    status = Path(f"/proc/{pid}/stat")
    return alive(pid) and not (status.exists() and status.read_text().rpartition(")")[2].split()[0] == "Z")


def within(seconds: float, condition: object) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if callable(condition) and condition():
            return True
        time.sleep(0.05)
    return False
