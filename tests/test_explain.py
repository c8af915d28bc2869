"""Why a plan is as it is: prices against every plan of small provinces, and the command as a planner runs it."""

import shutil
from collections.abc import Callable
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from drawn_cases import drawn_case
from enumeration import Province, Whole, first_of
from in_process import solve_here, solved_by
from small_province import CUT, document, rows_of, run, write_scenario
from worlds import scenario_of, unit, units_of

import planner
from models.answer import Answer
from models.importance import Price, Pricing
from models.likeness import Event
from models.prepared import Prepared, prepare
from models.program import Program
from models.questions import Question, of_events, of_unit
from models.ranked import Ranking
from models.search import rank
from models.staircase import at_its_limit, neighbours, program_of
from planner.explainer import rows_of_place
from planner.searching import Searching
from planner.shipped import scenarios_folder

DRAWN = [(seed, 4) for seed in (10, 12, 13, 15, 18, 19, 29)] + [(seed, 3) for seed in (31, 37, 42, 43, 47, 49)]
"""Drawn provinces that have at least two plans."""
CLIMBED = [(15, 4), (31, 3), (42, 3), (49, 3)]
LISTS = {"best": 2, "plans": 2, "gap_percent": 0, "different_percent": 40, "within_percent": 60}
every_drawn_case = pytest.mark.parametrize(("seed", "count"), DRAWN)
WHOLE = Fraction(1)


@cache
def case(seed: int, count: int) -> tuple[Province, Prepared, Ranking]:
    drawn = drawn_case(seed, count, search=LISTS)
    problem = prepare(*drawn)
    return Province(*drawn), problem, rank(problem, solve_here)


def never(program: Program) -> bool:
    answer = solved_by("scip")(program, hint=None, gap=0.0, share=WHOLE)
    return answer.status == "infeasible"


def price_of(program: Program, score: int) -> Price:
    pricing = Pricing(score, solve_here, never)
    return pricing.exact(program, pricing.bounded(program), WHOLE)


def agrees(found: Price, tried: Whole | None, score: int) -> None:
    assert found.proved
    if tried is None:
        assert found.impossible
    else:
        assert (found.lower, found.upper) == (tried.score - score, tried.score - score)


@every_drawn_case
def test_prices_every_event_with_and_without_as_trying_every_plan_does(seed: int, count: int) -> None:
    province, problem, ranking = case(seed, count)
    score = ranking.plans[0].score
    events = sorted({event for mine in problem.events for event in mine}, key=str)
    for event in events:
        (without,) = of_events(problem, [(event.units[0], event)], "without")
        agrees(price_of(without.of(problem.program), score), cheapest(province, lacking(event)), score)
        (having,) = of_events(problem, [(event.units[0], event)], "with")
        agrees(price_of(having.of(problem.program), score), cheapest(province, with_event(event)), score)


@every_drawn_case
def test_prices_every_fate_and_partner_of_every_unit_as_trying_every_plan_does(seed: int, count: int) -> None:
    province, problem, ranking = case(seed, count)
    best = ranking.plans[0]
    for position in range(len(problem.units)):
        for question in of_unit(problem, position, best.values):
            fits = holding(province, question)
            if not question.listed:
                assert cheapest(province, fits) is None
                continue
            wanted = (lambda w, fits=fits: not fits(w)) if question.asked == "without" else fits
            found = price_of(question.of(problem.program), best.score)
            agrees(found, cheapest(province, wanted), best.score)


@every_drawn_case
def test_prices_the_second_plan_among_those_that_may_take_its_place(seed: int, count: int) -> None:
    """Of the list `best`: the first plan stays forbidden, so every price counts from the second."""
    province, problem, ranking = case(seed, count)
    places = ranking.of("best")
    second = places[1]
    program = problem.program.with_rows(rows_of_place(problem, second, ranking.plans))
    first = cheapest(province, lambda w: w.score == places[0].score and same_marks(problem, places[0].values, w))
    assert first is not None
    for event in {event for at in np.flatnonzero(second.values[: len(problem.events)]) for event in problem.events[at]}:
        without_it = lacking(event)
        (without,) = of_events(problem, [(event.units[0], event)], "without")
        tried = cheapest(province, lambda w, lacks=without_it: lacks(w) and w.mark != first.mark)
        agrees(price_of(without.of(program), second.score), tried, second.score)


