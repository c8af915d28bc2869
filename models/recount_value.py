"""The second copy of criteria and score, one group and one amount at a time.

Written apart from objective on purpose: the checker compares the two.
"""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil

from models.exact import round_half_up
from models.figures import CRITERIA, PEAKS
from models.recount import Recount
from models.recount_group import GroupRecount
from models.unit import RATINGS


def value_of(recounts: Sequence[GroupRecount]) -> tuple[dict[str, int], int]:
    """The criteria of a whole plan and its score, each rounded once per group, item, criterion and year."""
    if not recounts:
        return dict.fromkeys(CRITERIA, 0), 0
    prices = recounts[0].book.scenario.objective
    criteria = dict.fromkeys(CRITERIA, 0) | {"worst_commune_m": _worst_commune(recounts)}
    criteria["most_touched_permille"] = _most_touched(recounts)
    score = sum(criteria[name] * getattr(prices, name) for name in PEAKS)
    for recount in recounts:
        for amounts, steps in ((_group_criteria(recount), 1), *_item_criteria(recount)):
            for name, amount in amounts.items():
                price: Fraction = getattr(prices, name)
                criteria[name] += steps * amount
                score += steps * round_half_up(amount * (-price if name == "state_saving" else price))
    return criteria, score


def _group_criteria(recount: GroupRecount) -> dict[str, int]:
    book, group, scenario = recount.book, recount.group, recount.book.scenario
    last = recount.stages[-1]
    travel = sum(book.of(j.unit, "users") * book.metres(j, group.host) for j in group.joinings if j.closed)
    moved = sum(
        book.staff(j.unit) if j.closed else min(book.staff(j.unit), book.administration(j.unit)) for j in group.joinings
    )
    alone = int(group.raised is not None or group.leaves is not None)
    saving = fees = 0
    for year in scenario.years:
        saving += _discounted(book, year, _saving(recount, year)) - _handled(recount, year)
        stage = scenario.stage_in_force(year)
        assert stage is not None
        fees += _discounted(book, year, recount.stages[stage]["fees_mvnd"])
    return {
        "state_saving": saving,
        "staff_moved": moved,
        "surplus_leaders": last["surplus_leaders"] if recount.public(len(recount.stages) - 1) else 0,
        "access_user_km": round_half_up(Fraction(travel, 1000)),
        "units_touched": len(group.members) if group.joinings else alone,
        "fee_burden": fees,
        "rating_steps_lost": sum(max(_class(book, group.host) - _class(book, j.unit), 0) for j in group.joinings),
    }


def _class(book: Recount, unit: int) -> int:
    """The rating of a unit: 0 the best."""
    return RATINGS.index(str(book.units.text("performance")[unit]))


def _worst_commune(recounts: Sequence[GroupRecount]) -> int:
    """The most metres that the users of one commune and sector (or kind) go further on average, rounded up."""
    book = recounts[0].book
    column = book.scenario.objective.user_groups
    further: dict[tuple[str, str], int] = {}
    users: dict[tuple[str, str], int] = {}
    places = list(zip(map(str, book.units.text("commune")), map(str, book.units.text(column)), strict=True))
    for unit, place in enumerate(places):
        users[place] = users.get(place, 0) + book.of(unit, "users")
    for recount in recounts:
        for joining in (joining for joining in recount.group.joinings if joining.closed):
            travel = book.of(joining.unit, "users") * book.metres(joining, recount.group.host)
            further[places[joining.unit]] = further.get(places[joining.unit], 0) + travel
    return max((ceil(Fraction(travel, users[place])) for place, travel in further.items() if travel), default=0)


def _most_touched(recounts: Sequence[GroupRecount]) -> int:
    """The largest share of one area's units, or of their people, in a structural decision: per thousand, rounded up."""
    book = recounts[0].book
    objective, areas = book.scenario.objective, list(map(str, book.units.labels(book.scenario.objective.touched_per)))
    touched: dict[str, int] = {}
    all_: dict[str, int] = {}
    for recount in recounts:
        group = recount.group
        moved = bool(group.joinings) or group.raised is not None or group.leaves is not None
        for unit in group.members:
            counted = int(book.units.staff[unit]) if objective.touched == "people" else 1
            counted *= not book.units.planned[unit]
            all_[areas[unit]] = all_.get(areas[unit], 0) + counted
            touched[areas[unit]] = touched.get(areas[unit], 0) + counted * moved
    return max((ceil(Fraction(1000 * part, all_[area])) for area, part in touched.items() if part), default=0)


def _saving(recount: GroupRecount, year: int) -> int:
    """State outlay before less after in a calendar year, one-off costs taken off."""
    book, scenario = recount.book, recount.book.scenario
    stage = scenario.stage_in_force(year)
    assert stage is not None
    now = recount.stages[stage]
    outlay = now["orders_mvnd"]
    if recount.public(stage):
        outlay += now["state_grant_mvnd"] + recount.late(year)
    outlay += sum(book.outlay(j.unit, stage) for j in recount.group.joinings if j.stage > stage)
    for stage, deadline in enumerate(scenario.stages):
        if deadline.effect == year:  # whom a vacancy elsewhere spares severance is an amount of its own
            outlay += recount.one_off(stage) + recount.stages[stage]["spared_state_mvnd"]
    return sum(book.outlay(unit) for unit in recount.group.members) - outlay


def _item_criteria(recount: GroupRecount) -> list[tuple[dict[str, int], int]]:
    """Per kind of amount: the criteria of one step, and how many steps."""
    book, group, scenario = recount.book, recount.group, recount.book.scenario
    found = []
    for (unit, stage), posts in group.slimmed.items():
        worth = book.worth(scenario.stages[stage].effect)
        pay = round_half_up(book.pay_year(unit) * worth)
        work = round_half_up(book.pay_year(unit) * book.work_weight(unit, stage) * worth)
        found.append(({"state_saving": pay, "work_lost": work}, posts))
    for (unit, stage), amount in group.ordered.items():
        effect, step = scenario.stages[stage].effect, book.order_step(unit)
        share = scenario.savings.order_handling_percent / 100
        handling = round_half_up(step * share * book.worth(effect))
        found.append(({"state_saving": -handling}, amount // step))
        opening = _discounted(book, effect, scenario.savings.order_setup_mvnd)
        found.append(({"state_saving": -opening}, int(amount > 0)))
    for now, deadline in zip(recount.stages, scenario.stages, strict=True):
        spared = _discounted(book, deadline.effect, now["spared_state_mvnd"])
        found.append(({"state_saving": spared}, int(spared > 0)))
    return found


def _handled(recount: GroupRecount, year: int) -> int:
    """The handling of a raise's new orders in a calendar year, discounted."""
    scenario = recount.book.scenario
    stage = scenario.stage_in_force(year)
    assert stage is not None
    share = scenario.savings.order_handling_percent / 100
    return round_half_up(recount.stages[stage]["new_orders_mvnd"] * share * recount.book.factor(year))


def _discounted(book: Recount, year: int, amount: int) -> int:
    return round_half_up(amount * book.factor(year))
