"""Stages that are over: nothing can be decided in them any more but what was done."""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.draft import Draft
from models.exact import Integers
from models.items import OPEN, ORDER, Items
from models.option import Paths
from models.plan import Decision
from models.search import Problem

NOT_DONE = -2  # no stage is called so


def without_the_past(problem: Problem, done: Draft, stages: int) -> Problem:
    """The problem in which the first `stages` stages hold no step that is not done, and no amount beyond those done.

    done: a plan of nothing but what is done, on the same units.
    """
    if not stages:
        return problem
    # The listing as well: what explains an impossible plan looks at all that is listed.
    left = problem.listing.paths.take(_possible(problem.listing.paths, done.paths, stages))
    columns = problem.columns.taking(_possible(problem.columns.paths, done.paths, stages))
    upper = _amounts_left(columns.items, columns.levers.order_step, done, stages)
    listing = replace(problem.listing, paths=left)
    return replace(problem, listing=listing, columns=replace(columns, items=replace(columns.items, upper=upper)))


def _possible(paths: Paths, done: Paths, stages: int) -> NDArray[np.bool_]:
    """Options whose steps in the stages that are over are all done."""
    units, option = int(max(paths.members.max(initial=0), done.members.max(initial=0))) + 1, paths.option_of_entry
    joined, host, raised, left = (np.full(units, NOT_DONE) for _ in range(4))
    joined[done.members], host[done.members] = done.joins, done.hosts[done.option_of_entry]
    raised[done.hosts], left[done.hosts] = done.raised, done.leaves
    over = (paths.joins >= 0) & (paths.joins < stages)
    same = (joined[paths.members] == paths.joins) & (host[paths.members] == paths.hosts[option])
    wrong = np.bincount(option[over & ~same], minlength=len(paths)) > 0
    wrong |= (paths.raised < stages) & (raised[paths.hosts] != paths.raised)
    wrong |= (paths.leaves < stages) & (left[paths.hosts] != paths.leaves)
    possible: NDArray[np.bool_] = ~wrong
    return possible


def _amounts_left(items: Items, steps: Integers, done: Draft, stages: int) -> Integers:
    """The most of every amount: what was done, where its stage is over."""
    at, scenario = done.units.positions, done.scenario
    given: dict[tuple[int, int, bool], int] = {}
    for row in _amounts(done.decisions):
        unit, stage = at[row.unit_id], scenario.stage_of(row.year or 0)
        order = row.fate == "order"
        given[unit, stage, order] = row.orders_mvnd // max(1, int(steps[unit])) if order else row.posts_slimmed
    upper = items.upper.copy()
    for item in np.flatnonzero((items.stage < stages) & (items.kind != OPEN)).tolist():
        key = (int(items.unit[item]), int(items.stage[item]), bool(items.kind[item] == ORDER))
        upper[item] = min(int(upper[item]), given.get(key, 0))
    return upper


def _amounts(decisions: Iterable[Decision]) -> Iterable[Decision]:
    return (row for row in decisions if row.fate in ("slim", "order"))
