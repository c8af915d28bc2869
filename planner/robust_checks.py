"""What [robust] must hold beside its own keys: rules that exist and add up savings."""

from collections.abc import Iterator

from models.problem import Problem
from models.robust import FAMILIES
from models.scenario import Scenario
from planner.schema_problems import names_of


def robust_problems(scenario: Scenario) -> Iterator[Problem]:
    """Rules that are not there, that are no cut, or that have a budget and are not protected."""
    cuts, rules = [rule.id for rule in scenario.cuts], {rule.id: rule.rule for rule in scenario.rules}
    robust = scenario.robust
    named = [(f"robust.rules[{name}]", name) for name in robust.rules]
    for where, name in [*named, *((f"robust.budgets.{name}", name) for name in robust.budgets)]:
        if name not in rules:
            yield Problem(where, "scenario.not_one_of", names_of(name, cuts))
        elif name not in cuts:
            facts = {"rule": name, "family": rules[name], "families": ", ".join(FAMILIES)}
            yield Problem(where, "robust.no_cut", facts)
    for name in robust.budgets:
        if robust.rules and name not in robust.rules:
            yield Problem(f"robust.budgets.{name}", "robust.not_protected", {"rule": name})
    if not cuts and robust.budget:
        yield Problem("robust.budget", "robust.nothing_to_protect", {"families": ", ".join(FAMILIES)})
