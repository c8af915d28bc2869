"""Hand-made plans: read as planners write them, completed in the plainest way, measured against scenarios/tiny."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook
from small_province import document, rows_of, run, write_scenario

import planner
from models.draft import draft_of
from models.plan import Decision
from models.problem import InputError
from planner.drafts.evaluation import Evaluation, best_of_run, distance_between, measured_plan
from planner.drafts.table import HandMade, plan_named, read_hand_made
from planner.manifest import MANIFEST, hashes_of, run_digest
from planner.scenario_file import Case
from planner.shipped import scenarios_folder
from planner.wording import LANGUAGES, Wording

TINY = scenarios_folder() / "tiny"
HEADER = ("unit_id", "fate", "year", "successor_id")
# The second of the three plans of the README: vh-1 and vh-3 merge, and the forced steps. Its score there is 1,160.
SECOND = (
    ("vh-3", "merge", "2025", "vh-1", "", ""),
    ("tv-1", "equitize", "2025", "", "", ""),
    ("dv-1", "raise", "2025", "", "", ""),
    ("kn-1", "slim", "2030", "", "2", ""),
    ("bt-1", "order", "2030", "", "", "200"),
)
AMOUNTS = (*HEADER, "posts_slimmed", "orders_mvnd")
Rows = Sequence[Sequence[str]]


@pytest.fixture(scope="module")
def case() -> Case:
    return planner.read_scenario(TINY)


def table(folder: Path, rows: Rows, header: Sequence[str] = HEADER, separator: str = ",") -> Path:
    path = folder / "plan.csv"
    lines = [separator.join(cells) for cells in (header, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def read(folder: Path, case: Case, rows: Rows, header: Sequence[str] = HEADER) -> HandMade:
    return read_hand_made(table(folder, rows, header), case)


def of(hand_made: HandMade, unit: str, fate: str) -> Decision:
    (found,) = [row for row in hand_made.decisions if (row.unit_id, row.fate) == (unit, fate)]
    return found


def told(folder: Path, case: Case, rows: Rows, header: Sequence[str] = HEADER) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as refused:
        read(folder, case, rows, header)
    for problem in refused.value.problems:
        assert all(Wording(language).say(problem.code, **problem.facts) for language in LANGUAGES)
    return [(problem.where, problem.code) for problem in refused.value.problems]


# Reading


def test_fills_in_host_form_and_site_in_the_plainest_way(tmp_path: Path, case: Case) -> None:
    """vh-3 goes into vh-1, whose id the successor bears; the block closes sites; whoever is not named is kept."""
    found = read(tmp_path, case, [("vh-3", "merge", "2025", "vh-1")])
    absorbed, host = of(found, "vh-3", "merge"), of(found, "vh-1", "merge")
    assert (absorbed.host_id, absorbed.form, absorbed.site) == ("vh-1", "absorb", "closed")
    assert (host.host_id, host.form, host.site, host.year) == ("vh-1", "absorb", "kept", 2025)
    assert {row.fate for row in found.decisions if not row.unit_id.startswith("vh-")} == {"keep"}
    assert of(found, "vh-2", "keep").year is None


def test_founds_a_unit_where_the_successor_has_an_id_of_its_own(tmp_path: Path, case: Case) -> None:
    """The block's host is the largest: vh-2 (10 posts) before vh-3 (8)."""
    found = read(tmp_path, case, [("vh-2", "merge", "2025", "moi"), ("vh-3", "merge", "2025", "moi")])
    assert {row.host_id for row in found.decisions if row.fate == "merge"} == {"vh-2"}
    assert {row.form for row in found.decisions if row.fate == "merge"} == {"consolidate"}


def test_lets_nobody_host_who_may_not(tmp_path: Path) -> None:
    """vh-1 is the largest, and rated not completed: vh-2 hosts."""
    rows = [
        {"id": "vh-1", "name": "Một", "posts_budget": 30, "performance": "not_completed"},
        {"id": "vh-2", "name": "Hai", "performance": "completed"},
    ]
    case = planner.read_scenario(write_scenario(tmp_path / "p", rows, rules=[]))
    found = read(tmp_path, case, [(unit, "merge", "2025", "moi") for unit in ("vh-1", "vh-2")])
    assert {row.host_id for row in found.decisions} == {"vh-2"}


