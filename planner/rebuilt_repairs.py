"""The ways out of an impossible run rebuilt from their decisions alone, and where the written ones differ."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from models.checker import check
from models.plan import Decision
from models.problem import InputError, Problem
from models.scenario import Scenario
from planner.decision_table import read_decisions
from planner.scenario_file import Case
from planner.tables import decimal

REPAIRS, DECISIONS = "repairs.csv", "repair-decisions.csv"
Row = Mapping[str, str]
Unmet = tuple[str, str, str, float, float]
"""Id, label and year of what is not met, and what was wanted and reached."""


def differing_repairs(run: Path, case: Case) -> Iterator[Problem]:
    """Every way out whose plan cannot be carried out, or breaks other demands, or by other amounts, than is written."""
    if not (run / REPAIRS).is_file() or not (run / DECISIONS).is_file():
        return  # missing files are told by their hashes
    try:
        text = (run / REPAIRS).read_text(encoding="utf-8-sig")
        stated = list(csv.DictReader(io.StringIO(text, newline="")))
        for (sense, _), decisions in read_decisions(run / DECISIONS, case.scenario, case.units).items():
            yield from _differing(case, decisions, [row for row in stated if row["sense"] == sense], sense)
    except InputError as error:
        yield from error.problems
    except (KeyError, ValueError, csv.Error):
        yield Problem(REPAIRS, "verify.no_table")


def _differing(case: Case, decisions: Sequence[Decision], stated: Sequence[Row], sense: str) -> Iterator[Problem]:
    given_up = {row["id"] for row in stated}
    plan = check(_without(case.scenario, given_up), case.units, decisions)
    for refusal in plan.refusals:
        yield Problem(DECISIONS, "verify.refused", {"plan": sense, "why": refusal.where})
    readings = [reading for rule in case.scenario.demands for reading in rule.measure(plan.plan)]
    unmet: list[Unmet] = sorted(
        (one.id, one.label, str(one.year or ""), float(decimal(one.wanted)), float(decimal(one.secured)))
        for one in readings
        if not one.met
    )
    written = sorted(_unmet(row) for row in stated)
    if unmet != written:
        facts = {"stated": str(written), "rebuilt": str(unmet)}
        yield Problem(f"{REPAIRS}: {sense}", "verify.fact", facts)
    if {row["score_mvnd"] for row in stated} - {str(plan.plan.score)}:
        facts = {"stated": stated[0]["score_mvnd"], "rebuilt": str(plan.plan.score)}
        yield Problem(f"{REPAIRS}: {sense}, score_mvnd", "verify.fact", facts)


def _without(scenario: Scenario, given_up: set[str]) -> Scenario:
    """The scenario without the structural rules that a way out gives up: they set no least number of posts."""
    rules = tuple(rule for rule in scenario.rules if not (rule.structural and rule.id in given_up))
    return scenario.model_copy(update={"rules": rules})


def _unmet(row: Row) -> Unmet:
    return row["id"], row["label"].removeprefix("'"), row["year"], float(row["wanted"]), float(row["reached"])
