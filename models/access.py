"""How much further users go when sites close: by commune and group of users, from decisions alone."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.distance import metres_between
from models.plan import Plan

EVERYWHERE = ""


@dataclass(frozen=True)
class AccessLoss:
    """Users of one group whose unit's sites are closed by the end of a stage's year, in a commune or everywhere ("").

    users: of all units of the group there; users_further: those whose unit closed its sites; user_m: metres that they
    go further together; mean_m: metres over all users, rounded up; farthest_m: the furthest that one of them goes;
    worst: no commune and group has a larger mean that year.
    """

    year: int
    commune: str
    user_group: str
    users: int
    users_further: int
    user_m: int
    mean_m: int
    farthest_m: int
    worst: bool


@dataclass
class _Sum:
    further: int = 0
    travel: int = 0
    farthest: int = 0

    def add(self, users: int, metres: int) -> None:
        self.further += users
        self.travel += users * metres
        self.farthest = max(self.farthest, metres)


def access_of(plan: Plan) -> tuple[AccessLoss, ...]:
    """Per stage's year every commune and group of users that goes further, and every such group over all communes."""
    closings = list(_closings(plan))
    return tuple(loss for stage in plan.scenario.stages for loss in _by(plan, stage.year, closings))


def _closings(plan: Plan) -> Iterator[tuple[int, int, int]]:
    """(unit, year, metres to its host) of every unit that joins another and whose sites close."""
    degrees, at = plan.units.degrees, plan.units.positions
    for row in plan.decisions:
        if row.joined and row.year is not None and (row.site == "closed" or row.fate == "dissolve"):
            unit, host = at[row.unit_id], at[row.joined]
            here, there = degrees[unit : unit + 1], degrees[host : host + 1]
            yield unit, row.year, int(metres_between(here, there, plan.scenario.savings.road_factor)[0])


def _by(plan: Plan, year: int, closings: list[tuple[int, int, int]]) -> list[AccessLoss]:
    users = plan.standing[-1].figure("users").tolist()
    groups = list(map(str, plan.units.text(plan.scenario.objective.user_groups)))
    places = list(map(str, plan.units.text("commune")))
    whole: dict[tuple[str, str], int] = {}
    sums: dict[tuple[str, str], _Sum] = {}
    for unit, (place, group) in enumerate(zip(places, groups, strict=True)):
        for label in ((place, group), (EVERYWHERE, group)):
            whole[label] = whole.get(label, 0) + users[unit]
    for unit, when, metres in closings:
        if when <= year and users[unit]:
            for label in ((places[unit], groups[unit]), (EVERYWHERE, groups[unit])):
                sums.setdefault(label, _Sum()).add(users[unit], metres)
    means = {label: -(-one.travel // whole[label]) for label, one in sums.items()}
    worst = max((mean for (place, _), mean in means.items() if place != EVERYWHERE), default=0)
    return [
        AccessLoss(
            year, *label, whole[label], one.further, one.travel, means[label], one.farthest,
            worst=label[0] != EVERYWHERE and means[label] == worst > 0,
        )
        for label, one in sorted(sums.items())
    ]  # fmt: skip
