"""An invented province and an invented plan for it, in the tables of a run folder."""

from dataclasses import dataclass, field
from random import Random

import pandas as pd

from planner.drawing.plan_view import PlanView

# District: (latitude, longitude) of its middle, and how far its communes lie around it, in degrees.
DISTRICTS = {
    "Thành phố Phan Thiết": (10.94, 108.10, 0.06),
    "Thị xã La Gi": (10.67, 107.77, 0.06),
    "Huyện Tuy Phong": (11.28, 108.65, 0.12),
    "Huyện Bắc Bình": (11.22, 108.38, 0.15),
    "Huyện Hàm Thuận Bắc": (11.12, 108.05, 0.14),
    "Huyện Hàm Thuận Nam": (10.85, 107.90, 0.11),
    "Huyện Tánh Linh": (11.12, 107.68, 0.12),
    "Huyện Đức Linh": (11.15, 107.50, 0.09),
    "Huyện Hàm Tân": (10.72, 107.62, 0.09),
    "Huyện Phú Quý": (10.525, 108.945, 0.012),
}
SCHOOLS = {"preschool": "Mầm non", "primary": "Tiểu học", "lower_secondary": "Trung học cơ sở"}
PEOPLE = [
    "Võ Thị Sáu",
    "Nguyễn Văn Trỗi",
    "Trần Hưng Đạo",
    "Lê Hồng Phong",
    "Hùng Vương",
    "Hoa Mai",
    "Sao Mai",
    "Kim Đồng",
]
OTHERS = {
    "gdtx": "Trung tâm Giáo dục nghề nghiệp - Giáo dục thường xuyên {district}",
    "land_fund_centre": "Trung tâm Phát triển quỹ đất {district}",
    "pmb": "Ban Quản lý dự án đầu tư xây dựng {district}",
    "culture_centre": "Trung tâm Văn hóa - Thông tin - Thể thao {district}",
}
DEPARTMENTS = {
    "Sở Tài nguyên và Môi trường": "Trung tâm Công nghệ thông tin và Dữ liệu địa chính số {n}",
    "Sở Nông nghiệp và Phát triển nông thôn": "Trung tâm Khuyến nông và Giống cây trồng, vật nuôi số {n}",
    "Sở Y tế": "Bệnh viện Đa khoa khu vực số {n} tỉnh Bình Thuận",
    "Sở Giao thông vận tải": "Đoạn Quản lý bến xe và dịch vụ vận tải số {n}",
    "Sở Tư pháp": "Phòng Công chứng số {n} tỉnh Bình Thuận",
    "Sở Khoa học và Công nghệ": "Trung tâm Kỹ thuật Tiêu chuẩn Đo lường Chất lượng số {n}",
}
HOSTILE = [
    r"Trường $\alpha$ và $x_1^2$",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "Trường\x00 Mầm\u202e non\r\n \ud800Ấ",
    "Trường " + "rất " * 150 + "dài " * 70,
    "X" * 10_000,
]


@dataclass
class Draft:
    """Rows of a plan's tables as a test puts them together."""

    units: list[dict[str, object]]
    decisions: list[dict[str, object]] = field(default_factory=list)
    successors: list[dict[str, object]] = field(default_factory=list)
    readings: list[dict[str, object]] = field(default_factory=list)
    title: str = "Phương án 1 – tỉnh giả lập 2025–2030"

    def step(self, unit: str, fate: str, year: int | str = 2025, **columns: object) -> None:
        step = {"list": "best", "rank": 1, "unit_id": unit, "fate": fate, "year": year, "successor_id": unit}
        self.decisions.append(step | columns)

    def merge(self, members: list[str], year: int = 2025, form: str = "absorb") -> None:
        """All members become the first of them, or a unit of a new id where they consolidate."""
        host = members[0]
        successor = host if form == "absorb" else f"new-{host}"
        posts = sum(int(str(row["posts_budget"])) for row in self.units if row["id"] in members)
        name = next(str(row["name"]) for row in self.units if row["id"] == host)
        name = name if form == "absorb" else f"{name} (thành lập mới)"
        for unit in members:
            columns = {"form": form, "successor_id": successor, "successor_name": name, "host_id": host}
            self.step(unit, "merge", year, **columns)
        row = {"stage": year, "successor_id": successor, "name": name, "members": ";".join(members)}
        self.successors.append({"list": "best", "rank": 1, **row, "posts_budget": posts - 2, "posts_own": 0})

    def view(self) -> PlanView:
        decided = {step["unit_id"] for step in self.decisions}
        kept = [unit for unit in self.units if unit["id"] not in decided]
        for unit in kept:
            self.step(str(unit["id"]), "keep", "", successor_name=unit["name"])
        frames = (pd.DataFrame(rows) for rows in (self.units, self.decisions, self.successors, self.readings))
        return PlanView(self.title, *frames)


def unit(unit_id: str, name: str, **columns: object) -> dict[str, object]:
    """One unit with figures of no interest, measured unless a test says otherwise."""
    row: dict[str, object] = {"id": unit_id, "name": name, "sector": "education", "kind": "primary", "parent": "Sở A"}
    row |= {"district": "Huyện B", "lat": 11.0, "lon": 108.0, "posts_budget": 20, "posts_own": 0, "autonomy_group": 4}
    return row | {"data_quality": "measured"} | columns


