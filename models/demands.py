"""A scenario's demands held in part: every listed option, with only some of the rules and pins in force."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from models.checker import Check, check
from models.columns import Columns
from models.conflict import Names
from models.decide import decisions_of
from models.exact import Integers
from models.feasible import Held
from models.objective import costs
from models.prepared import Prepared
from models.program import Program, Rows
from models.rules import Rule, StructuralRule
from models.scenario import Scenario
from models.search import CheckerRefused

LAST_TO_BLAME = ("law", "central", "province", "modelling")


@dataclass(frozen=True, eq=False)
class Demands:
    """The targets, structural rules and pins of a scenario, any of which may be given up.

    A structural rule or pin that is given up frees the options that broke it, as far as they are listed; what a pin
    permits (an exit, a site) it goes on permitting. A rule that is given up sets no least number of posts any more.
    """

    problem: Prepared

    @property
    def all(self) -> tuple[Rule, ...]:
        return self.problem.scenario.demands

    @cached_property
    def by_id(self) -> dict[str, Rule]:
        return {rule.id: rule for rule in self.all}

    @cached_property
    def targets(self) -> Names:
        return frozenset(rule.id for rule in self.problem.targets)

    @cached_property
    def structural(self) -> Names:
        """The structural rules and the pins."""
        return frozenset(self.by_id) - self.targets

    @cached_property
    def blamed_first(self) -> dict[str, int]:
        """Every demand, modelling choices before the province's and law last, with how much it should be kept."""
        order = sorted(self.all, key=lambda rule: (-LAST_TO_BLAME.index(rule.tier), rule.structural))
        return {rule.id: len(LAST_TO_BLAME) - 1 - LAST_TO_BLAME.index(rule.tier) for rule in order}

    def held(self, names: Names) -> Held:
        """The rows of some demands beside the cover; structural rules and pins have chosen among the options."""
        columns = self.columns(names)
        return Held(self._program(columns), tuple(self.rows_of(columns, names & self.targets)))

    def columns(self, names: Names) -> Columns:
        """The options that break none of the structural rules and pins held, with the rooms that the rules leave."""
        if names >= self.structural:
            columns = self.problem.columns
        else:
            held = [self._breaks[name] for name in names & self.structural]
            broken = np.any(held, axis=0) if held else np.zeros(len(self._every.paths), dtype=bool)
            columns = self._every.taking(~broken)
        return columns if len(names) == len(self.by_id) else replace(columns, scenario=self._scenario(names))

    def rows_of(self, columns: Columns, names: Names) -> list[Rows]:
        return [rule.rows(columns) for rule in self.all if rule.id in names]

    def priced(self, columns: Columns, price: Integers | None = None) -> Program:
        """The cover and the linking rows at the scenario's score, or at another price per column."""
        outlay = self.problem.outlay if price is None else 0
        return self._program(columns).with_costs(costs(columns) if price is None else price, outlay)

    def checked(self, columns: Columns, values: Integers, unmet: Names = frozenset()) -> Check:
        """A solution as decisions, rebuilt by the checker; it may break no demand held but those that give way."""
        values = columns.tidy(values)
        found = check(columns.scenario, columns.units, decisions_of(columns, values))
        score = self.priced(columns).score(values)
        broken = {reading.id for reading in found.plan.readings if not reading.met}
        if found.refusals or broken - unmet or found.plan.score != score:
            raise CheckerRefused(found, score)
        return found

    @cached_property
    def _every(self) -> Columns:
        return Columns.build(self.problem.scenario, self.problem.units, self.problem.listing.paths)

    @cached_property
    def _breaks(self) -> dict[str, np.ndarray[tuple[int], np.dtype[np.bool_]]]:
        return {rule.id: rule.breaks(self._every) for rule in self.all if isinstance(rule, StructuralRule)}

    def _scenario(self, names: Names) -> Scenario:
        """The scenario with only the rules that are held; its pins go on permitting what they permit."""
        scenario = self.problem.scenario
        return scenario.model_copy(update={"rules": tuple(rule for rule in scenario.rules if rule.id in names)})

    def _program(self, columns: Columns) -> Program:
        nothing = np.zeros(len(columns), dtype=np.int64)
        return Program(columns.cover, tuple(columns.linking), nothing, columns.extra)
