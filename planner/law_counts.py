"""Which national rule sets a scenario rests on, and how sure it is of what the law asks."""

from collections import Counter
from typing import Any, get_args

from models.provision import Certainty
from planner.provision_words import told_provisions
from planner.rule_sets import RuleSet, fitting, provisions_of
from planner.scenario_file import Case
from planner.talk import Talk


def law_of(case: Case) -> dict[str, Any]:
    """The sets extended, those that fit the as-of day, provisions by certainty, and which are to be confirmed."""
    found = dict(provisions_of(case.scenario))
    sure = Counter(provision.certainty or "not_stated" for provision in found.values())
    return {
        "rule_sets": [extended.name for extended in case.rule_sets],
        "rule_sets_that_fit": [fits.name for fits in fitting(case.scenario.as_of)],
        "certainty": {name: sure[name] for name in (*get_args(Certainty), "not_stated")},
        "dropped": sorted(case.dropped),
        "to_confirm": [place for place, provision in found.items() if provision.certainty == "to_confirm"],
    }


def show_law(talk: Talk, case: Case, counts: dict[str, Any]) -> None:
    """The same in sentences: sets that apply, sets that would fit, and what somebody has to confirm."""
    day, fits = case.scenario.as_of, fitting(case.scenario.as_of)
    if case.rule_sets:
        talk.say("cli.check_sets", sets=", ".join(_set(talk, found) for found in case.rule_sets))
    elif not fits:
        talk.say("cli.check_no_set_fits", as_of=talk.wording.day(day))
    extended = {found.family for found in case.rule_sets}
    for found in fits:
        if found.family not in extended:
            talk.say(
                "cli.check_no_set",
                family=found.family,
                as_of=talk.wording.day(day),
                set=_set(talk, found),
                name=found.name,
            )
    if counts["dropped"]:
        talk.say("cli.check_dropped", rules=", ".join(counts["dropped"]))
    talk.say("cli.check_certainty", **counts["certainty"])
    if open_ := counts["to_confirm"]:
        talk.say("cli.check_to_confirm", count=len(open_))
        unsure = [(place, one) for place, one in provisions_of(case.scenario) if place in open_]
        for line in told_provisions(unsure, talk.wording):
            talk.item(line)


def _set(talk: Talk, found: RuleSet) -> str:
    return talk.wording.say("cli.check_set", set=found.name, title=found.title, period=_days(talk, found))


def _days(talk: Talk, found: RuleSet) -> str:
    """The days of data that a set is for; an open end is a dash alone."""
    since, until = (talk.wording.day(day) if day else "" for day in (found.as_of_from, found.as_of_until))
    return f"{since} – {until}".strip()
