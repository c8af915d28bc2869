"""Section: what a plan reaches of every target, always with its denominator, its source and the day of the data."""

from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import groupby

from planner.drawing.rule_words import rule_words, unit_word, with_sign
from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Table, Tiles
from planner.report.figures import Words
from planner.report.money import payback_year
from planner.report.run_reading import PlanKey, RunReading
from planner.robust_notes import reserves

MOST_LABELS = 6
TIGHTEST = 3
_HEADS = ("target", "year", "wanted", "reached", "slack", "share", "met", "source")


def headline(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Tiles, the targets with a year, and one line for all rules that bind every option by itself."""
    rows = run.of("readings.csv", plan)
    targets = [row for row in rows if row["year"] or row["met"] != "True"]
    table = Table(
        words.say("readings_of", plan=words.plan(plan), day=words.day(str(run.manifest["as_of"]))),
        [words.say(f"head_{name}") for name in _HEADS],
        [cells for _, group in groupby(targets, lambda row: row["id"]) for cells in _rule_rows(words, [*group])],
        right=frozenset(range(1, 6)),
    )
    return [_tiles(run, words, plan, targets), table, *_beside(run, words, plan, rows)]


def rule_name(words: Words, row: Row) -> str:
    """A rule's name, else its family in words, marked where its number still has to be confirmed."""
    name = rule_words(row["name"], row["rule"], "", words.wording)
    return words.wording.say("cli.to_confirm_mark", name=name) if row["certainty"] == "to_confirm" else name


def _tiles(run: RunReading, words: Words, plan: PlanKey, targets: Sequence[Row]) -> Tiles:
    view, place = run.views[plan], run.places[plan]
    rules = {row["id"] for row in targets}
    missed = {row["id"] for row in targets if row["met"] != "True"}
    year = payback_year(run.of("cash.csv", plan))
    tiles = [
        (f"{len(rules - missed)}/{len(rules)}", words.say("tile_met"), words.say("tile_met_more")),
        (f"{len(view.before)} → {view.units_after}", words.say("tile_units"), _after(run, words, place)),
        (words.billions(place["state_saving_mvnd"]), words.say("tile_saving"), _worth(run, words)),
        (year or "–", words.say("tile_payback"), words.say("tile_payback_more")),
    ]
    return Tiles(tiles)


def _after(run: RunReading, words: Words, place: Row) -> str:
    counts = (f"{year}: {words.number(place[f'units_after_{year}'])}" for year in run.stages)
    return words.say("tile_units_more", counts="; ".join(counts))


def _worth(run: RunReading, words: Words) -> str:
    scenario = run.case.scenario
    rate = words.number(str(scenario.money.discount_percent))
    return words.say("tile_saving_more", year=str(scenario.stages[0].effect), until=str(scenario.horizon), rate=rate)


def _rule_rows(words: Words, rows: Sequence[Row]) -> Iterator[list[str | Cell]]:
    """One row per reading; of many labels only those that are missed and the tightest, the others counted."""
    shown = rows
    if len(rows) > MOST_LABELS:
        tightest = sorted(rows, key=lambda row: Fraction(row["slack"]))[:TIGHTEST]
        shown = [row for row in rows if row["met"] != "True" or row in tightest]
    for row in shown:
        name = rule_name(words, row)
        yield [Cell(f"{name}: {row['label']}" if row["label"] else name, small=row["id"]), *_figures(words, row)]
    if rest := len(rows) - len(shown):
        more = words.say("further_labels", name=rule_name(words, rows[0]), count=rest)
        yield [Cell(more), "", "", "", "", "", Cell("✓ " + words.say("met"), "good"), ""]


def _figures(words: Words, row: Row) -> list[str | Cell]:
    wanted, reached = (with_sign(words.number(row[name]), row["rule"]) for name in ("wanted", "reached"))
    unit = unit_word(row["rule"], words.wording)
    share = f"{words.number(row['numerator'])}/{words.number(row['denominator'])}"
    met = Cell("✓ " + words.say("met"), "good") if row["met"] == "True" else Cell("✗ " + words.say("missed"), "bad")
    return [
        row["year"],
        Cell(wanted, small=unit),
        reached,
        words.number(row["slack"]),
        share,
        met,
        row["source"] or words.say("no_source"),
    ]


def _beside(run: RunReading, words: Words, plan: PlanKey, rows: Sequence[Row]) -> Iterator[Block]:
    """The share over all units, what is held in reserve, and rules on single options in one table."""
    alone = [row for row in rows if not row["year"] and row["met"] == "True"]
    for row in run.of("context.csv", plan):
        if row["what"] == "share_over_all_units":
            name = next(rule_name(words, found) for found in rows if found["id"] == row["id"])
            facts = {"year": row["year"], "share": words.number(row["value"])}
            yield Note(words.say("share_over_all", name=name, part=words.number(row["numerator"]),
                                 whole=words.number(row["denominator"]), **facts))  # fmt: skip
    for rule in run.case.scenario.cuts:
        mine = [row for row in rows if row["id"] == rule.id]
        held = [(row["label"], Fraction(row["protected"]), row["met"] == "True") for row in mine]
        for key, told in reserves(words.wording, run.case.scenario, rule, held):
            yield Note(words.wording.say(key, **told))
    if alone:
        heads = [words.say(f"head_{name}") for name in ("rule", "met", "existing", "across", "source")]
        cells: list[list[str | Cell]] = [
            [Cell(rule_name(words, row), small=row["id"]), Cell("✓ " + words.say("kept"), "good"),
             words.number(row["existing_breaches"]), words.number(row["across"]), row["source"]]
            for row in alone
        ]  # fmt: skip
        yield Table(words.say("structural", count=len(alone)), heads, cells, right=frozenset({2, 3}), folded=True)
