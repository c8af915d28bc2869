"""From which number posts are cut: assigned, fixed or realised; and who meets the cut only thanks to that number."""

from itertools import product
from typing import Any

import pytest
from in_process import solve_here
from pydantic import ValidationError
from test_beside_readings import Row, columns_of
from worlds import scenario_of, unit, units_of

from models.checker import check
from models.items import SLIM
from models.plan import Decision, Plan
from models.prepared import prepare
from models.rules.payroll_cut import PayrollBaseline
from models.search import rank
from planner.price_notes import show_what_it_rests_on
from planner.talk import Talk
from planner.wording import Wording

CUT: Row = {"id": "posts", "rule": "payroll_cut", "year": 2030, "baseline_year": 2025, "at_least_percent": 10}
STAFFING: Row = {"slimming": [{"at_most_percent": 50}]}
ONLY_SLIM: Row = {"actions": {"slim": True}, "merging": [], "staffing": STAFFING}
SLIMS = range(5)  # posts that lapse by 2025, and by 2030


def office(**figures: Any) -> Row:
    """Twenty budget-paid posts, eight of them vacant."""
    return unit("a", present_budget=12, **figures)


def slimmed(row: Row, early: int, late: int, baseline: Row, *, assumed: bool = False) -> Plan:
    """So many posts lapse in the first stage, so many in the second."""
    made, units = scenario_of(rules=[CUT | {"baseline": baseline}], **ONLY_SLIM), units_of([row])
    units.assumed["posts_budget_2025"][:] = assumed
    steps = [
        Decision(unit_id="a", fate="slim", year=year, posts_slimmed=posts)
        for year, posts in ((2025, early), (2030, late))
        if posts
    ]
    found = check(made, units, [Decision(unit_id="a", fate="keep"), *steps])
    assert not found.refusals
    return found.plan


def says(plan: Plan) -> tuple[bool, str, bool]:
    found = plan.readings[0]
    return found.met, found.baseline, found.met_only_so


@pytest.mark.parametrize(
    ("early", "late", "met", "only_so"),
    [
        (0, 2, True, True),  # of the 20 of 2025 two are a tenth; of the 18 assigned none is cut
        (0, 4, True, False),  # 16 are at most 16.2
        (0, 3, True, True),  # 17 are more than 16.2
        (2, 2, True, False),  # the plan leaves 18 in 2025 and 16 in 2030
        (4, 0, False, False),  # 16 and 16: enough from the assigned 18, nothing from what the plan leaves
    ],
)
def test_marks_who_meets_a_realised_baseline_and_not_the_assigned_one(
    early: int, late: int, met: bool, only_so: bool
) -> None:
    """Eighteen posts are assigned for 2025, twenty stand today."""
    plan = slimmed(office(posts_budget_2025=18), early, late, {"kind": "realised"})
    assert says(plan) == (met, "realised", only_so)


@pytest.mark.parametrize(("early", "late", "only_so"), [(2, 0, True), (1, 1, True), (0, 2, False), (1, 2, False)])
def test_marks_who_gains_by_cuts_before_the_baseline_year(early: int, late: int, only_so: bool) -> None:
    """Nobody states the posts of 2025, so what goes before lowers the assigned baseline; a fixed one forgets that.

    20 - 2 = 18 of a fixed 20; but of the 18 or 19 that 2025 leaves, 18 are too many and 17 (of 19: 17.1) are not.
    """
    row = office()
    assert says(slimmed(row, early, late, {"kind": "fixed"}, assumed=True)) == (True, "fixed", only_so)
    assert says(slimmed(row, early, late, {}, assumed=True)) == (not only_so, "assumed", False)


def test_marks_nobody_where_posts_are_assigned() -> None:
    plan = slimmed(office(posts_budget_2025=20), 0, 2, {})
    assert says(plan) == (True, "", False)
    assert says(slimmed(office(), 0, 2, {"posts": 20}, assumed=True)) == (True, "", False)


def hand(kind: str, early: int, late: int, *, assumed: bool) -> bool:
    """Whether a tenth is cut: 20 today, 19 assigned for 2025 where somebody states them."""
    after_2025, after_2030 = 20 - early, 20 - early - late
    moving = after_2025
    base = {"fixed": 20, "realised": moving, "assigned": moving if assumed else 19}[kind]
    return 100 * after_2030 - 90 * base <= 0


@pytest.mark.parametrize("kind", ["assigned", "fixed", "realised"])
@pytest.mark.parametrize("assumed", [False, True])
def test_both_roads_hold_every_baseline_as_by_hand(kind: str, assumed: bool) -> None:
    """All twenty-five ways to slim none to four posts by 2025, and none to four more by 2030."""
    row = office(posts_budget_2025=19)
    columns = columns_of(CUT | {"baseline": {"kind": kind}}, [row], **ONLY_SLIM)
    columns.units.assumed["posts_budget_2025"][:] = assumed
    block = columns.scenario.rules[0].rows(columns)
    items, first = columns.items, len(columns.paths)
    places = [first + at for at in range(len(items)) if items.kind[at] == SLIM]
    stages = [int(items.stage[place - first]) for place in places]
    assert (first, stages) == (1, [0, 1])
    for early, late in product(SLIMS, SLIMS):
        values = [1] + [0] * len(items)
        values[places[0]], values[places[1]] = early, late
        by_rows = bool((block.matrix @ values <= block.at_most).all())
        found = slimmed(row, early, late, {"kind": kind}, assumed=assumed).readings[0]
        wanted = hand(kind, early, late, assumed=assumed)
        assert (by_rows, found.met) == (wanted, wanted), (early, late)
        profits = wanted and not hand("assigned", early, late, assumed=assumed)
        assert found.met_only_so == (profits and kind != "assigned"), (early, late)


def test_the_solver_profits_from_a_realised_baseline_and_the_reading_says_so() -> None:
    """Every post slimmed costs its work and a half: the cheapest plan cuts two of the twenty late, and is marked."""
    row = office(posts_budget_2025=18)
    marked = {}
    for kind in ("assigned", "realised"):
        made = scenario_of(rules=[CUT | {"baseline": {"kind": kind}}], objective={"work_lost": 3},
                           search={"plans": 1}, **ONLY_SLIM)  # fmt: skip
        plan = rank(prepare(made, units_of([row])), solve_here).plans[0].plan
        marked[kind] = (plan.after("posts_budget", 2030, ("",))[""], *says(plan))
    assert marked == {"assigned": (16, True, "", False), "realised": (18, True, "realised", True)}


def test_refuses_a_stated_number_that_would_not_be_used() -> None:
    for kind in ("fixed", "realised"):
        with pytest.raises(ValidationError, match="baseline_posts_assigned"):
            PayrollBaseline.model_validate({"kind": kind, "posts": 5})


@pytest.mark.parametrize(("language", "only"), [("en", "met ONLY thanks to this baseline"), ("vi", "CHỈ đạt nhờ")])
def test_solve_says_that_a_target_is_met_only_so(language: str, only: str, capsys: pytest.CaptureFixture[str]) -> None:
    talk = Talk(Wording(language), as_json=False, quiet=False)
    for late, said in ((2, True), (4, False)):
        plan = slimmed(office(posts_budget_2025=18), 0, late, {"kind": "realised"})
        show_what_it_rests_on(talk, plan, plan.scenario.rules[0])
        told = capsys.readouterr().out
        assert '"realised"' in told and (only in told) == said
