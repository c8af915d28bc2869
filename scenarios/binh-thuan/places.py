"""Communes of Bình Thuận with the people who live there, and where schools stand."""

import csv
import math
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import calibration

COMMUNES = Path(__file__).with_name("communes_2024.csv")
KM_PER_DEGREE = 111.32

Draws = dict[str, float]


@dataclass(frozen=True)
class Commune:
    """A commune as of 1 December 2024; `people` in thousands, assumed; `setting` is urban, rural or sparse."""

    name: str
    district: str
    commune_2025: str
    lat: float
    lon: float
    people: float
    setting: str
    slug: str

    @property
    def bare_name(self) -> str:
        return self.name.removeprefix(_type_of(self.name)).strip()


def read_communes(draw: Callable[[str], Draws]) -> list[Commune]:
    """The 121 communes in the order of their file, sharing the people of their district."""
    with COMMUNES.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    weights = [_weight(row, draw(row["ward_code"])) for row in rows]
    in_district = {
        name: sum(w for row, w in zip(rows, weights, strict=True) if row["district"] == name)
        for name in calibration.PEOPLE
    }
    slugs = _slugs(rows)
    return [
        Commune(
            name=row["ward"],
            district=row["district"],
            commune_2025=row["new_ward"].split("|")[0],
            lat=float(row["lat"]),
            lon=float(row["lon"]),
            people=calibration.PEOPLE[row["district"]] * weight / in_district[row["district"]],
            setting=_setting(row),
            slug=slug,
        )
        for row, weight, slug in zip(rows, weights, slugs, strict=True)
    ]


def schools_by_commune(communes: Sequence[Commune], schools: int) -> list[int]:
    """One school in each commune, and each further one where most people share a school."""
    counts = [1] * len(communes)
    for _ in range(schools - len(communes)):
        crowded = max(range(len(communes)), key=lambda i: (communes[i].people / counts[i], -i))
        counts[crowded] += 1
    return counts


def point_near(commune: Commune, draws: Draws) -> tuple[float, float]:
    """Latitude and longitude a little off the commune's point, so that units do not lie on each other."""
    km = calibration.FARTHEST_FROM_COMMUNE_POINT_KM * math.sqrt(draws["distance"])
    angle = 2 * math.pi * draws["direction"]
    north, east = km * math.cos(angle), km * math.sin(angle)
    lat = commune.lat + north / KM_PER_DEGREE
    lon = commune.lon + east / (KM_PER_DEGREE * math.cos(math.radians(commune.lat)))
    return round(lat, 5), round(lon, 5)


def ascii_slug(text: str) -> str:
    """Lower-case letters and digits only: Phú Thủy becomes phuthuy."""
    plain = unicodedata.normalize("NFD", text.lower().replace("đ", "d"))
    return "".join(letter for letter in plain if letter.isascii() and letter.isalnum())


def bare_district(name: str) -> str:
    """The district without the word for its type: Thị xã La Gi becomes La Gi."""
    for kind in ("Thành phố ", "Thị xã ", "Huyện "):
        name = name.removeprefix(kind)
    return name


def lower_first(name: str) -> str:
    return name[0].lower() + name[1:]


def _weight(row: dict[str, str], draws: Draws) -> float:
    usual = calibration.PEOPLE_OF_A_SPARSE_COMMUNE if _is_sparse(row) else calibration.PEOPLE_OF_A[row["ward_type"]]
    return usual * math.exp(calibration.PEOPLE_SD * draws["size_normal"])


def _setting(row: dict[str, str]) -> str:
    if _is_sparse(row):
        return "sparse"
    return "rural" if row["ward_type"] == "Xã" else "urban"


def _is_sparse(row: dict[str, str]) -> bool:
    return (row["district"], row["ward"]) in calibration.SPARSE


def _slugs(rows: Sequence[dict[str, str]]) -> list[str]:
    """A commune's name; with its district where two communes share the name (Bình Tân, Tân Hà)."""
    bare = [ascii_slug(row["ward"].removeprefix(row["ward_type"])) for row in rows]
    return [
        slug if bare.count(slug) == 1 else f"{slug}-{ascii_slug(bare_district(row['district']))}"
        for slug, row in zip(bare, rows, strict=True)
    ]


def _type_of(name: str) -> str:
    return next(kind for kind in calibration.PEOPLE_OF_A if name.startswith(kind + " "))
