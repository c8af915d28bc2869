"""Plans tried against draws: factors by hand, groups that flip at a threshold, the two roads in every draw."""

import shutil
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from decided import into
from pydantic import ValidationError
from small_province import document, rows_of, run, write_scenario
from worlds import random_rows, scenario_of, unit, units_of

from models.checker import check
from models.decide import decisions_of
from models.draws import Draw, drawn
from models.plan import Decision
from models.prepared import prepare
from models.stress import Stressed, correlation_interval, rebuilt, stress, wilson
from models.trial import Groups, decisions_in, tried
from models.uncertain import Stress, Uncertain
from planner.scenario_checks import problems_alone

AS_STATED = dict.fromkeys(("measured", "estimated", "assumed", "invented"), 100)


def off(column: str, low: int, high: int, **more: Any) -> dict[str, Any]:
    """One column off by percents, each value alike."""
    return {"column": column, "percent": [low, high], "distribution": "uniform", **more}


def stressed(rules: list[dict[str, Any]], entries: list[dict[str, Any]], draws: int = 40) -> Any:
    return scenario_of(rules=rules, stress={"draws": draws, "widen_percent": AS_STATED, "uncertain": entries})


def kept(*ids: str) -> list[Decision]:
    return [Decision(unit_id=id_, fate="keep") for id_ in ids]


def test_puts_the_wilson_interval_around_a_share() -> None:
    """8 of 10: (0.8 + 1.92)/(1.384) ± ... by Wilson's formula 0.490 to 0.943; none of 10 ends at 0.278."""
    assert [round(end, 3) for end in wilson(8, 10)] == [0.490, 0.943]
    assert [round(end, 3) for end in wilson(0, 10)] == [0.0, 0.278]
    assert [round(end, 3) for end in wilson(10, 10)] == [0.722, 1.0]


def test_closes_the_account_with_the_grant() -> None:
    """Revenue 500 and grant 3,500 make 4,000: what revenue loses the State pays."""
    scenario = stressed([], [off("revenue_mvnd", -50, 0)])
    units = units_of([unit("a"), unit("b", revenue_mvnd=4300, recurrent_mvnd=4000, state_grant_mvnd=0)])
    for number in range(20):
        figures = drawn(scenario, units, number).units.figures
        revenue, grant = figures["revenue_mvnd"], figures["state_grant_mvnd"]
        assert 250 <= revenue[0] <= 500
        assert revenue[0] + grant[0] == 4000
        assert grant[1] == max(4000 - revenue[1], 0)  # a surplus of 300 is used up first


def test_moves_spending_where_the_grant_itself_is_uncertain() -> None:
    scenario = stressed([], [off("state_grant_mvnd", -10, 10)])
    figures = drawn(scenario, units_of([unit("a")]), 3).units.figures
    assert figures["revenue_mvnd"][0] == 500
    assert figures["recurrent_mvnd"][0] == 500 + figures["state_grant_mvnd"][0] != 4000


def test_lets_a_group_follow_its_figures_and_a_stated_one_stand() -> None:
    """2,000 of 4,000 is group 3; ten percent more of 4,000 is group 2; what the figures never gave stays stated."""
    rows = [
        unit("a", revenue_mvnd=3900, recurrent_mvnd=4000, state_grant_mvnd=100),
        unit("b", revenue_mvnd=3900, recurrent_mvnd=4000, state_grant_mvnd=100, autonomy_group=4),
    ]
    scenario = stressed([], [off("revenue_mvnd", 0, 10, shared_by="all")])
    seen = set()
    for number in range(30):
        figures = drawn(scenario, units_of(rows), number).units.figures
        group = 2 if figures["revenue_mvnd"][0] >= 4000 else 3
        assert figures["autonomy_group"].tolist() == [group, 4]
        seen.add(group)
    assert seen == {2, 3}


def test_draws_the_same_for_labels_that_share_and_otherwise_each_its_own() -> None:
    rows = [unit(name, users=10_000, parent=parent) for name, parent in (("a", "A"), ("b", "A"), ("c", "B"))]
    users = drawn(stressed([], [off("users", -50, 50, shared_by="parent")]), units_of(rows), 0).units.figures["users"]
    assert users[0] == users[1] != users[2]
    alone = drawn(stressed([], [off("users", -50, 50)]), units_of(rows), 0).units.figures["users"]
    assert len(set(alone.tolist())) == 3


