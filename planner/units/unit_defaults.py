"""What follows where a cell is empty: from the unit's other cells, and from its commune."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

import numpy as np
from numpy.typing import NDArray

from models.terms import Terms
from planner.units.cells import Value
from planner.units.findings import Findings
from planner.units.gazetteer import Commune, Gazetteer
from planner.units.stacked_table import Origin
from planner.units.two_tiers import Named, commune_of_day, district_of_day, tell_other_side

# An empty cell of the first column holds what the second one says.
_SAME_AS = {
    "present_budget": "posts_budget",
    "present_own": "posts_own",
    "posts_budget_2025": "posts_budget",
    "state_grant_2021_2025_mvnd": "state_grant_mvnd",
}


@dataclass
class Draft:
    """Units while they are read: values and whether each cell was stated, by column, in the order of the rows."""

    origins: Sequence[Origin]
    values: dict[str, list[Value]] = field(default_factory=dict)
    stated: dict[str, NDArray[np.bool_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.origins)

    def number(self, column: str, at: int) -> int:
        return int(self.values[column][at])

    def fill(self, column: str, value: Callable[[int], Value]) -> None:
        """Give every empty cell of a column what follows from its row."""
        cells = self.values[column]
        for at in np.flatnonzero(~self.stated[column]).tolist():
            cells[at] = value(at)


def complete(draft: Draft, gazetteer: Gazetteer, terms: Terms, warnings: Findings) -> None:
    """Fill the empty cells that depend on others, and lift revenue to the band of a stated autonomy group."""
    for column, source in _SAME_AS.items():
        draft.fill(column, lambda at, source=source: draft.values[source][at])  # type: ignore[misc]
    draft.fill("professional_posts", lambda at: _professional_posts(draft, at))
    draft.fill("autonomy_group", lambda at: group_by_figures(draft, terms, at))
    _lift_revenue(draft, terms, warnings)
    _place_units(draft, gazetteer, warnings)


def group_by_figures(draft: Draft, terms: Terms, at: int) -> int:
    """The autonomy group by revenue over recurrent spending; a unit that spends nothing earns no group but the last.

    Only a unit that states its depreciation can show that its investment covers it.
    """
    revenue, recurrent = draft.number("revenue_mvnd", at), draft.number("recurrent_mvnd", at)
    own, worn = draft.number("investment_self_mvnd", at), draft.number("depreciation_mvnd", at)
    for group, band in zip(terms.groups, terms.bands, strict=True):
        enough = recurrent > 0 and 100 * revenue >= band.at_least_percent * recurrent
        if enough and (own >= worn > 0 or not band.covers_investment):
            return group
    return terms.groups[-1]


def _professional_posts(draft: Draft, at: int) -> int:
    posts = draft.number("posts_budget", at) + draft.number("posts_own", at)
    others = ("heads", "deputies", "shared_posts", "support_posts")
    return max(0, posts - sum(draft.number(column, at) for column in others))


def _lift_revenue(draft: Draft, terms: Terms, warnings: Findings) -> None:
    for at, origin in enumerate(draft.origins):
        stated, reached = draft.number("autonomy_group", at), group_by_figures(draft, terms, at)
        asked, earned = (terms.bands[group - 1].at_least_percent for group in (stated, reached))
        revenue, recurrent = draft.number("revenue_mvnd", at), draft.number("recurrent_mvnd", at)
        edge = ceil(asked * recurrent / 100)
        facts = {"row": str(origin.row), "id": draft.values["id"][at], "group": stated, "reached": reached}
        if revenue < edge:
            draft.values["revenue_mvnd"][at] = edge
            draft.stated["revenue_mvnd"][at] = False
            money = {"revenue": revenue, "recurrent": recurrent, "edge": edge}
            warnings.add(origin.where("autonomy_group"), "units.group_lifted", **facts, **money)
        elif asked < earned:
            warnings.add(origin.where("autonomy_group"), "units.group_below_figures", **facts)


def _place_units(draft: Draft, gazetteer: Gazetteer, warnings: Findings) -> None:
    rows: dict[tuple[str, str], list[int]] = {}
    for at in range(len(draft)):
        key = (str(draft.values["commune"][at]), str(draft.values["district"][at]))
        rows.setdefault(key, []).append(at)
    known = {key: gazetteer.matches(*key) for key in rows}
    named = [Named(key, known[key][0], rows[key]) for key in rows if len(known[key]) == 1]
    tell_other_side(gazetteer, named, draft.origins, list(map(str, draft.values["commune_2025"])), warnings)
    for place in named:
        for at in place.rows:
            _place(draft, at, gazetteer, place.commune)
    lacking = {key: rows[key] for key in rows if len(known[key]) != 1}
    unknown = {at for lacking_rows in lacking.values() for at in lacking_rows}
    middle = _middle(draft, [at for at in range(len(draft)) if at not in unknown or draft.stated["lat"][at]], gazetteer)
    for at in sorted(unknown):
        _place_without_commune(draft, at, gazetteer, middle)
    for key, lacking_rows in lacking.items():
        _warn(draft, key, (known[key], lacking_rows), gazetteer, warnings)


def _place(draft: Draft, at: int, gazetteer: Gazetteer, named: Commune) -> None:
    """One spelling for each commune and district, so that units of one place are seen together."""
    commune = commune_of_day(gazetteer, named, str(draft.values["commune_2025"][at]))
    draft.values["commune"][at] = gazetteer.label(commune)
    draft.values["district"][at] = district_of_day(gazetteer, commune, str(draft.values["district"][at]))
    later = gazetteer.commune_2025(commune)
    _fill(draft, at, (("area", gazetteer.area(commune)), ("commune_2025", gazetteer.label(later) if later else "")))
    _fill(draft, at, (("lat", named.lat), ("lon", named.lon)))


def _middle(draft: Draft, placed: Sequence[int], gazetteer: Gazetteer) -> tuple[float, float]:
    """The middle of the units whose place is known: better than that of a nation of which the table is one province."""
    if not placed:
        return gazetteer.centre()
    lat, lon = ([float(draft.values[column][at]) for at in placed] for column in ("lat", "lon"))
    return sum(lat) / len(placed), sum(lon) / len(placed)


def _place_without_commune(draft: Draft, at: int, gazetteer: Gazetteer, middle: tuple[float, float]) -> None:
    """In the middle of its district; where that is not known either, in the middle of the units that have a place."""
    district = str(draft.values["district"][at])
    centre = gazetteer.centre(district)
    lat, lon = middle if centre == gazetteer.centre() else centre
    _fill(draft, at, (("area", district), ("lat", lat), ("lon", lon)))


def _fill(draft: Draft, at: int, values: Iterable[tuple[str, Value]]) -> None:
    for column, value in values:
        if not draft.stated[column][at]:
            draft.values[column][at] = value


def _warn(
    draft: Draft,
    key: tuple[str, str],
    found: tuple[tuple[Commune, ...], list[int]],
    gazetteer: Gazetteer,
    warnings: Findings,
) -> None:
    communes, rows = found
    unplaced = sum(not draft.stated["lat"][at] for at in rows)
    facts: dict[str, object] = {"commune": key[0], "district": key[1] or "–", "count": len(rows)}
    facts |= {"unplaced": unplaced} if unplaced else {}
    placed = "" if unplaced else "_placed"
    where = draft.origins[rows[0]].where("commune")
    if communes:
        names = "; ".join(f"{commune.name}, {gazetteer.area(commune)}" for commune in communes[:5])
        warnings.add(where, f"units.ambiguous_commune{placed}", **facts, names=names)
    else:
        warnings.add(where, f"units.unknown_commune{placed}", **facts)
