"""The checker: rebuilds every figure of a plan from the scenario, the unit table and the decisions alone.

It trusts neither the solver nor the option table. What cannot be carried out is refused; what breaks a target shows
in the plan's readings.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from models.plan import Decision, Plan
from models.problem import Problem
from models.recount import Group, Joining, Recount
from models.recount_group import GroupRecount
from models.recount_moves import refused_moves, with_moves
from models.recount_successor import group_successor, successors_of
from models.recount_value import value_of
from models.refusals import refusals_of, unsettled
from models.scenario import Scenario
from models.unit import Units


@dataclass(frozen=True)
class Check:
    """The rebuilt plan, and why it cannot be carried out (empty where it can)."""

    plan: Plan
    refusals: tuple[Problem, ...]

    @property
    def passed(self) -> bool:
        """Nothing refused and every reading met."""
        return not self.refusals and all(reading.met for reading in self.plan.readings)


def check(scenario: Scenario, units: Units, decisions: Sequence[Decision]) -> Check:
    """Rebuild a plan from its decisions; unknown units and years are refused by the reader of the decisions before."""
    book = Recount(scenario, units)
    groups = with_moves(scenario, units, groups_of(scenario, units, decisions), decisions)
    recounts = [GroupRecount(book, group) for group in groups]
    refusals = [problem for recount in recounts for problem in refusals_of(recount)]
    refusals += [*unsettled(scenario, units, decisions), *refused_moves(recounts, decisions)]
    covered = sorted(unit for group in groups for unit in group.members)
    if covered != list(range(len(units))):
        twice = sorted({units.ids[unit] for unit in covered if covered.count(unit) > 1})
        refusals.append(Problem("decisions", "check.not_a_cover", {"units": ", ".join(twice)}))
    stages = tuple(
        tuple(s for recount in recounts for s in successors_of(recount, stage)) for stage in range(len(scenario.stages))
    )
    left = tuple(
        tuple(group_successor(recount, stage) for recount in recounts if recount.left(stage))
        for stage in range(len(scenario.stages))
    )
    criteria, score = value_of(recounts)
    plan = Plan(scenario, units, tuple(decisions), stages, criteria, score, left)
    return Check(plan, tuple(refusals))


def groups_of(scenario: Scenario, units: Units, decisions: Iterable[Decision]) -> list[Group]:
    """The final groups that decisions make, in the order of their hosts."""
    steps: dict[str, list[Decision]] = {unit: [] for unit in units.ids}
    for decision in decisions:
        steps[decision.unit_id].append(decision)
    host_of = {unit: _host(rows, unit) for unit, rows in steps.items()}
    members: dict[str, list[str]] = {unit: [] for unit in units.ids if host_of[unit] == unit}
    for unit, host in host_of.items():
        if host != unit:
            members.setdefault(host, []).append(unit)
    return [_group(scenario, units, host, found, steps) for host, found in sorted(members.items())]


def _host(rows: Sequence[Decision], unit: str) -> str:
    for row in rows:
        if row.fate in ("merge", "dissolve"):
            return row.host_id or row.receiver_id or unit
    return unit


def _group(
    scenario: Scenario, units: Units, host: str, members: Sequence[str], steps: dict[str, list[Decision]]
) -> Group:
    at = units.positions
    joinings = []
    for unit in sorted(members, key=at.__getitem__):
        row = next(row for row in steps[unit] if row.fate in ("merge", "dissolve"))
        dissolved = row.fate == "dissolve"
        assert row.year is not None, "the reader of decisions requires the year of a step"
        joinings.append(Joining(at[unit], scenario.stage_of(row.year), dissolved, dissolved or row.site == "closed"))
    own = {row.fate: row for row in steps[host]}
    end = next((own[fate] for fate in ("equitize", "convert") if fate in own), None)
    rows = [row for unit in (*members, host) for row in steps[unit]]

    def stage(row: Decision | None) -> int | None:
        return None if row is None or row.year is None else scenario.stage_of(row.year)

    def amounts(fate: str, figure: str) -> dict[tuple[int, int], int]:
        found = [(at[row.unit_id], stage(row), getattr(row, figure)) for row in rows if row.fate == fate]
        return {(unit, when): amount for unit, when, amount in found if when is not None}

    merged = own.get("merge")
    return Group(
        host=at[host],
        joinings=tuple(joinings),
        raised=stage(own.get("raise")),
        stated=(own["raise"].orders_mvnd, own["raise"].fees_mvnd) if "raise" in own else (0, 0),
        leaves=stage(end),
        exit=end.fate if end else "",
        id=(merged.successor_id if merged and merged.successor_id else host),
        name=(merged.successor_name if merged and merged.successor_name else units.text("name")[at[host]]),
        slimmed=amounts("slim", "posts_slimmed"),
        ordered=amounts("order", "orders_mvnd"),
    )
