"""Totals of the generated units, to calibrate by."""

from collections.abc import Mapping, Sequence

SCHOOLS = ("preschool", "primary", "lower_secondary", "upper_secondary")
SHARED_KINDS = ("health_centre", "gdtx", "culture_centre", "land_fund_centre", "pmb")
COLUMNS = (
    *("units", "posts", "budget", "own", "present", "recurrent", "grant", "mean 21-25", "orders", "orderable"),
    *("group 1", "group 2", "group 3", "group 4"),
)

Row = Mapping[str, str | int | float]


def summary(rows: Sequence[Row]) -> str:
    """One line a group of units, money in billion VND, and the shares that the scenario is calibrated by."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(_group(row), []).append(row)
    lines = [f"{'':18}" + "".join(f"{column:>11}" for column in COLUMNS)]
    lines += [_line(name, group) for name, group in groups.items()]
    return "\n".join([*lines, _line("all", rows), *_shares(rows)])


def _group(row: Row) -> str:
    kind = str(row["kind"])
    if kind.endswith("_hospital"):
        return "hospital"
    if kind in SCHOOLS or kind in SHARED_KINDS:
        return kind
    return "economic" if str(row["id"]).startswith("kt-") else "department"


def _line(name: str, rows: Sequence[Row]) -> str:
    billions = ("recurrent_mvnd", "state_grant_mvnd", "state_grant_2021_2025_mvnd", "orders_mvnd", "orderable_mvnd")
    budget, own = _sum(rows, "posts_budget"), _sum(rows, "posts_own")
    figures = [
        *(len(rows), budget + own, budget, own, _sum(rows, "present_budget") + _sum(rows, "present_own")),
        *(round(_sum(rows, column) / 1000, 1) for column in billions),
        *(sum(row["autonomy_group"] == group for row in rows) for group in (1, 2, 3, 4)),
    ]
    return f"{name:18}" + "".join(f"{figure:>11,}" for figure in figures)


def _shares(rows: Sequence[Row]) -> list[str]:
    schools = [row for row in rows if row["kind"] in SCHOOLS]
    others = [row for row in rows if row["kind"] not in SCHOOLS]
    autonomous = sum(row["autonomy_group"] in (1, 2) for row in others)
    return [
        f"schools hold {_percent(schools, rows, 'posts_budget')} of budget-paid posts"
        f" and {_percent(schools, rows, 'state_grant_mvnd')} of the direct grant",
        f"autonomous among the {len(others)} other units: {autonomous} ({autonomous / len(others):.1%})",
    ]


def _percent(part: Sequence[Row], rows: Sequence[Row], column: str) -> str:
    return f"{_sum(part, column) / _sum(rows, column):.1%}"


def _sum(rows: Sequence[Row], column: str) -> int:
    return sum(int(row[column]) for row in rows)
