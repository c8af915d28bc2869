"""The national rule sets: every rule is broken by one small world and held by another."""

import sys
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import pytest
from decided import into
from national_rules import Row, met, plan_of, rules_of
from worlds import scenario_of, unit

from models.plan import Decision
from planner.rule_sets import shipped_sets
from planner.scenario_checks import problems_alone
from planner.shipped import rule_sets

sys.path.insert(0, str(Path(__file__).parents[1] / "docs"))

import rule_tables

SETS = ("national-2024", "national-2025")
ONLY_2025 = ("national-2025",)
EXTENDED_KEYS = {"id", "rule", "name", "tier", "source", "certainty", "in_force_from"}


@dataclass(frozen=True)
class Case:
    """Under a rule, the first world with its decisions breaks it and the second holds it."""

    sets: tuple[str, ...]
    rule: str
    broken: tuple[list[Row], list[Decision]]
    held: tuple[list[Row], list[Decision]]


def schools(kind: str, *classes: int, sites: tuple[int, ...] = (1, 1, 1)) -> list[Row]:
    """Schools a, b, c of so many classes and sites, in one commune."""
    figures = zip("abc", classes, sites, strict=False)
    return [unit(id_, sector="education", kind=kind, classes=of, sites=on) for id_, of, on in figures]


def boards(count: int, **figures: object) -> list[Row]:
    return [unit(f"b{number}", kind="pmb", level="province", parent="UBND tỉnh", **figures) for number in range(count)]


def classes(sets: tuple[str, ...], kind: str, most: int) -> Case:
    """Two schools become one: of one class more than allowed, and of just as many."""
    joined = into("a", "b")
    rule = {"multi_level_school": "multi_level_classes"}.get(kind, f"{kind}_classes")
    return Case(sets, rule, (schools(kind, most - 9, 10), joined), (schools(kind, most - 9, 9), joined))


def class_size(rule: str, kind: str, most: int) -> Case:
    """Two schools of ten classes each: one pupil a class below the limit, and three or just one above it."""
    few, most_held, too_many = (unit(id_, sector="education", kind=kind, classes=10, users=10 * (most + more))
                                for id_, more in (("a", -1), ("b", 1), ("b", 3)))  # fmt: skip
    return Case(SETS, rule, ([few, too_many], into("a", "b")), ([few, most_held], into("a", "b")))


def places(kind: str) -> Case:
    """The only place of a commune closes, or stays as a site of the unit that absorbed it."""
    rows = [unit("a", kind=kind), unit("b", kind=kind, commune="Xã Hai")]
    return Case(ONLY_2025, f"{kind}_places", (rows, into("a", "b", site="closed")), (rows, into("a", "b")))


