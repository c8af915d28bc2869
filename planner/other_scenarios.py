"""The other scenarios in which a plan must hold as well: which are named, how they are read, whether they compare.

A scenario names them by `holds_in`, a command by `--also`. Of each only its own figures and rules count: what it would
hold in itself, its prices and its search stay unread.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from models.other import Other, incomparable
from models.problem import InputError, Problem
from planner.safe_path import safe_path

if TYPE_CHECKING:
    from planner.scenario_file import Case

KEY = "holds_in"
FOLDER = "also"
MOST = 10


@dataclass(frozen=True, eq=False)
class OtherCase:
    """Another scenario as it was read, under the name by which tables tell of it."""

    name: str
    case: "Case"

    @property
    def other(self) -> Other:
        return Other(self.name, self.case.scenario, self.case.units)

    @property
    def place(self) -> str:
        """Its scenario file inside a run folder."""
        return f"{FOLDER}/{self.name}/scenario.toml"


def others_of(case: "Case") -> tuple[Other, ...]:
    """The other scenarios as models know them."""
    return tuple(one.other for one in case.others)


def alone(case: "Case") -> "Case":
    """The main scenario by itself."""
    return replace(case, others=())


def refuse_others(case: "Case", command: str) -> None:
    """For what does not know of other scenarios. Errors: InputError where the case names some."""
    if case.others:
        names = ", ".join(one.name for one in case.others)
        raise InputError(str(case.path), [Problem(KEY, "held.unknown_to", {"command": command, "names": names})])


def named(value: Any, folder: Path) -> tuple[list[Path], list[Problem]]:
    """The files that `holds_in` names, inside the folder of the scenario that says so, and what is wrong with it."""
    if not isinstance(value, list) or not all(isinstance(name, str) for name in value):
        return [], [Problem(KEY, "scenario.wanted_texts", {"found": str(value)})]
    files, problems = [], []
    for name in value:
        try:
            files.append(safe_path(folder, name))
        except InputError as error:
            problems += [Problem(KEY, problem.code, problem.facts) for problem in error.problems]
    return files, problems


def with_others(case: "Case", files: Sequence[Path], read: Callable[[Path], "Case"]) -> "Case":
    """The case with every other scenario read and compared. Errors: InputError with the problems of all of them."""
    problems = list(_doubled(case, files))
    found: list[OtherCase] = []
    for name, file in zip(_names(files), files, strict=True):
        try:
            one = OtherCase(name, read(file))
        except InputError as error:
            problems += [_in(name, problem) for problem in error.problems]
            continue
        problems += incomparable(case.scenario, case.units, one.other)
        found.append(one)
    if problems:
        raise InputError(str(case.path), problems)
    return replace(case, others=tuple(found), warnings=(*case.warnings, *_further(case, found)))


def _doubled(case: "Case", files: Sequence[Path]) -> Iterator[Problem]:
    if len(files) > MOST:
        yield Problem(KEY, "held.too_many", {"most": MOST, "found": len(files)})
    seen = {case.path.resolve()}
    for file in files:
        if file.resolve() in seen:
            own = file.resolve() == case.path.resolve()
            yield Problem(KEY, "held.itself" if own else "scenario.doubled_file", {"file": file.name})
        seen.add(file.resolve())


def _names(files: Iterable[Path]) -> list[str]:
    """Short names for folders and tables: of the file, or of its folder where that is how scenarios are told apart."""
    found: list[str] = []
    for file in files:
        whole = file.absolute().parent.name if file.stem == "scenario" else file.stem
        name = re.sub(r"[^A-Za-z0-9_-]+", "-", whole).strip("-")[:40] or "scenario"
        taken = {other.lower() for other in found}
        numbered = (name, *(f"{name}-{number}" for number in range(2, len(found) + 3)))
        found.append(next(one for one in numbered if one.lower() not in taken))
    return found


def _further(case: "Case", others: Sequence[OtherCase]) -> Iterator[Problem]:
    """Warnings of other scenarios that the main one does not raise itself."""
    known = {(problem.where, problem.code, str(problem.facts)) for problem in case.warnings}
    for one in others:
        for problem in one.case.warnings:
            if (problem.where, problem.code, str(problem.facts)) not in known:
                yield _in(one.name, problem)


def _in(name: str, problem: Problem) -> Problem:
    return Problem(f"{name}: {problem.where}", problem.code, problem.facts)
