"""Section: who becomes a joint stock company, who could, and who lacks a single condition."""

from collections.abc import Sequence

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words, summed
from planner.report.run_reading import PlanKey, RunReading

_COLUMNS = ("name", "parent", "sector", "autonomy_group", "posts", "state_capital_mvnd")


def equitization(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Those that the plan turns into companies, then eligible ones left and near misses with what they lack."""
    rows = run.of("equitization.csv", plan)
    if not rows:
        return []
    chosen = [row for row in rows if row["fate"] == "equitize"]
    eligible = [column for column in rows[0] if column.startswith("eligible_by_")]
    others = [
        row for row in rows if row not in chosen and ("yes" in (row[c] for c in eligible) or row["near_miss"] == "yes")
    ]
    heads = [words.column(name) for name in _COLUMNS]
    total = [words.say("total"), "", "", "", *(words.number(str(summed(chosen, name))) for name in _COLUMNS[4:])]
    tables = []
    if chosen:
        caption = words.say("companies_caption", count=len(chosen))
        cells = [[*_cells(words, row), row["year"]] for row in chosen]
        tables.append(Table(caption, [*heads, words.say("head_year")], cells, frozenset({3, 4, 5, 6}), total=total))
    if others:
        caption = words.say("near_caption", count=len(others))
        cells = [[*_cells(words, row), _missing(words, row)] for row in others]
        tables.append(Table(caption, [*heads, words.say("head_missing")], cells, frozenset({3, 4, 5}), folded=True))
    return tables or [Note(words.say("no_company"))]


def _cells(words: Words, row: Row) -> list[str | Cell]:
    figures = (words.number(row[name]) for name in _COLUMNS[3:])
    return [row["name"], row["parent"], words.code("sector", row["sector"]), *figures]


def _missing(words: Words, row: Row) -> str:
    names = (name for name in row["missing"].split(";") if name)
    told = "; ".join(words.wording.term("equitization", f"not_{name}") for name in names)
    return told or words.say("eligible_but", fate=words.wording.term("fates", row["fate"]))
