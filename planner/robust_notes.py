"""What is held in reserve for savings that fall short, beside the readings of protected rules."""

from models.plan import Plan
from models.rules import Rule
from planner.talk import Talk

UNITS = {"payroll_cut": "posts", "spending_cut": "mvnd"}


def show_reserve(talk: Talk, plan: Plan, rule: Rule) -> None:
    """One sentence per label that needs a reserve."""
    number = talk.wording.number
    for reading in plan.readings:
        if reading.id == rule.id and reading.protected:
            budget = plan.scenario.robust.budget_of(rule.id)
            amount = talk.wording.say(f"robust.amount_{UNITS[rule.rule]}", amount=number(reading.protected, 1))
            talk.say(
                "robust.protected" if reading.met else "robust.short",
                rule=rule.name or rule.id, id=rule.id, label=f" ({reading.label})" if reading.label else "",
                budget=number(budget, 0 if budget.denominator == 1 else 2), amount=amount,
            )  # fmt: skip
