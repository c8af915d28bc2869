"""The merger map: where the units are that a plan changes, and which of them become one."""

from collections.abc import Sequence
from pathlib import Path

from planner.drawing.merger_map_page import lay_out_merger_map
from planner.drawing.merger_map_print import print_merger_map
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import own_settings, save_pages
from planner.wording import Wording


def draw_merger_map(view: PlanView, targets: Sequence[Path], wording: Wording) -> None:
    """Draw the map and the numbered list beside it, once per target (.png or .svg)."""
    with own_settings():
        lay_out_merger_map(view, wording).save(targets)


def draw_merger_map_pages(view: PlanView, target: Path, wording: Wording) -> None:
    """Draw the same on pages of A4 (.pdf), in letters of the size in which they are printed."""
    with own_settings():
        save_pages(print_merger_map(view, wording), target, wording.say("map.title", title=view.title))
