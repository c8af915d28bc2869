"""Who is touched by plans: units and the people who work in them, by parent, area or any other label."""

from collections.abc import Mapping

import pandas as pd

from models.plan import Plan

_NOT_STRUCTURAL = frozenset({"keep", "slim", "order"})


def touched_table(plans: Mapping[str, Plan], per: str) -> pd.DataFrame:
    """One row per label with a touched unit; per plan how many units, and how many people work in them today.

    plans: by the names that they bear in the columns.
    per: a column of the unit table with labels, e.g. `parent`, `area`, `sector`.
    """
    cells: dict[tuple[str, str], dict[str, int]] = {}
    for name, plan in plans.items():
        units = plan.units
        labels = units.labels(per).astype(str)
        counts, people = cells.setdefault((name, "units"), {}), cells.setdefault((name, "people"), {})
        for unit in sorted(touched_units(plan)):
            place = units.positions[unit]
            counts[labels[place]] = counts.get(labels[place], 0) + 1
            people[labels[place]] = people.get(labels[place], 0) + int(units.staff[place])
    found = sorted({label for counted in cells.values() for label in counted})
    columns = {name: [counted.get(label, 0) for label in found] for name, counted in cells.items()}
    return pd.DataFrame(columns, index=pd.Index(found, name=per))


def touched_units(plan: Plan) -> set[str]:
    """Ids of units that a plan merges, dissolves, raises, moves or takes out, and of those that receive others."""
    steps = [decision for decision in plan.decisions if decision.fate not in _NOT_STRUCTURAL]
    positions = plan.units.positions
    return {name for step in steps for name in (step.unit_id, step.receiver_id) if name in positions}
