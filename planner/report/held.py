"""Section: the same plan in every scenario in which it must hold, and what holding in all of them costs."""

from collections.abc import Iterator, Sequence

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words
from planner.report.headline import rule_name
from planner.report.run_reading import PlanKey, RunReading

READINGS, SCENARIOS = "held_readings.csv", "held_scenarios.csv"
ALONE = ("alone", "1")
MAIN = ""


def held(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Targets by scenario; nothing where the run has one scenario only."""
    scenarios = [row for row in run.rows(SCENARIOS) if (row["list"], row["rank"]) == plan]
    if not scenarios:
        return []
    readings = [{**row, "scenario": MAIN} for row in run.of("readings.csv", plan)] + run.of(READINGS, plan)
    heads = [words.say("head_target"), *(_name(words, row["scenario"]) for row in scenarios)]
    names = [row["scenario"] for row in scenarios]
    rows = [*_targets(words, readings, names), *_scores(words, scenarios)]
    right = frozenset(range(1, len(heads)))
    titles = [Note(words.say("held_means", name=row["scenario"], title=row["title"])) for row in scenarios[1:]]
    return [*titles, Table(words.say("held_caption"), heads, rows, right), *_costs(run, words), *_alone(run, words)]


def _name(words: Words, scenario: str) -> str:
    return scenario or words.wording.say("held.main")


def _targets(words: Words, readings: Sequence[Row], names: Sequence[str]) -> Iterator[list[str | Cell]]:
    """One row per target of any scenario; a rule on single options or many labels tells how many are met."""
    for rule, year in dict.fromkeys((row["id"], row["year"]) for row in readings):
        mine = [row for row in readings if (row["id"], row["year"]) == (rule, year)]
        when = f" ({year})" if year else ""
        cells = [_cell(words, [row for row in mine if row["scenario"] == name]) for name in names]
        yield [Cell(rule_name(words, mine[0]) + when, small=rule), *cells]


def _cell(words: Words, rows: Sequence[Row]) -> str | Cell:
    if not rows:
        return "–"
    met = sum(row["met"] == "True" for row in rows)
    mark, tone = ("✓", "good") if met == len(rows) else ("✗", "bad")
    if len(rows) > 1:
        return Cell(f"{mark} {words.say('met_of', met=met, count=len(rows))}", tone)
    wanted = words.say("wanted", wanted=words.number(rows[0]["wanted"]))
    return Cell(f"{mark} {words.number(rows[0]['reached'])}", tone, wanted)


def _scores(words: Words, scenarios: Sequence[Row]) -> Iterator[list[str | Cell]]:
    for column in ("score_mvnd", "state_saving_mvnd"):
        yield [words.column(column), *(words.billions(row[column]) for row in scenarios)]


def _costs(run: RunReading, words: Words) -> Iterator[Block]:
    """What holding costs against the main scenario alone."""
    told = run.manifest.get("held") or {}
    least, most = told.get("extra_at_least_mvnd"), told.get("extra_at_most_mvnd")
    if least is None or most is None:
        yield Note(words.wording.say("held.costs_unknown"))
    else:
        yield Note(words.wording.say("held.costs", least=words.billions(str(least)), most=words.billions(str(most))))


def _alone(run: RunReading, words: Words) -> Iterator[Block]:
    """What the best plan of the main scenario alone breaks elsewhere."""
    rows = [row for row in run.of(READINGS, ALONE) if row["met"] != "True"]
    if not rows:
        return
    heads = [words.say(f"head_{name}") for name in ("scenario", "target", "year", "wanted", "reached")]
    cells: list[list[str | Cell]] = [
        [row["scenario"], Cell(rule_name(words, row) + (f": {row['label']}" if row["label"] else ""), small=row["id"]),
         row["year"], words.number(row["wanted"]), Cell("✗ " + words.number(row["reached"]), "bad")]
        for row in rows
    ]  # fmt: skip
    yield Table(words.say("held_alone"), heads, cells, frozenset({2, 3, 4}), folded=len(rows) > 12)
