"""Pricing in on the command line: the same ranking, counts that `verify` reckons anew, and what is said of it."""

import json
import shutil
from pathlib import Path

import pytest
from small_province import document, rows_of, run, write_scenario

from planner.certificates import FILE
from planner.manifest import MANIFEST, hashes_of, read_manifest, run_digest


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same province solved with all options listed, and with options priced from the sixth on."""
    place = tmp_path_factory.mktemp("pricing")
    province = write_scenario(place / "province")
    for name, settings in (("whole", ()), ("priced", ("--set", "search.list_at_most=5"))):
        result = run("solve", province, "--best", 2, "--plans", 2, "--out", place / name, *settings)
        assert result.exit_code == 0, result.stderr
    return place / "whole", place / "priced"


def test_publishes_the_same_ranking_as_a_listing_of_all(folders: tuple[Path, Path]) -> None:
    alone, found = (rows_of(folder / "ranking.csv") for folder in folders)
    assert [(plan["list"], plan["rank"], plan["score_mvnd"]) for plan in found] == [
        (plan["list"], plan["rank"], plan["score_mvnd"]) for plan in alone
    ]
    manifest = json.loads((folders[1] / "manifest.json").read_text(encoding="utf-8"))
    whole_one = json.loads((folders[0] / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["best_means"] == "among all options, each priced"
    told = manifest["priced_in"]
    assert told["complete"]
    assert told["sound"] == whole_one["options"]
    assert told["streamed"] > told["sound"] + manifest["set_aside_by_structure_or_pins"], "some raises do nothing"
    assert manifest["set_aside_by_structure_or_pins"] == whole_one["set_aside_by_structure_or_pins"]


def test_verifies_what_was_priced_without_a_solver(folders: tuple[Path, Path]) -> None:
    assert run("verify", folders[1]).exit_code == 0


@pytest.mark.parametrize("key", ["kept", "streamed", "left_out_cost_at_least_mvnd"])
def test_finds_out_a_forged_count_of_what_was_priced(folders: tuple[Path, Path], tmp_path: Path, key: str) -> None:
    """One more in the certificate, and in the manifest with all its hashes, as a forger would."""
    folder = shutil.copytree(folders[1], tmp_path / "run")
    certificate = json.loads((folder / FILE).read_text(encoding="utf-8"))
    certificate["stream"][key] = (certificate["stream"][key] or 0) + 1
    (folder / FILE).write_text(json.dumps(certificate), encoding="utf-8")
    manifest = read_manifest(folder)
    manifest["certificate"]["stream"] = certificate["stream"]
    manifest["files"] = hashes_of(folder)
    manifest["digest"] = run_digest(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    result = run("verify", folder)
    assert result.exit_code == 7
    assert f"stream.{key}" in result.stderr


@pytest.mark.parametrize(("key", "value"), [("kept", 1), ("complete", False), ("left_out_cost_at_least_mvnd", -1)])
def test_finds_out_a_manifest_that_tells_of_another_pricing(
    folders: tuple[Path, Path], tmp_path: Path, key: str, value: object
) -> None:
    folder = shutil.copytree(folders[1], tmp_path / "run")
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    manifest["priced_in"][key] = value
    manifest["digest"] = run_digest(manifest)
    (folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")
    result = run("verify", folder)
    assert result.exit_code == 7 and f"priced_in.{key}" in result.stderr


def test_prices_reserves_and_largest_values_and_verifies_them(tmp_path: Path) -> None:
    """A cut that holds although one saving falls short, and a price on the share of the most touched department."""
    saving = {"id": "saving", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 6}
    province = write_scenario(
        tmp_path / "province", rules=[saving], robust={"budget": 1},
        objective={"most_touched_permille": 1, "touched_per": "parent"},
    )  # fmt: skip
    for name, most in (("whole", 1_500_000), ("priced", 5)):
        settings = ("--set", f"search.list_at_most={most}", "--set", "search.gap_percent=0", "--pictures", "none")
        result = run("solve", province, "--best", 1, "--plans", 1, "--out", tmp_path / name, *settings)
        assert result.exit_code == 0, result.stderr
    first, same = (rows_of(tmp_path / name / "ranking.csv")[0] for name in ("whole", "priced"))
    assert (first["score_mvnd"], first["list"], first["rank"]) == (same["score_mvnd"], same["list"], same["rank"])
    assert json.loads((tmp_path / "priced" / "manifest.json").read_text(encoding="utf-8"))["priced_in"]["complete"]
    again = run("verify", tmp_path / "priced")
    assert again.exit_code == 0, again.stderr


def test_says_that_a_conflict_is_reckoned_among_the_options_kept(tmp_path: Path) -> None:
    all_gone = {"id": "cut", "rule": "unit_reduction", "year": 2025, "at_least": 100}
    province = write_scenario(tmp_path / "province", rules=[all_gone])
    told = run("solve", province, "--set", "search.list_at_most=5", "--out", tmp_path / "run", "--pictures", "none")
    assert told.exit_code == 4, told.stderr
    assert "reckoned among the" in " ".join(told.stdout.split())
    assert json.loads((tmp_path / "run" / "conflict.json").read_text(encoding="utf-8"))["among"] == "the options kept"
    assert "reckoned among the options kept" in (tmp_path / "run" / "report.html").read_text(encoding="utf-8")


def test_tells_how_many_options_are_priced_before_it_solves(tmp_path: Path) -> None:
    province = write_scenario(tmp_path / "province")
    counts = document(run("check", province, "--set", "search.list_at_most=5", "--json"))
    told = run("check", province, "--set", "search.list_at_most=5").stdout
    assert counts["streamed"] > 5
    assert f"{counts['streamed']} options are more than the 5" in told
    assert "streamed" not in document(run("check", province, "--json"))


@pytest.mark.parametrize(
    ("lang", "words"),
    [("en", "with objective.order they cannot be priced"), ("vi", "khi dùng objective.order thì không")],
)
def test_says_why_options_beyond_the_limit_are_listed_all_the_same(tmp_path: Path, lang: str, words: str) -> None:
    province = write_scenario(tmp_path / "province", objective={"order": ["units_touched"]})
    assert words in " ".join(run("check", province, "--set", "search.list_at_most=5", lang=lang).stdout.split())
    assert words not in " ".join(run("check", province, lang=lang).stdout.split())
    assert words not in " ".join(
        run("check", province, "--set", "search.list_at_most=100000", lang=lang).stdout.split()
    )
