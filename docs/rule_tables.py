"""Writes the tables of the national rule sets into scenarios/rules/README.md, from the files themselves.

Run `python docs/rule_tables.py` after a change of a set; with --check it only tells whether the page is behind.
"""

import datetime
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from keys import meanings

from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

PAGE = Path(__file__).parents[1] / "scenarios" / "rules" / "README.md"
MARK = re.compile(r"<!-- rule_set ([\w-]+) -->\n.*?<!-- end -->", re.DOTALL)
NUMBERS = ("at_least", "at_most")
SIDES = {"at_least": "ít nhất", "at_most": "nhiều nhất"}
SEVERANCE = {"resignation": "Trợ cấp thôi việc ngay", "early_retirement": "Trợ cấp nghỉ hưu trước tuổi"}
CERTAINTIES = {"read": "đã đọc tại nguồn", "reported": "theo tin báo", "to_confirm": "**cần xác nhận**"}


def filled(text: str) -> str:
    """The page with every marked table written anew."""
    return MARK.sub(lambda mark: "\n".join([mark[0].splitlines()[0], *table(mark[1]), "<!-- end -->"]), text)


def table(name: str) -> Iterator[str]:
    """A row per number of a set, those kept from the set below included."""
    yield "| Quy định | Con số | Khóa để đổi | Văn bản | Mức chắc chắn | Hiệu lực |"
    yield "|---|---|---|---|---|---|"
    path = rule_set(name)
    if path is None or not path.is_file():
        raise LookupError(f"no rule set {name}")
    for rule in resolved_tables(path).tables["rules"]:
        yield from _rows(rule)
    tables = resolved_tables(path).tables
    for regime in tables["severance"]:
        yield from _severance_rows(regime)
    yield from (_salary(entry) for entry in tables["base_salary"])
    yield _ground(tables["dissolution"])


def _salary(entry: Mapping[str, Any]) -> str:
    """A base salary in dong a month."""
    told = f"{entry['source']} | {CERTAINTIES[entry['certainty']]} | {_dates(entry)}"
    return f"| Lương cơ sở, đồng/tháng | {entry['vnd_month']} | `base_salary.{entry['id']}.vnd_month` | {told} |"


def _ground(law: Mapping[str, Any]) -> str:
    """How many ineffective years are a ground."""
    told = f"{law['source']} | {CERTAINTIES[law['certainty']]} | {_dates(law)}"
    key = "dissolution.ineffective_years"
    return f"| Căn cứ giải thể: số năm hoạt động không hiệu quả | {law['ineffective_years']} | `{key}` | {told} |"


def _severance_rows(regime: Mapping[str, Any]) -> Iterator[str]:
    told = f"{regime['source']} | {CERTAINTIES[regime['certainty']]} | {_dates(regime)}"
    for part, title in SEVERANCE.items():
        for key, number in regime[part].items():
            meaning = meanings()[f"severance.{part}"][key]["vi"].rstrip(".")
            yield f"| {title}: {meaning} | {number} | `severance.{regime['id']}.{part}.{key}` | {told} |"


def _rows(rule: Mapping[str, Any]) -> Iterator[str]:
    told = f"{rule['source']} | {CERTAINTIES[rule['certainty']]} | {_dates(rule)}"
    stated = [key for key in NUMBERS if key in rule]
    for key in stated:
        yield f"| {rule['name']} | {SIDES[key]} {rule[key]} | `rules.{rule['id']}.{key}` | {told} |"
    if not stated:
        yield f'| {rule["name"]} | – | `drop = ["{rule["id"]}"]` | {told} |'


def _dates(rule: Mapping[str, Any]) -> str:
    since, until = _day(rule["in_force_from"]), rule.get("in_force_until")
    return f"từ {since}" if until is None else f"{since} – {_day(until)}"


def _day(day: datetime.date) -> str:
    return f"{day:%d/%m/%Y}"


def main() -> int:
    """Rewrite the page; with --check only tell whether it is up to date."""
    text = PAGE.read_text(encoding="utf-8")
    behind = filled(text) != text
    if behind and "--check" not in sys.argv:
        PAGE.write_text(filled(text), encoding="utf-8", newline="\n")
    return int("--check" in sys.argv and behind)


if __name__ == "__main__":
    sys.exit(main())
