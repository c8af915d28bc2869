"""Deciding for the first deadline alone: four centres on a road, and what the near merger spoils."""

import json
import os
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_province import document, rows_of, run, write_scenario

import planner
from models.prepared import prepare
from models.rules.limits import Cap
from models.short_sight import ShortSight
from planner.result import Result

KM = 360 / (2 * 3.14159265 * 6371)
"""Degrees of latitude in one kilometre."""
# On a road to the north, 100 users each:   a --10 km-- b --2 km-- c --10 km-- d
ROAD = {"a": 0, "b": 10, "c": 12, "d": 22}
ROWS = [
    {"id": name, "name": f"Trung tâm {name}", "users": 100, "lat": 10.93 + km * KM, "lon": 108.1}
    for name, km in ROAD.items()
]
FEWER = [
    {"id": "fewer_2025", "rule": "unit_reduction", "year": 2025, "at_least": 1},
    {"id": "fewer_2030", "rule": "unit_reduction", "year": 2030, "at_least": 2},
]
ONLY_WAYS = dict.fromkeys(
    ("state_saving", "staff_moved", "surplus_leaders", "units_touched", "work_lost", "fee_burden"), 0
) | {"access_user_km": 1}


def road(folder: Path, *, rules: Sequence[Any] = FEWER, **merging: object) -> Path:
    """Two units merge at most, one site closes, and every user-kilometre costs one million."""
    pairs = {"within": "parent", "max_members": 2, "sites": "closed", **merging}
    return write_scenario(
        folder, ROWS, actions={"merge": True}, merging=[pairs], rules=list(rules), objective=ONLY_WAYS,
        savings={"road_factor": 1}, search={"plans": 0, "best": 1, "gap_percent": 0, "time_limit_s": 60},
    )  # fmt: skip


def seen(result: Result) -> ShortSight:
    assert result.short_sight is not None
    return result.short_sight


def test_prices_what_the_near_merger_costs_later(tmp_path: Path) -> None:
    """2025 alone closes one of b and c, 2 km: 200. Then a and d are left, 22 km: 2,200; 2,400 in all. Planned
    together a-b and c-d, 10 km each, cost 2,000. Short sight costs 400."""
    result = planner.rank_myopic(planner.read_scenario(road(tmp_path / "road")))
    found = seen(result)
    assert found.decided == ("b", "c")
    assert [rule.id for rule in found.left_out] == ["fewer_2030"]
    assert (found.first.score, result.plans[0].score) == (200, 2400)
    assert found.together is not None and found.together.best_score == 2000
    assert (found.extra_at_least, found.extra_at_most) == (400, 400)


def test_shows_that_the_later_target_becomes_impossible(tmp_path: Path) -> None:
    """Where nobody merges over more than 15 km, a and d cannot follow b and c: together it costs 2,000 all the same."""
    place, out = road(tmp_path / "road", max_km=15), tmp_path / "run"
    result = run("solve", place, "--myopic", "--json", "--out", out)
    told = document(result)
    assert result.exit_code == 4 and told["status"] == "infeasible"
    assert [rule["id"] for rule in told["conflict"]] == ["fewer_2030"]
    assert told["reach"][-1] == {
        "id": "fewer_2030", "year": 2030, "wanted": 2, "reached": 1, "numerator": 1, "denominator": 4, "proved": True,
        "enough": False,
    }  # fmt: skip
    sight = told["short_sight"]
    assert sight["impossible"] and not sight["impossible_together"] and sight["together_score_mvnd"] == 2000
    assert json.loads((out / "manifest.json").read_text(encoding="utf-8"))["short_sight"] == sight


def test_says_everywhere_that_the_plan_is_myopic(tmp_path: Path) -> None:
    place, out = road(tmp_path / "road"), tmp_path / "run"
    shown = run("solve", place, "--myopic", "--lang", "en", "--out", out)
    assert shown.exit_code == 0
    assert "MYOPIC: the structural decisions for 2025 (2 units)" in shown.stdout
    assert "between 0.400 and 0.400 billion VND more" in shown.stdout
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["best_means"] == "among the options listed that keep what was decided for 2025"
    assert manifest["short_sight"]["units_decided"] == ["b", "c"]
    years = {row["unit_id"]: row["year"] for row in rows_of(out / "decisions.csv") if row["fate"] == "merge"}
    assert years == {"a": "2030", "b": "2025", "c": "2025", "d": "2030"}
    assert run("verify", out).exit_code == 0


def test_blames_nothing_on_short_sight_where_the_first_deadline_fails_alone(tmp_path: Path) -> None:
    """Two mergers of two are the most: three units fewer by 2025 are impossible with or without the later target."""
    rules = [{**FEWER[0], "at_least": 3}, FEWER[1]]
    result = run("solve", road(tmp_path / "road", rules=rules), "--myopic", "--json", "--out", tmp_path / "run")
    told = document(result)
    assert result.exit_code == 4 and "short_sight" not in told
    assert [rule["id"] for rule in told["conflict"]] == ["fewer_2025"]


def test_keeps_pinned_later_decisions_in_view(tmp_path: Path) -> None:
    """A pin is known today: where a and b are to merge in 2030, 2025 leaves b alone and merges c and d."""
    place = road(tmp_path / "road")
    text = (place / "scenario.toml").read_text(encoding="utf-8")
    (place / "scenario.toml").write_text(
        f'{text}\n[[pins]]\nunit = "a"\nmerge_with = ["b"]\nyear = 2030\n', encoding="utf-8"
    )
    found = seen(planner.rank_myopic(planner.read_scenario(place)))
    assert found.decided == ("c", "d") and (found.extra_at_least, found.extra_at_most) == (0, 0)


def test_counts_a_later_cap_only_as_far_as_the_first_deadline_goes(tmp_path: Path) -> None:
    """A cap of one unit by 2030 asks of 2025 only not to exceed today's four."""
    case = planner.read_scenario(road(tmp_path / "road"))
    columns = prepare(case.scenario, case.units).columns
    rows = Cap(id="cap", at_most=1).rows_by(columns, 2025)
    assert rows is not None and rows.labels == ("cap 2025",) and rows.at_most.tolist() == [4]


@pytest.mark.skipif(sys.platform == "win32", reason="signals as on POSIX; not tried on Windows")
def test_keeps_the_myopic_plan_of_somebody_who_stops_before_the_comparison(tmp_path: Path) -> None:
    """Ctrl-C when the first plan stands: 2,400 is kept, and what short sight costs is not known."""
    case = planner.read_scenario(road(tmp_path / "road"))
    result = planner.rank_myopic(case, lambda _: os.kill(os.getpid(), signal.SIGINT))
    assert result.interrupted and [plan.score for plan in result.plans] == [2400]
    assert (seen(result).extra_at_least, seen(result).extra_at_most) == (None, None)
    assert not seen(result).impossible_together


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_refuses_where_there_is_no_later_deadline(tmp_path: Path, lang: str) -> None:
    place = write_scenario(tmp_path / "p", stages=[{"year": 2025, "effect": 2026}], rules=[FEWER[0]])
    refused = run("solve", place, "--myopic", "--lang", lang)
    assert refused.exit_code == 3 and "--myopic" in refused.stderr
