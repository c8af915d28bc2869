"""Problems in the reader's language: where, what must hold, what is, what to do next."""

from collections.abc import Iterable

from models.problem import InputError, Problem
from planner.wording import Wording

MOST_SHOWN = 200


def told(error: InputError, wording: Wording) -> str:
    """All problems of an input, one line each."""
    lines = [wording.say("problem.cannot_be_used", source=error.source), *lines_of(error.problems, wording)]
    return "\n".join(lines)


def lines_of(problems: Iterable[Problem], wording: Wording) -> list[str]:
    """One line a problem; beyond the first two hundred only their number."""
    problems = list(problems)
    lines = [f"  - {sentence(problem, wording)}" for problem in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        lines.append("  - " + wording.say("problem.more", count=len(problems) - MOST_SHOWN))
    return lines


def records_of(problems: Iterable[Problem], wording: Wording) -> list[dict[str, object]]:
    """Problems as data, each with its sentence."""
    return [
        {"where": found.where, "code": found.code, "facts": _texts(found), "message": sentence(found, wording)}
        for found in problems
    ]


def _texts(problem: Problem) -> dict[str, str]:
    return {name: str(fact) for name, fact in problem.facts.items()}


def sentence(problem: Problem, wording: Wording) -> str:
    """The place and its sentence; a hint is added where there is one."""
    facts = dict(problem.facts)
    hint = facts.get("hint")
    told_as = f"{problem.where}: " + wording.say(problem.code, **facts)
    return told_as + " " + wording.say("problem.did_you_mean", hint=hint) if hint else told_as
