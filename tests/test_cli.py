"""The command line as a script, a planner and a pipe see it."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from small_province import CUT, SHARE, UNITS, document, rows_of, run, write_scenario
from terminals import said_on_a_terminal

from planner.manifest import MANIFEST, hashes_of, run_digest
from planner.shipped import scenarios_folder

FORMULAS = ("=1+1", "+1", "-1", "@SUM(A1)")


@pytest.fixture(scope="module")
def province(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight units in two departments; two must go by 2025, a tenth must pay for itself."""
    return write_scenario(tmp_path_factory.mktemp("scenarios") / "province")


@pytest.fixture(scope="module")
def solved(province: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    """The document and the folder of a run with both lists."""
    folder = tmp_path_factory.mktemp("runs") / "run"
    result = run("solve", province, "--best", 3, "--plans", 2, "--pictures", "first", "--out", folder, "--json")
    assert result.exit_code == 0, result.stderr
    return document(result), folder


def psu_planner(*arguments: object, **environment: str) -> "subprocess.CompletedProcess[str]":
    """The command in a process of its own, with the environment changed."""
    command = [sys.executable, "-m", "planner.cli", *map(str, arguments)]
    whole = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", env=whole, timeout=60)


# What is said, and where


def test_gives_one_document_with_its_schema_version(solved: tuple[Any, Path], province: Path) -> None:
    told, folder = solved
    assert told["schema_version"] == 1 and told["status"] == "done" and told["folder"] == str(folder)
    assert {"ranking", "readings", "decisions", "digest"} <= told.keys()
    for command in (("check", province), ("show", province), ("verify", folder)):
        result = run(*command, "--json")
        assert result.exit_code == 0 and document(result)["schema_version"] == 1


def test_gives_a_document_of_what_is_wrong_too(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "year": 2026}])
    result = run("check", place, "--json", "--quiet")
    told = document(result)
    assert result.exit_code == 3 and told["status"] == "input_unusable"
    assert [(problem["where"], problem["code"]) for problem in told["problems"]] == [
        ("rules[cut].year", "scenario.year_is_no_stage")
    ]
    assert "rules[cut].year" in result.stderr, "what is wrong is said even when quiet"


def test_is_silent_on_stderr_when_asked(province: Path) -> None:
    assert run("check", province, "--quiet").stderr == ""
    assert "INVENTED DATA: the figures of 8 of 8 units" in run("check", province).stderr
    assert "SỐ LIỆU GIẢ LẬP: 8 trên 8 đơn vị" in run("check", province, lang="vi").stderr


def test_speaks_vietnamese_unless_told_otherwise(province: Path) -> None:
    assert "Kịch bản dùng được: 8 đơn vị, 4 quy tắc" in run("check", province, lang="vi").stdout
    assert "The scenario can be used: 8 units, 4 rules" in run("check", province).stdout
    said = psu_planner("check", province).stdout
    assert said.startswith("Kịch bản dùng được")
    assert psu_planner("check", province, PSU_PLANNER_LANG="en").stdout.startswith("The scenario can be used")


def test_writes_vietnamese_to_a_console_that_cannot(province: Path) -> None:
    done = psu_planner("check", province, LC_ALL="C", PYTHONIOENCODING="cp1258", PYTHONUTF8="0")
    assert done.returncode == 0 and "Kịch bản dùng được" in done.stdout and "SỐ LIỆU GIẢ LẬP" in done.stderr


def test_colours_nothing_without_a_terminal(province: Path, solved: tuple[Any, Path]) -> None:
    assert "\x1b" not in psu_planner("check", province).stdout
    assert "\x1b" not in psu_planner("verify", solved[1], FORCE_COLOR="").stdout


