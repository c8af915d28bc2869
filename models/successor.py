"""What a successor is: the figures of every option after every stage, in whole numbers.

Sums over the members, less what reorganising saves; the autonomy group from summed revenue over summed
recurrent spending; one head and the deputies that the norm allows. The checker holds the second copy of
this arithmetic, written over single units.
"""

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from models.distance import metres_between
from models.exact import Integers, ratio_half_up, share_half_up
from models.group_sums import GroupSums
from models.levers import Levers
from models.option import Paths
from models.scenario import Scenario
from models.severance_pay import SeverancePay
from models.staffing import BESIDE_TEACHING, UNKNOWN, Norms
from models.terms import Terms
from models.unit import Units

Truths = NDArray[np.bool_]
MOST_PAIRS = 2_000_000  # of units, in a table of their distances
SUMMED = (
    "posts_budget", "posts_own", "revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd", "orders_mvnd", "users",
    "classes", "beds", "sites", "heads", "deputies", "contracts", "buildings",
)  # fmt: skip


@dataclass(frozen=True, eq=False)
class StageFigures:
    """The group of every option after one stage (n values each).

    public: it remains a public unit; changed: it has absorbed others; figures: column -> value after, with
    `saved_posts`, `severed`, `surplus_leaders`, `best_group` (the best stated group among the members),
    `fees_mvnd`, `new_orders_mvnd`, `unbooked_mvnd` (see `unbooked`), `least_posts` (what slimming leaves by the norms;
    0 without) and `function` (position in the terms).
    """

    public: Truths
    changed: Truths
    figures: dict[str, Integers]

    def __getitem__(self, name: str) -> Integers:
        return self.figures[name]

    def taking(self, chosen: Truths) -> "StageFigures":
        """The figures of only some of the options."""
        figures = {name: values[chosen] for name, values in self.figures.items()}
        return StageFigures(self.public[chosen], self.changed[chosen], figures)


@dataclass(frozen=True, eq=False)
class Consequences:
    """Every figure of every option: stages in order, distances of absorbed entries, and whether a raise can be paid.

    metres: (entries) road metres from each entry to its host; affordable: (n) orders and fees cover the raise.
    """

    stages: tuple[StageFigures, ...]
    metres: Integers
    affordable: Truths
    one_off: tuple[Integers, ...]

    def taking(self, paths: Paths, chosen: Truths) -> "Consequences":
        """The same of only some of the options of `paths`: no option's figures depend on another's."""
        return Consequences(
            tuple(figures.taking(chosen) for figures in self.stages),
            self.metres[chosen[paths.option_of_entry]],
            self.affordable[chosen],
            tuple(paid[chosen] for paid in self.one_off),
        )


def consequences(scenario: Scenario, standing: tuple[Units, ...], levers: Levers, paths: Paths) -> Consequences:
    """The figures of all options after each stage.

    standing: the unit table after each stage before any decision.
    """
    metres = _metres(standing[0], paths, scenario.savings.road_factor)
    stages: list[StageFigures] = []
    affordable = np.ones(len(paths), dtype=bool)
    for stage in range(len(scenario.stages)):
        group = _Group(scenario, standing[stage], levers, paths, stage)
        figures, paid = group.after(stages[-1] if stages else None)
        affordable &= paid
        stages.append(figures)
    one_off = tuple(_one_off(scenario, paths, stages[s], s) for s in range(len(stages)))
    return Consequences(tuple(stages), metres, affordable, one_off)


