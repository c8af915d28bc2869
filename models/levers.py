"""What each unit could give: pay, posts that a merger saves, posts that may lapse, grants that may become orders.

One row per unit of today, before any decision; successors and items read it.
"""

from dataclasses import dataclass
from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from models.exact import Integers, share_half_up
from models.pinned import pinned_units
from models.scenario import Scenario
from models.staffing import UNKNOWN, norm_posts
from models.standing import ENDINGS, splits
from models.unit import Units
from models.unit_shares import first_match


@dataclass(frozen=True, eq=False)
class Levers:
    """pay_year_mvnd: (n) a post's pay a year; administration: (n) posts that are not teaching, healing or the like;
    saved_closed, saved_branch: (n) posts saved per absorbed unit in units of 1/saved_scale, where no norm decides;
    norm_posts: (stages, n) posts that the norms give the unit, UNKNOWN without a norm; slim_cap: (stages, n)
    posts that may lapse by the stage, none sooner than people leave; order_step: (n) the least order that moves one
    post; order_cap: (n) steps that the grant and the revenue leave room for; order_moves: (n) 1 where an order moves
    budget-paid posts to own revenue (units that must pay a part of their spending: group 3).
    """

    pay_year_mvnd: Integers
    administration: Integers
    saved_closed: Integers
    saved_branch: Integers
    saved_scale: int
    norm_posts: tuple[Integers, ...]
    slim_cap: tuple[Integers, ...]
    order_step: Integers
    order_cap: Integers
    order_moves: Integers


def levers_of(scenario: Scenario, units: Units) -> Levers:
    pay = share_half_up(units.figure("avg_pay_vnd_month"), Fraction(12, 10**6))
    administration = sum(units.figure(name) for name in scenario.terms.administrative_columns)
    closed = first_match(units, scenario.savings.posts, lambda entry: entry.per_absorbed_unit)
    branch = first_match(
        units, scenario.savings.posts, lambda entry: entry.per_absorbed_unit * entry.branch_percent / 100
    )
    scale = lcm(closed.scale, branch.scale)
    norms = tuple(norm_posts(scenario, units, stage) for stage in range(len(scenario.stages)))
    slim = _slim_caps(scenario, units, pay, norms)
    step = _order_steps(units, pay)
    return Levers(
        pay_year_mvnd=pay,
        administration=np.asarray(administration, dtype=np.int64),
        saved_closed=closed.parts(scale),
        saved_branch=branch.parts(scale),
        saved_scale=scale,
        norm_posts=norms,
        slim_cap=slim,
        order_step=step,
        order_cap=_order_caps(scenario, units, step, slim[-1], pay),
        order_moves=_moving(scenario, units).astype(np.int64),
    )


def allowed(scenario: Scenario, units: Units, action: str) -> NDArray[np.bool_]:
    """Units that may take an action: those that [actions] lets, and those for which people have decided it.

    An action that is absent is forbidden. Planned units only come to stand: what becomes of them is decided with a
    table in which they do; and a unit that others are to be split off from neither leaves nor ends.
    """
    permission = scenario.actions.get(action, False)  # type: ignore[call-overload]
    free = np.full(len(units), permission) if isinstance(permission, bool) else units.matches(permission)
    for pin in scenario.pins:
        if pin.fate == action:
            free |= pinned_units(units, pin)
    if action in ENDINGS:
        free[[source for source, _ in splits(scenario, units)]] = False
    return free & ~units.planned


def _slim_caps(scenario: Scenario, units: Units, pay: Integers, norms: tuple[Integers, ...]) -> tuple[Integers, ...]:
    """Vacancies and lapsing retirees by each stage, within budget-paid posts and grant, never below the norm.

    Where a unit has no norm, within the percentage.
    """
    permitted = allowed(scenario, units, "slim")
    percent = first_match(units, scenario.staffing.slimming, lambda entry: entry.at_most_percent)
    lapse = first_match(units, scenario.staffing.slimming, lambda entry: entry.retirees_lapse_percent)
    budget, present = units.figure("posts_budget"), units.figure("present_budget")
    posts = budget + units.figure("posts_own")
    ceiling = percent.percent_of(posts)
    paid = units.figure("state_grant_mvnd") // np.maximum(pay, 1)
    caps = []
    for stage, norm in zip(scenario.stages, norms, strict=True):
        leaving = units.retiring_by(stage.year)
        lapsing = lapse.percent_of(leaving)
        free = np.maximum(budget - present, 0) + lapsing
        most = np.where(norm == UNKNOWN, ceiling, np.maximum(posts - norm, 0))
        caps.append(np.where(permitted, np.minimum.reduce([most, free, budget, paid]), 0).astype(np.int64))
    return tuple(caps)


def _order_steps(units: Units, pay: Integers) -> Integers:
    """The least order that lifts the rate by one post's share of recurrent spending, and pays for that post."""
    posts = units.figure("posts_budget") + units.figure("posts_own")
    recurrent = units.figure("recurrent_mvnd")
    step: Integers = np.maximum.reduce([-(-recurrent // np.maximum(posts, 1)), pay, np.ones_like(pay)])
    return step


def _order_caps(scenario: Scenario, units: Units, step: Integers, slim: Integers, pay: Integers) -> Integers:
    """Steps within the orderable part, the grant that slimming leaves, and a rate that stays below 100%."""
    grant_left = units.figure("state_grant_mvnd") - slim * pay
    below_edge = units.figure("recurrent_mvnd") - slim * pay - units.figure("revenue_mvnd") - 1
    room = np.minimum.reduce([units.figure("orderable_mvnd"), grant_left, below_edge])
    paying = np.isin(units.figure("autonomy_group"), scenario.terms.self_financing)
    permitted = allowed(scenario, units, "order") & ~paying
    steps = np.maximum(room, 0) // step
    moving = np.minimum(steps, np.maximum(units.figure("posts_budget") - slim, 0))
    return np.where(permitted, np.where(_moving(scenario, units), moving, steps), 0)


def _moving(scenario: Scenario, units: Units) -> NDArray[np.bool_]:
    """Units in which an order moves posts to own revenue."""
    return np.isin(units.figure("autonomy_group"), scenario.terms.partly_financing)
