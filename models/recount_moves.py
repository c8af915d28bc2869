"""The second copy of moves: whom hosts send to vacancies of their kind, who takes them in, and what forbids it.

Written apart from moves on purpose, one row of decisions at a time.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from models.distance import metres_between
from models.pinned import labels_after
from models.plan import REDEPLOY, Decision
from models.problem import Problem
from models.recount import Group, Recount
from models.recount_group import GroupRecount
from models.scenario import Scenario
from models.unit import Units


def with_moves(scenario: Scenario, units: Units, groups: Sequence[Group], decisions: Iterable[Decision]) -> list[Group]:
    """The groups with the people whom they send elsewhere and those whom they take in."""
    sent: Counter[tuple[int, int]] = Counter()
    taken: Counter[tuple[int, int]] = Counter()
    for row in _moves(decisions):
        assert row.year is not None, "the reader of decisions requires the year of a step"
        stage = scenario.stage_of(row.year)
        sent[units.positions[row.unit_id], stage] += row.people_redeployed
        taken[units.positions[row.receiver_id], stage] += row.people_redeployed
    return [replace(group, sent=_mine(sent, group), taken=_mine(taken, group)) for group in groups]


def _mine(people: Mapping[tuple[int, int], int], group: Group) -> dict[tuple[int, int], int]:
    return {at: count for at, count in people.items() if at[0] in group.members}


def _moves(decisions: Iterable[Decision]) -> list[Decision]:
    return [row for row in decisions if row.fate == REDEPLOY]


def refused_moves(recounts: Sequence[GroupRecount], decisions: Iterable[Decision]) -> Iterator[Problem]:
    """Moves from where nobody is set free, beyond those who are, to units unlike, far, changed or without vacancies."""
    rows = _moves(decisions)
    if not rows:
        return
    book = recounts[0].book
    home = {unit: recount for recount in recounts for unit in recount.group.members}
    for row in rows:
        yield from _refused(book, home, row)
    for recount in recounts:
        yield from _more_than_leave(recount)
        yield from _more_than_vacant(recount)


def _refused(book: Recount, home: Mapping[int, GroupRecount], row: Decision) -> Iterator[Problem]:
    """What forbids one row by itself."""
    within, at = book.scenario.staffing.redeploy_km, book.units.positions
    host, taker = at[row.unit_id], at[row.receiver_id]
    if within is None:
        yield Problem(row.unit_id, "check.redeploy_not_asked")
        return
    if home[host].group.host != host or not home[host].group.joinings:
        yield Problem(row.unit_id, "check.redeploy_without_merger")
    into = home[taker].group
    if into.joinings or into.raised is not None or into.leaves is not None or book.units.planned[taker]:
        yield Problem(row.unit_id, "check.redeploy_into_changed", {"unit": row.receiver_id})
    assert row.year is not None
    stage = book.scenario.stage_of(row.year)
    labels = [labels_after(book.scenario, book.units, column, stage) for column in ("kind", "sector", "level")]
    if any(column[host] != column[taker] for column in labels):
        yield Problem(row.unit_id, "check.redeploy_unlike", {"unit": row.receiver_id})
    places = book.units.degrees[[host]], book.units.degrees[[taker]]
    metres = int(metres_between(*places, book.scenario.savings.road_factor)[0])
    if metres > 1000 * within:
        facts = {"unit": row.receiver_id, "km": round(metres / 1000, 1), "most": float(within)}
        yield Problem(row.unit_id, "check.redeploy_too_far", facts)


def _more_than_leave(recount: GroupRecount) -> Iterator[Problem]:
    """Only those are redeployed who would otherwise be paid to leave."""
    for stage, now in enumerate(recount.stages):
        sent = sum(people for (_, when), people in recount.group.sent.items() if when == stage)
        leaving = now["severed"] + now["redeployed"]
        if sent > leaving:
            name = recount.book.units.ids[recount.group.host]
            yield Problem(name, "check.redeploy_beyond_leavers", {"sent": sent, "leaving": leaving})


def _more_than_vacant(recount: GroupRecount) -> Iterator[Problem]:
    """A vacancy is filled once, and not slimmed away as well."""
    book, group = recount.book, recount.group
    for unit in {unit for unit, _ in group.taken}:
        vacant = max(book.of(unit, "posts_budget") - book.of(unit, "present_budget"), 0)
        if (filled := sum(group.taken_by(unit, stage) for stage in range(len(recount.stages)))) > vacant:
            facts = {"filled": filled, "vacant": vacant}
            yield Problem(book.units.ids[unit], "check.redeploy_beyond_vacancies", facts)
        filled = slimmed = 0
        for stage in range(len(recount.stages)):
            filled += group.taken_by(unit, stage)
            slimmed += group.slimmed.get((unit, stage), 0)
            empty = vacant + book.lapsing(unit, stage)
            if slimmed and filled + slimmed > empty:
                facts = {"filled": filled, "slimmed": slimmed, "empty": empty}
                yield Problem(book.units.ids[unit], "check.redeploy_slimmed", facts)
