"""A stress test as a picture: for every target a small panel with each plan's probability and its interval."""

from collections.abc import Iterable
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from models.stress import SAVING
from planner.drawing.lettering import Lettering, printable
from planner.drawing.rule_words import rule_words
from planner.drawing.sheet import own_settings
from planner.drawing.style import BODY_PT, HEADING_PT, INK, PAPER, RULE, SOFT_INK, TITLE_PT, WARNING, style_of
from planner.wording import Wording

if TYPE_CHECKING:
    from pandas import DataFrame

    from planner.stress_tables import StressResult

_COLUMNS, _PANEL_WIDTH, _BAR, _MARGIN = 3, 3.6, 0.26, 0.75  # inches
_PANEL_MM = 66.0
_MOST_LINES = 3
_DPI = 200


def draw_stress(result: "StressResult", wording: Wording, targets: Iterable[Path] = ()) -> Figure:
    """The figure of a stress test; written once per target (.png, .svg), and given back for a notebook."""
    with own_settings():
        figure = _figure(result, wording)
        for target in targets:
            figure.savefig(target, dpi=_DPI)
    return figure


def _figure(result: "StressResult", wording: Wording) -> Figure:
    """All targets together first, then each; the saving last."""
    ids = ["all", *(rule.id for rule in result.found.demands), SAVING]
    titles = {rule.id: rule_words(rule.name, rule.rule, "", wording) for rule in result.found.demands}
    rows = ceil(len(ids) / _COLUMNS)
    height = rows * (_MARGIN + 0.25 + _BAR * len(result.plans)) + 1.2 * _MARGIN
    figure = Figure(figsize=(_COLUMNS * _PANEL_WIDTH, height), facecolor=PAPER, layout="constrained")
    stressed = result.found.scenario.stress
    said = wording.say("stress.picture_title", draws=result.found.draws, seed=str(stressed.seed))
    title = printable(f"{result.run.case.scenario.title}: {said}")
    figure.suptitle(title, parse_math=False, fontsize=TITLE_PT, color=INK, ha="left", x=0.01)
    invented = result.run.case.invented
    note = wording.say("stress.picture_invented" if invented else "stress.picture_note")
    figure.supxlabel(note, fontsize=BODY_PT, color=WARNING if invented else SOFT_INK, ha="left", x=0.01,
                    fontweight="bold" if invented else "normal")  # fmt: skip
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for place, id_ in zip(axes, ids, strict=False):
        shown = result.table[result.table["id"] == id_]
        _draw(place, titles.get(id_) or wording.say(f"stress.{id_}"), shown, wording)
    for place in axes[len(ids) :]:
        place.set_axis_off()
    return figure


def _draw(axes: Axes, title: str, shown: "DataFrame", wording: Wording) -> None:
    """A bar per plan from 0 to 100%, its interval as a line, its figure at the end."""
    colour = style_of("merge", "consolidate").colour  # light, so that the interval stands out in grey as well
    names = [f"{wording.say('cli.' + str(row['list']))} {row['rank']}" for _, row in shown.iterrows()]
    chances = shown["probability_percent"].astype(float).tolist()
    ends = (shown["low_percent"].astype(float).tolist(), shown["high_percent"].astype(float).tolist())
    axes.barh(range(len(names)), chances, color=colour, height=0.62)
    axes.hlines(range(len(names)), *ends, color=INK, linewidth=1.0)
    for place, (chance, high) in enumerate(zip(chances, ends[1], strict=True)):
        text = f"{wording.number(chance, 1)}%"
        axes.text(max(chance, high) + 2, place, text, va="center", fontsize=BODY_PT, color=INK)
    axes.set_xlim(0, 122)
    axes.set_xticks([0, 50, 100], ["0", "50", "100%"], fontsize=BODY_PT, color=SOFT_INK)
    axes.set_yticks(range(len(names)), names, fontsize=BODY_PT)
    axes.invert_yaxis()
    lines = Lettering(HEADING_PT).wrap(title, _PANEL_MM)
    more = " …" if len(lines) > _MOST_LINES else ""
    whole = "\n".join(lines[:_MOST_LINES]) + more
    axes.set_title(whole, fontsize=HEADING_PT, color=INK, loc="left", parse_math=False)
    axes.axvline(100, color=RULE, linewidth=0.6)
    for side in ("top", "right", "bottom"):
        axes.spines[side].set_visible(False)
    axes.spines["left"].set_color(RULE)
    axes.tick_params(length=0)
