"""What a manifest may say of how its run ended: words that this version of the program knows, and that fit together."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, get_args

from models.frontier import FrontierEnd
from models.problem import Problem
from models.ranked import Stop
from planner.manifest import MANIFEST
from planner.run_folder import SCHEMA_VERSION

STATUSES = ("done", "limit", "interrupted", "infeasible", "evaluated", "progress")


def unknown_facts(manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Versions and words that no run of this version writes: a folder that states them was made otherwise."""
    yield from _one_of("schema_version", manifest.get("schema_version"), [SCHEMA_VERSION])
    yield from _one_of("status", manifest.get("status"), STATUSES)
    lists, frontier = manifest.get("lists"), manifest.get("frontier")
    for name, facts in lists.items() if isinstance(lists, dict) else ():
        stopped = facts.get("stopped") if isinstance(facts, dict) else None
        yield from _one_of(f"lists.{name}.stopped", stopped, get_args(Stop))
    if isinstance(frontier, dict):
        yield from _of_frontier(frontier)


def _of_frontier(frontier: Mapping[str, Any]) -> Iterator[Problem]:
    """A whole frontier has ended by proof; complete without a step, it is one whose steps are 1 and points proved."""
    status, ended, steps = (frontier.get(key) for key in ("status", "ended", "steps"))
    finest = isinstance(steps, dict) and all(step == 1 for step in steps.values())
    whole = "complete" if finest else "complete_at_step"
    yield from _one_of("frontier.status", status, [whole, "partial"])
    by_proof = [end for end in get_args(FrontierEnd) if (end == "proved") == (status == whole)]
    yield from _one_of("frontier.ended", ended, by_proof)
    if status == "complete":
        yield from _one_of("frontier.proved", frontier.get("proved"), [frontier.get("points")])


def _one_of(key: str, found: object, known: Sequence[object]) -> Iterator[Problem]:
    if isinstance(found, bool) or found not in known:
        facts = {"found": str(found)[:100], "known": ", ".join(map(str, known))}
        yield Problem(f"{MANIFEST}: {key}", "verify.not_one_of", facts)
