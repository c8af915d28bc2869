"""Section: all plans of a run side by side, every figure in its natural unit."""

from collections.abc import Iterator, Sequence

from planner.drawing.plan_event import FATES_IN_ORDER
from planner.drawing.rule_words import with_sign, with_unit
from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words
from planner.report.headline import rule_name
from planner.report.proofs import certificate
from planner.report.run_reading import RunReading

_BILLIONS = ("score_mvnd", "bound_mvnd", "above_best_mvnd", "state_saving_mvnd", "work_lost_mvnd", "fee_burden_mvnd")


def plans_side_by_side(run: RunReading, words: Words) -> Sequence[Block]:
    """One column per plan: score and how well it is proved, targets, units, fates, criteria. None without a plan."""
    if not run.places:
        return []
    heads = [words.say("head_figure"), *map(words.plan, run.places)]
    rows = [*_score_rows(run, words), *_target_rows(run, words), *_fate_rows(run, words), *_criteria(run, words)]
    table = Table(words.say("plans_caption"), heads, rows, right=frozenset(range(1, len(heads))))
    return [*_means(run, words), table, *certificate(run, words), Note(words.say("plans_legend"))]


def _means(run: RunReading, words: Words) -> list[Block]:
    """Among what the best is the best; nothing where no options were listed."""
    options, priced = run.manifest["options"], run.manifest.get("priced_in")
    if options is None:
        return []
    if priced is None:
        return [Note(words.say("best_means", options=options))]
    facts = {"streamed": words.number(str(priced["streamed"])), "kept": words.number(str(priced["kept"]))}
    return [Note(words.say("priced_in" if priced["complete"] else "priced_in_part", **facts))]


def _score_rows(run: RunReading, words: Words) -> Iterator[list[str | Cell]]:
    places = run.places.values()
    yield [words.column("score_mvnd"), *(words.billions(row["score_mvnd"]) for row in places)]
    yield [words.column("above_best_mvnd"), *(words.billions(row["above_best_mvnd"]) for row in places)]
    yield [words.column("gap_percent"), *(words.number(row["gap_percent"], 4) for row in places)]
    yield [words.column("proved_best"), *(_proved(words, row["proved_best"] == "True") for row in places)]


def _proved(words: Words, proved: bool) -> Cell:
    return Cell("✓ " + words.say("yes"), "good") if proved else Cell(words.say("not_proved"))


def _target_rows(run: RunReading, words: Words) -> Iterator[list[str | Cell]]:
    """What each plan reaches of every target without labels; of those with labels, how many of them are met."""
    first = next(iter(run.places))
    targets = {(row["id"], row["year"]): row for row in run.of("readings.csv", first) if row["year"]}
    for (rule, year), row in targets.items():
        cells = [_reached(run, words, plan, rule, year) for plan in run.places]
        wanted = with_unit(words.number(row["wanted"]), row["rule"], words.wording)
        yield [Cell(f"{rule_name(words, row)} ({year})", small=words.say("wanted", wanted=wanted)), *cells]


def _reached(run: RunReading, words: Words, plan: tuple[str, str], rule: str, year: str) -> Cell:
    rows = [row for row in run.of("readings.csv", plan) if row["id"] == rule and row["year"] == year]
    met = sum(row["met"] == "True" for row in rows)
    mark, tone = ("✓", "good") if met == len(rows) else ("✗", "bad")
    if len(rows) != 1:
        return Cell(f"{mark} {words.say('met_of', met=met, count=len(rows))}", tone)
    reached = with_sign(words.number(rows[0]["reached"]), rows[0]["rule"])
    return Cell(f"{mark} {reached}", tone, _share(words, rows[0]))


def _share(words: Words, row: Row) -> str:
    return f"{words.number(row['numerator'])}/{words.number(row['denominator'])}"


def _fate_rows(run: RunReading, words: Words) -> Iterator[list[str | Cell]]:
    """Units that remain, and how many units meet each fate."""
    for year in run.stages:
        yield [words.say("units_after", year=year),
               *(words.number(row[f"units_after_{year}"]) for row in run.places.values())]  # fmt: skip
    for fate in FATES_IN_ORDER:
        counts = [sum(len(event.units) for event in view.of_fate(fate)) for view in run.views.values()]
        if any(counts):
            name = words.wording.term("fates", fate)
            yield [words.say("units_of_fate", fate=name), *(words.number(str(count)) for count in counts)]


def _criteria(run: RunReading, words: Words) -> Iterator[list[str | Cell]]:
    """Every criterion of ranking.csv, in the order of its columns."""
    rows = list(run.places.values())
    columns = list(rows[0])
    last = columns.index(f"units_after_{run.stages[-1]}")
    for column in columns[last + 1 :]:
        shown = words.billions if column in _BILLIONS else words.number
        yield [words.column(column), *(shown(row[column]) for row in rows)]
