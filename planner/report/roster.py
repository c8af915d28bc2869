"""Which sections a report has and in which order. A table that another command writes joins by one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from planner.report.agreement import agreement, distances
from planner.report.blocks import Block, Note
from planner.report.changes import changes
from planner.report.companies import equitization
from planner.report.diagram import diagram
from planner.report.figures import Words
from planner.report.headline import headline
from planner.report.held import held
from planner.report.map_picture import merger_map
from planner.report.money import cash, levers
from planner.report.people import leavers, surplus_leaders
from planner.report.places import buildings_freed
from planner.report.plans import plans_side_by_side
from planner.report.proofs import order
from planner.report.quality import assumptions, data_quality, method
from planner.report.run_reading import UNREADABLE, PlanKey, RunReading
from planner.report.stress import margins, stress
from planner.report.timetable import timetable
from planner.report.traded import frontier, near
from planner.report.users import access, products
from planner.report.why_none import conflict


@dataclass(frozen=True)
class OfRun:
    """A section about the whole run; one without blocks is left out. Its title is report.title_ID."""

    id: str
    build: Callable[[RunReading, Words], Sequence[Block]]

    def parts(self, run: RunReading, words: Words) -> list[tuple[PlanKey | None, Sequence[Block]]]:
        """Blocks by plan; here of none in particular."""
        return [(None, blocks)] if (blocks := _told(words, lambda: self.build(run, words))) else []


@dataclass(frozen=True)
class OfPlan:
    """A section with a part for every plan, of which the page shows the one that its reader chose."""

    id: str
    build: Callable[[RunReading, Words, PlanKey], Sequence[Block]]

    def parts(self, run: RunReading, words: Words) -> list[tuple[PlanKey | None, Sequence[Block]]]:
        """Blocks by plan; plans of which there is nothing to say are left out."""
        found = ((plan, _told(words, partial(self.build, run, words, plan))) for plan in run.places)
        return [(plan, blocks) for plan, blocks in found if blocks]


@dataclass(frozen=True)
class OfBoth:
    """A section that begins with what holds for all plans, and goes on with a part for each."""

    id: str
    of_run: Callable[[RunReading, Words], Sequence[Block]]
    of_plan: Callable[[RunReading, Words, PlanKey], Sequence[Block]]

    def parts(self, run: RunReading, words: Words) -> list[tuple[PlanKey | None, Sequence[Block]]]:
        """The common part, then the plans'."""
        return [*OfRun(self.id, self.of_run).parts(run, words), *OfPlan(self.id, self.of_plan).parts(run, words)]


SECTIONS: Sequence[OfRun | OfPlan | OfBoth] = (
    OfRun("conflict", conflict),
    OfPlan("headline", headline),
    OfRun("frontier", frontier),
    OfPlan("near", near),
    OfRun("plans", plans_side_by_side),
    OfPlan("held", held),
    OfPlan("order", order),
    OfRun("agreement", agreement),
    OfPlan("distances", distances),
    OfRun("diagram", diagram),
    OfPlan("map", merger_map),
    OfPlan("changes", changes),
    OfPlan("levers", levers),
    OfPlan("cash", cash),
    OfPlan("products", products),
    OfPlan("leavers", leavers),
    OfPlan("leaders", surplus_leaders),
    OfPlan("buildings", buildings_freed),
    OfPlan("access", access),
    OfPlan("equitization", equitization),
    OfPlan("roadmap", timetable),
    OfBoth("stress", stress, margins),
    OfRun("quality", data_quality),
    OfRun("assumptions", assumptions),
    OfRun("method", method),
)


def _told(words: Words, build: Callable[[], Sequence[Block]]) -> Sequence[Block]:
    """The blocks of a section; of a run of another version, whose tables lack what it reads, a sentence instead."""
    try:
        return build()
    except UNREADABLE as error:
        return [Note(words.say("section_unreadable", lacks=str(error).strip("'")), "warn")]
