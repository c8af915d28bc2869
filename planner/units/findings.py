"""Problems gathered while reading a table: every one is counted, the first few of each sort are kept."""

from collections import defaultdict
from collections.abc import Iterable

from models.problem import Problem

KEPT_OF_A_SORT = 20  # a wrong number format spoils every cell of a nation's table: two million sentences help nobody


class Findings:
    """What must be mended, or what must be known, in the order in which it was found."""

    def __init__(self) -> None:
        self._kept: defaultdict[tuple[str, str], list[Problem]] = defaultdict(list)
        self._beyond: defaultdict[tuple[str, str], int] = defaultdict(int)

    def __bool__(self) -> bool:
        return bool(self._kept)

    def add(self, where: str, code: str, /, **facts: object) -> None:
        """A problem; those of one code and one `column` are of one sort."""
        sort = (code, str(facts.get("column", "")))
        if len(self._kept[sort]) < KEPT_OF_A_SORT:
            self._kept[sort].append(Problem(where, code, facts))
        else:
            self._beyond[sort] += 1

    def extend(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            self.add(problem.where, problem.code, **problem.facts)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What was kept, each sort followed by how many more there are of it."""
        told: list[Problem] = []
        for sort, kept in self._kept.items():
            told += kept
            if more := self._beyond[sort]:
                told.append(Problem(kept[-1].where, "units.more_like_this", {"count": more}))
        return tuple(told)
