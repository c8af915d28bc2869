"""The planner's scenario: stages, what counts, what may be done, what must hold, what is better."""

import datetime
from collections.abc import Mapping, Sequence
from fractions import Fraction
from string import Formatter
from typing import Annotated, Literal

from pydantic import Field, SerializeAsAny, field_validator, model_validator

from models.figures import CRITERIA, PEAKS, SCORE
from models.legal_basis import LegalBasis
from models.norms import Deputies, Divisions, Grades, Norm, Position
from models.output import Output
from models.pin import Pin
from models.prices import BaseSalary
from models.provision import Provision
from models.roadmap import RoadmapStep
from models.robust import Robust
from models.rules import AnyRule, PinKept, Rule
from models.rules.cut import Cut
from models.schema import AS_TUPLE, EVERYWHERE, Amount, Count, Labels, Name, Number, Percent, Schema, Texts, Where, Year
from models.severance import Severance
from models.terms import Terms
from models.uncertain import Stress
from models.untouchable import Untouchable

FROM_VOCABULARY = ("terms",)  # what no scenario file states: whoever reads it takes it from the vocabulary
NAME_FIELDS = ("name", "kind", "commune", "district", "area", "parent", "count")
"""What the name pattern of a founded unit may hold: columns of the host, and how many units become one."""
ACTIONS = ("merge", "raise", "equitize", "convert", "dissolve", "slim", "order")


class Stage(Schema):
    """A deadline: counts, posts and functions hold on 31 December of `year`, money from 1 January of `effect`."""

    year: Year
    effect: Year


class Counting(Schema):
    """What counts as what; every default is to be confirmed by the province."""

    autonomous_groups: Annotated[tuple[int, ...], AS_TUPLE] | None = None
    orders_are_direct_spending: bool = False
    equitized_counts_as_reduction: bool = True
    frontline_sectors: Labels = ("education", "health")


class Money(Schema):
    """Prices, discounting and the last year that is reckoned (default: ten years after the first effect).

    price_year: at whose prices the figures of today stand (default: the as-of day's); history_prices: at which the
    means of past years do; pay_percent: the part of spending that follows the base salary.
    """

    prices: Literal["constant", "nominal"] = "constant"
    price_year: Year | None = None
    history_prices: Literal["as_paid", "price_year"] = "as_paid"
    pay_percent: Percent = Fraction(100)
    money_unit: Literal["dong", "thousand", "million", "billion"] = "million"
    discount_percent: Percent = Fraction(5)
    horizon: Year | None = None


class Merging(Schema):
    """Who may merge with whom; of several blocks the first that names a pair decides about it."""

    kinds: Texts = ()
    sectors: Texts = ()
    partners: Texts = Field(default=(), alias="with")
    within: Literal["commune", "area", "parent", "province"] = "parent"
    max_km: Amount | None = None
    max_members: int = Field(default=4, ge=2, le=8)
    neighbours: int = Field(default=10, ge=1, le=200)
    whole: bool = False
    same: Texts = ("kind", "level")
    host: Literal["largest", "highest_level", "most_autonomous"] = "largest"
    form: Literal["absorb", "consolidate"] = "absorb"
    name: Name = ""
    sites: Literal["kept", "closed", "either"] = "kept"
    mixed_functions: bool = False
    separate: Texts = ()

    @field_validator("name")
    @classmethod
    def _known_fields(cls, pattern: str) -> str:
        """A pattern holds plain text and known fields in braces, nothing that formats or looks inside them."""
        try:
            parts = [(name, spec, how) for _, name, spec, how in Formatter().parse(pattern) if name is not None]
        except ValueError as error:
            raise ValueError("scenario.name_braces:name") from error
        if unknown := [f"{name}" for name, spec, how in parts if name not in NAME_FIELDS or spec or how]:
            raise ValueError(f"scenario.name_fields:{', '.join(unknown)}")
        return pattern

    @model_validator(mode="after")
    def _names_what_is_founded(self) -> "Merging":
        if self.name and self.form != "consolidate":
            raise ValueError("scenario.name_without_founding:name")
        return self


class PostsSaved(Schema):
    """Posts given up per absorbed unit, and the share of them where it stays as a branch; the first match decides."""

    where: Where = EVERYWHERE
    per_absorbed_unit: Amount = Fraction(3)
    branch_percent: Percent = Fraction(100)


