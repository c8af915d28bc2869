"""A look at a workbook before any library opens it: size, markup, hidden rows, merged cells, formulas."""

import re
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field
from lzma import LZMAError
from pathlib import Path
from typing import IO
from xml.parsers import expat

from models.problem import InputError, Problem

MOST_PARTS = 5_000
MOST_BYTES = {"xl/sharedStrings.xml": 24 * 2**20, "xl/styles.xml": 8 * 2**20}
MOST_BYTES_OF_A_PART = 256 * 2**20
MOST_PACKING = 100  # a sheet packs 10 to 30 times; a bomb a thousand times
SMALL = 4 * 2**20
_PROLOG = re.compile(rb"^(\xef\xbb\xbf)?\s*(<\?xml[^>]*\?>)?\s*(<!--.*?-->\s*)*<[A-Za-z]", re.DOTALL)
_DAMAGE = (zipfile.BadZipFile, zlib.error, LZMAError, NotImplementedError, OSError, RuntimeError, EOFError, ValueError)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@dataclass
class SheetMarks:
    """What a sheet's markup says beside its values: row numbers, ranges and cells."""

    hidden: set[int] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    uncalculated: list[str] = field(default_factory=list)


def guard(path: Path) -> None:
    """Refuse what is not an ordinary workbook: encrypted, an old .xls, truncated, a bomb, entities in its markup."""
    with path.open("rb") as source:
        if source.read(8) == _OLE:
            encrypted = "EncryptedPackage".encode("utf-16-le") in source.read(64 * 2**20)
            raise _refused(path, "units.xlsx_encrypted" if encrypted else "units.xls_old")
    try:
        with zipfile.ZipFile(path) as archive:
            _guard_parts(path, archive)
    except _DAMAGE as error:
        raise _refused(path, "units.xlsx_damaged") from error


def marks_of(path: Path, part: str) -> SheetMarks:
    """Hidden rows, merged ranges and formulas without a value, read in one pass of flat memory."""
    marks = SheetMarks()
    with zipfile.ZipFile(path) as archive, archive.open(part) as source:
        _parse(source, marks, path)
    return marks


def _guard_parts(path: Path, archive: zipfile.ZipFile) -> None:
    parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.xml" not in names:
        raise _refused(path, "units.xlsx_other")
    if any(part.flag_bits & 1 for part in parts):
        raise _refused(path, "units.xlsx_encrypted")
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > 2 * MOST_BYTES_OF_A_PART:
        raise _refused(path, "units.xlsx_bomb")
    for part in parts:
        _guard_part(path, archive, part)


def _guard_part(path: Path, archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    most = MOST_BYTES.get(part.filename, MOST_BYTES_OF_A_PART)
    packed_tightly = part.file_size > SMALL and part.file_size > MOST_PACKING * max(1, part.compress_size)
    if part.file_size > most or packed_tightly:
        raise _refused(path, "units.xlsx_bomb")
    if part.filename.endswith((".xml", ".rels", ".vml")):
        with archive.open(part) as source:
            start = source.read(64 * 2**10)
        # Entities can only be declared before the first element: a part that opens otherwise is not Excel's.
        if part.file_size and (not _PROLOG.match(start) or b"<!DOCTYPE" in start or b"<!ENTITY" in start):
            raise _refused(path, "units.xlsx_markup")


def _parse(source: IO[bytes], marks: SheetMarks, path: Path) -> None:
    parser = expat.ParserCreate()
    watch = _Watch(marks)
    parser.StartElementHandler = watch.start
    parser.EndElementHandler = watch.end
    parser.CharacterDataHandler = watch.text
    try:
        parser.ParseFile(source)
    except (expat.ExpatError, *_DAMAGE) as error:
        raise _refused(path, "units.xlsx_damaged") from error


class _Watch:
    """Follows the markup of one sheet."""

    def __init__(self, marks: SheetMarks) -> None:
        self._marks = marks
        self._row = 0
        self._cell = self._type = ""
        self._formula = self._value = self._in_value = False
        self._handlers: dict[str, Callable[[dict[str, str]], None]] = {
            "row": self._start_row,
            "c": self._start_cell,
            "f": self._start_formula,
            "v": self._start_value,
            "mergeCell": self._start_merge,
        }

    def start(self, name: str, attributes: dict[str, str]) -> None:
        handler = self._handlers.get(name.rpartition(":")[2])
        if handler:
            handler(attributes)

    def text(self, text: str) -> None:
        if self._in_value and not text.isspace():
            self._value = True

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local == "v":
            self._in_value = False
        elif local == "c" and self._formula and not self._value:
            self._marks.uncalculated.append(self._cell)

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r", "")
        self._row = int(number) if number.isdigit() else self._row + 1
        if attributes.get("hidden") in ("1", "true"):
            self._marks.hidden.add(self._row)

    def _start_cell(self, attributes: dict[str, str]) -> None:
        self._cell, self._type = attributes.get("r", ""), attributes.get("t", "")
        self._formula = self._value = False

    def _start_formula(self, _attributes: dict[str, str]) -> None:
        self._formula = True

    def _start_value(self, _attributes: dict[str, str]) -> None:
        # A formula whose answer is the empty text has a value element with nothing in it.
        self._value = self._type == "str"
        self._in_value = True

    def _start_merge(self, attributes: dict[str, str]) -> None:
        self._marks.merged.append(attributes.get("ref", ""))


def _refused(path: Path, code: str) -> InputError:
    return InputError(path.name, [Problem(path.name, code)])
