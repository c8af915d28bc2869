"""What is held in reserve for savings that fall short: before anything is solved, and beside the readings."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from models.plan import Plan
from models.rules import Rule
from models.scenario import Scenario
from planner.talk import Talk
from planner.wording import Wording

MOST_LABELS = 6
Held = tuple[str, Fraction, bool]
"""A label, what is held in reserve there, and whether the target holds with it."""
Sentence = tuple[str, dict[str, object]]
"""A sentence's key and its facts."""
_UNITS = {"payroll_cut": "posts", "spending_cut": "mvnd"}


def show_reserve(talk: Talk, plan: Plan, rule: Rule) -> None:
    """What a protected rule of a finished plan holds in reserve."""
    held = [(found.label, found.protected, found.met) for found in plan.readings if found.id == rule.id]
    for key, told in reserves(talk.wording, plan.scenario, rule, held):
        talk.say(key, **told)


def reserves(wording: Wording, scenario: Scenario, rule: Rule, held: Iterable[Held]) -> Iterator[Sentence]:
    """One sentence per label that needs a reserve; of many labels those that would not hold, the others counted."""
    found = [(label, amount, met) for label, amount, met in held if amount]
    missed = [entry for entry in found if not entry[2]]
    shown = found if len(found) <= MOST_LABELS else missed
    facts = {"rule": rule.name or rule.id, "id": rule.id}
    for label, amount, met in shown:
        more = {"label": f" ({label})" if label else "", "budget": _budget(wording, scenario, rule)}
        kept = wording.say(f"robust.amount_{_UNITS[rule.rule]}", amount=wording.number(amount, 1))
        yield "robust.protected" if met else "robust.short", {**facts, **more, "amount": kept}
    if rest := len(found) - len(shown):
        yield "robust.others", {**facts, "count": rest}


def show_protected(talk: Talk, scenario: Scenario, key: str = "robust.checked") -> None:
    """Which rules a scenario protects, and against how many savings at once; key: the sentence that says so."""
    for rule in scenario.cuts:
        if scenario.robust.budget_of(rule.id):
            budget = _budget(talk.wording, scenario, rule)
            talk.say(key, rule=rule.name or rule.id, id=rule.id, budget=budget)


def _budget(wording: Wording, scenario: Scenario, rule: Rule) -> str:
    budget = scenario.robust.budget_of(rule.id)
    return wording.number(budget, 0 if budget.denominator == 1 else 2)
