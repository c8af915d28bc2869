"""A sweep as a picture: score, units and every criterion over the varied key; what has no plan is marked below."""

from collections.abc import Iterable, Sequence
from math import ceil, floor, log10
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from models.figures import CRITERIA
from planner.drawing.lettering import printable
from planner.drawing.sheet import own_settings
from planner.drawing.style import BODY_PT, FATE_STYLES, HEADING_PT, INK, PAPER, RULE, SOFT_INK, TITLE_PT, WARNING
from planner.tables import criterion_column
from planner.wording import Wording

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.sweeping import Swept

_COLUMNS, _PANEL_WIDTH, _PANEL_HEIGHT = 3, 3.6, 2.3  # inches
_LOOKS = ("absorb", "equitize", "create", "raise", "convert", "transfer", "dissolve", "split")
_LONGEST_TICKS = 8
_LEAST_SPAN = 4  # whole numbers on an axis of counts
_DPI = 200


def draw_sweep(swept: "Swept", wording: Wording, targets: Iterable[Path] = ()) -> Figure:
    """The figure of a sweep; written once per target (.png, .svg), and given back for a notebook."""
    with own_settings():
        figure = _figure(swept, wording)
        for target in targets:
            figure.savefig(target, dpi=_DPI)
    return figure


def _figure(swept: "Swept", wording: Wording) -> Figure:
    columns = _shown(swept)
    rows = ceil(len(columns) / _COLUMNS)
    size = (_COLUMNS * _PANEL_WIDTH, rows * _PANEL_HEIGHT + 0.9)
    figure = Figure(figsize=size, facecolor=PAPER, layout="constrained")
    title = printable(f"{swept.case.scenario.title}: {wording.say('sweep.picture_title')}")
    figure.suptitle(title, parse_math=False, fontsize=TITLE_PT, color=INK, ha="left", x=0.01)
    invented = swept.case.invented
    note = wording.say("sweep.picture_invented" if invented else "sweep.picture_note")
    figure.supxlabel(note, fontsize=BODY_PT, color=WARNING if invented else SOFT_INK, ha="left", x=0.01,
                    fontweight="bold" if invented else "normal")  # fmt: skip
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for place, column in zip(axes, columns, strict=False):
        _draw(place, swept, column, wording)
    for place in axes[len(columns) :]:
        place.set_axis_off()
    if len(swept.keys) > 1:
        axes[0].legend(fontsize=BODY_PT, frameon=False, title=swept.keys[1].key, title_fontsize=BODY_PT)
    return figure


def _shown(swept: "Swept") -> list[str]:
    """The score, the units that remain, and the criteria that are not zero everywhere."""
    table = swept.table
    after = [column for column in table.columns if column.startswith("units_after_")]
    criteria = [criterion_column(name) for name in CRITERIA]
    return ["score_mvnd", *after, *(name for name in criteria if table[name].fillna(0).astype(float).any())]


def _draw(axes: Axes, swept: "Swept", column: str, wording: Wording) -> None:
    """A line per value of the second key; a cross on the lower edge where there is no plan."""
    ticks = swept.keys[0].values
    series = swept.keys[1].values if len(swept.keys) > 1 else ("",)
    for look, value in zip((_LOOKS * ceil(len(series) / len(_LOOKS)))[: len(series)], series, strict=True):
        mine = swept.table
        if value:
            mine = mine[mine[swept.keys[1].key] == value]
        _line(axes, _values(mine, swept.keys[0].key, ticks, column), look, value)
    axes.set_title(_title(column, wording), fontsize=HEADING_PT, color=INK, loc="left", parse_math=False)
    _axes(axes, (swept.keys[0].key, ticks), wording, money=column.endswith("_mvnd"))


def _line(axes: Axes, values: Sequence[float], look: str, label: str) -> None:
    style = FATE_STYLES[look]
    places = np.arange(len(values))
    axes.plot(places, values, color=style.colour, marker=style.mark, linestyle=style.line, markersize=4, label=label)
    lacking = [place for place, value in zip(places, values, strict=True) if value != value]
    if lacking:
        below = axes.get_xaxis_transform()
        axes.plot(lacking, [0.03] * len(lacking), "x", color=WARNING, markersize=5, transform=below, clip_on=False)


def _values(mine: "DataFrame", key: str, ticks: Sequence[str], column: str) -> list[float]:
    """The figure at every tick, money in billion VND; not a number where there is no plan."""
    scale = 1000 if column.endswith("_mvnd") else 1
    known = {
        str(row[key]): float(row[column]) / scale
        for row in mine.to_dict("records")
        if row[column] is not None and row[column] == row[column]
    }
    return [known.get(tick, float("nan")) for tick in ticks]


def _title(column: str, wording: Wording) -> str:
    year = column.removeprefix("units_after_")
    if year != column:
        return wording.say("compare.units_after", year=year)
    return wording.say("compare.score") if column == "score_mvnd" else wording.term("compare", column)


def _axes(axes: Axes, keys: tuple[str, Sequence[str]], wording: Wording, *, money: bool) -> None:
    """The varied key below, figures at the left: whole ones for counts, money with the decimals that tell it apart."""
    key, ticks = keys
    step = max(1, ceil(len(ticks) / _LONGEST_TICKS))
    axes.set_xticks(range(0, len(ticks), step), ticks[::step], fontsize=BODY_PT, color=SOFT_INK)
    axes.set_xlim(-0.4, len(ticks) - 0.6)
    axes.set_xlabel(key, fontsize=BODY_PT, color=SOFT_INK, parse_math=False)
    axes.yaxis.set_major_locator(MaxNLocator(5, min_n_ticks=2, integer=not money))
    low, high = axes.get_ylim()
    if not money and high - low < _LEAST_SPAN:
        axes.set_ylim((low + high - _LEAST_SPAN) / 2, (low + high + _LEAST_SPAN) / 2)
    decimals = max(0, 1 - floor(log10(high - low))) if money else 0
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: wording.number(value, decimals)))
    axes.tick_params(labelsize=BODY_PT, length=0)
    axes.grid(axis="y", color=RULE, linewidth=0.4)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(RULE)
