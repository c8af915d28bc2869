"""Plans side by side: a small panel of bars for the score, for the units that remain, and for every criterion."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from planner.drawing.lettering import printable
from planner.drawing.sheet import own_settings
from planner.drawing.style import BODY_PT, HEADING_PT, INK, PAPER, RULE, TITLE_PT, WARNING, style_of
from planner.plan_names import compared_names
from planner.wording import Wording

if TYPE_CHECKING:
    from planner.comparison import Comparison

_COLUMNS, _PANEL_WIDTH, _BAR, _MARGIN = 3, 3.6, 0.26, 0.75  # inches
_MILLION = "_mvnd"
_DPI = 200


@dataclass(frozen=True)
class _Panel:
    """One figure of every plan; money in million VND."""

    title: str
    values: Sequence[int]
    money: bool


def draw_plan_comparison(comparison: "Comparison", wording: Wording, targets: Iterable[Path] = ()) -> Figure:
    """A figure of all plans of a comparison; written once per target (.png, .svg), and given back for a notebook."""
    with own_settings():
        figure = _figure(comparison, _panels(comparison, wording), wording)
        for target in targets:
            figure.savefig(target, dpi=_DPI)
    return figure


def _panels(comparison: "Comparison", wording: Wording) -> list[_Panel]:
    """Score and units first; a criterion that is zero in every plan says nothing and is left out."""
    table = comparison.table
    panels = [_Panel(wording.say("compare.score"), table["score_mvnd"].tolist(), money=True)]
    for column in table.columns:
        year = column.removeprefix("units_after_")
        if year != column and table[column].notna().all():
            panels.append(_Panel(wording.say("compare.units_after", year=year), table[column].tolist(), money=False))
    for name, row in comparison.criteria.iterrows():
        if row.any():
            money = str(name).endswith(_MILLION)
            panels.append(_Panel(wording.say(f"compare.{name}"), row.tolist(), money=money))
    return panels


def _figure(comparison: "Comparison", panels: Sequence[_Panel], wording: Wording) -> Figure:
    rows, plans = ceil(len(panels) / _COLUMNS), len(comparison.plans)
    height = rows * (_MARGIN + _BAR * plans) + _MARGIN
    figure = Figure(figsize=(_COLUMNS * _PANEL_WIDTH, height), facecolor=PAPER, layout="constrained")
    scenarios = ", ".join(dict.fromkeys(plan.result.case.scenario.title for plan in comparison.plans))
    title = printable(f"{scenarios}: {wording.say('compare.title')}")
    figure.suptitle(title, parse_math=False, wrap=True, fontsize=TITLE_PT, color=INK, ha="left", x=0.01)
    if comparison.invented:
        figure.supxlabel(wording.say("compare.invented"), fontsize=BODY_PT, color=WARNING, ha="left", x=0.01,
                        fontweight="bold")  # fmt: skip
    axes = figure.subplots(rows, _COLUMNS, squeeze=False).ravel()
    for place, panel in zip(axes, panels, strict=False):
        _draw(place, panel, comparison, wording)
    for place in axes[len(panels) :]:
        place.set_axis_off()
    return figure


def _draw(axes: Axes, panel: _Panel, comparison: "Comparison", wording: Wording) -> None:
    """Bars downwards in the order of the plans, each with its figure; the base in another colour."""
    colours, lengths = _colours(comparison), [float(value) for value in panel.values]
    bars = axes.barh(range(len(lengths)), lengths, color=[colours[label] for label in comparison.labels])
    labels = [_number(panel, value, wording) for value in panel.values]
    axes.bar_label(bars, labels, padding=2, fontsize=BODY_PT, color=INK)
    names = compared_names(comparison, wording)
    axes.set_yticks(range(len(lengths)), [names[label] for label in comparison.labels], fontsize=BODY_PT)
    axes.invert_yaxis()
    axes.margins(x=0.3)
    axes.set_xticks([])
    axes.set_title(panel.title, fontsize=HEADING_PT, color=INK, loc="left", parse_math=False)
    axes.axvline(0, color=RULE, linewidth=0.8)
    for side in ("top", "right", "bottom", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(length=0)


def _colours(comparison: "Comparison") -> Mapping[str, str]:
    base, other = style_of("merge").colour, style_of("merge", "consolidate").colour
    return {plan.label: base if plan is comparison.base else other for plan in comparison.plans}


def _number(panel: _Panel, value: int, wording: Wording) -> str:
    return wording.number(Fraction(int(value), 1000), 1) if panel.money else wording.number(int(value))
