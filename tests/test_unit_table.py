"""Unit tables as planners fill them become units, and every doubt is told."""

import tomllib
import unicodedata
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook
from small_table import AS_OF, CENTRE, PRIMARY, binh_thuan, codes, csv_text, problems, read, write_csv, write_xlsx

from models.unit import COLUMNS
from planner.units.columns import column_guide
from planner.units.spelling import folded
from planner.units.unit_csv import write_units_csv
from planner.units.unit_table import read_units
from planner.units.unit_template import write_unit_template
from planner.units.vocabulary import shipped_vocabulary
from planner.wording import LANGUAGES, Wording


def test_reads_a_row_as_it_stands(tmp_path: Path) -> None:
    units, warnings = read(write_csv(tmp_path, PRIMARY))
    assert units.ids == ("001",)
    assert units.text("name")[0] == "Trường Tiểu học Hòa Thắng"
    assert (units.figure("posts_budget")[0], units.figure("recurrent_mvnd")[0]) == (30, 5400)
    assert warnings == ()


def test_fills_what_follows_from_other_cells_and_says_so(tmp_path: Path) -> None:
    units, _ = read(write_csv(tmp_path, PRIMARY))
    follows = {
        "present_budget": 30,
        "present_own": 0,
        "posts_budget_2025": 30,
        "state_grant_2021_2025_mvnd": 5200,
        "professional_posts": 30 - 1 - 2 - 1 - 1,
        "autonomy_group": 4,
    }
    assert {name: int(units.figure(name)[0]) for name in follows} == follows
    assert all(units.assumed[name][0] for name in follows)
    assert "posts_budget" not in units.assumed


def test_takes_place_and_position_from_the_commune(tmp_path: Path) -> None:
    units, _ = read(write_csv(tmp_path, PRIMARY | {"commune": "hoa thang"}))
    assert [units.text(name)[0] for name in ("commune", "district", "area", "commune_2025")] == [
        "Xã Hòa Thắng",
        "Huyện Bắc Bình",
        "Huyện Bắc Bình",
        "Xã Hòa Thắng",
    ]
    assert units.degrees[0].tolist() == pytest.approx([11.101703, 108.403867])
    assert units.assumed["lat"][0]


def test_keeps_stated_coordinates(tmp_path: Path) -> None:
    units, _ = read(write_csv(tmp_path, PRIMARY | {"lat": "11.1", "lon": "108.4"}))
    assert units.degrees[0].tolist() == [11.1, 108.4]
    assert "lat" not in units.assumed


def test_keeps_two_communes_of_one_name_apart(tmp_path: Path) -> None:
    rows = [
        PRIMARY | {"commune": "Tân Hà", "district": "Đức Linh"},
        PRIMARY | {"id": "002", "commune": "Tân Hà", "district": "Hàm Tân"},
    ]
    units, _ = read(write_csv(tmp_path, *rows))
    assert list(units.text("commune")) == ["Xã Tân Hà, Huyện Đức Linh", "Xã Tân Hà, Huyện Hàm Tân"]


def test_stacks_the_files_of_several_departments(tmp_path: Path) -> None:
    schools = write_csv(tmp_path, PRIMARY, name="so-giao-duc.csv")
    rows = [list(CENTRE), [int(cell) if cell.isdigit() else cell for cell in CENTRE.values()]]
    transport = write_xlsx(tmp_path, rows, name="so-giao-thong.xlsx")
    units, _ = read(schools, transport)
    assert units.ids == ("001", "DV-2")


def test_names_both_rows_and_files_of_a_doubled_id(tmp_path: Path) -> None:
    one, two = write_csv(tmp_path, PRIMARY, name="a.csv"), write_csv(tmp_path, CENTRE, PRIMARY, name="b.csv")
    [problem] = problems(one, two)
    assert problem.facts == {"id": "001", "row": "b.csv 3", "other": "a.csv 2"}


def test_orders_units_by_id_whatever_the_order_of_rows(tmp_path: Path) -> None:
    forth, back = write_csv(tmp_path, PRIMARY, CENTRE, name="a.csv"), write_csv(tmp_path, CENTRE, PRIMARY, name="b.csv")
    assert read(forth)[0].ids == read(back)[0].ids == ("001", "DV-2")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize(
    "change", [str.title, str.upper, lambda text: text.replace(" ", "\n", 1), lambda text: f"  {text} "]
)
def test_knows_vietnamese_headers_in_every_dress(tmp_path: Path, form: str, change: object) -> None:
    guide = column_guide()
    row = {unicodedata.normalize(form, change(guide.header(name))): cell for name, cell in PRIMARY.items()}  # type: ignore[operator]
    assert read(write_csv(tmp_path, row))[0].figure("state_grant_mvnd")[0] == 5200


