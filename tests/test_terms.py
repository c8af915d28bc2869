"""The words of a country are data: bands to the million, another country as a file, and what no file may say."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tomli_w
from pydantic import ValidationError
from small_province import document, rows_of, run, write_scenario
from small_table import CENTRE, PRIMARY, read, write_csv
from worlds import scenario_of, unit, units_of

from models.candidates import host_ranks, list_options
from models.checker import check
from models.columns import Columns
from models.decide import decisions_of
from models.equitization import conditions, eligible
from models.recount import Recount
from models.scenario import Merging
from models.successor import autonomy_group
from models.terms import Terms
from planner.scenario_checks import problems_alone
from planner.units.vocabulary import shipped_vocabulary

VIET_NAM = shipped_vocabulary().terms
EDGES = [  # revenue, recurrent spending, investment less depreciation: the group
    (4000, 4000, 0, 1),
    (4000, 4000, -1, 2),
    (3999, 4000, 0, 3),
    (400, 4000, -1, 3),
    (399, 4000, -1, 4),
    (0, 4000, 0, 4),
    (5, 0, 0, 4),
    (0, 0, 0, 4),
]
TOYLAND: dict[str, Any] = {
    "fields": {"public": {"en": "Public field"}, "open": {"en": "Open field", "equitizable": True}},
    "sectors": {"care": {"en": "Care", "field": "public"}, "trade": {"en": "Trade", "field": "open"}},
    "kinds": {
        "home": {"en": "Home", "sectors": ["care"]},
        "shop": {"en": "Shop", "sectors": ["trade"]},
        "bath": {"en": "Bath", "sectors": ["trade"], "never_equitized": True},
    },
    "levels": {"crown": {"en": "Under the crown"}, "county": {"en": "Under a county"}},
    "functions": {"core": {"en": "Core"}, "commercial": {"en": "Commercial", "market": True}},
    "performance": {code: {"en": code} for code in ("excellent", "good", "completed", "not_completed")},
    "data_quality": {code: {"en": code} for code in ("measured", "estimated", "assumed", "invented")},
    "autonomy_groups": {
        "1": {"en": "Free", "at_least_percent": 100, "self_financing": True},
        "2": {"en": "Half", "at_least_percent": 50, "source": "Toyland Act 7"},
        "3": {"en": "Fed", "at_least_percent": 0},
    },
    "position_groups": {
        "lead": {"en": "Leaders", "columns": ["heads", "deputies"], "administrative": True},
        "work": {"en": "Workers", "columns": ["professional_posts"]},
    },
    "truth": {"yes": {"en": "Yes"}, "no": {"en": "No"}},
}
HOME = {
    "sector": "care", "kind": "home", "function": "core", "level": "county", "parent": "Green County",
    "commune": "Green", "recurrent_mvnd": 600, "revenue_mvnd": 350, "state_grant_mvnd": 250, "posts_budget": 6,
}  # fmt: skip
SHOP = {
    **HOME, "sector": "trade", "kind": "shop", "function": "commercial", "revenue_mvnd": 600, "state_grant_mvnd": 0,
    "posts_budget": 0, "posts_own": 6, "equitization_listed": "yes", "land_plan_approved": "yes",
    "state_capital_mvnd": 90,
}  # fmt: skip
TOYLANDERS = (
    {**HOME, "id": "a", "name": "East Home", "recurrent_mvnd": 500, "revenue_mvnd": 200, "state_grant_mvnd": 300},
    {**HOME, "id": "b", "name": "West Home"},
    {**SHOP, "id": "c", "name": "Bath", "kind": "bath"},
    {**SHOP, "id": "d", "name": "Shop"},
)
ASKED = [
    {"id": "fewer", "rule": "unit_reduction", "year": 2025, "at_least": 3},
    {"id": "core", "rule": "remaining_functions", "year": 2025},
    {"id": "companies", "rule": "equitization", "year": 2025},
]


def _toyland(folder: Path, rows: tuple[dict[str, Any], ...] = TOYLANDERS, **changed: Any) -> Path:
    """Two homes that may merge without saving a post, a bath that may be converted, and a shop."""
    settings: dict[str, Any] = {
        "vocabulary": "toyland.toml", "gazetteer": None, "rules": ASKED,
        "actions": {"merge": True, "convert": {"kind": ["bath"]}, "equitize": True},
        "savings": {"posts": [{"per_absorbed_unit": 0}]}, "search": {"plans": 1, "time_limit_s": 30},
    }  # fmt: skip
    write_scenario(folder, rows, **settings | changed)
    (folder / "toyland.toml").write_text(tomli_w.dumps(TOYLAND), encoding="utf-8")
    return folder


@pytest.mark.parametrize(("revenue", "recurrent", "margin", "group"), EDGES)
def test_finds_the_autonomy_group_to_the_million_on_both_roads(
    revenue: int, recurrent: int, margin: int, group: int
) -> None:
    arrays = (np.array([figure]) for figure in (revenue, recurrent, margin))
    assert autonomy_group(VIET_NAM, *arrays).tolist() == [group]
    assert Recount(scenario_of(), units_of([unit("a")])).autonomy_group(revenue, recurrent, margin) == group


@pytest.mark.parametrize(("revenue", "recurrent", "margin", "group"), EDGES)
def test_reads_an_empty_group_from_the_same_bands(
    tmp_path: Path, revenue: int, recurrent: int, margin: int, group: int
) -> None:
    """With depreciation of 50 stated, investment of 50 covers it and 49 does not."""
    figures = {"revenue_mvnd": revenue, "recurrent_mvnd": recurrent, "state_grant_mvnd": max(recurrent - revenue, 0)}
    invested = {"investment_self_mvnd": 50 + margin, "depreciation_mvnd": 50}
    row = CENTRE | {name: str(figure) for name, figure in (figures | invested).items()}
    units, _ = read(write_csv(tmp_path, row))
    assert units.figure("autonomy_group").tolist() == [group]


def test_lifts_revenue_to_the_edge_of_the_stated_band(tmp_path: Path) -> None:
    """A tenth of 5,405 is 540.5: group 3 needs 541."""
    row = PRIMARY | {"autonomy_group": "Nhóm 3", "recurrent_mvnd": "5405", "revenue_mvnd": "540"}
    units, warnings = read(write_csv(tmp_path, row))
    assert units.figure("revenue_mvnd").tolist() == [541]
    assert "units.group_lifted" in [warning.code for warning in warnings]


def test_keeps_the_functions_of_several_markets_on_both_roads() -> None:
    """Of two market functions a successor takes its host's, else the first of the terms; else the host's function."""
    terms = VIET_NAM.model_copy(update={"functions": ("core", "toll", "rent"), "market_functions": ("rent", "toll")})
    merging = [{"within": "parent", "same": [], "mixed_functions": True}]
    scenario = scenario_of(
        terms=terms, merging=merging, actions={"merge": True}, stages=[{"year": 2025, "effect": 2026}]
    )
    served = {"core": 30, "toll": 20, "rent": 10}  # the largest hosts
    units = units_of([unit(name, function=name, posts_budget=posts) for name, posts in served.items()])
    columns = Columns.build(scenario, units, list_options(scenario, units).paths)
    found = {}
    for option in range(len(columns.paths)):
        values = np.zeros(len(columns), dtype=np.int64)
        values[option] = 1
        members = [units.ids[at] for at in columns.paths.members_of(option)]
        steps = [step for step in decisions_of(columns, values) if step.unit_id in members]
        plan = check(scenario, units, steps).plan
        successor = next(s for s in plan.stages[0] if s.host == columns.paths.hosts[option])
        by_option = columns.consequences.stages[0]["function"][option]
        found["+".join(sorted(members))] = (terms.functions[by_option], plan.label_of(successor, "function"))
    assert found["core+rent"] == ("rent", "rent") and found["core+rent+toll"] == ("toll", "toll")
    assert found["rent+toll"] == ("toll", "toll") and found["core"] == ("core", "core")


@pytest.mark.parametrize(
    ("bands", "fine"),
    [
        ([(100, "s"), (0, "")], True),
        ([(99, "s"), (0, "")], False),  # who pays for itself pays all
        ([(100, "s"), (50, ""), (50, ""), (0, "")], False),  # nothing tells the two apart
        ([(100, "si"), (100, "s"), (0, "")], True),  # but covering investment does
        ([(100, "s"), (40, ""), (50, ""), (0, "")], False),
        ([(100, ""), (100, "s"), (0, "")], False),
        ([(100, "s"), (1, "")], False),  # somebody may pay nothing
        ([(100, "s"), (0, "i")], False),
        ([(100, "s"), ("33.3333", ""), (0, "")], True),
        ([(100, "s"), ("33.33333", ""), (0, "")], False),  # a fifth decimal
        ([(100, "s"), *((90 - n, "") for n in range(6)), (0, "")], True),
        ([(100, "s"), *((90 - n, "") for n in range(7)), (0, "")], False),  # nine bands
    ],
)
def test_takes_bands_that_fall_from_all_to_nothing(bands: list[tuple[Any, str]], fine: bool) -> None:
    """s: self-financing, i: covers investment."""
    tables = [
        {"at_least_percent": share if isinstance(share, int) else Decimal(share), "self_financing": "s" in signs,
         "covers_investment": "i" in signs}
        for share, signs in bands
    ]  # fmt: skip
    terms = {
        "levels": ["top", "low"], "functions": ["core"], "bands": tables,
        "position_groups": [{"code": "lead", "columns": ["heads", "deputies"], "administrative": True},
                            {"code": "work", "columns": ["professional_posts"]}],
    }  # fmt: skip
    if not fine:
        with pytest.raises(ValidationError):
            Terms.model_validate(terms)
        return
    known = Terms.model_validate(terms)
    paying = [group for group, (_, signs) in enumerate(bands, 1) if "s" in signs]
    assert known.groups == tuple(range(1, len(bands) + 1)) and list(known.self_financing) == paying
    assert list(known.covering_investment) == [group for group, (_, signs) in enumerate(bands, 1) if "i" in signs]
    assert list(known.partly_financing) == [group for group in known.groups[:-1] if group not in paying]
    assert (known.highest_level, known.administrative_columns) == ("top", ("heads", "deputies"))
    sub = [{"code": "a", "at_least_percent": 70}, {"code": "b", "at_least_percent": 70}]
    with pytest.raises(ValidationError, match=r"vocabulary\.sub_bands_must_fall"):
        Terms.model_validate(terms | {"sub_bands": sub})
    twice = [*terms["position_groups"], {"code": "more", "columns": ["heads"]}]
    with pytest.raises(ValidationError, match=r"vocabulary\.column_twice:heads"):
        Terms.model_validate(terms | {"position_groups": twice})


def test_never_equitizes_a_state_notary_office() -> None:
    """Group 2, listed, land settled, State capital: a notary office lacks nothing but a kind that may."""
    ready = {
        "sector": "justice", "revenue_mvnd": 4000, "equitization_listed": 1, "land_plan_approved": 1,
        "state_capital_mvnd": 500,
    }  # fmt: skip
    units = units_of([unit("auction", kind="auction_centre", **ready), unit("notary", kind="notary_office", **ready)])
    assert eligible(VIET_NAM, units, 2025).tolist() == [True, False]
    assert [name for name, met in conditions(VIET_NAM, units, 2025).items() if not met[1]] == ["eligible_kind"]


def test_lets_the_highest_level_of_the_country_host() -> None:
    terms = VIET_NAM.model_copy(update={"levels": ("commune", "province")})
    units = units_of([unit("big", level="province", posts_budget=90), unit("small", level="commune")])
    assert host_ranks(terms, units, Merging(host="highest_level")).argmin() == 1


def test_counts_the_self_financing_groups_as_autonomous_unless_told() -> None:
    assert scenario_of().autonomous_groups == (1, 2)
    assert scenario_of(counting={"autonomous_groups": [1]}).autonomous_groups == (1,)


def test_plans_another_country_from_a_file_of_words(tmp_path: Path) -> None:
    """Two homes, 200 of 500 and 350 of 600, pay 550 of 1,100 together: exactly half. The bath goes as no company."""
    counts = document(run("check", _toyland(tmp_path / "toyland"), "--json"))
    assert counts["autonomy_groups"] == {"1": 2, "2": 1, "3": 1} and counts["autonomy_bands"] == {}
    solved = run("solve", tmp_path / "toyland", "--out", tmp_path / "run")
    assert solved.exit_code == 0, solved.stderr
    ends = {(row["unit_id"], row["fate"]) for row in rows_of(tmp_path / "run" / "decisions.csv")}
    assert ends == {("a", "merge"), ("b", "merge"), ("c", "convert"), ("d", "equitize")}
    last = [row for row in rows_of(tmp_path / "run" / "successors.csv") if row["stage"] == "2030"]
    assert [(row["autonomy_group"], row["function"], row["level"]) for row in last] == [("2", "core", "county")]


def test_takes_its_words_into_the_run_folder(tmp_path: Path) -> None:
    """What is verified later needs neither the planner's folder nor the file in it."""
    folder = _toyland(tmp_path / "toyland")
    assert run("solve", folder, "--out", tmp_path / "run").exit_code == 0
    (folder / "toyland.toml").unlink()
    assert 'vocabulary = "vocabulary.toml"' in (tmp_path / "run" / "scenario.resolved.toml").read_text(encoding="utf-8")
    assert (tmp_path / "run" / "inputs" / "toyland.toml").is_file()
    assert run("verify", tmp_path / "run").exit_code == 0
    changed = (tmp_path / "run" / "vocabulary.toml").read_text(encoding="utf-8").replace("50", "40")
    (tmp_path / "run" / "vocabulary.toml").write_text(changed, encoding="utf-8")
    assert run("verify", tmp_path / "run").exit_code == 7


