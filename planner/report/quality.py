"""Sections: how far the data can be trusted, what is assumed, and the method in short."""

from collections import Counter
from collections.abc import Iterator, Sequence

from planner.provision_words import provision_words
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words
from planner.report.run_reading import RunReading
from planner.report_problems import lines_of
from planner.rule_sets import provisions_of

QUALITIES = ("measured", "estimated", "assumed", "invented")
METHOD = ("method_options", "method_plan", "method_rules", "method_score", "method_money", "method_check")

MEASURED = METHOD[2:]  # of a hand-made plan, for which nothing was listed or searched


def data_quality(run: RunReading, words: Words) -> Sequence[Block]:
    """Invented data first and loud; then quality by row, defaults by column, and what the reading warned of."""
    return [*_invented(run, words), *_qualities(run, words), *_defaults(run, words), *_warnings(run, words)]


def assumptions(run: RunReading, words: Words) -> Sequence[Block]:
    """Prices and savings that are assumed, law still to be confirmed, what no option was listed for."""
    scenario, manifest = run.case.scenario, run.manifest
    rate = words.number(str(scenario.money.discount_percent))
    notes = [Note(words.say("prices", year=str(scenario.price_year), rate=rate, until=str(scenario.horizon)))]
    if unlisted := manifest["unlisted"]:
        counts = {name: count for name, count in unlisted.items() if count is not None}
        facts = dict.fromkeys(unlisted, "–") | {name: words.number(str(count)) for name, count in counts.items()}
        notes.append(Note(words.say("unlisted", **facts)))
    if manifest.get("dropped_rules"):
        notes.append(Note(words.say("dropped", rules=", ".join(manifest["dropped_rules"])), "warn"))
    return [*notes, *_provisions(run, words)]


def method(run: RunReading, words: Words) -> Sequence[Block]:
    """What a reader must know of how plans are found; the whole of it stands in the project's docs/method.md."""
    options = run.manifest["options"]
    keys = METHOD if options is not None else MEASURED
    return [Note(words.say(key, options=words.number(str(options)))) for key in keys]


def _invented(run: RunReading, words: Words) -> Iterator[Block]:
    count = sum(row["data_quality"] == "invented" for row in run.units.values())
    if count:
        yield Note(words.say("invented", count=count, all=len(run.units)), "warn")


def _qualities(run: RunReading, words: Words) -> Iterator[Block]:
    found = Counter(row["data_quality"] for row in run.units.values())
    named = [*(name for name in QUALITIES if found[name]), *sorted(name for name in found if name not in QUALITIES)]
    rows = [[words.code("data_quality", name) or words.say("not_stated"), words.number(str(found[name]))]
            for name in named]  # fmt: skip
    measured = Counter(
        column for row in run.units.values() for column in row["measured_columns"].split(";") if column.strip()
    )
    heads = [words.column("data_quality"), words.say("head_units")]
    yield Table(words.say("quality_caption"), heads, rows, frozenset({1}))
    if measured:
        columns = ", ".join(f"{words.column(name.strip())} ({count})" for name, count in measured.most_common())
        yield Note(words.say("measured", columns=columns))


def _defaults(run: RunReading, words: Words) -> Iterator[Block]:
    """Cells that the planner left empty and that took a default, by column."""
    cells = {name: int(empty.sum()) for name, empty in run.case.units.assumed.items() if empty.any()}
    if cells:
        rows = [[words.column(name), words.number(str(count))] for name, count in sorted(cells.items())]
        heads = [words.say("head_column"), words.say("head_cells")]
        yield Table(words.say("defaults_caption", count=sum(cells.values())), heads, rows, frozenset({1}), folded=True)


def _warnings(run: RunReading, words: Words) -> Iterator[Block]:
    for line in lines_of(run.case.warnings, words.wording):
        yield Note(line.strip().removeprefix("- "))


def _provisions(run: RunReading, words: Words) -> Iterator[Block]:
    """Every number of law that somebody still has to confirm, with the text that it is said to stand in."""
    open_ = [(place, found) for place, found in provisions_of(run.case.scenario) if found.certainty == "to_confirm"]
    if open_:
        heads = [words.say("head_provision"), words.say("head_source")]
        rows: list[list[str | Cell]] = [
            [f"{provision_words(place, found, words.wording)} ({place})", found.source or words.say("no_source")]
            for place, found in open_
        ]
        yield Table(words.say("to_confirm_caption", count=len(open_)), heads, rows, folded=True)
