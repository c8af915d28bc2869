"""Where the seconds and the memory of `psu-planner solve` go: read, list, build, solve, check, write, draw, report.

    python -m benchmarks.phases --json phases.json
    python -m benchmarks.phases scenarios/tiny --runs 1

Each run makes two processes. One is the command itself, `psu-planner solve SCENARIO --out ...`, by the clock. The other
calls the functions of that command in its order, so that every phase has its own seconds and its own peak of memory
(Linux: the kernel's high-water mark is set back before each). `check` judges every plan once more, outside the search
that has judged it already; the shares count it there. The solver is a process of its own; its peak stands apart. A run
that is in the JSON file already is not made again. Three runs of Bình Thuận take about four minutes.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any, TypeVar

import click
from rich.console import Console

from benchmarks.machine import peak_mib
from benchmarks.record import Record, Run, alone, spread, table_of

PHASES = ("import", "read", "list", "build", "solve", "check", "prove", "write", "draw", "report")
Result = TypeVar("Result")


@click.command(help=__doc__)
@click.argument("scenario", type=click.Path(path_type=Path), default=Path("scenarios/binh-thuan"))
@click.option("--runs", "count", type=click.IntRange(1), default=3, show_default=True, help="Runs.")
@click.option("--json", "out", type=click.Path(path_type=Path), help="File for every run and the machine.")
def main(scenario: Path, count: int, out: Path | None) -> None:
    record = Record("phases", out, ("scenario", "run"))
    runs = []
    for number in range(count):
        key = {"scenario": scenario.as_posix(), "run": number}
        runs.append(record.made(lambda: {**_command(scenario), **alone(measure, str(scenario))}, **key))
    console = Console(width=100)
    console.print(_table(runs))
    whole = spread([run["command_s"] for run in runs])
    console.print(f"psu-planner solve {scenario}: {whole} s by the clock, {runs[0]['plans']} plans")
    told = runs[-1]["command_says"]
    console.print("its manifest says: " + ", ".join(f"{name} {seconds}" for name, seconds in told.items()))
    console.print(f"the solver's process: at most {max(run['solver_peak_mib'] or 0 for run in runs):,} MiB")


def _command(scenario: Path) -> Run:
    """The command as a user types it, by the clock, and the seconds that its manifest states."""
    with TemporaryDirectory() as folder:
        place = Path(folder) / "run"
        call = "import sys; sys.argv[0] = 'psu-planner'; from planner.cli import main; main()"
        began = perf_counter()
        asked = [sys.executable, "-c", call, "solve", str(scenario), "--out", str(place), "--quiet"]
        subprocess.run(asked, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        seconds = perf_counter() - began
        manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
        return {"command_s": seconds, "command_says": manifest["seconds"]}


class _Clock:
    """Seconds and peak memory of each phase."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self.peaks: dict[str, int | None] = {}

    def timed(self, phase: str, work: Callable[[], Result]) -> Result:
        _forget_peak()
        began = perf_counter()
        result = work()
        self.seconds[phase] = self.seconds.get(phase, 0.0) + perf_counter() - began
        self.peaks[phase] = max(_peak() or 0, self.peaks.get(phase) or 0) or None
        return result


def measure(place: str) -> Run:
    """The steps of `solve` one after another, as planner/ranking.py takes them."""
    clock = _Clock()
    clock.timed("import", _load)
    from models.search import rank
    from planner.interruption import Interruption
    from planner.ranking import proof_of_bound
    from planner.result import Result as Found
    from planner.scenario_file import read_scenario
    from planner.searching import Searching
    from planner.solver import Solver

    case = clock.timed("read", lambda: read_scenario(Path(place)))
    problem = _prepared(clock, case)
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop)
        ranking = clock.timed("solve", lambda: rank(problem, searching))
        proof = clock.timed("prove", lambda: proof_of_bound(ranking, searching))
    _check(clock, ranking)
    result = Found(case, ranking, None, {}, stop.asked, searching.worker_died, proof=proof)
    _written(clock, result)
    return {
        "plans": len(result.plans), "seconds": clock.seconds, "peaks_mib": clock.peaks, "peak_mib": peak_mib(),
        "solver_peak_mib": _peak_of_children(),
    }  # fmt: skip


