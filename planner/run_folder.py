"""A run folder: everything that a run read and found, written so that a crash leaves no half-written final."""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import tomli_w

from models.ranked import RankedPlan, Ranking
from planner.interruption import Undisturbed
from planner.manifest import MANIFEST, digest_of, hash_of, hashes_of, run_digest
from planner.order_tables import order_document
from planner.other_scenarios import KEY, OtherCase
from planner.run_tables import run_tables
from planner.scenario_file import READING_KEYS, Case
from planner.scenario_tables import DEFAULT_RULES
from planner.tables import table_text
from planner.units.unit_csv import write_units_csv
from planner.whole_file import whole_file

RESOLVED = "scenario.resolved.toml"
VOCABULARY = "vocabulary.toml"
SCHEMA_VERSION = 1
PACKAGES = ("psu-planner", "ortools", "numpy", "scipy", "pandas", "networkx", "matplotlib")


@dataclass(frozen=True)
class Ended:
    """How a run ended, in one word; whether the same run ends so again; and the seconds of each phase."""

    status: str
    repeatable: bool
    seconds: Mapping[str, float]


class CannotWrite(Exception):  # noqa: N818
    """A run folder cannot be written; nothing half-written is left."""

    def __init__(self, folder: Path, error: OSError) -> None:
        self.folder, self.why = folder, error
        super().__init__(f"{folder}: {error.strerror or error}")


class NotEmpty(Exception):  # noqa: N818
    """Something stands where a run folder was asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(str(folder))


class RunFolder:
    """A folder in the making: `.partial-...` beside its final place, renamed once when the manifest stands.

    Used as a context manager: leaving it without `finish` removes what was begun.
    """

    def __init__(self, final: Path) -> None:
        # a link is followed: what it names takes the folder, for none can be renamed onto a link
        self.final = final = Path(os.path.realpath(final)) if final.is_symlink() else final
        self.partial = final.parent / f".partial-{final.name}-{uuid4().hex[:12]}"

    def __enter__(self) -> "RunFolder":
        self.partial.mkdir(parents=True)
        return self

    def __exit__(self, *_: object) -> None:
        with Undisturbed():
            shutil.rmtree(self.partial, ignore_errors=True)

    def path(self, name: str) -> Path:
        return self.partial / name

    def write_text(self, name: str, text: str) -> None:
        with whole_file(self.path(name)) as partial:
            partial.write_text(text, encoding="utf-8", newline="\n")

    def finish(self, manifest: Mapping[str, Any]) -> Path:
        """Write the manifest last and give the folder its name; a name that was taken meanwhile gets a number."""
        whole = {**manifest, "files": hashes_of(self.partial)}
        whole["digest"] = run_digest(whole)
        self.write_text(MANIFEST, json.dumps(whole, ensure_ascii=False, indent=2) + "\n")
        for number in count(1):
            target = self.final if number == 1 else self.final.with_name(f"{self.final.name}-{number}")
            if not taken(target):
                with suppress(OSError):
                    target.rmdir()  # an empty folder: Windows renames onto none
                try:
                    self.partial.replace(target)
                    return target
                except OSError:
                    if not taken(target):  # another run was quicker, or nothing can be written here
                        raise
        raise AssertionError("numbers do not end")


def taken(folder: Path) -> bool:
    """Whether something stands at a path that a run folder must not replace: anything but an empty folder."""
    return os.path.lexists(folder) and not (folder.is_dir() and not any(folder.iterdir()))


def insist_on_place(out: Path | None) -> None:
    """Try out whether a run folder can be made where it was asked for, or in `runs`. Errors: NotEmpty, CannotWrite."""
    try:
        if out is not None and taken(Path(os.path.realpath(out))):
            raise NotEmpty(out)
    except OSError as error:
        raise CannotWrite(out or Path("runs"), error) from error
    insist_on_room(out or Path("runs") / "run")


def insist_on_room(folder: Path) -> None:
    """Try out, before hours of search, whether a run folder can be made. Errors: CannotWrite."""
    final = Path(os.path.realpath(folder))
    try:
        place = next(parent for parent in final.parents if parent.exists())
        with TemporaryDirectory(prefix=".partial-", dir=place) as trial:
            # the very names that will be made: a name too long must fail now
            RunFolder(Path(trial) / final.relative_to(place)).partial.mkdir(parents=True)
    except OSError as error:
        raise CannotWrite(folder, error) from error


def insist_on_tables(out: Path | None) -> None:
    """Try out whether tables can be put into a folder, which may hold others already. Errors: CannotWrite."""
    if out is not None:
        insist_on_room(out / "tables")


def run_name(case: Case) -> str:
    """`<utc>-<slug>-<hash8>`: when, which scenario, and what exactly was read."""
    now = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
    slug = "".join(letter if letter.isascii() and letter.isalnum() else "-" for letter in case.name.lower())
    return f"{now}-{slug}-{digest_of(input_hashes(case))[:8]}"


def plan_mark(plan: RankedPlan) -> str:
    """What the files of a plan are called after: its rank; outside the list `different` its list as well."""
    return str(plan.rank) if plan.list == "different" else f"{plan.list}-{plan.rank}"


def write_inputs(folder: RunFolder, case: Case) -> None:
    """The resolved scenario, units and own words as they were understood, and the planner's own files as they were."""
    write_units_csv(case.units, folder.path("units.csv"))
    folder.write_text(RESOLVED, tomli_w.dumps(resolved(case)))
    own_words = () if case.vocabulary.file is None else (case.vocabulary.file,)
    if own_words:
        folder.write_text(VOCABULARY, tomli_w.dumps(case.vocabulary.tables))
    for one in case.others:
        _write_other(folder, one)
    sources = folder.path("inputs")
    sources.mkdir()
    others = (one.case.path for one in case.others)
    for place, file in enumerate((case.path, *case.unit_files, *own_words, *others)):
        name = file.name
        while (sources / name).exists():
            name = f"{place}-{name}"
        shutil.copyfile(file, sources / name)


