"""Sections: on what the plans of a list agree, and how far one lies from the others."""

from collections.abc import Sequence

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Note, Table
from planner.report.extras import OptionalTable
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

AGREEMENT = "agreement.csv"
KINDS = ("always", "contested", "never")
MOST_UNITS = 4


def agreement(run: RunReading, words: Words) -> Sequence[Block]:
    """Per list how many decisions all, some or none of its plans take, then each of them; nothing for single plans."""
    rows = run.rows(AGREEMENT)
    if rows and "agreement" not in rows[0]:  # written by somebody else
        return OptionalTable(AGREEMENT)(run, words)
    blocks: list[Block] = []
    for name in dict.fromkeys(row["list"] for row in rows):
        mine = [row for row in rows if row["list"] == name]
        plans = sum(place[0] == name for place in run.places)
        if plans > 1:
            blocks += [_counts(words, name, mine, plans), _each(run, words, name, mine)]
    return [*blocks, Note(words.say("agreement_legend"))] if blocks else []


def distances(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """How far the plan shown lies from every other."""
    rows = run.of("distances.csv", plan)
    if not rows:
        return []
    heads = [words.say("head_other_plan"), *(words.say(f"head_{name}") for name in ("left", "apart", "people_apart"))]
    cells = [
        [words.plan((row["other_list"], row["other_rank"])), words.number(row["decisions_not_in_other"]),
         words.number(row["distance_percent"], 1), words.number(row["people_apart"])]
        for row in rows
    ]  # fmt: skip
    return [Table(words.say("distances_caption", plan=words.plan(plan)), heads, cells, frozenset({1, 2, 3}))]


def _counts(words: Words, name: str, rows: Sequence[Row], plans: int) -> Table:
    say = words.wording.say
    heads = [say("agreement.decision"), *(say(f"agreement.{kind}").replace("\n", " ") for kind in KINDS)]
    cells = [
        [words.term("fates.", fate), *(words.number(str(sum(row["fate"] == fate and row["agreement"] == kind
                                                            for row in rows))) for kind in KINDS)]
        for fate in dict.fromkeys(row["fate"] for row in rows)
    ]  # fmt: skip
    caption = say("agreement.title", list=words.term("cli.", name), count=plans)
    return Table(caption, heads, cells, frozenset({1, 2, 3}))


def _each(run: RunReading, words: Words, name: str, rows: Sequence[Row]) -> Table:
    """Every decision that at least one plan takes; those of no plan stay in the table of the run folder."""
    taken = [row for row in rows if row["agreement"] != "never"]
    heads = [words.say(f"head_{key}") for key in ("decision", "units_of_it", "people", "in_plans")]
    cells = [
        [words.term("fates.", row["fate"]), named_units(run, row["units"]), words.number(row["people"]),
         f"{row['plans']}/{row['of']} ({row['ranks'].replace(';', ', ')})"]
        for row in taken
    ]  # fmt: skip
    caption = words.say("agreement_each", list=words.term("cli.", name), count=len(taken))
    return Table(caption, heads, cells, frozenset({2}), folded=True)


def named_units(run: RunReading, ids: str) -> str:
    """The names of units that a cell lists by their ids."""
    return "; ".join(run.units[unit]["name"] if unit in run.units else unit for unit in ids.split(";"))
