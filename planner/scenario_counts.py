"""How much a scenario holds and leaves open, before anything is solved."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np

from models.prepared import Prepared
from models.unit import BY_NAME, Units
from planner.law_counts import law_of, show_law
from planner.price_counts import prices_of, show_prices
from planner.robust_notes import show_protected
from planner.scenario_file import Case
from planner.severance_counts import severance_of, show_severance
from planner.talk import Talk
from planner.units.columns import header_in

MOST_NAMES = 3


def introduce(talk: Talk, case: Case) -> None:
    """Warnings of the scenario, and that its figures are invented, on stderr."""
    talk.warn(case.warnings)
    if case.invented:
        count = int((case.units.text("data_quality") == "invented").sum())
        talk.aside("cli.invented", count=count, all=len(case.units))


def counts_of(case: Case, problem: Prepared) -> dict[str, Any]:
    """How much a scenario holds, what may be done, and what is left out or assumed."""
    unmatched = problem.listing.graph.unmatched
    kinds = Counter(case.units.text("kind")[unmatched].tolist())
    assumed = {name: int(cells.sum()) for name, cells in case.units.assumed.items() if cells.any() and _matters(name)}
    return {
        "units": len(case.units),
        "planned": int(case.units.planned.sum()),
        "rules": len(case.scenario.rules),
        "pins": len(case.scenario.pins),
        "stages": len(case.scenario.stages),
        "options": len(problem.columns.paths),
        "set_aside": problem.broken,
        "items": len(problem.columns.items),
        "unlisted": vars(problem.listing.unlisted),
        "unmatched_by_kind": dict(sorted(kinds.items())),
        "autonomy_groups": _by_group(case),
        "autonomy_bands": _by_band(case),
        "alone": int((~unmatched & ~_paired(problem)).sum()),
        "assumed_cells": assumed,
        "years_without_ground": _years_without_ground(case),
        "existing_breaches": _existing(case),
        "severance": severance_of(case),
        "prices": prices_of(case),
        **law_of(case),
    }


def show_counts(talk: Talk, case: Case, counts: dict[str, Any]) -> None:
    """The counts in sentences."""
    talk.say("cli.checked", **{name: counts[name] for name in ("units", "rules", "pins", "stages")})
    if counts["planned"]:
        talk.say("cli.check_planned", count=counts["planned"])
    groups, bands = (_named(talk, case, of, counts[of]) for of in ("autonomy_groups", "autonomy_bands"))
    talk.say("cli.check_groups", groups=groups)
    if bands:
        talk.say("cli.check_bands", bands=bands)
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
        talk.say("cli.check_unmatched", count=sum(kinds.values()), kinds=_named(talk, case, "kinds", kinds))
    talk.say("cli.check_alone", count=counts["alone"])
    absent = [name for name, count in counts["assumed_cells"].items() if count == counts["units"]]
    partly = {name: count for name, count in counts["assumed_cells"].items() if count < counts["units"]}
    if absent:
        talk.say(
            "cli.check_absent",
            count=len(absent),
            columns="; ".join(header_in(talk.wording.language, name) for name in absent),
        )
    if partly:
        talk.say("cli.check_assumed", columns=_headed(talk, partly))
    names = {rule.id: rule.name or rule.id for rule in case.scenario.rules}
    for rule, found in counts["existing_breaches"].items():
        facts = {"rule": names[rule], "id": rule, "count": len(found), "names": first_names(case.units, found)}
        talk.say("cli.check_existing", **facts)
    if counts["years_without_ground"]:
        talk.say("cli.check_no_dissolution_years", count=counts["years_without_ground"])
    show_severance(talk, counts["severance"])
    show_prices(talk, counts["prices"])
    show_protected(talk, case.scenario)
    show_law(talk, case, counts)


def _years_without_ground(case: Case) -> int:
    """Units whose ineffective years are no ground, because the scenario says of none that they are."""
    stated = case.scenario.dissolution.ineffective_years is not None or not case.scenario.actions.get("dissolve")
    return 0 if stated else int((case.units.figure("ineffective_years") > 0).sum())


def _matters(column: str) -> bool:
    """Whether an empty cell assumes anything: a note, a ground or a date that nobody wrote says nothing."""
    known = BY_NAME.get(column)
    return known is None or known.default != "" or known.kind not in ("text", "ids")


def _existing(case: Case) -> dict[str, list[str]]:
    """Per rule what stands outside before anything is decided: units by id, or the labels of a sum."""
    found = {rule.id: list(rule.outside_today(case.scenario, case.units)) for rule in case.scenario.rules}
    return {rule: outside for rule, outside in found.items() if outside}


def first_names(units: Units, found: Sequence[str]) -> str:
    """The first few of many: units by their names, labels as they are."""
    at, names = units.positions, units.text("name")
    shown = [str(names[at[one]]) if one in at else one for one in found[:MOST_NAMES]]
    return "; ".join(shown) + (" …" if len(found) > MOST_NAMES else "")


def _by_group(case: Case) -> dict[str, int]:
    """Units in each autonomy group today; planned ones do not stand yet."""
    stated = Counter(case.units.figure("autonomy_group")[~case.units.planned].tolist())
    return {str(group): stated[group] for group in case.scenario.terms.groups}


def _by_band(case: Case) -> dict[str, int]:
    """Units that must pay a part of their spending, by the band in which the share that they pay lies."""
    terms, units = case.scenario.terms, case.units
    revenue, recurrent = units.figure("revenue_mvnd"), units.figure("recurrent_mvnd")
    open_ = np.isin(units.figure("autonomy_group"), terms.partly_financing) & ~units.planned & (recurrent > 0)
    found = {}
    for band in terms.sub_bands:
        share = band.at_least_percent / 100
        inside = open_ & (revenue * share.denominator >= recurrent * share.numerator)
        found[band.code] = int(inside.sum())
        open_ = open_ & ~inside
    return found


def _named(talk: Talk, case: Case, of: str, counts: dict[str, int]) -> str:
    """Counts under the names that the vocabulary gives their codes."""
    names = {code: case.vocabulary.name(of, code, talk.wording.language) for code in counts}
    return "; ".join(f"{names[code]}: {talk.wording.number(count)}" for code, count in counts.items())


def _paired(problem: Prepared) -> np.ndarray:
    """Units that stand in some group of the listing."""
    paths = problem.listing.paths
    grouped = (paths.sizes > 1)[paths.option_of_entry]
    return np.isin(np.arange(len(problem.units)), paths.members[grouped])


def _headed(talk: Talk, counts: dict[str, int]) -> str:
    """Counts by column, the columns called as the workbook calls them."""
    parts = [f"{header_in(talk.wording.language, name)} {talk.wording.number(count)}" for name, count in counts.items()]
    return "; ".join(parts)


def counted(talk: Talk, count: int | None) -> object:
    """A count, or that nobody counted."""
    return talk.wording.say("cli.not_counted") if count is None else count