ADMINISTRATIVE: Row = {"function": "state_management"}
PAYS: Row = {"revenue_mvnd": 4000, "state_grant_mvnd": 0}
TRAINS: Row = {"sector": "vocational", "kind": "vocational_school"}
CASES = (
    # A self-financing unit and one that earns an eighth: 4,500 of 8,000 is group 3, worse than group 2.
    Case(
        SETS, "no_autonomy_loss",
        ([unit("a", **PAYS), unit("b")], into("a", "b")), ([unit("a"), unit("b")], into("a", "b")),
    ),
    # Posts 16 + 1 or 16 + 2 less the three that every unit absorbed saves: 14 or 15 people.
    Case(
        SETS, "least_staff",
        ([unit("a", posts_budget=16, **ADMINISTRATIVE), unit("b", posts_budget=1, **ADMINISTRATIVE)], into("a", "b")),
        ([unit("a", posts_budget=16, **ADMINISTRATIVE), unit("b", posts_budget=2, **ADMINISTRATIVE)], into("a", "b")),
    ),
    classes(("national-2024",), "preschool", 20),
    classes(("national-2024",), "primary", 30),
    classes(SETS, "lower_secondary", 45),
    classes(("national-2024",), "upper_secondary", 45),
    classes(SETS, "multi_level_school", 45),
    classes(ONLY_2025, "preschool", 30),
    classes(ONLY_2025, "primary", 40),
    classes(ONLY_2025, "upper_secondary", 50),
    # Two sites and two: four where both stay, two where those of the absorbed school close.
    Case(
        SETS, "lower_secondary_sites",
        (schools("lower_secondary", 9, 9, sites=(2, 2)), into("a", "b")),
        (schools("lower_secondary", 9, 9, sites=(2, 2)), into("a", "b", site="closed")),
    ),
    class_size("primary_class_size", "primary", 35),
    class_size("secondary_class_size", "lower_secondary", 45),
    class_size("secondary_class_size", "upper_secondary", 45),
    *(places(kind) for kind in ("preschool", "primary", "lower_secondary", "health_station")),
    Case(ONLY_2025, "provincial_boards", (boards(4), []), (boards(4), into("b0", "b1"))),
    Case(
        ONLY_2025, "boards_self_financing",
        (boards(1), []), (boards(1, orderable_mvnd=3500), [Decision(unit_id="b0", fate="raise", year=2025)]),
    ),
    Case(
        ONLY_2025, "vocational_schools",
        ([unit(id_, **TRAINS) for id_ in "abcd"], []),
        ([unit("a", **{**TRAINS, **PAYS}), *(unit(id_, **TRAINS) for id_ in "bcd")], []),
    ),
    Case(ONLY_2025, "department_units", ([unit("a"), unit("b")], []), ([unit("a"), unit("b")], into("a", "b"))),
    Case(
        ONLY_2025, "specialised_hospital",
        ([unit("a", kind="general_hospital"), unit("b", kind="specialised_hospital")], into("a", "b")),
        ([unit("a", kind="general_hospital"), unit("b", kind="specialised_hospital")], into("b", "a")),
    ),
)  # fmt: skip
BY_ARITHMETIC = {"no_new_posts"}
of_every_set = pytest.mark.parametrize("name", SETS)


@pytest.mark.parametrize(
    ("name", "case"), [pytest.param(name, case, id=f"{name}-{case.rule}") for case in CASES for name in case.sets]
)
def test_breaks_and_holds(name: str, case: Case) -> None:
    assert not met(plan_of(name, *case.broken), case.rule)
    assert met(plan_of(name, *case.held), case.rule)


@of_every_set
def test_no_new_posts_breaks_where_a_successor_has_one_post_more(name: str) -> None:
    """Forty posts became one unit; the arithmetic only takes posts away, so the forty-first is written in by hand."""
    plan = plan_of(name, [unit("a"), unit("b")], into("a", "b"))
    assert met(plan, "no_new_posts")
    more = [[replace(s, figures={**s.figures, "posts_budget": 41}) for s in stage] for stage in plan.stages]
    assert not met(replace(plan, stages=tuple(map(tuple, more))), "no_new_posts")


@of_every_set
def test_has_a_case_for_every_rule_of_a_set(name: str) -> None:
    tested = {case.rule for case in CASES if name in case.sets} | BY_ARITHMETIC
    assert tested == {rule["id"] for rule in rules_of(name)}


@of_every_set
@pytest.mark.parametrize("exempt", [{"function": "basic_essential"}, {**PAYS, "posts_budget": 0, "posts_own": 16}])
def test_least_staff_leaves_essential_services_and_groups_1_and_2_alone(name: str, exempt: Row) -> None:
    small = {**ADMINISTRATIVE, "posts_budget": 16, **exempt}
    other = {**small, "posts_budget": small["posts_budget"] and 1, "posts_own": 1 if "posts_own" in exempt else 0}
    plan = plan_of(name, [unit("a", **small), unit("b", **other)], into("a", "b"))
    assert plan.stages[-1][0].figures["staff"] == 14 and met(plan, "least_staff")


