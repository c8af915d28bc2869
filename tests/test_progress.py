"""Following a plan of scenarios/tiny: what is done, late and dropped, and whether the targets are still in reach.

Its README has the three plans: vh-1 with vh-2 (score 1,045), vh-1 with vh-3 (1,160), vh-2 with vh-3 (1,650), each with
tv-1 equitized and dv-1 raised in 2025, two posts slimmed in kn-1 and an order of 200 in bt-1 in 2030.
"""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from small_province import document, rows_of, run

import planner
from models.draft import draft_of
from models.items import SLIM
from models.past import without_the_past
from models.plan import Decision
from models.prepared import prepare
from models.problem import InputError
from planner.drafts.done import Done, read_done
from planner.drafts.progress import Progress
from planner.scenario_file import Case
from planner.shipped import scenarios_folder
from planner.wording import LANGUAGES, Wording

TINY = scenarios_folder() / "tiny"
HEADER = ("unit_id", "fate", "year", "successor_id", "status", "date", "document")
JUNE = date(2025, 6, 30)
MERGED = ("vh-3", "merge", "2025", "vh-1", "done", "2025-03-15", "QĐ 12")
EQUITIZED = ("tv-1", "equitize", "2025", "", "decided", "01/04/2025", "QĐ 15")
RAISED = ("dv-1", "raise", "2025", "", "", "", "")
Rows = Sequence[Sequence[str]]


@pytest.fixture(scope="module")
def case() -> Case:
    return planner.read_scenario(TINY)


def table(folder: Path, rows: Rows, header: Sequence[str] = HEADER) -> Path:
    path = folder / "done.csv"
    path.write_text("\n".join(",".join(cells) for cells in (header, *rows)) + "\n", encoding="utf-8")
    return path


def followed(folder: Path, case: Case, *rows: Sequence[str], on: date = JUNE) -> Progress:
    return planner.progress(case, table(folder, rows), on=on)


def counts(found: Progress) -> dict[str, dict[str, int]]:
    """Per parent the statuses that occur."""
    names = ("planned", "decided", "done", "late", "dropped")
    return {row["parent"]: {name: row[name] for name in names if row[name]} for row in found.table.to_dict("records")}


def groups(found: Progress) -> set[tuple[str, ...]]:
    assert found.proposed is not None
    plan = found.proposed.plan
    return {
        tuple(sorted(plan.units.ids[unit] for unit in members)) for members in plan.final_groups if len(members) > 1
    }


def test_counts_decisions_by_parent_and_status(tmp_path: Path, case: Case) -> None:
    found = followed(tmp_path, case, MERGED, EQUITIZED, RAISED)
    assert counts(found) == {
        "Sở Nông nghiệp Thử": {"planned": 1}, "Sở Văn hóa Thử": {"done": 1}, "Sở Xây dựng Thử": {"decided": 1},
        "total": {"planned": 1, "decided": 1, "done": 1},
    }  # fmt: skip
    assert found.table["done_percent"].tolist() == [0.0, 100.0, 0.0, 33.3]


def test_reads_targets_by_what_is_done_alone(tmp_path: Path, case: Case) -> None:
    """One merger: one unit fewer, one of six autonomous, 3 of 70 posts gone; 240 a year of 10,000 for five years."""
    found = followed(tmp_path, case, MERGED, EQUITIZED, RAISED)
    so_far = {row["id"]: round(float(row["so_far"]), 2) for row in found.targets.to_dict("records")}
    wanted = {"cut2": 1, "autonomy20": 16.67, "equitize100": 0, "payroll12": 4.29, "spending8": 2.4}
    assert {name: so_far[name] for name in wanted} == wanted


def test_keeps_what_is_done_and_changes_nothing_else_where_that_is_enough(tmp_path: Path, case: Case) -> None:
    """The dearest pair has merged: the plan of 1,650 keeps it, with no change to the rest."""
    pair = [("vh-2", "merge", "2025", "vh-2", "done", "", ""), ("vh-3", "merge", "2025", "vh-2", "done", "", "")]
    found = followed(tmp_path, case, *pair, EQUITIZED, RAISED)
    assert found.reachable and found.proposed is not None and found.proposed.score == 1650
    near = found.replanned.near
    assert near is not None and (near.fewest, near.proved_fewest) == (0, True)
    assert groups(found) == {("vh-2", "vh-3")}
    assert [f.decision.unit_id for f in found.undocumented] == ["vh-3"]


