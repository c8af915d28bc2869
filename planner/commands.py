"""The commands that read, check and solve a scenario, as functions that print through `Talk`."""

import json
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import tomli_w

from models.rules import Reading
from models.search import CheckerRefused, Problem, prepare
from planner import exit_codes
from planner.ranking import Impossible, Result, conflict_document, solve_case, write_run
from planner.run_folder import digest_of, hashes_of, resolved
from planner.scenario_file import Case, read_scenario
from planner.solver import WorkerDied
from planner.tables import decisions_table, ranking_table, readings_table
from planner.talk import Talk

BILLION = 1000


def solve_command(talk: Talk, place: Path, settings: Sequence[str], out: Path | None, require_gap: float | None) -> int:
    """Read, solve, write; the exit code tells how it ended."""
    case = read_scenario(place, settings)
    _introduce(talk, case)
    if out is not None and out.exists() and any(out.iterdir()):
        talk.aside("cli.exists", folder=out)
        return exit_codes.USAGE
    with talk.progress() as steps:
        steps.step("cli.listing")
        try:
            result = solve_case(
                case,
                lambda plan: steps.step("cli.solving", rank=plan.rank + 1, list=_list(talk, plan.list)),
                steps.reached,
            )
        except CheckerRefused as refusal:
            talk.aside("cli.refused", why=refusal)
            return exit_codes.CHECK_REFUSED
        except WorkerDied as death:
            talk.aside("cli.worker_died", why=death)
            return exit_codes.INTERNAL_ERROR
        if result.impossible is None and not result.plans:
            return _nothing(talk, result)
        steps.step("cli.drawing")
        folder = write_run(result, out, talk.wording)
    if result.impossible is not None:
        _tell_impossible(talk, result.impossible, folder)
        return exit_codes.INFEASIBLE
    _tell(talk, result, folder)
    return _code(talk, result, require_gap)


def check_command(talk: Talk, place: Path, settings: Sequence[str]) -> None:
    """What a scenario holds and what may be done, or every problem at once."""
    case = read_scenario(place, settings)
    _introduce(talk, case)
    problem = prepare(case.scenario, case.units)
    scenario, unlisted = case.scenario, problem.listing.unlisted
    counts = {
        "units": len(case.units),
        "rules": len(scenario.rules),
        "pins": len(scenario.pins),
        "stages": len(scenario.stages),
    }
    talk.say("cli.checked", **counts)
    talk.say(
        "cli.check_options", options=len(problem.columns.paths), broken=problem.broken, items=len(problem.columns.items)
    )
    talk.say("cli.check_unlisted", pairs=unlisted.pairs, larger=_counted(talk, unlisted.larger_groups),
             hostless=unlisted.hostless_groups, late=unlisted.late_joins, receiverless=unlisted.without_receiver)  # fmt: skip
    unmatched = _kinds(case, problem.listing.graph.unmatched)
    if unmatched:
        kinds = ", ".join(f"{kind} {count}" for kind, count in unmatched.items())
        talk.say("cli.check_unmatched", count=sum(unmatched.values()), kinds=kinds)
    alone = int((~problem.listing.graph.unmatched & ~_paired(problem)).sum())
    talk.say("cli.check_alone", count=alone)
    assumed = {name: int(cells.sum()) for name, cells in case.units.assumed.items() if cells.any()}
    if assumed:
        talk.say("cli.check_assumed", columns=", ".join(f"{name} {count}" for name, count in assumed.items()))
    for rule in scenario.rules:
        since, until = rule.in_force_from, rule.in_force_until
        if (since and scenario.as_of < since) or (until and scenario.as_of > until):
            talk.say(
                "cli.check_rule_dates", rule=rule.id, period=f"{since or ''} – {until or ''}", as_of=scenario.as_of
            )
    talk.document(
        {
            **counts,
            "options": len(problem.columns.paths),
            "set_aside": problem.broken,
            "unlisted": vars(unlisted),
            "unmatched_by_kind": unmatched,
            "alone": alone,
            "assumed_cells": assumed,
            "warnings": [
                {"where": w.where, "code": w.code, "facts": {k: str(v) for k, v in w.facts.items()}}
                for w in case.warnings
            ],
        }
    )


def show_command(talk: Talk, place: Path, settings: Sequence[str]) -> None:
    """The resolved scenario as TOML, or as one JSON document."""
    case = read_scenario(place, settings)
    text = tomli_w.dumps(resolved(case))
    talk.line(text)
    talk.document({"scenario": case.scenario.model_dump(mode="json", by_alias=True, fallback=str)})


def _introduce(talk: Talk, case: Case) -> None:
    talk.warn(case.warnings)
    if case.invented:
        count = int((case.units.text("data_quality") == "invented").sum())
        talk.aside("cli.invented", count=count, all=len(case.units))


def _tell(talk: Talk, result: Result, folder: Path) -> None:
    """Ranked plans, the readings of the first, what is not in the lists, and where everything lies."""
    _ranked(talk, result)
    if result.plans:
        _readings(talk, result.plans[0].plan.readings, result.plans[0].rank)
    unlisted = result.ranking.problem.listing.unlisted
    talk.say("cli.best_means", options=len(result.ranking.problem.columns.paths), pairs=unlisted.pairs,
             larger=_counted(talk, unlisted.larger_groups))  # fmt: skip
    search = result.case.scenario.search
    for name, stop in result.ranking.stops.items():
        wanted = search.best if name == "best" else search.plans
        found = len(result.ranking.of(name))
        if found < wanted:
            why = talk.wording.say(f"cli.stop_{stop}")
            talk.say("cli.fewer", list=_list(talk, name), found=found, wanted=wanted, why=why)
    digest = digest_of(hashes_of(folder))
    talk.say("cli.folder", folder=folder)
    talk.say("cli.digest", digest=digest)
    talk.document(
        {
            "status": "interrupted" if result.interrupted else "done",
            "folder": str(folder),
            "digest": digest,
            "stopped": dict(result.ranking.stops),
            "ranking": _records(ranking_table(result.ranking)),
            "readings": _records(readings_table(result.plans)),
            "decisions": _records(decisions_table(result.plans)),
        }
    )


