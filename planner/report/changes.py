"""Section: everything that a plan changes, one row per decision, for paper and for readers without a screen."""

from collections.abc import Sequence

from planner.drawing.event_words import told
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

_AMOUNTS = ("posts_slimmed", "orders_mvnd", "fees_mvnd")


def changes(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Numbered as in diagram and map; what is slimmed and ordered in kept units is summed in a sentence."""
    view = run.views[plan]
    heads = [words.say(f"head_{name}") for name in ("number", "units_today", "change", "unit_after", "basis")]
    rows = [_row(view, words, event) for event in view.events]
    table = Table(words.say("changes_caption", count=len(rows), kept=len(view.kept)), heads, rows)
    notes = [_amount(view, words, column) for column in _AMOUNTS]
    return [table, *(note for note in notes if note)]


def legal_basis(view: PlanView, event: Event) -> str:
    """The texts of the steps of an event, each once."""
    rows = (row for unit in event.units for row in view.steps.get(unit, ()))
    return "; ".join(dict.fromkeys(row["legal_basis"] for row in rows if row.get("legal_basis")))


def reasons(view: PlanView, event: Event) -> str:
    """The reasons that pins and grounds state, each once."""
    rows = (row for unit in event.units for row in view.steps.get(unit, ()))
    return "; ".join(dict.fromkeys(row["reason"] for row in rows if row.get("reason")))


def _row(view: PlanView, words: Words, event: Event) -> list[str | Cell]:
    today = "; ".join(f"{view.name(unit)} ({view.posts_before(unit)})" for unit in event.units)
    after = "; ".join(f"{view.name_after(unit)} ({view.posts_after(unit)})" for unit in event.successor_ids)
    basis = Cell(legal_basis(view, event) or words.say("no_source"), small=reasons(view, event))
    ends = words.say("leaves_public") if event.fate in ("equitize", "convert") else words.say("ends")
    return [str(event.number), today, told(view, event, words.wording), after or ends, basis]


def _amount(view: PlanView, words: Words, column: str) -> Note | None:
    amount, units = view.amount(column)
    return Note(words.say(f"sum_{column}", amount=amount, units=units)) if amount else None
