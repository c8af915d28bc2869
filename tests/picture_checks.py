"""What any picture of a plan must keep to, read off the sheet and off the files."""

from pathlib import Path
from xml.etree import ElementTree

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg

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
