"""A finished plan: decisions, the successors they make, and the sums that rules measure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from models.figures import ONE_OFF, PLACES, one_off_figure, parts_of
from models.pinned import labels_after
from models.rules.rule import Fact, Reading
from models.scenario import Scenario
from models.schema import EVERYWHERE, Where
from models.standing import splits, standing_of
from models.unit import Units

REDEPLOY = "redeploy"
STEPS = (
    "merge", "dissolve", "equitize", "convert", "raise", "slim", "order", REDEPLOY, "transfer", "create", "split",
    "keep",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Decision:
    """One step of one unit, as a row of decisions.csv; `keep` has neither year nor form.

    `redeploy` is a step of a merger's host: people whom it frees fill vacancies of `receiver_id`.
    """

    unit_id: str
    fate: str
    form: str = ""
    year: int | None = None
    successor_id: str = ""
    successor_name: str = ""
    host_id: str = ""
    receiver_id: str = ""
    group_after: int | None = None
    posts_slimmed: int = 0
    orders_mvnd: int = 0
    fees_mvnd: int = 0
    site: str = ""
    parent_after: str = ""
    reason: str = ""
    legal_basis: str = ""
    people_redeployed: int = 0

    @property
    def joined(self) -> str:
        """The id of the unit that it joins by merging or ending; empty for a host's own row and every other step."""
        host = {"merge": self.host_id, "dissolve": self.receiver_id}.get(self.fate, "")
        return "" if host == self.unit_id else host


