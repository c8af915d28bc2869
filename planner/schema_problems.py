"""What validation found, in the planner's words: key path, what must hold, what is, and the nearest known name."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from models.problem import Problem
from models.rules import FAMILIES
from models.scenario import FROM_VOCABULARY, Scenario

BOUNDS = {
    "greater_than_equal": ("at_least", "ge"),
    "greater_than": ("above", "gt"),
    "less_than_equal": ("at_most", "le"),
    "less_than": ("below", "lt"),
}
WANTED = {
    "int_type": "whole_number", "int_from_float": "whole_number", "bool_type": "true_or_false", "string_type": "text",
    "tuple_type": "list", "list_type": "list", "dict_type": "table", "model_type": "table", "date_type": "date",
    "number_type": "number", "finite_number": "finite_number", "number_size": "number_size", "mapping_type": "table",
    "model_attributes_type": "table", "date_from_datetime_inexact": "date", "is_instance_of": "table",
    "string_pattern_mismatch": "id",
}  # fmt: skip
FILE_KEYS = ("schema_version", "units", "extends", "drop", "number_format", "encoding", "gazetteer", "vocabulary")
TAGS = (*FAMILIES, "bool")
YEARS = range(1900, 2200)


def problems_of(error: ValidationError, model: type[BaseModel], tables: Mapping[str, Any]) -> list[Problem]:
    """Every problem of a validation, each with its key path."""
    return [_problem(detail, model, tables) for detail in _distinct(error.errors(include_url=False))]


def _distinct(details: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """A value that fits neither of two shapes is told once, and a list of bad entries is not called short."""
    seen, found = set(), []
    inside = {detail["loc"][:-length] for detail in details for length in range(1, len(detail["loc"]))}
    for detail in details:
        if detail["type"] == "too_short" and detail["loc"] in inside:
            continue
        place = tuple(step for step in detail["loc"] if not _is_shape(step))
        if place not in seen or detail["type"] == "extra_forbidden":
            seen.add(place)
            found.append(detail)
    return found


def _is_shape(step: int | str) -> bool:
    return isinstance(step, str) and (step in TAGS or "[" in step)


def _problem(detail: ErrorDetails, model: type[BaseModel], tables: Mapping[str, Any]) -> Problem:
    loc, kind, found = detail["loc"], detail["type"], detail["input"]
    where = key_path(loc, tables)
    context = detail.get("ctx", {})
    if kind == "extra_forbidden":
        return Problem(where, "scenario.unknown_key", names_of(str(loc[-1]), _known_keys(model, loc[:-1])))
    if kind == "missing":
        return Problem(where, "scenario.missing_key")
    if kind == "union_tag_invalid":
        return Problem(f"{where}.rule", "scenario.unknown_rule", names_of(str(found.get("rule")), tuple(FAMILIES)))
    if kind == "union_tag_not_found":
        return Problem(f"{where}.rule", "scenario.missing_key")
    if kind == "literal_error":
        names = [name.strip("' ") for name in str(context["expected"]).replace(" or ", ", ").split(", ")]
        return Problem(where, "scenario.not_one_of", names_of(_shown(found), names))
    if kind in BOUNDS:
        name, key = BOUNDS[kind]
        return Problem(where, f"scenario.must_be_{name}", {"limit": _limit(context[key]), "found": _shown(found)})
    if kind in ("too_short", "too_long"):
        least, most = context.get("min_length", 0), context.get("max_length", "")
        return Problem(where, f"scenario.{kind}", {"limit": str(least if kind == "too_short" else most)})
    if kind in ("string_too_short", "string_too_long"):
        limit = context.get("min_length", context.get("max_length"))
        return Problem(where, f"scenario.{kind}", {"limit": limit, "found": len(found)})
    if kind == "value_error":
        code, _, keys = str(context["error"]).partition(":")
        return Problem(where, code, {"keys": keys})
    wanted = WANTED.get(kind)
    if wanted is None:
        return Problem(where, "scenario.invalid", {"reason": detail["msg"], "found": _shown(found)})
    return Problem(where, f"scenario.wanted_{wanted}", {"found": _shown(found)})


def key_path(loc: Sequence[int | str], tables: Mapping[str, Any]) -> str:
    """`rules[cut39].year`: lists are named by id or unit where they have one, else by position."""
    text = ""
    here: Any = tables
    for step in loc:
        if isinstance(step, int):
            entry = here[step] if isinstance(here, list | tuple) and step < len(here) else None
            name = (entry.get("id") or entry.get("unit")) if isinstance(entry, dict) else None
            text += f"[{name or step}]"
            here = entry
        elif not _is_shape(step):
            text += f".{step}" if text else step
            here = here.get(step) if isinstance(here, dict) else None
    return text


def _known_keys(model: type[BaseModel], loc: Sequence[int | str]) -> list[str]:
    """The keys that a table may have, by walking the schema down the path."""
    here: Any = model
    of_codes = False
    for step in loc:
        if of_codes:  # a code of the file's own: what stands under it has the shape found already
            of_codes = False
        elif isinstance(step, str) and step in FAMILIES:
            here = FAMILIES[step]
        elif isinstance(step, str) and isinstance(here, type) and issubclass(here, BaseModel):
            fields = here.model_fields
            named = next((f for name, f in fields.items() if step in (name, f.alias)), None)
            of_codes = named is not None and get_origin(named.annotation) is dict
            here = _model_within(named.annotation) if named else None
    if not (isinstance(here, type) and issubclass(here, BaseModel)):
        return []
    own = FILE_KEYS if here is Scenario else ()
    stated = ((field.alias or name) for name, field in here.model_fields.items() if name not in FROM_VOCABULARY)
    return [*own, *stated]


def _model_within(annotation: Any) -> Any:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for inner in get_args(annotation) if (found := _model_within(inner)) is not None), None)


def names_of(found: str, known: Sequence[str]) -> dict[str, object]:
    """A word with those that would do, and the one that was probably meant."""
    close = get_close_matches(found, known, n=1, cutoff=0.6)
    return {"found": found, "known": ", ".join(known), "hint": close[0] if close else ""}


def _limit(limit: int) -> object:
    """Years are written without a separator."""
    return str(limit) if limit in YEARS else limit


def _shown(value: object) -> str:
    """A value as the file writes it, shortened."""
    text = json.dumps(value, ensure_ascii=False) if isinstance(value, str | bool) else str(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