def province(seed: int = 7) -> Draft:
    """About 700 units: schools by commune, centres by district, units of departments in the capital."""
    random = Random(seed)
    units: list[dict[str, object]] = []
    for district, (lat, lon, spread) in DISTRICTS.items():
        communes = 3 if "Phú Quý" in district else 13
        places = [
            (lat + random.uniform(-spread, spread), lon + random.uniform(-spread, spread)) for _ in range(communes)
        ]
        count = 15 if communes == 3 else 64
        for number in range(count):
            kind = list(SCHOOLS)[number % 3]
            here = number // 3 % communes
            name = f"Trường {SCHOOLS[kind]} {PEOPLE[number % len(PEOPLE)]} {number}"
            where = {"district": district, "lat": places[here][0], "lon": places[here][1], "commune": f"Xã {here}"}
            posts = random.randint(14, 48)
            units.append(
                unit(f"{len(units):03}", name, kind=kind, parent=f"UBND {district}", posts_budget=posts, **where)
            )
        for kind, pattern in OTHERS.items():
            name = pattern.format(district=district.replace("Huyện", "huyện"))
            where = {"district": district, "lat": places[0][0], "lon": places[0][1], "commune": "Xã 0"}
            row = {"kind": kind, "sector": "other", "parent": f"UBND {district}", "posts_budget": random.randint(7, 30)}
            units.append(unit(f"{len(units):03}", name, **row, **where))
    for department, pattern in DEPARTMENTS.items():
        for number in range(1, 13):
            lat, lon = 10.93 + random.uniform(-0.02, 0.02), 108.10 + random.uniform(-0.02, 0.02)
            row = {"kind": "other", "sector": "other", "parent": department, "district": "", "lat": lat, "lon": lon}
            posts = random.choice([12, 20, 45, 130, 620]) if "Y tế" in department else random.randint(8, 40)
            units.append(unit(f"{len(units):03}", pattern.format(n=number), **row, posts_budget=posts))
    for row in units:
        row["data_quality"] = "invented" if random.random() < 0.9 else "measured"
    return Draft(units)


def province_plan(school_mergers: int = 27, raises: int = 8) -> Draft:
    """39 mergers, one of them of 9 units; 12 equitizations, 8 raises, 5 dissolutions; slimming and orders."""
    draft, random = province(), Random(7)
    _merge_others(draft)
    _merge_schools(draft, school_mergers)
    taken = {str(step["unit_id"]) for step in draft.decisions}
    free = [str(row["id"]) for row in draft.units if row["sector"] == "other" and row["id"] not in taken]
    random.shuffle(free)
    for place, unit_id in enumerate(free[: 12 + raises]):
        fate = "equitize" if place < 12 else "raise"
        draft.step(unit_id, fate, 2025 if place % 2 else 2030, group_after="" if place < 12 else 2)
    for unit_id in free[20:25]:
        draft.step(unit_id, "dissolve", 2025, receiver_id=free[30], successor_id="")
    for unit_id in free[25:60]:
        draft.step(unit_id, "slim", 2030, posts_slimmed=2)
        draft.step(unit_id, "order", 2030, orders_mvnd=350)
    draft.readings.extend(READINGS)
    return draft


def _merge_others(draft: Draft) -> None:
    """Twelve mergers of units of departments and districts: one of nine whole, two consolidations."""
    boards = [str(row["id"]) for row in draft.units if row["kind"] == "pmb"]
    draft.merge(boards[:9])
    at_departments = [str(row["id"]) for row in draft.units if row["kind"] == "other"]
    for number in range(11):
        pair = at_departments[6 * number : 6 * number + (3 if number % 4 == 0 else 2)]
        draft.merge(pair, 2025 if number % 2 else 2030, "consolidate" if number in (2, 5) else "absorb")


def _merge_schools(draft: Draft, count: int) -> None:
    for number in range(count):
        district = list(DISTRICTS)[number % len(DISTRICTS)]
        kind = list(SCHOOLS)[number // len(DISTRICTS)]
        same = [str(row["id"]) for row in draft.units if row["kind"] == kind and row["district"] == district]
        draft.merge(same[: 3 if number % 3 == 0 else 2], 2025 if number % 2 else 2030)


READINGS: list[dict[str, object]] = [
    {"id": "cut39", "rule": "unit_reduction", "label": "", "year": 2025, "wanted": 39, "reached": 41, "met": True},
    {"id": "cut10p", "rule": "unit_reduction", "label": "", "year": 2030, "wanted": 65, "reached": 70, "met": True},
    {
        "id": "share20",
        "rule": "autonomy_share",
        "label": "",
        "year": 2025,
        "wanted": "20",
        "reached": "277/13",
        "met": True,
        "numerator": 31,
        "denominator": 145,
    },
    {"id": "co12", "rule": "equitization", "label": "", "year": 2030, "wanted": 12, "reached": 12, "met": True},
    {"id": "pay10", "rule": "payroll_cut", "label": "", "year": 2030, "wanted": 10, "reached": 7.29, "met": False},
    *(
        {"id": "load", "rule": "workload", "label": name, "year": 2025, "wanted": 8, "reached": n, "met": n <= 8}
        for n, name in enumerate(DISTRICTS)
    ),
]
