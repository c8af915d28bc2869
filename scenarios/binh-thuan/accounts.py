"""The accounts, people and conditions of a drafted unit: every cell of its row."""

import math

import calibration
from calibration import Ordering, Spending
from drafts import Cells, Draft
from places import Draws, point_near

AUTONOMOUS = (1, 2)


def row_of(draft: Draft, draws: Draws) -> dict[str, str | int | float]:
    """The unit's row; cells that the draft states win over drawn ones."""
    money = _money(draft, draws)
    posts = _posts(draft, money)
    return {
        **_identity(draft, draws),
        **money,
        **posts,
        **_people(draft, posts, draws),
        **_levers(draft, money, draws),
        **_conditions(draft, draws),
        **_stated(draft, draws),
    }


def whole(value: float) -> int:
    """The nearest whole number; a half goes up."""
    return math.floor(value + 0.5)


def _identity(draft: Draft, draws: Draws) -> dict[str, str | int | float]:
    lat, lon = point_near(draft.commune, draws)
    return {
        "id": draft.id,
        "name": draft.name,
        "sector": draft.sector,
        "kind": draft.kind,
        "function": draft.function,
        "level": draft.level,
        "parent": draft.parent,
        "commune": draft.commune.name,
        "district": draft.commune.district,
        "area": draft.commune.district,
        "commune_2025": draft.commune.commune_2025,
        "lat": lat,
        "lon": lon,
        "data_quality": "invented",
    }


def _money(draft: Draft, draws: Draws) -> dict[str, int]:
    """Recurrent spending is revenue plus the direct grant; an autonomous unit gets none and keeps its surplus."""
    spending = calibration.SPENDING[draft.group]
    recurrent = whole(draft.posts * spending.per_post * _spread(spending.spread, draws["spending"]))
    revenue = whole(recurrent * draft.rate)
    depreciation = whole(recurrent * calibration.DEPRECIATION.at(draws["depreciation"]))
    surplus = max(0, revenue - recurrent)
    invested = whole(surplus * calibration.INVESTED_SURPLUS.at(draws["invested"]))
    return {
        "recurrent_mvnd": recurrent,
        "revenue_mvnd": revenue,
        "state_grant_mvnd": max(0, recurrent - revenue),
        "depreciation_mvnd": depreciation,
        "investment_self_mvnd": invested,
        "autonomy_group": _autonomy_group(revenue, recurrent, invests=invested >= depreciation),
    }


def _autonomy_group(revenue: int, recurrent: int, *, invests: bool) -> int:
    """Decree 60/2021: from 100% of recurrent spending groups 2 and 1, from 10% group 3, below it group 4."""
    if revenue >= recurrent:
        return 1 if invests else 2
    return 3 if 10 * revenue >= recurrent else 4


def _posts(draft: Draft, money: dict[str, int]) -> dict[str, int]:
    """Groups 1 and 2 pay all posts themselves, group 4 none, group 3 the share that its revenue covers."""
    group = money["autonomy_group"]
    if group in AUTONOMOUS:
        own = draft.posts
    else:
        own = draft.posts * money["revenue_mvnd"] // money["recurrent_mvnd"] if group == 3 else 0
    return {"posts_budget": draft.posts - own, "posts_own": own}


def _people(draft: Draft, posts: dict[str, int], draws: Draws) -> dict[str, int]:
    spending = calibration.SPENDING[draft.group]
    present = {kind: _present(posts[f"posts_{kind}"], spending, draws[f"vacant_{kind}"]) for kind in ("budget", "own")}
    people = present["budget"] + present["own"]
    pay = spending.pay_per_post * 1_000_000 / 12 * _spread(calibration.PAY_SPREAD, draws["pay"])
    return {
        "heads": 1,
        "deputies": _deputies(draft.posts, draws),
        "shared_posts": max(1, whole(draft.posts * spending.shared_per_post)),
        "support_posts": max(1, whole(draft.posts * spending.support_per_post)),
        "contracts": max(1, whole(draft.posts * spending.contracts_per_post)),
        "present_budget": present["budget"],
        "present_own": present["own"],
        "posts_budget_2025": whole(posts["posts_budget"] * calibration.BUDGET_POSTS_2025_OVER_TODAY),
        "avg_pay_vnd_month": 1000 * whole(pay / 1000),
        "avg_insured_months": whole(calibration.INSURED_MONTHS.at(draws["insured"])),
        **{f"retiring_by_{year}": _retiring(people, years, draws) for year, years in calibration.YEARS_TO.items()},
    }


