"""What a chart calls a target."""

from planner.wording import Wording


def rule_words(name: str, rule: str, year: str, wording: Wording) -> str:
    """The name that the scenario gives it, else its family; with its year, unless the name tells that itself."""
    key = f"graph.rule_{rule}"
    told = name or (wording.say(key) if wording.knows(key) else rule)
    return wording.say("graph.rule_in_year", rule=told, year=year) if year and year not in told else told
