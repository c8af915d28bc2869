"""Ctrl-C, SIGTERM, kill -9, a full disk: what was found is kept whole or not at all, and nothing else stays behind."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from small_province import document, run, write_scenario

from planner.interruption import insist

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX; not tried on Windows")

WHOLE = "Interrupted; only a result that was whole by then is kept."

# A Ctrl-C that meets an object's end, where Python can raise nothing.
LOST = """
import time
from planner.interruption import hear_again

class Ending:
    def __del__(self):
        raise KeyboardInterrupt

hear_again()
thing = Ending()
del thing
try:
    time.sleep(20)
except KeyboardInterrupt:
    print("heard")
"""

# A planner that stands still at one point of its way: it leaves a mark there and waits.
STALLED = """
import sys, time
from pathlib import Path
import planner.pictures, planner.ranking, planner.scenario_file, planner.searching, models.search
from planner.cli import main
from planner.run_folder import RunFolder
from planner.worker_process import WorkerProcess

point, mark, seconds = sys.argv[1], Path(sys.argv[2]), float(sys.argv[3])
del sys.argv[1:4]

def stand_still():
    mark.touch()
    time.sleep(seconds)

def stalled(home, name):
    real = getattr(home, name)
    def wait_first(*arguments, **named):
        if not mark.exists():
            stand_still()
        return real(*arguments, **named)
    setattr(home, name, wait_first)

def lost_from(number):
    real, sent = WorkerProcess.send, []
    def send(worker, frame):
        sent.append(frame)
        if len(sent) < number:
            real(worker, frame)
        else:
            mark.touch()
    WorkerProcess.send = send

if point == "first plan":
    lost_from(1)
elif point == "second plan":
    lost_from(2)
else:
    stalled(*{
        "reading": (planner.scenario_file, "read_units"),
        "listing": (planner.searching, "prepare"),
        "checking": (models.search, "check"),
        "writing": (planner.ranking, "write_tables"),
        "drawing": (planner.pictures, "draw_merger_map"),
        "finishing": (RunFolder, "finish"),
    }[point])
