"""The data behind the interactive diagram: what every plan changes, before and after and why, and all units by name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from planner.drawing.event_words import capitalised, told
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.style import FATE_STYLES, look
from planner.drawing.table_rows import Row, whole
from planner.report.blocks import Block, Note, Picture
from planner.report.changes import legal_basis, reasons
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

FIGURES = (
    "posts_budget", "posts_own", "staff", "revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd", "orders_mvnd",
    "autonomy_group", "users", "classes", "beds", "heads", "deputies", "sites", "buildings",
)  # fmt: skip
AFTER_ONLY = ("surplus_leaders", "saved_posts", "posts_slimmed", "severed", "severance_state_mvnd")
_AMOUNTS = {"slim": "posts_slimmed", "order": "orders_mvnd"}
_LEVERS = {
    "merge": ("merge", "site", "surplus"),
    "raise": ("raise_orders", "raise_fees"),
    "slim": ("slim",),
    "order": ("order",),
}
_DASHES = {"equitize": "dashed", "convert": "dashed", "dissolve": "dotted", "transfer": "dashed"}
_SCRIPT_WORDS = (
    "after", "and_kept", "before", "figure", "found", "kept", "kept_box", "kept_left", "none_found", "none_shown",
    "number", "roadmap", "shown", "unit_invented", "why",
)  # fmt: skip


def diagram(run: RunReading, words: Words) -> Sequence[Block]:
    """The place where the script draws, with what it can be filtered by; nothing without a plan."""
    if not run.places:
        return []
    looks = [(name, facts) for name, facts in _looks(words).items() if name != "keep"]
    picture = Picture("diagram.html", {"filters": filter_values(run, words), "looks": looks})
    return [Note(words.say("diagram_legend")), picture]


def diagram_data(run: RunReading, words: Words) -> dict[str, Any]:
    """Everything that the page's script draws from; texts are ready to be shown, figures in the order of `figures`."""
    return {
        "language": words.wording.language,
        "words": {name: words.say(f"script_{name}") for name in _SCRIPT_WORDS},
        "looks": _looks(words),
        "figures": [words.column(name) for name in (*FIGURES, *AFTER_ONLY)],
        "summed": [name not in ("autonomy_group",) for name in FIGURES],
        "units": {unit: _unit(words, unit, row) for unit, row in run.units.items()},
        "plans": {plan_id(plan): _plan(run, words, plan) for plan in run.places},
    }


def plan_id(plan: PlanKey) -> str:
    """The name of a plan inside the page."""
    return f"{plan[0]}-{plan[1]}"


def filter_values(run: RunReading, words: Words) -> Mapping[str, Sequence[str]]:
    """What units can be filtered by: every area, parent and sector that occurs, in reading order."""
    units = [_unit(words, unit, row) for unit, row in run.units.items()]
    return {name: sorted({str(unit[name]) for unit in units if unit[name]}) for name in ("area", "parent", "sector")}


def _looks(words: Words) -> dict[str, dict[str, str]]:
    """Colour, line and word of every fate, a merger by its form."""
    return {
        name: {
            "colour": style.colour,
            "line": _DASHES.get(name, "solid"),
            "word": capitalised(words.wording.term("fates", name)),
        }
        for name, style in FATE_STYLES.items()
    }


def _unit(words: Words, unit: str, row: Row) -> dict[str, Any]:
    return {
        "name": row["name"] or unit,
        "kind": words.code("kind", row["kind"]),
        "sector": words.code("sector", row["sector"]),
        "area": row["district"] or row["area"],
        "parent": row["parent"],
        "commune": row["commune"],
        "invented": row["data_quality"] == "invented",
        "before": [whole(row.get(name, "")) for name in FIGURES],
    }


