"""At which prices a scenario reckons, what its spending cuts compare, and which baselines are not the assigned ones."""

from fractions import Fraction
from typing import Any

from models.prices import HISTORY, base_salary_of, history_factor
from models.rules.payroll_cut import PayrollCut
from models.rules.spending_cut import SpendingCut
from planner.scenario_file import Case
from planner.tables import decimal
from planner.talk import Talk

FACTOR_DECIMALS = 4


def prices_of(case: Case) -> dict[str, Any]:
    """Prices and their year, the cuts of spending with what they compare, and payroll baselines that are flagged."""
    money, rules = case.scenario.money, case.scenario.rules
    flagged = [rule for rule in rules if isinstance(rule, PayrollCut) and rule.baseline.kind != "assigned"]
    return {
        "prices": money.prices,
        "price_year": case.scenario.price_year,
        "history_prices": money.history_prices,
        "pay_percent": decimal(money.pay_percent),
        "base_salaries": len(case.scenario.base_salary),
        "spending_cuts": [_compared(case, rule) for rule in rules if isinstance(rule, SpendingCut)],
        "flagged_baselines": [{**_named(rule), "baseline": rule.baseline.kind} for rule in flagged],
    }


def _named(rule: SpendingCut | PayrollCut) -> dict[str, Any]:
    return {"id": rule.id, "name": rule.name or rule.id}


def _compared(case: Case, rule: SpendingCut) -> dict[str, Any]:
    """Base salaries of both sides, the factor of history, means that are assumed, and what is left out."""
    scenario, units = case.scenario, case.units
    inside = units.matches(rule.scope) & units.exists
    assumed = int((units.assumed[HISTORY] & inside).sum()) if HISTORY in units.assumed else 0
    first, last = rule.baseline_period
    return {
        **_named(rule),
        "baseline_period": [first, last],
        "history_factor": decimal(history_factor(scenario, rule.baseline_period)),
        "base_salary_then": _mean_salary(case, first, last),
        "base_salary_now": _mean_salary(case, scenario.price_year, scenario.price_year),
        "stated": rule.baseline_mvnd is not None,
        "assumed_means": 0 if rule.baseline_mvnd is not None else assumed,
        "units": int(inside.sum()),
        "untouchable": _left_out(case, rule),
    }


def _mean_salary(case: Case, first: int, last: int) -> int | float | None:
    """Dong a month over some years; None where that of one is not known."""
    salaries = [base_salary_of(case.scenario.base_salary, year) for year in range(first, last + 1)]
    known = [salary for salary in salaries if salary is not None]
    return decimal(sum(known, start=Fraction(0)) / len(known)) if len(known) == len(salaries) else None


def _left_out(case: Case, rule: SpendingCut) -> list[dict[str, Any]]:
    labels = rule.labels(case.scenario, case.units)
    return [
        {
            "id": entry.id, "name": entry.name or entry.id, "label": "" if rule.per is None else label,
            "source": entry.source, "certainty": entry.certainty, "of_baseline_mvnd": before, "of_period_mvnd": after,
        }
        for entry, label, (before, after) in rule.left_out(case.scenario, case.units, labels)
    ]  # fmt: skip


def show_prices(talk: Talk, told: dict[str, Any]) -> None:
    """The same in sentences."""
    facts = {"year": str(told["price_year"]), "percent": told["pay_percent"]}
    if told["spending_cuts"] or told["prices"] == "nominal":
        talk.say(f"prices.{told['prices']}", **facts)
    for cut in told["spending_cuts"]:
        _show_cut(talk, told, cut)
    for rule in told["flagged_baselines"]:
        talk.say(f"prices.baseline_{rule['baseline']}", rule=rule["name"], id=rule["id"])


def _show_cut(talk: Talk, told: dict[str, Any], cut: dict[str, Any]) -> None:
    """How one cut's history came to the prices of its other side, what is assumed in it, and what is left out."""
    first, last = map(str, cut["baseline_period"])
    facts = {"rule": cut["name"], "id": cut["id"], "first": first, "last": last, "year": str(told["price_year"])}
    number = talk.wording.number
    if not told["base_salaries"]:
        talk.say("prices.no_salaries", **facts)
    elif cut["history_factor"] == 1:
        talk.say(f"prices.history_at_{told['history_prices']}", **facts)
    else:
        salaries = {"then": number(cut["base_salary_then"]), "now": number(cut["base_salary_now"])}
        factor, percent = number(cut["history_factor"], FACTOR_DECIMALS), told["pay_percent"]
        code = f"prices.history_from_{told['history_prices']}"
        talk.say(code, **facts, **salaries, factor=factor, percent=percent)
    if cut["assumed_means"]:
        talk.say("prices.assumed", **facts, count=cut["assumed_means"], all=cut["units"])
    for entry in cut["untouchable"]:
        talk.say("prices.untouchable", **facts, **entry_facts(talk, entry))


def entry_facts(talk: Talk, entry: dict[str, Any]) -> dict[str, Any]:
    """What is left out, as a sentence names it; its name says so where somebody has to confirm it."""
    name = entry["name"]
    if entry["certainty"] == "to_confirm":
        name = talk.wording.say("cli.to_confirm_mark", name=name)
    source = f" [{entry['source']}]" if entry["source"] else ""
    return {"entry": f"{name}{source}", "after": entry["of_period_mvnd"], "before": entry["of_baseline_mvnd"]}
