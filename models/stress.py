"""How plans stand up to what is not known exactly: the same random draws for every plan.

Each draw computes the consequences of the chosen options anew (models.trial) and measures every demand by its rows.
The worst draws are rebuilt by the checker, whose readings are told; where it differs, nothing is told at all.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import atanh, sqrt, tanh
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray
from scipy.stats import rankdata

from models.checker import groups_of
from models.draws import Draw, drawn
from models.exact import NO_LIMIT_ABOVE, NO_LIMIT_BELOW, Integers
from models.objective import criteria
from models.option import EQUITIZED
from models.plan import Plan
from models.program import Rows
from models.recount import Recount
from models.recount_group import GroupRecount
from models.recount_successor import group_successor, successors_of
from models.robust import Robust
from models.rules import Rule
from models.rules.rule import Reading
from models.scenario import Scenario
from models.trial import Decisions, Groups, Trial, decisions_in, tried
from models.unit import Units

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]
NORMAL_95 = 1.959963984540054
"""How many standard deviations hold 95% of a normal distribution."""
OUTSIDE = 0.05
"""How often the true correlation of some input may lie outside its interval."""
RANKS_VARY = 1.06
"""How much more Fisher's transform of ranks varies than that of normal figures."""
FEWEST_FOR_AN_INTERVAL = 3
LARGEST = 1 - 1e-12
"""A correlation of 1 has no transform; this is as good."""
SAVING = "state_saving"


class RoadsDisagree(Exception):  # noqa: N818
    """The checker found otherwise than the option table in a draw: nothing is told."""


@dataclass(frozen=True)
class Flip:
    """A decision or unit that comes otherwise in some draws.

    plan: its place; unit: position of the host or unit; what: `group`, `raise`, `equitize`, `slim` or `order`; stated,
    mostly: autonomy group as decided and the one that comes most often instead (0 where it is no group).
    """

    plan: int
    unit: int
    what: str
    draws: int
    stated: int = 0
    mostly: int = 0


@dataclass(frozen=True, eq=False)
class Stressed:
    """What the draws found.

    held: demand -> (plans, draws) whether it holds; room: demand -> (plans, draws) how much is missing or to spare, as
    a part of what is compared; saving: (plans, draws) net present State saving in mvnd; moved: (draws, entries);
    worst: (plan, demand) -> its number, and the checker's reading of it with the least slack.
    """

    scenario: Scenario
    units: Units
    held: Mapping[str, Truths]
    room: Mapping[str, Floats]
    saving: Integers
    moved: Floats
    flips: tuple[Flip, ...]
    worst: Mapping[tuple[int, str], tuple[int, Reading]]

    @property
    def draws(self) -> int:
        return len(self.moved)

    @property
    def demands(self) -> tuple[Rule, ...]:
        """What is worth telling: every target, and of the other rules those that some draw breaks."""
        return tuple(
            rule for rule in self.scenario.demands if not rule.structural or not bool(self.held[rule.id].all())
        )

    def all_held(self, plan: int) -> Truths:
        """(draws) whether a plan holds every demand."""
        found: Truths = np.logical_and.reduce([held[plan] for held in self.held.values()])
        return found if self.held else np.ones(self.draws, dtype=bool)

    def rank_correlations(self, amounts: Floats | Integers) -> Floats:
        """(entries) Spearman's rank correlation of (draws) amounts with how far off each entry was; 0 where one is
        the same in every draw."""
        return np.array([_spearman(self.moved[:, entry], amounts) for entry in range(self.moved.shape[1])])


def wilson(held: int, draws: int) -> tuple[float, float]:
    """The 95% score interval of a probability of which `held` of `draws` were seen (Wilson 1927); within 0 and 1."""
    if not draws:
        return 0.0, 1.0
    share, z = held / draws, NORMAL_95
    middle = (share + z * z / (2 * draws)) / (1 + z * z / draws)
    half = z / (1 + z * z / draws) * sqrt(share * (1 - share) / draws + z * z / (4 * draws * draws))
    return max(0.0, middle - half) if held else 0.0, min(1.0, middle + half) if held < draws else 1.0


def correlation_interval(correlation: float, draws: int, inputs: int) -> tuple[float, float]:
    """The ends between which Spearman's correlation lies, for all of several inputs together with 95%.

    Fisher's transformation with the variance 1.06/(draws - 3) (Fieller, Hartley and Pearson 1957), each input at
    5%/inputs (Bonferroni): the strongest of twelve is far from nothing by chance far oftener than one named beforehand.
    """
    if draws <= FEWEST_FOR_AN_INTERVAL:
        return -1.0, 1.0
    half = NormalDist().inv_cdf(1 - OUTSIDE / (2 * inputs)) * sqrt(RANKS_VARY / (draws - 3))
    middle = atanh(min(max(correlation, -LARGEST), LARGEST))
    return tanh(middle - half), tanh(middle + half)


