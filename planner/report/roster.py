"""Which sections a report has and in which order. A table that another command writes joins by one line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from planner.report.blocks import Block
from planner.report.changes import changes
from planner.report.companies import equitization
from planner.report.diagram import diagram
from planner.report.extras import OptionalTable, conflict
from planner.report.figures import Words
from planner.report.headline import headline
from planner.report.map_picture import merger_map
from planner.report.money import cash, levers
from planner.report.people import surplus_leaders
from planner.report.places import buildings_freed
from planner.report.plans import plans_side_by_side
from planner.report.quality import assumptions, data_quality, method
from planner.report.run_reading import PlanKey, RunReading
from planner.report.timetable import timetable


@dataclass(frozen=True)
class OfRun:
    """A section about the whole run; one without blocks is left out. Its title is report.title_ID."""

    id: str
    build: Callable[[RunReading, Words], Sequence[Block]]

    def parts(self, run: RunReading, words: Words) -> list[tuple[PlanKey | None, Sequence[Block]]]:
        """Blocks by plan; here of none in particular."""
        return [(None, blocks)] if (blocks := self.build(run, words)) else []


@dataclass(frozen=True)
class OfPlan:
    """A section with a part for every plan, of which the page shows the one that its reader chose."""

    id: str
    build: Callable[[RunReading, Words, PlanKey], Sequence[Block]]

    def parts(self, run: RunReading, words: Words) -> list[tuple[PlanKey | None, Sequence[Block]]]:
        """Blocks by plan; plans of which there is nothing to say are left out."""
        return [(plan, blocks) for plan in run.places if (blocks := self.build(run, words, plan))]


SECTIONS: Sequence[OfRun | OfPlan] = (
    OfRun("conflict", conflict),
    OfPlan("headline", headline),
    OfRun("plans", plans_side_by_side),
    OfRun("agreement", OptionalTable("agreement.csv")),
    OfRun("diagram", diagram),
    OfPlan("map", merger_map),
    OfPlan("changes", changes),
    OfPlan("levers", levers),
    OfPlan("cash", cash),
    OfPlan("leaders", surplus_leaders),
    OfPlan("buildings", buildings_freed),
    OfPlan("access", OptionalTable("access.csv").of_plan),
    OfPlan("equitization", equitization),
    OfPlan("roadmap", timetable),
    OfRun("frontier", OptionalTable("frontier.csv")),
    OfRun("stress", OptionalTable("stress.csv")),
    OfRun("quality", data_quality),
    OfRun("assumptions", assumptions),
    OfRun("method", method),
)
