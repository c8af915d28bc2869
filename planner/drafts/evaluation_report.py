"""An evaluated plan as a planner reads it, as data, and as a folder of tables."""

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

from models.figures import CRITERIA
from models.likeness import Event
from planner.answer_tables import show_readings
from planner.cash_tables import payback_years, show_cash
from planner.drafts.evaluation import Distance, Evaluation, Violation
from planner.ranking import name_of
from planner.report_problems import records_of, sentence
from planner.run_folder import SCHEMA_VERSION, CannotWrite, RunFolder, input_hashes, versions, write_inputs
from planner.run_tables import run_tables
from planner.scenario_counts import first_names
from planner.scenario_file import Case
from planner.tables import criterion_column, decimal, table_text
from planner.talk import Talk

BILLION = 1000
MOST_EVENTS = 8


def show_evaluation(talk: Talk, found: Evaluation) -> None:
    """Readings, what is broken and by whom, criteria and score, cash, and the distance from the best plan."""
    show_readings(talk, found.ranked, found.case.scenario.demands)
    for violation in found.violations:
        talk.say("evaluate.broken", **_broken(talk, violation, found))
    for refusal in found.refusals:
        talk.say("evaluate.refused", why=sentence(refusal, talk.wording))
    _show_criteria(talk, found)
    show_cash(talk, found.ranked)
    _show_distance(talk, found)
    if found.unlisted:
        names = first_names(found.case.units, found.unlisted)
        talk.say("evaluate.unlisted", count=len(found.unlisted), names=names)
    verdict = "passes" if found.passed else "fails"
    rules = len({violation.rule.id for violation in found.violations})
    talk.say(f"evaluate.{verdict}", plan=found.hand_made.path.name, rules=rules, refusals=len(found.refusals))


def evaluation_document(found: Evaluation, talk: Talk) -> dict[str, Any]:
    """The same as data."""
    violations = [
        {"id": v.rule.id, "label": v.reading.label, "year": v.reading.year, "units": list(v.units),
         "message": talk.wording.say("evaluate.broken", **_broken(talk, v, found))}
        for v in found.violations
    ]  # fmt: skip
    return {
        "status": "meets_every_rule" if found.passed else "rules_broken",
        "plan": found.hand_made.path.name,
        "score_mvnd": found.ranked.score,
        "criteria": {criterion_column(name): found.plan.criteria[name] for name in CRITERIA},
        "violations": violations,
        "refusals": records_of(found.refusals, talk.wording),
        "unlisted_units": list(found.unlisted),
        "distance": None if found.distance is None else distance_document(found.distance, found.case),
        "best_not_known": found.stop or None,
        "payback_year": payback_years([found.ranked])[0]["payback_year"],
        "invented_data": found.case.invented,
    }


def distance_document(found: Distance, case: Case) -> dict[str, Any]:
    """The distance from the best plan as data; amounts in million VND."""
    mine, best = ([_event(case, event) for event in side] for side in found.apart)
    return {
        "best_score_mvnd": found.best.score,
        "best_bound_mvnd": found.best.bound,
        "above_best_mvnd": found.above_best,
        "events": found.events,
        "events_only_here": mine,
        "events_only_in_best": best,
        "units": list(found.units),
        "run": None if found.source is None else str(found.source),
        "same_inputs": found.same_inputs,
        "held_in": list(found.held_in),
    }


def write_evaluation(found: Evaluation, folder: Path, talk: Talk) -> Path:
    """A run folder of the one plan: inputs, tables, `evaluation.json`, manifest. Errors: CannotWrite."""
    try:
        with RunFolder(folder) as target:
            write_inputs(target, found.case)
            (target.path("inputs") / f"plan-{found.hand_made.path.name}").write_bytes(found.hand_made.path.read_bytes())
            for name, frame in run_tables([found.ranked], found.case.scenario, found.case.units):
                target.write_text(name, "\ufeff" + table_text(frame))
            text = json.dumps(evaluation_document(found, talk), ensure_ascii=False, indent=2)
            target.write_text("evaluation.json", text + "\n")
            return target.finish(_manifest(found))
    except OSError as error:
        raise CannotWrite(folder, error) from error