def test_widens_what_is_invented_and_narrows_what_is_measured() -> None:
    """±10% is ±20% where invented (200) and ±5% where measured (50), from the same random number."""
    scenario = scenario_of(stress={"uncertain": [off("users", -10, 10, shared_by="all")]})
    rows = [
        unit("a", users=100_000, data_quality="invented"),
        unit("b", users=100_000, data_quality="invented", measured_columns="users"),
        unit("c", users=100_000, data_quality="estimated"),
    ]
    for number in range(10):
        a, b, c = (drawn(scenario, units_of(rows), number).units.figures["users"] - 100_000).tolist()
        assert abs(a - 2 * c) <= 1
        assert abs(2 * b - c) <= 1
        assert abs(c) <= 10_000


def test_prefers_what_is_stated_where_triangular() -> None:
    """Of a triangle over ±100 half lies within 1 - sqrt(1/2) = 29%; of a uniform range 29% does."""
    rows = units_of([unit("a", users=1000)])

    def near(kind: str) -> int:
        scenario = stressed([], [off("users", -100, 100) | {"distribution": kind}])
        drawn_users = [int(drawn(scenario, rows, number).units.figures["users"][0]) for number in range(400)]
        assert min(drawn_users) >= 0
        assert max(drawn_users) <= 2000
        return sum(707 <= users <= 1293 for users in drawn_users)

    assert 170 <= near("triangular") <= 230
    assert 90 <= near("uniform") <= 145


def test_other_entries_leave_a_draw_as_it_was() -> None:
    rows = units_of([unit("a", users=1000)])
    one, two = stressed([], [off("users", -10, 10)]), stressed([], [off("users", -10, 10), off("revenue_mvnd", -5, 5)])
    first, second = (drawn(scenario, rows, 7).units.figures for scenario in (one, two))
    assert first["users"][0] == second["users"][0]
    assert first["revenue_mvnd"][0] == 500 != second["revenue_mvnd"][0]


def test_moves_prices_of_the_scenario() -> None:
    entries = [
        {"price": "savings.merger_setup_mvnd", "percent": [0, 100]},
        {"price": "savings.posts.per_absorbed_unit", "amount": [-1, 1]},
    ]
    draw = drawn(stressed([], entries), units_of([unit("a")]), 1)
    assert 150 <= draw.scenario.savings.merger_setup_mvnd <= 300
    assert Fraction(2) <= draw.scenario.savings.posts[0].per_absorbed_unit <= Fraction(4)
    assert draw.moved[0] == pytest.approx(draw.scenario.savings.merger_setup_mvnd / 150 - 1)


def test_counts_the_draws_in_which_a_target_holds() -> None:
    """One of two units pays for itself at 4,000 of revenue; half is wanted: it holds exactly where revenue suffices."""
    rows = [unit("a", revenue_mvnd=4000, state_grant_mvnd=0), unit("b")]
    share = {"id": "half", "rule": "autonomy_share", "year": 2025, "at_least_percent": 50}
    scenario = stressed([share], [off("revenue_mvnd", -10, 10, where={"unit": ["a"]})])
    units = units_of(rows)
    expected = [drawn(scenario, units, number).units.figures["revenue_mvnd"][0] >= 4000 for number in range(40)]
    found = stress(scenario, units, [kept("a", "b")])
    assert found.held["half"][0].tolist() == expected
    assert found.all_held(0).tolist() == expected
    assert [(f.unit, f.what, f.stated, f.mostly, f.draws) for f in found.flips] == [
        (0, "group", 2, 3, 40 - sum(expected))
    ]
    number, reading = found.worst[0, "half"]
    assert not expected[number]
    assert (reading.wanted, reading.reached, reading.slack) == (50, 0, -50)


def test_names_the_input_that_hurts_most() -> None:
    """Posts never depend on revenue; of what grants remain, spending is the whole story."""
    rows = [unit("a"), unit("b", recurrent_mvnd=4217, state_grant_mvnd=3717)]
    cut = {"id": "less", "rule": "spending_cut", "at_least_percent": 0, "period": [2026, 2030],
           "baseline_period": [2021, 2025]}  # fmt: skip
    entries = [off("users", -10, 10, shared_by="all"), off("recurrent_mvnd", -10, 10, shared_by="all")]
    found = stress(stressed([cut], entries, draws=60), units_of(rows), [kept("a", "b")])
    users, recurrent = found.rank_correlations(found.room["less"][0])
    assert recurrent == pytest.approx(-1, abs=0.01)  # rows are divided by their divisor and rounded inwards
    assert abs(users) < 0.3
    dearer = [move > 0 for move in found.moved[:, 1]]
    assert found.held["less"][0].tolist() == [not up for up in dearer]


