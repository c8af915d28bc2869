"""The documents say what the code does: keys, defaults, families, criteria, commands."""

import re
import sys
from fractions import Fraction
from pathlib import Path

import pytest
from click import Command

from models.figures import CRITERIA
from models.rules import FAMILIES
from models.scenario import ACTIONS
from planner import exit_codes
from planner.cli import cli
from planner.scenario_file import READING_KEYS
from planner.wording import LANGUAGES, Wording

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "docs"))

import keys  # noqa: E402

METHOD = (ROOT / "docs" / "method.md").read_text(encoding="utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "scenarios").rglob("*.md")]
CODE = re.compile(r"```.*?```|`[^`\n]+`", re.DOTALL)
COMMAND = re.compile(r"psu-planner ([a-z]+)([^`|&#\n]*)")


@pytest.mark.parametrize("path", keys.DOCUMENTS, ids=lambda path: path.name)
def test_tables_of_keys_are_those_of_the_schema(path: Path) -> None:
    """Where this fails: python docs/keys.py"""
    text = path.read_text(encoding="utf-8")
    assert keys.filled(text) == text


@pytest.mark.parametrize("path", keys.DOCUMENTS, ids=lambda path: path.name)
def test_every_table_with_keys_is_shown(path: Path) -> None:
    shown = {mark[2].split()[0] for mark in keys.MARK.finditer(path.read_text(encoding="utf-8")) if mark[1] == "keys"}
    assert shown == {table for table in (*keys.TABLES, *keys.WITHOUT_SCHEMA) if keys.entries(table)}


def test_nothing_is_explained_that_no_schema_knows() -> None:
    told = {table: set(found) for table, found in keys.meanings().items() if table != "units_vi"}
    known = {table: {entry.key for entry in keys.entries(table)} for table in (*keys.TABLES, *keys.WITHOUT_SCHEMA)}
    assert told == known
    assert set(READING_KEYS) <= told["file"]
    assert set(ACTIONS) == told["actions"]


@pytest.mark.parametrize("table", [*keys.TABLES, *keys.WITHOUT_SCHEMA])
def test_method_states_every_key_with_its_default(table: str) -> None:
    """A default is a number, a word or a list in the code; the page must spell each of them."""
    rows = METHOD.splitlines()
    for entry in keys.entries(table):
        shown = "required" if not entry.default else "–" if entry.default == "–" else f"`{entry.default}`"
        assert any(row.startswith(f"| `{entry.key}` | {shown} |") and entry.meaning["en"] in row for row in rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_calls_provisions_as_the_table_of_keys_does(language: str) -> None:
    """`check` names what is to be confirmed by the beginning of what a key means."""
    for key in ("deputies", "positions", "divisions", "grades", "severance", "base_salary", "dissolution"):
        table = "staffing" if key in keys.meanings()["staffing"] and key != "severance" else "scenario"
        assert keys.meanings()[table][key][language].startswith(Wording(language).say(f"provisions.{key}"))


@pytest.mark.parametrize("family", FAMILIES)
def test_method_has_a_section_for_every_rule_family(family: str) -> None:
    assert f"\n### {family}\n" in METHOD


def test_method_has_every_criterion_in_the_order_of_the_code() -> None:
    part = METHOD[METHOD.index("## 6. Criteria") :]
    assert tuple(re.findall(r"^\| `(\w+)` \|", part, re.MULTILINE)[: len(CRITERIA)]) == CRITERIA


def test_writes_defaults_as_a_scenario_file_would() -> None:
    assert [keys.written(value) for value in (Fraction(13, 10), Fraction(5), (), None, True, "x")] == [
        "1.3", "5", "[]", "–", "true", '"x"',
    ]  # fmt: skip


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_commands_of_the_documents_exist_with_their_options(path: Path) -> None:
    code = "\n".join(CODE.findall(path.read_text(encoding="utf-8")))
    for name, rest in COMMAND.findall(code):
        assert name in cli.commands, f"{path.name}: psu-planner {name}{rest}"
        assert set(re.findall(r"--[a-z-]+", rest)) <= _options(cli.commands[name]), f"{path.name}: {name}{rest}"


def _options(command: Command) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts if option.startswith("--")} | {"--help"}


def test_readme_names_every_command_and_exit_code() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [name for name in cli.commands if f"`psu-planner {name}" not in readme] == []
    codes = [code for name, code in vars(exit_codes).items() if name.isupper()]
    assert [code for code in codes if not re.search(rf"^\| {code} \|", readme, re.MULTILINE)] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_of_the_documents_lead_somewhere(path: Path) -> None:
    links = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8"))
    assert [link for link in links if not (path.parent / link).exists()] == []
