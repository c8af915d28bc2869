"""`evaluate` and `progress` as functions that print through `Talk`."""

from collections.abc import Callable, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from planner import exit_codes
from planner.drafts.changes import NearWords
from planner.drafts.evaluation import evaluate
from planner.drafts.evaluation_report import evaluation_document, show_evaluation, write_evaluation
from planner.drafts.progress import progress
from planner.drafts.progress_report import progress_document, show_progress, write_progress
from planner.held_text import main_alone
from planner.manifest import stated_digest
from planner.run_folder import insist_on_place
from planner.scenario_counts import introduce
from planner.scenario_file import Case, read_scenario
from planner.tables import decisions_table, readings_table, records
from planner.talk import Talk


def evaluate_command(
    talk: Talk, place: Path, plan: Path, settings: Sequence[str], *, out: Path | None, against: Path | None,
    which: tuple[str, int] | None,
) -> int:  # fmt: skip
    """Measure a hand-made plan; exit 8 where it breaks a rule or cannot be carried out."""
    case = main_alone(talk, read_scenario(place, settings))
    introduce(talk, case)
    if out is not None:
        insist_on_place(out)
    with talk.progress() as steps:
        steps.step("evaluate.measuring")
        found = evaluate(case, plan, against=against, plan=which, on_progress=steps.reached)
    show_evaluation(talk, found)
    told = evaluation_document(found, talk)
    told |= {name: records(table([found.ranked])) for name, table in
             (("readings", readings_table), ("decisions", decisions_table))}  # fmt: skip
    _deliver(talk, case, told, out, partial(write_evaluation, found))
    if found.stop == "interrupted":
        return exit_codes.INTERRUPTED
    return exit_codes.DONE if found.passed else exit_codes.RULES_BROKEN


def progress_command(
    talk: Talk, place: Path, table: Path, settings: Sequence[str], *, out: Path | None, run: Path | None,
    which: tuple[str, int], on: date | None,
) -> int:  # fmt: skip
    """Follow decisions being carried out; exit 4 where targets can no longer be met, 8 where what is done cannot be."""
    case = read_scenario(place, settings)
    introduce(talk, case)
    if out is not None:
        insist_on_place(out)
    with talk.progress() as steps:
        steps.step("progress.replanning")
        found = progress(case, table, on=on, run=run, plan=which, on_progress=steps.reached)
    talk.warn(found.done.warnings)
    show_progress(talk, found, NearWords("decided", "with_out" if out is None else "in_table"))
    told = progress_document(found, talk)
    _deliver(talk, case, told, out, partial(write_progress, found))
    if found.replanned.interrupted:
        return exit_codes.INTERRUPTED
    if found.check.refusals:
        return exit_codes.RULES_BROKEN
    return {True: exit_codes.DONE, False: exit_codes.INFEASIBLE, None: exit_codes.NO_PLAN_IN_TIME}[found.reachable]


def _deliver(
    talk: Talk, case: Case, told: dict[str, Any], out: Path | None, write: Callable[[Path, Talk], Path]
) -> None:
    """The folder, where one is wanted, what is invented, and the document."""
    if out is not None:
        folder = write(out, talk)
        talk.say("cli.folder", folder=folder)
        told |= {"folder": str(folder), "digest": stated_digest(folder)}
    if case.invented:
        talk.say("cli.invented_answer")
    talk.document(told)