def test_never_proposes_again_what_was_dropped(tmp_path: Path, case: Case) -> None:
    """vh-1 with vh-2 would be the best; dropped, vh-1 with vh-3 is: two units that the rest keeps."""
    dropped = ("vh-2", "merge", "2025", "vh-1", "dropped", "", "")
    found = followed(tmp_path, case, dropped, EQUITIZED, RAISED)
    assert groups(found) == {("vh-1", "vh-3")} and found.proposed is not None and found.proposed.score == 1160
    assert found.replanned.near is not None and found.replanned.near.fewest == 2
    assert counts(found)["Sở Văn hóa Thử"] == {"dropped": 1}


def test_calls_a_decision_late_once_its_year_is_over(tmp_path: Path, case: Case) -> None:
    """On 31 December it is still due; a day later it is late, and what is done stays done."""
    rows = table(tmp_path, [MERGED, EQUITIZED, RAISED])
    for day, statuses in ((date(2025, 12, 31), ["decided", "planned"]), (date(2026, 1, 1), ["late", "late"])):
        found = read_done(rows, case, on=day)
        assert [f.status for f in found.followed] == ["done", *statuses]
        assert found.stages_over == (day.year == 2026)


def test_decides_nothing_in_a_stage_that_is_over(tmp_path: Path, case: Case) -> None:
    """In 2026 the company of 2025 can no longer come in time: that target alone is out of reach."""
    done = [MERGED, ("dv-1", "raise", "2025", "", "done", "2025-05-01", "QĐ 20"), EQUITIZED]
    found = followed(tmp_path, case, *done, on=date(2026, 2, 15))
    assert found.reachable is False and found.replanned.impossible is not None
    why = found.replanned.impossible.why
    assert frozenset({"equitize100"}) in {frozenset(found.names) for found in why.explored.conflicts}


@pytest.mark.parametrize(("slimmed", "upper"), [("", 0), ("1", 1)])
def test_leaves_only_the_amounts_that_were_done_in_the_past(
    tmp_path: Path, case: Case, slimmed: str, upper: int
) -> None:
    """kn-1 has one vacancy in 2025, which was left to lapse or not; of 2030 three posts stay open as before."""
    rows = [("kn-1", "slim", "2025", "", "done", "", "", slimmed), (*MERGED, "")]
    done = read_done(table(tmp_path, rows, (*HEADER, "posts_slimmed")), case, on=date(2026, 2, 1))
    alone = draft_of(case.scenario, case.units, done.alone)
    left = without_the_past(prepare(case.scenario, case.units, alone.permitted), alone, 1).columns
    slims = np.flatnonzero(left.items.kind == SLIM)
    assert left.items.stage[slims].tolist() == [0, 1] and left.items.upper[slims].tolist() == [upper, 3]
    early = {left.units.ids[unit] for unit in left.paths.members[left.paths.joins == 0]}
    assert early == {"vh-3"}, "the merger that is done is the only one of 2025"


def test_takes_the_rest_of_a_decided_plan_for_planned(tmp_path: Path) -> None:
    """The best plan was decided; of it the company stands. vh-2 and dv-1 follow: a merger counts who joins."""
    out = tmp_path / "run"
    assert run("solve", TINY, "--plans", 1, "--out", out).exit_code == 0
    done = table(tmp_path, [("tv-1", "equitize", "2025", "", "hoàn thành", "2025-05-02", "QĐ 1")])
    result = run("progress", TINY, done, "--run", out, "--on", "2025-06-30", "--json", "--out", tmp_path / "report")
    found = document(result)
    assert result.exit_code == 0 and found["status"] == "reachable"
    assert (found["near"]["fewest_changes"], found["near"]["proved_fewest"]) == (0, True)
    report = rows_of(tmp_path / "report" / "progress.csv")
    assert [(row["parent"], row["planned"], row["done"]) for row in report] == [
        ("Sở Nông nghiệp Thử", "1", "0"), ("Sở Văn hóa Thử", "1", "0"), ("Sở Xây dựng Thử", "0", "1"),
        ("total", "2", "1"),
    ]  # fmt: skip
    assert {row["list"] for row in rows_of(tmp_path / "report" / "readings.csv")} == {"done", "different"}
    verified = run("verify", tmp_path / "report")
    assert verified.exit_code == 0 and "report of progress" in verified.stdout
    assert run("progress", TINY, done, "--run", out, "--plan", "7").exit_code == 3


