"""The public sector before and after a plan, sector by sector and parent by parent: units, posts, State outlay."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from planner.drawing.bar_parts import Bar, BarRow, Cell, Heads, Scale, Strip
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.chart_style import BOLD, HALF
from planner.drawing.page_columns import Section
from planner.drawing.page_parts import Part
from planner.drawing.plan_view import PlanView
from planner.drawing.table_rows import Row, alphabetical, whole
from planner.wording import Wording

_NAME, _FIGURE, _GAP = 41.0, 14.0, 2.5
_CELL = (HALF - _NAME) / 3
MEASURES: Mapping[str, Callable[[Row], int]] = {
    "units": lambda _row: 1,
    "posts_budget": lambda row: whole(row.get("posts_budget", "")),
    "outlay": lambda row: whole(row.get("state_grant_mvnd", "")) + whole(row.get("orders_mvnd", "")),
}

Sums = Mapping[str, int]


def before_after_chart(caption: Caption, view: PlanView, sectors: Mapping[str, str], wording: Wording) -> Chart:
    """Today's units against those that stand after the last stage; sectors: a sector's code to its name."""
    before = [view.unit_rows[unit] for unit in view.before]
    last = max((whole(row["stage"]) for row in view.successor_rows.values()), default=0)
    after = [row for row in view.successor_rows.values() if whole(row["stage"]) == last]
    say = wording.say
    sections = [
        _section(say("charts.all"), before, after, lambda _row: say("charts.province"), wording),
        _section(
            say("charts.by_sector"), before, after, lambda row: sectors.get(row["sector"], row["sector"]), wording
        ),
        _section(say("charts.by_parent"), before, after, lambda row: row["parent"] or say("graph.nowhere"), wording),
    ]
    legend = [("before", say("charts.before")), ("after", say("charts.after", year=str(last)))]
    notes = (say("charts.before_after_note", year=str(last)),)
    return Chart(caption, say("charts.before_after"), say("charts.before_after_unit"), legend, sections,
                 ("units.csv", "successors.csv"), HALF, notes)  # fmt: skip


def sums_by(rows: Iterable[Row], group: Callable[[Row], str]) -> Mapping[str, Sums]:
    """Every measure of every group."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: dict.fromkeys(MEASURES, 0))
    for row in rows:
        for name, measure in MEASURES.items():
            found[group(row)][name] += measure(row)
    return found


def _section(
    heading: str, before: Sequence[Row], after: Sequence[Row], group: Callable[[Row], str], wording: Wording
) -> Section:
    """Groups in reading order, each measure over one scale."""
    today, then = sums_by(before, group), sums_by(after, group)
    nothing = dict.fromkeys(MEASURES, 0)
    names = sorted({*today, *then}, key=alphabetical)
    scales = {
        name: Scale(
            0, max((sums[name] for sums in (*today.values(), *then.values())), default=0), _CELL - _FIGURE - _GAP
        )
        for name in MEASURES
    }
    parts: list[Part] = []
    for name in names:
        pairs = [(today.get(name, nothing)[measure], then.get(name, nothing)[measure]) for measure in MEASURES]
        cells = [_cell(pair, measure, scales[measure], wording) for pair, measure in zip(pairs, MEASURES, strict=True)]
        parts.append(BarRow(name, _NAME, cells, BOLD if len(names) == 1 else BarRow.lettering))
    titles = [wording.say(f"charts.measure_{name}") for name in MEASURES]
    places = [(_NAME + place * _CELL, _CELL) for place in range(len(MEASURES))]
    again = wording.say("graph.continued", heading=heading)
    return Section(Heads(heading, HALF, titles, places), Heads(again, HALF, titles, places), parts)


def _cell(pair: tuple[int, int], measure: str, scale: Scale, wording: Wording) -> Cell:
    strips = []
    for value, fill in zip(pair, ("before", "after"), strict=True):
        figure = wording.number(value / 1000, 1) if measure == "outlay" else wording.number(value)
        strips.append(Strip([Bar(0, value, fill)], figure))
    return Cell(strips, scale, _FIGURE, _GAP)
