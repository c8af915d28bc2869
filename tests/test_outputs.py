"""What the State pays for one pupil, bed or visitor before and after: reckoned by hand on centres of four figures."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from decided import into, plan_of
from small_province import CUT, document, rows_of, run, write_scenario
from worlds import scenario_of, unit, units_of

from models.candidates import list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.output import Output
from models.output_cost import OutputCost, kind_costs, province_costs, successor_costs
from models.plan import Decision, Plan
from models.scenario import Scenario
from planner.scenario_checks import problems_alone, problems_with_units
from planner.shipped import scenarios_folder
from planner.units.vocabulary import read_vocabulary, shipped_vocabulary

Row = dict[str, Any]
NO_POSTS = {"posts": [{"per_absorbed_unit": 0}], "early_percent": 0, "early_years": 5}
ROWS: list[Row] = [
    unit("a", users=300, posts_budget=20, orders_mvnd=100),
    unit("b", users=100, posts_budget=10, site_cost_mvnd=200),
    unit("c", users=0, kind="museum", state_grant_mvnd=900),
    unit("d", users=50, kind="museum", state_grant_mvnd=500),
]  # a and b: a grant of 3,500 each
READY: Row = {
    "sector": "economic", "kind": "pmb", "posts_budget": 0, "posts_own": 20, "revenue_mvnd": 4000,
    "state_grant_mvnd": 0, "equitization_listed": 1, "land_plan_approved": 1, "state_capital_mvnd": 500,
}  # fmt: skip
VISITORS = {"id": "visitors", "en": "Visitors", "unit_en": "one visitor", "column": "users"}


def told(row: OutputCost) -> tuple[object, ...]:
    """Stage, whose, units, output and outlay before and after."""
    who = row.kind if row.successor is None else row.successor.id
    return (row.stage, who, *vars(row.before).values(), *vars(row.after).values())


def merged(decisions: list[Decision], rows: list[Row] | None = None, **tables: Any) -> Plan:
    return plan_of(scenario_of(savings=NO_POSTS, **tables), ROWS if rows is None else rows, decisions)


def test_divides_the_outlay_of_all_members_by_the_output_of_all() -> None:
    """Before 3,500 + 100 + 3,500 for 400 visitors, 17.75 each; b's closed site saves 200: 17.25.

    The site saves at once in this figure, although the first five years book nothing of it.
    """
    plan = merged(into("a", "b", site="closed"))
    first, second = successor_costs(plan)
    assert told(first) == (0, "a", 2, 0, 400, 7100, 1, 0, 400, 6900)
    assert told(second)[1:] == told(first)[1:] and second.stage == 1
    assert (first.before.per_unit, first.after.per_unit) == (Fraction(71, 4), Fraction(69, 4))
    assert first.indicator.id == "visitors"


def test_tells_of_a_successor_from_the_stage_of_its_first_decision_on() -> None:
    """c and d merge by 2030 only, a is given orders in 2025 and keeps what the State pays."""
    order = Decision(unit_id="a", fate="order", year=2025, orders_mvnd=400)
    rows = [unit("a", users=300, orderable_mvnd=1000, posts_budget=10), *ROWS[2:]]
    plan = merged([order, *into("c", "d", year=2030)], rows)
    assert [told(row) for row in successor_costs(plan)] == [
        (0, "a", 1, 0, 300, 3500, 1, 0, 300, 3500),
        (1, "a", 1, 0, 300, 3500, 1, 0, 300, 3500),
        (1, "c", 2, 1, 50, 1400, 1, 0, 50, 1400),
    ]


def test_has_no_cost_of_one_where_there_is_none() -> None:
    plan = merged([Decision(unit_id="c", fate="slim", year=2025, posts_slimmed=1)], [unit("c", present_budget=19)])
    row = next(successor_costs(plan))
    assert (row.before.output, row.before.silent) == (0, 1)
    assert row.before.per_unit is None and row.after.per_unit is None


def test_adds_up_every_public_unit_of_a_kind_and_leaves_out_kinds_without_output() -> None:
    """Both centres become one: 7,100 before, 6,900 after, for 400; museums go on as they are."""
    plan = merged(into("a", "b", site="closed"))
    found = [told(row) for row in kind_costs(plan) if row.stage == 1]
    assert found == [
        (1, "culture_centre", 2, 0, 400, 7100, 1, 0, 400, 6900),
        (1, "museum", 2, 1, 50, 1400, 2, 1, 50, 1400),
    ]
    [(indicator, before, after)] = province_costs(plan, 1)
    assert (indicator.id, before.outlay_mvnd, after.outlay_mvnd, after.output) == ("visitors", 8500, 8300, 450)
    [(_, before, after)] = province_costs(merged(into("a", "b", site="closed"), ROWS[:3]), 1)
    assert (before.outlay_mvnd, after.outlay_mvnd) == (7100, 6900), "a museum without visitors would add 900"


def test_counts_a_unit_that_left_before_alone() -> None:
    boards = [unit("p", users=30, **READY), unit("q", users=10, kind="pmb", sector="economic")]
    gone = Decision(unit_id="p", fate="equitize", year=2030)
    plan = merged([gone], boards, output=[VISITORS | {"where": {"kind": ["pmb"]}}])
    found = [told(row) for row in kind_costs(plan)]
    assert found == [(0, "pmb", 2, 0, 40, 3500, 2, 0, 40, 3500), (1, "pmb", 2, 0, 40, 3500, 1, 0, 10, 3500)]
    assert list(successor_costs(plan)) == [], "it is no successor any more"


def test_takes_what_a_split_gives_away_off_the_old_unit() -> None:
    """A centre of 900 patients and 17,000; from 2026 a station of 200 and 1,500 stands by itself."""
    station = {"kind": "health_station", "level": "commune", "planned": "2026-01-01", "posts_budget": 10, "users": 200}
    rows = [
        unit("hc", kind="health_centre", sector="health", posts_budget=100, users=900, recurrent_mvnd=20000,
             revenue_mvnd=3000, state_grant_mvnd=17000, sites=4),
        unit("st", sector="health", revenue_mvnd=100, recurrent_mvnd=1600, state_grant_mvnd=1500, deputies=0,
             **station),
    ]  # fmt: skip
    pins = [{"unit": "hc", "fate": "split", "into": ["st"], "reason": "Trạm y tế thành đơn vị của xã"}]
    scenario, units = scenario_of(pins=pins, actions={}), units_of(rows)
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    plan = check(scenario, units, decisions_of(columns, np.ones(len(columns), dtype=np.int64))).plan
    found = [told(row) for row in successor_costs(plan) if row.indicator.id == "patients"]
    assert found == [
        (1, "hc", 1, 0, 900, 17000, 1, 0, 700, 15500),
        (1, "st", 0, 0, 0, 0, 1, 0, 200, 1500),
    ]


def test_counts_a_successor_of_two_kinds_under_its_host() -> None:
    rows = [unit("a", users=300, posts_budget=30), unit("m", users=60, kind="museum")]
    plan = merged(into("a", "m"), rows, output=[VISITORS | {"where": {"kind": ["museum"]}}])
    assert list(successor_costs(plan)) == []
    last = [told(row) for row in kind_costs(plan) if row.stage == 1]
    assert last == [(1, "museum", 1, 0, 60, 3500, 0, 0, 0, 0)]


def test_lets_a_scenario_restate_an_indicator_and_add_its_own() -> None:
    shown = {"id": "shows", "en": "Shows", "unit_en": "one show", "column": "classes", "certainty": "reported"}
    outputs = scenario_of(output=[VISITORS, shown]).outputs
    known = [indicator.id for indicator in shipped_vocabulary().terms.outputs]
    assert [indicator.id for indicator in outputs] == [*known, "shows"] and "visitors" in known
    assert outputs[known.index("visitors")].where == {} and outputs[-1].certainty == "reported"
    assert (outputs[-1].called("vi"), outputs[-1].one("vi")) == ("Shows", "one show")


def _problems(*outputs: Row) -> list[tuple[str, str]]:
    scenario: Scenario = scenario_of(output=list(outputs))
    found = [*problems_alone(scenario), *problems_with_units(scenario, units_of(ROWS))]
    return [(problem.where, problem.code.removeprefix("scenario.")) for problem in found]


def test_refuses_indicators_that_would_compare_other_units() -> None:
    assert _problems(VISITORS, VISITORS) == [("output[visitors]", "doubled_output")]
    assert _problems(VISITORS | {"where": {"autonomy_group": ["4"]}}) == [
        ("output[visitors].where.autonomy_group", "output_column")
    ]
    assert _problems(VISITORS | {"where": {"knd": ["museum"]}}) == [("output[visitors].where.knd", "unknown_column")]
    assert _problems(VISITORS | {"where": {"unit": ["zz"]}}) == [("output[visitors].where.unit", "unknown_unit")]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"column": "bed"}, "output[visitors].column: must be one of: users, classes, beds, sites; it is"),
        ({"column": "bed"}, 'Did you mean "beds"?'),
        ({"en": ""}, "output[visitors].en"),
        ({"price": 3}, '"price" is not a key here'),
    ],
)
def test_refuses_an_indicator_that_no_column_counts(tmp_path: Path, changed: Row, sentence: str) -> None:
    result = run("check", write_scenario(tmp_path / "province", output=[VISITORS | changed]))
    assert result.exit_code == 3 and sentence in " ".join(result.stderr.split())


def test_refuses_a_vocabulary_that_chooses_by_no_column(tmp_path: Path) -> None:
    words = {**shipped_vocabulary().tables, "output": [VISITORS | {"where": {"knd": ["museum"]}}, VISITORS]}
    (tmp_path / "words.toml").write_text(tomli_w.dumps(words), encoding="utf-8")
    place = write_scenario(tmp_path / "province", vocabulary="words.toml")
    (tmp_path / "words.toml").rename(place / "words.toml")
    said = " ".join(run("check", place).stderr.split())
    assert "output[visitors].where.knd" in said and 'Did you mean "kind"?' in said and "used twice" in said


def test_every_shipped_indicator_has_both_names_and_is_to_be_confirmed() -> None:
    outputs = read_vocabulary("viet-nam", Path()).terms.outputs
    assert {indicator.column for indicator in outputs} == {"users", "classes", "beds"}
    assert all(indicator.vi and indicator.unit_vi and isinstance(indicator, Output) for indicator in outputs)
    assert {indicator.certainty for indicator in outputs} == {"to_confirm"}


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path, str]:
    """The run of scenarios/tiny: as data, as a folder, and what it says in Vietnamese."""
    place = tmp_path_factory.mktemp("tiny")
    result = run("solve", scenarios_folder() / "tiny", "--out", place / "data", "--json")
    spoken = run("solve", scenarios_folder() / "tiny", "--best", 1, "--plans", 1, "--out", place / "words", lang="vi")
    return document(result), place / "data", spoken.stdout


def test_writes_the_cost_of_one_to_the_dong(tiny: tuple[Any, Path, str]) -> None:
    """vh-1 and vh-2: 900 + 300 visitors for 2,600 + 1,300; the merger saves 360 of pay and 60 for a site.

    The order at bt-1 renames 200 of its 3,000, for no visitor that anybody counted. All culture centres: 4,900 / 1,700
    = 2.8823529..., after it 4,480 / 1,700 = 2.6352941...
    """
    found, folder, _ = tiny
    rows = [row for row in rows_of(folder / "outputs.csv") if (row["list"], row["rank"]) == ("best", "1")]
    figures = [list(row.values())[2:4] + list(row.values())[6:] for row in rows]
    centre = ["visitors", "1200", "1200", "3900", "3480", "3.25", "2.9", "vh-2;vh-1", "0", "to_confirm"]
    museum = ["visitors", "0", "0", "3000", "3000", "", "", "bt-1", "1", "to_confirm"]
    assert figures == [["2025", "vh-1", *centre], ["2030", "bt-1", *museum], ["2030", "vh-1", *centre]]
    rows = rows_of(folder / "outputs_by_kind.csv")
    kinds = [row for row in rows if (row["list"], row["rank"], row["stage"]) == ("best", "1", "2030")]
    assert [(row["kind"], row["per_unit_before_mvnd"], row["per_unit_after_mvnd"]) for row in kinds] == [
        ("culture_centre", "2.882353", "2.635294"),
        ("museum", "", ""),
    ]
    assert [row["silent_after"] for row in kinds] == ["0", "1"]
    assert found["outputs"][0]["per_unit_after_mvnd"] == 2.9 and found["outputs_by_kind"]
    assert run("verify", folder).exit_code == 0


def test_says_what_one_visitor_costs(tiny: tuple[Any, Path, str]) -> None:
    said = " ".join(tiny[2].split())
    assert "cuối năm 2030 so với hiện nay: -8,6%." in said  # 420 of 4,900 less, for as many visitors
    assert "Từng loại: outputs_by_kind.csv." in said


def test_says_nothing_of_products_where_no_indicator_fits(tmp_path: Path) -> None:
    """Eight units without a single visitor."""
    result = run("solve", write_scenario(tmp_path / "p", rules=[CUT]), "--plans", 1, "--out", tmp_path / "run")
    assert result.exit_code == 0 and "per product" not in result.stdout
    assert {row["silent_before"] for row in rows_of(tmp_path / "run" / "outputs_by_kind.csv")} == {"8"}
