"""Every plan of a small province, one by one: decisions written down directly, and judged by the checker alone.

The second road to a ranking. It knows who may merge, who hosts and in which order things may happen from the
documentation; it looks at no option table, no items, no rows and no costs.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations, product

from permissions import Permissions

from models.checker import Check, check
from models.plan import Decision
from models.scenario import Scenario
from models.unit import Units

MOST_RECEIVED = 3  # units that one receiver takes over together
MOST_STEPS = 3  # posts slimmed, or orders placed, in one unit over all stages
Event = tuple[str, frozenset[int]]
Spread = list[tuple[tuple[int, ...], tuple[Decision, ...]]]
"""Steps per stage and the rows that say so."""


@dataclass(frozen=True)
class Part:
    """One final group with its amounts.

    mark: what makes plans the same (who ends up together, dissolved or not, its end, its raise);
    events: the structural decisions that it holds; score: what it adds to a plan in which everyone is left alone.
    """

    units: frozenset[int]
    decisions: tuple[Decision, ...]
    mark: Hashable
    events: tuple[Event, ...]
    score: int


@dataclass(frozen=True, eq=False)
class Whole:
    """A plan: its parts, and what the checker says of it (asked when it matters)."""

    province: "Province"
    parts: tuple[Part, ...]

    @cached_property
    def score(self) -> int:
        return self.province.untouched + sum(part.score for part in self.parts)

    @cached_property
    def mark(self) -> frozenset[Hashable]:
        return frozenset(part.mark for part in self.parts)

    @cached_property
    def events(self) -> frozenset[Event]:
        return frozenset(event for part in self.parts for event in part.events)

    @cached_property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(decision for part in self.parts for decision in part.decisions)

    @cached_property
    def checked(self) -> Check:
        found = check(self.province.scenario, self.province.units, self.decisions)
        assert found.plan.score == self.score, "a plan costs what its groups cost"
        return found

    @property
    def feasible(self) -> bool:
        return self.checked.passed

    def broken(self) -> set[str]:
        """Ids of the rules and pins that the plan does not hold."""
        return {reading.id for reading in self.checked.plan.readings if not reading.met}


class Province:
    """A scenario and its units, and everything that may become of them."""

    def __init__(self, scenario: Scenario, units: Units, *, mergers_only: bool = False) -> None:
        """`mergers_only` keeps and merges in one stage: for provinces of more units."""
        self.scenario, self.units, self.law = scenario, units, Permissions(scenario, units)
        self.stages = range(len(scenario.stages))
        self.mergers_only = mergers_only

    @cached_property
    def plans(self) -> list[Whole]:
        """Every exact cover of the units by parts that can be carried out, the cheapest first."""
        found = [Whole(self, parts) for parts in self._covers(frozenset(range(len(self.units))))]
        return sorted(found, key=lambda whole: whole.score)

    @cached_property
    def untouched(self) -> int:
        """The score of the plan in which everyone is left alone: not nothing where units come to stand."""
        return check(self.scenario, self.units, [self._keep(unit) for unit in range(len(self.units))]).plan.score

    def _covers(self, left: frozenset[int]) -> Iterator[tuple[Part, ...]]:
        if not left:
            yield ()
            return
        for part in self._by_first.get(min(left), []):
            if part.units <= left:
                for rest in self._covers(left - part.units):
                    yield (part, *rest)

    @cached_property
    def _by_first(self) -> dict[int, list[Part]]:
        found: dict[int, list[Part]] = {}
        for part in self.parts:
            found.setdefault(min(part.units), []).append(part)
        return found

    @cached_property
    def parts(self) -> list[Part]:
        """Every group with every path and every amount, unless the checker refuses it beside units left alone."""
        drafts = [*self._alone(), *self._merged()]
        if not self.mergers_only:
            drafts += self._dissolved()
        return list(dict.fromkeys(part for draft in drafts for part in self._with_amounts(draft)))

    def _with_amounts(self, draft: "Draft") -> Iterator[Part]:
        """The draft with every amount that the checker does not refuse."""
        if self._alone_with(draft, ()).refusals:
            return
        choices = [self._permitted(draft, spread) for unit in sorted(draft.units) for spread in self._spreads[unit]]
        for chosen in product(*choices):
            amounts = tuple(decision for rows in chosen for decision in rows)
            found = self._alone_with(draft, amounts)
            if not found.refusals:
                decisions = (*draft.decisions, *amounts)
                added = found.plan.score - self.untouched
                yield Part(draft.units, decisions, draft.mark, self._unless_forced(draft.events), added)

    def _permitted(self, draft: "Draft", spread: "Spread") -> list[tuple[Decision, ...]]:
        """What the checker lets one unit give in this group; what is beyond the room stays so with more of it."""
        found: list[tuple[Decision, ...]] = []
        refused: list[tuple[int, ...]] = []
        for steps, rows in spread:
            if any(all(few <= many for few, many in zip(least, steps, strict=True)) for least in refused):
                continue
            if self._alone_with(draft, rows).refusals:
                refused.append(steps)
            else:
                found.append(rows)
        return found

    def _alone_with(self, draft: "Draft", amounts: tuple[Decision, ...]) -> Check:
        kept = [self._keep(unit) for unit in range(len(self.units)) if unit not in draft.units]
        return check(self.scenario, self.units, (*draft.decisions, *amounts, *kept))

    @cached_property
    def _spreads(self) -> list[list["Spread"]]:
        """Per unit what it may slim and order."""
        found: list[list[Spread]] = [[] for _ in range(len(self.units))]
        for unit, mine in enumerate(found):
            if self.law.may("slim", unit):
                mine.append(self._spread("slim", unit, "posts_slimmed", 1))
            if self.law.may("order", unit):
                mine.append(self._spread("order", unit, "orders_mvnd", self.law.order_step(unit)))
        return found

    def _spread(self, fate: str, unit: int, figure: str, step: int) -> "Spread":
        """Up to MOST_STEPS steps over the stages, fewest first; the unit must not have room for one more."""
        found = []
        for steps in sorted(product(range(MOST_STEPS + 1), repeat=len(self.stages)), key=sum):
            if sum(steps) <= MOST_STEPS:
                chosen = [(stage, count) for stage, count in enumerate(steps) if count]
                found.append((steps, tuple(self._row(fate, unit, stage, **{figure: n * step}) for stage, n in chosen)))
        beyond = self._row(fate, unit, self.stages[-1], **{figure: (MOST_STEPS + 1) * step})
        kept = [self._keep(other) for other in range(len(self.units))]
        assert check(self.scenario, self.units, (*kept, beyond)).refusals, f"more than {MOST_STEPS} steps of {fate}"
        return found

    def _alone(self) -> Iterator["Draft"]:
        """Keep; raise; equitize or convert; equitize in a later stage what was raised."""
        for unit in range(len(self.units)):
            yield Draft(frozenset([unit]), (self._keep(unit),), self._mark([unit]), ())
            if self.mergers_only or self.law.year_of_creation(unit):
                continue
            one = frozenset([unit])
            for stage in self.stages:
                raised = self._row("raise", unit, stage)
                yield Draft(one, (raised,), self._mark([unit], raised=True), (("raise", one),))
                for fate in ("equitize", "convert"):
                    mark = self._mark([unit], end=fate)
                    yield Draft(one, (self._row(fate, unit, stage),), mark, ((fate, one),))
                for later in range(stage + 1, len(self.stages)):
                    both = (raised, self._row("equitize", unit, later))
                    yield Draft(one, both, self._mark([unit], end="equitize"), (("equitize", one),))

    def _merged(self) -> Iterator["Draft"]:
        for block, group in self.law.groups():
            host = self.law.host_of(block, group)
            if host is None:
                continue
            others = [unit for unit in group if unit != host]
            sites = {"kept": ("kept",), "closed": ("closed",), "either": ("kept", "closed")}[block.sites]
            for joins, site in product(self._joinings(others), sites):
                yield from self._mergers(host, joins, block.form, site)

    def _mergers(self, host: int, joins: dict[int, int], form: str, site: str) -> Iterator["Draft"]:
        """The merger as it is, and with the host raised in its first stage or a later one."""
        first, group = min(joins.values()), frozenset([host, *joins])
        name = self.units.ids[host] + ("+" if form == "consolidate" else "")
        shared = {"form": form, "host_id": self.units.ids[host], "successor_id": name}
        rows = [self._row("merge", unit, stage, site=site, **shared) for unit, stage in joins.items()]
        rows.append(self._row("merge", host, first, site="kept", **shared))
        yield Draft(group, tuple(rows), self._mark(group), (("merge", group),))
        for stage in () if self.mergers_only else range(first, len(self.stages)):
            raised = (*rows, self._row("raise", host, stage))
            yield Draft(group, raised, self._mark(group, raised=True), (("merge", group),))

    def _joinings(self, others: Sequence[int]) -> Iterator[dict[int, int]]:
        """All at once in a stage, or a core in an earlier stage than the rest."""
        for stages in product(self.stages, repeat=len(others)):
            if len(set(stages)) <= (1 if self.mergers_only else 2):
                yield dict(zip(others, stages, strict=True))

    def _dissolved(self) -> Iterator["Draft"]:
        """Units with a ground to end, in every stage, alone or with others whose tasks the same receiver takes over."""
        for receiver, leaving in self.law.leaving().items():
            for size in range(1, min(len(leaving), MOST_RECEIVED) + 1):
                for together in combinations(leaving, size):
                    for stages in product(self.stages, repeat=size):
                        yield self._ended(receiver, dict(zip(together, stages, strict=True)))

    def _ended(self, receiver: int, ends: dict[int, int]) -> "Draft":
        taker = {"receiver_id": self.units.ids[receiver], "successor_id": self.units.ids[receiver]}
        rows = [self._row("dissolve", unit, stage, site="closed", **taker) for unit, stage in ends.items()]
        group = frozenset([receiver, *ends])
        events = tuple(("dissolve", frozenset([unit])) for unit in ends)
        return Draft(group, (*rows, self._keep(receiver)), self._mark(group, dissolved=frozenset(ends)), events)

    def _unless_forced(self, events: tuple[Event, ...]) -> tuple[Event, ...]:
        """The events in which pins, or a full equitization target, leave a choice."""
        return tuple((fate, group) for fate, group in events if not self._forced(fate, group))

    def _forced(self, fate: str, group: frozenset[int]) -> bool:
        if fate == "merge":
            return tuple(sorted(group)) in self.law.pinned_groups()
        return all(self.law.forced(fate, unit) for unit in group)

    def _mark(
        self,
        group: Sequence[int] | frozenset[int],
        *,
        dissolved: frozenset[int] = frozenset(),
        end: str = "",
        raised: bool = False,
    ) -> Hashable:
        return (tuple((unit, unit in dissolved) for unit in sorted(group)), raised, end)

    def _keep(self, unit: int) -> Decision:
        """Left as it is: a unit that is yet to come does nothing but come to stand."""
        if created := self.law.year_of_creation(unit):
            stage = next(stage for stage in self.stages if self.scenario.stages[stage].year >= created)
            return self._row("create", unit, stage, successor_id=self.units.ids[unit])
        return Decision(unit_id=self.units.ids[unit], fate="keep", successor_id=self.units.ids[unit])

    def _row(self, fate: str, unit: int, stage: int, **more: object) -> Decision:
        year = self.scenario.stages[stage].year
        return Decision(unit_id=self.units.ids[unit], fate=fate, year=year, **more)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Draft:
    """A group and its steps before amounts, not yet judged."""

    units: frozenset[int]
    decisions: tuple[Decision, ...]
    mark: Hashable
    events: tuple[Event, ...]


def first_of(plans: Sequence[Whole], fits: Callable[[Whole], bool]) -> Whole | None:
    """The cheapest feasible plan that fits; `plans` are sorted by score, and only what matters is checked."""
    return next((whole for whole in plans if fits(whole) and whole.feasible), None)


def best_of_each_kind(plans: Sequence[Whole], count: int) -> list[tuple[int, frozenset[Hashable]]]:
    """(score, mark) of the cheapest feasible plan of every kind, cheapest first, all ties of the last included."""
    found: dict[frozenset[Hashable], int] = {}
    for whole in plans:
        if len(found) >= count and whole.score > max(found.values()):
            break
        if whole.mark not in found and whole.feasible:
            found[whole.mark] = whole.score
    return sorted(((score, mark) for mark, score in found.items()), key=lambda pair: pair[0])


def repeated(earlier: Whole, later: Whole) -> int:
    """Units of the earlier plan's events that meet the same event in the later one."""
    return sum(len(group) for fate, group in earlier.events & later.events)


def units_in_events(whole: Whole) -> int:
    return sum(len(group) for _, group in whole.events)
