"""Section: the roadmap as a Gantt chart, one line per decision, and who does what in it."""

from collections.abc import Sequence
from datetime import date

from planner.drawing.errands import CHECK, DECISION, errands_of
from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Note, Picture, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

PARTS = ("before", "decision", "after", "check")


def timetable(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Preparation, the day of the decision, hand-over and the check after it; then each step with its body."""
    rows = run.of("roadmap.csv", plan)
    if not rows:
        return []
    first, last = min(row["from"] for row in rows), max(row["until"] for row in rows)
    scale = _Scale(date(int(first[:4]), 1, 1), date(int(last[:4]), 12, 31))
    lines = [_line(words, scale, errand) for errand in errands_of(rows)]
    lines.sort(key=lambda line: (line["on"], line["name"]))
    facts = {"lines": lines, "years": scale.years, "parts": PARTS, "title": words.say("gantt_title")}
    steps = {row["step"]: row for row in rows}
    heads = [words.say(f"head_{name}") for name in ("step", "responsible", "document", "days")]
    cells = [[row["title"], row["responsible"], row["document"], row["days"]] for row in steps.values()]
    late = sum("starts_before_as_of" in row["note"] for row in rows)
    notes = [Note(words.say("gantt_late", count=late), "warn")] if late else []
    table = Table(words.say("steps_caption"), heads, cells, frozenset({3}))
    return [Note(words.say("gantt_legend")), *notes, Picture("gantt.html", facts), table]


class _Scale:
    """Days as percent of the chart's width."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.days = first, (last - first).days + 1

    def at(self, day: date) -> float:
        return round((day - self.first).days / self.days * 100, 2)

    @property
    def years(self) -> list[tuple[int, float, float]]:
        """Every year with where it begins and how wide it is."""
        found = []
        year = self.first.year
        while (begins := self.at(date(year, 1, 1))) < 100:
            found.append((year, begins, round(self.at(date(year + 1, 1, 1)) - begins, 2)))
            year += 1
        return found


def _line(words: Words, scale: _Scale, rows: Sequence[Row]) -> dict[str, object]:
    """A decision's bars: (part, left, width, what it says)."""
    decided = next((row for row in rows if row["step"] == DECISION), rows[-1])
    before = [row for row in rows if row["until"] <= decided["from"] and row is not decided]
    check = [row for row in rows if row["step"] == CHECK and row is not decided]
    after = [row for row in rows if row not in before and row not in check and row is not decided]
    parts = zip(PARTS, (before, [decided], after, check), strict=True)
    bars = [_bar(words, scale, name, mine) for name, mine in parts if mine]
    on = decided["until"]
    fates = ", ".join(words.term("fates.", fate) for fate in decided.get("fates", "").split(";") if fate)
    return {"name": decided["name"], "fates": fates, "on": on, "day": words.day(on), "bars": bars}


def _bar(words: Words, scale: _Scale, part: str, rows: Sequence[Row]) -> dict[str, object]:
    start, end = (date.fromisoformat(pick(row[key] for row in rows)) for pick, key in ((min, "from"), (max, "until")))
    left, right = scale.at(start), scale.at(end)
    titles = "; ".join(row["title"] for row in rows)
    told = words.say("gantt_bar", steps=titles, start=words.day(str(start)), end=words.day(str(end)))
    return {"part": part, "left": left, "width": round(max(right - left, 0.3), 2), "end": right, "title": told}
