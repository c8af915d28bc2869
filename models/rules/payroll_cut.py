"""Fewer posts paid from the State budget."""

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from pydantic import model_validator
from scipy import sparse

from models.carried import NATURES_OF_POSTS, Carried, Target, per_hundred
from models.falls import BudgetPosts, Saved, falls_of, saved_of, today_of
from models.rules.cut import Cut, Sums, cut_percent
from models.rules.rule import Fact, Quotient, Reading
from models.saved import saved
from models.schema import Count, Labels, Schema, Where, Year

if TYPE_CHECKING:
    from models.columns import Columns
    from models.plan import Plan
    from models.scenario import Scenario
    from models.unit import Units


class PayrollBaseline(Schema):
    """From which number a payroll cut counts.

    `assigned`: the number given here, else the posts assigned for the baseline year in the unit table, else today's;
    then cuts that the plan itself has in force by the baseline year lower the baseline and do not count.
    `fixed`: today's posts. `realised`: what the plan itself leaves in the baseline year. Both are allowed and flagged;
    a plan that meets the cut only so, and would not from the assigned baseline, is marked.
    """

    kind: Literal["assigned", "fixed", "realised"] = "assigned"
    posts: Count | None = None
    source: str = ""

    @model_validator(mode="after")
    def _stated_is_assigned(self) -> "PayrollBaseline":
        if self.posts is not None and self.kind != "assigned":
            raise ValueError("rules.baseline_posts_assigned:posts,kind")
        return self


