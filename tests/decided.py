"""Plans of decisions written down by hand."""

from collections.abc import Mapping, Sequence
from typing import Any

from worlds import units_of

from models.checker import check
from models.plan import Decision, Plan
from models.scenario import Scenario


def plan_of(scenario: Scenario, rows: Sequence[Mapping[str, Any]], decisions: Sequence[Decision]) -> Plan:
    """What the decisions make of the units; whom they do not name, or only slim or give orders, is kept."""
    named = {decision.unit_id for decision in decisions if decision.fate not in ("slim", "order")}
    kept = [Decision(unit_id=row["id"], fate="keep") for row in rows if row["id"] not in named]
    rebuilt = check(scenario, units_of(rows), [*decisions, *kept])
    assert not rebuilt.refusals
    return rebuilt.plan


def into(host: str, *others: str, year: int = 2025, site: str = "kept") -> list[Decision]:
    """All of them one unit from a year on, with the host's name; `site` is what becomes of the others' sites."""
    shared: dict[str, Any] = {"fate": "merge", "form": "absorb", "year": year, "host_id": host, "successor_id": host}
    return [Decision(unit_id=host, site="kept", **shared), *(Decision(unit_id=u, site=site, **shared) for u in others)]
