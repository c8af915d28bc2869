"""Sums over the members of options: the same whether whole columns are added or each group by itself."""

from fractions import Fraction

import numpy as np
import pytest
from worlds import unit, units_of

from models import group_sums, successor
from models.group_sums import GroupSums
from models.option import Paths, options_of

FIGURE = np.array([1, 10, 100, 1000])


def three_pairs_and_a_triple() -> Paths:
    """0 and 1, 0 and 2, 1 and 3; then 0, 1 and 2; the last of each is the host."""
    pairs = options_of(np.array([[0, 1], [0, 2], [1, 3]]), never=1, joins=0)
    return Paths.joined([pairs, options_of(np.array([[0, 1, 2]]), never=1, joins=0)])


@pytest.fixture(params=[1, 100], ids=["by columns", "each group by itself"])
def _ways(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(group_sums, "FEWEST_OF_A_RUN", request.param)


def test_adds_up_by_columns_whoever_is_counted() -> None:
    """32 pairs of 0 and 1, then 32 triples of 0, 1 and 2: two runs, of which only who joins is counted, or all."""
    pairs = options_of(np.tile([0, 1], (32, 1)), never=1, joins=0)
    triples = options_of(np.tile([0, 1, 2], (32, 1)), never=1, joins=0)
    paths = Paths.joined([pairs, triples])
    assert GroupSums(paths, ~paths.is_host, units=4).of(FIGURE).tolist() == [1] * 32 + [11] * 32
    assert GroupSums(paths, paths.joins <= 0, units=4).of(FIGURE).tolist() == [11] * 32 + [111] * 32


@pytest.mark.usefixtures("_ways")
def test_adds_up_everyone_and_only_who_is_counted() -> None:
    paths = three_pairs_and_a_triple()
    everyone = GroupSums(paths, np.ones(9, dtype=bool), units=4)
    assert everyone.of(FIGURE).tolist() == [11, 101, 1010, 111]
    assert everyone.least(FIGURE, otherwise=9).tolist() == [1, 1, 10, 1]
    joined = GroupSums(paths, ~paths.is_host, units=4)
    assert joined.of(FIGURE).tolist() == [1, 1, 10, 11]
    nobody = GroupSums(paths, np.zeros(9, dtype=bool), units=4)
    assert (nobody.of(FIGURE).tolist(), nobody.least(FIGURE, 9).tolist()) == ([0, 0, 0, 0], [9, 9, 9, 9])


@pytest.mark.usefixtures("_ways")
def test_adds_up_what_leaves_64_bits_and_nothing_at_all() -> None:
    everyone = np.ones(9, dtype=bool)
    paths = three_pairs_and_a_triple()
    assert GroupSums(paths, everyone, 4).of(FIGURE.astype(object) * 2**62).tolist()[0] == 11 * 2**62
    none = paths.take(np.zeros(4, dtype=bool))
    assert GroupSums(none, everyone[:0], 4).of(FIGURE).tolist() == []


@pytest.mark.parametrize("most", [0, 10**6], ids=["each pair by itself", "in a table of pairs"])
def test_reckons_the_way_to_every_host(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """A degree of latitude is 111,195 m: units on one meridian, at 10, 11, 13 and 10 degrees."""
    monkeypatch.setattr(successor, "MOST_PAIRS", most)
    units = units_of([unit(f"u{n}", lat=lat, lon=108.0) for n, lat in enumerate((10.0, 11.0, 13.0, 10.0))])
    metres = successor._metres(units, three_pairs_and_a_triple(), Fraction(1))
    assert metres.tolist() == [111_195, 0, 333_585, 0, 111_195, 0, 333_585, 222_390, 0]
