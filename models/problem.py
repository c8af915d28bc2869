"""What is wrong with an input, told as facts; the words come from the application's catalogue."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Problem:
    """One thing that must be mended: where it stands, what kind it is, and the facts to name.

    `code` is a key of the message catalogue; `facts` fill its placeholders.
    """

    where: str
    code: str
    facts: Mapping[str, object] = field(default_factory=dict)


class InputError(Exception):
    """The input cannot be used; carries every problem found, never only the first."""

    def __init__(self, source: str, problems: Iterable[Problem]) -> None:
        self.source = source
        self.problems = tuple(problems)
        super().__init__(f"{source}: " + "; ".join(f"{p.where}: {p.code} {dict(p.facts)}" for p in self.problems))
