"""The restructuring planner: scenario files in, ranked plans, pictures and tables out.

The functions of the Python API load on first use, so that `import planner` stays light.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.checker import check
    from models.problem import InputError
    from planner.chart_pictures import draw_chart, draw_staircase
    from planner.comparison import compare
    from planner.decision_table import read_decisions
    from planner.drafts.evaluation import evaluate
    from planner.drafts.near import rank_near
    from planner.drafts.progress import progress
    from planner.drawing.frontier_picture import draw_frontier
    from planner.drawing.plan_comparison import draw_plan_comparison
    from planner.drawing.side_by_side import merger_graphs, merger_maps
    from planner.drawing.stress_picture import draw_stress
    from planner.drawing.sweep_picture import draw_sweep
    from planner.explain_run import explain
    from planner.frontier_run import frontier, write_frontier
    from planner.pictures_on_demand import draw_run
    from planner.ranking import solve_case as rank
    from planner.ranking import write_run
    from planner.run_reading import read_run
    from planner.scenario_file import read_scenario
    from planner.short_sight import rank_myopic
    from planner.stress_run import stress
    from planner.sweeping import sweep
    from planner.wording import Wording

__all__ = [
    "InputError",
    "Wording",
    "check",
    "compare",
    "draw_chart",
    "draw_frontier",
    "draw_plan_comparison",
    "draw_run",
    "draw_staircase",
    "draw_stress",
    "draw_sweep",
    "evaluate",
    "explain",
    "frontier",
    "merger_graphs",
    "merger_maps",
    "progress",
    "rank",
    "rank_myopic",
    "rank_near",
    "read_decisions",
    "read_run",
    "read_scenario",
    "stress",
    "sweep",
    "write_frontier",
    "write_run",
]

_PROJECT = "psu-planner"
_HOMES = {
    "InputError": ("models.problem", "InputError"),
    "Wording": ("planner.wording", "Wording"),
    "check": ("models.checker", "check"),
    "compare": ("planner.comparison", "compare"),
    "draw_chart": ("planner.chart_pictures", "draw_chart"),
    "draw_staircase": ("planner.chart_pictures", "draw_staircase"),
    "draw_plan_comparison": ("planner.drawing.plan_comparison", "draw_plan_comparison"),
    "draw_run": ("planner.pictures_on_demand", "draw_run"),
    "draw_frontier": ("planner.drawing.frontier_picture", "draw_frontier"),
    "draw_stress": ("planner.drawing.stress_picture", "draw_stress"),
    "draw_sweep": ("planner.drawing.sweep_picture", "draw_sweep"),
    "merger_graphs": ("planner.drawing.side_by_side", "merger_graphs"),
    "merger_maps": ("planner.drawing.side_by_side", "merger_maps"),
    "frontier": ("planner.frontier_run", "frontier"),
    "evaluate": ("planner.drafts.evaluation", "evaluate"),
    "progress": ("planner.drafts.progress", "progress"),
    "explain": ("planner.explain_run", "explain"),
    "rank": ("planner.ranking", "solve_case"),
    "rank_myopic": ("planner.short_sight", "rank_myopic"),
    "rank_near": ("planner.drafts.near", "rank_near"),
    "read_decisions": ("planner.decision_table", "read_decisions"),
    "read_run": ("planner.run_reading", "read_run"),
    "read_scenario": ("planner.scenario_file", "read_scenario"),
    "write_frontier": ("planner.frontier_run", "write_frontier"),
    "stress": ("planner.stress_run", "stress"),
    "sweep": ("planner.sweeping", "sweep"),
    "write_run": ("planner.ranking", "write_run"),
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    home, function = _HOMES[name]
    return getattr(import_module(home), function)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _insist_on_own_models() -> None:
    """`models` is a common name: another package of that name would be imported in its place without a word."""
    try:
        import models
    except ModuleNotFoundError:
        found, place = "", "-"
    else:
        found, place = getattr(models, "PROJECT", ""), str(getattr(models, "__file__", None) or "-")
    if found != _PROJECT:
        from planner.wording import LANGUAGES, Wording

        told = (Wording(language).say("install.foreign_models", place=place) for language in LANGUAGES)
        raise ImportError("\n".join(told))


_insist_on_own_models()
