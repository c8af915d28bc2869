"""Which severance regimes a scenario pays by, who pays, and whose people would leave with nothing."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from models.exact import round_half_up
from models.severance import Severance, regimes_on, severance_vnd
from planner.scenario_file import Case
from planner.talk import Talk


def severance_of(case: Case) -> dict[str, Any]:
    """Who pays, the table's mean person, and per stage the day of leaving, the regimes and units without one."""
    units, posts = case.units, case.units.posts
    mean = {
        column: round_half_up(Fraction(int((posts * units.figure(column)).sum()), max(int(posts.sum()), 1)))
        for column in ("avg_pay_vnd_month", "avg_insured_months")
    }
    stages = [_stage(case, stage, mean) for stage in range(len(case.scenario.stages))]
    return {"payer": case.scenario.staffing.severance_payer, **mean, "stages": stages}


def _stage(case: Case, stage: int, mean: dict[str, int]) -> dict[str, Any]:
    """The first regime that names a unit decides; each with what it gives the mean person."""
    scenario, open_ = case.scenario, ~case.units.planned
    day, used = scenario.leaving_day(stage), list[Severance]()
    for regime in regimes_on(scenario.severance, day, scenario.staffing.severance):
        fits = open_ & case.units.matches(regime.where)
        used += [regime] if fits.any() else []
        open_ = open_ & ~fits
    given = {regime.id: severance_vnd(regime, *mean.values()) for regime in used}
    return {
        "stage": scenario.stages[stage].year,
        "day": str(day),
        "regimes": given,
        "sources": {regime.id: regime.source for regime in used},
        "units_without": int(open_.sum()),
    }


def show_severance(talk: Talk, told: dict[str, Any]) -> None:
    """The same in sentences; that nobody is paid is an assumption, and told as one."""
    stages: Sequence[dict[str, Any]] = told["stages"]
    for stage in stages:
        day = talk.wording.day(date.fromisoformat(stage["day"]))
        for name, vnd in stage["regimes"].items():
            facts = {"regime": name, "source": stage["sources"][name] or name, "vnd": vnd}
            facts |= {"pay": told["avg_pay_vnd_month"], "months": told["avg_insured_months"]}
            talk.say("cli.check_severance", stage=str(stage["stage"]), day=day, **facts)
        if stage["units_without"]:
            talk.say("cli.check_no_severance", stage=str(stage["stage"]), day=day, count=stage["units_without"])
    if any(stage["regimes"] for stage in stages):
        talk.say(f"cli.check_severance_payer_{told['payer']}")
