"""What the rows of one plan mean together: hosts of mergers, units left out, and rows that exclude one another."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from models.plan import REDEPLOY, Decision
from models.scenario import Scenario
from models.standing import stage_of_creation
from models.unit import Units

SETTLING = ("merge", "dissolve", "equitize", "convert", "create", "keep")
Told = tuple[str, dict[str, object]]


def completed(rows: Sequence[Decision], scenario: Scenario, units: Units) -> tuple[Decision, ...]:
    """Hosts of hand-made mergers with rows of their own, and `keep` for units that no row names (planned: `create`).

    A group's host is the one it names, or the unit whose id its successor bears, or its largest unit.
    """
    hosts = {successor: _host(successor, group, units) for successor, group in _groups(rows).items()}
    filled = [
        replace(row, host_id=row.host_id or hosts[row.successor_id]) if row.fate == "merge" else row for row in rows
    ]
    filled += _rows_of_hosts(filled, hosts)
    done = {row.unit_id for row in filled}
    filled += [_left_alone(unit, scenario, units) for unit in units.ids if unit not in done]
    return tuple(filled)


def _left_alone(unit: str, scenario: Scenario, units: Units) -> Decision:
    stage = int(stage_of_creation(scenario, units)[units.positions[unit]])
    if not units.planned[units.positions[unit]]:
        return Decision(unit_id=unit, fate="keep", successor_id=unit)
    return Decision(unit_id=unit, fate="create", year=scenario.stages[stage].year, successor_id=unit)


def contradictions(rows: Sequence[Decision], units: Units) -> Iterator[Told]:
    """Why completed rows cannot all hold: a unit joins one group, leaves in one way, and is kept only if neither."""
    by_unit: dict[str, list[Decision]] = {}
    for row in rows:
        by_unit.setdefault(row.unit_id, []).append(row)
    for unit, mine in by_unit.items():
        yield from _of_unit(unit, mine)
    for successor, group in _groups(rows).items():
        yield from _of_group(successor, group, units)


def _of_unit(unit: str, rows: Sequence[Decision]) -> Iterator[Told]:
    settling = [row.fate for row in rows if row.fate in SETTLING]
    if len(settling) > 1:
        yield "plan.several_fates", {"unit": unit, "fates": ", ".join(settling)}
    # A unit is raised once for all; amounts may come in every stage.
    # People may be redeployed to several units at once.
    steps = Counter(
        (row.fate, 0 if row.fate == "raise" else row.year, row.receiver_id if row.fate == REDEPLOY else "")
        for row in rows
        if row.fate not in SETTLING
    )
    for (fate, year, _), count in steps.items():
        if count > 1:
            yield "plan.doubled_step", {"unit": unit, "fate": fate, "year": str(year or "–"), "count": count}
    if any(row.fate == "dissolve" and row.receiver_id == unit for row in rows):
        yield "plan.own_receiver", {"unit": unit}
    hosts = [row.receiver_id or row.host_id for row in rows if row.fate in ("merge", "dissolve")]
    if any(row.fate == "raise" for row in rows) and any(host != unit for host in hosts):
        yield "plan.raise_of_absorbed", {"unit": unit, "host": next(host for host in hosts if host != unit)}


def _of_group(successor: str, group: Sequence[Decision], units: Units) -> Iterator[Told]:
    members, hosts = {row.unit_id for row in group}, sorted({row.host_id for row in group})
    if len(hosts) > 1:
        yield "plan.several_hosts", {"successor": successor, "hosts": ", ".join(hosts)}
    elif hosts[0] not in members:
        yield "plan.host_elsewhere", {"successor": successor, "host": hosts[0]}
    elif len(members) == 1:
        yield "plan.group_of_one", {"successor": successor, "unit": group[0].unit_id}
    elif successor in units.positions and successor != hosts[0]:
        yield "plan.successor_is_another", {"successor": successor, "host": hosts[0]}


def _groups(rows: Sequence[Decision]) -> Mapping[str, list[Decision]]:
    """The rows of mergers by their successor."""
    groups: dict[str, list[Decision]] = {}
    for row in rows:
        if row.fate == "merge":
            groups.setdefault(row.successor_id, []).append(row)
    return groups


def _host(successor: str, group: Sequence[Decision], units: Units) -> str:
    named = [row.host_id for row in group if row.host_id]
    own = [successor] if successor in units.positions else []
    posts = {row.unit_id: int(units.posts[units.positions[row.unit_id]]) for row in group}
    largest = min(posts, key=lambda unit: (-posts[unit], unit))
    return (named or own or [largest])[0]


def _rows_of_hosts(rows: Sequence[Decision], hosts: Mapping[str, str]) -> Iterator[Decision]:
    """A host that no row merges anywhere takes part in its group's first merger."""
    merging = {row.unit_id for row in rows if row.fate == "merge"}
    for successor, group in _groups(rows).items():
        host = hosts[successor]
        if host not in merging:
            first = min(group, key=lambda row: (row.year or 0, row.unit_id))
            yield replace(first, unit_id=host, host_id=host, site="kept")
