"""What people get who must leave: by the day on which they go, to the dong, and who pays it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from small_province import document, run, write_scenario
from worlds import THREE_MONTHS, scenario_of, unit, units_of

from models import candidates
from models.checker import check
from models.columns import Columns
from models.plan import Decision
from models.severance import Severance, early_retirement_vnd, regimes_on, severance_vnd
from planner.scenario_tables import resolved_tables
from planner.shipped import rule_set

SETS = ("national-2024", "national-2025")
IN_2025 = {"id": "a", "in_force_until": date(2025, 12, 31), "resignation": {"months": 10}}
FROM_2026 = {**THREE_MONTHS, "id": "b", "in_force_from": date(2026, 1, 1)}
COUNTED = {"counted_months_at_most": 60, "share_in_first_year": Decimal("0.8"), "share_later": Decimal("0.4")}
BY_NAME = {
    "id": "reform", "named_only": True,
    "resignation": {"months_per_insured_year": Decimal("1.5"), "job_search_months": 3, **COUNTED},
}  # fmt: skip
PERSON = {"avg_pay_vnd_month": 10_000_000, "avg_insured_months": 120}


@cache
def shipped(set_: str = "national-2024") -> Mapping[str, Severance]:
    path = rule_set(set_)
    assert path is not None
    tables = resolved_tables(path).tables
    return {regime.id: regime for regime in scenario_of(severance=tables["severance"]).severance}


def test_leaving_within_a_year_under_decree_178_gives_the_published_sum() -> None:
    """15 insured years, 10,705,500 dong: 60 × 0.8 = 48, 15 × 1.5 = 22.5 and 3 months for looking for work."""
    assert 48 * 10_705_500 + 240_873_750 + 3 * 10_705_500 == 786_854_250
    assert severance_vnd(shipped()["decree_178_2024"], 10_705_500, 15 * 12) == 786_854_250


def test_leaving_later_under_decree_178_gives_half_the_share() -> None:
    """Twelve full months after the decision: 60 × 0.4 = 24, with 22.5 and 3 that is 49.5 months of 10,705,500."""
    assert severance_vnd(shipped()["decree_178_2024"], 10_705_500, 180, months_after=11) == 786_854_250
    assert severance_vnd(shipped()["decree_178_2024"], 10_705_500, 180, months_after=12) == 529_922_250


def test_no_more_months_count_than_are_insured() -> None:
    """Four insured years: 48 × 0.8 = 38.4, 4 × 1.5 = 6 and 3: 47.4 months of ten million."""
    assert severance_vnd(shipped()["decree_178_2024"], 10_000_000, 48) == 474_000_000


def test_early_retirement_gives_the_published_parts_and_their_right_sum() -> None:
    """30 months early, 22 years, 15,356,250 dong: 30 months, 5 × 2.5 and 5 + 2 × 0.5.

    The article prints 744,788,125; its own parts add up to 10,000 less.
    """
    assert 460_687_500 + 191_953_125 + 92_137_500 == 744_778_125
    assert early_retirement_vnd(shipped()["decree_178_2024"], 15_356_250, 22 * 12, 30) == 744_778_125


def test_early_retirement_after_a_year_gives_half_a_month_per_month_early() -> None:
    """15 + 12.5 + 6 = 33.5 months of ten million."""
    assert early_retirement_vnd(shipped()["decree_178_2024"], 10_000_000, 264, 30, months_after=12) == 335_000_000


@pytest.mark.parametrize(
    ("regime", "insured", "months"),
    # 2.5 years early: 5 or 3 months for each; 5 for the first twenty insured years, half a month for each further
    [("decree_154_2025", 264, "18.5"), ("decree_154_2025", 200, "17.5"), ("decree_29_2023", 264, "13.5")],
)
def test_other_regimes_give_their_months_for_early_retirement(regime: str, insured: int, months: str) -> None:
    paid = early_retirement_vnd(shipped()[regime], 10_000_000, insured, 30)
    assert paid == 10_000_000 * Decimal(months)


@pytest.mark.parametrize("months_early", [23, 61])
def test_nobody_retires_early_outside_two_to_five_years(months_early: int) -> None:
    with pytest.raises(LookupError):
        early_retirement_vnd(shipped()["decree_154_2025"], 10_000_000, 264, months_early)


@pytest.mark.parametrize("regime", ["decree_29_2023", "decree_154_2025"])
def test_half_a_dong_goes_up(regime: str) -> None:
    """15 insured years: 3 + 22.5 = 25.5 months of 10,000,001 dong are 255,000,025.5."""
    assert severance_vnd(shipped()[regime], 10_000_001, 180) == 255_000_026


@pytest.mark.parametrize(
    ("day", "held"),
    [
        (date(2023, 7, 19), []), (date(2023, 7, 20), ["decree_29_2023"]), (date(2025, 6, 15), ["decree_29_2023"]),
        (date(2025, 6, 16), ["decree_154_2025"]), (date(2026, 1, 1), ["decree_154_2025"]),
        (date(2028, 1, 1), ["decree_154_2025"]), (date(2030, 12, 31), ["decree_154_2025"]), (date(2031, 1, 1), []),
    ],
)  # fmt: skip
@pytest.mark.parametrize("set_", SETS)
def test_the_shipped_sets_hold_one_regime_a_day(set_: str, day: date, held: list[str]) -> None:
    regimes = tuple(shipped(set_).values())
    assert [regime.id for regime in regimes_on(regimes, day, None)] == held


@pytest.mark.parametrize(
    ("day", "first"), [(date(2024, 12, 31), "decree_29_2023"), (date(2025, 1, 1), "decree_178_2024")]
)
def test_a_named_regime_comes_first_from_its_day_on(day: date, first: str) -> None:
    assert regimes_on(tuple(shipped().values()), day, "decree_178_2024")[0].id == first


def paid(rows: list[dict[str, Any]] | None = None, **tables: Any) -> tuple[int, int, int, int]:
    """Two units of twenty become one in 2025, which saves three posts: severed, and what all, State and unit pay.

    Both roads must say the same; the State's one-off cost is the set-up of 150 and its part.
    """
    units = units_of(rows or [unit("a", **PERSON), unit("b", **PERSON)])
    scenario = scenario_of(**tables)
    merged = [Decision(unit_id=name, fate="merge", year=2025, host_id="a", site="kept") for name in ("a", "b")]
    names = ("severed", "severance_mvnd", "severance_state_mvnd", "severance_own_mvnd")
    figures = check(scenario, units, merged).plan.stages[0][0].figures
    columns = Columns.build(scenario, units, candidates.list_options(scenario, units).paths)
    stage, hosts = columns.consequences.stages[0], columns.paths.hosts
    option = next(at for at in range(len(hosts)) if stage.changed[at] and hosts[at] == 0 and stage["raised"][at] == 0)
    assert [int(stage[name][option]) for name in names] == [figures[name] for name in names]
    assert columns.consequences.one_off[0][option] == 150 + figures["severance_state_mvnd"]
    severed, all_, state, own = (figures[name] for name in names)
    return severed, all_, state, own


def test_the_state_pays_what_a_partly_financing_unit_does_not_cover() -> None:
    """18 months of ten million for three people: 540. Revenue 1,000 of 8,000 − 360: the State 540 × 6,640 / 7,640."""
    assert paid() == (3, 540, 469, 71)


@pytest.mark.parametrize(
    ("money", "state"),
    [
        ({"revenue_mvnd": 100}, 540),  # group 4: the State pays all, the revenue of 2.6% notwithstanding
        ({"revenue_mvnd": 4000, "state_grant_mvnd": 0}, 0),  # group 2: the unit pays itself
        ({"revenue_mvnd": 3900, "state_grant_mvnd": 100}, 0),  # group 3 before, 7,800 of 7,640 after savings: group 2
    ],
)
def test_the_group_after_the_merger_says_who_pays(money: dict[str, int], state: int) -> None:
    rows = [unit("a", **PERSON, **money), unit("b", **PERSON, **money)]
    assert paid(rows) == (3, 540, state, 540 - state)


def test_the_state_pays_alone_where_the_scenario_says_so() -> None:
    assert paid(staffing={"severance_payer": "state"}) == (3, 540, 540, 0)


@pytest.mark.parametrize(
    ("effect", "each"),
    # 178/2024: 60 × 0.8, 15 and 3 months are 66; a year after the decision 60 × 0.4, 15 and 3 are 42
    [(2026, 66), (2027, 42)],
)
def test_a_named_regime_pays_by_how_long_ago_the_decision_was(effect: int, each: int) -> None:
    stages, regimes = [{"year": 2025, "effect": effect}], [BY_NAME, THREE_MONTHS]
    asked = {"stages": stages, "severance": regimes, "money": {"horizon": 2031}}
    assert paid(**asked)[:2] == (3, 540)
    assert paid(**asked, staffing={"severance": "reform"})[:2] == (3, 3 * 10 * each)


def test_the_regime_of_the_day_of_leaving_pays() -> None:
    """The decision of 2025 sends people away on 1 January 2026: the regime of 2025 (10 months) is over by a day."""
    assert paid(severance=[IN_2025, FROM_2026])[:2] == (3, 540)
    assert paid(severance=[{**IN_2025, "in_force_until": date(2026, 1, 1)}, FROM_2026])[:2] == (3, 300)


def test_the_first_regime_that_names_a_unit_pays_its_people() -> None:
    """20 posts at 10 months and 20 at 6, of ten million: three people at the mean of 80 million."""
    regimes = [
        {"id": "a", "where": {"unit": ["a"]}, "resignation": {"months": 10}},
        {"id": "all", "resignation": {"months": 6}},
    ]
    assert paid(severance=regimes)[:2] == (3, 240)


def test_vacancies_come_first_then_retirement_then_severance() -> None:
    """Three posts saved: one vacant, one of somebody who retires by 2025; one person goes, for 180."""
    assert paid([unit("a", **PERSON), unit("b", **PERSON, present_budget=19, retiring_by_2025=1)])[:2] == (1, 180)


def test_nobody_is_paid_without_a_regime() -> None:
    assert paid(severance=[]) == (3, 0, 0, 0)


def test_check_says_that_nobody_is_paid_without_a_regime(tmp_path: Path) -> None:
    place = write_scenario(tmp_path / "x")
    told = document(run("check", place, "--json"))["severance"]
    assert [(stage["day"], stage["units_without"]) for stage in told["stages"]] == [
        ("2026-01-01", 8),
        ("2028-01-01", 8),
    ]
    assert "nobody is paid on leaving on 1 January 2026 (stage 2025) in 8 units" in run("check", place).stdout


def test_check_says_what_one_person_gets_and_who_pays(tmp_path: Path) -> None:
    """The pay and insured months of empty cells: 12,500,000 dong × (3 + 1.5 × 15) = 318,750,000."""
    place = write_scenario(
        tmp_path / "x", severance=[{"id": "simple", "resignation": {"months": 3, "months_per_insured_year": 1.5}}]
    )
    told = document(run("check", place, "--json"))["severance"]
    assert told["payer"] == "by_group" and told["stages"][0]["regimes"] == {"simple": 318_750_000}
    said = run("check", place).stdout
    assert "318,750,000" in said and 'severance_payer = "state"' in said
    assert "318.750.000" in run("check", place, lang="vi").stdout