def stress(
    scenario: Scenario, units: Units, plans: Sequence[Decisions], go_on: Callable[[str, int, int], bool] | None = None
) -> Stressed:
    """Try plans against the draws of [stress]; `go_on` hears what is done of how much, and ends the draws with False.

    Errors: RoadsDisagree where the checker rebuilds a draw otherwise.
    """
    scenario = scenario.model_copy(update={"robust": Robust()})  # a draw says itself what falls short
    groups = Groups.of_plans(scenario, units, plans)
    found = _Drawing(scenario, units, groups)
    proceed = go_on or (lambda _what, _done, _of: True)
    for number in range(scenario.stress.draws):
        if not proceed("drawing", number, scenario.stress.draws):
            break
        found.add(drawn(scenario, units, number))
    held, room = found.stacked()
    worst = _Worst(scenario, units, groups, plans, (held, room)).readings(proceed)
    draws = len(found.moved)
    saving = np.array(found.saving, dtype=np.int64).reshape(draws, len(plans)).T
    moved = np.array(found.moved).reshape(draws, len(scenario.stress.uncertain))
    return Stressed(scenario, units, held, room, saving, moved, tuple(found.flips()), worst)


class _Drawing:
    """Collects draws."""

    def __init__(self, scenario: Scenario, units: Units, groups: Groups) -> None:
        self.groups, self.units, self.plans = groups, units, len(groups.places)
        self.rules = [rule.id for rule in scenario.demands]
        nothing = Draw(scenario, units, np.zeros(len(scenario.stress.uncertain)))
        self.stated = tried(groups, nothing).autonomy_groups(groups)
        self.held: dict[str, list[Truths]] = {name: [] for name in self.rules}
        self.room: dict[str, list[Floats]] = {name: [] for name in self.rules}
        self.saving: list[Integers] = []
        self.moved: list[Floats] = []
        self.group_counts = np.zeros((groups.count, 1 + len(scenario.terms.bands)), dtype=np.int64)
        self.failed: Counter[tuple[str, int]] = Counter()
        self.short = {"slim": np.zeros_like(groups.slimmed[:, 0]), "order": np.zeros_like(groups.ordered[:, 0])}

    def add(self, draw: Draw) -> None:
        trial = tried(self.groups, draw)
        for rule in draw.scenario.demands:
            held, room = _measured(rule.rows(trial.columns), trial.values)
            self.held[rule.id].append(held)
            self.room[rule.id].append(room)
        self.saving.append(criteria(trial.columns)[SAVING] @ trial.values)
        self.moved.append(draw.moved)
        self._count(trial)

    def _count(self, trial: Trial) -> None:
        groups = self.groups
        self.group_counts[np.arange(groups.count), trial.autonomy_groups(groups)] += 1
        for what, can in (("raise", trial.raises), ("equitize", trial.exits)):
            self.failed.update((what, option) for option in np.flatnonzero(~can).tolist())
        self.short["slim"] += (trial.slimmed.sum(axis=1) < groups.slimmed.sum(axis=1)).astype(np.int64)
        step = trial.columns.levers.order_step  # less than a step is no smaller order
        less = trial.ordered.sum(axis=1) // step < groups.ordered.sum(axis=1) // step
        self.short["order"] += less.astype(np.int64)

    def stacked(self) -> tuple[dict[str, Truths], dict[str, Floats]]:
        """(plans, draws) of every demand."""
        shape = (-1, self.plans)
        held = {name: np.array(found, dtype=bool).reshape(shape).T for name, found in self.held.items()}
        return held, {name: np.array(found, dtype=np.float64).reshape(shape).T for name, found in self.room.items()}

    def flips(self) -> list[Flip]:
        """What came otherwise in at least one draw, plan by plan, the most frequent first."""
        found = []
        for plan, places in enumerate(self.groups.places):
            mine = [*self._of_groups(plan, places), *self._of_amounts(plan)]
            found += sorted(mine, key=lambda flip: (-flip.draws, flip.unit, flip.what))
        return found

    def _of_groups(self, plan: int, places: Integers) -> list[Flip]:
        paths, found = self.groups.paths, []
        for option in places.tolist():
            host, stated = int(paths.hosts[option]), int(self.stated[option])
            others = self.group_counts[option].copy()
            others[stated] = 0
            if others.any() and paths.exits[option] != EQUITIZED:
                found.append(Flip(plan, host, "group", int(others.sum()), stated, int(others.argmax())))
            found += [
                Flip(plan, host, what, self.failed[what, option])
                for what in ("raise", "equitize")
                if self.failed[what, option]
            ]
        return found

    def _of_amounts(self, plan: int) -> list[Flip]:
        return [
            Flip(plan, unit, what, int(counts[plan, unit]))
            for what, counts in self.short.items()
            for unit in np.flatnonzero(counts[plan]).tolist()
        ]