@pytest.mark.parametrize("command", ["show", "check"])
def test_ends_well_when_nobody_reads_on(province: Path, command: str) -> None:
    script = f'"{sys.executable}" -m planner.cli {command} "{province}" | head -1; echo "${{PIPESTATUS[0]}}" >&2'
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60)
    assert done.stderr.splitlines()[-1] == "0" and "Traceback" not in done.stderr and "Broken" not in done.stderr
    assert len(done.stdout.splitlines()) == 1


def test_starts_without_the_heavy_libraries() -> None:
    script = (
        "import sys\n"
        "from click.testing import CliRunner\n"
        "from planner.cli import cli\n"
        "assert CliRunner().invoke(cli, ['--help']).exit_code == 0\n"
        "heavy = {'ortools', 'pandas', 'matplotlib', 'pydantic', 'numpy', 'scipy', 'networkx', 'rich', 'jinja2'}\n"
        "print(*(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split() == []


@pytest.mark.parametrize(
    "arguments", [[], ["fly"], ["solve"], ["check", "x", "--lang", "fr"], ["solve", "x", "--plans", "-1"]]
)
def test_tells_how_it_is_used(arguments: list[str]) -> None:
    done = psu_planner(*arguments)
    assert done.returncode == 2 and "Usage: " in done.stderr and done.stdout == ""


# A terminal of 80 columns


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_fits_a_terminal_of_80_columns_with_whole_words(tmp_path: Path, lang: str) -> None:
    name = "Giảm ít nhất 2 đơn vị sự nghiệp công lập đến năm 2025 so với số đơn vị có mặt ngày 30 tháng 6 năm 2024"
    place = write_scenario(tmp_path / "province", rules=[{**CUT, "name": name}, SHARE])
    said = on_a_terminal("solve", place, "--out", tmp_path / "run", "--best", "1", "--lang", lang)
    lines = said.splitlines()
    assert max(map(len, lines)) <= 80
    words = set(re.findall(r"\w+", said))
    assert set(re.findall(r"\w+", name)) <= words, "no word is broken"
    titles = {"en": ('list "best"', 'list "different"'), "vi": ("danh sách «tốt nhất»", "danh sách «khác biệt»")}
    assert all(title in said for title in titles[lang])


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", ("and left so: 3 units by 1 rules", "inside and outside a scope", "hosts: tenth 1", "is 12.50% (1/8)")),
        (
            "vi",
            (
                "được giữ nguyên: 3 đơn vị theo 1 quy định",
                "Đơn vị sau sắp xếp gồm",
                "tiếp nhận: tenth 1",
                "là 12,50% (1/8)",
            ),
        ),
    ],
)
def test_tells_beside_the_readings_what_they_leave_out(tmp_path: Path, lang: str, told: Sequence[str]) -> None:
    """Three units of under ten posts stay so; a pin merges two sectors, one of them out of scope; 1 of 8 is autonomous.

    The library of the ninth row is the partner from the other sector: nine units, of which eight remain.
    """
    library = {**UNITS[0], "id": "tv-1", "name": "Thư viện", "sector": "information", "posts_budget": 10}
    tenth = {**SHARE, "id": "tenth", "at_least_percent": 5, "scope": {"sector": ["culture_sport"]}}
    size = {"id": "size", "rule": "structure", "measure": "posts", "at_least": 13}
    pins = [{"unit": "vh-1", "merge_with": ["tv-1"]}, *({"unit": row["id"], "fate": "keep"} for row in UNITS[1:])]
    place = write_scenario(
        tmp_path / "province", [*UNITS, library], rules=[tenth, size], pins=pins, actions={"merge": True}
    )
    assert document(run("check", place, "--json"))["existing_breaches"] == {"size": ["nn-3", "tv-1", "vh-2", "vh-4"]}
    said = on_a_terminal("solve", place, "--out", tmp_path / "run", "--plans", "1", "--lang", lang)
    assert max(map(len, said.splitlines())) <= 80
    together = " ".join(said.split())
    assert all(one in together for one in told)
    assert "psu-planner check" in together
    assert "Trung tâm Kỹ thuật" in run("check", place).stdout  # names stand there
    readings = {row["id"]: row for row in rows_of(tmp_path / "run" / "readings.csv")}
    assert (readings["size"]["existing_breaches"], readings["size"]["across"]) == ("3", "0")
    assert (readings["tenth"]["existing_breaches"], readings["tenth"]["across"]) == ("0", "1")


