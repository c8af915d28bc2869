"""Progress as a planner reports it twice a month: by parent, target by target, with what has to change."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pandas as pd

from planner.conflict_tables import impossible_document
from planner.conflict_words import show_impossible
from planner.drafts.changes import NearWords, changes_table, near_document, show_near
from planner.drafts.progress import PROGRESS_COLUMNS, TOTAL, Progress
from planner.report_problems import records_of, sentence
from planner.run_folder import CannotWrite, RunFolder, input_hashes, versions, write_inputs
from planner.scenario_counts import first_names
from planner.tables import decimal, decisions_table, readings_table, records, table_text
from planner.talk import Talk

SCHEMA_VERSION = 1


def show_progress(talk: Talk, found: Progress, words: NearWords) -> None:
    """The report table, targets so far and after planning the rest anew, and the changes that this needs."""
    say, number = talk.wording.say, talk.wording.number
    heads = [say(f"progress.{name}") for name in PROGRESS_COLUMNS]
    rows = [
        [say("progress.total") if row["parent"] == TOTAL else row["parent"],
         *(number(row[name]) for name in PROGRESS_COLUMNS[1:-1]), number(row["done_percent"], 1)]
        for row in found.table.to_dict("records")
    ]  # fmt: skip
    talk.table(say("progress.title", day=talk.wording.day(found.done.day)), heads, rows, right=range(1, len(heads)))
    if found.undocumented:
        units = [followed.decision.unit_id for followed in found.undocumented]
        talk.say("progress.undocumented", count=len(units), names=first_names(found.case.units, units))
    for refusal in found.check.refusals:
        talk.say("progress.refused", why=sentence(refusal, talk.wording))
    _show_targets(talk, found)
    if found.done.stages_over:
        talk.say("progress.over", count=found.done.stages_over)
    near = found.replanned.near
    if found.reachable and near is not None:
        talk.say("progress.reachable_without" if found.check.refusals else "progress.reachable")
        show_near(talk, near, found.replanned.plans, words)
    elif found.replanned.impossible is not None:
        talk.say("progress.unreachable")
        show_impossible(talk, found.replanned.impossible)
    else:
        talk.say("progress.not_known")


def progress_document(found: Progress, talk: Talk) -> dict[str, Any]:
    """The same as data."""
    status = {True: "reachable", False: "infeasible", None: "limit"}[found.reachable]
    near, plans = found.replanned.near, found.replanned.plans
    told: dict[str, Any] = {
        "status": status,
        "day": found.done.day.isoformat(),
        "stages_over": found.done.stages_over,
        "progress": found.table.to_dict("records"),
        "targets": records(_shown_targets(found)),
        "undocumented": [followed.decision.unit_id for followed in found.undocumented],
        "refusals": records_of(found.check.refusals, talk.wording),
        "invented_data": found.case.invented,
    }
    if near is not None:
        told |= {"near": near_document(near, plans), "changes": changes_table(near.draft, plans).to_dict("records")}
    if found.replanned.impossible is not None:
        told |= impossible_document(found.replanned.impossible)
    return told


def write_progress(found: Progress, folder: Path, talk: Talk) -> Path:
    """A folder with progress.csv, targets.csv and, where there is a plan, its tables. Errors: CannotWrite."""
    near, plans = found.replanned.near, found.replanned.plans
    tables = {
        "progress.csv": found.table,
        "targets.csv": _shown_targets(found),
        "readings.csv": readings_table([found.so_far, *plans]),
        "decisions.csv": decisions_table([found.so_far, *plans]),
    }
    if near is not None:
        tables["changes.csv"] = changes_table(near.draft, plans)
    try:
        with RunFolder(folder) as target:
            write_inputs(target, found.replanned.case)
            source = found.done.rest.path
            (target.path("inputs") / f"done-{source.name}").write_bytes(source.read_bytes())
            for name, frame in tables.items():
                target.write_text(name, "\ufeff" + table_text(frame))
            text = json.dumps(progress_document(found, talk), ensure_ascii=False, indent=2)
            target.write_text("progress.json", text + "\n")
            return target.finish(_manifest(found))
    except OSError as error:
        raise CannotWrite(folder, error) from error


def _manifest(found: Progress) -> dict[str, Any]:
    case = found.replanned.case
    return {
        "schema_version": SCHEMA_VERSION,
        "status": "progress",
        "title": case.scenario.title,
        "scenario": case.name,
        "day": found.done.day.isoformat(),
        "invented_data": case.invented,
        "repeatable": found.replanned.ranking.repeatable,
        "engine": found.replanned.ranking.engine,
        "seed": case.scenario.search.seed,
        "versions": versions(),
        "inputs": input_hashes(case),
        "seconds": {name: round(value, 3) for name, value in found.replanned.seconds.items()},
    }


def _show_targets(talk: Talk, found: Progress) -> None:
    """Targets of whole plans; rules on single options and pins only where what is done breaks them."""
    say = talk.wording.say
    heads = [say(f"progress.{name}") for name in ("target", "year", "wanted", "so_far", "replanned")]
    rows = []
    for row in found.targets.to_dict("records"):
        if row["label"] and row["met_so_far"]:
            continue
        if row["year"] is None or pd.isna(row["year"]):
            if row["met_so_far"]:
                continue
            row["year"] = None
        name = row["id"] + (f" · {row['label']}" if row["label"] else "")
        later = "–" if row["replanned"] is None else _marked(talk, row["replanned"], met=row["met_replanned"])
        now = _marked(talk, row["so_far"], met=row["met_so_far"])
        year = "" if row["year"] is None else str(int(row["year"]))
        rows.append([name, year, _amount(talk, row["wanted"]), now, later])
    talk.table(say("progress.targets"), heads, rows, right=(1, 2, 3, 4))


def _marked(talk: Talk, value: Fraction, *, met: bool) -> str:
    return f"{_amount(talk, value)} {talk.wording.say('cli.met_yes' if met else 'cli.met_no')}"


def _amount(talk: Talk, value: Fraction) -> str:
    return talk.wording.number(value, 0 if value.denominator == 1 else 2)


def _shown_targets(found: Progress) -> pd.DataFrame:
    frame = found.targets.astype({"year": "Int64"})
    for column in ("wanted", "so_far", "replanned"):
        frame[column] = [None if value is None else decimal(value) for value in frame[column]]
    return frame
