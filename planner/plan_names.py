"""What plans are called where many stand side by side: short, in the reader's language."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from models.ranked import RankedPlan
from planner.wording import Wording

if TYPE_CHECKING:
    from planner.comparison import ComparedPlan, Comparison


def short_names(plans: Sequence[RankedPlan], wording: Wording) -> list[str]:
    """The rank of every plan; its list too where there are several."""
    several = len({plan.list for plan in plans}) > 1
    return [wording.say(f"plan_names.{plan.list if several else 'plan'}", rank=plan.rank) for plan in plans]


def compared_names(comparison: "Comparison", wording: Wording) -> Mapping[str, str]:
    """The names of compared plans by their labels in the tables; of several runs with the letter of the run."""
    names = short_names([plan.ranked for plan in comparison.plans], wording)
    return {plan.label: _of_run(plan) + name for plan, name in zip(comparison.plans, names, strict=True)}


def whole_name(plan: "ComparedPlan", wording: Wording) -> str:
    """The same as a sentence or a title calls it: rank and list."""
    of = wording.term("cli", plan.ranked.list)
    return _of_run(plan) + wording.say("charts.plan", rank=plan.ranked.rank, list=of)


def _of_run(plan: "ComparedPlan") -> str:
    run, dot, _ = plan.label.partition(".")
    return f"{run}: " if dot else ""
