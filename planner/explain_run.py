"""`explain`: why a plan of a run is as it is, worked out anew from the run's own copy and kept beside its tables."""

import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pandas as pd

from planner import exit_codes
from planner.at_work import at_work
from planner.explain_tables import TABLES, document_of, mark_of
from planner.explain_text import show_explanation
from planner.explainer import Explainer
from planner.explanation import Explanation
from planner.interruption import Interruption
from planner.manifest import DERIVED
from planner.other_scenarios import refuse_others
from planner.run_folder import insist_on_tables
from planner.run_reading import read_run
from planner.searching import Clock, Searching
from planner.solver import Solver
from planner.tables import table_text
from planner.talk import Talk
from planner.whole_file import whole_file
from planner.wording import Wording

UNIT_SECONDS = 50.0
OnStep = Callable[[str, int, int], None]


def explain(
    folder: Path | str, plan: int = 1, unit: str | None = None, *, list_name: str | None = None,
    time_limit_s: float | None = None, on_step: OnStep | None = None,
) -> Explanation:  # fmt: skip
    """Why a plan of a run folder is as it is: prices of its decisions, who else would change, steps of its targets.

    With a unit only what that unit does and could do. time_limit_s: default 50 for a unit, else the scenario's.
    Errors: InputError where the folder was changed, or has no such plan or unit.
    """
    began = time.monotonic()
    run = read_run(Path(folder))
    refuse_others(run.case, "explain")
    ranked, position = run.plan(plan, list_name), None if unit is None else run.unit(unit)
    with Solver() as solver, Interruption() as stop:
        searching = Searching(run.case, solver, stop)
        default = float(run.case.scenario.search.time_limit_s) if unit is None else UNIT_SECONDS
        searching.clock = Clock(default if time_limit_s is None else time_limit_s, began)
        return Explainer(run, ranked, searching).explain(position, on_step or (lambda _what, _done, _of: None))


def explain_command(
    talk: Talk, folder: Path, plan: int, unit: str | None, *, list_name: str | None, time_limit: float | None,
    out: Path | None,
) -> int:  # fmt: skip
    """Explain, print, and write the tables; Ctrl-C keeps what was answered."""
    insist_on_tables(out)
    with talk.progress() as steps:
        steps.step("explain.reading")
        found = explain(
            folder, plan, unit, list_name=list_name, time_limit_s=time_limit,
            on_step=lambda what, done, of: steps.step(f"explain.{what}", done=done + 1, all=of),
        )  # fmt: skip
    target = write_explanation(found, out, talk.wording)
    show_explanation(talk, found)
    talk.say("explain.folder", folder=target)
    if found.run.case.invented:
        talk.say("cli.invented_answer")
    talk.document({"folder": str(target), **document_of(found)})
    if found.interrupted:
        talk.complain("explain.interrupted")
        return exit_codes.INTERRUPTED
    return exit_codes.DONE


def write_explanation(found: Explanation, out: Path | None = None, wording: Wording | None = None) -> Path:
    """The tables of an explanation and the picture of its staircases, in the run's folder for what is derived from it
    or in another; the folder. wording: the picture's language, Vietnamese by default.
    """
    from planner.chart_pictures import FORMS, draw_staircase

    target = out or found.run.folder / DERIVED
    at_work("cli.drawing")
    target.mkdir(parents=True, exist_ok=True)
    for name, frame in explanation_tables(found):
        _write(target / name, "\ufeff" + table_text(frame))
    if found.stairs:
        drawn = [target / f"staircase-{mark_of(found)}.{form}" for form in FORMS]
        draw_staircase(found, wording or Wording(), drawn)
    facts = json.dumps(document_of(found, tables=False), ensure_ascii=False, indent=2)
    _write(target / f"explain-{mark_of(found)}.json", facts + "\n")
    return target


def explanation_tables(found: Explanation) -> Iterator[tuple[str, pd.DataFrame]]:
    """The tables of an explanation by the names of their files; steps of targets only for a whole plan."""
    for name, table in TABLES.items():
        if name != "staircase" or found.unit is None:
            yield f"{name}-{mark_of(found)}.csv", table(found)


def _write(path: Path, text: str) -> None:
    with whole_file(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
