"""Larger groups and longer neighbour lists: options priced one by one instead of listed all.

A program over few of the options has a linear relaxation; the multipliers of its rows price every other option as it
comes by. Those that could lower the bound join, until none can. Then the options whose price is at least what a plan
costs above the bound are in no better plan, and the rest is a listing of which the best plan is the best of all
(column generation, then fixing by reduced cost). Prices are whole numbers: what is left out is left out by proof.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil

import numpy as np
from numpy.typing import NDArray

from models.answer import LpAnswer
from models.candidates import Listing
from models.certificate import Certificate, all_soft
from models.columns import Columns
from models.multipliers import Multipliers
from models.objective import costs
from models.option import Paths
from models.order import Solve
from models.prepared import LeftOut, Prepared, broken_options
from models.program import Program
from models.scenario import Scenario
from models.stream import Stream
from models.stream_pricing import NONE_PICKED, Cost, Ended, Over, Picked, Priced, Sound, nothing, price, proved
from models.unit import Units

PER_UNIT = 10  # options that a listing keeps at least, for further plans, where there are so many
LEAST_KEPT = 2_000
MOST_KEPT = 300_000
UNKNOWN = LeftOut(None, None)
NEAR = Fraction(1, 10)  # of the gap asked for: how far the bound may lie under the relaxation


@dataclass(frozen=True, eq=False)
class Proof:
    """What no plan of the stream costs less than, and the multipliers that prove it.

    under: options priced below it are kept, times the denominator; None: all.
    """

    multipliers: Multipliers
    bound: Fraction
    under: int | None


@dataclass(frozen=True, eq=False)
class PricedIn:
    """A listing of those options of a stream that can be in a better plan, and how it came about.

    streamed: options that went by; sound: those of them that break no rule by themselves; ways: how often all of them
    were priced; complete: whether that came to its end; impossible: whether it is proved that no choice of them holds
    all rules, not even in parts; proof: of the bound, None without one.
    """

    problem: Prepared
    streamed: int
    sound: int
    ways: int
    complete: bool
    impossible: bool
    proof: Proof | None


def unpriced_key(scenario: Scenario) -> str | None:
    """The key of a scenario for which options cannot be priced one by one.

    A price speaks of one criterion, not of several in order; and a move of freed people ties the rows of two options.
    """
    if scenario.objective.order:
        return "objective.order"
    return None if scenario.staffing.redeploy_km is None else "staffing.redeploy_km"


def streamed(scenario: Scenario, units: Units) -> Stream | None:
    """The options of a scenario in parts, where they are more than it wants listed at once.

    None where they are not, or where its options cannot be priced one by one: they are listed whole.
    """
    if unpriced_key(scenario) is not None:
        return None
    stream = Stream.of(scenario, units)
    return stream if stream.passes(scenario.search.list_at_most) else None


def smallest_problem(stream: Stream) -> Prepared:
    """What single units, two units together and decided groups can become: no plan of it is sought."""
    paths = stream.pairs()
    columns = Columns.build(stream.scenario, stream.units, paths)
    broken = broken_options(columns)
    listing = Listing(paths, stream.graph, stream.unlisted)
    return Prepared(stream.scenario, stream.units, listing, columns.taking(~broken), int(broken.sum()))


def price_in(stream: Stream, relax: Callable[[Program], LpAnswer], solve: Solve, over: Over) -> PricedIn:
    """The options of a stream that can be in a better plan.

    solve: finds a first plan, by which what cannot be in a better one is told; over: whether to end with what there is.
    """
    return _Pricing(stream, relax, over).priced_in(solve)


def proved_again(stream: Stream, certificate: Certificate, under: int | None) -> PricedIn:
    """What multipliers say of a stream that goes by once more: its counts, the bound, what is kept and left out.

    Errors: ValueError where a multiplier stands at no row, leans on a limit that is not there, or is too large.
    """
    pricing = _Pricing(stream, _no_relaxation, over=lambda: False)
    pricing.survey()
    multipliers = Multipliers.read(pricing.problem.columns, certificate)
    try:
        found = price(pricing.sound, multipliers, MOST_KEPT, under)
    except OverflowError as error:
        raise ValueError(str(error)) from error
    bound = proved(pricing.sound, multipliers, found.below, pricing.problem.columns)
    pricing.keep(Proof(multipliers, bound, under), found)
    return pricing.told(complete=True)


def _no_relaxation(program: Program) -> LpAnswer:  # noqa: ARG001
    raise Ended


@dataclass(frozen=True, eq=False)
class _Guide:
    """What a linear relaxation over the options at hand says: duals, what they are about, and its least value."""

    duals: NDArray[np.float64]
    cost: Cost
    least: float


class _Pricing:
    def __init__(self, stream: Stream, relax: Callable[[Program], LpAnswer], over: Over) -> None:
        self.stream, self.relax = stream, relax
        self.sound = Sound(stream, over)
        self.least_kept = max(LEAST_KEPT, PER_UNIT * len(stream.units))
        self.problem = self._listing(self.sound.sifted(stream.pairs()).paths, UNKNOWN)
        self.ways, self.impossible = 0, False
        self.joined = NONE_PICKED
        self.proof: Proof | None = None

    def priced_in(self, solve: Solve) -> PricedIn:
        complete = True
        try:
            self.survey()
            while self._another_way():
                pass
            if self.proof is not None and not self.impossible:
                self._settle(self.proof, solve)
        except Ended:
            complete = False
        return self.told(complete=complete)

    def survey(self) -> None:
        """What all options need together belongs into the program over few of them as well. Errors: Ended."""
        self.sound.survey()
        if self.sound.extent is not None:
            self.problem = self._listing(self.problem.columns.paths, UNKNOWN)
            self.ways += 1

    def _another_way(self) -> bool:
        """Price all options at the multipliers of those at hand; whether that is to be done again. Errors: Ended."""
        guide, columns = self._guide(), self.problem.columns
        multipliers = Multipliers.of(columns, guide.duals, guide.cost(columns))
        found = price(self.sound, multipliers, self.least_kept, cost=guide.cost)
        self.ways += 1
        settled = multipliers.lowered(found.lacking)
        bound = proved(self.sound, settled, 0, columns, cost=guide.cost)
        fresh = self._join(found.negative)
        picked = found.own.with_others(found.cheapest).with_others(self.joined)
        again = fresh and bound < Fraction(guide.least) - NEAR * Fraction(self.problem.gap)
        if guide.cost is nothing:
            self.impossible = bound > 0
            self.problem = self._listing(picked.paths, None if self.impossible else UNKNOWN)
            return fresh and not self.impossible
        if self.proof is None or bound > self.proof.bound:
            self.proof = Proof(settled, bound, found.left_out)
        if not again:  # what joined on the way and is dear by now would only be in the way of a first plan
            picked = found.own.with_others(found.cheapest)
        left_out = self._left_out(len(picked.places), Proof(multipliers, bound, None), found)
        self.problem = self._listing(picked.paths, left_out)
        return again

    def _join(self, negative: Picked) -> bool:
        """Remember options that could lower the bound; whether there is any that was not known."""
        known = len(self.joined.places)
        self.joined = self.joined.with_others(negative)
        return len(self.joined.places) > known

    def _guide(self) -> _Guide:
        """The relaxation of the program, or where it has none, of its rows giving way as little as they can."""
        relaxed = self.relax(self.problem.program)
        if relaxed.status == "optimal":
            return _Guide(relaxed.duals, costs, relaxed.score)
        if relaxed.status == "infeasible":
            relaxed = self.relax(all_soft(self.problem.program).least_total())
        if relaxed.status != "optimal":
            raise Ended
        return _Guide(relaxed.duals, nothing, relaxed.score)

    def _settle(self, proof: Proof, solve: Solve) -> None:
        """Keep what can be in a better plan than the first one found, and as much as further plans are sought among."""
        first = solve(self.problem.program, hint=None, gap=self.problem.gap, share=Fraction(1, 3))
        under = proof.under
        if first.status == "infeasible":
            under = None
        elif first.score is not None and under is not None:
            under = max(under, ceil((first.score - proof.bound) * proof.multipliers.denominator) + 1)
        found = price(self.sound, proof.multipliers, MOST_KEPT, under)
        self.ways += 1
        self.keep(replace(proof, under=under), found)

    def keep(self, proof: Proof, found: Priced) -> None:
        picked = found.own.with_others(found.cheapest)
        left_out = self._left_out(len(picked.places), proof, found)
        self.proof, self.problem = proof, self._listing(picked.paths, left_out)

    def told(self, *, complete: bool) -> PricedIn:
        counts = (self.sound.streamed, self.sound.sound, self.ways)
        return PricedIn(self.problem, *counts, complete, self.impossible, self.proof)

    def _left_out(self, kept: int, proof: Proof, found: Priced) -> LeftOut | None:
        """What a plan with an option that is not kept costs at least; None where all are kept."""
        if found.left_out is None:
            return None
        least = proof.bound + Fraction(max(0, found.left_out), proof.multipliers.denominator)
        return LeftOut(self.sound.sound - kept, ceil(least))

    def _listing(self, paths: Paths, left_out: LeftOut | None) -> Prepared:
        """A problem over some options that break no rule."""
        stream = self.stream
        listing = Listing(paths, stream.graph, stream.unlisted)
        columns = self.sound.columns(paths)
        return Prepared(stream.scenario, stream.units, listing, columns, self.sound.broken, left_out=left_out)
