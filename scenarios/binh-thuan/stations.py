"""The health station of each commune of 2025: a unit of the commune from 1 January 2026, split off its health centre.

Circular 43/2025/TT-BYT. Until then a station is a site of its centre, and the centre's row holds its figures. All
figures are invented in proportion, so that the stations of a centre together stay below the centre in each.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import calibration
from accounts import whole
from generate import Row, shared_out
from places import Draws, ascii_slug, lower_first

CREATED = "2026-01-01"


class NewCommune(NamedTuple):
    """A commune of 2025: its former district, its committee, its point, and how many old stations it takes over."""

    name: str
    type: str
    area: str
    committee: str
    lat: float
    lon: float
    old_stations: int

    @property
    def slug(self) -> str:
        return ascii_slug(self.name.removeprefix(self.type))


@dataclass(frozen=True)
class Centre:
    """A health centre as its row states it, with the figures that its stations take a share of."""

    name: str
    area: str
    cells: Mapping[str, str]

    @classmethod
    def of(cls, row: Mapping[str, str | int | float]) -> "Centre":
        cells = {name: str(cell) for name, cell in row.items()}
        return cls(cells["name"], cells["area"], cells)

    def share(self, column: str, part: float) -> int:
        """A part of a figure, rounded down, so that the parts never exceed the whole."""
        return int(int(self.cells[column]) * part)


def station_rows(centres: Sequence[Centre], communes: Sequence[NewCommune], draw: Callable[[str], Draws]) -> list[Row]:
    """One planned station a commune, in the order of the centres and of their communes."""
    rows: list[Row] = []
    for centre in centres:
        own = [_station(centre, commune, draw) for commune in communes if commune.area == centre.area]
        _share_retiring(centre, own)
        rows += own
    return rows


def _station(centre: Centre, commune: NewCommune, draw: Callable[[str], Draws]) -> Row:
    unit_id = f"tyt-{commune.slug}"
    draws = draw(unit_id)
    usual = calibration.STATION_POSTS + calibration.STATION_POSTS_PER_OLD_STATION * commune.old_stations
    posts = whole(usual + calibration.STATION_POSTS_SPREAD * (2 * draws["size"] - 1))
    money = _money(centre, posts, draws)
    own = posts * int(money["revenue_mvnd"]) // int(money["recurrent_mvnd"])
    return {
        "id": unit_id,
        "name": f"Trạm Y tế {lower_first(commune.name)}",
        "sector": "health",
        "kind": "health_station",
        "function": "basic_essential",
        "level": "commune",
        "parent": commune.committee,
        "commune": commune.name,
        "area": commune.area,
        "lat": commune.lat,
        "lon": commune.lon,
        **_people(centre, posts, own),
        **money,
        **_service(centre, commune, posts),
        "planned": CREATED,
        "data_quality": "invented",
        "measured_columns": "",
        "note": f"Tách từ {lower_first(centre.name)}; gồm {commune.old_stations} trạm cũ",
    }


def _money(centre: Centre, posts: int, draws: Draws) -> Row:
    """What a post of a station costs and earns; what else the centre's money could become goes with its size."""
    spread = 1 + calibration.STATION_SPENDING_SPREAD * (2 * draws["spending"] - 1)
    recurrent = whole(posts * calibration.STATION_SPENDING_PER_POST * spread)
    revenue = whole(recurrent * calibration.STATION_RATE.at(draws["rate"]))
    grant = recurrent - revenue
    of_grant = grant / int(centre.cells["state_grant_mvnd"])
    of_revenue = revenue / int(centre.cells["revenue_mvnd"])
    return {
        "recurrent_mvnd": recurrent,
        "revenue_mvnd": revenue,
        "state_grant_mvnd": grant,
        "state_grant_2021_2025_mvnd": centre.share("state_grant_2021_2025_mvnd", of_grant),
        "autonomy_group": 3,
        "orders_mvnd": centre.share("orders_mvnd", of_revenue),
        "orderable_mvnd": centre.share("orderable_mvnd", of_grant),
        "fee_room_mvnd": centre.share("fee_room_mvnd", of_revenue),
        "investment_self_mvnd": 0,
        "depreciation_mvnd": centre.share("depreciation_mvnd", recurrent / int(centre.cells["recurrent_mvnd"])),
    }


def _people(centre: Centre, posts: int, own: int) -> Row:
    """Staffed in full: the vacancies stay with the centre. Head and deputy are appointed anew."""
    return {
        "posts_budget": posts - own,
        "posts_own": own,
        "posts_budget_2025": posts - own,
        "present_budget": posts - own,
        "present_own": own,
        "heads": 1,
        "deputies": 1,
        "contracts": 1,
        "shared_posts": 1,
        "support_posts": 0,
        "avg_pay_vnd_month": int(centre.cells["avg_pay_vnd_month"]),
        "avg_insured_months": int(centre.cells["avg_insured_months"]),
    }


def _service(centre: Centre, commune: NewCommune, posts: int) -> Row:
    of_posts = posts / (int(centre.cells["posts_budget"]) + int(centre.cells["posts_own"]))
    sites = commune.old_stations
    return {
        "users": centre.share("users", of_posts),
        "classes": 0,
        "beds": 0,
        "sites": sites,
        "buildings": sites,
        "site_cost_mvnd": centre.share("site_cost_mvnd", sites / int(centre.cells["sites"])),
        "performance": "good",
        "ineffective_years": 0,
        "dissolution_ground": "",
        "receiver": "",
        "equitization_listed": "no",
        "land_plan_approved": "no",
        "state_capital_mvnd": 0,
    }


def _share_retiring(centre: Centre, stations: Sequence[Row]) -> None:
    """The centre's people who retire, spread over its stations by their posts; part of them stay with the centre."""
    posts = [int(row["posts_budget"]) + int(row["posts_own"]) for row in stations]
    part = sum(posts) / (int(centre.cells["posts_budget"]) + int(centre.cells["posts_own"]))
    earlier = [0] * len(stations)
    for year in sorted(calibration.YEARS_TO):
        leaving = shared_out(centre.share(f"retiring_by_{year}", part), posts)
        earlier = [max(before, now) for before, now in zip(earlier, leaving, strict=True)]
        for row, people in zip(stations, earlier, strict=True):
            row[f"retiring_by_{year}"] = people
