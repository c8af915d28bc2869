"""Options priced one by one where all of them share columns: reserves of robust rows, and largest values."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import ceil
from typing import Any

import numpy as np
import pytest
from drawn_cases import ANYWHERE, drawn_case
from in_process import solve_here
from small_parts import make_parts_small
from worlds import scenario_of

from models import stream_pricing
from models.columns import Columns
from models.extent import hang_together
from models.guards import Shortfall
from models.multipliers import divisors_of, limits_of
from models.multipliers import rows_of as stated_rows
from models.option import Paths
from models.peaks import Height
from models.prepared import prepare
from models.priced import PricedIn, price_in, proved_again
from models.ranked import Ranking
from models.relaxation import relax
from models.scenario import Scenario
from models.search import rank
from models.stream import Stream
from models.stream_pricing import Sound
from models.unit import Units

Case = tuple[Scenario, Units]
CUTS = [
    {"id": "payroll", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 4},
    {"id": "spending", "rule": "spending_cut", "at_least_percent": 3, "period": [2026, 2030],
     "baseline_period": [2021, 2025]},
]  # fmt: skip
WIDE = {"measured": 40, "estimated": 75, "assumed": Fraction(125, 2), "invented": 100}
LISTS = {"best": 1, "plans": 1, "gap_percent": 0}
SEEDS = range(14)


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    make_parts_small(monkeypatch)


def case_of(seed: int) -> Case:
    """Cuts with a reserve for one or two and a half of the savings, largest values with a price, or both."""
    tables: dict[str, Any] = {"rules": CUTS[: 1 + seed % 2], "pins": [], "merging": [ANYWHERE], "search": LISTS}
    tables["actions"] = dict.fromkeys(("merge", "raise", "slim"), True)
    tables["staffing"] = {"slimming": [{"at_most_percent": 10}]}
    if seed % 3 != 1:
        tables["robust"] = {"budget": (1, Fraction(5, 2))[seed % 2], "deviation_percent": WIDE}
    if seed % 3 != 0:
        tables["objective"] = {"units_touched": 60, "worst_commune_m": 1, "most_touched_permille": 2}
    return drawn_case(seed, 5, **tables)


@cache
def whole(seed: int) -> Ranking:
    return rank(prepare(*case_of(seed)), solve_here)


def never() -> bool:
    return False


def priced(seed: int) -> PricedIn:
    return price_in(Stream.of(*case_of(seed)), relax, solve_here, never)


def marks(paths: Paths) -> Iterator[tuple[object, ...]]:
    """Everything that every option says."""
    for option in range(len(paths)):
        span = slice(int(paths.starts[option]), int(paths.starts[option + 1]))
        entries = zip(*(getattr(paths, name)[span].tolist() for name in ("members", "joins", "dissolved", "closed")),
                      strict=True)  # fmt: skip
        own = (int(getattr(paths, name)[option]) for name in ("raised", "leaves", "exits", "consolidated"))
        yield (frozenset(entries), *own)


def stated(columns: Columns) -> np.ndarray:  # type: ignore[type-arg]
    """(rows x columns) all rows as the rules state them."""
    return np.concatenate([rows.matrix.toarray() * divisors_of(rows)[:, None] for rows in stated_rows(columns)])


@pytest.mark.parametrize("seed", SEEDS)
def test_gives_every_part_the_rows_and_columns_of_the_whole_listing(seed: int) -> None:
    scenario, units = case_of(seed)
    together = prepare(scenario, units).columns
    sound = Sound(Stream.of(scenario, units), never)
    sound.survey()
    table, options = stated(together), len(together.paths)
    entries = dict(zip(marks(together.paths), table.T.tolist(), strict=False))
    for columns in sound.parts():
        mine, own = stated(columns), len(columns.paths)
        assert columns.extra.upper.tolist() == together.extra.upper.tolist()
        assert mine[:, own:].tolist() == table[:, options:].tolist(), "amounts, reserves and largest values"
        for mark, column in zip(marks(columns.paths), mine.T.tolist(), strict=False):
            assert column == entries[mark]
        for one, other in zip(stated_rows(columns), stated_rows(together), strict=True):
            assert (one.rule, one.labels) == (other.rule, other.labels)
            assert all(map(np.array_equal, limits_of(one), limits_of(other)))


@pytest.mark.parametrize("seed", SEEDS)
def test_finds_the_optimum_of_the_whole_listing_with_a_gap_of_nothing(seed: int) -> None:
    alone, found = whole(seed), priced(seed)
    plans = rank(found.problem, solve_here).plans
    assert (found.streamed, found.sound) == (len(alone.problem.listing.paths), len(alone.problem.columns.paths))
    assert [(plan.score, plan.gap) for plan in plans] == [(plan.score, 0) for plan in alone.plans]
    if plans:
        assert found.proof is not None
        assert ceil(found.proof.bound) <= plans[0].score


def test_leaves_something_out_where_reserves_and_largest_values_count() -> None:
    told: Counter[str] = Counter()
    for seed in SEEDS:
        left_out, plans = priced(seed).problem.left_out, whole(seed).plans
        told["something left out"] += bool(left_out is not None and left_out.options)
        told["a reserve"] += bool(plans and any(reading.protected for reading in plans[0].plan.readings))
        told["a largest value"] += bool(plans and plans[0].plan.criteria["most_touched_permille"])
    assert all(told[name] >= 2 for name in ("something left out", "a reserve", "a largest value")), told


@pytest.mark.parametrize("seed", SEEDS)
def test_proves_the_same_again_from_the_multipliers_alone(seed: int) -> None:
    found = priced(seed)
    if found.proof is None:
        return
    again = proved_again(Stream.of(*case_of(seed)), found.proof.multipliers.certificate, found.proof.under)
    assert again.proof is not None
    assert again.proof.bound == found.proof.bound
    assert again.problem.left_out == found.problem.left_out
    assert again.problem.columns.extra.upper.tolist() == found.problem.columns.extra.upper.tolist()


def test_joins_what_parts_can_fall_short_of_by_hand() -> None:
    """Of the first unit 12 at most in one part and 30 in another, in steps of 6 and 10: 30 in steps of 2."""
    one, other = Shortfall(np.array([12, 0]), np.array([6, 4])), Shortfall(np.array([30, 0]), np.array([10, 0]))
    both = one.joined(other)
    assert (both.most.tolist(), both.common.tolist()) == ([30, 0], [2, 4])


def test_joins_how_high_parts_can_go_by_hand() -> None:
    """3,000 m at most in one part and 2,000 in another; every commune that either adds to has its row."""
    one, other = Height("worst_commune_m", 3000, ("A", "C")), Height("worst_commune_m", 2000, ("B", "C"))
    assert one.joined(other) == other.joined(one) == Height("worst_commune_m", 3000, ("A", "B", "C"))


def test_goes_through_once_more_only_where_options_share_columns() -> None:
    plain, robust = (scenario_of(rules=CUTS, robust={"budget": budget}) for budget in (0, 1))
    assert (hang_together(plain), hang_together(robust)) == (False, True)
    assert not hang_together(scenario_of(robust={"budget": 1})), "no cut, no reserve"
    assert hang_together(scenario_of(objective={"worst_commune_m": 1}))


def test_ends_before_it_knows_what_all_need_together() -> None:
    """Time is over while the options go by for the first time: no bound, and nothing is left out by proof."""
    found = price_in(Stream.of(*case_of(0)), relax, solve_here, over=lambda: True)
    assert (found.complete, found.proof) == (False, None)
    assert found.problem.left_out is not None and found.problem.left_out.costs_at_least is None


def test_forgets_nothing_where_too_many_options_are_sound_to_be_held(monkeypatch: pytest.MonkeyPatch) -> None:
    held = priced(2)
    monkeypatch.setattr(stream_pricing, "HELD", 0)
    listed_again = priced(2)
    assert held.proof is not None and listed_again.proof is not None
    assert held.proof.bound == listed_again.proof.bound
    assert list(marks(held.problem.columns.paths)) == list(marks(listed_again.problem.columns.paths))