@pytest.mark.parametrize(
    ("lang", "horizon", "told"),
    [
        ("en", 2031, ("The State's cash: 1.095 billion VND once", "Pay-back year: 2028", "Year by year: cash.csv")),
        ("vi", 2031, ("Tiền của Nhà nước: chi một lần 1,095 tỷ đồng", "Năm hoàn vốn: 2028", "Từng năm: cash.csv")),
        ("en", 2028, ("billion VND once", "No pay-back up to 2028")),
        ("vi", 2028, ("tiết kiệm", "Chưa hoàn vốn đến hết năm 2028")),
    ],
)
def test_tells_the_cash_of_the_first_plan_and_when_it_has_paid_back(
    tmp_path: Path, lang: str, horizon: int, told: Sequence[str]
) -> None:
    """The seven units of the README: below nothing until 2027; 800 more to be paid in 2028 outlast a horizon there."""
    extra = ["--set", "savings.order_setup_mvnd=820"] if horizon == 2028 else []
    arguments = ["--set", f"money.horizon={horizon}", *extra, "--plans", "1", "--best", "0", "--lang", lang]
    said = on_a_terminal("solve", scenarios_folder() / "tiny", "--out", tmp_path / "run", *arguments)
    assert max(map(len, said.splitlines())) <= 80
    together = " ".join(said.split())
    assert all(one in together for one in told)


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("en", "from 2026: 3. Into vacancies of the successor 1, of units nearby 1, retired 1, paid to leave 0 (0"),
        ("vi", "từ năm 2026: 3. Vào chỗ trống của chính đơn vị 1, của đơn vị gần đó 1, nghỉ hưu 1, thôi việc 0"),
    ],
)
def test_tells_where_those_go_whom_mergers_set_free(tmp_path: Path, lang: str, told: str) -> None:
    """Table 10 of the README of the seven units: one person fills a vacancy nearby."""
    arguments = ["--set", "staffing.redeploy_km=5", "--plans", "1", "--best", "0", "--lang", lang]
    said = on_a_terminal("solve", scenarios_folder() / "tiny", "--out", tmp_path / "run", *arguments)
    assert max(map(len, said.splitlines())) <= 80
    assert told in " ".join(said.split())


def test_honours_no_color_on_a_terminal(province: Path) -> None:
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", on_a_terminal("check", province, raw=True, NO_COLOR="1"))


def on_a_terminal(*arguments: object, raw: bool = False, **environment: str) -> str:
    """What a command shows on a terminal of 80 columns; without the codes for bold and the like unless `raw`."""
    drawn = ("--pictures", "none") if arguments[0] == "solve" else ()
    command = [sys.executable, "-m", "planner.cli", *map(str, arguments), *drawn, "--quiet"]
    text = said_on_a_terminal(command, TERM="xterm-256color", **environment).replace("\r\n", "\n")
    return text if raw else re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text)


@pytest.mark.parametrize("engine", ["scip", "cpsat"])
def test_finds_the_same_score_by_every_engine(
    province: Path, solved: tuple[Any, Path], tmp_path: Path, engine: str
) -> None:
    result = run("solve", province, "--engine", engine, "--plans", 1, "--out", tmp_path / "run", "--json")
    assert document(result)["ranking"][0]["score_mvnd"] == solved[0]["ranking"][0]["score_mvnd"]
    assert json.loads((tmp_path / "run" / MANIFEST).read_text(encoding="utf-8"))["engine"] == engine


# The run folder


