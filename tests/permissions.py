"""Who may merge, who hosts, who takes over, and what is forced: a scenario read one unit at a time.

Written from the documentation, apart from the listing, which decides the same over whole tables.
"""

from collections.abc import Iterator, Sequence
from itertools import combinations, takewhile
from math import asin, cos, radians, sin, sqrt

from models.scenario import Merging, Scenario
from models.schema import Where
from models.unit import Units


class Permissions:
    """What a scenario permits its units, alone and together."""

    def __init__(self, scenario: Scenario, units: Units) -> None:
        self.scenario, self.units = scenario, units

    def groups(self) -> Iterator[tuple[Merging, tuple[int, ...]]]:
        """Sets of units that a block lets become one, whole places, and what else pins ask for."""
        known: set[tuple[int, ...]] = set()
        for block in self.scenario.merging:
            listed: set[tuple[int, ...]] = set()
            for size in range(2, block.max_members + 1):
                for group in combinations(range(len(self.units)), size):
                    if all(self.decides(one, other) is block for one, other in combinations(group, 2)):
                        listed.add(group)
            if block.whole:
                listed |= {group for group in self._places(block) if len(group) > 1}
            yield from ((block, group) for group in sorted(listed))
            known |= listed
        yield from ((Merging(), group) for group in self.pinned_groups() if group not in known)

    def decides(self, one: int, other: int) -> Merging | None:
        """The block that lets two units merge: the first that names the pair, if place, function and distance fit."""
        for block in self.scenario.merging:
            if self._names(block, one, other) and all(self._alike(c, one, other) for c in block.same):
                return block if self._fits(block, one, other) else None
        return None

    def _names(self, block: Merging, one: int, other: int) -> bool:
        return (self._left(block, one) and self._right(block, other)) or (
            self._left(block, other) and self._right(block, one)
        )

    def _left(self, block: Merging, unit: int) -> bool:
        kind, sector = self.text(unit, "kind"), self.text(unit, "sector")
        fits = (not block.kinds or kind in block.kinds) and (not block.sectors or sector in block.sectors)
        return fits and self.may("merge", unit)

    def _right(self, block: Merging, unit: int) -> bool:
        if not block.partners:
            return self._left(block, unit)
        return self.text(unit, "kind") in block.partners and self.may("merge", unit)

    def _fits(self, block: Merging, one: int, other: int) -> bool:
        if not self._same_place(block, one, other):
            return False
        apart = {self.text(one, "area"), self.text(other, "area")}
        if len(apart) > 1 and apart & set(block.separate):
            return False
        if not block.mixed_functions and not self._alike("function", one, other):
            return False
        return block.max_km is None or self.metres(one, other) <= block.max_km * 1000

    def _same_place(self, block: Merging, one: int, other: int) -> bool:
        columns = {"commune": ("commune", "district"), "area": ("area",), "parent": ("parent",), "province": ()}
        return all(self._alike(column, one, other) for column in columns[block.within])

    def _places(self, block: Merging) -> set[tuple[int, ...]]:
        """All units of a place that the block names, of one function and area where that matters."""
        named = [u for u in range(len(self.units)) if self._left(block, u) or self._right(block, u)]
        alike = (*block.same, *(("area",) if block.separate else ()))
        alike = alike if block.mixed_functions else (*alike, "function")

        def together(one: int, other: int) -> bool:
            return self._same_place(block, one, other) and all(self._alike(c, one, other) for c in alike)

        places = {tuple(other for other in named if together(unit, other)) for unit in named}
        return {place for place in places if not any(self._named_before(block, *two) for two in combinations(place, 2))}

    def _named_before(self, block: Merging, one: int, other: int) -> bool:
        """Whether an earlier block decides about the pair."""
        earlier = takewhile(lambda before: before is not block, self.scenario.merging)
        return any(self._names(b, one, other) and all(self._alike(c, one, other) for c in b.same) for b in earlier)

    def pinned_groups(self) -> list[tuple[int, ...]]:
        """Units tied together by pins, directly or over others."""
        groups: list[set[int]] = []
        for pin in self.scenario.pins:
            host = (pin.host,) if pin.fate == "merge" and pin.host is not None else ()
            if pin.unit is not None and {*pin.merge_with, *host} - {pin.unit}:
                mine = {self.units.positions[unit] for unit in (pin.unit, *pin.merge_with, *host)}
                touched = [group for group in groups if group & mine]
                groups = [group for group in groups if not group & mine] + [mine.union(*touched)]
        return [tuple(sorted(group)) for group in groups]

    def host_of(self, block: Merging, group: Sequence[int]) -> int | None:
        """A host pinned for a member, else by the block, then the largest; never one rated not completed."""

        def order(unit: int) -> tuple[int, int, int, int]:
            posts = self.figure(unit, "posts_budget") + self.figure(unit, "posts_own")
            wanted = {
                "largest": -posts,
                "highest_level": self.scenario.terms.levels.index(self.text(unit, "level")),
                "most_autonomous": self.figure(unit, "autonomy_group"),
            }[block.host]
            return (0, 0, 0, unit) if unit in decided else (1, wanted, -posts, unit)

        here = {self.units.ids[unit] for unit in group}
        named = {pin.host for pin in self.scenario.pins if pin.unit in here}
        decided = {unit for unit in group if self.units.ids[unit] in named}
        able = [unit for unit in group if self.text(unit, "performance") != "not_completed"]
        return min(able, key=order, default=None)

    def leaving(self) -> dict[int, list[int]]:
        """By receiver, the units that have a ground to end."""
        found: dict[int, list[int]] = {}
        for unit in range(len(self.units)):
            receiver = self.receiver(unit)
            if receiver is not None and self._ground(unit):
                found.setdefault(receiver, []).append(unit)
        return found

    def _ground(self, unit: int) -> bool:
        years = self.scenario.dissolution.ineffective_years or 1000
        stated = self.figure(unit, "ineffective_years") >= years or self.text(unit, "dissolution_ground") != ""
        pins = [pin for pin in self.scenario.pins if pin.fate == "dissolve" and pin.reason]
        return stated or any(self._pinned(pin.unit, pin.scope, unit) for pin in pins)

    def receiver(self, unit: int) -> int | None:
        """The unit that is named, else the nearest that could merge with it; the checker judges its rating."""
        named = self.text(unit, "receiver")
        if named:
            return self.units.positions[named]
        able = [u for u in range(len(self.units)) if u != unit and self.text(u, "performance") != "not_completed"]
        partners = [other for other in able if self.decides(unit, other) is not None]
        return min(partners, key=lambda other: (self.metres(unit, other), other), default=None)

    def metres(self, one: int, other: int) -> int:
        """Straight over the globe, times the road factor, in whole metres."""
        (lat1, lon1), (lat2, lon2) = (map(radians, self.units.degrees[unit].tolist()) for unit in (one, other))
        half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
        return round(2 * 6_371_000 * asin(sqrt(half)) * float(self.scenario.savings.road_factor))

    def forced(self, fate: str, unit: int) -> bool:
        """Whether a pin, or a full equitization target, leaves a single unit no other end."""
        if any(pin.fate == fate and self._pinned(pin.unit, pin.scope, unit) for pin in self.scenario.pins):
            return True
        full = [r for r in self.scenario.rules if r.rule == "equitization" and r.at_least_percent == 100]
        return fate == "equitize" and any(
            self._fits_where(unit, r.scope) and self._eligible(unit, r.year) for r in full
        )

    def _pinned(self, id_: str | None, scope: Where | None, unit: int) -> bool:
        return self.units.ids[unit] == id_ if id_ is not None else self._fits_where(unit, scope or {})

    def _eligible(self, unit: int, year: int) -> bool:
        outside = ("education", "vocational", "health", "science", "culture_sport", "information")
        land = self.figure(unit, "land_plan_approved")
        return (
            self.text(unit, "sector") not in outside
            and self.text(unit, "kind") != "notary_office"
            and self.figure(unit, "autonomy_group") in (1, 2)
            and self.figure(unit, "equitization_listed") == 1
            and (land == 1 or 1 < land <= year)
            and self.figure(unit, "state_capital_mvnd") > 0
        )

    def order_step(self, unit: int) -> int:
        """The least order that moves one post's share of spending and pays for that post."""
        posts = self.figure(unit, "posts_budget") + self.figure(unit, "posts_own")
        pay = (12 * self.figure(unit, "avg_pay_vnd_month") + 500_000) // 1_000_000
        return max(-(-self.figure(unit, "recurrent_mvnd") // posts), pay, 1)

    def may(self, action: str, unit: int) -> bool:
        """What [actions] lets a unit do, and what people have decided for it; one that is yet to come does nothing."""
        if self.year_of_creation(unit) or (action in ("equitize", "convert", "dissolve") and self._is_split(unit)):
            return False
        if any(pin.fate == action and self._pinned(pin.unit, pin.scope, unit) for pin in self.scenario.pins):
            return True
        permission = self.scenario.actions.get(action, False)  # type: ignore[call-overload]
        return permission if isinstance(permission, bool) else self._fits_where(unit, permission)

    def _is_split(self, unit: int) -> bool:
        return any(pin.fate == "split" and pin.unit == self.units.ids[unit] for pin in self.scenario.pins)

    def year_of_creation(self, unit: int) -> int:
        """From which year a planned unit stands; 0 for units of today."""
        return int(self.text(unit, "planned")[:4] or 0)

    def _fits_where(self, unit: int, where: Where) -> bool:
        for key, values in where.items():
            column = key.removesuffix("_not")
            label = self.units.ids[unit] if column == "unit" else str(self.units.labels(column)[unit])
            if (label in values) == key.endswith("_not"):
                return False
        return True

    def _alike(self, column: str, one: int, other: int) -> bool:
        return bool(self.units.labels(column)[one] == self.units.labels(column)[other])

    def text(self, unit: int, column: str) -> str:
        return str(self.units.text(column)[unit])

    def figure(self, unit: int, column: str) -> int:
        return int(self.units.figure(column)[unit])
