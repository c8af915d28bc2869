"""Dates of a table of progress that are likely slips of the pen: any of them may move the day of the report."""

from collections.abc import Iterable, Iterator
from datetime import date

from models.problem import Problem

YEARS_BEFORE = 2
"""Documents older than this before the scenario's as-of day are asked about."""
Dated = tuple[str, date, int | None]
"""Where a date stands, the date, and the year by which its decision was planned."""


def doubtful_dates(dates: Iterable[Dated], as_of: date, today: date) -> Iterator[Problem]:
    """Dates after today, after the year of their decision, or years before the data; each is told once, and counts."""
    for where, day, year in dates:
        facts: dict[str, object] = {"found": day.isoformat()}
        if day > today:
            yield Problem(where, "progress.date_to_come", {**facts, "today": today.isoformat()})
        elif year is not None and day.year > year:
            yield Problem(where, "progress.date_after_year", {**facts, "year": str(year)})
        elif day.year + YEARS_BEFORE < as_of.year:
            yield Problem(where, "progress.date_long_ago", {**facts, "as_of": as_of.isoformat()})