class Savings(Schema):
    """What a reorganisation saves and costs. All defaults are assumptions to be confirmed."""

    posts: Annotated[tuple[PostsSaved, ...], AS_TUPLE] = (PostsSaved(),)
    early_percent: Percent = Fraction(60)
    early_years: int = Field(default=5, ge=0, le=30)
    merger_setup_mvnd: Count = 150
    site_closing_mvnd: Count = 100
    exit_mvnd: Count = 800
    raise_setup_mvnd: Count = 50
    order_setup_mvnd: Count = 20
    order_handling_percent: Percent = Fraction(3)
    road_factor: Amount = Fraction(13, 10)


class Slimming(Schema):
    """How far posts may fall without replacement; the first match decides."""

    where: Where = EVERYWHERE
    at_most_percent: Percent = Fraction(10)
    retirees_lapse_percent: Percent = Fraction(60)


class Dissolution(Provision):
    """Grounds of dissolution by law: so many consecutive ineffective years; unstated, years are no ground."""

    ineffective_years: Annotated[int, Field(ge=1, le=100)] | None = None

    def by_years(self, years: int) -> bool:
        """Whether so many ineffective years are a ground."""
        return self.ineffective_years is not None and years >= self.ineffective_years


class Staffing(Schema):
    """Norms of positions and leaders, how far posts may be slimmed, and how fast surplus leaders run off.

    Where no norm is stated none is reckoned with: no surplus of leaders, flat savings of a merger. severance: the id of
    the regime that comes before all others; severance_payer: the State alone, or also units by their autonomy group;
    redeploy_km: how far by road freed people move to fill vacancies of their kind; unstated, nobody does.
    """

    slimming: Annotated[tuple[Slimming, ...], AS_TUPLE] = (
        Slimming(where={"sector": ("education", "health")}, at_most_percent=Fraction(0)),
        Slimming(),
    )
    deputies: Annotated[tuple[Deputies, ...], AS_TUPLE] = ()
    positions: Annotated[tuple[Position, ...], AS_TUPLE] = ()
    divisions: Annotated[tuple[Divisions, ...], AS_TUPLE] = ()
    grades: Annotated[tuple[Grades, ...], AS_TUPLE] = ()
    run_off_years: int = Field(default=5, ge=1, le=30)
    severance: str | None = None
    severance_payer: Literal["by_group", "state"] = "by_group"
    redeploy_km: Amount | None = None

    @property
    def provisions(self) -> Mapping[str, tuple[Norm, ...]]:
        """Every norm under the key of its list."""
        return {
            "deputies": self.deputies,
            "positions": self.positions,
            "divisions": self.divisions,
            "grades": self.grades,
        }


class Objective(Schema):
    """The price in million VND of one natural unit of each criterion; assumptions, each with its reason in the docs.

    order: criteria in which plans are judged one after the other before all prices together (`score`).
    """

    state_saving: Amount = Fraction(1)
    staff_moved: Amount = Fraction(25)
    surplus_leaders: Amount = Fraction(250)
    access_user_km: Amount = Fraction(4)
    units_touched: Amount = Fraction(400)
    work_lost: Amount = Fraction(1)
    fee_burden: Amount = Fraction(1)
    rating_steps_lost: Amount = Fraction(0)
    worst_commune_m: Count = 0
    most_touched_permille: Count = 0
    user_groups: Literal["sector", "kind"] = "sector"
    touched: Literal["units", "people"] = "units"
    touched_per: str = "area"
    order: Annotated[tuple[Literal[*CRITERIA, SCORE], ...], AS_TUPLE] = ()  # type: ignore[valid-type]
    order_tolerance_percent: Percent = Fraction(0)

    @property
    def priced(self) -> tuple[str, ...]:
        """Criteria that the score counts."""
        return tuple(name for name in CRITERIA if getattr(self, name))

    @property
    def peaks(self) -> tuple[str, ...]:
        """Largest values that count for something: those with a price or a step of the order."""
        return tuple(name for name in PEAKS if getattr(self, name) or name in self.order)

    @property
    def steps(self) -> tuple[str, ...]:
        """What plans are judged by, one after the other: the order, and the score last where it names none."""
        last = (SCORE,) if SCORE not in self.order and (self.priced or not self.order) else ()
        return (*self.order, *last)