@pytest.mark.parametrize(("seed", "count"), CLIMBED)
def test_climbs_every_target_as_trying_every_plan_does(seed: int, count: int) -> None:
    """Each target a step harder and a step easier, all other demands kept."""
    _, problem, ranking = case(seed, count)
    score = ranking.plans[0].score
    for rule in problem.targets:
        for one in neighbours(rule, (-1, 1)):
            rules = tuple(one.rule if other.id == rule.id else other for other in problem.scenario.rules)
            changed = Province(problem.scenario.model_copy(update={"rules": rules}), problem.units)
            agrees(price_of(program_of(problem, one.rule, ()), score), cheapest(changed, lambda _: True), score)


def with_event(event: Event) -> Callable[[Whole], bool]:
    return lambda whole: (event.fate, frozenset(event.units)) in whole.events


def lacking(event: Event) -> Callable[[Whole], bool]:
    return lambda whole: (event.fate, frozenset(event.units)) not in whole.events


def cheapest(province: Province, fits: Callable[[Whole], bool]) -> Whole | None:
    return first_of(province.plans, fits)


def holding(province: Province, question: Question) -> Callable[[Whole], bool]:
    """Whether a plan of the enumeration holds what a question is about, read from its rows."""
    unit_, event = question.unit, question.event
    id_ = province.units.ids[unit_]

    def holds(whole: Whole) -> bool:
        part = next(part for part in whole.parts if unit_ in part.units)
        mine = {row.fate for row in part.decisions if row.unit_id == id_}
        if fate_of(mine, alone=len(part.units) == 1) != event.fate:
            return False
        if question.how == "exactly" and event.fate in ("merge", "receive"):
            return part.units == frozenset(event.units)
        other = event.units[-1]
        return question.how != "together" or other in part.units

    return holds


def fate_of(fates: set[str], *, alone: bool) -> str:
    for fate in ("dissolve", "merge", "equitize", "convert"):
        if fate in fates:
            return fate
    if not alone:
        return "receive"
    return "raise" if "raise" in fates else "keep"


def same_marks(problem: Prepared, values: np.ndarray[Any, Any], whole: Whole) -> bool:
    paths = problem.columns.paths
    chosen = np.flatnonzero(values[: len(paths)]).tolist()
    groups = {frozenset(paths.members[paths.starts[o] : paths.starts[o + 1]].tolist()) for o in chosen}
    return groups == {part.units for part in whole.parts}


def test_steps_by_one_unit_one_point_or_one_percent() -> None:
    cut = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 1}
    share = {"id": "share", "rule": "autonomy_share", "year": 2025, "at_least_percent": 99}
    money = {"id": "money", "rule": "one_off_budget", "year": 2025, "at_most_mvnd": 5000}
    rules = {rule.id: rule for rule in scenario_of(rules=[cut, share, money]).rules}
    assert [(one.step, one.limit) for one in neighbours(rules["cut"])] == [(-1, 0), (1, 2), (2, 3)]
    assert [(one.step, one.limit) for one in neighbours(rules["share"])] == [(-2, 97), (-1, 98), (1, 100)]
    assert [(one.step, one.limit) for one in neighbours(rules["money"])] == [
        (-2, 5100), (-1, 5050), (1, 4950), (2, 4900),
    ]  # fmt: skip


def test_knows_the_targets_without_room_for_one_more_step() -> None:
    """Three units to two: a cut of one has no room, a cap of 100 posts has: 60 are left at most."""
    rows = [unit("a"), unit("b"), unit("c")]
    cut = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 1}
    cap = {"id": "cap", "rule": "cap", "sum": "posts", "at_most": 100}
    pairs = {"within": "parent", "same": [], "max_members": 2}
    scenario = scenario_of(rules=[cut, cap], actions={"merge": True}, merging=[pairs], search={"best": 1, "plans": 0})
    best = rank(prepare(scenario, units_of(rows)), solve_here).plans[0]
    assert {rule.id: at_its_limit(rule, best.plan) for rule in scenario.rules} == {"cut": True, "cap": False}


