"""Stages that are over: nothing can be decided in them any more but what was done."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from models.draft import Draft
from models.exact import Integers
from models.items import FILLED, OPEN, ORDER, PLACED, SLIM, Items
from models.option import Paths
from models.plan import REDEPLOY, Decision
from models.prepared import Prepared

NOT_DONE = -2  # no stage is called so


def without_the_past(problem: Prepared, done: Draft, stages: int) -> Prepared:
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
    given: dict[tuple[int, int, int], int] = {}
    for row in done.decisions:
        stage = scenario.stage_of(row.year) if row.year else 0
        for unit, kind, amount in _amounts(row, at, steps):
            given[unit, stage, kind] = given.get((unit, stage, kind), 0) + amount
    upper = items.upper.copy()
    for item in np.flatnonzero((items.stage < stages) & (items.kind != OPEN)).tolist():
        key = (int(items.unit[item]), int(items.stage[item]), int(items.kind[item]))
        upper[item] = min(int(upper[item]), given.get(key, 0))
    return upper


def _amounts(row: Decision, at: Mapping[str, int], steps: Integers) -> Iterator[tuple[int, int, int]]:
    """(unit, kind of item, how much) of a decision that is an amount; a move is one at both its ends."""
    if row.fate == "slim":
        yield at[row.unit_id], SLIM, row.posts_slimmed
    elif row.fate == "order":
        yield at[row.unit_id], ORDER, row.orders_mvnd // max(1, int(steps[at[row.unit_id]]))
    elif row.fate == REDEPLOY:
        yield at[row.unit_id], PLACED, row.people_redeployed
        yield at[row.receiver_id], FILLED, row.people_redeployed
