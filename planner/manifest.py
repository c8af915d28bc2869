"""What a run folder says of itself: its manifest, the hashes of its files, and the one digest over both."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.problem import InputError, Problem

MANIFEST = "manifest.json"
REPORT = "report.html"  # carries the digest, so it cannot count in it: `verify` makes it anew and compares
BESIDE_THE_DIGEST = ("seconds", "digest")  # the clock's facts, and the digest itself
PROGRESS = "progress"
"""The status of a report of progress: it ranks no plans."""
DERIVED = "derived"
"""The folder inside a run for what later commands work out from it: no part of the run, and under no digest."""
READ_SUFFIXES = (".csv", ".toml")


def hash_of(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def hashes_of(folder: Path) -> dict[str, str]:
    """Every file of a run folder by its path inside, but manifest, report and what was derived from the run later."""
    beside = (folder / MANIFEST, folder / REPORT)
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path not in beside)
    inside = [path for path in files if path.relative_to(folder).parts[0] != DERIVED]
    return {path.relative_to(folder).as_posix(): hash_of(path) for path in inside}


def digest_of(facts: Mapping[str, Any]) -> str:
    """One number for facts that JSON can hold: it changes when any of them does, whatever their order."""
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()


def run_digest(manifest: Mapping[str, Any]) -> str:
    """The digest of a whole run: over the hashes of its files and every fact of the manifest that no clock enters."""
    return digest_of({key: fact for key, fact in manifest.items() if key not in BESIDE_THE_DIGEST})


def stated_digest(folder: Path) -> str:
    """The digest that a run folder states of itself. Errors: InputError as `read_manifest`."""
    return str(read_manifest(folder).get("digest"))


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of a run folder. Errors: InputError where there is none, or none that can be read."""
    path = folder / MANIFEST
    if not path.is_file():
        raise InputError(str(folder), [Problem(str(folder), "verify.no_run", {"file": MANIFEST})])
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(str(folder), [Problem(MANIFEST, "verify.changed")]) from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise InputError(str(folder), [Problem(MANIFEST, "verify.changed")])
    return manifest


def read_manifest_of_plans(folder: Path) -> dict[str, Any]:
    """The manifest of a folder that ranks plans. Errors: InputError as `read_manifest`, or for a report of progress."""
    manifest = read_manifest(folder)
    if manifest.get("status") == PROGRESS and not (folder / "ranking.csv").exists():
        raise InputError(str(folder), [Problem(str(folder), "verify.progress_folder")])
    return manifest


def changed_tables(folder: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables and scenario files that are not as the run wrote them; pictures do not matter here."""
    if manifest.get("schema_version") != 1:
        yield Problem(MANIFEST, "verify.changed")
    for name, stated in manifest["files"].items():
        if name.endswith(READ_SUFFIXES) and not name.startswith("inputs/"):
            if not (folder / name).is_file():
                yield Problem(name, "verify.missing")
            elif hash_of(folder / name) != stated:
                yield Problem(name, "verify.changed")
