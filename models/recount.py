"""The second copy of the consequence arithmetic: what single units hold, save and could give, in plain Python integers.

Written apart from levers, successor and items on purpose: the checker compares the two. Nothing here looks at an option
table or a solver. `recount_group` puts units together.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import cache, cached_property

from models.distance import metres_between
from models.exact import round_half_up
from models.pin import Pin
from models.plan import Plan
from models.recount_norms import FOR_NORMS, NormRecount
from models.recount_prices import risen
from models.scenario import Scenario, Slimming
from models.schema import Where
from models.unit import RETIRING, Units


@dataclass(frozen=True)
class Joining:
    """A unit that joins a group: in which stage, and whether it is dissolved and its site closes."""

    unit: int
    stage: int
    dissolved: bool
    closed: bool


@dataclass(frozen=True)
class Group:
    """What the decisions say of one final group: its host, who joins when, its raise and its end."""

    host: int
    joinings: tuple[Joining, ...] = ()
    raised: int | None = None
    stated: tuple[int, int] = (0, 0)  # orders and fees that the row of the raise names
    leaves: int | None = None
    exit: str = ""
    id: str = ""
    name: str = ""
    slimmed: Mapping[tuple[int, int], int] = field(default_factory=dict)
    ordered: Mapping[tuple[int, int], int] = field(default_factory=dict)
    sent: Mapping[tuple[int, int], int] = field(default_factory=dict)  # people to vacancies of other units
    taken: Mapping[tuple[int, int], int] = field(default_factory=dict)  # people from mergers of others

    @property
    def members(self) -> tuple[int, ...]:
        return (*(joining.unit for joining in self.joinings), self.host)

    def taken_by(self, unit: int, stage: int) -> int:
        """People whom a member takes in a stage from mergers of others."""
        return self.taken.get((unit, stage), 0)


class Recount:
    """One unit after another, straight from the unit table and the scenario."""

    def __init__(self, scenario: Scenario, units: Units) -> None:
        self.scenario, self.units = scenario, units
        self.norms = NormRecount(scenario, units)
        # Nothing here depends on decisions, so what every unit asks for again is reckoned once.
        self.factor, self.worth, self._labels = cache(self._factor), cache(self._worth), cache(self._labels_of)

    def today(self, unit: int, column: str) -> int:
        """A cell of the table of today; a planned unit has nothing yet."""
        return self._columns[column][unit]

    def at(self, unit: int, column: str, stage: int) -> int:
        """A cell as it stands after a stage: with what a unit brings once it stands, less what leaves it."""
        if not self._born:
            return self._columns[column][unit]
        brought = self.units.later.get(column)
        if brought is None:
            return self._columns[column][unit]
        mine = int(brought[unit]) if self.stands(unit, stage) else 0
        gone = [part for part in self._split_off.get(unit, ()) if self.stands(part, stage)]
        taken = {"heads": (), "deputies": (), "professional_posts": (column, "heads", "deputies")}.get(
            column, (column,)
        )
        off = sum(int(self.units.later[name][part]) for name in taken for part in gone)
        return self._columns[column][unit] + mine - off

    def of(self, unit: int, column: str) -> int:
        """A cell as it stands after the last stage: what a unit can give is reckoned on it."""
        return self.at(unit, column, len(self.scenario.stages) - 1)

    def stands(self, unit: int, stage: int) -> bool:
        return self._born.get(unit, 0) <= self.scenario.stages[stage].year

    def years_of(self, unit: int, fate: str) -> set[int]:
        """The stages' years in which a unit comes to stand (`create`) or others leave it (`split`)."""
        named = (unit,) if fate == "create" else self._split_off.get(unit, ())
        born = [self._born[part] for part in named if part in self._born]
        return {min(stage.year for stage in self.scenario.stages if stage.year >= year) for year in born}

    def margin(self, unit: int, stage: int) -> int:
        """Own investment money less wear; unknown where neither is stated: then the stated group decides."""
        own, worn = self.at(unit, "investment_self_mvnd", stage), self.at(unit, "depreciation_mvnd", stage)
        if own == worn == 0:
            return 0 if self.scenario.terms.bands[self.today(unit, "autonomy_group") - 1].covers_investment else -1
        return own - worn

    @cached_property
    def undecided(self) -> Plan:
        """A plan without any decision: labels and scopes of a successor are read through it."""
        return Plan(self.scenario, self.units, (), (), {}, 0)

    @cached_property
    def _born(self) -> Mapping[int, int]:
        """Planned units and the year in which they come to stand."""
        when = enumerate(self.units.text("planned"))
        return {unit: int(str(date)[:4]) for unit, date in when if date}

    @cached_property
    def _split_off(self) -> Mapping[int, Sequence[int]]:
        at = self.units.positions
        found: dict[int, list[int]] = {}
        for pin in self.scenario.pins:
            if pin.fate == "split" and pin.unit is not None:
                found.setdefault(at[pin.unit], []).extend(at[name] for name in pin.into)
        return found

    @cached_property
    def _columns(self) -> Mapping[str, list[int]]:
        return {name: values.tolist() for name, values in self.units.figures.items()}

    def posts(self, unit: int, stage: int | None = None) -> int:
        """Assigned posts after a stage (default: the last)."""
        when = len(self.scenario.stages) - 1 if stage is None else stage
        return self.at(unit, "posts_budget", when) + self.at(unit, "posts_own", when)

    def staff(self, unit: int) -> int:
        return min(self.of(unit, "present_budget") + self.of(unit, "present_own"), self.posts(unit))

    def administration(self, unit: int) -> int:
        return sum(self.of(unit, column) for column in self.scenario.terms.administrative_columns)

    def pay_year(self, unit: int) -> int:
        return round_half_up(Fraction(12 * self.of(unit, "avg_pay_vnd_month"), 10**6))

    def outlay(self, unit: int, stage: int | None = None) -> int:
        """Grant and orders after a stage (default: today)."""
        columns = ("state_grant_mvnd", "orders_mvnd")
        return sum(self.today(unit, c) if stage is None else self.at(unit, c, stage) for c in columns)

    def fits(self, unit: int, where: Where) -> bool:
        return all(
            (str(self._labels(key.removesuffix("_not"))[unit]) in values) != key.endswith("_not")
            for key, values in where.items()
        )

    def named_by(self, pin: Pin, unit: int) -> bool:
        """Whether a pin speaks of a unit, by its id or by its scope."""
        return self.units.ids[unit] == pin.unit if pin.unit is not None else self.fits(unit, pin.scope or {})

    def _labels_of(self, column: str) -> Sequence[str]:
        return self.units.ids if column == "unit" else list(map(str, self.units.labels(column)))

    def _worth(self, effect: int) -> Fraction:
        """One dong a year from `effect` to the horizon, in dong of the first year of effect."""
        return sum((self.factor(year) for year in self.scenario.years if year >= effect), start=Fraction(0))

    def _factor(self, year: int) -> Fraction:
        """One dong of a calendar year in dong of the first year of effect."""
        rate = self.scenario.money.discount_percent / 100
        return risen(self.scenario, year) / (1 + rate) ** (year - self.scenario.stages[0].effect)

    def retiring(self, unit: int, stage: int, by: int | None = None) -> int:
        """People who retire by a stage's year; by: the stage after which the table stands (default: the last)."""
        stated = [int(name.removeprefix(RETIRING)) for name in self._columns if name.startswith(RETIRING)]
        known = [year for year in stated if year <= self.scenario.stages[stage].year]
        when = len(self.scenario.stages) - 1 if by is None else by
        return self.at(unit, f"{RETIRING}{max(known)}", when) if known else 0

    def months_paid_off(self, unit: int, stage: int) -> Fraction:
        """Months of pay of one who leaves a unit on 1 January of a stage's effect; 0 where no regime speaks of it."""
        effect, chosen = self.scenario.stages[stage].effect, self.scenario.staffing.severance
        fitting = [
            law
            for law in self.scenario.severance
            if (law.in_force_from or date.min) <= date(effect, 1, 1) <= (law.in_force_until or date.max)
            and self.fits(unit, law.where)
        ]
        law = next((law for law in fitting if law.id == chosen), None)
        law = law or next((law for law in fitting if not law.named_only), None)
        if law is None:
            return Fraction(0)
        given, insured = law.resignation, self.of(unit, "avg_insured_months")
        soon = effect <= self.scenario.stages[stage].year + 1
        share = given.share_in_first_year if soon else given.share_later
        counted = share * min(insured, given.counted_months_at_most)
        return counted + given.months_per_insured_year * Fraction(insured, 12) + given.job_search_months + given.months

    def may(self, unit: int, action: str) -> bool:
        """Whether a unit may take an action; a planned one only comes to stand, and one that is split does not end."""
        if unit in self._born or (action in ("equitize", "convert", "dissolve") and unit in self._split_off):
            return False
        permission = self.scenario.actions.get(action, False)  # type: ignore[call-overload]
        return permission if isinstance(permission, bool) else self.fits(unit, permission)

    def saved_share(self, joining: Joining) -> Fraction:
        """Posts that absorbing one unit saves, before rounding."""
        for entry in self.scenario.savings.posts:
            if self.fits(joining.unit, entry.where):
                return entry.per_absorbed_unit * (1 if joining.closed else entry.branch_percent / 100)
        return Fraction(0)

    def slim_cap(self, unit: int, stage: int) -> int:
        """Posts that vacancies and lapsing retirees set free by a stage: down to the norm, else within percentage."""
        if not self.may(unit, "slim"):
            return 0
        entry = self._slimming(unit)
        vacant = max(self.of(unit, "posts_budget") - self.of(unit, "present_budget"), 0)
        lapsing = self.lapsing(unit, stage)
        norm = self.norm_posts(unit, stage)
        if norm is not None:
            ceiling = max(self.posts(unit) - norm, 0)
        else:
            ceiling = int(entry.at_most_percent * self.posts(unit) / 100) if entry else 0
        paid = self.of(unit, "state_grant_mvnd") // max(self.pay_year(unit), 1)
        return min(ceiling, vacant + lapsing, self.of(unit, "posts_budget"), paid)

    def lapsing(self, unit: int, stage: int) -> int:
        """Posts of people who retire by a stage that need not be filled again."""
        entry = self._slimming(unit)
        return int(entry.retirees_lapse_percent * self.retiring(unit, stage) / 100) if entry else 0

    def _slimming(self, unit: int) -> Slimming | None:
        return next((entry for entry in self.scenario.staffing.slimming if self.fits(unit, entry.where)), None)

    def norm_posts(self, unit: int, stage: int) -> int | None:
        """Posts that the norms give a unit left alone; None where its specialised posts have no norm."""
        alone = {column: self.of(unit, column) for column in FOR_NORMS}
        return self.norms.total(unit, stage, self.of(unit, "autonomy_group"), alone)

    def work_weight(self, unit: int, stage: int) -> Fraction:
        """How much of its pay a slimmed post's work is worth: from one half far above the norm to one and a half."""
        norm = self.norm_posts(unit, stage)
        if norm is None:
            return Fraction(1)
        posts = max(self.posts(unit), 1)
        if 2 * norm < posts:
            return Fraction(1, 2)
        return Fraction(3, 2) if 2 * norm > 3 * posts else Fraction(norm, posts)

    def order_step(self, unit: int) -> int:
        """The least order that moves one post and pays for it."""
        per_post = -(-self.of(unit, "recurrent_mvnd") // max(self.posts(unit), 1))
        return max(per_post, self.pay_year(unit), 1)

    def order_moves(self, unit: int) -> bool:
        band = self.scenario.terms.bands[self.of(unit, "autonomy_group") - 1]
        return band.at_least_percent > 0 and not band.self_financing

    def order_cap(self, unit: int) -> int:
        """Steps that an unchanged unit has room for."""
        if self.pays_for_itself(self.of(unit, "autonomy_group")) or not self.may(unit, "order"):
            return 0
        slim = self.slim_cap(unit, len(self.scenario.stages) - 1)
        slim_pay = slim * self.pay_year(unit)
        below_edge = self.of(unit, "recurrent_mvnd") - slim_pay - self.of(unit, "revenue_mvnd") - 1
        room = min(self.of(unit, "orderable_mvnd"), self.of(unit, "state_grant_mvnd") - slim_pay, below_edge)
        steps = max(room, 0) // self.order_step(unit)
        return min(steps, max(self.of(unit, "posts_budget") - slim, 0)) if self.order_moves(unit) else steps

    def metres(self, joining: Joining, host: int) -> int:
        degrees = self.units.degrees
        pair = (degrees[joining.unit : joining.unit + 1], degrees[host : host + 1])
        return int(metres_between(*pair, self.scenario.savings.road_factor)[0])

    def autonomy_group(self, revenue: int, recurrent: int, margin: int) -> int:
        """The group that revenue over recurrent spending gives; without any spending the last (Decree 60/2021)."""
        bands = self.scenario.terms.bands
        rate = Fraction(100 * revenue, recurrent) if recurrent > 0 else Fraction(-1)
        for group, band in enumerate(bands, start=1):
            if rate >= band.at_least_percent and (margin >= 0 or not band.covers_investment):
                return group
        return len(bands)

    def pays_for_itself(self, group: int) -> bool:
        return self.scenario.terms.bands[group - 1].self_financing

    def function_of(self, members: Sequence[int]) -> int:
        """Where anyone serves the market the whole does, as its host (the last) before all others; else as its host."""
        terms = self.scenario.terms
        served = [str(self.units.text("function")[unit]) for unit in members]
        market = [name for name in (served[-1], *terms.functions) if name in terms.market_functions and name in served]
        return terms.functions.index(market[0] if market else served[-1])
