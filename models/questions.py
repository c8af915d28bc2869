"""What can be asked of a plan: which decisions it could be without, and which rejected ones it could hold instead."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from models.exact import Integers
from models.importance import Asked, Truths, insisting, refusing
from models.likeness import Event
from models.option import EQUITIZED, Paths
from models.prepared import Prepared
from models.program import Program

How = Literal["exactly", "anyhow", "together"]
"""The very event; any option that gives the unit this fate; any merger that holds both units."""
FATES = ("keep", "merge", "dissolve", "receive", "equitize", "convert", "raise")


@dataclass(frozen=True, eq=False)
class Question:
    """A decision, and whether the plan is to be without it or with it.

    columns: the options that hold the decision, one truth value each; none where nothing like it is listed.
    """

    unit: int
    event: Event
    how: How
    asked: Asked
    columns: Truths

    @property
    def listed(self) -> bool:
        return bool(self.columns.any())

    def of(self, program: Program) -> Program:
        """The program in which the decision is refused or insisted on."""
        change = refusing if self.asked == "without" else insisting
        return change(program, self.columns)


def of_events(problem: Prepared, found: Sequence[tuple[int, Event]], asked: Asked) -> list[Question]:
    """One question per event, under the unit that stands for it."""
    holding: dict[Event, list[int]] = {event: [] for _, event in found}
    for option, mine in enumerate(problem.events):
        for event in mine:
            if event in holding:
                holding[event].append(option)
    return [Question(unit, event, "exactly", asked, _truths(problem, holding[event])) for unit, event in found]


def of_unit(problem: Prepared, unit: int, values: Integers) -> list[Question]:
    """What the unit does now, to be refused; every other fate, and every other partner, to be insisted on.

    Fates that no listed option gives the unit are asked too: their questions say that nothing is listed.
    """
    holding = _options_with(problem.columns.paths, unit)
    now = int(holding[values[holding] == 1][0])
    found = [_present(problem, unit, now)]
    fates = _fates(problem, unit, holding)
    mine = fates[int(np.flatnonzero(holding == now)[0])]
    for fate in FATES:
        options = [int(option) for option, its in zip(holding, fates, strict=True) if its == fate]
        if fate != mine:
            found.append(Question(unit, Event(fate, (unit,)), "anyhow", "with", _truths(problem, options)))
    return [*found, *_partners(problem, unit, now, holding, fates)]


def _present(problem: Prepared, unit: int, now: int) -> Question:
    """The unit's present decision as it is: its group, with or without a raise, or its fate alone."""
    paths = problem.columns.paths
    holding = _options_with(paths, unit)
    fate = _fates(problem, unit, np.array([now]))[0]
    grouped = fate in ("merge", "receive")
    members = sorted(paths.members_of(now).tolist())
    same = [
        option
        for option, its in zip(holding.tolist(), _fates(problem, unit, holding), strict=True)
        if its == fate and (not grouped or sorted(paths.members_of(option).tolist()) == members)
    ]
    units = tuple(members) if grouped else (unit,)
    return Question(unit, Event(fate, units), "exactly", "without", _truths(problem, same))


def _partners(problem: Prepared, unit: int, now: int, holding: Integers, fates: Sequence[str]) -> Iterator[Question]:
    """Every unit that some listed merger puts together with this one, and that is not with it now."""
    paths = problem.columns.paths
    by_partner: dict[int, list[int]] = {}
    for option, fate in zip(holding.tolist(), fates, strict=True):
        if fate == "merge":
            for other in paths.members_of(option).tolist():
                by_partner.setdefault(other, []).append(option)
    for other in sorted(set(by_partner) - set(paths.members_of(now).tolist())):
        yield Question(unit, Event("merge", (unit, other)), "together", "with", _truths(problem, by_partner[other]))


def _fates(problem: Prepared, unit: int, options: Integers) -> list[str]:
    """What becomes of a unit in each of the options that hold it."""
    paths, never = problem.columns.paths, len(problem.scenario.stages)
    return [_fate(paths, int(option), unit, never) for option in options]


def _fate(paths: Paths, option: int, unit: int, never: int) -> str:
    members = paths.members_of(option).tolist()
    if len(members) == 1:
        if paths.leaves[option] < never:
            return "equitize" if paths.exits[option] == EQUITIZED else "convert"
        return "raise" if paths.raised[option] < never else "keep"
    gone = paths.dissolved[paths.starts[option] : paths.starts[option + 1]].tolist()
    if gone[members.index(unit)]:
        return "dissolve"
    return "receive" if sum(not ended for ended in gone) == 1 else "merge"


def _options_with(paths: Paths, unit: int) -> Integers:
    options: Integers = paths.option_of_entry[paths.members == unit]
    return options


def _truths(problem: Prepared, options: Sequence[int]) -> Truths:
    held = np.zeros(len(problem.columns.paths), dtype=bool)
    held[list(options)] = True
    return held