def _plan(run: RunReading, words: Words, plan: PlanKey) -> dict[str, Any]:
    view = run.views[plan]
    shares = _shares(run, words, plan)
    roadmaps: dict[str, list[list[str]]] = defaultdict(list)
    for row in run.of("roadmap.csv", plan):
        days = f"{words.day(row['from'])} – {words.day(row['until'])}"
        roadmaps[row["successor_id"]].append([row["title"], row["responsible"], days])
    return {
        "events": [_event(view, words, event, shares, roadmaps) for event in view.events],
        "headings": {heading: view.kept_under.get(heading, 0) for heading in view.headings},
        "heading_of": {unit: view.heading(unit) for unit in view.kept},
        "after": {unit: _after(row) for unit, row in view.successor_rows.items()},
        "steps": {unit: "; ".join(steps) for unit in view.unit_rows if (steps := list(_amounts(view, words, unit)))},
    }


def _event(
    view: PlanView, words: Words, event: Event, shares: Mapping[str, Sequence[str]],
    roadmaps: Mapping[str, list[list[str]]],
) -> dict[str, Any]:  # fmt: skip
    why = [words.say("why_basis", basis=basis)] if (basis := legal_basis(view, event)) else []
    why += [words.say("why_reason", reason=reason)] if (reason := reasons(view, event)) else []
    return {
        "number": event.number,
        "look": look(event.fate, event.form),
        "year": event.year,
        "told": told(view, event, words.wording),
        "heading": view.heading_of(event),
        "units": list(event.units),
        "after": list(event.successor_ids),
        "name": "; ".join(map(view.name_after, event.successor_ids)) or view.name(event.units[0]),
        "sites": {unit: site for unit in event.units if (site := _site(view, words, unit))},
        "why": [*why, *shares.get(event.fate, ())],
        "roadmap": next((roadmaps[unit] for unit in (*event.successor_ids, *event.units) if unit in roadmaps), []),
    }


def _site(view: PlanView, words: Words, unit: str) -> str:
    site = next((row["site"] for row in view.steps.get(unit, ()) if row.get("site")), "")
    return words.say(f"site_{site}") if site in ("kept", "closed") else ""


def _after(row: Row) -> list[Any]:
    """Name, then every figure after the last stage that the successor has."""
    return [row["name"], *(whole(row.get(name, "")) for name in (*FIGURES, *AFTER_ONLY))]


def _amounts(view: PlanView, words: Words, unit: str) -> Iterator[str]:
    """What is slimmed and ordered in a unit, which no diagram draws."""
    for row in view.steps.get(unit, ()):
        column = _AMOUNTS.get(row["fate"])
        if column and row.get(column, "0") not in ("", "0"):
            yield words.say(f"step_{row['fate']}", amount=whole(row[column]), year=row["year"])


def _shares(run: RunReading, words: Words, plan: PlanKey) -> dict[str, list[str]]:
    """Per fate, what all decisions of that fate together carry of each target: the reason why the plan has them."""
    readings = {row["id"]: row for row in run.of("readings.csv", plan) if not row["label"]}
    given: dict[tuple[str, str], Fraction] = defaultdict(Fraction)
    for row in run.of("levers.csv", plan):
        if row["id"] in readings and row["points"] and not row["label"]:
            given[row["lever"], row["id"]] += Fraction(row["points"])
    told: dict[str, list[str]] = {}
    for fate in ("merge", "equitize", "convert", "dissolve", "raise"):
        sums: dict[str, Fraction] = defaultdict(Fraction)
        for (lever, rule), points in given.items():
            if lever in _LEVERS.get(fate, (fate,)):
                sums[rule] += points
        told[fate] = [_share(words, fate, readings[rule], points) for rule, points in sums.items() if points]
    return told


def _share(words: Words, fate: str, reading: Row, points: Fraction) -> str:
    facts = {"fate": words.wording.term("fates", fate), "rule": reading["name"] or reading["id"]}
    amount = words.wording.number(points, 0 if points.denominator == 1 else 2)
    return words.say("why_share", points=amount, reached=words.number(reading["reached"]), **facts)