def test_finds_no_plan_one_million_below_half(tmp_path: Path) -> None:
    """549 of 1,100 is group 3: the merger would take the second home's group away."""
    rows = tuple(
        {**row, "revenue_mvnd": 199, "state_grant_mvnd": 301} if row["id"] == "a" else row for row in TOYLANDERS
    )
    solved = run("solve", _toyland(tmp_path / "toyland", rows), "--out", tmp_path / "run")
    assert solved.exit_code == 4, solved.stderr


def test_reads_tables_against_the_words_of_the_country(tmp_path: Path) -> None:
    rows = ({**TOYLANDERS[0], "level": "province", "function": "market", "autonomy_group": "4"},)
    told = run("check", _toyland(tmp_path / "toyland", rows))
    assert told.exit_code == 3
    for choices in ("crown, county", "core, commercial", "1, 2, 3"):
        assert choices in told.stderr


SPOILED: list[tuple[str, Any, str]] = [
    ("functions.core.markt", True, 'functions.core.markt: "markt" is not a key here; known: en, vi, also, market'),
    ("functions.core.market", 1, "functions.core.market: must be true or false; it is 1"),
    ("autonomy_groups.2.at_least_percent", 110, "autonomy_groups.2.at_least_percent: must be at most 100; it is 110"),
    ("autonomy_groups.2.at_least_percent", 0, "autonomy_groups: from group to group the share must fall"),
    ("autonomy_groups.2.self_financing", True, "autonomy_groups.2: a self-financing group must ask for 100%"),
    ("autonomy_groups.1.self_financing", False, "autonomy_groups: the first group must be self-financing"),
    ("autonomy_groups.3.at_least_percent", 5, "autonomy_groups: the last group must take whoever reaches no other"),
    ("autonomy_groups.5", {"en": "Five", "at_least_percent": 0}, "groups must be numbered 1, 2, 3, 4"),
    ("sectors.care.field", "publik", "sectors.care.field: must be one of: public, open; it is publik"),
    ("kinds.bath.sectors", ["tarde"], "kinds.bath.sectors: must be one of: care, trade; it is tarde"),
    ("levels.duchy", {"en": "Under the Crown"}, '"underthecrown" stands for crown, duchy'),
    ("position_groups.lead.administrative", False, "the column heads must stand in an administrative group"),
    ("position_groups.work.columns", ["heads"], "named twice: heads"),
    ("position_groups.work.columns", ["helpers"], "position_groups.work.columns[0]: must be one of: heads"),
    ("truth.maybe", {"en": "Maybe"}, "truth: must hold exactly the codes yes, no"),
    ("kinds.home.en", "…", "kinds.home.en: must name the code in at least one letter or digit"),
]