# The command


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run folder whose scenario is gone."""
    place = tmp_path_factory.mktemp("explain")
    province = write_scenario(place / "province", search={"plans": 2, "best": 2, "gap_percent": 0, "time_limit_s": 60})
    result = run("solve", province, "--out", place / "run")
    assert result.exit_code == 0, result.stderr
    shutil.rmtree(province)
    return place / "run"


@pytest.fixture
def copied(solved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(solved, tmp_path / "run")


def test_explains_a_whole_plan_from_the_run_alone(copied: Path) -> None:
    told = document(run("explain", copied, "--json"))
    assert (told["list"], told["rank"], told["left_to_bounds"], told["interrupted"]) == ("different", 1, 0, False)
    asked = [row["asked"] for row in told["explain"]]
    assert asked == sorted(asked, reverse=True), "what the plan holds comes first"
    without = [row for row in told["explain"] if row["asked"] == "without"]
    assert without and all(row["kind"] in ("irreplaceable", "costly", "free") for row in without)
    assert all(row["price_lower_mvnd"] >= 0 for row in without if row["kind"] != "irreplaceable")
    steps = {(row["id"], row["step"]): row for row in told["staircase"]}
    harder, easier = steps["cut", 1], steps["cut", -1]
    assert easier["price_upper_mvnd"] <= 0 <= harder["price_lower_mvnd"]
    assert harder["proved"] and easier["proved"]


def test_prices_a_target_as_solving_its_neighbour_does(copied: Path, tmp_path: Path) -> None:
    """Three units instead of two, and one instead of two, solved as scenarios of their own."""
    staircase = {(row["id"], int(row["step"])): row for row in document(run("explain", copied, "--json"))["staircase"]}
    scores = {}
    for at_least in (1, 2, 3):
        place = write_scenario(
            tmp_path / str(at_least), rules=[{**CUT, "at_least": at_least}, *RULES[1:]],
            search={"plans": 1, "gap_percent": 0, "time_limit_s": 60},
        )  # fmt: skip
        scores[at_least] = planner.rank(planner.read_scenario(place)).plans[0].score
    assert staircase["cut", 1]["price_upper_mvnd"] == scores[3] - scores[2]
    assert staircase["cut", -1]["price_upper_mvnd"] == scores[1] - scores[2]


def test_lists_what_rules_and_pins_settle_with_who_settles_it(tmp_path: Path) -> None:
    """scenarios/tiny where a signed decision joins vh-2 to vh-1: that and the company due in full have no price."""
    province = shutil.copytree(scenarios_folder() / "tiny", tmp_path / "province")
    with (province / "scenario.toml").open("a", encoding="utf-8") as scenario:
        scenario.write('\n[[pins]]\nunit = "vh-1"\nmerge_with = ["vh-2"]\ndocument = "QĐ 7"\n')
    result = run("solve", province, "--plans", 1, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.stderr
    told = document(run("explain", tmp_path / "run", "--json"))
    forced = {(row["decision"], row["forced_by"]) for row in told["forced"]}
    assert forced == {("merge vh-1;vh-2", "pin-1"), ("equitize tv-1", "equitize100")}
    assert [row["decision"] for row in told["explain"] if row["asked"] == "without"] == ["raise dv-1"]
    assert "pin-1: vh-1 (QĐ 7)" in run("explain", tmp_path / "run").stdout
    assert "Settled by equitize100: 100%" in run("explain", tmp_path / "run", "--unit", "tv-1").stdout


def test_leaves_the_digest_of_the_run_as_it_is(copied: Path) -> None:
    before = document(run("verify", copied, "--json"))["digest"]
    assert run("explain", copied).exit_code == 0
    assert sorted(path.name for path in (copied / "derived").iterdir()) == [
        "dominoes-1.csv", "explain-1.csv", "explain-1.json", "forced-1.csv", "staircase-1.csv", "staircase-1.png",
        "staircase-1.svg",
    ]  # fmt: skip
    after = run("verify", copied, "--json")
    assert after.exit_code == 0 and document(after)["digest"] == before
    assert "derived/" in after.stderr


def test_explains_one_unit_into_a_folder_of_its_own(copied: Path, tmp_path: Path) -> None:
    merged = next(row for row in rows_of(copied / "decisions.csv") if row["fate"] == "merge" and row["rank"] == "1")
    out = tmp_path / "told"
    result = run("explain", copied, "--unit", merged["unit_id"], "--out", out)
    assert result.exit_code == 0, result.stderr
    assert not (copied / "derived").exists()
    rows = rows_of(out / f"explain-1-{merged['unit_id']}.csv")
    assert rows[0]["asked"] == "without" and rows[0]["fate"] == "merge"
    assert {row["fate"] for row in rows[1:]} >= {"keep", "raise", "equitize"}
    assert {row["kind"] for row in rows if row["fate"] == "equitize"} == {"not_listed"}
    dominoes = rows_of(out / f"dominoes-1-{merged['unit_id']}.csv")
    changed = {row["other_unit_id"] for row in dominoes if row["asked"] == "without"}
    assert changed == {unit_ for unit_ in rows[0]["others"].split(";") if unit_}
    assert not changed & set(rows[0]["units"].split(";"))


@pytest.mark.parametrize(("language", "words"), [("vi", "Bỏ từng quyết định"), ("en", "What refusing each decision")])
def test_tells_it_in_both_languages(copied: Path, language: str, words: str) -> None:
    assert words in run("explain", copied, lang=language).stdout


def test_explains_the_second_plan_of_the_list_best(copied: Path) -> None:
    told = document(run("explain", copied, "--list", "best", "--plan", 2, "--json"))
    assert (told["list"], told["rank"]) == ("best", 2)
    assert (copied / "derived" / "explain-best-2.csv").is_file()
    prices = [row["price_lower_mvnd"] for row in told["explain"] if row["asked"] == "without"]
    assert all(price is None or price >= 0 for price in prices)


def test_keeps_first_bounds_where_the_time_is_over(copied: Path) -> None:
    result = run("explain", copied, "--time-limit", "0.001", "--json")
    told = document(result)
    assert result.exit_code == 0 and told["left_to_bounds"] > 0
    assert any(not row["proved"] for row in (*told["explain"], *told["staircase"]))


def test_keeps_what_was_answered_when_interrupted(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C during the second solve: the first price stands, the others keep their bounds, the tables are written."""
    asked: list[Program] = []
    solve = Searching.__call__

    def interrupted(self: Searching, program: Program, **options: Any) -> Answer:
        asked.append(program)
        self.stop.asked = len(asked) > 1
        return solve(self, program, **options)

    monkeypatch.setattr(Searching, "__call__", interrupted)
    result = run("explain", copied)
    assert result.exit_code == 130
    assert "Interrupted" in result.stderr
    assert rows_of(copied / "derived" / "explain-1.csv")