@dataclass(frozen=True, kw_only=True)
class Successor:
    """A public unit that remains after a stage, with every figure after; or one that has left, as it was on leaving.

    stage, host, members: positions; changed: it has absorbed others; late_mvnd: calendar year -> the part of its
    saving that this year does not book yet; unslimmed: `posts` and `staff` -> what slimming took from them (less than
    nothing where vacancies were filled);
    kept: those of the members whose sites stay open, each with how many;
    dissolved: members that were dissolved into it; exit: the fate by which it left, else empty; given_up: member ->
    `posts`, `slimmed_mvnd` and `ordered_mvnd` that slimming and orders took from it, where they took any.
    """

    id: str
    name: str
    stage: int
    host: int
    members: tuple[int, ...]
    changed: bool
    best_group: int
    figures: Mapping[str, int]
    late_mvnd: Mapping[int, int] = field(default_factory=dict)
    unslimmed: Mapping[str, int] = field(default_factory=dict)
    kept: tuple[tuple[int, int], ...] = ()
    dissolved: frozenset[int] = frozenset()
    exit: str = ""
    given_up: Mapping[int, Mapping[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Plan:
    """Decisions with what follows from them; figures come from units and decisions, never from an option table.

    stages: the successors that remain after each stage; criteria: natural units; score: million VND, lower is better;
    left: those that have left the public sector by each stage, with the figures that they left with.
    """

    scenario: Scenario
    units: Units
    decisions: tuple[Decision, ...]
    stages: tuple[tuple[Successor, ...], ...]
    criteria: Mapping[str, int]
    score: int
    left: tuple[tuple[Successor, ...], ...] = ()

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """Every rule and pin measured on this plan."""
        return tuple(reading for rule in self.scenario.demands for reading in rule.readings(self))

    @cached_property
    def context(self) -> tuple[Fact, ...]:
        """What belongs beside the readings."""
        return tuple(fact for rule in self.scenario.demands for fact in rule.context(self))

    def units_after(self, year: int) -> int:
        """Public units that remain on 31 December of a stage's year."""
        return len(self.stages[self.scenario.stage_of(year)])

    def after(
        self, figure: str, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> dict[str, int]:
        """A figure of what remains public on 31 December of a stage's year, by label."""
        sums = dict.fromkeys(labels, 0)
        if figure == PLACES:
            return self._places(self.scenario.stage_of(year), sums, scope, per)
        for successor in self.stages[self.scenario.stage_of(year)]:
            label = self.counted_as(successor, scope, per, labels)
            if label in sums:
                sums[label] += sum(self.figure_of(successor, part) for part in parts_of(figure))
        return sums

    def direct_spending(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> dict[str, int]:
        """Direct State spending of a calendar year, by label."""
        stage = self.scenario.stage_in_force(year)
        sums = dict.fromkeys(labels, 0)
        for successor in self._untouched if stage is None else self.stages[stage]:
            label = self.counted_as(successor, scope, per, labels)
            if label in sums:
                orders = successor.figures["orders_mvnd"] if self.scenario.counting.orders_are_direct_spending else 0
                sums[label] += successor.figures["state_grant_mvnd"] + orders + successor.late_mvnd.get(year, 0)
        return sums

    def figure_of(self, successor: Successor, name: str) -> int:
        """A plain figure of one successor."""
        if name == "units":
            return 1
        if name == "autonomous":
            return int(successor.figures["autonomy_group"] in self.scenario.autonomous_groups)
        if name == "created":
            return int(all(self.units.planned[unit] for unit in successor.members))
        if name == "market":
            return int(self._function(successor) in self.scenario.terms.market_functions)
        return successor.figures[name]

    def label_of(self, successor: Successor, column: str) -> str:
        """A label of one successor: its host's column, or its own figure where the plan changes it."""
        if column == "autonomy_group":
            return str(successor.figures["autonomy_group"])
        if column == "function":
            return self._function(successor)
        return str(self._labels(column, successor.stage)[successor.host])

    def _function(self, successor: Successor) -> str:
        return self.scenario.terms.functions[successor.figures["function"]]

    @cached_property
    def final_groups(self) -> tuple[tuple[int, ...], ...]:
        """Every unit with those it ends up with, hosts last; units that leave stand alone."""
        found = [successor.members for successor in self.stages[-1]]
        staying = {unit for members in found for unit in members}  # the last stage: every planned unit stands by then
        return (*found, *((unit,) for unit in range(len(self.units)) if unit not in staying))

    @cached_property
    def _raises(self) -> Mapping[str, int | None]:
        return {decision.unit_id: decision.year for decision in self.decisions if decision.fate == "raise"}

    def raised(self, unit: str) -> int | None:
        """The year in which a unit's group is raised to self-financing, by its host's id."""
        return self._raises.get(unit)

    def host_of(self, unit: str) -> str:
        """The id of the host that a unit ends up with: its own where it stays alone."""
        return self._hosts[self.units.positions[unit]]

    @cached_property
    def _hosts(self) -> Mapping[int, str]:
        return {unit: self.units.ids[members[-1]] for members in self.final_groups for unit in members}

    def in_scope(self, successor: Successor, scope: Where) -> bool:
        """Whether a successor is one of those that a scope names, by what it is after the plan."""
        return all(
            (self.label_of(successor, key.removesuffix("_not")) in wanted) != key.endswith("_not")
            for key, wanted in scope.items()
        )

    def equitized(self, year: int) -> tuple[int, ...]:
        """Units that have become joint stock companies by 31 December of a stage's year."""
        return self.ended("equitize", year)

    def ended(self, fate: str, year: int) -> tuple[int, ...]:
        """Units that a fate has ended by 31 December of a stage's year; the host of a merger goes on."""
        rows = [row for row in self.decisions if row.fate == fate and (row.year or year) <= year]
        hosts = {row.unit_id for row in rows if fate == "merge" and row.host_id in ("", row.unit_id)}
        return tuple(self.units.positions[row.unit_id] for row in rows if row.unit_id not in hosts)

    def orders(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> dict[str, int]:
        """State orders of a calendar year, by label; what has left the public sector is still ordered from."""
        stage = self.scenario.stage_in_force(year)
        sums = dict.fromkeys(labels, 0)
        for successor in self._untouched if stage is None else (*self.stages[stage], *self.left[stage]):
            label = self.counted_as(successor, scope, per, labels)
            if label in sums:
                sums[label] += successor.figures["orders_mvnd"]
        return sums

    def one_off(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> dict[str, int]:
        """What the State pays once for the decisions of a stage's year, by label; those that leave included."""
        stage = self.scenario.stage_of(year)
        sums = dict.fromkeys(labels, 0)
        for successor in (*self.stages[stage], *self.left[stage]):
            label = self.counted_as(successor, scope, per, labels)
            if label in sums:
                sums[label] += sum(successor.figures[one_off_figure(cause)] for cause in ONE_OFF)
        return sums

    def left_as_companies(
        self, year: int, labels: tuple[str, ...], scope: Where = EVERYWHERE, per: str | None = None
    ) -> dict[str, int]:
        """Equitized units by their own columns of today, by label."""
        return self.units.chosen_counts(self.equitized(year), labels, scope, per)

    def unit_figure(self, name: str, unit: int, stage: int | None = None) -> int:
        """A plain figure of a unit alone: as it is today, or as it stands after a stage before any decision."""
        units = self.units if stage is None else self.standing[stage]
        return int(units.staff[unit] if name == "staff" else units.figure(name)[unit])

    @cached_property
    def standing(self) -> tuple[Units, ...]:
        """The unit table after each stage before any decision."""
        return standing_of(self.scenario, self.units)

    @cached_property
    def split_units(self) -> frozenset[int]:
        """Units that others are split off from, and those others."""
        return frozenset(unit for source, parts in splits(self.scenario, self.units) for unit in (source, *parts))

    def unit_counted_as(
        self, unit: int, stage: int, scope: Where, per: str | None, labels: tuple[str, ...]
    ) -> str | None:
        """The label under which a unit counts by its own columns after a stage (-1: today); None outside the scope."""
        own = {name: str(self._labels(name.removesuffix("_not"), stage)[unit]) for name in scope}
        if not all((own[name] in wanted) != name.endswith("_not") for name, wanted in scope.items()):
            return None
        return labels[0] if per is None else str(self._labels(per, stage)[unit])

    def counted_as(self, successor: Successor, scope: Where, per: str | None, labels: tuple[str, ...]) -> str | None:
        """The label under which a successor counts; None outside the scope."""
        if not self.in_scope(successor, scope):
            return None
        return labels[0] if per is None else self.label_of(successor, per)

    def _places(self, stage: int, sums: dict[str, int], scope: Where, per: str | None) -> dict[str, int]:
        """Sites that stay open, each under the label of its own unit."""
        for unit, sites in (place for successor in self.stages[stage] for place in successor.kept):
            label = self.unit_counted_as(unit, stage, scope, per, tuple(sums))
            if label in sums:
                sums[label] += sites
        return sums

    def _labels(self, column: str, stage: int) -> list[str]:
        key = (column, stage)
        if key not in self._label_cache:
            self._label_cache[key] = list(labels_after(self.scenario, self.units, column, stage))
        return self._label_cache[key]

    @cached_property
    def _label_cache(self) -> dict[tuple[str, int], list[str]]:
        return {}

    @cached_property
    def _untouched(self) -> tuple[Successor, ...]:
        """Every unit as it is today: before the first stage takes effect."""
        figures = ("state_grant_mvnd", "orders_mvnd", "autonomy_group")
        columns = {name: self.units.figure(name) for name in figures}
        functions = self.units.text("function")
        return tuple(
            Successor(
                id=unit, name=self.units.text("name")[position], stage=-1, host=position, members=(position,),
                changed=False,
                best_group=int(columns["autonomy_group"][position]),
                figures={name: int(values[position]) for name, values in columns.items()}
                | {"function": self.scenario.terms.functions.index(functions[position])},
            )
            for position, unit in enumerate(self.units.ids)
            if not self.units.planned[position]
        )  # fmt: skip
