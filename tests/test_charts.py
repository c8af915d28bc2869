"""Charts of a plan: figures that can be added up by hand, names whole, nothing cut, and no change unseen.

The pictures stand as text in tests/pictures. Whoever means a change writes them anew with
`PSU_PLANNER_NEW_PICTURES=1 pytest tests/test_charts.py`, looks at the pictures, and commits the lines that differ.
"""

import os
from pathlib import Path

import chart_tables
import numpy as np
import pandas as pd
import pytest
from chart_tables import CAPTION, CASH, LONG, ROADMAP
from invented_plan import Draft, unit
from matplotlib.colors import to_rgb
from picture_checks import drawn_on, letters_in_svg, overlapping_texts, texts_off_the_sheet

from planner.drawing.bar_parts import BarRow
from planner.drawing.before_after_picture import sums_by
from planner.drawing.cash_picture import cash_chart, payback_year
from planner.drawing.chart_page import lay_out, scale_on_a4
from planner.drawing.chart_style import FILLS
from planner.drawing.errands import errands_of, parts_of
from planner.drawing.gantt_picture import gantt_chart
from planner.drawing.lettering import printable
from planner.drawing.merger_graph_page import lay_out_merger_graph
from planner.drawing.merger_map_page import lay_out_merger_map
from planner.drawing.sheet import Sheet, own_settings
from planner.drawing.table_rows import rows_of
from planner.wording import Wording

NAMES = ("before-after", "levers", "cash", "gantt", "staircase")
PICTURES = Path(__file__).parent / "pictures"


def sheet_of(name: str, language: str = "vi") -> Sheet:
    with own_settings():
        return lay_out(chart_tables.chart(name, Wording(language)), Wording(language))


def rows_in(name: str) -> dict[str, BarRow]:
    """The rows of a chart by their names; of two alike the last."""
    chart = chart_tables.chart(name, Wording("en"))
    parts = [part for section in chart.sections for part in section.parts]
    return {part.name: part for part in parts if isinstance(part, BarRow)}


def bars_of(row: BarRow, cell: int = 0) -> list[tuple[float, float]]:
    return [(float(bar.start), float(bar.end)) for strip in row.cells[cell].strips for bar in strip.bars]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", NAMES)
def test_overlaps_nothing_and_cuts_nothing(name: str, language: str) -> None:
    with own_settings():
        sheet = sheet_of(name, language)
        assert overlapping_texts(sheet) == []
        assert texts_off_the_sheet(sheet) == []


@pytest.mark.parametrize("name", NAMES)
def test_keeps_long_names_whole_and_says_where_it_comes_from(name: str, tmp_path: Path) -> None:
    with own_settings():
        sheet_of(name).save([tmp_path / "chart.svg"])
    letters = letters_in_svg(tmp_path / "chart.svg")
    if name not in ("cash", "before-after"):
        assert "".join(printable(LONG).split()) in letters
    assert "SỐLIỆUGIẢLẬP:3/4đơnvị" in letters
    assert "sốliệuđếnngày30/06/2024" in letters and ".csv" in letters and "Đơnvịtính:" in letters


@pytest.mark.parametrize("name", NAMES)
def test_draws_the_same_bytes_again(name: str, tmp_path: Path) -> None:
    for number in (1, 2):
        with own_settings():
            sheet_of(name).save([tmp_path / f"{number}.svg", tmp_path / f"{number}.png"])
    for form in ("svg", "png"):
        assert (tmp_path / f"1.{form}").read_bytes() == (tmp_path / f"2.{form}").read_bytes()


@pytest.mark.parametrize("name", [*NAMES, "merger-graph", "merger-map"])
def test_changes_no_picture_unseen(name: str) -> None:
    with own_settings():
        drawn = "\n".join(drawn_on(_any_sheet(name))) + "\n"
    kept = PICTURES / f"{name}.txt"
    if os.environ.get("PSU_PLANNER_NEW_PICTURES"):
        kept.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == kept.read_text(encoding="utf-8")


def test_begins_each_lever_where_the_one_above_ended() -> None:
    """3 by mergers, 1 more by equitization, 2 fewer because two are created: 2 are reached."""
    rows = rows_in("levers")
    steps = [rows[name] for name in ("equitization", "created by legal duty")]
    assert [bars_of(row) for row in steps] == [[(3, 4)], [(4, 2)]]
    assert [row.cells[0].strips[0].figure for row in steps] == ["+1", "−2"]
    assert steps[0].cells[0].scale.marks == (2.0,), "what is wanted"


def test_leaves_out_rows_by_label_and_says_what_cannot_be_divided() -> None:
    chart = chart_tables.chart("levers", Wording("en"))
    figures = [[part.cells[0].strips[0].figure for part in section.parts] for section in chart.sections]  # type: ignore[attr-defined]
    assert figures == [["+3", "+1", "−2", "2"], ["25%", "+8.33%", "33.33%"], ["–", "100%"]]


