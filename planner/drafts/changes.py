"""What plans change in a draft, unit by unit: a table of the run folder, and sentences."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from models.draft import Draft, Structure, draft_of
from models.near import Near
from models.plan import REDEPLOY, Decision
from models.problem import InputError, Problem
from models.ranked import RankedPlan
from models.scenario import Scenario
from models.unit import Units
from planner.decision_table import read_decisions
from planner.rebuilt import differing_table
from planner.report_problems import sentence
from planner.tables import DECISION_COLUMNS
from planner.talk import Talk

DRAFT, CHANGES = "draft.csv", "changes.csv"
COLUMNS = ("list", "rank", "unit_id", "name", "what", "drafted", "proposed")
MOST_SHOWN = 40
MOST_PARTNERS = 3


@dataclass(frozen=True)
class NearWords:
    """What the plan is called that others lie near, and where all changes stand: endings of sentences' keys."""

    called: str = "drafted"
    where: str = "in_table"


def draft_table(draft: Draft) -> pd.DataFrame:
    """The draft as it was completed, in the columns of decisions.csv."""
    rows = [{"list": "hand", "rank": 1, **vars(row)} for row in draft.decisions]
    frame = pd.DataFrame(rows, columns=["list", "rank", *DECISION_COLUMNS])
    return frame.astype({"year": "Int64", "group_after": "Int64"})


