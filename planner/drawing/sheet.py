"""A sheet of paper measured in millimetres, y downwards, on which pictures of a plan are laid out and saved."""

import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from math import sqrt
from pathlib import Path
from typing import Any

import matplotlib.style
import numpy as np
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_pdf import PdfPages
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.markers import MarkerStyle
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path as Outline
from matplotlib.text import Text
from matplotlib.transforms import IdentityTransform

from planner.drawing.lettering import MM_PER_PT, Lettering, printable
from planner.drawing.style import FONT, INK, PAPER, RULE, FateStyle

_MM_PER_INCH = 25.4
_DPI = 200
_MOST_PIXELS = 32_000_000  # a name of 10,000 letters makes a long sheet: it is drawn coarser, never refused
# Text stays text in SVG (searchable, small), with a font of the same width to fall back on where ours is missing;
# the salt makes the file's internal names the same in every run.
_SETTINGS: dict[str, Any] = {
    "font.sans-serif": [FONT, "Verdana"],
    "svg.fonttype": "none",
    "svg.hashsalt": "psu-planner",
    "text.hinting": "no_hinting",
    "pdf.fonttype": 42,  # whole letters instead of outlines: a reader finds and copies Vietnamese names
}
_NO_DATES: Mapping[str, Mapping[str, None]] = {
    ".png": {"Software": None},
    ".svg": {"Creator": None, "Date": None},
}
# Higher levels of compression take twice as long and come out no smaller on flat drawings.
_WRITER: Mapping[str, Mapping[str, Any]] = {".png": {"pil_kwargs": {"compress_level": 3}}, ".svg": {}}


class Sheet:
    """An empty sheet of `width` x `height` millimetres; (0, 0) is its upper left corner."""

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.figure = Figure(figsize=(width / _MM_PER_INCH, height / _MM_PER_INCH), dpi=self._dpi, facecolor=PAPER)
        self.axes: Axes = self.figure.add_axes((0.0, 0.0, 1.0, 1.0))
        self.axes.set(xlim=(0, width), ylim=(height, 0))
        self.axes.set_axis_off()

    @property
    def _dpi(self) -> float:
        square_inches = self.width * self.height / _MM_PER_INCH**2
        return min(_DPI, sqrt(_MOST_PIXELS / square_inches))

    def lines(
        self,
        lines: Sequence[str],
        at: tuple[float, float],
        lettering: Lettering,
        *,
        align: str = "left",
        ink: str = INK,
    ) -> None:
        """Lines of text downwards from the top at `at`, each its own text so that the pitch stays even."""
        for number, line in enumerate(lines):
            self.axes.add_artist(
                _Line(
                    at[0],
                    at[1] + (number + 0.77) * lettering.pitch,
                    line,
                    fontsize=lettering.size,
                    fontweight="bold" if lettering.bold else "normal",
                    family="sans-serif",
                    color=ink,
                    ha=align,
                    va="baseline",
                    parse_math=False,
                    transform=self.axes.transData,
                    clip_on=False,
                    zorder=5,
                )
            )

    def marks(self, style: FateStyle, places: Sequence[tuple[float, float, float]]) -> None:
        """Marks of one fate: (x, y, diameter), all in millimetres."""
        if not places:
            return
        x, y, diameter = np.array(places).T
        shape = MarkerStyle(style.mark)
        marks = PathCollection(
            [shape.get_path().transformed(shape.get_transform())],
            sizes=(diameter / MM_PER_PT) ** 2,
            offsets=np.column_stack([x, y]),
            offset_transform=self.axes.transData,
            facecolors=style.colour,
            edgecolors=PAPER,
            linewidths=0.4,
            zorder=4,
        )
        marks.set_transform(IdentityTransform())
        self.axes.add_collection(marks, autolim=False)

    def curve(self, style: FateStyle, start: tuple[float, float], end: tuple[float, float]) -> None:
        """A link that leaves and arrives level."""
        middle = (start[0] + end[0]) / 2
        bend = Outline(
            [start, (middle, start[1]), (middle, end[1]), end],
            [Outline.MOVETO, Outline.CURVE4, Outline.CURVE4, Outline.CURVE4],
        )
        self.axes.add_patch(
            PathPatch(bend, facecolor="none", edgecolor=style.colour, linewidth=1.1, linestyle=style.line, zorder=3)
        )

    def segment(self, start: tuple[float, float], end: tuple[float, float], **look: Any) -> None:
        settings: dict[str, Any] = {"color": RULE, "linewidth": 0.5, "zorder": 2} | look
        self.axes.add_line(Line2D([start[0], end[0]], [start[1], end[1]], **settings))

    def box(self, at: tuple[float, float], width: float, height: float, **look: Any) -> None:
        """A rectangle whose upper left corner is `at`."""
        self.axes.add_patch(Rectangle(at, width, height, **{"linewidth": 0.6, "zorder": 1} | look))

    def save(self, targets: Iterable[Path]) -> None:
        """Write the sheet once per target, as its ending says (.png, .svg); the same sheet gives the same bytes."""
        for target in targets:
            kind = target.suffix.lower()
            self.figure.savefig(target, format=kind[1:], dpi=self._dpi, metadata=dict(_NO_DATES[kind]), **_WRITER[kind])


def save_pages(sheets: Iterable[Sheet], target: Path, title: str) -> None:
    """Write sheets as the pages of one PDF, each as large as its sheet; the same sheets give the same bytes."""
    facts = {"Title": printable(title), "Creator": None, "Producer": None, "CreationDate": None}
    with PdfPages(target, metadata=facts) as pages:
        for sheet in sheets:
            pages.savefig(sheet.figure)


class _Line(Text):
    """One level line of text, drawn from its left end without being measured first: half the work of a picture.

    Matplotlib measures every text to turn and align it; a level line that begins at its place needs neither. Any other
    is drawn as matplotlib does.
    """

    def draw(self, renderer: RendererBase) -> None:
        """Draw the line with its baseline at its place."""
        if self.get_horizontalalignment() != "left" or not self.get_text():
            super().draw(renderer)
            return
        renderer.open_group("text", self.get_gid())
        x, y = self.get_transform().transform(self.get_position())
        _, height = renderer.get_canvas_width_height()
        ink = renderer.new_gc()
        ink.set_foreground(self.get_color())
        font = self.get_fontproperties()
        renderer.draw_text(ink, x, height - y if renderer.flipy() else y, self.get_text(), font, 0.0, mtext=self)
        ink.restore()
        renderer.close_group("text")
        self.stale = False


@contextmanager
def own_settings() -> Iterator[None]:
    """Matplotlib's defaults and ours while a picture is made, whatever style its caller has chosen."""
    with matplotlib.style.context(["default", _SETTINGS]), warnings.catch_warnings():
        # A letter that the font lacks is drawn as an empty box; the SVG still holds the letter.
        warnings.filterwarnings("ignore", message=".*missing from font.*")
        yield