TABLES = (
    "ranking", "decisions", "successors", "readings", "context", "positions", "leaders", "levers", "cash", "leavers",
    "equitization", "roadmap", "outputs", "outputs_by_kind", "agreement", "distances",
    "access", "order",
)  # fmt: skip


def test_writes_every_file_and_a_manifest_that_knows_them(solved: tuple[Any, Path]) -> None:
    told, folder = solved
    manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    marks = ["1", "2", *(f"best-{rank}" for rank in range(1, manifest["lists"]["best"]["plans"] + 1))]
    names = ("merger-graph", "map", "before-after", "levers", "cash", "gantt")
    pictures = [f"{name}-{mark}.{form}" for mark in ("1", "best-1") for name in names for form in ("png", "svg")]
    tables = [f"{name}.csv" for name in (*TABLES, "units")]
    graphs = [f"merger-graph-{mark}.graphml" for mark in marks]
    inputs = ["inputs/scenario.toml", "inputs/units.csv", "scenario.resolved.toml", "certificate.json"]
    assert sorted(manifest["files"]) == sorted([*pictures, *tables, *graphs, *inputs])
    assert manifest["files"] == hashes_of(folder)
    assert told["digest"] == manifest["digest"] == run_digest(manifest)
    assert manifest["status"] == "done" and manifest["repeatable"] and manifest["invented_data"]
    assert manifest["engine"] == "highs" and manifest["versions"]["ortools"].startswith("9.15")


def test_ranks_each_list_from_1_and_counts_from_the_best(solved: tuple[Any, Path]) -> None:
    rows = rows_of(solved[1] / "ranking.csv")
    best = min(int(row["score_mvnd"]) for row in rows)
    for name in ("best", "different"):
        mine = [row for row in rows if row["list"] == name]
        assert [int(row["rank"]) for row in mine] == list(range(1, len(mine) + 1)) and len(mine) >= 2
        scores = [int(row["score_mvnd"]) for row in mine]
        assert scores == sorted(scores)
        assert [int(row["above_best_mvnd"]) for row in mine] == [score - best for score in scores]
        assert all(int(row["bound_mvnd"]) <= int(row["score_mvnd"]) for row in mine)
    assert all(int(row["units_after_2025"]) <= 6 for row in rows)


def test_reads_every_rule_of_every_plan_once_a_label_and_met(solved: tuple[Any, Path]) -> None:
    readings = rows_of(solved[1] / "readings.csv")
    assert {row["met"] for row in readings} == {"True"}
    plans = {(row["list"], row["rank"]) for row in rows_of(solved[1] / "ranking.csv")}
    for plan in plans:
        mine = [(row["id"], row["label"], row["year"]) for row in readings if (row["list"], row["rank"]) == plan]
        parents = [("posts", parent, year) for year in ("2025", "2030") for parent in ("Sở Nông nghiệp", "Sở Văn hóa")]
        assert mine == [("cut", "", "2025"), ("share", "", "2030"), *parents, ("no_autonomy_loss", "", "")]


def test_says_the_same_in_the_document_and_in_the_tables(solved: tuple[Any, Path]) -> None:
    told, folder = solved
    assert [str(row["score_mvnd"]) for row in told["ranking"]] == [
        row["score_mvnd"] for row in rows_of(folder / "ranking.csv")
    ]
    found = [(row["unit_id"], row["fate"], row["successor_id"]) for row in rows_of(folder / "decisions.csv")]
    assert [(row["unit_id"], row["fate"], row["successor_id"]) for row in told["decisions"]] == found


