"""Workbooks that are broken, hostile or in doubt are refused with their cell, or read right; nothing is guessed."""

import io
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_table import CENTRE, PRIMARY, codes, problems, read, write_bytes, write_xlsx

SHEET = "xl/worksheets/sheet1.xml"
ROWS = [list(PRIMARY), list(PRIMARY.values())]


def _spoiled(folder: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """A sound workbook with one part of its archive rewritten."""
    source = write_xlsx(folder, ROWS, "sound.xlsx")
    target = folder / "spoiled.xlsx"
    with zipfile.ZipFile(source) as sound, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as spoiled:
        for name in sound.namelist():
            data = sound.read(name)
            spoiled.writestr(name, change(data) if name == part else data)
    return target


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
    assert codes(problems(write_bytes(tmp_path, lied, "lied.xlsx"))) == ["xlsx_damaged"]


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_refuses_a_truncated_workbook(tmp_path: Path, share: float) -> None:
    data = write_xlsx(tmp_path, ROWS).read_bytes()
    assert codes(problems(write_bytes(tmp_path, data[: int(len(data) * share)], "cut.xlsx"))) == ["xlsx_damaged"]


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
    assert codes(problems(write_bytes(tmp_path, data, "units.xlsx"))) == [code]


def test_refuses_an_archive_that_is_no_workbook(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert codes(problems(write_bytes(tmp_path, buffer.getvalue(), "units.xlsx"))) == ["xlsx_other"]


def test_refuses_broken_markup(tmp_path: Path) -> None:
    assert codes(problems(_spoiled(tmp_path, SHEET, lambda data: data.replace(b"</row>", b"</rov>", 1)))) == [
        "xlsx_damaged"
    ]
    assert codes(problems(_spoiled(tmp_path, "xl/workbook.xml", lambda _: b"<workbook/>"))) == ["xlsx_damaged"]


def test_reads_a_workbook_called_csv(tmp_path: Path) -> None:
    path = write_xlsx(tmp_path, ROWS)
    assert read(path.rename(tmp_path / "units.csv"))[0].ids == ("001",)
