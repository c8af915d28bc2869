"""Solving near a hand-made plan: the fewest changes that make it meet every rule, or the best within so many."""

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from models.draft import draft_of
from models.near import Near, count_changes, near_to, starting_from
from models.prepared import Prepared
from models.ranked import RankedPlan, Ranking, Stop
from models.search import rank
from planner.drafts.table import HandMade, read_hand_made
from planner.interruption import Interruption
from planner.other_scenarios import refuse_others
from planner.result import Result
from planner.scenario_file import Case
from planner.searching import Progress, Searching, ready
from planner.solver import Solver
from planner.talk import Talk
from planner.why_none import why_none


class ChangesForbidden(Exception):  # noqa: N818
    """No plan within the allowed number of changes meets every rule.

    fewest: of a plan that does (None where none was found in the time); at_least: as far as it is proved.
    """

    def __init__(self, most: int, near: Near) -> None:
        self.most, self.fewest, self.at_least = most, near.fewest, max(near.at_least, most + 1)
        super().__init__(f"{most} changes; at least {self.at_least}, found with {self.fewest}")


def rank_near(
    case: Case, place: Path | str, changes: int | None = None, *, plan: tuple[str, int] | None = None,
    on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None,
) -> Result:  # fmt: skip
    """Ranked plans near a hand-made one: with the fewest changes, or with at most `changes`, the best first.

    Both lists of the scenario are filled; ask for a list of one plan where the nearest alone is wanted.
    Errors: InputError with every problem of the file; ChangesForbidden.
    """
    hand_made = read_hand_made(Path(place), case, plan=plan)
    return near_case(case, hand_made, changes, on_plan=on_plan, on_progress=on_progress)


def near_case(
    case: Case, hand_made: HandMade, changes: int | None = None, *,
    on_plan: Callable[[RankedPlan], None] | None = None, on_progress: Progress | None = None,
    narrowed: Callable[[Prepared], Prepared] | None = None,
) -> Result:  # fmt: skip
    """As `rank_near`, for a plan that has been read. Ctrl-C and SIGTERM keep what was found.

    narrowed: takes options away that are no longer possible.
    """
    refuse_others(case, "solve --near, progress")
    began = time.monotonic()
    draft = draft_of(case.scenario, case.units, hand_made.decisions)
    problem = ready(case, draft.permitted)
    near = near_to(draft, problem if narrowed is None else narrowed(problem))
    listed = time.monotonic()
    with Solver() as solver, Interruption() as stop:
        searching = Searching(case, solver, stop, on_progress)
        near = replace(count_changes(near, searching), most=changes)
        ranking = _ranked(near, searching, on_plan)
        near = replace(near, ranking=ranking)
        if near.forbidden and changes is not None:
            raise ChangesForbidden(changes, near)
        impossible = why_none(near.problem, searching) if near.impossible else None
    seconds = {"list": listed - began, "solve": time.monotonic() - listed}
    return Result(case, ranking, impossible, seconds, stop.asked, searching.worker_died, near=near)


def _ranked(near: Near, searching: Searching, on_plan: Callable[[RankedPlan], None] | None) -> Ranking:
    """The lists within the changes; an empty ranking where the count found no plan."""
    assert near.first is not None, "changes are counted first"
    if near.impossible or (near.most is None and near.first.plan is None):
        return _nothing(near.problem, near, "infeasible" if near.impossible else "limit")
    return rank(near.within, starting_from(near, searching), on_plan)


def _nothing(problem: Prepared, near: Near, stop: Stop) -> Ranking:
    first = near.first
    assert first is not None, "changes are counted first"
    ended: Stop = "interrupted" if first.ended_by == "interrupted" else stop
    return Ranking(problem, (), {"different": ended}, first.engine, first.repeatable, first.ended_by == "clock")


def tell_forbidden(talk: Talk, refusal: ChangesForbidden) -> None:
    """That so few changes are not enough, and how many are."""
    fewest = "–" if refusal.fewest is None else refusal.fewest
    facts = {"most": refusal.most, "least": refusal.at_least, "fewest": fewest}
    talk.complain("near.forbidden", **facts)
    message = talk.wording.say("near.forbidden", **facts)
    near = {"allowed": refusal.most, "at_least": refusal.at_least, "fewest_changes": refusal.fewest}
    talk.document({"status": "rules_broken", "message": message, "near": near})
