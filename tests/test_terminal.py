"""Every command on a terminal of 80 columns, in both languages: it fits, nothing is cut, and colour is never alone."""

import re
import shlex
from pathlib import Path
from unittest.mock import patch

import pytest
from click.testing import CliRunner, Result
from rich.cells import cell_len
from warm_worker import warm_worker

from planner.cli import cli
from planner.shipped import scenarios_folder

TINY = scenarios_folder() / "tiny"
TERMINAL = {"TTY_COMPATIBLE": "1", "COLUMNS": "80", "LINES": "50", "TERM": "xterm-256color"}
CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
COLOURED = re.compile(r"\x1b\[(?:1;)?3[0-7]m(.*?)\x1b\[0m")
COMMANDS = {
    "check": "check {tiny}",
    "solve": "solve {tiny} --pictures none --out {desk}/again-{lang}",
    "solve without a plan": "solve {tiny} --set rules.cut2.at_least=6 --out {desk}/none-{lang}",
    "report": "report {desk}/run --out {desk}/{lang}.html",
    "verify": "verify {desk}/run",
    "evaluate": "evaluate {tiny} {desk}/plan.csv",
    "progress": "progress {tiny} {desk}/plan.csv --on 2025-12-15",
    "conflicts": "conflicts {tiny} --set rules.cut2.at_least=6",
    "explain": "explain {desk}/run --out {desk}/explained",
    "explain a unit": "explain {desk}/run --unit vh-1 --out {desk}/explained",
    "compare": "compare {desk}/run {desk}/run",
    "frontier": "frontier {tiny} --criteria state_saving,units_touched --out {desk}/front-{lang}",
    "stress": "stress {desk}/run --draws 12 --out {desk}/stressed",
    "sweep": "sweep {tiny} --vary rules.cut2.at_least=1:3:2 --out {desk}/swept",
    "doctor": "doctor",
    "init": "init {desk}/new-{lang}",
    "a folder that is no run": "verify {tiny}",
    "a unit table for a plan": "evaluate {tiny} {tiny}/units.csv",
    "a wrong key": "check {tiny} --set rules.cut2.atleast=3",
}
ENGLISH = re.compile(r"\b(?:the|of|and|with|units|plans?|True|False|None|nan)\b")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A solved run of the seven units, and a draft: merge the culture house with the exhibition centre, sell tv-1."""
    folder = tmp_path_factory.mktemp("desk")
    assert shown(f"solve {TINY} --plans 2 --best 0 --pictures none --out {folder / 'run'} --lang vi").exit_code == 0
    rows = ("vh-1,merge,2025,vh-1", "vh-2,merge,2025,vh-1", "tv-1,equitize,2025,")
    (folder / "plan.csv").write_text("\n".join(("unit_id,fate,year,successor_id", *rows)) + "\n", encoding="utf-8")
    return folder


def shown(line: str, **environment: str) -> Result:
    """A command on a terminal of 80 columns, without the live line."""
    with patch("planner.solver.WorkerProcess", warm_worker):
        return CliRunner().invoke(cli, [*shlex.split(line), "--quiet"], env={**TERMINAL, **environment})


@pytest.mark.parametrize("lang", ["vi", "en"])
@pytest.mark.parametrize("name", COMMANDS)
def test_fits_80_columns_uncut_and_in_one_language(desk: Path, name: str, lang: str) -> None:
    """A path is one word, which no terminal can break: it may stand out alone."""
    line = COMMANDS[name].format(tiny=TINY, desk=desk, lang=lang) + f" --lang {lang}"
    result = shown(line)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.output
    text = CODES.sub("", result.output).replace(str(desk), "DESK").replace(str(TINY), "TINY")
    wide = [one for one in text.splitlines() if cell_len(one) > 80]
    assert not wide
    assert not re.search(r"\w…", text), "nothing is cut"
    if lang == "vi":
        assert not [one for one in text.splitlines() if ENGLISH.search(_without_code(one))]


@pytest.mark.parametrize("name", ["solve", "solve without a plan", "conflicts", "progress", "evaluate"])
def test_says_in_words_what_it_says_in_colour(desk: Path, name: str) -> None:
    """Coloured are only words (met, NO); without colour the same text stands."""
    line = COMMANDS[name].format(tiny=TINY, desk=desk, lang="colour") + " --lang en"
    coloured = shown(line).output
    words = [found.strip() for found in COLOURED.findall(coloured)]
    assert set(words) <= {"met", "NO"}
    plain = shown(line.replace("colour", "plain"), NO_COLOR="1").output
    assert not COLOURED.search(plain)
    assert _told(CODES.sub("", coloured)) == _told(CODES.sub("", plain))


def test_colours_targets_that_are_met_and_those_that_are_not(desk: Path) -> None:
    coloured = shown(f"solve {TINY} --pictures none --out {desk}/green --lang en").output
    assert COLOURED.findall(coloured).count("met") == 5
    impossible = shown(COMMANDS["conflicts"].format(tiny=TINY) + " --lang en").output
    assert "NO" in [found.strip() for found in COLOURED.findall(impossible)]


def test_solve_puts_the_essence_first(desk: Path) -> None:
    """Seven units, two go: five targets, all met; the plan is proved; then targets, plans, and what carried them."""
    text = CODES.sub("", shown(f"solve {TINY} --plans 2 --best 0 --pictures none --out {desk}/first --lang en").output)
    lines = text.splitlines()
    assert "figures of 30 June 2024" in lines[0]
    assert lines[1].startswith('Plan 1 (list "different") meets all 5 targets and limits: of 7 units today, 5')
    assert "Proved: no plan among the options listed is better." in lines[:5]
    places = [text.index(part) for part in ("Results against targets", "Plans of the list", "What carried", "Results:")]
    assert places == sorted(places)
    assert len(lines) <= 75


def _without_code(line: str) -> str:
    """A line without commands, keys, paths, file names and ids, which are the same in both languages."""
    return re.sub(r"psu-planner \S+( \S+)*|\[\[?\S+\]|\S*[/_.=-]\S*|\"[^\"]*\"|«[^»]*»", " ", line)


def _told(text: str) -> str:
    """What a run says of itself, without the name of its folder and the digest, which go with it."""
    return re.sub(r"\S*/(?:again|none)-\S+|[0-9a-f]{64}", "", text)