def test_tells_a_correlation_apart_from_chance() -> None:
    """One input, 103 draws: atanh 0.5 = 0.5493, half 1.96 x sqrt(1.06/100) = 0.2018; tanh 0.3475, 0.7511."""
    assert correlation_interval(0.5, 103, 1) == pytest.approx((0.3342, 0.6358), abs=0.0002)
    low, high = correlation_interval(0.15, 200, 1)
    assert low > 0, "one input alone: 0.15 is no chance"
    low, high = correlation_interval(0.15, 200, 12)
    assert low < 0 < high, "the strongest of twelve is that strong by chance"
    assert correlation_interval(0.9, 3, 1) == (-1, 1)


def test_raises_only_whom_the_draw_lets_pay() -> None:
    """A raise needs 500 more of revenue, half of it from orders, half from fees: with less fee room it falls away."""
    rows = [
        unit("a", revenue_mvnd=3500, recurrent_mvnd=4000, state_grant_mvnd=500, orderable_mvnd=250, fee_room_mvnd=250)
    ]
    scenario = stressed([], [off("fee_room_mvnd", -50, 50)])
    units = units_of(rows)
    plan = [Decision(unit_id="a", fate="raise", year=2025, orders_mvnd=250, fees_mvnd=250)]
    room = [int(drawn(scenario, units, number).units.figures["fee_room_mvnd"][0]) for number in range(40)]
    found = stress(scenario, units, [plan])
    short = sum(fees < 250 for fees in room)
    flips = {(flip.what, flip.draws) for flip in found.flips}
    assert 0 < short < 40
    assert flips == {("raise", short), ("group", short)}


def test_slims_as_far_as_there_is_room() -> None:
    """Five of twenty posts are vacant and may lapse: with more people present fewer do."""
    rows = [unit("a", present_budget=15)]
    scenario = scenario_of(
        staffing={"slimming": [{"at_most_percent": 50}]},
        stress={"draws": 40, "widen_percent": AS_STATED, "uncertain": [off("present_budget", 0, 20)]},
    )
    units = units_of(rows)
    plan = [Decision(unit_id="a", fate="slim", year=2025, posts_slimmed=5)]
    groups = Groups.of_plans(scenario, units, [plan])
    for number in range(40):
        draw = drawn(scenario, units, number)
        trial = tried(groups, draw)
        assert trial.slimmed[0, 0, 0] == 20 - draw.units.figures["present_budget"][0]
        assert not check(draw.scenario, draw.units, decisions_in(groups, trial, 0, plan)).refusals