@pytest.mark.parametrize("lang", LANGUAGES)
def test_speaks_of_the_decided_plan_and_of_files_that_there_are(tmp_path: Path, lang: str) -> None:
    """vh-2 was dropped: vh-1 and vh-3 change, and two units in their amounts; the table exists with --out alone."""
    done = table(tmp_path, [("vh-2", "merge", "2025", "vh-1", "dropped", "", ""), EQUITIZED, RAISED])
    say = Wording(lang).say
    plain = run("progress", TINY, done, lang=lang).stdout
    assert say("near.title_decided", count=2) in plain and say("near.decided") in plain
    assert say("near.details", count=2, where=say("near.with_out")) in plain
    draft = {"vi": "bản thảo", "en": "draft"}[lang]
    assert draft not in plain.lower()
    written = run("progress", TINY, done, "--out", tmp_path / "report", lang=lang).stdout
    assert say("near.details", count=2, where=say("near.in_table")) in written
    assert (tmp_path / "report" / "changes.csv").is_file()


def test_leaves_nobody_alone_in_a_merger_that_was_dropped(tmp_path: Path, case: Case) -> None:
    """Whether the host or the one who joins is dropped, the other stays as it is."""
    for gone in ("vh-1", "vh-2"):
        rows = [
            (unit, "merge", "2025", "vh-1", "dropped" if unit == gone else "planned", "", "")
            for unit in ("vh-1", "vh-2")
        ]
        found: Done = read_done(table(tmp_path, rows), case, on=JUNE)
        assert {row.fate for row in found.rest.decisions} == {"keep"}
    rest = read_done(
        table(tmp_path, [("vh-2", "merge", "2025", "vh-1", "dropped", "", ""), MERGED]), case, on=JUNE
    ).rest
    assert {row.unit_id for row in rest.decisions if row.fate == "merge"} == {"vh-1", "vh-3"}


def test_refuses_rows_of_which_one_drops_what_another_holds_on_to(tmp_path: Path, case: Case) -> None:
    """Otherwise a merger that is done would be gone from the plan that "keeps what is done"."""
    host = ("vh-1", "merge", "2025", "vh-1", "dropped", "", "")
    three = [(unit, "merge", "2025", "vh-1", "planned", "", "") for unit in ("vh-2", "vh-3")]
    equitized = [("tv-1", "equitize", year, "", status, "", "") for year, status in
                 (("2025", "dropped"), ("2030", "planned"))]  # fmt: skip
    for rows in ([host, MERGED], [host, *three], [("vh-3", *MERGED[1:4], "dropped", "", ""), MERGED], equitized):
        with pytest.raises(InputError) as refused:
            read_done(table(tmp_path, rows), case, on=JUNE)
        (problem,) = refused.value.problems
        assert (problem.where, problem.code) == ("done.csv: 2 [status]", "draft.dropped_and_held")
        assert all(Wording(language).say(problem.code, **problem.facts) for language in LANGUAGES)
    moved = [("vh-2", "merge", "2025", "vh-3", "dropped", "", ""), ("vh-2", "merge", "2025", "vh-1", "planned", "", "")]
    assert len(read_done(table(tmp_path, moved), case, on=JUNE).followed) == 2


def test_tells_all_problems_of_the_table_at_once(tmp_path: Path, case: Case) -> None:
    rows = [
        ("vh-3", "merge", "2025", "vh-1", "finished", "", ""),
        ("tv-1", "equitize", "2025", "", "done", "31/02/2025", ""),
        ("dv-1", "raise", "2025", "", "done", "2025-07-01", ""),
        ("vh-9", "keep", "", "", "", "", ""),
    ]
    with pytest.raises(InputError) as refused:
        read_done(table(tmp_path, rows), case, on=JUNE)
    assert {(problem.where, problem.code) for problem in refused.value.problems} == {
        ("done.csv: 2 [status]", "draft.not_one_of"), ("done.csv: 3 [date]", "draft.bad_date"),
        ("done.csv: 4 [date]", "draft.date_after_report"), ("done.csv: 5 [unit_id]", "plan.unknown_unit"),
    }  # fmt: skip
    for problem in refused.value.problems:
        assert all(Wording(language).say(problem.code, **problem.facts) for language in LANGUAGES)


def test_reports_on_the_latest_day_of_the_table_unless_told_otherwise(tmp_path: Path, case: Case) -> None:
    assert read_done(table(tmp_path, [MERGED, EQUITIZED]), case).day == date(2025, 4, 1)
    assert read_done(table(tmp_path, [RAISED]), case).day == case.scenario.as_of


