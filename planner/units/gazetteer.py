"""The communes of Viet Nam before and after 1 July 2025: where they lie and what became of them.

The tables beside this module cover the nation; a scenario reads those of one province.
"""

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches
from functools import cache, cached_property
from pathlib import Path

from models.problem import InputError, Problem
from planner.units.place_names import loosest, same_place, spellings
from planner.units.spelling import folded

TWO_TIERS = date(2025, 7, 1)  # the district level ended and 10,035 communes became 3,321
_DATA = Path(__file__).parent / "gazetteer_data"
_PLACES = re.compile(r"[,()]")


@dataclass(frozen=True)
class Commune:
    """A commune with its position in decimal degrees.

    `vintage` is 2024 (1 December 2024 to 30 June 2025) or 2025 (since then, without districts);
    `also` are keys of names that it took in before.
    """

    code: str
    name: str
    type: str
    district: str
    province: str
    lat: float
    lon: float
    vintage: int
    also: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class Gazetteer:
    """Communes of one province, or of the nation, in both vintages; that of the as-of day is asked first.

    successors: code of 2024 -> codes of 2025, the main one first.
    """

    preferred: tuple[Commune, ...]
    other: tuple[Commune, ...]
    successors: Mapping[str, tuple[str, ...]]

    @classmethod
    def read(cls, province: str = "", as_of: date = date(2024, 12, 1)) -> "Gazetteer":
        """The communes of a province (all provinces where empty) as its planners knew them on the as-of day.

        Errors: InputError when no province has that name, before or after 1 July 2025.
        """
        before, after, _ = _tables()
        old_codes, new_codes = _chosen(province, as_of)
        old = tuple(_commune(row, 2024) for row in before if row[_CODE] in old_codes)
        new = tuple(_commune(row, 2025) for row in after if row[_CODE] in new_codes)
        preferred, other = (new, old) if as_of >= TWO_TIERS else (old, new)
        return cls(preferred, other, _successors(old_codes))

    @property
    def vintage(self) -> int:
        """Which communes the as-of day knows: those of 2024 or those of 2025."""
        return self.preferred[0].vintage

    def find(self, commune: str, district: str = "", province: str = "") -> Commune | None:
        """The one commune of that name; None where there is none, or several remain."""
        found = self.matches(commune, district, province)
        return found[0] if len(found) == 1 else None

    def matches(self, commune: str, district: str = "", province: str = "") -> tuple[Commune, ...]:
        """Every commune that the name can mean, by its closest spelling: accents and prefix first, then without.

        "Tân Hà, Đức Linh" and "Tân Hà (Đức Linh)" name the district in the same cell.
        """
        name, *around = [part for part in _PLACES.split(commune) if part.strip()] or [""]
        places = [place for place in (district, *around) if place.strip()]
        preferred, other = self._names
        return self._spelled(preferred, name, places, province) or self._spelled(other, name, places, province)

    def namesakes(self, commune: Commune, written: str, district: str = "") -> tuple[Commune, ...]:
        """Communes of the other side of 1 July 2025 that the same words can mean."""
        name, *around = [part for part in _PLACES.split(written) if part.strip()] or [""]
        places = [place for place in (district, *around) if place.strip()]
        preferred, other = self._names
        return self._spelled(other if commune.vintage == self.vintage else preferred, name, places, "")

    def parts(self, commune: Commune) -> tuple[Commune, ...]:
        """The communes since 1 July 2025 that an old one became, the main one first; none of one of 2025."""
        codes = self.successors.get(commune.code, ()) if commune.vintage == 2024 else ()
        return tuple(self._by_code[2025, code] for code in codes if (2025, code) in self._by_code)

    def label(self, commune: Commune) -> str:
        """The commune's name, with its district and province only where another has the same name."""
        same = self._labels[commune.vintage, commune.name]
        if same == 1:
            return commune.name
        within = ", ".join(part for part in (commune.name, commune.district) if part)
        return within if self._labels[commune.vintage, within] == 1 else f"{within}, {commune.province}"

    def commune_2025(self, commune: Commune) -> Commune | None:
        """The commune since 1 July 2025: itself, or the one that took in the main part."""
        if commune.vintage == 2025:
            return commune
        return next(iter(self.parts(commune)), None)

    def area(self, commune: Commune) -> str:
        """The district; after 1 July 2025, the former district that most of the commune came from."""
        return commune.district if commune.vintage == 2024 else self._former_districts.get(commune.code, "")

    def centre(self, district: str = "") -> tuple[float, float]:
        """The middle of a district's communes, or of all where none is known by that name; decimal degrees."""
        if district not in self._centres:
            communes = self._lying_in(self.preferred, district) if district.strip() else []
            places = communes or self.preferred
            count = len(places)
            self._centres[district] = (sum(c.lat for c in places) / count, sum(c.lon for c in places) / count)
        return self._centres[district]

    def _spelled(self, names: "_Names", name: str, places: Sequence[str], province: str) -> tuple[Commune, ...]:
        """The communes of one vintage under the closest spelling that leaves any in these places."""
        for candidates in names.spelled(name):
            found = [c for c in candidates if not province.strip() or same_place(province, c.province)]
            for place in places:
                found = self._lying_in(found, place)
            if found:
                return tuple(found)
        return ()

    def _lying_in(self, communes: Iterable[Commune], place: str) -> list[Commune]:
        """Those of a district of that name, else of a province of that name (Cao Bằng is both)."""
        of_district = [c for c in communes if same_place(place, c.district) or same_place(place, self.area(c))]
        return of_district or [c for c in communes if same_place(place, c.province)]

    @cached_property
    def _centres(self) -> dict[str, tuple[float, float]]:
        """Middles asked for before: looking for a district goes through every commune."""
        return {}

    @cached_property
    def _names(self) -> tuple["_Names", "_Names"]:
        return _Names(self.preferred), _Names(self.other)

    @cached_property
    def _by_code(self) -> dict[tuple[int, str], Commune]:
        return {(commune.vintage, commune.code): commune for commune in (*self.preferred, *self.other)}

    @cached_property
    def _labels(self) -> Counter[tuple[int, str]]:
        counts: Counter[tuple[int, str]] = Counter()
        for commune in (*self.preferred, *self.other):
            counts[commune.vintage, commune.name] += 1
            if commune.district:
                counts[commune.vintage, f"{commune.name}, {commune.district}"] += 1
        return counts

    @cached_property
    def _former_districts(self) -> dict[str, str]:
        districts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        for code, (main, *_) in self.successors.items():
            if commune := self._by_code.get((2024, code)):
                districts[main][commune.district] += 1
        return {code: counts.most_common(1)[0][0] for code, counts in districts.items()}