ALL_INPUTS = [
    off("revenue_mvnd", -15, 15), off("recurrent_mvnd", -8, 8), off("present_budget", -20, 20),
    off("retiring_by", -100, 100), off("avg_pay_vnd_month", -20, 20, shared_by="all"), off("users", -30, 30),
    off("orderable_mvnd", -40, 40), off("fee_room_mvnd", -40, 40), off("state_grant_2021_2025_mvnd", -5, 5),
    {"price": "savings.posts.per_absorbed_unit", "percent": [-50, 50]},
    {"price": "savings.early_percent", "percent": [-50, 50]}, {"price": "savings.exit_mvnd", "percent": [-50, 50]},
]  # fmt: skip
DEMANDS = [
    {"id": "no_loss", "rule": "no_autonomy_loss"},
    {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 1},
    {"id": "share", "rule": "autonomy_share", "year": 2030, "at_least_percent": 40},
    {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 20},
    {"id": "money", "rule": "spending_cut", "at_least_percent": 12, "period": [2026, 2030],
     "baseline_period": [2021, 2025]},
    {"id": "companies", "rule": "equitization", "year": 2025},
    {"id": "paid", "rule": "one_off_budget", "year": 2025, "at_most_mvnd": 600},
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_both_roads_agree_in_every_draw(seed: int) -> None:
    """A plan drawn by chance, in twelve draws: the option table and the checker find the same of every demand, the
    same saving, and nothing that cannot be carried out."""
    scenario, units = stressed(DEMANDS, ALL_INPUTS, draws=12), units_of(random_rows(seed, 6))
    plan = _plan_by_chance(scenario, units, seed)
    groups = Groups.of_plans(scenario, units, [plan])
    found = stress(scenario, units, [plan])
    for number in range(12):
        draw = drawn(scenario, units, number)
        whole = check(draw.scenario, draw.units, decisions_in(groups, tried(groups, draw), 0, plan))
        assert whole.refusals == ()
        for rule in scenario.demands:
            met = all(reading.met for reading in whole.plan.readings if reading.id == rule.id)
            assert met == found.held[rule.id][0, number]
        assert whole.plan.criteria["state_saving"] == found.saving[0, number]
        quick = rebuilt(draw, decisions_in(groups, tried(groups, draw), 0, plan))
        assert quick.readings == whole.plan.readings


def _plan_by_chance(scenario: Any, units: Any, seed: int) -> list[Decision]:
    """Options taken at random until all units are covered, with half of the room of every amount."""
    problem = prepare(scenario.model_copy(update={"rules": ()}), units)
    columns, draw = problem.columns, np.random.default_rng(seed)
    values, free = np.zeros(len(columns), dtype=np.int64), set(range(len(units)))
    for option in draw.permutation(len(columns.paths)).tolist():
        members = set(columns.paths.members_of(option).tolist())
        if members <= free:
            values[option] = 1
            free -= members
    plan = decisions_of(columns, values)
    groups = Groups.of_plans(scenario, units, [plan])
    caps = groups.slimmed.copy()
    levers = columns.levers
    for stage, cap in enumerate(levers.slim_cap):
        caps[0, stage] = (cap + 1) // 2 if stage == 0 else 0
    generous = replace(groups, slimmed=caps)
    trial = tried(generous, Draw(scenario, units, np.zeros(len(ALL_INPUTS))))
    slims = [
        Decision(unit_id=units.ids[u], fate="slim", year=2025, posts_slimmed=int(trial.slimmed[0, 0, u]))
        for u in np.flatnonzero(trial.slimmed[0, 0]).tolist()
    ]
    named = {row.unit_id for row in slims}
    return [*(row for row in plan if row.fate != "keep" or row.unit_id not in named), *slims]


def test_pays_in_every_draw_for_people_whom_the_plan_places_elsewhere() -> None:
    """Three posts saved, two people placed nearby: 150 for the merger and one severance of 180 by the plan, three of
    180 in a draw; a budget of 690 holds both, one of 689 the plan alone."""
    person = {"avg_pay_vnd_month": 10_000_000, "avg_insured_months": 120}
    rows = [unit("a", **person), unit("b", **person), unit("c", present_budget=18, **person)]
    plan = [*into("a", "b"), *kept("c")]
    plan += [Decision(unit_id="a", fate="redeploy", year=2025, receiver_id="c", people_redeployed=2)]
    budgets = [
        {"id": f"paid{most}", "rule": "one_off_budget", "year": 2025, "at_most_mvnd": most} for most in (690, 689)
    ]
    scenario = scenario_of(
        rules=budgets, stages=[{"year": 2025, "effect": 2026}], stress={"draws": 10, "uncertain": []},
        staffing={"severance_payer": "state", "redeploy_km": 10},
    )  # fmt: skip
    whole = check(scenario, units_of(rows), plan)
    assert whole.refusals == ()
    assert [(reading.reached, reading.met) for reading in whole.plan.readings] == [(330, True), (330, True)]
    found = stress(scenario, units_of(rows), [plan])
    assert (found.held["paid690"].all(), found.held["paid689"].any()) == (True, False)
    assert found.worst[0, "paid689"][1].reached == 690


@pytest.mark.parametrize("number", range(4))
def test_both_roads_agree_on_units_that_come_to_stand(number: int) -> None:
    """Two stations leave their centre by 2030, each off by something of its own."""
    station = {"level": "commune", "parent": "UBND xã Một", "posts_budget": 10, "deputies": 0, "revenue_mvnd": 100,
               "recurrent_mvnd": 1600, "state_grant_mvnd": 1500, "users": 200}  # fmt: skip
    rows = [
        unit("hc", posts_budget=100, revenue_mvnd=3000, recurrent_mvnd=20000, state_grant_mvnd=17000, users=900),
        unit("st1", planned="2026-01-01", **station), unit("st2", planned="2026-01-01", **station),
    ]  # fmt: skip
    split = {"unit": "hc", "fate": "split", "into": ["st1", "st2"], "reason": "trạm"}
    base = stressed(DEMANDS, ALL_INPUTS)
    scenario = scenario_of(rules=DEMANDS, pins=[split], stress=base.stress)
    units = units_of(rows)
    plan = [
        Decision(unit_id="hc", fate="keep"), Decision(unit_id="hc", fate="split", year=2030),
        *(Decision(unit_id=name, fate="create", year=2030, host_id="hc") for name in ("st1", "st2")),
    ]  # fmt: skip
    groups, draw = Groups.of_plans(scenario, units, [plan]), drawn(scenario, units, number)
    whole = check(draw.scenario, draw.units, decisions_in(groups, tried(groups, draw), 0, plan))
    assert whole.refusals == ()
    assert draw.units.stated("revenue_mvnd")[1] != 100
    assert draw.units.figures["revenue_mvnd"][1] == 0  # today nobody stands there
    columns, values = tried(groups, draw).columns, tried(groups, draw).values
    for figure in ("posts_budget", "staff", "revenue_mvnd", "state_grant_mvnd"):
        first = int((columns.after(figure, 2030, ("all",)) @ values)[0, 0])
        assert first == whole.plan.after(figure, 2030, ("all",))["all"]


def test_stops_with_what_was_drawn() -> None:
    """Asked to stop before the third draw it keeps two, and tells no worst margin that nobody checked."""
    scenario, units = stressed(DEMANDS, ALL_INPUTS), units_of(random_rows(1, 4))
    found = stress(scenario, units, [kept(*units.ids)], lambda what, done, _: what == "drawing" and done < 2)
    assert (found.draws, found.worst) == (2, {})
    assert found.all_held(0).shape == (2,)
    nothing = stress(scenario, units, [kept(*units.ids)], lambda *_: False)
    assert (nothing.draws, nothing.saving.shape, nothing.flips) == (0, (1, 0), ())


def test_holds_or_misses_for_sure_where_nothing_is_uncertain() -> None:
    rows = units_of([unit("a"), unit("b")])
    share = {"id": "half", "rule": "autonomy_share", "year": 2025, "at_least_percent": 50}
    found = stress(stressed([share], [], draws=10), rows, [kept("a", "b")])
    assert found.held["half"].tolist() == [[False] * 10]
    assert len(found.rank_correlations(found.room["half"][0])) == 0


def test_the_same_seed_gives_the_same_answer_and_another_another() -> None:
    scenario, units = stressed(DEMANDS, ALL_INPUTS, draws=10), units_of(random_rows(1, 4))
    plan = kept(*units.ids)

    def savings(found: Stressed) -> list[float]:
        return found.moved.ravel().tolist()

    first, again = (stress(scenario, units, [plan]) for _ in range(2))
    assert savings(first) == savings(again)
    other = scenario.model_copy(update={"stress": scenario.stress.model_copy(update={"seed": 1})})
    assert savings(stress(other, units, [plan])) != savings(first)


def test_merges_are_computed_anew() -> None:
    """Two halves of a merged unit together reach group 2 at 8,000: sums of drawn figures, not drawn sums."""
    rows = [unit(n, revenue_mvnd=3990, recurrent_mvnd=4000, state_grant_mvnd=10) for n in ("a", "b")]
    scenario = stressed([], [off("revenue_mvnd", -2, 2)])
    units = units_of(rows)
    groups = Groups.of_plans(scenario, units, [into("a", "b")])
    for number in range(20):
        draw = drawn(scenario, units, number)
        trial = tried(groups, draw)
        figures = rebuilt(draw, decisions_in(groups, trial, 0, into("a", "b"))).stages[-1][0].figures
        assert trial.autonomy_groups(groups).tolist() == [figures["autonomy_group"]]


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"percent": [-5, 5]}, "stress.column_or_price"),
        ({"column": "users", "price": "money.discount_percent", "percent": [-5, 5]}, "stress.column_or_price"),
        ({"column": "users"}, "stress.percent_or_amount"),
        ({"column": "users", "percent": [5, 10]}, "stress.range"),
        ({"column": "users", "percent": [0, 0]}, "stress.range"),
        ({"column": "users", "percent": [-120, 10]}, "stress.below_nothing"),
        ({"column": "name", "percent": [-5, 5]}, "stress.no_figure"),
        ({"price": "savings.exit_mvnd", "percent": [-5, 5], "shared_by": "kind"}, "stress.price_of_units"),
    ],
)
def test_refuses_an_entry_that_says_nothing_clear(entry: dict[str, Any], code: str) -> None:
    with pytest.raises(ValidationError, match=code.replace(".", r"\.")):
        Uncertain.model_validate(entry)


