"""The default scenario: all six targets of the mission bind, and its README shows what each costs."""

import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[1] / "scenarios" / "binh-thuan"
sys.path.insert(0, str(HERE))

from target_prices import target_prices  # noqa: E402

BILLION = 1000


@pytest.fixture(scope="module")
def prices() -> dict[str, tuple[int, int]]:
    return {rule: (least, most) for rule, least, most in target_prices()}


def test_holds_the_six_targets_of_the_mission(prices: dict[str, tuple[int, int]]) -> None:
    assert list(prices) == ["cut39", "autonomy20", "equitize100", "functions2030", "payroll10", "spending15"]


def test_every_target_costs_at_least_a_billion(prices: dict[str, tuple[int, int]]) -> None:
    assert {rule: least for rule, (least, _) in prices.items() if least < BILLION} == {}


def test_the_readme_shows_these_prices(prices: dict[str, tuple[int, int]]) -> None:
    rows = re.findall(r"^\| `(\w+)` \|.*\| ([\d,]+) – ([\d,]+) \|$", (HERE / "README.md").read_text("utf-8"), re.M)
    shown = {rule: tuple(float(text.replace(",", ".")) for text in (low, high)) for rule, low, high in rows}
    assert set(shown) == set(prices)
    for rule, (least, most) in prices.items():
        low, high = shown[rule]
        assert low - 0.03 <= most / BILLION and least / BILLION <= high + 0.03, (rule, shown[rule], least, most)
