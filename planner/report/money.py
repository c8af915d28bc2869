"""Sections: what carried each target, and the State's cash by year."""

from collections import defaultdict
from collections.abc import Sequence
from fractions import Fraction

from planner.drawing.table_rows import Row
from planner.report.blocks import Block, Cell, Note, Picture, Table
from planner.report.figures import Words
from planner.report.run_reading import PlanKey, RunReading

NATURES = ("real", "movement", "relabelling", "before")
TOTALS = ("saving", "one_off", "net", "cumulated")


def levers(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Per target without labels how much each lever gave by nature; the rows of a target add up to its reading."""
    rows = [row for row in run.of("levers.csv", plan) if not row["label"]]
    if not rows:
        return []
    named = {row["id"]: row["name"] or row["id"] for row in run.of("readings.csv", plan)}
    heads = [words.say("head_target"), words.say("head_lever")]
    heads += [words.wording.say(f"levers.nature_{nature}") for nature in NATURES]
    cells = [line for rule in dict.fromkeys(row["id"] for row in rows) for line in _of_rule(words, rows, rule, named)]
    table = Table(words.say("levers_caption"), heads, cells, right=frozenset(range(2, 6)))
    return [Note(words.wording.say("levers.legend")), table]


def _of_rule(words: Words, rows: Sequence[Row], rule: str, named: dict[str, str]) -> list[list[str | Cell]]:
    """A row for all levers of a rule together, then one for each lever."""
    points: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    mine = [row for row in rows if row["id"] == rule]
    for row in mine:
        if row["points"]:
            points[row["lever"]][row["nature"]] += Fraction(row["points"])
    whole = {nature: sum((given[nature] for given in points.values()), Fraction(0)) for nature in NATURES}
    lines: list[list[str | Cell]] = [
        [Cell(named.get(rule, rule), "strong", rule), Cell(words.say("all_levers"), "strong"), *_cells(words, whole)]
    ]
    for lever, given in ((lever, given) for lever, given in points.items() if any(given.values())):
        lines.append(["", words.wording.term("levers", lever), *_cells(words, given)])
    return lines


def _cells(words: Words, given: dict[str, Fraction]) -> list[str]:
    return [_points(words, given.get(nature, Fraction(0))) for nature in NATURES]


def _points(words: Words, value: Fraction) -> str:
    return words.number(str(value)) if value else "–"


def cash(run: RunReading, words: Words, plan: PlanKey) -> Sequence[Block]:
    """Saving, one-off costs, net and cumulated net of every year, then every line behind them."""
    rows = run.of("cash.csv", plan)
    if not rows:
        return []
    years = list(dict.fromkeys(row["year"] for row in rows))
    amounts = {(row["line"], row["year"]): row["amount_mvnd"] for row in rows}
    heads = [words.say("head_year"), *(words.term("report.cash_", line) for line in TOTALS)]
    totals = [[year, *(words.number(amounts[line, year]) for line in TOTALS)] for year in years]
    lines = {row["line"]: row["kind"] for row in rows if row["kind"] != "total"}
    every: list[list[str | Cell]] = [
        [Cell(words.term("report.cash_", line), small=words.term("report.cash_kind_", kind)),
         *(words.number(amounts.get((line, year), "")) for year in years)]
        for line, kind in lines.items()
        if any(amounts.get((line, year), "0") != "0" for year in years)
    ]  # fmt: skip
    back = payback_year(rows)
    told = words.say("payback", year=back) if back else words.say("no_payback", year=years[-1])
    return [
        Note(words.say("cash_legend")),
        Note(told, "" if back else "warn"),
        Picture("cash_bars.html", _bars(words, years, amounts)),
        Table(words.say("cash_caption"), heads, totals, right=frozenset(range(1, len(heads)))),
        Table(words.say("cash_lines"), [words.say("head_line"), *years], every, frozenset(range(1, len(years) + 1)),
              folded=True),
    ]  # fmt: skip


def payback_year(rows: Sequence[Row]) -> str:
    """The first year from which on the cumulated net is never negative; "" where there is none."""
    found = ""
    for row in (row for row in rows if row["line"] == "cumulated"):
        found = (found or row["year"]) if Fraction(row["amount_mvnd"]) >= 0 else ""
    return found


def _bars(words: Words, years: Sequence[str], amounts: dict[tuple[str, str], str]) -> dict[str, object]:
    """Heights in percent of the room above and below the line of nothing."""
    net = {year: float(Fraction(amounts["net", year])) for year in years}
    highest, lowest = max(0.0, *net.values()), min(0.0, *net.values())
    span = (highest - lowest) or 1.0
    bars = [
        {
            "year": year,
            "net": words.billions(amounts["net", year]),
            "height": round(abs(value) / span * 100, 2),
            "top": round((highest - max(value, 0.0)) / span * 100, 2),
            "negative": value < 0,
        }
        for year, value in net.items()
    ]
    return {"bars": bars, "zero": round(highest / span * 100, 2), "label": words.say("cash_picture")}