def _present(posts: int, spending: Spending, draw: float) -> int:
    return posts - min(posts, math.floor(posts * spending.vacancy + draw))


def _retiring(people: int, years: float, draws: Draws) -> int:
    """Whole people; one draw serves all years, so that later counts contain earlier ones."""
    return min(people, math.floor(people * calibration.RETIRING_A_YEAR * years + draws["retiring"]))


def _deputies(posts: int, draws: Draws) -> int:
    allowed = 1 if posts <= calibration.LARGEST_UNIT_WITH_ONE_DEPUTY else 2
    return allowed - (draws["deputies"] < calibration.DEPUTY_VACANT)


def _levers(draft: Draft, money: dict[str, int], draws: Draws) -> dict[str, int]:
    """Orders in today's revenue, what of the grant could become orders, room for fees, and the grant of 2021-2025."""
    grant, revenue, recurrent = money["state_grant_mvnd"], money["revenue_mvnd"], money["recurrent_mvnd"]
    ordered = calibration.ORDERED.get(draft.group)
    orderable = calibration.ORDERABLE["school" if draft.group == "school" else "other"]
    charges = draft.group != "school" and draft.rate > calibration.FEE_ROOM_ABOVE_RATE
    history = calibration.GRANT_2021_2025_OVER_TODAY * _spread(calibration.GRANT_2021_2025_SPREAD, draws["history"])
    return {
        "orders_mvnd": _ordered(revenue, ordered, draws["ordered"], draws["ordered_share"]) if ordered else 0,
        "orderable_mvnd": _ordered(grant, orderable, draws["orderable"], draws["orderable_share"]),
        "fee_room_mvnd": whole(recurrent * calibration.FEE_ROOM.at(draws["fees"])) if charges else 0,
        "state_grant_2021_2025_mvnd": whole(grant * history),
    }


def _ordered(amount: int, ordering: Ordering, chance: float, position: float) -> int:
    return whole(amount * ordering.grant_share.at(position)) if chance < ordering.units_share else 0


def _conditions(draft: Draft, draws: Draws) -> Cells:
    """Users, sites and rating; equitization is out of question unless the draft says otherwise."""
    spending = calibration.SPENDING[draft.group]
    sites = int(draft.cells.get("sites", 1))
    site_cost = draft.posts * spending.per_post * calibration.SITE_COST.at(draws["site_cost"])
    rating = "not_completed" if draft.cells.get("dissolution_ground") else _rating(draws["performance"])
    return {
        "users": whole(draft.posts * spending.users_per_post),
        "classes": 0,
        "beds": 0,
        "sites": sites,
        "site_cost_mvnd": whole(site_cost),
        "performance": rating,
        "ineffective_years": int(rating == "not_completed"),
        "dissolution_ground": "",
        "receiver": "",
        "equitization_listed": "no",
        "land_plan_approved": "no",
        "measured_columns": "",
        "note": "",
    }


def _stated(draft: Draft, draws: Draws) -> dict[str, str | int]:
    """What the draft states, with State capital as an amount."""
    cells = dict(draft.cells)
    has_capital = cells.pop("state_capital", "no") == "yes"
    amount = draft.posts * calibration.STATE_CAPITAL_PER_POST.at(draws["capital"])
    return {**cells, "state_capital_mvnd": whole(amount) if has_capital else 0}


def _rating(draw: float) -> str:
    return next(name for name, up_to in calibration.RATINGS if draw < up_to)


def _spread(spread: float, draw: float) -> float:
    return 1 + spread * (2 * draw - 1)
