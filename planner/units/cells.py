"""One cell's text to a value: whole numbers, money, degrees, choices; whatever could be read two ways is refused."""

import re
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction

from models.exact import round_half_up
from models.schema import LONGEST_NAME
from models.unit import Column
from planner.units.columns import MONEY_UNITS
from planner.units.raw_table import Cell
from planner.units.spelling import clean
from planner.units.vocabulary import LISTS, Vocabulary

LONGEST_TEXT = 32_000  # a cell of Excel holds 32,767 characters
FREE_TEXTS = ("note", "dissolution_ground")  # remarks; every other text names something
LONGEST_NUMBER = 60
NUMBER_FORMATS = ("plain", "vi")
_PLAIN = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?")
_VIETNAMESE = re.compile(r"[+-]?([0-9]{1,3}(\.[0-9]{3})+|[0-9]+)(,[0-9]+)?")
_THOUSANDS = re.compile(r"[+-]?[1-9][0-9]{0,2}\.[0-9]{3}")  # 1.234 is a thousand and more here, one and a bit there
_LIKE_A_NUMBER = re.compile(r"[+-]?[0-9][0-9., \u00a0']*")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})
_LIVE = tuple("=+-@\t\r")

Value = int | float | str
Parse = Callable[[Cell], Value]


class CellError(Exception):
    """A cell cannot be what its column holds."""

    def __init__(self, code: str, **facts: object) -> None:
        self.code = code
        self.facts: Mapping[str, object] = facts
        super().__init__(code)


def parser_of(column: Column, number_format: str, money_unit: str, vocabulary: Vocabulary) -> Parse:
    """How the cells of a column are read; the parser raises CellError."""

    def number(cell: Cell) -> Fraction:
        return exact_number(cell, number_format)

    parsers: dict[str, Parse] = {
        "text": plain_text if column.name in FREE_TEXTS else name_text,
        "ids": plain_text,
        "choice": lambda cell: _choice(cell, column, vocabulary),
        "count": lambda cell: _whole(number(cell), column, cell),
        "money": lambda cell: _money(number(cell), column, money_unit),
        "pay": lambda cell: _pay(number(cell), column),
        "degrees": lambda cell: _degrees(cell, number_format, column),
        "yes_no": lambda cell: _yes_no(cell, vocabulary),
        "year_or_no": lambda cell: _year_or_no(cell, vocabulary),
    }
    if column.name in ("sector", "kind"):
        return lambda cell: vocabulary.code(LISTS[column.name], name_text(cell)) or name_text(cell)
    if column.name == "planned":
        return _since
    return parsers[column.kind]


def plain_text(cell: Cell) -> str:
    """The text itself, composed and without invisible marks; a guard against live formulas is taken off again."""
    text = shown(cell)
    if len(text) > LONGEST_TEXT:
        raise CellError("units.text_too_long", most=LONGEST_TEXT)
    if _CONTROL.search(text):
        raise CellError("units.control_character")
    if text in _ERRORS:
        raise CellError("units.error_value", text=text)
    return text[1:] if text.startswith("'") and _would_live(text[1:]) else text


