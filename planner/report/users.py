"""Sections: what the State pays for one product before and after, and how much further users go."""

from collections.abc import Mapping, Sequence

from models.output import Output
from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Note, Table
from planner.report.extras import OptionalTable
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

ACCESS = "access.csv"
KILOMETRE = 1000
_COSTS = ("per_unit_before_mvnd", "per_unit_after_mvnd")


def products(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Per kind of unit its output and the State's outlay for one of it, today and after the last stage."""
    rows = run.of("outputs_by_kind.csv", plan)
    if not rows:
        return []
    last = max(row["stage"] for row in rows)
    mine = [row for row in rows if row["stage"] == last and any(row[name] for name in ("before", "after"))]
    names = {found.id: found for found in run.case.scenario.outputs}
    heads = [words.say(f"head_{name}") for name in ("kind", "product", "output", "cost", "units", "silent")]
    cells = [
        [words.code("kind", row["kind"]), _called(words, names, row["indicator"]), _pair(words, row, "before", "after"),
         _pair(words, row, *_COSTS), _pair(words, row, "units_before", "units_after"),
         _pair(words, row, "silent_before", "silent_after")]
        for row in mine
    ]  # fmt: skip
    table = Table(words.say("products_caption", year=last), heads, cells, frozenset({2, 3, 4, 5}))
    notes = [Note(words.say("products_legend"))]
    if any(row["certainty"] == "to_confirm" for row in mine):
        notes.append(Note(words.say("products_to_confirm"), "warn"))
    return [table, *notes]


def access(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """By stage, commune and group of users: how many go further, and how far."""
    rows = run.of(ACCESS, plan)
    if not rows and any("user_group" in row for row in run.rows(ACCESS)[:1]):
        return [Note(words.say("access_none"))]
    if not rows or "user_group" not in rows[0]:  # written by somebody else
        return OptionalTable(ACCESS).of_plan(run, words, plan)
    say = words.wording.say
    heads = [words.say("head_year"), *(say(f"access.{name}") for name in
             ("commune", "user_group", "users", "further", "mean", "farthest"))]  # fmt: skip
    column = {"sector": "sector", "kind": "kind"}[run.case.scenario.objective.user_groups]
    ordered = sorted(rows, key=lambda row: (row["commune"] != "", row["year"]))
    cells = [
        [row["year"], row["commune"] or say("access.everywhere"), words.code(column, row["user_group"]),
         words.number(row["users"]), words.number(row["users_further"]),
         _kilometres(words, row["mean_m"]), _kilometres(words, row["farthest_m"])]
        for row in ordered
    ]  # fmt: skip
    return [Table(words.say("access_caption"), heads, cells, frozenset({3, 4, 5, 6})), Note(words.say("access_legend"))]


def _called(words: Words, names: Mapping[str, Output], indicator: str) -> str:
    found = names.get(indicator)
    return found.called(words.wording.language) if found else indicator


def _pair(words: Words, row: Row, before: str, after: str) -> str:
    """Today and after; one figure where both are the same."""
    shown = [words.number(row[name], 3) for name in (before, after)]
    return shown[0] if shown[0] == shown[1] else " → ".join(shown)


def _kilometres(words: Words, metres: str) -> str:
    return words.wording.number(int(metres) / KILOMETRE, 1) if metres else "–"
