"""Why decisions cannot be carried out: what nobody permits, pays for or has room for, and rows that nothing settles."""

from collections.abc import Iterable

from models.equitization import conditions
from models.pinned import labels_after
from models.plan import Decision
from models.problem import Problem
from models.recount import Group, Recount
from models.recount_group import GroupRecount
from models.recount_rooms import rooms_of_group
from models.recount_successor import group_successor
from models.scenario import Scenario
from models.unit import Units


def unsettled(scenario: Scenario, units: Units, decisions: Iterable[Decision]) -> list[Problem]:
    """New units and transfers that the table and the pins do not settle: a row alone would be read and ignored."""
    book, found = Recount(scenario, units), []
    for row in decisions:
        unit, fate = units.positions[row.unit_id], row.fate
        if fate == "transfer" and not any(p.fate == "transfer" and book.named_by(p, unit) for p in scenario.pins):
            found.append(Problem(row.unit_id, "check.transfer_not_pinned"))
        if fate in ("create", "split") and row.year not in book.years_of(unit, fate):
            found.append(Problem(row.unit_id, "check.not_created", {"fate": fate, "year": str(row.year)}))
    return found


def refusals_of(recount: GroupRecount) -> list[Problem]:
    """Steps that the scenario does not permit or that nobody could pay for."""
    book, group = recount.book, recount.group
    host = book.units.ids[group.host]
    found: list[Problem] = []
    if group.joinings and book.units.text("performance")[group.host] == "not_completed":
        found.append(Problem(host, "check.host_not_completed"))
    for joining in group.joinings:
        action = "dissolve" if joining.dissolved else "merge"
        found += _forbidden(recount, joining.unit, action)
        found += _groundless(recount, joining.unit) if joining.dissolved else []
    found += _forbidden(recount, group.host, "merge") if any(not j.dissolved for j in group.joinings) else []
    if group.raised is not None:
        found += _forbidden(recount, group.host, "raise")
        found += _unpaid_raise(recount)
    if group.leaves is not None:
        found += _forbidden(recount, group.host, group.exit)
        found += _ineligible(recount) if group.exit == "equitize" else []
    return found + _beyond_room(recount)


def _groundless(recount: GroupRecount, unit: int) -> list[Problem]:
    """A unit is dissolved only on a ground: its ineffective years, one in the table, or a pin with its reason."""
    book = recount.book
    stated = book.scenario.dissolution.by_years(book.of(unit, "ineffective_years"))
    stated |= book.units.text("dissolution_ground")[unit] != ""
    decided = any(p.fate == "dissolve" and p.reason and book.named_by(p, unit) for p in book.scenario.pins)
    return [] if stated or decided else [Problem(book.units.ids[unit], "check.no_ground")]


def _forbidden(recount: GroupRecount, unit: int, action: str) -> list[Problem]:
    id_, pins = recount.book.units.ids[unit], recount.book.scenario.pins
    pinned = any(pin.fate == action and recount.book.named_by(pin, unit) for pin in pins)
    pinned |= action == "merge" and any(pin.merge_with and id_ in (pin.unit, *pin.merge_with) for pin in pins)
    if recount.book.may(unit, action) or pinned:
        return []
    return [Problem(id_, "check.action_forbidden", {"action": action})]


def _unpaid_raise(recount: GroupRecount) -> list[Problem]:
    host = recount.book.units.ids[recount.group.host]
    short = max(now["fees_mvnd"] - now["fee_room_mvnd"] for now in recount.stages)
    if short > 0:
        return [Problem(host, "check.raise_not_paid", {"short": short})]
    assert recount.group.raised is not None
    needed = tuple(max(now[name] for now in recount.stages) for name in ("new_orders_mvnd", "fees_mvnd"))
    if any(recount.group.stated) and recount.group.stated != needed:
        facts = {"stated": " + ".join(map(str, recount.group.stated)), "needed": " + ".join(map(str, needed))}
        return [Problem(host, "check.raise_figures", facts)]
    now = recount.stages[recount.group.raised]
    lifted = now["raised"] and now["autonomy_group"] in recount.book.scenario.terms.self_financing
    return [] if lifted else [Problem(host, "check.raise_idle")]


def _ineligible(recount: GroupRecount) -> list[Problem]:
    group, book = recount.group, recount.book
    assert group.leaves is not None
    terms = book.scenario.terms
    met = conditions(terms, book.units, book.scenario.stages[group.leaves].year)
    earlier = recount.stages[group.leaves - 1]["autonomy_group"] in terms.self_financing if group.leaves else False
    missing = [name for name, holds in met.items() if not holds[group.host]]
    if missing == ["self_financing"] and earlier:
        missing = []
    if group.joinings or missing:
        facts = {"missing": ", ".join(missing) or "merged"}
        return [Problem(book.units.ids[group.host], "check.not_eligible", facts)]
    return []


def _beyond_room(recount: GroupRecount) -> list[Problem]:
    """Amounts, cumulated over the stages, against what the group leaves room for."""
    book, group, stages = recount.book, recount.group, range(len(recount.stages))
    if not group.slimmed and not group.ordered:
        return []
    rooms = rooms_of_group(recount, [_least_posts(recount, stage) for stage in stages], _elsewhere(recount))
    found = []
    for unit in group.members:
        name = book.units.ids[unit]
        for stage in stages:
            slim = sum(group.slimmed.get((unit, s), 0) for s in range(stage + 1))
            orders = [group.ordered.get((unit, s), 0) for s in range(stage + 1)]
            step = book.order_step(unit)
            if slim > rooms.slim[stage][unit]:
                facts = {"slimmed": slim, "room": rooms.slim[stage][unit]}
                found.append(Problem(name, "check.slim_beyond_room", facts))
            if sum(orders) > rooms.order[stage][unit] * step or any(order % step for order in orders):
                facts = {"ordered": sum(orders), "room": rooms.order[stage][unit] * step, "step": step}
                found.append(Problem(name, "check.order_beyond_room", facts))
    return found


def _least_posts(recount: GroupRecount, stage: int) -> dict[int, int]:
    """By the host for the group, and by each later member for itself: the largest size floor among structure rules."""
    alone = [unit for unit in recount.group.members if unit not in recount.active(stage)]
    waiting = {unit: _least_of(GroupRecount(recount.book, Group(host=unit)), stage) for unit in alone}
    return {recount.group.host: _least_of(recount, stage), **waiting}


def _least_of(recount: GroupRecount, stage: int) -> int:
    book, successor = recount.book, group_successor(recount, stage)
    floors = [
        rule.at_least or 0
        for rule in book.scenario.rules
        if rule.rule == "structure" and rule.measured in ("posts", "staff")
        if book.undecided.in_scope(successor, rule.scope)
    ]
    return max(floors, default=0)


def _elsewhere(recount: GroupRecount) -> set[int]:
    """Members whose successor some rule counts under another label than themselves."""
    book, scenario = recount.book, recount.book.scenario
    used = {name for rule in scenario.demands for name in rule.columns_of_amounts} - {"unit"}
    found = set()
    for stage in range(len(recount.stages)):
        successor = group_successor(recount, stage)
        labels = {column: book.undecided.label_of(successor, column) for column in used}
        found |= {
            unit
            for unit in recount.active(stage)
            if any(str(labels_after(scenario, book.units, c, stage)[unit]) != label for c, label in labels.items())
        }
    return found
