"""Section: sites that close and the buildings that they free."""

from collections.abc import Sequence

from planner.report.blocks import Block, Note, Table
from planner.report.figures import Words, summed
from planner.report.run_reading import PlanKey, RunReading

_COLUMNS = ("name", "commune", "year", "successor", "sites", "buildings", "site_cost_mvnd")


def buildings_freed(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Every unit whose sites close: where it stands, when, who takes it in, and what its sites cost a year today."""
    closed = [row for row in run.of("decisions.csv", plan) if row["site"] == "closed" and row["unit_id"] in run.units]
    kept = sum(row["site"] == "kept" for row in run.of("decisions.csv", plan))
    if not closed:
        return [Note(words.say("no_site_closes", kept=kept))]
    units = [run.units[row["unit_id"]] for row in closed]
    rows = [
        [unit["name"], ", ".join(filter(None, (unit["commune"], unit["area"]))), row["year"], row["successor_name"],
         *(words.number(unit[name]) for name in _COLUMNS[4:])]
        for row, unit in zip(closed, units, strict=True)
    ]  # fmt: skip
    total = [words.say("total"), "", "", "", *(words.number(str(summed(units, name))) for name in _COLUMNS[4:])]
    heads = [words.say("head_closed_unit"), *map(words.column, _COLUMNS[1:])]
    caption = words.say("buildings_caption", closed=len(closed), kept=kept)
    return [Table(caption, heads, rows, frozenset({2, 4, 5, 6}), total=total), Note(words.say("buildings_legend"))]