def _manifest(found: Evaluation) -> dict[str, Any]:
    case = found.case
    return {
        "schema_version": SCHEMA_VERSION,
        "status": "evaluated",
        "title": case.scenario.title,
        "scenario": case.name,
        "as_of": case.scenario.as_of.isoformat(),
        "invented_data": case.invented,
        "repeatable": found.repeatable,
        "lists": {found.ranked.list: {"plans": 1, "stopped": "found"}},
        "broken": sorted({violation.rule.id for violation in found.violations}),
        "refused": len(found.refusals),
        "seed": case.scenario.search.seed,
        "versions": versions(),
        "gap_is_percent_of_state_outlay_mvnd": found.ranked.outlay,
        "gap_percent": None,
        "inputs": input_hashes(case),
        "seconds": {},
    }


def _broken(talk: Talk, violation: Violation, found: Evaluation) -> dict[str, object]:
    reading, rule = violation.reading, violation.rule
    label = talk.wording.say("evaluate.label", label=reading.label) if reading.label else ""
    year = talk.wording.say("evaluate.year", year=str(reading.year)) if reading.year is not None else ""
    units = ""
    if violation.units:
        names = first_names(found.case.units, violation.units)
        units = " " + talk.wording.say("evaluate.by_units", count=len(violation.units), names=names)
    return {
        "name": name_of(rule) or rule.rule, "id": rule.id, "label": label, "year": year, "units": units,
        "wanted": _amount(talk, reading.wanted), "reached": _amount(talk, reading.secured),
        "short": _amount(talk, -reading.slack),
    }  # fmt: skip


def _show_criteria(talk: Talk, found: Evaluation) -> None:
    say, number = talk.wording.say, talk.wording.number
    rows = [
        [say(f"compare.{column}"), number(Fraction(found.plan.criteria[name], BILLION if money else 1), 3 * money)]
        for name in CRITERIA
        for column in [criterion_column(name)]
        for money in [column.endswith("_mvnd")]
    ]
    talk.table(say("evaluate.criteria"), [say("evaluate.criterion"), say("evaluate.amount")], rows, right=(1,))
    talk.say("evaluate.score", score=number(Fraction(found.ranked.score, BILLION), 3))


def _show_distance(talk: Talk, found: Evaluation) -> None:
    say, number, far = talk.wording.say, talk.wording.number, found.distance
    if far is None:
        if found.stop:
            talk.say("evaluate.no_best", why=say(f"cli.stop_{found.stop}"))
        return
    best = {"best": number(Fraction(far.best.score, BILLION), 3), "events": far.events, "units": len(far.units)}
    amount = number(Fraction(abs(far.above_best), BILLION), 3)
    talk.say("evaluate.above" if far.above_best >= 0 else "evaluate.below", amount=amount, **best)
    if far.held_in:
        talk.say("evaluate.held_run", run=far.source, scenarios=", ".join(Path(one).parent.name for one in far.held_in))
    elif not far.same_inputs:
        talk.say("evaluate.other_inputs", run=far.source)
    elif not far.best.proved_best:
        gap = far.best.gap
        talk.say("evaluate.best_not_proved", gap="–" if gap is None else number(Fraction(gap, BILLION), 3))
    for key, events in zip(("only_here", "only_in_best"), far.apart, strict=True):
        for event in events[:MOST_EVENTS]:
            names = first_names(found.case.units, [found.case.units.ids[unit] for unit in event.units])
            talk.say(f"evaluate.{key}", fate=talk.wording.term("fates", event.fate), names=names)
        if len(events) > MOST_EVENTS:
            talk.say("evaluate.more_events", count=len(events) - MOST_EVENTS)


def _event(case: Case, event: Event) -> dict[str, Any]:
    return {"fate": event.fate, "units": [case.units.ids[unit] for unit in event.units]}


def _amount(talk: Talk, value: Fraction | Any) -> str:
    exact = Fraction(value)
    return talk.wording.number(decimal(exact), 0 if exact.denominator == 1 else 2)
