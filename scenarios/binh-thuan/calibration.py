"""Every number behind the invented units of Bình Thuận, each in one place, with the reason beside it.

Money is million VND a year; shares lie between 0 and 1; "spread" is the largest relative deviation either way
of a figure drawn evenly; "sd" is the standard deviation of a figure's logarithm. Nothing here is measured
except what a comment calls published. Units drawn one by one keep their draws when a number here changes.
"""

from dataclasses import dataclass
from typing import NamedTuple

SEED = 20240630  # the day of the figures; any whole number gives another province of the same shape


class Range(NamedTuple):
    """A figure drawn evenly between two ends."""

    low: float
    high: float

    def at(self, position: float) -> float:
        return self.low + (self.high - self.low) * position


# A drawn size stays within this many standard deviations: no freak units.
LARGEST_DEVIATION = 2.0

# ------------------------------------------------------------------------------------------------------------
# Where people live: decides how many schools a commune has and how large they are.

# Thousand people of a district. Bắc Bình, Đức Linh, Hàm Tân, Hàm Thuận Bắc: census of 2019, rounded (published);
# the other six: assumed, so that the ten sum to about the census total of the province, 1.23 million.
PEOPLE = {
    "Thành phố Phan Thiết": 228,
    "Thị xã La Gi": 122,
    "Huyện Tuy Phong": 150,
    "Huyện Bắc Bình": 117,
    "Huyện Hàm Thuận Bắc": 168,
    "Huyện Hàm Thuận Nam": 110,
    "Huyện Tánh Linh": 113,
    "Huyện Đức Linh": 125,
    "Huyện Hàm Tân": 70,
    "Huyện Phú Quí": 28,
}
# How many people a commune has against others of its district: towns gather people, the highland is empty.
PEOPLE_OF_A = {"Phường": 1.0, "Thị trấn": 1.8, "Xã": 1.0}
PEOPLE_OF_A_SPARSE_COMMUNE = 0.25
PEOPLE_SD = 0.25  # communes of one type differ by about a quarter
# Highland and dune communes with about a thousand people each (assumed but for Hồng Phong, Phan Điền, Đông Tiến).
SPARSE = {
    ("Huyện Tuy Phong", "Xã Phan Dũng"),
    ("Huyện Bắc Bình", "Xã Phan Sơn"),
    ("Huyện Bắc Bình", "Xã Phan Lâm"),
    ("Huyện Bắc Bình", "Xã Phan Điền"),
    ("Huyện Bắc Bình", "Xã Phan Tiến"),
    ("Huyện Bắc Bình", "Xã Hồng Phong"),
    ("Huyện Hàm Thuận Bắc", "Xã La Dạ"),
    ("Huyện Hàm Thuận Bắc", "Xã Đông Tiến"),
    ("Huyện Hàm Thuận Bắc", "Xã Đông Giang"),
    ("Huyện Hàm Thuận Bắc", "Xã Đa Mi"),
    ("Huyện Hàm Thuận Nam", "Xã Mỹ Thạnh"),
    ("Huyện Hàm Thuận Nam", "Xã Hàm Cần"),
    ("Huyện Tánh Linh", "Xã La Ngâu"),
}
FARTHEST_FROM_COMMUNE_POINT_KM = 1.5  # below 2 km, so that a unit stays near the point of its commune

# ------------------------------------------------------------------------------------------------------------
# Schools: 570 in all (224 national-standard schools were 39.3% of them in 2019, published).


@dataclass(frozen=True)
class Schooling:
    """One level of general education.

    `pupils`: of the province, school year 2018-19 (published). `classes`: of a typical school, before size.
    `rate`: revenue over recurrent spending of the typical school, `rate_sd` its spread.
    `shared`: accountant, clerk, librarian, nurse; `support`: guards and cooks on the payroll.
    """

    prefix: str
    kind: str
    label: str
    schools: int
    pupils: int
    classes: float
    fewest_classes: int
    posts_per_class: float
    posts_beside_classes: float
    rate: float
    rate_sd: float
    highest_rate: float
    most_sites: int
    shared: int
    support: int
    contracts: int


