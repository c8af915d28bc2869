"""A planner's scenario: the file, what it extends, and its unit tables, read into one resolved case."""

import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from models.problem import InputError, Problem
from models.scenario import FROM_VOCABULARY, Scenario
from models.unit import Units
from planner.at_work import at_work
from planner.other_scenarios import KEY, OtherCase, named, with_others
from planner.price_checks import price_warnings
from planner.rule_sets import RuleSet, dates_that_do_not_fit
from planner.safe_path import safe_path
from planner.scenario_checks import problems_alone, problems_with_units, words_for_nobody
from planner.scenario_tables import DEFAULT_RULES, Stack, resolved_tables
from planner.scenario_toml import Table
from planner.schema_problems import problems_of
from planner.units.gazetteer import Gazetteer
from planner.units.spelling import clean
from planner.units.unit_table import read_units
from planner.units.vocabulary import SHIPPED, Vocabulary, read_vocabulary

if TYPE_CHECKING:
    import pandas as pd

SCHEMA_VERSIONS = (1,)
READING_KEYS = ("number_format", "encoding", "gazetteer", "vocabulary")
REQUIRED_KEYS = ("schema_version", "units")
OWN_KEYS = (*READING_KEYS, *REQUIRED_KEYS, KEY)


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that was read: the resolved scenario, the units, where they came from, and the warnings.

    tables: the scenario as it was written, with its bases and settings; dropped: rules that some file took out;
    rule_sets: the national sets that it extends; others: the scenarios in which its plans must hold as well.
    """

    name: str
    path: Path
    scenario: Scenario
    units: Units
    vocabulary: Vocabulary
    tables: Table
    dropped: frozenset[str]
    unit_files: tuple[Path, ...]
    warnings: tuple[Problem, ...]
    rule_sets: tuple[RuleSet, ...] = ()
    others: tuple[OtherCase, ...] = ()

    @cached_property
    def invented(self) -> bool:
        """Whether any row of a table says that it is invented."""
        own = bool((self.units.text("data_quality") == "invented").any())
        return own or any(one.case.invented for one in self.others)

    @property
    def unit_table(self) -> "pd.DataFrame":
        """The units as they were understood, defaults filled in: `units.csv` of a run folder."""
        from planner.tables import units_table

        return units_table(self.units)


def read_scenario(place: Path | str, settings: Sequence[str] = (), also: Sequence[Path | str] = ()) -> Case:
    """Read a scenario folder or file; InputError carries every problem found.

    also: scenarios in which its plans must hold beside those that it names itself; settings are of the main one alone.
    """
    at_work("cli.reading")
    path = scenario_path(Path(place))
    stack = resolved_tables(path, settings)
    case = _read_alone(path, stack, str(place))
    files, problems = named(stack.tables.get(KEY, []), stack.others_folder)
    if problems:
        raise InputError(str(place), problems)
    further = [scenario_path(Path(one)) for one in also]
    if not files and not further:
        return case
    return with_others(case, [*files, *further], lambda file: _read_alone(file, resolved_tables(file), str(file)))


def _read_alone(path: Path, stack: Stack, source: str) -> Case:
    """One scenario by itself, whatever it is to hold in."""
    tables = stack.tables
    vocabulary, problems = _vocabulary_of(stack)
    scenario, found = _scenario_of(stack, vocabulary)
    problems += found
    if scenario is None or vocabulary is None or problems:
        raise InputError(source, problems)
    files = _unit_files(stack, source)
    gazetteer = Gazetteer.read(tables.get("gazetteer", ""), scenario.as_of)
    units, warnings = read_units(
        files,
        gazetteer=gazetteer,
        money_unit=scenario.money.money_unit,
        number_format=tables.get("number_format", "plain"),
        encoding=tables.get("encoding"),
        as_of=scenario.as_of,
        vocabulary=vocabulary,
    )
    if problems := problems_with_units(scenario, units):
        raise InputError(source, problems)
    words = words_for_nobody(scenario, units, vocabulary)
    dates = dates_that_do_not_fit(scenario, stack.rule_sets)
    warnings = (*dates, *price_warnings(scenario), *words, *warnings)
    return Case(
        path.parent.name, path, scenario, units, vocabulary, tables, stack.dropped, tuple(files), warnings,
        stack.rule_sets,
    )  # fmt: skip


def scenario_path(place: Path) -> Path:
    """The scenario file of a folder, or the file itself; absolute, so that "." has folders beside it."""
    with suppress(OSError):  # a name longer than names may be
        path = place / "scenario.toml" if place.is_dir() else place
        if path.is_file():
            return Path(os.path.abspath(path))  # noqa: PTH100  # links stay: what lies beside them counts
    raise InputError(str(place), [Problem(str(place), "scenario.no_file")])


def _vocabulary_of(stack: Stack) -> tuple[Vocabulary | None, list[Problem]]:
    """The words of the scenario's country, or every problem of the file that holds them."""
    name = stack.tables.get("vocabulary", SHIPPED)
    if not isinstance(name, str):
        return None, [Problem("vocabulary", "scenario.wanted_text", {"found": str(name)})]
    try:
        return read_vocabulary(name, stack.vocabulary_folder), []
    except InputError as error:
        return None, [_in_vocabulary(name, problem) for problem in error.problems]