def name_text(cell: Cell) -> str:
    """A text that names something: it stands on pictures, in lists and in sentences."""
    text = plain_text(cell)
    if len(text) > LONGEST_NAME:
        raise CellError("units.text_too_long", most=LONGEST_NAME)
    return text


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula: `plain_text` gives the original back."""
    return "'" + text if _would_live(text) else text


def shown(cell: Cell) -> str:
    """A cell as its reader sees it; the number 12.0 of a workbook is 12."""
    if isinstance(cell, str):
        return clean(cell)
    return str(int(cell)) if cell == cell.to_integral_value() else format(cell.normalize(), "f")


def exact_number(cell: Cell, number_format: str) -> Fraction:
    """The number of a cell. Plain: 1234.5; "vi": 1.234,5. CellError where the separators allow two readings."""
    if isinstance(cell, Decimal):
        return Fraction(cell)
    text = shown(cell)
    pattern = _VIETNAMESE if number_format == "vi" else _PLAIN
    if len(text) > LONGEST_NUMBER or not _LIKE_A_NUMBER.fullmatch(text):
        raise CellError("units.not_a_number", text=text[:LONGEST_NUMBER])
    if not pattern.fullmatch(text) or (number_format == "plain" and _THOUSANDS.fullmatch(text)):
        raise CellError("units.ambiguous_number", text=text)
    if text.startswith("-"):
        raise CellError("units.negative", text=text)
    return Fraction(text.replace(".", "").replace(",", ".") if number_format == "vi" else text)


def rounds(cell: Cell, number_format: str, money_unit: str) -> bool:
    """Whether an amount that can be read is not a whole number of million dong."""
    return (exact_number(cell, number_format) * MONEY_UNITS[money_unit] / MONEY_UNITS["million"]).denominator != 1


def _whole(value: Fraction, column: Column, cell: Cell) -> int:
    if value.denominator != 1:
        raise CellError("units.not_whole", text=shown(cell))
    return _bounded(value.numerator, column)


def _money(value: Fraction, column: Column, money_unit: str) -> int:
    amount = round_half_up(value * MONEY_UNITS[money_unit] / MONEY_UNITS["million"])
    if amount > column.at_most:
        raise CellError("units.money_too_large", value=_told(amount), most=column.at_most, money_unit=money_unit)
    return _bounded(amount, column)


def _pay(value: Fraction, column: Column) -> int:
    amount = round_half_up(value)
    if not column.at_least <= amount <= column.at_most:
        raise CellError("units.pay_out_of_bounds", value=_told(amount), least=column.at_least, most=column.at_most)
    return amount


def _bounded(value: int, column: Column) -> int:
    if not column.at_least <= value <= column.at_most:
        raise CellError("units.out_of_bounds", value=_told(value), least=column.at_least, most=column.at_most)
    return value


def _told(value: int) -> int | str:
    """A number as a fact of a sentence; one beyond all measure is told digit by digit."""
    return value if abs(value) < 10**18 else str(value)


def _degrees(cell: Cell, number_format: str, column: Column) -> float:
    # No thousands among degrees: a point is always a decimal point, a comma is one in the Vietnamese format.
    text = shown(cell)
    plain = text.replace(",", ".") if number_format == "vi" else text
    if not _PLAIN.fullmatch(plain) or len(plain) > LONGEST_NUMBER:
        ambiguous = _LIKE_A_NUMBER.fullmatch(text)
        raise CellError("units.ambiguous_number" if ambiguous else "units.not_a_number", text=text[:LONGEST_NUMBER])
    if not column.at_least <= float(plain) <= column.at_most:
        raise CellError("units.degrees_out_of_bounds", text=text, least=column.at_least, most=column.at_most)
    return float(plain)


def _choice(cell: Cell, column: Column, vocabulary: Vocabulary) -> str:
    code = vocabulary.code(LISTS[column.name], shown(cell))
    choices = column.choices or tuple(vocabulary.lists[LISTS[column.name]])
    if code not in choices:
        names = ", ".join(vocabulary.name(LISTS[column.name], choice, "vi") for choice in choices)
        raise CellError("units.not_a_choice", text=shown(cell)[:100], codes=", ".join(choices), names=names)
    return code


def _yes_no(cell: Cell, vocabulary: Vocabulary) -> int:
    answer = vocabulary.code("truth", shown(cell))
    if answer is None:
        raise CellError("units.not_yes_no", text=shown(cell)[:100])
    return int(answer == "yes")


def _year_or_no(cell: Cell, vocabulary: Vocabulary) -> int:
    text = shown(cell)
    if re.fullmatch("(19|20)[0-9]{2}", text):
        return int(text)
    answer = vocabulary.code("truth", text)
    if answer is None:
        raise CellError("units.not_a_year", text=text[:100])
    return int(answer == "yes")


def _since(cell: Cell) -> str:
    """The day from which a planned unit stands: a year, 2026-01-01 or 01/01/2026."""
    text = shown(cell).removesuffix(" 00:00:00")
    try:
        if re.fullmatch("20[0-9]{2}", text):
            return f"{text}-01-01"
        day = re.fullmatch("([0-9]{1,2})/([0-9]{1,2})/(20[0-9]{2})", text)
        return (date(int(day[3]), int(day[2]), int(day[1])) if day else date.fromisoformat(text)).isoformat()
    except ValueError as refused:
        raise CellError("units.not_a_day", text=text[:100]) from refused


def _would_live(text: str) -> bool:
    return text.lstrip("'").startswith(_LIVE)
