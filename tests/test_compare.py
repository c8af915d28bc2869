"""Comparing plans: of one result, and of two scenarios of the same units."""

from pathlib import Path

import pandas as pd
import pytest
from small_province import CUT, write_scenario

import planner
from planner.comparison import Comparison
from planner.plan_names import compared_names
from planner.result import Result

SEARCH = {"plans": 2, "best": 2, "different_percent": 30, "within_percent": 100, "time_limit_s": 60}


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, Result]:
    """The small province when two units have to go, and when three have to."""
    folder = tmp_path_factory.mktemp("provinces")
    two = write_scenario(folder / "two", title="Giảm 2", search=SEARCH)
    rules = [{**CUT, "at_least": 3}]
    three = write_scenario(folder / "three", title="Giảm 3", search={**SEARCH, "best": 0, "plans": 1}, rules=rules)
    return planner.rank(planner.read_scenario(two)), planner.rank(planner.read_scenario(three))


@pytest.fixture(scope="module")
def within(results: tuple[Result, Result]) -> Comparison:
    return planner.compare(results[0])


def test_names_plans_by_list_and_rank(within: Comparison) -> None:
    assert within.labels == ("best-1", "best-2", "different-1", "different-2")
    assert within.base.label == "best-1"
    assert within.table.loc["best-1", "above_base_mvnd"] == 0


def test_finds_no_difference_between_a_plan_and_itself(within: Comparison) -> None:
    """The first plan is the same in both lists."""
    assert within.distance_percent.loc["best-1", "different-1"] == 0
    assert within.people_apart.loc["best-1", "different-1"] == 0


def test_measures_the_distance_that_the_list_different_asks_for(within: Comparison) -> None:
    assert within.distance_percent.loc["different-1", "different-2"] >= 30
    assert within.people_apart.loc["different-1", "different-2"] > 0


def test_counts_people_the_same_both_ways(within: Comparison) -> None:
    assert within.people_apart.equals(within.people_apart.T)


def test_lists_only_units_whose_steps_differ(within: Comparison) -> None:
    labels = list(within.labels)
    told = within.decisions[labels]
    assert len(told) > 0
    assert (told.nunique(axis=1) > 1).all()
    unchanged = set(within.base.paths) - set(within.decisions["unit_id"])
    assert all(len({plan.paths[unit] for plan in within.plans}) == 1 for unit in unchanged)


def test_marks_a_difference_of_amounts_as_not_structural(within: Comparison) -> None:
    amounts = within.decisions[~within.decisions["structural"]]
    for unit in amounts["unit_id"]:
        assert len({plan.event_of.get(unit) for plan in within.plans}) == 1


def test_puts_criteria_side_by_side(within: Comparison) -> None:
    best = within.base.ranked.plan
    assert within.criteria.loc["units_touched", "best-1"] == best.criteria["units_touched"]
    assert within.criteria.loc["state_saving_mvnd", "best-1"] == best.criteria["state_saving"]


def test_puts_readings_of_two_results_side_by_side(results: tuple[Result, Result]) -> None:
    """Two units less are asked for in one scenario, three in the other, where no share is asked for."""
    readings = planner.compare(*results).readings
    assert readings.loc[("cut", "", 2025), ("A.different-1", "wanted")] == 2
    assert readings.loc[("cut", "", 2025), ("B.different-1", "wanted")] == 3
    assert readings.loc[("cut", "", 2025), ("B.different-1", "reached")] >= 3
    assert pd.isna(readings.loc[("share", "", 2030), ("B.different-1", "reached")])


def test_reads_other_plans_against_the_base_asked_for(results: tuple[Result, Result]) -> None:
    table = planner.compare(*results, base="B.different-1").table
    one, other = table.loc["A.best-1"], table.loc["B.different-1"]
    assert other["above_base_mvnd"] == 0
    assert one["above_base_mvnd"] == one["score_mvnd"] - other["score_mvnd"]


def test_refuses_an_unknown_base_with_a_hint(results: tuple[Result, Result]) -> None:
    with pytest.raises(planner.InputError) as refused:
        planner.compare(results[0], base="diferent-2")
    (problem,) = refused.value.problems
    assert problem.facts["hint"] == "different-2"
    assert "best-1" in planner.Wording("en").say(problem.code, **problem.facts)


def test_calls_plans_in_the_reader_s_words_in_pictures(results: tuple[Result, Result], within: Comparison) -> None:
    """The labels of the tables stay; of several runs the letter of the run stands ahead."""
    called = compared_names(within, planner.Wording("vi"))
    assert list(called.values()) == ["tốt 1", "tốt 2", "khác 1", "khác 2"] and tuple(called) == within.labels
    figure = planner.draw_plan_comparison(within, planner.Wording("en"))
    assert [tick.get_text() for tick in figure.axes[0].get_yticklabels()] == ["best 1", "best 2", "diff. 1", "diff. 2"]
    assert "B: diff. 1" in compared_names(planner.compare(*results), planner.Wording("en")).values()


def test_refuses_to_compare_nothing() -> None:
    with pytest.raises(planner.InputError, match=r"compare\.no_plans"):
        planner.compare()


@pytest.mark.parametrize(("language", "words"), [("vi", "Đơn vị bị tác động"), ("en", "Units touched")])
def test_draws_a_panel_for_every_figure_that_says_something(
    within: Comparison, language: str, words: str, tmp_path: Path
) -> None:
    figure = planner.draw_plan_comparison(within, planner.Wording(language), [tmp_path / "plans.svg"])
    titles = [axes.get_title(loc="left") for axes in figure.axes]
    assert words in titles
    assert words in (tmp_path / "plans.svg").read_text(encoding="utf-8")
    assert within.invented and planner.Wording(language).say("compare.invented") in figure.get_supxlabel()