def _load() -> None:
    """What the command imports on its way, so that no phase pays for another's libraries."""
    import matplotlib.pyplot  # noqa: F401

    import planner.pictures
    import planner.ranking
    import planner.report.page  # noqa: F401


def _prepared(clock: _Clock, case: Any) -> Any:
    """As `planner.searching.ready`, in two steps."""
    from models.candidates import list_options
    from models.columns import Columns
    from models.prepared import Prepared, broken_options

    scenario, units = case.scenario, case.units
    listing = clock.timed("list", lambda: list_options(scenario, units))

    def build() -> Prepared:
        columns = Columns.build(scenario, units, listing.paths)
        broken = broken_options(columns)
        found = Prepared(scenario, units, listing, columns.taking(~broken), int(broken.sum()))
        assert found.program.columns
        return found

    return clock.timed("build", build)


def _check(clock: _Clock, ranking: Any) -> None:
    from models.checker import check

    problem = ranking.problem

    def check_all() -> None:
        for ranked in ranking.plans:
            found = check(problem.scenario, problem.units, ranked.plan.decisions)
            assert found.passed and found.plan.score == ranked.score

    clock.timed("check", check_all)


def _written(clock: _Clock, result: Any) -> None:
    """As `planner.ranking.write_run`: tables, pictures, manifest, report."""
    from planner.certificates import FILE as CERTIFICATE
    from planner.interruption import Interruption
    from planner.pictures import draw_plans
    from planner.report.page import write_report
    from planner.run_folder import Ended, RunFolder, manifest_of, write_inputs, write_tables
    from planner.wording import Wording

    wording = Wording("vi")
    with TemporaryDirectory() as place, Interruption() as stop, RunFolder(Path(place) / "run") as folder:
        clock.timed("write", lambda: write_inputs(folder, result.case))
        clock.timed("write", lambda: write_tables(folder, result.ranking))
        if result.proof is not None:
            folder.write_text(CERTIFICATE, result.proof.text)
        clock.timed("draw", lambda: draw_plans(folder, result, wording, plans=result.plans[:1], stop=stop))
        ended = Ended("measured", False, clock.seconds)
        manifest = manifest_of(result.case, result.ranking, ended)
        done = clock.timed("write", lambda: folder.finish(manifest))
        clock.timed("report", lambda: write_report(done, wording))


def _forget_peak() -> None:
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _peak() -> int | None:
    """The most memory since `_forget_peak`, in MiB; where the kernel does not tell, since the process began."""
    told = Path("/proc/self/status")
    if not told.is_file():
        return peak_mib()
    lines = told.read_text(encoding="ascii").splitlines()
    found = [int(line.split()[1]) for line in lines if line.startswith("VmHWM")]
    return found[0] // 2**10 if found else peak_mib()


def _peak_of_children() -> int | None:
    try:
        import resource
    except ImportError:  # Windows
        return None
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 2**10


def _table(runs: Sequence[Run]) -> Any:
    wholes = [sum(run["seconds"].values()) for run in runs]
    rows = []
    for phase in PHASES:
        seconds = [run["seconds"][phase] for run in runs]
        share = median(100 * one / whole for one, whole in zip(seconds, wholes, strict=True))
        peak = max(run["peaks_mib"][phase] or 0 for run in runs)
        rows.append((phase, spread(seconds, ".2f"), f"{share:.1f}", f"{peak:,}"))
    rows.append(("all", spread(wholes, ".1f"), "100", f"{max(run['peak_mib'] or 0 for run in runs):,}"))
    title = f"{runs[0]['scenario']}: {len(runs)} runs, medians (least–most)"
    return table_of(title, ("phase", "seconds", "share %", "peak MiB"), rows)


if __name__ == "__main__":
    main()
