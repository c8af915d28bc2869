"""Checking a run folder without a solver: are files as written, and do decisions give the same figures?"""

import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from models.checker import Check, check
from models.problem import InputError, Problem
from planner import exit_codes
from planner.decision_table import Key, read_decisions
from planner.report_problems import lines_of
from planner.run_folder import MANIFEST, RESOLVED, digest_of, hashes_of
from planner.scenario_file import Case, read_scenario
from planner.tables import plan_tables, table_text
from planner.talk import Talk


def verify_command(talk: Talk, run: Path, digest: str | None) -> int:
    """Tell everything that does not hold; exit 7 where anything does not."""
    manifest = _manifest(run)
    problems = [*_changed(run, manifest), *_wrong_digest(run, digest)]
    plans = 0
    if not problems:
        case = read_scenario(run / RESOLVED)
        found = list(_rebuilt(run, case))
        plans = len(_keys(run, case))
        problems += found
    found_digest = digest_of(hashes_of(run))
    if problems:
        talk.aside("verify.unsound", count=len(problems))
        for line in lines_of(problems, talk.wording):
            talk.error_line(line)
    else:
        talk.say("verify.sound", files=len(manifest["files"]), plans=plans, digest=found_digest)
    facts = [{"where": p.where, "message": talk.wording.say(p.code, **p.facts)} for p in problems]
    talk.document({"sound": not problems, "digest": found_digest, "plans": plans, "problems": facts})
    return exit_codes.CHECK_REFUSED if problems else exit_codes.DONE


def _manifest(run: Path) -> dict[str, Any]:
    path = run / MANIFEST
    if not path.is_file():
        raise InputError(str(run), [Problem(str(run), "verify.no_run", {"file": MANIFEST})])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise InputError(str(run), [Problem(MANIFEST, "verify.changed")]) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise InputError(str(run), [Problem(MANIFEST, "verify.changed")])
    return manifest


def _changed(run: Path, manifest: dict[str, Any]) -> Iterator[Problem]:
    """Files that differ from what the manifest says of them; the manifest's own digest included."""
    found, stated = hashes_of(run), manifest["files"]
    for name in sorted({*found, *stated}):
        if name not in stated:
            yield Problem(name, "verify.added")
        elif name not in found:
            yield Problem(name, "verify.missing")
        elif found[name] != stated[name]:
            yield Problem(name, "verify.changed")
    if manifest.get("digest") != digest_of(stated):
        yield Problem(MANIFEST, "verify.digest", {"found": manifest.get("digest"), "wanted": digest_of(stated)})


def _wrong_digest(run: Path, digest: str | None) -> Iterator[Problem]:
    found = digest_of(hashes_of(run))
    if digest is not None and digest != found:
        yield Problem(str(run), "verify.digest", {"found": found, "wanted": digest})


def _keys(run: Path, case: Case) -> dict[Key, Any]:
    return dict(read_decisions(run / "decisions.csv", case.scenario, case.units))


def _rebuilt(run: Path, case: Case) -> Iterator[Problem]:
    """Every plan rebuilt from its decisions: refusals, unmet rules, and tables that differ."""
    ranking = _frame(run / "ranking.csv")
    for (name, rank), decisions in _keys(run, case).items():
        label = f"{name} {rank}"
        found = check(case.scenario, case.units, decisions)
        yield from _verdict(found, label)
        row = ranking[(ranking["list"] == name) & (ranking["rank"] == str(rank))]
        stated = row["score_mvnd"].iloc[0] if len(row) == 1 else "–"
        if stated != str(found.plan.score):
            yield Problem("ranking.csv", "verify.score", {"stated": stated, "rebuilt": str(found.plan.score)})
        for file, frame in plan_tables(name, rank, found.plan).items():
            written = _frame(run / file)
            mine = written[(written["list"] == name) & (written["rank"] == str(rank))].reset_index(drop=True)
            if not mine.equals(_as_read(frame)):
                yield Problem(file, "verify.table", {"plan": label})


def _verdict(found: Check, label: str) -> Iterator[Problem]:
    for refusal in found.refusals:
        yield Problem("decisions.csv", "verify.refused", {"plan": label, "why": f"{refusal.where}: {refusal.code}"})
    for reading in found.plan.readings:
        if not reading.met:
            yield Problem("decisions.csv", "verify.unmet", {"plan": label, "rule": reading.id})


def _frame(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")


def _as_read(frame: pd.DataFrame) -> pd.DataFrame:
    """A rebuilt table the way a reader of its file would see it."""
    return pd.read_csv(io.StringIO(table_text(frame)), dtype=str, keep_default_na=False)
