"""A table file, whatever it is called: a workbook by its first bytes, else text."""

import stat
from collections.abc import Callable
from pathlib import Path

from models.problem import InputError, Problem
from planner.units.csv_rows import read_csv_rows
from planner.units.encoding import decode
from planner.units.raw_table import RawTable
from planner.units.xlsx_rows import read_xlsx_rows

MOST_BYTES = 32 * 2**20  # the whole nation's 46,000 units take 10 to 15
_WORKBOOK = (b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0")


def read_table(path: Path, is_header: Callable[[str], bool], encoding: str | None = None) -> RawTable:
    """The raw rows of a CSV or XLSX file. Errors: InputError naming the file and what to do with it."""
    try:
        state = path.stat()
        if not stat.S_ISREG(state.st_mode):
            raise _refused(path, "units.path_not_a_file", path=path.name)
        if state.st_size > MOST_BYTES:
            raise _refused(path, "units.file_too_large", most=MOST_BYTES // 2**20)
        with path.open("rb") as source:
            start = source.read(8)
        if start.startswith(_WORKBOOK):
            return read_xlsx_rows(path)
        data = path.read_bytes()
    except FileNotFoundError:
        raise _refused(path, "units.path_missing", path=path.name) from None
    except OSError as error:
        raise _refused(path, "units.path_unreadable", path=path.name) from error
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        raise _refused(path, "units.xlsx_damaged")
    return read_csv_rows(decode(data, path.name, encoding), path.name, is_header)


def _refused(file: Path, code: str, **facts: object) -> InputError:
    return InputError(file.name, [Problem(file.name, code, facts)])