def test_shows_a_scenario_that_solves_to_the_same_ranking(tmp_path: Path) -> None:
    """Money in billions, a base, a setting and a dropped rule: all of it must survive `show`."""
    units = [{**unit, "revenue_mvnd": "0.5", "recurrent_mvnd": "4", "state_grant_mvnd": "3.5"} for unit in UNITS]
    money = {"money_unit": "billion"}
    place = write_scenario(
        tmp_path / "province", units, money=money, extends=["base.toml"], drop=["no_autonomy_loss"], rules=[]
    )
    (place / "base.toml").write_text(
        '[[rules]]\nid = "cut"\nrule = "unit_reduction"\nyear = 2025\nat_least = 2\n', encoding="utf-8"
    )
    setting = ("--set", "rules.cut.at_least=3")
    shown = run("show", place, *setting)
    (place / "shown.toml").write_text(shown.stdout, encoding="utf-8")
    wanted = document(run("solve", place, *setting, "--plans", 1, "--out", tmp_path / "asked", "--json"))
    found = document(run("solve", place / "shown.toml", "--plans", 1, "--out", tmp_path / "shown", "--json"))
    resolved = tmp_path / "asked" / "scenario.resolved.toml"
    again = document(run("solve", resolved, "--plans", 1, "--out", tmp_path / "again", "--json"))
    assert wanted["ranking"] == found["ranking"] == again["ranking"]
    assert {row["id"] for row in wanted["readings"]} == {"cut"} and wanted["readings"] == again["readings"]


def test_finds_bases_beside_the_folder_from_inside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_scenario(tmp_path / "base")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "scenario.toml").write_text('extends = ["base"]\ntitle = "Mine"\n', encoding="utf-8")
    monkeypatch.chdir(tmp_path / "mine")
    result = run("show", ".")
    assert result.exit_code == 0 and f"Save this file beside the unit tables, in {tmp_path / 'base'}" in result.stderr


def test_repeats_a_run_byte_for_byte_whatever_the_order_of_rows(tmp_path: Path, solved: tuple[Any, Path]) -> None:
    """The same province with its rows turned round, under another hash seed: only what copies the input differs."""
    first = solved[1]
    turned = write_scenario(tmp_path / "province", UNITS[::-1])
    done = psu_planner(
        "solve", turned, "--best", 3, "--plans", 2, "--out", tmp_path / "run", "--lang", "en", PYTHONHASHSEED="7"
    )
    assert done.returncode == 0, done.stderr
    before, after = hashes_of(first), hashes_of(tmp_path / "run")
    assert {name for name in before if before[name] != after.get(name)} == {"inputs/units.csv"}
    one, other = (json.loads((folder / MANIFEST).read_text(encoding="utf-8")) for folder in (first, tmp_path / "run"))
    assert {key for key in one if one[key] != other[key]} == {"seconds", "inputs", "files", "digest"}


@pytest.mark.long
def test_repeats_a_run_to_the_same_digest(province: Path, solved: tuple[Any, Path], tmp_path: Path) -> None:
    again = document(run("solve", province, "--best", 3, "--plans", 2, "--out", tmp_path / "run", "--json"))
    assert again["digest"] == solved[0]["digest"]


def test_lets_no_name_start_a_formula(tmp_path: Path) -> None:
    units = [
        {**unit, "id": f"{start}{unit['id']}", "name": f"{start}{unit['name']}", "parent": f"{start}{parent}"}
        for unit, start, parent in zip(UNITS, FORMULAS * 2, ["Sở Văn hóa"] * 8, strict=True)
    ]  # fmt: skip
    place = write_scenario(tmp_path / "province", units, rules=[{**CUT, "at_least": 0, "source": "=cmd|' /C calc'!A0"}],
                           merging=[{"within": "province"}])  # fmt: skip
    result = run("solve", place, "--plans", 1, "--out", tmp_path / "run")
    assert result.exit_code == 0, result.stderr
    for table in tmp_path.joinpath("run").glob("*.csv"):
        for row in rows_of(table):
            for column, cell in row.items():
                number = re.fullmatch(r"[-+]?[0-9.]+", cell) and column not in ("unit_id", "id", "name")
                assert number or not cell.startswith(("=", "+", "-", "@", "\t", "\r")), (table.name, column, cell)
    assert document(run("verify", tmp_path / "run", "--json"))["sound"]
