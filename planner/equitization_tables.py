"""Who could become a joint stock company: the annex of a run, what `check` tells, and what goes with those that do."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from models.equitization import Standing, conditions, followed, standings
from models.plan import Plan
from models.ranked import RankedPlan
from models.scenario import Scenario
from models.unit import Units
from planner.scenario_file import Case
from planner.talk import Talk

MOST_NAMED = 20
EXITS = ("merge", "dissolve", "equitize", "convert")
LABELS = ("name", "parent", "sector", "kind")
FIGURES = ("autonomy_group", "state_capital_mvnd", "posts", "staff")
YES_NO = {True: "yes", False: "no"}


def equitization_table(plans: Iterable[RankedPlan], scenario: Scenario, units: Units) -> pd.DataFrame:
    """Per plan one row for every unit in the field or on the list: its conditions and what the plan does with it."""
    found = standings(scenario.terms, units, years_of(scenario))
    inputs = [_input_cells(units, standing) for standing in found]
    rows = [
        {"list": plan.list, "rank": plan.rank, **cells, **_decided(plan.plan, str(cells["id"]))}
        for plan in plans
        for cells in inputs
    ]
    years = years_of(scenario)
    columns = [
        "list", "rank", "id", *LABELS, *conditions(scenario.terms, units, years[-1]),
        *(f"eligible_by_{year}" for year in years), "missing", "near_miss", *FIGURES, "fate", "year", "raised_in",
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=columns).astype({"year": "Int64", "raised_in": "Int64"})


def years_of(scenario: Scenario) -> list[int]:
    return [stage.year for stage in scenario.stages]


def _input_cells(units: Units, standing: Standing) -> dict[str, object]:
    """What the input says of a unit; yes and no as the unit table writes them."""
    unit = standing.unit
    return {
        "id": units.ids[unit],
        **{name: str(units.text(name)[unit]) for name in LABELS},
        **{name: YES_NO[met] for name, met in standing.met.items()},
        **{f"eligible_by_{year}": YES_NO[met] for year, met in standing.eligible_by.items()},
        "missing": ";".join(standing.missing),
        "near_miss": YES_NO[standing.near_miss],
        **{name: int(units.figure_of(name)[unit]) for name in FIGURES},
    }


def _decided(plan: Plan, unit: str) -> dict[str, object]:
    """The fate that settles a unit and its year, and the year of a raise; `keep` where nothing else does."""
    settled = [(row.fate, row.year) for row in plan.decisions if row.unit_id == unit and row.fate in EXITS]
    fate, year = settled[0] if settled else ("keep", None)
    return {"fate": fate, "year": year, "raised_in": plan.raised(unit)}


def standing_counts(case: Case) -> dict[str, Any]:
    """Who is eligible by each stage's year, and who lacks one condition, as data."""
    found = standings(case.scenario.terms, case.units, years_of(case.scenario))
    ids = case.units.ids
    return {
        "eligible": {
            str(year): [ids[s.unit] for s in found if s.eligible_by[year]] for year in years_of(case.scenario)
        },
        "near_misses": [{"id": ids[s.unit], "missing": s.missing[0]} for s in found if s.near_miss],
    }


def show_standings(talk: Talk, case: Case, found: Mapping[str, Any]) -> None:
    """Who is eligible, each in its first year, and who lacks one condition, by name; of many only the first."""
    names = dict(zip(case.units.ids, case.units.text("name").tolist(), strict=True))
    told: set[str] = set()
    for year, ids in found["eligible"].items():
        if told and told.issuperset(ids):
            continue
        talk.say("equitization.further_eligible" if told else "equitization.eligible", year=year, count=len(ids))
        _listed(talk, [f"{names[unit]} ({unit})" for unit in ids if unit not in told])
        told |= set(ids)
    misses = found["near_misses"]
    if misses:
        talk.say("equitization.near_misses", count=len(misses))
        say = talk.wording.term
        _listed(talk, [f"{names[m['id']]} ({m['id']}): {say('equitization', 'not_' + m['missing'])}" for m in misses])


def _listed(talk: Talk, lines: Sequence[str]) -> None:
    for line in lines[:MOST_NAMED]:
        talk.item(line)
    if len(lines) > MOST_NAMED:
        talk.say("equitization.further", count=len(lines) - MOST_NAMED)


def show_followed(talk: Talk, plan: Plan) -> None:
    """State capital and people that go with the companies of a plan."""
    total = followed(plan.units, plan.equitized(plan.scenario.stages[-1].year))
    if total.units:
        talk.say("equitization.followed", **vars(total))
