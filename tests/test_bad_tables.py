"""Tables that are broken, hostile or in doubt are refused with their place, or read right; nothing is guessed."""

import codecs
import os
import unicodedata
from pathlib import Path

import pytest
from openpyxl import Workbook
from small_table import CENTRE, PRIMARY, codes, csv_text, problems, read, write_bytes, write_csv, write_xlsx

from models.problem import InputError
from planner.safe_path import safe_path
from planner.wording import LANGUAGES, Wording

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
    units, _ = read(write_bytes(tmp_path, csv_text(PRIMARY).encode(encoding)))
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
    path = write_bytes(tmp_path, _windows_1258(csv_text(PRIMARY)))
    assert read(path, encoding="windows-1258")[0].text("name")[0] == "Trường Tiểu học Hòa Thắng"
    [problem] = problems(path)
    assert (problem.code, problem.facts["guess"]) == ("units.encoding", "windows-1258")


def test_reads_utf_16_without_a_mark_when_declared(tmp_path: Path) -> None:
    path = write_bytes(tmp_path, csv_text(PRIMARY).encode("utf-16-le"))
    assert read(path, encoding="utf-16-le")[0].ids == ("001",)
    assert problems(path)[0].facts["guess"] == "UTF-16"


TCVN3 = "Tr\xad\xeang TiÓu häc Hßa Th¾ng, §¬n vÞ sù nghiÖp c«ng lËp, Trung t©m ®µo t¹o"
VNI = "Tröôøng Tieåu hoïc Hoøa Thaéng, Ñôn vò söï nghieäp coâng laäp"


@pytest.mark.parametrize(("name", "guess"), [(TCVN3, "TCVN3"), (VNI, "VNI")])
@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
def test_never_shows_older_encodings_as_mojibake(tmp_path: Path, name: str, guess: str, encoding: str) -> None:
    text = csv_text(dict.fromkeys(PRIMARY, "x") | {"name": name})
    [problem] = problems(write_bytes(tmp_path, text.encode(encoding)))
    assert problem.code in ("units.encoding", "units.old_encoding")
    assert problem.facts["guess"] == guess


@pytest.mark.parametrize("declared", ["windows-1258", "utf-8"])
def test_does_not_believe_a_wrong_declaration(tmp_path: Path, declared: str) -> None:
    text = csv_text(PRIMARY | {"name": TCVN3})
    told = problems(
        write_bytes(tmp_path, text.replace(PRIMARY["parent"], "x").replace("Xã Hòa Thắng", "y").encode("latin-1")),
        encoding=declared,
    )
    assert codes(told)[0] in ("old_encoding", "encoding_wrong")


def test_refuses_an_unknown_encoding_and_letters_already_lost(tmp_path: Path) -> None:
    assert codes(problems(write_csv(tmp_path, PRIMARY), encoding="klingon")) == ["encoding_unknown"]
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"name": "Tr\ufffdng"}))) == ["letters_lost"]


@pytest.mark.parametrize("data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 90, b"\0" * 5_000, b"id\0,name"])
def test_refuses_what_is_not_text(tmp_path: Path, data: bytes) -> None:
    assert codes(problems(write_bytes(tmp_path, data)))[0] in ("not_text", "encoding")


# The shape of text tables


def test_refuses_a_ragged_row_with_its_number(tmp_path: Path) -> None:
    lines = csv_text(PRIMARY, CENTRE).splitlines()
    for spoiled, cells in ((lines[2] + ",", 16), (lines[2].rsplit(",", 1)[0], 14)):
        [problem] = problems(write_bytes(tmp_path, "\n".join([*lines[:2], spoiled]).encode()))
        assert (problem.code, problem.facts) == ("units.ragged_row", {"row": "3", "cells": cells, "wanted": 15})


def test_refuses_a_row_that_an_unquoted_comma_would_shift(tmp_path: Path) -> None:
    text = csv_text(PRIMARY | {"note": ""}).replace("Trường Tiểu học", "Trường, Tiểu học")
    assert codes(problems(write_bytes(tmp_path, text.encode()))) == ["ragged_row"]


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
    [problem] = problems(write_bytes(tmp_path, text.encode()))
    assert (problem.code, problem.facts["row"]) == ("units.unclosed_quote", "2")
    spoiled = text.replace("Trung tâm", '"Trung tâm')
    assert codes(problems(write_bytes(tmp_path, spoiled.encode()))) == ["broken_quote"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_reads_every_separator_and_line_ending(tmp_path: Path, separator: str, ending: str) -> None:
    note = "một; hai, ba\tbốn | năm"
    text = csv_text(PRIMARY | {"note": note}, CENTRE, separator=separator).replace("\n", ending)
    units, _ = read(write_bytes(tmp_path, text.encode()))
    assert (units.ids, units.text("note")[0]) == (("001", "DV-2"), note)


def test_follows_a_stated_separator(tmp_path: Path) -> None:
    text = "sep=;\r\n" + csv_text(PRIMARY, separator=";")
    assert read(write_bytes(tmp_path, text.encode()))[0].ids == ("001",)


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_refuses_an_empty_table(tmp_path: Path, data: bytes) -> None:
    assert codes(problems(write_bytes(tmp_path, data))) in (["empty"], ["missing_column"] * 15)


def test_refuses_a_header_without_units(tmp_path: Path) -> None:
    assert codes(problems(write_bytes(tmp_path, csv_text(PRIMARY).splitlines()[0].encode()))) == ["empty"]


def test_refuses_a_file_too_large(tmp_path: Path) -> None:
    path = tmp_path / "units.csv"
    with path.open("wb") as sink:
        sink.truncate(200 * 2**20)
    assert codes(problems(path)) == ["file_too_large"]


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
    told = problems(
        write_csv(tmp_path, PRIMARY | bad, PRIMARY), write_bytes(tmp_path, codecs.BOM_UTF8 + b"id", "b.csv")
    )
    assert len(told) >= 20
    for language in LANGUAGES:
        for problem in told:
            assert "{" not in Wording(language).say(problem.code, **problem.facts)
