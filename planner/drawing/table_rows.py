"""Frames as rows of text, whatever type a reader gave their cells."""

import unicodedata
from collections.abc import Mapping

import pandas as pd

Row = Mapping[str, str]


def rows_of(frame: pd.DataFrame) -> list[Row]:
    """Every cell as text: missing is "", a whole number that was read as a float loses its ".0"."""
    columns = {str(name): [_text(cell) for cell in frame[name].tolist()] for name in frame.columns}
    return [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]


def whole(text: str) -> int:
    """A whole number of a cell; an empty cell is 0."""
    return int(float(text)) if text else 0


def alphabetical(name: str) -> str:
    """A sorting key that puts accented letters beside their plain ones; the name itself breaks ties."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d~"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter)) + "\0" + name


def _text(cell: object) -> str:
    if cell is None or cell is pd.NA or cell != cell:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)
