"""The pictures that `solve` left out: of any plan of a run, drawn later from the run's own copy, beside its tables.

Pages for print are drawn here only: whoever signs a plan prints one, and nobody waits for them in every run.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner.drafts.table import plan_named
from planner.manifest import DERIVED
from planner.pictures import PICTURES, draw_pages, draw_picture, view_of
from planner.run_folder import plan_mark
from planner.run_reading import Run, read_run
from planner.tables import units_table
from planner.wording import Wording

ALL = "all"


def draw_run(
    folder: Path | str, which: Sequence[str] = (ALL,), wording: Wording | None = None, out: Path | None = None, *,
    on_plan: Callable[[str, int], None] | None = None,
) -> tuple[Path, list[str]]:  # fmt: skip
    """Every picture of plans of a run folder, by default into its folder for what is derived; there, and their marks.

    Graph and map come as pages for print as well.

    which: names of plans ("2", "best-1"), or "all". The digest of the run stays as it is.
    Errors: InputError where the folder was changed or holds no such plan; OSError.
    """
    said, run = wording or Wording(), read_run(Path(folder))
    plans, target = plans_named(run, which), out or run.folder / DERIVED
    target.mkdir(parents=True, exist_ok=True)
    units = units_table(run.case.units)
    for place, plan in enumerate(plans):
        if on_plan is not None:
            on_plan(plan_mark(plan), len(plans) - place)
        view = view_of(run.case, plan, units, said)
        for name in PICTURES:
            draw_picture(name, (run.case, plan, view), said, target)
        draw_pages((run.case, plan, view), said, target)
    return target, [plan_mark(plan) for plan in plans]


def plans_named(run: Run, which: Sequence[str]) -> list[RankedPlan]:
    """The plans that are meant, each once, in the order of the run. Errors: InputError with every name that is none."""
    known = {plan_mark(plan): plan for plan in run.plans}
    wanted = set(known) if ALL in which else {_mark(name) for name in which}
    unknown = sorted(wanted - set(known))
    if unknown or not known:
        facts = {"known": ", ".join(known) or "–"}
        code = "pictures.no_plan" if known else "pictures.no_plans"
        problems = [Problem("--pictures", code, {"found": name, **facts}) for name in unknown or [ALL]]
        raise InputError(str(run.folder), problems)
    return [plan for mark, plan in known.items() if mark in wanted]


def _mark(name: str) -> str:
    """ "different-2" and "2" are one plan."""
    plan = plan_named(name)
    if plan is None:
        return name
    return str(plan[1]) if plan[0] == "different" else f"{plan[0]}-{plan[1]}"
