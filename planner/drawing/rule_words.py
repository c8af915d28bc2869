"""What pictures and the report call a target, and what its amounts are counted in."""

from planner.wording import Wording

IN_PERCENT = ("autonomy_share", "equitization", "payroll_cut", "spending_cut")
IN_MILLIONS = ("one_off_budget",)


def rule_words(name: str, rule: str, year: str, wording: Wording) -> str:
    """The name that the scenario gives it, else its family; with its year, unless the name tells that itself."""
    key = f"graph.rule_{rule}"
    told = name or (wording.say(key) if wording.knows(key) else rule)
    return wording.say("graph.rule_in_year", rule=told, year=year) if year and year not in told else told


def with_sign(amount: str, rule: str) -> str:
    """An amount of a target with its percent sign, where it is a percentage."""
    return f"{amount}%" if amount and rule in IN_PERCENT else amount


def unit_word(rule: str, wording: Wording) -> str:
    """The word for what a target's amounts are counted in, where they are money; "" for counts and percentages."""
    return wording.say("pictures.millions_word") if rule in IN_MILLIONS else ""


def with_unit(amount: str, rule: str, wording: Wording) -> str:
    """An amount of a target with its sign or word: percent, million VND; a plain count stays as it is."""
    word = unit_word(rule, wording) if amount else ""
    return f"{amount} {word}" if word else with_sign(amount, rule)