class PayrollCut(Cut):
    """Posts paid from the State budget on 31 December of `year` are at least `at_least_percent` below the baseline."""

    rule: Literal["payroll_cut"] = "payroll_cut"
    year: Year
    baseline_year: Year
    baseline: PayrollBaseline = PayrollBaseline()

    @model_validator(mode="after")
    def _one_baseline(self) -> "PayrollCut":
        if self.baseline.posts is not None and self.per is not None:
            raise ValueError("rules.baseline_per:baseline.posts,per")
        return self

    def sums(self, columns: "Columns") -> Sums:
        labels = self.labels(columns.scenario, columns.units)
        posts = columns.after("posts_budget", self.year, labels, self.scope, self.per)
        part, whole = self.kept.numerator, self.kept.denominator
        moving = self._moving_year(columns.scenario, columns.units)
        if moving is not None:
            start = columns.after("posts_budget", moving, labels, self.scope, self.per)
            matrix = sparse.csr_array(whole * posts - part * start)
            today = columns.units.sums("posts_budget", labels, self.scope, self.per)
            return Sums(labels, matrix, [Fraction(0)] * len(labels), [whole * n for n in today.values()])
        bases = self._bases(columns.units, labels)
        limits, counted = ([times * bases[label] for label in labels] for times in (part, whole))
        return Sums(labels, whole * posts, [Fraction(limit) for limit in limits], counted)

    def savings(self, columns: "Columns") -> sparse.csr_array:
        """Posts given up by the year; those given up by a moving baseline's year lower it as well."""
        scenario, part, whole = columns.scenario, self.kept.numerator, self.kept.denominator
        found = whole * saved(columns, self, ("posts_budget",), scenario.stage_of(self.year))
        moving = self._moving_year(scenario, columns.units)
        if moving is not None:
            found = found - part * saved(columns, self, ("posts_budget",), scenario.stage_of(moving))
        return sparse.csr_array(found)

    def saved(self, plan: "Plan") -> Saved:
        gave = dict(saved_of(plan, self, BudgetPosts(), plan.scenario.stage_of(self.year)))
        moving = self._moving_year(plan.scenario, plan.units)
        if moving is not None:
            for key, amount in saved_of(plan, self, BudgetPosts(), plan.scenario.stage_of(moving)).items():
                gave[key] = gave.get(key, Fraction(0)) - self.kept * amount
        return gave

    def quotient(self, columns: "Columns") -> Quotient | None:
        """Posts that are gone since the baseline year over those that the plan leaves in it."""
        moving = self._moving_year(columns.scenario, columns.units)
        if moving is None:
            return None
        labels = self.labels(columns.scenario, columns.units)
        start = columns.after("posts_budget", moving, labels, self.scope, self.per)
        posts = columns.after("posts_budget", self.year, labels, self.scope, self.per)
        return sparse.csr_array(start - posts), start

    def measure(self, plan: "Plan") -> tuple[Reading, ...]:
        """The cut from the baseline asked for, and whether it is a cut from the assigned one as well."""
        readings = self._cuts(plan)
        if self.baseline.kind == "assigned":
            assumed = self.baseline.posts is None and plan.units.assumed_in("posts_budget_2025", self.scope)
            return tuple(replace(reading, baseline="assumed" if assumed else "") for reading in readings)
        others = self._from_assigned()._cuts(plan)
        return tuple(
            replace(reading, baseline=self.baseline.kind, met_only_so=reading.met and not other.met)
            for reading, other in zip(readings, others, strict=True)
        )

    def _from_assigned(self) -> "PayrollCut":
        """The same cut from the assigned baseline."""
        return self.model_copy(update={"baseline": PayrollBaseline()})

    def _cuts(self, plan: "Plan") -> tuple[Reading, ...]:
        labels = self.labels(plan.scenario, plan.units)
        posts = plan.after("posts_budget", self.year, labels, self.scope, self.per)
        moving = self._moving_year(plan.scenario, plan.units)
        if moving is not None:
            bases = plan.after("posts_budget", moving, labels, self.scope, self.per)
        else:
            bases = self._bases(plan.units, labels)
        reserve = self.reserve(plan)
        return tuple(self.cut_reading(label, self.year, (bases[label], posts[label]), reserve) for label in labels)

    def context(self, plan: "Plan") -> tuple[Fact, ...]:
        """The cut outside and inside education and health, and the posts that moved to own revenue or are gone."""
        frontline = plan.scenario.counting.frontline_sectors
        labels = self.labels(plan.scenario, plan.units)
        parts = {
            "without_education_and_health": _outside(self.scope, frontline),
            "education_and_health": _inside(self.scope, frontline),
        }
        facts = [fact for what, scope in parts.items() for fact in self._cuts_in(what, scope, plan, labels)]
        today = plan.units.sums("posts_budget", labels, self.scope, self.per)
        left = plan.after("posts_budget", self.year, labels, self.scope, self.per)
        moved = plan.after("posts_moved", self.year, labels, self.scope, self.per)
        gone = {label: today[label] - left[label] - moved[label] for label in labels}
        posts = (
            *self.tally("posts_moved", self.year, moved, today),
            *self.tally("posts_vanished", self.year, gone, today),
        )
        return (*facts, *posts)

    def _cuts_in(self, what: str, scope: Where, plan: "Plan", labels: tuple[str, ...]) -> list[Fact]:
        """The cut of a part of the units that holds posts, from its part of the baseline, never of a stated total."""
        moving = self._moving_year(plan.scenario, plan.units)
        if moving is not None:
            bases = plan.after("posts_budget", moving, labels, scope, self.per)
        else:
            bases = plan.units.sums(self._base_column, labels, scope, self.per)
        posts = plan.after("posts_budget", self.year, labels, scope, self.per)
        return [
            self.fact(what, label, self.year, cut_percent(base, posts[label]), (base - posts[label], base))
            for label, base in bases.items()
            if base or posts[label]
        ]

    def carried(self, plan: "Plan") -> tuple[Carried, ...]:
        """Posts fewer than the baseline; what the plan cut by a moving baseline's year does not count.

        Equitizing has a row of its own even where it gives nothing: units that pay their own staff hold no such posts.
        """
        labels = self.labels(plan.scenario, plan.units)
        gave = dict(falls_of(plan, self, BudgetPosts(), plan.scenario.stage_of(self.year)))
        bases = dict(zip(labels, (reading.denominator for reading in self.measure(plan)), strict=True))
        moving = self._moving_year(plan.scenario, plan.units)
        if moving is not None:
            for key, fell in falls_of(plan, self, BudgetPosts(), plan.scenario.stage_of(moving)).items():
                gave[key] = gave.get(key, 0) - fell
        else:
            today = today_of(plan, self, BudgetPosts())
            gave |= {(label, "before"): bases[label] - today[label] for label in labels}
        target = Target(self, self.year, NATURES_OF_POSTS)
        return target.rows(labels, gave, per_hundred(bases), shown=("equitize",))

    def _moving_year(self, scenario: "Scenario", units: "Units") -> int | None:
        """The stage whose posts are the baseline; None where the baseline is a number.

        It moves with the plan where that is asked for, or where nobody stated the assigned posts: then what the plan
        cuts by the baseline year lowers it.
        """
        stated = self.baseline.posts is not None or not units.assumed_in("posts_budget_2025", self.scope)
        if self.baseline.kind == "fixed" or (self.baseline.kind == "assigned" and stated):
            return None
        years = [stage.year for stage in scenario.stages if stage.year <= self.baseline_year]
        return max(years) if years else None

    def _bases(self, units: "Units", labels: tuple[str, ...]) -> dict[str, int]:
        if self.baseline.posts is not None:
            return {labels[0]: self.baseline.posts}
        return units.sums(self._base_column, labels, self.scope, self.per)

    @property
    def _base_column(self) -> str:
        return "posts_budget_2025" if self.baseline.kind == "assigned" else "posts_budget"


def _inside(scope: Where, sectors: Labels) -> Where:
    """A scope within some sectors."""
    return {**scope, "sector": tuple(name for name in sectors if name in scope.get("sector", sectors))}


def _outside(scope: Where, sectors: Labels) -> Where:
    """A scope without some sectors."""
    return {**scope, "sector_not": (*scope.get("sector_not", ()), *sectors)}
