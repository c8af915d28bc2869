"""How far options reach beyond themselves: what the columns beside them must be able to hold.

Reserves and largest values are columns that all options share. Where the options go by in parts, each part must give
these columns and their rows as the whole listing would; so what every part can bring is gathered first.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from models.guards import Shortfall, shortfalls_of
from models.peaks import Height, heights_of

if TYPE_CHECKING:
    from models.columns import Columns
    from models.scenario import Scenario


@dataclass(frozen=True, eq=False)
class Extent:
    """Per protected target and label what can fall short, and per largest value how large it can be."""

    shortfalls: tuple[Shortfall, ...]
    heights: tuple[Height, ...]

    @staticmethod
    def of(columns: "Columns") -> "Extent":
        return Extent(tuple(shortfalls_of(columns)), tuple(heights_of(columns)))

    def joined(self, other: "Extent") -> "Extent":
        """Of the options of both."""
        shortfalls = (one.joined(two) for one, two in zip(self.shortfalls, other.shortfalls, strict=True))
        heights = (one.joined(two) for one, two in zip(self.heights, other.heights, strict=True))
        return Extent(tuple(shortfalls), tuple(heights))

    def height_of(self, name: str) -> Height:
        return next(height for height in self.heights if height.name == name)


def hang_together(scenario: "Scenario") -> bool:
    """Whether a figure of the program depends on which options there are: a reserve or a largest value."""
    robust = any(scenario.robust.budget_of(rule.id) for rule in scenario.cuts)
    return robust or bool(scenario.objective.peaks)
