"""What the readings of a cut rest on: a baseline that nobody assigned, history at other prices, outlay left out."""

from models.plan import Plan
from models.rules import Rule
from planner.talk import Talk


def show_what_it_rests_on(talk: Talk, plan: Plan, rule: Rule) -> None:
    """A flagged baseline and whether the target is met only so; then what was scaled, assumed and left out."""
    facts = {"rule": rule.name or rule.id, "id": rule.id}
    readings = [reading for reading in plan.readings if reading.id == rule.id]
    for baseline in sorted({reading.baseline for reading in readings if reading.baseline}):
        talk.say(f"prices.baseline_{baseline}", **facts)
    if only := [reading.label for reading in readings if reading.met_only_so]:
        labels = ", ".join(filter(None, only))
        talk.say("prices.met_only_so", **facts, labels=f" ({labels})" if labels else "")
    names = {entry.id: entry.name or entry.id for entry in plan.scenario.untouchable}
    for fact in (fact for fact in plan.context if fact.id == rule.id):
        if fact.what == "history_factor":
            talk.say("prices.scaled", **facts, factor=talk.wording.number(fact.value, 4))
        elif fact.what == "assumed_history":
            percent = talk.wording.number(fact.value, 1)
            talk.say("prices.assumed_part", **facts, label=f" ({fact.label})" if fact.label else "", percent=percent)
        elif fact.what == "untouchable":
            sums = {"after": fact.numerator, "before": fact.denominator}
            talk.say("prices.left_out", **facts, entry=names[fact.label], **sums)