def test_knows_vietnamese_terms(tmp_path: Path) -> None:
    terms = {
        "sector": "Giáo dục và đào tạo",
        "kind": "Trường tiểu học",
        "function": "Dịch vụ sự nghiệp công cơ bản, thiết yếu",
        "level": "thuộc UBND cấp huyện",
        "performance": "Hoàn thành tốt nhiệm vụ",
        "data_quality": "Giả lập",
        "autonomy_group": "Nhóm 4",
        "equitization_listed": "Không",
        "land_plan_approved": "2028",
        "measured_columns": "posts_budget; Số cấp phó",
    }
    units, warnings = read(write_csv(tmp_path, PRIMARY | terms))
    names = ("sector", "kind", "function", "level", "performance", "data_quality", "measured_columns")
    assert [units.text(name)[0] for name in names] == [
        "education",
        "primary",
        "basic_essential",
        "district",
        "good",
        "invented",
        "posts_budget;deputies",
    ]
    assert [units.figure(name)[0] for name in ("autonomy_group", "equitization_listed", "land_plan_approved")] == [
        4,
        0,
        2028,
    ]
    assert warnings == ()


@pytest.mark.parametrize(("written", "meant"), [("Có", 1), ("no", 0), ("TRUE", 1), ("0", 0), ("", 0)])
def test_knows_yes_and_no(tmp_path: Path, written: str, meant: int) -> None:
    assert (
        read(write_csv(tmp_path, PRIMARY | {"equitization_listed": written}))[0].figure("equitization_listed")[0]
        == meant
    )


@pytest.mark.parametrize(
    ("revenue", "own", "worn", "group"),
    [
        (99, 0, 0, 4),
        (100, 0, 0, 3),
        (999, 0, 0, 3),
        (1000, 0, 0, 2),
        (1000, 50, 50, 1),
        (1000, 49, 50, 2),
        (1000, 50, 0, 2),
    ],
)
def test_reckons_the_autonomy_group_at_its_edges(tmp_path: Path, revenue: int, own: int, worn: int, group: int) -> None:
    money = {"revenue_mvnd": revenue, "recurrent_mvnd": 1000, "state_grant_mvnd": 1000 - revenue}
    money |= {"investment_self_mvnd": own, "depreciation_mvnd": worn}
    units, _ = read(write_csv(tmp_path, PRIMARY | {name: str(amount) for name, amount in money.items()}))
    assert units.figure("autonomy_group")[0] == group


def test_gives_no_group_to_a_unit_without_spending(tmp_path: Path) -> None:
    nothing = {"revenue_mvnd": "0", "recurrent_mvnd": "0", "state_grant_mvnd": "0"}
    assert read(write_csv(tmp_path, PRIMARY | nothing))[0].figure("autonomy_group")[0] == 4


@pytest.mark.parametrize(("group", "lifted"), [("2", 5405), ("1", 5405), ("3", 541), ("4", 200)])
def test_lifts_revenue_to_the_edge_of_the_stated_group(tmp_path: Path, group: str, lifted: int) -> None:
    row = PRIMARY | {"recurrent_mvnd": "5405", "state_grant_mvnd": "5205", "autonomy_group": group}
    units, warnings = read(write_csv(tmp_path, row))
    assert (units.figure("revenue_mvnd")[0], units.figure("autonomy_group")[0]) == (lifted, int(group))
    assert codes(warnings) == ([] if group == "4" else ["group_lifted"])
    assert ("revenue_mvnd" in units.assumed) == (group != "4")


def test_warns_of_accounts_that_differ_by_more_than_one_percent(tmp_path: Path) -> None:
    near, far = PRIMARY | {"state_grant_mvnd": "5146"}, PRIMARY | {"state_grant_mvnd": "5145"}
    assert codes(read(write_csv(tmp_path, near))[1]) == []  # 54 of 5,400
    assert codes(read(write_csv(tmp_path, far))[1]) == ["accounts"]


