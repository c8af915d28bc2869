"""A scenario folder of eight invented units for tests of the command line, to be spoiled one value at a time."""

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import tomli_w
from click.testing import CliRunner, Result
from warm_worker import warm_worker

from planner.cli import cli

Tables = dict[str, Any]
Row = Mapping[str, object]

PLAIN: Row = {
    "sector": "culture_sport", "kind": "culture_centre", "function": "basic_essential", "level": "department",
    "parent": "Sở Văn hóa", "commune": "Phường Phú Thủy", "posts_budget": 20, "posts_own": 0, "heads": 1,
    "deputies": 2, "revenue_mvnd": 500, "recurrent_mvnd": 4000, "state_grant_mvnd": 3500, "data_quality": "invented",
}  # fmt: skip
SELF_FINANCING: Row = {"posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4100, "state_grant_mvnd": 0}
UNITS: tuple[Row, ...] = (
    {"id": "vh-1", "name": "Trung tâm Văn hóa"},
    {"id": "vh-2", "name": "Trung tâm Triển lãm", "posts_budget": 12, "recurrent_mvnd": 2600, "state_grant_mvnd": 2100},
    {"id": "vh-3", "name": "Nhà hát", "posts_budget": 15, "recurrent_mvnd": 3000, "state_grant_mvnd": 2500},
    {"id": "vh-4", "name": "Bảo tàng", "posts_budget": 9, "recurrent_mvnd": 1900, "state_grant_mvnd": 1400},
    {"id": "nn-1", "name": "Trung tâm Khuyến nông", "parent": "Sở Nông nghiệp"},
    {"id": "nn-2", "name": "Trung tâm Giống", "parent": "Sở Nông nghiệp", "posts_budget": 14},
    {"id": "nn-3", "name": "Trung tâm Kỹ thuật", "parent": "Sở Nông nghiệp", "posts_budget": 8},
    {"id": "nn-4", "name": "Trung tâm Kiểm nghiệm", "parent": "Sở Nông nghiệp", **SELF_FINANCING},
)
CUT: Tables = {
    "id": "cut", "rule": "unit_reduction", "name": "Giảm ít nhất 2 đơn vị đến năm 2025", "year": 2025, "at_least": 2,
    "tier": "province", "source": "Kế hoạch thử",
}  # fmt: skip
SHARE: Tables = {
    "id": "share", "rule": "autonomy_share", "name": "Ít nhất 10% đơn vị tự chủ", "year": 2030, "at_least_percent": 10,
}  # fmt: skip
SCENARIO: Tables = {
    "schema_version": 1,
    "title": "Tỉnh thử",
    "units": "units.csv",
    "gazetteer": "Bình Thuận",
    "as_of": date(2024, 6, 30),
    "stages": [{"year": 2025, "effect": 2026}, {"year": 2030, "effect": 2028}],
    "actions": {"merge": True, "raise": True, "slim": True},
    "merging": [{"within": "parent", "same": ["kind"], "max_members": 3}],
    "rules": [CUT, SHARE, {"id": "posts", "rule": "cap", "sum": "posts", "at_most": 100, "per": "parent"}],
    "staffing": {"deputies": [{"staff_at_most": 20, "deputies": 1}, {"deputies": 2}]},
    "search": {"plans": 2, "time_limit_s": 60},
}


def write_scenario(folder: Path, rows: Sequence[Row] = UNITS, **changed: Any) -> Path:
    """The small province in a folder of its own, with some tables of the scenario changed (None takes one out)."""
    folder.mkdir(parents=True, exist_ok=True)
    write_units(folder / "units.csv", rows)
    tables = {key: value for key, value in {**SCENARIO, **changed}.items() if value is not None}
    (folder / "scenario.toml").write_text(tomli_w.dumps(tables), encoding="utf-8", newline="\n")
    return folder


def write_units(path: Path, units: Sequence[Row]) -> None:
    """Units as a CSV table; what a row leaves open is that of the plain unit."""
    rows = [{**PLAIN, **unit} for unit in units]
    header = list(dict.fromkeys(name for row in ({"id": "", "name": ""}, PLAIN, *rows) for name in row))
    sink = io.StringIO()
    table = csv.DictWriter(sink, header, lineterminator="\n")
    table.writeheader()
    table.writerows(rows)
    path.write_text(sink.getvalue(), encoding="utf-8", newline="\n")


def run(*arguments: object, lang: str = "en") -> Result:
    """A command in this process; what it says stands in `stdout` and `stderr`.

    `solve` draws no pictures (half of its time here) unless the test names some: `--pictures first`. The solver process
    is the one that the command before has left.
    """
    drawn = ("--pictures", "none") if arguments[0] == "solve" and "--pictures" not in arguments else ()
    with patch("planner.solver.WorkerProcess", warm_worker):
        return CliRunner().invoke(cli, [*map(str, arguments), *drawn, "--lang", lang])


def document(result: Result) -> Any:
    """The one JSON document of a command that was given --json."""
    return json.loads(result.stdout)


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a table of a run folder."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