def test_finds_the_receiver_of_a_dissolution_and_follows_it(tmp_path: Path, case: Case) -> None:
    """vh-2 may merge with vh-1 (2 km) and vh-3 (3 km): vh-1 takes over. Where vh-1 goes into vh-3, so do the tasks."""
    assert of(read(tmp_path, case, [("vh-2", "dissolve", "2025", "")]), "vh-2", "dissolve").receiver_id == "vh-1"
    both = read(tmp_path, case, [("vh-2", "dissolve", "2025", ""), ("vh-1", "merge", "2025", "vh-3")])
    assert of(both, "vh-2", "dissolve").receiver_id == "vh-3"
    assert told(tmp_path, case, [("kn-1", "dissolve", "2025", "")]) == [("plan.csv: 2", "draft.no_receiver")]


def test_refuses_tasks_that_go_round_in_a_circle(tmp_path: Path, case: Case) -> None:
    rows = [("vh-1", "dissolve", "2025", "", "vh-2"), ("vh-2", "dissolve", "2025", "", "vh-1")]
    assert told(tmp_path, case, rows, (*HEADER, "receiver_id")) == [
        ("plan.csv: 2", "draft.receivers_in_a_circle"), ("plan.csv: 3", "draft.receivers_in_a_circle"),
    ]  # fmt: skip


VIETNAMESE = (
    ("Phương án của Sở Văn hóa", "", "", "", ""),
    ("STT", "Mã đơn vị", "Hình thức sắp xếp", "Thời hạn", "Mã đơn vị sau sắp xếp"),
    ("1", "vh-3", "Sáp nhập", "2025", "vh-1"),
    ("2", "tv-1", "CỔ PHẦN HÓA", "2025", ""),
    ("3", "dv-1", "nâng mức tự chủ tài chính", "2025", ""),
    ("4", "kn-1", "Giữ nguyên", "", ""),
)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_reads_vietnamese_headers_and_words(tmp_path: Path, case: Case, separator: str) -> None:
    found = read_hand_made(table(tmp_path, VIETNAMESE[1:], VIETNAMESE[0], separator), case)
    check_vietnamese(found)


def test_reads_a_workbook(tmp_path: Path, case: Case) -> None:
    book = Workbook()
    for cells in VIETNAMESE:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in cells])
    book.save(tmp_path / "plan.xlsx")
    check_vietnamese(read_hand_made(tmp_path / "plan.xlsx", case))


def check_vietnamese(found: HandMade) -> None:
    fates = {row.unit_id: (row.fate, row.year) for row in found.decisions if row.unit_id in ("vh-3", "tv-1", "dv-1")}
    assert fates == {"vh-3": ("merge", 2025), "tv-1": ("equitize", 2025), "dv-1": ("raise", 2025)}
    assert of(found, "vh-3", "merge").form == "absorb"


def test_tells_everything_that_is_wrong_with_its_row_and_column(tmp_path: Path, case: Case) -> None:
    header = (*AMOUNTS, "form", "site", "rank")
    rows = [
        ("vh-9", "merge", "2025", "vh-1", "", "", "", "", ""),
        ("vh-3", "fuse", "2025", "vh-1", "", "", "", "", ""),
        ("vh-2", "merge", "2026", "", "", "", "", "", ""),
        ("kn-1", "slim", "2030", "", "two", "", "", "", ""),
        ("tv-1", "equitize", "2025", "", "3", "", "", "", ""),
        ("vh-1", "hợp nhất", "2025", "vh-1", "", "", "sáp nhập", "torn", ""),
        ("dv-1", "redeploy", "2025", "", "", "", "", "", ""),
    ]
    assert told(tmp_path, case, rows, header) == [
        ("plan.csv: 2 [unit_id]", "plan.unknown_unit"),
        ("plan.csv: 3 [fate]", "plan.unknown_fate"),
        ("plan.csv: 4 [year]", "plan.year_is_no_stage"),
        ("plan.csv: 4 [successor_id]", "plan.merge_without_successor"),
        ("plan.csv: 5 [posts_slimmed]", "units.not_a_number"),
        ("plan.csv: 6 [posts_slimmed]", "draft.amount_elsewhere"),
        ("plan.csv: 7 [site]", "draft.not_one_of"),
        ("plan.csv: 7 [form]", "draft.form_contradicts"),
        ("plan.csv: 8 [receiver_id]", "plan.redeploy_without_receiver"),
    ]


