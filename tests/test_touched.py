"""Who is touched by plans, and pictures of plans beside one another: what notebooks show."""

import pytest

import planner
from models.problem import InputError
from planner.result import Result
from planner.shipped import scenarios_folder

TINY = scenarios_folder() / "tiny"


@pytest.fixture(scope="module")
def result() -> Result:
    return planner.rank(planner.read_scenario(TINY, ["search.best=0", "search.plans=2"]))


def test_counts_units_and_people_by_parent(result: Result) -> None:
    """Plan 1 merges vh-2 (9 present) into vh-1 (20), raises dv-1 (16), and equitizes tv-1 (10)."""
    found = planner.compare(result).touched()["different-1"]
    assert found.to_dict("index") == {
        "Sở Nông nghiệp Thử": {"units": 1, "people": 16},
        "Sở Văn hóa Thử": {"units": 2, "people": 29},
        "Sở Xây dựng Thử": {"units": 1, "people": 10},
    }


def test_counts_by_another_column_what_the_criterion_counts(result: Result) -> None:
    comparison = planner.compare(result)
    found = comparison.touched("sector")
    assert list(found.index) == ["agriculture", "culture_sport", "economic"]
    for plan in comparison.labels:
        assert found[plan, "units"].sum() == comparison.criteria.loc["units_touched", plan]


def test_puts_two_pictures_into_one_row(result: Result) -> None:
    shown = planner.merger_graphs(result, [1, 2])._repr_html_()
    assert shown.count("data:image/png;base64,") == 2
    assert "phương án 1" in shown
    assert "plan 2" in planner.merger_maps(result, [2], planner.Wording("en"))._repr_html_()


def test_refuses_a_picture_of_a_plan_that_there_is_not(result: Result) -> None:
    with pytest.raises(InputError) as refused:
        planner.merger_graphs(result, [3])
    assert refused.value.problems[0].facts == {"found": "3", "known": "1, 2"}


def test_tells_an_impossible_case_in_tables() -> None:
    """Three units may merge in pairs and one leaves: at most 2 units fewer, not 5."""
    impossible = planner.rank(
        planner.read_scenario(TINY, ["rules.cut2.at_least=5", "search.time_limit_s=600"])
    ).impossible
    assert impossible is not None
    alone = impossible.reach[impossible.reach["beside"] == ""].set_index("id")
    assert (alone.loc["cut2", "reached"], alone.loc["cut2", "wanted"]) == (2, 5)
    assert list(impossible.conflicts["id"]) == ["cut2"]
    assert impossible.repairs.loc[0, "short"] == 3
    assert set(impossible.repair_decisions["list"]) == {"least_total", "fewest_rules", "smallest_largest"}
