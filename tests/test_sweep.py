"""Sweeps: exact values, every point its own best plan, nothing solved twice, another scenario refused."""

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from small_province import UNITS, document, rows_of, run, write_scenario

import planner
from models.problem import InputError
from planner import sweeping
from planner.sweep_points import points, varied

TINY = Path(__file__).parents[1] / "scenarios" / "tiny"


def values(text: str) -> tuple[str, ...]:
    return varied([text])[0].values


def test_steps_are_exact_decimals() -> None:
    """0.1 + 0.2 is 0.3, and the end belongs to the range where the steps meet it."""
    assert values("search.gap_percent=0.1:0.4:0.1") == ("0.1", "0.2", "0.3", "0.4")
    assert values("rules.cut.at_least=37:41:2") == ("37", "39", "41")
    assert values("rules.cut.at_least=37:40:2") == ("37", "39")
    assert values("rules.cut.at_least=3:1:-1") == ("3", "2", "1")
    assert values("rules.cut.at_least_percent=9:10:0.5") == ("9", "9.5", "10")
    assert values("search.engine=highs, scip") == ("highs", "scip")


def test_varies_two_keys_in_every_combination() -> None:
    found = points(varied(["a=1:2:1", "b=x,y"]))
    assert [point.settings for point in found] == [("a=1", "b=x"), ("a=1", "b=y"), ("a=2", "b=x"), ("a=2", "b=y")]


@pytest.mark.parametrize(
    ("texts", "code"),
    [
        (["rules.cut.at_least"], "sweep.form"),
        (["rules.cut.at_least=1:3"], "sweep.form"),
        (["rules.cut.at_least=1:3:0"], "sweep.form"),
        (["rules.cut.at_least=1:3:-1"], "sweep.form"),
        (["rules.cut.at_least=1:nan:1"], "sweep.form"),
        (["rules.cut.at_least=1,,2"], "sweep.form"),
        (["rules.cut.at_least=1,1"], "sweep.form"),
        (["a=1:2:1", "a=3:4:1"], "sweep.keys"),
        (["a=1", "b=1", "c=1"], "sweep.keys"),
        (["a=1:100000:1"], "sweep.too_many"),
        (["a=1:100:1", "b=1:100:1"], "sweep.too_many"),
    ],
)
def test_refuses_what_is_no_range(texts: list[str], code: str) -> None:
    with pytest.raises(InputError) as refused:
        varied(texts)
    assert [problem.code for problem in refused.value.problems] == [code]


@pytest.fixture(scope="module")
def swept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
    """The seven units of scenarios/tiny, of which at most two can go by 2025 (README.md there)."""
    out = tmp_path_factory.mktemp("sweep") / "out"
    return out, document(run("sweep", TINY, "--vary", "rules.cut2.at_least=1:3:1", "--out", out, "--json"))


def test_finds_the_best_plan_of_every_point(swept: tuple[Path, Any]) -> None:
    """Score 1,045 is worked out by hand for a cut of two; of three there is no plan, and the cut itself is why."""
    found = {row["rules.cut2.at_least"]: row for row in swept[1]["table"]}
    assert [found[cut]["status"] for cut in ("1", "2", "3")] == ["done", "done", "infeasible"]
    assert found["2"]["score_mvnd"] == 1045
    assert found["1"]["score_mvnd"] <= 1045  # a looser target never costs more
    assert found["2"]["proved_best"] is True
    assert found["3"]["reason"] == "cut2"
    assert found["3"]["score_mvnd"] is None
    for cut in ("1", "2"):
        best = planner.rank(planner.read_scenario(TINY, [f"rules.cut2.at_least={cut}"])).ranking.best_score
        assert found[cut]["score_mvnd"] == best


def test_keeps_readings_and_decisions_of_every_point(swept: tuple[Path, Any]) -> None:
    out, told = swept
    cuts = [row for row in rows_of(out / "sweep-readings.csv") if row["id"] == "cut2"]
    assert [(row["rules.cut2.at_least"], row["wanted"], row["met"]) for row in cuts] == [
        ("1", "1", "True"), ("2", "2", "True"),
    ]  # fmt: skip
    assert (out / "sweep.png").stat().st_size > 10_000
    named = [row["task"] for row in told["table"]]
    case = planner.read_scenario(TINY)
    plan = planner.read_decisions(out / "tasks" / f"{named[1]}.csv", case.scenario, case.units)["best", 1]
    assert planner.check(case.scenario, case.units, plan).plan.score == 1045


