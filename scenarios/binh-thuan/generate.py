"""Writes the invented units of Bình Thuận: python scenarios/binh-thuan/generate.py [--summary] [--seed N] [--out FILE].

Real are the communes and districts, the names of the seven provincial hospitals, the number of pupils
and the order of magnitude of what SOURCES.md lists; every other figure comes from calibration.py and a seed.
Each unit draws from its own stream, named by its id: to change a number, or add a unit, moves no other unit.
"""

import argparse
import csv
import io
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist
from zlib import crc32

import calibration
import numpy as np
from accounts import row_of
from drafts import all_drafts
from places import Commune, Draws, read_communes
from summary import summary

from models.unit import COLUMNS, RETIRING

UNITS = Path(__file__).with_name("units.csv")
# What a unit or commune draws, in this order: add at the end, or every later figure of every unit changes.
DRAWN = (
    *("size", "rate", "earning", "sites", "distance", "direction", "spending", "depreciation", "invested"),
    *("vacant_budget", "vacant_own", "pay", "insured", "retiring", "deputies", "ordered", "ordered_share"),
    *("orderable", "orderable_share", "fees", "history", "capital", "site_cost", "performance"),
)

Row = dict[str, str | int | float]


class Stream:
    """Draws by id from one seed: evenly between 0 and 1, with `size` and `rate` also as standard normal figures."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    def __call__(self, unit_id: str) -> Draws:
        generator = np.random.Generator(np.random.PCG64([self._seed, crc32(unit_id.encode("ascii"))]))
        draws = dict(zip(DRAWN, generator.random(len(DRAWN)).tolist(), strict=True))
        return draws | {f"{name}_normal": _deviation(draws[name]) for name in ("size", "rate")}


def unit_rows(seed: int = calibration.SEED) -> list[Row]:
    """The 724 units of mid-2024, ready to be written."""
    draw = Stream(seed)
    communes = read_communes(draw)
    rows = [row_of(draft, draw(draft.id)) for draft in all_drafts(communes, draw)]
    _enrol_pupils(rows, communes)
    return rows


def units_text(rows: Sequence[Row]) -> str:
    """The table as it is written: columns in the order of the unit table, the same line ends everywhere."""
    known = [column.name for column in COLUMNS if column.name in rows[0]]
    retiring = [f"{RETIRING}{year}" for year in calibration.YEARS_TO]
    text = io.StringIO()
    writer = csv.DictWriter(text, [*known, *retiring], lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def _deviation(draw: float) -> float:
    """A draw as a standard normal figure, without freaks."""
    most = calibration.LARGEST_DEVIATION
    return min(most, max(-most, NormalDist().inv_cdf(draw))) if draw else -most


def _enrol_pupils(rows: Sequence[Row], communes: Sequence[Commune]) -> None:
    """Shares the province's pupils of each level among its schools, to the last pupil."""
    settings = {(commune.district, commune.name): commune.setting for commune in communes}
    for level in (calibration.PRESCHOOL, calibration.PRIMARY, calibration.LOWER, calibration.UPPER):
        schools = [row for row in rows if row["kind"] == level.kind]
        places = [
            int(row["classes"]) * calibration.PUPILS_OF_A_CLASS[settings[str(row["district"]), str(row["commune"])]]
            for row in schools
        ]
        for school, pupils in zip(schools, shared_out(level.pupils, places), strict=True):
            school["users"] = pupils


def shared_out(total: int, weights: Sequence[float]) -> list[int]:
    """Whole shares that add up to the total: the largest remainders get one more."""
    exact = [total * weight / sum(weights) for weight in weights]
    shares = [int(share) for share in exact]
    by_remainder = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for i in by_remainder[: total - sum(shares)]:
        shares[i] += 1
    return shares


def _main() -> None:
    parser = argparse.ArgumentParser(description="Write the invented units of the default scenario.")
    parser.add_argument("--out", type=Path, default=UNITS, help="file to write (default: units.csv beside this script)")
    parser.add_argument("--seed", type=int, default=calibration.SEED, help="another whole number, another province")
    parser.add_argument("--summary", action="store_true", help="print totals by group of units")
    chosen = parser.parse_args()
    rows = unit_rows(chosen.seed)
    chosen.out.write_text(units_text(rows), encoding="utf-8", newline="\n")
    if chosen.summary:
        print(summary(rows))


if __name__ == "__main__":
    _main()