def test_names_the_cell_of_a_workbook(tmp_path: Path, case: Case) -> None:
    book = Workbook()
    for cells in (("Mã đơn vị", "Hình thức", "Năm"), ("vh-1", "giữ nguyên", None), ("vh-2", "giải tán", 2025)):
        book.active.append(cells)
    book.save(tmp_path / "plan.xlsx")
    with pytest.raises(InputError) as refused:
        read_hand_made(tmp_path / "plan.xlsx", case)
    assert [problem.where for problem in refused.value.problems] == ["plan.xlsx Sheet!B3"]


def test_refuses_columns_that_it_would_ignore_and_those_that_lack(tmp_path: Path, case: Case) -> None:
    assert told(tmp_path, case, [("vh-1", "keep", "x")], ("unit_id", "fate", "yeer")) == [
        ("plan.csv", "draft.unknown_header"), ("plan.csv", "draft.missing_column"),
    ]  # fmt: skip


def test_takes_one_plan_of_a_table_of_several(tmp_path: Path, case: Case) -> None:
    header = ("list", "rank", *HEADER)
    rows = [("best", "1", "vh-3", "merge", "2025", "vh-1"), ("best", "2", "vh-2", "merge", "2025", "vh-1")]
    assert told(tmp_path, case, rows, header) == [("plan.csv", "draft.several_plans")]
    found = read_hand_made(table(tmp_path, rows, header), case, plan=("best", 2))
    assert of(found, "vh-2", "merge").joined == "vh-1" and of(found, "vh-3", "keep")
    with pytest.raises(InputError):
        read_hand_made(table(tmp_path, rows, header), case, plan=("best", 3))
    found = [plan_named(name) for name in ("2", "best-1", "best", "x-y", "-1")]
    assert found == [("different", 2), ("best", 1), None, None, None]


# Measuring


