"""Sections that stand only where a run has what they tell: the tables of other commands, as they are."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Note, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

MOST_ROWS = 300
FOLDED_FROM = 40
_OF_PLAN = ("list", "rank")
_CODES = ("sector", "kind", "level", "function")


@dataclass(frozen=True)
class OptionalTable:
    """A table of the run folder that another command or another version writes; the section bears its name."""

    file: str

    def __call__(self, run: RunReading, words: Words) -> Sequence[Block]:
        return self._blocks(words, run.rows(self.file))

    def of_plan(self, run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
        """The same for a table with the columns `list` and `rank`: the rows of one plan."""
        rows = run.rows(self.file)
        return self._blocks(words, [row for row in rows if (row.get("list"), row.get("rank")) == plan])

    def _blocks(self, words: Words, rows: Sequence[Row]) -> list[Block]:
        if not rows:
            return []
        columns = [column for column in rows[0] if column not in _OF_PLAN]
        cells = [[_cell(words, column, row[column]) for column in columns] for row in rows[:MOST_ROWS]]
        right = frozenset(place for place, column in enumerate(columns) if _figures(rows, column))
        caption = words.say("rows_of", file=self.file, count=len(rows))
        folded = len(rows) > FOLDED_FROM
        table = Table(caption, [words.column(column) for column in columns], cells, right, folded)
        more = [Note(words.say("rows_left", file=self.file, count=len(rows) - MOST_ROWS))]
        return [table, *(more if len(rows) > MOST_ROWS else [])]


def _cell(words: Words, column: str, text: str) -> str:
    if column in _CODES:
        return words.code(column, text)
    if column == "fate":
        return words.wording.term("fates", text)
    return words.number(text) if text and not column.endswith("year") and column != "year" else text


def _figures(rows: Sequence[Row], column: str) -> bool:
    """Whether a column holds numbers wherever it holds something."""
    filled = [row[column] for row in rows if row[column]]
    return bool(filled) and all(cell.lstrip("-").replace(".", "", 1).isdigit() for cell in filled)
