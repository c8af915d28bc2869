"""What a manifest says of the search, held against the scenario, its listing and what else the folder says."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from models.prepared import prepare
from models.problem import Problem
from models.ranked import RankedPlan
from planner.certificates import FILE
from planner.manifest import MANIFEST, PROGRESS
from planner.pricing import OPTIONS_KEPT, stream_of
from planner.scenario_file import Case

EVALUATED = "evaluated"
"""The status of a folder that holds a plan as somebody drew it up."""
LISTED = "among the options listed"
FREE = ("highs", "decompose", "options_first")
"""By which engines answers come where the scenario leaves the choice."""


def best_means(manifest: Mapping[str, Any]) -> str:
    """Among what plans are the best, as the rest of a manifest tells it."""
    priced, seen = (manifest.get(key) for key in ("priced_in", "short_sight"))
    if isinstance(priced, dict):
        whole = priced.get("complete") is True
        return "among all options, each priced" if whole else f"among {OPTIONS_KEPT}; not all were priced"
    if "near" in manifest:
        return f"{LISTED} and the draft's own, within the changes"
    return f"{LISTED} that keep what was decided for {seen.get('decided_by')}" if isinstance(seen, dict) else LISTED


def search_problems(run: Path, manifest: Mapping[str, Any], case: Case, plans: list[RankedPlan]) -> Iterator[Problem]:
    """Facts of the search that cannot be so; none of a folder in which nothing was searched for."""
    if manifest.get("status") in (EVALUATED, PROGRESS):
        return
    yield from _engine(manifest, case, plans)
    yield from _differing(manifest, {"best_means": best_means(manifest), **_listing(manifest, case)})
    yield from _repeatable(manifest)
    if manifest.get("status") == "infeasible" and plans and not {"near", "short_sight"} & set(manifest):
        facts = {"found": "infeasible", "known": "done, limit, interrupted"}
        yield Problem(f"{MANIFEST}: status", "verify.not_one_of", facts)
    if "priced_in" in manifest and stream_of(case) is None:
        facts = {"stated": str(manifest["priced_in"])[:100], "rebuilt": "None"}
        yield Problem(f"{MANIFEST}: priced_in", "verify.fact", facts)
    if not (run / FILE).exists() and _certified(run, manifest, plans):
        yield Problem(FILE, "verify.certificate_lacks")


def _engine(manifest: Mapping[str, Any], case: Case, plans: list[RankedPlan]) -> Iterator[Problem]:
    wanted = case.scenario.search.engine
    known = FREE if wanted == "auto" else (wanted,)
    if plans and manifest.get("engine") not in known:
        facts = {"found": str(manifest.get("engine"))[:100], "known": ", ".join(known)}
        yield Problem(f"{MANIFEST}: engine", "verify.not_one_of", facts)


def _listing(manifest: Mapping[str, Any], case: Case) -> dict[str, object]:
    """How much the scenario lists; where options were priced in, came with a draft or were decided before, nothing."""
    if {"priced_in", "near", "short_sight"} & set(manifest):
        return {}
    problem = prepare(case.scenario, case.units)
    return {
        "options": len(problem.columns.paths),
        "items": len(problem.columns.items),
        "set_aside_by_structure_or_pins": problem.broken,
        "unlisted": vars(problem.listing.unlisted),
    }


def _repeatable(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """What somebody ended, or what was not priced to the end, is not repeatable."""
    lists, priced = manifest.get("lists"), manifest.get("priced_in")
    stops = [facts.get("stopped") for facts in lists.values()] if isinstance(lists, dict) else []
    cut = manifest.get("status") == "interrupted" or "interrupted" in stops
    cut |= isinstance(priced, dict) and priced.get("complete") is not True
    known = ("false",) if cut else ("true", "false")
    if json.dumps(manifest.get("repeatable")) not in known:
        facts = {"found": str(manifest.get("repeatable"))[:100], "known": ", ".join(known)}
        yield Problem(f"{MANIFEST}: repeatable", "verify.not_one_of", facts)


def _certified(run: Path, manifest: Mapping[str, Any], plans: list[RankedPlan]) -> bool:
    """Whether the run says that it holds a proof: a search that came to its end, or a conflict that calls itself so."""
    if manifest.get("status") == "infeasible":
        try:
            told = json.loads((run / "conflict.json").read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            return False
        return isinstance(told, dict) and told.get("certified") is True
    besides = {"near", "short_sight", "frontier"} & set(manifest)
    return bool(plans) and manifest.get("status") == "done" and not besides


def _differing(manifest: Mapping[str, Any], rebuilt: Mapping[str, object]) -> Iterator[Problem]:
    for key, fact in rebuilt.items():
        if manifest.get(key) != fact:
            yield Problem(f"{MANIFEST}: {key}", "verify.fact", {"stated": str(manifest.get(key)), "rebuilt": str(fact)})
