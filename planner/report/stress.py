"""Section: the stress test of the plans: how likely each target holds as bars, what hurts it, and what comes otherwise.

`stress` keeps its tables beside the run; one that was worked out from another run is not shown.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from models.stress import SAVING
from planner.drawing.rule_words import rule_words
from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Picture, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

TABLE, INPUTS, FLIPS, FACTS = "stress.csv", "stress-inputs.csv", "stress-flips.csv", "stress.json"
ALL = "all"
MOST_FLIPS = 40


def stress(run: RunReading, words: Words) -> Sequence[Block]:
    """Of all plans: what was drawn, and per target a bar for every plan; nothing without a stress test."""
    rows = run.beside_rows(TABLE, FACTS)
    if not rows:
        return []
    facts = run.beside_document(FACTS, FACTS) or {}
    inputs = {row["input"] for row in run.beside_rows(INPUTS, FACTS)}
    seed, draws = str(facts.get("seed", "–")), rows[0]["draws"]
    stopped = [Note(words.wording.say("stress.interrupted", draws=draws), "warn")] if facts.get("interrupted") else []
    return [
        Note(words.wording.say("report_stress.what", draws=words.number(draws), seed=seed, entries=len(inputs))),
        *stopped,
        Picture("stress.html", {"targets": [*_targets(words, rows)], "title": words.wording.say("report_stress.bars")}),
        Note(words.wording.say("stress.picture_note")),
    ]  # fmt: skip


def margins(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Of one plan: the worst draw of each target, the input that hurts it most, and the decisions that flip."""
    rows = [row for row in run.beside_rows(TABLE, FACTS) if (row["list"], row["rank"]) == plan and row["worst_draw"]]
    if not rows:
        return []
    say = words.wording.say
    worst = {row["id"]: row for row in run.beside_rows(INPUTS, FACTS)
             if (row["list"], row["rank"]) == plan and row["hurts_most"] == "True"}  # fmt: skip
    heads = [say(f"stress.{name}") for name in ("target", "chance", "wanted", "worst", "hurts")]
    cells = [
        [_target(words, row), _interval(words, row), *_figures(words, row), _hurts(words, worst.get(row["id"]))]
        for row in rows
    ]  # fmt: skip
    caption = say("report_stress.margins", plan=words.plan(plan))
    told = [Note(say(f"stress.{name}")) for name in ("correlation_note", "interval_note")]
    return [Table(caption, heads, cells, frozenset({1, 2, 3})), *told, *_flips(run, words, plan)]


def _targets(words: Words, rows: Sequence[Row]) -> Iterator[Mapping[str, object]]:
    """All targets together first, then each, the saving last; of each a bar per plan."""
    by_id = {id_: [*mine] for id_, mine in groupby(sorted(rows, key=lambda row: row["id"]), lambda row: row["id"])}
    others = (row["id"] for row in rows if row["id"] not in (ALL, SAVING))
    for id_ in dict.fromkeys((ALL, *others, SAVING)):
        mine = by_id.get(id_, [])
        if mine:
            bars = [_bar(words, row) for row in mine]
            alike = len({bar["chance"] for bar in bars}) == 1 and len(bars) > 1
            label = words.wording.say("report_stress.every_plan")
            yield {"name": _name(words, mine[0]), "bars": [{**bars[0], "plan": label}] if alike else bars}


def _bar(words: Words, row: Row) -> dict[str, object]:
    """Places in percent of the bar's room."""
    low, high = float(row["low_percent"]), float(row["high_percent"])
    told = words.wording.say("report_stress.bar", held=words.number(row["held"]), draws=words.number(row["draws"]),
                             interval=_interval(words, row))  # fmt: skip
    return {
        "plan": words.plan((row["list"], row["rank"])), "chance": float(row["probability_percent"]), "low": low,
        "range": round(high - low, 2), "shown": f"{words.number(row['probability_percent'], 1)}%", "told": told,
    }  # fmt: skip


def _target(words: Words, row: Row) -> str | Cell:
    return _name(words, row) if row["id"] in (ALL, SAVING) else Cell(_name(words, row), small=row["id"])


def _name(words: Words, row: Row) -> str:
    if row["id"] in (ALL, SAVING):
        return words.wording.say(f"stress.{row['id']}")
    return rule_words(row["name"], row["rule"], "", words.wording)


def _interval(words: Words, row: Row) -> str:
    return "–".join(words.number(str(round(float(row[name])))) for name in ("low_percent", "high_percent"))


def _figures(words: Words, row: Row) -> list[str]:
    """What is wanted and what the worst draw reaches; the saving in billions."""
    if row["id"] == SAVING:
        return ["> 0", words.billions(row["worst_reached"])]
    label = f" ({row['worst_label']})" if row["worst_label"] else ""
    return [words.number(row["wanted"]), words.number(row["worst_reached"]) + label]


def _hurts(words: Words, row: Row | None) -> str | Cell:
    """The input in the words of the unit table, with its range and rank correlation."""
    if row is None:
        return "–"
    named = words.term("report_stress.column_", row["column"]) if row["column"] else row["price"]
    named = named if named != row["column"] else words.column(row["column"])
    ends = " … ".join(words.number(row[name]) for name in ("low", "high"))
    percent = "%" if row["measure"] == "percent" else ""
    return Cell(f"{named} ({words.number(str(round(float(row['rank_correlation']), 2)))})",
                small=f"{row['input']}: {ends}{percent}")  # fmt: skip


def _flips(run: RunReading, words: Words, plan: PlanKey) -> list[Block]:
    """The decisions that come otherwise most often."""
    say = words.wording.say
    rows = [row for row in run.beside_rows(FLIPS, FACTS) if (row["list"], row["rank"]) == plan]
    if not rows:
        return [Note(say("report_stress.no_flips"))]
    heads = [say(f"stress.{name}") for name in ("unit", "flip", "share")]
    cells: list[list[str | Cell]] = [
        [Cell(row["name"], small=row["unit_id"]), say(f"stress.flip_{row['what']}", stated=row["stated"],
                                                      mostly=row["mostly"]),
         words.number(row["share_percent"], 1)]
        for row in rows[:MOST_FLIPS]
    ]  # fmt: skip
    rest = len(rows) - len(cells)
    more = [Note(say("stress.further_flips", count=rest))] if rest else []
    caption = say("report_stress.flips", count=len(rows))
    return [Table(caption, heads, cells, frozenset({2}), folded=len(cells) > 8), *more]
