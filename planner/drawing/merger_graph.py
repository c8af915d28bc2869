"""The merger graph: today's units on the left, what a plan makes of them on the right."""

from collections.abc import Iterable, Sequence
from pathlib import Path

import networkx as nx

from planner.drawing.lettering import printable
from planner.drawing.merger_graph_page import lay_out_merger_graph
from planner.drawing.merger_graph_print import print_merger_graph
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import own_settings, save_pages
from planner.drawing.style import style_of
from planner.wording import Wording


def build_merger_graph(view: PlanView) -> "nx.DiGraph[str]":
    """Every unit of today, every successor, every end, and a link from each unit to what becomes of it.

    Nodes are "before:ID", "after:ID" and, for a group that leaves or ends, "FATE:ID of its first unit"; each has
    side, name, kind, area, parent, posts, fate, fill (a colour); edges have fate, form and year (0: kept).
    """
    graph: nx.DiGraph[str] = nx.DiGraph(title=printable(view.title), invented=view.invented)
    for unit in view.before:
        fate, form = _fate_and_form(view, unit)
        graph.add_node(f"before:{unit}", **_attributes(view, unit, side="before", fate=fate, form=form))
    for unit in view.kept:
        graph.add_node(f"after:{unit}", **_attributes(view, unit, side="after", fate="keep", form=""))
        graph.add_edge(f"before:{unit}", f"after:{unit}", fate="keep", form="", year=0)
    for event in view.events:
        _add_event(graph, view, event)
    return graph


def write_graphml(graph: "nx.DiGraph[str]", target: Path) -> None:
    """Write a merger graph for Gephi, yEd and the like."""
    # The writer named here uses the standard library, so that the bytes do not depend on what else is installed.
    nx.write_graphml_xml(graph, target, encoding="utf-8")


def draw_merger_graph(view: PlanView, targets: Sequence[Path], wording: Wording) -> None:
    """Draw what a plan changes, once per target (.png or .svg); kept units are summed under each heading."""
    with own_settings():
        lay_out_merger_graph(view, wording).save(targets)


def draw_merger_graph_pages(view: PlanView, target: Path, wording: Wording) -> None:
    """Draw the same on pages of A4 (.pdf), in letters of the size in which they are printed."""
    with own_settings():
        save_pages(print_merger_graph(view, wording), target, wording.say("graph.title", title=view.title))


def _fate_and_form(view: PlanView, unit: str) -> tuple[str, str]:
    event = view.event_of.get(unit)
    return (event.fate, event.form) if event else ("keep", "")


def _add_event(graph: "nx.DiGraph[str]", view: PlanView, event: Event) -> None:
    ends = list(_ends(event))
    for node, unit in ends:
        attributes = _attributes(view, unit, side="after", fate=event.fate, form=event.form)
        graph.add_node(node, **attributes | {"number": event.number, "group_after": event.group_after})
    for unit in event.units:
        if f"before:{unit}" in graph:
            for node, _ in ends:
                year = event.years[unit]
                graph.add_edge(f"before:{unit}", node, fate=event.fate, form=event.form, year=year)


def _ends(event: Event) -> Iterable[tuple[str, str]]:
    """Where an event leads: (node, the unit whose columns describe it)."""
    if not event.successor_ids:
        yield f"{event.fate}:{event.units[0]}", event.units[0]
    for successor in event.successor_ids:
        yield f"after:{successor}", successor


def _attributes(view: PlanView, unit: str, *, side: str, fate: str, form: str) -> dict[str, str | int]:
    """A successor that the unit table lacks is described by its own row, else by its event's first unit."""
    row = view.unit_rows.get(unit) or view.unit_rows.get(view.units_in(unit)[0], {})
    stated = view.successor_rows.get(unit, {}) if side == "after" else {}
    cells = {key: printable(stated.get(key) or row.get(key, "")) for key in ("kind", "area", "parent")}
    before = side == "before"
    return {
        "side": side,
        "name": printable(view.name(unit) if before else view.name_after(unit)),
        **cells,
        "posts": view.posts_before(unit) if before else view.posts_after(unit),
        "fate": fate,
        "fill": style_of(fate, form).colour,
    }
