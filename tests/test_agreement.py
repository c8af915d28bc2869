"""Where plans agree and how far they lie apart, on plans written by hand; and what a run writes of it."""

from pathlib import Path

import numpy as np
import pytest
from decided import into, plan_of
from drawn_cases import drawn_case
from in_process import solve_here
from small_province import document, rows_of, run, write_scenario
from worlds import scenario_of, unit, units_of

from models.agreement import agreements, left_percent, plan_events
from models.chosen import values_of, with_options_of
from models.likeness import Event
from models.plan import Decision, Plan
from models.prepared import prepare
from models.search import rank

ROWS = [unit("a"), unit("b"), unit("c"), unit("d", present_budget=18)]
ONLY_MERGERS = scenario_of(actions={"merge": True}, merging=[{"within": "parent", "same": [], "max_members": 2}])
SEVERAL = {"best": 4, "plans": 3, "gap_percent": 0, "different_percent": 40, "within_percent": 60}
DRAWN = [(seed, 4) for seed in range(12)]


def plans() -> list[Plan]:
    """Two plans: a takes in b; and besides c takes in d."""
    return [plan_of(ONLY_MERGERS, ROWS, steps) for steps in (into("a", "b"), [*into("a", "b"), *into("c", "d")])]


def test_sorts_decisions_into_always_contested_and_never() -> None:
    """Both plans merge a and b, one of two c and d; of the first alone c and d could merge and do not."""
    both = agreements(plans(), ONLY_MERGERS, units_of(ROWS))
    assert [(found.event.fate, found.event.units, found.agreement, found.plans) for found in both] == [
        ("merge", (0, 1), "always", (0, 1)),
        ("merge", (2, 3), "contested", (1,)),
    ]
    alone = agreements(plans()[:1], ONLY_MERGERS, units_of(ROWS))
    assert [(found.event.units, found.agreement) for found in alone] == [
        ((0, 1), "always"), ((2,), "never"), ((3,), "never"),
    ]  # fmt: skip


def test_measures_distance_by_what_a_plan_gives_up() -> None:
    """The larger plan leaves nothing of the smaller one; the smaller one leaves 2 of the larger one's 4 units."""
    small, large = map(plan_events, plans())
    assert left_percent(small, large) == 0
    assert left_percent(large, small) == 50
    assert left_percent(frozenset(), large) == 0


def test_counts_no_decision_that_a_pin_forces() -> None:
    scenario = scenario_of(
        actions={"merge": True}, merging=[{"within": "parent", "same": []}], pins=[{"unit": "a", "merge_with": ["b"]}]
    )
    plan = plan_of(scenario, ROWS, [*into("a", "b"), *into("c", "d")])
    assert plan_events(plan) == {Event("merge", (2, 3))}


def test_counts_a_dissolved_unit_and_not_its_receiver() -> None:
    rows = [unit("a"), unit("b", dissolution_ground="no tasks left", receiver="a"), unit("c")]
    step = Decision(unit_id="b", fate="dissolve", year=2025, receiver_id="a", successor_id="a", site="closed")
    assert plan_events(plan_of(scenario_of(), rows, [step])) == {Event("dissolve", (1,))}


@pytest.mark.parametrize(("seed", "count"), DRAWN)
def test_reads_the_same_events_and_columns_from_decisions_as_the_search_chose(seed: int, count: int) -> None:
    """Every ranked plan of a drawn province, back from its decisions alone."""
    problem = prepare(*drawn_case(seed, count, search=SEVERAL))
    for plan in rank(problem, solve_here).plans:
        chosen = np.flatnonzero(plan.values[: len(problem.events)])
        assert plan_events(plan.plan) == {event for option in chosen for event in problem.events[option]}
        assert np.array_equal(values_of(problem, plan.plan.decisions), plan.values)


def test_brings_back_an_option_that_the_listing_lacks() -> None:
    problem = prepare(ONLY_MERGERS, units_of(ROWS))
    drafted = plans()[0]
    pairs = problem.columns.paths.sizes == 2
    poorer = type(problem)(problem.scenario, problem.units, problem.listing, problem.columns.taking(~pairs), 0)
    richer = with_options_of(poorer, [drafted.decisions])
    assert len(richer.columns.paths) == len(poorer.columns.paths) + 1
    values = values_of(richer, drafted.decisions)
    assert not richer.program.violated(values).size
    assert richer.program.score(values) == drafted.score


def test_writes_agreement_and_distances_that_verify_rebuilds(tmp_path: Path) -> None:
    province, out = write_scenario(tmp_path / "province"), tmp_path / "run"
    shown = run("solve", province, "--best", 3, "--plans", 2, "--out", out)
    assert "structural decisions" in shown.stdout and "distances.csv" in shown.stdout
    rows, apart = rows_of(out / "agreement.csv"), rows_of(out / "distances.csv")
    for row in rows:
        plans_, of = int(row["plans"]), int(row["of"])
        assert row["agreement"] == {0: "never", of: "always"}.get(plans_, "contested")
        assert len([rank for rank in row["ranks"].split(";") if rank]) == plans_
    assert len(apart) == 5 * 4
    by_pair = {(r["list"], r["rank"], r["other_list"], r["other_rank"]): r for r in apart}
    for (name, place, other, rank_), row in by_pair.items():
        assert row["people_apart"] == by_pair[other, rank_, name, place]["people_apart"]
    assert by_pair["best", "1", "different", "1"]["distance_percent"] in ("0", "0.0")
    assert run("verify", out).exit_code == 0


def test_tells_agreement_as_data(tmp_path: Path) -> None:
    told = document(run("solve", write_scenario(tmp_path / "province"), "--out", tmp_path / "run", "--json"))
    assert {row["list"] for row in told["agreement"]} == {"different"}
    assert {row["rank"] for row in told["distances"]} == {1, 2}