# Posts a class: today's teacher norms (about 2 at preschool, 1.5 primary, 1.9 lower, 2.25 upper) and what is beside.
PRESCHOOL = Schooling("mn", "preschool", "Trường Mầm non", 180, 60_000, 9.5, 4, 2.0, 3, 0.073, 0.5, 0.3, 5, 2, 1, 3)
PRIMARY = Schooling("th", "primary", "Trường Tiểu học", 232, 109_000, 16.2, 5, 1.5, 4.5, 0.03, 0.5, 0.3, 4, 2, 1, 2)
LOWER = Schooling(
    "thcs", "lower_secondary", "Trường Trung học cơ sở", 128, 77_600, 15.1, 5, 2.05, 4.5, 0.035, 0.5, 0.3, 2, 3, 1, 2
)
UPPER = Schooling(
    "thpt", "upper_secondary", "Trường Trung học phổ thông", 30, 34_700, 26, 12, 2.25, 6, 0.08, 0.5, 0.3, 1, 4, 1, 3
)
# Classes follow the people per school to this power: a commune with one school and twice the people has a school
# 1.4 times as large (the rest are fuller classes and schools elsewhere). With CLASSES_SD it spreads sizes by 0.3.
CLASSES_FOLLOW_PEOPLE = 0.5
CLASSES_SD = 0.26
PUPILS_OF_A_CLASS = {"urban": 1.1, "rural": 1.0, "sparse": 0.8}  # fuller classes in towns (regions 3, 2, 1)
SITES_UP_TO = {"urban": 2, "rural": 3, "sparse": 5}  # scattered hamlets; never more than the level's most_sites
CLASSES_OF_A_SITE = 3  # fewest classes at a satellite site
# A few town preschools already live mostly from fees and services.
EARNING_PRESCHOOLS_SHARE = 0.12
EARNING_PRESCHOOL_RATE = Range(0.45, 0.9)
# Upper secondary schools of a district (30): by pupils, at least one (Phú Quý is an island).
UPPER_SCHOOLS = {
    "Thành phố Phan Thiết": 6,
    "Thị xã La Gi": 3,
    "Huyện Tuy Phong": 3,
    "Huyện Bắc Bình": 3,
    "Huyện Hàm Thuận Bắc": 4,
    "Huyện Hàm Thuận Nam": 2,
    "Huyện Tánh Linh": 3,
    "Huyện Đức Linh": 3,
    "Huyện Hàm Tân": 2,
    "Huyện Phú Quí": 1,
}
FLOWERS = (
    *("Hoa Mai", "Hoa Sen", "Hướng Dương", "Hoa Hồng", "Sơn Ca", "Họa Mi", "Măng Non", "Tuổi Thơ", "Ánh Dương"),
    *("Bình Minh", "Hoa Phượng", "Sao Mai"),
)

# ------------------------------------------------------------------------------------------------------------
# Other units. Names and counts of the seven provincial hospitals are published; their posts and places are assumed.


class Hospital(NamedTuple):
    id: str
    name: str
    kind: str
    commune: str
    posts: int
    deputies: int


HOSPITALS = (
    Hospital("bv-dakhoa-tinh", "Bệnh viện Đa khoa tỉnh Bình Thuận", "general_hospital", "Phường Phú Trinh", 920, 3),
    Hospital(
        "bv-dakhoa-nam", "Bệnh viện Đa khoa khu vực Nam Bình Thuận", "general_hospital", "Thị trấn Đức Tài", 360, 2
    ),
    Hospital(
        "bv-dakhoa-bac", "Bệnh viện Đa khoa khu vực Bắc Bình Thuận", "general_hospital", "Thị trấn Phan Rí Cửa", 330, 2
    ),
    Hospital("bv-dakhoa-lagi", "Bệnh viện Đa khoa khu vực La Gi", "general_hospital", "Phường Tân Thiện", 260, 2),
    Hospital(
        "bv-yhct-phcn",
        "Bệnh viện Y học cổ truyền - Phục hồi chức năng Bình Thuận",
        "specialised_hospital",
        "Phường Phú Thủy",
        165,
        2,
    ),
    Hospital("bv-phoi", "Bệnh viện Phổi Bình Thuận", "specialised_hospital", "Xã Phong Nẫm", 130, 2),
    Hospital("bv-dalieu", "Bệnh viện Da liễu Bình Thuận", "specialised_hospital", "Phường Phú Trinh", 62, 2),
)
BEDS_PER_POST = {"hospital": 0.95, "health_centre": 0.4}  # about one bed a post in hospitals

