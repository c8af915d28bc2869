"""The staircase of every target: what a step more or less of it costs, beside the plan as it is."""

from collections.abc import Mapping, Sequence

import pandas as pd

from planner.drawing.bar_parts import Bar, BarRow, Cell, Heads, Scale, Strip
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.chart_style import BOLD, HALF
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Part
from planner.drawing.rule_words import rule_words
from planner.drawing.table_rows import Row, rows_of, whole
from planner.wording import Wording

_NAME, _FIGURE = 42.0, 40.0
_PLOT = HALF - _NAME - _FIGURE
_AIR = 1.15  # beyond the outermost price: a bar without a known end runs on into it


def staircase_chart(
    caption: Caption, staircase: pd.DataFrame, names: Mapping[str, str], wording: Wording, source: str
) -> Chart:
    """One staircase per target over one scale of prices; staircase: the columns of staircase-K.csv, in million VND.

    names: a rule's id to what the scenario calls it, for the rules that have a name; source: the table's file.
    """
    rows, say = rows_of(staircase), wording.say
    prices = [whole(row[side]) for row in rows for side in ("price_lower_mvnd", "price_upper_mvnd") if row[side]]
    scale = Scale(_AIR * min(0, *prices, 0), _AIR * max(1, *prices, 1), _PLOT)
    stairs: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        stairs.setdefault((row["id"], row["key"]), []).append(row)
    sections = [_section(mine, scale, names, wording) for mine in stairs.values()]
    legend = [(fill, say(f"charts.stairs_{fill}")) for fill in ("price", "open", "impossible")]
    return Chart(caption, say("charts.stairs"), say("frontier.million"), legend, sections, (source,), HALF,
                 (say("explain.stairs_legend"), say("charts.stairs_note")))  # fmt: skip


def _section(rows: Sequence[Row], scale: Scale, names: Mapping[str, str], wording: Wording) -> Section:
    first = rows[0]
    told = rule_words(names.get(first["id"], ""), first["rule"], first["year"], wording)
    heading = wording.say("charts.stairs_at_limit", rule=told) if first["at_limit"] == "True" else told
    ordered = sorted(rows, key=lambda row: whole(row["step"]))
    below = [row for row in ordered if whole(row["step"]) < 0]
    parts: list[Part] = [_row(row, scale, wording) for row in below]
    plan = Cell([Strip([], wording.number(0))], scale, _FIGURE)
    parts.append(BarRow(wording.say("charts.stairs_plan"), _NAME, [plan], BOLD))
    parts += [_row(row, scale, wording) for row in ordered[len(below) :]]
    return Section(Heads(heading, HALF), Heads(wording.say("graph.continued", heading=told), HALF), parts)


def _row(row: Row, scale: Scale, wording: Wording) -> BarRow:
    step, limit = whole(row["step"]), float(row["limit"])
    shown = wording.number(limit, 0 if limit.is_integer() else 2) + ("%" if row["key"].endswith("percent") else "")
    facts = {"step": f"{step:+d}".replace("-", "−"), "limit": shown}
    strip = Strip(_bars(row, scale), _price(row, wording))
    return BarRow(wording.say("charts.stairs_step", **facts), _NAME, [Cell([strip], scale, _FIGURE)])


def _bars(row: Row, scale: Scale) -> list[Bar]:
    """What is sure as one bar, what lies between the bounds as another; no plan: the whole width."""
    if row["possible"] != "True":
        return [Bar(scale.low, scale.high, "impossible")]
    lower, upper = row["price_lower_mvnd"], row["price_upper_mvnd"]
    if lower == upper:
        return [Bar(0, whole(lower), "price")]
    ends = [whole(lower) if lower else scale.low, whole(upper) if upper else scale.high]
    return [Bar(ends[0], ends[1], "open")]


def _price(row: Row, wording: Wording) -> str:
    if row["possible"] != "True":
        return wording.say("charts.stairs_none" if row["proved"] == "True" else "charts.stairs_none_unproved")
    lower, upper = (row[f"price_{side}_mvnd"] for side in ("lower", "upper"))
    shown = [wording.number(whole(one)).replace("-", "−") if one else "?" for one in (lower, upper)]
    text = shown[0] if lower == upper else f"{shown[0]} … {shown[1]}"
    return text if row["proved"] == "True" or lower != upper else f"{text} (?)"