@pytest.fixture(scope="module")
def second(case: Case, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return planner.evaluate(case, table(tmp_path_factory.mktemp("second"), SECOND, AMOUNTS))


def test_measures_the_second_plan_of_the_readme(second: Evaluation) -> None:
    """1,160 against 1,045: 115 above the best. Each has one merger that the other lacks; three units differ."""
    assert second.passed and second.ranked.score == 1160
    far = second.distance
    assert far is not None and (far.best.score, far.above_best, far.events) == (1045, 115, 2)
    assert far.units == ("vh-1", "vh-2", "vh-3")
    assert second.unlisted == () and second.violations == ()


def test_measures_what_was_written_with_the_required_columns_alone(tmp_path: Path, case: Case) -> None:
    """Without slimming and orders 63 posts remain on the budget, a tenth fewer, and 61.6 are wanted; spending falls by
    5 · 240 + 5 · 300 = 2,700 of 50,000, 5.4%."""
    rows = [row[:4] for row in SECOND[:3]]
    found = measured_plan(case, read(tmp_path, case, rows))
    assert {v.rule.id: float(v.reading.reached) for v in found.violations} == {"payroll12": 10.0, "spending8": 5.4}
    assert not found.refusals and not found.passed


def test_names_the_units_that_break_a_rule(tmp_path: Path, case: Case) -> None:
    """Everyone is kept: tv-1 is the one eligible unit, and it is not equitized."""
    found = measured_plan(case, read(tmp_path, case, [("vh-1", "keep", "", "")]))
    by = {violation.rule.id: violation.units for violation in found.violations}
    assert by["equitize100"] == ("tv-1",) and by["cut2"] == ()


def test_names_who_stands_under_a_cap_and_who_serves_a_refused_function(tmp_path: Path) -> None:
    """Forty posts at most under each parent: both departments have more. nn-4 is a market unit and remains."""
    rows = [{"id": "a", "name": "A", "posts_budget": 30}, {"id": "b", "name": "B", "posts_budget": 20},
            {"id": "c", "name": "C", "parent": "Sở khác", "function": "market"}]  # fmt: skip
    rules = [
        {"id": "posts", "rule": "cap", "sum": "posts", "at_most": 40, "per": "parent", "year": 2025},
        {"id": "functions", "rule": "remaining_functions", "year": 2030},
    ]
    case = planner.read_scenario(write_scenario(tmp_path / "p", rows, rules=rules))
    found = measured_plan(case, read(tmp_path, case, [("a", "keep", "", "")]))
    assert [(v.rule.id, v.reading.label, v.units) for v in found.violations] == [
        ("posts", "Sở Văn hóa", ("a", "b")), ("posts", "Sở Văn hóa", ("a", "b")), ("functions", "", ("c",)),
    ]  # fmt: skip


def test_says_what_the_search_would_never_propose(tmp_path: Path, case: Case) -> None:
    """No block lets bt-1 and kn-1 merge; the checker has nothing against it."""
    found = planner.evaluate(case, table(tmp_path, [("kn-1", "merge", "2025", "bt-1")]))
    assert found.unlisted == ("bt-1", "kn-1") and not found.refusals


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_ends_with_eight_where_rules_break_and_tells_why(tmp_path: Path, lang: str) -> None:
    plan = table(tmp_path, [("vh-1", "raise", "2025", "")])
    result = run("evaluate", TINY, plan, "--json", lang=lang)
    found = document(result)
    assert result.exit_code == 8 and found["status"] == "rules_broken"
    assert {violation["id"] for violation in found["violations"]} >= {"cut2", "equitize100"}
    assert [refusal["where"] for refusal in found["refusals"]] == ["vh-1", "vh-1"]
    assert {"readings", "decisions", "criteria", "distance"} <= found.keys()
    shown = run("evaluate", TINY, plan, lang=lang)
    assert shown.exit_code == 8 and "cut2" in shown.stdout and "vh-1" in shown.stdout


def test_finds_a_run_s_own_plan_at_no_distance(tmp_path: Path) -> None:
    out, told_out = tmp_path / "run", tmp_path / "evaluated"
    assert run("solve", TINY, "--plans", 3, "--out", out).exit_code == 0
    result = run("evaluate", TINY, out / "decisions.csv", "--plan", 1, "--against", out, "--json", "--out", told_out)
    distance = document(result)["distance"]
    assert result.exit_code == 0 and (distance["above_best_mvnd"], distance["events"], distance["units"]) == (0, 0, [])
    assert distance["same_inputs"] and distance["best_bound_mvnd"] == 1045
    assert rows_of(told_out / "ranking.csv")[0]["score_mvnd"] == "1045"
    assert run("verify", told_out).exit_code == 0
    other = planner.read_scenario(TINY, ["rules.cut2.at_least=1"])
    assert not best_of_run(other, out)[1]
    assert run("evaluate", TINY, out / "decisions.csv").exit_code == 3


def test_writes_a_folder_that_verify_holds_to_what_it_breaks(tmp_path: Path) -> None:
    out = tmp_path / "evaluated"
    assert run("evaluate", TINY, table(tmp_path, [("vh-1", "keep", "", "")]), "--out", out).exit_code == 8
    assert run("verify", out).exit_code == 0
    assert run("evaluate", TINY, table(tmp_path, []), "--out", out).exit_code == 2


def test_counts_events_of_both_plans(second: Evaluation) -> None:
    assert second.distance is not None
    case = second.case
    other = draft_of(case.scenario, case.units, second.distance.best.plan.decisions)
    back = distance_between(other, second.distance.best, second.ranked)
    assert (back.above_best, back.events) == (-115, 2)


# Near


def test_solves_near_a_plan_and_lists_the_changes(tmp_path: Path) -> None:
    """The draft forgets the merger: any pair is two changes, and vh-1 with vh-2 is the best (1,045)."""
    out = tmp_path / "near"
    rows = [row[:4] for row in SECOND[1:3]]
    result = run("solve", TINY, "--near", table(tmp_path, rows), "--out", out, "--json")
    found = document(result)
    assert result.exit_code == 0 and found["ranking"][0]["score_mvnd"] == 1045 and len(found["ranking"]) == 1
    assert found["near"] | {"changes": [2]} == {
        "fewest_changes": 2, "at_least": 2, "proved_fewest": True, "allowed": None, "changes": [2], "not_options": [],
    }  # fmt: skip
    changed = [row for row in rows_of(out / "changes.csv") if row["what"] == "structure"]
    assert [(row["unit_id"], row["drafted"], row["proposed"]) for row in changed] == [
        ("vh-1", "keep", "merge vh-1+vh-2"), ("vh-2", "keep", "merge vh-1+vh-2"),
    ]  # fmt: skip
    assert run("verify", out).exit_code == 0


def test_keeps_a_dearer_merger_that_the_draft_names(tmp_path: Path) -> None:
    """vh-1 with vh-3 costs 115 more than the best and needs no change; with three changes the best is allowed."""
    plan = table(tmp_path, [row[:4] for row in SECOND[:3]])
    nearest = document(run("solve", TINY, "--near", plan, "--out", tmp_path / "a", "--json"))
    assert (nearest["near"]["fewest_changes"], nearest["ranking"][0]["score_mvnd"]) == (0, 1160)
    free = document(run("solve", TINY, "--near", plan, "--changes", 3, "--out", tmp_path / "b", "--json"))
    assert (free["near"]["fewest_changes"], free["near"]["changes"]) == (0, [3])
    assert free["ranking"][0]["score_mvnd"] == 1045


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_ends_with_eight_where_so_few_changes_are_not_enough(tmp_path: Path, lang: str) -> None:
    plan = table(tmp_path, [row[:4] for row in SECOND[1:3]])
    result = run("solve", TINY, "--near", plan, "--changes", 1, "--out", tmp_path / "run", "--json", lang=lang)
    assert result.exit_code == 8 and document(result)["near"] == {
        "allowed": 1, "at_least": 2, "fewest_changes": 2,
    }  # fmt: skip
    assert not (tmp_path / "run").exists()


def test_explains_where_no_number_of_changes_is_enough(tmp_path: Path) -> None:
    plan = table(tmp_path, [("vh-1", "keep", "", "")])
    settings = ("--set", "rules.cut2.at_least=5")
    result = run("solve", TINY, *settings, "--near", plan, "--out", tmp_path / "run", "--json")
    assert result.exit_code == 4 and [rule["id"] for rule in document(result)["conflict"]] == ["cut2"]


def test_tells_drafted_decisions_that_are_no_options(tmp_path: Path) -> None:
    """Nobody may dissolve in this scenario, and vh-2 has no ground: it counts as changed, with both reasons."""
    plan = table(tmp_path, [("vh-2", "dissolve", "2025", ""), *(row[:4] for row in SECOND[1:3])])
    found = document(run("solve", TINY, "--near", plan, "--out", tmp_path / "run", "--json"))
    assert found["near"]["not_options"] == [{"unit": "vh-2", "why": ["check.action_forbidden", "check.no_ground"]}]
    shown = run("solve", TINY, "--near", plan, "--out", tmp_path / "shown")
    assert "vh-2" in shown.stdout and "counts as changed" in shown.stdout


def test_tells_a_changed_list_of_changes(tmp_path: Path) -> None:
    out = tmp_path / "near"
    run("solve", TINY, "--near", table(tmp_path, [row[:4] for row in SECOND[1:3]]), "--out", out)
    assert run("verify", out).exit_code == 0
    text = (out / "changes.csv").read_text(encoding="utf-8").replace("merge vh-1+vh-2", "keep")
    (out / "changes.csv").write_text(text, encoding="utf-8")
    rewrite_manifest(out)
    refused = run("verify", out)
    assert refused.exit_code == 7 and "changes.csv: proposed" in refused.stderr


def rewrite_manifest(folder: Path) -> None:
    """As somebody would who hides a change: new hashes, new digest."""
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8")) | {"files": hashes_of(folder)}
    manifest["digest"] = run_digest(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


@pytest.mark.parametrize("wrong", [["--changes", "1"], ["--near", "p.csv", "--myopic"], ["--plan", "2"]])
def test_refuses_options_that_do_not_go_together(wrong: list[str]) -> None:
    assert run("solve", TINY, *wrong).exit_code == 2
