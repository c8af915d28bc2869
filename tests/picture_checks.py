"""What any picture of a plan must keep to, read off the sheet and off the files."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_hex

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
