"""The report of a run: one page in two languages, made from the run folder alone."""

import base64
import hashlib
import json
import re
import shutil
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small_province import CUT, UNITS, document, run, write_scenario

from planner.manifest import read_manifest, stated_digest
from planner.report import page as report_page
from planner.report.blocks import Note
from planner.report.figures import Words
from planner.report.page import language_of
from planner.report.users import access
from planner.wording import Wording

VENDOR = Path(report_page.__file__).parent / "vendor"
EVIL = "</script><img src=x onerror=alert(1)>"
STEP = {"step": "decision", "title": "Decide", "responsible": "The committee", "days": 5}
UNREADABLE = "cannot be made from the run folder"
TOO_MANY = {**CUT, "at_least": 8}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans of the seven units whose figures are worked out by hand."""
    folder = tmp_path_factory.mktemp("report") / "tiny"
    found = run("solve", "scenarios/tiny", "--plans", 2, "--best", 0, "--out", folder, lang="vi")
    assert found.exit_code == 0, found.stderr
    return folder


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans of eight units, one of which bears a name that would like to be a script."""
    place = tmp_path_factory.mktemp("report")
    units = [{**UNITS[0], "name": EVIL}, {**UNITS[1], "name": "{{7*7}} $\\alpha$"}, *UNITS[2:]]
    found = run("solve", write_scenario(place / "province", units, roadmap=[STEP]), "--out", place / "run")
    assert found.exit_code == 0, found.stderr
    return place / "run"


def page_of(folder: Path) -> str:
    return (folder / "report.html").read_text(encoding="utf-8")


def data_of(page: str) -> Any:
    """What the page hands to its script."""
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def section(page: str, name: str) -> str:
    found = re.search(rf'<section id="{name}".*?</section>', page, re.DOTALL)
    return found[0] if found else ""


def words(markup: str) -> str:
    """The text of a piece of a page, its blanks made one."""
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split())


def test_stands_in_the_run_folder_after_solve(tiny: Path) -> None:
    page = page_of(tiny)
    assert '<html lang="vi">' in page
    assert "Bảy đơn vị, giải bằng tay" in page


def test_tells_each_target_with_its_denominator_and_the_day_of_the_data(tiny: Path) -> None:
    """Of 7 units 2 go; of the 5 left 1 is autonomous; 9 of 70 posts; 4,080 of 50,000 million VND."""
    told = words(section(page_of(tiny), "headline"))
    assert "số liệu tính đến 30/06/2024" in told
    for figures in (
        "2 2 0 2/7 ✓ đạt",
        "20% 20% 0 1/5 ✓ đạt",
        "12% 12,86% 0,86 9/70 ✓ đạt",
        "8% 8,16% 0,16 4.080/50.000 ✓ đạt",
    ):
        assert figures in told
    assert "Chỉ tiêu giả lập" in told  # the source
    assert "Chỉ tiêu đạt 5/5" in told


def test_treats_out_as_other_commands_do(tiny: Path, tmp_path: Path) -> None:
    """Missing folders are made; where none can be, that is told as a matter of usage before anything is read."""
    assert run("report", tiny, "--out", tmp_path / "new" / "deep" / "page.html").exit_code == 0
    assert (tmp_path / "new" / "deep" / "page.html").is_file()
    (tmp_path / "file").write_text("", encoding="utf-8")
    refused = run("report", tiny, "--out", tmp_path / "file" / "page.html")
    assert refused.exit_code == 2 and "cannot be written" in refused.stderr


def test_tells_the_same_in_english(tiny: Path, tmp_path: Path) -> None:
    found = run("report", tiny, "--out", tmp_path / "en.html", "--json")
    assert found.exit_code == 0
    page = (tmp_path / "en.html").read_text(encoding="utf-8")
    facts = {"schema_version": 1, "report": str(tmp_path / "en.html"), "language": "en", "bytes": len(page.encode())}
    assert document(found) == facts
    told = words(section(page, "headline"))
    assert "figures as of 2024-06-30" in told
    assert "8% 8.16% 0.16 4,080/50,000 ✓ met" in told


def test_names_the_year_of_prices_that_the_scenario_leaves_to_its_day(tiny: Path) -> None:
    assert "Tiền theo giá cố định năm 2024;" in words(page_of(tiny))


def test_says_that_nobody_goes_further_where_only_another_plan_moves_users() -> None:
    rows = [{"list": "different", "rank": "2", "user_group": "health"}]
    any_vocabulary: Any = None
    reading: Any = SimpleNamespace(of=lambda *_: [], rows=lambda *_: rows)
    told = access(reading, Words(Wording("vi"), any_vocabulary), ("different", "1"))
    assert [block.text for block in told if isinstance(block, Note)] == [Wording("vi").say("report.access_none")]


def test_says_first_that_data_are_invented(tiny: Path) -> None:
    header = page_of(tiny).split("<main", 1)[0]
    assert "SỐ LIỆU GIẢ LẬP" in header
    assert "7 trên 7 đơn vị" in header


