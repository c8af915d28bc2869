"""A planner's scenario: the file, what it extends, and its unit tables, read into one resolved case."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from models.problem import InputError, Problem
from models.scenario import Scenario
from models.unit import Units
from planner.safe_path import safe_path
from planner.scenario_checks import problems_alone, problems_with_units
from planner.scenario_tables import Table, resolved_tables, without_marks
from planner.schema_problems import problems_of
from planner.units.gazetteer import Gazetteer
from planner.units.unit_table import read_units

SCHEMA_VERSIONS = (1,)
READING_KEYS = ("number_format", "encoding", "gazetteer")
DEFAULT_RULES: tuple[Table, ...] = ({"id": "no_autonomy_loss", "rule": "no_autonomy_loss"},)


@dataclass(frozen=True, eq=False)
class Case:
    """Everything that was read: the resolved scenario, the units, where they came from, and the warnings."""

    name: str
    path: Path
    scenario: Scenario
    units: Units
    tables: Table
    unit_files: tuple[Path, ...]
    warnings: tuple[Problem, ...]

    @cached_property
    def invented(self) -> bool:
        """Whether any row of the table says that it is invented."""
        return bool((self.units.text("data_quality") == "invented").any())


def read_scenario(place: Path | str, settings: Sequence[str] = ()) -> Case:
    """Read a scenario folder or file; InputError carries every problem found."""
    path = scenario_path(Path(place))
    tables = resolved_tables(path, settings)
    scenario, problems = _scenario_of(tables)
    source = str(place)
    if scenario is None or problems:
        raise InputError(source, problems)
    files = _unit_files(tables, path)
    gazetteer = Gazetteer.read(tables.get("gazetteer", ""), scenario.as_of)
    units, warnings = read_units(
        files,
        gazetteer=gazetteer,
        money_unit=scenario.money.money_unit,
        number_format=tables.get("number_format", "plain"),
        encoding=tables.get("encoding"),
        as_of=scenario.as_of,
    )
    if problems := problems_with_units(scenario, units):
        raise InputError(source, problems)
    return Case(path.parent.name, path, scenario, units, tables, tuple(files), warnings)


def scenario_path(place: Path) -> Path:
    """The scenario file of a folder, or the file itself."""
    path = place / "scenario.toml" if place.is_dir() else place
    if not path.is_file():
        raise InputError(str(place), [Problem(str(place), "scenario.no_file")])
    return path


def _scenario_of(tables: Table) -> tuple[Scenario | None, list[Problem]]:
    """The validated scenario and every problem, those of the file's own keys included."""
    problems = []
    if (version := tables.get("schema_version")) not in SCHEMA_VERSIONS:
        facts = {"found": version, "known": ", ".join(map(str, SCHEMA_VERSIONS))}
        problems.append(Problem("schema_version", "scenario.schema_version", facts))
    if "units" not in tables:
        problems.append(Problem("units", "scenario.missing_key"))
    raw = _with_defaults({key: value for key, value in without_marks(tables).items() if key not in READING_KEYS})
    problems += _reading_problems(tables)
    try:
        scenario = Scenario.model_validate(raw)
    except ValidationError as error:
        return None, problems + problems_of(error, Scenario, raw)
    return scenario, problems + problems_alone(scenario)


def _reading_problems(tables: Table) -> list[Problem]:
    found = []
    if tables.get("number_format", "plain") not in ("plain", "vi"):
        facts = {"found": repr(tables["number_format"]), "known": "plain, vi", "hint": "vi"}
        found.append(Problem("number_format", "scenario.not_one_of", facts))
    for key in ("encoding", "gazetteer"):
        if not isinstance(tables.get(key, ""), str):
            found.append(Problem(key, "scenario.wanted_text", {"found": str(tables[key])}))
    return found


def _with_defaults(raw: Table) -> Table:
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
        named = {rule.get("rule") for rule in rules if isinstance(rule, dict)}
        missing = [rule for rule in DEFAULT_RULES if rule["rule"] not in named]
        result["rules"] = [*rules, *missing]
    return result


def _unit_files(tables: Table, path: Path) -> list[Path]:
    folder = Path(tables.get("_folder", path.parent))
    names: Any = tables["units"]
    names = [names] if isinstance(names, str) else names
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise InputError(path.name, [Problem("units", "scenario.wanted_text", {"found": str(names)})])
    return [safe_path(folder, name) for name in names]
