"""Rebuild the commune tables in this folder from an unpacked wheel of vietnamadminunits 1.0.4.

pip download --no-deps vietnamadminunits==1.0.4
python -m zipfile -e vietnamadminunits-1.0.4-py3-none-any.whl wheel
python planner/units/gazetteer_data/build.py wheel
"""

import csv
import json
import sqlite3
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Row = Mapping[str, Any]


def build(wheel: Path, target: Path = HERE) -> None:
    """Write communes_2024.csv, communes_2025.csv and mapping_2024_2025.csv into `target`."""
    data = wheel / "vietnamadminunits" / "data"
    before = _table(data / "dataset.db", "admin_units_legacy")
    after = _table(data / "dataset.db", "admin_units")
    conversion = json.loads((data / "converter_2025.json").read_text(encoding="utf-8"))
    _write(target / "communes_2024.csv", "code,name,type,district,province,lat,lon,also", map(_before, before))
    _write(target / "communes_2025.csv", "code,name,type,province,lat,lon,area_km2", map(_after, after))
    _write(
        target / "mapping_2024_2025.csv", "code_2024,code_2025,share,main", sorted(_mapping(before, after, conversion))
    )


def _table(database: Path, table: str) -> list[Row]:
    connection = sqlite3.connect(f"file:{database.as_posix()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    order = "provinceCode, districtCode, wardCode" if table.endswith("legacy") else "provinceCode, wardCode"
    rows: list[Row] = [dict(row) for row in connection.execute(f"select * from {table} order by {order}")]
    connection.close()
    return rows


def _before(row: Row) -> list[object]:
    # Five island districts had no communes: the district itself is the place.
    if not row["ward"]:
        place = [row["districtCode"], row["district"], row["districtType"]]
        return [*place, row["district"], row["province"], row["districtLat"], row["districtLon"], ""]
    former = [key for key in json.loads(row["wardAlias"] or "[]") if key.startswith(("xa", "phuong", "thitran"))]
    place = [row["wardCode"], _tidy(row["ward"]), row["wardType"], row["district"], row["province"]]
    return [*place, row["wardLat"], row["wardLon"], ";".join(dict.fromkeys(former))]


def _after(row: Row) -> list[object]:
    place = [row["wardCode"], row["ward"], row["wardType"], row["province"], row["wardLat"], row["wardLon"]]
    return [*place, row["wardAreaKm2"] or ""]


def _tidy(name: str) -> str:
    return name.replace("Thị Trấn ", "Thị trấn ")


def _mapping(before: Iterable[Row], after: Iterable[Row], conversion: Mapping[str, Any]) -> Iterator[list[str]]:
    old = {_key(row): row["wardCode"] or row["districtCode"] for row in before}
    new = {(row["provinceKey"], row["wardKey"]): row["wardCode"] for row in after}
    for province, wholes in conversion["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for ward, keys in wholes.items():
            yield from ([old[key], new[province, ward], "whole", "yes"] for key in keys)
    for province, parts in conversion["DICT_PROVINCE_WARD_DIVIDED"].items():
        for key, shares in parts.items():
            for share in shares:
                main = "yes" if share["isDefaultNewWard"] else "no"
                yield [old[key], new[province, share["newWardKey"]], "part", main]


def _key(row: Row) -> str:
    return "_".join((row["provinceKey"], row["districtKey"], row["wardKey"] or ""))


def _write(target: Path, header: str, rows: Iterable[Iterable[object]]) -> None:
    with target.open("w", encoding="utf-8", newline="") as sink:
        table = csv.writer(sink, lineterminator="\n")
        table.writerow(header.split(","))
        table.writerows(rows)


if __name__ == "__main__":
    build(Path(sys.argv[1]))
