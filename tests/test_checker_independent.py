"""The checker is a real second road: one slip in the arithmetic of the options, and the two roads part."""

from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from drawn_cases import drawn_rows
from mutants import Mutation, with_slip
from random_plans import random_values
from scipy import sparse
from test_two_roads import EXAMPLES
from worlds import POSITIONS, THREE_MONTHS, scenario_of, units_of

from models import candidates, decide, objective
from models.checker import check
from models.columns import Columns
from models.figures import SUMS

Sum = tuple[str, int, str, tuple[str, ...]]
"""A figure, the year in which it is summed, the column by which, and that column's labels."""
SUCCESSOR, LEVERS, OBJECTIVE, ITEMS, STAFFING, SEVERANCE, PAY = (
    f"models.{name}" for name in ("successor", "levers", "objective", "items", "staffing", "severance", "severance_pay")
)
COUNTED = {"counted_months_at_most": 60, "share_in_first_year": Decimal("0.8"), "share_later": Decimal("0.4")}
REGIMES = [{"id": "counted", "where": {"sector": ["health"]}, "resignation": COUNTED}, THREE_MONTHS]
SLIPS = [
    Mutation(
        SUCCESSOR,
        '12 * figures["saved_budget_posts"]',
        '11 * figures["saved_budget_posts"]',
        "pay saved over eleven months",
    ),
    Mutation(
        SUCCESSOR,
        "share = band.at_least_percent / 100",
        "share = min(band.at_least_percent / 90, Fraction(1))",
        "group 3 from a ninth",
    ),
    Mutation(SUCCESSOR, "((margin >= 0) |", "((margin > 0) |", "group 1 only above depreciation"),
    Mutation(SUCCESSOR, "administration) - 1, 0)", "administration), 0)", "no head left over"),
    Mutation(SUCCESSOR, 'figures["heads"], 1)', 'figures["heads"], 2)', "two heads"),
    Mutation(SUCCESSOR, "leaders - 1 - kept", "leaders - kept", "the head counted as surplus"),
    Mutation(SUCCESSOR, "late = 1 - scenario", "late = scenario", "early percent the wrong way round"),
    Mutation(SUCCESSOR, "year < stage.effect", "year <= stage.effect", "one early year too many"),
    Mutation(SEVERANCE, "return law.months +", "return law.months * 2 +", "the flat months twice"),
    Mutation(SEVERANCE, "insured_months / MONTHS", "insured_months / 10", "insured years of ten months"),
    Mutation(SEVERANCE, "share * counted", "share * insured_months", "months counted without a limit"),
    Mutation(PAY, "self.scale * VND", "self.scale * VND // 2", "severance doubled"),
    Mutation(PAY, "fits = open_ &", "fits =", "the last regime that fits"),
    Mutation(PAY, "people * share", "people", "the State pays more than its part"),
    Mutation(PAY, "np.where(partly, short", "np.where(partly, one", "group 3 pays nothing"),
    Mutation(SUCCESSOR, " + retiring - (", " - (", "retirement forgotten"),
    Mutation(SUCCESSOR, "merged * savings", "0 * savings", "no set-up"),
    Mutation(SUCCESSOR, "closed * savings.site_closing_mvnd", "0 * closed", "sites closed for nothing"),
    Mutation(SUCCESSOR, "np.minimum(budget_pay + running", "np.minimum(budget_pay", "closed sites still run"),
    Mutation(SUCCESSOR, "savings.exit_mvnd", "0", "leaving is free"),
    Mutation(SUCCESSOR, "self_financing, 0, figures", "self_financing, 1, figures", "a grant of one million left"),
    Mutation(SUCCESSOR, 'state_grant_mvnd"] - figures["state_saving_mvnd"]', 'state_grant_mvnd"]', "grant unchanged"),
    Mutation(
        SUCCESSOR, 'figures["posts_own"] + figures["posts_moved"]', 'figures["posts_own"]', "posts lost on the way"
    ),
    Mutation(SUCCESSOR, "figures[column] - self", "figures[column] + self", "a closed site counted twice"),
    Mutation(
        SUCCESSOR,
        "self.members.of((codes == market)",
        "self.sums(self.active & ~self.paths.dissolved).of((codes == market)",
        "dissolved markets",
    ),
    Mutation(SUCCESSOR, "short - orders", "short", "orders paid by users too"),
    Mutation(STAFFING, "posts <= entry", "posts < entry", "small below the limit"),
    Mutation(STAFFING, "- 1 - deputies", "- deputies", "the head to be spared as well"),
    Mutation(STAFFING, "np.maximum(total, 0), UNKNOWN", "total, UNKNOWN", "a merger below the norm gains posts"),
    Mutation(STAFFING, "figures[column] - norm)", "figures[column])", "shared posts spared to the last"),
    Mutation(STAFFING, "figures[figure] >= least", "figures[figure] > least", "a threshold not reached at it"),
    Mutation(STAFFING, "1 + deputies)", "deputies)", "a norm without the head"),
    Mutation(STAFFING, "((LEAST_WEIGHT, np.less)", "((MOST_WEIGHT, np.less)", "work always at its dearest"),
    Mutation(LEVERS, "np.maximum(posts - norm, 0)", "np.maximum(posts - norm + 1, 0)", "slimmed below the norm"),
    Mutation(LEVERS, "Fraction(12, 10**6)", "Fraction(13, 10**6)", "thirteen months' pay"),
    Mutation(LEVERS, "terms.administrative_columns", "terms.administrative_columns[:-1]", "support"),
    Mutation(
        LEVERS, "np.maximum(budget - present, 0) + lapsing", "np.maximum(budget - present, 0) + leaving", "all lapse"
    ),
    Mutation(
        LEVERS, "-(-recurrent // np.maximum(posts, 1))", "recurrent // np.maximum(posts, 1)", "steps rounded down"
    ),
    Mutation(OBJECTIVE, "** (year - scenario", "** (year + 1 - scenario", "discounted a year more"),
    Mutation(OBJECTIVE, "Fraction(1, 1000)", "Fraction(1, 100)", "hectometres"),
    Mutation(OBJECTIVE, "np.minimum(present, self", "np.maximum(present, self", "everyone moved"),
    Mutation(OBJECTIVE, "alone.astype(np.int64))", "0 * alone.astype(np.int64))", "raises touch nobody"),
    Mutation(OBJECTIVE, "set_up = opened", "set_up = 0 * opened", "orders opened for nothing"),
    Mutation(
        ITEMS, 'room = self._take(self.cap, self.figures["saved_posts"])', "room = self.cap", "a vacancy used twice"
    ),
]


