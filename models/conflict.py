"""Which demands cannot stand together: minimal conflicts and minimal repairs of named demands, whatever they are.

Nothing here knows what a demand is: an oracle says whether some of them are possible together. A time-out is neither
yes nor no: the demand stays in, and what rests on it is not called minimal or complete.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

import numpy as np
from scipy import sparse

from models.program import Cover, Program, row

if TYPE_CHECKING:
    from models.order import Solve

Verdict = Literal["possible", "impossible", "unknown"]
Names = frozenset[str]
Ask = Callable[[Names], Verdict]


@dataclass(frozen=True)
class Conflict:
    """Demands of which every solution breaks one; `minimal` where without each of them the others were possible."""

    names: Names
    minimal: bool


@dataclass(frozen=True)
class Explored:
    """Minimal conflicts and minimal repairs (demands without which the rest is possible), smallest repairs first.

    complete: there are no others; the first repair is then the smallest, and `smallest_proved` says whether it is in
    any case.
    """

    conflicts: tuple[Conflict, ...]
    repairs: tuple[Names, ...]
    complete: bool
    smallest_proved: bool


class Remembered:
    """An oracle that is never asked what follows from an earlier answer: less of what is possible is possible."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._possible: list[Names] = []
        self._impossible: list[Names] = []
        self._unknown: set[Names] = set()

    def __call__(self, held: Names) -> Verdict:
        if any(held <= known for known in self._possible):
            return "possible"
        if any(known <= held for known in self._impossible):
            return "impossible"
        if held in self._unknown:
            return "unknown"
        verdict = self._ask(held)
        if verdict == "unknown":
            self._unknown.add(held)
        else:
            (self._possible if verdict == "possible" else self._impossible).append(held)
        return verdict


def shrink(names: Sequence[str], ask: Ask) -> Conflict:
    """A minimal conflict among demands that are impossible together (Junker's QuickXplain).

    names: first to blame first; a late one is a member only where all earlier ones together are not enough.
    """
    if ask(frozenset()) == "impossible":
        return Conflict(frozenset(), minimal=True)
    found = frozenset(_needed(frozenset(), tuple(names), ask))
    return Conflict(found, minimal=all(ask(found - {name}) == "possible" for name in found))


def _needed(held: Names, suspects: tuple[str, ...], ask: Ask) -> tuple[str, ...]:
    """The part of the suspects that is impossible beside what is held; what is not proved keeps its suspects."""
    if len(suspects) == 1:
        return suspects
    first, second = suspects[: len(suspects) // 2], suspects[len(suspects) // 2 :]
    beside = held.union(first)
    late = () if ask(beside) == "impossible" else _needed(beside, second, ask)
    beside = held.union(late)
    early = () if ask(beside) == "impossible" else _needed(beside, first, ask)
    return early + late


@dataclass(frozen=True)
class Effort:
    """How far to look for conflicts and repairs: so many of each, and only while `going` says so."""

    most: int
    going: Callable[[], bool] = field(default=lambda: True)


def explore(
    weights: Mapping[str, int], ask: Ask, solve: "Solve", *, effort: Effort, known: Iterable[Conflict] = ()
) -> Explored:
    """All minimal conflicts and repairs, as far as the effort goes (MARCO, always from a largest open set).

    weights: how much each demand should be kept, all alike but for ties; in order of blame, first to blame first.
    A largest set of demands that nothing speaks about yet is either possible, and then its complement is a minimal
    repair, or it holds a further conflict.
    """
    conflicts, repairs = list(known), list[Names]()
    unclear, smallest_proved = list[Names](), False
    names = tuple(weights)
    while len(conflicts) <= effort.most and len(repairs) < effort.most and effort.going():
        seed = _largest_open(weights, [found.names for found in conflicts], repairs, unclear, solve)
        if seed is None:
            break
        if seed.names is None:
            return Explored(tuple(conflicts), tuple(repairs), not unclear and _all(conflicts), smallest_proved)
        verdict = ask(seed.names)
        if verdict == "possible":
            smallest_proved |= not repairs and not unclear
            repairs.append(frozenset(names) - seed.names)
        elif verdict == "unknown":
            unclear.append(seed.names)
        else:
            found = shrink([name for name in names if name in seed.names], ask)
            if not found.names:
                return Explored((found,), (), complete=True, smallest_proved=False)
            conflicts.append(found)
    return Explored(tuple(conflicts), tuple(repairs), complete=False, smallest_proved=smallest_proved)


def _all(conflicts: Collection[Conflict]) -> bool:
    return all(conflict.minimal for conflict in conflicts)


@dataclass(frozen=True)
class _Seed:
    """A set of demands that nothing speaks about yet; None where there is none left."""

    names: Names | None


def _largest_open(
    weights: Mapping[str, int], conflicts: Sequence[Names], repairs: Sequence[Names], unclear: Sequence[Names],
    solve: "Solve",
) -> _Seed | None:  # fmt: skip
    """A heaviest set that holds no known conflict and leaves no known repair out; None where the solver gave up."""
    names = tuple(weights)
    inside = {found: np.array([name in found for name in names], dtype=np.int64) for found in (*conflicts, *unclear)}
    rows = [row("conflict", mask, at_most=len(found) - 1) for found, mask in inside.items()]
    rows += [row("repair", np.array([name in one for name in names], dtype=np.int64), at_least=1) for one in repairs]
    keep = np.array([len(names) * (max(weights.values()) + 1) + weight for weight in weights.values()], dtype=np.int64)
    nothing = Cover(sparse.csr_array((0, len(names)), dtype=np.int64), np.zeros(0, dtype=bool))
    answer = solve(Program(nothing, tuple(rows), -keep), hint=None, gap=0.0, share=Fraction(1, 2))
    if answer.status == "infeasible":
        return _Seed(None)
    if answer.status != "optimal" or answer.plan is None:
        return None
    return _Seed(frozenset(name for name, kept in zip(names, answer.plan.tolist(), strict=True) if kept))
