"""Surplus leaders and how they run off, grades and divisions: every figure reckoned by hand."""

import pytest
from test_staffing import LAW, figures, merged, rules_of, table_of
from worlds import scenario_of, unit, units_of

from models.checker import check
from models.plan import Decision
from models.run_off import run_offs, straight_line

# Surplus leaders


def test_runs_seven_surplus_leaders_off_in_five_years() -> None:
    """7, then 5.6, 4.2, 2.8, 1.4 and none."""
    assert straight_line(7, 5) == (7, 6, 4, 3, 1, 0)
    found = merged([unit(f"u{n}", deputies=4) for n in (0, 1)])[1]
    [run_off] = run_offs(found.plan)
    assert run_off.decided == 2025 and run_off.successor.figures["surplus_leaders"] == 7
    assert run_off.path == ((2025, 7), (2026, 6), (2027, 4), (2028, 3), (2029, 1), (2030, 0))


def test_lets_leaders_retire_first() -> None:
    """Ten leaders of forty people; twenty retire in 2026 and 2027, five leaders with them: two are left above."""
    retiring = {"retiring_by_2025": 1, "retiring_by_2027": 11}
    found = merged([unit(f"u{n}", deputies=4, **retiring) for n in (0, 1)])[1]
    [run_off] = run_offs(found.plan)
    assert [left for _, left in run_off.path] == [7, 6, 2, 2, 1, 0]


def test_runs_each_decision_off_by_itself() -> None:
    """b joins in 2025: 4 + 2 leaders, three allowed; c joins in 2030 with two more, whom the norm does not take up."""
    rows = [unit("a", deputies=3), unit("b", deputies=1), unit("c", deputies=1)]
    scenario, units = scenario_of(staffing=LAW | {"run_off_years": 2}), units_of(rows)
    shared = {"fate": "merge", "successor_id": "a", "host_id": "a", "form": "absorb", "site": "kept"}
    years = {"a": 2025, "b": 2025, "c": 2030}
    found = check(scenario, units, [Decision(unit_id=id_, year=year, **shared) for id_, year in years.items()])
    paths = {run_off.decided: run_off.path for run_off in run_offs(found.plan)}
    assert paths == {
        2025: ((2025, 3), (2026, 2), (2027, 0)),
        2030: ((2030, 2), (2031, 1), (2032, 0)),
    }


def test_counts_only_who_retires_after_the_decision() -> None:
    """Of twenty-two who retire by 2027 four did so by 2025: 18 x 10 / 40 are four leaders, and three of seven stay."""
    retiring = {"retiring_by_2025": 2, "retiring_by_2027": 11}
    [run_off] = run_offs(merged([unit(f"u{n}", deputies=4, **retiring) for n in (0, 1)])[1].plan)
    assert [left for _, left in run_off.path] == [7, 6, 3, 3, 1, 0]


def test_never_lets_two_paths_together_exceed_what_a_stage_calls_surplus() -> None:
    """One deputy is allowed, once raised five. 2025: 5 leaders, 3 above; c brings 2 more; raised in 2030: 1 above.

    The second path would leave 1 in 2030, but the first leaves that one; and it never rises again.
    """
    deputies = [{"autonomy_groups": [1, 2], "deputies": 5}, {"deputies": 1}]
    rows = [
        unit("a", deputies=2, revenue_mvnd=3600, state_grant_mvnd=400, orderable_mvnd=400),
        *(unit(name, revenue_mvnd=3600, state_grant_mvnd=400, orderable_mvnd=400) for name in "bc"),
    ]
    stages = [{"year": year, "effect": year + 1} for year in (2025, 2027, 2030)]
    scenario = scenario_of(staffing={"deputies": deputies, "run_off_years": 6}, stages=stages)
    shared = {"fate": "merge", "successor_id": "a", "host_id": "a", "form": "absorb", "site": "kept"}
    years = {"a": 2025, "b": 2025, "c": 2027}
    steps = [Decision(unit_id=id_, year=year, **shared) for id_, year in years.items()]
    found = check(scenario, units_of(rows), [*steps, Decision(unit_id="a", fate="raise", year=2030)])
    assert not found.refusals
    assert [stage[0].figures["surplus_leaders"] for stage in found.plan.stages] == [3, 5, 1]
    assert {run_off.decided: [left for _, left in run_off.path] for run_off in run_offs(found.plan)} == {
        2025: [3, 3, 2, 2, 1, 1, 0],
        2027: [2, 2, 1, 0, 0, 0, 0],
    }


# Grades and divisions


def test_counts_grades_above_their_share() -> None:
    """Twenty titles in a unit of group 3: two may be of grade 1 (10%), ten of grade 2 (50%)."""
    titles = {"grade_1": 2, "grade_2": 5, "grade_3": 3, "revenue_mvnd": 1500}
    rows = table_of(merged([unit(f"u{n}", **titles) for n in (0, 1)])[1])
    assert figures(rows["grade_1"]) == (4, 2, 4, 2)
    assert figures(rows["grade_2"]) == (10, 10, 10, 0)


def test_rounds_the_share_of_grades_down_and_counts_all_four() -> None:
    """46 titles, ten of them of grade 4: 4.6 may be of grade 1, 23 of grade 2."""
    titles = {"grade_1": 2, "grade_2": 5, "grade_3": 11, "grade_4": 5, "revenue_mvnd": 1500}
    rows = table_of(merged([unit(f"u{n}", **titles) for n in (0, 1)])[1])
    assert figures(rows["grade_1"]) == (4, 4, 4, 0)
    assert figures(rows["grade_2"]) == (10, 23, 10, 0)


def test_says_nothing_of_grades_that_the_table_does_not_state() -> None:
    rows = table_of(merged([unit(f"u{n}") for n in (0, 1)])[1])
    assert not {"grade_1", "grade_2"} & set(rows)


@pytest.mark.parametrize(
    ("name", "posts", "divisions"),
    [
        ("staffing-2024", (24, 23), 6),  # 44 posts after three are saved: 44 / 7
        ("staffing-2025", (24, 23), 0),  # two former units, 44 posts
        ("staffing-2025", (24, 24), 3),  # 45 posts
        ("staffing-2025", (16, 16, 14), 2),  # three former units, 40 posts
    ],
)
def test_allows_divisions_of_a_least_size(name: str, posts: tuple[int, ...], divisions: int) -> None:
    staffing = rules_of(name)
    rows = [unit(f"u{n}", posts_budget=count) for n, count in enumerate(posts)]
    found = merged(rows, staffing=staffing)[1]
    assert figures(table_of(found)["divisions"]) == (None, divisions, None, None)
