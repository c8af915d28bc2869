"""The default scenario: all six targets of the mission bind, and its README shows what each costs."""

import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "scenarios" / "binh-thuan"
sys.path.insert(0, str(HERE))

from target_prices import target_prices  # noqa: E402

BILLION = 1000
TARGETS = ["cut39", "autonomy20", "equitize100", "functions2030", "payroll10", "spending15"]
CEILINGS = [
    "work2025", "work2030", "school_work", "department_work", "schools_touched", "one_off2025", "one_off2030",
]  # fmt: skip


@pytest.fixture(scope="module")
def prices() -> dict[str, tuple[int, int]]:
    return {rule: (least, most) for rule, least, most in target_prices()}


def test_holds_the_six_targets_of_the_mission_and_what_the_province_can_carry(
    prices: dict[str, tuple[int, int]],
) -> None:
    assert list(prices) == [*TARGETS, *CEILINGS]


def test_every_target_costs_at_least_a_billion(prices: dict[str, tuple[int, int]]) -> None:
    assert {rule: prices[rule][0] for rule in TARGETS if prices[rule][0] < BILLION} == {}


def test_the_readme_shows_these_prices(prices: dict[str, tuple[int, int]]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d,]+) – ([\d,]+) \|$", (HERE / "README.md").read_text("utf-8"), re.M)
    shown = {rule: tuple(float(text.replace(",", ".")) for text in (low, high)) for rule, low, high in rows}
    assert set(shown) == set(prices)
    for rule, (least, most) in prices.items():
        low, high = shown[rule]
        assert low - 0.03 <= most / BILLION and least / BILLION <= high + 0.03, (rule, shown[rule], least, most)
