"""One small plan as the plain tables that charts take, with names and cases that go wrong easily."""

import pandas as pd

from planner.drawing.before_after_picture import before_after_chart
from planner.drawing.cash_picture import cash_chart
from planner.drawing.chart_page import Caption, Chart
from planner.drawing.gantt_picture import gantt_chart
from planner.drawing.lever_picture import lever_chart
from planner.drawing.plan_view import PlanView
from planner.drawing.staircase_picture import staircase_chart
from planner.wording import Wording

LONG = "Trung tâm Kỹ thuật Thí nghiệm và Ứng dụng Khoa học Công nghệ huyện đảo Phú Quý nguyễn ngọc <b>& $x_1$"
CAPTION = Caption("Tỉnh Thử 2025-2030: phương án 1", "2024-06-30", 3, 4)

LEVERS = pd.DataFrame(
    [
        ("cut2", "", 2025, "merge", "real", 3, 3.0),
        ("cut2", "", 2025, "equitize", "movement", 1, 1.0),
        ("cut2", "", 2025, "create", "real", -2, -2.0),
        ("share", "", 2025, "today", "before", 1, 25.0),
        ("share", "", 2025, "raise_orders", "relabelling", 1, 8.333333),
        ("share", "", 2025, "merge", "real", -1, 0.0),
        ("share", "Huyện", 2025, "today", "before", 1, 99.0),
        ("void", "", 2025, "today", "before", 1, None),
    ],
    columns=["id", "label", "year", "lever", "nature", "amount", "points"],
)
READINGS = pd.DataFrame(
    [
        ("cut2", "unit_reduction", "", 2025, 2, 2, True, "Giảm 2 đơn vị đến năm 2025"),
        ("share", "autonomy_share", "", 2025, 40, 33.333333, False, LONG),
        ("void", "equitization", "", 2030, 100, 100, True, ""),
    ],
    columns=["id", "rule", "label", "year", "wanted", "reached", "met", "name"],
)
CASH = pd.DataFrame(
    [
        (year, line, kind, amount)
        for year, amounts in (("2026", (5, -2, -9, -6, -6)), ("2027", (7, 0, 0, 7, 1)))
        for (line, kind), amount in zip(
            (("merge", "saving"), ("order_handling", "saving"), ("exit", "one_off"), ("net", "total"),
             ("cumulated", "total")), amounts, strict=True,
        )
    ]
    + [("2026", "saving", "total", 3), ("2026", "one_off", "total", -9), ("2026", "outlay_before", "outlay", 90_000)]
    + [("2027", "saving", "total", 7), ("2027", "one_off", "total", 0)],
    columns=["year", "line", "kind", "amount_mvnd"],
)  # fmt: skip
UNITS = pd.DataFrame(
    [
        ("a", "Trường A", "education", "Ủy ban nhân dân huyện Đức Linh", 30, 900, 0, "invented"),
        ("b", "Trường B", "education", "Ủy ban nhân dân huyện Đức Linh", 20, 600, 0, "invented"),
        ("c", LONG, "science", "Sở Khoa học và Công nghệ", 0, 0, 1500, "invented"),
        ("d", "Trạm D", "science", "", 4, 100, 0, ""),
    ],
    columns=["id", "name", "sector", "parent", "posts_budget", "state_grant_mvnd", "orders_mvnd", "data_quality"],
)
DECISIONS = pd.DataFrame(
    [("a", "merge", "absorb", 2025, "a", "a"), ("b", "merge", "absorb", 2025, "a", "a"),
     ("d", "dissolve", "", 2025, "", "")],
    columns=["unit_id", "fate", "form", "year", "successor_id", "host_id"],
)  # fmt: skip
SUCCESSORS = pd.DataFrame(
    [
        (2025, "a", "Trường A", "education", "Ủy ban nhân dân huyện Đức Linh", 49, 1490, 0),
        (2025, "d", "Trạm D", "science", "", 4, 100, 0),
        (2030, "a", "Trường A", "education", "Ủy ban nhân dân huyện Đức Linh", 45, 1400, 0),
        (2030, "c", LONG, "science", "Sở Khoa học và Công nghệ", 0, 0, 1200),
    ],
    columns=["stage", "successor_id", "name", "sector", "parent", "posts_budget", "state_grant_mvnd", "orders_mvnd"],
)
ROADMAP = pd.DataFrame(
    [
        ("a", "Trường A", "consult", "2025-01-10", "2025-03-01", "starts_before_as_of"),
        ("a", "Trường A", "decision", "2025-03-02", "2025-03-31", ""),
        ("a", "Trường A", "handover", "2025-04-01", "2025-06-30", ""),
        ("a", "Trường A", "check", "2025-07-01", "2026-06-30", ""),
        ("c", LONG, "consult", "2026-01-01", "2026-02-01", ""),
        ("c", LONG, "decision", "2026-02-02", "2026-02-20", ""),
        ("c", LONG, "consult", "2027-01-01", "2027-02-01", ""),
        ("c", LONG, "decision", "2027-02-02", "2027-02-20", ""),
    ],
    columns=["successor_id", "name", "step", "from", "until", "note"],
)
STAIRCASE = pd.DataFrame(
    [
        ("pay", "payroll_cut", 2030, "at_least_percent", -1, 9, -300, -300, True, True, True),
        ("pay", "payroll_cut", 2030, "at_least_percent", 1, 11, 100, 450, True, False, True),
        ("pay", "payroll_cut", 2030, "at_least_percent", 2, 12, None, None, False, True, True),
        ("cut", "unit_reduction", 2025, "at_least", 1, 3, 20, None, True, False, False),
    ],
    columns=["id", "rule", "year", "key", "step", "limit", "price_lower_mvnd", "price_upper_mvnd", "possible", "proved",
             "at_limit"],
)  # fmt: skip


def view() -> PlanView:
    return PlanView("Tỉnh Thử", UNITS, DECISIONS, SUCCESSORS, pd.DataFrame())


def chart(name: str, wording: Wording) -> Chart:
    """One of the five charts, of the tables above."""
    if name == "levers":
        return lever_chart(CAPTION, LEVERS, READINGS, wording)
    if name == "cash":
        return cash_chart(CAPTION, CASH, wording)
    if name == "gantt":
        return gantt_chart(CAPTION, ROADMAP, wording)
    if name == "before-after":
        return before_after_chart(CAPTION, view(), {"education": "Giáo dục", "science": "Khoa học"}, wording)
    return staircase_chart(CAPTION, STAIRCASE, {"cut": LONG}, wording, "staircase-1.csv")
