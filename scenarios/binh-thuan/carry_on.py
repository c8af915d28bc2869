"""Writes what a plan decided for 2025 as pins: python scenarios/binh-thuan/carry_on.py RUN [--list NAME] [--rank N].

RUN is a run folder of `psu-planner solve scenarios/binh-thuan`. Each step of 2025 (merger, dissolution, equitization,
conversion, raise, transfer) becomes one pin with status "done" in decided-2025.toml. How many posts are slimmed and
how much is ordered or charged is no decision about a unit's fate: the search sets these amounts anew.
"""

import argparse
import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import tomli_w

DECIDED = Path(__file__).with_name("decided-2025.toml")
FATES = ("merge", "dissolve", "equitize", "convert", "raise", "transfer")
DONE = "Bước năm {year} của phương án «{title}» (danh sách {list}, hạng {rank}); kế hoạch trên số liệu giả lập"

Cells = Mapping[str, str]
Pin = dict[str, object]


def pins_of(rows: Iterable[Cells], year: int, reason: str) -> list[Pin]:
    """A pin for each step of that year, in the order of units and fates.

    A merger names all that join in that year, and its host; whoever joins later is left open.
    """
    steps = [row for row in rows if row["fate"] in FATES and row["year"] == str(year)]
    groups: dict[str, list[str]] = {}
    for row in steps:
        if row["fate"] == "merge":
            groups.setdefault(row["successor_id"], []).append(row["unit_id"])
    ordered = sorted(steps, key=lambda row: (row["unit_id"], FATES.index(row["fate"])))
    return [_pin(row, sorted(groups.get(row["successor_id"], ())), reason) for row in ordered]


def plan_rows(run: Path, list_: str, rank: int) -> list[Cells]:
    """The decisions of one plan of a run folder; the mark before what looks like a formula is taken off."""
    with (run / "decisions.csv").open(encoding="utf-8-sig", newline="") as source:
        rows = [{name: cell.removeprefix("'") for name, cell in row.items()} for row in csv.DictReader(source)]
    chosen = [row for row in rows if (row["list"], row["rank"]) == (list_, str(rank))]
    if not chosen:
        known = ", ".join(sorted({f"{row['list']} {row['rank']}" for row in rows}))
        raise SystemExit(f"{run}: there is no plan {list_} {rank}; the plans are: {known}. Choose with --list, --rank.")
    return chosen


def pins_text(pins: Sequence[Pin], source: str) -> str:
    """The pins as a scenario file to extend."""
    head = f"# Written by carry_on.py from {source}; do not edit.\n# Amounts of slimming, orders and fees stay open.\n"
    return head + tomli_w.dumps({"pins": list(pins)})


def _pin(row: Cells, members: Sequence[str], reason: str) -> Pin:
    pin: Pin = {"unit": row["unit_id"], "fate": row["fate"], "year": int(row["year"])}
    if row["fate"] == "merge":
        pin |= {"merge_with": [unit for unit in members if unit != row["unit_id"]], "host": row["host_id"]}
    if row["fate"] == "dissolve":
        pin["host"] = row["receiver_id"]
    if row["fate"] == "transfer":
        pin["parent"] = row["parent_after"]
    said = row["reason"] or reason
    return pin | {"reason": said, "document": row["legal_basis"], "status": "done"}


def _main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Write the decisions of a plan for 2025 as pins that are done.")
    parser.add_argument("run", type=Path, help="run folder")
    parser.add_argument("--list", dest="list_", choices=("best", "different"), default="different")
    parser.add_argument("--rank", type=int, default=1)
    parser.add_argument("--year", type=int, default=2025, help="the stage that is over")
    parser.add_argument("--out", type=Path, default=DECIDED)
    chosen = parser.parse_args(arguments)
    manifest = json.loads((chosen.run / "manifest.json").read_text(encoding="utf-8"))
    rows = plan_rows(chosen.run, chosen.list_, chosen.rank)
    reason = DONE.format(year=chosen.year, title=manifest["title"], list=chosen.list_, rank=chosen.rank)
    pins = pins_of(rows, chosen.year, reason)
    source = f"the run with digest {manifest['digest']}, list {chosen.list_}, rank {chosen.rank}"
    chosen.out.write_text(pins_text(pins, source), encoding="utf-8", newline="\n")
    print(f"{chosen.out}: {len(pins)} pins")


if __name__ == "__main__":
    _main()
