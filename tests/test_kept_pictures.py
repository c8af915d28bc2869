"""Pictures of several plans, kept as text: no bar, point or word changes unseen, and no two words cover each other.

Whoever means a change writes them anew with `PSU_PLANNER_NEW_PICTURES=1 pytest tests/test_kept_pictures.py`, looks at
the pictures, and commits the lines that differ. Comparison and stress are of the seven units of scenarios/tiny, whose
figures are worked out by hand in the scenario's own README; the frontier is of the eight units of the small province.
"""

import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from chart_tables import CAPTION, ROADMAP
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from picture_checks import drawn_in, drawn_on, words_in
from small_province import write_scenario

import planner
from planner.compare_runs import compare_runs
from planner.drawing.chart_page import lay_out
from planner.drawing.frontier_picture import draw_frontier
from planner.drawing.gantt_picture import gantt_chart
from planner.drawing.sheet import own_settings
from planner.ranking import solve_case, write_run
from planner.result import Result
from planner.scenario_file import Case, read_scenario
from planner.wording import Wording

PICTURES = Path(__file__).parent / "pictures"
TINY = Path(__file__).parents[1] / "scenarios" / "tiny"


@cache
def case() -> Case:
    return read_scenario(TINY, ["search.plans=2", "search.best=0"])


@cache
def solved() -> Result:
    return solve_case(case())


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_run(solved(), tmp_path_factory.mktemp("kept") / "run", Wording("vi"), pictures="none")


def comparison(run: Path) -> Figure:
    return planner.draw_plan_comparison(compare_runs([run]).comparison, Wording("vi"))


def frontier(run: Path) -> Figure:
    eight = read_scenario(write_scenario(run.parent / "province"))
    return draw_frontier(planner.frontier(eight, ["state_saving", "staff_moved"]), Wording("vi"))


def stress(run: Path) -> Figure:
    return planner.draw_stress(planner.stress(run, draws=20, seed=1), Wording("en"))


FIGURES: dict[str, Callable[[Path], Figure]] = {"comparison": comparison, "frontier": frontier, "stress": stress}


@pytest.mark.parametrize("name", FIGURES)
def test_changes_no_picture_of_several_plans_unseen(name: str, run: Path) -> None:
    figure = FIGURES[name](run)
    with own_settings():
        _same(name, drawn_in(figure))
        assert _covered(figure) == []


def test_says_on_a_page_of_its_own_that_no_step_is_due() -> None:
    with own_settings():
        _same("gantt-empty", drawn_on(lay_out(gantt_chart(CAPTION, ROADMAP[:0], Wording("vi")), Wording("vi"))))


def _same(name: str, lines: list[str]) -> None:
    drawn, kept = "\n".join(lines) + "\n", PICTURES / f"{name}.txt"
    if os.environ.get("PSU_PLANNER_NEW_PICTURES"):
        kept.write_text(drawn, encoding="utf-8", newline="\n")
    assert drawn == kept.read_text(encoding="utf-8")


def _covered(figure: Figure) -> list[tuple[str, str]]:
    """Words that share more than a hair with others of their figure."""
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    texts = words_in(figure)
    boxes = [text.get_window_extent(canvas.get_renderer()).padded(-2) for text in texts]
    return [
        (one.get_text(), other.get_text())
        for place, (one, box) in enumerate(zip(texts, boxes, strict=True))
        for other, beside in zip(texts[place + 1 :], boxes[place + 1 :], strict=True)
        if box.width > 0 and beside.width > 0 and box.overlaps(beside)
    ]