def test_carries_the_digest_that_solve_printed(tiny: Path) -> None:
    assert stated_digest(tiny) in page_of(tiny).split("<footer", 1)[1]


def test_shows_the_hand_computed_cash(tiny: Path) -> None:
    """The first year saves 346 and pays 1,075 once; the sum is no longer negative in 2028."""
    told = words(section(page_of(tiny), "cash"))
    assert "2026 346 -1.075 -729 -729" in told
    assert "Năm hoàn vốn: 2028" in told


def test_asks_for_nothing_from_outside(tiny: Path) -> None:
    page = re.sub(r"<script.*?</script>", "", page_of(tiny), flags=re.DOTALL)
    assert not re.findall(r'(?:src|href)="(?!#)[^"]*"', page)
    assert "@import" not in page and "url(" not in page


def test_allows_only_the_scripts_that_it_carries(tiny: Path) -> None:
    page = page_of(tiny)
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    hashes = {base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for text in scripts}
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    allowed = policy[1].replace("&#39;", "'")
    assert "default-src 'none'" in allowed
    assert "unsafe-inline" not in allowed.split("style-src")[0]
    assert set(re.findall(r"'sha256-([^']+)'", allowed)) == hashes
    assert len(hashes) == 3


def test_shows_names_as_text(small: Path) -> None:
    page = page_of(small)
    assert "<img" not in page
    assert page.count("<script>") == page.count("</script>") - 1 == 3
    names = [unit["name"] for unit in data_of(page)["units"].values()]
    assert EVIL in names
    assert "{{7*7}} $\\alpha$" in names


def test_leaves_out_sections_that_a_run_has_nothing_for(small: Path) -> None:
    page = page_of(small)
    assert not any(section(page, name) for name in ("conflict", "near", "order", "access", "frontier", "stress"))
    assert all(
        section(page, name) for name in ("headline", "plans", "diagram", "changes", "cash", "roadmap", "quality")
    )


def test_shows_a_table_that_another_command_wrote(small: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small, tmp_path / "run")
    (folder / "agreement.csv").write_text("unit_id,name,share\nvh-1,Nhà hát,0.5\n", encoding="utf-8-sig")
    access = "list,rank,commune,users\ndifferent,1,Xã Một,40\ndifferent,2,Xã Hai,60\n"
    (folder / "access.csv").write_text(access, encoding="utf-8-sig")
    assert run("report", folder).exit_code == 0
    page = page_of(folder)
    assert "Nhà hát" in section(page, "agreement")
    first, second = re.findall(
        r'<div class="of-plan".*?(?=<div class="of-plan"|</section>)', section(page, "access"), re.S
    )
    assert "Xã Một" in first and "Xã Hai" not in first
    assert "Xã Hai" in second and "hidden" in second


def test_draws_changes_and_counts_what_is_kept(small: Path) -> None:
    """Every unit is in one event or kept; the events hold the units that a merger makes one."""
    data = data_of(page_of(small))
    for plan in data["plans"].values():
        drawn = [unit for event in plan["events"] for unit in event["units"]]
        assert sorted([*drawn, *plan["heading_of"]]) == sorted(data["units"])
        assert sum(plan["headings"].values()) == len(plan["heading_of"])
        assert all(len(event["units"]) > 1 for event in plan["events"] if event["look"] == "absorb")


def test_explains_an_impossible_scenario(tmp_path: Path) -> None:
    """Eight units cannot lose eight; the ways out say how many they can lose."""
    found = run("solve", write_scenario(tmp_path / "p", rules=[TOO_MANY]), "--out", tmp_path / "run")
    assert found.exit_code == 4
    page = page_of(tmp_path / "run")
    told = words(section(page, "conflict"))
    ways = (tmp_path / "run" / "repairs.csv").read_text(encoding="utf-8-sig").splitlines()
    short = ways[1].split(",")[ways[0].split(",").index("short")].removesuffix(".0")
    assert "Ways out, each with a checked plan" in told and f" {short} " in told
    assert UNREADABLE not in page
    assert "No plan meets all targets" in told
    assert "Giảm ít nhất 2 đơn vị đến năm 2025" in told and "Kế hoạch thử" in told
    assert not section(page, "diagram")
    assert "<script" not in page


def test_is_the_same_page_whenever_it_is_made(small: Path, tmp_path: Path) -> None:
    assert run("report", small, "--out", tmp_path / "again.html").exit_code == 0
    assert (tmp_path / "again.html").read_bytes() == (small / "report.html").read_bytes()


def test_changes_no_digest(small: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small, tmp_path / "run")
    assert run("report", folder, lang="vi").exit_code == 0
    assert language_of((folder / "report.html").read_bytes()) == "vi"
    assert run("verify", folder, "--digest", read_manifest(folder)["digest"]).exit_code == 0


