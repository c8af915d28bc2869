"""The seven units of scenarios/tiny are solved by hand in their README; the program gives the same numbers."""

import re
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from in_process import solve_here

from models.candidates import list_options
from models.carried import carried_of
from models.cash import KINDS, cash_of
from models.columns import Columns
from models.decide import decisions_of
from models.items import ORDER, SLIM
from models.leavers import leavers_of
from models.objective import costs, criteria
from models.prepared import prepare
from models.ranked import RankedPlan, Ranking
from models.search import rank
from planner.scenario_file import Case, read_scenario
from planner.shipped import scenarios_folder

TINY = scenarios_folder() / "tiny"
Table = list[list[str]]


def table_of(number: int) -> Table:
    """The rows of «Bảng N» of the README, its header first."""
    text = (TINY / "README.md").read_text(encoding="utf-8").split(f"### Bảng {number}. ")[1]
    lines = re.findall(r"^\|.*\|$", text.split("\n#")[0], re.MULTILINE)
    return [[cell.strip() for cell in line[1:-1].split("|")] for line in (lines[0], *lines[2:])]


def number(cell: str) -> int:
    """A whole number as Vietnamese print it: 1.045."""
    return int(cell.replace(".", ""))


@pytest.fixture(scope="module")
def case() -> Case:
    return read_scenario(TINY)


@pytest.fixture(scope="module")
def ranking(case: Case) -> Ranking:
    return rank(prepare(case.scenario, case.units), solve_here)


@pytest.fixture(scope="module")
def columns(case: Case) -> Columns:
    return Columns.build(case.scenario, case.units, list_options(case.scenario, case.units).paths)


def option(columns: Columns, members: str, stage: int, fate: str) -> int:
    """The position of one listed option: «vh-1 + vh-2» merged, or a unit's raise or exit, in a stage."""
    wanted = frozenset(members.split(" + "))
    year = columns.scenario.stages[stage].year
    for place in range(len(columns.paths)):
        alone = np.zeros(len(columns), dtype=np.int64)
        alone[place] = 1
        rows = decisions_of(columns, alone)
        if {row.unit_id for row in rows} == wanted and {(row.fate, row.year) for row in rows} == {(fate, year)}:
            return place
    raise LookupError(members)


def test_table_1_is_the_unit_table(case: Case) -> None:
    _, *rows, total = table_of(1)
    units = case.units
    leaders = units.figure("heads") + units.figure("deputies")
    money = [units.figure(name) for name in ("revenue_mvnd", "recurrent_mvnd", "state_grant_mvnd")]
    columns = [units.figure("posts_budget"), units.figure("posts_own"), units.staff, leaders, *money]
    assert [row[0].split()[0] for row in rows] == list(units.ids)
    assert [list(map(number, row[1:8])) for row in rows] == np.transpose(columns).tolist()
    assert [number(row[8]) for row in rows] == units.figure("autonomy_group").tolist()
    assert list(map(number, total[1:8])) == [int(column.sum()) for column in columns]