main()
"""
C, T = signal.SIGINT, signal.SIGTERM


def later(*values: object) -> Any:
    """A case that is left to `-m long`: every one is a planner of its own, two seconds each."""
    return pytest.param(*values, marks=pytest.mark.long)


BEFORE_ANY_PLAN = [
    ("reading", T), ("listing", C), ("first plan", C), later("reading", C), later("listing", T), later("first plan", T),
]  # fmt: skip
WITH_A_PLAN = [
    ("second plan", T), ("writing", C), ("drawing", T), later("second plan", C), later("checking", T),
    later("drawing", C), later("finishing", T),
]  # fmt: skip


class Planner:
    """`psu-planner solve` of the small province in a process of its own, standing still at a point."""

    def __init__(self, folder: Path, point: str, seconds: float) -> None:
        self.folder, self.out, mark = folder, folder / "out" / "run", folder / "mark"
        self.out.parent.mkdir()
        plans = 2 if point in ("second plan", "drawing") else 1
        province = write_scenario(folder / "province", search={"plans": plans, "time_limit_s": 600})
        command = [
            sys.executable,
            "-c",
            STALLED,
            point,
            mark,
            seconds,
            "solve",
            province,
            "--out",
            self.out,
            "--lang",
            "en",
        ]
        self.process = subprocess.Popen(
            list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
        )
        assert within(30, lambda: mark.exists() or self.process.poll() is not None)
        self.workers = children_of(self.process.pid)

    def ended(self, seconds: float = 20) -> tuple[int, str]:
        """The exit code and what stands on stderr, once it and its solver are gone."""
        said = self.process.communicate(timeout=seconds)[1]
        assert within(5, lambda: not any(running(worker) for worker in self.workers)), "a solver process is left"
        return self.process.returncode, said

    def left_over(self) -> list[str]:
        return sorted(path.name for path in self.out.parent.iterdir())


@pytest.mark.parametrize(("point", "number"), BEFORE_ANY_PLAN)
def test_leaves_nothing_when_interrupted_before_there_is_a_plan(
    tmp_path: Path, point: str, number: signal.Signals
) -> None:
    planner = Planner(tmp_path, point, 60)
    os.kill(planner.process.pid, number)
    code, said = planner.ended()
    assert code == 130 and ("Interrupted; no result is written." in said or WHOLE in said) and "Traceback" not in said
    assert planner.left_over() == []


@pytest.mark.parametrize(("point", "number"), WITH_A_PLAN)
def test_keeps_the_best_plan_whole_when_interrupted_later(tmp_path: Path, point: str, number: signal.Signals) -> None:
    planner = Planner(tmp_path, point, 1)
    os.kill(planner.process.pid, number)
    code, said = planner.ended()
    assert code == 130 and "the best plan so far is written" in said and "Traceback" not in said
    assert planner.left_over() == ["run"]
    verified = document(run("verify", planner.out, "--json"))
    assert verified["sound"] and verified["plans"] >= 1
    if point == "drawing":
        assert (planner.out / "map-1.png").exists()
        assert not (planner.out / "cash-1.png").exists(), "no further picture is begun"


@pytest.mark.parametrize("point", ["second plan", "drawing", later("listing"), later("writing")])
def test_ends_at_once_when_interrupted_twice(tmp_path: Path, point: str) -> None:
    planner = Planner(tmp_path, point, 60 if point == "listing" else 3)
    os.kill(planner.process.pid, signal.SIGINT)
    time.sleep(0.2)
    if planner.process.poll() is None:
        os.kill(planner.process.pid, signal.SIGTERM)
    code, said = planner.ended(seconds=5)
    assert code == 130 and "Traceback" not in said
    assert planner.left_over() in ([], ["run"])
    if planner.left_over():
        assert document(run("verify", planner.out, "--json"))["sound"]


def test_hears_again_what_came_while_python_cleared_up() -> None:
    told = subprocess.run([sys.executable, "-c", LOST], capture_output=True, text=True, timeout=30, check=False)
    assert (told.stdout, told.stderr, told.returncode) == ("heard\n", "", 0)


@pytest.mark.parametrize("error", [ImportError, SystemError, OSError, KeyboardInterrupt])
def test_ends_as_interrupted_whatever_a_library_makes_of_a_second_signal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    """C code that a KeyboardInterrupt meets while a module is imported tells of an error of its own."""
    place = write_scenario(tmp_path / "province")

    def interrupted(*_: object, **__: object) -> None:
        try:
            insist()
        except KeyboardInterrupt:
            raise error("a module failed to import") from None

    with monkeypatch.context() as patched:
        patched.setattr("planner.commands.solve_case", interrupted)
        result = run("solve", place, "--out", tmp_path / "run")
    assert result.exit_code == 130 and WHOLE in result.stderr
    assert "Traceback" not in result.stderr and not (tmp_path / "run").exists()
    with monkeypatch.context() as patched:
        patched.setattr("planner.commands.solve_case", never)
        assert run("solve", place, "--out", tmp_path / "run").exit_code == 1, "the next command is not taken for it"


@pytest.mark.parametrize("point", ["second plan", "drawing", later("reading"), later("writing"), later("finishing")])
def test_leaves_no_final_folder_when_killed(tmp_path: Path, point: str) -> None:
    planner = Planner(tmp_path, point, 60)
    planner.process.kill()
    assert planner.ended()[0] == -signal.SIGKILL
    assert not planner.out.exists()
    assert all(name.startswith(".partial-run-") for name in planner.left_over())
    if point != "drawing":
        return
    before = planner.left_over()
    result = run("solve", tmp_path / "province", "--out", planner.out, "--plans", 1)
    assert result.exit_code == 0, "what a killed run left disturbs no later one"
    assert planner.left_over() == [*before, "run"]
    assert document(run("verify", planner.out, "--json"))["sound"]


@pytest.mark.parametrize("out", [["--out", "same"], later([])])
def test_gives_two_runs_at_once_folders_of_their_own(tmp_path: Path, out: list[str]) -> None:
    province = write_scenario(tmp_path / "province")
    command = [sys.executable, "-m", "planner.cli", "solve", str(province), "--plans", "1", "--json", *out]
    both = [
        subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [process.communicate(timeout=60) for process in both]
    assert [process.returncode for process in both] == [0, 0], said
    place = tmp_path if out else tmp_path / "runs"
    folders = [path for path in place.iterdir() if (path / "manifest.json").exists()]
    assert len(folders) == 2 and not [path for path in place.iterdir() if path.name.startswith(".partial")]
    for folder in folders:
        assert document(run("verify", folder, "--json"))["sound"]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="needs a place where nobody can write")
def test_says_before_solving_that_a_place_cannot_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("planner.commands.solve_case", never)
    for lang, said in (("en", "/proc/runs/run cannot be written"), ("vi", "Không ghi được /proc/runs/run")):
        result = run("solve", write_scenario(tmp_path / "province"), "--out", "/proc/runs/run", lang=lang)
        assert result.exit_code == 2 and said in result.stderr and "Traceback" not in result.stderr


@pytest.mark.parametrize("point", ["planner.ranking.write_tables", "planner.pictures.draw_merger_map"])
def test_leaves_nothing_half_written_on_a_full_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, point: str
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(point, full)
    asked = ("--pictures", "first", "--out", tmp_path / "out" / "run", "--json")
    result = run("solve", write_scenario(tmp_path / "province"), *asked)
    assert result.exit_code == 2 and "no space left on the disk" in result.stderr
    assert document(result)["status"] == "cannot_write"
    assert list((tmp_path / "out").iterdir()) == []


def test_leaves_nothing_half_written_on_a_disk_that_fills_up(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province")
    with tiny_disk(tmp_path / "disk") as disk:
        result = run("solve", province, "--out", disk / "run", "--plans", 1)
        assert result.exit_code == 2 and f"{disk / 'run'} cannot be written: no space left on the disk" in result.stderr
        assert list(disk.iterdir()) == []


@contextmanager
def tiny_disk(place: Path) -> Iterator[Path]:
    """A file system of 100 kB, where this machine and user can make one."""
    place.mkdir()
    if os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root mounts file systems")
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=100k", "none", str(place)], capture_output=True)
    if made.returncode:
        pytest.skip("no file system may be mounted here")
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def never(*_: Any, **__: Any) -> None:
    raise AssertionError("this must not be called")


def children_of(pid: int) -> list[int]:
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def running(pid: int) -> bool:
    """Whether a process still does something; what remains of an orphan is for the system to clear away."""
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def within(seconds: float, condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False
