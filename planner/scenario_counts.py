"""How much a scenario holds and leaves open, before anything is solved."""

from collections import Counter
from typing import Any

import numpy as np

from models.search import Problem
from planner.scenario_file import Case
from planner.talk import Talk


def counts_of(case: Case, problem: Problem) -> dict[str, Any]:
    """How much a scenario holds, what may be done, and what is left out or assumed."""
    unmatched = problem.listing.graph.unmatched
    kinds = Counter(case.units.text("kind")[unmatched].tolist())
    assumed = {name: int(cells.sum()) for name, cells in case.units.assumed.items() if cells.any()}
    return {
        "units": len(case.units),
        "rules": len(case.scenario.rules),
        "pins": len(case.scenario.pins),
        "stages": len(case.scenario.stages),
        "options": len(problem.columns.paths),
        "set_aside": problem.broken,
        "items": len(problem.columns.items),
        "unlisted": vars(problem.listing.unlisted),
        "unmatched_by_kind": dict(sorted(kinds.items())),
        "alone": int((~unmatched & ~_paired(problem)).sum()),
        "assumed_cells": assumed,
    }


def show_counts(talk: Talk, case: Case, counts: dict[str, Any]) -> None:
    """The counts in sentences, and rules that are not in force on the as-of day."""
    talk.say("cli.checked", **{name: counts[name] for name in ("units", "rules", "pins", "stages")})
    talk.say("cli.check_options", options=counts["options"], broken=counts["set_aside"], items=counts["items"])
    left = counts["unlisted"]
    talk.say(
        "cli.check_unlisted",
        pairs=left["pairs"],
        larger=counted(talk, left["larger_groups"]),
        hostless=left["hostless_groups"],
        late=left["late_joins"],
        receiverless=left["without_receiver"],
    )
    if kinds := counts["unmatched_by_kind"]:
        talk.say("cli.check_unmatched", count=sum(kinds.values()), kinds=_list(talk, kinds))
    talk.say("cli.check_alone", count=counts["alone"])
    absent = [name for name, count in counts["assumed_cells"].items() if count == counts["units"]]
    partly = {name: count for name, count in counts["assumed_cells"].items() if count < counts["units"]}
    if absent:
        talk.say("cli.check_absent", count=len(absent), columns=", ".join(absent))
    if partly:
        talk.say("cli.check_assumed", columns=_list(talk, partly))
    norms = [norm for norms in case.scenario.staffing.provisions.values() for norm in norms]
    if unsure := [norm.id or norm.source for norm in norms if norm.certainty == "to_confirm"]:
        talk.say("cli.check_to_confirm", count=len(unsure), norms=", ".join(unsure))
    for rule in (*case.scenario.rules, *norms):
        since, until = rule.in_force_from, rule.in_force_until
        if (since and case.scenario.as_of < since) or (until and case.scenario.as_of > until):
            period = f"{since or ''} – {until or ''}"
            talk.say("cli.check_rule_dates", rule=rule.id or rule.source, period=period, as_of=case.scenario.as_of)


def _paired(problem: Problem) -> np.ndarray:
    """Units that stand in some group of the listing."""
    paths = problem.listing.paths
    grouped = (paths.sizes > 1)[paths.option_of_entry]
    return np.isin(np.arange(len(problem.units)), paths.members[grouped])


def _list(talk: Talk, counts: dict[str, int]) -> str:
    return ", ".join(f"{name} {talk.wording.number(count)}" for name, count in counts.items())


def counted(talk: Talk, count: int | None) -> object:
    """A count, or that nobody counted."""
    return talk.wording.say("cli.not_counted") if count is None else count
