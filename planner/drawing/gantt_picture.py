"""The roadmap as a Gantt chart: one line per decision with preparation, decision, hand-over and check."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import pandas as pd

from planner.drawing.bar_parts import Bar, BarRow, Cell, Heads, Scale, Strip
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.chart_style import BODY, WIDE
from planner.drawing.errands import decided_in, errand_words, errands_of, parts_of
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Part
from planner.drawing.sheet import Sheet
from planner.drawing.style import SOFT_INK
from planner.drawing.table_rows import Row, alphabetical, rows_of
from planner.wording import Wording

_NAME, _FIGURE = 92.0, 20.0
_PARTS = ("preparation", "decision", "handover", "check")


def gantt_chart(caption: Caption, roadmap: pd.DataFrame, wording: Wording) -> Chart:
    """Decisions by their year and day; roadmap: the rows of one plan with the columns of roadmap.csv."""
    rows, say = rows_of(roadmap), wording.say
    errands = sorted(errands_of(rows), key=lambda mine: (decided_in(mine)["until"], alphabetical(mine[0]["name"])))
    years = _years(rows)
    scale = _scale(years)
    decided: dict[str, list[BarRow]] = defaultdict(list)
    for mine in errands:
        decided[decided_in(mine)["until"][:4]].append(_row(mine, scale, wording))
    sections = [_section(year, parts, _Years(years, scale), wording) for year, parts in decided.items()]
    legend = [(part, say(f"charts.gantt_{part}")) for part in _PARTS]
    late = sum("starts_before_as_of" in row.get("note", "") for row in rows)
    notes = [say("charts.gantt_note"), *([say("charts.gantt_late", count=late)] if late else [])]
    return Chart(
        caption, say("charts.gantt"), say("charts.gantt_unit"), legend, sections, ("roadmap.csv",), WIDE, notes
    )


@dataclass(frozen=True)
class _Years:
    """The years above the lines, each where it begins."""

    years: Sequence[str]
    scale: Scale

    @property
    def height(self) -> float:
        return BODY.pitch + 0.6

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        for year in self.years:
            left = x + _NAME + self.scale.at(_day(f"{year}-01-01"))
            sheet.lines([year], (left + 0.8, y), BODY, ink=SOFT_INK)


@dataclass(frozen=True)
class _YearHeads:
    """A section's heading over the years of the chart."""

    heads: Heads
    years: _Years

    @cached_property
    def height(self) -> float:
        return self.heads.height + self.years.height

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        self.heads.draw(sheet, x, y)
        self.years.draw(sheet, x, y + self.heads.height)


def _section(year: str, parts: Sequence[Part], years: _Years, wording: Wording) -> Section:
    heading = wording.say("charts.gantt_year", year=year, count=len(parts))
    again = wording.say("graph.continued", heading=heading)
    return Section(_YearHeads(Heads(heading, WIDE), years), _YearHeads(Heads(again, WIDE), years), parts)


def _row(rows: Sequence[Row], scale: Scale, wording: Wording) -> BarRow:
    bars = []
    for part, mine in parts_of(rows).items():
        start, end = min(row["from"] for row in mine), max(row["until"] for row in mine)
        bars.append(Bar(_day(start), _day(end) + 1, part))
    year, month, day = decided_in(rows)["until"].split("-")
    figure = wording.say("charts.day", year=year, month=month, day=day)
    return BarRow(errand_words(rows[0], wording), _NAME, [Cell([Strip(bars, figure)], scale, _FIGURE)])


def _years(rows: Sequence[Row]) -> list[str]:
    """Every year that the roadmap touches."""
    if not rows:
        return []
    first, last = min(row["from"] for row in rows), max(row["until"] for row in rows)
    return [str(year) for year in range(int(first[:4]), int(last[:4]) + 1)]


def _scale(years: Sequence[str]) -> Scale:
    """From the first day of the first year to the last of the last, a mark where each year begins."""
    if not years:
        return Scale(0, 0, 0)
    starts = tuple(_day(f"{year}-01-01") for year in years[1:])
    return Scale(_day(f"{years[0]}-01-01"), _day(f"{years[-1]}-12-31"), WIDE - _NAME - _FIGURE, starts)


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()
