"""Checking a run folder without a solver: are files as written, and do decisions give the same figures?"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from models.checker import Check, check
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from planner import exit_codes
from planner.at_work import at_work
from planner.certificates import unproved
from planner.decision_table import Key, read_decisions, whole_number
from planner.drafts.changes import changed_files
from planner.frontier_tables import frontier_problems
from planner.held_checks import held_problems
from planner.manifest import DERIVED, MANIFEST, PROGRESS, REPORT, hashes_of, read_manifest, run_digest
from planner.manifest_facts import unknown_facts
from planner.order_tables import order_document, order_problems, stated_steps
from planner.rebuilt import differences, ranked, written_table
from planner.rebuilt_repairs import differing_repairs
from planner.report_problems import lines_of
from planner.run_folder import RESOLVED, worst_gap
from planner.scenario_file import Case, read_scenario
from planner.search_facts import EVALUATED, search_problems
from planner.talk import Talk
from planner.wording import Wording

Bounds = Mapping[Key, int | None]


def verify_command(talk: Talk, run: Path, digest: str | None) -> int:
    """Tell everything that does not hold; exit 7 where anything does not."""
    try:
        manifest = read_manifest(run)
    except InputError as error:
        return _spoilt(talk, run, error)
    at_work("verify.hashing", files=len(manifest["files"]))
    found = run_digest({**manifest, "files": hashes_of(run)})
    problems = [*_changed(run, manifest), *_wrong_digest(run, found, digest), *unknown_facts(manifest)]
    # Of a report of progress only the files are held to the digest: no plan of it is rebuilt.
    plans, report = 0, manifest.get("status") == PROGRESS and not (run / "ranking.csv").exists()
    if not problems and not report:
        plans, problems = _rebuilt(run, manifest, talk.wording)
    if not problems and (run / REPORT).is_file():
        problems = list(_other_report(run))
    if problems:
        talk.aside("verify.unsound", count=len(problems))
        for line in lines_of(problems, talk.wording):
            talk.error_line(line)
        if any(problem.where != REPORT for problem in problems):
            talk.complain("verify.then")
    else:
        empty = "verify.sound_report" if report else "verify.sound_empty"
        talk.say("verify.sound" if plans else empty, files=len(manifest["files"]), plans=plans,
                 digest=found)  # fmt: skip
    if (run / DERIVED).is_dir():
        talk.aside("verify.derived", folder=DERIVED)
    facts = [{"where": p.where, "message": talk.wording.say(p.code, **p.facts)} for p in problems]
    talk.document({"sound": not problems, "digest": found, "plans": plans, "problems": facts})
    return exit_codes.CHECK_REFUSED if problems else exit_codes.DONE


def _spoilt(talk: Talk, run: Path, error: InputError) -> int:
    """A run folder whose manifest cannot be read does not hold. Errors: InputError where there is no manifest."""
    if not (run / MANIFEST).is_file():
        raise error
    talk.aside("verify.unsound", count=len(error.problems))
    for line in lines_of(error.problems, talk.wording):
        talk.error_line(line)
    talk.aside("verify.spoilt")
    facts = [{"where": p.where, "message": talk.wording.say(p.code, **p.facts)} for p in error.problems]
    talk.document({"sound": False, "digest": None, "plans": 0, "problems": facts})
    return exit_codes.CHECK_REFUSED


def _changed(run: Path, manifest: Mapping[str, Any]) -> Iterator[Problem]:
    """Files that differ from what the manifest says of them, and a manifest that its own digest does not fit."""
    found, stated = hashes_of(run), manifest["files"]
    for name in sorted({*found, *stated}):
        if name not in stated:
            yield Problem(name, "verify.added")
        elif name not in found:
            yield Problem(name, "verify.missing")
        elif found[name] != stated[name]:
            yield Problem(name, "verify.changed")
    if manifest.get("digest") != run_digest(manifest):
        yield Problem(
            MANIFEST, "verify.manifest", {"stated": str(manifest.get("digest")), "found": run_digest(manifest)}
        )


def _wrong_digest(run: Path, found: str, digest: str | None) -> Iterator[Problem]:
    if digest is not None and digest != found:
        yield Problem(str(run), "verify.digest", {"found": found, "wanted": digest})


def _other_report(run: Path) -> Iterator[Problem]:
    """The report against the page that the folder gives in the same language; the digest cannot tell of it.

    What stands in the folder for derived things may be on the page, as it is there, or not at all.
    """
    from planner.report.page import language_of, render_report
    from planner.report.run_reading import read_run

    at_work("verify.page")
    written, known = (run / REPORT).read_bytes(), read_run(run)
    language = language_of(written)
    # A page may be older than what later commands worked out from the run, and need not show it.
    pages = (known, replace(known, beside=None)) if known.beside else (known,)
    if language is None or written not in (render_report(page, Wording(language)).encode() for page in pages):
        yield Problem(REPORT, "verify.report", {"run": str(run)})


def _rebuilt(run: Path, manifest: Mapping[str, Any], wording: Wording) -> tuple[int, list[Problem]]:
    """How many plans were rebuilt, and everything that does not follow from scenario, units and decisions."""
    try:
        case = read_scenario(run / RESOLVED)
        bounds, problems = _places(run, manifest)
        decided = read_decisions(run / "decisions.csv", case.scenario, case.units)
        steps = stated_steps(written_table(run, "order.csv"), case.scenario)
    except InputError as error:
        return 0, list(error.problems)
    except FileNotFoundError as error:
        return 0, [Problem(Path(error.filename).name, "verify.missing")]
    plans = []
    for key, decisions in decided.items():
        at_work("verify.rebuilding", plan=_name(key))
        found = check(case.scenario, case.units, decisions)
        evaluated = manifest.get("status") == EVALUATED
        problems += _stated(manifest, found) if evaluated else _verdict(found, _name(key), wording)
        plan = replace(ranked(key, found.plan, bounds.get(key)), steps=steps.get(key, ()))
        problems += _above(plan)
        plans.append(plan)
    # The points of a frontier follow no order, nor does a plan that somebody drew up.
    ordered = [plan for plan in plans if plan.list != "frontier" and manifest.get("status") != EVALUATED]
    problems += order_problems(ordered)
    at_work("verify.comparing")
    try:
        problems += differences(run, plans, case.scenario, case.units)
        problems += frontier_problems(run, manifest, plans)
        problems += changed_files(run, plans, case.scenario, case.units)
        problems += held_problems(run, manifest, case, plans, wording)
    except InputError as error:
        problems += error.problems
    at_work("verify.proving")
    problems += [*differing_repairs(run, case), *unproved(run, manifest, case, plans)]
    problems += search_problems(run, manifest, case, plans)
    return len(plans), [*problems, *_facts(manifest, case, plans)]


def _name(key: Key) -> str:
    return f"{key[0]} {key[1]}"


def _places(run: Path, manifest: Mapping[str, Any]) -> tuple[dict[Key, int | None], list[Problem]]:
    """The stated bound of every place, and places that do not count from 1 to what the manifest says of their list."""
    ranking = written_table(run, "ranking.csv")
    bounds: dict[Key, int | None] = {}
    for row in ranking.to_dict("records"):
        bounds[(row["list"], whole_number(row["rank"]) or 0)] = _bound(row.get("bound_mvnd", ""))
    counts = Counter(name for name, _ in bounds)
    stated = manifest.get("lists")
    lists = stated if isinstance(stated, dict) else {}
    problems = []
    for name in sorted({*counts, *lists}):
        facts = lists.get(name)
        told = facts.get("plans") if isinstance(facts, dict) else 0
        if told != counts[name] or any((name, place) not in bounds for place in range(1, counts[name] + 1)):
            found = ", ".join(str(place) for of, place in bounds if of == name) or "–"
            problems.append(
                Problem("ranking.csv", "verify.places", {"list": name, "stated": str(told), "found": found})
            )
    return bounds, problems


def _bound(text: str) -> int | None:
    """A stated bound; None where there is none, or no whole number, which then differs from the rebuilt table."""
    size = whole_number(text.removeprefix("-"))
    return size if size is None or not text.startswith("-") else -size


def _above(plan: RankedPlan) -> Iterator[Problem]:
    if plan.bound is not None and plan.bound > plan.score:
        facts = {"plan": _name((plan.list, plan.rank)), "stated": str(plan.bound), "score": str(plan.score)}
        yield Problem("ranking.csv: bound_mvnd", "verify.bound", facts)


def _verdict(found: Check, label: str, wording: Wording) -> Iterator[Problem]:
    for refusal in found.refusals:
        why = f"{refusal.where}: {wording.say(refusal.code, **refusal.facts)}"
        yield Problem("decisions.csv", "verify.refused", {"plan": label, "why": why})
    for reading in found.plan.readings:
        if not reading.met:
            yield Problem("decisions.csv", "verify.unmet", {"plan": label, "rule": reading.id})


def _stated(manifest: Mapping[str, Any], found: Check) -> Iterator[Problem]:
    """A plan that was only evaluated may break rules: those, and no others, that its manifest names."""
    rebuilt = {
        "broken": sorted({reading.id for reading in found.plan.readings if not reading.met}),
        "refused": len(found.refusals),
    }
    for key, fact in rebuilt.items():
        if manifest.get(key) != fact:
            yield Problem(f"{MANIFEST}: {key}", "verify.fact", {"stated": str(manifest.get(key)), "rebuilt": str(fact)})


def _facts(manifest: Mapping[str, Any], case: Case, plans: list[RankedPlan]) -> Iterator[Problem]:
    """What the manifest says of the scenario and of its plans, against what they say themselves."""
    rebuilt = {
        "title": case.scenario.title,
        "as_of": case.scenario.as_of.isoformat(),
        "invented_data": case.invented,
        "seed": case.scenario.search.seed,
        "gap_is_percent_of_state_outlay_mvnd": max(1, int(case.units.state_outlay_mvnd.sum())),
        "gap_percent": worst_gap(plans),
        "order": None if manifest.get("status") == EVALUATED else order_document(case.scenario, plans),
    }
    for key, fact in rebuilt.items():
        if manifest.get(key) != fact:
            yield Problem(f"{MANIFEST}: {key}", "verify.fact", {"stated": str(manifest.get(key)), "rebuilt": str(fact)})