def test_refuses_unknown_prices_columns_and_doubled_names() -> None:
    entries = [
        {"price": "savings.exit", "percent": [-5, 5]}, {"column": "users", "percent": [-5, 5], "shared_by": "kinds"},
        {"column": "beds", "percent": [-5, 5]}, {"column": "beds", "percent": [-9, 9]},
    ]  # fmt: skip
    found = problems_alone(scenario_of(stress={"uncertain": entries}))
    assert sorted({problem.code for problem in found}) == [
        "scenario.not_one_of", "scenario.unknown_column", "stress.same_name",
    ]  # fmt: skip
    with pytest.raises(ValidationError, match=r"stress\.quality"):
        Stress.model_validate({"widen_percent": {"guessed": 100}})


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_scenario(tmp_path_factory.mktemp("stress") / "tỉnh")
    assert run("solve", folder, "--out", folder.parent / "run", "--quiet").exit_code == 0
    return folder.parent / "run"


def test_writes_tables_and_picture_beside_the_run(solved: Path) -> None:
    """The run keeps its digest; what was worked out lies under none."""
    digest = document(run("verify", solved, "--json"))["digest"]
    found = document(run("stress", solved, "--draws", "12", "--json"))
    assert (found["draws"], found["seed"], found["run"]) == (12, 0, digest)
    names = {path.name for path in (solved / "derived").iterdir()}
    assert names == {"stress.csv", "stress-inputs.csv", "stress-flips.csv", "stress.json", "stress.png"}
    rows = rows_of(solved / "derived" / "stress.csv")
    assert {row["id"] for row in rows} >= {"cut", "share", "posts", "all", "state_saving"}
    cut = next(row for row in rows if row["id"] == "cut")
    assert (cut["held"], cut["probability_percent"], cut["high_percent"]) == ("12", "100", "100.0")
    assert document(run("verify", solved, "--json"))["sound"]