def test_counts_units_that_earn_more_than_they_spend_once(tmp_path: Path) -> None:
    _, [warning] = read(write_csv(tmp_path, CENTRE, CENTRE | {"id": "DV-3"}))
    assert (warning.code, warning.facts["count"]) == ("units.surplus", 2)


def test_reads_people_who_reach_retirement_by_year(tmp_path: Path) -> None:
    units, _ = read(write_csv(tmp_path, PRIMARY | {"retiring_by_2025": "1", "Nghỉ hưu đến hết năm 2030": "4"}))
    assert [int(units.retiring_by(year)[0]) for year in (2024, 2025, 2029, 2030)] == [0, 1, 1, 4]


def test_refuses_retiring_people_who_become_fewer(tmp_path: Path) -> None:
    [problem] = problems(write_csv(tmp_path, PRIMARY | {"retiring_by_2025": "3", "retiring_by_2030": "2"}))
    assert (problem.code, problem.facts["before"], problem.facts["after"]) == ("units.retiring_falls", 3, 2)
    assert codes(problems(write_csv(tmp_path, PRIMARY | {"retiring_by_2023": "3"}))) == ["retiring_before"]


@pytest.mark.parametrize(
    ("unit", "written", "amount", "rounded"),
    [
        ("dong", "5400000000", 5400, 0),
        ("dong", "5400500000", 5401, 1),
        ("thousand", "5400499", 5400, 1),
        ("billion", "5.4", 5400, 0),
    ],
)
def test_converts_money_and_counts_what_it_rounded(
    tmp_path: Path, unit: str, written: str, amount: int, rounded: int
) -> None:
    others = {"revenue_mvnd": "0", "state_grant_mvnd": "0", "autonomy_group": "4"}
    units, warnings = read(write_csv(tmp_path, PRIMARY | others | {"recurrent_mvnd": written}), money_unit=unit)
    assert units.figure("recurrent_mvnd")[0] == amount
    assert [warning.facts["count"] for warning in warnings if warning.code == "units.rounded"] == [1] * rounded


def test_refuses_a_header_in_another_unit_of_money(tmp_path: Path) -> None:
    row = {
        ("Tổng chi thường xuyên (nghìn đồng)" if name == "recurrent_mvnd" else name): cell
        for name, cell in PRIMARY.items()
    }
    assert codes(problems(write_csv(tmp_path, row))) == ["header_money_unit"]
    assert read(
        write_csv(
            tmp_path,
            row
            | {
                "Tổng chi thường xuyên (nghìn đồng)": "5400000",
                "revenue_mvnd": "200000",
                "state_grant_mvnd": "5200000",
            },
        ),
        money_unit="thousand",
    )


def test_reads_vietnamese_numbers_when_declared(tmp_path: Path) -> None:
    row = PRIMARY | {"recurrent_mvnd": "5.400", "state_grant_mvnd": "5200,4", "lat": "11,1", "lon": "108,40"}
    units, warnings = read(write_csv(tmp_path, row), number_format="vi")
    assert (units.figure("recurrent_mvnd")[0], units.figure("state_grant_mvnd")[0]) == (5400, 5200)
    assert units.degrees[0].tolist() == [11.1, 108.4]
    assert codes(warnings) == ["rounded"]


def test_counts_no_units_that_had_to_be_placed_where_there_are_none(tmp_path: Path) -> None:
    """A commune that nobody listed with coordinates of its own: the warning speaks of the name alone."""
    row = PRIMARY | {"commune": "Xã Sao Hỏa", "district": "Bắc Bình", "lat": "11.1", "lon": "108.4"}
    _, warnings = read(write_csv(tmp_path, row))
    assert codes(warnings) == ["unknown_commune_placed"]
    assert "tọa độ" not in Wording("vi").say(warnings[0].code, **warnings[0].facts)
    _, warnings = read(write_csv(tmp_path, row | {"lat": "", "lon": ""}))
    assert codes(warnings) == ["unknown_commune"] and warnings[0].facts["unplaced"] == 1


def test_warns_of_kinds_sectors_and_communes_that_nobody_listed(tmp_path: Path) -> None:
    row = PRIMARY | {"kind": "Trạm vũ trụ", "sector": "Vũ trụ", "commune": "Xã Sao Hỏa", "district": "Bắc Bình"}
    units, warnings = read(write_csv(tmp_path, row, row | {"id": "002"}))
    assert sorted(codes(warnings)) == ["unknown_commune", "unknown_kind", "unknown_sector"]
    assert {warning.facts["count"] for warning in warnings} == {2}
    assert units.degrees[0].tolist() == pytest.approx(binh_thuan().centre("Bắc Bình"))
    assert units.text("kind")[0] == "Trạm vũ trụ"