class _Names:
    """Communes under every spelling that may name them, from the closest to the loosest."""

    def __init__(self, communes: Iterable[Commune]) -> None:
        self._accented: defaultdict[str, list[Commune]] = defaultdict(list)
        self._plain: defaultdict[str, list[Commune]] = defaultdict(list)
        self._former: defaultdict[str, list[Commune]] = defaultdict(list)
        for commune in communes:
            full, short = spellings(commune.name)
            for name in {full, short}:
                self._accented[name].append(commune)
            for key in {loosest(full), loosest(short)}:
                self._plain[key].append(commune)
            for key in {form for name in commune.also for form in (name, re.sub("^(xa|phuong|thitran)", "", name))}:
                self._former[key].append(commune)

    def spelled(self, name: str) -> Iterator[Sequence[Commune]]:
        full, short = spellings(name)
        yield self._accented.get(full, ())
        yield self._accented.get(short, ())
        for key, index in ((loosest, self._plain), (folded, self._former)):
            yield index.get(key(full), ())
            yield index.get(key(short), ())


Row = list[str]
_CODE, _NAME, _TYPE, _DISTRICT, _PROVINCE, _LAT, _LON, _ALSO = range(8)


@cache
def _tables() -> tuple[list[Row], list[Row], list[Row]]:
    """Communes of 2024, communes of 2025 (district and former names empty), and the mapping."""
    after = [
        [code, name, kind, "", province, lat, lon, ""]
        for code, name, kind, province, lat, lon, _ in _rows("communes_2025.csv")
    ]
    return list(_rows("communes_2024.csv")), after, list(_rows("mapping_2024_2025.csv"))


def _rows(name: str) -> Iterator[Row]:
    with (_DATA / name).open(encoding="utf-8", newline="") as source:
        rows = csv.reader(source)
        next(rows)
        yield from rows


def _chosen(province: str, as_of: date) -> tuple[set[str], set[str]]:
    """Codes of 2024 and 2025 that make up the province of that day, else of the other side of 1 July 2025."""
    before, after, mapping = _tables()
    old, new = _within(province, before), _within(province, after)
    if not old and not new:
        raise InputError("gazetteer", [_unknown_province(province)])
    if new and (as_of >= TWO_TIERS or not old):
        return {row[0] for row in mapping if row[1] in new}, new
    return old, {row[1] for row in mapping if row[0] in old}


def _within(province: str, table: Iterable[Row]) -> set[str]:
    names = {row[_PROVINCE] for row in table}
    wanted = {name for name in names if not province.strip() or same_place(province, name)}
    return {row[_CODE] for row in table if row[_PROVINCE] in wanted}


def _unknown_province(province: str) -> Problem:
    names = {row[_PROVINCE] for table in _tables()[:2] for row in table}
    short = {loosest(spellings(name)[1]): name for name in names}
    close = get_close_matches(loosest(spellings(province)[1]), short, n=1, cutoff=0.5)
    if not close:
        return Problem("province", "gazetteer.unknown_province", {"province": province})
    facts = {"province": province, "meant": short[close[0]]}
    return Problem("province", "gazetteer.unknown_province_meant", facts)


def _commune(row: Row, vintage: int) -> Commune:
    also = tuple(filter(None, row[_ALSO].split(";")))
    code, name, kind, district, province = row[:_LAT]
    return Commune(code, name, kind, district, province, float(row[_LAT]), float(row[_LON]), vintage, also)


def _successors(codes: set[str]) -> dict[str, tuple[str, ...]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for old, new, _, _ in sorted((row for row in _tables()[2] if row[0] in codes), key=lambda row: row[3] != "yes"):
        found[old].append(new)
    return {code: tuple(successors) for code, successors in found.items()}