def test_table_2_shows_what_each_merger_saves_and_costs(columns: Columns) -> None:
    header, *rows = table_of(2)
    by_hand = {row[0]: list(map(number, row[1:])) for row in rows}
    places = [option(columns, pair, 0, "merge") for pair in header[1:]]
    stage, told = columns.consequences.stages[0], criteria(columns)
    full = stage["state_saving_mvnd"][places]
    one_off = columns.consequences.one_off[0][places]
    early = full - (full - full * 60 // 100)
    assert by_hand == {
        "Vị trí tiết kiệm": stage["saved_posts"][places].tolist(),
        "Tiết kiệm đủ một năm": full.tolist(),
        "Ghi mỗi năm 2026-2030 (60%)": early.tolist(),
        "Cộng sáu năm": (told["state_saving"][places] + one_off).tolist(),
        "Người nhận trợ cấp": stage["severed"][places].tolist(),
        "Trợ cấp": stage["severance_mvnd"][places].tolist(),
        "Chi một lần": one_off.tolist(),
        "Tiết kiệm ròng": told["state_saving"][places].tolist(),
        "Người chuyển nơi làm": told["staff_moved"][places].tolist(),
        "Lãnh đạo dôi dư": told["surplus_leaders"][places].tolist(),
        "Lượt người × km": told["access_user_km"][places].tolist(),
        "Đơn vị bị đụng đến": told["units_touched"][places].tolist(),
        "Điểm": costs(columns)[places].tolist(),
    }


def test_table_3_shows_what_every_other_step_is_worth(columns: Columns) -> None:
    _, *rows = table_of(3)
    told, scores = criteria(columns), costs(columns)
    names = ("state_saving", "work_lost", "fee_burden", "units_touched")
    for name, *by_hand in rows:
        places = steps_of_table_3(columns, name)
        found = [int(told[criterion][places].sum()) for criterion in names] + [int(scores[places].sum())]
        assert list(map(number, by_hand)) == found, name


def steps_of_table_3(columns: Columns, name: str) -> list[int]:
    """The columns of one step: an option, a post slimmed, or an order together with its opening."""
    unit, stage = name.split()[0], 0 if name.endswith("2025") else 1
    if "cổ phần hóa" in name:
        return [option(columns, unit, stage, "equitize")]
    if "nâng tự chủ" in name:
        return [option(columns, unit, stage, "raise")]
    items = columns.items
    mine = np.flatnonzero((items.unit == columns.units.positions[unit]) & (items.stage == stage))
    assert set(items.kind[mine].tolist()) in ({SLIM}, {ORDER, 2})
    return (len(columns.paths) + mine).tolist()


def test_table_4_shows_direct_spending_year_by_year(case: Case, ranking: Ranking) -> None:
    _, *rows, total = table_of(4)
    plan = ranking.of("best")[0].plan
    today = {
        unit: int(grant) for unit, grant in zip(case.units.ids, case.units.figure("state_grant_mvnd"), strict=True)
    }
    who = {"merger": ["vh-1", "vh-2"], "dv-1": ["dv-1"], "kn-1": ["kn-1"], "bt-1": ["bt-1"]}
    for year, *by_hand in rows:
        spent = plan.direct_spending(int(year), case.units.ids, per="unit")
        cuts = [sum(today[unit] - spent[unit] for unit in units) for units in who.values()]
        assert list(map(number, by_hand)) == [*cuts, sum(cuts)], year
        assert sum(today.values()) - sum(spent.values()) == sum(cuts), "nobody else gives anything"
    assert list(map(number, total[1:])) == [sum(number(row[place]) for row in rows) for place in range(1, 6)]


def test_table_5_shows_the_ranking(ranking: Ranking) -> None:
    _, *rows = table_of(5)
    assert [number(row[7]) for row in rows] == [plan.score for plan in ranking.of("best")] == [1045, 1160, 1650]
    assert [number(row[7]) for row in rows] == [plan.score for plan in ranking.of("different")]
    assert [number(row[8]) for row in rows] == [plan.score - ranking.best_score for plan in ranking.of("best")]
    for row, plan in zip(rows, ranking.of("best"), strict=True):
        assert row[1] == merged_in(plan) and plan.proved_best
        assert sum(map(number, row[2:7])) == number(row[7])
        assert steps_in(plan) == {
            ("bt-1", "order", 2030, 200),
            ("dv-1", "raise", 2025, 0),
            ("kn-1", "slim", 2030, 2),
            ("tv-1", "equitize", 2025, 0),
        }


def merged_in(plan: RankedPlan) -> str:
    return " + ".join(sorted(row.unit_id for row in plan.plan.decisions if row.fate == "merge"))


def steps_in(plan: RankedPlan) -> set[tuple[str, str, int | None, int]]:
    """Who does what else, when, and how much is slimmed or ordered."""
    return {
        (row.unit_id, row.fate, row.year, row.posts_slimmed or (row.orders_mvnd if row.fate == "order" else 0))
        for row in plan.plan.decisions
        if row.fate not in ("merge", "keep")
    }


def test_table_6_shows_what_the_best_plan_reaches(ranking: Ranking) -> None:
    _, *rows = table_of(6)
    readings = {reading.id: reading for reading in ranking.of("best")[0].plan.readings}
    for name, wanted, numerator, denominator, reached in rows:
        reading = readings[name]
        found = [int(reading.wanted), reading.numerator, reading.denominator]
        assert found == [number(wanted), number(numerator), number(denominator)], name
        assert abs(reading.reached - Fraction(reached.replace(",", "."))) < Fraction(1, 200), name
        assert reading.met


def test_table_7_shows_what_carried_each_target(ranking: Ranking) -> None:
    _, *by_hand = table_of(7)
    parts = {"numerator": "", "denominator": ", mẫu số"}
    found = [
        [row.id + parts[row.part], row.lever, row.nature, row.amount] for row in carried_of(ranking.of("best")[0].plan)
    ]
    assert [[*row[:3], number(row[3])] for row in by_hand] == found
    readings = {row[0]: (number(row[2]), number(row[3])) for row in table_of(6)[1:]}
    for name, (above, below) in readings.items():
        assert sum(number(row[3]) for row in by_hand if row[0] == name) == above
        assert name != "autonomy20" or sum(number(row[3]) for row in by_hand if row[0] == f"{name}, mẫu số") == below


def test_table_8_shows_the_cash_of_the_best_plan(ranking: Ranking) -> None:
    header, *rows = table_of(8)
    plan = ranking.of("best")[0].plan
    cash = cash_of(plan)
    years = list(map(int, header[1:]))
    told = {name: dict(zip(years, map(number, figures), strict=True)) for name, *figures in rows}
    assert {name: cash.of(name) for name in told} == told
    silent = set(KINDS) - set(told) - {"direct_spending_before"}
    assert not any(any(cash.of(name).values()) for name in silent), "every other line is nothing"
    assert told["cumulated"][2031] == plan.criteria["state_saving"] == 2085
    assert cash.payback_year == 2028


def test_table_9_shows_where_those_go_whom_mergers_set_free(ranking: Ranking) -> None:
    _, *rows = table_of(9)
    found = [
        [str(plan.rank), str(row.year), row.successor.id]
        + [str(n) for n in (row.freed, row.filled_inside, row.retired, row.severed, row.severance_mvnd)]
        for plan in ranking.of("best")
        for row in leavers_of(plan.plan)
    ]
    assert rows == found
    for plan in ranking.of("best"):
        paid = sum(number(row[7]) for row in rows if row[0] == str(plan.rank))
        assert paid == -cash_of(plan.plan).of("severance")[2026]


def test_table_10_shows_who_fills_a_vacancy_nearby_instead_of_leaving(case: Case) -> None:
    _, *rows = table_of(10)
    staffing = case.scenario.staffing.model_copy(update={"redeploy_km": Fraction(5)})
    asked = case.scenario.model_copy(update={"staffing": staffing})
    found = []
    for plan in rank(prepare(asked, case.units), solve_here).of("best"):
        merged = " + ".join(sorted(row.unit_id for row in plan.plan.decisions if row.fate == "merge"))
        moved = [row for row in plan.plan.decisions if row.fate == "redeploy"]
        taker = "".join(row.receiver_id for row in moved) or "–"
        row = next(row for row in leavers_of(plan.plan) if row.freed)
        assert row.filled_nearby == sum(step.people_redeployed for step in moved)
        found.append([str(plan.rank), merged, taker, row.filled_nearby, row.severed, row.severance_mvnd, plan.score])
    assert [[*row[:3], *map(number, row[3:])] for row in rows] == found


def test_there_is_no_fourth_plan(case: Case) -> None:
    """The README argues that only the pair is left to choose; asked for ten plans, the search finds three."""
    search = case.scenario.search.model_copy(update={"best": 10, "plans": 0})
    asked = case.scenario.model_copy(update={"search": search})
    found = rank(prepare(asked, case.units), solve_here)
    assert len(found.plans) == 3 and found.stops["best"] == "no_further"


def test_says_that_everything_is_invented() -> None:
    assert "giả lập" in Path(TINY / "SOURCES.md").read_text(encoding="utf-8")
    assert read_scenario(TINY).invented