@pytest.mark.parametrize("language", ["vi", "en"])
def test_tells_the_same_story_in_both_languages(solved: Path, language: str, tmp_path: Path) -> None:
    told = run("stress", solved, "--draws", "10", "--out", tmp_path / "out", lang=language)
    assert told.exit_code == 0
    assert {"vi": "Đạt tất cả", "en": "All together"}[language] in told.stdout
    table = told.stdout.split("\n\n")[1].splitlines()
    assert len(table) > 5 and max(map(len, table)) <= 80


def test_says_nothing_of_what_hurts_most_where_it_may_be_chance(solved: Path, tmp_path: Path) -> None:
    """Ten draws tell little: what is said to hurt has an interval without zero; targets stand by their names."""
    told = run("stress", solved, "--draws", "10", "--out", tmp_path / "out")
    assert "\nGiảm ít nhất 2 đơn vị đến năm 2025\n  cut " in told.stdout
    rows = rows_of(tmp_path / "out" / "stress-inputs.csv")
    between = [float(row["correlation_low"]) * float(row["correlation_high"]) > 0 for row in rows]
    assert all(sure for sure, row in zip(between, rows, strict=True) if row["hurts_most"] == "True")
    assert not all(between)


def test_refuses_a_run_whose_decisions_were_changed(solved: Path, tmp_path: Path) -> None:
    copy = tmp_path / "run"
    shutil.copytree(solved, copy)
    (copy / "decisions.csv").write_text((copy / "decisions.csv").read_text(encoding="utf-8") + "\n", encoding="utf-8")
    told = run("stress", copy)
    assert told.exit_code == 3
    assert "decisions.csv" in told.stderr
