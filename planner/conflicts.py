"""The command that tells which demands of a scenario cannot stand together."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from models.prepared import Prepared
from models.search import CheckerRefused
from models.why_not import WhyNot, reach_only, why_not
from planner import exit_codes
from planner.conflict_tables import impossible_document, why_document
from planner.conflict_words import show_impossible, show_reach
from planner.held_text import main_alone
from planner.interruption import Interruption
from planner.result import Impossible
from planner.scenario_file import Case, read_scenario
from planner.searching import Searching, ready
from planner.solver import Solver, WorkerFailed
from planner.talk import Talk
from planner.why_none import Heard, told


def conflicts_command(talk: Talk, place: Path, settings: Sequence[str]) -> int:
    """Reach, conflict and ways out of a scenario; exit 5 where the time was too short for a verdict."""
    case = _read(talk, place, settings)
    try:
        with _heard(talk, case) as (problem, heard):
            found = why_not(problem, heard.means, heard.going, known_impossible=False)
            heard.searching.explaining = True  # a second engine gets its moment past the time as well
            impossible = found.verdict == "impossible"
            whole = told(problem, found, heard) if impossible else _no_conflict(problem, found, heard)
            if heard.searching.stop.asked:
                talk.fail("interrupted", "cli.interrupted")
                return exit_codes.INTERRUPTED
    except (CheckerRefused, WorkerFailed) as refusal:
        return _failed(talk, refusal)
    return _shown(talk, case, whole)


def reach_command(talk: Talk, place: Path, settings: Sequence[str]) -> int:
    """How far each target goes alone."""
    case = _read(talk, place, settings)
    try:
        with _heard(talk, case) as (problem, heard):
            found = reach_only(problem, heard.means)
            if heard.searching.stop.asked:
                talk.fail("interrupted", "cli.interrupted")
                return exit_codes.INTERRUPTED
    except (CheckerRefused, WorkerFailed) as refusal:
        return _failed(talk, refusal)
    show_reach(talk, found)
    reach = why_document(found)["reach"]
    talk.document({"status": "done", "reach": reach, "repeatable": heard.repeatable, "invented_data": case.invented})
    return exit_codes.DONE


def _read(talk: Talk, place: Path, settings: Sequence[str]) -> Case:
    case = main_alone(talk, read_scenario(place, settings))
    talk.warn(case.warnings)
    return case


@contextmanager
def _heard(talk: Talk, case: Case) -> Iterator[tuple[Prepared, Heard]]:
    """The case made ready, with a solver on its clock."""
    with talk.progress() as steps, Solver() as solver, Interruption() as stop:
        problem = ready(case)
        steps.step("conflicts.asking")
        yield problem, Heard(Searching(case, solver, stop, steps.reached))


def _no_conflict(problem: Prepared, found: WhyNot, heard: Heard) -> Impossible:
    return Impossible(problem, found, heard.searching.engine, confirmed=False, repeatable=heard.repeatable)


def _shown(talk: Talk, case: Case, found: Impossible) -> int:
    """The answer in words and as one document."""
    why = found.why
    if why.verdict == "impossible":
        show_impossible(talk, found)
    else:
        show_reach(talk, why)
        talk.say(f"conflicts.{why.verdict}")
    if case.invented:
        talk.say("cli.invented_answer")
    facts = {"status": why.verdict, "repeatable": found.repeatable, "invented_data": case.invented}
    talk.document({**facts, **impossible_document(found)})
    return exit_codes.NO_PLAN_IN_TIME if why.verdict == "unknown" else exit_codes.DONE


def _failed(talk: Talk, refusal: Exception) -> int:
    if isinstance(refusal, CheckerRefused):
        talk.fail("refused", "cli.refused", why=refusal)
        return exit_codes.CHECK_REFUSED
    talk.fail("internal_error", "cli.worker_died", why=refusal)
    return exit_codes.INTERNAL_ERROR