class _Worst:
    """The draw in which a plan misses a demand by most, rebuilt by the checker."""

    def __init__(
        self, scenario: Scenario, units: Units, groups: Groups, plans: Sequence[Decisions],
        found: tuple[Mapping[str, Truths], Mapping[str, Floats]],
    ) -> None:  # fmt: skip
        self.scenario, self.units, self.groups, self.plans = scenario, units, groups, plans
        self.held, self.room = found

    def readings(self, proceed: Callable[[str, int, int], bool]) -> dict[tuple[int, str], tuple[int, Reading]]:
        wanted = self._wanted()
        found: dict[tuple[int, str], tuple[int, Reading]] = {}
        for done, ((plan, number), names) in enumerate(sorted(wanted.items())):
            if not proceed("checking", done, len(wanted)):
                break
            rebuilt = self._checked(plan, number)
            for name in names:
                mine = [reading for reading in rebuilt if reading.id == name]
                found[plan, name] = (number, min(mine, key=lambda reading: (reading.met, reading.slack)))
        return found

    def _wanted(self) -> dict[tuple[int, int], list[str]]:
        """Plan and draw -> the targets whose worst draw it is."""
        wanted: dict[tuple[int, int], list[str]] = {}
        for rule in self.scenario.demands:
            rooms = self.room[rule.id]
            if rule.structural or not rooms.shape[1]:
                continue
            for plan in range(len(self.plans)):
                wanted.setdefault((plan, int(rooms[plan].argmin())), []).append(rule.id)
        return wanted

    def _checked(self, plan: int, number: int) -> tuple[Reading, ...]:
        draw = drawn(self.scenario, self.units, number)
        trial = tried(self.groups, draw)
        found = rebuilt(draw, decisions_in(self.groups, trial, plan, self.plans[plan])).readings
        met: dict[str, bool] = {}
        for reading in found:
            met[reading.id] = met.get(reading.id, True) and reading.met
        differing = [name for name, held in self.held.items() if met.get(name, True) != bool(held[plan, number])]
        if differing:
            raise RoadsDisagree(f"draw {number}, plan {plan + 1}: {', '.join(differing)}")
        return found


def rebuilt(draw: Draw, decisions: Decisions) -> Plan:
    """A plan in a draw by the checker's own arithmetic, without criteria, score and refusals: they take longest."""
    book = Recount(draw.scenario, draw.units)
    recounts = [GroupRecount(book, group) for group in groups_of(draw.scenario, draw.units, decisions)]
    stages = range(len(draw.scenario.stages))
    remain = tuple(tuple(s for recount in recounts for s in successors_of(recount, stage)) for stage in stages)
    left = tuple(
        tuple(group_successor(recount, stage) for recount in recounts if recount.left(stage)) for stage in stages
    )
    return Plan(draw.scenario, draw.units, tuple(decisions), remain, {}, 0, left)


def _measured(rows: Rows, values: Integers) -> tuple[Truths, Floats]:
    """(plans) whether all rows hold, and the least room of any of them, as a part of all that is compared in it."""
    plans = values.shape[1]
    if not rows.labels:
        return np.ones(plans, dtype=bool), np.ones(plans)
    reached = rows.matrix @ values
    size = np.maximum(abs(rows.matrix) @ np.abs(values), 1).astype(np.float64)
    rooms = []
    for limits, sign, open_ in ((rows.at_most, 1, NO_LIMIT_ABOVE), (rows.at_least, -1, NO_LIMIT_BELOW)):
        stated = limits != open_
        if stated.any():
            spare = sign * (limits[stated, None] - reached[stated])
            rooms.append((spare, spare / (size[stated] + np.abs(limits[stated, None]))))
    held = np.logical_and.reduce([(spare >= 0).all(axis=0) for spare, _ in rooms])
    return held, np.minimum.reduce([part.min(axis=0) for _, part in rooms])


def _spearman(moved: Floats, amounts: Floats | Integers) -> float:
    ranks = [rankdata(values) for values in (moved, amounts)]
    spread = [values - values.mean() for values in ranks]
    size = float(np.sqrt((spread[0] ** 2).sum() * (spread[1] ** 2).sum()))
    return float((spread[0] * spread[1]).sum()) / size if size else 0.0


def share_of(count: int, draws: int) -> Fraction:
    """A count of draws in percent of all."""
    return Fraction(100 * count, max(draws, 1))