@pytest.mark.parametrize(("place", "value", "sentence"), SPOILED, ids=[f"{p}={v}" for p, v, _ in SPOILED])
def test_refuses_a_vocabulary_that_says_no_sense(tmp_path: Path, place: str, value: Any, sentence: str) -> None:
    spoiled = {name: {code: dict(word) for code, word in words.items()} for name, words in TOYLAND.items()}
    *steps, last = place.split(".")
    here: Any = spoiled
    for step in steps:
        here = here[step]
    here[last] = value
    folder = _toyland(tmp_path / "toyland")
    (folder / "toyland.toml").write_text(tomli_w.dumps(spoiled), encoding="utf-8")
    told = run("check", folder)
    assert told.exit_code == 3 and "Traceback" not in told.stderr
    assert "toyland.toml: " in told.stderr and sentence in " ".join(told.stderr.split())


@pytest.mark.parametrize(
    ("named", "sentence"),
    [
        ("viet-nan", 'Did you mean "viet-nam"'),
        ("../toyland.toml", "outside the scenario folder"),
        ("none.toml", "there is no file"),
        (7, "must be text in quotes"),
    ],
)
def test_refuses_a_vocabulary_that_is_not_there(tmp_path: Path, named: Any, sentence: str) -> None:
    (tmp_path / "toyland.toml").write_text(tomli_w.dumps(TOYLAND), encoding="utf-8")
    told = run("check", _toyland(tmp_path / "toyland", vocabulary=named))
    assert told.exit_code == 3 and sentence in " ".join(told.stderr.split())


