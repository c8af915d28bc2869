"""What is solved: a scenario made ready, with its options listed, its columns, and the program over them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property

import numpy as np

from models.answer import Answer
from models.beside import Beside, joined, widened
from models.candidates import Listing, list_options
from models.columns import Columns, Truths
from models.exact import Integers
from models.figures import GAINS, SCORE
from models.likeness import Event, events, signatures
from models.objective import costs, criteria
from models.option import Paths, unlisted
from models.order import Order
from models.program import Program, Rows
from models.rules import Rule, StructuralRule
from models.scenario import Scenario
from models.unit import Units


@dataclass(frozen=True)
class LeftOut:
    """Options that were priced and left out of a listing: how many, and what a plan with any of them costs at least.

    None: not known, since not every option was priced.
    """

    options: int | None
    costs_at_least: int | None


@dataclass(frozen=True, eq=False)
class Prepared:
    """A scenario made ready for solving: the listed options, the columns without broken ones, and the program.

    held: what every plan must hold beside the rules; beside: other scenarios whose rules every plan must hold as well;
    left_out: options that the listing could hold and does not.
    """

    scenario: Scenario
    units: Units
    listing: Listing
    columns: Columns
    broken: int
    held: tuple[Rows, ...] = ()
    beside: tuple[Beside, ...] = ()
    left_out: LeftOut | None = None

    @cached_property
    def program(self) -> Program:
        """Cover, linking rows and every rule; the constant is one year's State outlay, which scales the gap."""
        return self.program_of(self.targets)

    @cached_property
    def targets(self) -> tuple[Rule, ...]:
        """The rules that whole plans hold or break; structural ones have already chosen among the options."""
        return tuple(rule for rule in self.scenario.demands if not rule.structural)

    def program_of(self, targets: Iterable[Rule], price: Integers | None = None) -> Program:
        """The program under some of the targets only, at the scenario's score or another price per column.

        Other scenarios hold as they are.
        """
        rows = (*self.columns.linking, *(rule.rows(self.columns) for rule in targets), *self.held)
        cost = self._costs if price is None else price
        own = Program(self.columns.cover, rows, cost, self.columns.extra, self.outlay if price is None else 0)
        return joined(own, self.beside, [one.targets for one in self.beside])

    @cached_property
    def _costs(self) -> Integers:
        return costs(self.columns)

    def beside_left_out(self, answer: Answer) -> Answer:
        """An answer about the score with a bound that holds for plans with options left out as well."""
        if self.left_out is None:
            return answer
        least = self.left_out.costs_at_least
        return replace(answer, bound=None if least is None or answer.bound is None else min(answer.bound, least))

    @cached_property
    def outlay(self) -> int:
        """One year's State outlay of the whole table, by which gaps are measured."""
        return max(1, int(self.units.state_outlay_mvnd.sum()))

    @property
    def gap(self) -> float:
        """Within how many million VND of the bound a solve may end."""
        return float(max(Fraction(1, 2), self.scenario.search.gap_percent * self.outlay / 100))

    @cached_property
    def order(self) -> Order:
        """The steps by which plans are judged; without an order the score alone."""
        objective = self.scenario.objective
        found = criteria(self.columns) if objective.order else {}
        vectors = {name: -vector if name in GAINS else vector for name, vector in found.items()} | {SCORE: self._costs}
        prices = tuple(widened(vectors[name], self.program.columns) for name in objective.steps)
        tolerance = objective.order_tolerance_percent
        return Order(objective.steps, prices, tolerance, self.gap, self.outlay, self.tidy)

    def tidy(self, values: Integers) -> Integers:
        """A solution without what an engine may leave standing in its gap, in the columns of every scenario."""
        main = self.columns.tidy(values[: len(self.columns)])
        whole = np.concatenate([main, values[len(self.columns) :]])
        return np.concatenate([main, *(one.tidied(whole) for one in self.beside)])

    @cached_property
    def marks(self) -> Integers:
        return signatures(self.columns.paths, len(self.scenario.stages))

    @cached_property
    def events(self) -> list[tuple[Event, ...]]:
        return events(self.columns)


def prepare(scenario: Scenario, units: Units, drafted: Paths | None = None) -> Prepared:
    """List the options, compute their consequences, and set aside those that break a structural rule or a pin.

    drafted: options of a draft, which join the listing where it lacks them.
    """
    listing = list_options(scenario, units)
    if drafted is not None:
        listing = replace(listing, paths=Paths.joined([listing.paths, unlisted(listing.paths, drafted)]))
    columns = Columns.build(scenario, units, listing.paths)
    broken = broken_options(columns)
    return Prepared(scenario, units, listing, columns.taking(~broken), int(broken.sum()))


def broken_options(columns: Columns) -> Truths:
    """Options that break a structural rule or a pin."""
    broken = np.zeros(len(columns.paths), dtype=bool)
    for rule in columns.scenario.demands:
        if isinstance(rule, StructuralRule):
            broken |= rule.breaks(columns)
    return broken
