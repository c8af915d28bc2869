"""Sections of special runs: what a plan changes in a hand-made one, and the frontier with its picture."""

import base64
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import pandas as pd

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Picture, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

FRONTIER = "frontier.csv"
FOLDED_FROM = 60


def near(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """How few changes a draft needs, and each of them, of a run with --near."""
    if not run.has("changes.csv"):
        return []
    told = run.manifest.get("near") or {}
    rows = [row for row in run.rows("changes.csv") if (row["list"], row["rank"]) == plan]
    blocks: list[Block] = []
    if (fewest := told.get("fewest_changes")) is not None:
        least = words.wording.say("near.proved") if told.get("proved_fewest") else words.wording.say(
            "near.not_proved", least=told.get("at_least", 0))  # fmt: skip
        blocks.append(Note(words.say("near_fewest", count=fewest, proof=least)))
    if not rows:
        return [*blocks, Note(words.say("near_nothing"))]
    heads = [*(words.wording.say(f"near.{name}") for name in ("unit", "drafted", "proposed")), words.say("head_what")]
    cells: list[list[str | Cell]] = [
        [Cell(row["name"] or row["unit_id"], small=row["unit_id"]), _step(words, row["drafted"]),
         _step(words, row["proposed"]), words.term("report.what_", row["what"])]
        for row in rows
    ]  # fmt: skip
    return [*blocks, Table(words.say("near_changes", count=len(rows)), heads, cells, folded=len(rows) > FOLDED_FROM)]


def frontier(run: RunReading, words: Words) -> Sequence[Block]:
    """What the criteria trade against one another: how whole the frontier is, its picture, and every point."""
    rows = run.rows(FRONTIER)
    if not rows:
        return [Note(words.say("frontier_empty"))] if run.has(FRONTIER) else []
    told = run.manifest.get("frontier") or {}
    notes = _status(words, str(told.get("status", "")), len(rows))
    columns = [name for name in rows[0] if name not in ("list", "rank", "proved", "knee", "representative")]
    heads = [words.say("head_point"), *map(words.column, columns), words.column("proved_best"), words.say("head_shape")]
    cells: list[list[str | Cell]] = [
        [words.plan((row["list"], row["rank"])), *(words.amount(name, row[name]) for name in columns),
         words.truth(row["proved"]), _shape(words, row)]
        for row in rows
    ]  # fmt: skip
    table = Table(words.say("frontier_caption", count=len(rows)), heads, cells, frozenset(range(1, len(columns) + 1)))
    return [*notes, *_picture(run, words, rows), table]


def _status(words: Words, status: str, points: int) -> list[Block]:
    key = f"frontier.picture_{status}"
    told = words.wording.say(key, points=points) if words.wording.knows(key) else status
    return [Note(told, "warn" if status == "partial" else "")] if told else []


def _picture(run: RunReading, words: Words, rows: Sequence[Row]) -> list[Block]:
    """The frontier's picture in the language of the page, whatever the language of the command that traced it."""
    from planner.drawing.frontier_picture import Traced, draw_traced

    names, status = trade_off_of(run)
    if len(names) < 2:
        return []
    points = pd.DataFrame(rows)
    for column in ("proved", "knee", "representative"):
        points[column] = points[column] == "True"
    traced = Traced(run.case.scenario.title, names, status, points, run.case.invented)
    with TemporaryDirectory() as folder:
        drawn = Path(folder) / "frontier.svg"
        draw_traced(traced, words.wording, [drawn])
        text = base64.b64encode(drawn.read_bytes()).decode()
    source = f"data:image/svg+xml;base64,{text}"
    return [Picture("frontier.html", {"source": source, "label": words.say("frontier_picture")})]


def trade_off_of(run: RunReading) -> tuple[Sequence[str], str]:
    """The criteria of a frontier and how whole it is, as its manifest states them."""
    told = run.manifest.get("frontier") or {}
    return tuple(told.get("criteria", ())), str(told.get("status", "partial"))


def _shape(words: Words, row: Row) -> str:
    named = (name for name in ("knee", "representative") if row.get(name) == "True")
    return ", ".join(words.say(f"shape_{name}") for name in named)


def _step(words: Words, text: str) -> str:
    """A decision in the words of the table, its fate in the reader's."""
    return "; ".join(" ".join([words.term("fates.", fate), rest]).strip()
                     for fate, _, rest in (step.partition(" ") for step in text.split("; ")))  # fmt: skip
