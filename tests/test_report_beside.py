"""What a later command works out from a run joins its report, and a report with or without it is a sound one."""

import json
import re
import shutil
from pathlib import Path

import pytest
from small_province import document, run, write_scenario

from planner.manifest import REPORT, stated_digest
from planner.report.page import language_of
from planner.report.stress import FACTS, TABLE
from planner.whole_file import whole_file

HEAD = "list,rank,id,rule,name,held,draws,probability_percent,low_percent,high_percent,worst_draw,worst_label,worst_year,wanted,worst_reached,worst_slack\n"  # noqa: E501


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans, their report in English."""
    place = tmp_path_factory.mktemp("beside")
    assert run("solve", write_scenario(place / "province"), "--plans", 2, "--out", place / "run").exit_code == 0
    return place / "run"


@pytest.fixture
def copied(solved: Path, tmp_path: Path) -> Path:
    return shutil.copytree(solved, tmp_path / "run")


def tried(folder: Path, digest: str) -> None:
    """A stress test of four draws by hand: plan 1 meets its cut in three of them, plan 2 in one, all in none."""
    rows = [
        f"different,{rank},{id_},unit_reduction,{name},{held},4,{25 * held},{low},{high},2,,2025,3,2,-1\n"
        for rank, id_, name, held, low, high in (
            (1, "cut", "Cut three units", 3, 30, 95), (1, "all", "", 0, 0, 49), (2, "cut", "Cut three units", 1, 5, 70),
            (2, "all", "", 0, 0, 49),
        )
    ]  # fmt: skip
    facts = {"run": digest, "draws": 4, "seed": 7, "interrupted": False}
    for name, text in ((TABLE, "\ufeff" + HEAD + "".join(rows)), (FACTS, json.dumps(facts))):
        with whole_file(folder / "derived" / name) as partial:
            partial.write_text(text, encoding="utf-8")


def stress_of(folder: Path) -> str:
    page = (folder / REPORT).read_text(encoding="utf-8")
    found = re.search(r'<section id="stress".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def test_draws_a_bar_for_every_plan_and_one_where_all_are_alike(copied: Path) -> None:
    tried(copied, stated_digest(copied))
    assert run("report", copied).exit_code == 0
    section = stress_of(copied)
    bars = re.findall(
        r'class="whose">(.*?)<.*?width:([\d.]+)%.*?left:([\d.]+)%;width:([\d.]+)%.*?<b>(.*?)</b>', section
    )
    assert bars == [
        ("every plan", "0.0", "0.0", "49.0", "0%"),
        ("Plan 1", "75.0", "30.0", "65.0", "75%"),
        ("Plan 2", "25.0", "5.0", "65.0", "25%"),
    ]
    assert "4 random draws (seed 7)" in section and "Cut three units" in section
    assert "No decision of this plan comes otherwise" in section


def test_leaves_out_what_was_worked_out_from_another_run(copied: Path) -> None:
    tried(copied, "0" * 64)
    assert run("report", copied).exit_code == 0
    assert not stress_of(copied)


def test_finds_a_report_sound_with_what_was_added_and_without(copied: Path) -> None:
    tried(copied, stated_digest(copied))
    assert document(run("verify", copied, "--json"))["sound"], "the page is older than the stress test"
    assert run("report", copied).exit_code == 0
    assert document(run("verify", copied, "--json"))["sound"], "the page shows it"
    page = copied / REPORT
    page.write_text(page.read_text(encoding="utf-8").replace("<b>75%</b>", "<b>95%</b>"), encoding="utf-8")
    assert [found["where"] for found in document(run("verify", copied, "--json"))["problems"]] == [REPORT]


def test_brings_the_report_up_to_date_in_its_own_language(copied: Path, tmp_path: Path) -> None:
    told = run("stress", copied, "--draws", 12, "--out", tmp_path / "elsewhere", lang="vi")
    assert told.exit_code == 0 and not stress_of(copied), "kept elsewhere, the run stays as it is"
    assert run("stress", copied, "--draws", 12, lang="vi").exit_code == 0
    assert "12 random draws (seed 0)" in stress_of(copied)
    assert language_of((copied / REPORT).read_bytes()) == "en"
    assert document(run("verify", copied, "--json"))["sound"]


def test_calls_no_criterion_by_its_key(solved: Path) -> None:
    page = (solved / REPORT).read_text(encoding="utf-8")
    plans = re.search(r'<section id="plans".*?</section>', page, re.DOTALL)
    assert plans is not None and not re.search(r'row">\s*[a-z]+_[a-z_]+<', plans[0])
    assert "Commune that goes furthest (metres)" in plans[0]