def _in_vocabulary(name: str, problem: Problem) -> Problem:
    where = problem.where if problem.where in ("vocabulary", name) else f"{name}: {problem.where}"
    return Problem(where, problem.code, problem.facts)


def _scenario_of(stack: Stack, vocabulary: Vocabulary | None) -> tuple[Scenario | None, list[Problem]]:
    """The validated scenario and every problem, those of the file's own keys included."""
    tables = stack.tables
    problems = [Problem(key, "scenario.missing_key") for key in REQUIRED_KEYS if key not in tables]
    problems += _reading_problems(tables)
    raw = _with_defaults({key: _cleaned(value) for key, value in tables.items() if key not in OWN_KEYS}, stack.dropped)
    problems += [Problem(key, "scenario.of_vocabulary") for key in FROM_VOCABULARY if key in raw]
    raw |= {"terms": vocabulary and vocabulary.terms}
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        found = problems_of(error, Scenario, raw)
        return None, problems + [problem for problem in found if problem.where not in FROM_VOCABULARY]
    return scenario, problems + problems_alone(scenario)


def _cleaned(value: Any) -> Any:
    """Texts spelt as those of the unit table, so that both compare and are written and read back as the same."""
    if isinstance(value, dict):
        return {key: _cleaned(entry) for key, entry in value.items()}
    if isinstance(value, list):
        return [_cleaned(entry) for entry in value]
    return clean(value) if isinstance(value, str) else value


def _reading_problems(tables: Table) -> list[Problem]:
    """What is wrong with the keys that say how files are read."""
    found = []
    version = tables.get("schema_version", SCHEMA_VERSIONS[0])
    if isinstance(version, bool) or version not in SCHEMA_VERSIONS:
        facts = {"found": str(version), "known": ", ".join(map(str, SCHEMA_VERSIONS))}
        found.append(Problem("schema_version", "scenario.schema_version", facts))
    if tables.get("number_format", "plain") not in ("plain", "vi"):
        facts = {"found": str(tables["number_format"]), "known": "plain, vi", "hint": "vi"}
        found.append(Problem("number_format", "scenario.not_one_of", facts))
    for key in ("encoding", "gazetteer"):
        if not isinstance(tables.get(key, ""), str):
            found.append(Problem(key, "scenario.wanted_text", {"found": str(tables[key])}))
    return found


def _with_defaults(raw: Table, dropped: frozenset[str]) -> Table:
    """Stage effects that are left open, and the rules of law that hold unless they are dropped."""
    stages, filled = raw.get("stages"), []
    before = None
    for stage in stages if isinstance(stages, list) else []:
        if isinstance(stage, dict) and "effect" not in stage and isinstance(stage.get("year"), int):
            year = stage["year"]
            stage = {**stage, "effect": year + 1 if before is None else (before + 1 + year) // 2}
        before = stage.get("year") if isinstance(stage, dict) and isinstance(stage.get("year"), int) else before
        filled.append(stage)
    result = {**raw, "stages": filled} if isinstance(stages, list) else dict(raw)
    rules = result.get("rules", [])
    if isinstance(rules, list):
        named = {rule.get("id") for rule in rules if isinstance(rule, dict)}
        missing = [rule for rule in DEFAULT_RULES if rule["id"] not in named and rule["id"] not in dropped]
        result["rules"] = [*rules, *missing]
    return result


def _unit_files(stack: Stack, source: str) -> list[Path]:
    """The tables of units: files inside the folder of the scenario that names them, each once."""
    names: Any = stack.tables["units"]
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise InputError(source, [Problem("units", "scenario.wanted_texts", {"found": str(names)})])
    files: list[Path] = []
    problems: list[Problem] = []
    for name in names:
        try:
            file = safe_path(stack.folder, name)
        except InputError as error:
            problems += [Problem("units", problem.code, problem.facts) for problem in error.problems]
            continue
        if file in files:
            problems.append(Problem("units", "scenario.doubled_file", {"file": name}))
        files.append(file)
    if problems:
        raise InputError(source, problems)
    return files
