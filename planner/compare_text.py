"""A comparison of runs as a planner reads it in a terminal."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

import pandas as pd

from models.figures import CRITERIA
from planner.compare_runs import ComparedRuns
from planner.plan_names import compared_names, whole_name
from planner.rule_names import name_of
from planner.tables import criterion_column
from planner.talk import Talk

MOST_COLUMNS = 4  # plans side by side on 80 columns; more stand in the tables
MOST_ROWS = 15
MOST_NAMES = 3
LONGEST_CELL = 40
LONGEST_PATH = 120
FORMS = ("absorb", "consolidate")
BILLION = 1000


def show_runs(talk: Talk, found: ComparedRuns) -> None:
    """Which runs and plans, then figures, readings, cash, decisions and scenarios where they differ."""
    for label, run in found.runs.items():
        talk.say("compare.run", label=label, folder=run.folder, title=run.case.scenario.title)
    _show_plans(talk, found)
    shown = list(found.comparison.labels)[:MOST_COLUMNS]
    if len(found.comparison.labels) > MOST_COLUMNS:
        talk.say("compare.first_only", shown=len(shown), count=len(found.comparison.labels))
    _show_criteria(talk, found, shown)
    _show_readings(talk, found, shown)
    _show_cash(talk, found, shown)
    _show_decisions(talk, found, shown)
    if len(found.runs) > 1:
        _show_scenarios(talk, found)
        _show_units(talk, found)


def _show_plans(talk: Talk, found: ComparedRuns) -> None:
    say, number, comparison = talk.wording.say, talk.wording.number, found.comparison
    base = comparison.base.label
    apart, people = (square.loc[base].to_dict() for square in (comparison.distance_percent, comparison.people_apart))
    scores, above = (comparison.table[name].to_dict() for name in ("score_mvnd", "above_base_mvnd"))
    heads = [say(f"compare.{key}") for key in ("plan", "score_short", "above_base", "apart", "people")]
    rows, names = [], compared_names(comparison, talk.wording)
    for label in comparison.labels:
        amounts = [number(Fraction(int(of[label]), BILLION), 1) for of in (scores, above)]
        differs = [number(float(apart[label]), 1), number(int(people[label]))]
        rows.append([names[label], *amounts, *(["–", "–"] if label == base else differs)])
    talk.table(say("compare.plans", base=whole_name(comparison.base, talk.wording)), heads, rows, right=range(1, 5))
    talk.say("compare.legend")


def _show_criteria(talk: Talk, found: ComparedRuns, labels: Sequence[str]) -> None:
    table, rows = found.comparison.criteria.to_dict("index"), []
    for name in CRITERIA:
        column = criterion_column(name)
        money = column.endswith("_mvnd")
        cells = [int(table[column][label]) for label in labels]
        if any(cells):
            shown = [talk.wording.number(Fraction(cell, BILLION if money else 1), int(money)) for cell in cells]
            rows.append([talk.wording.say(f"compare.{column}"), *shown])
    heads = ["", *_heads(talk, found, labels)]
    talk.table(talk.wording.say("compare.criteria"), heads, rows, right=range(1, len(heads)))


def _show_readings(talk: Talk, found: ComparedRuns, labels: Sequence[str]) -> None:
    """What is wanted where it differs, what is reached where it does; the rest is counted."""
    readings, rows, same = found.comparison.readings, [], 0
    names = {rule.id: name_of(rule) for run in list(found.runs.values())[::-1] for rule in run.case.scenario.demands}
    for place, cells in readings.iterrows():
        id_, label, year = place if isinstance(place, tuple) else (place, "", 0)
        told = [_reading(talk, cells, plan) for plan in labels]
        if len(set(told)) == 1:
            same += 1
            continue
        named = " · ".join(str(part) for part in (id_, label, year or "") if part)
        rows.append([names[str(id_)], f"  {named}", *told])
    if rows:
        title = talk.wording.say("compare.readings")
        heads = [talk.wording.say("cli.rule"), *_heads(talk, found, labels)]
        talk.named_table(title, heads, rows[:MOST_ROWS], right=range(1, len(heads)))
        _show_rest(talk, len(rows))
    talk.say("compare.same_readings", count=same)


def _reading(talk: Talk, cells: "pd.Series[Any]", plan: str) -> str:
    """Reached over wanted; a rule that a scenario does not have is a dash."""
    reached, wanted = cells.get((plan, "reached")), cells.get((plan, "wanted"))
    if reached is None or pd.isna(reached) or wanted is None:
        return "–"
    return " / ".join(talk.wording.number(value, 0 if value == int(value) else 2) for value in (reached, wanted))


def _show_cash(talk: Talk, found: ComparedRuns, labels: Sequence[str]) -> None:
    """The net of every year, and what it has come to in the end, in billion VND."""
    cash, rows = found.comparison.cash, []
    years = sorted({year for _, year in cash.index})
    for line, year in [*(("net", year) for year in years), ("cumulated", years[-1])]:
        cells = [cash.loc[(line, year), label] for label in labels]
        shown = ["–" if pd.isna(cell) else talk.wording.number(Fraction(int(cell), BILLION), 1) for cell in cells]
        rows.append([f"{talk.wording.say(f'cash.head_{line}')} {year}", *shown])
    heads = ["", *_heads(talk, found, labels)]
    talk.table(talk.wording.say("compare.cash"), heads, rows, right=range(1, len(heads)))


def _show_decisions(talk: Talk, found: ComparedRuns, labels: Sequence[str]) -> None:
    decisions = found.comparison.decisions
    structural = decisions[decisions["structural"].astype(bool)]
    talk.say("compare.decisions_count", structural=len(structural), amounts=len(decisions) - len(structural))
    rows = [
        [str(row["unit_id"]), *(_short(_in_words(talk, str(row[label])), LONGEST_PATH) for label in labels)]
        for row in structural.head(MOST_ROWS).to_dict("records")
    ]
    if rows:
        heads = [talk.wording.say("compare.unit"), *_heads(talk, found, labels)]
        talk.table(talk.wording.say("compare.decisions"), heads, rows)
        _show_rest(talk, len(structural))


def _show_scenarios(talk: Talk, found: ComparedRuns) -> None:
    table, labels = found.scenarios, list(found.runs)[:MOST_COLUMNS]
    if table.empty:
        talk.say("compare.same_scenarios")
        return
    rows = [
        [str(row["key"]), *(_short(str(row[label])) or "–" for label in labels)]
        for row in table.head(MOST_ROWS).to_dict("records")
    ]
    talk.table(
        talk.wording.say("compare.scenarios", count=len(table)), [talk.wording.say("compare.key"), *labels], rows
    )
    _show_rest(talk, len(table))


def _show_units(talk: Talk, found: ComparedRuns) -> None:
    """Per run how many units and cells differ from the base's, the first ones named."""
    table = found.units
    if table.empty:
        talk.say("compare.same_units")
    for label, mine in table.groupby("run"):
        facts: dict[str, object] = {"label": str(label), "base": found.base}
        for what in ("only_in_base", "only_in_other", "cell"):
            facts[what] = int((mine["what"] == what).sum())
        first = [_place(row) for row in mine.head(MOST_NAMES).to_dict("records")]
        talk.say("compare.units_differ", names="; ".join(first), **facts)


