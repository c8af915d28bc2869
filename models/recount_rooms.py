"""The second copy of the room for amounts: how many posts a group's members may slim and how many steps order."""

from collections.abc import Mapping
from dataclasses import dataclass

from models.recount_group import GroupRecount


@dataclass(frozen=True)
class RoomRecount:
    """slim, order: per stage, unit -> the most posts slimmed and steps ordered by then."""

    slim: tuple[Mapping[int, int], ...]
    order: tuple[Mapping[int, int], ...]


def rooms_of_group(recount: GroupRecount, least: list[Mapping[int, int]], elsewhere: set[int]) -> RoomRecount:
    """Room of every member.

    least: per stage, unit -> posts to keep (the host: of its group); elsewhere: members that a rule counts elsewhere.
    """
    group, stages = recount.group, range(len(recount.stages))
    paying = recount.book.scenario.terms.self_financing
    dead = group.leaves is not None or any(now["autonomy_group"] in paying for now in recount.stages)
    closed_to = elsewhere | {j.unit for j in group.joinings if j.dissolved}
    slims, orders = [], []
    for stage in stages:
        slim = _slim(recount, stage, least[stage])
        slim = {unit: 0 if dead or unit in closed_to else room for unit, room in slim.items()}
        order = _order(recount, stage, slim)
        slims.append(slim)
        orders.append({unit: 0 if dead or unit in closed_to else room for unit, room in order.items()})
    return RoomRecount(tuple(slims), tuple(orders))


def _use_up(room: dict[int, int], members: list[int], amount: int) -> dict[int, int]:
    """Take an amount from the first members on."""
    left = dict(room)
    for unit in members:
        taken = min(left[unit], amount)
        left[unit] -= taken
        amount -= taken
    return left


def _slim(recount: GroupRecount, stage: int, least: Mapping[int, int]) -> dict[int, int]:
    book, now, members = recount.book, recount.stages[stage], recount.active(stage)
    room = {unit: book.slim_cap(unit, stage) for unit in recount.group.members}
    room = _use_up(room, members, now["saved_posts"])
    for unit in set(room) - set(members):
        room[unit] = min(room[unit], max(book.posts(unit) - least[unit], 0))
    kept = max(least[recount.group.host], now["least_posts"])
    over = sum(room[unit] for unit in members) - max(now["posts_budget"] + now["posts_own"] - kept, 0)
    return _use_up(room, members, max(over, 0))


def _order(recount: GroupRecount, stage: int, slim: Mapping[int, int]) -> dict[int, int]:
    book, now, members = recount.book, recount.stages[stage], recount.active(stage)
    room = {unit: book.order_cap(unit) for unit in recount.group.members}
    if recount.changed(stage):
        room |= {unit: _merged_order(recount, unit) for unit in members}
    placed = sum(room[unit] * book.order_step(unit) for unit in members)
    paid = sum(slim[unit] * book.pay_year(unit) for unit in members)
    moved = sum(room[unit] * book.order_moves(unit) + slim[unit] for unit in members)
    fits = (
        placed + paid <= now["state_grant_mvnd"]
        and moved <= now["posts_budget"]
        and placed < now["recurrent_mvnd"] - paid - now["revenue_mvnd"]
    )
    return room if fits else room | dict.fromkeys(members, 0)


def _merged_order(recount: GroupRecount, unit: int) -> int:
    """Steps of a merged unit's member after its administration and its slimming are set aside."""
    book = recount.book
    aside = book.slim_cap(unit, len(recount.stages) - 1) + book.administration(unit)
    money = book.of(unit, "state_grant_mvnd") - aside * book.pay_year(unit) - book.of(unit, "site_cost_mvnd")
    cap = book.order_cap(unit)
    steps = min(cap, money // book.order_step(unit))
    if book.order_moves(unit):
        steps = min(steps, book.of(unit, "posts_budget") - aside)
    return max(steps, 0)