def test_refuses_a_run_whose_tables_were_changed(copied: Path) -> None:
    with (copied / "decisions.csv").open("a", encoding="utf-8") as table:
        table.write("\n")
    result = run("explain", copied)
    assert result.exit_code == 3
    assert "decisions.csv" in result.stderr


def test_refuses_a_plan_and_a_unit_that_the_run_lacks(copied: Path) -> None:
    plan, unit_ = run("explain", copied, "--plan", 9), run("explain", copied, "--unit", "vh-11")
    assert plan.exit_code == unit_.exit_code == 3
    assert "different 1, different 2" in plan.stderr
    assert "vh-1" in unit_.stderr
    assert run("explain", copied.parent / "nothing").exit_code == 3


def test_is_a_function_of_the_python_api(copied: Path) -> None:
    found = planner.explain(copied, 1, "vh-1")
    assert found.priced[0].question.asked == "without"
    assert found.priced[0].price.proved
    assert found.prices.loc[0, "unit_id"] == "vh-1"
    assert found.staircase.empty


RULES = [
    CUT,
    {"id": "share", "rule": "autonomy_share", "name": "Ít nhất 10% đơn vị tự chủ", "year": 2030,
     "at_least_percent": 10},
    {"id": "posts", "rule": "cap", "sum": "posts", "at_most": 100, "per": "parent"},
]  # fmt: skip
