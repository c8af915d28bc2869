"""Conflicts and repairs of named demands, whatever they are: counted by trying every part of them."""

from collections.abc import Callable, Mapping
from itertools import combinations

import numpy as np
import pytest
from in_process import solve_here
from scipy import sparse

from models.conflict import Conflict, Effort, Explored, Names, Remembered, Verdict, explore, shrink
from models.elastic import WHOLE, Elastic
from models.engine import relax
from models.feasible import Feasible, Means, groups
from models.program import Cover, Program, Rows, row

MEANS = Means(solve_here, relax)


def pigeonhole(pigeons: int, holes: int) -> tuple[Program, Mapping[str, list[Rows]]]:
    """Column p·holes + h: pigeon p sits in hole h, and in one hole at most. Demands: every pigeon sits somewhere, and
    no hole holds two."""
    place = np.arange(pigeons * holes)
    alone = sparse.csr_array((np.ones(len(place), np.int64), (place // holes, place)), shape=(pigeons, len(place)))
    program = Program(Cover(alone, np.zeros(pigeons, dtype=bool)), (), np.zeros(len(place), np.int64))
    demands = {f"pigeon{p}": [row("sits", (place // holes == p).astype(np.int64), at_least=1)] for p in range(pigeons)}
    return program, demands | {
        f"hole{h}": [row("room", (place % holes == h).astype(np.int64), at_most=1)] for h in range(holes)
    }


def by_hand(held: Names, holes: int) -> bool:
    """Whether the demands held can be met: a hole without its limit takes everyone."""
    seated = sum(name.startswith("pigeon") for name in held)
    return sum(name.startswith("hole") for name in held) < holes or seated <= holes


def smallest_sets(names: list[str], hits: Callable[[Names], bool]) -> set[Names]:
    """All sets with a property that no smaller set in them has: by trying every one, the smallest first."""
    found: set[Names] = set()
    for size in range(len(names) + 1):
        for chosen in map(frozenset, combinations(names, size)):
            if hits(chosen) and not any(known <= chosen for known in found):
                found.add(chosen)
    return found


def explored(program: Program, demands: Mapping[str, list[Rows]], most: int = 50) -> Explored:
    ask = Remembered(Feasible(groups(program, demands), MEANS))
    return explore(dict.fromkeys(demands, 0), ask, solve_here, effort=Effort(most))


@pytest.mark.parametrize(("pigeons", "holes", "conflicts", "repairs"), [(5, 3, 5, 13), (4, 2, 4, 8), (3, 2, 1, 5)])
def test_finds_every_conflict_and_repair_of_pigeons_in_holes(
    pigeons: int, holes: int, conflicts: int, repairs: int
) -> None:
    """Five in three: any four pigeons with all three holes (5 conflicts); one hole without its limit, or two pigeons
    that stay outside (3 + 10 repairs)."""
    program, demands = pigeonhole(pigeons, holes)
    found, everyone = explored(program, demands), frozenset(demands)
    assert found.complete and found.smallest_proved
    assert {one.names for one in found.conflicts} == smallest_sets([*demands], lambda held: not by_hand(held, holes))
    assert set(found.repairs) == smallest_sets([*demands], lambda given: by_hand(everyone - given, holes))
    assert (len(found.conflicts), len(found.repairs)) == (conflicts, repairs)
    assert all(one.minimal for one in found.conflicts)
    assert len(found.repairs[0]) == 1  # the smallest first


def test_says_that_a_cut_list_is_partial() -> None:
    found = explored(*pigeonhole(5, 3), most=4)
    assert not found.complete and len(found.repairs) <= 4


def test_blames_the_first_of_those_that_could_be_blamed() -> None:
    """Of c1 >= 1, c2 >= 1 and c1 + c2 <= 0 either floor is enough beside the ceiling; the first named is blamed."""
    one = np.array([1, 0], dtype=np.int64)
    program = Program(
        Cover(sparse.csr_array((0, 2), dtype=np.int64), np.zeros(0, dtype=bool)), (), np.zeros(2, dtype=np.int64)
    )
    demands = {
        "ceiling": [row("c", np.array([1, 1], dtype=np.int64), at_most=0)],
        "first": [row("a", one, at_least=1)],
        "second": [row("b", one[::-1].copy(), at_least=1)],
    }
    ask = Remembered(Feasible(groups(program, demands), MEANS))
    assert shrink(["first", "second", "ceiling"], ask) == Conflict(frozenset({"first", "ceiling"}), minimal=True)
    assert shrink(["second", "first", "ceiling"], ask) == Conflict(frozenset({"second", "ceiling"}), minimal=True)


def test_knows_what_only_whole_numbers_forbid() -> None:
    """Three pairs of three items, of which two share one: two of them at least, each item once. Halves would do 1.5."""
    ring = sparse.csr_array(np.array([[1, 1, 0], [0, 1, 1], [1, 0, 1]], dtype=np.int64))
    program = Program(Cover(ring, np.zeros(3, dtype=bool)), (), np.zeros(3, dtype=np.int64))
    demands = {"most": [row("most", np.array([2, 2, 2], dtype=np.int64), at_least=3)]}
    feasible = Feasible(groups(program, demands), MEANS)
    assert feasible(frozenset({"most"})) == "impossible"
    assert feasible.by_integers == {frozenset({"most"})}


def test_takes_a_time_out_for_neither_yes_nor_no() -> None:
    """a, b and c conflict; whether b and c do without a is not known: a stays in, and nothing is called minimal."""

    def ask(held: Names) -> Verdict:
        if held == {"b", "c"}:
            return "unknown"
        return "impossible" if held == {"a", "b", "c"} else "possible"

    assert shrink(["b", "c", "a"], Remembered(ask)) == Conflict(frozenset({"a", "b", "c"}), minimal=False)
    found = explore(dict.fromkeys("abc", 0), Remembered(ask), solve_here, effort=Effort(9))
    assert not found.complete and {one.names for one in found.conflicts} == {frozenset("abc")}
    assert not all(one.minimal for one in found.conflicts)


def test_asks_no_question_whose_answer_follows() -> None:
    asked: list[Names] = []

    def ask(held: Names) -> Verdict:
        asked.append(held)
        return "impossible" if {"a", "b"} <= held else "possible"

    remembered = Remembered(ask)
    assert [remembered(frozenset(held)) for held in ("ab", "abc", "ac", "a")] == [
        "impossible", "impossible", "possible", "possible",
    ]  # fmt: skip
    assert asked == [frozenset("ab"), frozenset("ac")]


def test_gives_way_by_just_what_a_solution_misses() -> None:
    """Nobody sits: each of five pigeons misses its one place of a baseline of one; the holes miss nothing."""
    program, demands = pigeonhole(5, 3)
    elastic = Elastic.of(program, [rows for found in demands.values() for rows in found])
    nobody = elastic.filled(np.zeros(15, dtype=np.int64))
    assert not elastic.program.violated(nobody).size
    assert (elastic.least_total().score(nobody), elastic.largest(nobody)) == (5 * WHOLE, WHOLE)
    all_in_one = elastic.filled((np.arange(15) % 3 == 0).astype(np.int64))
    assert elastic.least_total().score(all_in_one) == 4 * WHOLE  # the hole holds four too many