class Search(Schema):
    """How many plans, how different, how near the best, how well proved, and by which engine."""

    plans: int = Field(default=5, ge=0, le=100)
    best: int = Field(default=0, ge=0, le=100)
    different_percent: Percent = Fraction(30)
    within_percent: Percent = Fraction(5)
    different_by: Literal["share", "most"] = "share"
    gap_percent: Percent = Fraction(1, 100)
    time_limit_s: Annotated[Number, Field(gt=0)] = Fraction(600)
    seed: Count = 0
    engine: Literal["auto", "highs", "scip", "cpsat", "decompose", "options_first"] = "auto"
    workers: int = Field(default=1, ge=1, le=64)
    list_at_most: int = Field(default=1_500_000, ge=1, le=1_500_000)


class Scenario(Schema):
    """A resolved scenario: everything that the model needs beside the unit table."""

    title: Name
    as_of: datetime.date
    stages: Annotated[tuple[Stage, ...], AS_TUPLE] = Field(min_length=1, max_length=5)
    terms: Terms
    counting: Counting = Counting()
    money: Money = Money()
    savings: Savings = Savings()
    staffing: Staffing = Staffing()
    actions: dict[Literal["merge", "raise", "equitize", "convert", "dissolve", "slim", "order"], bool | Where] = Field(
        default_factory=dict
    )
    merging: Annotated[tuple[Merging, ...], AS_TUPLE] = ()
    rules: Annotated[tuple[SerializeAsAny[AnyRule], ...], AS_TUPLE] = ()
    pins: Annotated[tuple[Pin, ...], AS_TUPLE] = ()
    dissolution: Dissolution = Dissolution()
    legal_basis: Annotated[tuple[LegalBasis, ...], AS_TUPLE] = ()
    severance: Annotated[tuple[Severance, ...], AS_TUPLE] = ()
    base_salary: Annotated[tuple[BaseSalary, ...], AS_TUPLE] = ()
    untouchable: Annotated[tuple[Untouchable, ...], AS_TUPLE] = ()
    roadmap: Annotated[tuple[RoadmapStep, ...], AS_TUPLE] = ()
    output: Annotated[tuple[Output, ...], AS_TUPLE] = ()
    objective: Objective = Objective()
    search: Search = Search()
    stress: Stress = Stress()
    robust: Robust = Robust()

    @property
    def cuts(self) -> tuple[Cut, ...]:
        """The rules that add up savings."""
        return tuple(rule for rule in self.rules if isinstance(rule, Cut))

    @property
    def demands(self) -> tuple[Rule, ...]:
        """Every rule, and every pin as a rule of its own."""
        pins = tuple(
            PinKept(id=f"pin-{number}", name=pin.called, source=pin.document, pin=pin)
            for number, pin in enumerate(self.pins, start=1)
        )
        return (*self.rules, *pins)

    @property
    def outputs(self) -> tuple[Output, ...]:
        """Every indicator of output: those of the vocabulary, where the scenario states one of the same id that one."""
        own = {indicator.id: indicator for indicator in self.output}
        known = tuple(own.pop(indicator.id, indicator) for indicator in self.terms.outputs)
        return (*known, *own.values())

    @property
    def autonomous_groups(self) -> tuple[int, ...]:
        """Autonomy groups that count as autonomous: those that [counting] names, else all that pay for themselves."""
        named = self.counting.autonomous_groups
        return self.terms.self_financing if named is None else named

    @property
    def horizon(self) -> int:
        """The last calendar year of money."""
        return self.money.horizon or self.stages[0].effect + 9

    @property
    def price_year(self) -> int:
        """The year at whose prices the figures of today stand."""
        return self.money.price_year or self.as_of.year

    @property
    def years(self) -> Sequence[int]:
        """Calendar years in which the plan moves money."""
        return range(self.stages[0].effect, self.horizon + 1)

    def stage_of(self, year: int) -> int:
        """The position of the stage whose deadline is `year`; KeyError where there is none."""
        for position, stage in enumerate(self.stages):
            if stage.year == year:
                return position
        raise KeyError(year)

    def decision_day(self, year: int) -> datetime.date:
        """The day by which a stage's decisions are taken: its deadline, never before the as-of day."""
        return max(self.as_of, datetime.date(year, 12, 31))

    def leaving_day(self, stage: int) -> datetime.date:
        """The day on which people leave whom a stage's mergers set free: the first of its year of effect."""
        return datetime.date(self.stages[stage].effect, 1, 1)

    def stage_in_force(self, year: int) -> int | None:
        """The last stage whose money is in force in a calendar year; None before the first."""
        in_force = [position for position, stage in enumerate(self.stages) if stage.effect <= year]
        return in_force[-1] if in_force else None