def test_refuses_a_vocabulary_that_is_no_text(tmp_path: Path) -> None:
    folder = _toyland(tmp_path / "toyland")
    (folder / "toyland.toml").write_bytes(b"\x89PNG\r\n\x1a\n\x00")
    told = run("check", folder)
    assert told.exit_code == 3 and "toyland.toml" in told.stderr and "Traceback" not in told.stderr


def test_finds_the_words_of_a_base_beside_that_base(tmp_path: Path) -> None:
    _toyland(tmp_path / "toyland")
    (tmp_path / "variant.d").mkdir()
    variant = {"title": "Toyland, other year", "extends": ["toyland"]}
    (tmp_path / "variant.d" / "scenario.toml").write_text(tomli_w.dumps(variant), encoding="utf-8")
    assert run("check", tmp_path / "variant.d").exit_code == 0


def test_tells_what_is_wrong_with_words_and_scenario_at_once(tmp_path: Path) -> None:
    told = run("check", _toyland(tmp_path / "toyland", vocabulary="none.toml", titel="x", terms={"levels": ["crown"]}))
    assert told.exit_code == 3
    assert all(text in told.stderr for text in ("vocabulary", "titel", "terms: "))


def test_refuses_words_that_no_unit_can_have() -> None:
    scenario = scenario_of(
        rules=[
            {"id": "left", "rule": "remaining_functions", "year": 2030, "allowed": ["political", "markt"]},
            {"id": "few", "rule": "cap", "at_most": 3, "where": {"level": ["crown"], "autonomy_group_not": ["5"]}},
        ],
        pins=[{"unit": "a", "fate": "transfer", "parent": "Sở B", "level": "departement"}],
    )
    found = {problem.where: (problem.facts["found"], problem.facts["hint"]) for problem in problems_alone(scenario)}
    assert found == {
        "rules[left].allowed": ("markt", "market"),
        "rules[few].where.level": ("crown", ""),
        "rules[few].where.autonomy_group_not": ("5", ""),
        "pins[a].level": ("departement", "department"),
    }


