"""Writes the tables of keys, defaults and columns into the documents, from the code and docs/keys.toml.

Run `python docs/keys.py` after a change of the schema; tests/test_method.py fails while a document is behind.
"""

import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from models import candidates, distance, norms, prices, scenario, severance, staffing, uncertain, unit, untouchable
from models.figures import CRITERIA
from models.legal_basis import LegalBasis
from models.output import Output
from models.pin import Pin
from models.provision import Provision
from models.roadmap import RoadmapStep
from models.robust import Robust
from models.rules import ROSTER, Rule
from models.rules.payroll_cut import PayrollBaseline
from models.rules.unit_reduction import UnitBaseline
from planner.units import vocabulary_file
from planner.units.columns import column_guide

HERE = Path(__file__).parent
DOCUMENTS = (HERE / "method.md", HERE.parent / "scenarios" / "README.md")
WITHOUT_SCHEMA = ("file", "actions")
LONGEST_TABLE = 60
LONGEST_LIST = 600
ABSENT = "–"
TABLES: Mapping[str, type[BaseModel]] = {
    "scenario": scenario.Scenario,
    "stages": scenario.Stage,
    "counting": scenario.Counting,
    "money": scenario.Money,
    "merging": scenario.Merging,
    "savings": scenario.Savings,
    "savings.posts": scenario.PostsSaved,
    "staffing": scenario.Staffing,
    "staffing.slimming": scenario.Slimming,
    "provisions": Provision,
    "dissolution": scenario.Dissolution,
    "staffing.deputies": norms.Deputies,
    "staffing.positions": norms.Position,
    "staffing.divisions": norms.Divisions,
    "staffing.grades": norms.Grades,
    "rules": Rule,
    **{f"rules.{family.model_fields['rule'].default}": family for family in ROSTER},
    "rules.unit_reduction.baseline": UnitBaseline,
    "rules.payroll_cut.baseline": PayrollBaseline,
    "pins": Pin,
    "legal_basis": LegalBasis,
    "base_salary": prices.BaseSalary,
    "untouchable": untouchable.Untouchable,
    "severance": severance.Severance,
    "severance.resignation": severance.Resignation,
    "severance.early_retirement": severance.EarlyRetirement,
    "roadmap": RoadmapStep,
    "output": Output,
    "objective": scenario.Objective,
    "search": scenario.Search,
    "robust": Robust,
    "stress": uncertain.Stress,
    "stress.uncertain": uncertain.Uncertain,
    "vocabulary": vocabulary_file.VocabularyFile,
    "vocabulary.words": vocabulary_file.Word,
    "vocabulary.fields": vocabulary_file.FieldWord,
    "vocabulary.sectors": vocabulary_file.SectorWord,
    "vocabulary.kinds": vocabulary_file.KindWord,
    "vocabulary.functions": vocabulary_file.FunctionWord,
    "vocabulary.autonomy_groups": vocabulary_file.GroupWord,
    "vocabulary.autonomy_bands": vocabulary_file.PartWord,
    "vocabulary.position_groups": vocabulary_file.PositionWord,
}
SHARED: tuple[type[BaseModel], ...] = (Rule, Provision, vocabulary_file.Word)  # their keys have a table of their own
HEADS = {
    "en": ("Key", "Default", "Unit", "Meaning", "required", "one of"),
    "vi": ("Khóa", "Mặc định", "Đơn vị tính", "Ý nghĩa", "bắt buộc", "một trong"),
}
CONSTANTS: tuple[tuple[ModuleType, str, str], ...] = (
    (candidates, "MOST_GROUPS", "groups that one [[merging]] block may give before the scenario is refused"),
    (candidates, "MOST_STAGED", "units in the largest group for which paths over two stages are listed"),
    (distance, "EARTH_RADIUS_M", "metres: the earth's radius in distances"),
    (staffing, "LEAST_WEIGHT", "the least price of a slimmed post's work, in parts of its pay"),
    (staffing, "MOST_WEIGHT", "the highest price of a slimmed post's work, in parts of its pay"),
)
MARK = re.compile(r"<!-- (keys|columns|criteria|constants) ?([^>]*?) -->\n.*?<!-- end -->", re.DOTALL)


@dataclass(frozen=True)
class Entry:
    """One key as a document tells it."""

    key: str
    default: str
    choices: tuple[str, ...]
    unit: str
    meaning: Mapping[str, str]


def entries(table: str) -> tuple[Entry, ...]:
    """The keys of a table; KeyError where docs/keys.toml says nothing about one of them."""
    told = meanings()[table]
    if table in WITHOUT_SCHEMA:
        return tuple(Entry(key, text["default"], (), text["unit"], text) for key, text in told.items())
    return tuple(_entry(key, field, told[key]) for key, field in fields(table).items())