def _write_other(folder: RunFolder, one: OtherCase) -> None:
    """A scenario in which the plans must hold as well, as one that stands alone in a folder of its own."""
    place = folder.path(one.place)
    place.parent.mkdir(parents=True)
    write_units_csv(one.case.units, place.with_name("units.csv"))
    folder.write_text(one.place, tomli_w.dumps(resolved(one.case)))
    if one.case.vocabulary.file is not None:
        folder.write_text(str(Path(one.place).with_name(VOCABULARY)), tomli_w.dumps(one.case.vocabulary.tables))


def write_tables(folder: RunFolder, ranking: Ranking) -> None:
    """Every table of every plan; UTF-8 with a mark, so that Excel shows the letters."""
    problem = ranking.problem
    for name, frame in run_tables(ranking.plans, problem.scenario, problem.units):
        folder.write_text(name, "\ufeff" + table_text(frame))


def manifest_of(case: Case, ranking: Ranking, ended: Ended) -> dict[str, Any]:
    """What a reader must know of a run: how it ended, by what, from what, how well proved."""
    plans = ranking.plans
    return {
        "schema_version": SCHEMA_VERSION,
        "status": ended.status,
        "title": case.scenario.title,
        "scenario": case.name,
        "as_of": case.scenario.as_of.isoformat(),
        "invented_data": case.invented,
        "dropped_rules": sorted(case.dropped),
        "best_means": "among the options listed",
        "repeatable": ended.repeatable,
        "lists": {name: {"plans": len(ranking.of(name)), "stopped": stop} for name, stop in ranking.stops.items()},
        "options": len(ranking.problem.columns.paths),
        "items": len(ranking.problem.columns.items),
        "set_aside_by_structure_or_pins": ranking.problem.broken,
        "unlisted": vars(ranking.problem.listing.unlisted),
        "engine": ranking.engine,
        "seed": case.scenario.search.seed,
        "versions": versions(),
        "gap_is_percent_of_state_outlay_mvnd": ranking.problem.outlay,
        "gap_percent": worst_gap(plans),
        "order": order_document(case.scenario, plans),
        "inputs": input_hashes(case),
        "seconds": {name: round(value, 3) for name, value in ended.seconds.items()},
    }


def input_hashes(case: Case) -> dict[str, str]:
    """The content of what was read: the resolved scenario, and tables and own words by their path from its folder."""
    whole = hashlib.sha256(tomli_w.dumps(resolved(case)).encode()).hexdigest()
    folder = case.path.parent.resolve()
    own_words = () if case.vocabulary.file is None else (case.vocabulary.file,)
    files = (*case.unit_files, *own_words)
    others = {f"{one.place}: {name}": fact for one in case.others for name, fact in input_hashes(one.case).items()}
    return {
        RESOLVED: whole,
        **{Path(os.path.relpath(file, folder)).as_posix(): hash_of(file) for file in files},
        **others,
    }


def versions() -> dict[str, str]:
    return {package: metadata.version(package) for package in PACKAGES}


def worst_gap(plans: Sequence[RankedPlan]) -> float | None:
    """The widest gap of any plan, in percent of one year's State outlay; None where one is not known."""
    gaps = [plan.gap_percent for plan in plans]
    known = [float(gap) for gap in gaps if gap is not None]
    return max(known, default=None) if len(known) == len(gaps) else None


def resolved(case: Case) -> dict[str, Any]:
    """The scenario as one file that stands alone: nothing to extend, its own copy of units and words, in millions."""
    tables = {key: value for key, value in stated(case).items() if key not in READING_KEYS[:2]}
    tables["units"] = "units.csv"
    tables.pop(KEY, None)
    if case.others:
        tables[KEY] = [one.place for one in case.others]
    if case.vocabulary.file is not None:
        tables["vocabulary"] = VOCABULARY
    if "money" in tables:
        tables["money"] = {**tables["money"], "money_unit": "million"}
    return tables


def stated(case: Case) -> dict[str, Any]:
    """The scenario as one file for the folder of its unit tables, with the stages and rules that were left open."""
    tables = dict(case.tables)
    tables["stages"] = [{"year": stage.year, "effect": stage.effect} for stage in case.scenario.stages]
    known = {rule["id"] for rule in tables.get("rules", [])}
    added = [{"id": rule.id, "rule": rule.rule} for rule in case.scenario.rules if rule.id not in known]
    tables["rules"] = [*tables.get("rules", []), *added]
    dropped = sorted(case.dropped & {rule["id"] for rule in DEFAULT_RULES})
    return tables | ({"drop": dropped} if dropped else {})