def test_says_which_communes_a_name_can_mean(tmp_path: Path) -> None:
    _, [warning] = read(write_csv(tmp_path, PRIMARY | {"commune": "Tân Hà"}))
    assert warning.facts["names"] == "Xã Tân Hà, Huyện Đức Linh; Xã Tân Hà, Huyện Hàm Tân"


def test_refuses_a_receiver_that_does_not_exist(tmp_path: Path) -> None:
    rows = [PRIMARY | {"receiver": "ABC"}, CENTRE | {"receiver": "DV-2"}]
    assert codes(problems(write_csv(tmp_path, *rows))) == ["unknown_receiver", "own_receiver"]


def test_tells_all_problems_at_once(tmp_path: Path) -> None:
    row = PRIMARY | {"posts_budget": "42,5", "heads": "-1", "level": "thôn", "id": ""}
    told = problems(write_csv(tmp_path, row), tmp_path / "missing.csv")
    assert sorted(codes(told)) == ["ambiguous_number", "negative", "not_a_choice", "path_missing", "required"]


def test_counts_every_problem_and_spells_out_twenty_of_a_sort(tmp_path: Path) -> None:
    rows = [PRIMARY | {"id": f"{at:03}", "heads": "x"} for at in range(100)]
    told = problems(write_csv(tmp_path, *rows))
    assert codes(told) == ["not_a_number"] * 20 + ["more_like_this"]
    assert told[-1].facts["count"] == 80


def test_finds_the_header_below_a_title(tmp_path: Path) -> None:
    title = [["BIỂU SỐ 1", None], ["Tỉnh Bình Thuận", None]]
    assert read(write_xlsx(tmp_path, [*title, list(PRIMARY), list(PRIMARY.values())]))[0].ids == ("001",)


def test_ignores_running_numbers(tmp_path: Path) -> None:
    assert len(read(write_csv(tmp_path, {"STT": "1"} | PRIMARY))[0]) == 1


@pytest.fixture
def rich_row() -> dict[str, str]:
    """Every column filled with something that a careless writer would spoil."""
    return PRIMARY | {
        "id": "'=1+1",
        "name": '=cmd|"/c calc"!A1',
        "parent": "+84",
        "note": 'hai\ndòng, “ngoặc” "kép"; {{7*7}} $\\alpha$ </script>',
        "planned": "2027-03-01",
        "dissolution_ground": "-15%",
        "lat": "11.000000001",
        "lon": "108.4",
        "autonomy_group": "4",
        "land_plan_approved": "yes",
        "retiring_by_2030": "3",
        "posts_budget_2025": "31",
        "avg_pay_vnd_month": "9876543",
    }


def test_writes_a_table_that_reads_back_the_same(tmp_path: Path, rich_row: dict[str, str]) -> None:
    units, _ = read(write_csv(tmp_path, rich_row, CENTRE))
    write_units_csv(units, tmp_path / "once.csv")
    again, _ = read(tmp_path / "once.csv")
    write_units_csv(again, tmp_path / "twice.csv")
    assert (tmp_path / "once.csv").read_bytes() == (tmp_path / "twice.csv").read_bytes()
    assert again.ids == units.ids == ("=1+1", "DV-2")
    for name in units.texts:
        assert list(again.text(name)) == list(units.text(name)), name
    for name in units.figures:
        assert list(again.figure(name)) == list(units.figure(name)), name
    assert again.degrees.tolist() == units.degrees.tolist()
    assert {name: list(cells) for name, cells in again.assumed.items()} == {
        name: list(cells) for name, cells in units.assumed.items()
    }