def test_knows_the_law_of_viet_nam_with_its_source() -> None:
    """Decree 60/2021: 100%, 100%, 10% and the rest; what nobody has seen in the text is to be confirmed."""
    assert [band.at_least_percent for band in VIET_NAM.bands] == [100, 100, 10, 0]
    assert [part.at_least_percent for part in VIET_NAM.sub_bands] == [70, 30, 10]
    assert all(band.source for band in (*VIET_NAM.bands, *VIET_NAM.sub_bands))
    assert [band.certainty for band in VIET_NAM.bands] == ["read", "read", "to_confirm", "to_confirm"]
    assert {part.certainty for part in VIET_NAM.sub_bands} == {"to_confirm"}
    assert VIET_NAM.administrative_columns == ("heads", "deputies", "shared_posts", "support_posts")
    assert VIET_NAM.market_functions == ("market",) and VIET_NAM.highest_level == "province"


def test_stands_alone_as_a_schema() -> None:
    """A hand-made country needs no file."""
    bands = [{"at_least_percent": 100, "self_financing": True}, {"at_least_percent": 0}]
    leaders = {"code": "lead", "columns": ["heads"], "administrative": True}
    said = {"levels": ["one"], "functions": ["all"], "bands": bands, "position_groups": [leaders]}
    terms = Terms.model_validate(said)
    assert (terms.groups, terms.self_financing, terms.partly_financing) == ((1, 2), (1,), ())