def test_is_found_out_where_somebody_changed_it(small: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(small, tmp_path / "run")
    page = page_of(folder)
    (folder / "report.html").write_text(page.replace("Tỉnh thử", "Tỉnh khác"), encoding="utf-8", newline="\n")
    found = run("verify", folder)
    assert found.exit_code == 7
    assert "report.html: is not the page that this folder gives" in found.stderr


def test_refuses_what_is_no_run(tmp_path: Path) -> None:
    found = run("report", tmp_path)
    assert found.exit_code == 3
    assert "manifest.json" in found.stderr


def test_refuses_a_folder_without_plans_and_a_manifest_of_other_types(tmp_path: Path, tiny: Path) -> None:
    copied = Path(shutil.copytree(tiny, tmp_path / "copied"))
    facts = read_manifest(copied)
    for wrong, said in (({"status": "progress"}, "progress"), ({"status": ["done"]}, "manifest.json")):
        (copied / "manifest.json").write_text(json.dumps(facts | wrong), encoding="utf-8")
        found = run("report", copied)
        assert found.exit_code == 3 and said in found.stderr


def test_carries_the_script_of_its_checksum() -> None:
    stated, name = (VENDOR / "SHA256SUMS").read_text(encoding="utf-8").split()
    assert hashlib.sha256((VENDOR / name).read_bytes()).hexdigest() == stated
    assert "MIT" in (VENDOR / "README.md").read_text(encoding="utf-8")


def test_shows_what_each_kind_of_run_adds(tiny: Path, tmp_path: Path) -> None:
    """A frontier has its picture inside, a run near a draft its changes, a hand-made plan the targets it meets."""
    scenario, draft = "scenarios/tiny", tiny / "decisions.csv"
    frontier = run("frontier", scenario, "--criteria", "state_saving,units_touched", "--out", tmp_path / "frontier")
    near = run("solve", scenario, "--near", draft, "--plan", 1, "--out", tmp_path / "near")
    hand = run("evaluate", scenario, draft, "--plan", 1, "--out", tmp_path / "hand")
    assert [frontier.exit_code, near.exit_code, hand.exit_code] == [0, 0, 0]
    for name in ("frontier", "near", "hand"):
        assert run("report", tmp_path / name).exit_code == 0
        assert UNREADABLE not in page_of(tmp_path / name)
    assert 'src="data:image/svg+xml;base64,' in section(page_of(tmp_path / "frontier"), "frontier")
    assert "This plan changes nothing in the hand-made one." in section(page_of(tmp_path / "near"), "near")
    assert "A hand-made plan: it was measured" in page_of(tmp_path / "hand")


def test_tells_products_leavers_agreement_and_the_proof(tiny: Path, tmp_path: Path) -> None:
    """Merging the two centres frees 3 people in 2026, 1 of them into a vacancy; visitors stay 1,700."""
    assert run("report", tiny, "--out", tmp_path / "en.html").exit_code == 0
    page = (tmp_path / "en.html").read_text(encoding="utf-8")
    assert UNREADABLE not in page
    assert "2026 3 1" in words(section(page, "leavers"))
    assert "1,700" in section(page, "products")
    assert section(page, "agreement") and section(page, "distances")
    assert not section(page, "order")  # the scenario states no order
    bound = json.loads((tiny / "certificate.json").read_text(encoding="utf-8"))["bound_mvnd"]
    assert f"no plan scores below {bound / 1000:.1f} billion VND" in section(page, "plans")


def test_falls_back_to_the_id_of_a_cash_line_without_a_word(tiny: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(tiny, tmp_path / "run")
    cash = (folder / "cash.csv").read_text(encoding="utf-8-sig")
    (folder / "cash.csv").write_text(cash.replace("merger_setup", "moving_vans"), encoding="utf-8-sig")
    told = run("report", folder)
    assert told.exit_code == 0 and "Not as the run wrote it: cash.csv." in told.stderr
    assert "moving_vans" in section(page_of(folder), "cash")
    assert "must not be signed" in page_of(folder) and "must not be signed" not in page_of(tiny)


def test_says_what_it_cannot_show_of_an_older_run(tiny: Path, tmp_path: Path) -> None:
    """Without the newer tables their sections are gone; a table that lacks a column is said to lack it."""
    folder = shutil.copytree(tiny, tmp_path / "run")
    for name in ("leavers", "agreement", "distances", "outputs_by_kind", "order", "access"):
        (folder / f"{name}.csv").unlink()
    cash = (folder / "cash.csv").read_text(encoding="utf-8-sig")
    (folder / "cash.csv").write_text(cash.replace("amount_mvnd", "amount", 1), encoding="utf-8-sig")
    assert run("report", folder).exit_code == 0
    page = page_of(folder)
    assert UNREADABLE in section(page, "cash") and "amount_mvnd" in section(page, "cash")
    assert not any(section(page, name) for name in ("leavers", "agreement", "products", "access", "order"))
    assert section(page, "changes")
