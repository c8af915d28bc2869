"""Random plans with all that is right about them, taken before any slip, and what must hold of them after it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
import test_carried as carried
import test_two_roads as two_roads
from random_plans import random_values
from test_checker_independent import Sum, columns_of, sums_of

from models import checker, decide, objective, refusals
from models.carried import carried_of
from models.columns import Columns
from models.exact import Integers
from models.plan import Decision, Plan
from models.program import Rows
from models.recount import Recount
from models.recount_group import GroupRecount
from models.recount_rooms import rooms_of_group


@dataclass(frozen=True)
class Known:
    """A random plan, and what is right about it: by the first road, with every module as it stands."""

    columns: Columns
    values: Integers
    decisions: tuple[Decision, ...]
    plan: Plan
    score: int
    sums: Mapping[Sum, list[int]]
    held: Mapping[str, bool]


@cache
def known_plans() -> tuple[Known, ...]:
    """Before any slip: units near every limit, and all that pins, planned units and places may do."""
    drawn = [(columns_of(seed), np.random.default_rng(seed)) for seed in range(8)]
    drawn += [two_roads._worlds(seed) for seed in range(5)]
    return tuple(known for columns, draw in drawn for known in _known(columns, draw))


def _known(columns: Columns, draw: np.random.Generator) -> Iterator[Known]:
    scores, sums = objective.costs(columns), sums_of(columns)
    blocks = {rule.id: rule.rows(columns) for rule in columns.scenario.demands}
    for _ in range(8):
        values = random_values(columns, draw)
        decisions = decide.decisions_of(columns, values)
        yield Known(
            columns, values, decisions,
            plan=checker.check(columns.scenario, columns.units, decisions).plan,
            score=int(scores @ values),
            sums={key: [int(sum_) for sum_ in rows @ values] for key, rows in sums.items()},
            held={rule: _holds(block, values) for rule, block in blocks.items()},
        )  # fmt: skip


def _holds(block: Rows, values: Integers) -> bool:
    reached = block.matrix @ values
    return bool(((reached >= block.at_least) & (reached <= block.at_most)).all())


def second_road() -> None:
    """Rebuilt from its decisions, every plan has the score, the sums and the rooms of the first road."""
    for known in known_plans():
        columns = known.columns
        found = checker.check(columns.scenario, columns.units, known.decisions)
        assert not found.refusals
        assert found.plan.score == known.score
        for (figure, year, column, labels), wanted in known.sums.items():
            assert list(found.plan.after(figure, year, labels, per=column).values()) == wanted
        for rule in columns.scenario.demands:
            assert known.held[rule.id] == all(reading.met for reading in rule.measure(found.plan)), rule.id


def rooms() -> None:
    """To the last post and step, both roads leave the same room in every member of every group."""
    for known in known_plans():
        columns, paths = known.columns, known.columns.paths
        book, stages = Recount(columns.scenario, columns.units), range(len(columns.scenario.stages))
        groups = {group.host: group for group in checker.groups_of(columns.scenario, columns.units, known.decisions)}
        for option in np.flatnonzero(known.values[: len(paths)]):
            group = GroupRecount(book, groups[int(paths.hosts[option])])
            least: list[Mapping[int, int]] = [refusals._least_posts(group, stage) for stage in stages]
            found = rooms_of_group(group, least, refusals._elsewhere(group))
            for entry in range(paths.starts[option], paths.starts[option + 1]):
                unit = int(paths.members[entry])
                for stage in stages:
                    mine = columns.rooms.slim[stage][entry], columns.rooms.order[stage][entry]
                    assert mine == (found.slim[stage][unit], found.order[stage][unit])


def rows_and_measure(family: str) -> None:
    """Every plan keeps or breaks the rules of a family on both roads alike."""
    blocks: dict[tuple[int, str], Rows] = {}
    for known in known_plans():
        for rule in (rule for rule in known.columns.scenario.demands if rule.rule == family):
            key = (id(known.columns), rule.id)
            blocks[key] = blocks.get(key) or rule.rows(known.columns)
            assert _holds(blocks[key], known.values) == all(reading.met for reading in rule.measure(known.plan))


@cache
def carried_plans() -> tuple[tuple[str, Plan], ...]:
    return tuple((f"seed {seed}", plan) for seed in range(3) for plan in carried.drawn_plans(seed, 5))


def levers_add_up() -> None:
    """What carried the targets of random plans adds up to their readings."""
    carried.test_adds_up_to_every_reading([(place, plan, carried_of(plan)) for place, plan in carried_plans()])
