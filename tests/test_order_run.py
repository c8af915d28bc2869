"""A run under an order: its tables, what it says, and what `verify` finds when somebody changes them."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from decided import into, plan_of
from small_province import UNITS, document, rows_of, run, write_scenario
from test_criteria import PLAIN, SCHOOLS, TENTH
from test_verify import forge, found, rewrite
from worlds import scenario_of

from models.access import access_of
from planner.manifest import read_manifest

ORDER: dict[str, Any] = {"order": ["worst_commune_m", "state_saving"], "order_tolerance_percent": 10, "staff_moved": 0}
USERS = {"vh-1": 400, "vh-2": 100, "vh-3": 500}
PLACES = {"vh-1": (10.93, 108.10), "vh-2": (10.94, 108.10), "vh-3": (10.98, 108.10)}
ROWS = [
    {**row, "users": USERS.get(str(row["id"]), 0), "lat": place[0], "lon": place[1]}
    for row, place in ((row, PLACES.get(str(row["id"]), (10.93, 108.20))) for row in UNITS)
]
TOGETHER = [{"unit": "vh-1", "merge_with": ["vh-2"]}]
CLOSING = [{"within": "parent", "same": ["kind"], "max_members": 3, "sites": "closed"}]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("order")
    province = write_scenario(place / "province", ROWS, objective=ORDER, merging=CLOSING)
    result = run("solve", province, "--best", 2, "--plans", 1, "--out", place / "run")
    assert result.exit_code == 0, result.stderr
    assert "worst commune, metres" in result.stdout and "(tolerance 10%)" in result.stdout
    return place / "run"


@pytest.fixture
def copied(sound: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sound, tmp_path / "run")


def test_writes_every_step_of_every_plan_into_table_and_manifest(sound: Path) -> None:
    rows = rows_of(sound / "order.csv")
    assert [(row["list"], row["rank"], row["step"], row["criterion"]) for row in rows][:3] == [
        ("best", "1", "1", "worst_commune_m"), ("best", "1", "2", "state_saving_mvnd"),
        ("best", "1", "3", "score_mvnd"),
    ]  # fmt: skip
    assert len(rows) == 9 and all(row["proved"] == "True" for row in rows if row["criterion"] == "worst_commune_m")
    facts = read_manifest(sound)["order"]
    assert (facts["steps"], facts["tolerance_percent"]) == (["worst_commune_m", "state_saving_mvnd", "score_mvnd"], 10)
    assert [str(row["value"]) for row in facts["plans"]] == [row["value"] for row in rows]


def test_keeps_a_gain_within_the_tolerance_below_its_best(sound: Path) -> None:
    """One year's State outlay is 20,600 million: a tenth of it may be given up for the score."""
    outlay = sum(int(str(row.get("state_grant_mvnd", 3500))) for row in UNITS)
    for row in rows_of(sound / "order.csv"):
        if row["rank"] == "1" and row["criterion"] == "state_saving_mvnd":
            assert int(row["within"]) == int(row["best"]) - outlay // 10 <= int(row["value"])
            assert int(row["bound"]) >= int(row["best"])
            assert int(row["gap"]) == int(row["bound"]) - int(row["best"])


def test_passes_verify(sound: Path) -> None:
    assert found(sound) == []


@pytest.mark.parametrize("column", ["value", "gap", "proved"])
def test_verify_finds_a_forged_figure_of_a_step(copied: Path, column: str) -> None:
    rewrite(copied, "order.csv", lambda rows: rows[0].update({column: "7"}))
    assert (f"order.csv: {column}") in [where for where, _ in found(copied)]


@pytest.mark.parametrize(("column", "amount"), [("within", "99999"), ("best", "999999"), ("bound", "999999")])
def test_verify_finds_a_limit_a_best_or_a_bound_that_cannot_be(copied: Path, column: str, amount: str) -> None:
    rewrite(copied, "order.csv", lambda rows: rows[0].update({column: amount}))
    assert ("order.csv", "best 1: what is told of worst_commune_m does not fit together") in [
        (where, message.partition(":")[0] + ":" + message.split(":")[1]) for where, message in found(copied)
    ]  # fmt: skip


def test_verify_misses_a_step_that_was_taken_out(copied: Path) -> None:
    rewrite(copied, "order.csv", lambda rows: rows.pop(1))
    told = [message for where, message in found(copied) if where == "order.csv"]
    assert told and "best 1: the steps told are worst_commune_m, score_mvnd" in told[0]


def test_verify_finds_a_forged_order_in_the_manifest(copied: Path) -> None:
    forge(copied, {"order": None})
    assert [where for where, _ in found(copied)] == ["manifest.json: order"]


def test_json_tells_steps_and_access(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", ROWS, objective=ORDER, merging=CLOSING, pins=TOGETHER)
    told = document(run("solve", province, "--plans", 1, "--out", tmp_path / "run", "--json"))
    assert [row["criterion"] for row in told["order"]] == ["worst_commune_m", "state_saving_mvnd", "score_mvnd"]
    worst = [row for row in told["access"] if row["worst"]]
    assert worst and worst[-1]["year"] == 2030
    assert worst[-1]["mean_m"] == told["ranking"][0]["worst_commune_m"] == told["order"][0]["value"] > 0


def test_a_run_without_an_order_has_no_steps(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", UNITS[:4], rules=[])
    assert run("solve", province, "--plans", 1, "--out", tmp_path / "run").exit_code == 0
    assert rows_of(tmp_path / "run" / "order.csv") == [] and read_manifest(tmp_path / "run")["order"] is None


def test_says_that_no_sum_tells_the_cost_of_short_sight_under_an_order(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province", ROWS, objective=ORDER, merging=CLOSING)
    result = run("solve", province, "--plans", 1, "--myopic", "--out", tmp_path / "run")
    assert result.exit_code == 0 and "no single amount says what this costs" in result.stdout.replace("\n", " ")


def test_tells_who_goes_further_by_commune_group_and_year() -> None:
    """Pupils of Xã Một: 300 of 1,200 from 2025; of Xã Hai all 100 from 2030; patients nobody."""
    closing = [*into("a", "b", site="closed"), *into("a", "c", year=2030, site="closed")[1:]]
    losses = access_of(plan_of(scenario_of(**PLAIN), SCHOOLS, closing))
    assert [(x.year, x.commune, x.user_group, x.users, x.users_further, x.user_m, x.mean_m) for x in losses] == [
        (2025, "", "education", 1300, 300, 300 * TENTH, 2566),  # 2565 and eleven thirteenths
        (2025, "Xã Một", "education", 1200, 300, 300 * TENTH, 2780),
        (2030, "", "education", 1300, 400, 400 * TENTH, 3422),
        (2030, "Xã Hai", "education", 100, 100, 100 * TENTH, TENTH),
        (2030, "Xã Một", "education", 1200, 300, 300 * TENTH, 2780),
    ]
    assert [(x.year, x.commune) for x in losses if x.worst] == [(2025, "Xã Một"), (2030, "Xã Hai")]
    assert {x.farthest_m for x in losses} == {TENTH}


def test_a_measured_plan_follows_no_order_and_is_sound(sound: Path, tmp_path: Path) -> None:
    (tmp_path / "plan.csv").write_text("unit_id,fate,year\n", encoding="utf-8")
    assert run("evaluate", sound / "scenario.resolved.toml", tmp_path / "plan.csv", "--out", tmp_path / "out").exit_code
    found = run("verify", tmp_path / "out")
    assert found.exit_code == 0, found.stderr
