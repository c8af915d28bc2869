"""How much a scenario holds and leaves open, before anything is solved."""

from collections import Counter
from typing import Any, get_args

import numpy as np

from models.rules.rule import Certainty
from models.search import Problem
from planner.rule_sets import RuleSet, fitting
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
        **_law_of(case),
    }


def _law_of(case: Case) -> dict[str, Any]:
    """The national sets extended, those that fit the as-of day, and how sure the rules are."""
    sure = Counter(rule.certainty or "not_stated" for rule in case.scenario.rules)
    return {
        "rule_sets": [found.name for found in case.rule_sets],
        "rule_sets_that_fit": [found.name for found in fitting(case.scenario.as_of)],
        "certainty": {name: sure[name] for name in (*get_args(Certainty), "not_stated")},
        "to_confirm": [rule.id for rule in case.scenario.rules if rule.certainty == "to_confirm"],
    }


def show_counts(talk: Talk, case: Case, counts: dict[str, Any]) -> None:
    """The counts in sentences."""
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
    _show_law(talk, case, counts)


def _show_law(talk: Talk, case: Case, counts: dict[str, Any]) -> None:
    """Which national rules apply or would fit, and how many of all rules somebody has to confirm."""
    day, fits = case.scenario.as_of, fitting(case.scenario.as_of)
    if case.rule_sets:
        talk.say("cli.check_sets", sets=", ".join(_set(talk, found) for found in case.rule_sets))
    elif not fits:
        talk.say("cli.check_no_set_fits", as_of=day)
    extended = {found.family for found in case.rule_sets}
    for found in fits:
        if found.family not in extended:
            talk.say("cli.check_no_set", family=found.family, as_of=day, set=_set(talk, found), name=found.name)
    talk.say("cli.check_certainty", **counts["certainty"])
    if open_ := counts["to_confirm"]:
        talk.say("cli.check_to_confirm", count=len(open_), rules=", ".join(open_))


def _set(talk: Talk, found: RuleSet) -> str:
    return talk.wording.say("cli.check_set", set=found.name, title=found.title, period=found.period)


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
