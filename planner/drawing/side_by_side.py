"""Pictures of several plans in one row, for a notebook: each a PNG inside the page, so that nothing else is needed."""

from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory

from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner.drawing.merger_graph import draw_merger_graph
from planner.drawing.merger_map import draw_merger_map
from planner.drawing.plan_view import PlanView
from planner.pictures import view_of
from planner.result import Result
from planner.tables import units_table
from planner.wording import Wording

Draw = Callable[[PlanView, Sequence[Path], Wording], None]


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Pictures with their captions; a notebook shows them in one row of equal widths."""

    pictures: tuple[tuple[str, bytes], ...]

    def _repr_html_(self) -> str:
        return f'<div style="display:flex;gap:8px;align-items:flex-start">{"".join(map(_cell, self.pictures))}</div>'


def merger_graphs(result: Result, ranks: Sequence[int] = (1,), wording: Wording | None = None) -> SideBySide:
    """Who becomes what in plans of a result, side by side. Errors: as `merger_maps`."""
    return _drawn(draw_merger_graph, result, ranks, wording or Wording())


def merger_maps(result: Result, ranks: Sequence[int] = (1,), wording: Wording | None = None) -> SideBySide:
    """Where plans of a result change something, side by side.

    ranks: of the first list that the result has: `different`, else `best`, else `frontier`. Errors: InputError where
    there is no plan of a rank.
    """
    return _drawn(draw_merger_map, result, ranks, wording or Wording())


def _drawn(draw: Draw, result: Result, ranks: Sequence[int], wording: Wording) -> SideBySide:
    units = units_table(result.case.units)
    pictures = []
    with TemporaryDirectory() as folder:
        for rank in ranks:
            plan, target = _plan(result, rank), Path(folder) / f"{rank}.png"
            draw(view_of(result.case, plan, units, wording), [target], wording)
            pictures.append((wording.say("cli.plan", rank=rank), target.read_bytes()))
    return SideBySide(tuple(pictures))


def _plan(result: Result, rank: int) -> RankedPlan:
    lists = [name for name in ("different", "best", "frontier") if any(plan.list == name for plan in result.plans)]
    known = {plan.rank: plan for plan in result.plans if plan.list == (lists or [""])[0]}
    if rank not in known:
        facts = {"found": str(rank), "known": ", ".join(map(str, known)) or "–"}
        raise InputError(result.case.path.name, [Problem("ranks", "explain.no_plan", facts)])
    return known[rank]


def _cell(picture: tuple[str, bytes]) -> str:
    caption, png = picture
    image = f'<img style="width:100%" alt="{escape(caption)}" src="data:image/png;base64,{b64encode(png).decode()}">'
    return f'<figure style="flex:1;margin:0;max-width:720px"><figcaption>{escape(caption)}</figcaption>{image}</figure>'
