"""`stress`: the plans of a run tried against what is not known exactly, from the run's own copy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd

from models.problem import InputError, Problem
from models.stress import RoadsDisagree
from models.stress import stress as tried_against_draws
from planner import exit_codes
from planner.at_work import at_work
from planner.held_text import main_alone
from planner.interruption import Interruption
from planner.manifest import DERIVED
from planner.run_folder import insist_on_tables
from planner.run_reading import read_run
from planner.stress_tables import StressResult
from planner.stress_text import show_stress
from planner.tables import records, table_text
from planner.talk import Talk
from planner.whole_file import whole_file
from planner.wording import Wording

OnStep = Callable[[str, int, int], None]


def stress(
    folder: Path | str, *, draws: int | None = None, seed: int | None = None, on_step: OnStep | None = None
) -> StressResult:
    """The plans of a run folder tried against the same random draws; draws and seed default to the scenario's.

    Ctrl-C keeps what was drawn. Errors: InputError where the folder was changed or holds no plan; RoadsDisagree where
    the checker rebuilds a draw otherwise.
    """
    run = read_run(Path(folder))
    if not run.plans:
        raise InputError(str(folder), [Problem("ranking.csv", "stress.no_plans")])
    stated = {key: value for key, value in (("draws", draws), ("seed", seed)) if value is not None}
    scenario = run.case.scenario
    scenario = scenario.model_copy(update={"stress": scenario.stress.model_copy(update=stated)})
    with Interruption() as stop:

        def go_on(what: str, done: int, of: int) -> bool:
            if on_step is not None:
                on_step(what, done, of)
            return not stop.asked

        found = tried_against_draws(scenario, run.case.units, [ranked.plan.decisions for ranked in run.plans], go_on)
        return StressResult(run, found, stop.asked)


def stress_command(talk: Talk, folder: Path, *, draws: int | None, seed: int | None, out: Path | None) -> int:
    """Draw, print, write tables and picture, and the report of the run anew; Ctrl-C keeps what was drawn."""
    from planner.report.page import renew_report

    insist_on_tables(out)
    try:
        with talk.progress() as steps:
            steps.step("stress.reading")
            result = stress(
                folder, draws=draws, seed=seed,
                on_step=lambda what, done, of: steps.step(f"stress.{what}", done=done + 1, all=of),
            )  # fmt: skip
    except RoadsDisagree as refusal:
        talk.fail("refused", "stress.roads_disagree", why=refusal)
        return exit_codes.CHECK_REFUSED
    try:
        target = write_stress(result, out, talk.wording)
    except OSError as error:
        talk.fail("cannot_write", "cli.cannot_write", folder=out or folder / DERIVED, why=error)
        return exit_codes.USAGE
    main_alone(talk, result.run.case)
    show_stress(talk, result)
    talk.say("stress.folder", folder=target)
    if target == folder / DERIVED and renew_report(folder):
        talk.say("report_stress.renewed")
    if result.run.case.invented:
        talk.say("cli.invented_answer")
    talk.document({"folder": str(target), **stress_document(result)})
    if result.stopped:
        talk.complain("stress.interrupted", draws=result.found.draws)
        return exit_codes.INTERRUPTED
    return exit_codes.DONE


def write_stress(result: StressResult, out: Path | None = None, wording: Wording | None = None) -> Path:
    """Tables and picture, in the run's folder for what is derived from it or in another; the folder."""
    from planner.drawing.stress_picture import draw_stress

    target = out or result.run.folder / DERIVED
    at_work("cli.drawing")
    target.mkdir(parents=True, exist_ok=True)
    for name, frame in _tables(result).items():
        _write(target / name, "\ufeff" + table_text(frame))
    _write(target / "stress.json", json.dumps(_facts(result), ensure_ascii=False, indent=2) + "\n")
    if result.found.draws:
        with whole_file(target / "stress.png") as partial:
            draw_stress(result, wording or Wording(), [partial])
    return target


def stress_document(result: StressResult) -> dict[str, Any]:
    """Everything that was found, as data."""
    tables = {"demands": result.table, "inputs": result.inputs, "flips": result.flips}
    return {
        **_facts(result),
        **{name: records(f) for name, f in tables.items()},
    }


def _tables(result: StressResult) -> dict[str, pd.DataFrame]:
    return {"stress.csv": result.table, "stress-inputs.csv": result.inputs, "stress-flips.csv": result.flips}


def _facts(result: StressResult) -> dict[str, Any]:
    """Of which run, with how many draws of which seed, and what the figures mean."""
    stressed = result.found.scenario.stress
    return {
        "run": str(result.run.manifest.get("digest", "")),
        "draws": result.found.draws,
        "draws_asked": stressed.draws,
        "seed": stressed.seed,
        "interval": "Wilson 95%",
        "influence": "Spearman rank correlation over the draws",
        "invented_data": result.run.case.invented,
        "interrupted": result.stopped,
    }


def _write(path: Path, text: str) -> None:
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
