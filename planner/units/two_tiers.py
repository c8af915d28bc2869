"""Tables and days on different sides of 1 July 2025, when districts ended and communes were merged.

A commune is read as the one of the as-of day where the gazetteer knows what became of it; what was assumed is told.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from planner.units.findings import Findings
from planner.units.gazetteer import Commune, Gazetteer
from planner.units.stacked_table import Origin

Key = tuple[str, str]
MOST_NAMED = 5


@dataclass(frozen=True)
class Named:
    """A place as the table writes it (commune, district): the commune that it means, and the rows that name it."""

    key: Key
    commune: Commune
    rows: Sequence[int]


def commune_of_day(gazetteer: Gazetteer, commune: Commune, stated_2025: str) -> Commune:
    """The commune to which a unit belongs on the as-of day.

    Since July 2025 that is the one that took the old commune in; where the old one was split, `stated_2025` chooses
    among its parts and the main part is meant otherwise. Before, a commune of 2025 stays: its parts are not known.
    """
    if gazetteer.vintage == 2024:
        return commune
    parts = [part for old in _old_communes(gazetteer, commune) for part in gazetteer.parts(old)]
    chosen = gazetteer.find(stated_2025) if stated_2025 else None
    if chosen in parts and chosen is not None:
        return chosen
    return gazetteer.commune_2025(commune) or commune


def district_of_day(gazetteer: Gazetteer, commune: Commune, stated: str) -> str:
    """The commune's district; none since July 2025. A commune of 2025 in a table of before lies in its former one."""
    if commune.vintage == 2024:
        return commune.district
    return "" if gazetteer.vintage == 2025 else stated or gazetteer.area(commune)


def tell_other_side(
    gazetteer: Gazetteer, named: Iterable[Named], origins: Sequence[Origin], stated_2025: Sequence[str],
    warnings: Findings,
) -> None:  # fmt: skip
    """Warn where the names of a table are those of the other side of 1 July 2025."""
    places = list(named)
    other = [place for place in places if place.commune.vintage != gazetteer.vintage]
    code = {2025: "units.communes_of_before", 2024: "units.communes_of_later"}[gazetteer.vintage]
    _tell(code, other, origins, warnings)
    if gazetteer.vintage == 2025:
        split = [place for place in places if _left_open(gazetteer, place, stated_2025)]
        _tell("units.communes_split", split, origins, warnings)
        _tell("units.district_ended", [place for place in places if place.key[1].strip()], origins, warnings)
    _tell("units.commune_of_two_days", [p for p in places if _other_meaning(gazetteer, p)], origins, warnings)


def _tell(code: str, places: Sequence[Named], origins: Sequence[Origin], warnings: Findings) -> None:
    if places:
        names = list(dict.fromkeys(place.key[0] for place in places))
        shown = ", ".join(names[:MOST_NAMED]) + (", …" if len(names) > MOST_NAMED else "")
        facts = {"names": shown, "communes": len(names), "count": sum(len(place.rows) for place in places)}
        warnings.add(origins[places[0].rows[0]].where("commune"), code, **facts)


def _left_open(gazetteer: Gazetteer, place: Named, stated_2025: Sequence[str]) -> bool:
    """Whether rows name an old commune that was split, and nobody says which part they lie in."""
    if place.commune.vintage == 2025:
        return False
    return len(gazetteer.parts(place.commune)) > 1 and any(not stated_2025[row] for row in place.rows)


def _other_meaning(gazetteer: Gazetteer, place: Named) -> bool:
    """Whether the name means, across July 2025, a commune that neither became this one nor came from it."""
    found = gazetteer.namesakes(place.commune, *place.key)
    return any(place.commune not in gazetteer.parts(old) and old not in gazetteer.parts(place.commune) for old in found)


def _old_communes(gazetteer: Gazetteer, commune: Commune) -> tuple[Commune, ...]:
    """The commune of before July 2025, or those of the same name."""
    return (commune,) if commune.vintage == 2024 else gazetteer.namesakes(commune, commune.name)
