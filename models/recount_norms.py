"""The second copy of the norms: which entry speaks for one unit, and what it gives, in plain Python."""

from collections.abc import Mapping
from fractions import Fraction

from models.exact import round_half_up
from models.norms import Counted, Deputies, Divisions, Grades, Position
from models.pinned import labels_after
from models.scenario import Scenario
from models.schema import Where
from models.unit import Units

Figures = Mapping[str, int]
FOR_NORMS = (
    "posts_budget", "posts_own", "heads", "deputies", "shared_posts", "support_posts", "classes", "beds", "users",
    "sites", "buildings",
)  # fmt: skip
OTHERS: tuple[tuple[Counted, str], ...] = (("shared", "shared_posts"), ("support", "support_posts"))


class NormRecount:
    """The norms of single units; `host` is a position in the table, and its labels after the stage count."""

    def __init__(self, scenario: Scenario, units: Units) -> None:
        self.scenario, self.units, self.staffing = scenario, units, scenario.staffing
        self._known: dict[tuple[str, int], list[str]] = {}

    def deputies(self, host: int, stage: int, group: int, posts: int) -> Deputies | None:
        """The entry that says how many deputies a unit of this autonomy group and size may have."""
        for entry in self.staffing.deputies:
            small_enough = entry.staff_at_most is None or posts <= entry.staff_at_most
            if _of_group(entry, group) and small_enough and self._names(entry.where, host, stage):
                return entry
        return None

    def position(self, position: Counted, host: int, stage: int, figures: Figures) -> Position | None:
        """The entry that gives a unit posts of one position group."""
        for entry in self.staffing.positions:
            reached = all(figures[name] >= least for name, least in entry.when.items())
            if entry.group == position and reached and self._names(entry.where, host, stage):
                return entry
        return None

    def divisions(self, host: int, stage: int, group: int) -> Divisions | None:
        """The entry on a unit's divisions."""
        fits = (e for e in self.staffing.divisions if _of_group(e, group) and self._names(e.where, host, stage))
        return next(fits, None)

    def grades(self, host: int, stage: int, group: int) -> Grades | None:
        """The entry on a unit's highest grades."""
        fits = (e for e in self.staffing.grades if _of_group(e, group) and self._names(e.where, host, stage))
        return next(fits, None)

    def posts(self, position: Counted, host: int, stage: int, figures: Figures) -> int | None:
        """Posts of one position group; None without a norm."""
        entry = self.position(position, host, stage, figures)
        return None if entry is None else posts_of(entry, figures)

    def spare(self, host: int, stage: int, group: int, figures: Figures) -> int | None:
        """Posts that a merger may save: leaders, shared and support posts less their norms; None where flat.

        `figures` hold the sums before any saving, and the sites that stay.
        """
        deputies = self.deputies(host, stage, group, figures["posts_budget"] + figures["posts_own"])
        norms = {column: self.posts(position, host, stage, figures) for position, column in OTHERS}
        stated = {column: norm for column, norm in norms.items() if norm is not None}
        if deputies is None or not stated:
            return None
        today = figures["heads"] + figures["deputies"] + sum(figures[column] for column in stated)
        return max(today - (1 + deputies.deputies + sum(stated.values())), 0)

    def total(self, host: int, stage: int, group: int, figures: Figures) -> int | None:
        """Every post that the norms give a unit; None where its specialised posts have no norm."""
        specialised = self.posts("specialised", host, stage, figures)
        if specialised is None:
            return None
        entry = self.deputies(host, stage, group, figures["posts_budget"] + figures["posts_own"])
        leaders = figures["heads"] + figures["deputies"] if entry is None else 1 + entry.deputies
        rest = 0
        for position, column in OTHERS:
            norm = self.posts(position, host, stage, figures)
            rest += figures[column] if norm is None else norm
        return specialised + leaders + rest

    def _names(self, where: Where, host: int, stage: int) -> bool:
        for key, values in where.items():
            label = self._labels(key.removesuffix("_not"), stage)[host]
            if (label in values) == key.endswith("_not"):
                return False
        return True

    def _labels(self, column: str, stage: int) -> list[str]:
        if (column, stage) not in self._known:
            labels = labels_after(self.scenario, self.units, column, stage)
            self._known[column, stage] = [str(label) for label in labels]
        return self._known[column, stage]


def posts_of(entry: Position, figures: Figures) -> int:
    """What a norm gives for some figures, rounded half up once."""
    return round_half_up(entry.posts + sum((figures[f] * share for f, share in entry.per.items()), start=Fraction(0)))


def _of_group(entry: Deputies | Divisions | Grades, group: int) -> bool:
    return not entry.autonomy_groups or group in entry.autonomy_groups
