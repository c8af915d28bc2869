"""One scenario file as tables, refused in one sentence where it is no scenario at all."""

import re
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from models.problem import InputError, Problem

Table = dict[str, Any]
LARGEST_FILE = 2_000_000
DEEPEST_TABLES = 40
_PLACE = re.compile(r"^(.*) \(at line (\d+), column (\d+)\)$", re.DOTALL)


def read_tables(path: Path, source: str) -> Table:
    """A TOML file in UTF-8, with or without a byte-order mark; decimals stay exact.

    Errors: InputError, where the place is the file and its line.
    """
    try:
        size, data = path.stat().st_size, b""
        if size <= LARGEST_FILE:
            data = path.read_bytes()
    except OSError as error:
        raise _refused(source, "scenario.unreadable", reason=error.strerror) from error
    if size > LARGEST_FILE:
        raise _refused(source, "scenario.too_large", most=LARGEST_FILE)
    try:
        return tables_of(data.decode("utf-8-sig"), source)
    except UnicodeDecodeError as error:
        raise _refused(source, "scenario.not_utf8", place=str(error.start)) from error


def tables_of(text: str, source: str) -> Table:
    """TOML text as tables. Errors: InputError naming `source` and the line."""
    try:
        tables = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(source, error) from error
    except ValueError as error:  # a whole number of thousands of digits
        raise _refused(source, "scenario.number_too_long") from error
    except RecursionError as error:
        raise _refused(source, "scenario.too_deep", most=DEEPEST_TABLES) from error
    if _depth(tables) > DEEPEST_TABLES:
        raise _refused(source, "scenario.too_deep", most=DEEPEST_TABLES)
    return tables


def _depth(value: Any) -> int:
    """How deep tables are nested; stops counting beyond the limit."""
    level, layer = 0, [value]
    while layer and level <= DEEPEST_TABLES + 1:
        inner = (item.values() if isinstance(item, dict) else item for item in layer if isinstance(item, dict | list))
        layer = [value for values in inner for value in values]
        level += 1
    return level


def _not_toml(source: str, error: tomllib.TOMLDecodeError) -> InputError:
    """The parser says its place in English at the end of its sentence."""
    found = _PLACE.match(str(error))
    if found is None:
        return _refused(source, "scenario.not_toml_at_end", reason=str(error).removesuffix(" (at end of document)"))
    reason, line, column = found.groups()
    return _refused(source, "scenario.not_toml", reason=reason, line=line, column=column)


def _refused(source: str, code: str, **facts: object) -> InputError:
    return InputError(source, [Problem(source, code, facts)])
