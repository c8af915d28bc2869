"""What a merger graph shows, as sections of one column's width: links under their headings, and the legend."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import sqrt

from planner.drawing.event_words import told
from planner.drawing.lettering import Lettering
from planner.drawing.merger_graph_parts import BOLD, LARGEST_MARK, PLAIN, SMALLEST_MARK, Geometry, Item, Link
from planner.drawing.page_columns import Section
from planner.drawing.page_header import fate_chips
from planner.drawing.page_parts import Chip, Paragraph, Rubric
from planner.drawing.plan_event import Event
from planner.drawing.plan_view import PlanView
from planner.drawing.sheet import Sheet
from planner.drawing.style import HEADING_PT, RULE, SOFT_INK, FateStyle, style_of
from planner.wording import Wording

_HEADING = Lettering(HEADING_PT, bold=True)
_NAMED = ("merge", "split", "create")  # elsewhere the successor is the unit itself: its name stands on the left


@dataclass(frozen=True)
class Drafting:
    """What turns a view into sections of one column's width."""

    view: PlanView
    wording: Wording
    geometry: Geometry

    @cached_property
    def most_posts(self) -> int:
        today = [self.view.posts_before(unit) for event in self.view.events for unit in event.units]
        after = [self.view.posts_after(unit) for event in self.view.events for unit in event.successor_ids]
        return max([*today, *after, 1])

    def diameter(self, posts: int) -> float:
        """The area of a mark grows with the posts."""
        return max(SMALLEST_MARK, LARGEST_MARK * sqrt(posts / self.most_posts))

    @property
    def sides(self) -> "Sides":
        """What stands above every column: which side is today, which is after; nothing where nothing is drawn."""
        keys = ("graph.before", "graph.after") if self.view.events else ()
        return Sides([self.wording.say(key) for key in keys], self.geometry)

    @cached_property
    def chips(self) -> list[Chip]:
        """The legend: the fates of the plan, then what bold names and the sizes of marks mean."""
        return [*fate_chips(self.view, self.wording), *self._scale()]

    @cached_property
    def sections(self) -> list[Section]:
        """Every heading under which something changes, then one line for each of the others."""
        by_heading: dict[str, list[Event]] = defaultdict(list)
        for event in self.view.events:
            by_heading[self.view.heading_of(event)].append(event)
        changing = [heading for heading in self.view.headings if heading in by_heading]
        sections = [self._section(heading, by_heading[heading]) for heading in changing]
        quiet = [heading for heading in self.view.headings if heading not in by_heading]
        return [*sections, self._quiet(quiet)] if quiet else sections

    def _section(self, heading: str, events: Sequence[Event]) -> Section:
        shown = heading or self.wording.say("graph.nowhere")
        kept, units = self.view.kept_under.get(heading, 0), self.view.units_under.get(heading, 0)
        whole = self.wording.say("graph.heading", heading=shown, units=units, kept=kept)
        going_on = self.wording.say("graph.continued", heading=shown)
        return Section(self._rubric(whole), self._rubric(going_on), [self._link(event) for event in events])

    def _quiet(self, headings: Sequence[str]) -> Section:
        title = self.wording.say("graph.unchanged")
        lines = [
            self.wording.say(
                "graph.heading_all_kept" if kept == units else "graph.heading_moved",
                heading=heading or self.wording.say("graph.nowhere"),
                kept=kept,
                moved=units - kept,
            )
            for heading in headings
            for kept, units in [(self.view.kept_under.get(heading, 0), self.view.units_under.get(heading, 0))]
        ]
        parts = [Paragraph(line, self.geometry.width, PLAIN, SOFT_INK) for line in lines]
        going_on = self.wording.say("graph.continued", heading=title)
        return Section(self._rubric(title), self._rubric(going_on), parts)

    def _rubric(self, text: str) -> Rubric:
        return Rubric(Paragraph(text, self.geometry.width, _HEADING, above=1.5))

    def _link(self, event: Event) -> Link:
        left = [] if event.fate == "create" else [self._unit(event, unit) for unit in event.units]
        right = list(self._named_successors(event)) if event.fate in _NAMED else [self._end(event)]
        return Link(style_of(event.fate, event.form), left, right, self.geometry)

    def _unit(self, event: Event, unit: str) -> Item:
        posts, year = self.view.posts_before(unit), event.years[unit]
        key = "graph.unit_joins" if year != event.year else "graph.unit"
        text = self.wording.say(key, name=self.view.name(unit), posts=posts, year=str(year))
        host = unit == event.host_id and event.form != "consolidate"
        lines = (BOLD if host else PLAIN).wrap(text, self.geometry.left_label)
        return Item(lines if host else (), () if host else lines, self.diameter(posts))

    def _named_successors(self, event: Event) -> Iterator[Item]:
        """What a merger, a split or a founding leads to, by name; what happens is told once, under the first."""
        for place, successor in enumerate(event.successor_ids):
            name = BOLD.wrap(f"{event.number}. {self.view.name_after(successor)}", self.geometry.right_label)
            words = PLAIN.wrap(told(self.view, event, self.wording), self.geometry.right_label) if place == 0 else ()
            yield Item(name, words, self.diameter(self.view.posts_after(successor)))

    def _end(self, event: Event) -> Item:
        text = f"{event.number}. {told(self.view, event, self.wording)}"
        after = event.successor_ids or event.units
        posts = sum(map(self.view.posts_after if event.successor_ids else self.view.posts_before, after))
        return Item((), PLAIN.wrap(text, self.geometry.right_label), self.diameter(posts))

    def _scale(self) -> Iterator[Chip]:
        """What bold names and the sizes of marks mean; nothing where nothing is drawn."""
        if not self.view.events:
            return
        yield Chip(self.wording.say("graph.legend_host"), bold=True)
        yield Chip(self.wording.say("graph.legend_posts"))
        yield Chip(self.wording.say("graph.legend_headings"))
        for posts in _round_sizes(self.most_posts):
            yield Chip(self.wording.number(posts), FateStyle(RULE, "o", "solid"), self.diameter(posts))


@dataclass(frozen=True)
class Sides:
    """The titles of both sides of a column: two of them, or none."""

    titles: Sequence[str]
    geometry: Geometry

    @property
    def height(self) -> float:
        return _HEADING.pitch + 2

    def draw(self, sheet: Sheet, x: float, y: float) -> None:
        places = ((self.geometry.left_label, "right"), (self.geometry.right_text, "left"))
        for title, (offset, align) in zip(self.titles, places, strict=False):
            sheet.lines((title,), (x + offset, y), _HEADING, align=align, ink=SOFT_INK)


def _round_sizes(largest: int) -> list[int]:
    """Up to three round numbers of posts, far apart, of which the largest is about the largest drawn."""
    sizes = [digit * 10**power for power in range(len(str(largest))) for digit in (1, 2, 5)]
    fitting = [size for size in sizes if size <= largest]
    return sorted(set(fitting[-1:] + fitting[-3:-2] + fitting[-6:-5]))