def test_warns_of_dates_that_look_mistyped(tmp_path: Path, case: Case) -> None:
    """2052 for 2025 moves the day of the report; 2026 has not come, or is after the year 2025; 1925 is long ago."""
    rows = [
        ("vh-3", *MERGED[1:4], "decided", "2025-03-15", "QĐ"),
        ("tv-1", *EQUITIZED[1:4], "decided", "2052-04-01", "QĐ"),
        ("dv-1", *RAISED[1:4], "decided", "2026-02-01", "QĐ"),
        ("vh-2", *MERGED[1:4], "decided", "2025-07-01", "QĐ"),
        ("bt-1", "keep", "", "", "decided", "1925-03-15", "QĐ"),
    ]
    found = read_done(table(tmp_path, rows), case, today=date(2025, 12, 1))
    assert found.day == date(2052, 4, 1)
    assert [(problem.where, problem.code) for problem in found.warnings] == [
        ("done.csv: 3 [date]", "progress.date_to_come"), ("done.csv: 4 [date]", "progress.date_to_come"),
        ("done.csv: 6 [date]", "progress.date_long_ago"),
    ]  # fmt: skip
    found = read_done(table(tmp_path, rows), case, on=date(2052, 5, 1), today=date(2052, 5, 1))
    assert [problem.code for problem in found.warnings[:2]] == ["progress.date_after_year"] * 2
    for problem in found.warnings:
        assert all(Wording(language).say(problem.code, **problem.facts) for language in LANGUAGES)


def test_tells_and_ends_with_8_where_what_is_done_cannot_be(tmp_path: Path) -> None:
    """vh-1 is said to be split, but no unit of tomorrow is planned that could be split off from it."""
    rows = table(tmp_path, [("vh-1", "split", "2025", "", "done", "2025-06-01", "QĐ 1")])
    result = run("progress", TINY, rows, "--on", "2025-12-15", lang="en")
    assert result.exit_code == 8
    assert "does not fit the scenario: vh-1" in result.stdout
    assert "is left out of the plan" in " ".join(result.stdout.split())


def test_names_a_point_of_a_frontier_that_may_have_been_decided(tmp_path: Path) -> None:
    front = tmp_path / "front"
    assert run("frontier", TINY, "--criteria", "state_saving,access_user_km", "--out", front).exit_code == 0
    rows = table(tmp_path, [RAISED])
    result = run("progress", TINY, rows, "--run", front, lang="en")
    assert result.exit_code == 3 and "such as --plan frontier-1" in " ".join(result.stderr.split())
    assert run("progress", TINY, rows, "--run", front, "--plan", "frontier-1").exit_code in (0, 4)


@pytest.mark.parametrize(
    "asked", [("explain",), ("compare",), ("stress",), ("evaluate", TINY, "plan.csv", "--against")]
)
def test_says_what_a_folder_of_progress_is_not(tmp_path: Path, asked: tuple[str, ...]) -> None:
    folder = tmp_path / "followed"
    assert run("progress", TINY, table(tmp_path, [MERGED]), "--out", folder).exit_code == 0
    (tmp_path / "plan.csv").write_text("unit_id,fate,year\ndv-1,raise,2025\n", encoding="utf-8")
    words = [tmp_path / word if word == "plan.csv" else word for word in asked]
    result = run(*words, folder, lang="en")
    assert result.exit_code == 3
    assert "ranks no plans. Give the folder of a solve" in " ".join(result.stderr.split())


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_says_what_can_no_longer_be_met(tmp_path: Path, lang: str) -> None:
    rows = table(tmp_path, [MERGED, EQUITIZED, RAISED])
    result = run("progress", TINY, rows, "--on", "2026-02-15", lang=lang)
    assert result.exit_code == 4 and "equitize100" in result.stdout
    assert run("progress", TINY, rows, "--on", "yesterday", lang=lang).exit_code == 2
    assert run("progress", TINY, rows, "--plan", "1", lang=lang).exit_code == 2


def test_pins_what_is_done_with_its_document(tmp_path: Path, case: Case) -> None:
    done = read_done(table(tmp_path, [MERGED, EQUITIZED]), case, on=JUNE)
    (pin,) = done.pins
    assert (pin.unit, pin.fate, pin.merge_with, pin.host, pin.year) == ("vh-3", "merge", ("vh-1",), "vh-1", 2025)
    assert (pin.status, pin.document, pin.date) == ("done", "QĐ 12", date(2025, 3, 15))
    assert all(isinstance(row, Decision) for row in done.alone)