def roads_part() -> bool:
    """Whether in some random plan of some province the two roads differ in score, sums, targets or permitted steps."""
    return any(_differ(seed) for seed in range(24))


def _differ(seed: int) -> bool:
    columns = columns_of(seed)
    scores, sums = objective.costs(columns), sums_of(columns)
    blocks = [(rule, rule.rows(columns)) for rule in columns.scenario.demands]
    draw = np.random.default_rng(seed)
    for _ in range(12):
        values = random_values(columns, draw)
        found = check(columns.scenario, columns.units, decide.decisions_of(columns, values))
        if found.refusals or found.plan.score != int(scores @ values):
            return True
        for (figure, year, column, labels), rows in sums.items():
            if [int(sum_) for sum_ in rows @ values] != list(
                found.plan.after(figure, year, labels, per=column).values()
            ):
                return True
        for rule, block in blocks:
            reached = block.matrix @ values
            held = bool(((reached >= block.at_least) & (reached <= block.at_most)).all())
            if held != all(reading.met for reading in rule.measure(found.plan)):
                return True
    return False


def sums_of(columns: Columns) -> dict[Sum, sparse.csr_array]:
    """What remains after each stage, every figure by autonomy group and the units by function, over the columns."""
    groups, years = ("1", "2", "3", "4"), [stage.year for stage in columns.scenario.stages]
    keys: list[Sum] = [(figure, year, "autonomy_group", groups) for figure in SUMS for year in years]
    keys += [("units", year, "function", columns.scenario.terms.functions) for year in years]
    return {key: columns.after(key[0], key[1], key[3], per=key[2]) for key in keys}


def columns_of(seed: int) -> Columns:
    merging = [{"within": "province", "same": [], "sites": "either", "mixed_functions": True}]
    staffing = {"slimming": [{"at_most_percent": 30}]} | ({"positions": POSITIONS} if seed % 3 else {})
    scenario = scenario_of(
        rules=EXAMPLES, merging=merging, staffing=staffing, severance=REGIMES,
        money={"horizon": 2031, "discount_percent": 5},
    )  # fmt: skip
    units = units_of(_rows(seed))
    return Columns.build(scenario, units, candidates.list_options(scenario, units).paths)


def _rows(seed: int) -> list[dict[str, Any]]:
    """Drawn units where figures bite: little administration, rates near a tenth, posts near the norm, investment that
    just covers."""
    draw, rows = np.random.default_rng([seed, 4]), drawn_rows(seed, 5)
    for row in rows:
        row["performance"] = "completed"
        row["recurrent_mvnd"] += int(draw.integers(0, 40))
        row["investment_self_mvnd"] = row["depreciation_mvnd"] = int(draw.choice([0, 60]))
        row["ineffective_years"] = int(draw.choice([0, 3]))
        if row["autonomy_group"] == 4 and draw.random() < 0.5:
            row["revenue_mvnd"] = row["recurrent_mvnd"] * 105 // 1000
        if draw.random() < 0.5:
            row["deputies"] = row["shared_posts"] = row["support_posts"] = 0
        if draw.random() < 0.7:  # seven posts per thousand users, and a little room above them
            posts = row["posts_budget"] + row["posts_own"]
            row["users"] = max(posts - 1 - row["deputies"] - int(draw.integers(2, 5)), 0) * 1000 // 7
            row["present_budget"] = max(row["posts_budget"] - int(draw.integers(0, 5)), 0)
    return rows


def test_the_two_roads_agree_as_they_stand() -> None:
    assert not roads_part()


@pytest.mark.parametrize("slip", SLIPS, ids=[slip.name for slip in SLIPS])
def test_one_slip_makes_the_two_roads_part(slip: Mutation, monkeypatch: pytest.MonkeyPatch) -> None:
    with_slip(slip, monkeypatch)
    assert roads_part(), f"nobody notices: {slip.name}"