def changes_table(draft: Draft, plans: Sequence[RankedPlan]) -> pd.DataFrame:
    """One row per plan and unit that the plan treats otherwise than the draft.

    what: `structure` where fate, partners or raise differ (these count as changes), else `details` (years, hosts,
    sites, amounts).
    """
    rows = [row for plan in plans for row in _rows(draft, plan)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def structural_changes(draft: Draft, plan: RankedPlan) -> list[tuple[str, Structure, Structure]]:
    """Units whose structural decision differs, with the drafted and the proposed one."""
    proposed = draft_of(draft.scenario, draft.units, plan.plan.decisions)
    pairs = zip(draft.units.ids, draft.structures, proposed.structures, strict=True)
    return [(unit, before, after) for unit, before, after in pairs if before != after]


def _rows(draft: Draft, plan: RankedPlan) -> list[dict[str, object]]:
    names = dict(zip(draft.units.ids, draft.units.text("name"), strict=True))
    changed = {unit: (before, after) for unit, before, after in structural_changes(draft, plan)}
    before, after = _steps(draft.decisions), _steps(plan.plan.decisions)
    found = []
    for unit in draft.units.ids:
        place: dict[str, object] = {"list": plan.list, "rank": plan.rank, "unit_id": unit, "name": names[unit]}
        if unit in changed:
            drafted, proposed = map(told, changed[unit])
            found.append({**place, "what": "structure", "drafted": drafted, "proposed": proposed})
        elif before[unit] != after[unit]:
            found.append({**place, "what": "details", "drafted": before[unit], "proposed": after[unit]})
    return found


def told(structure: Structure) -> str:
    """A structural decision in the words of the tables: `merge a+b raise`."""
    words = [structure.fate, "+".join(structure.partners), "raise" if structure.raised else ""]
    return " ".join(word for word in words if word)


def _steps(decisions: Sequence[Decision]) -> Mapping[str, str]:
    """All steps of every unit: `merge 2025 -> a (closed)`, `slim 2030: 4`."""
    found: dict[str, list[str]] = {}
    for row in decisions:
        # What a raise needs follows from the group; only the amounts of the other steps are decided.
        decided = {"slim": row.posts_slimmed, "order": row.orders_mvnd, REDEPLOY: row.people_redeployed}
        amounts = str(decided.get(row.fate) or "")
        target = f"-> {row.host_id or row.receiver_id}" if row.fate in ("merge", "dissolve", REDEPLOY) else ""
        words = [row.fate, str(row.year or ""), target, "(closed)" if row.site == "closed" else ""]
        step = " ".join(word for word in words if word) + (f": {amounts}" if amounts else "")
        found.setdefault(row.unit_id, []).append(step)
    return {unit: "; ".join(sorted(steps)) for unit, steps in found.items()}


def near_document(near: Near, plans: Sequence[RankedPlan]) -> dict[str, Any]:
    """How near the plans lie to the draft, as data."""
    return {
        "fewest_changes": near.fewest,
        "at_least": near.at_least,
        "proved_fewest": near.proved_fewest,
        "allowed": near.most,
        "changes": [near.of(plan.values) for plan in plans],
        "not_options": [{"unit": unit, "why": [p.code for p in why]} for unit, why in lost_units(near)],
    }


def lost_units(near: Near) -> list[tuple[str, tuple[Problem, ...]]]:
    """Units whose drafted decision no option of the search holds, with what the checker says of it."""
    draft, paths = near.draft, near.draft.paths
    why = {
        unit: draft.refusals.get(place, ()) for place in range(len(paths)) for unit in paths.members_of(place).tolist()
    }
    return [(draft.units.ids[unit], why[unit]) for unit in near.lost]


def show_near(talk: Talk, near: Near, plans: Sequence[RankedPlan], words: NearWords = NearWords()) -> None:
    """The number of changes with its proof, and every change of the first plan."""
    _show_lost(talk, near, words)
    if near.fewest is None or not plans:
        return
    _show_count(talk, near, plans[0], words)
    _show_changes(talk, near, plans[0], words)
    details = int((changes_table(near.draft, plans[:1])["what"] == "details").sum())
    if details:
        talk.say("near.details", count=details, where=talk.wording.say(f"near.{words.where}"))


def _show_lost(talk: Talk, near: Near, words: NearWords) -> None:
    say, lost = talk.wording.say, lost_units(near)
    for unit, why in lost[:MOST_SHOWN]:
        reasons = "; ".join(dict.fromkeys(sentence(problem, talk.wording) for problem in why))
        talk.say(f"near.lost_{words.called}", unit=unit, why=reasons or say("near.breaks_a_rule"))
    if len(lost) > MOST_SHOWN:
        talk.say("near.more_lost", count=len(lost) - MOST_SHOWN)


def _show_count(talk: Talk, near: Near, plan: RankedPlan, words: NearWords) -> None:
    say, counted = talk.wording.say, near.of(plan.values)
    proof = say("near.proved") if near.proved_fewest else say("near.not_proved", least=near.at_least)
    if near.most is None:
        talk.say(f"near.fewest_{words.called}", count=counted, proof=proof)
    else:
        talk.say("near.within", most=near.most, count=counted, fewest=near.fewest, proof=proof)


def _show_changes(talk: Talk, near: Near, plan: RankedPlan, words: NearWords) -> None:
    say, rows = talk.wording.say, structural_changes(near.draft, plan)
    heads = [say(f"near.{name}") for name in ("unit", words.called, "proposed")]
    table = [_shown(talk, near.draft.units, row) for row in rows[:MOST_SHOWN]]
    if table:
        talk.table(say(f"near.title_{words.called}", count=len(rows)), heads, table)
    if len(rows) > MOST_SHOWN:
        talk.say("near.more", count=len(rows) - MOST_SHOWN, where=say(f"near.{words.where}"))


def _shown(talk: Talk, units: Units, row: tuple[str, Structure, Structure]) -> list[str]:
    unit, before, after = row
    name = units.text("name")[units.positions[unit]]
    return [f"{unit}\n{name}", *(_in_words(talk, unit, structure) for structure in (before, after))]


def _in_words(talk: Talk, unit: str, structure: Structure) -> str:
    say = talk.wording.say
    others = [partner for partner in structure.partners if partner != unit]
    named = ", ".join(others[:MOST_PARTNERS]) + (
        f" +{len(others) - MOST_PARTNERS}" if len(others) > MOST_PARTNERS else ""
    )
    fate = talk.wording.term("fates", structure.fate)
    key = {"merge": "near.with", "dissolve": "near.into"}.get(structure.fate)
    words = fate if key is None else say(key, fate=fate, units=named)
    return words + (", " + talk.wording.term("fates", "raise") if structure.raised else "")


def changed_files(run: Path, plans: Sequence[RankedPlan], scenario: Scenario, units: Units) -> list[Problem]:
    """Where the changes that a run states are not those between its draft and its plans."""
    if not (run / DRAFT).exists():
        return []
    try:
        drafts = read_decisions(run / DRAFT, scenario, units)
    except InputError as error:
        return list(error.problems)
    decisions = drafts.get(("hand", 1), ())
    if not decisions:
        return [Problem(DRAFT, "verify.missing")]
    rebuilt = changes_table(draft_of(scenario, units, decisions), plans)
    return list(differing_table(run, CHANGES, rebuilt))
