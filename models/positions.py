"""What a signer asks of a decision: posts by position group beside their norm, divisions, grades.

All of it is read off a finished plan; nothing here decides anything.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from models.norms import Counted, Divisions, Norm, Position
from models.plan import Plan, Successor
from models.recount_norms import NormRecount, posts_of
from models.unit import Units

COLUMN_OF: Mapping[Counted, str] = {
    "specialised": "professional_posts",
    "shared": "shared_posts",
    "support": "support_posts",
}
GRADES = (1, 2, 3, 4)


@dataclass(frozen=True)
class PositionRow:
    """One line of a successor's table; None where it is not known.

    position: `leadership`, `specialised`, `shared`, `support`, `divisions`, `grade_1` or `grade_2`; today: of all
    members together; norm: the most that is allowed (of specialised posts: what the norm gives); after: once the
    decision is carried out and the surplus has run off; surplus: today above the norm.
    """

    position: str
    today: int | None
    norm: int | None
    after: int | None
    source: str = ""
    certainty: str = ""

    @property
    def surplus(self) -> int | None:
        return None if self.today is None or self.norm is None else max(self.today - self.norm, 0)


def position_tables(plan: Plan) -> Iterator[tuple[Successor, tuple[PositionRow, ...]]]:
    """The table of every successor that a decision changed (a merger, a raise, slimming), stage by stage."""
    book = NormRecount(plan.scenario, plan.units)
    for stage in plan.stages:
        for successor in stage:
            figures = successor.figures
            if successor.changed or figures["raised"] or figures["posts_slimmed"]:
                yield successor, tuple(_Table(book, plan, successor).rows())


class _Table:
    """The rows of one successor."""

    def __init__(self, book: NormRecount, plan: Plan, successor: Successor) -> None:
        self.book, self.plan, self.successor, self.figures = book, plan, successor, successor.figures
        self.group = self.figures["autonomy_group"]

    def rows(self) -> Iterator[PositionRow]:
        yield self._leadership()
        for position in COLUMN_OF:
            entry = self._norms[position]
            norm = None if entry is None else posts_of(entry, self.figures)
            yield _row(position, self._today(COLUMN_OF[position]), norm, self._after(position), entry)
        yield from self._divisions()
        yield from self._grades()

    @cached_property
    def _norms(self) -> dict[Counted, Position | None]:
        where = (self.successor.host, self.successor.stage)
        return {position: self.book.position(position, *where, self.figures) for position in COLUMN_OF}

    def _today(self, column: str) -> int:
        """Less what new units took along by this stage."""
        return sum(self.plan.unit_figure(column, unit, self.successor.stage) for unit in self.successor.members)

    def _leadership(self) -> PositionRow:
        """Deputies by the posts before slimming, as everywhere."""
        posts = self.figures["posts_budget"] + self.figures["posts_own"] + self.figures["posts_slimmed"]
        entry = self.book.deputies(self.successor.host, self.successor.stage, self.group, posts)
        norm = None if entry is None else 1 + entry.deputies
        after = self.figures["heads"] + self.figures["deputies"]
        return _row("leadership", self._today("heads") + self._today("deputies"), norm, after, entry)

    def _after(self, position: Counted) -> int | None:
        """Slimmed posts are counted as specialised ones; of flat savings nobody knows where they fall."""
        if position == "specialised":
            return max(self._today(COLUMN_OF[position]) - self.figures["posts_slimmed"], 0)
        if not self.successor.changed:
            return self._today(COLUMN_OF[position])
        return self._beside_teaching[position] if self.figures["saved_by_norm"] else None

    @cached_property
    def _beside_teaching(self) -> dict[Counted, int]:
        """Shared and support posts after a merger: what their norms leave, filled up by posts that leaders leave."""
        stated: dict[Counted, int] = {}
        after: dict[Counted, int] = {}
        for position in ("shared", "support"):
            entry, today = self._norms[position], self._today(COLUMN_OF[position])
            after[position] = today if entry is None else min(today, posts_of(entry, self.figures))
            if entry is not None:
                stated[position] = posts_of(entry, self.figures)
        today = sum(self._today(column) for column in ("heads", "deputies", *(COLUMN_OF[p] for p in stated)))
        kept = today - self.figures["saved_posts"] - self.figures["heads"] - self.figures["deputies"]
        spare = max(kept - sum(after[position] for position in stated), 0)
        for position, norm in stated.items():
            filled = min(spare, norm - after[position])
            after[position] += filled
            spare -= filled
        return after

    def _divisions(self) -> Iterator[PositionRow]:
        entry = self.book.divisions(self.successor.host, self.successor.stage, self.group)
        if entry is not None:
            posts = self.figures["posts_budget"] + self.figures["posts_own"]
            allowed = divisions_allowed(entry, posts, len(self.successor.members))
            yield _row("divisions", None, allowed, None, entry)

    def _grades(self) -> Iterator[PositionRow]:
        """The two highest grades among all titles, where the table states titles and somebody limits them."""
        entry = self.book.grades(self.successor.host, self.successor.stage, self.group)
        titles = sum(self._today(f"grade_{grade}") for grade in GRADES)
        if entry is None or not titles:
            return
        for position, percent in (
            ("grade_1", entry.grade_1_at_most_percent),
            ("grade_2", entry.grade_2_at_most_percent),
        ):
            if percent is not None:
                today = self._today(position)
                yield _row(position, today, int(percent * titles / 100), today, entry)


def divisions_allowed(entry: Divisions, posts: int, former_units: int) -> int:
    """How many divisions a unit may have: none where it reaches neither condition, else by their least size."""
    conditions = [
        reached >= least
        for reached, least in ((former_units, entry.from_former_units), (posts, entry.from_staff))
        if least is not None
    ]
    return 0 if conditions and not any(conditions) else posts // entry.people_at_least


def _row(
    position: str, today: int | None, norm: int | None, after: int | None,
    entry: Norm | None,
) -> PositionRow:  # fmt: skip
    source, certainty = ("", "") if entry is None else (entry.source, entry.certainty)
    return PositionRow(position, today, norm, after, source, certainty)


def sum_of(units: Units, successor: Successor, column: str) -> int:
    """A figure of today over all members of a successor."""
    return sum(int(units.figure(column)[unit]) for unit in successor.members)
