"""What carried each target in the best plan of a run: the table of the README, from the run's levers.csv.

Usage: psu-planner solve scenarios/binh-thuan --out RUN, then python scenarios/binh-thuan/lever_table.py RUN
Prints Markdown: one row per target and lever, and the natures of each target below.
"""

import csv
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from fractions import Fraction
from itertools import groupby
from pathlib import Path

from planner.wording import Wording

WORDS = Wording("vi")
NATURES = ("real", "movement", "relabelling", "before")
PARTS = {"numerator": "", "denominator": " (mẫu số)"}
Row = dict[str, str]


def rows_of_best(run: Path) -> list[Row]:
    """The rows of the run's first plan, without those of single labels."""
    with (run / "levers.csv").open(encoding="utf-8-sig", newline="") as table:
        rows = list(csv.DictReader(table))
    first = (rows[0]["list"], rows[0]["rank"])
    return [row for row in rows if (row["list"], row["rank"]) == first and not row["label"]]


def table_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A row per target and lever."""
    yield "| chỉ tiêu | đòn bẩy | tính chất | số lượng | điểm |"
    yield "|---|---|---|---:|---:|"
    for row in rows:
        lever, nature = WORDS.say(f"levers.{row['lever']}"), WORDS.say(f"levers.nature_{row['nature']}")
        amount = WORDS.number(int(row["amount"]))
        yield f"| `{row['id']}`{PARTS[row['part']]} | {lever} | {nature} | {amount} | {_points(row['points'])} |"


def nature_lines(rows: Iterable[Row]) -> Iterator[str]:
    """A row per target with the points of each nature."""
    yield f"| chỉ tiêu | {' | '.join(WORDS.say(f'levers.nature_{nature}') for nature in NATURES)} | kết quả |"
    yield "|---|" + "---:|" * (len(NATURES) + 1)
    for target, mine in groupby(rows, lambda row: row["id"]):
        points: dict[str, Fraction] = defaultdict(Fraction)
        for row in mine:
            points[row["nature"]] += Fraction(row["points"] or 0)
        cells = [_points(points[nature]) for nature in NATURES]
        yield f"| `{target}` | {' | '.join(cells)} | {_points(sum(points.values(), start=Fraction(0)))} |"


def _points(value: str | Fraction) -> str:
    return WORDS.number(Fraction(value), 2) if value != "" else "–"


def main() -> None:
    if len(sys.argv) != 2 or not (Path(sys.argv[1]) / "levers.csv").is_file():
        sys.exit(__doc__)
    rows = rows_of_best(Path(sys.argv[1]))
    for line in (*nature_lines(rows), "", *table_lines(rows)):
        print(line)


if __name__ == "__main__":
    main()
