"""The charts of a plan: from a plan and its case to plain tables, to a sheet, to files."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner.cash_tables import cash_table
from planner.drawing.before_after_picture import before_after_chart
from planner.drawing.cash_picture import cash_chart
from planner.drawing.chart_page import Caption, Chart, lay_out
from planner.drawing.gantt_picture import gantt_chart
from planner.drawing.lever_picture import lever_chart
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import own_settings
from planner.drawing.staircase_picture import staircase_chart
from planner.explain_tables import mark_of, staircase_table
from planner.lever_tables import levers_table
from planner.roadmap_table import roadmap_table
from planner.scenario_file import Case
from planner.tables import decisions_table, readings_table, successors_table, units_table
from planner.wording import Wording

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from planner.explanation import Explanation

FORMS = ("png", "svg")


def draw_chart(
    name: str, case: Case, plan: RankedPlan, wording: Wording, targets: Iterable[Path] = ()
) -> "Figure":  # fmt: skip
    """One of CHARTS (before-after, levers, cash, gantt) of a plan of `Result.plans` or `Run.plans`.

    Written once per target (.png, .svg), and given back for a notebook.
    Errors: InputError where there is none of that name.
    """
    if name not in CHARTS:
        raise InputError(name, [Problem("chart", "charts.unknown", {"found": name, "known": ", ".join(CHARTS)})])
    return _drawn(CHARTS[name](case, plan, wording), wording, targets)


def draw_staircase(found: "Explanation", wording: Wording, targets: Iterable[Path] = ()) -> "Figure":
    """What the steps of every target cost, of an explanation of a whole plan."""
    case = found.run.case
    names = {rule.id: rule.name for rule in case.scenario.rules if rule.name}
    caption = caption_of(case, found.ranked, wording)
    chart = staircase_chart(caption, staircase_table(found), names, wording, f"staircase-{mark_of(found)}.csv")
    return _drawn(chart, wording, targets)


def caption_of(case: Case, plan: RankedPlan, wording: Wording) -> Caption:
    """The words that every chart of a plan carries."""
    listed = wording.say("charts.plan", rank=plan.rank, list=wording.term("cli", plan.list))
    invented = int((case.units.text("data_quality") == "invented").sum())
    return Caption(f"{case.scenario.title}: {listed}", case.scenario.as_of.isoformat(), invented, len(case.units))


def _drawn(chart: Chart, wording: Wording, targets: Iterable[Path]) -> "Figure":
    with own_settings():
        sheet = lay_out(chart, wording)
        sheet.save(targets)
    return sheet.figure


def _before_after(case: Case, plan: RankedPlan, wording: Wording) -> Chart:
    one = [plan]
    tables = (decisions_table(one), successors_table(one), readings_table(one))
    view = PlanView(case.scenario.title, units_table(case.units), *tables)
    codes = {row["sector"] for row in (*view.unit_rows.values(), *view.successor_rows.values())}
    sectors = {code: case.vocabulary.name("sectors", code, wording.language) for code in codes}
    return before_after_chart(caption_of(case, plan, wording), view, sectors, wording)


def _levers(case: Case, plan: RankedPlan, wording: Wording) -> Chart:
    return lever_chart(caption_of(case, plan, wording), levers_table([plan]), readings_table([plan]), wording)


def _cash(case: Case, plan: RankedPlan, wording: Wording) -> Chart:
    return cash_chart(caption_of(case, plan, wording), cash_table([plan]), wording)


def _gantt(case: Case, plan: RankedPlan, wording: Wording) -> Chart:
    return gantt_chart(caption_of(case, plan, wording), roadmap_table([plan]), wording)


CHARTS: Mapping[str, Callable[[Case, RankedPlan, Wording], Chart]] = {
    "before-after": _before_after,
    "levers": _levers,
    "cash": _cash,
    "gantt": _gantt,
}