def _metres(units: Units, paths: Paths, road_factor: Fraction) -> Integers:
    """(entries) road metres to the host, reckoned once for every pair of units where these are few."""
    count, hosts = len(units), paths.hosts[paths.option_of_entry]
    if count * count > MOST_PAIRS:
        joining = np.flatnonzero(~paths.is_host)
        metres = np.zeros(len(paths.members), dtype=np.int64)
        here, there = units.degrees[paths.members[joining]], units.degrees[hosts[joining]]
        metres[joining] = metres_between(here, there, road_factor)
        return metres
    pair = paths.members * count + hosts
    asked = np.zeros(count * count, dtype=bool)
    asked[pair] = True
    pairs = np.flatnonzero(asked)
    table = np.zeros(count * count, dtype=np.int64)
    table[pairs] = metres_between(units.degrees[pairs // count], units.degrees[pairs % count], road_factor)
    found: Integers = table[pair]
    return found


def unbooked(scenario: Scenario, stages: tuple[StageFigures, ...], year: int) -> Integers:
    """The part of merger savings that a calendar year does not book yet: they come over `early_years`."""
    late = 1 - scenario.savings.early_percent / 100
    total = np.zeros_like(stages[0]["state_saving_mvnd"])
    before = total
    for stage, figures in zip(scenario.stages, stages, strict=True):
        step = np.maximum(figures["state_saving_mvnd"] - before, 0)
        if stage.effect <= year < stage.effect + scenario.savings.early_years:
            total = total + share_half_up(step, late)
        before = figures["state_saving_mvnd"]
    return total


class _Group:
    """One stage of all options: which entries belong to the group, and their sums."""

    def __init__(self, scenario: Scenario, units: Units, levers: Levers, paths: Paths, stage: int) -> None:
        self.scenario, self.units, self.levers, self.paths, self.stage = scenario, units, levers, paths, stage
        self.active = paths.joins <= stage
        self.absorbed = self.active & ~paths.is_host
        self.closed = self.absorbed & paths.closed
        self.members, self.closing = self.sums(self.active), self.sums(self.closed)
        self.changed = self.sums(self.absorbed).of(np.ones(len(units), dtype=np.int64)) > 0
        self.norms = Norms(scenario, units, stage, paths.hosts)

    def sums(self, counted: Truths) -> GroupSums:
        return GroupSums(self.paths, counted, len(self.units))

    def total(self, column: str) -> Integers:
        return self.members.of(self.units.figure(column))

    def after(self, previous: StageFigures | None) -> tuple[StageFigures, Truths]:
        figures = {name: self.total(name) for name in SUMMED}
        before_posts = figures["posts_budget"] + figures["posts_own"]
        for column in ("sites", "buildings"):
            figures[column] = figures[column] - self.closing.of(self.units.figure(column))
        self._save_posts(figures, before_posts)
        self._save_money(figures, before_posts)
        paid = self._find_group(figures)
        self._move_posts(figures)
        self._sever(figures, previous, before_posts)
        self._keep_norm(figures)
        self._lead(figures)
        figures["function"] = self._function()
        public = (self.paths.leaves > self.stage) & self.units.exists[self.paths.hosts]
        return StageFigures(public, self.changed, figures), paid

    @cached_property
    def margin(self) -> Integers:
        """What is left for investment."""
        return self.members.of(self.units.investment_margin(self.scenario.terms.covering_investment))

    def _save_posts(self, figures: dict[str, Integers], before_posts: Integers) -> None:
        """Posts of leadership, shared and support work that the group no longer needs; one head stays."""
        branches = self.sums(self.absorbed & ~self.closed)
        share = self.closing.of(self.levers.saved_closed) + branches.of(self.levers.saved_branch)
        flat = share_half_up(share, Fraction(1, self.levers.saved_scale))
        by_norm = self._spare_by_norm(figures, before_posts)
        wanted = np.where(by_norm == UNKNOWN, flat, by_norm)
        exist = np.maximum(self.members.of(self.levers.administration) - 1, 0)
        saved = np.where(self.changed, np.minimum.reduce([wanted, exist, before_posts]), 0)
        from_budget = np.minimum(saved, figures["posts_budget"])
        figures["saved_posts"], figures["saved_budget_posts"] = saved, from_budget
        figures["posts_budget"] = figures["posts_budget"] - from_budget
        figures["posts_own"] = figures["posts_own"] - (saved - from_budget)

    def _spare_by_norm(self, figures: dict[str, Integers], before_posts: Integers) -> Integers:
        """Posts above the norms; deputies by the autonomy group before savings, which the savings themselves change."""
        terms = self.scenario.terms
        group = autonomy_group(terms, figures["revenue_mvnd"], figures["recurrent_mvnd"], self.margin)
        return self.norms.spare(self._with_positions(figures), group, before_posts)

    def _with_positions(self, figures: dict[str, Integers]) -> dict[str, Integers]:
        return figures | {column: self.total(column) for column in BESIDE_TEACHING.values()}

    def _save_money(self, figures: dict[str, Integers], before_posts: Integers) -> None:
        """Saved posts at the group's mean pay, and what closed sites cost to run; of a dissolved unit only the posts.

        The State saves the pay of its own posts and the running cost, within its grant.
        """
        posts = self.units.figure("posts_budget") + self.units.figure("posts_own")
        pay = self.members.of(posts * self.units.figure("avg_pay_vnd_month"))
        posts_paid = np.maximum(before_posts, 1) * 10**6
        all_pay = ratio_half_up(12 * figures["saved_posts"], pay, posts_paid)
        budget_pay = ratio_half_up(12 * figures["saved_budget_posts"], pay, posts_paid)
        running = self.sums(self.closed & ~self.paths.dissolved).of(self.units.figure("site_cost_mvnd"))
        figures["recurrent_mvnd"] = figures["recurrent_mvnd"] - np.minimum(all_pay + running, figures["recurrent_mvnd"])
        figures["state_saving_mvnd"] = np.minimum(budget_pay + running, figures["state_grant_mvnd"])
        figures["state_grant_mvnd"] = figures["state_grant_mvnd"] - figures["state_saving_mvnd"]

    def _find_group(self, figures: dict[str, Integers]) -> Truths:
        """The autonomy group: stated where nothing changes, else from the figures, lifted to the edge by a raise."""
        figures["best_group"] = self.members.least(self.units.figure("autonomy_group"), 9)
        own = self.units.figure("autonomy_group")[self.paths.hosts]
        terms = self.scenario.terms
        reckoned = autonomy_group(terms, figures["revenue_mvnd"], figures["recurrent_mvnd"], self.margin)
        group = np.where(self.changed, reckoned, own)
        raised = (self.paths.raised <= self.stage) & ~np.isin(group, terms.self_financing)
        short = np.where(raised, np.maximum(figures["recurrent_mvnd"] - figures["revenue_mvnd"], 0), 0)
        orders = np.minimum.reduce([short, self.total("orderable_mvnd"), figures["state_grant_mvnd"]])
        fees = short - orders
        figures["new_orders_mvnd"], figures["fees_mvnd"] = orders, fees
        figures["revenue_mvnd"] = figures["revenue_mvnd"] + short
        figures["orders_mvnd"] = figures["orders_mvnd"] + orders
        lifted = autonomy_group(terms, figures["revenue_mvnd"], figures["recurrent_mvnd"], self.margin)
        figures["autonomy_group"] = np.where(raised, lifted, group)
        figures["raised"] = raised.astype(np.int64)
        payable: Truths = ~raised | (fees <= self.total("fee_room_mvnd"))
        return payable

    def _move_posts(self, figures: dict[str, Integers]) -> None:
        """A group that pays for itself holds no budget-paid posts and gets no grant; a unit left alone keeps both."""
        paying = np.isin(figures["autonomy_group"], self.scenario.terms.self_financing)
        self_financing = paying & (self.changed | (figures["raised"] == 1))
        figures["posts_moved"] = np.where(self_financing, figures["posts_budget"], 0)
        figures["posts_own"] = figures["posts_own"] + figures["posts_moved"]
        figures["posts_budget"] = figures["posts_budget"] - figures["posts_moved"]
        ended = np.where(self_financing & (figures["raised"] == 0), figures["state_grant_mvnd"], 0)
        figures["state_saving_mvnd"] = (
            figures["state_saving_mvnd"] + ended
        )  # a partner's surplus is booked late as well
        figures["state_grant_mvnd"] = np.where(self_financing, 0, figures["state_grant_mvnd"])
        figures["self_financing"] = paying.astype(np.int64)

    def _sever(self, figures: dict[str, Integers], previous: StageFigures | None, before_posts: Integers) -> None:
        """Saved posts fall first on vacancies, then on retirement by the stage, then on people, who are paid for it."""
        year = self.scenario.stages[self.stage].year
        present = self.total("present_budget") + self.total("present_own")
        retiring = self.members.of(self.units.retiring_by(year))
        earlier = previous["saved_posts"] if previous else np.zeros_like(present)
        paid = previous["severed_so_far"] if previous else np.zeros_like(present)
        free = np.maximum(np.maximum(before_posts - present, 0) + retiring - (earlier - paid), 0)
        figures["severed"] = np.maximum(figures["saved_posts"] - earlier - free, 0)
        figures["severed_so_far"] = paid + figures["severed"]
        posts = self.units.posts * self.units.figure("avg_pay_vnd_month")
        pay = SeverancePay(self.scenario, self.units, self.stage)
        figures |= pay.of(figures, self.members.of(pay.weighed(posts)), before_posts)
        figures["staff"] = np.minimum(present, figures["posts_budget"] + figures["posts_own"])

    def _keep_norm(self, figures: dict[str, Integers]) -> None:
        """The posts that the norms give what a merger made: slimming leaves at least these; single units have caps."""
        posts = figures["posts_budget"] + figures["posts_own"]
        norm = self.norms.total(self._with_positions(figures), figures["autonomy_group"], posts)
        figures["least_posts"] = np.where(self.changed, np.maximum(norm, 0), 0)

    def _lead(self, figures: dict[str, Integers]) -> None:
        """One head, deputies by the norm; leaders above that are the surplus. Without a norm all stay."""
        posts = figures["posts_budget"] + figures["posts_own"]
        norm = self.norms.deputies(figures["autonomy_group"], posts)
        leaders = figures["heads"] + figures["deputies"]
        others = np.maximum(leaders - 1, 0)
        kept = np.where(norm == UNKNOWN, others, np.minimum(others, norm))
        figures["surplus_leaders"] = np.where(self.changed, np.maximum(leaders - 1 - kept, 0), 0)
        figures["heads"] = np.where(self.changed, np.minimum(figures["heads"], 1), figures["heads"])
        figures["deputies"] = np.where(self.changed, kept, figures["deputies"])

    def _function(self) -> Integers:
        """A market function if any member has one, since a receiver goes on with a dissolved unit's services.

        Of several the host's own, else the first in the order of the terms; where nobody has one, the host's function.
        """
        names = self.scenario.terms.functions
        codes = np.array([names.index(name) for name in self.units.text("function")], dtype=np.int64)
        found = own = codes[self.paths.hosts]
        markets = [names.index(name) for name in self.scenario.terms.market_functions]
        for market in sorted(markets, reverse=True):
            served = self.members.of((codes == market).astype(np.int64)) > 0
            found = np.where(served, market, found)
        return np.where(np.isin(own, markets), own, found)


def autonomy_group(terms: Terms, revenue: Integers, recurrent: Integers, margin: Integers) -> Integers:
    """The best group whose share of recurrent spending is reached, and investment where it asks for that.

    Whoever spends nothing has no share to show and stands in the last group (Decree 60/2021, art. 9 and 10).
    """
    group = np.full_like(revenue, len(terms.bands))
    for number, band in reversed(list(zip(terms.groups[:-1], terms.bands, strict=False))):
        share = band.at_least_percent / 100
        reached = (revenue * share.denominator >= recurrent * share.numerator) & (recurrent > 0)
        group = np.where(reached & ((margin >= 0) | (not band.covers_investment)), number, group)
    return group


def _one_off(scenario: Scenario, paths: Paths, figures: StageFigures, stage: int) -> Integers:
    """What the State pays once for the decisions of a stage: set-up, closing, severance, exits, new orders."""
    savings = scenario.savings
    joining = np.where(paths.joins == stage, 1, 0)
    add = np.add.reduceat if len(paths) else lambda values, _: values
    merged = add(joining, paths.starts[:-1])
    closed = add(joining * paths.closed, paths.starts[:-1])
    raises = ((paths.raised == stage) & (figures["raised"] == 1)).astype(np.int64)
    orders = raises * (figures["new_orders_mvnd"] > 0)
    exits = (paths.leaves == stage).astype(np.int64) * savings.exit_mvnd
    total: Integers = (
        merged * savings.merger_setup_mvnd
        + closed * savings.site_closing_mvnd
        + figures["severance_state_mvnd"]
        + raises * savings.raise_setup_mvnd
        + orders * savings.order_setup_mvnd
        + exits
    )
    return total
