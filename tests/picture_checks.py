"""What any picture of a plan must keep to, read off the sheet and off the files."""

from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import Collection, LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from planner.drawing.sheet import Sheet


def overlapping_texts(sheet: Sheet) -> list[tuple[str, str]]:
    """Pairs of texts whose boxes, as the renderer measures them, share more than a hair."""
    texts = [text for text in sheet.axes.texts if text.get_text()]
    boxes = _boxes(sheet)
    left, bottom, right, top = boxes.T
    hair = 0.3 * sheet.figure.dpi / 72
    across = np.minimum(right[:, None], right) - np.maximum(left[:, None], left) > hair
    upright = np.minimum(top[:, None], top) - np.maximum(bottom[:, None], bottom) > hair
    pairs = np.argwhere(np.triu(across & upright, k=1))
    return [(texts[one].get_text(), texts[other].get_text()) for one, other in pairs]


def texts_off_the_sheet(sheet: Sheet) -> list[str]:
    texts = [text.get_text() for text in sheet.axes.texts if text.get_text()]
    left, bottom, right, top = _boxes(sheet).T
    width, height = sheet.figure.get_size_inches() * sheet.figure.dpi
    off = (left < 0) | (bottom < 0) | (right > width) | (top > height)
    return [texts[place] for place in np.flatnonzero(off)]


def letters_in_svg(file: Path) -> str:
    """All text of an SVG file in the order it is written, without blanks: line breaks do not matter."""
    elements = ElementTree.parse(file).iter("{http://www.w3.org/2000/svg}text")
    return "".join("".join("".join(element.itertext()).split()) for element in elements)


def _boxes(sheet: Sheet) -> "np.ndarray[tuple[int, int], np.dtype[np.float64]]":
    renderer = FigureCanvasAgg(sheet.figure).get_renderer()
    return np.array([text.get_window_extent(renderer).extents for text in sheet.axes.texts if text.get_text()])


def drawn_on(sheet: Sheet) -> list[str]:
    """Everything on a sheet, a line each, in the order drawn: texts, boxes, lines; places in tenths of millimetres.

    A picture kept as text: a change shows as lines that differ, whatever the machine's way of smoothing letters.
    """
    found = [f"sheet {sheet.width:.1f} {sheet.height:.1f}"]
    for text in sheet.axes.texts:
        x, y = text.get_position()
        look = f"{text.get_fontsize():.1f} {text.get_fontweight()} {text.get_ha()} {text.get_color()}"
        found.append(f"text {x:.1f} {y:.1f} {look}: {text.get_text()}")
    for patch in sheet.axes.patches:
        left, top, width, height = patch.get_path().transformed(patch.get_patch_transform()).get_extents().bounds
        look = f"{to_hex(patch.get_facecolor())} {to_hex(patch.get_edgecolor())} {patch.get_hatch() or '-'}"
        found.append(f"patch {left:.1f} {top:.1f} {width:.1f} {height:.1f} {look}")
    for marks in sheet.axes.collections:
        places = " ".join(f"{x:.1f} {y:.1f}" for x, y in np.asarray(marks.get_offsets()))
        found.append(f"marks {places} {' '.join(to_hex(colour) for colour in marks.get_facecolor())}")
    for line in sheet.axes.lines:
        ends = " ".join(f"{x:.1f} {y:.1f}" for x, y in np.column_stack(line.get_data()))
        found.append(f"line {ends} {line.get_color()} {line.get_linestyle()}")
    return found


def drawn_in(figure: Figure) -> list[str]:
    """Everything in the panels of a figure, a line each: titles, axes and their ticks, bars, points, lines and words.

    Values are those of the data, so that a bar of another length or a tick of another figure shows.
    """
    FigureCanvasAgg(figure).draw()
    found = [f"figure {' '.join(f'{inch:.1f}' for inch in figure.get_size_inches())}"]
    legends = (text for legend in figure.legends for text in legend.get_texts())
    found += [f"words {text.get_text()!r}" for text in (*figure.texts, *legends)]
    for axes in (axes for axes in figure.axes if axes.axison):
        found.append(f"panel {axes.get_title(loc='left')!r} x {axes.get_xlabel()!r} y {axes.get_ylabel()!r}")
        for name, axis in (("x", axes.xaxis), ("y", axes.yaxis)):
            found.append(f"ticks {name} {[label.get_text() for label in ticks_shown(axis)]}")
        found += [f"text {text.get_text()!r}" for text in axes.texts]
        for patch in axes.patches:
            if isinstance(patch, Rectangle):
                found.append(f"bar {patch.get_x():.2f} {patch.get_y():.2f} {patch.get_width():.2f} {_look(patch)}")
        for points in axes.collections:
            places = " ".join(f"{x:.2f},{y:.2f}" for x, y in np.asarray(points.get_offsets(), dtype=float))
            ends = " ".join(f"{a[0]:.2f}..{b[0]:.2f}" for a, b in _segments(points))
            found.append(f"points {places} {ends} {points.get_label()!r}")
        for line in axes.lines:
            ends = " ".join(f"{x:.2f},{y:.2f}" for x, y in np.column_stack(line.get_data()).astype(float))
            found.append(f"line {ends} {line.get_color()} {line.get_linestyle()} {line.get_marker()!r}")
    return found


def words_in(figure: Figure) -> list[Text]:
    """Every text that is drawn: of the figure, its legends, and the panels with their titles, axes and ticks."""
    found = [*figure.texts, *(text for legend in figure.legends for text in legend.get_texts())]
    for axes in (axes for axes in figure.axes if axes.axison):
        titles = [text for text in axes.findobj(Text) if text.get_text() == axes.get_title(loc="left")]
        found += [*axes.texts, *titles]
        found += [label for axis in (axes.xaxis, axes.yaxis) for label in (axis.label, *ticks_shown(axis))]
    return [text for text in found if text.get_visible() and text.get_text().strip()]


def ticks_shown(axis: Axis) -> list[Text]:
    """Labels of the ticks that lie within an axis; a locator gives some beyond its ends."""
    low, high = sorted(axis.get_view_interval())
    hair = (high - low) * 1e-6
    return [tick.label1 for tick in axis.get_major_ticks() if low - hair <= tick.get_loc() <= high + hair]


def _look(patch: Rectangle) -> str:
    return f"{to_hex(patch.get_facecolor())} {patch.get_hatch() or '-'}"


def _segments(points: Collection) -> list[Any]:
    return points.get_segments() if isinstance(points, LineCollection) else []