def fields(table: str) -> dict[str, FieldInfo]:
    """A table's keys as the file spells them; of a rule family or a list of words only those that are its own."""
    model = TABLES[table]
    found = {field.alias or name: field for name, field in model.model_fields.items()}
    shared = {key for above in SHARED if issubclass(model, above) and model is not above for key in above.model_fields}
    unstated = scenario.FROM_VOCABULARY if model is scenario.Scenario else ()
    return {key: field for key, field in found.items() if key not in shared and key not in unstated}


def meanings() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = tomllib.loads((HERE / "keys.toml").read_text(encoding="utf-8"))
    return found


def filled(text: str) -> str:
    """A document with every marked table written anew."""
    return MARK.sub(lambda mark: f"{mark[0].splitlines()[0]}\n{_block(mark[1], mark[2].split())}\n<!-- end -->", text)


def _block(kind: str, words: list[str]) -> str:
    if kind == "keys":
        return "\n".join(_key_table(words[0], words[1]))
    return "\n".join({"columns": _column_table, "criteria": _criteria, "constants": _constants}[kind]())


def _key_table(table: str, language: str) -> Iterator[str]:
    key, default, unit_, meaning, required, one_of = HEADS[language]
    told = meanings()
    yield f"| {key} | {default} | {unit_} | {meaning} |"
    yield "|---|---|---|---|"
    for entry in entries(table):
        choices = f" ({one_of}: {', '.join(f'`{choice}`' for choice in entry.choices)})" if entry.choices else ""
        measured = told["units_vi"].get(entry.unit, entry.unit) if language == "vi" else entry.unit
        stated = {"": required, ABSENT: ABSENT}.get(entry.default, f"`{entry.default}`")
        yield f"| `{entry.key}` | {stated} | {measured} | {entry.meaning[language]}{choices} |"


def _column_table() -> Iterator[str]:
    yield "| Cột | Tiêu đề tiếng Việt | Để trống thì |"
    yield "|---|---|---|"
    for name, column in column_guide().columns.items():
        empty = column.empty["vi"] or "bắt buộc"
        yield f"| `{name}` | {column.header} | {empty} |"


def _criteria() -> Iterator[str]:
    yield "| Criterion | Price | Unit |"
    yield "|---|---|---|"
    prices = {entry.key: entry for entry in entries("objective")}
    for name in CRITERIA:
        yield f"| `{name}` | {prices[name].default} | {prices[name].unit} |"


def _constants() -> Iterator[str]:
    yield "| Constant | Value | Meaning |"
    yield "|---|---|---|"
    for module, name, meaning in CONSTANTS:
        yield f"| `{module.__name__}.{name}` | {written(getattr(module, name))} | {meaning} |"
    for name in ("avg_pay_vnd_month", "avg_insured_months", "shared_posts", "support_posts", "sites", "buildings"):
        yield f"| column `{name}` | {written(unit.BY_NAME[name].default)} | what an empty cell means |"


def _entry(key: str, field: FieldInfo, told: Mapping[str, str]) -> Entry:
    value = None if field.is_required() else field.get_default(call_default_factory=True)
    default = "" if field.is_required() else written(value)
    if isinstance(value, BaseModel) and len(default) > LONGEST_TABLE:
        default = "{ … }"  # its keys have a table of their own
    return Entry(key, told.get("default", default), tuple(_choices(field.annotation)), told["unit"], told)


def _choices(annotation: Any) -> Iterator[str]:
    """The words that a key may be, where its schema lists them."""
    if get_origin(annotation) is Literal:
        yield from (str(choice) for choice in get_args(annotation) if choice != "")
    else:
        for inner in get_args(annotation):
            yield from _choices(inner)


def written(value: Any) -> str:
    """A default as a scenario file would write it."""
    if value is None or value is PydanticUndefined:
        return ABSENT
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Fraction):
        return str(value.numerator) if value.denominator == 1 else f"{float(value):g}"
    if isinstance(value, BaseModel):
        return _inline({field.alias or name: getattr(value, name) for name, field in type(value).model_fields.items()})
    if isinstance(value, Mapping):
        return _inline(value)
    if isinstance(value, tuple | list):
        return f"[{', '.join(map(written, value))}]"
    return f'"{value}"' if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _inline(table: Mapping[str, Any]) -> str:
    stated = [f"{key} = {written(value)}" for key, value in table.items() if value not in ({}, None, "")]
    return f"{{ {', '.join(stated)} }}" if stated else "{}"


def main() -> int:
    """Rewrite the documents; with --check only tell whether they are up to date."""
    behind = []
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        if filled(text) != text:
            behind.append(path.name)
            if "--check" not in sys.argv:
                path.write_text(filled(text), encoding="utf-8", newline="\n")
    return int("--check" in sys.argv and bool(behind))


if __name__ == "__main__":
    sys.exit(main())
