"""What carried each target, as a waterfall: every lever begins where the one above ended, down to what is reached."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from fractions import Fraction

import pandas as pd

from planner.drawing.bar_parts import Bar, BarRow, Cell, Heads, Scale, Strip
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.chart_style import BODY, BOLD, HALF
from planner.drawing.lettering import Lettering
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Part
from planner.drawing.rule_words import IN_PERCENT, rule_words
from planner.drawing.table_rows import Row, rows_of
from planner.wording import Wording

_NAME, _FIGURE = 56.0, 17.0
_PLOT = HALF - _NAME - _FIGURE
_NATURES = ("before", "real", "movement", "relabelling")


def lever_chart(caption: Caption, levers: pd.DataFrame, readings: pd.DataFrame, wording: Wording) -> Chart:
    """One waterfall per target; levers and readings: the rows of one plan with the columns of the run's tables.

    A target that is read per district or parent is left out, as in the terminal: its rows stand in levers.csv.
    """
    rows = [row for row in rows_of(levers) if not row["label"]]
    read = {row["id"]: row for row in rows_of(readings) if not row["label"]}
    ids = [name for name in dict.fromkeys(row["id"] for row in rows) if name in read]
    say = wording.say
    sections = [_section(read[name], [row for row in rows if row["id"] == name], wording) for name in ids]
    natures = [(nature, say(f"levers.nature_{nature}")) for nature in _NATURES]
    return Chart(
        caption, say("charts.levers"), say("charts.levers_unit"), [*natures, ("reached", say("charts.reached"))],
        sections, ("levers.csv", "readings.csv"), HALF, (say("charts.levers_note"), say("levers.legend")),
    )  # fmt: skip


def _section(reading: Row, rows: Sequence[Row], wording: Wording) -> Section:
    given = _given(rows)
    reached, wanted = Fraction(reading["reached"]), Fraction(reading["wanted"])
    steps, ends = [], [Fraction(0)]
    for (lever, nature), points in given.items():
        steps.append((lever, nature, ends[-1], ends[-1] + (points or 0)))
        ends.append(ends[-1] + (points or 0))
    low, high = min(wanted, reached, *ends), max(wanted, reached, *ends)
    scale = Scale(float(low), float(high), _PLOT, (float(wanted),))
    percent = reading["rule"] in IN_PERCENT
    parts: list[Part] = []
    for (lever, nature, start, end), points in zip(steps, given.values(), strict=True):
        figure = "–" if points is None else _figure(points, percent, wording, signed=nature != "before")
        parts.append(_row(wording.term("levers", lever), Bar(float(start), float(end), nature), figure, scale))
    bar, figure = Bar(0.0, float(reached), "reached"), _figure(reached, percent, wording)
    parts.append(_row(wording.say("charts.reached"), bar, figure, scale, lettering=BOLD))
    facts = {"mark": "✓" if reading["met"] == "True" else "✗", "rule": _named(reading, wording),
             "wanted": _figure(wanted, percent, wording), "reached": _figure(reached, percent, wording)}  # fmt: skip
    heading = Heads(wording.say("graph.reading", **facts), HALF)
    again = wording.say("graph.continued", heading=_named(reading, wording))
    return Section(heading, Heads(again, HALF), parts)


def _row(name: str, bar: Bar, figure: str, scale: Scale, *, lettering: Lettering = BODY) -> BarRow:
    return BarRow(name, _NAME, [Cell([Strip([bar], figure)], scale, _FIGURE)], lettering)


def _given(rows: Sequence[Row]) -> Mapping[tuple[str, str], Fraction | None]:
    """Points by lever and nature, numerator and denominator together; None where nothing can be divided."""
    given: dict[tuple[str, str], Fraction | None] = defaultdict(Fraction)
    for row in rows:
        key = (row["lever"], row["nature"])
        before = given[key]
        given[key] = before + Fraction(row["points"]) if row["points"] and before is not None else None
    return {key: points for key, points in given.items() if points is None or points}


def _named(reading: Row, wording: Wording) -> str:
    return rule_words(reading.get("name", ""), reading["rule"], reading["year"], wording)


def _figure(value: Fraction, percent: bool, wording: Wording, *, signed: bool = False) -> str:
    text = wording.number(value, 0 if value.denominator == 1 else 2)
    sign = "+" if signed and value > 0 else ""
    return f"{sign}{text.replace('-', '−')}{'%' if percent else ''}"
