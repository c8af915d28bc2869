"""Pictures of plans that `solve` left undrawn: the same as it would have drawn, beside a run that stays as it is."""

import shutil
from pathlib import Path

import pytest
from small_province import document, run, write_scenario

from planner.manifest import stated_digest
from planner.pictures import PICTURES
from planner.pictures_on_demand import draw_run
from planner.wording import Wording

FORMS = ("png", "svg")


@pytest.fixture(scope="module")
def lean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two plans, of which solve drew the first."""
    place = tmp_path_factory.mktemp("lean")
    asked = ("--plans", 2, "--pictures", "first", "--out", place / "run")
    found = run("solve", write_scenario(place / "province"), *asked)
    assert found.exit_code == 0, found.stderr
    return place / "run"


def drawn(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir() if path.suffix[1:] in FORMS} if folder.is_dir() else set()


def of(*marks: str) -> set[str]:
    return {f"{name}-{mark}.{form}" for mark in marks for name in PICTURES for form in FORMS}


def test_draws_what_solve_would_have_drawn(lean: Path, tmp_path: Path) -> None:
    told = run("solve", write_scenario(tmp_path / "province"), "--plans", 2, "--pictures", "all", "--out",
               tmp_path / "whole")  # fmt: skip
    assert "Not drawn" not in told.stdout and drawn(tmp_path / "whole") == of("1", "2")
    copied = shutil.copytree(lean, tmp_path / "lean")
    assert drawn(copied) == of("1"), "the first plan"
    assert draw_run(copied, ["2"], Wording("en")) == (copied / "derived", ["2"])
    assert drawn(copied / "derived") == of("2")
    pages = {path.name for path in copied.glob("**/*.pdf")}
    assert pages == {"merger-graph-2.pdf", "map-2.pdf"} == {path.name for path in (copied / "derived").glob("*.pdf")}
    for name in of("2"):
        assert (copied / "derived" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_leaves_digest_and_verdict_as_they_are(lean: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(lean, tmp_path / "run")
    told = document(run("report", copied, "--pictures", "all", "--json"))
    assert told["plans"] == ["1", "2"] and drawn(copied / "derived") == of("1", "2")
    assert stated_digest(copied) == stated_digest(lean)
    assert run("verify", copied).exit_code == 0


def test_says_what_is_not_drawn_and_what_draws_it(tmp_path: Path) -> None:
    found = run("solve", write_scenario(tmp_path / "province"), "--plans", 2, "--pictures", "first", "--out",
                tmp_path / "run")  # fmt: skip
    assert "pictures of plans 2. To draw one, with merger graph and map as A4 pages (PDF): " in found.stdout
    assert f"psu-planner report {tmp_path / 'run'} --pictures 2" in found.stdout
    assert {f"merger-graph-{rank}.graphml" for rank in (1, 2)} <= {path.name for path in (tmp_path / "run").iterdir()}
    found = run("solve", tmp_path / "province", "--plans", 2, "--pictures", "none", "--out", tmp_path / "bare")
    assert "pictures of plans 1, 2." in found.stdout and not drawn(tmp_path / "bare")


def test_names_every_plan_that_is_none(lean: Path) -> None:
    found = run("report", lean, "--pictures", "7", "--pictures", "best-x", "--pictures", "2")
    assert found.exit_code == 3 and not (lean / "derived").exists()
    assert 'no plan "7"' in found.stderr and 'no plan "best-x"; it has: 1, 2.' in found.stderr
    assert "with --pictures." in found.stderr and "--list" not in found.stderr


def test_draws_nothing_of_a_run_that_was_changed(lean: Path, tmp_path: Path) -> None:
    copied = shutil.copytree(lean, tmp_path / "run")
    with (copied / "decisions.csv").open("a", encoding="utf-8") as table:
        table.write("\n")
    found = run("report", copied, "--pictures", "2")
    assert found.exit_code == 3 and "decisions.csv" in found.stderr and not (copied / "derived").exists()
