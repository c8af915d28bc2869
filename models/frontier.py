"""What criteria trade against one another: the plans of which none is better in one without being worse in another.

Every criterion but the first, the lead, is held below a limit; the lead is brought to its least within the limits, then
the others to their least at that lead. What the limits of one answer cannot hide any more is cut out of the boxes of
limits still open (Kirlik and Sayin 2014; with two criteria the epsilon-constraint method). The next box is the one in
which neighbours lie furthest apart, and a large one is first asked in its middle, so that a deadline leaves a spread.

Points are exact at the steps of the criteria: where the frontier is whole, every plan has a point that is less than a
step worse in every criterion. With steps of 1 these are all the non-dominated points. Two criteria with K
points take 2K + 1 solves, and one more per question in a middle.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from typing import Literal, Protocol

import numpy as np

from models.answer import Answer
from models.exact import Integers
from models.limit_box import OPEN, Box, Corner
from models.program import Program, Rows, row

FrontierStatus = Literal["complete", "complete_at_step", "partial", "infeasible"]
FrontierEnd = Literal["proved", "points", "limit", "interrupted"]
SPREAD = 8
SHARE = Fraction(1, 6)
"""Of the time left, what one solve may take where no number of points was asked for."""
LAST_SHARE = Fraction(1, 2)
"""The same when what a first solve left open is asked again."""


class Solve(Protocol):
    """A way to solve a program: in this process or in a worker."""

    def __call__(self, program: Program, *, hint: Integers | None, gap: float, share: Fraction) -> Answer: ...


@dataclass(frozen=True, eq=False)
class Criterion:
    """A cost per column, lower is better; points are exact at the step, in the criterion's own unit.

    constant: handed to the engine beside the cost, as in `Program`.
    """

    name: str
    costs: Integers
    step: int = 1
    constant: int = 0

    def of(self, values: Integers) -> int:
        """What a solution costs, in Python integers."""
        return sum(int(self.costs[place]) * int(values[place]) for place in values.nonzero()[0])


@dataclass(frozen=True, eq=False)
class Point:
    """A plan on the frontier and its costs, one per criterion.

    proved: no plan that is as good in every criterion is better in one by a full step.
    """

    values: Integers
    costs: Corner
    proved: bool

    def covers(self, other: "Point") -> bool:
        """Whether the other is nowhere better."""
        return all(mine <= its for mine, its in zip(self.costs, other.costs, strict=True))


@dataclass(frozen=True, eq=False)
class Frontier:
    """Points by rising cost of the first criterion, and how much is known of what lies between them.

    solves: questions put to the engine; repeatable: none of the answers was cut off by the clock or by hand.
    """

    criteria: tuple[Criterion, ...]
    points: tuple[Point, ...]
    status: FrontierStatus
    ended: FrontierEnd
    solves: int
    engine: str
    repeatable: bool


@dataclass(frozen=True)
class Extent:
    """How far a search may go: points asked for (None: all), and into how many parts gaps are split in the middle."""

    points: int | None = None
    spread: int = SPREAD


def trace(
    program: Program,
    criteria: Sequence[Criterion],
    solve: Solve,
    *,
    extent: Extent | None = None,
    tidy: Callable[[Integers], Integers] = lambda values: values,
    on_points: Callable[[int], None] = lambda _: None,
) -> Frontier:
    """The frontier of a program in two or more criteria, whole or as far as the engine's limits let it come.

    tidy leaves out of a solution what an engine let stand, at no cost; on_points hears how many points there are.
    """
    return _Search(program, tuple(criteria), solve, extent or Extent(), tidy, on_points).frontier()


@dataclass(eq=False)
class _Search:
    """The points so far, the boxes of limits still open, and what is known of the least lead within limits."""

    program: Program
    criteria: tuple[Criterion, ...]
    solve: Solve
    extent: Extent
    tidy: Callable[[Integers], Integers]
    on_points: Callable[[int], None]
    points: list[Point] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    unsettled: list[Box] = field(default_factory=list)
    leasts: list[tuple[Corner, int]] = field(default_factory=list)
    known: list[Point] = field(default_factory=list)
    solves: int = 0
    engine: str = ""
    repeatable: bool = True
    interrupted: bool = False
    last: bool = False

    def __post_init__(self) -> None:
        reach = [np.minimum(criterion.costs, 0) for criterion in self.criteria[1:]]
        self.floors = [int(costs @ self.program.upper) for costs in reach]
        self.boxes = [Box(tuple(self.floors), (OPEN,) * len(self.floors))]

    @property
    def steps(self) -> Corner:
        return tuple(criterion.step for criterion in self.criteria[1:])

    def frontier(self) -> Frontier:
        others = len(self.floors)
        self._look((OPEN,) * others)
        if not self.points:
            return self._ended("infeasible" if not self.unsettled and not self.interrupted else "partial")
        for place in range(others):
            if not self._enough():
                self._look_at_end(place)
        self._between()
        return self._ended(self._status())

    def _between(self) -> None:
        """Ask where neighbours lie furthest apart until nothing is open; what stayed unsettled is asked once more."""
        while not self._enough():
            if not self.boxes and (self.last or not self.unsettled):
                return
            if not self.boxes:
                self.boxes, self.unsettled, self.last = self.unsettled, [], True
            box = self._widest()
            limits = self._limits(box)
            if not self._settled(limits):
                self._look(limits, box.low)

    def _look_at_end(self, place: int) -> None:
        """The least that one criterion can be, and the plan with the least lead there."""
        criterion = self.criteria[place + 1]
        limits = [OPEN] * (len(self.criteria) - 1)
        answer = self._ask(criterion.costs, [], gap=criterion.step - 1, constant=criterion.constant, within=limits)
        if answer.bound is not None:
            self.floors[place] = max(self.floors[place], answer.bound)
            raised = (box.raised(place, answer.bound) for box in self.boxes)
            self.boxes = [box for box in raised if box is not None]
        if answer.plan is not None and not self._enough():
            limits[place] = self._remember(answer.plan).costs[place + 1]
            if not self._settled(tuple(limits)):
                self._look(tuple(limits))

    def _look(self, limits: Corner, low: Corner | None = None) -> None:
        """The least lead within limits, then the least of the others at that lead; low: of the box in question."""
        lead = self.criteria[0]
        rows = self._rows(limits)
        answer = self._ask(lead.costs, rows, gap=lead.step - 1, constant=lead.constant, within=limits)
        if answer.status == "infeasible":
            self.leasts.append((limits, OPEN))
            self._cut(Box((-OPEN,) * len(limits), limits))
            return
        if answer.plan is None:
            self._leave(Box(low or (-OPEN,) * len(limits), limits))
            return
        found = self._remember(answer.plan)
        if answer.bound is not None:
            self.leasts.append((limits, min(answer.bound, found.costs[0])))
        if not self._settled(limits):
            self._add(self._best_of_others(found, limits, rows), limits)

    def _best_of_others(self, found: Point, limits: Corner, rows: Sequence[Rows]) -> Point:
        """A plan with the least lead, brought to the least of the other criteria as well."""
        proved = self._least(limits) > found.costs[0] - self.criteria[0].step
        if self._at_floor(found):
            return replace(found, proved=proved)
        held = [*rows, row(f"at:{self.criteria[0].name}", self.criteria[0].costs, at_most=found.costs[0])]
        total = np.sum([criterion.costs for criterion in self.criteria[1:]], axis=0)
        constant = sum(criterion.constant for criterion in self.criteria[1:])
        answer = self._ask(total, held, gap=min(self.steps) - 1, constant=constant, within=limits, hint=found)
        if answer.plan is None:
            return found
        better = self._remember(answer.plan)
        reached = sum(better.costs[1:])
        return replace(better, proved=proved and answer.bound is not None and reached - answer.bound < min(self.steps))

    def _at_floor(self, found: Point) -> bool:
        """Whether a plan is at the least of every criterion but the lead already, up to a step."""
        floors = zip(found.costs[1:], self.floors, self.steps, strict=True)
        return all(cost < least + step for cost, least, step in floors)

    def _add(self, point: Point, limits: Corner) -> None:
        if not any(other.covers(point) for other in self.points):
            self.points = [other for other in self.points if not point.covers(other)] + [point]
            self.on_points(len(self.points))
        if not self._settled(limits):
            self._leave(Box(self._from(point), limits))

    def _settled(self, limits: Corner) -> bool:
        """Cut out what points that are known to have the least lead within limits, up to a step, leave nothing in."""
        least, lead = self._least(limits), self.criteria[0].step
        if least == OPEN:
            self._cut(Box((-OPEN,) * len(limits), limits))
            return True
        holes = [
            Box(self._from(point), limits)
            for point in self.points
            if point.costs[0] < least + lead and _within(point.costs[1:], limits)
        ]
        for hole in holes:
            self._cut(hole)
        return bool(holes)

    def _from(self, point: Point) -> Corner:
        """From where on a point is less than a step worse than any plan, in every criterion but the lead."""
        return tuple(cost - step + 1 for cost, step in zip(point.costs[1:], self.steps, strict=True))

    def _cut(self, hole: Box) -> None:
        self.boxes = [piece for box in self.boxes for piece in box.without(hole)]
        self.unsettled = [piece for box in self.unsettled for piece in box.without(hole)]

    def _leave(self, part: Box) -> None:
        """What the engine did not answer within its time: asked again when all else is done."""
        self.unsettled += [shared for box in self.boxes if (shared := box.shared(part)) is not None]
        self.boxes = [piece for box in self.boxes for piece in box.without(part)]

    def _least(self, limits: Corner) -> int:
        """No plan within these limits has a lower lead."""
        return max((least for at, least in self.leasts if _within(limits, at)), default=-OPEN)

    def _widest(self) -> Box:
        """The open box between the neighbours that lie furthest apart; of equal ones the first by its limits."""
        return max(self.boxes, key=lambda box: (self._gap(box), [-limit for limit in box.high]))

    def _gap(self, box: Box) -> Fraction:
        """The largest of a box's sides, the lead's included, as parts of the criterion's whole range."""
        sides = [Fraction(box.side(place, self._top(place)), self._range(place)) for place in range(len(box.low))]
        leads = [point.costs[0] for point in self.points if _within(point.costs[1:], box.low)]
        most = min(leads, default=max(point.costs[0] for point in self.points))
        least = max(self._least(box.high), min(point.costs[0] for point in self.points))
        spread = max(point.costs[0] for point in self.points) - min(point.costs[0] for point in self.points)
        return max(*sides, Fraction(max(0, most - least), max(1, spread)))

    def _limits(self, box: Box) -> Corner:
        """The corner of a box, or of its lower half where it is wide."""
        parts = [Fraction(box.side(place, self._top(place)), self._range(place)) for place in range(len(box.low))]
        place = max(range(len(parts)), key=lambda number: parts[number])
        if parts[place] * self.extent.spread <= 1:
            return box.high
        return box.halved(place, self._top(place))

    def _top(self, place: int) -> int:
        return max(point.costs[place + 1] for point in self.points)

    def _range(self, place: int) -> int:
        return max(1, self._top(place) - min(point.costs[place + 1] for point in self.points))

    def _rows(self, limits: Corner) -> list[Rows]:
        criteria = zip(self.criteria[1:], limits, strict=True)
        return [row(f"within:{one.name}", one.costs, at_most=limit) for one, limit in criteria if limit < OPEN]

    def _ask(
        self, costs: Integers, rows: Sequence[Rows], *, gap: int, constant: int, within: Sequence[int],
        hint: Point | None = None,
    ) -> Answer:  # fmt: skip
        """One question to the engine; what it calls a plan is tidied."""
        program = self.program.with_rows(rows).with_costs(costs, constant)
        nearest = self._nearest(costs, within) if hint is None else hint.values
        answer = self.solve(program, hint=nearest, gap=float(gap), share=self._share())
        self.solves += answer.status != "unknown" or answer.seconds > 0  # not what came after the end
        self.engine = self.engine or answer.engine
        self.repeatable &= answer.repeatable
        self.interrupted |= answer.ended_by == "interrupted"
        if answer.plan is None:
            return answer
        values = self.tidy(answer.plan)
        return replace(answer, values=values, score=program.score(values))

    def _nearest(self, costs: Integers, within: Sequence[int]) -> Integers | None:
        """The best solution known within limits, for the engine to start from."""
        inside = [one.values for one in self.known if _within(one.costs[1:], within)]
        return min(inside, key=lambda values: int(costs @ values), default=None)

    def _remember(self, values: Integers) -> Point:
        found = Point(values, tuple(criterion.of(values) for criterion in self.criteria), proved=False)
        self.known.append(found)
        return found

    def _share(self) -> Fraction:
        if self.last:
            return LAST_SHARE
        if self.extent.points is None:
            return SHARE
        return Fraction(1, max(2, 2 * (self.extent.points - len(self.points))))

    def _enough(self) -> bool:
        wanted = self.extent.points
        return self.interrupted or (wanted is not None and len(self.points) >= wanted)

    def _status(self) -> FrontierStatus:
        if self.boxes or self.unsettled:
            return "partial"
        return "complete" if all(criterion.step == 1 for criterion in self.criteria) else "complete_at_step"

    def _ended(self, status: FrontierStatus) -> Frontier:
        # At steps of 1 a whole frontier leaves no plan that could beat one of its points.
        points = [replace(point, proved=point.proved or status == "complete") for point in self.points]
        ended: FrontierEnd = "proved"
        if status == "partial":
            full = self.extent.points is not None and len(points) >= self.extent.points
            ended = "interrupted" if self.interrupted else "points" if full else "limit"
        ordered = tuple(sorted(points, key=lambda point: point.costs))
        return Frontier(self.criteria, ordered, status, ended, self.solves, self.engine, self.repeatable)


def _within(costs: Sequence[int], limits: Sequence[int]) -> bool:
    return all(cost <= limit for cost, limit in zip(costs, limits, strict=True))