def _heads(talk: Talk, found: ComparedRuns, labels: Sequence[str]) -> list[str]:
    names = compared_names(found.comparison, talk.wording)
    return [names[label] for label in labels]


def _place(row: dict[Any, Any]) -> str:
    cell = f" {row['column']}: {row['base']} → {row['other']}" if row["what"] == "cell" else ""
    return f"{row['unit_id']}{cell}"


def _show_rest(talk: Talk, count: int) -> None:
    if count > MOST_ROWS:
        talk.say("compare.further", count=count - MOST_ROWS)


def _in_words(talk: Talk, path: str) -> str:
    """Steps as the tables write them, `merge absorb 2025 -> A1 (closed)`, in the words of the language."""
    steps = []
    for step in path.split("; "):
        done, colon, amounts = step.partition(": ")
        fate, *rest = done.split(" ")
        if fate == "merge" and rest and rest[0] in FORMS:
            fate, *rest = rest
        told = [talk.wording.say("compare.closed") if part == "(closed)" else part for part in rest]
        words = " ".join([talk.wording.term("fates", fate), *told]).replace("->", "→")
        steps.append(words + colon + _amounts(talk, amounts))
    return "; ".join(steps)


def _amounts(talk: Talk, amounts: str) -> str:
    """`orders 700 + fees 100` with what each is and its unit."""
    parts = [part.partition(" ") for part in amounts.split(" + ") if part]
    return " + ".join(talk.wording.say(f"compare.amount_{what}", amount=int(amount)) for what, _, amount in parts)


def _short(text: str, longest: int = LONGEST_CELL) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"
