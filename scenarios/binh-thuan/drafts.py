"""Which units exist and how large they are: one function for each group of units."""

import csv
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import calibration
from calibration import LOWER, PRESCHOOL, PRIMARY, UPPER, Schooling
from places import Commune, Draws, ascii_slug, bare_district, lower_first, schools_by_commune

NAMED_UNITS = Path(__file__).with_name("named_units.csv")
PROVINCIAL_COMMITTEE = "Ủy ban nhân dân tỉnh Bình Thuận"
EDUCATION_DEPARTMENT = "Sở Giáo dục và Đào tạo"
HEALTH_DEPARTMENT = "Sở Y tế"
# Columns that named_units.csv may state and the generator passes on; an empty cell is drawn like any other.
STATED_CELLS = (
    *("equitization_listed", "land_plan_approved", "state_capital", "ineffective_years"),
    *("dissolution_ground", "receiver", "note"),
)

Draw = Callable[[str], Draws]
Cells = Mapping[str, str | int]


@dataclass(frozen=True)
class Draft:
    """A unit before its accounts and people are worked out.

    `group` names its rows in the calibration; `rate` is revenue over recurrent spending;
    `cells` are columns that are settled already.
    """

    id: str
    name: str
    sector: str
    kind: str
    function: str
    level: str
    parent: str
    commune: Commune
    group: str
    posts: int
    rate: float
    cells: Cells = field(default_factory=dict)


class DistrictFamily(NamedTuple):
    """A unit that every district has; without a parent it belongs to the district's People's Committee."""

    prefix: str
    kind: str
    label: str
    sector: str
    function: str
    parent: str


DISTRICT_FAMILIES = (
    DistrictFamily("ttyt", "health_centre", "Trung tâm Y tế", "health", "basic_essential", HEALTH_DEPARTMENT),
    DistrictFamily(
        "gdtx",
        "gdtx",
        "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên",
        "vocational",
        "basic_essential",
        EDUCATION_DEPARTMENT,
    ),
    DistrictFamily(
        "vh", "culture_centre", "Trung tâm Văn hóa - Thông tin và Thể thao", "culture_sport", "basic_essential", ""
    ),
    DistrictFamily("qd", "land_fund_centre", "Trung tâm Phát triển quỹ đất", "land", "state_management", ""),
    DistrictFamily("da", "pmb", "Ban Quản lý dự án đầu tư xây dựng", "projects", "state_management", ""),
)
PROVINCIAL_BOARDS = {
    "da-tinh-dandung": "Ban Quản lý dự án đầu tư xây dựng công trình dân dụng và công nghiệp tỉnh",
    "da-tinh-giaothong": "Ban Quản lý dự án đầu tư xây dựng công trình giao thông tỉnh",
}


def all_drafts(communes: Sequence[Commune], draw: Draw) -> Iterator[Draft]:
    """Every unit: schools, hospitals, what each district has, provincial boards, departments, economic units."""
    for level in (PRESCHOOL, PRIMARY, LOWER):
        yield from _commune_schools(communes, level, draw)
    yield from _upper_secondary_schools(communes, draw)
    yield from _hospitals(communes, draw)
    for family in DISTRICT_FAMILIES:
        yield from _one_per_district(communes, family, draw)
    yield from _provincial_boards(communes, draw)
    yield from _named_units(communes, draw)


def _commune_schools(communes: Sequence[Commune], level: Schooling, draw: Draw) -> Iterator[Draft]:
    counts = schools_by_commune(communes, level.schools)
    usual = math.fsum(place.people for place in communes) / level.schools
    for position, (commune, schools) in enumerate(zip(communes, counts, strict=True)):
        names = _names(level, commune, schools, position)
        for number in range(1, schools + 1):
            unit_id = f"{level.prefix}-{commune.slug}-{number}"
            size = commune.people / schools / usual
            yield _school(level, unit_id, names[number - 1], commune, size=size, draws=draw(unit_id))