def _ranked(talk: Talk, result: Result) -> None:
    say, number = talk.wording.say, talk.wording.number
    years = [stage.year for stage in result.case.scenario.stages]
    heads = ["cli.list", "cli.rank", "cli.score", "cli.bound", "cli.gap", "cli.above"]
    headers = [*(say(head) for head in heads), *(say("cli.units", year=str(year)) for year in years), say("cli.proved")]
    rows = []
    for plan in result.plans:
        money = (plan.score, plan.bound, plan.score - result.ranking.best_score)
        score, bound, above = (number(Fraction(amount, BILLION), 1) for amount in money)
        counts = [number(plan.plan.units_after(year)) for year in years]
        proved = say("cli.yes") if plan.proved_best else say("cli.no")
        rows.append(
            [_list(talk, plan.list), str(plan.rank), score, bound, number(plan.gap_percent, 4), above, *counts, proved]
        )
    talk.table(say("cli.ranked"), headers, rows, right=range(1, len(headers) - 1))


def _readings(talk: Talk, readings: Sequence[Reading], rank: int) -> None:
    say = talk.wording.say
    headers = [say(f"cli.{name}") for name in ("rule", "year", "wanted", "reached", "share", "met")]
    rows, kept = [], 0
    for reading in readings:
        if reading.year is None and reading.met:
            kept += 1
            continue
        rows.append(_reading_row(talk, reading))
    talk.table(say("cli.readings", rank=rank), headers, rows, right=(2, 3, 4))
    if kept:
        talk.say("cli.structural_rules", count=kept)


def _reading_row(talk: Talk, reading: Reading) -> list[str]:
    number = talk.wording.number

    def shown(value: Fraction) -> str:
        return number(value) if value.denominator == 1 else number(value, 2)

    label = reading.id if not reading.label else f"{reading.id} · {reading.label}"
    share = f"{number(reading.numerator)}/{number(reading.denominator)}"
    met = talk.wording.say("cli.met_yes" if reading.met else "cli.met_no")
    return [label, str(reading.year or ""), shown(reading.wanted), shown(reading.reached), share, met]


def _tell_impossible(talk: Talk, found: Impossible, folder: Path) -> None:
    """The conflict in rule names and sources, and the reach of each target alone."""
    say, number = talk.wording.say, talk.wording.number
    second = (
        say("cli.confirmed", engine="SCIP" if found.engine == "highs" else "HiGHS")
        if found.confirmed
        else say("cli.not_confirmed")
    )
    talk.say("cli.impossible", engine=found.engine, confirmed=second)
    talk.say(
        "cli.conflict", minimal=say("cli.conflict_minimal" if found.conflict.minimal else "cli.conflict_not_minimal")
    )
    for rule in found.conflict.rules:
        talk.line(f"  - {rule.id}: {rule.name}" + (f" ({rule.source})" if rule.source else ""))
    headers = [say("cli.rule"), say("cli.wanted"), say("cli.reach"), say("cli.share"), say("cli.met")]
    rows = [
        [
            reach.rule.id, number(reach.wanted, 2), number(reach.reached, 2),
            f"{number(reach.numerator)}/{number(reach.denominator)}", say("cli.met_yes" if reach.enough else "cli.met_no"),
        ]
        for reach in found.reaches
    ]  # fmt: skip
    talk.table(say("cli.reach_title"), headers, rows, right=(1, 2, 3))
    talk.say("cli.folder", folder=folder)
    talk.document(conflict_document(found) | {"folder": str(folder)})


def _nothing(talk: Talk, result: Result) -> int:
    if result.interrupted:
        talk.aside("cli.interrupted")
        return exit_codes.INTERRUPTED
    talk.aside("cli.no_plan_in_time")
    return exit_codes.NO_PLAN_IN_TIME


def _code(talk: Talk, result: Result, require_gap: float | None) -> int:
    if result.interrupted:
        talk.aside("cli.interrupted_kept")
        return exit_codes.INTERRUPTED
    worst = max((plan.gap_percent for plan in result.plans), default=Fraction(0))
    if require_gap is not None and worst > Fraction(require_gap):
        talk.aside("cli.gap_above", gap=talk.wording.number(worst, 4), wanted=require_gap)
        return exit_codes.GAP_TOO_LARGE
    return exit_codes.DONE


def _kinds(case: Case, chosen: np.ndarray) -> dict[str, int]:
    return dict(sorted(Counter(case.units.text("kind")[chosen].tolist()).items()))


def _paired(problem: Problem) -> np.ndarray:
    """Units that stand in some group of the listing."""
    paths = problem.listing.paths
    grouped = (paths.sizes > 1)[paths.option_of_entry]
    return np.isin(np.arange(len(problem.units)), paths.members[grouped])


def _list(talk: Talk, name: str) -> str:
    return talk.wording.say(f"cli.{name}")


def _counted(talk: Talk, count: int | None) -> object:
    return talk.wording.say("cli.not_counted") if count is None else count


def _records(frame: Any) -> list[dict[str, Any]]:
    """Rows as plain values: JSON knows neither NA nor numpy numbers."""
    found: list[dict[str, Any]] = json.loads(frame.to_json(orient="records", force_ascii=False))
    return found
