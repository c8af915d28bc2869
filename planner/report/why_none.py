"""Section: why there is no plan: how far each target goes, what cannot stand together, and the ways out."""

from collections.abc import Iterator, Sequence
from itertools import groupby

from planner.drawing.table_rows import Row
from planner.pricing import OPTIONS_KEPT
from planner.report.blocks import Block, Cell, Note, Table
from planner.report.figures import Words
from planner.report.proofs import certificate
from planner.report.run_reading import RunReading

MINIMAL_SET = "minimal_set"


def conflict(run: RunReading, words: Words) -> Sequence[Block]:
    """Who proved it, the conflict, how far each target can go, other conflicts, and what would have to give way."""
    found = run.document("conflict.json")
    if found is None:
        return []
    names = {rule.id: rule.name or rule.id for rule in run.case.scenario.demands}
    between = bool(found.get("between_scenarios"))
    notes = [Note(words.say("impossible_in_all" if between else "impossible"), "warn")]
    if not found.get("confirmed"):
        notes.append(Note(words.say("not_confirmed"), "warn"))
    if found.get("among") == OPTIONS_KEPT:
        notes.append(Note(words.wording.say("pricing.impossible_kept"), "warn"))
    first = [_member(words, names, rule) for rule in found.get("conflict", ())]
    caption = words.say("conflict_minimal" if found.get("minimal") else "conflict_open")
    tables = [Table(caption, _heads(words, "rule", "tier", "source"), first)]
    blocks = [*notes, *certificate(run, words), *tables]
    if found.get("by_whole_numbers_only"):
        blocks.append(Note(words.say("by_integers")))
    for one in found.get("alone", ()):
        blocks.append(
            Note(words.say("held_own", name=one["scenario"], verdict=words.say(f"held_own_{one['verdict']}")))
        )
    blocks += [*_reach(run, words, names), *_others(run, words, names), *_ways(run, words, names)]
    if found.get("complete") is False:
        blocks.append(Note(words.wording.say("conflicts.partial"), "warn"))
    return blocks


def _heads(words: Words, *names: str) -> list[str]:
    return [words.say(f"head_{name}") for name in names]


def _member(words: Words, names: dict[str, str], rule: Row) -> list[str | Cell]:
    name = rule.get("name") or names.get(rule["id"], rule["id"])
    if rule.get("certainty") == "to_confirm":
        name = words.wording.say("cli.to_confirm_mark", name=name)
    if "scenario" in rule:
        name = f"{rule['scenario'] or words.wording.say('held.main')}: {name}"
    return [Cell(name, small=rule["id"]), _tier(words, rule), rule.get("source") or words.say("no_source")]


def _tier(words: Words, row: Row) -> str:
    tier = row.get("tier", "")
    return words.term("conflicts.tier_", tier) if tier else "–"


def _reach(run: RunReading, words: Words, names: dict[str, str]) -> Iterator[Block]:
    """How far each target goes alone, then beside the others of its conflict."""
    for beside, caption in ((False, "reach_caption"), (True, "reach_beside")):
        rows = [row for row in _reach_rows(run) if bool(row.get("beside")) is beside]
        if rows:
            heads = _heads(words, "target", "year", "wanted", "most_possible", "share")
            if beside:
                heads.append(words.say("head_beside"))
            cells = [_reached(words, names, row, beside=[row["beside"]] if beside else []) for row in rows]
            yield Table(words.say(caption), heads, cells, frozenset({1, 2, 3, 4}), folded=beside)


def _reach_rows(run: RunReading) -> Sequence[Row]:
    """The table; in a run before it, what the document says."""
    found = run.document("conflict.json") or {}
    return run.rows("reach.csv") or [{key: str(cell) for key, cell in row.items()} for row in found.get("reach", ())]


def _reached(words: Words, names: dict[str, str], row: Row, *, beside: list[str]) -> list[str | Cell]:
    name = names.get(row["id"], row["id"]) + (f": {row['label']}" if row.get("label") else "")
    unproved = "" if row["proved"] == "True" else f" ({words.say('not_proved')})"
    most = words.number(row["reached"]) + unproved
    share = f"{words.number(row['numerator'])}/{words.number(row['denominator'])}"
    enough = row.get("enough") == "True"
    mark = Cell(f"✓ {most}", "good") if enough else Cell(f"✗ {most}" if "enough" in row else most, "bad")
    return [Cell(name, small=row["id"]), row.get("year", ""), words.number(row["wanted"]), mark, share, *beside]


def _others(run: RunReading, words: Words, names: dict[str, str]) -> Iterator[Block]:
    """Every other minimal conflict that was found."""
    rows = [row for row in run.rows("conflicts.csv") if row["conflict"] != "1"]
    if rows:
        cells: list[list[str | Cell]] = [[row["conflict"], *_member(words, names, row)] for row in rows]
        caption = words.say("conflicts_caption", count=len({row["conflict"] for row in rows}))
        yield Table(caption, [words.say("head_number"), *_heads(words, "rule", "tier", "source")], cells)


def _ways(run: RunReading, words: Words, names: dict[str, str]) -> Iterator[Block]:
    """The cheapest ways out with their amounts and the best plan's score then, and other sets to give up."""
    rows = run.rows("repairs.csv")
    ways = [row for row in rows if row["sense"] != MINIMAL_SET]
    heads = _heads(words, "way", "target", "year", "wanted", "reached", "short", "percent_of_baseline", "score")
    if ways:
        cells = [_way(words, names, row) for row in ways]
        yield Table(words.say("ways_caption"), heads, cells, frozenset(range(2, 8)))
        yield Note(words.say("ways_legend"))
    sets = [row for row in rows if row["sense"] == MINIMAL_SET]
    if sets:
        named: list[list[str | Cell]] = [
            [number, "; ".join(names.get(row["id"], row["id"]) for row in mine)]
            for number, mine in groupby(sets, lambda row: row["repair"])
        ]
        caption = words.say("sets_caption", count=len(named))
        yield Table(caption, _heads(words, "number", "given_up"), named, folded=True)
    if not rows and run.has("repairs.csv"):
        yield Note(words.wording.say("conflicts.no_ways"), "warn")


def _way(words: Words, names: dict[str, str], row: Row) -> list[str | Cell]:
    sense = words.term("conflicts.", row["sense"])
    unproved = "" if row["proved"] == "True" else words.wording.say("conflicts.way_not_proved")
    name = names.get(row["id"], row["id"]) + (f": {row['label']}" if row["label"] else "")
    amounts = (words.number(row[column]) for column in ("wanted", "reached", "short", "percent_of_baseline"))
    return [Cell(f"{row['repair']}. {sense}{unproved}"), Cell(name, small=row["id"]), row["year"], *amounts,
            words.billions(row["score_mvnd"])]  # fmt: skip
