"""The commands that read, check and solve a scenario, as functions that print through `Talk`."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

import tomli_w
from pydantic import BaseModel

from models.priced import smallest_problem
from planner import exit_codes
from planner.cash_tables import payback_years
from planner.conflict_tables import impossible_document
from planner.conflict_words import show_impossible
from planner.drafts.changes import changes_table, near_document, show_near
from planner.endings import cut_short
from planner.equitization_tables import show_standings, standing_counts
from planner.held_document import blocked_document, held_records, scenarios_document
from planner.held_text import show_blocked, show_main_impossible, show_others
from planner.interruption import Interruption
from planner.manifest import REPORT, stated_digest
from planner.pricing import pricing_document, show_listed_whole, show_stream, stream_of
from planner.ranking import solve_case, status_of, write_run
from planner.report_problems import records_of
from planner.result import Result
from planner.run_folder import insist_on_place, plan_mark, stated
from planner.scenario_counts import counts_of, introduce, show_counts
from planner.scenario_file import Case, read_scenario
from planner.searching import ready
from planner.short_sight_tables import short_sight_document, show_short_sight
from planner.solve_text import show_plans
from planner.tables import decimal, records
from planner.talk import Steps, Talk


def solve_command(
    talk: Talk, place: Path, settings: Sequence[str], out: Path | None, require_gap: float | None, *,
    solve: Callable[..., Result] | None = None, pictures: str = "first", also: Sequence[Path] = (),
) -> int:  # fmt: skip
    """Read, solve, write; the exit code tells how it ended. `solve` stands for `solve_case` where it is given.

    also: further scenarios in which plans must hold.
    """
    case = read_scenario(place, settings, also)
    introduce(talk, case)
    show_others(talk, case)
    show_listed_whole(talk, case, "" if solve is None else "--near, --myopic")
    stop = Interruption()
    insist_on_place(out)
    with talk.progress() as steps:
        result = _solved(talk, solve or solve_case, case, steps)
        if not result.plans and result.impossible is None and result.in_the_way is None:
            return _nothing(talk, result)
        steps.step("cli.drawing")
        folder = write_run(result, out, talk.wording, stop=stop, pictures=pictures)
    _tell(talk, result, folder, status_of(result, stopped=stop.asked))
    return _code(talk, result, require_gap, stopped=stop.asked)


def check_command(talk: Talk, place: Path, settings: Sequence[str]) -> None:
    """What a scenario holds and what may be done, or every problem at once."""
    case = read_scenario(place, settings)
    introduce(talk, case)
    show_others(talk, case)
    stream = None if case.others else stream_of(case)  # plans that hold in several scenarios list every option
    counts = counts_of(case, ready(case) if stream is None else smallest_problem(stream))
    show_counts(talk, case, counts)
    if stream is not None:
        counts |= show_stream(talk, case, stream)
    show_listed_whole(talk, case)
    standing = standing_counts(case)
    show_standings(talk, case, standing)
    talk.document(
        {
            **counts,
            "invented_data": case.invented,
            "holds_in": scenarios_document(case),
            "equitization": standing,
            "warnings": records_of(case.warnings, talk.wording),
        }
    )


def show_command(talk: Talk, place: Path, settings: Sequence[str]) -> None:
    """The resolved scenario as TOML, or as one JSON document."""
    case = read_scenario(place, settings)
    talk.line(tomli_w.dumps(stated(case)).rstrip("\n"))
    folders = {file.parent for file in case.unit_files} - {case.path.parent.resolve()}
    if folders:
        talk.aside("cli.show_beside", folder=case.unit_files[0].parent)
    words = case.vocabulary.file
    if words is not None and words.parent != case.unit_files[0].parent:
        talk.aside("cli.show_words", file=words, folder=case.unit_files[0].parent)
    talk.document({"scenario": _plain(case.scenario)})


def _solved(talk: Talk, solve: Callable[..., Result], case: Case, steps: Steps) -> Result:
    return solve(
        case,
        lambda plan: steps.step("cli.solving", rank=plan.rank + 1, list=talk.wording.say(f"cli.{plan.list}")),
        steps.reached,
    )


def _nothing(talk: Talk, result: Result) -> int:
    """No plan, and no proof that there is none."""
    cut = cut_short(talk, interrupted=result.interrupted, worker_died=result.worker_died)
    if cut is not None:
        return cut
    if "left_out" in result.ranking.stops.values():
        talk.fail("limit", "pricing.no_plan", kept=len(result.ranking.problem.columns.paths))
        return exit_codes.NO_PLAN_IN_TIME
    talk.fail("limit", "cli.no_plan_in_time")
    return exit_codes.NO_PLAN_IN_TIME


def _tell(talk: Talk, result: Result, folder: Path, status: str) -> None:
    """Ranked plans and the readings of the first, or the conflict; then where everything lies."""
    if result.impossible is not None:
        show_main_impossible(talk, result)
        show_impossible(talk, result.impossible)
        if result.priced is not None:
            kept = len(result.priced.problem.columns.paths)
            talk.say("pricing.impossible", streamed=result.priced.streamed, kept=kept)
    elif result.in_the_way is not None:
        show_blocked(talk, result.in_the_way, result.case)
    else:
        show_plans(talk, result)
    seen: dict[str, Any] = {}
    if result.short_sight is not None:
        show_short_sight(talk, result.short_sight)
        seen = {"short_sight": short_sight_document(result.short_sight)}
    if result.near is not None:
        show_near(talk, result.near, result.plans)
        seen |= {
            "near": near_document(result.near, result.plans),
            "changes": records(changes_table(result.near.draft, result.plans)),
        }
    digest = stated_digest(folder)
    talk.say("cli.folder", folder=folder)
    if (folder / REPORT).is_file():
        talk.say("report.open", page=REPORT)
    _tell_undrawn(talk, result, folder)
    talk.say("solve.next" if result.plans else "solve.next_impossible", folder=folder)
    talk.say("cli.digest", digest=digest)
    if result.case.invented:
        talk.say("cli.invented_answer")
    found = _found(result)
    found |= {"invented_data": result.case.invented}
    if result.priced is not None:
        found |= {"priced_in": pricing_document(result.priced)}
    talk.document({"status": status, "folder": str(folder), "digest": digest} | found | seen)


def _tell_undrawn(talk: Talk, result: Result, folder: Path) -> None:
    """Which plans have no pictures yet, and what draws them."""
    undrawn = [mark for plan in result.plans if not (folder / f"map-{(mark := plan_mark(plan))}.png").is_file()]
    if undrawn:
        talk.say("pictures.undrawn", plans=", ".join(undrawn), folder=folder, example=undrawn[0])


def _found(result: Result) -> dict[str, Any]:
    """Plans, or why there are none, as data."""
    if result.impossible is not None:
        return impossible_document(result.impossible)
    return _plans(result) if result.in_the_way is None else blocked_document(result.in_the_way)


def _plans(result: Result) -> dict[str, Any]:
    return held_records(result) | {
        "stopped": dict(result.ranking.stops),
        "ranking": records(result.table),
        "order": records(result.order),
        "readings": records(result.readings),
        "context": records(result.context),
        "decisions": records(result.decisions),
        "levers": records(result.levers),
        "cash": records(result.cash),
        "outputs": records(result.outputs),
        "outputs_by_kind": records(result.outputs_by_kind),
        "leavers": records(result.leavers),
        "access": records(result.access),
        "payback": payback_years(result.plans),
        "agreement": records(result.agreement),
        "distances": records(result.distances),
    }


def _code(talk: Talk, result: Result, require_gap: float | None, *, stopped: bool) -> int:
    if result.interrupted or stopped:
        talk.complain("cli.interrupted_kept")
        return exit_codes.INTERRUPTED
    if result.worker_died:
        talk.complain("cli.worker_died", why=result.worker_died)
    if result.impossible is not None or result.in_the_way is not None:
        return exit_codes.INFEASIBLE
    gaps = [plan.gap_percent if plan.counts_proved else None for plan in result.plans]
    worst = None if None in gaps else max(gap for gap in gaps if gap is not None)
    if require_gap is not None and (worst is None or worst > Fraction(require_gap)):
        shown = "–" if worst is None else talk.wording.number(worst, 4)
        talk.complain("cli.gap_above", gap=shown, wanted=talk.wording.number(require_gap, 4))
        return exit_codes.GAP_TOO_LARGE
    return exit_codes.DONE


def _plain(value: object) -> object:
    """A scenario as JSON can hold it; percentages and prices are numbers, where pydantic would write "61/2"."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields.items()
        return {field.alias or name: _plain(getattr(value, name)) for name, field in fields}
    if isinstance(value, Mapping):
        return {key: _plain(entry) for key, entry in value.items()}
    if isinstance(value, tuple):
        return [_plain(entry) for entry in value]
    if isinstance(value, Fraction):
        return decimal(value)
    return value.isoformat() if isinstance(value, date) else value