def test_shows_the_years_of_cash_in_millions_where_they_are_small() -> None:
    rows = rows_in("cash")
    assert bars_of(rows["2026"], 0) == [(0, 3), (0, -9)] and bars_of(rows["2026"], 1) == [(0, -6)]
    assert rows["2027"].cells[1].strips[0].figure == "1"
    assert rows["Mergers: administration"].cells[0].strips[0].figure == "12", "5 + 7"


def test_pays_back_in_the_first_year_from_which_the_sum_stays_up() -> None:
    amounts = {("cumulated", year): sum_ for year, sum_ in zip("abcd", (-6, 1, -1, 4), strict=True)}
    assert payback_year("abcd", amounts) == "d"
    assert payback_year("abc", amounts) == ""


def test_counts_before_and_after_by_group() -> None:
    """Two schools of 30 and 20 posts become one of 45; the station without a parent is gone by 2030."""
    view = chart_tables.view()
    today = sums_by(list(view.unit_rows.values()), lambda row: row["sector"])
    assert today == {
        "education": {"units": 2, "posts_budget": 50, "outlay": 1500},
        "science": {"units": 2, "posts_budget": 4, "outlay": 1600},
    }
    rows = rows_in("before-after")
    assert bars_of(rows["Giáo dục"], 1) == [(0, 50), (0, 45)]
    assert bars_of(rows["Parent not known"], 0) == [(0, 1), (0, 0)]
    assert bars_of(rows["All public service units"], 2) == [(0, 3100), (0, 2600)]


def test_takes_the_roadmap_apart_by_decision() -> None:
    errands = errands_of(rows_of(ROADMAP))
    assert [(mine[0]["name"], len(mine)) for mine in errands] == [("Trường A", 4), (LONG, 2), (LONG, 2)]
    assert list(parts_of(errands[0])) == ["preparation", "decision", "handover", "check"]
    assert list(parts_of(errands[1])) == ["preparation", "decision"]


def test_marks_steps_that_no_plan_reaches_and_prices_that_are_not_exact() -> None:
    chart = chart_tables.chart("staircase", Wording("en"))
    told = [[(part.name, part.cells[0].strips[0].figure) for part in section.parts] for section in chart.sections]  # type: ignore[attr-defined]
    assert told == [
        [("−1: 9%", "−300"), ("the plan as it is", "0"), ("+1: 11%", "100 … 450"), ("+2: 12%", "no plan")],
        [("the plan as it is", "0"), ("+1: 3", "20 … ?")],
    ]


def test_says_so_where_there_is_nothing_to_draw() -> None:
    for chart in (gantt_chart(CAPTION, ROADMAP[:0], Wording("en")), chart_tables.chart("levers", Wording("en"))):
        with own_settings():
            words = " ".join(text.get_text() for text in lay_out(chart, Wording("en")).axes.texts)
        assert ("nothing to draw" in words) == (not chart.sections)


def test_prints_many_years_and_decisions_on_paper_that_exists() -> None:
    """Two hundred decisions still come out at more than a third of their size on A4, and so at half on A3."""
    many = pd.concat([ROADMAP[:4].assign(successor_id=f"u{number}") for number in range(200)])
    with own_settings():
        sheet = lay_out(gantt_chart(CAPTION, many, Wording("vi")), Wording("vi"))
        assert overlapping_texts(sheet) == [] and texts_off_the_sheet(sheet) == []
    assert scale_on_a4(sheet.width, sheet.height) > 0.33


def test_draws_money_in_billions_where_it_is_large() -> None:
    chart = cash_chart(CAPTION, CASH.assign(amount_mvnd=CASH["amount_mvnd"] * 10_000), Wording("vi"))
    assert chart.unit == "tỷ đồng"


@pytest.mark.parametrize(
    "together",
    [("before", "after"), ("before", "real", "movement", "relabelling", "reached"), ("saving", "one_off", "net"),
     ("price", "open", "impossible"), ("preparation", "decision", "handover", "check")],
)  # fmt: skip
def test_stays_apart_in_grey(together: tuple[str, ...]) -> None:
    """Fills of one chart differ by their hatch, or by a fifth of the way from black to white."""
    grey = {name: float(np.dot(to_rgb(FILLS[name].colour), (0.299, 0.587, 0.114))) for name in together}
    for place, one in enumerate(together):
        for other in together[place + 1 :]:
            assert FILLS[one].hatch != FILLS[other].hatch or abs(grey[one] - grey[other]) > 0.2, (one, other)


def _any_sheet(name: str) -> Sheet:
    if name in NAMES:
        return sheet_of(name)
    places = enumerate("ABCD")
    draft = Draft([unit(letter, f"Trường {letter}", lat=11.0 + place / 20) for place, letter in places])
    draft.merge(["A", "B"])
    draft.step("D", "raise", group_after=2)
    lay_out_old = lay_out_merger_graph if name == "merger-graph" else lay_out_merger_map
    return lay_out_old(draft.view(), Wording("vi"))