def test_writes_no_live_formula(tmp_path: Path, rich_row: dict[str, str]) -> None:
    units, _ = read(write_csv(tmp_path, rich_row))
    write_units_csv(units, tmp_path / "out.csv")
    first = (tmp_path / "out.csv").read_text(encoding="utf-8").splitlines()[1]
    assert first.startswith("'=1+1,\"'=cmd|")
    write_unit_template(tmp_path / "out.xlsx", units, Wording("vi"))
    sheet = load_workbook(tmp_path / "out.xlsx")["Đơn vị"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_fills_the_template_with_units_and_reads_them_back(
    tmp_path: Path, rich_row: dict[str, str], language: str
) -> None:
    units, _ = read(write_csv(tmp_path, rich_row, CENTRE))
    write_unit_template(tmp_path / "template.xlsx", units, Wording(language))
    again, _ = read(tmp_path / "template.xlsx")
    write_units_csv(units, tmp_path / "a.csv")
    write_units_csv(again, tmp_path / "b.csv")
    assert (tmp_path / "a.csv").read_text(encoding="utf-8") == (tmp_path / "b.csv").read_text(encoding="utf-8")


def test_writes_an_empty_template_with_guidance_and_lists(tmp_path: Path) -> None:
    write_unit_template(tmp_path / "template.xlsx", None, Wording("vi"))
    book = load_workbook(tmp_path / "template.xlsx")
    assert book.sheetnames == ["Đơn vị", "Hướng dẫn", "Danh mục"]
    assert book["Đơn vị"].freeze_panes == "C2"
    assert len(book["Đơn vị"].data_validations.dataValidation) == 8
    assert book["Hướng dẫn"].max_row == 1 + len(COLUMNS) + 1
    assert codes(problems(tmp_path / "template.xlsx")) == ["empty"]


def test_guides_every_column_in_both_languages() -> None:
    for column in [*COLUMNS]:
        guidance = column_guide().guidance(column.name)
        assert all(guidance.meaning[language] and guidance.who[language] for language in LANGUAGES)
        assert all(bool(guidance.empty[language]) != column.required for language in LANGUAGES), column.name


def test_gives_no_two_columns_one_header() -> None:
    guide = column_guide()
    keys = [key for column in guide.columns.values() for key in {folded(header) for header in column.headers}]
    assert len(keys) == len(set(keys))
    assert all(guide.column_of(guide.header(column.name)) == column.name for column in COLUMNS)


def test_gives_no_two_codes_one_word() -> None:
    for name, entries in shipped_vocabulary().lists.items():
        words = [
            word
            for code, entry in entries.items()
            for word in {folded(text) for text in (code, entry["vi"], entry["en"], *entry.get("also", ()))}
        ]
        assert len(words) == len(set(words)), name


def test_puts_every_kind_in_known_sectors_and_every_sector_in_a_field() -> None:
    words = shipped_vocabulary()
    assert all(set(words.sectors_of(kind)) <= set(words.lists["sectors"]) for kind in words.lists["kinds"])
    assert {sector["field"] for sector in words.lists["sectors"].values()} == set(words.lists["fields"])


def test_knows_the_kinds_of_the_glossary() -> None:
    pairs = {
        "mầm non": "preschool",
        "Trung tâm GDNN-GDTX": "gdtx",
        "Phòng công chứng": "notary_office",
        "Ban quản lý dự án": "pmb",
    }
    assert {word: shipped_vocabulary().code("kinds", word) for word in pairs} == pairs
    assert shipped_vocabulary().code("kinds", "Văn phòng công chứng") is None  # the private one


def test_reads_a_nation_in_seconds(tmp_path: Path) -> None:
    rows = [PRIMARY | {"id": f"U{at:05}"} for at in range(5_000)]
    (tmp_path / "units.csv").write_text(csv_text(*rows), encoding="utf-8")
    units, _ = read_units([tmp_path / "units.csv"], gazetteer=binh_thuan(), as_of=AS_OF)
    assert len(units) == 5_000


def test_refuses_a_unit_of_money_that_does_not_exist(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="penny"):
        read(write_csv(tmp_path, PRIMARY), money_unit="penny")


def test_says_every_problem_in_both_languages() -> None:
    folder = Path(__file__).parents[1] / "planner" / "wording"
    for language in LANGUAGES:
        with (folder / language / "units.toml").open("rb") as source:
            assert all(sentence.strip() for sentence in tomllib.load(source).values())


def test_uses_the_communes_of_the_day(tmp_path: Path) -> None:
    from planner.units.gazetteer import Gazetteer

    day = date(2026, 1, 1)
    gazetteer = Gazetteer.read("Lâm Đồng", day)
    row = PRIMARY | {"commune": "Đặc khu Phú Quý", "level": "commune"}
    units, _ = read_units([write_csv(tmp_path, row)], gazetteer=gazetteer, as_of=day)
    assert [units.text(name)[0] for name in ("district", "area", "commune_2025")] == [
        "",
        "Huyện Phú Quí",
        "Đặc khu Phú Quý",
    ]