def test_solves_nothing_twice(swept: tuple[Path, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """A longer range solves only what is new; the same range solves nothing."""
    out, asked = swept[0], []
    whole = sweeping.solve_case

    def counted(case: Any) -> Any:
        asked.append(case)
        return whole(case)

    monkeypatch.setattr(sweeping, "solve_case", counted)
    again = planner.sweep(TINY, ["rules.cut2.at_least=1:3:1"], out=out)
    assert (asked, again.solved, again.open, len(again.table)) == ([], 0, 0, 3)
    longer = planner.sweep(TINY, ["rules.cut2.at_least=0:2:1"], out=out)
    assert (len(asked), longer.solved) == (1, 1)
    assert longer.table["rules.cut2.at_least"].tolist() == ["0", "1", "2"]


def test_solves_again_what_was_lost(tmp_path: Path) -> None:
    """A record that is gone, or half written by some other hand, is no finished point."""
    folder, out = write_scenario(tmp_path / "province"), tmp_path / "out"
    first = planner.sweep(folder, ["rules.cut.at_least=1,2"], out=out)
    names = first.table["task"].tolist()
    (out / "tasks" / f"{names[0]}.json").write_text('{"task": ', encoding="utf-8")
    again = planner.sweep(folder, ["rules.cut.at_least=1,2"], out=out)
    assert again.solved == 1
    assert again.table.equals(first.table)


def test_notices_another_scenario(tmp_path: Path) -> None:
    folder, out = write_scenario(tmp_path / "province"), tmp_path / "out"
    assert run("sweep", folder, "--vary", "rules.cut.at_least=1,2", "--out", out).exit_code == 0
    before = {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}
    write_scenario(folder, [*UNITS[:-1], {**UNITS[-1], "posts_own": 21}])
    told = run("sweep", folder, "--vary", "rules.cut.at_least=1,2", "--out", out)
    assert told.exit_code == 3
    assert "another scenario" in told.stderr
    assert {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()} == before


def test_refuses_a_folder_that_holds_something_else(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "letter.txt").write_text("mine", encoding="utf-8")
    told = run("sweep", TINY, "--vary", "rules.cut2.at_least=1,2", "--out", tmp_path / "out")
    assert told.exit_code == 3
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["letter.txt"]


def test_tells_the_problems_of_all_points_before_it_solves_any(tmp_path: Path) -> None:
    told = run("sweep", TINY, "--vary", "rules.autonomy20.at_least_percent=90:120:10", "--out", tmp_path / "out")
    assert told.exit_code == 3
    assert "110" in told.stderr
    assert "120" in told.stderr
    assert not (tmp_path / "out").exists()


def test_keeps_what_is_done_when_somebody_stops_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C at the second of three points: the first stays, and the next sweep goes on with the second."""
    folder, out, whole = write_scenario(tmp_path / "province"), tmp_path / "out", sweeping.solve_case
    asked: list[int] = []

    def stopping(case: Any) -> Any:
        asked.append(1)
        result = whole(case)
        if len(asked) == 2:
            object.__setattr__(result, "stopped", True)
        return result

    monkeypatch.setattr(sweeping, "solve_case", stopping)
    told = run("sweep", folder, "--vary", "rules.cut.at_least=0:2:1", "--out", out, "--json")
    assert told.exit_code == 130
    assert (document(told)["open"], len(rows_of(out / "sweep.csv"))) == (2, 1)
    told = run("sweep", folder, "--vary", "rules.cut.at_least=0:2:1", "--out", out, "--json")
    assert (told.exit_code, document(told)["solved_now"], len(asked)) == (0, 2, 4)


def test_sweeps_two_keys_with_a_line_each(tmp_path: Path) -> None:
    shutil.copytree(TINY, tmp_path / "tiny")
    vary = ["--vary", "rules.cut2.at_least=1:2:1", "--vary", "money.discount_percent=0,5"]
    told = document(run("sweep", tmp_path / "tiny", *vary, "--out", tmp_path / "out", "--json"))
    assert [(row["rules.cut2.at_least"], row["money.discount_percent"]) for row in told["table"]] == [
        ("1", "0"), ("1", "5"), ("2", "0"), ("2", "5"),
    ]  # fmt: skip
    record = json.loads((tmp_path / "out" / "sweep.json").read_text(encoding="utf-8"))
    assert record["vary"] == ["rules.cut2.at_least=1:2:1", "money.discount_percent=0,5"]
    header = next(csv.reader(io.StringIO((tmp_path / "out" / "sweep.csv").read_text(encoding="utf-8-sig"))))
    assert header[:3] == ["rules.cut2.at_least", "money.discount_percent", "status"]