# Where the district's own units sit: its seat.
SEATS = {
    "Thành phố Phan Thiết": "Phường Bình Hưng",
    "Thị xã La Gi": "Phường Tân An",
    "Huyện Tuy Phong": "Thị trấn Liên Hương",
    "Huyện Bắc Bình": "Thị trấn Chợ Lầu",
    "Huyện Hàm Thuận Bắc": "Thị trấn Ma Lâm",
    "Huyện Hàm Thuận Nam": "Thị trấn Thuận Nam",
    "Huyện Tánh Linh": "Thị trấn Lạc Tánh",
    "Huyện Đức Linh": "Thị trấn Võ Xu",
    "Huyện Hàm Tân": "Thị trấn Tân Nghĩa",
    "Huyện Phú Quí": "Xã Tam Thanh",
}
ISLAND = "Huyện Phú Quí"
ISLAND_HEALTH_CENTRE_POSTS = 70  # 28,000 people, no other hospital
# Posts of a unit that every district has: from the smallest to the largest district, with some chance.
POSTS = {
    "health_centre": Range(110, 220),
    "gdtx": Range(12, 28),
    "culture_centre": Range(8, 18),
    "land_fund_centre": Range(7, 20),
    "pmb": Range(12, 42),
    "economic": Range(15, 80),
}
PROVINCIAL_BOARD_POSTS = 42
POSTS_FOLLOW_PEOPLE = 0.6  # the rest of the position in the range is chance
# Department units: many small ones, a few large; the size is a column of named_units.csv.
DEPARTMENT_POSTS = {"small": 11.5, "usual": 22.0, "large": 62.0}
DEPARTMENT_POSTS_SD = 0.25
FEWEST_DEPARTMENT_POSTS = 6
# Revenue over recurrent spending.
RATES = {
    "hospital": Range(0.50, 0.93),  # health insurance and fees
    "health_centre": Range(0.25, 0.55),
    "gdtx": Range(0.10, 0.40),
    "culture_centre": Range(0.02, 0.20),
    "land_fund_centre": Range(0.65, 0.99),
    "pmb": Range(0.60, 0.99),
    "economic": Range(1.0, 1.25),
    "slight": Range(0.0, 0.095),  # department units by the column `earning`
    "partial": Range(0.10, 0.98),
    "near_edge": Range(0.975, 0.99),  # market units that a raise can bring to group 2
    "autonomous": Range(1.0, 1.15),
}
# Districts with the dearest land and the most works, whose centre or board pays for itself; the two provincial
# boards do so too. So 3 of 10 land fund centres and 7 of 12 boards are autonomous.
SELF_PAYING = {
    "land_fund_centre": ("Thành phố Phan Thiết", "Thị xã La Gi", "Huyện Hàm Thuận Bắc"),
    "pmb": ("Thành phố Phan Thiết", "Thị xã La Gi", "Huyện Tuy Phong", "Huyện Hàm Thuận Bắc", "Huyện Đức Linh"),
}
SELF_PAYING_RATE = Range(1.0, 1.3)


@dataclass(frozen=True)
class Spending:
    """What one post costs a year in a group of units, and what goes with posts.

    `per_post`: recurrent spending, of which `pay_per_post` is pay. `users_per_post`: of health units visits of patients
    in a year, of others people who use them regularly in a year, each counted once.
    """

    per_post: float
    spread: float
    pay_per_post: float
    vacancy: float
    users_per_post: float
    shared_per_post: float = 0.12
    support_per_post: float = 0.06
    contracts_per_post: float = 0.05


