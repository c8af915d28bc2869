"""The frontier of a case: solved in a worker, printed, and written as a run folder of which every point is a plan."""

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from models.frontier import Extent
from models.trade_off import refuse_criteria, trade
from planner import exit_codes
from planner.endings import cut_short
from planner.frontier_result import FrontierResult
from planner.frontier_tables import FRONTIER, frontier_document
from planner.frontier_text import show_frontier
from planner.interruption import Interruption
from planner.manifest import stated_digest
from planner.other_scenarios import refuse_others
from planner.run_folder import (
    CannotWrite,
    Ended,
    RunFolder,
    insist_on_place,
    manifest_of,
    run_name,
    write_inputs,
    write_tables,
)
from planner.scenario_counts import introduce
from planner.scenario_file import Case, read_scenario
from planner.searching import Clock, Progress, Searching, ready
from planner.solver import Solver
from planner.tables import records, table_text
from planner.talk import Steps, Talk
from planner.wording import Wording


def frontier(
    case: Case, criteria: Sequence[str], steps: Mapping[str, int] | None = None, *, points: int | None = None,
    time_limit_s: float | None = None, on_points: Callable[[int], None] | None = None,
    on_progress: Progress | None = None,
) -> FrontierResult:  # fmt: skip
    """What two or three criteria of a case trade against one another; every point is a checked plan.

    steps: by criterion, in its own unit, up to which points are exact (default: 1; money: the scenario's gap);
    points: how many to look for (default: all). Ctrl-C and SIGTERM keep the points found.
    Errors: InputError where the criteria or the case cannot be used.
    """
    began = time.monotonic()
    refuse_criteria(criteria, steps or {})
    refuse_others(case, "frontier")
    problem = ready(case)
    listed = time.monotonic()
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop, on_progress)
        if time_limit_s is not None:
            searching.clock = Clock(time_limit_s)
        extent = Extent(points, max(2, points or Extent.spread))
        found = trade(problem, criteria, steps or {}, searching, extent=extent, on_points=on_points or (lambda _: None))
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return FrontierResult(case, found.ranking, None, seconds, stop.asked, searching.worker_died, found=found)


def write_frontier(
    result: FrontierResult, final: Path | None, wording: Wording, *, stop: Interruption | None = None
) -> Path:
    """Write the run folder of a frontier: inputs, the tables of every point, the picture, and the manifest last.

    Errors: CannotWrite.
    """
    from planner.drawing.frontier_picture import draw_frontier

    case, began = result.case, time.monotonic()
    target = final or Path("runs") / run_name(case)
    try:
        with stop or Interruption() as stop, RunFolder(target) as folder:
            write_inputs(folder, case)
            write_tables(folder, result.ranking)
            folder.write_text(FRONTIER, "\ufeff" + table_text(result.points))
            draw_frontier(result, wording, [folder.path(f"frontier.{form}") for form in ("png", "svg")])
            seconds = result.seconds | {"write": time.monotonic() - began}
            ended = Ended(_status(result), result.ranking.repeatable and not result.interrupted, seconds)
            told = {"frontier": frontier_document(result.found)}
            return folder.finish(manifest_of(case, result.ranking, ended) | told)
    except OSError as error:
        raise CannotWrite(target, error) from error


def frontier_command(
    talk: Talk, place: Path, settings: Sequence[str], out: Path | None, *, criteria: Sequence[str],
    steps: Mapping[str, int], points: int | None,
) -> int:  # fmt: skip
    """Read, trace, write, tell; the exit code tells how it ended."""
    refuse_criteria(criteria, steps)
    case = read_scenario(place, settings)
    introduce(talk, case)
    stop = Interruption()
    insist_on_place(out)
    with talk.progress() as bar:
        result = _traced(case, criteria, steps, points, bar)
        if not result.plans:
            return _nothing(talk, result)
        bar.step("frontier.writing", points=len(result.plans))
        folder = write_frontier(result, out, talk.wording, stop=stop)
    return _tell(talk, result, folder, stopped=stop.asked)


def _traced(
    case: Case, criteria: Sequence[str], steps: Mapping[str, int], points: int | None, bar: Steps
) -> FrontierResult:
    def found(count: int) -> None:
        bar.step("frontier.solving", points=count)

    return frontier(case, criteria, steps, points=points, on_points=found, on_progress=bar.reached)


def _nothing(talk: Talk, result: FrontierResult) -> int:
    """No point: proved that there is none, or not found in time."""
    cut = cut_short(talk, interrupted=result.interrupted, worker_died=result.worker_died)
    if cut is not None:
        return cut
    if result.status == "infeasible":
        talk.fail("infeasible", "frontier.infeasible", scenario=result.case.path)
        return exit_codes.INFEASIBLE
    talk.fail("limit", "cli.no_plan_in_time")
    return exit_codes.NO_PLAN_IN_TIME


def _tell(talk: Talk, result: FrontierResult, folder: Path, *, stopped: bool) -> int:
    show_frontier(talk, result.points, result.found, options=len(result.ranking.problem.columns.paths))
    digest = stated_digest(folder)
    talk.say("cli.folder", folder=folder)
    talk.say("frontier.opens", folder=folder)
    talk.say("cli.digest", digest=digest)
    if result.case.invented:
        talk.say("cli.invented_answer")
    talk.document(
        {
            "status": _status(result), "folder": str(folder), "digest": digest,
            "invented_data": result.case.invented, "frontier": frontier_document(result.found),
            "points": records(result.points),
        }
    )  # fmt: skip
    if result.interrupted or stopped:
        talk.complain("frontier.interrupted")
        return exit_codes.INTERRUPTED
    if result.worker_died:
        talk.complain("cli.worker_died", why=result.worker_died)
    return exit_codes.DONE


def _status(result: FrontierResult) -> str:
    """How a run ended, in one word of its manifest."""
    if result.interrupted:
        return "interrupted"
    return "limit" if result.ranking.by_clock else "done"
