"""Tables that are broken, hostile or in doubt are refused with their place, or read right; nothing is guessed."""

import codecs
import io
import os
import time
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook
from small_table import CENTRE, PRIMARY, codes, csv_text, problems, read, write_csv, write_xlsx

from models.problem import InputError
from planner.safe_path import safe_path
from planner.wording import LANGUAGES, Wording

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [list(PRIMARY), list(PRIMARY.values())]


def _bytes(folder: Path, data: bytes, name: str = "units.csv") -> Path:
    (folder / name).write_bytes(data)
    return folder / name


def _spoiled(folder: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A sound workbook with one part of its archive rewritten."""
    source = write_xlsx(folder, ROWS, "sound.xlsx")
    target = folder / "spoiled.xlsx"
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as spoiled:
        for name in sound.namelist():
            data = sound.read(name)
            spoiled.writestr(name, change(data) if name == part else data)
    return target


# Text and numbers of cells


@pytest.mark.parametrize("unit", ["001", "NA", "NULL", "nan", "TRUE", "1e5", "2025-01-01", "None", "-", "0", "∞", "=1"])
def test_keeps_ids_as_text(tmp_path: Path, unit: str) -> None:
    assert read(write_csv(tmp_path, PRIMARY | {"id": unit}))[0].ids == (unit,)
    rows = [list(PRIMARY), [unit, *list(PRIMARY.values())[1:]]]
    if not unit.startswith("="):
        assert read(write_xlsx(tmp_path, rows))[0].ids == (unit,)


def test_keeps_ids_that_a_workbook_holds_as_numbers(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(PRIMARY))
    for unit, shown in ((7, "General"), (8.0, "General"), (9, "000")):
        sheet.append([unit, *list(PRIMARY.values())[1:]])
        sheet.cell(sheet.max_row, 1).number_format = shown
    book.save(tmp_path / "units.xlsx")
    assert read(tmp_path / "units.xlsx")[0].ids == ("009", "7", "8")


def test_takes_the_same_name_in_both_unicode_forms_for_one(tmp_path: Path) -> None:
    composed = PRIMARY | {"id": "TH-Hòa"}
    decomposed = PRIMARY | {"id": unicodedata.normalize("NFD", "TH-Hòa")}
    invisible = PRIMARY | {"id": "TH\u200b-Hòa\u200e\ufeff"}
    told = problems(write_csv(tmp_path, composed, decomposed, invisible))
    assert [problem.facts["row"] for problem in told] == ["units.csv 3", "units.csv 4"]
    assert {problem.facts["other"] for problem in told} == {"units.csv 2"}


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("NaN", "not_a_number"),
        ("inf", "not_a_number"),
        ("1e400", "not_a_number"),
        ("1e5", "not_a_number"),
        ("-0", "negative"),
        ("-5", "negative"),
        ("12.5", "not_whole"),
        ("1.234", "ambiguous_number"),
        ("1,5", "ambiguous_number"),
        ("1,234", "ambiguous_number"),
        ("1.234.567", "ambiguous_number"),
        ("1 234", "ambiguous_number"),
        ("1\u00a0234", "ambiguous_number"),
        ("٣", "not_a_number"),
        ("12 người", "not_a_number"),
        ("không", "not_a_number"),
        ("9223372036854775808", "out_of_bounds"),
        ("1" + "0" * 30, "out_of_bounds"),
        ("9" * 10_000, "not_a_number"),
        ("#N/A", "not_a_number"),
        ("", "required"),
    ],
)
def test_refuses_a_number_in_doubt(tmp_path: Path, written: str, code: str) -> None:
    [problem] = problems(write_csv(tmp_path, CENTRE, PRIMARY | {"posts_budget": written}))
    assert problem.code == f"units.{code}"
    assert (problem.where, problem.facts["row"], problem.facts["column"]) == ("units.csv", "3", "posts_budget")
    assert "row 3, column posts_budget" in Wording("en").say(problem.code, **problem.facts)


@pytest.mark.parametrize("written", ["12.5", "1.23", "1,2,3", "1234.567"])
def test_refuses_a_number_in_doubt_in_the_vietnamese_format_too(tmp_path: Path, written: str) -> None:
    row = PRIMARY | {"posts_budget": written}
    assert codes(problems(write_csv(tmp_path, row), number_format="vi")) == ["ambiguous_number"]


@pytest.mark.parametrize("written", ["12", "12.0", "012", "+12", " 12 "])
def test_reads_twelve(tmp_path: Path, written: str) -> None:
    assert read(write_csv(tmp_path, PRIMARY | {"posts_budget": written}))[0].figure("posts_budget")[0] == 12


@pytest.mark.parametrize("held", [12, 12.0, 12.000000000000002, "12", "12.0"])
def test_reads_the_twelve_of_a_workbook(tmp_path: Path, held: object) -> None:
    row = list((PRIMARY | {"posts_budget": held}).values())
    assert read(write_xlsx(tmp_path, [list(PRIMARY), row]))[0].figure("posts_budget")[0] == 12


@pytest.mark.parametrize(
    ("held", "code"), [(12.5, "not_whole"), (-3, "out_of_bounds"), (2**63, "out_of_bounds"), (True, "not_a_number")]
)
def test_refuses_the_number_of_a_workbook_with_its_cell(tmp_path: Path, held: object, code: str) -> None:
    row = list((PRIMARY | {"posts_budget": held}).values())
    [problem] = problems(write_xlsx(tmp_path, [list(PRIMARY), row]))
    assert (problem.where, problem.code) == ("units.xlsx Đơn vị!I2", f"units.{code}")


@pytest.mark.parametrize("money_unit", ["million", "billion"])
def test_refuses_dong_where_millions_belong_and_names_the_remedy(tmp_path: Path, money_unit: str) -> None:
    dong = {name: PRIMARY[name] + "000000" for name in ("revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd")}
    told = problems(write_csv(tmp_path, PRIMARY | dong), money_unit=money_unit)
    assert set(codes(told)) <= {"magnitude", "money_too_large"}
    assert 'money_unit = "dong"' in Wording("en").say(told[0].code, **told[0].facts)


def test_refuses_thousands_where_millions_belong(tmp_path: Path) -> None:
    thousands = {name: PRIMARY[name] + "000" for name in ("revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd")}
    assert codes(problems(write_csv(tmp_path, PRIMARY | thousands))) == ["magnitude", "magnitude"]


@pytest.mark.parametrize(
    ("column", "most"),
    [
        *((column, 200_000) for column in ("posts_budget", "heads", "contracts", "support_posts", "present_own")),
        *((column, 200_000) for column in ("grade_4", "retiring_by_2030")),
        ("users", 100_000_000),
        *((column, 1_000_000) for column in ("classes", "beds", "sites", "buildings")),
        *((column, 100_000_000) for column in ("site_cost_mvnd", "state_capital_mvnd", "depreciation_mvnd")),
    ],
)  # fmt: skip
def test_refuses_a_figure_beyond_any_unit_so_that_sums_stay_within_64_bits(
    tmp_path: Path, column: str, most: int
) -> None:
    """Thirty million posts, at a pay of hundreds of millions over decades, would pass 64 bits."""
    assert read(write_csv(tmp_path, PRIMARY | {column: str(most)}))[0].figures[column].tolist() == [most]
    (problem,) = problems(write_csv(tmp_path, PRIMARY | {column: str(most + 1)}))
    assert problem.code == ("units.money_too_large" if column.endswith("_mvnd") else "units.out_of_bounds")
    assert problem.facts["most"] == most and problem.facts["value"] == most + 1
    assert f"{most:,}" in Wording("en").say(problem.code, **problem.facts)


def test_refuses_pay_in_millions(tmp_path: Path) -> None:
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"avg_pay_vnd_month": "12.5"}))) == ["pay_out_of_bounds"]


def test_refuses_latitude_and_longitude_swapped_or_halved(tmp_path: Path) -> None:
    swapped = PRIMARY | {"lat": "108.4", "lon": "11.1"}
    assert codes(problems(write_csv(tmp_path, swapped))) == ["degrees_out_of_bounds"] * 2
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"lat": "11.1"}))) == ["half_position"]


@pytest.mark.parametrize(
    "name",
    [
        "=cmd|' /C calc'!A0",
        "+1",
        "@SUM(1)",
        "</script><script>",
        '" onmouseover="x',
        "javascript:alert(1)",
        "{{7*7}}",
        "$\\alpha$",
        "x" * 10_000,
    ],
)
def test_keeps_a_hostile_name_as_text(tmp_path: Path, name: str) -> None:
    assert read(write_csv(tmp_path, PRIMARY | {"name": name}))[0].text("name")[0] == name


@pytest.mark.parametrize("name", ["x" * 40_000, "a\x1b[31mb", "a\x07"])
def test_refuses_text_that_no_cell_holds(tmp_path: Path, name: str) -> None:
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"name": name}))) in (["text_too_long"], ["control_character"])


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_a_text_table_by_its_mark(tmp_path: Path, encoding: str) -> None:
    units, _ = read(_bytes(tmp_path, csv_text(PRIMARY).encode(encoding)))
    assert units.text("name")[0] == "Trường Tiểu học Hòa Thắng"


def _windows_1258(text: str) -> bytes:
    """Vietnamese in windows-1258: tone marks stand behind their letters."""
    out = []
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
        base = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in tones))
        out.append((base + "".join(tones)).encode("cp1258"))
    return b"".join(out)


def test_reads_windows_1258_when_declared_and_names_it_when_not(tmp_path: Path) -> None:
    path = _bytes(tmp_path, _windows_1258(csv_text(PRIMARY)))
    assert read(path, encoding="windows-1258")[0].text("name")[0] == "Trường Tiểu học Hòa Thắng"
    [problem] = problems(path)
    assert (problem.code, problem.facts["guess"]) == ("units.encoding", "windows-1258")


def test_reads_utf_16_without_a_mark_when_declared(tmp_path: Path) -> None:
    path = _bytes(tmp_path, csv_text(PRIMARY).encode("utf-16-le"))
    assert read(path, encoding="utf-16-le")[0].ids == ("001",)
    assert problems(path)[0].facts["guess"] == "UTF-16"


TCVN3 = "Tr\xad\xeang TiÓu häc Hßa Th¾ng, §¬n vÞ sù nghiÖp c«ng lËp, Trung t©m ®µo t¹o"
VNI = "Tröôøng Tieåu hoïc Hoøa Thaéng, Ñôn vò söï nghieäp coâng laäp"


@pytest.mark.parametrize(("name", "guess"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_never_shows_older_encodings_as_mojibake(tmp_path: Path, name: str, guess: str, encoding: str) -> None:
    text = csv_text(dict.fromkeys(PRIMARY, "x") | {"name": name})
    [problem] = problems(_bytes(tmp_path, text.encode(encoding)))
    assert problem.code in ("units.encoding", "units.old_encoding")
    assert problem.facts["guess"] == guess


@pytest.mark.parametrize("declared", ["windows-1258", "utf-8"])
def test_does_not_believe_a_wrong_declaration(tmp_path: Path, declared: str) -> None:
    text = csv_text(PRIMARY | {"name": TCVN3})
    told = problems(
        _bytes(tmp_path, text.replace(PRIMARY["parent"], "x").replace("Xã Hòa Thắng", "y").encode("latin-1")),
        encoding=declared,
    )
    assert codes(told)[0] in ("old_encoding", "encoding_wrong")


def test_refuses_an_unknown_encoding_and_letters_already_lost(tmp_path: Path) -> None:
    assert codes(problems(write_csv(tmp_path, PRIMARY), encoding="klingon")) == ["encoding_unknown"]
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"name": "Tr\ufffdng"}))) == ["letters_lost"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 90, b"\0" * 5_000, b"id\0,name"])
def test_refuses_what_is_not_text(tmp_path: Path, data: bytes) -> None:
    assert codes(problems(_bytes(tmp_path, data)))[0] in ("not_text", "encoding")


# The shape of text tables


def test_refuses_a_ragged_row_with_its_number(tmp_path: Path) -> None:
    lines = csv_text(PRIMARY, CENTRE).splitlines()
    for spoiled, cells in ((lines[2] + ",", 16), (lines[2].rsplit(",", 1)[0], 14)):
        [problem] = problems(_bytes(tmp_path, "\n".join([*lines[:2], spoiled]).encode()))
        assert (problem.code, problem.facts) == ("units.ragged_row", {"row": "3", "cells": cells, "wanted": 15})


def test_refuses_a_row_that_an_unquoted_comma_would_shift(tmp_path: Path) -> None:
    text = csv_text(PRIMARY | {"note": ""}).replace("Trường Tiểu học", "Trường, Tiểu học")
    assert codes(problems(_bytes(tmp_path, text.encode()))) == ["ragged_row"]


def test_refuses_a_missing_an_unknown_and_a_doubled_column(tmp_path: Path) -> None:
    row = {("posts_bugdet" if name == "posts_budget" else name): cell for name, cell in PRIMARY.items()}
    told = problems(write_csv(tmp_path, row | {"Tên đơn vị": "x", "Màu sơn": "xanh"}))
    assert codes(told) == ["unknown_header_meant", "doubled_header", "unknown_header", "missing_column"]
    assert (told[0].facts["meant"], told[3].facts["name"]) == ("posts_budget", "posts_budget")


def test_refuses_a_cell_under_no_header(tmp_path: Path) -> None:
    [problem] = problems(write_csv(tmp_path, PRIMARY | {"": "lạc"}))
    assert (problem.code, problem.facts["place"]) == ("units.cell_without_header", "P")


def test_refuses_an_unclosed_quote_where_it_opens(tmp_path: Path) -> None:
    lines = csv_text(PRIMARY, CENTRE).splitlines()
    text = "\n".join([lines[0], lines[1].replace("Trường", '"Trường', 1), lines[2]])
    [problem] = problems(_bytes(tmp_path, text.encode()))
    assert (problem.code, problem.facts["row"]) == ("units.unclosed_quote", "2")
    spoiled = text.replace("Trung tâm", '"Trung tâm')
    assert codes(problems(_bytes(tmp_path, spoiled.encode()))) == ["broken_quote"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_reads_every_separator_and_line_ending(tmp_path: Path, separator: str, ending: str) -> None:
    note = "một; hai, ba\tbốn | năm"
    text = csv_text(PRIMARY | {"note": note}, CENTRE, separator=separator).replace("\n", ending)
    units, _ = read(_bytes(tmp_path, text.encode()))
    assert (units.ids, units.text("note")[0]) == (("001", "DV-2"), note)


def test_follows_a_stated_separator(tmp_path: Path) -> None:
    text = "sep=;\r\n" + csv_text(PRIMARY, separator=";")
    assert read(_bytes(tmp_path, text.encode()))[0].ids == ("001",)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_refuses_an_empty_table(tmp_path: Path, data: bytes) -> None:
    assert codes(problems(_bytes(tmp_path, data))) in (["empty"], ["missing_column"] * 15)


def test_refuses_a_header_without_units(tmp_path: Path) -> None:
    assert codes(problems(_bytes(tmp_path, csv_text(PRIMARY).splitlines()[0].encode()))) == ["empty"]


def test_refuses_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    with path.open("wb") as sink:
        sink.truncate(200 * 2**20)
    assert codes(problems(path)) == ["file_too_large"]


# Workbooks


def test_refuses_error_values_and_formulas_without_a_value_with_their_cells(tmp_path: Path) -> None:
    row = list((PRIMARY | {"posts_budget": "=15+15", "heads": "#N/A"}).values())
    told = problems(write_xlsx(tmp_path, [list(PRIMARY), row]))
    assert [(problem.where, problem.code) for problem in told] == [
        ("units.xlsx Đơn vị!I2", "units.formula_without_value"),
        ("units.xlsx Đơn vị!K2", "units.error_value"),
    ]


def test_reads_the_value_that_a_formula_was_calculated_to(tmp_path: Path) -> None:
    number = b'<c r="I2"><f>31-1</f><v>31</v></c>'
    nothing = b'<c r="P2" t="str"><f>IF(1=2,"x","")</f><v></v></c></row></sheetData>'
    calculated = _spoiled(
        tmp_path, SHEET, lambda data: _with_cell(data, b"I2", number).replace(b"</row></sheetData>", nothing)
    )
    assert read(calculated)[0].figure("posts_budget")[0] == 31


def _with_cell(data: bytes, cell: bytes, markup: bytes) -> bytes:
    start = data.index(b'<c r="' + cell)
    return data[:start] + markup + data[data.index(b"</c>", start) + 4 :]


def test_refuses_merged_headers_but_not_a_merged_title(tmp_path: Path) -> None:
    title = [["BIỂU SỐ 1: DANH SÁCH ĐƠN VỊ"]]
    book = load_workbook(write_xlsx(tmp_path, [*title, *ROWS]))
    book["Đơn vị"].merge_cells("A1:F1")
    book.save(tmp_path / "title.xlsx")
    assert read(tmp_path / "title.xlsx")[0].ids == ("001",)
    book["Đơn vị"].merge_cells("P2:Q2")
    book.save(tmp_path / "header.xlsx")
    assert problems(tmp_path / "header.xlsx")[0].where == "header.xlsx Đơn vị!P2:Q2"


def test_counts_totals_and_hidden_rows(tmp_path: Path) -> None:
    total = ["", "Tổng cộng", *[""] * 6, 30, 0, 1, 2, 200, 5400, 5200]
    book = load_workbook(write_xlsx(tmp_path, [*ROWS, list(CENTRE.values()), total]))
    book["Đơn vị"].row_dimensions[3].hidden = True
    book.save(tmp_path / "hidden.xlsx")
    units, warnings = read(tmp_path / "hidden.xlsx")
    assert units.ids == ("001", "DV-2")
    assert {warning.code: warning.facts["count"] for warning in warnings if warning.code != "units.surplus"} == {
        "units.totals_rows": 1,
        "units.hidden_rows": 1,
    }


def test_reads_the_sheet_of_units_among_others_and_asks_where_none_is_named(tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(tmp_path, ROWS))
    book.create_sheet("Kịch bản", 0)
    book.save(tmp_path / "two.xlsx")
    assert read(tmp_path / "two.xlsx")[0].ids == ("001",)
    book["Đơn vị"].title = "Sheet1"
    book.save(tmp_path / "two.xlsx")
    assert problems(tmp_path / "two.xlsx")[0].facts["sheets"] == "«Kịch bản», «Sheet1»"


def test_refuses_a_far_cell_at_once(tmp_path: Path) -> None:
    book = load_workbook(write_xlsx(tmp_path, ROWS))
    book["Đơn vị"]["XFD1048576"] = "x"
    book.save(tmp_path / "far.xlsx")
    start = time.perf_counter()
    assert problems(tmp_path / "far.xlsx")[0].where.endswith("!XFD1048576")
    assert time.perf_counter() - start < 5


def test_does_not_believe_a_lying_dimension(tmp_path: Path) -> None:
    for lie in (b'ref="A1:A1"', b'ref="A1:XFD1048576"'):
        path = _spoiled(tmp_path, SHEET, lambda data, lie=lie: data.replace(b'ref="A1:O2"', lie))  # type: ignore[misc]
        assert read(path)[0].ids == ("001",)


def _entity_bomb(data: bytes) -> bytes:
    entities = b"".join(b'<!ENTITY a%d "%s">' % (at, b"&a%d;" % (at - 1) * 10) for at in range(1, 9))
    bomb = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a0 "lol">' + entities + b"]>"
    return bomb + data[data.index(b"<worksheet") :].replace(b"</sheetData>", b"&a8;</sheetData>")


def test_refuses_an_entity_bomb_anywhere_in_the_archive(tmp_path: Path) -> None:
    assert codes(problems(_spoiled(tmp_path, SHEET, _entity_bomb))) == ["xlsx_markup"]
    styles = _spoiled(tmp_path, "xl/styles.xml", lambda data: b'<!DOCTYPE x [<!ENTITY a "b">]>' + data)
    assert codes(problems(styles)) == ["xlsx_markup"]


def test_refuses_a_zip_bomb_before_unpacking_it(tmp_path: Path) -> None:
    padding = b"<!--" + b" " * (40 * 2**20) + b"-->"
    start = time.perf_counter()
    path = _spoiled(tmp_path, SHEET, lambda data: data + padding)
    made = time.perf_counter()
    assert codes(problems(path)) == ["xlsx_bomb"]
    assert time.perf_counter() - made < 1 + (made - start)


def test_refuses_a_workbook_whose_parts_lie_about_their_size(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROWS)
    data = path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        size = archive.getinfo(SHEET).file_size
    central = data.rindex(b"PK\x01\x02", 0, data.rindex(SHEET.encode()))
    lied = data[: central + 24] + (size - 100).to_bytes(4, "little") + data[central + 28 :]
    assert codes(problems(_bytes(tmp_path, lied, "lied.xlsx"))) == ["xlsx_damaged"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_refuses_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    data = write_xlsx(tmp_path, ROWS).read_bytes()
    assert codes(problems(_bytes(tmp_path, data[: int(len(data) * share)], "cut.xlsx"))) == ["xlsx_damaged"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "EncryptedPackage".encode("utf-16-le"), "xlsx_encrypted"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 500 + "Workbook".encode("utf-16-le"), "xls_old"),
        (b"PK\x03\x04 and nothing more", "xlsx_damaged"),
        (b"<html><table><tr><td>id</td></tr></table></html>", "xlsx_damaged"),
    ],
)
def test_names_what_a_file_called_xlsx_really_is(tmp_path: Path, data: bytes, code: str) -> None:
    assert codes(problems(_bytes(tmp_path, data, "units.xlsx"))) == [code]


def test_refuses_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert codes(problems(_bytes(tmp_path, buffer.getvalue(), "units.xlsx"))) == ["xlsx_other"]


def test_refuses_broken_markup(tmp_path: Path) -> None:
    assert codes(problems(_spoiled(tmp_path, SHEET, lambda data: data.replace(b"</row>", b"</rov>", 1)))) == [
        "xlsx_damaged"
    ]
    assert codes(problems(_spoiled(tmp_path, "xl/workbook.xml", lambda _: b"<workbook/>"))) == ["xlsx_damaged"]


def test_reads_a_workbook_called_csv(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROWS)
    assert read(path.rename(tmp_path / "units.csv"))[0].ids == ("001",)


# Paths


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("../../etc/passwd", "path_outside"),
        ("/etc/passwd", "path_outside"),
        ("C:\\units.csv", "path_outside"),
        ("\\\\server\\share\\units.csv", "path_outside"),
        ("//server/share/units.csv", "path_outside"),
        ("https://example.org/units.csv", "path_outside"),
        ("file:///etc/passwd", "path_outside"),
        ("sub\\..\\..\\outside.csv", "path_outside"),
        ("link.csv", "path_outside"),
        ("loop", "path_unreadable"),
        ("sub", "path_not_a_file"),
        ("pipe", "path_not_a_file"),
        ("CON", "path_not_a_file"),
        ("nul.csv", "path_not_a_file"),
        ("units.csv:hidden", "path_outside"),
        ("sub/a:b", "path_not_a_file"),
        (".", "path_not_a_file"),
        ("", "path_unreadable"),
        ("a\0b", "path_unreadable"),
        ("x" * 5_000, "path_unreadable"),
        ("nothing.csv", "path_missing"),
    ],
)
def test_refuses_paths_out_of_the_scenario_folder(tmp_path: Path, name: str, code: str) -> None:
    folder = tmp_path / "scenario"
    (folder / "sub").mkdir(parents=True)
    (tmp_path / "outside.csv").touch()
    (folder / "link.csv").symlink_to(tmp_path / "outside.csv")
    (folder / "loop").symlink_to(folder / "loop")
    os.mkfifo(folder / "pipe")
    with pytest.raises(InputError) as refused:
        safe_path(folder, name)
    assert codes(refused.value.problems) == [code]


def test_accepts_files_and_links_inside_the_folder(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "units.csv").touch()
    (tmp_path / "link.csv").symlink_to(tmp_path / "sub" / "units.csv")
    assert {
        safe_path(tmp_path, name) for name in ("sub/units.csv", "sub\\units.csv", "link.csv", "./sub/units.csv")
    } == {(tmp_path / "sub" / "units.csv").resolve()}


def test_refuses_a_folder_or_a_missing_file_in_place_of_a_table(tmp_path: Path) -> None:
    assert codes(problems(tmp_path, tmp_path / "no.csv")) == ["path_not_a_file", "path_missing"]


def test_says_each_problem_with_its_facts_in_both_languages(tmp_path: Path) -> None:
    bad = {"heads": "x", "deputies": "1,5", "level": "?", "lat": "300", "lon": "1", "equitization_listed": "?"}
    bad |= {"land_plan_approved": "?", "measured_columns": "?", "receiver": "?", "avg_pay_vnd_month": "1"}
    told = problems(write_csv(tmp_path, PRIMARY | bad, PRIMARY), _bytes(tmp_path, codecs.BOM_UTF8 + b"id", "b.csv"))
    assert len(told) >= 20
    for language in LANGUAGES:
        for problem in told:
            assert "{" not in Wording(language).say(problem.code, **problem.facts)
