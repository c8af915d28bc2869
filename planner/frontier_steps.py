"""The steps of a frontier as people type them: one number per criterion, or numbers by name."""

from collections.abc import Sequence

from models.problem import InputError, Problem


def steps_of(text: str | None, names: Sequence[str]) -> dict[str, int]:
    """`500,1` in the order of the criteria, or `state_saving=500`. Errors: InputError where it is neither."""
    if text is None:
        return {}
    parts = [part.strip() for part in text.split(",")]
    if not any("=" in part for part in parts):
        if len(parts) != len(names):
            raise InputError("--step", [Problem("step", "frontier.step_form", {"found": text})])
        parts = [f"{name}={part}" for name, part in zip(names, parts, strict=True)]
    problems = [Problem("step", "frontier.step_form", {"found": part}) for part in parts if not _readable(part)]
    stated = [part.partition("=")[0].strip() for part in parts]
    doubled = sorted({name for name in stated if stated.count(name) > 1})
    problems += [Problem("step", "frontier.doubled", {"found": name}) for name in doubled]
    if problems:
        raise InputError("--step", problems)
    return {name.strip(): int(number) for name, _, number in (part.partition("=") for part in parts)}


def _readable(part: str) -> bool:
    """A name and a whole number of at most eighteen digits."""
    name, _, number = part.partition("=")
    digits = number.strip()
    return bool(name.strip()) and digits.isascii() and digits.isdigit() and len(digits) <= 18