def _upper_secondary_schools(communes: Sequence[Commune], draw: Draw) -> Iterator[Draft]:
    """In the communes of each district with the most people, one each."""
    for district, schools in calibration.UPPER_SCHOOLS.items():
        largest = sorted(
            (commune for commune in communes if commune.district == district),
            key=lambda commune: (-commune.people, commune.slug),
        )
        usual = math.fsum(calibration.PEOPLE.values()) / UPPER.schools
        for number, commune in enumerate(largest[:schools], start=1):
            unit_id = f"{UPPER.prefix}-{ascii_slug(bare_district(district))}-{number}"
            name = f"{UPPER.label} số {number} {lower_first(district)}"
            size = calibration.PEOPLE[district] / schools / usual
            yield _school(UPPER, unit_id, name, commune, size=size, draws=draw(unit_id))


def _school(level: Schooling, unit_id: str, name: str, commune: Commune, *, size: float, draws: Draws) -> Draft:
    spread = size**calibration.CLASSES_FOLLOW_PEOPLE * math.exp(calibration.CLASSES_SD * draws["size_normal"])
    classes = max(level.fewest_classes, round(level.classes * spread))
    room_for_sites = max(1, classes // calibration.CLASSES_OF_A_SITE)
    most_sites = min(level.most_sites, calibration.SITES_UP_TO[commune.setting], room_for_sites)
    provincial = level is UPPER
    return Draft(
        id=unit_id,
        name=name,
        sector="education",
        kind=level.kind,
        function="basic_essential",
        level="department" if provincial else "district",
        parent=EDUCATION_DEPARTMENT if provincial else _committee(commune.district),
        commune=commune,
        group="school",
        posts=round(classes * level.posts_per_class + level.posts_beside_classes),
        rate=_school_rate(level, commune, draws),
        cells={
            "classes": classes,
            "sites": 1 + int(draws["sites"] * most_sites),
            "shared_posts": level.shared,
            "support_posts": level.support,
            "contracts": level.contracts,
        },
    )


def _school_rate(level: Schooling, commune: Commune, draws: Draws) -> float:
    if level is PRESCHOOL and commune.setting == "urban" and draws["earning"] < calibration.EARNING_PRESCHOOLS_SHARE:
        return calibration.EARNING_PRESCHOOL_RATE.at(draws["rate"])
    return min(level.highest_rate, level.rate * math.exp(level.rate_sd * draws["rate_normal"]))


def _names(level: Schooling, commune: Commune, schools: int, position: int) -> list[str]:
    """Preschools are told apart by a flower, other schools of a commune by a number."""
    if level is PRESCHOOL:
        place = f"{lower_first(commune.name)}, {lower_first(commune.district)}"
        flowers = [calibration.FLOWERS[(position + n) % len(calibration.FLOWERS)] for n in range(schools)]
        return [f"{level.label} {flower} ({place})" for flower in flowers]
    numbers = [f" {n}" for n in range(1, schools + 1)] if schools > 1 else [""]
    return [f"{level.label} {commune.bare_name}{number} ({lower_first(commune.district)})" for number in numbers]


def _hospitals(communes: Sequence[Commune], draw: Draw) -> Iterator[Draft]:
    for hospital in calibration.HOSPITALS:
        yield Draft(
            id=hospital.id,
            name=hospital.name,
            sector="health",
            kind=hospital.kind,
            function="basic_essential",
            level="department",
            parent=HEALTH_DEPARTMENT,
            commune=_commune(communes, hospital.commune),
            group="hospital",
            posts=hospital.posts,
            rate=calibration.RATES["hospital"].at(draw(hospital.id)["rate"]),
            cells={
                "deputies": hospital.deputies,
                "beds": _beds("hospital", hospital.posts),
                "measured_columns": "name",
            },
        )


def _one_per_district(communes: Sequence[Commune], family: DistrictFamily, draw: Draw) -> Iterator[Draft]:
    for district in calibration.PEOPLE:
        unit_id = f"{family.prefix}-{ascii_slug(bare_district(district))}"
        posts = _district_posts(family.kind, district, draw(unit_id))
        yield Draft(
            id=unit_id,
            name=f"{family.label} {lower_first(district)}",
            sector=family.sector,
            kind=family.kind,
            function=family.function,
            level="department" if family.parent else "district",
            parent=family.parent or _committee(district),
            commune=_commune(communes, calibration.SEATS[district]),
            group=family.kind,
            posts=posts,
            rate=_district_rate(family.kind, district, draw(unit_id)),
            cells=_health_centre_cells(communes, district, posts) if family.kind == "health_centre" else {},
        )


def _health_centre_cells(communes: Sequence[Commune], district: str, posts: int) -> Cells:
    """Until 2025 the health station of a commune is a site of its district's centre, not a unit."""
    stations = sum(commune.district == district for commune in communes)
    return {
        "beds": _beds("health_centre", posts),
        "sites": 1 + stations,
        "note": f"Gồm cơ sở chính và {stations} trạm y tế xã, phường, thị trấn",
    }


def _provincial_boards(communes: Sequence[Commune], draw: Draw) -> Iterator[Draft]:
    for unit_id, name in PROVINCIAL_BOARDS.items():
        yield Draft(
            id=unit_id,
            name=name,
            sector="projects",
            kind="pmb",
            function="state_management",
            level="province",
            parent=PROVINCIAL_COMMITTEE,
            commune=_commune(communes, calibration.SEATS["Thành phố Phan Thiết"]),
            group="pmb",
            posts=calibration.PROVINCIAL_BOARD_POSTS,
            rate=calibration.SELF_PAYING_RATE.at(draw(unit_id)["rate"]),
        )


def _named_units(communes: Sequence[Commune], draw: Draw) -> Iterator[Draft]:
    """Units of departments (dv-) and economic units (kt-), whose names and conditions are a table."""
    with NAMED_UNITS.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            yield _named_unit(row, _commune(communes, row["commune"]), draw(row["id"]))


def _named_unit(row: dict[str, str], commune: Commune, draws: Draws) -> Draft:
    group = "department" if row["size"] else "economic"
    return Draft(
        id=row["id"],
        name=row["name"],
        sector=row["sector"],
        kind=row["kind"],
        function=row["function"],
        level=row["level"],
        parent=row["parent"],
        commune=commune,
        group=group,
        posts=_department_posts(row["size"], draws) if row["size"] else _economic_posts(draws),
        rate=calibration.RATES["economic" if group == "economic" else row["earning"]].at(draws["rate"]),
        cells={column: row[column] for column in STATED_CELLS if row[column]},
    )


def _district_posts(kind: str, district: str, draws: Draws) -> int:
    if kind == "health_centre" and district == calibration.ISLAND:
        return calibration.ISLAND_HEALTH_CENTRE_POSTS
    relative = calibration.PEOPLE[district] / max(calibration.PEOPLE.values())
    follow = calibration.POSTS_FOLLOW_PEOPLE
    return round(calibration.POSTS[kind].at(follow * relative + (1 - follow) * draws["size"]))


def _department_posts(size: str, draws: Draws) -> int:
    usual = calibration.DEPARTMENT_POSTS[size]
    return max(
        calibration.FEWEST_DEPARTMENT_POSTS,
        round(usual * math.exp(calibration.DEPARTMENT_POSTS_SD * draws["size_normal"])),
    )


def _economic_posts(draws: Draws) -> int:
    return round(calibration.POSTS["economic"].at(draws["size"]))


def _district_rate(kind: str, district: str, draws: Draws) -> float:
    pays_itself = district in calibration.SELF_PAYING.get(kind, ())
    return (calibration.SELF_PAYING_RATE if pays_itself else calibration.RATES[kind]).at(draws["rate"])


def _beds(group: str, posts: int) -> int:
    return 10 * round(posts * calibration.BEDS_PER_POST[group] / 10)


def _committee(district: str) -> str:
    return f"Ủy ban nhân dân {lower_first(district)}"


def _commune(communes: Sequence[Commune], name: str) -> Commune:
    (found,) = (commune for commune in communes if commune.name == name)
    return found
