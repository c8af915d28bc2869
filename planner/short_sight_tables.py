"""What short sight costs, as data and as a planner reads it."""

from fractions import Fraction
from typing import Any

from models.short_sight import ShortSight
from planner.talk import Talk

BILLION = 1000


def short_sight_document(found: ShortSight) -> dict[str, Any]:
    """What the short sight decided and what it costs, as data; amounts in million VND, null where not known."""
    scores = {"": found.myopic, "together_": found.together}
    plans = {name: ranking.plans[0] if ranking and ranking.plans else None for name, ranking in scores.items()}
    figures = {
        f"{name}{what}_mvnd": None if plan is None else getattr(plan, what)
        for name, plan in plans.items()
        for what in ("score", "bound")
    }
    return {
        "decided_by": found.year,
        "rules_left_out": [rule.id for rule in found.left_out],
        "units_decided": list(found.decided),
        "first_score_mvnd": found.first.score,
        "first_bound_mvnd": found.first.bound,
        **figures,
        "extra_at_least_mvnd": found.extra_at_least,
        "extra_at_most_mvnd": found.extra_at_most,
        "impossible": found.impossible,
        "impossible_together": found.impossible_together,
    }


def show_short_sight(talk: Talk, found: ShortSight) -> None:
    """That the plans are myopic, what was fixed, and what it costs against planning all deadlines together."""
    rules = ", ".join(rule.id for rule in found.left_out) or "–"
    talk.say("short_sight.myopic", year=str(found.year), units=len(found.decided), rules=rules)
    least, most = found.extra_at_least, found.extra_at_most
    if found.impossible:
        talk.say("short_sight.impossible", year=str(found.year))
    elif least is not None and most is not None:
        amounts = (talk.wording.number(Fraction(amount, BILLION), 3) for amount in (least, most))
        talk.say("short_sight.extra", **dict(zip(("least", "most"), amounts, strict=True)))
    else:
        talk.say("short_sight.under_order" if found.problem.scenario.objective.order else "short_sight.unknown")
    if found.impossible and found.impossible_together:
        talk.say("short_sight.impossible_anyway")
    elif found.impossible and found.together is not None and found.together.plans:
        score = talk.wording.number(Fraction(found.together.best_score, BILLION), 3)
        talk.say("short_sight.possible_together", score=score)
