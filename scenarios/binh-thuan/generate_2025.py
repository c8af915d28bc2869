"""Writes the same units as of 1 July 2025: python scenarios/binh-thuan/generate_2025.py [--out FILE] [--seed N].

Reads units.csv, puts every unit into its commune of 2025 and under the authority that it has since the districts
ended, and adds the health stations that communes get on 1 January 2026. Names and figures stay: the price level is
that of mid-2024, and people who left in between are taken to have been replaced.
"""

import argparse
import csv
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import calibration
from generate import Row, Stream, units_text
from places import lower_first
from stations import Centre, NewCommune, station_rows

from planner.units.gazetteer import Commune, Gazetteer

OLD_UNITS = Path(__file__).with_name("units.csv")
UNITS = Path(__file__).with_name("units-2025.csv")
LAST_DAY_OF_DISTRICTS = date(2025, 6, 30)  # units.csv names the communes of that day

# Since 1 July 2025 the province is part of Lâm Đồng.
PROVINCIAL_COMMITTEE = "Ủy ban nhân dân tỉnh Lâm Đồng"
LAND_DEPARTMENT = "Sở Tài nguyên và Môi trường"
# Guidance 03/CV-BCĐ of 15 April and 68-CV/BCĐ of 28 May 2025: schools up to lower secondary and culture go to communes;
# continuing education and health centres stay with their departments; revenue-earning units go to either level.
# Boards and public works go to the commune where they sit (at most three provincial boards: 59-CV/BCĐ of 12 September
# 2025), land fund centres to the department of land.
TO_THE_COMMUNE = ("preschool", "primary", "lower_secondary", "culture_centre", "pmb", "public_works_unit")
TO_THE_LAND_DEPARTMENT = ("land_fund_centre",)
LEFT_OUT = ("district", "commune_2025")  # districts ended; the commune is that of 2025
# Of the people who were to retire by the end of 2025, counted over a year and a half, one year's have left.
GONE_OF_RETIRING_2025 = 2 / 3


def rows_2025(seed: int = calibration.SEED) -> list[Row]:
    """The 724 units of 1 July 2025 and the 45 planned health stations."""
    gazetteer = Gazetteer.read("Bình Thuận", LAST_DAY_OF_DISTRICTS)
    with OLD_UNITS.open(encoding="utf-8", newline="") as source:
        rows = [_moved(row, gazetteer) for row in csv.DictReader(source)]
    centres = [Centre.of(row) for row in rows if row["kind"] == "health_centre"]
    return rows + station_rows(centres, _new_communes(gazetteer), Stream(seed))


def part_of(gazetteer: Gazetteer, old: Commune, lat: float, lon: float) -> Commune:
    """The commune of 2025 in which a unit of an old commune lies: of a split one, the part whose point is nearest."""
    return min(gazetteer.parts(old), key=lambda part: _degrees_apart(part, lat, lon))


def committee(commune: Commune) -> str:
    return f"Ủy ban nhân dân {lower_first(commune.name)}"


def _moved(row: dict[str, str], gazetteer: Gazetteer) -> Row:
    old = gazetteer.find(row["commune"], row["district"])
    assert old is not None, (row["id"], row["commune"])
    commune = part_of(gazetteer, old, float(row["lat"]), float(row["lon"]))
    moved: Row = {name: cell for name, cell in row.items() if name not in LEFT_OUT}
    moved |= {"commune": gazetteer.label(commune), "area": gazetteer.area(commune)}
    return moved | _authority(row, commune) | _retiring(row) | _buildings(row)


def _authority(row: dict[str, str], commune: Commune) -> Row:
    if row["kind"] in TO_THE_LAND_DEPARTMENT:
        return {"level": "department", "parent": LAND_DEPARTMENT}
    if row["level"] == "district":
        assert row["kind"] in TO_THE_COMMUNE, row["id"]
        return {"level": "commune", "parent": committee(commune)}
    return {"parent": PROVINCIAL_COMMITTEE} if row["level"] == "province" else {}


def _retiring(row: dict[str, str]) -> Row:
    """People reaching retirement age from 1 July 2025 on: those who reached it in the year before are taken off."""
    by_2025, by_2030 = int(row["retiring_by_2025"]), int(row["retiring_by_2030"])
    gone = int(by_2025 * GONE_OF_RETIRING_2025 + 0.5)
    return {"retiring_by_2025": by_2025 - gone, "retiring_by_2030": by_2030 - gone}


def _buildings(row: dict[str, str]) -> Row:
    """A health centre and its stations have a building each; of others none is known."""
    return {"buildings": row["sites"] if row["kind"] == "health_centre" else "", "planned": ""}


def _new_communes(gazetteer: Gazetteer) -> list[NewCommune]:
    """Each with the number of old communes that it took in from its main former district."""
    counts: dict[str, int] = {}
    for old in gazetteer.preferred:
        main = gazetteer.commune_2025(old)
        if main is not None and gazetteer.area(main) == old.district:
            counts[main.code] = counts.get(main.code, 0) + 1
    return [
        NewCommune(gazetteer.label(commune), commune.type, gazetteer.area(commune), committee(commune),
                   commune.lat, commune.lon, counts[commune.code])
        for commune in gazetteer.other
    ]  # fmt: skip


def _degrees_apart(commune: Commune, lat: float, lon: float) -> float:
    """Near enough to compare two points of one former commune."""
    return (commune.lat - lat) ** 2 + (commune.lon - lon) ** 2


def _main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the invented units of the scenario of 1 July 2025.")
    parser.add_argument("--out", type=Path, default=UNITS, help="file to write (default: units-2025.csv beside this)")
    parser.add_argument("--seed", type=int, default=calibration.SEED, help="another whole number, other stations")
    chosen = parser.parse_args(arguments)
    chosen.out.write_text(units_text(rows_2025(chosen.seed)), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    _main()