@of_every_set
def test_sizes_judge_what_a_decision_creates_and_no_school_left_alone(name: str) -> None:
    """A school of 66 classes that nobody touches stays. Schools of 50 and 3 classes lie 5 above and 5 below; one of 53
    would lie 8 above, further outside than either."""
    assert met(plan_of(name, schools("lower_secondary", 66), []), "lower_secondary_classes")
    joined = plan_of(name, schools("lower_secondary", 50, 3), into("a", "b"))
    assert not met(joined, "lower_secondary_classes")


@pytest.mark.parametrize(
    "figures",
    [
        {"parent": "Sở Y tế", "sector": "social"}, {"parent": "Sở Giáo dục và Đào tạo", "sector": "vocational"},
        {"level": "commune"},
    ],
)  # fmt: skip
def test_department_units_leaves_education_health_and_communes_alone(figures: Row) -> None:
    plan = plan_of("national-2025", [unit("a", **figures), unit("b", **figures)], [])
    assert all(reading.met for reading in plan.readings if reading.id == "department_units")


def test_boards_of_communes_do_not_count_as_provincial() -> None:
    rows = [unit(id_, kind="pmb", level="commune", parent=f"UBND xã {id_}") for id_ in "abcd"]
    assert met(plan_of("national-2025", rows, []), "provincial_boards")


# What a set must say of itself


@of_every_set
def test_states_for_every_rule_who_asks_since_when_and_how_sure_it_is(name: str) -> None:
    for rule in rules_of(name):
        assert set(rule) >= EXTENDED_KEYS, rule["id"]
        assert rule["tier"] in ("law", "central") and rule["name"].strip() and rule["source"].strip()
        assert not any(letter.isdigit() for letter in rule["id"]), "numbers may change, ids do not"


@of_every_set
def test_gives_a_valid_scenario(name: str) -> None:
    assert not problems_alone(scenario_of(rules=list(rules_of(name))))


@of_every_set
def test_holds_neither_merging_nor_targets_of_a_province(name: str) -> None:
    families = {rule["rule"] for rule in rules_of(name)}
    assert families <= {"no_autonomy_loss", "no_new_budget_posts", "structure", "cap", "floor"}


def test_every_shipped_set_says_for_which_days_it_is() -> None:
    assert tuple(found.name for found in shipped_sets()) == rule_sets()
    assert set(SETS) <= set(rule_sets())


@pytest.mark.parametrize("family", sorted({found.family for found in shipped_sets()}))
def test_every_day_since_the_first_set_of_a_family_has_exactly_one(family: str) -> None:
    sets = sorted((found for found in shipped_sets() if found.family == family), key=lambda found: found.as_of_from)
    for earlier, later in pairwise(sets):
        assert earlier.as_of_until is not None
        assert later.as_of_from.toordinal() - earlier.as_of_until.toordinal() == 1
    assert sets[-1].as_of_until is None


def test_replaces_in_2025_what_changed_and_keeps_the_rest() -> None:
    """Maxima of 20, 30, 45 classes become 30, 40, 50; nothing of the older rule's dates is left over."""
    before, after = ({rule["id"]: rule for rule in rules_of(name)} for name in SETS)
    changed = {id_: (before[id_].get("at_most"), after[id_].get("at_most")) for id_ in before}
    assert {id_: pair for id_, pair in changed.items() if pair[0] != pair[1]} == {
        "preschool_classes": (20, 30), "primary_classes": (30, 40), "upper_secondary_classes": (45, 50),
    }  # fmt: skip
    assert "in_force_until" in before["primary_classes"] and "in_force_until" not in after["primary_classes"]
    assert before["no_new_posts"] == after["no_new_posts"]


def test_the_page_of_the_sets_shows_every_number_as_it_stands() -> None:
    """Where this fails: python docs/rule_tables.py"""
    text = rule_tables.PAGE.read_text(encoding="utf-8")
    assert rule_tables.filled(text) == text
    assert set(rule_tables.MARK.findall(text)) == set(SETS)
    for name in SETS:
        for rule in rules_of(name):
            for side in ("at_least", "at_most"):
                if side in rule:
                    assert f"{rule[side]} | `rules.{rule['id']}.{side}` | {rule['source']}" in text
