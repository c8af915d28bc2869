"""A frontier as a picture: its points against two criteria at a time, the knee and those that stand for all marked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import combinations
from pathlib import Path

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from models.figures import GAINS
from models.trade_off import IN_MONEY
from planner.drawing.lettering import printable
from planner.drawing.sheet import own_settings
from planner.drawing.style import BODY_PT, HEADING_PT, INK, PAPER, RULE, SOFT_INK, TITLE_PT, WARNING, style_of
from planner.frontier_result import FrontierResult
from planner.frontier_tables import column_of
from planner.wording import Wording

_WIDTH, _HEIGHT, _HEAD = 5.6, 4.4, 1.2  # inches of one panel, and of what stands above all
_DPI = 200
_BILLION = 1000
LEAST_SPAN = 4  # whole numbers on an axis of counts


@dataclass(frozen=True, eq=False)
class Traced:
    """A frontier as its picture needs it; points: the columns of frontier.csv, shapes and proofs as truth values."""

    title: str
    names: Sequence[str]
    status: str
    points: pd.DataFrame
    invented: bool


def draw_frontier(result: FrontierResult, wording: Wording, targets: Iterable[Path] = ()) -> Figure:
    """A figure of a frontier; written once per target (.png, .svg), and given back for a notebook.

    Three criteria stand in three panels, two in each.
    """
    title = result.case.scenario.title
    traced = Traced(title, result.found.names, result.status, result.points, result.case.invented)
    return draw_traced(traced, wording, targets)


def draw_traced(traced: Traced, wording: Wording, targets: Iterable[Path] = ()) -> Figure:
    """The same from the table of a run."""
    with own_settings():
        figure = _figure(traced, wording)
        for target in targets:
            figure.savefig(target, dpi=_DPI, metadata={"Date": None} if target.suffix == ".svg" else None)
    return figure


def _figure(traced: Traced, wording: Wording) -> Figure:
    pairs = list(combinations(traced.names, 2))
    size = (_WIDTH * len(pairs) + (1.4 if len(pairs) == 1 else 0), _HEIGHT + _HEAD)
    figure = Figure(figsize=size, facecolor=PAPER, layout="constrained")
    title = printable(f"{traced.title}: {wording.say('frontier.title')}")
    known = wording.say(f"frontier.picture_{traced.status}", points=len(traced.points))
    figure.suptitle(f"{title}\n{known}", fontsize=TITLE_PT, color=INK, ha="left", x=0.01, parse_math=False, wrap=True)
    panels = figure.subplots(1, len(pairs), squeeze=False)[0]
    for axes, pair in zip(panels, pairs, strict=True):
        _draw(axes, traced.points, pair, wording)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower left", ncols=2 if len(pairs) == 1 else 4, frameon=False,
                  fontsize=BODY_PT + 1)  # fmt: skip
    if traced.invented:
        figure.text(0.995, 0.005, wording.say("frontier.picture_invented"), fontsize=BODY_PT + 1, color=WARNING,
                    ha="right", va="bottom", fontweight="bold")  # fmt: skip
    return figure


def _draw(axes: Axes, points: pd.DataFrame, pair: Sequence[str], wording: Wording) -> None:
    x, y = (_shown(points, name) for name in pair)
    proved, shown, bend = (points[column].astype(bool) for column in ("proved", "representative", "knee"))
    say, colour = wording.say, style_of("merge").colour
    axes.scatter(x[shown], y[shown], s=110, facecolors="none", edgecolors=INK, linewidths=0.8, zorder=3,
                 label=say("frontier.picture_representative"))  # fmt: skip
    axes.scatter(x[proved], y[proved], s=26, color=colour, zorder=4, label=say("frontier.picture_proved"))
    if not proved.all():
        axes.scatter(x[~proved], y[~proved], s=26, facecolors=PAPER, edgecolors=colour, zorder=4,
                     label=say("frontier.picture_unproved"))  # fmt: skip
    if bend.any():
        axes.scatter(x[bend], y[bend], s=230, marker="D", facecolors="none", edgecolors=style_of("equitize").colour,
                     linewidths=1.6, zorder=5, label=say("frontier.knee"))  # fmt: skip
    for rank, across, up in zip(points["rank"][shown], x[shown], y[shown], strict=True):
        axes.annotate(str(rank), (across, up), xytext=(7, 7), textcoords="offset points", fontsize=BODY_PT + 1,
                      color=INK)  # fmt: skip
    _label(axes, pair, wording)


def _label(axes: Axes, pair: Sequence[str], wording: Wording) -> None:
    axes.set_xlabel(_axis(pair[0], wording), fontsize=HEADING_PT + 1, color=SOFT_INK)
    axes.set_ylabel(_axis(pair[1], wording), fontsize=HEADING_PT + 1, color=SOFT_INK)
    axes.margins(0.09)
    for axis, name in zip((axes.xaxis, axes.yaxis), pair, strict=True):
        low, high = axis.get_view_interval()
        if name not in IN_MONEY and high - low < LEAST_SPAN:
            middle = round((low + high) / 2)
            axis.set_view_interval(middle - LEAST_SPAN / 2, middle + LEAST_SPAN / 2, ignore=True)
        axis.set_major_locator(MaxNLocator(6, integer=name not in IN_MONEY))
        axis.set_major_formatter(FuncFormatter(partial(_tick, wording, decimals_of(axis, name in IN_MONEY))))
    axes.tick_params(labelsize=BODY_PT + 1, colors=SOFT_INK, length=2)
    axes.grid(color=RULE, linewidth=0.4, alpha=0.6)
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)


def decimals_of(axis: Axis, money: bool) -> int:
    """As many decimals as tell the ticks of an axis apart; none for counts."""
    ticks = axis.get_major_locator()()
    if not money or len(ticks) < 2:
        return 0
    step = float(ticks[1] - ticks[0])
    return next((places for places in range(4) if abs(step * 10**places - round(step * 10**places)) < 1e-6), 4)


def _tick(wording: Wording, decimals: int, value: float, _place: int) -> str:
    return wording.number(round(value, decimals), decimals)


def _shown(points: pd.DataFrame, name: str) -> "pd.Series[float]":
    values = points[column_of(name)].astype(float)
    return values / _BILLION if name in IN_MONEY else values


def _axis(name: str, wording: Wording) -> str:
    unit = wording.say("frontier.billion" if name in IN_MONEY else f"frontier.unit_{name}")
    axis = wording.say("frontier.axis", criterion=wording.say(f"frontier.name_{name}"), unit=unit)
    return wording.say("frontier.more_is_better" if name in GAINS else "frontier.less_is_better", axis=axis)