WORKING_DAYS = 300  # visits a year are those of a usual day on so many days: about two per inhabitant and year in all

SPENDING = {
    "school": Spending(180, 0.08, 150, 0.025, 0),  # pay is about 83%; users are the pupils
    "hospital": Spending(320, 0.10, 165, 0.04, 2.2 * WORKING_DAYS, 0.06, 0.04),  # drugs and supplies come on top of pay
    "health_centre": Spending(215, 0.10, 150, 0.04, 2.0 * WORKING_DAYS, 0.06, 0.04),
    "gdtx": Spending(190, 0.10, 150, 0.04, 14),
    "culture_centre": Spending(210, 0.15, 150, 0.04, 30),
    "land_fund_centre": Spending(230, 0.10, 155, 0.03, 4),
    "pmb": Spending(260, 0.10, 165, 0.03, 1),
    "department": Spending(210, 0.15, 150, 0.04, 5),
    "economic": Spending(240, 0.10, 165, 0.02, 4),
}
PAY_SPREAD = 0.08
INSURED_MONTHS = Range(140, 240)  # about 16 years of contributions on average
RETIRING_A_YEAR = 0.025  # about 2-2.5% of people retire a year
YEARS_TO = {2025: 1.5, 2030: 6.5}  # from 30 June 2024 to the end of the year

# ------------------------------------------------------------------------------------------------------------
# The levers: what could be ordered, charged, invested; and the history that targets compare with.

GRANT_2021_2025_OVER_TODAY = 1.08  # constant prices; 1.05 makes spending dominate, 1.10 lets it go slack
GRANT_2021_2025_SPREAD = 0.02
BUDGET_POSTS_2025_OVER_TODAY = 1.0  # the assignment of 2025 is taken to be today's


class Ordering(NamedTuple):
    """How many units could turn part of their grant into State orders, and how much of it."""

    units_share: float
    grant_share: Range


ORDERABLE = {"school": Ordering(0.06, Range(0.15, 0.5)), "other": Ordering(0.6, Range(0.3, 1.0))}
# State orders that are part of today's revenue: mostly where the State buys works, surveys and upkeep.
ORDERED = {
    "land_fund_centre": Ordering(0.5, Range(0.2, 0.5)),
    "department": Ordering(0.3, Range(0.2, 0.6)),
    "economic": Ordering(0.4, Range(0.1, 0.4)),
}
FEE_ROOM = Range(0.03, 0.08)  # of recurrent spending; preschools and general schools may charge nothing
FEE_ROOM_ABOVE_RATE = 0.05  # who earns next to nothing today has nobody to charge
DEPRECIATION = Range(0.03, 0.08)  # of recurrent spending
INVESTED_SURPLUS = Range(0.05, 0.3)  # share of an autonomous unit's surplus that it invests: few reach group 1
STATE_CAPITAL_PER_POST = Range(150, 600)  # of units that may become joint stock companies
SITE_COST = Range(0.02, 0.04)  # of recurrent spending, for all sites of the unit: power, water, upkeep
DEPUTY_VACANT = 0.1
LARGEST_UNIT_WITH_ONE_DEPUTY = 20  # posts; above it two (Decree 120/2020 art. 6, as commonly read)
# Yearly rating: cumulative shares.
RATINGS = (("excellent", 0.12), ("good", 0.72), ("completed", 0.985), ("not_completed", 1.0))

# ------------------------------------------------------------------------------------------------------------
# Health stations from 1 January 2026: one a commune of 2025, split off the health centre of its former district.

STATION_POSTS = 11  # with 1.5 more for each old station: about 15 people, 13 to 18; Ninh Bình has about 31 (published)
STATION_POSTS_PER_OLD_STATION = 1.5
STATION_POSTS_SPREAD = 1.0  # posts either way
STATION_SPENDING_PER_POST = 185  # no beds: less than the 215 of a health centre
STATION_SPENDING_SPREAD = 0.05
STATION_RATE = Range(0.14, 0.24)  # health insurance pays part of the visits
